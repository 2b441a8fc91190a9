//! The statistics from outside: days of entries in, figures and reports out.

mod activity;
mod recompute;
mod report;
mod support;
