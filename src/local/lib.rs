#![doc = include_str!("README.md")]

#[cfg(feature = "server")]
pub mod door;
pub mod files;
#[cfg(feature = "server")]
pub mod serving;
