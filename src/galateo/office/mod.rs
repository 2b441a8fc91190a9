//! What the communication office does from the command line: it looks at cases, authors and tasks, and decides.
//!
//! Texts and names are printed for the office on standard output, and appear nowhere else.

mod author;
mod automation;
mod case;
mod how;
mod person;
mod print;
mod report;
mod task;
pub mod words;

use std::path::PathBuf;

use ledger::Case;
use ledger::embedded::{Embedded, purge};
use moderation::{Clock, Moderation, OfficeError, Ruling};
use platforms::{Client, Endpoints, Tokens};

use crate::cli::{
    self, AuthorCommand, AutomationCommand, CaseCommand, ReportCommand, ReportOptions, RulingOptions, TaskCommand,
};
use crate::dossier::dossier;
use crate::failure::Failure;
use crate::language::{self, either, say};
use crate::records::{Absent, Records};
use print::Page;

/// What is said where nobody is there to carry out what was decided.
fn later() -> &'static str {
    either(
        "Sarà eseguito quando `galateo serve` verrà avviato su questo file.",
        "It will be carried out when `galateo serve` is started on this file.",
    )
}

/// `galateo case`
pub async fn case(command: CaseCommand) -> Result<(), Failure> {
    match command {
        CaseCommand::List(options) => case::list(&Office::open(&options.records).await?, &options).await,
        CaseCommand::Show(options) => case::show(&Office::open(&options.records).await?, &options).await,
        CaseCommand::Dossier(options) => dossier(&Office::open(&options.records).await?, &options).await,
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
        AuthorCommand::Export(options) => person::export(&Office::open(&options.records).await?, &options).await,
        AuthorCommand::Erase(options) => person::erase(&Office::open(&options.records).await?, &options).await,
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
        AutomationCommand::Retry(options) => automation::retry(&Office::open(&options.records).await?, &options).await,
    }
}

/// `galateo report`
pub async fn report(options: ReportOptions) -> Result<(), Failure> {
    match (&options.command, &options.file) {
        (Some(ReportCommand::Show(show)), _) => report::show(&Office::open(&show.records).await?, show).await,
        (Some(ReportCommand::Erase(erase)), _) => report::erase(&Office::open(&erase.records).await?, erase).await,
        (None, Some(file)) => {
            // It brings something to keep.
            let office = Office::open_or(Absent::Made, &options.records).await?;
            report::take(&office, file, &options).await
        }
        (None, None) => {
            language::speak(options.records.lang);
            Err(Failure::unusable(either("manca il file del messaggio", "the file of the message is missing")))
        }
    }
}

/// The records that a command works on.
pub struct Office {
    pub moderation: Moderation,
    /// Whether JSON is printed.
    json: bool,
    /// The engine on the data file, where no server has it open.
    engine: Option<Embedded>,
    /// The data file, whoever has it open.
    data: Option<PathBuf>,
}

impl Office {
    async fn open(options: &cli::OfficeRecords) -> Result<Self, Failure> {
        Self::open_or(Absent::Refused, options).await
    }

    async fn open_or(absent: Absent, options: &cli::OfficeRecords) -> Result<Self, Failure> {
        language::speak(options.lang);
        let options = &options.records;
        let Records { policy, ledger, engine } = Records::open(options, absent).await?;
        // The office asks nothing of a platform itself: what it decides waits in the ledger for whoever carries it out.
        let client = Client::new(Endpoints::production(), Tokens::default());
        let client = client.map_err(|e| {
            Failure::unusable(say!(
                "il client HTTP non si può avviare: {e}",
                "the HTTP client could not be set up: {e}"
            ))
        })?;
        let clock = options.now.map(Clock::starting_at).unwrap_or_default();
        Ok(Self {
            moderation: Moderation::new(policy, ledger, client, clock),
            json: options.json,
            engine,
            data: options.data.clone(),
        })
    }

    fn page(&self) -> Page<'_> {
        Page::new(self.moderation.policy(), self.moderation.clock().now())
    }

    /// Takes what was erased out of the bytes of the data file.
    async fn purge(&self) -> Result<(), Failure> {
        let Some(data) = &self.data else { return Ok(()) };
        purge(data).await.map_err(|error| {
            let (file, error) = (data.display(), language::of_ledger(&error));
            Failure::unusable(say!(
                "cancellato, ma nei byte di {file} può restarne traccia: {error}. Ripetere il comando",
                "erased, but in the bytes of {file} traces may be left: {error}. Repeat the command"
            ))
        })
    }

    /// Whether something about this case is left to be carried out, and nobody is there to do it.
    fn waits(&self, case: &Case) -> bool {
        self.engine.is_some() && (case.climb_due || case.unsettled().is_some())
    }
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
            Ambiguous, BeingReferred, Busy, Closed, Full, InForce, Irreversible, Ledger, NeedsDecision, NoCase,
            NoClause, NoName, NoPlatform, NoReason, NoTask, NotACase, NotAName, NotAReason, NotBlocked, NotTogether,
            NotesFull, NothingProposed, NothingProtected, Overtaken, SamePerson, TaskDone, UrgentFirst,
        };
        match error {
            NoCase(_)
            | NotACase { .. }
            | Ambiguous(_)
            | NoName
            | NotAName(_)
            | NoPlatform
            | NoReason
            | NotAReason(_)
            | NoTask(_)
            | Ledger(_) => Failure::unusable(how::refused(&error)),
            Closed { .. }
            | Overtaken { .. }
            | SamePerson { .. }
            | Irreversible { .. }
            | InForce { .. }
            | NotBlocked
            | NothingProposed
            | NothingProtected
            | NotTogether
            | UrgentFirst
            | NeedsDecision
            | NoClause
            | BeingReferred { .. }
            | Full { .. }
            | NotesFull
            | TaskDone { .. }
            | Busy => Failure::negative(how::refused(&error)),
        }
    }
}
