//! `galateo case`: the cases that wait for a person, and what is decided about them.

mod decide;
mod list;
mod show;

pub use decide::{assign, confirm, escalate, overturn};
pub use list::list;
pub use show::show;
