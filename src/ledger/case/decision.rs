//! Decisions: what a person decided about a case, and why.

use std::fmt;

use jiff::Timestamp;
use policy::Person;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::table::item::{expiry, to_item};
use crate::table::tables::{EXPIRES, Table};
use crate::table::write::Write;
use crate::{CaseId, DecisionKind, Ledger, LedgerError};

/// What a person decided about a case. The reason may speak of people: with its salt it is an item of its own, which
/// the table forgets by itself, and reads leave both out from the moment that their time is over. What was decided, by
/// whom and when stays. `Debug` does not show the reason.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Decision {
    /// What.
    pub kind: DecisionKind,
    /// Who.
    pub by: Person,
    /// When.
    pub at: Timestamp,
    /// Why; `None` when no reason was asked for, or its time is over.
    #[serde(skip)]
    pub reason: Option<String>,
    /// Random characters, different for each decision, without which nobody can find out by trying whether a guessed
    /// reason is the one in the audit log. Empty when the time of the reason is over.
    #[serde(skip)]
    pub salt: String,
    /// Until when reason and salt are kept.
    pub keep_until: Timestamp,
}

impl Decision {
    /// What the audit log says about the reason: see [`reason_hash`].
    pub(crate) fn reason_hash(&self) -> String {
        reason_hash(&self.salt, self.reason.as_deref().unwrap_or_default())
    }
}

impl fmt::Debug for Decision {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Decision")
            .field("kind", &self.kind)
            .field("by", &self.by)
            .field("at", &self.at)
            .finish_non_exhaustive()
    }
}

/// The SHA-256, in lower-case hex, of a salt and the reason right behind it: what the audit log keeps of a reason.
pub fn reason_hash(salt: &str, reason: &str) -> String {
    hex::encode(Sha256::new().chain_update(salt).chain_update(reason).finalize())
}

/// Random characters for [`Decision::salt`] and its like.
pub fn salt() -> String {
    hex::encode(rand::random::<[u8; 16]>())
}

/// How a reason is stored.
#[derive(Serialize, Deserialize)]
pub(crate) struct Reason {
    reason: Option<String>,
    salt: String,
    expires_at: Timestamp,
}

impl Reason {
    /// Puts it back into its decision, unless its time is over.
    pub(crate) fn restore(self, decision: &mut Decision, now: Timestamp) {
        if self.expires_at > now {
            decision.reason = self.reason;
            decision.salt = self.salt;
        }
    }
}

impl Ledger {
    /// The write that keeps the reason of a decision, the `number`-th of its case, counted from 1.
    pub(crate) fn write_reason(&self, case: &CaseId, number: usize, decision: &Decision) -> Result<Write, LedgerError> {
        let Decision { reason, salt, keep_until, .. } = decision.clone();
        let mut item = to_item("reason", &Reason { reason, salt, expires_at: keep_until })?;
        item.insert(EXPIRES.to_owned(), expiry(keep_until));
        Ok(Write::New(Table::Casebook, self.keys.reason(case, number), item))
    }
}
