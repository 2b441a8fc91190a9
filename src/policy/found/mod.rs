//! What is found about a text.

pub(crate) mod opinion;
pub(crate) mod verdict;
