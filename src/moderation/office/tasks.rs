//! Tasks: what only a person can do.

use jiff::Timestamp;
use ledger::{Action, Amended, Amendment, Case, Cursor, Done, Finished, SanctionsChange, Task, TaskKind};
use policy::{ActionKind, Notice, SanctionKind, SanctionState};

use super::{ATTEMPTS, Office, OfficeError, Ruling};
use crate::actions::task;

impl Office<'_> {
    /// The tasks that are not done, at most `limit`, and whether there are more.
    ///
    /// # Errors
    /// When the ledger is unavailable.
    pub async fn tasks(&self, limit: usize) -> Result<(Vec<Task>, bool), OfficeError> {
        let (tasks, next) = self.moderation.ledger.tasks(None, limit, self.moderation.clock.now()).await?;
        Ok((tasks, next.is_some()))
    }

    /// A page of the tasks that are not done, the oldest first, and where the next begins; `None` after the last.
    ///
    /// # Errors
    /// When the ledger is unavailable.
    pub async fn tasks_after(
        &self,
        after: Option<&Cursor>,
        limit: usize,
    ) -> Result<(Vec<Task>, Option<Cursor>), OfficeError> {
        Ok(self.moderation.ledger.tasks(after, limit, self.moderation.clock.now()).await?)
    }

    /// Closes a task: done, or found impossible. A warning that was delivered by hand counts from now on; one that
    /// could not be delivered counts for nothing, and the next violation leads to another.
    ///
    /// # Errors
    /// When there is no such task, somebody has closed it, or it is to let somebody in and that was not achieved.
    pub async fn finish_task(&self, id: &str, ruling: &Ruling, achieved: bool) -> Result<(), OfficeError> {
        let now = self.moderation.clock.now();
        let done = Done { achieved, ..ruling.done(now) };
        let task = self.moderation.ledger.task(id, now).await?.ok_or_else(|| OfficeError::NoTask(id.to_owned()))?;
        if task.kind == TaskKind::Confirm && task.done.is_none() {
            return Err(OfficeError::NeedsDecision);
        }
        if task.lets_in() && task.done.is_none() && !achieved {
            return Err(OfficeError::StillKeptOut);
        }
        self.moderation.ledger.begins_by(now).await?;
        if task.done.is_none() {
            self.delivered_by_hand(&task, achieved, now).await?;
        }
        match self.moderation.ledger.finish_task(id, &done).await? {
            Finished::Recorded => Ok(()),
            Finished::AlreadyDone(Done { by, at, .. }) => Err(OfficeError::TaskDone { by, at }),
            Finished::Unknown => Err(OfficeError::NoTask(id.to_owned())),
        }
    }

    /// Takes the sanction of a task further that no action stands for, or back when it could not be imposed: where its
    /// author was told of it, somebody has to correct that. Before the task is closed, so that whoever is interrupted can
    /// repeat it.
    async fn delivered_by_hand(&self, task: &Task, achieved: bool, now: Timestamp) -> Result<(), OfficeError> {
        let (Some(id), Some(number)) = (&task.case, task.sanction) else { return Ok(()) };
        if achieved && task.action.is_some() {
            return Ok(());
        }
        for _ in 0..ATTEMPTS {
            let Some(case) = self.moderation.ledger.case(id, now).await? else { return Ok(()) };
            let record = self.moderation.record_of(&case).await?;
            let done = task.action.as_ref().and_then(|done| case.actions.iter().find(|action| action.id == *done));
            let change = SanctionsChange::of(record, |sanction| {
                let is_waiting = sanction.number == number
                    && sanction.state == SanctionState::Decided
                    && done.is_none_or(|action| imposes(action, sanction.kind));
                match (is_waiting, achieved) {
                    (true, true) => sanction.take_effect(now),
                    (true, false) => sanction.close(SanctionState::Withdrawn, now),
                    (false, _) => {}
                }
                is_waiting
            });
            let Some(change) = change else { return Ok(()) };
            let withdrawn = change.sanctions.iter().find(|sanction| sanction.number == number && !achieved);
            let told = withdrawn.filter(|_| tellings(&case, number).next().is_some());
            let tasks = told.map(|sanction| task::announced(&case, sanction, now)).into_iter().collect();
            let climb_due = achieved.then_some(true);
            let amendment = Amendment { sanctions: Some(change), climb_due, tasks, ..Amendment::of(&case) };
            if self.moderation.ledger.amend(&amendment, now).await? == Amended::Recorded {
                return Ok(());
            }
        }
        Err(OfficeError::Busy)
    }
}

/// The messages that have told the author of a block or ban, the `number`-th of their sanctions, that a case carries.
pub(super) fn tellings(case: &Case, number: u32) -> impl Iterator<Item = &Action> {
    let tells = move |action: &&Action| {
        let is_of_it = action.sanction == Some(number) && matches!(action.notice, Some(Notice::Block | Notice::Ban));
        is_of_it && action.was_delivered()
    };
    case.actions.iter().filter(tells)
}

/// Whether a sanction is imposed by an action: a warning by the message, a block or ban by keeping its author out. That the
/// message about a block could not be sent is no reason to let them in.
fn imposes(action: &Action, sanction: SanctionKind) -> bool {
    if sanction < SanctionKind::Block { action.kind.speaks() } else { action.kind == ActionKind::Ban }
}
