//! The arguments of the office's commands: `case`, `author`, `task` and `automation`.

use std::path::PathBuf;

use clap::{ArgGroup, Args, Subcommand, ValueEnum};
use policy::{Platform, Referral};
use statistics::Language;

use super::{Records, at_least};

/// Who decides, and why: both are recorded.
#[derive(Debug, Args)]
pub struct RulingOptions {
    /// Who decides: the name or the initials by which the office knows its people.
    #[arg(long, value_name = "WHO")]
    pub by: String,
    /// Why, in Italian.
    #[arg(long, value_name = "TEXT")]
    pub reason: String,
}

/// Which records a command of the office works on, and in which language it speaks.
#[derive(Debug, Args)]
pub struct OfficeRecords {
    /// Where the records are.
    #[command(flatten)]
    pub records: Records,
    /// The language of what is printed, errors included: it or en. What is on record stays as it was written.
    #[arg(long, default_value = "it")]
    pub lang: Language,
}

/// `galateo case`
#[derive(Debug, Subcommand)]
pub enum CaseCommand {
    /// Lists the open cases, the urgent ones first, then by deadline.
    List(ListOptions),
    /// Shows everything about a case.
    Show(CaseOptions),
    /// Writes everything about a case, with proof, as a document to give out. Is recorded.
    Dossier(DossierOptions),
    /// Confirms a case, or the cases of a group.
    Confirm(ConfirmOptions),
    /// Takes back what was done about a case.
    Overturn(OverturnOptions),
    /// Brings a case before the platform or the authorities.
    Escalate(EscalateOptions),
    /// Gives a case to somebody.
    Assign(AssignOptions),
}

/// `galateo case list`
#[derive(Debug, Args)]
pub struct ListOptions {
    /// The cases of this group, which a halt of automation has left to a person; without it, those of no group.
    #[arg(long)]
    pub group: Option<String>,
    /// At most this many.
    #[arg(long, default_value_t = 50, value_parser = at_least(1))]
    pub limit: usize,
    /// Only those for which this office is responsible.
    #[arg(long, value_name = "NAME")]
    pub office: Option<String>,
    /// Only those of which this person takes care.
    #[arg(long, value_name = "NAME")]
    pub assignee: Option<String>,
    #[command(flatten)]
    pub records: OfficeRecords,
}

/// `galateo case show`
#[derive(Debug, Args)]
pub struct CaseOptions {
    /// The id of the case, or the reference that its author was given.
    pub id: String,
    #[command(flatten)]
    pub records: OfficeRecords,
}

/// `galateo case dossier`
#[derive(Debug, Args)]
pub struct DossierOptions {
    /// The id of the case, or the reference that its author was given.
    pub id: String,
    /// In which form; without it, a page. --json is the same as --format json.
    #[arg(long, value_enum, conflicts_with = "json")]
    pub format: Option<DossierFormat>,
    /// Writes the dossier to this file; without it, to standard output.
    #[arg(long, value_name = "FILE")]
    pub output: Option<PathBuf>,
    /// Who asked for it, as the audit log will record.
    #[arg(long, value_name = "WHO")]
    pub by: String,
    #[command(flatten)]
    pub records: OfficeRecords,
}

/// The form of a dossier.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum DossierFormat {
    /// One page, in Italian, to read and to print.
    Html,
    /// As docs/dossier.md describes it.
    Json,
}

/// `galateo case confirm`
#[derive(Debug, Args)]
#[command(group(ArgGroup::new("which").required(true).args(["id", "group"])))]
pub struct ConfirmOptions {
    /// The id of the case, or the reference that its author was given.
    pub id: Option<String>,
    /// Confirms the cases of this group, at most 100 at once.
    #[arg(long)]
    pub group: Option<String>,
    /// Finds that the author exposed the personal data of another person: what was hidden to protect then counts.
    #[arg(long, conflicts_with = "group")]
    pub exposed_another: bool,
    #[command(flatten)]
    pub ruling: RulingOptions,
    #[command(flatten)]
    pub records: OfficeRecords,
}

/// `galateo case overturn`
#[derive(Debug, Args)]
pub struct OverturnOptions {
    /// The id of the case, or the reference that its author was given.
    pub id: String,
    /// Also where something cannot be taken back on the platform.
    #[arg(long)]
    pub anyway: bool,
    /// Declines only the sanction that waits for confirmation; the finding stands.
    #[arg(long)]
    pub only_sanction: bool,
    #[command(flatten)]
    pub ruling: RulingOptions,
    #[command(flatten)]
    pub records: OfficeRecords,
}

/// `galateo case escalate`
#[derive(Debug, Args)]
pub struct EscalateOptions {
    /// The id of the case, or the reference that its author was given.
    pub id: String,
    /// Before whom.
    #[arg(long)]
    pub to: Instance,
    #[command(flatten)]
    pub ruling: RulingOptions,
    #[command(flatten)]
    pub records: OfficeRecords,
}

/// Before whom a case is brought.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum Instance {
    /// Those who run the platform.
    Platform,
    /// The authorities.
    Authorities,
}

impl From<Instance> for Referral {
    fn from(instance: Instance) -> Self {
        match instance {
            Instance::Platform => Referral::Platform,
            Instance::Authorities => Referral::Authorities,
        }
    }
}

/// `galateo case assign`
#[derive(Debug, Args)]
pub struct AssignOptions {
    /// The id of the case, or the reference that its author was given.
    pub id: String,
    /// To whom.
    #[arg(long, value_name = "WHO")]
    pub to: String,
    #[command(flatten)]
    pub ruling: RulingOptions,
    #[command(flatten)]
    pub records: OfficeRecords,
}

/// `galateo author`
#[derive(Debug, Subcommand)]
pub enum AuthorCommand {
    /// Shows what is on record about an author.
    Show(AuthorOptions),
    /// Lifts the block or ban in force.
    Unban(AuthorRulingOptions),
    /// Notes the reason about an author, for colleagues.
    Note(AuthorRulingOptions),
    /// Gives out everything on record about a person, as JSON. That it was given out is recorded.
    Export(AuthorExportOptions),
    /// Erases everything about a person but the audit log, for good.
    Erase(AuthorEraseOptions),
}

/// `galateo author export`
#[derive(Debug, Args)]
pub struct AuthorExportOptions {
    #[command(flatten)]
    pub author: AuthorName,
    /// Who gives it out: the name or the initials by which the office knows its people.
    #[arg(long, value_name = "WHO")]
    pub by: String,
    #[command(flatten)]
    pub records: OfficeRecords,
}

/// `galateo author erase`
#[derive(Debug, Args)]
pub struct AuthorEraseOptions {
    #[command(flatten)]
    pub author: AuthorName,
    /// Also while a case is still to be decided or a sanction is in force. Nothing is lifted on the platform by it.
    #[arg(long)]
    pub anyway: bool,
    #[command(flatten)]
    pub ruling: RulingOptions,
    #[command(flatten)]
    pub records: OfficeRecords,
}

/// `galateo author show`
#[derive(Debug, Args)]
pub struct AuthorOptions {
    #[command(flatten)]
    pub author: AuthorName,
    #[command(flatten)]
    pub records: OfficeRecords,
}

/// `galateo author unban`, `galateo author note`
#[derive(Debug, Args)]
pub struct AuthorRulingOptions {
    #[command(flatten)]
    pub author: AuthorName,
    #[command(flatten)]
    pub ruling: RulingOptions,
    #[command(flatten)]
    pub records: OfficeRecords,
}

/// Whom a command is about.
#[derive(Debug, Args)]
pub struct AuthorName {
    /// The platform and the person's id there, or the 32 hex digits by which the records know the author.
    #[arg(required = true, num_args = 1..=2, value_names = ["PLATFORM ID | PSEUDONYM", ""])]
    pub name: Vec<String>,
}

/// `galateo task`
#[derive(Debug, Subcommand)]
pub enum TaskCommand {
    /// Lists what only a person can do, the oldest first.
    List(TaskListOptions),
    /// Records that a task is done, or cannot be.
    Done(TaskDoneOptions),
}

/// `galateo task list`
#[derive(Debug, Args)]
pub struct TaskListOptions {
    /// At most this many.
    #[arg(long, default_value_t = 50, value_parser = at_least(1))]
    pub limit: usize,
    #[command(flatten)]
    pub records: OfficeRecords,
}

/// `galateo task done`
#[derive(Debug, Args)]
pub struct TaskDoneOptions {
    /// The id of the task.
    pub id: String,
    /// What the task asks for turned out not to be possible, or not to be right.
    #[arg(long)]
    pub could_not: bool,
    #[command(flatten)]
    pub ruling: RulingOptions,
    #[command(flatten)]
    pub records: OfficeRecords,
}

/// `galateo automation`
#[derive(Debug, Subcommand)]
pub enum AutomationCommand {
    /// Shows what is halted, and which limits of platforms are reached.
    Show(AutomationOptions),
    /// Halts what the system does alone: of one account, or altogether. The reason stands in the audit log for good: it
    /// speaks of the system and of no person.
    Halt(HaltOptions),
    /// Lets it go on. The reason stands in the audit log for good, too.
    Resume(ResumeOptions),
    /// Asks a platform again at once, because a limit that it named is over: credit was bought, or the platform has lifted it.
    Retry(RetryOptions),
}

/// `galateo automation retry`
#[derive(Debug, Args)]
pub struct RetryOptions {
    /// The platform.
    pub platform: Platform,
    #[command(flatten)]
    pub records: OfficeRecords,
}

/// `galateo automation show`
#[derive(Debug, Args)]
pub struct AutomationOptions {
    #[command(flatten)]
    pub records: OfficeRecords,
}

/// `galateo automation halt`
#[derive(Debug, Args)]
pub struct HaltOptions {
    /// The platform of the account; without it, everything.
    #[arg(long, requires = "account")]
    pub platform: Option<Platform>,
    /// The platform's id of the account.
    #[arg(long, value_name = "ID", requires = "platform")]
    pub account: Option<String>,
    /// Because of a raid: what would be hidden is grouped for a person, and what was decided before is carried out.
    /// Without it, that waits too.
    #[arg(long)]
    pub raid: bool,
    #[command(flatten)]
    pub ruling: RulingOptions,
    #[command(flatten)]
    pub records: OfficeRecords,
}

/// `galateo automation resume`
#[derive(Debug, Args)]
pub struct ResumeOptions {
    /// The platform of the account; without it, what is halted altogether.
    #[arg(long, requires = "account")]
    pub platform: Option<Platform>,
    /// The platform's id of the account.
    #[arg(long, value_name = "ID", requires = "platform")]
    pub account: Option<String>,
    /// The rule that was halted on this account.
    #[arg(long, value_name = "ID", requires = "account")]
    pub rule: Option<String>,
    #[command(flatten)]
    pub ruling: RulingOptions,
    #[command(flatten)]
    pub records: OfficeRecords,
}
