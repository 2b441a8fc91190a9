//! Reading the audit log.

use jiff::civil::Date;
use policy::Contribution;

use crate::table::item::from_item;
use crate::table::keys::DAY_SHARDS;
use crate::table::store::Query;
use crate::table::tables::{RECORDED, Table};
use crate::{AuditEntry, Ledger, LedgerError};

impl Ledger {
    /// The audit entry of the verdict on a revision, if it was judged.
    ///
    /// # Errors
    /// When the ledger is unavailable or the item cannot be read.
    pub async fn entry(&self, contribution: &Contribution) -> Result<Option<AuditEntry>, LedgerError> {
        for id in self.case_ids(contribution) {
            let key = self.keys.verdict(&id, contribution.at);
            if let Some(item) = self.store.get(Table::Audit, &key).await? {
                return from_item("audit entry", item).map(Some);
            }
        }
        Ok(None)
    }

    /// All entries recorded on a day, in the order of time. What was recorded within the last second or so away from
    /// its home may be missing: the index that lists it follows its table with a delay.
    ///
    /// # Errors
    /// When the ledger is unavailable or an item cannot be read.
    pub async fn entries(&self, day: Date) -> Result<Vec<AuditEntry>, LedgerError> {
        let mut entries: Vec<AuditEntry> = Vec::new();
        for shard in 0..DAY_SHARDS {
            let partition = self.keys.entries(day, shard);
            for item in self.store.query(Query::of(Table::Audit, &partition)).await? {
                let entry: AuditEntry = from_item("audit entry", item)?;
                // What was recorded on another day is at home here, and listed by the index of that day.
                if entry.day == day {
                    entries.push(entry);
                }
            }
        }
        for item in self.store.query(Query::index(RECORDED, &self.keys.recorded(day))).await? {
            entries.push(from_item("audit entry", item)?);
        }
        entries.sort_by_cached_key(|entry| (entry.at, entry.case.clone(), entry.hash.clone()));
        Ok(entries)
    }
}
