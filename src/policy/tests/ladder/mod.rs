//! The ladder: what becomes due and what is taken back, and how it stands in the policy file.

mod author;
mod examples;
mod file;
mod properties;
