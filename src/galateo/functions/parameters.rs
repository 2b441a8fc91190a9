//! Parameter Store, as far as a function asks for it: the secrets of the local server by their names.

use axum::Router;
use axum::body::Body;
use axum::extract::State;
use axum::http::{Extensions, HeaderMap, StatusCode};
use axum::response::{IntoResponse, Json, Response};
use axum::routing::post;
use local::door::Key;
use local::serving;
use moderation::{DEVELOPMENT_SECRET, Settings};
use secrecy::ExposeSecret;
use serde::Deserialize;
use serde_json::json;

use super::{PARAMETER_STORE, PARAMETERS};
use crate::records::from_environment;

/// The largest request, in bytes: ten names take one.
const MAX_BODY_BYTES: usize = 64 * 1024;

/// The only operation that is played.
const OPERATION: &str = "AmazonSSM.GetParameters";

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct GetParameters {
    names: Vec<String>,
}

/// `token` is the one that the sandbox's platforms take.
pub fn router(token: Key) -> Router {
    let root = format!("{PARAMETER_STORE}/");
    Router::new().route(PARAMETER_STORE, post(get_parameters)).route(&root, post(get_parameters)).with_state(token)
}

async fn get_parameters(State(token): State<Key>, headers: HeaderMap, extensions: Extensions, body: Body) -> Response {
    let body = match serving::body(&extensions, body, MAX_BODY_BYTES).await {
        Ok(body) => body,
        Err(none) => return none.status().into_response(),
    };
    let operation = headers.get("x-amz-target").and_then(|value| value.to_str().ok()).unwrap_or_default();
    if operation != OPERATION {
        return refused("UnknownOperationException", &format!("only {OPERATION} is played here"));
    }
    let asked: GetParameters = match serde_json::from_slice(&body) {
        Ok(asked) => asked,
        Err(error) => return refused("SerializationException", &error.to_string()),
    };
    let (mut found, mut missing) = (Vec::new(), Vec::new());
    for name in asked.names {
        match value(&name, &token) {
            Some(value) => found.push(json!({ "Name": name, "Type": "SecureString", "Value": value })),
            None => missing.push(name),
        }
    }
    Json(json!({ "Parameters": found, "InvalidParameters": missing })).into_response()
}

/// What the local server itself uses under this name: functions and server have to know the same webhooks and authors.
/// A verify token that is not set is the signing secret, to both of them. Access tokens are always the sandbox's: what an
/// organisation may have set is for the platforms.
fn value(name: &str, token: &Key) -> Option<String> {
    let path = name.strip_prefix(PARAMETERS)?.strip_prefix('/')?;
    if Settings::is_access_token(path) {
        return Some(token.expose().to_owned());
    }
    let set = from_environment(path).map(|secret| secret.expose_secret().to_owned());
    set.or_else(|| (!path.starts_with("verify-tokens/")).then(|| DEVELOPMENT_SECRET.to_owned()))
}

fn refused(code: &str, message: &str) -> Response {
    (StatusCode::BAD_REQUEST, Json(json!({ "__type": code, "message": message }))).into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_stands_below_the_path_is_there_and_a_verify_token_falls_back_to_the_secret() {
        let value = |name| value(name, &Key::agreed("token"));
        assert_eq!(value("/galateo/local/pseudonym-key").as_deref(), Some(DEVELOPMENT_SECRET));
        assert_eq!(value("/galateo/local/verify-tokens/youtube"), None);
        assert_eq!(value("/galateo/other/pseudonym-key"), None);
        assert_eq!(value("/galateo/localhost/pseudonym-key"), None);
        assert_eq!(value("/galateo/local/access-tokens/facebook/1").as_deref(), Some("token"));
    }
}
