//! How YouTube's hub subscribes and signs: WebSub (docs/platforms.md, sections 1.1 and 1.4).

use bytes::Bytes;
use http::{HeaderMap, Response, StatusCode};
use policy::Platform;
use url::Url;

use super::Youtube;
use crate::arriving::inbound::reply;
use crate::arriving::signature::{from_hex, header, is_one_of, verify_sha1};
use crate::{Accounts, Query, Secret, Signs, Unverified, WebhookSecrets};

impl Signs for Youtube {
    /// Confirms a subscription to the feed of one of our channels. A token is asked of whoever wants to end one; who
    /// subscribes need not have been given any.
    fn handshake(&self, query: &Query<'_>, secrets: &WebhookSecrets, accounts: &Accounts) -> Response<Bytes> {
        let tokens = if secrets.verify_tokens.is_empty() { &secrets.signing } else { &secrets.verify_tokens };
        let token = query.get("hub.verify_token").map(|token| is_one_of(tokens, token));
        let wanted = match query.get("hub.mode") {
            Some("subscribe") => token != Some(false),
            Some("unsubscribe") => token == Some(true),
            _ => false,
        };
        let ours =
            query.get("hub.topic").and_then(channel).is_some_and(|id| accounts.find(Platform::Youtube, &id).is_some());
        match query.get("hub.challenge") {
            Some(challenge) if wanted && ours => {
                reply(StatusCode::OK, "text/plain; charset=utf-8", challenge.to_owned())
            }
            _ => {
                tracing::warn!(wanted, ours, "refused a WebSub handshake");
                reply(StatusCode::NOT_FOUND, "text/plain; charset=utf-8", "not subscribed\n")
            }
        }
    }

    /// Checks a delivery. The hub signs it when the subscription named a secret, which ours do.
    fn verify(&self, headers: &HeaderMap, body: &[u8], secrets: &[Secret]) -> Result<(), Unverified> {
        let value = header(headers, "x-hub-signature")?.strip_prefix("sha1=").ok_or(Unverified::Unreadable)?;
        verify_sha1(secrets, &[body], &from_hex(value)?)
    }
}

/// The channel of a feed, which is documented under two addresses.
fn channel(topic: &str) -> Option<String> {
    let topic = Url::parse(topic).ok()?;
    let known = matches!(topic.scheme(), "https" | "http")
        && matches!(topic.host_str(), Some("www.youtube.com" | "youtube.com"))
        && matches!(topic.path(), "/xml/feeds/videos.xml" | "/feeds/videos.xml");
    let (_, id) = topic.query_pairs().find(|(name, _)| name == "channel_id")?;
    known.then(|| id.into_owned())
}

#[cfg(test)]
mod tests {
    use http::HeaderName;

    use super::*;
    use crate::testing::fixtures;

    const BODY: &[u8] = br#"<feed xmlns="http://www.w3.org/2005/Atom"></feed>"#;
    const SIGNATURE: &str = "sha1=3ef079365200ac931eb066134e9287412d0f8f7f";

    fn check(value: &str, body: &[u8], secrets: &[&str]) -> Result<(), Unverified> {
        let headers = HeaderMap::from_iter([(HeaderName::from_static("x-hub-signature"), value.parse().unwrap())]);
        Youtube.verify(&headers, body, &fixtures::secrets(secrets))
    }

    #[test]
    fn every_active_secret_is_tried() {
        assert_eq!(check(SIGNATURE, BODY, &["test-hub-secret"]), Ok(()));
        assert_eq!(check(SIGNATURE, BODY, &["new", "test-hub-secret"]), Ok(()));
    }

    #[test]
    fn what_is_not_signed_with_our_secret_is_refused() {
        assert_eq!(check(SIGNATURE, BODY, &["another"]), Err(Unverified::Mismatch));
        assert_eq!(check(SIGNATURE, b"<feed/>", &["test-hub-secret"]), Err(Unverified::Mismatch));
        assert_eq!(check("sha1=", BODY, &["test-hub-secret"]), Err(Unverified::Mismatch));
        assert_eq!(check("sha1=zz", BODY, &["test-hub-secret"]), Err(Unverified::Unreadable));
        assert_eq!(check(&SIGNATURE[5..], BODY, &["test-hub-secret"]), Err(Unverified::Unreadable));
        assert_eq!(Youtube.verify(&HeaderMap::new(), BODY, &[Secret::from("s")]), Err(Unverified::Missing));
    }

    const TOPIC: &str = "https://www.youtube.com/xml/feeds/videos.xml?channel_id=UCgalateoMilanoMonzaLodi";

    fn shake(mode: &str, topic: &str, token: Option<&str>) -> (StatusCode, String) {
        let mut query =
            vec![("hub.mode", mode), ("hub.topic", topic), ("hub.challenge", "1234"), ("hub.lease_seconds", "9")];
        query.extend(token.map(|token| ("hub.verify_token", token)));
        fixtures::handshake(Platform::Youtube, &query, &["old", "token"])
    }

    #[test]
    fn the_feed_of_our_channel_is_confirmed_under_each_of_its_addresses() {
        for topic in [
            TOPIC,
            "https://www.youtube.com/feeds/videos.xml?channel_id=UCgalateoMilanoMonzaLodi",
            "http://www.youtube.com/xml/feeds/videos.xml?channel_id=UCgalateoMilanoMonzaLodi",
            "https://youtube.com/feeds/videos.xml?a=b&channel_id=UCgalateoMilanoMonzaLodi",
        ] {
            assert_eq!(shake("subscribe", topic, None), (StatusCode::OK, "1234".to_owned()), "{topic}");
        }
    }

    #[test]
    fn no_other_topic_is_confirmed() {
        for topic in [
            "",
            "https://www.youtube.com/xml/feeds/videos.xml",
            "https://www.youtube.com/xml/feeds/videos.xml?channel_id=UCsomeoneElse",
            "https://example.org/xml/feeds/videos.xml?channel_id=UCgalateoMilanoMonzaLodi",
            "https://www.youtube.com/other?channel_id=UCgalateoMilanoMonzaLodi",
        ] {
            assert_eq!(shake("subscribe", topic, Some("token")).0, StatusCode::NOT_FOUND, "{topic}");
        }
    }

    #[test]
    fn a_token_must_match_and_is_required_to_unsubscribe() {
        assert_eq!(shake("subscribe", TOPIC, Some("token")).0, StatusCode::OK);
        assert_eq!(shake("subscribe", TOPIC, Some("wrong")).0, StatusCode::NOT_FOUND);
        assert_eq!(shake("unsubscribe", TOPIC, Some("old")).0, StatusCode::OK);
        assert_eq!(shake("unsubscribe", TOPIC, Some("wrong")).0, StatusCode::NOT_FOUND);
        assert_eq!(shake("unsubscribe", TOPIC, None).0, StatusCode::NOT_FOUND);
        assert_eq!(shake("denied", TOPIC, Some("token")).0, StatusCode::NOT_FOUND);
        let query = [("hub.mode", "subscribe"), ("hub.topic", TOPIC)];
        assert_eq!(fixtures::handshake(Platform::Youtube, &query, &["token"]).0, StatusCode::NOT_FOUND);
    }
}
