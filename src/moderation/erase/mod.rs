//! Carrying an erasure on, whoever asked for it: the office (`office/erase.rs`) or a platform (`callback`).

mod callback;

use jiff::SignedDuration;
use ledger::{Erasing, LedgerError, Pseudonym};

use crate::Moderation;
use crate::actions::task;

/// An erasure that is under way for longer than this is brought before the office: whoever asked for it has to be answered
/// within a month (article 12(3) of the GDPR).
const LATE_AFTER: SignedDuration = SignedDuration::from_hours(14 * 24);

/// What became of the erasures that were under way.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Erasures {
    /// Those that are fulfilled now.
    pub done: usize,
    /// Those that wait for an action to be carried out, or for what was received shortly before they were asked for.
    pub waiting: usize,
    /// Those that could not be carried on.
    pub failed: usize,
}

impl Moderation {
    /// Carries the erasures on that are under way: those that platforms passed on, those that had to wait, and those
    /// that were interrupted. One that fails does not hold the others up; one that takes too long becomes a task.
    ///
    /// # Errors
    /// When it cannot be read which are under way. What was erased stays so, and the rest comes back by itself.
    pub async fn carry_erasures_on(&self) -> Result<Erasures, LedgerError> {
        let mut erasures = Erasures::default();
        for code in self.ledger.erasures_under_way().await? {
            match self.carry_on(&code).await {
                Ok(Some(done)) if done => erasures.done += 1,
                Ok(Some(_)) => erasures.waiting += 1,
                Ok(None) => {}
                Err(error) => {
                    erasures.failed += 1;
                    tracing::error!(%error, "an erasure could not be carried on; it is tried again");
                }
            }
        }
        Ok(erasures)
    }

    /// Whether an erasure is fulfilled now; `None` when there is none.
    async fn carry_on(&self, code: &str) -> Result<Option<bool>, LedgerError> {
        let now = self.clock.now();
        self.note_beginning(now).await?;
        let Some(Erasing { erasure, waiting }) = self.ledger.erase(code, &self.policy.reference, now).await? else {
            return Ok(None);
        };
        self.forget(&erasure.authors);
        if erasure.done_at.is_some() {
            tracing::info!(cases = erasure.cases, "an author was erased");
            return Ok(Some(true));
        }
        if waiting > 0 {
            tracing::info!(waiting, "an erasure waits until what was asked of the platform is carried out");
        }
        let since = erasure.first_requested_at;
        if now.duration_since(since) >= LATE_AFTER {
            let about = format!("erasure-{code}");
            self.raise(&about, |id| task::late_erasure(id, code, waiting, since, now), now).await?;
        }
        Ok(Some(false))
    }

    /// Forgets an author in this process. Another one may remember a keyed fingerprint for a day, or until it ends.
    pub(crate) fn forget(&self, authors: &[Pseudonym]) {
        self.repeats.forget(authors);
        self.climbed.forget(authors);
    }
}
