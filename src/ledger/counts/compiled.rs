//! What the activity of each day was compiled to, so that the log of a day is read once.

use std::collections::BTreeMap;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::table::item::{from_item, to_item};
use crate::table::store::Query;
use crate::table::tables::Table;
use crate::{Ledger, LedgerError};

const WHAT: &str = "compiled day";

/// An item as it is stored.
#[derive(Debug, Serialize, Deserialize)]
struct CompiledDay {
    day: Date,
    summary: String,
}

impl Ledger {
    /// Keeps what the entries of a day were compiled to, in the compiler's own words, at most 350 KB. Compiled again,
    /// it takes the place of what was there.
    ///
    /// # Errors
    /// When the ledger is unavailable.
    pub async fn put_compiled_day(&self, day: Date, summary: &str) -> Result<(), LedgerError> {
        let item = to_item(WHAT, &CompiledDay { day, summary: summary.to_owned() })?;
        self.store.put(Table::Casebook, &self.keys.compiled_day(day), item).await
    }

    /// What the days of one month were compiled to; those that were not are left out. `month` is any day of it.
    ///
    /// # Errors
    /// When the ledger is unavailable or an item cannot be read.
    pub async fn compiled_days(&self, month: Date) -> Result<BTreeMap<Date, String>, LedgerError> {
        let partition = self.keys.compiled(month);
        let items = self.store.query(Query::of(Table::Casebook, &partition)).await?.into_iter();
        items.map(|item| from_item::<CompiledDay>(WHAT, item).map(|day| (day.day, day.summary))).collect()
    }
}
