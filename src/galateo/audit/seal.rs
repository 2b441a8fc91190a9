//! `galateo audit seal`: makes the seals that are due.

use jiff::Timestamp;

use crate::cli::SealOptions;
use crate::records::{Absent, Records};
use crate::terminal::failure::Failure;
use crate::terminal::output;

/// Seals every day that is over and not sealed, and prints the seals that were made.
pub async fn seal(options: &SealOptions) -> Result<(), Failure> {
    let records = Records::open(&options.records, Absent::Refused).await?;
    let now = options.records.now.unwrap_or_else(Timestamp::now);
    let seals = records.ledger.seal_all(options.from, now).await?;
    let mut text = String::new();
    for seal in &seals {
        text += &if options.records.json {
            seal.to_json() + "\n"
        } else {
            format!("{}  {}  {} entries, {} late\n", seal.day, seal.hash(), seal.count, seal.late)
        };
    }
    if let Some(begun) = records.ledger.older_than_seals().await? {
        output::tell(&format!(
            "warning: there are entries from {begun} on that are older than the first seal, which no seal binds: the clock \
             was wrong when they were written; `galateo audit export` shows them"
        ));
    }
    if seals.is_empty() && !options.records.json {
        text += "every day that is over is sealed\n";
    }
    if options.records.json { output::written_json(&text) } else { output::print(&text) }
}
