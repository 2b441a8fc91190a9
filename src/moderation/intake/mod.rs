//! What arrives, or is read or polled: judged, recorded once, and only then acknowledged.

pub(crate) mod acknowledge;
pub(crate) mod decide;
pub(crate) mod look;
pub(crate) mod novelty;
pub(crate) mod poll;
pub(crate) mod read;
pub(crate) mod receive;
pub(crate) mod repeats;
pub(crate) mod respond;
pub(crate) mod revise;
