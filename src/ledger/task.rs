//! Tasks: what only a person can do.

use std::fmt;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::item::{from_item, to_item};
use crate::store::{Query, Write, Written};
use crate::tables::Table;
use crate::{CaseId, Ledger, LedgerError, Recorded};

/// Something only a person can do, with everything needed to do it. `Debug` does not show the instruction.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Task {
    /// Which task. Chosen by whoever raises it, the same whenever the same reason arises again, and free of platform
    /// ids: for an action `{case}-{action}`, for a contribution that could not be read its reference.
    pub id: String,
    /// What sort of task.
    pub kind: TaskKind,
    /// The case that it belongs to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub case: Option<CaseId>,
    /// What to do and where, in Italian.
    pub instruction: String,
    /// When it was raised.
    pub created_at: Timestamp,
    /// Whether it was done.
    pub done: bool,
}

impl fmt::Debug for Task {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Task")
            .field("id", &self.id)
            .field("kind", &self.kind)
            .field("case", &self.case)
            .field("done", &self.done)
            .finish_non_exhaustive()
    }
}

/// Why a person is needed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TaskKind {
    /// The platform lets only a person do it.
    ByHand,
    /// The platform cannot do it at all: something else has to be thought of.
    Impossible,
    /// It did not happen and retrying was given up.
    Failed,
    /// The text of a contribution could not be read, so it was never judged.
    Unread,
    /// The author of something hidden has rewritten it within the rules.
    Rewritten,
}

impl TaskKind {
    /// The key used in tables and logs.
    pub const fn as_str(self) -> &'static str {
        match self {
            TaskKind::ByHand => "by_hand",
            TaskKind::Impossible => "impossible",
            TaskKind::Failed => "failed",
            TaskKind::Unread => "unread",
            TaskKind::Rewritten => "rewritten",
        }
    }
}

impl Ledger {
    /// Raises a task, unless there is one with its id, done or not.
    ///
    /// # Errors
    /// When the ledger is unavailable.
    pub async fn put_task(&self, task: &Task) -> Result<Recorded, LedgerError> {
        let write = Write::New(Table::Casebook, self.keys.task(&task.id), to_item("task", task)?);
        Ok(match self.store.write(write).await? {
            Written::Yes => Recorded::New,
            Written::No | Written::Unclear => Recorded::Duplicate,
        })
    }

    /// The tasks that are not done, the oldest first.
    ///
    /// # Errors
    /// When the ledger is unavailable or an item cannot be read.
    pub async fn tasks(&self) -> Result<Vec<Task>, LedgerError> {
        let partition = self.keys.tasks();
        let query = Query { table: Table::Casebook, index: None, partition: &partition, up_to: None, limit: None };
        let items = self.store.query(&query).await?;
        let tasks: Vec<Task> = items.into_iter().map(|item| from_item("task", item)).collect::<Result<_, _>>()?;
        let mut open: Vec<Task> = tasks.into_iter().filter(|task| !task.done).collect();
        open.sort_by(|a, b| (a.created_at, &a.id).cmp(&(b.created_at, &b.id)));
        Ok(open)
    }

    /// The write that raises a task together with something else: it never stands in the way of that.
    pub(crate) fn write_task(&self, task: &Task) -> Result<Write, LedgerError> {
        Ok(Write::Ensure(Table::Casebook, self.keys.task(&task.id), to_item("task", task)?))
    }
}
