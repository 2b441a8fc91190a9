//! Removals: a contribution that no longer exists closes its cases (invariant 9).

use jiff::Timestamp;
use policy::{AccountId, ContributionId, Effect, Platform};

use crate::table::write::{Write, Written};
use crate::{Case, Closure, Fact, Fate, Ledger, LedgerError, Status};

/// How often [`Ledger::remove`] starts anew when a case changes under its hands.
const REMOVE_ATTEMPTS: u32 = 10;

impl Ledger {
    /// Records that a contribution no longer exists: closes its open cases and settles what was still to be asked
    /// about it as already so, with an audit entry for each. What concerns the author stays pending, and strikes stay.
    /// A message that can no longer be delivered takes no sanction further; the ladder is then due to be climbed, so
    /// that whoever climbs it sees that its author was not told. Doing it again does nothing. Answers how many cases
    /// were closed.
    ///
    /// # Errors
    /// When the ledger is unavailable, or a case keeps changing under its hands. What was closed until then stays
    /// closed, and repeating closes the rest.
    pub async fn remove(
        &self,
        platform: Platform,
        account: &AccountId,
        id: &ContributionId,
        now: Timestamp,
    ) -> Result<usize, LedgerError> {
        // First, so that a case which is opened from now on, by a delivery that was overtaken, meets it.
        for reference in self.homes(platform, account, id).await? {
            self.set_fate(&reference, Fate::Removed, now).await?;
        }
        let mut closed = 0;
        for _ in 0..REMOVE_ATTEMPTS {
            let mut contended = false;
            for case in self.cases_about(platform, account, id, now).await? {
                if case.is_open() {
                    match self.store.write_all(self.closing(case, now)?).await? {
                        Written::Yes => closed += 1,
                        Written::No | Written::Unclear => contended = true,
                    }
                }
            }
            if !contended {
                return Ok(closed);
            }
        }
        Err(LedgerError::Conflict { operation: "remove", attempts: REMOVE_ATTEMPTS })
    }

    /// All writes that close a case whose contribution is gone.
    fn closing(&self, mut case: Case, now: Timestamp) -> Result<Vec<Write>, LedgerError> {
        let mut settled = Vec::new();
        for action in case.actions.iter_mut().filter(|action| action.is_moot()) {
            action.conclude(Effect::AlreadySo, now);
            case.climb_due |= action.is_undelivered();
            settled.push(action.clone());
        }
        case.status = Status::Closed { reason: Closure::Removed, at: now };
        let mut writes =
            vec![self.write_case(&case, now)?, self.write_event(&case, "removal", Fact::Removal, true, now)?];
        for action in settled {
            writes.push(self.write_effect(&case, &action, Effect::AlreadySo, now)?);
        }
        Ok(writes)
    }
}
