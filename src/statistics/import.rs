//! Figures from before the snapshots, out of a CSV file: all of them, or none and the reasons.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use jiff::civil::Date;
use ledger::{Ledger, LedgerError, Measurement, Precision, Source};
use policy::{Account, Metric, Platform, Reading};

/// The columns, in any order. Others are refused: what they say would be lost.
const COLUMNS: [&str; 5] = ["account", "date", "metric", "value", "source"];

/// The largest figure that is believed, as in snapshots.
const MOST: u64 = 10_000_000_000;

/// The longest name of a source, in characters.
const LONGEST_SOURCE: usize = 200;

/// A line that cannot be imported.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: {field}: found {found}, expected {expected}")]
pub struct BadLine {
    /// The line, counted from 1, which is that of the columns' names.
    pub line: u64,
    /// The column, or `CSV` where the line could not be divided into columns.
    pub field: &'static str,
    /// What stands there.
    pub found: String,
    /// What should stand there.
    pub expected: String,
}

/// What an import did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Imported {
    /// How many figures are new.
    pub new: usize,
    /// How many were there already.
    pub known: usize,
}

/// Why nothing was imported.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// Lines that cannot be understood, or that contradict each other or what is stored: every one of them.
    #[error("nothing was imported, because of {} lines", .0.len())]
    BadLines(Vec<BadLine>),
    /// The ledger is not available. What was stored before that stays, and importing again completes it.
    #[error(transparent)]
    Ledger(#[from] LedgerError),
}

/// Imports a file of historic figures. Everything is checked before anything is stored: every line for itself, the
/// lines against each other, and against what the ledger holds, where neither a snapshot nor an earlier import gives
/// way to another figure for the same account, day and metric. The same file imported again changes nothing.
///
/// The columns are `account` (`platform:id` or `platform:handle`, of an account of the policy), `date` (`YYYY-MM-DD`;
/// or `YYYY-MM` or `YYYY`, which count on the last day of that month or year, and say so in reports), `metric`
/// (`followers`, `page_likes`, `posts`), `value` and `source`.
///
/// # Errors
/// Every bad line, or that the ledger is not available.
pub async fn import(ledger: &Ledger, accounts: &[Account], text: &str, today: Date) -> Result<Imported, ImportError> {
    let lines = read(text, accounts, today).map_err(ImportError::BadLines)?;
    let measurements: Vec<Measurement> = lines.iter().map(|(_, measurement)| measurement.clone()).collect();
    let compared = ledger.compare_measurements(&measurements).await?;
    if !compared.conflicts.is_empty() {
        let bad = compared.conflicts.iter().map(|conflict| {
            let line =
                lines.iter().find(|(_, measurement)| *measurement == conflict.refused).map_or(0, |(line, _)| *line);
            let found = conflict.refused.value().unwrap_or_default().to_string();
            let of = match &conflict.stored.source {
                Source::Snapshot => "the nightly snapshot",
                Source::Import(_) => "an earlier import",
            };
            let expected = format!("{}, which {of} holds", conflict.stored.value().unwrap_or_default());
            BadLine { line, field: "value", found, expected }
        });
        let mut bad: Vec<BadLine> = bad.collect();
        bad.sort_by_key(|bad| bad.line);
        return Err(ImportError::BadLines(bad));
    }
    let mut by_item: BTreeMap<_, Vec<Measurement>> = BTreeMap::new();
    for measurement in measurements {
        let item = (measurement.platform, measurement.account.clone(), measurement.day);
        by_item.entry(item).or_default().push(measurement);
    }
    for measurements in by_item.values() {
        ledger.put_measurements(measurements).await?;
    }
    Ok(Imported { new: compared.new, known: compared.known })
}

/// Reads a file: each measurement with its line, or every bad line.
fn read(text: &str, accounts: &[Account], today: Date) -> Result<Vec<(u64, Measurement)>, Vec<BadLine>> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut reader = csv::ReaderBuilder::new().trim(csv::Trim::All).from_reader(text.as_bytes());
    let columns = columns(&mut reader).map_err(|bad| vec![bad])?;
    let mut lines = Vec::new();
    let mut bad = Vec::new();
    let mut seen: BTreeMap<_, u64> = BTreeMap::new();
    for record in reader.records() {
        let record = match record {
            Ok(record) => record,
            Err(error) => {
                bad.push(unreadable(&error));
                continue;
            }
        };
        let line = record.position().map_or(0, csv::Position::line);
        match measurement(accounts, today, columns.map(|at| record.get(at).unwrap_or_default())) {
            Ok(measurement) => {
                let key = (measurement.platform, measurement.account.clone(), measurement.day, measurement.metric);
                match seen.entry(key) {
                    Entry::Vacant(place) => {
                        place.insert(line);
                        lines.push((line, measurement));
                    }
                    Entry::Occupied(first) => bad.push(BadLine {
                        line,
                        field: "date",
                        found: format!("the account, day and metric of line {}", first.get()),
                        expected: "each only once".to_owned(),
                    }),
                }
            }
            Err(faults) => bad.extend(faults.into_iter().map(|fault| BadLine { line, ..fault })),
        }
    }
    if bad.is_empty() { Ok(lines) } else { Err(bad) }
}

/// Where each of [`COLUMNS`] stands in the file.
fn columns(reader: &mut csv::Reader<&[u8]>) -> Result<[usize; 5], BadLine> {
    let headers = reader.headers().map_err(|error| unreadable(&error))?;
    let place = |name| headers.iter().position(|header| header == name);
    let [account, date, metric, value, source] = COLUMNS.map(place);
    if let (Some(account), Some(date), Some(metric), Some(value), Some(source), 5) =
        (account, date, metric, value, source, headers.len())
    {
        return Ok([account, date, metric, value, source]);
    }
    let found = if headers.is_empty() { "nothing".to_owned() } else { headers.iter().collect::<Vec<_>>().join(",") };
    Err(BadLine { line: 1, field: "CSV", found, expected: format!("the columns {}", COLUMNS.join(",")) })
}

fn unreadable(error: &csv::Error) -> BadLine {
    let (found, expected) = match error.kind() {
        csv::ErrorKind::UnequalLengths { len, .. } => (format!("{len} columns"), format!("{}", COLUMNS.len())),
        csv::ErrorKind::Utf8 { .. } => ("bytes that are no text".to_owned(), "UTF-8".to_owned()),
        _ => ("a line that is not CSV".to_owned(), "CSV".to_owned()),
    };
    BadLine { line: error.position().map_or(1, csv::Position::line), field: "CSV", found, expected }
}

/// Reads the fields of one line, in the order of [`COLUMNS`]; the faults do not know their line.
fn measurement(accounts: &[Account], today: Date, fields: [&str; 5]) -> Result<Measurement, Vec<BadLine>> {
    let [account, date, metric, value, source] = fields;
    let account = read_account(accounts, account);
    let date = read_date(date, today);
    let metric = Metric::ALL.iter().find(|known| known.as_str() == metric).copied().ok_or_else(|| {
        let known: Vec<&str> = Metric::ALL.iter().map(|metric| metric.as_str()).collect();
        fault("metric", metric, &format!("one of {}", known.join(", ")))
    });
    let value = value
        .parse()
        .ok()
        .filter(|value| *value <= MOST)
        .ok_or_else(|| fault("value", value, &format!("a whole number from 0 to {MOST}, without separators")));
    let source = if (1..=LONGEST_SOURCE).contains(&source.chars().count()) {
        Ok(source)
    } else {
        let length = format!("{} characters", source.chars().count());
        Err(fault("source", &length, &format!("the name of a source, of 1 to {LONGEST_SOURCE} characters")))
    };
    match (account, date, metric, value, source) {
        (Ok(account), Ok((day, precision)), Ok(metric), Ok(value), Ok(source)) => Ok(Measurement {
            platform: account.platform,
            account: account.id.clone(),
            day,
            precision,
            metric,
            reading: Reading::exact(value),
            source: Source::Import(source.to_owned()),
        }),
        (account, date, metric, value, source) => {
            let faults = [account.err(), date.err(), metric.err(), value.err(), source.err()];
            Err(faults.into_iter().flatten().collect())
        }
    }
}

fn read_account<'a>(accounts: &'a [Account], text: &str) -> Result<&'a Account, BadLine> {
    let (platform, name) = text.split_once(':').unwrap_or_default();
    let platform: Option<Platform> = platform.parse().ok();
    let named = |account: &&Account| {
        Some(account.platform) == platform && (account.id.as_str() == name || account.handle == name)
    };
    accounts.iter().find(named).ok_or_else(|| {
        fault("account", text, "platform:id or platform:handle of an account of the policy, like facebook:handle")
    })
}

/// A day, or the last day of a month or year, and how exact that is. A month or year that is not over yet has no last
/// day that could have been counted.
fn read_date(text: &str, today: Date) -> Result<(Date, Precision), BadLine> {
    let digits = |part: &str, length: usize| part.len() == length && part.bytes().all(|byte| byte.is_ascii_digit());
    let parts: Vec<&str> = text.split('-').collect();
    let well_formed = match &parts[..] {
        [year] => digits(year, 4),
        [year, month] => digits(year, 4) && digits(month, 2),
        [year, month, day] => digits(year, 4) && digits(month, 2) && digits(day, 2),
        _ => false,
    };
    let number = |position: usize| parts.get(position).and_then(|part| part.parse::<i16>().ok());
    let small = |position: usize| number(position).and_then(|number| i8::try_from(number).ok()).unwrap_or(1);
    let date = number(0).filter(|_| well_formed).and_then(|year| Date::new(year, small(1), small(2)).ok());
    let date = date.map(|date| match parts.len() {
        1 => (date.last_of_year(), Precision::Year),
        2 => (date.last_of_month(), Precision::Month),
        _ => (date, Precision::Day),
    });
    date.filter(|(day, _)| *day <= today)
        .ok_or_else(|| fault("date", text, "a day, month or year that is over, as YYYY-MM-DD, YYYY-MM or YYYY"))
}

fn fault(field: &'static str, found: &str, expected: &str) -> BadLine {
    let found = if found.is_empty() { "nothing".to_owned() } else { format!("{:?}", shortened(found)) };
    BadLine { line: 0, field, found, expected: expected.to_owned() }
}

fn shortened(text: &str) -> String {
    text.chars().take(60).collect()
}
