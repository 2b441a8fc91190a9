//! What is said to an author only once.

use jiff::Timestamp;
use policy::Notice;

use crate::table::item::{Item, expiry, text, text_of};
use crate::table::keys::{Key, sortable};
use crate::table::tables::{EXPIRES, Table};
use crate::table::write::{HOLDS_UNTIL, Write};
use crate::{Ledger, LedgerError, Pseudonym, PseudonymKey};

/// When it was said: an erasure leaves what is newer than the request.
pub(crate) const SAID_AT: &str = "said_at";

/// Something that is said once to an author in a scope, for a time: a redirect in a thread, a message outside the
/// hours of service. It is recorded together with the verdict that says it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Once {
    /// What is said.
    pub what: Notice,
    /// To whom.
    pub author: Pseudonym,
    /// Where or when: the platform's id of the thread, the end of the hours of service. It is stored as a keyed hash.
    pub scope: String,
    /// Until when it is not said again.
    pub expires_at: Timestamp,
}

impl Ledger {
    /// Whether it was said, and is not to be said again yet.
    ///
    /// # Errors
    /// When the ledger is unavailable.
    pub async fn was_said(&self, once: &Once, now: Timestamp) -> Result<bool, LedgerError> {
        for key in self.pseudonyms.newest_first() {
            let item = self.store.get(Table::Casebook, &self.said(once, key)).await?;
            let until = item.as_ref().and_then(|item| text_of(item, HOLDS_UNTIL));
            if until.is_some_and(|until| until > sortable(now).as_str()) {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// The write that records that it is said now. Its condition does not hold where it was said already.
    pub(crate) fn write_once(&self, once: &Once, now: Timestamp) -> Write {
        let item = Item::from([
            (HOLDS_UNTIL.to_owned(), text(&sortable(once.expires_at))),
            (SAID_AT.to_owned(), text(&now.to_string())),
            (EXPIRES.to_owned(), expiry(once.expires_at)),
        ]);
        Write::Renew(Table::Casebook, self.said(once, self.pseudonyms.in_force(now)), item, now)
    }

    fn said(&self, once: &Once, key: &PseudonymKey) -> Key {
        let what = once.what.as_str();
        self.keys.said(&once.author, what, &key.scope(what, &once.scope))
    }
}
