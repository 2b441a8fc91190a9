//! How weights come from lines, and how they are measured. Only commands use it, no function in AWS.
//!
//! Everything is computed in one order, with exponentials and logarithms from `libm`, which are software: the same
//! lines give the same weights on every machine.

mod fit;
mod lines;
mod measure;
mod minimise;

pub use fit::{Settings, train};
pub use lines::{Expected, Line, LineError, Voice};
pub use measure::{Reliability, Share, area, reliability, threshold};
