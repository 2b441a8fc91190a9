#![doc = include_str!("README.md")]

mod actions;
mod console;
mod deployed;
mod http;
mod metrics;
mod parameters;
mod poll;
mod reconcile;
mod run;
mod start;
mod statistics;
mod user_reports;
mod webhook;

pub use actions::actions;
pub use console::console;
pub use deployed::deployed;
pub use poll::poll;
pub use statistics::statistics;
pub use user_reports::user_reports;
pub use webhook::webhook;
