//! `galateo audit seal`: makes the seals that are due.

use super::OpenLedger;
use crate::cli::SealOptions;
use crate::failure::Failure;
use crate::output;

/// Seals every day that is over and not sealed, and prints the seals that were made.
pub async fn seal(options: &SealOptions) -> Result<(), Failure> {
    let open = OpenLedger::open(&options.ledger).await?;
    let seals = open.ledger.seal_from(options.from, open.now).await;
    let seals = seals.map_err(|error| Failure::unusable(error.to_string()))?;
    let mut text = String::new();
    for seal in &seals {
        text += &if options.json {
            seal.to_json() + "\n"
        } else {
            format!("{}  {}  {} entries, {} late\n", seal.day, seal.hash(), seal.count, seal.late)
        };
    }
    if seals.is_empty() && !options.json {
        text += "every day that is over is sealed\n";
    }
    output::print(&text)
}
