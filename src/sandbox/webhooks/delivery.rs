//! Signs what the platforms send, sends it, and performs their handshakes (docs/platforms.md, section 1.1).

use std::sync::Arc;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use hmac::digest::KeyInit;
use hmac::{Hmac, Mac};
use http::StatusCode;
use policy::Platform;
use serde_json::Value;
use sha1::Sha1;
use sha2::Sha256;
use tokio::sync::{mpsc, watch};
use url::Url;

use crate::memory::objects::Webhook;

/// The name and value of the header with which a platform signs a body.
pub fn sign(platform: Platform, secret: &str, body: &[u8]) -> (&'static str, String) {
    match platform {
        Platform::Facebook | Platform::Instagram => {
            ("x-hub-signature-256", format!("sha256={}", hex::encode(hmac::<Hmac<Sha256>>(secret, &[body]))))
        }
        // The documented form: the prefix is part of what is signed, not of the header.
        Platform::Linkedin => ("x-li-signature", hex::encode(hmac::<Hmac<Sha256>>(secret, &[b"hmacsha256=", body]))),
        Platform::Youtube => ("x-hub-signature", format!("sha1={}", hex::encode(hmac::<Hmac<Sha1>>(secret, &[body])))),
        Platform::X => {
            let mac = BASE64.encode(hmac::<Hmac<Sha256>>(secret, &[body]));
            ("x-twitter-webhooks-signature", format!("sha256={mac}"))
        }
    }
}

/// Why a handshake failed.
#[derive(Debug, thiserror::Error)]
pub enum HandshakeFailed {
    /// No webhook address is set.
    #[error("no webhook address is set")]
    NoWebhook,
    /// No answer came in the platform's time.
    #[error("the webhook did not answer")]
    NoAnswer(#[source] reqwest::Error),
    /// The webhook declined.
    #[error("the webhook answered {0}, expected 200")]
    Status(StatusCode),
    /// The answer does not prove that the webhook knows the secret, or that it is the one that was asked.
    #[error("the webhook's answer is not the right one to the challenge")]
    WrongAnswer,
}

/// A handshake: what is asked, and what must come back.
pub(crate) struct Challenge {
    pub platform: Platform,
    pub query: Vec<(&'static str, String)>,
    expected: Expected,
}

enum Expected {
    /// This text, to the byte.
    Text(String),
    /// JSON with at least these fields.
    Json(Vec<(&'static str, String)>),
}

impl Challenge {
    /// The challenge of a platform with this number in it.
    pub(crate) fn new(platform: Platform, secret: &str, verify_token: &str, account: &str, number: u64) -> Self {
        let (query, expected) = match platform {
            Platform::Facebook | Platform::Instagram => {
                let challenge = (1_158_201_444 + number).to_string();
                let query = vec![
                    ("hub.mode", "subscribe".to_owned()),
                    ("hub.challenge", challenge.clone()),
                    ("hub.verify_token", verify_token.to_owned()),
                ];
                (query, Expected::Text(challenge))
            }
            Platform::Linkedin => {
                let code = format!("890e4665-4dfe-4ab1-b689-{number:012x}");
                let response = hex::encode(hmac::<Hmac<Sha256>>(secret, &[code.as_bytes()]));
                let expected = vec![("challengeCode", code.clone()), ("challengeResponse", response)];
                (vec![("challengeCode", code)], Expected::Json(expected))
            }
            Platform::Youtube => {
                let challenge = format!("{number:020}");
                let query = vec![
                    ("hub.mode", "subscribe".to_owned()),
                    ("hub.topic", format!("https://www.youtube.com/xml/feeds/videos.xml?channel_id={account}")),
                    ("hub.challenge", challenge.clone()),
                    ("hub.lease_seconds", "432000".to_owned()),
                    ("hub.verify_token", verify_token.to_owned()),
                ];
                (query, Expected::Text(challenge))
            }
            Platform::X => {
                let token = format!("9b4507b3-9040-4669-9ca3-{number:012x}");
                let mac = BASE64.encode(hmac::<Hmac<Sha256>>(secret, &[token.as_bytes()]));
                (vec![("crc_token", token)], Expected::Json(vec![("response_token", format!("sha256={mac}"))]))
            }
        };
        Self { platform, query, expected }
    }

    /// Asks, and checks the answer.
    pub(crate) async fn perform(&self, http: &reqwest::Client, base: &Url) -> Result<(), HandshakeFailed> {
        let answer = http
            .get(address(base, self.platform))
            .query(&self.query)
            .timeout(patience(self.platform))
            .send()
            .await
            .map_err(HandshakeFailed::NoAnswer)?;
        if answer.status() != StatusCode::OK {
            return Err(HandshakeFailed::Status(answer.status()));
        }
        let body = answer.bytes().await.map_err(HandshakeFailed::NoAnswer)?;
        if self.accepts(&body) { Ok(()) } else { Err(HandshakeFailed::WrongAnswer) }
    }

    fn accepts(&self, body: &[u8]) -> bool {
        match &self.expected {
            Expected::Text(text) => body == text.as_bytes(),
            Expected::Json(fields) => {
                let answer: Value = serde_json::from_slice(body).unwrap_or(Value::Null);
                fields.iter().all(|(name, value)| answer[*name] == value.as_str())
            }
        }
    }
}

/// Sends webhooks one after the other, each again after the pauses until it is accepted.
pub(crate) struct Deliveries {
    queue: mpsc::UnboundedSender<Webhook>,
    outstanding: Arc<watch::Sender<usize>>,
}

impl Deliveries {
    /// Starts sending. Ends when this value is dropped and what it holds has been sent.
    pub(crate) fn start(http: reqwest::Client, base: Url, pauses: Vec<Duration>) -> Self {
        let (queue, mut arriving) = mpsc::unbounded_channel::<Webhook>();
        let outstanding = Arc::new(watch::Sender::new(0));
        let count = Arc::clone(&outstanding);
        tokio::spawn(async move {
            while let Some(webhook) = arriving.recv().await {
                deliver(&http, &base, &webhook, &pauses).await;
                count.send_modify(|count| *count -= 1);
            }
        });
        Self { queue, outstanding }
    }

    /// Sends this when all before it has been dealt with.
    pub(crate) fn push(&self, webhook: Webhook) {
        self.outstanding.send_modify(|count| *count += 1);
        if self.queue.send(webhook).is_err() {
            // The runtime that sends is gone, and with it everything that could have received.
            self.outstanding.send_modify(|count| *count -= 1);
        }
    }

    /// Waits until nothing is left to send.
    pub(crate) async fn settled(&self) {
        // The sender lives in `self`, so the wait cannot fail.
        let _ = self.outstanding.subscribe().wait_for(|count| *count == 0).await;
    }
}

async fn deliver(http: &reqwest::Client, base: &Url, webhook: &Webhook, pauses: &[Duration]) {
    let mut pauses = pauses.iter();
    loop {
        let mut request = http.post(address(base, webhook.platform)).timeout(patience(webhook.platform));
        for (name, value) in &webhook.headers {
            request = request.header(name, value);
        }
        let answer = request.body(webhook.body.clone()).send().await;
        if answer.is_ok_and(|answer| answer.status().is_success()) {
            return;
        }
        let Some(pause) = pauses.next() else {
            tracing::warn!(platform = %webhook.platform, "a webhook of the sandbox was not accepted; it is dropped");
            return;
        };
        tokio::time::sleep(*pause).await;
    }
}

/// How long a platform waits for an answer (docs/platforms.md, sections 1.2, 1.3 and 1.5; YouTube's hub says nothing).
fn patience(platform: Platform) -> Duration {
    Duration::from_secs(match platform {
        Platform::Facebook | Platform::Instagram => 5,
        Platform::Linkedin => 3,
        Platform::Youtube | Platform::X => 10,
    })
}

fn address(base: &Url, platform: Platform) -> String {
    format!("{}/webhooks/{platform}", base.as_str().trim_end_matches('/'))
}

fn hmac<M: Mac + KeyInit>(secret: &str, parts: &[&[u8]]) -> Vec<u8> {
    let mut mac = <M as KeyInit>::new_from_slice(secret.as_bytes())
        .unwrap_or_else(|_| unreachable!("an HMAC takes a key of any length"));
    for part in parts {
        mac.update(part);
    }
    mac.finalize().into_bytes().to_vec()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn meta_signs_as_in_the_vector() {
        let body = br#"{"object":"page","entry":[{"id":"1234567890321","time":1449135003,"changes":[{"field":"feed","value":{"item":"comment","verb":"add","comment_id":"901097836652708_903438993085259","post_id":"1234567890321_901097836652708","parent_id":"1234567890321_901097836652708","from":{"id":"8423678347823","name":"Nicol\u00f2"},"created_time":1449135003,"message":"perch\u00e9?"}}]}]}"#;
        assert_eq!(body.len(), 372);
        let expected = "sha256=c1ba0e3aac867c8de73277c1be6ec671675cbd3d2afb9ac186437a38f64f88a8";
        for platform in [Platform::Facebook, Platform::Instagram] {
            assert_eq!(sign(platform, "test-app-secret", body), ("x-hub-signature-256", expected.to_owned()));
        }
    }

    #[test]
    fn linkedin_signs_the_documented_form_as_in_the_vector() {
        let body = br#"{"type":"ORGANIZATION_SOCIAL_ACTION_NOTIFICATIONS","notifications":[]}"#;
        let expected = "341cf5778654a2e246e6fc68fb6ec196f21f44f3bc76346a8896e2de2f4857a7";
        assert_eq!(sign(Platform::Linkedin, "test-client-secret", body), ("x-li-signature", expected.to_owned()));
    }

    #[test]
    fn youtube_signs_as_in_the_vector() {
        let body = br#"<feed xmlns="http://www.w3.org/2005/Atom"></feed>"#;
        let expected = "sha1=3ef079365200ac931eb066134e9287412d0f8f7f";
        assert_eq!(sign(Platform::Youtube, "test-hub-secret", body), ("x-hub-signature", expected.to_owned()));
    }

    #[test]
    fn x_signs_as_in_the_vector() {
        let body = br#"{"data":{"event_uuid":"3091827364059182736","event_type":"post.reply.create"}}"#;
        let expected = "sha256=S2Ca8ITBvcAuDxnVKCFaOXOGMchlVpewXQl8BkHrnjQ=";
        assert_eq!(
            sign(Platform::X, "test-consumer-secret", body),
            ("x-twitter-webhooks-signature", expected.to_owned())
        );
    }

    #[test]
    fn challenges_expect_the_answers_of_the_vectors() {
        let linkedin =
            hex::encode(hmac::<Hmac<Sha256>>("test-client-secret", &[b"890e4665-4dfe-4ab1-b689-ed553bceeed0"]));
        assert_eq!(linkedin, "05f7c3a9fc0fd9476f5fa3a0f318d460b83aba7b241196a57cc44868a392fc57");
        let number = 0x6b94_edb5_0553;
        let secret = "z3ZX4v7mAAUGykl3EcmkqbartmuW8VFOOzCloLx9Q45P0hLrFu";
        let crc = Challenge::new(Platform::X, secret, "", "", number);
        assert_eq!(crc.query, [("crc_token", "9b4507b3-9040-4669-9ca3-6b94edb50553".to_owned())]);
        assert!(crc.accepts(br#"{"response_token":"sha256=Cytd4Sq+NvEcV3MMrXxWJGJx5A+y/lXzzU2Maartkx8="}"#));
        assert!(!crc.accepts(br#"{"response_token":"sha256=AAAA"}"#));
    }
}
