//! Meters: how much was hidden on an account within the last hour, for the circuit breaker.

use jiff::{SignedDuration, Timestamp};
use policy::{AccountId, Platform};

use crate::item::{Item, expiry, number_of};
use crate::keys::{Key, sortable};
use crate::store::{Query, Span};
use crate::tables::{EXPIRES, Table};
use crate::write::Write;
use crate::{Ledger, LedgerError};

/// Counts are kept in pieces of so many seconds.
const BUCKET_SECONDS: i64 = 5 * 60;
/// How many pieces make the hour, that of the current moment included.
const BUCKETS: i64 = 12;
/// How long a piece is kept.
const KEPT: SignedDuration = SignedDuration::from_hours(2);

/// How the counter of a rule begins.
const RULE: &str = "rule#";
const CONTRIBUTIONS: &str = "contributions";

/// What was counted on an account in the last hour: in the current piece of five minutes and the eleven before it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct HourCount {
    /// What one rule hid.
    pub rule_hides: u32,
    /// What all rules hid but those that are halted.
    pub account_hides: u32,
    /// What arrived.
    pub contributions: u32,
}

impl Ledger {
    /// Counts one thing that a rule hides on an account, and `received` contributions that arrived there since the last
    /// call from this process; answers what was counted in the last hour, what `halted` rules hid left out of the
    /// account's sum. It is an estimate: an answer that is lost
    /// may count twice, and what a process received and did not report yet is missing.
    ///
    /// # Errors
    /// When the ledger is unavailable.
    pub async fn count_hide(
        &self,
        platform: Platform,
        account: &AccountId,
        rule: &str,
        halted: &[&str],
        received: u32,
        now: Timestamp,
    ) -> Result<HourCount, LedgerError> {
        let partition = self.keys.meter(platform, account);
        let current = now.as_second().div_euclid(BUCKET_SECONDS);
        let rule = format!("{RULE}{rule}");
        let counters = vec![(rule.clone(), 1), (CONTRIBUTIONS.to_owned(), u64::from(received))];
        let kept_until = now.checked_add(KEPT).unwrap_or(Timestamp::MAX);
        let set = Item::from([(EXPIRES.to_owned(), expiry(kept_until))]);
        let key = Key { pk: partition.clone(), sk: bucket(current) };
        self.store.add(Table::Casebook, &key, counters, set).await?;

        let (first, last) = (bucket(current - BUCKETS + 1), bucket(current));
        let query = Query { span: Span::Between(&first, &last), ..Query::of(Table::Casebook, &partition) };
        let mut count = HourCount::default();
        for item in self.store.query(query).await? {
            let counted = |name| number_of(&item, name).and_then(|count| u32::try_from(count).ok()).unwrap_or_default();
            count.rule_hides = count.rule_hides.saturating_add(counted(&rule));
            let going_on =
                item.keys().filter(|name| name.strip_prefix(RULE).is_some_and(|rule| !halted.contains(&rule)));
            for name in going_on {
                count.account_hides = count.account_hides.saturating_add(counted(name));
            }
            count.contributions = count.contributions.saturating_add(counted(CONTRIBUTIONS));
        }
        Ok(count)
    }

    /// Forgets what was counted on an account, so that what goes on again begins from nothing.
    pub(crate) async fn reset_meter(
        &self,
        platform: Platform,
        account: &AccountId,
        now: Timestamp,
    ) -> Result<(), LedgerError> {
        let partition = self.keys.meter(platform, account);
        let current = now.as_second().div_euclid(BUCKET_SECONDS);
        for number in current - BUCKETS + 1..=current {
            let key = Key { pk: partition.clone(), sk: bucket(number) };
            self.store.write(Write::Forget(Table::Casebook, key)).await?;
        }
        Ok(())
    }
}

/// The sort key of the piece with this number.
fn bucket(number: i64) -> String {
    sortable(Timestamp::from_second(number * BUCKET_SECONDS).unwrap_or_default())
}
