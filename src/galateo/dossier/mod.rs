//! `galateo case dossier`: everything on record about a case, for whoever has a right to it: the person concerned, the
//! platform, the authorities, a court.

mod compile;
mod contents;
mod page;
mod statement;

use std::fs;

use ledger::AuthorRecord;
use moderation::OfficeError;

use crate::cli::{DossierFormat, DossierOptions};
use crate::failure::Failure;
use crate::language::say;
use crate::office::Office;
use crate::output;
use compile::{Record, compile};

/// Writes the dossier to a file or to standard output. That it is given out is recorded first: what cannot be recorded
/// is not given out, and the dossier itself contains the entry.
pub async fn dossier(office: &Office, options: &DossierOptions) -> Result<(), Failure> {
    let by = options.by.trim();
    if by.is_empty() {
        return Err(OfficeError::NoName.into());
    }
    let (moderation, ledger) = (&office.moderation, office.moderation.ledger());
    let now = moderation.clock().now();
    let case = moderation.find_case(&options.id).await?;
    ledger.disclose_case(&case, by, now).await?;
    let author = match &case.pseudonym {
        Some(author) => moderation.author(author).await?,
        None => AuthorRecord::default(),
    };
    let tasks = ledger.tasks_of(&case.id, now).await?;
    let proof = ledger.proof(&case, now).await?;
    let record = Record { case: &case, author: &author, tasks: &tasks, proof };
    let dossier = compile(record, moderation.policy(), by, now);
    let text = match options.format {
        None if !options.records.records.json => page::page(&dossier, &moderation.policy().time_zone),
        Some(DossierFormat::Html) => page::page(&dossier, &moderation.policy().time_zone),
        None | Some(DossierFormat::Json) => {
            let json = serde_json::to_string(&dossier);
            json.map_err(|error| {
                Failure::unusable(say!(
                    "il fascicolo non si può scrivere: {error}",
                    "the dossier cannot be written: {error}"
                ))
            })? + "\n"
        }
    };
    match &options.output {
        Some(file) => fs::write(file, text).map_err(|e| Failure::unusable(format!("{}: {e}", file.display()))),
        None => output::print(&text),
    }
}
