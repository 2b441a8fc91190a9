//! What the reader says about a text.

use std::fmt;

use crate::Class;

/// How probable something is, in millionths: a whole number, so that it is the same on every machine and in every record.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Probability(u32);

impl Probability {
    /// What is certain.
    pub const ONE: Probability = Probability(1_000_000);

    /// A probability of so many millionths; more than all of them are all.
    pub const fn from_millionths(millionths: u32) -> Self {
        if millionths > Self::ONE.0 { Self::ONE } else { Self(millionths) }
    }

    /// In millionths.
    pub const fn millionths(self) -> u32 {
        self.0
    }
}

impl fmt::Display for Probability {
    /// As a percentage with one decimal.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{} %", self.0 / 10_000, self.0 / 1_000 % 10)
    }
}

/// A text is understood where so much of it is known, in thousandths. docs/reader.md has the figures behind it.
const FEWEST_KNOWN: u32 = 450;

/// A text of fewer words says too little to be judged by anything but what its word is.
const FEWEST_WORDS: usize = 2;

/// What a text probably is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reading {
    pub(crate) probabilities: [Probability; Class::COUNT],
    pub(crate) known: u32,
    pub(crate) words: usize,
}

impl Reading {
    /// How probable it is that the text is of a class. All classes together make one, but for what is lost in rounding.
    pub fn of(&self, class: Class) -> Probability {
        self.probabilities[class as usize]
    }

    /// How probable it is that the text breaks some clause.
    pub fn of_violation(&self) -> Probability {
        Probability::from_millionths(Class::violations().map(|class| self.of(class).0).sum())
    }

    /// How probable it is that a person should look at the text: it breaks some clause, or somebody may be in danger.
    pub fn of_concern(&self) -> Probability {
        Probability::from_millionths(self.of_violation().0 + self.of(Class::Danger).0)
    }

    /// The most probable violation.
    pub fn worst(&self) -> (Class, Probability) {
        let worst = Class::violations().max_by_key(|class| self.of(*class)).unwrap_or(Class::Political);
        (worst, self.of(worst))
    }

    /// How much of the text the reader knows: the part of its words that stand in what it learned from, in thousandths.
    /// The small words of English do not count as known, because the lines hold some.
    pub fn known(&self) -> u32 {
        self.known
    }

    /// Whether the reader knows enough of the text to have a say: it is in a language that it learned, and says something
    /// in words. Where it does not, whoever asks it must neither call a person nor object to a rule because of it.
    pub fn is_understood(&self) -> bool {
        self.known >= FEWEST_KNOWN
    }

    /// Whether the text has words enough for the reader to ask for something that no rule found. Of a single
    /// word it knows where it mostly stands, and nothing of what it says here.
    pub fn is_enough(&self) -> bool {
        self.words >= FEWEST_WORDS
    }
}

/// The share that each score takes: its exponential by that of all. Scores are in units of 1/65,536; whole numbers only.
pub(crate) fn shares(scores: [i64; Class::COUNT]) -> [Probability; Class::COUNT] {
    let most = scores.iter().copied().max().unwrap_or_default();
    let parts = scores.map(|score| exponential(most.saturating_sub(score)));
    let all: u64 = parts.iter().sum();
    parts.map(|part| {
        Probability::from_millionths(((part * u64::from(Probability::ONE.0) + all / 2) / all.max(1)) as u32)
    })
}

/// Steps of the table for each unit.
const STEPS: usize = 64;
/// What is further below the best than this has no share, in units.
const DEEPEST: usize = 18;

/// e to the power of minus n/64, in units of 1/2^30.
const TABLE: [u64; STEPS * DEEPEST + 1] = {
    // e^(-1/64) and the whole table in 1/2^60, so that the error of a thousand multiplications stays below one unit.
    const STEP: u128 = 1_135_047_113_432_355_401;
    let mut table = [0; STEPS * DEEPEST + 1];
    let mut value: u128 = 1 << 60;
    let mut nth = 0;
    while nth < table.len() {
        table[nth] = (value >> 30) as u64;
        value = (value * STEP) >> 60;
        nth += 1;
    }
    table
};

/// e to the power of minus this, which is in units of 1/65,536; the result in units of 1/2^30.
fn exponential(below: i64) -> u64 {
    const STEP: i64 = 65_536 / STEPS as i64;
    let nth = usize::try_from(below / STEP).unwrap_or(usize::MAX);
    let (Some(&here), Some(&next)) = (TABLE.get(nth), TABLE.get(nth.saturating_add(1))) else { return 0 };
    let past = (below % STEP).unsigned_abs();
    here - (((here - next) * past) >> STEP.trailing_zeros())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_the_exponential() {
        for (nth, value) in TABLE.iter().enumerate() {
            let exact = (-(nth as f64) / STEPS as f64).exp();
            let table = *value as f64 / f64::from(1 << 30);
            assert!((table - exact).abs() < 1e-8, "{nth}: {table} {exact}");
        }
    }

    #[test]
    fn shares_are_those_of_the_softmax_and_extremes_do_no_harm() {
        let mut scores = [0; Class::COUNT];
        scores[0] = 65_536;
        let shares_now = shares(scores);
        let all = 1f64.exp() + (Class::COUNT - 1) as f64;
        assert!((f64::from(shares_now[0].millionths()) / 1e6 - 1f64.exp() / all).abs() < 1e-4);
        let equal = shares([7; Class::COUNT]);
        assert!(equal.iter().all(|share| share.millionths() == 76_923));
        scores = [i64::MIN / 4; Class::COUNT];
        scores[3] = i64::MAX / 4;
        assert_eq!(shares(scores)[3], Probability::ONE);
    }

    #[test]
    fn a_probability_is_shown_with_one_decimal() {
        assert_eq!(Probability::from_millionths(67_912).to_string(), "6.7 %");
        assert_eq!(Probability::from_millionths(2_000_000).to_string(), "100.0 %");
    }
}
