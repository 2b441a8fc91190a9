//! The arguments of `report`.

use std::path::PathBuf;

use clap::{Args, Subcommand};

use super::office::OfficeRecords;

/// `galateo report`
#[derive(Debug, Args)]
#[command(args_conflicts_with_subcommands = true, subcommand_negates_reqs = true)]
pub struct ReportOptions {
    /// What else there is to do.
    #[command(subcommand)]
    pub command: Option<ReportCommand>,
    /// The e-mail, as a mail program saves it; `-` for standard input.
    #[arg(required = true, value_name = "FILE.eml")]
    pub file: Option<PathBuf>,
    /// Writes the receipt into this folder, from where it is to be sent, and counts it as sent; without it, shows it.
    #[arg(long, value_name = "FOLDER")]
    pub outbox: Option<PathBuf>,
    /// The message comes from the address that it claims, as SES found: then it is the report that the function took, or
    /// would have taken.
    #[arg(long)]
    pub verified: bool,
    #[command(flatten)]
    pub records: OfficeRecords,
}

/// What else can be done with users' reports.
#[derive(Debug, Subcommand)]
pub enum ReportCommand {
    /// Shows a report.
    Show(ReportShowOptions),
    /// Erases a report, or everything that came from an address. The tasks stay: they say nothing of it.
    Erase(ReportEraseOptions),
}

/// `galateo report show`
#[derive(Debug, Args)]
pub struct ReportShowOptions {
    /// The id of the report, as its task and its receipt name it.
    pub id: String,
    #[command(flatten)]
    pub records: OfficeRecords,
}

/// `galateo report erase`
#[derive(Debug, Args)]
pub struct ReportEraseOptions {
    /// The id of the report, as its task and its receipt name it, or the e-mail address.
    #[arg(value_name = "ID|ADDRESS")]
    pub what: String,
    /// Who orders it: the name or the initials by which the office knows its people.
    #[arg(long, value_name = "WHO")]
    pub by: String,
    #[command(flatten)]
    pub records: OfficeRecords,
}
