//! Everything on record about an author, for the person who asks for it (art. 15 GDPR).

use jiff::Timestamp;
use ledger::{AuthorRecord, Case, LedgerError, Pseudonym, Task};
use policy::Platform;
use serde_json::{Value, json};

use crate::json::{self, Reader};
use crate::{Disclosure, DisclosureError};

/// The form of an export. It changes when a field changes its meaning or goes; a new field may come at any time.
pub const AUTHOR_EXPORT: &str = "galateo-author-1";

impl Disclosure<'_> {
    /// Everything on record about an author, as JSON: the form is described in `docs/operations.md`. That it is given
    /// out is recorded first, for each pseudonym under which there is something. `None` when there is nothing.
    ///
    /// # Errors
    /// When the ledger is unavailable, or the platform is not given and no case tells it.
    pub async fn author(
        &self,
        platform: Option<Platform>,
        authors: &[Pseudonym],
    ) -> Result<Option<Value>, DisclosureError> {
        let Disclosure { ledger, policy, by, at } = *self;
        let mut platform = platform;
        let (mut known, mut described, mut cases) = (Vec::new(), Vec::new(), Vec::new());
        for author in authors {
            let record = ledger.author(author).await?;
            let said = ledger.said_to(author, at).await?;
            let ids = ledger.cases_by_author(author).await?;
            if record == AuthorRecord::default() && said.is_empty() && ids.is_empty() {
                continue;
            }
            for id in ids {
                let Some(case) = ledger.case(&id, at).await? else { continue };
                platform.get_or_insert(case.platform);
                let tasks = ledger.tasks_about(id.reference(), at).await?;
                cases.push(with_tasks(&case, &tasks)?);
            }
            let said = said.iter().map(|said| json!({ "what": said.what, "until": said.until }));
            let mut value = json::author(Some(author), &record, at);
            value["said_once"] = said.collect();
            known.push(author);
            described.push(value);
        }
        if known.is_empty() {
            return Ok(None);
        }
        let platform = platform.ok_or(DisclosureError::NoPlatform)?;
        ledger.begins_by(at).await?;
        for author in known {
            ledger.disclose_author(platform, author, &policy.reference, by, at).await?;
        }
        Ok(Some(document(&policy.reference.id, platform, at, described, cases)))
    }
}

fn document(organisation: &str, platform: Platform, at: Timestamp, authors: Vec<Value>, cases: Vec<Value>) -> Value {
    json!({
        "format": AUTHOR_EXPORT,
        "organisation": organisation,
        "exported_at": at,
        "platform": platform,
        "authors": authors,
        "cases": cases,
    })
}

fn with_tasks(case: &Case, tasks: &[Task]) -> Result<Value, LedgerError> {
    let unwritable = |_| LedgerError::Corrupt { what: "case", field: "cannot be written".to_owned() };
    let mut value = json::case(case, Reader::Concerned).map_err(unwritable)?;
    // Those of another revision stand with that.
    let tasks = tasks.iter().filter(|task| task.case.as_ref().is_none_or(|about| *about == case.id));
    value["tasks"] = tasks.map(|task| json::task(task, Reader::Concerned)).collect();
    Ok(value)
}
