//! HTTP as API Gateway speaks it: its events as requests, answers as its answers.

use aws_lambda_events::apigw::{ApiGatewayV2httpRequest, ApiGatewayV2httpRequestContext, ApiGatewayV2httpResponse};
use aws_lambda_events::encodings::Body;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use bytes::Bytes;
use http::{HeaderValue, Request, Response, StatusCode, header};
use url::Url;

use crate::start::variable;

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
    // API Gateway takes the cookies out of the headers.
    if let Some(cookies) = event.cookies.filter(|cookies| !cookies.is_empty()) {
        request.headers_mut().insert(header::COOKIE, HeaderValue::try_from(cookies.join("; ")).ok()?);
    }
    Some(request)
}

/// The address under which the public reaches the functions: the one that is set, or else the name of the API as API Gateway
/// knows it, which no caller chooses.
pub(crate) fn public_address(context: &ApiGatewayV2httpRequestContext) -> Option<Url> {
    address(variable(ADDRESS).ok(), context.domain_name.as_deref())
}

/// The variable with the address under which the public reaches the functions.
const ADDRESS: &str = "GALATEO_ADDRESS";

fn address(set: Option<String>, api: Option<&str>) -> Option<Url> {
    let address = set.or_else(|| Some(format!("https://{}", api?)))?;
    moderation::public_address(&address).ok()
}

/// An answer without a body.
pub(crate) fn refusal(status: StatusCode) -> Response<Bytes> {
    let mut response = Response::new(Bytes::new());
    *response.status_mut() = status;
    response
}

/// The answer as API Gateway takes it: cookies by themselves, since its headers are one value each, and in base64 what is no
/// text.
pub(crate) fn answer(response: Response<Bytes>) -> ApiGatewayV2httpResponse {
    let (mut parts, body) = response.into_parts();
    let mut answer = ApiGatewayV2httpResponse::default();
    answer.status_code = i64::from(parts.status.as_u16());
    if let header::Entry::Occupied(cookies) = parts.headers.entry(header::SET_COOKIE) {
        let (_, cookies) = cookies.remove_entry_mult();
        answer.cookies = cookies.filter_map(|cookie| cookie.to_str().ok().map(str::to_owned)).collect();
    }
    answer.headers = parts.headers;
    let text = String::from_utf8(body.into()).map_err(|bytes| BASE64.encode(bytes.as_bytes()));
    answer.is_base64_encoded = text.is_err();
    answer.body = Some(Body::Text(text.unwrap_or_else(|base64| base64)));
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

    #[test]
    fn cookies_come_and_go_beside_the_headers() {
        let asked = request(event(serde_json::json!({
            "rawPath": "/console", "cookies": ["__Host-galateo=a", "galateo-lang=it"],
            "requestContext": {"http": {"method": "GET"}}
        })))
        .unwrap();
        assert_eq!(asked.headers()["cookie"], "__Host-galateo=a; galateo-lang=it");
        let mut given = refusal(StatusCode::SEE_OTHER);
        for cookie in ["a=1; Secure", "b=2; Secure"] {
            given.headers_mut().append("set-cookie", HeaderValue::from_static(cookie));
        }
        let given = serde_json::to_value(answer(given)).unwrap();
        assert_eq!(given["cookies"], serde_json::json!(["a=1; Secure", "b=2; Secure"]));
        assert!(given["headers"].get("set-cookie").is_none(), "{given}");
    }

    #[test]
    fn what_is_no_text_travels_in_base64() {
        let given = |body: &'static [u8]| {
            let mut given = refusal(StatusCode::OK);
            *given.body_mut() = Bytes::from_static(body);
            serde_json::to_value(answer(given)).unwrap()
        };
        let text = given("perché".as_bytes());
        assert_eq!((&text["body"], &text["isBase64Encoded"]), (&"perché".into(), &false.into()));
        let bytes = given(&[0x1f, 0x8b, 0x08, 0xff]);
        assert_eq!((&bytes["body"], &bytes["isBase64Encoded"]), (&"H4sI/w==".into(), &true.into()));
    }

    #[test]
    fn the_public_address_is_the_one_that_is_set_or_that_of_the_api_and_never_what_a_caller_says() {
        let called = event(serde_json::json!({
            "rawPath": "/data-deletion/facebook", "headers": {"host": "evil.example", "x-forwarded-host": "evil.example"},
            "requestContext": {"http": {"method": "POST"}, "domainName": "abc.execute-api.eu-south-1.amazonaws.com"}
        }));
        let api = called.request_context.domain_name.as_deref();
        let shown = |set: Option<&str>, api| address(set.map(str::to_owned), api).map(|url| url.to_string());
        assert_eq!(shown(None, api).as_deref(), Some("https://abc.execute-api.eu-south-1.amazonaws.com/"));
        assert_eq!(shown(Some("https://galateo.example.it"), api).as_deref(), Some("https://galateo.example.it/"));
        assert_eq!(shown(None, None), None);
        assert_eq!(shown(Some("javascript:alert(1)"), api), None);
    }
}
