//! LinkedIn organization pages: social action notifications in, the comments API out. Notifications come by push,
//! which needs LinkedIn's approval, or by [`poll()`], which reads the same ones.

mod calls;
mod errors;
mod link;
mod payload;
mod poll;
mod signature;
#[cfg(test)]
mod tests;
mod urn;

use std::time::Duration;

use crate::{Adapter, Limits};

pub use poll::{Cursor, poll};

/// The adapter.
pub struct Linkedin;

impl Adapter for Linkedin {
    /// LinkedIn's first tier allows 500 calls a day for the application and 100 for the member behind the token, which
    /// the replies share (docs/platforms.md, sections 0.1 and 5.2): hourly polls of two pages take 48.
    fn limits(&self) -> Limits {
        Limits { poll_every: Some(Duration::from_secs(60 * 60)), ..Limits::MODEST }
    }
}
