//! How Meta signs, and how it checks that an address is ours (docs/platforms.md, sections 1.1 and 1.2).

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as BASE64URL;
use bytes::Bytes;
use http::{HeaderMap, Response, StatusCode};
use jiff::Timestamp;
use policy::PlatformUserId;
use serde::Deserialize;

use super::{OfMeta, seconds};
use crate::arriving::inbound::reply;
use crate::arriving::lenient;
use crate::arriving::signature::{from_hex, header, is_one_of, verify_sha256};
use crate::{Accounts, Query, Secret, Signs, Unverified, WebhookSecrets};

const HEADER: &str = "x-hub-signature-256";
const PREFIX: &str = "sha256=";
const TEXT: &str = "text/plain; charset=utf-8";

impl<P: OfMeta> Signs for P {
    /// Answers `GET ?hub.mode=subscribe&hub.challenge=..&hub.verify_token=..`: the bare challenge when the token is one
    /// of ours, 403 otherwise.
    fn handshake(&self, query: &Query<'_>, secrets: &WebhookSecrets, _: &Accounts) -> Response<Bytes> {
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
    fn verify(&self, headers: &HeaderMap, body: &[u8], secrets: &[Secret]) -> Result<(), Unverified> {
        let signature = header(headers, HEADER)?.strip_prefix(PREFIX).ok_or(Unverified::Unreadable)?;
        verify_sha256(secrets, &[body], &from_hex(signature)?)
    }
}

/// What a person's request at Meta to delete their data, or to take back their permission, says (docs/platforms.md,
/// section 7.1).
#[derive(Clone, PartialEq, Eq)]
pub struct SignedRequest {
    /// Who asks: an id that belongs to our app. It is neither that of a comment's author nor that of a conversation.
    pub user_id: PlatformUserId,
    /// When Meta wrote it.
    pub issued_at: Timestamp,
    /// Until when it is good, where it says so. Whoever acts on it has to look.
    pub expires: Option<Timestamp>,
}

impl fmt::Debug for SignedRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { user_id: _, issued_at, expires } = self;
        f.debug_struct("SignedRequest").field("issued_at", issued_at).field("expires", expires).finish_non_exhaustive()
    }
}

/// Reads the form field `signed_request`, `<signature>.<payload>`: an HMAC-SHA256 over the payload as it is encoded,
/// both in base64url without padding. Every active secret is tried.
///
/// # Errors
/// [`Unverified::Mismatch`] when no secret leads to the signature; [`Unverified::Unreadable`] when the text is not of
/// this form, names another algorithm, or an authentic payload lacks what it must say.
pub fn signed_request(secrets: &[Secret], text: &str) -> Result<SignedRequest, Unverified> {
    #[derive(Deserialize)]
    struct Payload {
        algorithm: String,
        #[serde(default, deserialize_with = "lenient::id")]
        user_id: Option<String>,
        #[serde(default, deserialize_with = "seconds")]
        issued_at: Option<Timestamp>,
        #[serde(default, deserialize_with = "seconds")]
        expires: Option<Timestamp>,
    }
    let (signature, payload) = text.split_once('.').ok_or(Unverified::Unreadable)?;
    let decode = |text: &str| BASE64URL.decode(text).map_err(|_| Unverified::Unreadable);
    verify_sha256(secrets, &[payload.as_bytes()], &decode(signature)?)?;
    let payload: Payload = serde_json::from_slice(&decode(payload)?).map_err(|_| Unverified::Unreadable)?;
    match (payload.algorithm.as_str(), payload.user_id, payload.issued_at) {
        ("HMAC-SHA256", Some(user_id), Some(issued_at)) => {
            Ok(SignedRequest { user_id: PlatformUserId::new(user_id), issued_at, expires: payload.expires })
        }
        _ => Err(Unverified::Unreadable),
    }
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;
    use crate::facebook::Facebook;

    /// The body of docs/platforms.md, section 1.7.
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
        Facebook.verify(&headers, body.as_bytes(), &secrets(keys))
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

    /// The `signed_request` of docs/platforms.md, section 1.7.
    const REQUEST: &str = "O0DHdg8bEw_-kLcnL9yZ0j9JXbELJFPZOzAkfn8J45w.eyJhbGdvcml0aG0iOiJITUFDLVNIQTI1NiIsImV4cGlyZXMiOjEyOTE4NDA0MDAsImlzc3VlZF9hdCI6MTI5MTgzNjgwMCwidXNlcl9pZCI6IjIxODQ3MSJ9";

    /// A request with this payload, signed as Meta does.
    fn signed(payload: &str) -> String {
        let payload = BASE64URL.encode(payload);
        let signature =
            BASE64URL.encode(crate::arriving::signature::sha256(&Secret::from("test-app-secret"), payload.as_bytes()));
        format!("{signature}.{payload}")
    }

    #[test]
    fn the_documented_request_is_read() {
        for keys in [&["test-app-secret"][..], &["new", "test-app-secret"]] {
            let request = signed_request(&secrets(keys), REQUEST).unwrap();
            assert_eq!(request.user_id.as_str(), "218471");
            assert_eq!(request.issued_at.as_second(), 1_291_836_800);
            assert_eq!(request.expires.map(Timestamp::as_second), Some(1_291_840_400));
            assert!(!format!("{request:?}").contains("218471"));
        }
        let payload = r#"{"algorithm":"HMAC-SHA256","issued_at":1291836800,"user_id":218471}"#;
        let request = signed_request(&secrets(&["test-app-secret"]), &signed(payload)).unwrap();
        assert_eq!((request.user_id.as_str(), request.expires), ("218471", None));
    }

    #[test]
    fn a_forged_request_is_refused() {
        let read = |text: &str| signed_request(&secrets(&["test-app-secret"]), text).unwrap_err();
        let (signature, payload) = REQUEST.split_once('.').unwrap();
        let forged = BASE64URL.encode(r#"{"algorithm":"HMAC-SHA256","issued_at":1291836800,"user_id":"1"}"#);
        assert_eq!(read(&format!("{signature}.{forged}")), Unverified::Mismatch);
        assert_eq!(read(&format!("{}.{payload}", BASE64URL.encode([0; 32]))), Unverified::Mismatch);
        assert_eq!(read(&format!(".{payload}")), Unverified::Mismatch);
        assert_eq!(signed_request(&secrets(&["other"]), REQUEST), Err(Unverified::Mismatch));
        assert_eq!(signed_request(&[], REQUEST), Err(Unverified::Mismatch));
        for text in ["", "x", signature, &format!("{signature}=.{payload}"), &format!("+/.{payload}")] {
            assert_eq!(read(text), Unverified::Unreadable, "{text}");
        }
    }

    #[test]
    fn an_authentic_request_that_does_not_say_enough_is_refused() {
        for payload in [
            r#"{"algorithm":"none","issued_at":1291836800,"user_id":"218471"}"#,
            r#"{"algorithm":"HMAC-SHA1","issued_at":1291836800,"user_id":"218471"}"#,
            r#"{"issued_at":1291836800,"user_id":"218471"}"#,
            r#"{"algorithm":"HMAC-SHA256","issued_at":1291836800}"#,
            r#"{"algorithm":"HMAC-SHA256","user_id":"218471"}"#,
            "[]",
            "",
        ] {
            let read = signed_request(&secrets(&["test-app-secret"]), &signed(payload));
            assert_eq!(read, Err(Unverified::Unreadable), "{payload}");
        }
    }
}
