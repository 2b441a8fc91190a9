//! What the ledger holds for reports, and compiling what is missing there.

use std::collections::{BTreeMap, BTreeSet};

use futures_util::future::try_join_all;
use futures_util::stream::{StreamExt, TryStreamExt, iter};
use jiff::ToSpan;
use jiff::civil::Date;
use ledger::{Ledger, LedgerError, Measurement};
use policy::{AccountId, Platform, Policy};

use crate::{Activity, DayActivity, Facts, Period, Report};

/// How many months of compiled days are read at once.
const MONTHS_AT_ONCE: usize = 8;

/// The records of an organisation, as reports need them.
#[derive(Clone, Copy)]
pub struct Archive<'a> {
    /// The policy in force.
    pub policy: &'a Policy,
    /// Where counts, audit entries and compiled days stand.
    pub ledger: &'a Ledger,
}

/// The days of a period, as far as they are compiled.
#[derive(Clone, Debug, Default)]
pub struct Days {
    /// What happened on each.
    pub days: BTreeMap<Date, DayActivity>,
    /// Those on which something was recorded, of those that were compiled only now.
    pub new: BTreeSet<Date>,
    /// Whether time ran out before all were compiled.
    pub more: bool,
}

impl Archive<'_> {
    /// The days of a period up to `today`. The log of a day that is over is read once: what it is compiled to is
    /// stored. Today is compiled from what there is so far, and not stored. Ends early when `in_time` says so; what
    /// was compiled until then is stored, so that the next call goes on from there.
    ///
    /// # Errors
    /// When the ledger is unavailable, or an entry of the log cannot be read.
    pub async fn days(&self, period: Period, today: Date, in_time: impl Fn() -> bool) -> Result<Days, LedgerError> {
        let mut known = Days::default();
        // Who has no policy in force judges nothing, so that nothing can be in the log of an earlier day.
        let begins = self.ledger.begun().await?.unwrap_or(today);
        let recorded = Period { from: period.from.max(begins), to: period.to };
        let compiled = iter(months(recorded)).map(|month| self.ledger.compiled_days(month)).buffered(MONTHS_AT_ONCE);
        for month in compiled.try_collect::<Vec<_>>().await? {
            for (day, summary) in month {
                match DayActivity::from_json(&summary) {
                    Ok(activity) if period.contains(day) => drop(known.days.insert(day, activity)),
                    Ok(_) => {}
                    Err(error) => {
                        let (line, column) = (error.line(), error.column());
                        tracing::warn!(%day, line, column, "a compiled day cannot be read and is compiled again");
                    }
                }
            }
        }
        let over = recorded.days().filter(|day| *day <= today);
        for day in over.filter(|day| *day == today || !known.days.contains_key(day)).collect::<Vec<_>>() {
            if !in_time() {
                known.more = true;
                break;
            }
            let entries = self.ledger.entries(day).await?;
            let activity = DayActivity::of(day, &entries, self.policy);
            if day < today {
                self.ledger.put_compiled_day(day, &activity.to_json()).await?;
                tracing::info!(%day, entries = entries.len(), "a day of the audit log is compiled");
            }
            if !entries.is_empty() {
                known.new.insert(day);
            }
            known.days.insert(day, activity);
        }
        Ok(known)
    }

    /// Everything that was counted up to a day about the accounts of the policy, the closed ones too.
    ///
    /// # Errors
    /// When the ledger is unavailable or an item cannot be read.
    pub async fn measurements(&self, up_to: Date) -> Result<Vec<Measurement>, LedgerError> {
        let accounts: BTreeSet<(Platform, &AccountId)> =
            self.policy.accounts.iter().map(|account| (account.platform, &account.id)).collect();
        let counted =
            accounts.into_iter().map(|(platform, account)| self.ledger.measurements(platform, account, up_to));
        Ok(try_join_all(counted).await?.concat())
    }

    /// The report about a period; what of it lies after `today` is not there yet. `baseline` is the day since which
    /// growth is told as well.
    ///
    /// # Errors
    /// When the ledger is unavailable, or something in it cannot be read.
    pub async fn report(&self, period: Period, today: Date, baseline: Option<Date>) -> Result<Report, LedgerError> {
        let days = self.days(Activity::needs(period), today, || true).await?.days;
        let measurements = self.measurements(period.to).await?;
        let facts = Facts { policy: self.policy, measurements: &measurements, days: &days, baseline };
        Ok(Report::compile(facts, period))
    }
}

/// The first day of each month that a period touches.
fn months(period: Period) -> impl Iterator<Item = Date> {
    period.from.first_of_month().series(1.month()).take_while(move |month| *month <= period.to)
}
