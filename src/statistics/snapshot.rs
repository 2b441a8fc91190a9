//! The nightly count of every account.

use std::collections::BTreeMap;

use futures_util::future::join_all;
use jiff::civil::Date;
use ledger::{Ledger, LedgerError, Measurement, Precision, Source};
use platforms::Caller;
use policy::{Account, AccountState, Platform, Reading};

/// What a night's count brought.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Counted {
    /// How many counts each platform gave.
    pub counts: BTreeMap<Platform, usize>,
    /// How many it did not give, which were stored as gaps.
    pub gaps: BTreeMap<Platform, usize>,
}

/// Counts every account that is not closed, all at the same time, and stores what was found under a day. What a platform
/// does not tell is stored as a gap with its reason, and does not stop the others. Repeated on the same day, it asks
/// again, and only gaps change.
///
/// # Errors
/// When the ledger is unavailable. The others have been stored then; repeating completes the night.
pub async fn snapshot(
    caller: &impl Caller,
    ledger: &Ledger,
    accounts: &[Account],
    day: Date,
) -> Result<Counted, LedgerError> {
    let open = accounts.iter().filter(|account| account.state != AccountState::Closed);
    let nights = join_all(open.map(|account| night(caller, ledger, account, day))).await;
    let mut counted = Counted::default();
    for night in nights {
        let (platform, counts, gaps) = night?;
        *counted.counts.entry(platform).or_default() += counts;
        *counted.gaps.entry(platform).or_default() += gaps;
    }
    Ok(counted)
}

async fn night(
    caller: &impl Caller,
    ledger: &Ledger,
    account: &Account,
    day: Date,
) -> Result<(Platform, usize, usize), LedgerError> {
    let readings = platforms::count(caller, account).await;
    let measurements: Vec<Measurement> = readings
        .into_iter()
        .map(|(metric, reading)| Measurement {
            platform: account.platform,
            account: account.id.clone(),
            day,
            precision: Precision::Day,
            metric,
            reading,
            source: Source::Snapshot,
        })
        .collect();
    let stored = ledger.put_measurements(&measurements).await?;
    for conflict in &stored.conflicts {
        let (platform, account, metric) = (account.platform, &account.id, conflict.refused.metric);
        tracing::warn!(%platform, %account, %metric, %day, "an imported figure stands in the way of a count");
    }
    let gaps = measurements.iter().filter(|measurement| matches!(measurement.reading, Reading::Gap(_))).count();
    Ok((account.platform, measurements.len() - gaps, gaps))
}
