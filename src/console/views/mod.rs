//! The pages. Each shows what a door of the office answers, and decides nothing.

mod author;
mod case;
mod forms;
mod lists;
mod log;
mod others;
mod protection;
mod register;
mod reports;
mod rows;
mod shell;
mod since;
mod today;
mod trouble;

pub use trouble::{signed_out, trouble};
