//! `galateo author export` and `erase`: what a person may ask of whoever keeps records about them.

use ledger::Pseudonym;
use moderation::OfficeError;
use policy::{Platform, PlatformUserId};
use serde_json::json;

use super::Office;
use super::author::named;
use super::print::json;
use crate::cli::{AuthorEraseOptions, AuthorExportOptions, AuthorName};
use crate::failure::Failure;
use crate::output;

/// Everything on record about a person, for them. It is JSON with and without `--json`.
pub async fn export(office: &Office, options: &AuthorExportOptions) -> Result<(), Failure> {
    let (platform, authors) = people(office, &options.author).await?;
    match office.moderation.export_author(platform, &authors, &options.by).await? {
        Some(export) => json(&export),
        None if office.json => json(&json!({ "authors": [], "cases": [] })),
        None => output::print("Di questo autore non risulta nulla.\n"),
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
    let erasure = &erasing.erasure;
    if office.json {
        return json(&json!({
            "code": erasure.code, "cases": erasure.cases, "done_at": erasure.done_at, "waiting": erasing.waiting
        }));
    }
    let code = &erasure.code;
    output::print(&if erasing.waiting > 0 {
        format!(
            "Cancellazione in corso, codice {code}. Casi cancellati: {}. Casi che attendono ciò che è già stato chiesto alla \
             piattaforma: {}. Si conclude da sé.\n",
            erasure.cases, erasing.waiting
        )
    } else if erasure.cases > 0 {
        format!("Cancellato, codice {code}. Casi cancellati: {}.\n", erasure.cases)
    } else {
        format!("Nessun caso da cancellare: non risulta nulla. Codice {code}.\n")
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

/// The platform on which an author is known, as the first case tells; `None` when nothing does.
async fn platform_of(office: &Office, author: &Pseudonym) -> Result<Option<Platform>, Failure> {
    let ledger = office.moderation.ledger();
    let now = office.moderation.clock().now();
    let first = ledger.cases_by_author(author).await.map_err(OfficeError::from)?.into_iter().next();
    let Some(first) = first else { return Ok(None) };
    let case = ledger.case(&first, now).await.map_err(OfficeError::from)?;
    Ok(case.map(|case| case.platform))
}
