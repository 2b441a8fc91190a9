//! A platform's webhook: an event of API Gateway in, its answer out.

use std::process::ExitCode;
use std::time::{Duration, SystemTime};

use aws_lambda_events::apigw::ApiGatewayV2httpRequest;
use bytes::Bytes;
use http::{Response, StatusCode};
use jiff::Timestamp;
use lambda_runtime::LambdaEvent;
use policy::Platform;
use tokio::time::timeout;
use url::Url;

use crate::http::{answer, refusal, request};
use crate::metrics;
use crate::parameters::Scope;
use crate::run::{deadline, run};
use crate::start::{Function, variable};

/// How long before the function's time is up a request is answered, whatever it waits for: renewed secrets, changed
/// pseudonym keys, the tables. Who is out of time is killed, and the next instance starts cold amid a disturbance.
const MARGIN: Duration = Duration::from_secs(1);

/// Runs the webhook function of a platform, until the Lambda service goes away. A function that cannot start says so in
/// the log, tells Lambda, and fails.
pub async fn webhook(platform: Platform) -> ExitCode {
    let start = Function::start(Scope::Webhook(platform));
    run(start, move |function, event: LambdaEvent<ApiGatewayV2httpRequest>| async move {
        let left = left(event.context.deadline(), Timestamp::now().into());
        let respond = async {
            let (moderation, settings) = function.current().await?;
            let public = public(variable(ADDRESS).ok(), event.payload.request_context.domain_name.as_deref());
            let response = match request(event.payload) {
                Some(request) => {
                    moderation.respond(platform, &request, &settings.webhook(platform), public.as_ref()).await.0
                }
                None => refusal(StatusCode::BAD_REQUEST),
            };
            metrics::emit(moderation.tally());
            Ok(response)
        };
        in_time(platform, left, respond).await.map(answer)
    })
    .await
}

/// How long a request may be worked on.
fn left(told: SystemTime, now: SystemTime) -> Duration {
    let left = deadline(told, now).duration_since(now).unwrap_or_default();
    left.saturating_sub(MARGIN)
}

/// The answer, or 503 where it takes too long, by which the platform knows that it has to repeat. What is recorded by then
/// stays so, and renewed secrets that are not in use yet are taken into use by the next request.
async fn in_time(
    platform: Platform,
    left: Duration,
    respond: impl Future<Output = anyhow::Result<Response<Bytes>>>,
) -> anyhow::Result<Response<Bytes>> {
    match timeout(left, respond).await {
        Ok(answered) => answered,
        Err(_) => {
            tracing::error!(%platform, left_s = left.as_secs(), "a request is answered 503: it took too long");
            Ok(refusal(StatusCode::SERVICE_UNAVAILABLE))
        }
    }
}

/// The variable with the address under which the public reaches the functions.
const ADDRESS: &str = "GALATEO_ADDRESS";

/// The address under which the public reaches us: the one that is set, or else the name of the API as API Gateway knows it,
/// which no caller chooses.
fn public(set: Option<String>, api: Option<&str>) -> Option<Url> {
    let address = set.or_else(|| Some(format!("https://{}", api?)))?;
    moderation::public_address(&address).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn event(json: serde_json::Value) -> ApiGatewayV2httpRequest {
        serde_json::from_value(json).unwrap()
    }

    #[tokio::test]
    async fn what_takes_too_long_is_answered_503_and_the_platform_repeats() {
        let hangs = std::future::pending::<anyhow::Result<Response<Bytes>>>();
        let answer = in_time(Platform::X, Duration::from_millis(5), hangs).await.unwrap();
        assert_eq!(answer.status(), StatusCode::SERVICE_UNAVAILABLE);
        let in_time = in_time(Platform::X, Duration::from_secs(5), async { Ok(refusal(StatusCode::OK)) }).await;
        assert_eq!(in_time.unwrap().status(), StatusCode::OK);
    }

    #[test]
    fn a_request_is_answered_a_second_before_the_time_of_the_function_is_up() {
        let now = SystemTime::UNIX_EPOCH + Duration::from_secs(1_800_000_000);
        assert_eq!(left(now + Duration::from_secs(10), now), Duration::from_secs(9));
        assert_eq!(left(now + Duration::from_millis(500), now), Duration::ZERO);
    }

    #[test]
    fn the_public_address_is_the_one_that_is_set_or_that_of_the_api_and_never_what_a_caller_says() {
        let called = event(serde_json::json!({
            "rawPath": "/data-deletion/facebook", "headers": {"host": "evil.example", "x-forwarded-host": "evil.example"},
            "requestContext": {"http": {"method": "POST"}, "domainName": "abc.execute-api.eu-south-1.amazonaws.com"}
        }));
        let api = called.request_context.domain_name.as_deref();
        let shown = |set: Option<&str>, api| public(set.map(str::to_owned), api).map(|url| url.to_string());
        assert_eq!(shown(None, api).as_deref(), Some("https://abc.execute-api.eu-south-1.amazonaws.com/"));
        assert_eq!(shown(Some("https://galateo.example.it"), api).as_deref(), Some("https://galateo.example.it/"));
        assert_eq!(shown(None, None), None);
        assert_eq!(shown(Some("javascript:alert(1)"), api), None);
    }
}
