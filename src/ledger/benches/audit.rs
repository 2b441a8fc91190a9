//! How long a million entries take to verify, how much memory that needs, and how many bytes an entry has.
//!
//! `cargo bench -p ledger --bench audit` verifies a million lines, written here without a database. With
//! `-- export 200000` it records that many entries in an embedded engine, exports them and verifies the export.

use std::fs::File;
use std::io::{BufReader, BufWriter};
use std::time::Instant;

use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};
use ledger::audit::{Expected, Export, ExportWriter, Hash, Header, Seal, verify};
use ledger::embedded::Embedded;
use ledger::{Judged, Ledger, PseudonymKey, Tables};
use policy::{
    AccountId, Author, Category, Contribution, Finding, Outcome, Platform, PlatformUserId, PolicyRef, Verdict,
};

/// How many entries are verified; a few where `cargo test` only tries it.
const ENTRIES: u64 = 1_000_000;
const TRIED: u64 = 20_000;
const ENTRIES_A_DAY: u64 = 10_000;

fn main() {
    let (flags, arguments): (Vec<_>, Vec<_>) = std::env::args().skip(1).partition(|argument| argument.starts_with('-'));
    let is_measured = flags.iter().any(|flag| flag == "--bench");
    let file = tempfile::NamedTempFile::new().expect("a temporary file");
    match arguments.first().map(String::as_str) {
        Some("export") => {
            let entries = arguments.get(1).and_then(|number| number.parse().ok()).unwrap_or(100_000);
            let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().expect("a runtime");
            runtime.block_on(export(entries, file.as_file()));
        }
        _ => write(if is_measured { ENTRIES } else { TRIED }, file.as_file()),
    }
    let bytes = file.as_file().metadata().expect("its size").len();
    let before = peak_memory_mb();
    let started = Instant::now();
    let input = BufReader::with_capacity(1 << 20, File::open(file.path()).expect("the export"));
    let found = verify(input, &Expected::default()).expect("an export");
    let elapsed = started.elapsed();
    assert!(found.is_valid(), "{:?}", found.problems);
    println!(
        "verified {} entries, {} bytes each, in {:.2} s on one core; peak memory {:.0} MB before, {:.0} MB after",
        found.entries,
        bytes / found.entries,
        elapsed.as_secs_f64(),
        before,
        peak_memory_mb()
    );
}

/// The most memory that this process had, where the system tells.
fn peak_memory_mb() -> f64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.and_then(|line| line.trim().trim_end_matches(" kB").parse::<f64>().ok()).unwrap_or_default() / 1024.0
}

fn policy() -> PolicyRef {
    PolicyRef {
        id: "milano-monza-brianza-lodi".to_owned(),
        version: "2025-1".to_owned(),
        hash: "9f".repeat(32),
        reader: None,
    }
}

fn first_day() -> Date {
    jiff::civil::date(2026, 1, 1)
}

/// An export of so many verdicts, one in twenty with a finding, sealed each day.
fn write(entries: u64, out: &File) {
    let days = entries / ENTRIES_A_DAY;
    let last = first_day().saturating_add(jiff::Span::new().days(days as i64 - 1));
    let at: Timestamp = "2027-01-01T00:00:00Z".parse().expect("a time");
    let header = Header::new(&policy().id, (first_day(), last), &policy(), at);
    let mut writer = ExportWriter::begin(BufWriter::with_capacity(1 << 20, out), &header).expect("the header");
    let mut previous = None;
    let mut day = first_day();
    for _ in 0..days {
        let mut hashes = Vec::new();
        for number in 0..ENTRIES_A_DAY {
            let text = entry(day, number);
            let hash = Hash::of(&text);
            writer.entry(Some(text.as_bytes()), &hash).expect("an entry");
            hashes.push(hash);
        }
        let seal = Seal::new("milano-monza-brianza-lodi", day, &hashes, 0, at, previous);
        writer.seal(&seal).expect("a seal");
        previous = Some(seal.hash());
        day = day.tomorrow().expect("a day");
    }
    writer.finish().expect("the footer");
}

fn entry(day: Date, number: u64) -> String {
    let (second, hash) = (number * 8, Hash::of(number.to_be_bytes()).to_string());
    let (hour, minute, second) = (second / 3600, second / 60 % 60, second % 60);
    let findings = r#""findings":[{"category":"personal_data","clause":"R5","detector":"phone","end":45,"rule":"telefono","start":34}],"#;
    let (findings, outcome) = if number.is_multiple_of(20) { (findings, "hide") } else { ("", "allow") };
    format!(
        concat!(
            r#"{{"account":"1234567890321","at":"{}T{:02}:{:02}:{:02}.123456789Z","automatic":true,"#,
            r#""case":"{}-{}","day":"{}","fact":{{"verdict":{{"author":"{}",{}"outcome":"{}","#,
            r#""written_at":"{}T08:00:00Z"}}}},"platform":"facebook","policy":{{"hash":"{}","#,
            r#""id":"milano-monza-brianza-lodi","version":"2025-1"}},"surface":"comment"}}"#
        ),
        day,
        hour,
        minute,
        second,
        &hash[..24],
        &hash[24..36],
        day,
        &hash[..32],
        findings,
        outcome,
        day,
        policy().hash
    )
}

/// Records verdicts in an embedded engine, seals and exports them.
async fn export(entries: u64, out: &File) {
    let engine = Embedded::start(None).await.expect("an engine");
    let key = PseudonymKey::new(b"a key for measurements only").expect("a key");
    let ledger = Ledger::new(engine.client(), Tables::default(), "milano-monza-brianza-lodi", key);
    ledger.create_tables().await.expect("tables");
    let start: Timestamp = "2026-01-01T09:00:00Z".parse().expect("a time");
    let started = Instant::now();
    for number in 0..entries {
        let at = start
            + SignedDuration::from_hours(24 * (number / ENTRIES_A_DAY) as i64)
            + SignedDuration::from_millis((number % ENTRIES_A_DAY) as i64);
        record(&ledger, number, at).await;
    }
    println!("recorded {entries} entries in {:.1} s", started.elapsed().as_secs_f64());
    let to = ledger::day(start).saturating_add(jiff::Span::new().days(((entries - 1) / ENTRIES_A_DAY) as i64));
    let now = to.tomorrow().and_then(|day| day.tomorrow()).expect("a day").at(12, 0, 0, 0);
    let now = now.to_zoned(jiff::tz::TimeZone::UTC).expect("a time").timestamp();
    let (started, before) = (Instant::now(), ledger.consumed());
    let seals = ledger.seal_from(Some(ledger::day(start)), now).await.expect("seals");
    let written = ledger.consumed().write_units - before.write_units;
    let seconds = started.elapsed().as_secs_f64();
    println!("made {} seals in {seconds:.1} s, {:.4} write units an entry", seals.len(), written / entries as f64);
    let started = Instant::now();
    let policy = policy();
    let export =
        Export { from: ledger::day(start), to, by: &policy::Person::new("bench").expect("a name"), policy: &policy };
    let out = BufWriter::with_capacity(1 << 20, out);
    let exported = ledger.export(&export, out, now).await.expect("an export");
    println!("exported {} entries in {:.1} s", exported.entries, started.elapsed().as_secs_f64());
}

async fn record(ledger: &Ledger, number: u64, at: Timestamp) {
    let (platform, account, id) = (Platform::Facebook, AccountId::new("1234567890321"), format!("1_{number}"));
    let author = Author { id: PlatformUserId::new(format!("{}", number % 1000)), name: None };
    let comment = Contribution::comment(platform, account, &id, "Un commento di prova");
    let contribution = Contribution { author: Some(author), at: Some(at), ..comment };
    let finding = Finding {
        clause: "R5".to_owned(),
        category: Category::PersonalData,
        rule: "telefono".to_owned(),
        detector: "phone",
        outcome: Outcome::Review,
        span: 0..3,
        matched: "333".to_owned(),
        folded: "333".to_owned(),
        urgent: false,
        opinion: None,
    };
    let verdict = Verdict::new(if number.is_multiple_of(20) { vec![finding] } else { Vec::new() });
    let case = ledger.case_id(&contribution, at);
    let author = contribution.author.as_ref().map(|author| ledger.pseudonym(contribution.platform, &author.id, at));
    let policy = policy();
    let judged = Judged {
        author: author.as_ref(),
        ..Judged::without_consequences(&contribution, &case, &verdict, &policy, at, at)
    };
    ledger.record(&judged).await.expect("recorded");
}
