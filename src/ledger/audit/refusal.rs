//! Tries of people who have signed in, and may not do what they tried.

use jiff::Timestamp;
use policy::{Person, PolicyRef};
use sha2::{Digest, Sha256};

use crate::table::keys::sortable;
use crate::table::write::Written;
use crate::{AuditEntry, Fact, Ledger, LedgerError, Recorded};

/// What names an hour in a key: the time up to it.
const HOUR: usize = "2026-12-01T09".len();

impl Ledger {
    /// Records that somebody tried what their role may not do. The same try of the same person is on record once an hour,
    /// so that nobody fills the log.
    ///
    /// # Errors
    /// When the ledger is unavailable.
    pub async fn refuse(
        &self,
        by: &Person,
        what: &str,
        needs: &str,
        policy: &PolicyRef,
        now: Timestamp,
    ) -> Result<Recorded, LedgerError> {
        let fact = Fact::Refusal { by: by.to_string(), what: what.to_owned(), needs: needs.to_owned() };
        let entry = AuditEntry::at_large(policy, (None, None), fact, false, now);
        let time = sortable(now);
        let hour = time.get(..HOUR).unwrap_or(&time);
        let who = hex::encode(Sha256::new().chain_update(by.as_str()).chain_update("\n").chain_update(what).finalize());
        let written = self.store.write(self.write_at_large(&entry, &format!("refusal#{hour}#{who}"))?).await?;
        Ok(if written == Written::No { Recorded::Duplicate } else { Recorded::New })
    }
}
