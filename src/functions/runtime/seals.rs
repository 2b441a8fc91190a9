//! Publishing the seals of the audit log where nobody can replace them.

use std::time::SystemTime;

use jiff::{Timestamp, ToSpan};
use ledger::Ledger;

use crate::store::{Existing, File, Store};

/// How many days back seals are published again, each night, in case the store refused them: what is there is kept.
const AGAIN_DAYS: i64 = 31;

/// Seals the days that are over and publishes their seals, and those of the last month that are not there yet. How many
/// were published.
///
/// # Errors
/// When the ledger is unavailable or a seal could not be stored; repeating is safe.
pub async fn seal(ledger: &Ledger, store: &Store, now: Timestamp) -> anyhow::Result<usize> {
    let made = ledger.seal_until(now).await?;
    let today = ledger::day(now);
    let first = today.saturating_sub(AGAIN_DAYS.days());
    let first = made.first().map_or(first, |seal| seal.day.min(first));
    let mut published = 0;
    for seal in ledger.seals(first, today).await? {
        let (name, text) = (seal.file_name(), seal.to_json());
        let file = File { name: &name, media_type: "application/json", text: &text };
        if store.put(file, Existing::Kept, SystemTime::from(now)).await? {
            tracing::info!(day = %seal.day, hash = %seal.hash(), "a seal is published");
            published += 1;
        }
    }
    Ok(published)
}
