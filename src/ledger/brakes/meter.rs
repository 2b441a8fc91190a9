//! Meters: of how many people something was hidden on an account within the last hour, for the circuit breaker.

use std::collections::HashSet;

use aws_sdk_dynamodb::primitives::Blob;
use aws_sdk_dynamodb::types::AttributeValue;
use jiff::{SignedDuration, Timestamp};
use policy::{AccountId, Platform};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::table::item::{Item, expiry, number, number_of};
use crate::table::keys::{Key, sortable};
use crate::table::store::{Query, Span};
use crate::table::tables::{EXPIRES, Table};
use crate::table::write::Write;
use crate::{Ledger, LedgerError, Pseudonym, Reference};

/// Counts are kept in pieces of so many seconds.
const BUCKET_SECONDS: i64 = 5 * 60;
/// How many pieces make the hour, that of the current moment included.
const BUCKETS: i64 = 12;
/// How long a piece is kept.
const KEPT: SignedDuration = SignedDuration::from_hours(2);

/// How the name of the attribute begins that holds of whom a rule hid something.
const HIDDEN_BY: &str = "hidden_by#";
const CONTRIBUTIONS: &str = "contributions";

/// How many bytes of a hash tell one person from another within an hour.
const TRACE_BYTES: usize = 8;

/// Something that a rule hides, for the meter of its account.
#[derive(Clone, Copy, Debug)]
pub struct Hide<'a> {
    /// Where it stands.
    pub platform: Platform,
    /// On which of our accounts.
    pub account: &'a AccountId,
    /// The id of the rule.
    pub rule: &'a str,
    /// Who wrote it, where the platform tells.
    pub author: Option<&'a Pseudonym>,
    /// What it is: the same for all its revisions.
    pub contribution: &'a Reference,
}

impl Hide<'_> {
    /// What it counts as: its author, or where that is not known, the contribution. A trace leads back to neither.
    fn trace(&self, partition: &str) -> Vec<u8> {
        let whose = match self.author {
            Some(author) => format!("{partition}#author#{author}"),
            None => format!("{partition}#contribution#{}", self.contribution),
        };
        Sha256::digest(whose.as_bytes())[..TRACE_BYTES].to_vec()
    }
}

/// What was counted on an account in the last hour: in the current piece of five minutes and the eleven before it. An
/// author counts once, however much of theirs was hidden and however often they rewrote it: else one person could make
/// a rule look wrong. Of a contribution whose author is not known the same holds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct HourCount {
    /// Of how many authors one rule hid something.
    pub rule_hides: u32,
    /// Of how many authors all rules hid something but those that are halted.
    pub account_hides: u32,
    /// What arrived.
    pub contributions: u32,
}

impl Ledger {
    /// Counts one thing that a rule hides on an account, and `received` contributions that arrived there since the last
    /// call from this process; answers what was counted in the last hour, what `halted` rules hid left out of the
    /// account's sum. What was received is an estimate: where an answer is lost it may count twice, and what a process
    /// received and did not report yet is missing.
    ///
    /// # Errors
    /// When the ledger is unavailable.
    pub async fn count_hide(
        &self,
        hide: Hide<'_>,
        halted: &[&str],
        received: u32,
        now: Timestamp,
    ) -> Result<HourCount, LedgerError> {
        let partition = self.keys.meter(hide.platform, hide.account);
        let current = now.as_second().div_euclid(BUCKET_SECONDS);
        let rule = format!("{HIDDEN_BY}{}", hide.rule);
        let traces = AttributeValue::Bs(vec![Blob::new(hide.trace(&partition))]);
        let additions = vec![(rule.clone(), traces), (CONTRIBUTIONS.to_owned(), number(u64::from(received)))];
        let kept_until = now.checked_add(KEPT).unwrap_or(Timestamp::MAX);
        let set = Item::from([(EXPIRES.to_owned(), expiry(kept_until))]);
        let key = Key { pk: partition.clone(), sk: bucket(current) };
        self.store.add(Table::Casebook, &key, additions, set).await?;

        let (first, last) = (bucket(current - BUCKETS + 1), bucket(current));
        let query = Query { span: Span::Between(&first, &last), ..Query::of(Table::Casebook, &partition) };
        let items = self.store.query(query).await?;
        let (mut of_rule, mut of_account, mut contributions) = (HashSet::new(), HashSet::new(), 0_u64);
        for item in &items {
            contributions = contributions.saturating_add(number_of(item, CONTRIBUTIONS).unwrap_or_default());
            of_rule.extend(traces_in(item, &rule));
            let going_on =
                item.keys().filter(|name| name.strip_prefix(HIDDEN_BY).is_some_and(|rule| !halted.contains(&rule)));
            of_account.extend(going_on.flat_map(|name| traces_in(item, name)));
        }
        let whole = |count: usize| u32::try_from(count).unwrap_or(u32::MAX);
        Ok(HourCount {
            rule_hides: whole(of_rule.len()),
            account_hides: whole(of_account.len()),
            contributions: u32::try_from(contributions).unwrap_or(u32::MAX),
        })
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

/// The traces in an attribute; none where it is missing.
fn traces_in<'i>(item: &'i Item, name: &str) -> impl Iterator<Item = &'i [u8]> + use<'i> {
    item.get(name).and_then(|value| value.as_bs().ok()).into_iter().flatten().map(Blob::as_ref)
}

/// The sort key of the piece with this number.
fn bucket(number: i64) -> String {
    sortable(Timestamp::from_second(number * BUCKET_SECONDS).unwrap_or_default())
}
