//! Which changes are probably a platform's doing and not people's.
//!
//! Platforms now and then delete thousands of followers that were no people, or begin to count in another way. Such a
//! change lies far from what is usual for the account. The mean and the standard deviation would be pulled along by
//! the very outliers they are to find, so the median and the median absolute deviation (MAD) take their place: the
//! modified z-score of Iglewicz and Hoaglin (1993), with their threshold of 3.5.

use jiff::civil::Date;
use ledger::Precision;

use super::series::{Series, difference};
use super::{Jump, Point};
use crate::Period;
use crate::period::days_between;

/// Makes the MAD comparable to a standard deviation.
const NORMAL: f64 = 0.6745;
/// From this score on a change is a jump.
const THRESHOLD: f64 = 3.5;
/// What is usual is taken from this many days before the end of the period.
const REACH_DAYS: i32 = 365;
/// Fewer changes than two weeks have, weekends included, do not tell what is usual.
const ENOUGH: usize = 14;
/// Over a longer gap a change says nothing about days.
const WIDEST_GAP_DAYS: i32 = 31;
/// A smaller part of all followers, and a smaller number, is nothing to warn of, however quiet the account is.
const LEAST_SHARE: f64 = 0.01;
const LEAST: f64 = 10.0;
/// The least spread of a rounded count, in units of its third figure: it stands still for days and then makes a step.
const ROUNDED_SPREAD: f64 = 2.0;

/// A change between two counts that follow each other.
struct Step {
    after: Date,
    day: Date,
    days: f64,
    change: i64,
    before: u64,
    least_spread: f64,
}

/// The jumps of a period.
pub(super) fn jumps(series: &Series, period: Period) -> Vec<Jump> {
    let points = series.points();
    let recent = |point: &Point| days_between(point.day, period.to) <= REACH_DAYS;
    let steps: Vec<Step> =
        points.windows(2).filter(|pair| recent(&pair[0])).filter_map(|pair| step(&pair[0], &pair[1])).collect();
    if steps.len() < ENOUGH {
        return Vec::new();
    }
    let daily = |step: &Step| step.change as f64 / step.days;
    let usual = median(steps.iter().map(daily).collect());
    let spread = median(steps.iter().map(|step| (daily(step) - usual).abs()).collect());
    let judged = steps.iter().filter(|step| period.contains(step.day)).map(|step| {
        let expected = usual * step.days;
        // Independent days add up with the root of their number.
        let spread = spread.max(step.least_spread) * step.days.sqrt();
        let off = step.change as f64 - expected;
        (step, Jump { after: step.after, day: step.day, change: step.change, expected, score: NORMAL * off / spread })
    });
    judged.filter(|(step, jump)| is_large(step, jump)).map(|(_, jump)| jump).collect()
}

fn is_large(step: &Step, jump: &Jump) -> bool {
    let off = (jump.change as f64 - jump.expected).abs();
    jump.score.abs() > THRESHOLD && off >= LEAST.max(LEAST_SHARE * step.before as f64)
}

fn step(before: &Point, after: &Point) -> Option<Step> {
    let days = days_between(before.day, after.day);
    let exact = before.precision == Precision::Day && after.precision == Precision::Day;
    let rounded = before.rounded || after.rounded;
    (exact && days <= WIDEST_GAP_DAYS).then(|| Step {
        after: before.day,
        day: after.day,
        days: f64::from(days),
        change: difference(before.value, after.value),
        before: before.value,
        least_spread: if rounded { ROUNDED_SPREAD * third_figure(before.value.max(after.value)) } else { 1.0 },
    })
}

/// What one unit of the third significant figure is worth: 100 in 12,345.
fn third_figure(value: u64) -> f64 {
    10_f64.powi(value.checked_ilog10().unwrap_or(0).saturating_sub(2).try_into().unwrap_or(0))
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    let middle = values.len() / 2;
    match values.len() {
        0 => 0.0,
        length if length % 2 == 0 => f64::midpoint(values[middle - 1], values[middle]),
        _ => values[middle],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_median_is_in_the_middle() {
        assert_eq!(median(vec![3.0, 1.0, 2.0]), 2.0);
        assert_eq!(median(vec![4.0, 1.0, 2.0, 3.0]), 2.5);
        assert_eq!(median(Vec::new()), 0.0);
    }

    #[test]
    fn the_third_figure_is_that_of_the_count() {
        assert_eq!([0, 7, 999, 1_234, 12_300, 1_230_000].map(third_figure), [1.0, 1.0, 1.0, 10.0, 100.0, 10_000.0]);
    }
}
