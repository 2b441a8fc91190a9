//! What became of pending work, one piece or a sweep of it.

use jiff::Timestamp;
use ledger::LedgerError;
use policy::Effect;

/// What became of one piece of pending work.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Acted {
    /// There was nothing to do: it is settled, not due yet, or someone else is at it.
    Nothing,
    /// It is settled: this is what the platform did.
    Settled(Effect),
    /// What had to be read is read and judged.
    Read,
    /// The ladder was climbed.
    Climbed,
    /// A decision counts that was held.
    Decided,
    /// It will be tried again then.
    Postponed(Timestamp),
}

/// What a sweep did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Swept {
    /// Work that was found due.
    pub due: usize,
    /// Of it, settled or read.
    pub settled: usize,
    /// Of it, postponed.
    pub postponed: usize,
    /// Of it, what failed for lack of the ledger; it stays pending.
    pub failed: usize,
}

impl Swept {
    /// Counts what became of a piece of work. Whether something came of it.
    pub(crate) fn count(&mut self, acted: Result<Acted, LedgerError>) -> bool {
        match acted {
            Ok(Acted::Settled(_) | Acted::Read | Acted::Climbed | Acted::Decided) => {
                self.settled += 1;
                return true;
            }
            Ok(Acted::Postponed(_)) => self.postponed += 1,
            Ok(Acted::Nothing) => {}
            Err(error) => {
                self.failed += 1;
                if error.is_retryable() {
                    tracing::warn!(%error, "a pending action could not be claimed or written down; it stays pending");
                } else {
                    tracing::error!(%error, "a pending action cannot be read or written down until someone mends it");
                }
            }
        }
        false
    }
}
