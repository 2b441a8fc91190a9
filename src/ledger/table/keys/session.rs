//! Keys of the sessions of the console.

use super::{Key, Keys};
use crate::SessionKey;

/// How the sort keys of sessions begin.
pub(crate) const SESSION: &str = "session#";

impl Keys {
    /// The partition with all sessions.
    pub(crate) fn sessions(&self) -> String {
        self.partition("sessions")
    }

    pub(crate) fn session(&self, key: &SessionKey) -> Key {
        Key { pk: self.sessions(), sk: format!("{SESSION}{key}") }
    }

    /// That an attempt to sign in was used.
    pub(crate) fn sign_in(&self, attempt: &SessionKey) -> Key {
        Key { pk: self.sessions(), sk: format!("sign-in#{attempt}") }
    }
}
