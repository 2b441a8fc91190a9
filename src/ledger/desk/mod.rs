//! The desk: what waits for a person, in the order in which it has to be done.

pub(crate) mod facts;
pub(crate) mod task;
mod tasks;
pub(crate) mod user_report;

use std::fmt;
use std::str::FromStr;

use futures_util::{StreamExt, TryStreamExt, stream};
use jiff::Timestamp;

use crate::table::item::{Item, text, text_of};
use crate::table::keys::{Key, WorkItem, work_item};
use crate::table::store::Query;
use crate::table::tables::{DESK, DESK_AT, ON_DESK, PK, SK};
use crate::{Case, Ledger, LedgerError, NotAnId, Task};

/// How many items of a page are read at the same time.
const READS_AT_ONCE: usize = 16;

/// A part of the open cases.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Desk {
    /// Those that belong to no group.
    Open,
    /// Those of the group that a halt of automation has left to a person.
    Group(String),
}

/// Where a page of a list ended. Written as one word, which reads back, for the next page of an office's console.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cursor {
    pub(crate) at: String,
    pub(crate) id: String,
}

impl fmt::Display for Cursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}~{}", self.at, self.id)
    }
}

impl FromStr for Cursor {
    type Err = NotACursor;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (at, id) = text.split_once('~').filter(|(at, id)| !at.is_empty() && !id.is_empty()).ok_or(NotACursor)?;
        Ok(Self { at: at.to_owned(), id: id.to_owned() })
    }
}

/// A text that is not where a page of a list ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not where a page ended: expected a time, a tilde and an id")]
pub struct NotACursor;

impl Ledger {
    /// A page of open cases, by their deadline, or by when they arrived where they have none; with as much of what is
    /// personal as is still kept. At most `limit`; and where the next page begins, `None` after the last. From an index
    /// that follows its table with a delay: what was closed just now is left out, so that a page may be shorter.
    ///
    /// # Errors
    /// When the ledger is unavailable or an item cannot be read.
    pub async fn open_cases(
        &self,
        desk: &Desk,
        after: Option<&Cursor>,
        limit: usize,
        now: Timestamp,
    ) -> Result<(Vec<Case>, Option<Cursor>), LedgerError> {
        let partition = match desk {
            Desk::Open => self.keys.open_cases(),
            Desk::Group(group) => self.keys.group(group),
        };
        let start = after.map(|after| Ok((after.at.clone(), self.keys.case(&after.id.parse()?)))).transpose();
        let start = start.map_err(|error: NotAnId| LedgerError::Configuration(error.to_string()))?;
        let (listed, more) = self.page(&partition, start, limit).await?;
        let ids = listed.into_iter().map(|(at, key)| match work_item(&key) {
            Some((_, WorkItem::Case(id))) => Ok((at, id)),
            _ => Err(corrupt(PK)),
        });
        let ids = ids.collect::<Result<Vec<_>, _>>()?;
        let next = ids.last().filter(|_| more).map(|(at, id)| Cursor { at: at.clone(), id: id.to_string() });
        let reads = ids.into_iter().map(|(_, id)| async move { self.case(&id, now).await });
        let cases: Vec<Option<Case>> = stream::iter(reads).buffered(READS_AT_ONCE).try_collect().await?;
        Ok((cases.into_iter().flatten().filter(Case::is_open).collect(), next))
    }

    /// The open cases of a group, the first of them by deadline or arrival: see [`Ledger::open_cases`].
    ///
    /// # Errors
    /// When the ledger is unavailable or an item cannot be read.
    pub async fn group(&self, group: &str, limit: usize, now: Timestamp) -> Result<Vec<Case>, LedgerError> {
        let (cases, _) = self.open_cases(&Desk::Group(group.to_owned()), None, limit, now).await?;
        Ok(cases)
    }

    /// A page of the tasks that are not done, the oldest first; and where the next page begins, `None` after the last.
    /// From the same index as [`Ledger::open_cases`].
    ///
    /// # Errors
    /// When the ledger is unavailable or an item cannot be read.
    pub async fn tasks(
        &self,
        after: Option<&Cursor>,
        limit: usize,
        now: Timestamp,
    ) -> Result<(Vec<Task>, Option<Cursor>), LedgerError> {
        let start = after.map(|after| (after.at.clone(), self.keys.task(&after.id)));
        let (listed, more) = self.page(&self.keys.open_tasks(), start, limit).await?;
        let next = listed.last().filter(|_| more).map(|(at, key)| Cursor { at: at.clone(), id: key.sk.clone() });
        let reads = listed.into_iter().map(|(_, key)| async move { self.task(&key.sk, now).await });
        let tasks: Vec<Option<Task>> = stream::iter(reads).buffered(READS_AT_ONCE).try_collect().await?;
        Ok((tasks.into_iter().flatten().filter(|task| task.done.is_none()).collect(), next))
    }

    /// What the index lists in a partition, with the time by which it is listed; and whether there may be more.
    pub(crate) async fn page(
        &self,
        partition: &str,
        start: Option<(String, Key)>,
        limit: usize,
    ) -> Result<(Vec<(String, Key)>, bool), LedgerError> {
        if limit == 0 {
            return Ok((Vec::new(), false));
        }
        let after = start.map(|(at, key)| {
            let mut start: Item = key.attributes();
            start.extend([(DESK.to_owned(), text(partition)), (DESK_AT.to_owned(), text(&at))]);
            start
        });
        let query = Query { limit: Some(limit), after, ..Query::index(ON_DESK, partition) };
        let items = self.store.query(query).await?;
        let more = items.len() >= limit;
        let attribute = |item: &Item, name| text_of(item, name).map(str::to_owned).ok_or_else(|| corrupt(name));
        let listed = items
            .iter()
            .take(limit)
            .map(|item| Ok((attribute(item, DESK_AT)?, Key { pk: attribute(item, PK)?, sk: attribute(item, SK)? })));
        Ok((listed.collect::<Result<_, LedgerError>>()?, more))
    }
}

fn corrupt(field: &str) -> LedgerError {
    LedgerError::Corrupt { what: "item on the desk", field: field.to_owned() }
}
