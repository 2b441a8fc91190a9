//! Answers that travel compressed. What is secret in a page, the token of its forms, is written otherwise each time
//! ([`crate::visit`]): of a page that also holds what its address says, the length tells nothing then.

use std::io::{Read, Write};

use bytes::Bytes;
use flate2::Compression;
use flate2::read::GzDecoder;
use flate2::write::GzEncoder;
use http::{HeaderMap, HeaderValue, header};

use crate::answer::Answer;

/// What is smaller fits into one packet anyway.
const WORTHWHILE: usize = 1024;
/// The longest that anything here is when it is not compressed.
const LONGEST: u64 = 8 * 1024 * 1024;

/// Whether whoever asks takes gzip.
pub fn accepted(asked: &HeaderMap) -> bool {
    let said = asked.get_all(header::ACCEPT_ENCODING).iter().filter_map(|value| value.to_str().ok());
    let mut named = said.flat_map(|value| value.split(','));
    named.any(|one| {
        let (name, weight) = one.split_once(';').unwrap_or((one, ""));
        let is_refused = weight.split_once('=').is_some_and(|(_, weight)| weight.trim().parse() == Ok(0.0));
        name.trim().eq_ignore_ascii_case("gzip") && !is_refused
    })
}

/// Bytes, compressed.
pub fn gzipped(bytes: &[u8]) -> Bytes {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    // Writing into memory does not fail.
    let written = encoder.write_all(bytes).and_then(|()| encoder.finish());
    Bytes::from(written.unwrap_or_default())
}

/// Bytes as they were before they were compressed.
pub fn plain(bytes: &[u8]) -> Option<Bytes> {
    let mut plain = Vec::new();
    GzDecoder::new(bytes).take(LONGEST).read_to_end(&mut plain).ok()?;
    Some(Bytes::from(plain))
}

/// An answer as it travels to whoever asked: compressed, where they take that and it is worth it.
pub fn travelling(mut answer: Answer, asked: &HeaderMap) -> Answer {
    let is_text = |value: &HeaderValue| value.to_str().is_ok_and(|kind| kind.starts_with("text/"));
    let is_fit = answer.headers().get(header::CONTENT_TYPE).is_some_and(is_text)
        && !answer.headers().contains_key(header::CONTENT_ENCODING)
        && answer.body().len() >= WORTHWHILE;
    if is_fit {
        answer.headers_mut().insert(header::VARY, HeaderValue::from_static("accept-encoding"));
        if accepted(asked) {
            *answer.body_mut() = gzipped(answer.body());
            answer.headers_mut().insert(header::CONTENT_ENCODING, HeaderValue::from_static("gzip"));
        }
    }
    answer
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_whoever_takes_gzip_is_sent_it() {
        for (said, takes) in [
            ("gzip, deflate, br", true),
            ("br;q=1.0, GZIP;q=0.5", true),
            ("gzip;q=0", false),
            ("gzip; q=0.000", false),
            ("br", false),
            ("", false),
        ] {
            let mut asked = HeaderMap::new();
            asked.insert(header::ACCEPT_ENCODING, HeaderValue::from_static(said));
            assert_eq!(accepted(&asked), takes, "{said}");
        }
        assert!(!accepted(&HeaderMap::new()));
        assert_eq!(plain(&gzipped(b"una pagina")).unwrap(), "una pagina");
        assert!(plain(b"no gzip").is_none());
    }
}
