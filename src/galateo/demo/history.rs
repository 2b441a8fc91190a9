//! The end of the demo: the report about last month that an office with a year of history would get.

use std::collections::BTreeMap;
use std::path::PathBuf;

use jiff::civil::Date;
use policy::Policy;
use serde::Serialize;
use statistics::sample::Sample;
use statistics::{Activity, DayActivity, Facts, Language, Period, Report};

use crate::language::{self, either, say};
use crate::terminal::failure::Failure;

/// The seed of the made-up history, so that every demo tells the same.
const SEED: u64 = 2026;
/// About how many contributions a day it has.
const PER_DAY: u32 = 60;

/// A report on made-up figures.
#[derive(Clone, Debug, Serialize)]
pub struct Example {
    /// The month that it is about.
    pub period: Period,
    /// What it comes to in five sentences.
    pub summary: [String; 5],
    /// Where its page was written.
    pub page: PathBuf,
}

/// Compiles the month before this day from a made-up year and writes its page into a folder of its own.
pub fn report(policy: &Policy, today: Date) -> Result<Example, Failure> {
    let period = Period::month_so_far(today.last_of_month()).previous();
    let needed = Activity::needs(period);
    let sample = Sample::new(policy, SEED, PER_DAY);
    let of_day = |day: Date| (day, DayActivity::of(day, &sample.entries(day), policy));
    let days: BTreeMap<Date, DayActivity> = needed.days().map(of_day).collect();
    let measurements = sample.measurements(needed);
    let facts = Facts { policy, measurements: &measurements, days: &days, baseline: None };
    let report = Report::compile(facts, period);
    let language = either(Language::Italian, Language::English);
    let summary = either(report.summary.it.clone(), report.summary.en.clone());
    let failed = |error: std::io::Error| {
        let error = language::of_cause(&error);
        Failure::unusable(say!(
            "il rapporto della demo non si può scrivere: {error}",
            "the report of the demo cannot be written: {error}"
        ))
    };
    let page = tempfile::Builder::new().prefix("galateo-").tempdir().map_err(failed)?.keep().join("report.html");
    local::files::write(&page, report.to_html(language)).map_err(failed)?;
    Ok(Example { period, summary, page })
}
