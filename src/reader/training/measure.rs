//! How good readings are: the area under the curve, shares with their intervals, thresholds, reliability.

use std::fmt;

/// The area under the curve: how probably one that should score higher does. 0.5 where either is missing.
pub fn area(high: &[u32], low: &[u32]) -> f64 {
    let mut sorted = low.to_vec();
    sorted.sort_unstable();
    let below = |score: u32| {
        let less = sorted.partition_point(|low| *low < score);
        let equal = sorted.partition_point(|low| *low <= score) - less;
        less as f64 + equal as f64 / 2.0
    };
    let pairs = (high.len() * low.len()) as f64;
    if pairs == 0.0 { 0.5 } else { high.iter().map(|score| below(*score)).sum::<f64>() / pairs }
}

/// The lowest score that at most this share of these reaches.
pub fn threshold(scores: &[u32], share: f64) -> u32 {
    let mut sorted = scores.to_vec();
    sorted.sort_unstable_by(|one, other| other.cmp(one));
    sorted.get((sorted.len() as f64 * share) as usize).map_or(0, |score| score + 1)
}

/// So many of so many.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Share {
    /// How many.
    pub hits: usize,
    /// Of how many.
    pub of: usize,
}

impl Share {
    /// How many of them reach a threshold.
    pub fn reaching(scores: &[u32], threshold: u32) -> Self {
        Self { hits: scores.iter().filter(|score| **score >= threshold).count(), of: scores.len() }
    }

    /// The share, with the interval of Wilson in which it lies with 95 % certainty.
    pub fn interval(self) -> (f64, f64, f64) {
        const Z: f64 = 1.96;
        let of = self.of.max(1) as f64;
        let share = self.hits as f64 / of;
        let width = Z * (share * (1.0 - share) / of + Z * Z / (4.0 * of * of)).sqrt();
        let (middle, whole) = (share + Z * Z / (2.0 * of), 1.0 + Z * Z / of);
        (share, ((middle - width) / whole).max(0.0), ((middle + width) / whole).min(1.0))
    }
}

impl fmt::Display for Share {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (share, low, high) = self.interval();
        let text = format!("{:.1} % [{:.1}, {:.1}]", share * 100.0, low * 100.0, high * 100.0);
        f.pad(&text)
    }
}

/// One range of probabilities: what was said, and what was so.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Reliability {
    /// What the readings said, on average.
    pub said: f64,
    /// How often it was so.
    pub was: Share,
}

/// How often it was so, in ten ranges of what was said, in millionths.
pub fn reliability(said: &[(u32, bool)]) -> Vec<Reliability> {
    let range = |nth: u32| {
        let inside = said.iter().filter(|(said, _)| (said / 100_000).min(9) == nth);
        let (mut sum, mut was) = (0.0, Share::default());
        for (said, so) in inside {
            sum += f64::from(*said) / 1e6;
            was.of += 1;
            was.hits += usize::from(*so);
        }
        Reliability { said: sum / was.of.max(1) as f64, was }
    };
    (0..10).map(range).filter(|range| range.was.of > 0).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn areas_thresholds_and_intervals() {
        assert_eq!(area(&[3, 4], &[1, 2]), 1.0);
        assert_eq!(area(&[1, 1], &[1, 1]), 0.5);
        assert_eq!(area(&[1], &[2]), 0.0);
        let scores: Vec<u32> = (0..100).collect();
        assert_eq!(Share::reaching(&scores, threshold(&scores, 0.05)).hits, 5);
        assert_eq!(Share::reaching(&scores, threshold(&scores, 0.0)).hits, 0);
        assert_eq!(Share { hits: 0, of: 100 }.to_string(), "0.0 % [0.0, 3.7]");
        assert_eq!(Share { hits: 50, of: 100 }.to_string(), "50.0 % [40.4, 59.6]");
    }

    #[test]
    fn reliability_compares_what_was_said_with_what_was_so() {
        let ranges = reliability(&[(950_000, true), (910_000, true), (50_000, false)]);
        assert_eq!(ranges.len(), 2);
        assert_eq!(ranges[1].was, Share { hits: 2, of: 2 });
        assert!((ranges[1].said - 0.93).abs() < 1e-9);
    }
}
