#![doc = include_str!("README.md")]

mod author;
mod dossier;
mod given;
pub mod json;
mod judged;
mod statement;

pub use author::AUTHOR_EXPORT;
pub use dossier::Dossier;
pub use given::{Disclosure, DisclosureError, Given};
pub use statement::{Attributes, State, Statement};
