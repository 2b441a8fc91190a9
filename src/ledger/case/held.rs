//! A decision that can still be taken back: it stands in its case until its time has come, and comes back by itself then.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::Case;

/// A decision that was taken, and counts from a moment on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Held {
    /// What was decided.
    pub what: HeldDecision,
    /// Which decision of the case announced it, counted from 0: who took it, when and why stands there.
    pub announced: usize,
    /// The sanction that waited for confirmation then, by its number: what is decided is decided about that.
    pub sanction: Option<u32>,
    /// From when on it counts.
    pub due: Timestamp,
}

/// A decision that can be held.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum HeldDecision {
    /// The case is confirmed.
    Confirm,
    /// It is confirmed with the finding that its author exposed somebody.
    Exposure,
    /// It is overturned.
    Overturn {
        /// Also where not all can be taken back on the platform.
        anyway: bool,
    },
    /// The sanction that waits is declined.
    Decline,
}

/// What an amendment does to the decision that is held.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Hold {
    /// Nothing.
    #[default]
    Keep,
    /// It is held from now on.
    Begin(Held),
    /// It is not held any more: it counts with this amendment, or was taken back by it.
    End,
}

impl Case {
    /// The decision that announced what is held, with who took it and why.
    pub fn announced(&self) -> Option<&crate::Decision> {
        self.decisions.get(self.held.as_ref()?.announced)
    }
}
