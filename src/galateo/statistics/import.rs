//! `galateo statistics import`: figures from before.

use jiff::Timestamp;
use local::files;
use serde_json::json;
use statistics::{BadLine, ImportError, Language};

use crate::cli::ImportOptions;
use crate::language::{self, either, say};
use crate::records::{Absent, Records};
use crate::terminal::failure::Failure;
use crate::terminal::{output, progress};

/// The largest file that is imported, in bytes: half a million figures.
const LARGEST: u64 = 32 * 1024 * 1024;

/// Imports a file, or says what is wrong with each of its lines; then nothing is imported.
pub async fn import(options: &ImportOptions) -> Result<(), Failure> {
    language::speak(options.lang);
    let name = options.file.display();
    let bytes = files::read(&options.file, LARGEST);
    let bytes = bytes.map_err(|error| Failure::unusable(format!("{name}: {}", language::of_cause(&error))))?;
    let records = Records::open(&options.records, Absent::Made).await?;
    let today = ledger::day(options.records.now.unwrap_or_else(Timestamp::now));
    let import = statistics::import(&records.ledger, &records.policy.accounts, &bytes, today);
    match progress::during(either("importazione", "importing"), import).await {
        Ok(imported) if options.records.json => output::json(&json!({ "new": imported.new, "known": imported.known })),
        Ok(imported) => output::print(&say!(
            "{} valori importati, {} già noti\n",
            "{} figures imported, {} known already\n",
            imported.new,
            imported.known
        )),
        Err(ImportError::BadLines { named: bad, more }) => {
            if options.records.json {
                // For programs, and so in one language.
                let line = |bad: &BadLine| {
                    let (found, expected) = (bad.found.said(Language::English), bad.expected.said(Language::English));
                    json!({ "line": bad.line, "field": bad.field, "found": found, "expected": expected })
                };
                let problems: Vec<_> = bad.iter().map(line).collect();
                output::json(&json!({ "problems": problems, "more": more }))?;
            }
            let mut lines: Vec<String> = bad.iter().map(|bad| format!("{name}: {}", bad.said(options.lang))).collect();
            if more > 0 {
                lines.push(say!("{name}: e altri {more} errori", "{name}: and {more} more"));
            }
            let nothing = either("nulla è stato importato", "nothing was imported");
            Err(Failure::unusable(format!("{nothing}\n{}", lines.join("\n"))))
        }
        Err(ImportError::Ledger(error)) => Err(error.into()),
    }
}
