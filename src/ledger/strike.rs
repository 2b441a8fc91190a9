//! Strikes: the violations that count against an author.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::item::{from_item, to_item};
use crate::store::{Query, Write, number};
use crate::tables::{EXPIRES, Table};
use crate::{CaseId, Ledger, LedgerError, Pseudonym};

/// A violation that counts against an author. There is one item for each, under the id of the case that caused it:
/// it can neither be counted twice nor be confused with another.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Strike {
    /// The case that caused it.
    pub case: CaseId,
    /// The clause that was violated.
    pub clause: String,
    /// How much it counts.
    pub weight: u32,
    /// Since when.
    pub at: Timestamp,
    /// Until when. The table forgets it some days after that, so whoever counts strikes compares this.
    pub expires_at: Timestamp,
}

impl Ledger {
    /// The strikes of an author in the order of their cases' ids, expired ones that the table did not forget yet
    /// included.
    ///
    /// # Errors
    /// When the ledger is unavailable or an item cannot be read.
    pub async fn strikes(&self, author: &Pseudonym) -> Result<Vec<Strike>, LedgerError> {
        let partition = self.keys.strikes(author);
        let query = Query { table: Table::Casebook, index: None, partition: &partition, up_to: None, limit: None };
        self.store.query(&query).await?.into_iter().map(|item| from_item("strike", item)).collect()
    }

    /// The write that records a strike.
    pub(crate) fn write_strike(&self, author: &Pseudonym, strike: &Strike) -> Result<Write, LedgerError> {
        let mut item = to_item("strike", strike)?;
        item.insert(EXPIRES.to_owned(), number(strike.expires_at.as_second().try_into().unwrap_or_default()));
        Ok(Write::New(Table::Casebook, self.keys.strike(author, &strike.case), item))
    }
}
