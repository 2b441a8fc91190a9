//! The reports: `statistics`.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};
use jiff::civil::Date;
use statistics::Language;

use super::Records;

/// `galateo statistics`
#[derive(Debug, Args)]
#[command(args_conflicts_with_subcommands = true)]
pub struct StatisticsOptions {
    /// What else there is to do.
    #[command(subcommand)]
    pub command: Option<StatisticsCommand>,
    /// Where the records are.
    #[command(flatten)]
    pub records: Records,
    /// Reports on this month, for example 2026-10.
    #[arg(long, value_name = "YYYY-MM", conflicts_with_all = ["year", "from"])]
    pub month: Option<String>,
    /// Reports on this year, for example 2026.
    #[arg(long, value_name = "YYYY", conflicts_with = "from")]
    pub year: Option<i16>,
    /// Reports from this day, for example 2026-10-01.
    #[arg(long, value_name = "DATE", requires = "to")]
    pub from: Option<Date>,
    /// Reports up to this day.
    #[arg(long, value_name = "DATE", requires = "from")]
    pub to: Option<Date>,
    /// Tells growth since this day as well; without it, since the first count.
    #[arg(long, value_name = "DATE")]
    pub baseline: Option<Date>,
    /// In which form; without it, five sentences. --json is the same as --format json.
    #[arg(long, value_enum, conflicts_with = "json")]
    pub format: Option<ReportFormat>,
    /// Writes to this file, or CSV to this folder; without it, to standard output.
    #[arg(long, value_name = "PATH")]
    pub out: Option<PathBuf>,
    /// The language of sentences, page and tables, and of what is said when something is wrong: it or en.
    #[arg(long, default_value = "it")]
    pub lang: Language,
    /// Between two fields of CSV; without it, as spreadsheets in this language expect: ; or ,
    #[arg(long, value_name = "CHAR")]
    pub separator: Option<char>,
    /// Before the decimals in CSV; without it, as spreadsheets in this language expect: a comma or a point.
    #[arg(long, value_name = "CHAR")]
    pub decimal: Option<char>,
}

/// What else can be done with statistics.
#[derive(Debug, Subcommand)]
pub enum StatisticsCommand {
    /// Takes over figures from before: CSV with the columns account, date, metric, value, source.
    Import(ImportOptions),
}

/// The form of a report.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum ReportFormat {
    /// As docs/statistics.schema.json describes it.
    Json,
    /// One table for each subject, in the folder of --out, with metadata.jsonld.
    Csv,
    /// One page.
    Html,
}

/// `galateo statistics import`
#[derive(Debug, Args)]
pub struct ImportOptions {
    /// The file.
    pub file: PathBuf,
    /// The language of what is said, errors included: it or en.
    #[arg(long, default_value = "it")]
    pub lang: Language,
    /// Where the records are.
    #[command(flatten)]
    pub records: Records,
}
