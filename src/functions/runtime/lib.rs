#![doc = include_str!("README.md")]

mod actions;
mod metrics;
mod parameters;
mod poll;
mod reconcile;
mod start;
mod webhook;

pub use actions::actions;
pub use poll::poll;
pub use start::start_log;
pub use webhook::webhook;
