//! `galateo audit export`: the entries and seals of a period as JSON lines.

use std::io::{self, BufWriter, ErrorKind, Write};
use std::path::Path;

use jiff::Timestamp;
use ledger::audit::{Export, ExportError, Exported};
use ledger::{Ledger, LedgerError};
use local::files;
use moderation::person;

use crate::cli::ExportOptions;
use crate::records::{Absent, Records};
use crate::terminal::failure::Failure;
use crate::terminal::output;
use crate::terminal::progress::{Counted, Progress};
use crate::terminal::replaced::may_be_replaced;

/// Makes the seals that are due, then writes the export to the file or to standard output. A file gets its name when
/// it is complete.
pub async fn export(options: &ExportOptions) -> Result<(), Failure> {
    if let Some(file) = &options.out {
        may_be_replaced(file, options.records.policy.as_deref())?;
    }
    let by = person(&options.by)?;
    let Records { policy, ledger, engine: _engine } = Records::open(&options.records, Absent::Refused).await?;
    let now = options.records.now.unwrap_or_else(Timestamp::now);
    let today = ledger::day(now);
    // The export is on record itself.
    ledger.begins_by(now).await?;
    match ledger.seal_from(options.from, now).await {
        // Whoever asks for the log gets it, with the days that are sealed.
        Err(error @ LedgerError::Configuration(_)) => output::tell(&format!("warning: {error}: `galateo audit seal`")),
        sealed => drop(sealed?),
    }
    // Before its first day the log has nothing to read, however many days somebody asks for.
    let first_seal = ledger.first_seal().await?.map(|seal| seal.day);
    let begins = first_seal.into_iter().chain(ledger.begun().await?).min().unwrap_or(today);
    let from = options.from.map_or(begins, |from| from.max(begins));
    let to = options.to.unwrap_or(today).min(today);
    if from > to {
        return Err(Failure::unusable(format!("the period begins on {from} and ends on {to}: nothing to export")));
    }
    let export = Export { from, to, by: &by, policy: &policy.reference };
    let exported = match &options.out {
        // Byte for byte: its last line has the hash of all before.
        None => into(&ledger, &export, io::stdout().lock(), now).await,
        Some(file) => {
            // Whether it failed or was interrupted, nobody is to take it for an export: what has no name yet goes with it.
            let mut out = files::create(file).map_err(|error| not_written(file, &error))?;
            let exported = into(&ledger, &export, &mut out, now).await?;
            out.finish().map_err(|error| not_written(file, &error))?;
            Ok(exported)
        }
    }?;
    if let (Some(begun), Some(first)) = (ledger.older_than_seals().await?, ledger.first_seal().await?) {
        let first = first.day;
        let whether = if from < first { "they are in this export" } else { "they are not in this export" };
        output::tell(&format!(
            "warning: there are entries from {begun} on that are older than the first seal ({first}), which no seal binds: \
             the clock was wrong when they were written; {whether}"
        ));
    }
    if options.records.json && options.out.is_some() {
        return output::json(&exported);
    }
    let Exported { entries, seals, unsealed, sha256 } = exported;
    output::tell(&format!(
        "{from} to {to}: {entries} entries, {unsealed} of them not sealed yet; {seals} seals; sha256 {sha256}"
    ));
    Ok(())
}

async fn into(ledger: &Ledger, export: &Export<'_>, out: impl Write, now: Timestamp) -> Result<Exported, Failure> {
    let out = Counted::new(out, "lines exported", Progress::beside_output());
    let out = BufWriter::with_capacity(1 << 20, out);
    ledger.export(export, out, now).await.map_err(|error| match error {
        ExportError::Output(error) if error.kind() == ErrorKind::BrokenPipe => Failure::seen_enough(),
        error => Failure::unusable(error.to_string()),
    })
}

fn not_written(file: &Path, error: &io::Error) -> Failure {
    Failure::unusable(format!("{}: {error}", file.display()))
}
