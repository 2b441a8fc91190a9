//! HTTP as API Gateway speaks it: its events as requests, answers as its answers.

use aws_lambda_events::apigw::{ApiGatewayV2httpRequest, ApiGatewayV2httpResponse};
use aws_lambda_events::encodings::Body;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use bytes::Bytes;
use http::{Request, Response, StatusCode};

/// The request as the platform sent it. The signature is over the raw bytes, so a body that API Gateway encoded in
/// base64 is decoded before anything else looks at it. `None` if it is not base64 although it is marked so.
pub(crate) fn request(event: ApiGatewayV2httpRequest) -> Option<Request<Bytes>> {
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

/// An answer without a body.
pub(crate) fn refusal(status: StatusCode) -> Response<Bytes> {
    let mut response = Response::new(Bytes::new());
    *response.status_mut() = status;
    response
}

/// The answer as API Gateway takes it.
pub(crate) fn answer(response: Response<Bytes>) -> ApiGatewayV2httpResponse {
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
