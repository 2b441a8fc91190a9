//! What the tests share: the policy of Milano Monza Brianza Lodi, hours of service, and days compiled from a sample.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use ledger::AuditEntry;
use policy::{AccountId, Outcome, Policy, Source};
use statistics::sample::Sample;
use statistics::{Activity, Arrival, DayActivity, Facts, Period, Report, Service};

pub fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// The policy, with more accounts when there are to be so many.
pub fn policy(accounts: usize) -> Policy {
    let folder = repository().join("policies");
    let read = |name: &str| Source { name: name.to_owned(), text: fs::read_to_string(folder.join(name)).unwrap() };
    let file = read("milano-monza-brianza-lodi.toml");
    let lists: Vec<Source> = Policy::list_names(&file).iter().map(|name| read(name)).collect();
    let mut policy = Policy::load(&file, &lists).unwrap();
    let known = policy.accounts.clone();
    while policy.accounts.len() < accounts {
        let nth = policy.accounts.len();
        let mut account = known[nth % known.len()].clone();
        account.id = AccountId::new(format!("{}-{nth}", account.id));
        account.name = format!("{} {nth}", account.name);
        policy.accounts.push(account);
    }
    policy
}

/// Monday to Friday, from 9 to 17 in Italy.
pub fn is_open(at: Timestamp) -> bool {
    let local = at.to_zoned(TimeZone::get("Europe/Rome").unwrap());
    local.weekday().to_monday_one_offset() <= 5 && (9..17).contains(&local.hour())
}

/// A review has to be decided within a day.
pub fn deadline(arrival: &Arrival) -> Option<Timestamp> {
    (arrival.outcome == Outcome::Review).then(|| arrival.at + Duration::from_secs(86_400))
}

pub const SERVICE: Service<'static> = Service { is_open: &is_open, deadline: &deadline };

/// All entries of a period and of what its report looks at.
pub fn entries(sample: &Sample<'_>, period: Period) -> BTreeMap<Date, Vec<AuditEntry>> {
    Activity::needs(period).days().map(|day| (day, sample.entries(day))).collect()
}

pub fn compiled(entries: &BTreeMap<Date, Vec<AuditEntry>>) -> BTreeMap<Date, DayActivity> {
    entries.iter().map(|(day, entries)| (*day, DayActivity::of(*day, entries, SERVICE))).collect()
}

/// The report about a made-up period.
pub fn report(policy: &Policy, per_day: u32, period: Period) -> Report {
    let sample = Sample::new(policy, 7, per_day);
    let days = compiled(&entries(&sample, period));
    let measurements = sample.measurements(Activity::needs(period));
    Report::compile(Facts { policy, measurements: &measurements, days: &days, baseline: None }, period)
}
