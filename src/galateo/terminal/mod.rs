//! What leaves the program: text, JSON and pages on standard output, the log and what is told beside it on standard error,
//! and the exit code.

pub mod failure;
pub mod log;
pub mod marked;
pub mod output;
pub mod progress;
pub mod replaced;
