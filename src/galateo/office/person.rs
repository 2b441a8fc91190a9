//! `galateo author export` and `erase`: what a person may ask of whoever keeps records about them.

use ledger::{Pseudonym, Task};
use policy::{Language, Platform, PlatformUserId};
use serde_json::json;

use super::Office;
use super::author::{named, platform_of};
use super::print::json;
use crate::cli::{AuthorEraseOptions, AuthorExportOptions, AuthorName};
use crate::failure::Failure;
use crate::language::{either, say};
use crate::output;

/// Everything on record about a person, for them. It is JSON with and without `--json`.
pub async fn export(office: &Office, options: &AuthorExportOptions) -> Result<(), Failure> {
    let (platform, authors) = people(office, &options.author).await?;
    // For the person concerned, and so in Italian, whatever language the office works in.
    let asked = |task: &Task| ::words::task::asked(task, Language::Italian);
    match office.moderation.export_author(platform, &authors, &options.by, asked).await? {
        Some(export) => json(&export),
        None if office.json => json(&json!({ "authors": [], "cases": [] })),
        None => {
            output::print(either("Di questo autore non risulta nulla.\n", "Nothing is on record about this author.\n"))
        }
    }
}

/// Erases everything about a person but the audit log.
pub async fn erase(office: &Office, options: &AuthorEraseOptions) -> Result<(), Failure> {
    let (platform, authors) = people(office, &options.author).await?;
    let platform = match (platform, authors.first()) {
        (None, Some(author)) => platform_of(office, author).await?,
        (platform, _) => platform,
    };
    let erasing = office.moderation.erase_author(platform, &authors, (&options.ruling).into(), options.anyway).await?;
    office.purge().await?;
    let erasure = &erasing.erasure;
    if office.json {
        return json(&json!({
            "code": erasure.code, "cases": erasure.cases, "done_at": erasure.done_at, "waiting": erasing.waiting
        }));
    }
    let code = &erasure.code;
    output::print(&if erasure.done_at.is_some() {
        // A request is fulfilled after a minute at the earliest: this one was before.
        say!(
            "Già cancellato, codice {code}: da allora non risulta altro.\n",
            "Erased already, code {code}: nothing else is on record since then.\n"
        )
    } else if erasing.waiting > 0 {
        say!(
            "Cancellazione in corso, codice {code}. Casi cancellati: {}. Casi che attendono ciò che è già stato chiesto alla \
             piattaforma: {}. Si conclude da sé.\n",
            "Erasure under way, code {code}. Cases erased: {}. Cases that wait for what was asked of the platform \
             already: {}. It completes by itself.\n",
            erasure.cases,
            erasing.waiting
        )
    } else if erasure.found.is_empty() {
        say!("Non risulta nulla. Codice {code}.\n", "Nothing is on record. Code {code}.\n")
    } else {
        say!(
            "Cancellato, codice {code}. Casi cancellati: {}. La richiesta si conclude da sé, di norma entro un'ora, dopo un \
             ultimo controllo su ciò che era in arrivo.\n",
            "Erased, code {code}. Cases erased: {}. The request completes by itself, usually within an hour, after a last \
             look at what was on its way.\n",
            erasure.cases
        )
    })
}

/// Whom the arguments name, by every pseudonym under which they may be on record.
async fn people(office: &Office, who: &AuthorName) -> Result<(Option<Platform>, Vec<Pseudonym>), Failure> {
    let (platform, author) = named(office, who).await?;
    match (platform, who.name.as_slice()) {
        (Some(platform), [_, id]) => {
            let id = PlatformUserId::new(id.as_str());
            Ok((Some(platform), office.moderation.ledger().pseudonyms(platform, &id)))
        }
        _ => Ok((platform, vec![author])),
    }
}
