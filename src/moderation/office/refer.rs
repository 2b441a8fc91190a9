//! Bringing a case before others: the platform, the authorities, a colleague.

use jiff::Timestamp;
use ledger::{Amendment, Case, CaseId, Closure, Errand, Status, Task, TaskFacts};
use policy::{Person, Referral};

use super::rule::Matter;
use super::{Office, OfficeError, Ruled, Ruling, closed};
use crate::actions::task;

impl Office<'_> {
    /// Brings a case before the platform or the authorities. No platform takes such reports by a call
    /// (docs/platforms.md, section 0.1, point 15), so a person does it, with a task that says how.
    ///
    /// # Errors
    /// When the findings name no clause of the policy, it is being
    /// brought before them already, or another person was faster.
    pub async fn escalate(&self, id: &CaseId, to: Referral, ruling: &Ruling) -> Result<Ruled, OfficeError> {
        self.rule(id, ruling, Matter::Escalate(to)).await
    }

    pub(super) async fn escalation<'c>(
        &self,
        case: &'c Case,
        to: Referral,
        now: Timestamp,
    ) -> Result<Amendment<'c>, OfficeError> {
        if let Status::Closed { reason: Closure::Overturned | Closure::Unfounded, .. } = case.status {
            return Err(closed(case));
        }
        let clauses = self.cited_before(case, to);
        if clauses.is_empty() {
            return Err(OfficeError::NoClause);
        }
        let tasks = self.moderation.ledger.tasks_of(&case.id, now).await?;
        let is_same = |task: &&Task| match &task.errand {
            Errand::Facts(TaskFacts::Refer { to: before, .. }) => *before == to && task.done.is_none(),
            _ => false,
        };
        if let Some(open) = tasks.iter().find(is_same) {
            return Err(OfficeError::BeingReferred { to, task: open.id.clone() });
        }
        let number = case.decisions.len() + 1;
        let deadline = self.moderation.policy.calendar.next_opening(now);
        let task = task::refer(&case.id, case.platform, to, &clauses, number, deadline, now);
        Ok(Amendment { tasks: vec![task], ..Amendment::of(case) })
    }

    /// Gives a case to somebody.
    ///
    /// # Errors
    /// When the case is closed, or another person was faster.
    pub async fn assign(&self, id: &CaseId, to: &Person, ruling: &Ruling) -> Result<Ruled, OfficeError> {
        self.rule(id, ruling, Matter::Assign(to)).await
    }

    /// Notes something about a case, for colleagues. Nothing follows from it.
    ///
    /// # Errors
    /// When the case has no room for more, or another person was faster.
    pub async fn note_case(&self, id: &CaseId, ruling: &Ruling) -> Result<Ruled, OfficeError> {
        self.rule(id, ruling, Matter::Note).await
    }
}
