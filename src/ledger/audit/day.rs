//! The stored entries of a day, one after the other, as they are stored: what a newer version recorded is passed on
//! unchanged.

use jiff::Timestamp;
use jiff::civil::Date;

use crate::audit::canonical::canonical_of;
use crate::audit::hash::Hash;
use crate::table::item::{Item, from_item, text_of};
use crate::table::keys::DAY_SHARDS;
use crate::table::store::Query;
use crate::table::tables::{PK, RECORDED, RECORDED_AT, RECORDED_DAY, SK, Table};
use crate::{Ledger, LedgerError};

/// An entry as it is stored.
pub(super) struct Stored(Item);

impl Ledger {
    /// Hands out the entries recorded on a day, in no order.
    pub(super) async fn each_entry<E: From<LedgerError>>(
        &self,
        day: Date,
        mut each: impl FnMut(Stored) -> Result<(), E>,
    ) -> Result<(), E> {
        let text = day.to_string();
        let recorded = self.keys.recorded(day);
        let homes: Vec<String> = (0..DAY_SHARDS).map(|shard| self.keys.entries(day, shard)).collect();
        let at_home = homes.iter().map(|partition| Query::of(Table::Audit, partition));
        for query in at_home.chain([Query::index(RECORDED, &recorded)]) {
            let mut pages = self.store.pages(query);
            while let Some(page) = pages.next().await? {
                // What was recorded on another day may be at home here; the index of that day lists it.
                for item in page.into_iter().filter(|item| text_of(item, "day") == Some(&text)) {
                    each(Stored(item))?;
                }
            }
        }
        Ok(())
    }
}

impl Stored {
    pub(super) const fn new(item: Item) -> Self {
        Self(item)
    }

    /// The day on which it was recorded.
    pub(super) fn day(&self) -> Result<Date, LedgerError> {
        self.read("day")
    }

    /// When it was recorded.
    pub(super) fn at(&self) -> Result<Timestamp, LedgerError> {
        self.read("at")
    }

    /// The hash that it was recorded with.
    pub(super) fn hash(&self) -> Result<Hash, LedgerError> {
        self.read("hash")
    }

    /// Its canonical form, over which the hash was taken if nobody changed it since.
    pub(super) fn canonical(mut self) -> Result<String, LedgerError> {
        for beside in [PK, SK, RECORDED_DAY, RECORDED_AT, "hash"] {
            self.0.remove(beside);
        }
        let value: serde_json::Value = from_item("audit entry", self.0)?;
        Ok(canonical_of(&value))
    }

    fn read<T: std::str::FromStr>(&self, field: &str) -> Result<T, LedgerError> {
        let value = text_of(&self.0, field).and_then(|text| text.parse().ok());
        value.ok_or_else(|| LedgerError::Corrupt { what: "audit entry", field: field.to_owned() })
    }
}
