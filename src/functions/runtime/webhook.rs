//! A platform's webhook: an event of API Gateway in, its answer out.

use std::process::ExitCode;

use aws_lambda_events::apigw::{ApiGatewayV2httpRequest, ApiGatewayV2httpResponse};
use aws_lambda_events::encodings::Body;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use bytes::Bytes;
use http::{Request, Response, StatusCode};
use lambda_runtime::LambdaEvent;
use moderation::Moderation;
use platforms::WebhookSecrets;
use policy::Platform;
use url::Url;

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
        let public = public(event.payload.request_context.domain_name.as_deref());
        let response = match request(event.payload) {
            Some(request) => {
                respond(&moderation, platform, &request, &settings.webhook(platform), public.as_ref()).await
            }
            None => refusal(StatusCode::BAD_REQUEST),
        };
        metrics::emit(moderation.tally());
        Ok(answer(response))
    })
    .await
}

/// Answers by path: the template leads only those paths to a function that are meant for it.
async fn respond(
    moderation: &Moderation,
    platform: Platform,
    request: &Request<Bytes>,
    secrets: &WebhookSecrets,
    public: Option<&Url>,
) -> Response<Bytes> {
    match request.uri().path() {
        "/data-deletion/status" => moderation.data_deletion_status(request).await,
        path if path.starts_with("/data-deletion/") => match public {
            Some(public) => moderation.data_deletion(platform, request, secrets, public).await,
            None => {
                tracing::error!("no public address is known: {ADDRESS} cannot be used");
                refusal(StatusCode::SERVICE_UNAVAILABLE)
            }
        },
        _ => moderation.webhook(platform, request, secrets).await.0,
    }
}

/// The variable with the address under which the public reaches the functions.
const ADDRESS: &str = "GALATEO_ADDRESS";

/// The address under which the public reaches us: the one that is set, or else the name of the API as API Gateway knows it,
/// which no caller chooses.
fn public(api: Option<&str>) -> Option<Url> {
    let address = variable(ADDRESS).ok().or_else(|| Some(format!("https://{}", api?)))?;
    moderation::public_address(&address).ok()
}

/// The request as the platform sent it. The signature is over the raw bytes, so a body that API Gateway encoded in
/// base64 is decoded before anything else looks at it. `None` if it is not base64 although it is marked so.
fn request(event: ApiGatewayV2httpRequest) -> Option<Request<Bytes>> {
    let body = event.body.unwrap_or_default();
    let body = if event.is_base64_encoded { BASE64.decode(body).ok()? } else { body.into_bytes() };
    let path = event.raw_path.as_deref().filter(|path| path.starts_with('/')).unwrap_or("/");
    let uri = match event.raw_query_string.as_deref() {
        Some(query) if !query.is_empty() => format!("{path}?{query}"),
        _ => path.to_owned(),
    };
    let mut request = Request::builder().method(event.request_context.http.method).uri(uri).body(body.into()).ok()?;
    *request.headers_mut() = event.headers;
    Some(request)
}

fn refusal(status: StatusCode) -> Response<Bytes> {
    let mut response = Response::new(Bytes::new());
    *response.status_mut() = status;
    response
}

fn answer(response: Response<Bytes>) -> ApiGatewayV2httpResponse {
    let (parts, body) = response.into_parts();
    let mut answer = ApiGatewayV2httpResponse::default();
    answer.status_code = i64::from(parts.status.as_u16());
    answer.headers = parts.headers;
    answer.body = Some(Body::Text(String::from_utf8_lossy(&body).into_owned()));
    answer
}

#[cfg(test)]
mod tests {
    use super::*;

    fn event(json: serde_json::Value) -> ApiGatewayV2httpRequest {
        serde_json::from_value(json).unwrap()
    }

    #[test]
    fn a_base64_body_is_decoded_to_the_bytes_that_were_signed() {
        let request = request(event(serde_json::json!({
            "rawPath": "/webhooks/facebook", "isBase64Encoded": true, "body": BASE64.encode("{\"à\":1}"),
            "headers": {"x-hub-signature-256": "sha256=00"},
            "requestContext": {"http": {"method": "POST"}}
        })))
        .unwrap();
        assert_eq!(request.body().as_ref(), "{\"à\":1}".as_bytes());
        assert_eq!(request.method(), "POST");
        assert_eq!(request.headers()["x-hub-signature-256"], "sha256=00");
    }

    #[test]
    fn the_query_reaches_the_handshake_as_it_was_sent() {
        let request = request(event(serde_json::json!({
            "rawPath": "/webhooks/facebook", "rawQueryString": "hub.mode=subscribe&hub.challenge=1%2B1",
            "requestContext": {"http": {"method": "GET"}}
        })))
        .unwrap();
        assert_eq!(request.uri().query(), Some("hub.mode=subscribe&hub.challenge=1%2B1"));
    }

    #[test]
    fn a_body_that_is_marked_base64_and_is_not_is_refused() {
        let event = event(serde_json::json!({
            "isBase64Encoded": true, "body": "{not base64}", "requestContext": {"http": {"method": "POST"}}
        }));
        assert!(request(event).is_none());
    }
}
