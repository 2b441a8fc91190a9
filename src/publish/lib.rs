#![doc = include_str!("README.md")]

#[cfg(feature = "bucket")]
mod bucket;
mod folder;
mod seals;
#[cfg(feature = "bucket")]
mod signed;
mod store;

#[cfg(feature = "bucket")]
pub use bucket::Bucket;
pub use folder::NotWritten;
pub use seals::{NotPublished, Published, seal};
#[cfg(feature = "bucket")]
pub use signed::{Service, Signed, bucket_address, mail_address};
pub use store::{Existing, File, NotPut, Put, Store};
