//! A case, an author and a task as JSON: one form of each, for the command line, for whoever asks what is on record about
//! them, and for a page. What only serves the audit log is in none of them.

use jiff::Timestamp;
use ledger::{AuthorRecord, Case, Pseudonym, Task, TaskKind};
use policy::{Language, Policy};
use serde_json::{Value, json};

/// For whom something is written as JSON.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reader {
    /// The office.
    Office,
    /// The person whom it is about. Of what was reported they are not told what may tell who has reported it.
    Concerned,
}

/// A row of the list of cases.
pub fn row(case: &Case, now: Timestamp) -> Value {
    json!({
        "id": case.id,
        "platform": case.platform,
        "surface": case.surface,
        "outcome": case.outcome,
        "urgent": case.urgent,
        "clause": case.findings.first().map(|finding| &finding.clause),
        "deadline": case.deadline,
        "overdue": case.deadline.is_some_and(|deadline| deadline <= now),
        "office": case.office,
        "assignee": case.assignee,
        "group": case.group,
    })
}

/// A case with its content, what its author wrote before and after, and the reasons of decisions.
///
/// # Errors
/// When it cannot be written as JSON.
pub fn case(case: &Case, reader: Reader) -> Result<Value, serde_json::Error> {
    let mut value = serde_json::to_value(case)?;
    value["content"] = serde_json::to_value(&case.content)?;
    put_revisions(&mut value, case);
    if let (Some(actions), Reader::Concerned) = (value["actions"].as_array_mut(), reader) {
        for (value, action) in actions.iter_mut().zip(&case.actions) {
            value["reference"] = json!(action.reference);
        }
    }
    // With their reasons, which a case keeps apart.
    let decisions = case.decisions.iter().map(
        |decision| json!({ "kind": decision.kind, "by": decision.by, "at": decision.at, "reason": decision.reason }),
    );
    value["decisions"] = decisions.collect();
    Ok(value)
}

/// A case as the office sees it: with the clauses as published, its author, the tasks that are open, and what cannot be
/// taken back, as whoever shows it puts it into words.
///
/// # Errors
/// When it cannot be written as JSON.
pub fn case_on_desk(
    about: &Case,
    author_record: &AuthorRecord,
    tasks: &[Task],
    irreversible: &[String],
    policy: &Policy,
    now: Timestamp,
) -> Result<Value, serde_json::Error> {
    let mut value = case(about, Reader::Office)?;
    let is_cited = |number: &str| about.findings.iter().any(|finding| finding.clause == number);
    let cited = policy.clauses.iter().filter(|clause| is_cited(&clause.number));
    value["clauses"] =
        cited.map(|clause| json!({ "number": clause.number, "title": clause.title, "text": clause.text })).collect();
    value["author"] = author(about.pseudonym.as_ref(), author_record, now);
    value["tasks"] = tasks.iter().map(|open| task(open, Reader::Office)).collect();
    value["irreversible"] = json!(irreversible);
    Ok(value)
}

/// What is on record about an author.
pub fn author(pseudonym: Option<&Pseudonym>, record: &AuthorRecord, now: Timestamp) -> Value {
    let standing = &record.standing;
    let notes = record.notes.iter().map(|note| json!({ "at": note.at, "by": note.by, "text": note.text }));
    json!({
        "pseudonym": pseudonym,
        "weight": standing.weight(now),
        "blocked": standing.is_blocked(now),
        "strikes": standing.strikes,
        "sanctions": standing.sanctions,
        "notes": notes.collect::<Vec<_>>(),
    })
}

/// A task. What it asks for is in Italian, whatever language the office works in, and without what only one program has:
/// the same for every reader of JSON.
pub fn task(task: &Task, reader: Reader) -> Value {
    let instruction = || words::task::asked(task, Language::Italian);
    let done = task.done.as_ref();
    match reader {
        Reader::Office => json!({
            "id": task.id,
            "kind": task.kind,
            "case": task.case,
            "instruction": instruction(),
            "created_at": task.created_at,
            "deadline": task.deadline,
            "office": task.office,
        }),
        Reader::Concerned if task.kind == TaskKind::UserReport => {
            let done = done.map(|done| json!({ "at": done.at, "achieved": done.achieved }));
            with_done(json!({ "kind": task.kind, "created_at": task.created_at }), done)
        }
        Reader::Concerned => {
            let done =
                done.map(|done| json!({ "by": done.by, "at": done.at, "note": done.note, "achieved": done.achieved }));
            let instruction = instruction();
            let (id, kind, created_at) = (&task.id, task.kind, task.created_at);
            with_done(json!({ "id": id, "kind": kind, "instruction": instruction, "created_at": created_at }), done)
        }
    }
}

/// Puts the revisions of a case into its JSON, with as much of their texts as is kept, and leaves out what only compares
/// them.
fn put_revisions(value: &mut Value, case: &Case) {
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

fn with_done(mut task: Value, done: Option<Value>) -> Value {
    if let Some(done) = done {
        task["done"] = done;
    }
    task
}
