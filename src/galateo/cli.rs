//! The arguments of every command, as the command-line contract fixes them.

mod office;
mod report;
mod statistics;

use std::path::PathBuf;

use ::statistics::Language;
use clap::builder::RangedU64ValueParser;
use clap::{Args, Parser, Subcommand};
use jiff::Timestamp;
use jiff::civil::Date;
use policy::{Kind, Outcome, Platform};
use url::Url;

pub use self::statistics::{ImportOptions, ReportFormat, StatisticsCommand, StatisticsOptions};
pub use office::{
    AssignOptions, AuthorCommand, AuthorEraseOptions, AuthorExportOptions, AuthorName, AuthorOptions,
    AuthorRulingOptions, AutomationCommand, AutomationOptions, CaseCommand, CaseOptions, ConfirmOptions, DossierFormat,
    DossierOptions, EscalateOptions, HaltOptions, ListOptions, OfficeRecords, OverturnOptions, ResumeOptions,
    RetryOptions, RulingOptions, TaskCommand, TaskDoneOptions, TaskListOptions,
};
pub use report::{ReportCommand, ReportEraseOptions, ReportOptions, ReportShowOptions};

/// The port of `serve` unless another is given.
const DEFAULT_PORT: u16 = 8787;

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

/// What can be done with a policy file.
#[derive(Debug, Subcommand)]
pub enum PolicyCommand {
    /// Reports everything that is wrong with a policy file, or what it contains.
    Validate(ValidateOptions),
    /// Writes the policy as a page to publish: one HTML file, in Italian.
    Render(RenderOptions),
}

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

/// `galateo serve`
#[derive(Clone, Debug, Args)]
pub struct ServeOptions {
    /// Sends the events of the `events` folder to itself over HTTP and prints what became of each.
    #[arg(long)]
    pub demo: bool,
    /// Stops when everything that was sent is judged and carried out.
    #[arg(long)]
    pub once: bool,
    /// The port on 127.0.0.1; 0 for any free one.
    #[arg(long, default_value_t = DEFAULT_PORT)]
    pub port: u16,
    /// Keeps the ledger in this file; without it, it is in memory and gone at the end.
    #[arg(long, value_name = "FILE", conflicts_with = "endpoint")]
    pub data: Option<PathBuf>,
    /// Uses the DynamoDB at this address instead of the embedded one.
    #[arg(long, value_name = "URL")]
    pub endpoint: Option<String>,
    /// The policy file; without it, the built-in one of Milano Monza Brianza Lodi.
    #[arg(long, value_name = "FILE")]
    pub policy: Option<PathBuf>,
    /// Starts the clock at this time, for example 2026-11-02T09:00:00Z.
    #[arg(long, value_name = "TIME")]
    pub now: Option<Timestamp>,
    /// The address under which the public reaches this server, such as `https://galateo.example.it`; without it, that of
    /// --port on this machine. Whoever has their data deleted is led there.
    #[arg(long, value_name = "URL", value_parser = public_address)]
    pub address: Option<Url>,
    /// Writes the reports of each night into this folder, about the month so far and the one before; and the seals of
    /// the audit log.
    #[arg(long, value_name = "FOLDER")]
    pub reports: Option<PathBuf>,
    /// Plays what functions run with `cargo lambda watch` need beside them, and writes their environment into this file;
    /// their tables are on the next port.
    #[arg(long, value_name = "ENVFILE", conflicts_with_all = ["demo", "once", "now", "endpoint"])]
    pub functions: Option<PathBuf>,
    /// Leaves to the functions what is pending, is to be read, and is done at night.
    #[arg(long, requires = "functions")]
    pub no_worker: bool,
    /// The language of the demo, and of what is said beside it: it or en.
    #[arg(long, requires = "demo", default_value = "it")]
    pub lang: Language,
    /// Where the sandbox platforms send their webhooks; without it, to this server, or with --functions to
    /// http://127.0.0.1:9000.
    #[arg(long, value_name = "URL")]
    pub webhooks: Option<Url>,
    /// Prints JSON only.
    #[arg(long)]
    pub json: bool,
}

/// `galateo send`
#[derive(Debug, Args)]
pub struct SendOptions {
    /// Whose body it is: facebook, instagram, linkedin, youtube or x.
    pub platform: Platform,
    /// The body as the platform sends it, for example events/facebook/comment-add-email.json; `-` for standard input.
    pub file: PathBuf,
    /// Where to: http://HOST:PORT, at which the platform's path is added, or a full address.
    #[arg(long, value_name = "URL", default_value = crate::functions::WATCH)]
    pub to: String,
    /// Prints JSON only.
    #[arg(long)]
    pub json: bool,
}

/// `galateo event`
#[derive(Debug, Args)]
pub struct EventOptions {
    /// Whose body it is: facebook, instagram, linkedin, youtube or x.
    pub platform: Platform,
    /// The body as the platform sends it; `-` for standard input.
    pub file: PathBuf,
}

/// `galateo check`
#[derive(Debug, Args)]
pub struct CheckOptions {
    /// The text to judge; `-` or nothing reads it from standard input.
    #[arg(conflicts_with = "jsonl")]
    pub text: Option<String>,
    /// The policy file; without it, the built-in one of Milano Monza Brianza Lodi.
    #[arg(long, value_name = "FILE")]
    pub policy: Option<PathBuf>,
    /// Where the text stands: facebook, instagram, linkedin, youtube or x.
    #[arg(long)]
    pub platform: Option<Platform>,
    /// What it is: comment, post, mention or message.
    #[arg(long, default_value = "comment")]
    pub kind: Kind,
    /// Judges one text per line: {"id", "text"} and optionally "platform", "kind"; `-` for standard input.
    #[arg(long, value_name = "FILE")]
    pub jsonl: Option<PathBuf>,
    /// Prints JSON only.
    #[arg(long)]
    pub json: bool,
}

/// `galateo evaluate`
#[derive(Debug, Args)]
pub struct EvaluateOptions {
    /// One labelled text per line: {"id", "text", "expected", "categories"} and optionally "platform", "kind"; where
    /// "post" is "DM", it is a private message; `-` for standard input. Other labels are understood too: several right
    /// verdicts in "expected", "expect" (clean, vulgar), "hateful" or "pejorative" (0, 1), "entity" with "valid".
    pub labelled: PathBuf,
    /// The right verdict for lines without a label: allow, redirect, review or hide.
    #[arg(long, value_name = "VERDICT")]
    pub expected: Option<Outcome>,
    /// Counts the lines by what they say in this field, too, for example "group" or "trick".
    #[arg(long, value_name = "FIELD")]
    pub by: Option<String>,
    /// The policy file; without it, the built-in one of Milano Monza Brianza Lodi.
    #[arg(long, value_name = "FILE")]
    pub policy: Option<PathBuf>,
    /// Ends with exit code 1 if a line that is to be allowed is hidden.
    #[arg(long)]
    pub gate: bool,
    /// Prints JSON only.
    #[arg(long)]
    pub json: bool,
}

/// `galateo policy validate`
#[derive(Debug, Args)]
pub struct ValidateOptions {
    /// The policy file.
    pub file: PathBuf,
    /// Prints JSON only.
    #[arg(long)]
    pub json: bool,
}

/// `galateo policy render`
#[derive(Debug, Args)]
pub struct RenderOptions {
    /// The policy file.
    pub file: PathBuf,
    /// Writes the page to this file; without it, to standard output.
    #[arg(long, value_name = "FILE")]
    pub output: Option<PathBuf>,
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

/// Which records a command works on.
#[derive(Debug, Args)]
pub struct Records {
    /// The file of the ledger, also while `serve --data FILE` runs on it; without it and `--endpoint`, the tables in
    /// AWS that the environment names.
    #[arg(long, value_name = "FILE", conflicts_with = "endpoint")]
    pub data: Option<PathBuf>,
    /// Uses the DynamoDB at this address.
    #[arg(long, value_name = "URL")]
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

/// `galateo bench`
#[derive(Debug, Args)]
pub struct BenchOptions {
    /// How many contributions each measurement takes, 64 or more.
    #[arg(long, value_name = "N", default_value_t = 2000, conflicts_with = "rate", value_parser = at_least(64))]
    pub contributions: usize,
    /// Instead of the other measurements, sends this many contributions a second, 5 % of them violations, and compares
    /// the ledger with what the sandbox was asked.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=10_000))]
    pub rate: Option<u32>,
    /// For how long they are sent.
    #[arg(long, value_name = "N", default_value_t = 60, requires = "rate",
        value_parser = clap::value_parser!(u32).range(1..=86_400))]
    pub seconds: u32,
    /// The data is kept in this new file, and not in memory: what memory grows by then is not the data.
    #[arg(long, value_name = "FILE", requires = "rate")]
    pub data: Option<PathBuf>,
    /// Prints JSON only.
    #[arg(long)]
    pub json: bool,
}

/// A whole number, this or more.
fn at_least(least: u64) -> RangedU64ValueParser<usize> {
    RangedU64ValueParser::new().range(least..)
}

fn public_address(text: &str) -> Result<Url, String> {
    moderation::public_address(text).map_err(|error| error.to_string())
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

impl ServeOptions {
    /// The built-in policy, a ledger in memory, any free port.
    pub fn in_memory() -> Self {
        Self {
            demo: false,
            once: false,
            port: 0,
            data: None,
            endpoint: None,
            policy: None,
            now: None,
            address: None,
            reports: None,
            functions: None,
            no_worker: false,
            webhooks: None,
            lang: Language::Italian,
            json: false,
        }
    }
}

impl Command {
    /// What runs without a command.
    pub fn demo() -> Self {
        Command::Serve(ServeOptions { demo: true, port: DEFAULT_PORT, ..ServeOptions::in_memory() })
    }
}
