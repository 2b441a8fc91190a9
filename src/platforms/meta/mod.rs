//! What Facebook and Instagram share: Meta signs, packs, answers and fails in one way for both, so it stands here once.

pub(crate) mod calls;
pub(crate) mod deletion;
pub(crate) mod errors;
mod item;
mod leaf;
mod messaging;
mod payload;
pub(crate) mod signature;
#[cfg(test)]
pub(crate) mod testing;
#[cfg(test)]
mod tests;

pub(crate) use item::Item;
pub(crate) use leaf::{Party, seconds};
pub use payload::meant_for;
pub(crate) use payload::{Reader, parse};

/// A platform of Meta's. How those sign and what their answers mean is implemented here for all of them at once.
pub(crate) trait OfMeta {}
