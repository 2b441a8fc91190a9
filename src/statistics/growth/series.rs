//! The course of one count of one account.

use std::collections::BTreeMap;

use jiff::civil::Date;
use ledger::{Measurement, Source};
use policy::{Gap, Reading};

use super::{Change, Comparison, End, Missing, Point, Unknown};
use crate::Period;
use crate::period::days_between;

/// What was counted, by day.
#[derive(Clone, Debug)]
pub(super) struct Series {
    points: Vec<Point>,
    /// The days on which the platform was asked, and why it gave no count if it did not.
    asked: BTreeMap<Date, Option<Gap>>,
}

impl Series {
    /// That of which nothing is known.
    pub(super) const NONE: &Series = &Series { points: Vec::new(), asked: BTreeMap::new() };

    /// Of the measurements of one metric of one account, in any order. Of several on one day, the last counts.
    pub(super) fn of<'m>(measurements: impl Iterator<Item = &'m Measurement>) -> Self {
        let mut points = BTreeMap::new();
        let mut asked = BTreeMap::new();
        for measurement in measurements {
            let Measurement { day, precision, .. } = *measurement;
            match measurement.reading {
                Reading::Count { value, rounded } => {
                    points.insert(day, Point { day, value, precision, rounded });
                    if measurement.source == Source::Snapshot {
                        asked.insert(day, None);
                    }
                }
                Reading::Gap(gap) => {
                    asked.entry(day).or_insert(Some(gap));
                }
            }
        }
        Self { points: points.into_values().collect(), asked }
    }

    /// What was counted.
    pub(super) fn points(&self) -> &[Point] {
        &self.points
    }

    /// Where it begins.
    pub(super) fn first(&self) -> Option<End> {
        self.points.first().map(|point| End::counted(*point))
    }

    /// Where it stands at the end of a period.
    pub(super) fn closing(&self, period: Period) -> Result<End, Unknown> {
        let last = self.points.last().ok_or(Unknown::NoData)?;
        if last.day < period.from { Err(Unknown::NothingInPeriod) } else { Ok(End::counted(*last)) }
    }

    /// The change from a day to a later one on which it is known.
    pub(super) fn since(&self, day: Date, to: End) -> Comparison {
        match self.at(day, days_between(day, to.day)) {
            Ok(from) => Comparison::Known(Change::between(from, to)),
            Err(unknown) => Comparison::Unknown(unknown),
        }
    }

    /// The same; where it begins only after that day, from where it begins.
    pub(super) fn since_or_first(&self, day: Date, to: End) -> Comparison {
        match (self.since(day, to), self.first()) {
            (Comparison::Unknown(Unknown::NothingBefore(_)), Some(first)) if first.day < to.day => {
                Comparison::Known(Change::between(first, to))
            }
            (comparison, _) => comparison,
        }
    }

    /// Where it stands on a day: as counted, or else on the line between the counts around, where these are at most
    /// this many days apart.
    pub(super) fn at(&self, day: Date, widest_gap: i32) -> Result<End, Unknown> {
        let next = self.points.partition_point(|point| point.day < day);
        match (next.checked_sub(1).and_then(|before| self.points.get(before)), self.points.get(next)) {
            (_, Some(point)) if point.day == day => Ok(End::counted(*point)),
            (Some(before), Some(after)) if days_between(before.day, after.day) <= widest_gap => {
                Ok(End::interpolated(day, before, after))
            }
            (Some(before), Some(after)) => Err(Unknown::TooWide { after: before.day, before: after.day }),
            (None, Some(_)) if self.points.len() == 1 => Err(Unknown::OneCount),
            (None, Some(first)) => Err(Unknown::NothingBefore(first.day)),
            (Some(_), None) => Err(Unknown::NothingInPeriod),
            (None, None) => Err(Unknown::NoData),
        }
    }

    /// The days of a period without a count, from the first to the last day on which the platform was asked.
    pub(super) fn gaps(&self, period: Period) -> Vec<Missing> {
        let (Some((first, _)), Some((last, _))) = (self.asked.first_key_value(), self.asked.last_key_value()) else {
            return Vec::new();
        };
        let Ok(asked) = Period::new(period.from.max(*first), period.to.min(*last)) else { return Vec::new() };
        let mut gaps: Vec<Missing> = Vec::new();
        for day in asked.days() {
            if self.points.binary_search_by_key(&day, |point| point.day).is_ok() {
                continue;
            }
            let why = self.asked.get(&day).copied().flatten();
            match gaps.last_mut() {
                Some(gap) if gap.why == why && days_between(gap.to, day) == 1 => gap.to = day,
                _ => gaps.push(Missing { from: day, to: day, why }),
            }
        }
        gaps
    }
}

impl End {
    fn counted(Point { day, value, precision, rounded }: Point) -> Self {
        Self { day, value, precision, rounded, interpolated: false }
    }

    fn interpolated(day: Date, before: &Point, after: &Point) -> Self {
        let part = f64::from(days_between(before.day, day)) / f64::from(days_between(before.day, after.day));
        // Counts are at most ten thousand million: a float holds them and their differences exactly.
        let value = before.value as f64 + part * (after.value as f64 - before.value as f64);
        Self {
            day,
            value: value.round() as u64,
            precision: before.precision.max(after.precision),
            rounded: before.rounded || after.rounded,
            interpolated: true,
        }
    }
}

impl Change {
    pub(super) fn between(from: End, to: End) -> Self {
        let absolute = difference(from.value, to.value);
        let percent = (from.value > 0).then(|| absolute as f64 / from.value as f64 * 100.0);
        Self { from, to, absolute, percent }
    }
}

/// What was gained from one count to the next.
pub(super) fn difference(from: u64, to: u64) -> i64 {
    let gained = to.abs_diff(from).try_into().unwrap_or(i64::MAX);
    if to < from { -gained } else { gained }
}
