//! Everything on record about an author, for the person who asks for it (art. 15 GDPR).

use jiff::Timestamp;
use ledger::{Case, LedgerError, Pseudonym, Task, TaskKind};
use policy::Platform;
use serde_json::{Value, json};

use crate::{Moderation, OfficeError, person};

/// The form of an export. It changes when a field changes its meaning or goes; a new field may come at any time.
pub const AUTHOR_EXPORT: &str = "galateo-author-1";

impl Moderation {
    /// Everything on record about an author, as JSON: the form is described in `docs/operations.md`. That it is given
    /// out is recorded first, for each pseudonym under which there is something. `None` when there is nothing. What a
    /// task asked for is told in the words of `asked`.
    ///
    /// # Errors
    /// When nobody is named who asks, the ledger is unavailable, or the platform is not given and no case tells it.
    pub async fn export_author(
        &self,
        platform: Option<Platform>,
        authors: &[Pseudonym],
        by: &str,
        asked: impl Fn(&Task) -> String,
    ) -> Result<Option<Value>, OfficeError> {
        let by = person(by)?;
        let now = self.clock.now();
        let mut platform = platform;
        let (mut known, mut cases) = (Vec::new(), Vec::new());
        for author in authors {
            let record = self.ledger.author(author).await?;
            let said = self.ledger.said_to(author, now).await?;
            let ids = self.ledger.cases_by_author(author).await?;
            if record == ledger::AuthorRecord::default() && said.is_empty() && ids.is_empty() {
                continue;
            }
            for id in ids {
                let Some(case) = self.ledger.case(&id, now).await? else { continue };
                platform.get_or_insert(case.platform);
                let tasks = self.ledger.tasks_about(id.reference(), now).await?;
                cases.push(case_json(&case, &tasks, &asked)?);
            }
            let notes = record.notes.iter().map(|note| json!({ "at": note.at, "by": note.by, "text": note.text }));
            let said = said.iter().map(|said| json!({ "what": said.what, "until": said.until }));
            known.push(json!({
                "pseudonym": author,
                "weight": record.standing.weight(now),
                "blocked": record.standing.is_blocked(now),
                "strikes": record.standing.strikes,
                "sanctions": record.standing.sanctions,
                "notes": notes.collect::<Vec<_>>(),
                "said_once": said.collect::<Vec<_>>(),
            }));
        }
        if known.is_empty() {
            return Ok(None);
        }
        let platform = platform.ok_or(OfficeError::NoPlatform)?;
        for author in known.iter().filter_map(|known| known["pseudonym"].as_str()).filter_map(|text| text.parse().ok())
        {
            self.ledger.disclose_author(platform, &author, &self.policy.reference, &by, now).await?;
        }
        Ok(Some(document(&self.policy.reference.id, platform, now, known, cases)))
    }
}

fn document(organisation: &str, platform: Platform, now: Timestamp, authors: Vec<Value>, cases: Vec<Value>) -> Value {
    json!({
        "format": AUTHOR_EXPORT,
        "organisation": organisation,
        "exported_at": now,
        "platform": platform,
        "authors": authors,
        "cases": cases,
    })
}

/// A case with its content, what was matched, what was said, the reasons of decisions, and the tasks about it.
fn case_json(case: &Case, tasks: &[Task], asked: impl Fn(&Task) -> String) -> Result<Value, LedgerError> {
    let unwritable = |_| LedgerError::Corrupt { what: "case", field: "cannot be written".to_owned() };
    let mut value = serde_json::to_value(case).map_err(unwritable)?;
    value["content"] = serde_json::to_value(&case.content).map_err(unwritable)?;
    with_revisions(&mut value, case);
    if let Some(actions) = value["actions"].as_array_mut() {
        for (value, action) in actions.iter_mut().zip(&case.actions) {
            value["reference"] = json!(action.reference);
        }
    }
    let decisions = case.decisions.iter().map(
        |decision| json!({ "kind": decision.kind, "by": decision.by, "at": decision.at, "reason": decision.reason }),
    );
    value["decisions"] = decisions.collect();
    // Those of another revision stand with that.
    let tasks = tasks.iter().filter(|task| task.case.as_ref().is_none_or(|about| *about == case.id));
    value["tasks"] = tasks.map(|task| task_json(task, &asked)).collect();
    Ok(value)
}

/// Puts the revisions of a case into its JSON, with as much of their texts as is kept, and leaves out what only compares
/// them.
pub fn with_revisions(value: &mut Value, case: &Case) {
    if let Some(fields) = value.as_object_mut() {
        fields.remove("print");
    }
    let Some(revisions) = value.get_mut("revisions").and_then(Value::as_array_mut) else { return };
    for (value, revision) in revisions.iter_mut().zip(&case.revisions) {
        if let Some(fields) = value.as_object_mut() {
            fields.remove("print");
        }
        value["content"] = json!(revision.content);
    }
}

/// A task. Of one because of a user's report only that it was, since the rest may tell who has reported something.
fn task_json(task: &Task, asked: impl Fn(&Task) -> String) -> Value {
    let done = task.done.as_ref();
    if task.kind == TaskKind::UserReport {
        let done = done.map(|done| json!({ "at": done.at, "achieved": done.achieved }));
        return with_done(json!({ "kind": task.kind, "created_at": task.created_at }), done);
    }
    let value = json!({
        "id": task.id, "kind": task.kind, "instruction": asked(task), "created_at": task.created_at
    });
    let done = done.map(|done| json!({ "by": done.by, "at": done.at, "note": done.note, "achieved": done.achieved }));
    with_done(value, done)
}

fn with_done(mut task: Value, done: Option<Value>) -> Value {
    if let Some(done) = done {
        task["done"] = done;
    }
    task
}
