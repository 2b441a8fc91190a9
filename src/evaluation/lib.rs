#![doc = include_str!("README.md")]

mod interval;
mod judge;
mod label;
mod report;
mod text;

pub use interval::Share;
pub use judge::{Counting, Unlabelled};
pub use label::Line;
pub use report::{Group, Label, Measure, Recall, Report, Wrong};
pub use text::LossyText;
