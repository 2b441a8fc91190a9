//! What the tests share: the policy of Milano Monza Brianza Lodi, hours of service, and days compiled from a sample.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use jiff::civil::Date;
use ledger::AuditEntry;
use policy::{AccountId, Policy, Source};
use statistics::sample::Sample;
use statistics::{Activity, DayActivity, Facts, Period, Report};

pub fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// The policy, with more accounts where `accounts` asks for them.
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

/// The policy under which days are compiled.
pub static POLICY: LazyLock<Policy> = LazyLock::new(|| policy(0));

/// All entries of a period and of what its report looks at.
pub fn entries(sample: &Sample<'_>, period: Period) -> BTreeMap<Date, Vec<AuditEntry>> {
    Activity::needs(period).days().map(|day| (day, sample.entries(day))).collect()
}

pub fn compiled(entries: &BTreeMap<Date, Vec<AuditEntry>>) -> BTreeMap<Date, DayActivity> {
    entries.iter().map(|(day, entries)| (*day, DayActivity::of(*day, entries, &POLICY))).collect()
}

/// The report about a made-up period.
pub fn report(policy: &Policy, per_day: u32, period: Period) -> Report {
    let sample = Sample::new(policy, 7, per_day);
    let days = compiled(&entries(&sample, period));
    let measurements = sample.measurements(Activity::needs(period));
    Report::compile(Facts { policy, measurements: &measurements, days: &days, baseline: None }, period)
}
