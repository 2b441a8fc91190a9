//! Figures from before the snapshots, out of a CSV file: all of them, or none and the reasons.

mod columns;
mod encoding;
mod fields;

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use jiff::civil::Date;
use ledger::{Ledger, LedgerError, Measurement, Precision, Source};
use policy::{Account, Reading};

use self::columns::{Columns, Form};

/// What is noted as the source of a count that was taken out of a report.
const REPORT: &str = "report of Galateo";

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
/// (`followers`, `page_likes`, `posts`), `value` and `source`; or those of the table of counts that a report has as CSV,
/// in either language. Names and words may have capitals, the names may be Italian.
///
/// The file is what a spreadsheet writes: UTF-8, UTF-16 or Windows-1252, with or without a byte order mark; fields apart
/// by semicolons, commas, tabs or bars; dates as `31/12/2025` too; rows and columns at the end that hold nothing.
///
/// # Errors
/// Every bad line, or that the ledger is not available.
pub async fn import(ledger: &Ledger, accounts: &[Account], file: &[u8], today: Date) -> Result<Imported, ImportError> {
    let lines = read(file, accounts, today).map_err(ImportError::BadLines)?;
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
fn read(file: &[u8], accounts: &[Account], today: Date) -> Result<Vec<(u64, Measurement)>, Vec<BadLine>> {
    let text = encoding::decode(file).map_err(|line| vec![not_text(line)])?;
    // The reader counts a line that ends with both signs only when it has gone on to the next.
    let text = text.replace("\r\n", "\n");
    let (separator, skipped, text) = columns::separator(&text);
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(separator as u8)
        .trim(csv::Trim::All)
        // Spreadsheets leave out empty fields at the end, or add some: the lengths are compared below.
        .flexible(true)
        .from_reader(text.as_bytes());
    let columns = reader.headers().map_err(|error| unreadable(&error)).and_then(columns::find);
    let columns = columns.map_err(|bad| vec![BadLine { line: bad.line + skipped, ..bad }])?;
    let mut lines = Vec::new();
    let mut bad = Vec::new();
    let mut seen: BTreeMap<_, u64> = BTreeMap::new();
    for record in reader.records() {
        let record = match record {
            Ok(record) => record,
            Err(error) => {
                let fault = unreadable(&error);
                bad.push(BadLine { line: fault.line + skipped, ..fault });
                continue;
            }
        };
        let line = record.position().map_or(0, csv::Position::line) + skipped;
        if record.iter().all(str::is_empty) {
            continue;
        }
        match measurement(accounts, today, separator, &columns, &record) {
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

fn not_text(line: u64) -> BadLine {
    let expected = "UTF-8, UTF-16 or Windows-1252".to_owned();
    BadLine { line, field: "CSV", found: "bytes that are no text".to_owned(), expected }
}

fn unreadable(error: &csv::Error) -> BadLine {
    let line = error.position().map_or(1, csv::Position::line);
    BadLine { line, field: "CSV", found: "a line that is not CSV".to_owned(), expected: "CSV".to_owned() }
}

/// Reads one line; the faults do not know its number.
fn measurement(
    accounts: &[Account],
    today: Date,
    separator: char,
    columns: &Columns,
    record: &csv::StringRecord,
) -> Result<Measurement, Vec<BadLine>> {
    let is_longer = record.iter().skip(columns.count).any(|field| !field.is_empty());
    if record.len() < columns.count || is_longer {
        let (found, expected) = (format!("{} columns", record.len()), columns.count.to_string());
        return Err(vec![BadLine { line: 0, field: "CSV", found, expected }]);
    }
    let field = |place: usize| record.get(place).unwrap_or_default();
    let platform = match columns.form {
        Form::Import { .. } => None,
        Form::Report { platform, .. } => Some(field(platform)),
    };
    let account = fields::account(accounts, platform, field(columns.account));
    let date = fields::date(field(columns.date), today);
    let metric = fields::metric(field(columns.metric));
    let value = fields::value(field(columns.value), separator);
    let details = match columns.form {
        Form::Import { source } => {
            fields::source(field(source), separator).map(|source| (source, None, false)).map_err(|bad| vec![bad])
        }
        Form::Report { precision, rounded, .. } => {
            match (fields::precision(field(precision)), fields::rounded(field(rounded))) {
                (Ok(precision), Ok(rounded)) => Ok((REPORT, Some(precision), rounded)),
                (precision, rounded) => Err(precision.err().into_iter().chain(rounded.err()).collect()),
            }
        }
    };
    match (account, date, metric, value, details) {
        (Ok(account), Ok((day, written)), Ok(metric), Ok(value), Ok((source, precision, rounded))) => Ok(Measurement {
            platform: account.platform,
            account: account.id.clone(),
            day,
            // A report writes the last day of a month or year, and beside it that it is no more exact than that.
            precision: precision.map_or(written, |told: Precision| told.max(written)),
            metric,
            reading: Reading::Count { value, rounded },
            source: Source::Import(source.to_owned()),
        }),
        (account, date, metric, value, details) => {
            let faults = [account.err(), date.err(), metric.err(), value.err()].into_iter().flatten();
            Err(faults.chain(details.err().into_iter().flatten()).collect())
        }
    }
}
