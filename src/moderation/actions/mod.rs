//! What was decided: asked of the platforms as far as they let us, and what follows for its author.

pub(crate) mod act;
pub(crate) mod ask;
pub(crate) mod climb;
pub(crate) mod hands;
pub(crate) mod holds;
pub(crate) mod reach;
pub(crate) mod retry;
pub(crate) mod speech;
pub(crate) mod swept;
pub(crate) mod task;
