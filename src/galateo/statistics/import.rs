//! `galateo statistics import`: figures from before.

use std::fs;

use jiff::Timestamp;
use serde_json::json;
use statistics::{BadLine, ImportError};

use crate::cli::ImportOptions;
use crate::failure::Failure;
use crate::records::{Absent, Records};
use crate::{output, progress};

/// Imports a file, or says what is wrong with each of its lines; then nothing is imported.
pub async fn import(options: &ImportOptions) -> Result<(), Failure> {
    let text = fs::read_to_string(&options.file)
        .map_err(|error| Failure::unusable(format!("{}: {error}", options.file.display())))?;
    let records = Records::open(&options.records, Absent::Made).await?;
    let today = ledger::day(options.records.now.unwrap_or_else(Timestamp::now));
    let import = statistics::import(&records.ledger, &records.policy.accounts, &text, today);
    match progress::during("importing", import).await {
        Ok(imported) if options.records.json => {
            output::print(&format!("{}\n", json!({ "new": imported.new, "known": imported.known })))
        }
        Ok(imported) => {
            output::print(&format!("{} figures imported, {} known already\n", imported.new, imported.known))
        }
        Err(ImportError::BadLines(bad)) => {
            if options.records.json {
                let line = |bad: &BadLine| json!({ "line": bad.line, "field": bad.field, "found": bad.found, "expected": bad.expected });
                let problems: Vec<_> = bad.iter().map(line).collect();
                output::print(&format!("{}\n", json!({ "problems": problems })))?;
            }
            let file = options.file.display();
            let lines: Vec<String> = bad.iter().map(|bad| format!("{file}: {bad}")).collect();
            Err(Failure::unusable(format!("nothing was imported\n{}", lines.join("\n"))))
        }
        Err(error) => Err(Failure::unusable(error.to_string())),
    }
}
