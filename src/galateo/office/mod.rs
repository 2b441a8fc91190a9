//! What the communication office does from the command line: it looks at cases, authors and tasks, and decides.
//!
//! Texts and names are printed for the office on standard output, and appear nowhere else.

mod author;
mod automation;
mod case;
mod dossier;
mod how;
mod person;
mod print;
mod report;
mod ruled;
mod session;
mod standing;
mod task;
pub mod words;

use crate::cli::{AuthorCommand, AutomationCommand, CaseCommand, ReportCommand, ReportOptions, TaskCommand};
use crate::language::{self, either};
use crate::records::Absent;
use crate::terminal::failure::Failure;
use session::Session;

/// `galateo case`
pub async fn case(command: CaseCommand) -> Result<(), Failure> {
    match command {
        CaseCommand::List(options) => case::list(&Session::open(&options.records).await?, &options).await,
        CaseCommand::Show(options) => case::show(&Session::open(&options.records).await?, &options).await,
        CaseCommand::Dossier(options) => dossier::dossier(&Session::open(&options.records).await?, &options).await,
        CaseCommand::Confirm(options) => case::confirm(&Session::open(&options.records).await?, &options).await,
        CaseCommand::Overturn(options) => case::overturn(&Session::open(&options.records).await?, &options).await,
        CaseCommand::Escalate(options) => case::escalate(&Session::open(&options.records).await?, &options).await,
        CaseCommand::Assign(options) => case::assign(&Session::open(&options.records).await?, &options).await,
    }
}

/// `galateo author`
pub async fn author(command: AuthorCommand) -> Result<(), Failure> {
    match command {
        AuthorCommand::Show(options) => author::show(&Session::open(&options.records).await?, &options).await,
        AuthorCommand::Unban(options) => author::unban(&Session::open(&options.records).await?, &options).await,
        AuthorCommand::Export(options) => person::export(&Session::open(&options.records).await?, &options).await,
        AuthorCommand::Erase(options) => person::erase(&Session::open(&options.records).await?, &options).await,
        AuthorCommand::Note(options) => author::note(&Session::open(&options.records).await?, &options).await,
    }
}

/// `galateo task`
pub async fn task(command: TaskCommand) -> Result<(), Failure> {
    match command {
        TaskCommand::List(options) => task::list(&Session::open(&options.records).await?, &options).await,
        TaskCommand::Done(options) => task::done(&Session::open(&options.records).await?, &options).await,
    }
}

/// `galateo automation`
pub async fn automation(command: AutomationCommand) -> Result<(), Failure> {
    match command {
        AutomationCommand::Show(options) => automation::show(&Session::open(&options.records).await?, &options).await,
        AutomationCommand::Halt(options) => automation::halt(&Session::open(&options.records).await?, &options).await,
        AutomationCommand::Resume(options) => {
            automation::resume(&Session::open(&options.records).await?, &options).await
        }
        AutomationCommand::Retry(options) => automation::retry(&Session::open(&options.records).await?, &options).await,
    }
}

/// `galateo report`
pub async fn report(options: ReportOptions) -> Result<(), Failure> {
    match (&options.command, &options.file) {
        (Some(ReportCommand::Show(show)), _) => report::show(&Session::open(&show.records).await?, show).await,
        (Some(ReportCommand::Erase(erase)), _) => report::erase(&Session::open(&erase.records).await?, erase).await,
        (None, Some(file)) => {
            // It brings something to keep.
            let session = Session::open_or(Absent::Made, &options.records).await?;
            report::take(&session, file, &options).await
        }
        (None, None) => {
            language::speak(options.records.lang);
            Err(Failure::unusable(either("manca il file del messaggio", "the file of the message is missing")))
        }
    }
}
