//! What is done at night: count, compile, report.

use std::collections::BTreeSet;

use jiff::Timestamp;
use jiff::civil::Date;
use ledger::LedgerError;
use platforms::Caller;

use crate::report::Language;
use crate::snapshot::{Counted, snapshot};
use crate::{Activity, Archive, CsvOptions, Days, Facts, Period, Report};

/// What a night brought.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Night {
    /// What was counted about the accounts.
    pub counted: Counted,
    /// How many days were compiled on which something was recorded.
    pub days_compiled: usize,
    /// Whether time ran out: called again, it goes on from there. There are no reports then.
    pub more: bool,
    /// The reports, to be put where the office finds them; each takes the place of an earlier one of its name.
    pub files: Vec<NamedFile>,
}

/// A file of a report.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NamedFile {
    /// Its name, with the month as a folder: `2026-10/report.html`.
    pub name: String,
    /// Its media type.
    pub media_type: &'static str,
    /// Its content, in UTF-8.
    pub text: String,
}

/// Why a night failed.
#[derive(Debug, thiserror::Error)]
pub enum NightError {
    /// The ledger is not available.
    #[error(transparent)]
    Ledger(#[from] LedgerError),
    /// A report could not be written.
    #[error(transparent)]
    Separators(#[from] crate::UnusableSeparators),
}

/// Does what [`catch_up`] does, then reports on the month of yesterday so far, on the month before it, and on every other
/// month of which a day was compiled just now. Whatever of this is repeated, after a failure or because time ran out,
/// comes to the same.
///
/// `in_time` says whether there is time for another day or report.
///
/// # Errors
/// When the ledger is unavailable, or something in it cannot be read.
pub async fn nightly(
    archive: Archive<'_>,
    caller: &impl Caller,
    now: Timestamp,
    in_time: impl Fn() -> bool,
) -> Result<Night, NightError> {
    let (counted, days) = catch_up(archive, caller, now, &in_time).await?;
    let yesterday = yesterday(now);
    let month = Period::month_so_far(yesterday);
    let before = day_before(month.from);
    let mut night = Night { counted, days_compiled: days.new.len(), more: days.more, files: Vec::new() };
    if night.more {
        return Ok(night);
    }
    let measurements = archive.measurements(yesterday).await?;
    let firsts: BTreeSet<Date> =
        days.new.iter().map(|day| day.first_of_month()).chain([month.from, before.first_of_month()]).collect();
    for first in firsts {
        let period = Period { from: first, to: first.last_of_month().min(yesterday) };
        let facts = Facts { policy: archive.policy, measurements: &measurements, days: &days.days, baseline: None };
        night.files.extend(files(&Report::compile(facts, period), first)?);
    }
    tracing::info!(
        days_compiled = night.days_compiled,
        files = night.files.len(),
        "the reports of the night are compiled"
    );
    Ok(night)
}

/// Counts every account, as the state in which the day ended that is just over, and compiles each day that is over and
/// was not compiled yet, after nights that were missed too: all days that the reports of a night look at.
///
/// `in_time` says whether there is time for another day.
///
/// # Errors
/// When the ledger is unavailable, or something in it cannot be read.
pub async fn catch_up(
    archive: Archive<'_>,
    caller: &impl Caller,
    now: Timestamp,
    in_time: impl Fn() -> bool,
) -> Result<(Counted, Days), LedgerError> {
    let yesterday = yesterday(now);
    let counted = snapshot(caller, archive.ledger, &archive.policy.accounts, yesterday).await?;
    // A month reports on the year before it, and so does the month before.
    let before = day_before(yesterday.first_of_month());
    let needed = Period { from: Activity::needs(Period::month_so_far(before)).from.first_of_month(), to: yesterday };
    let days = archive.days(needed, ledger::day(now), in_time).await?;
    Ok((counted, days))
}

/// The last day that is over, in Italy.
fn yesterday(now: Timestamp) -> Date {
    day_before(ledger::day(now))
}

/// The day before; on the first of all days, that day.
fn day_before(day: Date) -> Date {
    day.yesterday().unwrap_or(day)
}

/// A report in every form, in the folder of its month.
fn files(report: &Report, month: Date) -> Result<Vec<NamedFile>, NightError> {
    let folder = month.strftime("%Y-%m").to_string();
    let named = |name: &str, text| NamedFile { name: format!("{folder}/{name}"), media_type: media_type(name), text };
    let mut files = vec![
        named("report.html", report.to_html(Language::Italian)),
        named("report.en.html", report.to_html(Language::English)),
        named("report.json", report.to_json()),
    ];
    let tables = report.to_csv(CsvOptions::for_language(Language::Italian))?;
    files.extend(tables.into_iter().map(|file| named(&file.name, file.text)));
    Ok(files)
}

fn media_type(name: &str) -> &'static str {
    match name.rsplit_once('.').map(|(_, extension)| extension) {
        Some("html") => "text/html; charset=utf-8",
        Some("csv") => "text/csv; charset=utf-8",
        Some("jsonld") => "application/ld+json",
        _ => "application/json",
    }
}
