//! What functions run with cargo-lambda need beside them, and how an event reaches one: `serve --functions`, `send` and
//! `event`.

mod environment;
mod event;
mod mail;
mod parameters;
mod send;

use std::path::{Path, PathBuf};

use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::middleware::{Next, from_fn, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::{Json, Router};
use local::door::{Key, own_only, signs};
use local::serving;
use serde_json::json;

use crate::policies;
use crate::terminal::failure::Failure;

pub use environment::{Environment, WATCH, files};
pub use event::event;
pub use send::send;

/// Where functions find their secrets in the Parameter Store of the local server.
const PARAMETERS: &str = "/galateo/local";

/// The addresses below which the local server plays services of AWS.
const PARAMETER_STORE: &str = "/aws/ssm";
const BUCKETS: &str = "/aws/s3";
const MAILER: &str = "/aws/ses";

/// What plays AWS for functions on this machine: Parameter Store with the secrets of the local server, the bucket of the
/// messages, and SES.
///
/// Each of them is let in by its access key only, which stands in the environment file: secrets are handed out here.
///
/// `token` is what the platforms of the sandbox take.
pub fn router(access_key: &Key, token: &Key, files: PathBuf) -> Router {
    let routes = parameters::router(token.clone()).merge(mail::router(files));
    routes.route_layer(from_fn_with_state(access_key.clone(), signed)).route_layer(from_fn(own_only))
}

/// Lets through who signed with the access key.
async fn signed(State(access_key): State<Key>, request: Request, next: Next) -> Response {
    if !signs(request.headers(), &access_key) {
        // In the form that AWS has for it, so that a function tells its caller.
        let message = "the access key is of another start of `galateo serve --functions`: start `cargo lambda watch` \
                       anew, with the environment that is written now";
        let told = json!({ "__type": "UnrecognizedClientException", "message": message });
        return (StatusCode::FORBIDDEN, Json(told)).into_response();
    }
    serving::trust(request.extensions());
    next.run(request).await
}

/// Whether functions can run beside a server with this policy: they know the built-in ones only, and both have to judge
/// by the same.
pub fn check(policy: Option<&Path>) -> Result<(), Failure> {
    let given = policies::load(policy)?;
    let id = &given.reference.id;
    match moderation::built_in(id) {
        Ok(built_in) if built_in.reference.hash == given.reference.hash => Ok(()),
        Ok(_) => Err(Failure::unusable(format!(
            "--policy: found another version of {id} than the one that is built in, by which functions judge: build again"
        ))),
        Err(_) => Err(Failure::unusable(format!(
            "--policy: found {id}, which is not built in; functions know the policies of the folder `policies` only"
        ))),
    }
}

/// The signing secret of a platform's webhook, as the local server has it.
fn signing_secret(platform: policy::Platform) -> Result<String, Failure> {
    use secrecy::ExposeSecret;
    let settings = moderation::Settings::local(&[], &crate::records::from_environment);
    let settings = settings.map_err(|error| Failure::unusable(error.to_string()))?;
    let secrets = settings.webhook(platform);
    Ok(secrets.signing.first().map(ExposeSecret::expose_secret).unwrap_or_default().to_owned())
}
