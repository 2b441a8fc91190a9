//! `galateo author export` and `erase`: what a person may ask of whoever keeps records about them.

use disclosure::DisclosureError;
use ledger::Pseudonym;
use moderation::OfficeError;
use policy::{Platform, PlatformUserId};
use serde_json::json;

use super::author::named;
use super::print::json;
use super::{Session, ruled};
use crate::cli::{AuthorEraseOptions, AuthorExportOptions, AuthorName};
use crate::language::{either, say};
use crate::terminal::failure::Failure;
use crate::terminal::output;

/// Everything on record about a person, for them. It is JSON with and without `--json`.
pub async fn export(session: &Session, options: &AuthorExportOptions) -> Result<(), Failure> {
    let (platform, authors) = people(session, &options.author).await?;
    let by = &moderation::person(&options.by)?;
    match session.disclosure(by).author(platform, &authors).await? {
        Some(export) => json(&export),
        None if session.json => json(&json!({ "authors": [], "cases": [] })),
        None => {
            output::print(either("Di questo autore non risulta nulla.\n", "Nothing is on record about this author.\n"))
        }
    }
}

/// Erases everything about a person but the audit log.
pub async fn erase(session: &Session, options: &AuthorEraseOptions) -> Result<(), Failure> {
    let (platform, authors) = people(session, &options.author).await?;
    let platform = match (platform, authors.first()) {
        (None, Some(author)) => session.office().platform_of(author).await?,
        (platform, _) => platform,
    };
    let erasing = session.office().erase(platform, &authors, &ruled::ruling(&options.ruling)?, options.anyway).await?;
    session.purge().await?;
    let erasure = &erasing.erasure;
    if session.json {
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
async fn people(session: &Session, who: &AuthorName) -> Result<(Option<Platform>, Vec<Pseudonym>), Failure> {
    let (platform, author) = named(session, who).await?;
    match (platform, who.name.as_slice()) {
        (Some(platform), [_, id]) => {
            let id = PlatformUserId::new(id.as_str());
            Ok((Some(platform), session.office().pseudonyms(platform, &id)))
        }
        _ => Ok((platform, vec![author])),
    }
}

impl From<DisclosureError> for Failure {
    fn from(error: DisclosureError) -> Self {
        match error {
            DisclosureError::NoPlatform => OfficeError::NoPlatform.into(),
            DisclosureError::Ledger(error) => OfficeError::Ledger(error).into(),
        }
    }
}
