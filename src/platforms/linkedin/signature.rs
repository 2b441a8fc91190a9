//! How LinkedIn signs (docs/platforms.md, section 1.3).

use bytes::Bytes;
use http::{HeaderMap, Response, StatusCode};
use serde_json::json;

use super::Linkedin;
use crate::arriving::inbound::reply;
use crate::arriving::signature::{from_hex, header, is_delivery, sha256, verify_sha256};
use crate::{Accounts, Query, Secret, Signs, Unverified, WebhookSecrets};

/// What stands before the body in the signed text, and, as some read the documentation, before the signature.
const PREFIX: &str = "hmacsha256=";

impl Signs for Linkedin {
    /// Answers the challenge, with the first secret: put the one in force there during a rotation.
    ///
    /// A challenge is signed with the key that signs deliveries. Only what can be no delivery is therefore answered, or
    /// anyone could have a delivery of their own making signed here.
    fn handshake(&self, query: &Query<'_>, secrets: &WebhookSecrets, _: &Accounts) -> Response<Bytes> {
        let code = query.get("challengeCode").filter(|code| {
            (1..=64).contains(&code.len()) && code.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
        });
        let Some(code) = code else {
            return reply(StatusCode::BAD_REQUEST, "text/plain; charset=utf-8", "challengeCode: expected a UUID\n");
        };
        let Some(secret) = secrets.signing.first() else {
            tracing::error!("a LinkedIn challenge could not be answered: no webhook secret is set");
            return reply(StatusCode::SERVICE_UNAVAILABLE, "text/plain; charset=utf-8", "try again later\n");
        };
        let response = hex::encode(sha256(secret, code.as_bytes()));
        let body = json!({ "challengeCode": code, "challengeResponse": response });
        reply(StatusCode::OK, "application/json", body.to_string())
    }

    /// The documentation is read in two ways: with and without the prefix before the body. Both need the secret, so
    /// both are accepted; the log tells which one LinkedIn means.
    fn verify(&self, headers: &HeaderMap, body: &[u8], secrets: &[Secret]) -> Result<(), Unverified> {
        let value = header(headers, "x-li-signature")?;
        let signature = from_hex(value.strip_prefix(PREFIX).unwrap_or(value))?;
        let prefixed = verify_sha256(secrets, &[PREFIX.as_bytes(), body], &signature);
        let bare = verify_sha256(secrets, &[body], &signature);
        let form = if prefixed.is_ok() { "prefixed" } else { "bare" };
        prefixed.or(bare)?;
        if !is_delivery(body) {
            return Err(Unverified::Challenge);
        }
        tracing::info!(form, "a LinkedIn signature matched");
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use http::HeaderName;
    use policy::Platform;

    use super::*;
    use crate::testing::fixtures;

    const BODY: &[u8] = br#"{"type":"ORGANIZATION_SOCIAL_ACTION_NOTIFICATIONS","notifications":[]}"#;
    const PREFIXED: &str = "341cf5778654a2e246e6fc68fb6ec196f21f44f3bc76346a8896e2de2f4857a7";
    const BARE: &str = "6c11b6cd44c0e90ba9dd987634d8f902a19a6119e861a052d81352cee856e48a";

    fn check(value: &str, body: &[u8], secrets: &[&str]) -> Result<(), Unverified> {
        let headers = HeaderMap::from_iter([(HeaderName::from_static("x-li-signature"), value.parse().unwrap())]);
        Linkedin.verify(&headers, body, &fixtures::secrets(secrets))
    }

    #[test]
    fn both_readings_of_the_documentation_are_accepted_with_and_without_the_prefix_in_the_header() {
        for signature in [PREFIXED, BARE] {
            assert_eq!(check(signature, BODY, &["test-client-secret"]), Ok(()));
            assert_eq!(check(&format!("hmacsha256={signature}"), BODY, &["test-client-secret"]), Ok(()));
            assert_eq!(check(&signature.to_uppercase(), BODY, &["test-client-secret"]), Ok(()));
        }
    }

    #[test]
    fn every_active_secret_is_tried() {
        assert_eq!(check(PREFIXED, BODY, &["the-new-one", "test-client-secret"]), Ok(()));
        assert_eq!(check(BARE, BODY, &["test-client-secret", "the-new-one"]), Ok(()));
    }

    #[test]
    fn what_is_not_signed_with_our_secret_is_refused() {
        assert_eq!(check(PREFIXED, BODY, &["another"]), Err(Unverified::Mismatch));
        assert_eq!(check(PREFIXED, BODY, &[]), Err(Unverified::Mismatch));
        assert_eq!(check(PREFIXED, b"{}", &["test-client-secret"]), Err(Unverified::Mismatch));
        assert_eq!(check(&PREFIXED[..62], BODY, &["test-client-secret"]), Err(Unverified::Mismatch));
        assert_eq!(check("", BODY, &["test-client-secret"]), Err(Unverified::Mismatch));
        assert_eq!(check("sha256=zz", BODY, &["test-client-secret"]), Err(Unverified::Unreadable));
        assert_eq!(Linkedin.verify(&HeaderMap::new(), BODY, &[Secret::from("s")]), Err(Unverified::Missing));
    }

    fn challenge(code: Option<&str>, secrets: &[&str]) -> (StatusCode, String) {
        let query: Vec<_> = code.map(|code| ("challengeCode", code)).into_iter().collect();
        fixtures::handshake(Platform::Linkedin, &query, secrets)
    }

    #[test]
    fn a_challenge_is_answered_with_its_signature() {
        let (status, body) = challenge(Some("890e4665-4dfe-4ab1-b689-ed553bceeed0"), &["test-client-secret", "old"]);
        assert_eq!(status, StatusCode::OK);
        assert_eq!(
            serde_json::from_str::<serde_json::Value>(&body).unwrap(),
            json!({
                "challengeCode": "890e4665-4dfe-4ab1-b689-ed553bceeed0",
                "challengeResponse": "05f7c3a9fc0fd9476f5fa3a0f318d460b83aba7b241196a57cc44868a392fc57",
            })
        );
    }

    #[test]
    fn nobody_can_have_a_delivery_signed_as_a_challenge() {
        let body = String::from_utf8(BODY.to_vec()).unwrap();
        for code in [Some(body.as_str()), Some("hmacsha256={}"), Some("[]"), Some(""), None] {
            let (status, answer) = challenge(code, &["test-client-secret"]);
            assert_eq!(status, StatusCode::BAD_REQUEST, "{code:?}");
            assert!(!answer.contains(PREFIXED) && !answer.contains(BARE));
        }
    }

    #[test]
    fn what_was_signed_as_a_challenge_is_no_delivery() {
        for code in ["1", "null", "true", "-1", "a"] {
            let (_, answer) = challenge(Some(code), &["s"]);
            let answer: serde_json::Value = serde_json::from_str(&answer).unwrap();
            let signature = answer["challengeResponse"].as_str().unwrap();
            assert_eq!(check(signature, code.as_bytes(), &["s"]), Err(Unverified::Challenge), "{code}");
        }
    }

    #[test]
    fn without_a_secret_a_challenge_fails_for_now() {
        assert_eq!(challenge(Some("890e4665"), &[]).0, StatusCode::SERVICE_UNAVAILABLE);
    }
}
