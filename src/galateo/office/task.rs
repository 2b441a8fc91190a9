//! `galateo task`: what only a person can do.

use ledger::Task;
use policy::Language;
use serde_json::{Value, json};

use super::print::json;
use super::{Office, how, words};
use crate::cli::{TaskDoneOptions, TaskListOptions};
use crate::failure::Failure;
use crate::language::{either, say};
use crate::output;

/// The tasks that are not done.
pub async fn list(office: &Office, options: &TaskListOptions) -> Result<(), Failure> {
    let mut page = office.page();
    let (tasks, next) = office.moderation.ledger().tasks(None, options.limit, page.now()).await?;
    if office.json {
        let tasks: Vec<Value> = tasks.iter().map(task_json).collect();
        return json(&json!({ "tasks": tasks, "more": next.is_some() }));
    }
    if tasks.is_empty() {
        page.line(either("Nessuna attività aperta.", "No open task."));
        return page.print();
    }
    let rows = tasks.iter().map(|task| {
        [
            task.id.clone(),
            words::task(task.kind).to_owned(),
            page.time(task.created_at),
            page.deadline(task.deadline),
            task.office.clone().unwrap_or_default(),
            how::asked(task),
        ]
    });
    let rows = rows.collect();
    page.table(
        either(
            ["Attività", "Tipo", "Dal", "Entro", "Ufficio", "Che cosa fare"],
            ["Task", "Kind", "Since", "Until", "Office", "What to do"],
        ),
        rows,
    );
    let count = if tasks.len() == 1 {
        either("1 attività aperta", "1 open task").to_owned()
    } else {
        say!("{} attività aperte", "{} open tasks", tasks.len())
    };
    let rest = if next.is_some() { either("; ce ne sono altre (--limit)", "; there are more (--limit)") } else { "" };
    page.line(format!("{count}{rest}"));
    page.print()
}

/// Records that a task is done, or cannot be.
pub async fn done(office: &Office, options: &TaskDoneOptions) -> Result<(), Failure> {
    let achieved = !options.could_not;
    office.moderation.finish_task(&options.id, (&options.ruling).into(), achieved).await?;
    if office.json {
        return json(&json!({ "id": options.id, "achieved": achieved }));
    }
    let how = if achieved { either("fatta", "done") } else { either("non possibile", "impossible") };
    output::print(&say!("Attività chiusa: {how}. {}\n", "Task closed: {how}. {}\n", options.id))
}

/// A task with everything needed to do it. What it asks for is in Italian whatever is spoken, and without the commands of
/// this program, as in a dossier: the same for every reader of JSON.
pub fn task_json(task: &Task) -> Value {
    json!({
        "id": task.id,
        "kind": task.kind,
        "case": task.case,
        "instruction": ::words::task::asked(task, Language::Italian),
        "created_at": task.created_at,
        "deadline": task.deadline,
        "office": task.office,
    })
}
