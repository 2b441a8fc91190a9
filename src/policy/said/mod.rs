//! What is said to people: notices, their messages, in which language.

pub(crate) mod language;
pub(crate) mod message;
pub(crate) mod notice;
