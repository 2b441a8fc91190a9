//! How far each account was polled.

use policy::{AccountId, Platform};

use crate::table::item::{Item, text, text_of};
use crate::table::tables::Table;
use crate::{Ledger, LedgerError};

const CURSOR: &str = "cursor";

impl Ledger {
    /// How far an account was read, in the poller's own words; `None` before the first time.
    ///
    /// # Errors
    /// When the ledger is unavailable.
    pub async fn cursor(&self, platform: Platform, account: &AccountId) -> Result<Option<String>, LedgerError> {
        let item = self.store.get(Table::Casebook, &self.keys.cursor(platform, account)).await?;
        Ok(item.as_ref().and_then(|item| text_of(item, CURSOR)).map(str::to_owned))
    }

    /// Notes how far an account was read.
    ///
    /// # Errors
    /// When the ledger is unavailable.
    pub async fn set_cursor(&self, platform: Platform, account: &AccountId, cursor: &str) -> Result<(), LedgerError> {
        let item = Item::from([(CURSOR.to_owned(), text(cursor))]);
        self.store.put(Table::Casebook, &self.keys.cursor(platform, account), item).await
    }
}
