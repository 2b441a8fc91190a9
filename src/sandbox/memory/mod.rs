//! What the platforms remember, and how they spell it.

pub(crate) mod ids;
pub(crate) mod objects;
pub(crate) mod quota;
pub(crate) mod settings;
pub(crate) mod state;
pub(crate) mod subscriptions;
