//! How long things took: a histogram that merges, and from which quantiles are read.

use std::collections::BTreeMap;

use jiff::SignedDuration;
use serde::{Deserialize, Serialize};

/// Durations below this many milliseconds are kept exactly; above, each doubling is divided into as many buckets.
const BUCKETS: u64 = 64;
/// The base-two logarithm of [`BUCKETS`].
const BITS: u32 = BUCKETS.ilog2();

/// How long things took, in logarithmic buckets. A quantile read from it is at most 1/128 (0.8 %) off, whatever was
/// merged in whatever order; only buckets that hold something take room.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Spread(BTreeMap<u16, u64>);

impl Spread {
    /// Adds one. What seems to have taken less than no time, because two clocks disagree, took none.
    pub(super) fn add(&mut self, took: SignedDuration) {
        *self.0.entry(bucket(took.as_millis().try_into().unwrap_or_default())).or_default() += 1;
    }

    /// Adds those of another.
    pub(super) fn merge(&mut self, other: &Spread) {
        for (bucket, count) in &other.0 {
            *self.0.entry(*bucket).or_default() += count;
        }
    }

    /// How many there are.
    pub fn count(&self) -> u64 {
        self.0.values().sum()
    }

    /// The shortest time within which this many in a hundred were done, in milliseconds; `None` when there are none.
    pub fn percentile(&self, percent: u64) -> Option<u64> {
        let rank = (self.count() * percent).div_ceil(100).max(1);
        let mut seen = 0;
        self.0.iter().find_map(|(bucket, count)| {
            seen += count;
            (seen >= rank).then(|| middle(*bucket))
        })
    }
}

/// The bucket of a duration.
fn bucket(milliseconds: u64) -> u16 {
    if milliseconds < BUCKETS {
        return milliseconds as u16;
    }
    let doublings = milliseconds.ilog2() - BITS;
    let within = (milliseconds >> doublings) - BUCKETS;
    // At most 58 doublings of 64 buckets.
    ((u64::from(doublings) + 1) * BUCKETS + within) as u16
}

/// The duration in the middle of a bucket.
fn middle(bucket: u16) -> u64 {
    let (row, within) = (u64::from(bucket) / BUCKETS, u64::from(bucket) % BUCKETS);
    match row.checked_sub(1) {
        None => within,
        Some(doublings) => ((BUCKETS + within) << doublings) + ((1 << doublings) / 2),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spread(milliseconds: impl IntoIterator<Item = i64>) -> Spread {
        let mut spread = Spread::default();
        milliseconds.into_iter().for_each(|took| spread.add(SignedDuration::from_millis(took)));
        spread
    }

    #[test]
    fn a_quantile_is_within_one_part_in_128() {
        for value in (0..64).map(|bits| (1u64 << bits) - 1).chain([100, 3_599_999, 86_400_000, 31_536_000_000]) {
            let read = middle(bucket(value));
            assert!(read.abs_diff(value) <= value / 128 + 1, "{value} is read as {read}");
        }
    }

    #[test]
    fn buckets_are_in_the_order_of_time() {
        assert!((0..100_000).map(bucket).is_sorted());
    }

    #[test]
    fn quantiles_are_those_of_the_nearest_rank() {
        let spread = spread(1..=50);
        assert_eq!(spread.count(), 50);
        assert_eq!(
            (spread.percentile(50), spread.percentile(90), spread.percentile(99)),
            (Some(25), Some(45), Some(50))
        );
        assert_eq!(Spread::default().percentile(50), None);
    }

    #[test]
    fn what_seems_to_have_taken_less_than_no_time_took_none() {
        assert_eq!(spread([-5]).percentile(50), Some(0));
    }

    #[test]
    fn merging_is_the_same_as_adding_all() {
        let mut merged = spread([5, 70, 7_000]);
        merged.merge(&spread([5, 900_000]));
        assert_eq!(merged, spread([5, 70, 7_000, 5, 900_000]));
    }
}
