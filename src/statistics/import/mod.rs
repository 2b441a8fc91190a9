//! Figures from before the snapshots, out of a CSV file: all of them, or none and the reasons.

mod bad_line;
mod columns;
mod encoding;
mod fields;

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use jiff::civil::Date;
use ledger::{Ledger, LedgerError, Measurement, Precision, Source};
use policy::{Account, Reading};

use self::columns::{Columns, Form};

pub use self::bad_line::{BadLine, Expected, Found};

/// How many faults are named. A file that is no table at all has one in each line.
const NAMED: usize = 1000;

/// What is noted as the source of a count that was taken out of a report.
const REPORT: &str = "report of Galateo";

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
    /// Lines that cannot be understood, or that contradict each other or what is stored.
    #[error("nothing was imported, because of {} faults", .named.len() + .more)]
    BadLines {
        /// What is wrong, in the order of the lines: the first thousand faults.
        named: Vec<BadLine>,
        /// How many more there are.
        more: usize,
    },
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
/// What is wrong with the lines, or that the ledger is not available.
pub async fn import(ledger: &Ledger, accounts: &[Account], file: &[u8], today: Date) -> Result<Imported, ImportError> {
    let lines = read(file, accounts, today)?;
    let measurements: Vec<Measurement> = lines.iter().map(|(_, measurement)| measurement.clone()).collect();
    let compared = ledger.compare_measurements(&measurements).await?;
    if !compared.conflicts.is_empty() {
        let bad = compared.conflicts.iter().map(|conflict| {
            let line =
                lines.iter().find(|(_, measurement)| *measurement == conflict.refused).map_or(0, |(line, _)| *line);
            let found = Found::Count(conflict.refused.value().unwrap_or_default());
            let snapshot = conflict.stored.source == Source::Snapshot;
            let count = conflict.stored.value().unwrap_or_default();
            BadLine { line, field: "value", found, expected: Expected::Stored { count, snapshot } }
        });
        let mut named: Vec<BadLine> = bad.collect();
        named.sort_by_key(|bad| bad.line);
        let more = named.len().saturating_sub(NAMED);
        named.truncate(NAMED);
        return Err(ImportError::BadLines { named, more });
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

/// Reads a file: each measurement with its line, or what is wrong with the others.
fn read(file: &[u8], accounts: &[Account], today: Date) -> Result<Vec<(u64, Measurement)>, ImportError> {
    let only = |bad| ImportError::BadLines { named: vec![bad], more: 0 };
    let text = encoding::decode(file).map_err(|line| only(not_text(line)))?;
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
    let columns = columns.map_err(|bad| only(BadLine { line: bad.line + skipped, ..bad }))?;
    let mut lines = Vec::new();
    let mut bad = Faults::default();
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
                        found: Found::LineAgain(*first.get()),
                        expected: Expected::Once,
                    }),
                }
            }
            Err(faults) => faults.into_iter().for_each(|fault| bad.push(BadLine { line, ..fault })),
        }
    }
    if bad.named.is_empty() { Ok(lines) } else { Err(ImportError::BadLines { named: bad.named, more: bad.more }) }
}

/// What is wrong with a file, as far as it is named.
#[derive(Default)]
struct Faults {
    named: Vec<BadLine>,
    more: usize,
}

impl Faults {
    fn push(&mut self, bad: BadLine) {
        if self.named.len() < NAMED {
            self.named.push(bad);
        } else {
            self.more += 1;
        }
    }
}

fn not_text(line: u64) -> BadLine {
    BadLine { line, field: "CSV", found: Found::NoText, expected: Expected::Encoding }
}

fn unreadable(error: &csv::Error) -> BadLine {
    let line = error.position().map_or(1, csv::Position::line);
    BadLine { line, field: "CSV", found: Found::NoCsv, expected: Expected::Csv }
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
        let (found, expected) = (Found::Columns(record.len()), Expected::Columns(columns.count));
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
