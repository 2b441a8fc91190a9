//! The weights as bytes, and as the table in which features are found.
//!
//! | bytes | what |
//! |---|---|
//! | 8 | `galreadr` |
//! | 2 | version of the format |
//! | 2 | how many classes |
//! | 4 | how many features: F |
//! | 4 for each class | what a weight of one is worth: units of 1/2^24 |
//! | 4 for each class | the score without any feature: units of 1/65,536 |
//! | 4 F | the hashes of the features, rising |
//! | 2 F | the square of each feature's length: units of 1/512 |
//! | F for each class | the weights, class by class |
//! | 32 | SHA-256 of all before |
//!
//! All numbers are little-endian; worths, scores and weights have a sign.

use sha2::{Digest, Sha256};

use crate::Class;

pub(crate) const MAGIC: &[u8; 8] = b"galreadr";
pub(crate) const VERSION: u16 = 1;
/// More features than anybody needs, so that a damaged number asks for no memory.
pub(crate) const MOST_FEATURES: usize = 1 << 18;
const HASH: usize = 32;
const HEAD: usize = 16 + 8 * Class::COUNT;
const EACH: usize = 4 + 2 + Class::COUNT;
/// The lower bits of a hash, which do not choose the shelf.
const SHELF_BITS: u32 = 16;
const SHELVES: usize = 1 << (u32::BITS - SHELF_BITS);

/// Why bytes are no weights.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum WeightsError {
    /// They do not begin as weights do.
    #[error("these are no weights of a reader: they do not begin with `galreadr`")]
    NoWeights,
    /// They are of a format that this program does not read.
    #[error("the weights are of version {found}, and this program reads version {VERSION}")]
    Version {
        /// The version that they are of.
        found: u16,
    },
    /// They tell other classes apart than this program.
    #[error("the weights tell {found} classes apart, and this program {}", Class::COUNT)]
    Classes {
        /// How many classes they tell apart.
        found: u16,
    },
    /// They hold more features than can be right.
    #[error("the weights say that they hold {found} features, more than {MOST_FEATURES}")]
    Features {
        /// How many features they say that they hold.
        found: u32,
    },
    /// They are cut off, or something follows them.
    #[error("the weights are {found} bytes long, and by what they say of themselves should be {expected}")]
    Size {
        /// How long they are.
        found: usize,
        /// How long they should be.
        expected: usize,
    },
    /// They were changed since they were written.
    #[error("the weights are damaged: their hash is {found}, and they say that it is {expected}")]
    Hash {
        /// The SHA-256 of what is there, in hexadecimal digits.
        found: String,
        /// The one that stands at their end.
        expected: String,
    },
    /// Their hash is right, and what they hold makes no sense.
    #[error("the weights are not in order: {0}")]
    Order(&'static str),
}

/// What one feature says.
#[derive(Clone, Copy, Debug, Default)]
#[repr(align(16))]
pub(crate) struct Row {
    pub(crate) weights: [i8; Class::COUNT],
    pub(crate) square: u16,
}

/// The weights, ready to be looked up.
#[derive(Clone)]
pub(crate) struct Weights {
    pub(crate) worths: [i32; Class::COUNT],
    pub(crate) biases: [i32; Class::COUNT],
    pub(crate) sha256: String,
    /// Where the features begin whose hash has these upper bits, and at last where they end. A shelf holds one feature or
    /// none or two, so what is not known is found out at once.
    shelves: Box<[u32]>,
    /// The hashes of all features, rising, and beside each its row.
    hashes: Box<[u32]>,
    rows: Box<[Row]>,
}

impl Weights {
    pub(crate) fn from_bytes(bytes: &[u8]) -> Result<Self, WeightsError> {
        let mut rest = bytes.strip_prefix(MAGIC).ok_or(WeightsError::NoWeights)?;
        let cut = |expected| WeightsError::Size { found: bytes.len(), expected };
        let version = u16::from_le_bytes(*take(&mut rest).ok_or(cut(HEAD))?);
        if version != VERSION {
            return Err(WeightsError::Version { found: version });
        }
        let classes = u16::from_le_bytes(*take(&mut rest).ok_or(cut(HEAD))?);
        if usize::from(classes) != Class::COUNT {
            return Err(WeightsError::Classes { found: classes });
        }
        let found = u32::from_le_bytes(*take(&mut rest).ok_or(cut(HEAD))?);
        let features = usize::try_from(found).unwrap_or(usize::MAX);
        if features > MOST_FEATURES {
            return Err(WeightsError::Features { found });
        }
        let expected = HEAD + features * EACH + HASH;
        let (body, hash) = bytes.split_last_chunk::<HASH>().filter(|_| bytes.len() == expected).ok_or(cut(expected))?;
        let sha256 = Sha256::digest(body);
        if sha256.as_slice() != hash {
            return Err(WeightsError::Hash { found: hex::encode(sha256), expected: hex::encode(hash) });
        }
        let mut numbers = || {
            let mut numbers = [0; Class::COUNT];
            for number in &mut numbers {
                *number = i32::from_le_bytes(*take(&mut rest)?);
            }
            Some(numbers)
        };
        let (worths, biases) = (numbers().ok_or(cut(expected))?, numbers().ok_or(cut(expected))?);
        let (hashes, rest) = rest.split_at_checked(4 * features).ok_or(cut(expected))?;
        let (squares, weights) = rest.split_at_checked(2 * features).ok_or(cut(expected))?;
        let hashes: Box<[u32]> = hashes.as_chunks().0.iter().map(|hash| u32::from_le_bytes(*hash)).collect();
        if !hashes.is_sorted_by(|one, next| one < next) {
            return Err(WeightsError::Order("the hashes of the features do not rise"));
        }
        let mut shelves = vec![0; SHELVES + 1].into_boxed_slice();
        for hash in &hashes {
            shelves[(hash >> SHELF_BITS) as usize + 1] += 1;
        }
        for shelf in 0..SHELVES {
            shelves[shelf + 1] += shelves[shelf];
        }
        let square = |square: &[u8; 2]| Row { square: u16::from_le_bytes(*square), ..Row::default() };
        let mut rows: Box<[Row]> = squares.as_chunks().0.iter().map(square).collect();
        for (class, weights) in weights.chunks_exact(features.max(1)).take(Class::COUNT).enumerate() {
            for (row, weight) in rows.iter_mut().zip(weights) {
                row.weights[class] = weight.cast_signed();
            }
        }
        Ok(Self { worths, biases, sha256: hex::encode(sha256), shelves, hashes, rows })
    }

    /// What is known of a feature.
    #[inline]
    pub(crate) fn get(&self, hash: u32) -> Option<&Row> {
        let shelf = (hash >> SHELF_BITS) as usize;
        let (from, to) = (*self.shelves.get(shelf)? as usize, *self.shelves.get(shelf + 1)? as usize);
        let nth = self.hashes.get(from..to)?.iter().position(|found| *found == hash)?;
        self.rows.get(from + nth)
    }

    pub(crate) fn features(&self) -> usize {
        self.hashes.len()
    }
}

fn take<'b, const N: usize>(rest: &mut &'b [u8]) -> Option<&'b [u8; N]> {
    let (taken, after) = rest.split_first_chunk()?;
    *rest = after;
    Some(taken)
}

/// Weights as training finds them, to be written down.
#[cfg(feature = "training")]
pub(crate) struct Written {
    pub(crate) worths: [i32; Class::COUNT],
    pub(crate) biases: [i32; Class::COUNT],
    /// Each feature's hash, the square of its length, and its weights, by rising hash.
    pub(crate) features: Vec<(u32, u16, [i8; Class::COUNT])>,
}

#[cfg(feature = "training")]
impl Written {
    pub(crate) fn to_bytes(&self) -> Vec<u8> {
        let count = self.features.len() as u32;
        let mut bytes = MAGIC.to_vec();
        bytes.extend(VERSION.to_le_bytes());
        bytes.extend((Class::COUNT as u16).to_le_bytes());
        bytes.extend(count.to_le_bytes());
        bytes.extend(self.worths.iter().chain(&self.biases).flat_map(|number| number.to_le_bytes()));
        bytes.extend(self.features.iter().flat_map(|(hash, ..)| hash.to_le_bytes()));
        bytes.extend(self.features.iter().flat_map(|(_, square, _)| square.to_le_bytes()));
        for class in 0..Class::COUNT {
            bytes.extend(self.features.iter().map(|(.., weights)| weights[class].cast_unsigned()));
        }
        let hash = Sha256::digest(&bytes);
        bytes.extend(hash);
        bytes
    }
}
