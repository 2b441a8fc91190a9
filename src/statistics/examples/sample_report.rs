//! Writes the report about a made-up year, for looking at it and for measuring memory:
//! `cargo run --release -p statistics --example sample_report -- OUT [PER_DAY] [ACCOUNTS] [YYYY-MM]`.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use policy::{AccountId, Policy, Source};
use statistics::sample::Sample;
use statistics::{Activity, CsvOptions, DayActivity, Facts, Language, Period, Report};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let out = PathBuf::from(arguments.first().ok_or("OUT is missing")?);
    let per_day = arguments.get(1).map_or(Ok(1_000), |text| text.parse())?;
    let accounts: usize = arguments.get(2).map_or(Ok(0), |text| text.parse())?;
    let period = match arguments.get(3).and_then(|text| text.split_once('-')) {
        Some((year, month)) => Period::month(year.parse()?, month.parse()?)?,
        None => Period::year(2026)?,
    };
    let policy = policy(accounts)?;
    let sample = Sample::new(&policy, 1, per_day);
    let (mut entries, mut bytes, mut longest, mut compiling) = (0, 0, 0, Duration::ZERO);
    let mut days = BTreeMap::new();
    for day in Activity::needs(period).days() {
        let of_day = sample.entries(day);
        let started = Instant::now();
        let compiled = DayActivity::of(day, &of_day, &policy);
        compiling += started.elapsed();
        let length = compiled.to_json().len();
        (entries, bytes, longest) = (entries + of_day.len(), bytes + length, longest.max(length));
        days.insert(day, compiled);
    }
    let measurements = sample.measurements(Activity::needs(period));
    let started = Instant::now();
    let report =
        Report::compile(Facts { policy: &policy, measurements: &measurements, days: &days, baseline: None }, period);
    let reporting = started.elapsed();
    fs::create_dir_all(&out)?;
    fs::write(out.join("report.json"), report.to_json())?;
    for language in [Language::Italian, Language::English] {
        let page = report.to_html(language);
        println!("{}: {} KiB", language.as_str(), page.len() / 1024);
        fs::write(out.join(format!("report-{}.html", language.as_str())), page)?;
    }
    for file in report.to_csv(CsvOptions::for_language(Language::Italian))? {
        fs::write(out.join(file.name), file.text)?;
    }
    println!("{entries} entries of {} days compiled in {compiling:?}, the report in {reporting:?}", days.len());
    println!("a day takes {} bytes, at most {longest}", bytes / days.len());
    println!("{}", report.summary.it.join("\n"));
    Ok(())
}

/// The policy of Milano Monza Brianza Lodi, with more accounts where `accounts` asks for them.
fn policy(accounts: usize) -> Result<Policy, Box<dyn std::error::Error>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../policies");
    let read = |name: &str| -> std::io::Result<Source> {
        Ok(Source { name: name.to_owned(), text: fs::read_to_string(folder.join(name))? })
    };
    let file = read("milano-monza-brianza-lodi.toml")?;
    let lists = Policy::list_names(&file).iter().map(|name| read(name)).collect::<Result<Vec<_>, _>>()?;
    let mut policy = Policy::load(&file, &lists).map_err(|problems| format!("{problems:?}"))?;
    let known = policy.accounts.clone();
    while policy.accounts.len() < accounts {
        let nth = policy.accounts.len();
        let mut account = known[nth % known.len()].clone();
        account.id = AccountId::new(format!("{}-{nth}", account.id));
        account.name = format!("{} {nth}", account.name);
        policy.accounts.push(account);
    }
    Ok(policy)
}
