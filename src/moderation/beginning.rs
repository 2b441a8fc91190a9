//! When the records begin. Who starts a process notes it with the policy in force; a clock that is set back below that
//! while the process runs lets them begin earlier, so that nothing is recorded where nobody looks for it.

use std::sync::{Arc, Mutex, PoisonError};

use jiff::Timestamp;
use jiff::civil::Date;
use ledger::{LedgerError, day};

use crate::Moderation;

/// The earliest day on which this process has recorded anything. Clones share it.
#[derive(Clone, Debug)]
pub(crate) struct Beginning(Arc<Mutex<Date>>);

impl Beginning {
    pub(crate) fn at(now: Timestamp) -> Self {
        Self(Arc::new(Mutex::new(day(now))))
    }

    fn with<T>(&self, what: impl FnOnce(&mut Date) -> T) -> T {
        what(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Moderation {
    /// Before something is recorded: notes it where this process has recorded nothing so early. It costs nothing otherwise.
    pub(crate) async fn note_beginning(&self, now: Timestamp) -> Result<(), LedgerError> {
        let today = day(now);
        if self.beginning.with(|earliest| today < *earliest) {
            self.ledger.begins_by(now).await?;
            self.beginning.with(|earliest| *earliest = today.min(*earliest));
        }
        Ok(())
    }
}
