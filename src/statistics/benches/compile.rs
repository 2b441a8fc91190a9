//! How fast days of audit entries are compiled and a year is put together from them, beside what cannot be done
//! without: going through the same entries and counting them by verdict. `cargo bench` measures a year of days with a
//! thousand contributions; `cargo test --bench compile` only tries it, with a few a day.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::sync::LazyLock;
use std::time::{Duration, Instant};

use divan::Bencher;
use divan::counter::ItemsCount;
use jiff::civil::{Date, date};
use ledger::{AuditEntry, Fact};
use policy::{AccountId, Policy, Source};
use statistics::sample::Sample;
use statistics::{Activity, DayActivity, Period};

/// The accounts of the measured organisation, and its contributions a day.
const ACCOUNTS: usize = 10;
const PER_DAY: u32 = 1_000;
const TRIED_PER_DAY: u32 = 5;

static POLICY: LazyLock<Policy> = LazyLock::new(|| {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../policies");
    let read =
        |name: &str| Source { name: name.to_owned(), text: fs::read_to_string(folder.join(name)).unwrap_or_default() };
    let file = read("milano-monza-brianza-lodi.toml");
    let lists: Vec<Source> = Policy::list_names(&file).iter().map(|name| read(name)).collect();
    let mut policy = match Policy::load(&file, &lists) {
        Ok(policy) => policy,
        Err(problems) => panic!("the policy cannot be loaded: {problems:?}"),
    };
    while policy.accounts.len() < ACCOUNTS {
        let mut account = policy.accounts[0].clone();
        account.id = AccountId::new(format!("{}-{}", account.id, policy.accounts.len()));
        policy.accounts.push(account);
    }
    policy
});

static DAY: LazyLock<(Date, Vec<AuditEntry>)> = LazyLock::new(|| {
    let day = date(2026, 3, 4);
    (day, Sample::new(&POLICY, 1, PER_DAY).entries(day))
});

fn year() -> Period {
    match Period::year(2026) {
        Ok(year) => year,
        Err(error) => panic!("{error}"),
    }
}

/// Goes through the entries and counts the verdicts.
fn count(entries: &[AuditEntry]) -> [u64; 4] {
    let mut counts = [0; 4];
    for entry in entries {
        if let Fact::Verdict { outcome, .. } = &entry.fact {
            counts[*outcome as usize] += 1;
        }
    }
    counts
}

#[divan::bench]
fn baseline_count(bencher: Bencher<'_, '_>) {
    let (_, entries) = &*DAY;
    bencher.counter(ItemsCount::new(entries.len())).bench(|| count(divan::black_box(entries)));
}

#[divan::bench]
fn baseline_digest(bencher: Bencher<'_, '_>) {
    let (_, entries) = &*DAY;
    bencher
        .counter(ItemsCount::new(entries.len()))
        .bench(|| divan::black_box(entries).iter().map(AuditEntry::digest).max());
}

#[divan::bench]
fn compile_day(bencher: Bencher<'_, '_>) {
    let (day, entries) = &*DAY;
    bencher.counter(ItemsCount::new(entries.len())).bench(|| DayActivity::of(*day, divan::black_box(entries), &POLICY));
}

#[divan::bench(sample_count = 10)]
fn year_from_compiled_days(bencher: Bencher<'_, '_>) {
    let sample = Sample::new(&POLICY, 1, PER_DAY);
    let days: BTreeMap<Date, DayActivity> =
        Activity::needs(year()).days().map(|day| (day, DayActivity::of(day, &sample.entries(day), &POLICY))).collect();
    bencher.counter(ItemsCount::new(days.len())).bench(|| Activity::compile(year(), &[], divan::black_box(&days)));
}

fn main() {
    let is_measured = std::env::args().any(|argument| argument == "--bench");
    if is_measured {
        divan::main();
    }
    let sample = Sample::new(&POLICY, 1, if is_measured { PER_DAY } else { TRIED_PER_DAY });
    let (mut entries, mut compiling, mut counting) = (0, Duration::ZERO, Duration::ZERO);
    let mut days = BTreeMap::new();
    for day in year().days() {
        let of_day = sample.entries(day);
        entries += of_day.len();
        let started = Instant::now();
        divan::black_box(count(&of_day));
        counting += started.elapsed();
        let started = Instant::now();
        days.insert(day, DayActivity::of(day, &of_day, &POLICY));
        compiling += started.elapsed();
    }
    let started = Instant::now();
    let activity = Activity::compile(year(), &[], &days);
    let together = started.elapsed();
    println!(
        "{entries} entries of a year, {} contributions: {compiling:.2?} to compile the days, {together:.2?} to put \
         them together; counting alone takes {counting:.2?}: {:.0} times less",
        activity.totals.received,
        compiling.as_secs_f64() / counting.as_secs_f64(),
    );
}
