#![doc = include_str!("README.md")]

mod deletion;
mod marks;
mod pieces;
mod policy;
mod shell;
mod visible;

pub use deletion::Deletion;
pub use marks::{Mark, marks};
pub use pieces::{field, link, paragraphs, written, written_and_marked};
pub use policy::policy;
pub use shell::{BASE_STYLE, Content, Page, Part, Readers};
pub use visible::{escaped, is_unseen, visible};
