//! The arguments of every command, as the command-line contract fixes them.

mod audit;
mod office;
mod policy;
mod report;
mod run;
mod statistics;

use std::path::PathBuf;

use clap::builder::RangedU64ValueParser;
use clap::{Args, Parser, Subcommand};
use jiff::Timestamp;
use url::Url;

pub use self::policy::{CheckOptions, EvaluateOptions, PolicyCommand, RenderOptions, ValidateOptions};
pub use self::statistics::{ImportOptions, ReportFormat, StatisticsCommand, StatisticsOptions};
pub use audit::{AuditCommand, ExportOptions, SealOptions, VerifyOptions};
pub use office::{
    AssignOptions, AuthorCommand, AuthorEraseOptions, AuthorExportOptions, AuthorName, AuthorOptions,
    AuthorRulingOptions, AutomationCommand, AutomationOptions, CaseCommand, CaseOptions, ConfirmOptions, DossierFormat,
    DossierOptions, EscalateOptions, HaltOptions, ListOptions, OfficeRecords, OverturnOptions, ResumeOptions,
    RetryOptions, RulingOptions, TaskCommand, TaskDoneOptions, TaskListOptions,
};
pub use report::{ReportCommand, ReportEraseOptions, ReportOptions, ReportShowOptions};
use run::DEFAULT_PORT;
pub use run::{BenchOptions, EventOptions, SendOptions, ServeOptions};

/// Enforces a public body's published social media policy on its official channels.
#[derive(Debug, Parser)]
#[command(name = "galateo", version, about)]
pub struct Cli {
    /// What to do; without a command, `serve --demo`.
    #[command(subcommand)]
    pub command: Option<Command>,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Everything in one process: webhooks, embedded DynamoDB, worker, sandbox platforms.
    Serve(ServeOptions),
    /// Signs a platform's body and posts it to a webhook, as the platform would.
    Send(SendOptions),
    /// Prints a platform's body as the signed event of the HTTP API, for `cargo lambda invoke PLATFORM --data-file`.
    Event(EventOptions),
    /// Judges one text, or one per line of a file.
    Check(CheckOptions),
    /// Judges labelled lines and says how often the policy is right, with 95 % intervals.
    Evaluate(EvaluateOptions),
    /// Works on policy files.
    Policy {
        /// What to do with the file.
        #[command(subcommand)]
        command: PolicyCommand,
    },
    /// The cases: contributions that were not simply allowed.
    Case {
        /// What to do with them.
        #[command(subcommand)]
        command: CaseCommand,
    },
    /// The authors, as far as anything is on record about them.
    Author {
        /// What to do with them.
        #[command(subcommand)]
        command: AuthorCommand,
    },
    /// What only a person can do.
    Task {
        /// What to do with it.
        #[command(subcommand)]
        command: TaskCommand,
    },
    /// Takes what a user reports by e-mail, and writes the receipt.
    Report(ReportOptions),
    /// What the system may do alone for the time being.
    Automation {
        /// What to do about it.
        #[command(subcommand)]
        command: AutomationCommand,
    },
    /// Works on the audit log: seals it, gives it out, verifies what was given out.
    Audit {
        /// What to do with it.
        #[command(subcommand)]
        command: AuditCommand,
    },
    /// Reports how the channels grew and were moderated; without a period, last month.
    Statistics(StatisticsOptions),
    /// Measures contributions per second, time to effect and cost, as ratios to baselines of the same run.
    Bench(BenchOptions),
}

/// Which records a command works on.
#[derive(Debug, Args)]
pub struct Records {
    /// The file of the ledger, also while `serve --data FILE` runs on it; without it and `--endpoint`, the tables in
    /// AWS that the environment names.
    #[arg(long, value_name = "FILE", conflicts_with = "endpoint")]
    pub data: Option<PathBuf>,
    /// Uses the DynamoDB at this address.
    #[arg(long, value_name = "URL", value_parser = endpoint)]
    pub endpoint: Option<String>,
    /// The policy file; without it, the built-in one of Milano Monza Brianza Lodi.
    #[arg(long, value_name = "FILE")]
    pub policy: Option<PathBuf>,
    /// Starts the clock at this time, for example 2026-11-02T09:00:00Z.
    #[arg(long, value_name = "TIME")]
    pub now: Option<Timestamp>,
    /// Prints JSON only.
    #[arg(long)]
    pub json: bool,
}

impl Cli {
    /// How much is logged unless `RUST_LOG` says otherwise.
    pub fn log_level(&self) -> &'static str {
        match &self.command {
            // A server tells what it does; the demo prints a table instead.
            Some(Command::Serve(options)) if !options.demo => "info,dynoxide=error",
            // The events of the demo include malformed ones, which its table shows.
            None | Some(Command::Serve(_)) => "error,moderation=off",
            _ => "error",
        }
    }
}

impl Command {
    /// What runs without a command.
    pub fn demo() -> Self {
        Command::Serve(ServeOptions { demo: true, port: DEFAULT_PORT, ..ServeOptions::in_memory() })
    }
}

/// The address of a DynamoDB, checked before anybody waits for it.
fn endpoint(text: &str) -> Result<String, String> {
    // Credentials come from the environment, and no request has a query.
    let is_plain = |url: &Url| {
        url.username().is_empty() && url.password().is_none() && url.query().is_none() && url.fragment().is_none()
    };
    let is_web = |url: &Url| matches!(url.scheme(), "http" | "https") && url.has_host() && is_plain(url);
    let is_right = Url::parse(text).is_ok_and(|url| is_web(&url));
    is_right.then(|| text.to_owned()).ok_or_else(|| "expected an address like http://127.0.0.1:8000".to_owned())
}

/// A whole number, this or more.
fn at_least(least: u64) -> RangedU64ValueParser<usize> {
    RangedU64ValueParser::new().range(least..)
}

/// A whole number within these.
fn between(least: u64, most: u64) -> RangedU64ValueParser<usize> {
    RangedU64ValueParser::new().range(least..=most)
}
