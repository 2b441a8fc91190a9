//! Who is let in at a port of this machine, which every local user and every web page in a browser on it can reach.

use axum::body::Body;
use axum::extract::Request;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use http::{HeaderMap, StatusCode, header};
use subtle::ConstantTimeEq;

/// The key of one start of a server. Random, and told only to those who are to come in; its `Debug` does not show it.
#[derive(Clone)]
pub struct Key(String);

impl Key {
    /// A key that nobody can guess: 160 random bits, in hex.
    pub fn random() -> Self {
        Self(hex::encode(rand::random::<[u8; 20]>()))
    }

    /// A key that was agreed on elsewhere.
    pub fn agreed(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The key, for those who are to come in.
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// Whether somebody shows this key, in a time that does not tell how much of theirs was right.
    pub fn is(&self, shown: &str) -> bool {
        self.0.as_bytes().ct_eq(shown.as_bytes()).into()
    }
}

impl std::fmt::Debug for Key {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Key(..)")
    }
}

/// Why a request does not come from a program of this machine, or `None` where nothing speaks against it. A browser
/// names the page that a request comes from, and a page that had its own name lead to this machine is betrayed by it.
pub fn foreign(headers: &HeaderMap) -> Option<&'static str> {
    if headers.contains_key(header::ORIGIN) {
        return Some("it comes from a web page");
    }
    let site = headers.get("sec-fetch-site").map(|site| site.as_bytes());
    if !matches!(site, None | Some(b"none" | b"same-origin")) {
        return Some("it comes from another web page");
    }
    let mut hosts = headers.get_all(header::HOST).iter();
    match (hosts.next().and_then(|host| host.to_str().ok()), hosts.next()) {
        (Some(host), None) if is_this_machine(host) => None,
        _ => Some("it is for another host"),
    }
}

fn is_this_machine(host: &str) -> bool {
    let name = match host.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => name,
        _ => host,
    };
    ["127.0.0.1", "localhost", "[::1]"].iter().any(|own| name.eq_ignore_ascii_case(own))
}

/// A middleware that turns away what is [`foreign`], whatever it asks for; preflights of browsers with it.
pub async fn own_only(request: Request, next: Next) -> Response<Body> {
    match foreign(request.headers()) {
        None => next.run(request).await,
        Some(why) => (StatusCode::FORBIDDEN, format!("refused: {why}\n")).into_response(),
    }
}

/// The access key id of a signature of AWS: `AWS4-HMAC-SHA256 Credential=ID/date/region/service/aws4_request, ..`.
fn access_key(headers: &HeaderMap) -> Option<&str> {
    let value = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    Some(value.split_once("Credential=")?.1.split_once('/')?.0)
}

/// Whether a request is signed, as clients of AWS sign, with this key as the access key id. The signature itself is not
/// looked at: who knows the key is let in.
pub fn signs(headers: &HeaderMap, key: &Key) -> bool {
    access_key(headers).is_some_and(|shown| key.is(shown))
}

/// Whether the header `authorization: Bearer ..` shows this key.
pub fn bears(headers: &HeaderMap, key: &Key) -> bool {
    let shown = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
    shown.and_then(|value| value.strip_prefix("Bearer ")).is_some_and(|shown| key.is(shown))
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    fn headers<const N: usize>(pairs: [(&'static str, &'static str); N]) -> HeaderMap {
        let mut headers = HeaderMap::new();
        for (name, value) in pairs {
            headers.append(name, HeaderValue::from_static(value));
        }
        headers
    }

    #[test]
    fn programs_of_this_machine_are_let_in_and_pages_and_other_names_are_not() {
        for host in ["127.0.0.1:8787", "localhost:8787", "LOCALHOST", "[::1]:8787", "127.0.0.1"] {
            assert_eq!(foreign(&headers([("host", host)])), None, "{host}");
        }
        for host in ["evil.example", "evil.example:8787", "127.0.0.1.evil.example", "localhost.evil.example:1", ""] {
            assert!(foreign(&headers([("host", host)])).is_some(), "{host}");
        }
        assert!(foreign(&HeaderMap::new()).is_some());
        assert!(foreign(&headers([("host", "localhost"), ("host", "evil.example")])).is_some());
        for origin in ["https://evil.example", "null", "http://127.0.0.1:8787"] {
            assert!(foreign(&headers([("host", "localhost"), ("origin", origin)])).is_some(), "{origin}");
        }
        assert!(foreign(&headers([("host", "localhost"), ("sec-fetch-site", "cross-site")])).is_some());
        assert_eq!(foreign(&headers([("host", "localhost"), ("sec-fetch-site", "none")])), None);
    }

    #[test]
    fn a_key_is_random_secret_and_compared_whole() {
        let key = Key::random();
        assert_ne!(key.expose(), Key::random().expose());
        assert_eq!(format!("{key:?}"), "Key(..)");
        assert!(key.is(key.expose()) && !key.is(&key.expose()[1..]) && !key.is(""));
        let mut shown = HeaderMap::new();
        assert!(!bears(&shown, &key));
        shown.insert("authorization", format!("Bearer {}", key.expose()).parse().unwrap());
        assert!(bears(&shown, &key));
        assert!(!bears(&shown, &Key::random()));
    }

    #[test]
    fn only_who_signs_with_the_key_signs_with_it() {
        let of = |authorization: &'static str| signs(&headers([("authorization", authorization)]), &Key::agreed("key"));
        assert!(of("AWS4-HMAC-SHA256 Credential=key/20261130/eu-south-1/ssm/aws4_request, Signature=0"));
        for other in ["AWS4-HMAC-SHA256 Credential=keys/2026", "AWS4-HMAC-SHA256 Credential=ke/2026", "Bearer key", ""]
        {
            assert!(!of(other), "{other}");
        }
        assert!(!signs(&HeaderMap::new(), &Key::agreed("key")));
    }
}
