//! `galateo case dossier`: everything on record about a case, for whoever has a right to it: the person concerned, the
//! platform, the authorities, a court.

mod compile;
mod contents;
mod page;
mod statement;

use std::io::{self, Write};
use std::path::Path;

use ledger::AuthorRecord;
use local::files;
use moderation::person;

use crate::cli::{DossierFormat, DossierOptions};
use crate::failure::Failure;
use crate::language;
use crate::office::Office;
use crate::output;
use compile::{Record, compile};

/// Writes the dossier to a file or to standard output. That it is given out is recorded before: what cannot be recorded
/// is not given out, and the dossier itself contains the entry. The file is begun even before that: what cannot be
/// written is not given out either, and the record is not to say so.
pub async fn dossier(office: &Office, options: &DossierOptions) -> Result<(), Failure> {
    let by = &person(&options.by)?;
    let (moderation, ledger) = (&office.moderation, office.moderation.ledger());
    let now = moderation.clock().now();
    let case = moderation.find_case(&options.id).await?;
    let begun = match options.output.as_deref() {
        Some(file) => Some((file, files::create(file).map_err(not_written(file))?)),
        None => None,
    };
    ledger.disclose_case(&case, by, now).await?;
    let author = match &case.pseudonym {
        Some(author) => moderation.author(author).await?,
        None => AuthorRecord::default(),
    };
    let tasks = ledger.tasks_of(&case.id, now).await?;
    let proof = ledger.proof(&case, now).await?;
    let record = Record { case: &case, author: &author, tasks: &tasks, proof };
    let dossier = compile(record, moderation.policy(), by.as_str(), now);
    let is_json = match options.format {
        Some(format) => format == DossierFormat::Json,
        None => options.records.records.json,
    };
    let text =
        if is_json { output::to_json(&dossier)? + "\n" } else { page::page(&dossier, &moderation.policy().time_zone) };
    match begun {
        Some((file, mut begun)) => {
            begun.write_all(text.as_bytes()).and_then(|()| begun.finish()).map_err(not_written(file))
        }
        None if is_json => output::written_json(&text),
        None => output::html(&text),
    }
}

fn not_written(file: &Path) -> impl Fn(io::Error) -> Failure {
    move |error| Failure::unusable(format!("{}: {}", file.display(), language::of_cause(&error)))
}
