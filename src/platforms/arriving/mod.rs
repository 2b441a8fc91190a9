//! What arrives: whether it is authentic, how it is read, how much of it is taken.

pub(crate) mod bounds;
pub(crate) mod inbound;
pub(crate) mod lenient;
pub(crate) mod receive;
pub(crate) mod secrets;
pub(crate) mod signature;
