//! A platform's webhook: an event of API Gateway in, its answer out.

use std::process::ExitCode;

use aws_lambda_events::apigw::ApiGatewayV2httpRequest;
use http::StatusCode;
use lambda_runtime::LambdaEvent;
use policy::Platform;
use url::Url;

use crate::http::{answer, refusal, request};
use crate::metrics;
use crate::parameters::Scope;
use crate::run::run;
use crate::start::{Function, variable};

/// Runs the webhook function of a platform, until the Lambda service goes away. A function that cannot start says so in
/// the log, tells Lambda, and fails.
pub async fn webhook(platform: Platform) -> ExitCode {
    let start = Function::start(Scope::Webhook(platform));
    run(start, move |function, event: LambdaEvent<ApiGatewayV2httpRequest>| async move {
        let (moderation, settings) = function.current().await?;
        let public = public(variable(ADDRESS).ok(), event.payload.request_context.domain_name.as_deref());
        let response = match request(event.payload) {
            Some(request) => {
                moderation.respond(platform, &request, &settings.webhook(platform), public.as_ref()).await.0
            }
            None => refusal(StatusCode::BAD_REQUEST),
        };
        metrics::emit(moderation.tally());
        Ok(answer(response))
    })
    .await
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
