//! The audit log: `audit`.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use jiff::civil::Date;

use super::Records;

/// What can be done with the audit log.
#[derive(Debug, Subcommand)]
pub enum AuditCommand {
    /// Verifies an export, offline: finds what was changed, removed, added, repeated or moved, and names it.
    Verify(VerifyOptions),
    /// Writes the entries and seals of a period as JSON lines, after making the seals that are due. Is recorded itself.
    Export(ExportOptions),
    /// Seals every day that is over and not sealed. With --json, prints each new seal as it is to be published.
    Seal(SealOptions),
}

/// `galateo audit verify`
#[derive(Debug, Args)]
pub struct VerifyOptions {
    /// The export; `-` for standard input.
    pub export: PathBuf,
    /// Whose audit log it should be, by the id of its policy.
    #[arg(long, value_name = "ID")]
    pub organisation: Option<String>,
    /// A seal that was published elsewhere: a file with it, or its hash. May be given several times.
    #[arg(long = "seal", value_name = "FILE|HASH")]
    pub seals: Vec<String>,
    /// Prints JSON only.
    #[arg(long)]
    pub json: bool,
}

/// `galateo audit export`. With `--json` and `--out`, what is said about the file is JSON, too.
#[derive(Debug, Args)]
pub struct ExportOptions {
    /// The first day of the period; without it, that of the first seal. If nothing was sealed yet, the seals begin here.
    #[arg(long, value_name = "DAY")]
    pub from: Option<Date>,
    /// The last day of the period; without it, today.
    #[arg(long, value_name = "DAY")]
    pub to: Option<Date>,
    /// Writes to this file; without it, to standard output.
    #[arg(long, value_name = "FILE")]
    pub out: Option<PathBuf>,
    /// Who asked for it, as the audit log will record.
    #[arg(long, value_name = "WHO", default_value = "command line")]
    pub by: String,
    #[command(flatten)]
    pub records: Records,
}

/// `galateo audit seal`. With `--json`, each new seal is printed as it is to be published, one a line.
#[derive(Debug, Args)]
pub struct SealOptions {
    /// With which day the seals begin, if there is none yet; without it, the day of the first policy.
    #[arg(long, value_name = "DAY")]
    pub from: Option<Date>,
    #[command(flatten)]
    pub records: Records,
}
