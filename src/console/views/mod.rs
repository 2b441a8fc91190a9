//! The pages. Each shows what a door of the office answers, and decides nothing.

mod author;
mod case;
mod forms;
mod lists;
mod others;
mod rows;
mod shell;
mod today;
mod trouble;

pub use trouble::{signed_out, trouble};
