//! YouTube channels: comments by [`poll()`], because YouTube pushes none; WebSub notifications, which tell of our own
//! videos; the Data API out.

mod atom;
mod calls;
mod errors;
mod link;
mod payload;
mod poll;
mod signature;
#[cfg(test)]
mod tests;

use std::time::Duration;

use crate::{Adapter, Limits};

pub use poll::{Cursor, poll};

/// The adapter.
pub struct Youtube;

impl Adapter for Youtube {
    /// YouTube pushes no comments. A poll is one unit or two of 10,000 a day, a round of looking two, at 50 comments
    /// (docs/platforms.md, section 5.3).
    fn limits(&self) -> Limits {
        Limits { poll_every: Some(Duration::from_secs(2 * 60)), rounds_an_hour: 4, ..Limits::MODEST }
    }

    /// The ban rejects the comment as well, and a rejection is for good (docs/platforms.md, section 0.1, points 8 and
    /// 9).
    fn ban_rejects(&self) -> bool {
        true
    }
}
