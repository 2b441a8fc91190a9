//! `galateo task`: what only a person can do.

use disclosure::json::{self, Reader};
use serde_json::{Value, json};

use super::{Session, how, ruled, words};
use crate::cli::{TaskDoneOptions, TaskListOptions};
use crate::language::{either, say};
use crate::terminal::failure::Failure;
use crate::terminal::output;

/// The tasks that are not done.
pub async fn list(session: &Session, options: &TaskListOptions) -> Result<(), Failure> {
    let mut page = session.page();
    let (tasks, more) = session.office().tasks(options.limit).await?;
    if session.json {
        let tasks: Vec<Value> = tasks.iter().map(|task| json::task(task, Reader::Office)).collect();
        return output::json(&json!({ "tasks": tasks, "more": more }));
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
    let rest = if more { either("; ce ne sono altre (--limit)", "; there are more (--limit)") } else { "" };
    page.line(format!("{count}{rest}"));
    page.print()
}

/// Records that a task is done, or cannot be.
pub async fn done(session: &Session, options: &TaskDoneOptions) -> Result<(), Failure> {
    let achieved = !options.could_not;
    session.office().finish_task(&options.id, &ruled::ruling(&options.ruling)?, achieved).await?;
    if session.json {
        return output::json(&json!({ "id": options.id, "achieved": achieved }));
    }
    let how = if achieved { either("fatta", "done") } else { either("non possibile", "impossible") };
    output::print(&say!("Attività chiusa: {how}. {}\n", "Task closed: {how}. {}\n", options.id))
}
