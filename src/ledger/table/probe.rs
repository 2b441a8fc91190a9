//! Whether the ledger can be read and written right now.

use jiff::Timestamp;

use crate::table::item::{Item, text};
use crate::table::tables::Table;
use crate::{Ledger, LedgerError};

impl Ledger {
    /// Writes one small item into the casebook, always the same, and reads the audit log, where nothing may be written but
    /// entries. For whoever watches a server: a ledger that can only be read acknowledges nothing.
    ///
    /// # Errors
    /// When one of the tables does not answer.
    pub async fn probe(&self, now: Timestamp) -> Result<(), LedgerError> {
        let key = self.keys.probe();
        let item = Item::from([("at".to_owned(), text(&now.to_string()))]);
        self.store.put(Table::Casebook, &key, item).await?;
        self.store.get(Table::Audit, &key).await.map(drop)
    }
}
