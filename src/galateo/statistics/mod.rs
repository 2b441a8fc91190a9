//! `galateo statistics`: the report about a period, and figures from before.

mod import;

use std::path::Path;

use jiff::Timestamp;
use jiff::civil::Date;
use local::files;
use statistics::{Archive, CsvOptions, File, Language, NotAPeriod, Period, Report};

use crate::cli::{ReportFormat, StatisticsCommand, StatisticsOptions};
use crate::language::{self, either, say};
use crate::records::{Absent, Records};
use crate::terminal::failure::Failure;
use crate::terminal::replaced::may_be_replaced;
use crate::terminal::{output, progress};

/// Writes the report, or imports.
pub async fn statistics(options: StatisticsOptions) -> Result<(), Failure> {
    match &options.command {
        Some(StatisticsCommand::Import(import)) => import::import(import).await,
        None => report(&options).await,
    }
}

async fn report(options: &StatisticsOptions) -> Result<(), Failure> {
    language::speak(options.lang);
    let now = options.records.now.unwrap_or_else(Timestamp::now);
    let period = period(options, ledger::day(now))?;
    let format = if options.records.json { Some(ReportFormat::Json) } else { options.format };
    let folder = match (format, &options.out) {
        (Some(ReportFormat::Csv), None) => {
            return Err(Failure::unusable(either(
                "--format csv è da solo: serve anche --out CARTELLA, perché sono molti file",
                "found --format csv alone, expected --out FOLDER with it: it is many files",
            )));
        }
        (_, out) => out.as_deref(),
    };
    let separators = separators(options);
    separators.check().map_err(|error| Failure::unusable(say!("--separator, --decimal: {error}", "{error}")))?;
    let policy = options.records.policy.as_deref();
    if let (Some(file), None | Some(ReportFormat::Json | ReportFormat::Html)) = (folder, format) {
        may_be_replaced(file, policy)?;
    }
    let records = Records::open(&options.records, Absent::Refused).await?;
    let archive = Archive { policy: &records.policy, ledger: &records.ledger };
    let report = archive.report(period, ledger::day(now), options.baseline);
    let report = progress::during(either("lettura dei dati", "reading the records"), report).await;
    let report = report.map_err(|error| {
        let error = language::of_ledger(&error);
        Failure::unusable(say!("i dati non si possono leggere: {error}", "the records cannot be read: {error}"))
    })?;
    match format {
        None => write(folder, &sentences(&report, options.lang), output::print),
        Some(ReportFormat::Json) => write(folder, &report.to_json(), output::written_json),
        Some(ReportFormat::Html) => write(folder, &report.to_html(options.lang), output::html),
        Some(ReportFormat::Csv) => {
            let files = report.to_csv(separators).map_err(|error| Failure::unusable(error.to_string()))?;
            write_all(folder.unwrap_or(Path::new(".")), &files, policy)
        }
    }
}

/// The period that was asked for; the month before this one unless another was.
fn period(options: &StatisticsOptions, today: Date) -> Result<Period, Failure> {
    let unusable = |error: NotAPeriod| {
        Failure::unusable(match error {
            NotAPeriod::Backwards { from, to } => {
                say!("il periodo finisce il {to}, prima di iniziare il {from}", "{error}")
            }
            NotAPeriod::OutOfCalendar => say!("non c'è un tale mese o anno", "{error}"),
            NotAPeriod::TooEarly { from } => {
                say!("il periodo inizia il {from}, quando queste piattaforme non c'erano ancora", "{error}")
            }
            NotAPeriod::NotBegun { from, today } => {
                say!("il periodo inizia il {from}, e oggi è il {today}", "{error}")
            }
        })
    };
    let asked = match (&options.month, options.year, options.from.zip(options.to)) {
        (Some(text), ..) => {
            let parts = text.split_once('-').filter(|(year, month)| year.len() == 4 && month.len() == 2);
            let month = parts.and_then(|(year, month)| Some((year.parse().ok()?, month.parse().ok()?)));
            let (year, month) = month.ok_or_else(|| {
                Failure::unusable(say!(
                    "--month: {text:?} non va bene, servono anno e mese, per esempio 2026-10",
                    "--month: found {text:?}, expected year and month, for example 2026-10"
                ))
            })?;
            Period::month(year, month)
        }
        (None, Some(year), _) => Period::year(year),
        (None, None, Some((from, to))) => Period::new(from, to),
        (None, None, None) => Ok(Period::month_so_far(today.last_of_month()).previous()),
    };
    asked.and_then(|period| period.reportable(today)).map_err(unusable)
}

fn separators(options: &StatisticsOptions) -> CsvOptions {
    let usual = CsvOptions::for_language(options.lang);
    CsvOptions {
        separator: options.separator.unwrap_or(usual.separator),
        decimal: options.decimal.unwrap_or(usual.decimal),
        ..usual
    }
}

fn sentences(report: &Report, language: Language) -> String {
    let sentences = match language {
        Language::Italian => &report.summary.it,
        Language::English => &report.summary.en,
    };
    sentences.join("\n") + "\n"
}

/// Writes to a file, or where none is named to standard output.
fn write(file: Option<&Path>, text: &str, print: fn(&str) -> Result<(), Failure>) -> Result<(), Failure> {
    match file {
        None => print(text),
        Some(file) => files::write(file, text).map_err(|error| not_written(file, &error)),
    }
}

fn write_all(folder: &Path, files: &[File], policy: Option<&Path>) -> Result<(), Failure> {
    files::folder(folder).map_err(|error| not_written(folder, &error))?;
    for file in files {
        let path = folder.join(&file.name);
        may_be_replaced(&path, policy)?;
        files::write(&path, &file.text).map_err(|error| not_written(&path, &error))?;
    }
    output::print(&say!("{} file in {}\n", "{} files in {}\n", files.len(), folder.display()))
}

fn not_written(path: &Path, error: &std::io::Error) -> Failure {
    Failure::unusable(format!("{}: {}", path.display(), language::of_cause(error)))
}
