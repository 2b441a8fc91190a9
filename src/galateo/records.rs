//! The records that a command works on: in a file, with the server that has it open, or in AWS.

use std::fmt::Display;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use aws_config::BehaviorVersion;
use ledger::embedded::{Embedded, Joined};
use ledger::{Ledger, LedgerError, Tables, client_for};
use moderation::Settings;
use policy::Policy;
use secrecy::SecretString;

use crate::cli;
use crate::failure::Failure;
use crate::policies;

/// How long a command waits for another that has the data file open just now. Commands take a second or two.
const PATIENCE: Duration = Duration::from_secs(15);

/// A policy, and the ledger that is kept under it.
pub struct Records {
    pub policy: Arc<Policy>,
    pub ledger: Ledger,
    /// The engine on the data file, where no server has it open. It runs as long as it is held.
    pub engine: Option<Embedded>,
}

/// What becomes of a data file that is not there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Absent {
    /// The command is refused: it would say of everything that it is not there.
    Refused,
    /// It is made: the command brings something to keep.
    Made,
}

impl Records {
    /// Opens what the options name.
    pub async fn open(options: &cli::Records, absent: Absent) -> Result<Self, Failure> {
        let policy = Arc::new(policies::load(options.policy.as_deref())?);
        let (ledger, engine) = match (&options.data, &options.endpoint) {
            (Some(file), _) => in_file(file, &policy, absent).await?,
            (None, Some(url)) => (ledger(client_for(url), Tables::default(), &policy, &local(&policy)?), None),
            (None, None) => (in_aws(&policy).await?, None),
        };
        Ok(Self { policy, ledger, engine })
    }
}

fn ledger(client: aws_sdk_dynamodb::Client, tables: Tables, policy: &Policy, settings: &Settings) -> Ledger {
    Ledger::new(client, tables, &policy.reference.id, settings.pseudonym_keys().clone())
}

/// The ledger in a file: that of the server which has it open, or an engine of our own.
async fn in_file(file: &Path, policy: &Policy, absent: Absent) -> Result<(Ledger, Option<Embedded>), Failure> {
    let unusable = |reason: &dyn Display| {
        Failure::unusable(format!("the ledger in {} cannot be opened: {reason}", file.display()))
    };
    if absent == Absent::Refused && !file.is_file() {
        return Err(unusable(&"no such file"));
    }
    let settings = local(policy)?;
    let (client, engine) = match Embedded::join(file, PATIENCE).await.map_err(|error| unusable(&error))? {
        Joined::Running(remote) => (remote.client(), None),
        Joined::Started(engine) => (engine.client(), Some(engine)),
    };
    let ledger = ledger(client, Tables::default(), policy, &settings);
    if absent == Absent::Made && engine.is_some() {
        ledger.create_tables().await.map_err(|error| unusable(&error))?;
    }
    Ok((ledger, engine))
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

/// The settings of a laptop, from the environment.
pub fn local(policy: &Policy) -> Result<Settings, Failure> {
    Settings::local(&policy.accounts, &from_environment).map_err(|error| Failure::unusable(error.to_string()))
}

fn from_environment(path: &str) -> Option<SecretString> {
    std::env::var(Settings::variable(path)).ok().map(SecretString::from)
}

impl From<LedgerError> for Failure {
    fn from(error: LedgerError) -> Self {
        Failure::unusable(error.to_string())
    }
}
