//! What functions run with cargo-lambda need beside them, and how an event reaches one: `serve --functions`, `send` and
//! `event`.

mod environment;
mod event;
mod mail;
mod parameters;
mod send;

use std::path::{Path, PathBuf};

use axum::Router;
use axum::http::{HeaderMap, StatusCode, header};

use crate::failure::Failure;
use crate::policies;

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
pub fn router(access_key: &str, files: PathBuf) -> Router {
    parameters::router(access_key).merge(mail::router(access_key, files))
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

/// Refuses whoever did not sign with this access key, and whatever a web page sent.
fn let_in(headers: &HeaderMap, access_key: &str) -> Result<(), StatusCode> {
    let authorization = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let key = authorization.split_once("Credential=").and_then(|(_, rest)| rest.split('/').next());
    if headers.contains_key(header::ORIGIN) || key != Some(access_key) {
        return Err(StatusCode::FORBIDDEN);
    }
    Ok(())
}

/// The signing secret of a platform's webhook, as the local server has it.
fn signing_secret(platform: policy::Platform) -> Result<String, Failure> {
    use secrecy::ExposeSecret;
    let settings = moderation::Settings::local(&[], &crate::records::from_environment);
    let settings = settings.map_err(|error| Failure::unusable(error.to_string()))?;
    let secrets = settings.webhook(platform);
    Ok(secrets.signing.first().map(ExposeSecret::expose_secret).unwrap_or_default().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(authorization: &str) -> HeaderMap {
        HeaderMap::from_iter([(header::AUTHORIZATION, authorization.parse().unwrap())])
    }

    #[test]
    fn only_who_signs_with_the_key_is_let_in_and_no_web_page() {
        let signed = headers("AWS4-HMAC-SHA256 Credential=key/20261130/eu-south-1/ssm/aws4_request, Signature=0");
        assert_eq!(let_in(&signed, "key"), Ok(()));
        assert!(let_in(&signed, "keys").is_err() && let_in(&signed, "ke").is_err());
        assert!(let_in(&HeaderMap::new(), "key").is_err() && let_in(&headers("Bearer key"), "key").is_err());
        let mut from_a_page = signed;
        from_a_page.insert(header::ORIGIN, "http://127.0.0.1:8787".parse().unwrap());
        assert!(let_in(&from_a_page, "key").is_err());
    }
}
