//! Settling actions: what the platform did about what it was asked.

use std::fmt;

use jiff::{SignedDuration, Timestamp};
use policy::{AccountId, ActionKind, ContributionId, Effect, Platform};

use crate::case::Closure;
use crate::item::to_attribute;
use crate::keys;
use crate::store::{Write, Written};
use crate::tables::Table;
use crate::{Action, AuditEntry, Case, Fact, Fate, Ledger, LedgerError, Status, Task};

/// How long an action that is being asked while its contribution is removed is left to its worker.
const IN_FLIGHT: SignedDuration = SignedDuration::from_secs(90);

/// How often [`Ledger::settle`] starts anew when the case changes under its hands.
const SETTLE_ATTEMPTS: u32 = 5;

/// How often [`Ledger::remove`] starts anew when a case changes under its hands.
const REMOVE_ATTEMPTS: u32 = 10;

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

/// What came of asking. `Debug` does not show notes and references.
#[derive(Clone, PartialEq, Eq)]
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
        /// Whether the platform was asked at all.
        asked: bool,
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
    /// Records what came of asking for an action, if nobody else has it since it was taken up. An
    /// effect is one transaction of case, audit entry and task; after it the next action of the case is due at once.
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
            // Something else about the case has changed, such as the removal of its contribution. As long as the
            // action is the one that was taken up, what came of it holds all the same.
            match self.case(&work.case.id).await? {
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
                if !asked {
                    action.take_back();
                }
                action.outcome_unknown = *uncertain;
                action.note = Some(note.clone());
                self.change_actions(&mut case, Some(*at)).await
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
                let fact = Fact::effect(action, *effect);
                let due = case.unsettled().map(|_| now);
                let change = self.actions_change(&case, due)?;
                let mut writes = vec![
                    Write::Change(Table::Casebook, self.keys.case(&case.id), change),
                    self.write_event(&case, fact, now)?,
                ];
                if let Some(task) = task {
                    writes.push(self.write_task(task)?);
                }
                Ok(self.store.write_all(writes).await? == Written::Yes)
            }
        }
    }

    /// Records that a contribution no longer exists: closes its open cases and settles what was still to be asked
    /// about it as already so, with an audit entry for each. What concerns the author stays pending. Strikes stay. Doing it again does nothing. Answers how
    /// many cases were closed.
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
        let reference = self.reference(platform, account, id);
        // First, so that a case which is opened from now on, by a delivery that was overtaken, meets it.
        self.set_fate(&reference, Fate::Removed, now).await?;
        let mut closed = 0;
        for _ in 0..REMOVE_ATTEMPTS {
            let mut contended = false;
            for case in self.cases_by(&reference).await? {
                if case.status == Status::Open {
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
        let mut facts = vec![Fact::Removal];
        for action in case.actions.iter_mut().filter(|action| action.is_moot()) {
            action.conclude(Effect::AlreadySo, now);
            facts.push(Fact::effect(action, Effect::AlreadySo));
        }
        case.status = Status::Closed { reason: Closure::Removed, at: now };
        let due = case.unsettled().map(|action| if action.outcome_unknown { now + IN_FLIGHT } else { now });
        let mut change = self.actions_change(&case, due)?;
        change.set.insert("status".to_owned(), to_attribute("case", &case.status)?);
        let mut writes = vec![Write::Change(Table::Casebook, self.keys.case(&case.id), change)];
        for fact in facts {
            writes.push(self.write_event(&case, fact, now)?);
        }
        Ok(writes)
    }

    /// The write that records something about a case in the audit log, other than its verdict.
    fn write_event(&self, case: &Case, fact: Fact, now: Timestamp) -> Result<Write, LedgerError> {
        let what = match &fact {
            Fact::Effect { action, .. } => format!("effect#{action}"),
            Fact::Removal => "removal".to_owned(),
            Fact::Verdict { .. } => "verdict".to_owned(),
            Fact::Decision { .. } => format!("decision#{}", keys::sortable(now)),
            Fact::Sanction { number, state, .. } => format!("sanction#{number}#{}", state.as_str()),
            Fact::Halt { .. } => "halt".to_owned(),
            Fact::Activation => "activation".to_owned(),
            Fact::Export { .. } => "export".to_owned(),
            Fact::Erasure { .. } => "erasure".to_owned(),
        };
        let entry = AuditEntry::about(case, fact, now);
        entry.write(self.keys.event(&case.id, entry.day, &what), None)
    }
}

impl Action {
    /// Whether there is nothing left to do because the contribution is gone. What concerns its author still has to
    /// be done, and what is being asked just now has an effect that only its worker will know.
    fn is_moot(&self) -> bool {
        use ActionKind::{Delete, Hide, Reply, Unhide};
        self.effect.is_none() && !self.outcome_unknown && matches!(self.kind, Hide | Unhide | Delete | Reply)
    }

    /// Takes back that it was asked this time: it was taken up, and the platform was not called.
    fn take_back(&mut self) {
        self.attempts = self.attempts.saturating_sub(1);
        if self.attempts == 0 {
            self.asked_at = None;
        }
    }

    /// Notes the effect: nothing about it is unknown any more.
    fn conclude(&mut self, effect: Effect, now: Timestamp) {
        self.effect = Some(effect);
        self.effect_at = Some(now);
        self.outcome_unknown = false;
    }
}
