//! `galateo statistics import`: figures from before.

use std::fmt::Display;

use jiff::Timestamp;
use local::files;
use serde_json::json;
use statistics::{BadLine, ImportError};

use crate::cli::ImportOptions;
use crate::failure::Failure;
use crate::output;
use crate::records::{Absent, Records};

/// The largest file that is imported, in bytes: half a million figures.
const LARGEST: u64 = 32 * 1024 * 1024;

/// Imports a file, or says what is wrong with each of its lines; then nothing is imported.
pub async fn import(options: &ImportOptions) -> Result<(), Failure> {
    let unusable = |reason: &dyn Display| Failure::unusable(format!("{}: {reason}", options.file.display()));
    let bytes = files::read(&options.file, LARGEST).map_err(|error| unusable(&error))?;
    let records = Records::open(&options.records, Absent::Made).await?;
    let today = ledger::day(options.records.now.unwrap_or_else(Timestamp::now));
    match statistics::import(&records.ledger, &records.policy.accounts, &bytes, today).await {
        Ok(imported) if options.records.json => output::json(&json!({ "new": imported.new, "known": imported.known })),
        Ok(imported) => {
            output::print(&format!("{} figures imported, {} known already\n", imported.new, imported.known))
        }
        Err(ImportError::BadLines(bad)) => {
            if options.records.json {
                let line = |bad: &BadLine| json!({ "line": bad.line, "field": bad.field, "found": bad.found, "expected": bad.expected });
                let problems: Vec<_> = bad.iter().map(line).collect();
                output::json(&json!({ "problems": problems }))?;
            }
            let name = options.file.display();
            let lines: Vec<String> = bad.iter().map(|bad| format!("{name}: {bad}")).collect();
            Err(Failure::unusable(format!("nothing was imported\n{}", lines.join("\n"))))
        }
        Err(error) => Err(Failure::unusable(error.to_string())),
    }
}
