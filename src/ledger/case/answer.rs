//! What a platform calls what came of an action: the id of our reply, apart from the case for the same reason as its
//! content.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::table::item::{expiry, to_item};
use crate::table::tables::{EXPIRES, Table};
use crate::table::write::Write;
use crate::{Action, Case, Ledger, LedgerError};

/// How the id of what came of an action is stored.
#[derive(Serialize, Deserialize)]
pub(crate) struct Answer {
    reference: String,
    expires_at: Timestamp,
}

impl Answer {
    /// Puts it back into its action, unless its time is over.
    pub(crate) fn restore(self, action: &mut Action, now: Timestamp) {
        if self.expires_at > now {
            action.reference = Some(self.reference);
        }
    }
}

impl Ledger {
    /// The write that keeps the id of what came of an action, as long as the content of the case.
    pub(crate) fn write_answer(&self, case: &Case, action: &str, reference: &str) -> Result<Write, LedgerError> {
        let expires_at = case.keep_until;
        let mut item = to_item("answer", &Answer { reference: reference.to_owned(), expires_at })?;
        item.insert(EXPIRES.to_owned(), expiry(expires_at));
        Ok(Write::Ensure(Table::Casebook, self.keys.answer(&case.id, action), item))
    }
}
