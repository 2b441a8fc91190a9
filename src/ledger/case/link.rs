//! Which cases an author has, and what else is on record beside them.

use jiff::Timestamp;

use crate::desk::task::URGENT;
use crate::table::item::{from_item, text_of, to_attribute};
use crate::table::keys::{LINK, SAID};
use crate::table::store::{Query, Span};
use crate::table::tables::{SK, Table};
use crate::table::write::{HOLDS_UNTIL, Write};
use crate::{Case, CaseId, Ledger, LedgerError, Pseudonym, Reference, Task};

/// When the case of a link arrived: what is erased is what had arrived by then.
pub(crate) const RECEIVED_AT: &str = "received_at";

/// Something that was said to an author and is not said again before a time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Said {
    /// The key of the notice.
    pub what: String,
    /// Until when it is not said again.
    pub until: Timestamp,
}

impl Ledger {
    /// The write that leads from the author of a new case to it. It stays as long as the case, which it may be the only
    /// way to find: tasks and reasons may be kept longer than the content.
    pub(crate) fn write_link(&self, author: &Pseudonym, case: &Case) -> Result<Write, LedgerError> {
        let received_at = to_attribute("link", &case.received_at)?;
        let item = [(RECEIVED_AT.to_owned(), received_at)].into();
        Ok(Write::New(Table::Casebook, self.keys.link(author, &case.id), item))
    }

    /// The cases of an author, in the order of their ids.
    ///
    /// # Errors
    /// When the ledger is unavailable or an item cannot be read.
    pub async fn cases_by_author(&self, author: &Pseudonym) -> Result<Vec<CaseId>, LedgerError> {
        let partition = self.keys.author(author);
        let query = Query { span: Span::Beginning(LINK), ..Query::of(Table::Casebook, &partition) };
        let mut cases = Vec::new();
        let mut pages = self.store.pages(query);
        while let Some(page) = pages.next().await? {
            for item in page {
                let id = text_of(&item, SK).and_then(|sk| sk.strip_prefix(LINK)).and_then(|id| id.parse().ok());
                cases.push(id.ok_or_else(|| LedgerError::Corrupt { what: "link", field: SK.to_owned() })?);
            }
        }
        Ok(cases)
    }

    /// The tasks about a contribution, whatever its revision, done or not: see [`Task::id`] for how they are found.
    ///
    /// # Errors
    /// When the ledger is unavailable or an item cannot be read.
    pub async fn tasks_about(&self, reference: &Reference, now: Timestamp) -> Result<Vec<Task>, LedgerError> {
        let mut tasks = self.tasks_by(reference).await?;
        tasks.retain(|task| task.expires_at.is_none_or(|expires_at| expires_at > now));
        Ok(tasks)
    }

    /// The same, with those whose time is over and which the table did not forget yet.
    pub(crate) async fn tasks_by(&self, reference: &Reference) -> Result<Vec<Task>, LedgerError> {
        let partition = self.keys.tasks();
        let mut tasks = Vec::new();
        for beginning in [reference.to_string(), format!("{URGENT}{reference}")] {
            let query = Query { span: Span::Beginning(&beginning), ..Query::of(Table::Casebook, &partition) };
            for item in self.store.query(query).await? {
                tasks.push(from_item("task", item)?);
            }
        }
        Ok(tasks)
    }

    /// What was said to an author and is not to be said again yet.
    ///
    /// # Errors
    /// When the ledger is unavailable or an item cannot be read.
    pub async fn said_to(&self, author: &Pseudonym, now: Timestamp) -> Result<Vec<Said>, LedgerError> {
        let partition = self.keys.author(author);
        let query = Query { span: Span::Beginning(SAID), ..Query::of(Table::Casebook, &partition) };
        let mut said = Vec::new();
        for item in self.store.query(query).await? {
            let corrupt = |field: &str| LedgerError::Corrupt { what: "said once", field: field.to_owned() };
            let said_once = text_of(&item, SK).and_then(|sk| sk.strip_prefix(SAID)?.split_once('#'));
            let what = said_once.ok_or_else(|| corrupt(SK))?.0.to_owned();
            let until = text_of(&item, HOLDS_UNTIL).and_then(|until| until.parse().ok());
            let until: Timestamp = until.ok_or_else(|| corrupt(HOLDS_UNTIL))?;
            if until > now {
                said.push(Said { what, until });
            }
        }
        Ok(said)
    }
}
