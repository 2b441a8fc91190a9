//! `galateo case list`: the cases that wait for a person.

use disclosure::json;
use jiff::Timestamp;
use ledger::{Case, Cursor, Desk};
use moderation::person;
use serde_json::{Value, json};

use crate::cli::ListOptions;
use crate::failure::Failure;
use crate::language::{either, say};
use crate::office::print::Page;
use crate::office::{Session, words};
use crate::output::json as print_json;

/// How many cases are read at once while looking for those that were asked for.
const PAGE: usize = 100;

/// The open cases.
pub async fn list(session: &Session, options: &ListOptions) -> Result<(), Failure> {
    let mut page = session.page();
    let (cases, more) = matching(session, options, page.now()).await?;
    let halts = if options.group.is_none() { session.moderation.halts().await? } else { Vec::new() };
    let groups: Vec<&str> = halts.iter().map(|halt| halt.group.as_str()).collect();
    if session.json {
        let cases: Vec<Value> = cases.iter().map(|case| json::row(case, page.now())).collect();
        return print_json(&json!({ "cases": cases, "more": more, "groups": groups }));
    }
    if cases.is_empty() {
        page.line(either("Nessun caso aperto.", "No open case."));
    } else {
        let head = either(
            ["Caso", "Piattaforma", "Dove", "Esito", "Articolo", "Entro", "Ufficio", "Assegnato a"],
            ["Case", "Platform", "Where", "Outcome", "Clause", "Until", "Office", "Assigned to"],
        );
        let rows = cases.iter().map(|case| row(&page, case)).collect();
        page.table(head, rows);
        let count = match cases.len() {
            1 => either("1 caso aperto", "1 open case").to_owned(),
            count => say!("{count} casi aperti", "{count} open cases"),
        };
        let rest = if more { either("; ce ne sono altri (--limit)", "; there are more (--limit)") } else { "" };
        page.line(format!("{count}{rest}"));
    }
    for group in groups {
        page.line(say!(
            "I casi di una sospensione sono elencati a parte: galateo case list --group {group}",
            "The cases of a halt are listed apart: galateo case list --group {group}"
        ));
    }
    page.print()
}

/// The open cases that were asked for, the urgent ones first, and whether there are more.
async fn matching(session: &Session, options: &ListOptions, now: Timestamp) -> Result<(Vec<Case>, bool), Failure> {
    let assignee = options.assignee.as_deref().map(person).transpose()?;
    let desk = options.group.clone().map_or(Desk::Open, Desk::Group);
    let mut found: Vec<Case> = Vec::new();
    let mut after: Option<Cursor> = None;
    loop {
        let (cases, next) = session.moderation.ledger().open_cases(&desk, after.as_ref(), PAGE, now).await?;
        found.extend(cases.into_iter().filter(|case| {
            is_of(options.office.as_deref(), case.office.as_deref())
                && assignee.as_ref().is_none_or(|asked| case.assignee.as_ref().is_some_and(|found| found.is(asked)))
        }));
        after = next;
        if after.is_none() || found.len() > options.limit {
            break;
        }
    }
    let more = after.is_some() || found.len() > options.limit;
    // They come by deadline, which urgent cases have soonest.
    found.sort_by_key(|case| !case.urgent);
    found.truncate(options.limit);
    Ok((found, more))
}

fn is_of(asked: Option<&str>, found: Option<&str>) -> bool {
    asked.is_none_or(|asked| found.is_some_and(|found| found.to_lowercase() == asked.to_lowercase()))
}

fn row(page: &Page<'_>, case: &Case) -> [String; 8] {
    let urgent = if case.urgent { either("URGENTE, ", "URGENT, ") } else { "" };
    [
        case.id.to_string(),
        case.platform.name().to_owned(),
        words::surface(case.surface).to_owned(),
        format!("{urgent}{}", words::outcome(case.outcome)),
        case.findings.first().map(|finding| page.clause(&finding.clause)).unwrap_or_default(),
        page.deadline(case.deadline),
        case.office.clone().unwrap_or_default(),
        case.assignee.as_ref().map(ToString::to_string).unwrap_or_default(),
    ]
}
