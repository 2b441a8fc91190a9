//! What the pollers of the platforms without push share.

use crate::{Class, Delivery, Malformed, Unanswered};

/// What one poll brought.
#[derive(Debug)]
pub struct Polled<Cursor> {
    /// What was read. Deal with it before the cursor is stored: after a crash in between it is read again, and the
    /// ledger recognises it.
    pub delivery: Delivery,
    /// Where the next poll begins. It has not moved past anything that was not read.
    pub cursor: Cursor,
    /// How many calls were made. On YouTube each costs one unit of the quota.
    pub calls: u32,
    /// Why it ended before everything was read, if it did; a [`Class::Limited`] says how long not to poll.
    pub stopped: Option<Class>,
}

/// Why a poll brought nothing. The cursor stays where it was, so nothing is lost.
#[derive(Debug, thiserror::Error)]
pub enum PollError {
    /// There was no answer.
    #[error(transparent)]
    Unanswered(#[from] Unanswered),
    /// The platform declined, and waiting will not help.
    #[error("the platform declined the listing: {0:?}")]
    Refused(Class),
    /// The answer is not what the platform documents.
    #[error("the listing was not understood: {0}")]
    Malformed(#[from] Malformed),
}
