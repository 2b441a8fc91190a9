//! What the platforms tell of what happens: the bodies, their signatures, sending them.

pub(crate) mod bodies;
pub(crate) mod delivery;
pub(crate) mod happen;
