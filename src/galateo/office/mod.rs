//! What the communication office does from the command line: it looks at cases, authors and tasks, and decides.
//!
//! Texts and names are printed for the office on standard output, and appear nowhere else.

mod author;
mod automation;
mod case;
mod print;
mod task;

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use aws_config::BehaviorVersion;
use ledger::embedded::{Embedded, Joined};
use ledger::{Case, Ledger, LedgerError, Tables, client_for};
use moderation::{Clock, Moderation, OfficeError, Ruling, Settings};
use platforms::{Client, Endpoints, Tokens};
use policy::Policy;
use secrecy::SecretString;

use crate::cli::{AuthorCommand, AutomationCommand, CaseCommand, Records, RulingOptions, TaskCommand};
use crate::failure::Failure;
use crate::policies;
use print::Page;

/// How long a command waits for another that has the data file open just now. Commands take a second or two.
const PATIENCE: Duration = Duration::from_secs(15);

/// What is said where nobody is there to carry out what was decided.
const LATER: &str = "Sarà eseguito quando `galateo serve` verrà avviato su questo file.";

/// `galateo case`
pub async fn case(command: CaseCommand) -> Result<(), Failure> {
    match command {
        CaseCommand::List(options) => case::list(&Office::open(&options.records).await?, &options).await,
        CaseCommand::Show(options) => case::show(&Office::open(&options.records).await?, &options).await,
        CaseCommand::Confirm(options) => case::confirm(&Office::open(&options.records).await?, &options).await,
        CaseCommand::Overturn(options) => case::overturn(&Office::open(&options.records).await?, &options).await,
        CaseCommand::Escalate(options) => case::escalate(&Office::open(&options.records).await?, &options).await,
        CaseCommand::Assign(options) => case::assign(&Office::open(&options.records).await?, &options).await,
    }
}

/// `galateo author`
pub async fn author(command: AuthorCommand) -> Result<(), Failure> {
    match command {
        AuthorCommand::Show(options) => author::show(&Office::open(&options.records).await?, &options).await,
        AuthorCommand::Unban(options) => author::unban(&Office::open(&options.records).await?, &options).await,
        AuthorCommand::Note(options) => author::note(&Office::open(&options.records).await?, &options).await,
    }
}

/// `galateo task`
pub async fn task(command: TaskCommand) -> Result<(), Failure> {
    match command {
        TaskCommand::List(options) => task::list(&Office::open(&options.records).await?, &options).await,
        TaskCommand::Done(options) => task::done(&Office::open(&options.records).await?, &options).await,
    }
}

/// `galateo automation`
pub async fn automation(command: AutomationCommand) -> Result<(), Failure> {
    match command {
        AutomationCommand::Show(options) => automation::show(&Office::open(&options.records).await?, &options).await,
        AutomationCommand::Halt(options) => automation::halt(&Office::open(&options.records).await?, &options).await,
        AutomationCommand::Resume(options) => {
            automation::resume(&Office::open(&options.records).await?, &options).await
        }
    }
}

/// The records that a command works on.
struct Office {
    moderation: Moderation,
    /// Whether JSON is printed.
    json: bool,
    /// The engine on the data file, where no server has it open.
    engine: Option<Embedded>,
}

impl Office {
    async fn open(records: &Records) -> Result<Self, Failure> {
        let policy = Arc::new(policies::load(records.policy.as_deref())?);
        let (ledger, engine) = match (&records.data, &records.endpoint) {
            (Some(file), _) => in_file(file, &policy).await?,
            (None, Some(url)) => (ledger(client_for(url), Tables::default(), &policy, &local(&policy)?), None),
            (None, None) => (in_aws(&policy).await?, None),
        };
        // The office asks nothing of a platform itself: what it decides waits in the ledger for whoever carries it out.
        let client = Client::new(Endpoints::production(), Tokens::default());
        let client = client.map_err(|e| Failure::unusable(format!("the HTTP client could not be set up: {e}")))?;
        let clock = records.now.map(Clock::starting_at).unwrap_or_default();
        Ok(Self { moderation: Moderation::new(policy, ledger, client, clock), json: records.json, engine })
    }

    fn page(&self) -> Page<'_> {
        Page::new(self.moderation.policy(), self.moderation.clock().now())
    }

    /// Whether something about this case is left to be carried out, and nobody is there to do it.
    fn waits(&self, case: &Case) -> bool {
        self.engine.is_some() && (case.climb_due || case.unsettled().is_some())
    }
}

fn ledger(client: aws_sdk_dynamodb::Client, tables: Tables, policy: &Policy, settings: &Settings) -> Ledger {
    Ledger::new(client, tables, &policy.reference.id, settings.pseudonym_key().clone())
}

/// The ledger in a file: that of the server which has it open, or an engine of our own.
async fn in_file(file: &Path, policy: &Policy) -> Result<(Ledger, Option<Embedded>), Failure> {
    let unusable = |reason: &dyn std::fmt::Display| {
        Failure::unusable(format!("the ledger in {} cannot be opened: {reason}", file.display()))
    };
    // An engine would make a new file, and say of everything that it is not there.
    if !file.is_file() {
        return Err(unusable(&"no such file"));
    }
    let settings = local(policy)?;
    let (client, engine) = match Embedded::join(file, PATIENCE).await.map_err(|error| unusable(&error))? {
        Joined::Running(endpoint) => (client_for(&endpoint), None),
        Joined::Started(engine) => (engine.client(), Some(engine)),
    };
    Ok((ledger(client, Tables::default(), policy, &settings), engine))
}

/// The tables of a deployed stack, with the credentials of the environment. There is no default for the pseudonym key:
/// with a wrong one, authors would not be found.
async fn in_aws(policy: &Policy) -> Result<Ledger, Failure> {
    let name = |variable: &str| {
        std::env::var(variable).ok().filter(|value| !value.trim().is_empty()).ok_or_else(|| {
            Failure::unusable(format!(
                "no ledger is named: give --data FILE or --endpoint URL, or for the tables in AWS set \
                 GALATEO_CASEBOOK_TABLE, GALATEO_AUDIT_TABLE and {} ({variable} is not set)",
                Settings::variable("pseudonym-key")
            ))
        })
    };
    let tables = Tables { casebook: name("GALATEO_CASEBOOK_TABLE")?, audit: name("GALATEO_AUDIT_TABLE")? };
    let settings = Settings::deployed(&policy.accounts, &from_environment);
    let settings = settings.map_err(|error| Failure::unusable(error.to_string()))?;
    let aws = aws_config::defaults(BehaviorVersion::latest()).load().await;
    Ok(ledger(aws_sdk_dynamodb::Client::new(&aws), tables, policy, &settings))
}

fn local(policy: &Policy) -> Result<Settings, Failure> {
    Settings::local(&policy.accounts, &from_environment).map_err(|error| Failure::unusable(error.to_string()))
}

fn from_environment(path: &str) -> Option<SecretString> {
    std::env::var(Settings::variable(path)).ok().map(SecretString::from)
}

impl<'a> From<&'a RulingOptions> for Ruling<'a> {
    fn from(options: &'a RulingOptions) -> Self {
        Self { by: &options.by, reason: &options.reason }
    }
}

/// Whether the answer is no, or the question cannot be used.
impl From<OfficeError> for Failure {
    fn from(error: OfficeError) -> Self {
        use OfficeError::{
            Ambiguous, Busy, Closed, Irreversible, Ledger, NeedsDecision, NoCase, NoClause, NoName, NoReason, NoTask,
            NotACase, NotBlocked, NotTogether, NothingProposed, Overtaken, SamePerson, TaskDone,
        };
        match error {
            NoCase(_) | NotACase { .. } | Ambiguous(_) | NoName | NoReason | NoTask(_) | Ledger(_) => {
                Failure::unusable(error.to_string())
            }
            Closed { .. }
            | Overtaken { .. }
            | SamePerson { .. }
            | Irreversible { .. }
            | NotBlocked
            | NothingProposed
            | NotTogether
            | NeedsDecision
            | NoClause
            | TaskDone { .. }
            | Busy => Failure::negative(error.to_string()),
        }
    }
}

impl From<LedgerError> for Failure {
    fn from(error: LedgerError) -> Self {
        Failure::unusable(error.to_string())
    }
}
