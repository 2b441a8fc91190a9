//! How the accounts grew, compiled from what was counted.

mod compile;
mod jumps;
mod series;
#[cfg(test)]
mod tests;

use jiff::civil::Date;
use ledger::Precision;
use policy::{AccountId, AccountState, Gap, Metric, Platform};
use serde::Serialize;

use crate::Period;

/// How the accounts of an organisation grew in a period.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Growth {
    /// The days that are compared, first and last included.
    pub period: Period,
    /// Each account: those of the policy in its order, then those that it no longer lists.
    pub accounts: Vec<AccountGrowth>,
    /// The followers on each platform on which something is counted, the accounts taken together.
    pub channels: Vec<ChannelGrowth>,
    /// The followers on all platforms.
    pub total: Trend,
}

/// How one account grew.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct AccountGrowth {
    /// The platform of the account.
    pub platform: Platform,
    /// The platform's id of the account.
    pub account: AccountId,
    /// Its name in the policy; `None` where the policy no longer lists it.
    pub name: Option<String>,
    /// Its handle in the policy.
    pub handle: Option<String>,
    /// Whether it is in use; `None` where the policy no longer lists it.
    pub state: Option<AccountState>,
    /// What is counted about it, followers always and first.
    pub metrics: Vec<MetricGrowth>,
}

/// How one count of one account developed.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct MetricGrowth {
    /// What is counted: followers, likes, posts and the like.
    pub metric: Metric,
    /// How it changed over the period, and over a day, a week, a month and a year.
    pub trend: Trend,
    /// The day with the largest increase in the period, jumps left aside; `None` where no two days in a row are known
    /// exactly.
    pub best_day: Option<DayChange>,
    /// The day with the smallest increase, or the largest decrease.
    pub worst_day: Option<DayChange>,
    /// Changes that probably come from the platform and not from people.
    pub jumps: Vec<Jump>,
    /// The days of the period without a count, of those on which it was asked for.
    pub gaps: Vec<Missing>,
    /// What was counted in the period, by day.
    pub points: Vec<Point>,
}

/// How the followers on one platform developed.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ChannelGrowth {
    /// The platform whose accounts are summed.
    pub platform: Platform,
    /// The changes of all its accounts together.
    pub trend: Trend,
}

/// The changes of a count up to the last day of the period, or the last one on which it is known.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Trend {
    /// Where it stands at the end of the period; `None` where it is not known.
    pub latest: Option<End>,
    /// Over the period: from the evening before its first day.
    pub period: Comparison,
    /// Since the day before.
    pub day: Comparison,
    /// Since seven days before.
    pub week: Comparison,
    /// Since the same day of the month before.
    pub month: Comparison,
    /// Since the same day of the year before.
    pub year: Comparison,
    /// Since the baseline that was asked for, or else since the first count there is.
    pub baseline: Comparison,
    /// The average change in a month of 30.44 days since that baseline; `None` where that is less than a month.
    pub average_per_month: Option<f64>,
    /// The rate, in percent a year, that would have led from that baseline to where it stands; `None` where that is
    /// less than a year, or where it began or ended with nothing.
    pub compound_annual_percent: Option<f64>,
}

/// A change, or why it is not known.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Comparison {
    /// The change, from count to count.
    Known(Change),
    /// Why there is none to tell.
    Unknown(Unknown),
}

impl Comparison {
    /// The change, where it is known.
    pub fn known(&self) -> Option<&Change> {
        match self {
            Comparison::Known(change) => Some(change),
            Comparison::Unknown(_) => None,
        }
    }
}

/// Why a change is not known.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Unknown {
    /// Nothing was ever counted up to the end of the period.
    NoData,
    /// Nothing was counted in the period.
    NothingInPeriod,
    /// There is one count only.
    OneCount,
    /// The first count is of this day, after the day to compare with.
    NothingBefore(Date),
    /// The day to compare with lies between two counts that are farther apart than the stretch to compare.
    TooWide {
        /// The day of the count before.
        after: Date,
        /// The day of the count after.
        before: Date,
    },
    /// Of a sum, these accounts are not known at both ends.
    Parts(Vec<Part>),
}

/// An account that a sum lacks.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Part {
    /// The platform of the account.
    pub platform: Platform,
    /// The platform's id of the account.
    pub account: AccountId,
}

/// From one count to another.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Change {
    /// The count at the beginning.
    pub from: End,
    /// The count at the end.
    pub to: End,
    /// The second count less the first; negative where it fell.
    pub absolute: i64,
    /// The difference in percent of where it began; `None` where that is nothing.
    pub percent: Option<f64>,
}

/// One end of a change.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct End {
    /// The day. It may be later than asked for at the beginning, or earlier at the end, where nothing else is known.
    pub day: Date,
    /// The count.
    pub value: u64,
    /// How exactly the day is known.
    pub precision: Precision,
    /// Whether the platform rounds the count.
    pub rounded: bool,
    /// Whether nothing was counted on that day: it lies on the straight line between the counts before and after.
    pub interpolated: bool,
}

/// The change of one day: since the count of the day before.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct DayChange {
    /// The day.
    pub day: Date,
    /// The change.
    pub change: i64,
}

/// A change much larger than those of this account usually are: followers that the platform purged, or another way
/// of counting.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Jump {
    /// The count before it is of this day.
    pub after: Date,
    /// The count after it is of this day: the next one, unless there is a gap.
    pub day: Date,
    /// The change.
    pub change: i64,
    /// The change that was to be expected: the median of the daily changes, for as many days.
    pub expected: f64,
    /// How many times the usual spread it lies from that: the modified z-score of Iglewicz and Hoaglin.
    pub score: f64,
}

/// Days in a row without a count.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Missing {
    /// The first day without a count.
    pub from: Date,
    /// The last day without a count.
    pub to: Date,
    /// Why; `None` where nothing was recorded, because no snapshot ran.
    pub why: Option<Gap>,
}

/// One count in the course of a period.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Point {
    /// The day.
    pub day: Date,
    /// The count.
    pub value: u64,
    /// How exactly the day is known.
    pub precision: Precision,
    /// Whether the platform rounds it.
    pub rounded: bool,
}
