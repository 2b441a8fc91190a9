//! The ladder: from an author's standing to the sanction that is due.

mod climb;
mod standing;

use serde::{Deserialize, Serialize};

pub use climb::{DecidedBy, Due, Ladder, Step};
pub use standing::{Sanction, Standing, Strike};

/// A sanction against an author, ordered from the mildest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SanctionKind {
    /// A first warning.
    Warning,
    /// The last warning before a block.
    LastWarning,
    /// A block that ends by itself.
    Block,
    /// A ban that only a person lifts.
    Ban,
}

impl SanctionKind {
    /// Every sanction, from the mildest.
    pub const ALL: [SanctionKind; 4] =
        [SanctionKind::Warning, SanctionKind::LastWarning, SanctionKind::Block, SanctionKind::Ban];

    /// The key used in files, tables and logs.
    pub const fn as_str(self) -> &'static str {
        match self {
            SanctionKind::Warning => "warning",
            SanctionKind::LastWarning => "last_warning",
            SanctionKind::Block => "block",
            SanctionKind::Ban => "ban",
        }
    }
}

/// How far a sanction has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SanctionState {
    /// It waits for as many people to confirm it as its step asks for.
    Proposed,
    /// It is decided, and being carried out.
    Decided,
    /// It has reached its author: the warning was delivered, the block or ban is in force.
    Effective,
    /// Its time is over, or a person lifted it. It still stands in the author's record until it expires.
    Ended,
    /// A person declined the proposal.
    Declined,
    /// It was taken back with the decision that caused it, and counts for nothing.
    Withdrawn,
}

impl SanctionState {
    /// The key used in tables and logs.
    pub const fn as_str(self) -> &'static str {
        match self {
            SanctionState::Proposed => "proposed",
            SanctionState::Decided => "decided",
            SanctionState::Effective => "effective",
            SanctionState::Ended => "ended",
            SanctionState::Declined => "declined",
            SanctionState::Withdrawn => "withdrawn",
        }
    }
}
