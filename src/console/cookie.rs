//! The cookies of the console.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use http::HeaderMap;

use crate::form;

/// A cookie of the console.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cookie {
    /// The secret of the session.
    Session,
    /// The attempt to sign in.
    Attempt,
    /// The language that was asked for.
    Language,
    /// When its person looked last at what had happened.
    Looked,
}

/// A cookie as it is spelled on this server. With TLS its name begins with `__Host-`, by which browsers take it from this
/// very host only, and only with `Secure`. Without, which is possible on one machine only, no browser takes such a name at
/// an address as 127.0.0.1, and some take no `Secure`: there it has another name, and every program that listens on
/// another port of this machine can see it.
#[derive(Clone, Copy, Debug)]
pub struct Spelled {
    cookie: Cookie,
    is_plain: bool,
}

impl Cookie {
    /// As it is spelled with or without TLS.
    pub const fn spelled(self, is_plain: bool) -> Spelled {
        Spelled { cookie: self, is_plain }
    }
}

impl Spelled {
    const fn name(self) -> &'static str {
        match (self.cookie, self.is_plain) {
            (Cookie::Session, false) => "__Host-galateo",
            (Cookie::Session, true) => "galateo-local",
            (Cookie::Attempt, false) => "__Host-galateo-attempt",
            (Cookie::Attempt, true) => "galateo-local-attempt",
            (Cookie::Language, false) => "__Host-galateo-lang",
            (Cookie::Language, true) => "galateo-local-lang",
            (Cookie::Looked, false) => "__Host-galateo-looked",
            (Cookie::Looked, true) => "galateo-local-looked",
        }
    }

    /// Its value in a request.
    pub fn of(self, headers: &HeaderMap) -> Option<&str> {
        form::cookie(headers, self.name())
    }

    /// What sets it, for so many seconds, or until the browser is closed.
    pub fn set(self, value: &str, seconds: Option<i64>) -> String {
        let secure = if self.is_plain { "" } else { "; Secure" };
        let lasts = seconds.map(|seconds| format!("; Max-Age={seconds}")).unwrap_or_default();
        format!("{}={value}; Path=/; HttpOnly; SameSite=Lax{secure}{lasts}", self.name())
    }

    /// What takes it away.
    pub fn gone(self) -> String {
        self.set("", Some(0))
    }
}

/// A secret that nobody can guess: 256 random bits.
pub fn fresh_secret() -> String {
    URL_SAFE_NO_PAD.encode(rand::random::<[u8; 32]>())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn with_tls_a_cookie_is_of_this_host_alone_and_no_script_reads_it() {
        let set = Cookie::Session.spelled(false).set("x", None);
        assert_eq!(set, "__Host-galateo=x; Path=/; HttpOnly; SameSite=Lax; Secure");
        let plain = Cookie::Attempt.spelled(true).gone();
        assert_eq!(plain, "galateo-local-attempt=; Path=/; HttpOnly; SameSite=Lax; Max-Age=0");
        assert!(fresh_secret().len() == 43 && fresh_secret() != fresh_secret());
    }
}
