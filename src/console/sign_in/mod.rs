//! Signing in and out: OpenID Connect by code flow with PKCE, state and nonce.

pub mod attempt;
mod provider;
mod token;

use http::HeaderMap;
use jiff::Timestamp;
use ledger::{LedgerError, Session, SessionKey};

use crate::Console;
use crate::answer::{Answer, lead_to, with_cookie};
use crate::cookie::{Cookie, fresh_secret};
use crate::form::{Fields, address};

use attempt::Attempt;

pub use provider::{Away, Provider};
pub use token::NotBelieved;

/// Where the provider leads back to.
pub const CALLBACK: &str = "/console/callback";
/// Where it leads back to after signing out.
pub const SIGNED_OUT: &str = "/console/signed-out";

/// Why somebody is not signed in.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// The provider did not help.
    #[error(transparent)]
    Away(#[from] Away),
    /// The provider says that it does not let them in, or that they have turned away.
    #[error("the identity provider declined")]
    Declined,
    /// It is no answer to an attempt of this browser, or it took too long.
    #[error("the answer is to no attempt of this browser, or too late")]
    Stale,
    /// The attempt was used before.
    #[error("the attempt was used before")]
    Used,
    /// The token is not believed.
    #[error("the token is not believed: {0}")]
    NotBelieved(#[from] NotBelieved),
    /// They have no role here.
    #[error("no role here")]
    NoRole,
    /// The ledger failed.
    #[error(transparent)]
    Ledger(#[from] LedgerError),
}

impl Console {
    /// Leads a browser to the provider.
    pub(crate) async fn sign_in(&self, query: &Fields, now: Timestamp) -> Result<Answer, Refused> {
        let attempt = Attempt::new(query.get("next"), now);
        let url = self.provider.entrance(&self.settings, &attempt, now).await?;
        let seconds = attempt::LASTS.as_secs();
        Ok(with_cookie(lead_to(url.as_str()), &self.cookie(Cookie::Attempt).set(&attempt.cookie(), Some(seconds))))
    }

    /// Takes the answer that the provider sends back with the browser. Whatever comes of it, the attempt is over.
    pub(crate) async fn callback(
        &self,
        headers: &HeaderMap,
        query: &Fields,
        now: Timestamp,
    ) -> Result<Answer, Refused> {
        let attempt = self.cookie(Cookie::Attempt).of(headers).and_then(|cookie| Attempt::from_cookie(cookie, now));
        let attempt = attempt.filter(|attempt| attempt.is_answered_by(query.get("state"))).ok_or(Refused::Stale)?;
        let Some(code) = query.given("code") else { return Err(Refused::Declined) };
        let token = self.provider.token(&self.settings, &attempt, code, now).await?;
        let kid = token::header(&token)?.kid;
        let key = self.provider.key(&self.settings, kid.as_deref(), now).await?.ok_or(NotBelieved::Key)?;
        let told = token::believed(&token, &key, &self.settings, &attempt.nonce(), now)?;
        let ledger = self.moderation.ledger();
        // Longer than both the token and the cookie are good for.
        let until = told.until.max(now.saturating_add(attempt::LASTS * 2).unwrap_or(Timestamp::MAX));
        if !ledger.use_sign_in(&attempt.key(), until, now).await? {
            return Err(Refused::Used);
        }
        if told.roles.is_empty() {
            return Err(Refused::NoRole);
        }
        // Whoever was signed in with this browser before is not any more, and nothing that was known before counts.
        if let Some(before) = self.cookie(Cookie::Session).of(headers) {
            ledger.end_session(&SessionKey::of(before)).await?;
        }
        let secret = fresh_secret();
        let end = |time| now.saturating_add(time).unwrap_or(Timestamp::MAX);
        let (idle, longest) = (end(self.settings.idle), end(self.settings.longest));
        let session = Session::new(told.person, told.roles.names(), now, idle, longest);
        ledger.begin_session(&SessionKey::of(&secret), &session).await?;
        tracing::info!(roles = %session.roles.join(" "), "somebody has signed in to the console");
        let answer = with_cookie(lead_to(&attempt.next), &self.cookie(Cookie::Session).set(&secret, None));
        Ok(with_cookie(answer, &self.cookie(Cookie::Attempt).gone()))
    }

    /// Ends the session of a browser, and leads to where it can be ended at the provider as well.
    pub(crate) async fn sign_out(&self, key: &SessionKey) -> Result<Answer, LedgerError> {
        self.moderation.ledger().end_session(key).await?;
        let answer = lead_to(&address(SIGNED_OUT, &[("here", "1")]));
        Ok(with_cookie(answer, &self.cookie(Cookie::Session).gone()))
    }
}
