//! What is counted for the statistics, and how far it was read.

pub(crate) mod compiled;
pub(crate) mod cursor;
pub(crate) mod snapshot;
