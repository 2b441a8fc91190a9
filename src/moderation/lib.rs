#![doc = include_str!("README.md")]

mod actions;
mod automation;
mod beginning;
mod built_in;
mod clock;
mod erase;
mod intake;
mod office;
mod reconcile;
mod settings;
mod tally;
mod user_report;

use std::sync::Arc;

use ledger::{AuthorRecord, Case, Ledger, LedgerError, PseudonymKeys};
use platforms::{Accounts, Client};
use policy::Policy;
use tokio::sync::Semaphore;

use actions::climb::Climbed;
use actions::holds::Holds;
use actions::reach::Lanes;
use automation::Brakes;
use beginning::Beginning;
use intake::repeats::Repeats;

pub use actions::act::ACTIONS_AT_ONCE;
pub use actions::hands::Hands;
pub use actions::swept::{Acted, Swept};
pub use built_in::{BuiltInError, built_in, built_in_lists};
pub use clock::Clock;
pub use erase::Erasures;
pub use intake::poll::{Pace, PollFailure, Polled};
pub use intake::receive::{NotDurable, Received};
pub use intake::respond::DELETION_STATUS;
pub use office::{
    Barrier, Confirmed, Extent, Filled, Foreseen, GROUP, Intent, KeptOut, Lasting, Listing, LogDay, LogError, NextStep,
    Office, OfficeError, OnDesk, Ruled, Ruling, Sort, person,
};
pub use platforms::reaching;
pub use reconcile::Reconciled;
pub use settings::{DEVELOPMENT_SECRET, SettingError, Settings, endpoints, public_address};
pub use tally::Tally;
pub use user_report::{Arrival, MAX_MAIL_BYTES, Proof, Receipt, ReportOutcome, ReportTaken, is_mail};

/// Everything that the use cases need: the policy in force, the ledger, the connection to the platforms, the clock.
/// Cheap to clone; all clones share what they learn.
#[derive(Clone, Debug)]
pub struct Moderation {
    policy: Arc<Policy>,
    accounts: Arc<Accounts>,
    ledger: Ledger,
    client: Client,
    clock: Clock,
    tally: Tally,
    holds: Holds,
    lanes: Lanes,
    recording: Arc<Semaphore>,
    repeats: Repeats,
    brakes: Brakes,
    climbed: Climbed,
    beginning: Beginning,
}

impl Moderation {
    /// Puts the parts together.
    pub fn new(policy: Arc<Policy>, ledger: Ledger, client: Client, clock: Clock) -> Self {
        let accounts = Arc::new(Accounts::new(&policy.accounts));
        let repeats = Repeats::default();
        let recording = Arc::new(Semaphore::new(intake::receive::CONCURRENCY));
        Self {
            policy,
            accounts,
            ledger,
            client,
            clock,
            tally: Tally::default(),
            holds: Holds::default(),
            lanes: Lanes::default(),
            recording,
            repeats,
            brakes: Brakes::default(),
            climbed: Climbed::default(),
            beginning: Beginning::at(clock.now()),
        }
    }

    /// The policy in force.
    pub fn policy(&self) -> &Policy {
        &self.policy
    }

    /// The ledger.
    pub fn ledger(&self) -> &Ledger {
        &self.ledger
    }

    /// The clock by which everything here is dated.
    pub fn clock(&self) -> &Clock {
        &self.clock
    }

    /// What was counted since the start of the process.
    pub fn tally(&self) -> &Tally {
        &self.tally
    }

    /// Goes on with another connection, after its tokens were renewed: what was refused is tried again.
    pub fn reconnect(&mut self, client: Client) {
        self.client = client;
        self.holds.credentials_renewed();
    }

    /// Goes on with other pseudonym keys, after they were rotated.
    ///
    /// # Errors
    /// When they are not those under which the records are kept, or the ledger is unavailable. The keys at hand then
    /// stay in use.
    pub async fn rekey(&mut self, keys: PseudonymKeys) -> Result<(), LedgerError> {
        self.ledger.rekey(keys, self.clock.now()).await
    }

    /// What is on record about the author of a case.
    pub(crate) async fn record_of(&self, case: &Case) -> Result<AuthorRecord, LedgerError> {
        match &case.pseudonym {
            Some(author) => self.ledger.author(author).await,
            None => Ok(AuthorRecord::default()),
        }
    }
}
