//! Answers, and what every one of them says to the browser beside its page.

use bytes::Bytes;
use http::{HeaderValue, Response, StatusCode, header};

/// An answer of the console.
pub type Answer = Response<Bytes>;

/// What a page may do: show itself with the style, the fonts and the icons of this server, and the pictures that stand in the
/// style itself; and send forms to this server. One script of this server makes it comfortable, and asks this server only.
const CONTENT_SECURITY: &str = "default-src 'none'; script-src 'self'; connect-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; form-action 'self'; \
                                frame-ancestors 'none'; base-uri 'none'";

/// What a page that stands for itself may do: show itself.
const WHOLE_PAGE: &str = "default-src 'none'; style-src 'unsafe-inline'; form-action 'none'; frame-ancestors 'none'; \
                          base-uri 'none'";

/// What a browser is not to let any page do.
const PERMISSIONS: &str = "camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()";

/// For how long a browser remembers to come by https only: a year.
const TRANSPORT: &str = "max-age=31536000; includeSubDomains";

/// A page.
pub fn page(status: StatusCode, html: String) -> Answer {
    with_type(status, "text/html; charset=utf-8", Bytes::from(html))
}

/// Something of a type.
pub fn with_type(status: StatusCode, content_type: &'static str, body: impl Into<Bytes>) -> Answer {
    let mut answer = Response::new(body.into());
    *answer.status_mut() = status;
    answer.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(content_type));
    answer
}

/// A page that stands for itself, as it is published or given out: with its style in it.
pub fn whole_page(html: String) -> Answer {
    let mut answer = page(StatusCode::OK, html);
    answer.headers_mut().insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(WHOLE_PAGE));
    answer
}

/// A file to be kept, under this name.
pub fn file(content_type: &'static str, name: &str, body: impl Into<Bytes>) -> Answer {
    let mut answer = with_type(StatusCode::OK, content_type, body);
    let is_safe = |letter: char| letter.is_ascii_alphanumeric() || matches!(letter, '-' | '_' | '.');
    let name: String = name.chars().filter(|letter| is_safe(*letter)).collect();
    if let Ok(kept) = HeaderValue::try_from(format!("attachment; filename=\"{name}\"")) {
        answer.headers_mut().insert(header::CONTENT_DISPOSITION, kept);
    }
    answer
}

/// The way to another address, to be asked for by `GET`.
pub fn lead_to(address: &str) -> Answer {
    let mut answer = Response::new(Bytes::new());
    match HeaderValue::try_from(address) {
        Ok(address) => {
            *answer.status_mut() = StatusCode::SEE_OTHER;
            answer.headers_mut().insert(header::LOCATION, address);
        }
        // What cannot stand in a header is no address.
        Err(_) => *answer.status_mut() = StatusCode::BAD_REQUEST,
    }
    answer
}

/// Adds what every answer says: nothing is framed, sniffed, kept or told to other sites; in TLS, that it stays so.
pub fn secured(mut answer: Answer, is_plain: bool) -> Answer {
    let headers = answer.headers_mut();
    let mut say = |name, value| {
        headers.insert(name, HeaderValue::from_static(value));
    };
    say(header::X_CONTENT_TYPE_OPTIONS, "nosniff");
    say(header::X_FRAME_OPTIONS, "DENY");
    // No other site is told anything. With `no-referrer` browsers would send our own forms with the origin `null`.
    say(header::REFERRER_POLICY, "same-origin");
    say(http::HeaderName::from_static("permissions-policy"), PERMISSIONS);
    say(http::HeaderName::from_static("cross-origin-opener-policy"), "same-origin");
    say(http::HeaderName::from_static("cross-origin-resource-policy"), "same-origin");
    if !is_plain {
        say(header::STRICT_TRANSPORT_SECURITY, TRANSPORT);
    }
    headers.entry(header::CONTENT_SECURITY_POLICY).or_insert(HeaderValue::from_static(CONTENT_SECURITY));
    headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    answer
}

/// Adds a cookie.
pub fn with_cookie(mut answer: Answer, cookie: &str) -> Answer {
    if let Ok(cookie) = HeaderValue::try_from(cookie) {
        answer.headers_mut().append(header::SET_COOKIE, cookie);
    }
    answer
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_answer_forbids_what_is_not_needed() {
        let answer = secured(page(StatusCode::OK, String::new()), false);
        let header = |name: &str| answer.headers()[name].to_str().unwrap().to_owned();
        assert!(header("content-security-policy").starts_with("default-src 'none'"));
        assert!(!header("content-security-policy").contains("unsafe") && header("x-frame-options") == "DENY");
        assert_eq!((header("referrer-policy"), header("cache-control")), ("same-origin".into(), "no-store".into()));
        assert!(header("strict-transport-security").contains("max-age=31536000"));
        assert!(
            !secured(page(StatusCode::OK, String::new()), true).headers().contains_key("strict-transport-security")
        );
        assert_eq!(lead_to("/a\nset-cookie: x").status(), StatusCode::BAD_REQUEST);
    }
}
