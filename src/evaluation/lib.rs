#![doc = include_str!("README.md")]

mod interval;
mod judge;
mod label;
mod measure;
mod report;
mod text;

pub use interval::Share;
pub use judge::{Counting, Unlabelled};
pub use label::Line;
pub use measure::Measure;
pub use report::{Group, Label, Recall, Report, Wrong};
pub use text::LossyText;
