//! Settling actions: what the platform did about what it was asked.

use std::fmt;

use jiff::Timestamp;
use policy::Effect;

use crate::table::write::{Write, Written};
use crate::{Action, AuditEntry, Case, Fact, Ledger, LedgerError, Task};

/// How often [`Ledger::settle`] starts anew when the case or the author's standing changes under its hands.
const SETTLE_ATTEMPTS: u32 = 10;

/// An action that was taken up. `Debug` shows nothing personal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ActionWork {
    /// The case, as it is while the action is being asked.
    pub case: Case,
    /// The action.
    pub action: Action,
    /// Whether an earlier attempt was asked and its outcome is not known: what must not happen twice has to be read
    /// back before it is asked again.
    pub uncertain: bool,
}

/// Whether a platform was asked for an action that was taken up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Asked {
    /// It was.
    Yes,
    /// It was not, because nothing can be asked of it now. How long it has been tried goes on being counted.
    No,
    /// It was not, because a person has stopped it for a time, which does not count.
    Paused,
}

/// What came of asking. `Debug` does not show notes and references.
#[derive(Clone, PartialEq, Eq)]
#[expect(clippy::large_enum_variant, reason = "a worker holds one at a time, and lends it")]
pub enum Settlement {
    /// It is settled.
    Effect {
        /// What the platform did.
        effect: Effect,
        /// The call that was made, by its documented shape; `None` when the platform was not asked after all.
        call: Option<String>,
        /// The HTTP status of its answer.
        status: Option<u16>,
        /// The platform's id of what came of it: our reply.
        reference: Option<String>,
        /// What else there is to say.
        note: Option<String>,
        /// What a person has to do now.
        task: Option<Task>,
    },
    /// It has to be asked again.
    Again {
        /// When.
        at: Timestamp,
        /// Whether the platform was asked.
        asked: Asked,
        /// Whether it may have taken effect all the same.
        uncertain: bool,
        /// Why.
        note: String,
    },
}

impl fmt::Debug for Settlement {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Settlement::Effect { effect, status, task, .. } => f
                .debug_struct("Effect")
                .field("effect", effect)
                .field("status", status)
                .field("task", task)
                .finish_non_exhaustive(),
            Settlement::Again { at, uncertain, .. } => {
                f.debug_struct("Again").field("at", at).field("uncertain", uncertain).finish_non_exhaustive()
            }
        }
    }
}

/// Whether a settlement counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Settled {
    /// It is on record.
    Recorded,
    /// Someone else has the action since it was taken up, or has settled it: the lease ran out. Nothing was recorded.
    Superseded,
}

impl Ledger {
    /// Records what came of asking for an action, if nobody else has it since it was taken up. An effect is one
    /// transaction of case, audit entry and task; after it the next action of the case is due at once.
    ///
    /// Where the action serves a sanction and has carried it out, the same transaction takes the author's sanction a
    /// step further and makes the ladder due to be climbed again, for what the author has written meanwhile. A warning
    /// is carried out by a message that was delivered, a block or ban by a ban, and their end by an unban. A message
    /// that is settled as already so was not delivered: there was nothing left to answer to. The ladder is then due to
    /// be climbed as well, so that whoever climbs it sees that the author was not told.
    ///
    /// # Errors
    /// When the ledger is unavailable.
    pub async fn settle(
        &self,
        work: &ActionWork,
        settlement: &Settlement,
        now: Timestamp,
    ) -> Result<Settled, LedgerError> {
        let mut case = work.case.clone();
        for _ in 0..SETTLE_ATTEMPTS {
            if self.settle_as_of(case, work, settlement, now).await? {
                return Ok(Settled::Recorded);
            }
            // Something else about the case or its author has changed, such as the removal of its contribution. As
            // long as the action is the one that was taken up, what came of it holds all the same.
            match self.case(&work.case.id, now).await? {
                Some(changed) if changed.action(&work.action.id) == Some(&work.action) => case = changed,
                _ => return Ok(Settled::Superseded),
            }
        }
        Err(LedgerError::Conflict { operation: "settle", attempts: SETTLE_ATTEMPTS })
    }

    /// Records what came of asking, if the case still has this version. Whether it has.
    async fn settle_as_of(
        &self,
        mut case: Case,
        work: &ActionWork,
        settlement: &Settlement,
        now: Timestamp,
    ) -> Result<bool, LedgerError> {
        let Some(action) = case.action_mut(&work.action.id) else { return Ok(false) };
        match settlement {
            Settlement::Again { at, asked, uncertain, note } => {
                if *asked != Asked::Yes {
                    action.take_back();
                }
                if *asked == Asked::Paused {
                    action.tried_since = None;
                }
                action.held_until = Some(*at);
                action.outcome_unknown = *uncertain;
                action.note = Some(note.clone());
                self.change_case(&mut case, now).await
            }
            Settlement::Effect { effect, call, status, reference, note, task } => {
                action.conclude(*effect, now);
                if call.is_none() {
                    action.take_back();
                }
                action.call.clone_from(call);
                action.status = *status;
                action.reference.clone_from(reference);
                action.note.clone_from(note);
                let action = action.clone();
                let mut writes = vec![self.write_effect(&case, &action, *effect, now)?];
                if let Some(reference) = reference {
                    writes.push(self.write_answer(&case, &action.id, reference)?);
                }
                if action.is_so() {
                    writes.extend(self.advance(&mut case, &action, !action.by_person, now).await?);
                }
                case.climb_due |= action.is_undelivered();
                writes.push(self.write_case(&case, now)?);
                if let Some(task) = task {
                    writes.push(self.write_task(task)?);
                }
                Ok(self.store.write_all(writes).await? == Written::Yes)
            }
        }
    }

    /// The write that records something about a case in the audit log, other than its verdict. `what` differs from that
    /// of every other event of the case on that day.
    pub(crate) fn write_event(
        &self,
        case: &Case,
        what: &str,
        fact: Fact,
        automatic: bool,
        now: Timestamp,
    ) -> Result<Write, LedgerError> {
        let entry = AuditEntry::about(case, fact, automatic, now);
        entry.write(self.keys.event(&case.id, entry.day, what), None)
    }

    /// The write that records an entry about no single contribution. `what` differs from that of every other such entry
    /// of the day.
    pub(crate) fn write_at_large(&self, entry: &AuditEntry, what: &str) -> Result<Write, LedgerError> {
        entry.write(self.keys.event_at_large(entry.day, what), None)
    }

    /// The write that records that an action was settled: by the system alone, unless a person's decision led to it.
    pub(crate) fn write_effect(
        &self,
        case: &Case,
        action: &Action,
        effect: Effect,
        now: Timestamp,
    ) -> Result<Write, LedgerError> {
        let fact = Fact::effect(action, effect);
        self.write_event(case, &format!("effect#{}", action.id), fact, !action.by_person, now)
    }
}
