//! `galateo case dossier`: everything on record about a case, for whoever has a right to it: the person concerned, the
//! platform, the authorities, a court.

use std::io::{self, Write};
use std::path::Path;

use disclosure::Dossier;
use local::files;
use moderation::{OfficeError, person};

use super::Session;
use crate::cli::{DossierFormat, DossierOptions};
use crate::language;
use crate::terminal::failure::Failure;
use crate::terminal::output;
use crate::terminal::replaced::may_be_replaced;

/// Writes the dossier to a file or to standard output. That it is given out is recorded before: what cannot be recorded
/// is not given out, and the dossier itself contains the entry. The file is begun even before that: what cannot be
/// written is not given out either, and the record is not to say so.
pub async fn dossier(session: &Session, options: &DossierOptions) -> Result<(), Failure> {
    let by = &person(&options.by)?;
    let case = session.office().find(&options.id).await?;
    let begun = match options.output.as_deref() {
        Some(file) => {
            may_be_replaced(file, options.records.records.policy.as_deref())?;
            Some((file, files::create(file).map_err(not_written(file))?))
        }
        None => None,
    };
    let policy = session.moderation.policy();
    let given = session.disclosure(by).case(case).await.map_err(OfficeError::from)?;
    let dossier = Dossier::of(&given, policy);
    let is_json = match options.format {
        Some(format) => format == DossierFormat::Json,
        None => options.records.records.json,
    };
    let text = if is_json { output::to_json(&dossier)? + "\n" } else { dossier.page(&policy.time_zone) };
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
