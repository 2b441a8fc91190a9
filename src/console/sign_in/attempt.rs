//! One attempt to sign in: what ties the answer of the provider to the browser that asked. All of it follows from a secret
//! that only this browser holds, so that nothing is written down for somebody who never comes back.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, KeyInit, Mac};
use jiff::{SignedDuration, Timestamp};
use ledger::SessionKey;
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

/// How long somebody may take at the provider.
pub const LASTS: SignedDuration = SignedDuration::from_mins(15);

/// An attempt. `Debug` shows nothing of it.
#[derive(Clone)]
pub struct Attempt {
    secret: String,
    began_at: Timestamp,
    /// Where to go afterwards: a path of the console.
    pub next: String,
}

impl Attempt {
    /// One that begins now and leads to a path of the console; to its beginning, where it is none.
    pub fn new(next: &str, now: Timestamp) -> Self {
        let secret = URL_SAFE_NO_PAD.encode(rand::random::<[u8; 32]>());
        Self { secret, began_at: now, next: own(next).to_owned() }
    }

    /// What the browser holds of it.
    pub fn cookie(&self) -> String {
        format!("{}.{}.{}", self.began_at.as_second(), self.secret, URL_SAFE_NO_PAD.encode(&self.next))
    }

    /// The attempt of which a browser holds this, unless its time is over.
    pub fn from_cookie(cookie: &str, now: Timestamp) -> Option<Self> {
        let mut parts = cookie.split('.');
        let (began_at, secret, next) = (parts.next()?.parse().ok()?, parts.next()?, parts.next()?);
        let began_at = Timestamp::from_second(began_at).ok()?;
        let is_secret = URL_SAFE_NO_PAD.decode(secret).is_ok_and(|bytes| bytes.len() == 32);
        let age = now.duration_since(began_at);
        if parts.next().is_some() || !is_secret || age > LASTS || age < -LASTS {
            return None;
        }
        let next = String::from_utf8(URL_SAFE_NO_PAD.decode(next).ok()?).ok()?;
        Some(Self { secret: secret.to_owned(), began_at, next: own(&next).to_owned() })
    }

    /// What the provider has to give back with its answer.
    pub fn state(&self) -> String {
        self.derived("state")
    }

    /// What has to stand in the token.
    pub fn nonce(&self) -> String {
        self.derived("nonce")
    }

    /// What proves to the provider that whoever exchanges the code has asked for it (PKCE, RFC 7636).
    pub fn verifier(&self) -> String {
        self.derived("verifier")
    }

    /// The hash of the verifier, which the provider is given first.
    pub fn challenge(&self) -> String {
        URL_SAFE_NO_PAD.encode(Sha256::digest(self.verifier()))
    }

    /// Whether an answer is to this attempt.
    pub fn is_answered_by(&self, state: &str) -> bool {
        self.state().as_bytes().ct_eq(state.as_bytes()).into()
    }

    /// By what it is remembered that it was used.
    pub fn key(&self) -> SessionKey {
        SessionKey::of(&self.secret)
    }

    fn derived(&self, what: &str) -> String {
        derived(&self.secret, what)
    }
}

/// What follows from a secret for one use, from which nothing leads back to it.
pub fn derived(secret: &str, what: &str) -> String {
    let mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).map(|mac| mac.chain_update(what));
    // A key of any length is one.
    mac.map(|mac| URL_SAFE_NO_PAD.encode(mac.finalize().into_bytes())).unwrap_or_default()
}

/// A path of the console, or its beginning: nobody is led away from here by a link that somebody else made.
fn own(path: &str) -> &str {
    let rest = path.strip_prefix("/console");
    let is_own = rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(['/', '?']));
    let is_plain = path.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'\\');
    if is_own && is_plain && path.len() <= 1000 { path } else { "/console" }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    #[test]
    fn an_attempt_is_that_of_one_browser_for_a_quarter_of_an_hour() {
        let began = at("2026-11-02T09:00:00Z");
        let attempt = Attempt::new("/console/case/1?x=2", began);
        let read = |now| Attempt::from_cookie(&attempt.cookie(), at(now));
        let back = read("2026-11-02T09:15:00Z").unwrap();
        assert_eq!(
            (back.state(), back.nonce(), back.next.as_str()),
            (attempt.state(), attempt.nonce(), "/console/case/1?x=2")
        );
        assert!(back.is_answered_by(&attempt.state()) && !back.is_answered_by(&attempt.nonce()));
        assert!(read("2026-11-02T09:15:01Z").is_none() && read("2026-11-02T08:44:00Z").is_none());
        assert_ne!(attempt.state(), Attempt::new("", began).state());
        let all = [attempt.state(), attempt.nonce(), attempt.verifier(), attempt.challenge(), attempt.secret.clone()];
        assert!(all.iter().all(|one| one.len() == 43 && all.iter().filter(|other| *other == one).count() == 1));
        for broken in ["", "1", "1.2.3", "1793610000.abc.", &format!("{}.x", attempt.cookie())] {
            assert!(Attempt::from_cookie(broken, began).is_none(), "{broken}");
        }
    }

    #[test]
    fn nobody_is_led_away_from_the_console() {
        for away in
            ["https://evil.example", "//evil.example", "/consoles", "/console\\@evil.example", "/", "", "/console/è"]
        {
            assert_eq!(own(away), "/console", "{away}");
        }
        for here in ["/console", "/console/queue?sort=urgent", "/console?x=1"] {
            assert_eq!(own(here), here);
        }
    }
}
