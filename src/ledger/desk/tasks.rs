//! How tasks are stored, found and closed.

use jiff::{SignedDuration, Timestamp};
use policy::{ActionKind, Effect};

use super::task::{Done, Finished, Task};
use crate::case::amend::WITHDRAWN;
use crate::case::decision::reason_hash;
use crate::table::item::{Item, expiry, from_item, number, text, to_attribute, to_item};
use crate::table::keys::sortable;
use crate::table::tables::{DESK, DESK_AT, EXPIRES, Table};
use crate::table::write::{Change, HOLDS_UNTIL, Write, Written};
use crate::{Action, Case, CaseId, DecisionKind, Fact, Ledger, LedgerError, Recorded};

/// A task changes once, when it is done: until then all of them have this version.
const OPEN: u64 = 1;

/// How long a task is kept after it was done: what there is to say about it may speak of people.
const DONE_KEPT: SignedDuration = SignedDuration::from_hours(180 * 24);

/// No id of a task is longer, in bytes; and no key of DynamoDB may be twice as long.
const LONGEST_ID: usize = 512;

/// How often [`Ledger::finish_task`] starts anew when the case or the author's record changes under its hands.
const FINISH_ATTEMPTS: u32 = 10;

impl Ledger {
    /// Raises a task, unless there is one with its id, done or not.
    ///
    /// # Errors
    /// When the ledger is unavailable.
    pub async fn put_task(&self, task: &Task) -> Result<Recorded, LedgerError> {
        let write = Write::New(Table::Casebook, self.keys.task(&task.id), self.task_item(task)?);
        Ok(match self.store.write(write).await? {
            Written::Yes => Recorded::New,
            Written::No | Written::Unclear => Recorded::Duplicate,
        })
    }

    /// A task, done or not; `None` when there is none, or its time is over.
    ///
    /// # Errors
    /// When the ledger is unavailable or the item cannot be read.
    pub async fn task(&self, id: &str, now: Timestamp) -> Result<Option<Task>, LedgerError> {
        if id.len() > LONGEST_ID {
            return Ok(None);
        }
        let item = self.store.get(Table::Casebook, &self.keys.task(id)).await?;
        let task: Option<Task> = item.map(|item| from_item("task", item)).transpose()?;
        Ok(task.filter(|task| task.expires_at.is_none_or(|expires_at| expires_at > now)))
    }

    /// The tasks that belong to a case, done or not, the oldest first: those whose time is over are left out.
    ///
    /// # Errors
    /// When the ledger is unavailable or an item cannot be read.
    pub async fn tasks_of(&self, case: &CaseId, now: Timestamp) -> Result<Vec<Task>, LedgerError> {
        let mut tasks = self.tasks_about(case.reference(), now).await?;
        tasks.retain(|task| task.case.as_ref() == Some(case));
        tasks.sort_by_cached_key(|task| (task.created_at, task.id.clone()));
        Ok(tasks)
    }

    /// Records that a task was done, once. Where it belongs to a case, with an audit entry about that case, whose
    /// reason is the note. Where it stands in the place of an action that serves a sanction, and was achieved, the
    /// same transaction takes the author's sanction a step further, as [`Ledger::settle`] does for the action itself.
    /// The action keeps the effect that the platform had, and says beside it when a person did it (invariant 7), or could
    /// not, where that is what the task asked for. The end of a block that could not be imposed is taken back.
    ///
    /// # Errors
    /// When the ledger is unavailable, or the case or the author's record keeps changing under its hands.
    pub async fn finish_task(&self, id: &str, done: &Done) -> Result<Finished, LedgerError> {
        for _ in 0..FINISH_ATTEMPTS {
            let Some(task) = self.task(id, done.at).await? else { return Ok(Finished::Unknown) };
            if let Some(before) = task.done {
                return Ok(Finished::AlreadyDone(before));
            }
            let mut writes = vec![self.write_done(id, done)?];
            if let Some(case) = &task.case {
                writes.extend(self.consequences_for(case, &task, done).await?);
            }
            if self.store.write_all(writes).await? == Written::Yes {
                return Ok(Finished::Recorded);
            }
        }
        Err(LedgerError::Conflict { operation: "finish_task", attempts: FINISH_ATTEMPTS })
    }

    /// What follows for a case from a task that is done.
    async fn consequences_for(&self, case: &CaseId, task: &Task, done: &Done) -> Result<Vec<Write>, LedgerError> {
        let Some(mut case) = self.case(case, done.at).await? else { return Ok(Vec::new()) };
        let fact = Fact::Decision {
            decision: DecisionKind::TaskDone,
            by: done.by.to_string(),
            reason: reason_hash(&done.salt, &done.note),
            strike: None,
            strike_withdrawn: false,
        };
        let mut writes = vec![self.write_event(&case, &format!("done#{}", task.id), fact, false, done.at)?];
        let surface = case.surface;
        let Some(action) = task.action.as_ref().and_then(|action| case.action_mut(action)) else { return Ok(writes) };
        if task.asks_to_do(action, surface) {
            let at = if done.achieved { &mut action.by_hand_at } else { &mut action.could_not_at };
            *at = Some(done.at);
        }
        let action = action.clone();
        if done.achieved {
            writes.extend(self.advance(&mut case, &action, false, done.at).await?);
        } else if action.kind == ActionKind::Ban && action.is_certainly_not_so() {
            writes.extend(self.drop_end(&mut case, &action, done.at)?);
        }
        writes.push(self.write_case(&case, done.at)?);
        Ok(writes)
    }

    /// Takes the end of a block back that never began: nobody is to be let in who was not kept out.
    fn drop_end(&self, case: &mut Case, ban: &Action, now: Timestamp) -> Result<Vec<Write>, LedgerError> {
        let ends = |end: &Action| end.kind == ActionKind::Unban && end.sanction == ban.sanction && end.is_idle();
        let mut dropped = Vec::new();
        for end in case.actions.iter_mut().filter(|end| ban.sanction.is_some() && ends(end)) {
            end.conclude(Effect::AlreadySo, now);
            end.note = Some(WITHDRAWN.to_owned());
            end.by_person = true;
            dropped.push(end.clone());
        }
        dropped.iter().map(|end| self.write_effect(case, end, Effect::AlreadySo, now)).collect()
    }

    /// The write that raises a task together with something else: it never stands in the way of that.
    pub(crate) fn write_task(&self, task: &Task) -> Result<Write, LedgerError> {
        Ok(Write::Ensure(Table::Casebook, self.keys.task(&task.id), self.task_item(task)?))
    }

    /// The write that records that a task is done together with something else; none when there is no such task, or it
    /// is done already.
    pub(crate) async fn task_done(&self, id: &str, done: &Done) -> Result<Option<Write>, LedgerError> {
        let open = self.task(id, done.at).await?.is_some_and(|task| task.done.is_none());
        open.then(|| self.write_done(id, done)).transpose()
    }

    fn write_done(&self, id: &str, done: &Done) -> Result<Write, LedgerError> {
        let kept_until = done.at.saturating_add(DONE_KEPT).unwrap_or(Timestamp::MAX);
        let set = Item::from([
            (EXPIRES.to_owned(), expiry(kept_until)),
            (HOLDS_UNTIL.to_owned(), text(&sortable(kept_until))),
            ("expires_at".to_owned(), to_attribute("task", &kept_until)?),
            ("done".to_owned(), to_attribute("task", done)?),
            // It stays in the index, elsewhere: raising the same task again must not find the attribute missing.
            (DESK.to_owned(), text(&self.keys.done_tasks())),
        ]);
        let change = Change { version: OPEN, set, unset: Vec::new() };
        Ok(Write::Change(Table::Casebook, self.keys.task(id), change))
    }

    pub(crate) fn task_item(&self, task: &Task) -> Result<Item, LedgerError> {
        let mut item = to_item("task", task)?;
        let desk = if task.done.is_none() { self.keys.open_tasks() } else { self.keys.done_tasks() };
        item.insert(DESK.to_owned(), text(&desk));
        item.insert(DESK_AT.to_owned(), text(&sortable(task.created_at)));
        item.insert("version".to_owned(), number(if task.done.is_none() { OPEN } else { OPEN + 1 }));
        if let Some(expires_at) = task.expires_at {
            item.insert(EXPIRES.to_owned(), expiry(expires_at));
            item.insert(HOLDS_UNTIL.to_owned(), text(&sortable(expires_at)));
        }
        Ok(item)
    }
}
