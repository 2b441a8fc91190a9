//! How Meta signs, and how it checks that an address is ours (platform page, sections 1.1 and 1.2).

use bytes::Bytes;
use http::{HeaderMap, Response, StatusCode};

use crate::inbound::reply;
use crate::signature::{from_hex, header, is_one_of, verify_sha256};
use crate::{Query, Secret, Unverified, WebhookSecrets};

const HEADER: &str = "x-hub-signature-256";
const PREFIX: &str = "sha256=";
const TEXT: &str = "text/plain; charset=utf-8";

/// Answers `GET ?hub.mode=subscribe&hub.challenge=..&hub.verify_token=..`: the bare challenge when the token is one of
/// ours, 403 otherwise.
pub(crate) fn handshake(query: &Query<'_>, secrets: &WebhookSecrets) -> Response<Bytes> {
    let tokens = if secrets.verify_tokens.is_empty() { &secrets.signing } else { &secrets.verify_tokens };
    let subscribes = query.get("hub.mode") == Some("subscribe");
    match (query.get("hub.challenge"), query.get("hub.verify_token")) {
        (Some(challenge), Some(token)) if subscribes && is_one_of(tokens, token) => {
            reply(StatusCode::OK, TEXT, challenge.to_owned())
        }
        _ => {
            tracing::warn!("refused a handshake: not a subscription with a verify token of ours");
            reply(StatusCode::FORBIDDEN, TEXT, "not authentic\n")
        }
    }
}

/// Checks `X-Hub-Signature-256: sha256=<hex>` over the bytes as they came: Meta signs the body in the form that it
/// sends, with `\u00e8` for `è`, so a body written anew has another signature.
pub(crate) fn verify(headers: &HeaderMap, body: &[u8], secrets: &[Secret]) -> Result<(), Unverified> {
    let signature = header(headers, HEADER)?.strip_prefix(PREFIX).ok_or(Unverified::Unreadable)?;
    verify_sha256(secrets, &[body], &from_hex(signature)?)
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    /// Platform page, section 1.7.
    const BODY: &str = r#"{"object":"page","entry":[{"id":"1234567890321","time":1449135003,"changes":[{"field":"feed","value":{"item":"comment","verb":"add","comment_id":"901097836652708_903438993085259","post_id":"1234567890321_901097836652708","parent_id":"1234567890321_901097836652708","from":{"id":"8423678347823","name":"Nicol\u00f2"},"created_time":1449135003,"message":"perch\u00e9?"}}]}]}"#;
    const SIGNATURE: &str = "sha256=c1ba0e3aac867c8de73277c1be6ec671675cbd3d2afb9ac186437a38f64f88a8";

    fn secrets(secrets: &[&str]) -> Vec<Secret> {
        secrets.iter().map(|secret| Secret::from(*secret)).collect()
    }

    fn check(signature: Option<&str>, body: &str, keys: &[&str]) -> Result<(), Unverified> {
        let mut headers = HeaderMap::new();
        if let Some(signature) = signature {
            headers.insert(HEADER, HeaderValue::from_str(signature).unwrap());
        }
        verify(&headers, body.as_bytes(), &secrets(keys))
    }

    fn shake(query: &[(&str, &str)], secrets: &WebhookSecrets) -> (u16, String) {
        let pairs: Vec<_> = query.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        let request = http::Request::get(format!(
            "/?{}",
            url::form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish()
        ));
        let request = request.body(Bytes::new()).unwrap();
        let platform = policy::Platform::Facebook;
        match crate::receive(platform, &request, secrets, &crate::Accounts::default()) {
            crate::Reception::Answered(response) => {
                (response.status().as_u16(), String::from_utf8(response.body().to_vec()).unwrap())
            }
            crate::Reception::Delivery(_) => unreachable!("a GET delivers nothing"),
        }
    }

    #[test]
    fn the_documented_body_has_the_documented_signature() {
        assert_eq!(BODY.len(), 372);
        assert_eq!(check(Some(SIGNATURE), BODY, &["test-app-secret"]), Ok(()));
    }

    #[test]
    fn every_active_secret_is_tried() {
        assert_eq!(check(Some(SIGNATURE), BODY, &["test-app-secret", "new"]), Ok(()));
        assert_eq!(check(Some(SIGNATURE), BODY, &["old", "test-app-secret"]), Ok(()));
        assert_eq!(check(Some(SIGNATURE), BODY, &["old", "new"]), Err(Unverified::Mismatch));
        assert_eq!(check(Some(SIGNATURE), BODY, &[]), Err(Unverified::Mismatch));
    }

    #[test]
    fn the_body_is_hashed_as_it_came() {
        let rewritten = BODY.replace("\\u00f2", "ò").replace("\\u00e9", "é");
        assert_eq!(check(Some(SIGNATURE), &rewritten, &["test-app-secret"]), Err(Unverified::Mismatch));
    }

    #[test]
    fn a_header_of_another_form_is_refused() {
        let key = ["test-app-secret"];
        assert_eq!(check(None, BODY, &key), Err(Unverified::Missing));
        for header in [&SIGNATURE["sha256=".len()..], "sha1=c1ba0e3a", "sha256=xyz", "sha256=c1b", ""] {
            assert_eq!(check(Some(header), BODY, &key), Err(Unverified::Unreadable), "{header}");
        }
        assert_eq!(check(Some(&SIGNATURE[..SIGNATURE.len() - 2]), BODY, &key), Err(Unverified::Mismatch));
        assert_eq!(check(Some("sha256="), BODY, &key), Err(Unverified::Mismatch));
    }

    #[test]
    fn the_handshake_returns_the_bare_challenge() {
        let with_token = WebhookSecrets { signing: secrets(&["signing"]), verify_tokens: secrets(&["one", "two"]) };
        let query = |mode, token| [("hub.mode", mode), ("hub.challenge", "1158201444"), ("hub.verify_token", token)];
        assert_eq!(shake(&query("subscribe", "two"), &with_token), (200, "1158201444".to_owned()));
        for refused in [query("subscribe", "three"), query("subscribe", "signing"), query("unsubscribe", "one")] {
            assert_eq!(shake(&refused, &with_token).0, 403, "{refused:?}");
        }
        for missing in 0..3 {
            let mut rest = query("subscribe", "one").to_vec();
            rest.remove(missing);
            assert_eq!(shake(&rest, &with_token).0, 403, "{rest:?}");
        }
    }

    #[test]
    fn without_a_verify_token_the_signing_secrets_stand_in() {
        let only_signing = WebhookSecrets { signing: secrets(&["signing"]), verify_tokens: Vec::new() };
        let query = [("hub.mode", "subscribe"), ("hub.challenge", "7"), ("hub.verify_token", "signing")];
        assert_eq!(shake(&query, &only_signing), (200, "7".to_owned()));
        assert_eq!(shake(&query, &WebhookSecrets::default()).0, 403);
    }
}
