#![doc = include_str!("README.md")]

mod fold;
mod unsaid;

pub use fold::{Folded, fold, is_invisible, shows_nothing, sign, words};
pub use unsaid::{Unsaid, unsaid};
