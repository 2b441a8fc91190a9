//! Who is let in at a port of this machine, which every local user and every web page in a browser on it can reach.

use axum::body::Body;
use axum::extract::Request;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use http::{HeaderMap, StatusCode, Uri, header};
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
pub fn foreign(uri: &Uri, headers: &HeaderMap) -> Option<&'static str> {
    let is_for_us = is_for(headers, None) && uri.host().is_none_or(|host| is_own(host, None));
    from_web_page(headers).or_else(|| (!is_for_us).then_some("it is for another host"))
}

/// Why a request comes from a web page, or `None` where nothing says so.
pub fn from_web_page(headers: &HeaderMap) -> Option<&'static str> {
    if headers.contains_key(header::ORIGIN) {
        return Some("it comes from a web page");
    }
    let mut sites = headers.get_all("sec-fetch-site").iter();
    let is_own = sites.all(|site| matches!(site.as_bytes(), b"none" | b"same-origin"));
    (!is_own).then_some("it comes from another web page")
}

/// Whether a request is for this machine, by a name that is always its own, or for the host `also`.
pub fn is_for(headers: &HeaderMap, also: Option<&str>) -> bool {
    let mut hosts = headers.get_all(header::HOST).iter();
    let (Some(host), None) = (hosts.next().and_then(|host| host.to_str().ok()), hosts.next()) else { return false };
    let name = match host.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => name,
        _ => host,
    };
    is_own(name, also)
}

fn is_own(name: &str, also: Option<&str>) -> bool {
    let mut own = ["127.0.0.1", "localhost", "[::1]"].into_iter().chain(also);
    own.any(|own| name.eq_ignore_ascii_case(own))
}

/// A middleware that turns away what is [`foreign`], whatever it asks for; preflights of browsers with it.
pub async fn own_only(request: Request, next: Next) -> Response<Body> {
    match foreign(request.uri(), request.headers()) {
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
    use std::sync::LazyLock;

    use http::HeaderValue;

    use super::*;

    /// As programs and browsers ask, but for proxies.
    static HERE: LazyLock<Uri> = LazyLock::new(|| Uri::from_static("/health"));

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
            assert_eq!(foreign(&HERE, &headers([("host", host)])), None, "{host}");
        }
        for host in ["evil.example", "evil.example:8787", "127.0.0.1.evil.example", "localhost.evil.example:1", ""] {
            assert!(foreign(&HERE, &headers([("host", host)])).is_some(), "{host}");
        }
        assert!(is_for(&headers([("host", "galateo.example.it")]), Some("galateo.example.it")));
        assert!(!is_for(&headers([("host", "evil.example")]), Some("galateo.example.it")));
        assert!(foreign(&HERE, &HeaderMap::new()).is_some());
        assert!(foreign(&HERE, &headers([("host", "localhost"), ("host", "evil.example")])).is_some());
        for origin in ["https://evil.example", "null", "http://127.0.0.1:8787"] {
            assert!(foreign(&HERE, &headers([("host", "localhost"), ("origin", origin)])).is_some(), "{origin}");
        }
        assert!(foreign(&HERE, &headers([("host", "localhost"), ("sec-fetch-site", "cross-site")])).is_some());
        assert_eq!(foreign(&HERE, &headers([("host", "localhost"), ("sec-fetch-site", "none")])), None);
        let two = headers([("host", "localhost"), ("sec-fetch-site", "none"), ("sec-fetch-site", "cross-site")]);
        assert!(foreign(&HERE, &two).is_some(), "the second counts too");
        for (address, is_ours) in [("http://evil.example/health", false), ("http://127.0.0.1:8787/health", true)] {
            let address = address.parse().expect("an address");
            assert_eq!(foreign(&address, &headers([("host", "localhost")])).is_none(), is_ours, "{address}");
        }
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
