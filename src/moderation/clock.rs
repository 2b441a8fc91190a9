//! The clock by which the use cases are dated, which can be moved for rehearsals and tests.

use jiff::{SignedDuration, Timestamp};

/// The system's clock, shifted by a constant.
#[derive(Clone, Copy, Debug, Default)]
pub struct Clock {
    offset: SignedDuration,
}

impl Clock {
    /// A clock that shows `now` at this moment and goes on from there (`--now`).
    pub fn starting_at(now: Timestamp) -> Self {
        Self { offset: now.duration_since(Timestamp::now()) }
    }

    /// The time it shows.
    pub fn now(&self) -> Timestamp {
        Timestamp::now().saturating_add(self.offset).unwrap_or(Timestamp::MAX)
    }
}
