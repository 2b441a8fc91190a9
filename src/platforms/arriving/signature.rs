//! The signature schemes that platforms share: an HMAC over the raw bytes, checked in constant time against every
//! active secret.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use hmac::digest::KeyInit;
use hmac::{Hmac, Mac};
use http::HeaderMap;
use secrecy::ExposeSecret;
use sha1::Sha1;
use sha2::Sha256;

use crate::Secret;

/// Why a delivery is not believed. The sender is told the same in every case.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unverified {
    /// There is no signature header.
    #[error("no signature header")]
    Missing,
    /// The header is not of the documented form.
    #[error("the signature header is not of the documented form")]
    Unreadable,
    /// No active secret leads to this signature.
    #[error("no active secret leads to this signature")]
    Mismatch,
    /// The signature is right, and can be that of a challenge, which anyone can have answered.
    #[error("what is signed can be a challenge, and is no delivery")]
    Challenge,
}

/// The value of a header as text.
pub(crate) fn header<'h>(headers: &'h HeaderMap, name: &str) -> Result<&'h str, Unverified> {
    let value = headers.get(name).ok_or(Unverified::Missing)?;
    value.to_str().map(str::trim).map_err(|_| Unverified::Unreadable)
}

/// Decodes lower- or upper-case hex.
pub(crate) fn from_hex(text: &str) -> Result<Vec<u8>, Unverified> {
    hex::decode(text).map_err(|_| Unverified::Unreadable)
}

/// Decodes standard base64 with padding.
pub(crate) fn from_base64(text: &str) -> Result<Vec<u8>, Unverified> {
    BASE64.decode(text).map_err(|_| Unverified::Unreadable)
}

/// Whether a body begins as the deliveries of X and LinkedIn do, which are JSON objects. Their challenges are signed with
/// the same key, and whoever asks can have a short word signed: `1` and `null` are JSON too, and no delivery.
pub(crate) fn is_delivery(body: &[u8]) -> bool {
    body.trim_ascii_start().starts_with(b"{")
}

/// Checks an HMAC-SHA256 over the concatenation of `parts` against every secret.
pub(crate) fn verify_sha256(secrets: &[Secret], parts: &[&[u8]], signature: &[u8]) -> Result<(), Unverified> {
    verify::<Hmac<Sha256>>(secrets, parts, signature)
}

/// Checks an HMAC-SHA1 over the concatenation of `parts` against every secret (WebSub).
pub(crate) fn verify_sha1(secrets: &[Secret], parts: &[&[u8]], signature: &[u8]) -> Result<(), Unverified> {
    verify::<Hmac<Sha1>>(secrets, parts, signature)
}

fn verify<M: Mac + KeyInit>(secrets: &[Secret], parts: &[&[u8]], signature: &[u8]) -> Result<(), Unverified> {
    // Every secret is tried, so that the time taken does not tell which of them matched.
    let mut matched = false;
    for secret in secrets {
        matched |= keyed::<M>(secret, parts).verify_slice(signature).is_ok();
    }
    if matched { Ok(()) } else { Err(Unverified::Mismatch) }
}

/// The HMAC-SHA256 of a text, for challenges.
pub(crate) fn sha256(secret: &Secret, text: &[u8]) -> Vec<u8> {
    keyed::<Hmac<Sha256>>(secret, &[text]).finalize().into_bytes().to_vec()
}

/// The HMAC-SHA256 of a text in standard base64.
pub(crate) fn sha256_base64(secret: &Secret, text: &[u8]) -> String {
    BASE64.encode(sha256(secret, text))
}

/// Whether a text equals one of the secrets, in constant time for texts of any length.
pub(crate) fn is_one_of(secrets: &[Secret], text: &str) -> bool {
    // Comparing the MACs of both hides where they differ, and that their lengths do.
    let mut matched = false;
    for secret in secrets {
        let expected = sha256(secret, secret.expose_secret().as_bytes());
        matched |= keyed::<Hmac<Sha256>>(secret, &[text.as_bytes()]).verify_slice(&expected).is_ok();
    }
    matched
}

fn keyed<M: Mac + KeyInit>(secret: &Secret, parts: &[&[u8]]) -> M {
    let mut mac = <M as KeyInit>::new_from_slice(secret.expose_secret().as_bytes())
        .unwrap_or_else(|_| unreachable!("an HMAC takes a key of any length"));
    for part in parts {
        mac.update(part);
    }
    mac
}
