//! What is given out of the records about a person: to the person, to a platform, to the authorities.

use jiff::Timestamp;
use policy::{Person, Platform, PolicyRef};

use crate::table::write::Write;
use crate::{AuditEntry, Case, Fact, Ledger, LedgerError, Pseudonym};

impl Ledger {
    /// Records that everything about a case is given out. Call it before it is: what cannot be recorded is not given
    /// out.
    ///
    /// # Errors
    /// When the ledger is unavailable.
    pub async fn disclose_case(&self, case: &Case, by: &Person, now: Timestamp) -> Result<(), LedgerError> {
        let fact = Fact::Disclosure { author: None, by: by.to_string() };
        let entry = AuditEntry::about(case, fact, false, now);
        let key = self.keys.event(&case.id, entry.day, &disclosure(&entry));
        self.record_disclosure(entry.write(key, None)?).await
    }

    /// Records that everything about an author is given out, as [`Ledger::disclose_case`] does about a case.
    ///
    /// # Errors
    /// When the ledger is unavailable.
    pub async fn disclose_author(
        &self,
        platform: Platform,
        author: &Pseudonym,
        policy: &PolicyRef,
        by: &Person,
        now: Timestamp,
    ) -> Result<(), LedgerError> {
        let fact = Fact::Disclosure { author: Some(author.clone()), by: by.to_string() };
        let entry = AuditEntry::at_large(policy, (Some(platform), None), fact, false, now);
        self.record_disclosure(self.write_at_large(&entry, &disclosure(&entry))?).await
    }

    async fn record_disclosure(&self, write: Write) -> Result<(), LedgerError> {
        // If it stands there already, it is the same: its hash is in its key.
        self.store.write(write).await.map(|_| ())
    }
}

fn disclosure(entry: &AuditEntry) -> String {
    format!("disclosure#{}", entry.hash)
}
