//! The two tables: their keys, what is written into an item and read from one, and the requests to the engine.

pub(crate) mod attributes;
pub(crate) mod consumed;
pub(crate) mod item;
pub(crate) mod keys;
pub(crate) mod pending;
pub(crate) mod probe;
pub(crate) mod retry;
pub(crate) mod store;
pub(crate) mod tables;
pub(crate) mod write;
