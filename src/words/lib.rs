#![doc = include_str!("README.md")]

pub mod obstacle;
pub mod opinion;
pub mod reason;
pub mod record;
pub mod task;

#[cfg(test)]
mod tests;
