//! The records that a command of the office works on.

use std::path::PathBuf;

use disclosure::Disclosure;
use ledger::Case;
use ledger::embedded::{Embedded, purge};
use moderation::{Clock, Moderation, Office};
use platforms::{Client, Endpoints, Tokens};
use policy::Person;

use super::print::Page;
use crate::cli;
use crate::language::{self, say};
use crate::records::{Absent, Records};
use crate::terminal::failure::Failure;

/// The records that a command works on.
pub(super) struct Session {
    /// The use cases.
    pub(super) moderation: Moderation,
    /// Whether JSON is printed.
    pub(super) json: bool,
    /// The engine on the data file, where no server has it open.
    engine: Option<Embedded>,
    /// The data file, whoever has it open.
    data: Option<PathBuf>,
}

impl Session {
    pub(super) async fn open(options: &cli::OfficeRecords) -> Result<Self, Failure> {
        Self::open_or(Absent::Refused, options).await
    }

    pub(super) async fn open_or(absent: Absent, options: &cli::OfficeRecords) -> Result<Self, Failure> {
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

    /// What the people of the office do.
    pub(super) fn office(&self) -> Office<'_> {
        self.moderation.office()
    }

    /// Giving out what is on record, by this person.
    pub(super) fn disclosure<'a>(&'a self, by: &'a Person) -> Disclosure<'a> {
        let Self { moderation, .. } = self;
        Disclosure { ledger: moderation.ledger(), policy: moderation.policy(), by, at: moderation.clock().now() }
    }

    /// A page to print on.
    pub(super) fn page(&self) -> Page<'_> {
        Page::new(self.moderation.policy(), self.moderation.clock().now())
    }

    /// Takes what was erased out of the bytes of the data file.
    pub(super) async fn purge(&self) -> Result<(), Failure> {
        let Some(data) = &self.data else { return Ok(()) };
        purge(data).await.map_err(|error| {
            let (file, error) = (data.display(), language::of_ledger(&error));
            Failure::unusable(say!(
                "cancellato, ma nei byte di {file} può restarne traccia: {error}. Ripetere il comando",
                "erased, but in the bytes of {file} traces may be left: {error}. Repeat the command"
            ))
        })
    }

    /// Whether nobody is there to carry out what was decided.
    pub(super) fn is_alone(&self) -> bool {
        self.engine.is_some()
    }

    /// Whether something about this case is left to be carried out, and nobody is there to do it.
    pub(super) fn waits(&self, case: &Case) -> bool {
        self.is_alone() && (case.climb_due || case.unsettled().is_some())
    }
}
