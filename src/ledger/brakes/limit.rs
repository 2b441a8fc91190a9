//! Limits of the platforms that are reached: until when nothing is asked of an account. They stand here so that every
//! process knows what one of them was told.

use jiff::{SignedDuration, Timestamp};
use policy::{AccountId, Platform};
use serde::{Deserialize, Serialize};

use crate::table::item::{expiry, from_item, text, to_item};
use crate::table::keys::sortable;
use crate::table::store::Query;
use crate::table::tables::{EXPIRES, Table};
use crate::table::write::{HOLDS_UNTIL, Write, Written};
use crate::{Ledger, LedgerError};

const WHAT: &str = "limit";

/// For how long a limit is remembered after its end, at least, so that the next one can be told from the first.
const REMEMBERED: SignedDuration = SignedDuration::from_hours(1);

/// The longest time that is believed of a limit: no platform has one for more than a day, and some days have 25 hours. What
/// holds for longer was noted by a process whose clock stood in the future.
pub const LONGEST_LIMIT: SignedDuration = SignedDuration::from_hours(25);

/// What a limit is about.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct LimitScope {
    /// Where it was reached.
    pub platform: Platform,
    /// The account to which it belongs; without one it belongs to our application at the platform, and so to all accounts
    /// that are asked through it.
    pub account: Option<AccountId>,
    /// The one kind of call that it is about, by its name; without one it is about all calls.
    pub call: Option<String>,
}

/// A limit that is reached, or was a short time ago.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReachedLimit {
    /// To whom it belongs.
    pub scope: LimitScope,
    /// When it was reached.
    pub since: Timestamp,
    /// Until when nothing is asked.
    pub until: Timestamp,
    /// How many times it was reached in a row, each soon after the end of the one before, without the platform saying for
    /// how long.
    pub times: u32,
}

impl ReachedLimit {
    /// Whether it ends in a time that can be believed.
    fn is_believed(&self, now: Timestamp) -> bool {
        self.until.duration_since(now) <= LONGEST_LIMIT
    }
}

impl Ledger {
    /// The limits that are reached, and those of which the time was over a short time ago.
    ///
    /// # Errors
    /// When the ledger is unavailable or an item cannot be read.
    pub async fn limits(&self, now: Timestamp) -> Result<Vec<ReachedLimit>, LedgerError> {
        let partition = self.keys.limits();
        let items = self.store.query(Query::of(Table::Casebook, &partition)).await?;
        let limits: Result<Vec<ReachedLimit>, _> = items.into_iter().map(|item| from_item(WHAT, item)).collect();
        Ok(limits?.into_iter().filter(|limit| limit.is_believed(now)).collect())
    }

    /// Forgets a limit, because whoever may know says that it is over. Whoever meets it again notes it again.
    ///
    /// # Errors
    /// When the ledger is unavailable.
    pub async fn forget_limit(&self, scope: &LimitScope) -> Result<(), LedgerError> {
        self.store.write(Write::Forget(Table::Casebook, self.keys.limit(scope))).await?;
        Ok(())
    }

    /// Notes that a limit is reached, and answers which one holds now: of two processes that meet the same limit at the
    /// same time, the one that was told of the longer time has noted it.
    ///
    /// # Errors
    /// When the ledger is unavailable or the item cannot be read.
    pub async fn put_limit(&self, limit: &ReachedLimit, now: Timestamp) -> Result<ReachedLimit, LedgerError> {
        let key = self.keys.limit(&limit.scope);
        let mut item = to_item(WHAT, limit)?;
        item.insert(HOLDS_UNTIL.to_owned(), text(&sortable(limit.until)));
        let forgotten = limit.until.saturating_add(REMEMBERED).unwrap_or(Timestamp::MAX);
        item.insert(EXPIRES.to_owned(), expiry(forgotten));
        // In place of one that ends no later.
        let renewed = Write::Renew(Table::Casebook, key.clone(), item.clone(), limit.until);
        if self.store.write(renewed).await? == Written::Yes {
            return Ok(limit.clone());
        }
        let standing = self.store.get(Table::Casebook, &key).await?;
        let standing: Option<ReachedLimit> = standing.map(|item| from_item(WHAT, item)).transpose()?;
        match standing.filter(|standing| standing.is_believed(now)) {
            Some(standing) => Ok(standing),
            None => {
                self.store.put(Table::Casebook, &key, item).await?;
                Ok(limit.clone())
            }
        }
    }
}
