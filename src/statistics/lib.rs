#![doc = include_str!("README.md")]

mod activity;

pub use activity::{Activity, PlatformActivity};
