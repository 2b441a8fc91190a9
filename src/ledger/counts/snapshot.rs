//! Counts of followers and the like: one item for each account and day, which snapshots and imports fill.

use std::collections::BTreeMap;

use jiff::civil::Date;
use policy::{AccountId, Metric, Platform, Reading};
use serde::{Deserialize, Serialize};

use crate::table::item::{from_item, to_attribute, to_item};
use crate::table::store::{Query, Span};
use crate::table::tables::Table;
use crate::table::write::{Change, Write, Written};
use crate::{Ledger, LedgerError};

/// How often a write gives way to others that change the same item.
const ATTEMPTS: u32 = 5;
/// The attribute that holds the readings of a day, and its name in errors.
const READINGS: &str = "readings";
const WHAT: &str = "snapshot";

/// How exactly the day of a count is known.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Precision {
    /// To the day.
    #[default]
    Day,
    /// To the month: it is dated to the month's last day.
    Month,
    /// To the year: it is dated to 31 December.
    Year,
}

/// Where a count comes from.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Source {
    /// Asked of the platform by the nightly snapshot.
    Snapshot,
    /// Imported from a file, which names this source.
    Import(String),
}

/// One count of one account on one day in Italy.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Measurement {
    /// Where the account is.
    pub platform: Platform,
    /// Which account.
    pub account: AccountId,
    /// The day, in Italy; the last one that it can be, where that is not known exactly.
    pub day: Date,
    /// How exactly the day is known.
    pub precision: Precision,
    /// What was counted.
    pub metric: Metric,
    /// What was found.
    pub reading: Reading,
    /// Where it comes from.
    pub source: Source,
}

impl Measurement {
    /// The count, where there is one.
    pub const fn value(&self) -> Option<u64> {
        self.reading.value()
    }
}

/// A count that stands in the way of another for the same account, day and metric.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Conflict {
    /// What stands there, and stays.
    pub stored: Measurement,
    /// What was to be stored.
    pub refused: Measurement,
}

/// What became of measurements that were to be stored.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Stored {
    /// How many were stored: where there was nothing, or a gap.
    pub new: usize,
    /// How many were there already, from the same source or with the same count.
    pub known: usize,
    /// What differs from what is there, which stays.
    pub conflicts: Vec<Conflict>,
}

/// What one metric of a day holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Held {
    #[serde(flatten)]
    reading: Reading,
    source: Source,
    #[serde(default)]
    precision: Precision,
}

/// The measurements of one account on one day, by metric.
type Readings = BTreeMap<Metric, Held>;

/// An item as it is stored.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct DayItem {
    platform: Platform,
    account: AccountId,
    day: Date,
    readings: Readings,
    version: u64,
}

/// What a new measurement does where another may stand already.
enum Fits {
    /// It takes the place: there is nothing, or a gap.
    New,
    /// It says nothing new.
    Known,
    /// It contradicts.
    Conflict(Measurement),
}

impl Ledger {
    /// Stores measurements of one account on one day: they share platform, account and day. Where there is a count
    /// already it stays, so that repeating this is harmless; a gap gives way to a count.
    ///
    /// # Errors
    /// When the ledger is unavailable, or the measurements are not of one account and day.
    pub async fn put_measurements(&self, measurements: &[Measurement]) -> Result<Stored, LedgerError> {
        let Some(first) = measurements.first() else { return Ok(Stored::default()) };
        if measurements.iter().any(|other| !same_item(first, other)) {
            return Err(LedgerError::Configuration("measurements of several accounts or days in one item".to_owned()));
        }
        let key = self.keys.snapshot(first.platform, &first.account, first.day);
        let Measurement { platform, account, day, .. } = first.clone();
        let mut before: Option<DayItem> = None;
        for _ in 0..ATTEMPTS {
            let mut readings = before.as_ref().map(|item| item.readings.clone()).unwrap_or_default();
            let stored = merge(&mut readings, measurements);
            let written = match &before {
                Some(_) if stored.new == 0 => return Ok(stored),
                Some(item) => {
                    let set = [(READINGS.to_owned(), to_attribute(WHAT, &readings)?)].into();
                    let change = Change { version: item.version, set, unset: Vec::new() };
                    self.store.write(Write::Change(Table::Casebook, key.clone(), change)).await?
                }
                None => {
                    let item = DayItem { platform, account: account.clone(), day, readings, version: 1 };
                    self.store.write(Write::New(Table::Casebook, key.clone(), to_item(WHAT, &item)?)).await?
                }
            };
            if written == Written::Yes {
                return Ok(stored);
            }
            let item = self.store.get(Table::Casebook, &key).await?;
            before = item.map(|item| from_item(WHAT, item)).transpose()?;
        }
        Err(LedgerError::Conflict { operation: "put_measurements", attempts: ATTEMPTS })
    }

    /// Everything that was counted about an account up to a day, by day and metric.
    ///
    /// # Errors
    /// When the ledger is unavailable or an item cannot be read.
    pub async fn measurements(
        &self,
        platform: Platform,
        account: &AccountId,
        up_to: Date,
    ) -> Result<Vec<Measurement>, LedgerError> {
        let partition = self.keys.snapshots(platform, account);
        let up_to = up_to.to_string();
        let query = Query { span: Span::UpTo(&up_to), ..Query::of(Table::Casebook, &partition) };
        let mut measurements = Vec::new();
        for item in self.store.query(query).await? {
            let DayItem { platform, account, day, readings, .. } = from_item(WHAT, item)?;
            measurements.extend(readings.into_iter().map(|(metric, held)| Measurement {
                platform,
                account: account.clone(),
                day,
                precision: held.precision,
                metric,
                reading: held.reading,
                source: held.source,
            }));
        }
        Ok(measurements)
    }

    /// What [`Ledger::put_measurements`] would do with them, which here may be of any accounts and days: nothing is
    /// stored.
    ///
    /// # Errors
    /// When the ledger is unavailable or an item cannot be read.
    pub async fn compare_measurements(&self, measurements: &[Measurement]) -> Result<Stored, LedgerError> {
        let mut by_account: BTreeMap<(Platform, &AccountId), Vec<&Measurement>> = BTreeMap::new();
        for measurement in measurements {
            by_account.entry((measurement.platform, &measurement.account)).or_default().push(measurement);
        }
        let mut stored = Stored::default();
        for ((platform, account), new) in by_account {
            let up_to = new.iter().map(|measurement| measurement.day).max().unwrap_or(Date::MAX);
            let there = self.measurements(platform, account, up_to).await?;
            let there: BTreeMap<(Date, Metric), &Measurement> =
                there.iter().map(|measurement| ((measurement.day, measurement.metric), measurement)).collect();
            for measurement in new {
                let held = there.get(&(measurement.day, measurement.metric)).copied();
                stored.count(fits(held, measurement), measurement);
            }
        }
        Ok(stored)
    }
}

impl Stored {
    fn count(&mut self, fits: Fits, measurement: &Measurement) {
        match fits {
            Fits::New => self.new += 1,
            Fits::Known => self.known += 1,
            Fits::Conflict(stored) => self.conflicts.push(Conflict { stored, refused: measurement.clone() }),
        }
    }
}

/// Adds to what is there what is new, and tells what became of each.
fn merge(readings: &mut Readings, measurements: &[Measurement]) -> Stored {
    let mut stored = Stored::default();
    for new in measurements {
        let there = readings.get(&new.metric).map(|held| Measurement {
            reading: held.reading,
            source: held.source.clone(),
            precision: held.precision,
            ..new.clone()
        });
        let fits = fits(there.as_ref(), new);
        if matches!(fits, Fits::New) {
            let held = Held { reading: new.reading, source: new.source.clone(), precision: new.precision };
            readings.insert(new.metric, held);
        }
        stored.count(fits, new);
    }
    stored
}

/// A count stays as it is. What the nightly snapshot finds a second time, some hours later, says nothing new even where
/// it differs: the first one of the day counts.
fn fits(there: Option<&Measurement>, new: &Measurement) -> Fits {
    let Some(there) = there else { return Fits::New };
    match (there.reading, new.reading) {
        (Reading::Gap(_), Reading::Count { .. }) => Fits::New,
        (_, Reading::Gap(_)) => Fits::Known,
        (Reading::Count { .. }, Reading::Count { .. }) => {
            let repeated = there.source == Source::Snapshot && new.source == Source::Snapshot;
            let same = there.value() == new.value() && there.precision == new.precision;
            if repeated || same { Fits::Known } else { Fits::Conflict(there.clone()) }
        }
    }
}

fn same_item(one: &Measurement, other: &Measurement) -> bool {
    (one.platform, &one.account, one.day) == (other.platform, &other.account, other.day)
}
