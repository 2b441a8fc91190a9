//! What holds the system back: people who halt it, limits of the platforms, and the meters of the circuit breaker.

pub(crate) mod halt;
pub(crate) mod limit;
pub(crate) mod meter;
