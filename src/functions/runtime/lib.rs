#![doc = include_str!("README.md")]

mod actions;
mod metrics;
mod parameters;
mod poll;
mod reconcile;
mod seals;
mod start;
mod statistics;
mod store;
mod webhook;

pub use actions::actions;
pub use poll::poll;
pub use statistics::statistics;
pub use webhook::webhook;
