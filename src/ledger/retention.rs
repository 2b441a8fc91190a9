//! Forgetting what has expired, where the engine does not do it by itself.

use jiff::Timestamp;

use crate::table::tables::Table;
use crate::table::write::{Write, Written};
use crate::{Ledger, LedgerError};

impl Ledger {
    /// Deletes what has expired in the casebook of this organisation, and answers how much that was. For local engines: in
    /// AWS the table forgets by itself. It reads all of the casebook, page by page, so it is for the night; nothing that
    /// it deletes could be read any more, since every read compares the time.
    ///
    /// # Errors
    /// When the ledger is unavailable. What was deleted until then stays so, and repeating deletes the rest.
    pub async fn forget_expired(&self, now: Timestamp) -> Result<usize, LedgerError> {
        let (partitions, mut from, mut forgotten) = (self.keys.all(), None, 0);
        loop {
            let (keys, next) = self.store.expired(Table::Casebook, &partitions, now, from).await?;
            for key in keys {
                let written = self.store.write(Write::Expire(Table::Casebook, key, now)).await?;
                forgotten += usize::from(written != Written::No);
            }
            match next {
                Some(next) => from = Some(next),
                None => return Ok(forgotten),
            }
        }
    }
}
