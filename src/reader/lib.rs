#![doc = include_str!("README.md")]

mod class;
mod explain;
mod features;
mod foreign;
mod reading;
mod thresholds;
#[cfg(feature = "training")]
pub mod training;
mod weights;

use std::fmt;
use std::sync::{Arc, LazyLock};

use text::Folded;

pub use class::Class;
pub use explain::Passage;
pub use reading::{Probability, Reading};
pub use thresholds::{Thresholds, ThresholdsError};
pub use weights::WeightsError;

use features::{Feature, Look, Sort};
use weights::{Row, Weights};

/// The weights that are shipped: what `cargo run --release -p reader --features training --bin train` makes of the voices.
pub const SHIPPED: &[u8] = include_bytes!("weights/reader.weights");

/// The name of the model that is shipped, by which records know it beside its hash.
pub const ID: &str = "galateo-it-1";

/// The shipped reader with its thresholds, loaded once for the whole process: many policies share it.
///
/// # Errors
/// The weights or the thresholds that were built in cannot be used.
pub fn shipped() -> Result<(Arc<Reader>, Thresholds), NotShipped> {
    static SHIPPED_READER: LazyLock<Result<(Arc<Reader>, Thresholds), NotShipped>> = LazyLock::new(|| {
        let reader = Reader::from_bytes(SHIPPED)?;
        let thresholds = Thresholds::shipped(reader.sha256())?;
        Ok((Arc::new(reader), thresholds))
    });
    SHIPPED_READER.clone()
}

/// What was built in cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotShipped {
    /// The weights.
    #[error("the weights of the reader: {0}")]
    Weights(#[from] WeightsError),
    /// The thresholds.
    #[error("the thresholds of the reader: {0}")]
    Thresholds(#[from] ThresholdsError),
}

/// A learned reader: it reads every text beside the rules, and says what it probably is.
pub struct Reader {
    weights: Weights,
}

impl Reader {
    /// A reader with these weights.
    ///
    /// # Errors
    /// The bytes are no weights, of another version, damaged, or not in order.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, WeightsError> {
        Ok(Self { weights: Weights::from_bytes(bytes)? })
    }

    /// What a text probably is. Its time is linear in the length of the text.
    pub fn read(&self, folded: &Folded<'_>) -> Reading {
        let mut sum = Sum::new(&self.weights);
        features::look(folded.text(), &mut sum);
        Reading { probabilities: reading::shares(sum.scores()), known: sum.known_part(), words: sum.words }
    }

    /// The SHA-256 of the weights without the hash at their end, in hexadecimal digits: what a record names.
    pub fn sha256(&self) -> &str {
        &self.weights.sha256
    }

    /// How many features have weights.
    pub fn features(&self) -> usize {
        self.weights.features()
    }
}

impl fmt::Debug for Reader {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Reader").field("sha256", &self.sha256()).field("features", &self.features()).finish()
    }
}

/// The sum over the features of a text.
struct Sum<'w> {
    weights: &'w Weights,
    sums: [i32; Class::COUNT],
    /// The square of the text's length, in units of 1/512.
    square: u64,
    /// How many words stand in the text, and how many of them are known.
    words: usize,
    known: usize,
}

impl<'w> Sum<'w> {
    fn new(weights: &'w Weights) -> Self {
        Self { weights, sums: [0; Class::COUNT], square: 0, words: 0, known: 0 }
    }

    /// The score of each class, in units of 1/65,536: its weights over the length of the text, as a direction.
    fn scores(&self) -> [i64; Class::COUNT] {
        // With 21 bits more than 1/2^9, the root is in units of 1/2^15.
        let length = (self.square.max(1) << 21).isqrt() as i64;
        let mut scores = self.weights.biases.map(i64::from);
        for (score, (sum, worth)) in scores.iter_mut().zip(self.sums.iter().zip(self.weights.worths)) {
            // Units of 1/2^24 over units of 1/2^15, for units of 1/2^16.
            *score += ((i128::from(*sum) * i128::from(worth)) << 7) as i64 / length;
        }
        scores
    }

    /// The part of the words that is known, in thousandths.
    fn known_part(&self) -> u32 {
        u32::try_from(self.known * 1_000 / self.words.max(1)).unwrap_or_default()
    }
}

impl Look for Sum<'_> {
    #[inline]
    fn feature(&mut self, Feature { sort, hash }: Feature) {
        self.words += usize::from(sort == Sort::Word);
        let Some(Row { weights, square }) = self.weights.get(hash) else { return };
        self.known += usize::from(sort == Sort::Word && !foreign::is_foreign(hash));
        self.square += u64::from(*square);
        for (sum, weight) in self.sums.iter_mut().zip(weights) {
            *sum += i32::from(*weight);
        }
    }
}
