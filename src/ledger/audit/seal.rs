//! Sealing: each day's entries bound by one hash, chained to the day before.

use std::collections::HashSet;

use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp, ToSpan};
use serde::{Deserialize, Serialize};

use crate::audit::SEAL_VERSION;
use crate::audit::canonical::canonical_of;
use crate::audit::hash::Hash;
use crate::audit::merkle;
use crate::table::item::{Item, from_item, to_item};
use crate::table::keys;
use crate::table::store::{Query, Span};
use crate::table::tables::{PK, SK, Table};
use crate::table::write::{Write, Written};
use crate::{Ledger, LedgerError};

/// How long after midnight a day is sealed at the earliest. What arrived before midnight is written, and listed by the
/// index, long before that: no request is tried for more than a few minutes.
const MARGIN: SignedDuration = SignedDuration::from_hours(1);

/// How many days back a sealing looks for entries that no seal binds yet.
pub(super) const LOOKBACK_DAYS: i64 = 7;

/// How many days are sealed without a person asking. Where each night is sealed, as many to make up for are a sign that the
/// clock is wrong: it would seal days that have not come, and what is recorded on them then would be bound by nothing.
const DAYS_UNASKED: i32 = 40;

/// What binds the entries of a day. It binds those that were on record when it was made, and those of the seven days
/// before that no earlier seal binds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Seal {
    /// The version of its form: 1.
    pub version: u32,
    /// The organisation whose entries these are.
    pub organisation: String,
    /// The day in Italy.
    pub day: Date,
    /// How many entries it binds.
    pub count: u64,
    /// How many of them were recorded for an earlier day, and were not there when that was sealed.
    pub late: u64,
    /// The root of the Merkle tree of RFC 6962 over the hashes of the entries, in the order of time and then of hash.
    pub root: Hash,
    /// When it was made.
    pub sealed_at: Timestamp,
    /// The hash of the seal of the day before; `None` for the first of all.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub previous: Option<Hash>,
}

impl Seal {
    /// The seal over the hashes of a day's entries, in their order, of which so many came late.
    pub fn new(
        organisation: &str,
        day: Date,
        hashes: &[Hash],
        late: u64,
        sealed_at: Timestamp,
        previous: Option<Hash>,
    ) -> Self {
        let (count, root) = (hashes.len() as u64, merkle::root(hashes));
        let organisation = organisation.to_owned();
        Self { version: SEAL_VERSION, organisation, day, count, late, root, sealed_at, previous }
    }

    /// Its canonical form, which is what is published.
    pub fn to_json(&self) -> String {
        canonical_of(self)
    }

    /// Under which name it is published.
    pub fn file_name(&self) -> String {
        format!("seals/{}/{}.json", self.organisation, self.day)
    }

    /// The SHA-256 of its canonical form.
    pub fn hash(&self) -> Hash {
        Hash::of(self.to_json())
    }
}

/// The last day that is due.
fn last_due(now: Timestamp) -> Option<Date> {
    let mut last = keys::day(now);
    while !is_due(last, now) {
        last = last.yesterday().ok()?;
    }
    Some(last)
}

/// Whether a day can be sealed: it is over, and a margin after it too.
fn is_due(day: Date, now: Timestamp) -> bool {
    day.tomorrow().is_ok_and(|next| keys::start_of(next).saturating_add(MARGIN).is_ok_and(|due| due <= now))
}

impl Ledger {
    /// The seal of a day, which is made if it can be, together with those missing before it. Without any seal yet, the
    /// chain begins with this day. `None` while the day is not over for an hour, and for days before the first seal.
    ///
    /// # Errors
    /// When the ledger is unavailable or an entry cannot be read; repeating is safe.
    pub async fn seal(&self, day: Date, now: Timestamp) -> Result<Option<Seal>, LedgerError> {
        if let Some(seal) = self.seal_of(day).await? {
            return Ok(Some(seal));
        }
        if !is_due(day, now) {
            return Ok(None);
        }
        Ok(self.seal_through(Some(day), day, None, now).await?.pop())
    }

    /// Makes all seals that are due and missing, and returns them, the earliest first. The chain begins with the day
    /// on which the first policy was activated ([`Ledger::activate`]), or else with the last day that is due.
    ///
    /// More than forty days are made up for by a person only: [`Ledger::seal_all`]. It may be repeated, run twice at the
    /// same time, and be killed anywhere: a seal once made is never replaced.
    ///
    /// # Errors
    /// When the ledger is unavailable, an entry cannot be read, or too many days are to be sealed; repeating is safe.
    pub async fn seal_until(&self, now: Timestamp) -> Result<Vec<Seal>, LedgerError> {
        self.seal_from(None, now).await
    }

    /// As [`Ledger::seal_until`], where the chain, if there is none yet, begins with `first`: for a log that is older
    /// than its seals.
    ///
    /// # Errors
    /// As [`Ledger::seal_until`].
    pub async fn seal_from(&self, first: Option<Date>, now: Timestamp) -> Result<Vec<Seal>, LedgerError> {
        let Some(last) = last_due(now) else { return Ok(Vec::new()) };
        self.seal_through(first, last, Some(DAYS_UNASKED), now).await
    }

    /// As [`Ledger::seal_from`], however many days that are: for a person who knows that the clock is right.
    ///
    /// # Errors
    /// When the ledger is unavailable or an entry cannot be read; repeating is safe.
    pub async fn seal_all(&self, first: Option<Date>, now: Timestamp) -> Result<Vec<Seal>, LedgerError> {
        let Some(last) = last_due(now) else { return Ok(Vec::new()) };
        self.seal_through(first, last, None, now).await
    }

    /// Fails where more days are to be sealed than a night seals unasked: nothing was sealed for long, or the clock is wrong.
    /// Until a person has sealed them, nothing is to be done by this clock that cannot be undone.
    ///
    /// # Errors
    /// So many days are to be sealed, or the ledger is unavailable.
    pub async fn believes(&self, now: Timestamp) -> Result<(), LedgerError> {
        let Some(last) = last_due(now) else { return Ok(()) };
        let previous = self.last_seal().await?;
        not_too_many(self.first_due(previous.as_ref(), None, last).await?, last, DAYS_UNASKED)
    }

    /// The first day that is to be sealed: after the seal before; where there is none, the one that was asked for, or the
    /// first of the records.
    async fn first_due(&self, previous: Option<&Seal>, asked: Option<Date>, last: Date) -> Result<Date, LedgerError> {
        if let Some(seal) = previous {
            return Ok(seal.day.tomorrow().unwrap_or(Date::MAX));
        }
        Ok(match (asked, self.begun().await?) {
            // A day that is far before the first entry is a slip of the pen: there is nothing to seal.
            (Some(asked), Some(begun)) if (begun - asked).get_days() > DAYS_UNASKED => begun,
            (Some(asked), _) => asked,
            (None, begun) => begun.unwrap_or(last),
        })
    }

    /// Seals up to `last`, but nothing where that is more than `most` days.
    async fn seal_through(
        &self,
        first: Option<Date>,
        last: Date,
        most: Option<i32>,
        now: Timestamp,
    ) -> Result<Vec<Seal>, LedgerError> {
        let mut previous = self.last_seal().await?;
        let first = self.first_due(previous.as_ref(), first, last).await?;
        most.map_or(Ok(()), |most| not_too_many(first, last, most))?;
        let mut made = Vec::new();
        for day in first.series(1.day()).take_while(|day| *day <= last) {
            let seal = self.seal_day(day, previous.as_ref(), now).await?;
            tracing::info!(%day, entries = seal.count, late = seal.late, hash = %seal.hash(), "the day is sealed");
            made.push(seal.clone());
            previous = Some(seal);
        }
        if let Some(begun) = self.older_than_seals().await?.filter(|_| !made.is_empty()) {
            tracing::warn!(%begun, "there are entries older than the first seal, which no seal binds: the clock was wrong \
                when they were written; an export shows them");
        }
        Ok(made)
    }

    async fn seal_day(&self, day: Date, previous: Option<&Seal>, now: Timestamp) -> Result<Seal, LedgerError> {
        let mut bound = HashSet::new();
        let mut leaves: Vec<(Timestamp, Hash, bool)> = Vec::new();
        let start = day.saturating_sub(LOOKBACK_DAYS.days());
        for earlier in start.series(1.day()).take_while(|earlier| *earlier <= day) {
            if earlier < day
                && let Some(seal) = self.seal_of(earlier).await?
            {
                bound.extend(self.bound(earlier, &seal.root).await?);
            }
            self.each_entry(earlier, |entry| {
                leaves.push((entry.at()?, entry.hash()?, earlier < day));
                Ok::<_, LedgerError>(())
            })
            .await?;
        }
        leaves.retain(|(_, hash, _)| !bound.contains(hash));
        leaves.sort_unstable();
        leaves.dedup();
        let late = leaves.iter().filter(|(_, _, late)| *late).count();
        let hashes: Vec<Hash> = leaves.into_iter().map(|(_, hash, _)| hash).collect();
        let previous = previous.map(Seal::hash);
        let seal = Seal::new(self.keys.organisation(), day, &hashes, late as u64, now, previous);
        self.keep_bound(day, &seal.root, &hashes).await?;
        match self.store.write(Write::New(Table::Audit, self.keys.seal(day), to_item("seal", &seal)?)).await? {
            Written::Yes => Ok(seal),
            // Somebody else was faster, or an earlier attempt of ours arrived: what stands there holds.
            Written::No | Written::Unclear => Ok(self.seal_of(day).await?.unwrap_or(seal)),
        }
    }

    /// The seal of a day, if it was made.
    ///
    /// # Errors
    /// When the ledger is unavailable or the seal cannot be read.
    pub async fn seal_of(&self, day: Date) -> Result<Option<Seal>, LedgerError> {
        let item = self.store.get(Table::Audit, &self.keys.seal(day)).await?;
        item.map(|item| from_item("seal", without_key(item))).transpose()
    }

    /// The seals of a period, both days included, in their order; days without a seal are left out.
    ///
    /// # Errors
    /// When the ledger is unavailable or a seal cannot be read.
    pub async fn seals(&self, from: Date, to: Date) -> Result<Vec<Seal>, LedgerError> {
        let partition = self.keys.seals();
        let (from, to) = (self.keys.seal(from).sk, self.keys.seal(to).sk);
        let span = Span::Between(&from, &to);
        let items = self.store.query(Query { span, ..Query::of(Table::Audit, &partition) }).await?;
        items.into_iter().map(|item| from_item("seal", without_key(item))).collect()
    }

    /// The first seal of all, with which the chain begins.
    ///
    /// # Errors
    /// When the ledger is unavailable or the seal cannot be read.
    pub async fn first_seal(&self) -> Result<Option<Seal>, LedgerError> {
        let partition = self.keys.seals();
        let query = Query { limit: Some(1), ..Query::of(Table::Audit, &partition) };
        let item = self.store.query(query).await?.into_iter().next();
        item.map(|item| from_item("seal", without_key(item))).transpose()
    }

    /// The day with which the records begin, if that is before the first seal: a clock was wrong, and what was recorded
    /// for the days in between no seal binds, unless one of the week after came upon it.
    ///
    /// # Errors
    /// When the ledger is unavailable or an item cannot be read.
    pub async fn older_than_seals(&self) -> Result<Option<Date>, LedgerError> {
        let (begun, first) = (self.begun().await?, self.first_seal().await?);
        Ok(begun.filter(|begun| first.is_some_and(|seal| *begun < seal.day)))
    }

    /// The newest seal.
    pub(super) async fn last_seal(&self) -> Result<Option<Seal>, LedgerError> {
        let item = self.store.last(Query::of(Table::Audit, &self.keys.seals())).await?;
        item.map(|item| from_item("seal", without_key(item))).transpose()
    }
}

fn not_too_many(first: Date, last: Date, most: i32) -> Result<(), LedgerError> {
    let days = (last - first).get_days() + 1;
    if days <= most {
        return Ok(());
    }
    Err(LedgerError::Configuration(format!(
        "{days} days are to be sealed, the first {first} and the last {last}: nothing was sealed for long, or the clock is \
         wrong; where it is right, a person has to seal them"
    )))
}

/// A seal takes no field that it does not know.
fn without_key(mut item: Item) -> Item {
    item.remove(PK);
    item.remove(SK);
    item
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_is_due_an_hour_after_midnight_in_italy() {
        let day: Date = "2026-07-31".parse().unwrap();
        assert!(!is_due(day, "2026-07-31T22:59:59Z".parse().unwrap()));
        assert!(is_due(day, "2026-07-31T23:00:00Z".parse().unwrap()));
        assert!(!is_due(Date::MAX, Timestamp::MAX));
    }

    #[test]
    fn the_hash_of_a_seal_is_that_of_its_documented_form() {
        let seal = Seal {
            version: 1,
            organisation: "ente".to_owned(),
            day: "2026-02-03".parse().unwrap(),
            count: 0,
            late: 0,
            root: Hash::of(""),
            sealed_at: "2026-02-04T02:10:00Z".parse().unwrap(),
            previous: None,
        };
        let json = format!(
            concat!(
                r#"{{"count":0,"day":"2026-02-03","late":0,"organisation":"ente","root":"{}","#,
                r#""sealed_at":"2026-02-04T02:10:00Z","version":1}}"#
            ),
            Hash::of("")
        );
        assert_eq!(seal.to_json(), json);
        assert_eq!(seal.hash(), Hash::of(json));
    }
}
