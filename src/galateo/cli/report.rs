//! The arguments of `report`.

use std::path::PathBuf;

use clap::{Args, Subcommand};

use super::Records;

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
    /// Writes the receipt into this folder; without it, to standard output. It is not sent.
    #[arg(long, value_name = "FOLDER")]
    pub outbox: Option<PathBuf>,
    #[command(flatten)]
    pub records: Records,
}

/// What else can be done with users' reports.
#[derive(Debug, Subcommand)]
pub enum ReportCommand {
    /// Shows a report.
    Show(ReportShowOptions),
    /// Erases everything that came from an address. The tasks stay: they say nothing of it.
    Erase(ReportEraseOptions),
}

/// `galateo report show`
#[derive(Debug, Args)]
pub struct ReportShowOptions {
    /// The id of the report, as its task and its receipt name it.
    pub id: String,
    #[command(flatten)]
    pub records: Records,
}

/// `galateo report erase`
#[derive(Debug, Args)]
pub struct ReportEraseOptions {
    /// The e-mail address.
    pub address: String,
    #[command(flatten)]
    pub records: Records,
}
