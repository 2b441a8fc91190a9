//! How X signs (docs/platforms.md, sections 1.1 and 1.5).

use bytes::Bytes;
use http::{HeaderMap, Response, StatusCode};
use serde_json::json;

use super::X;
use crate::arriving::inbound::reply;
use crate::arriving::signature::{from_base64, header, is_delivery, sha256_base64, verify_sha256};
use crate::{Accounts, Query, Secret, Signs, Unverified, WebhookSecrets};

impl Signs for X {
    /// Answers the challenge (CRC), with the first secret: put the one in force there during a rotation.
    ///
    /// A challenge is signed with the key that signs deliveries, in the same way. Only what can be no delivery is
    /// therefore answered, or anyone could have a delivery of their own making signed here.
    fn handshake(&self, query: &Query<'_>, secrets: &WebhookSecrets, _: &Accounts) -> Response<Bytes> {
        let token = query.get("crc_token").filter(|token| {
            (1..=256).contains(&token.len())
                && token.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_.~+/=".contains(&byte))
        });
        let Some(token) = token else {
            return reply(StatusCode::BAD_REQUEST, "text/plain; charset=utf-8", "crc_token: expected a token\n");
        };
        let Some(secret) = secrets.signing.first() else {
            tracing::error!("a challenge of X could not be answered: no webhook secret is set");
            return reply(StatusCode::SERVICE_UNAVAILABLE, "text/plain; charset=utf-8", "try again later\n");
        };
        let body = json!({ "response_token": format!("sha256={}", sha256_base64(secret, token.as_bytes())) });
        reply(StatusCode::OK, "application/json", body.to_string())
    }

    /// Checks a delivery.
    fn verify(&self, headers: &HeaderMap, body: &[u8], secrets: &[Secret]) -> Result<(), Unverified> {
        let value = header(headers, "x-twitter-webhooks-signature")?;
        let signature = from_base64(value.strip_prefix("sha256=").ok_or(Unverified::Unreadable)?)?;
        verify_sha256(secrets, &[body], &signature)?;
        if is_delivery(body) { Ok(()) } else { Err(Unverified::Challenge) }
    }
}

#[cfg(test)]
mod tests {
    use http::HeaderName;
    use policy::Platform;
    use serde_json::Value;

    use super::*;
    use crate::testing::fixtures;

    const BODY: &[u8] = br#"{"data":{"event_uuid":"3091827364059182736","event_type":"post.reply.create"}}"#;
    const SIGNATURE: &str = "sha256=S2Ca8ITBvcAuDxnVKCFaOXOGMchlVpewXQl8BkHrnjQ=";

    fn check(value: &str, body: &[u8], secrets: &[&str]) -> Result<(), Unverified> {
        let name = HeaderName::from_static("x-twitter-webhooks-signature");
        X.verify(&HeaderMap::from_iter([(name, value.parse().unwrap())]), body, &fixtures::secrets(secrets))
    }

    #[test]
    fn every_active_secret_is_tried() {
        assert_eq!(check(SIGNATURE, BODY, &["test-consumer-secret"]), Ok(()));
        assert_eq!(check(SIGNATURE, BODY, &["new", "test-consumer-secret"]), Ok(()));
    }

    #[test]
    fn what_is_not_signed_with_our_secret_is_refused() {
        assert_eq!(check(SIGNATURE, BODY, &["another"]), Err(Unverified::Mismatch));
        assert_eq!(check(SIGNATURE, b"{}", &["test-consumer-secret"]), Err(Unverified::Mismatch));
        assert_eq!(check("sha256=", BODY, &["test-consumer-secret"]), Err(Unverified::Mismatch));
        assert_eq!(check("sha256=***", BODY, &["test-consumer-secret"]), Err(Unverified::Unreadable));
        assert_eq!(check(&SIGNATURE[7..], BODY, &["test-consumer-secret"]), Err(Unverified::Unreadable));
        assert_eq!(X.verify(&HeaderMap::new(), BODY, &[Secret::from("s")]), Err(Unverified::Missing));
    }

    fn challenge(token: Option<&str>, secrets: &[&str]) -> (StatusCode, String) {
        let query: Vec<_> = token.map(|token| ("crc_token", token)).into_iter().collect();
        fixtures::handshake(Platform::X, &query, secrets)
    }

    #[test]
    fn a_challenge_is_answered_with_its_signature() {
        let key = "z3ZX4v7mAAUGykl3EcmkqbartmuW8VFOOzCloLx9Q45P0hLrFu";
        let (status, body) = challenge(Some("9b4507b3-9040-4669-9ca3-6b94edb50553"), &[key, "old"]);
        assert_eq!(status, StatusCode::OK);
        assert_eq!(
            serde_json::from_str::<Value>(&body).unwrap(),
            json!({ "response_token": "sha256=Cytd4Sq+NvEcV3MMrXxWJGJx5A+y/lXzzU2Maartkx8=" })
        );
    }

    #[test]
    fn nobody_can_have_a_delivery_signed_as_a_challenge() {
        let body = String::from_utf8(BODY.to_vec()).unwrap();
        for token in [Some(body.as_str()), Some("{}"), Some("[1]"), Some(" "), Some(""), None] {
            let (status, answer) = challenge(token, &["test-consumer-secret"]);
            assert_eq!(status, StatusCode::BAD_REQUEST, "{token:?}");
            assert!(!answer.contains(&SIGNATURE[7..]));
        }
        assert_eq!(challenge(Some(&"a".repeat(257)), &["s"]).0, StatusCode::BAD_REQUEST);
    }

    #[test]
    fn what_was_signed_as_a_challenge_is_no_delivery() {
        for token in ["1", "null", "true", "0.5", "a"] {
            let (_, answer) = challenge(Some(token), &["s"]);
            let answer: Value = serde_json::from_str(&answer).unwrap();
            let signature = answer["response_token"].as_str().unwrap();
            assert_eq!(check(signature, token.as_bytes(), &["s"]), Err(Unverified::Challenge), "{token}");
        }
    }

    #[test]
    fn without_a_secret_a_challenge_fails_for_now() {
        assert_eq!(challenge(Some("token"), &[]).0, StatusCode::SERVICE_UNAVAILABLE);
    }
}
