//! `galateo case list`: the cases that wait for a person.

use disclosure::json;
use ledger::Case;
use moderation::{Listing, person};
use serde_json::{Value, json};

use crate::cli::ListOptions;
use crate::language::{either, say};
use crate::office::print::Page;
use crate::office::{Session, words};
use crate::terminal::failure::Failure;
use crate::terminal::output::json as print_json;

/// The open cases.
pub async fn list(session: &Session, options: &ListOptions) -> Result<(), Failure> {
    let mut page = session.page();
    let assignee = options.assignee.as_deref().map(person).transpose()?;
    let (group, limit) = (options.group.clone(), options.limit);
    let asked = Listing { group, office: options.office.clone(), assignee, limit, ..Listing::default() };
    let office = session.office();
    let (cases, more) = office.list(&asked).await?;
    let halts = if options.group.is_none() { office.halts().await? } else { Vec::new() };
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
