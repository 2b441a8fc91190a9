//! The bucket in which SES puts messages, and SES itself, as far as `user_reports` needs them: the messages of `events/email`
//! and those in the folder of the environment file, and a folder for what is sent.

use std::path::{Path, PathBuf};

use axum::Router;
use axum::body::Body;
use axum::extract::{Path as Name, State};
use axum::http::{Extensions, StatusCode};
use axum::response::{IntoResponse, Json, Response};
use axum::routing::{get, post};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use jiff::Timestamp;
use local::{files, serving};
use moderation::MAX_MAIL_BYTES;
use serde_json::{Value, json};

use super::{BUCKETS, MAILER};
use crate::events::EVENTS;

/// The largest request of SES, in bytes: a message of 40 MB in base64.
const MAX_BODY_BYTES: usize = 56 * 1024 * 1024;

pub fn router(files: PathBuf) -> Router {
    Router::new()
        .route(&format!("{BUCKETS}/mail/messages/{{id}}"), get(message))
        .route(&format!("{MAILER}/v2/email/outbound-emails"), post(send))
        .with_state(files)
}

/// `GetObject`: `ID.eml` of the folder `mail` beside the environment file, or of `events/email`.
async fn message(State(beside): State<PathBuf>, Name(id): Name<String>) -> Response {
    if !id.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-') {
        return StatusCode::NOT_FOUND.into_response();
    }
    let name = format!("{id}.eml");
    let own = files::read(&beside.join("mail").join(&name), MAX_MAIL_BYTES as u64).ok();
    let own = own.or_else(|| EVENTS.get_file(Path::new("email").join(&name)).map(|file| file.contents().to_vec()));
    own.map_or_else(|| StatusCode::NOT_FOUND.into_response(), IntoResponse::into_response)
}

/// `SendEmail`: the message is written into the folder `outbox` beside the environment file.
async fn send(State(beside): State<PathBuf>, extensions: Extensions, body: Body) -> Response {
    let body = match serving::body(&extensions, body, MAX_BODY_BYTES).await {
        Ok(body) => body,
        Err(none) => return none.status().into_response(),
    };
    let request: Value = serde_json::from_slice(&body).unwrap_or_default();
    let raw = request.pointer("/Content/Raw/Data").and_then(Value::as_str).and_then(|data| BASE64.decode(data).ok());
    let Some(raw) = raw else {
        let problem = json!({ "message": "Content.Raw.Data: expected a message in base64" });
        return (StatusCode::BAD_REQUEST, Json(problem)).into_response();
    };
    let id = Timestamp::now().as_microsecond().to_string();
    let outbox = beside.join("outbox");
    match files::folder(&outbox).and_then(|()| files::write(&outbox.join(format!("{id}.eml")), raw)) {
        Ok(()) => Json(json!({ "MessageId": id })).into_response(),
        Err(error) => {
            tracing::error!(%error, "an e-mail of a function cannot be written into the outbox");
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
    }
}
