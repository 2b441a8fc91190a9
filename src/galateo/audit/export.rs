//! `galateo audit export`: the entries and seals of a period as JSON lines.

use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::Path;

use ledger::audit::{Export, ExportError, Exported};

use super::OpenLedger;
use crate::cli::ExportOptions;
use crate::failure::Failure;

/// Makes the seals that are due, then writes the export to the file or to standard output. A file gets its name when
/// it is complete.
pub async fn export(options: &ExportOptions) -> Result<(), Failure> {
    let open = OpenLedger::open(&options.ledger).await?;
    let today = ledger::day(open.now);
    let unavailable = |error: ledger::LedgerError| Failure::unusable(error.to_string());
    open.ledger.seal_from(options.from, open.now).await.map_err(unavailable)?;
    let from = match options.from {
        Some(from) => from,
        None => open.ledger.first_seal().await.map_err(unavailable)?.map_or(today, |seal| seal.day),
    };
    let to = options.to.unwrap_or(today).min(today);
    if from > to {
        return Err(Failure::unusable(format!("the period begins on {from} and ends on {to}: nothing to export")));
    }
    let export = Export { from, to, by: &options.by, policy: &open.policy };
    let exported = match &options.out {
        None => into(&open, &export, io::stdout().lock()).await,
        Some(file) => {
            let unfinished = file.with_added_extension("part");
            let exported = match File::create(&unfinished) {
                Ok(out) => into(&open, &export, out).await,
                Err(error) => Err(not_written(&unfinished, &error)),
            };
            exported.and_then(|exported| {
                fs::rename(&unfinished, file).map_err(|error| not_written(file, &error))?;
                Ok(exported)
            })
        }
    }?;
    let Exported { entries, seals, unsealed, sha256 } = exported;
    eprintln!("{from} to {to}: {entries} entries, {unsealed} of them not sealed yet; {seals} seals; sha256 {sha256}");
    Ok(())
}

async fn into(open: &OpenLedger, export: &Export<'_>, out: impl Write) -> Result<Exported, Failure> {
    let out = BufWriter::with_capacity(1 << 20, out);
    let exported = open.ledger.export(export, out, open.now).await;
    exported.map_err(|error: ExportError| Failure::unusable(error.to_string()))
}

fn not_written(file: &Path, error: &io::Error) -> Failure {
    Failure::unusable(format!("{}: {error}", file.display()))
}
