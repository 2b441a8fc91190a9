//! The ledger that a command reads: the file of `serve --data`, or a DynamoDB at an address.

use jiff::Timestamp;
use ledger::embedded::Embedded;
use ledger::{Ledger, Tables};
use moderation::Settings;
use policy::PolicyRef;
use secrecy::SecretString;

use crate::cli::LedgerOptions;
use crate::failure::Failure;
use crate::policies;

/// An opened ledger, and what is needed beside it.
pub struct OpenLedger {
    /// The records of the organisation that the policy is of.
    pub ledger: Ledger,
    /// The policy in force.
    pub policy: PolicyRef,
    /// The time that the command goes by.
    pub now: Timestamp,
    /// Held so that the engine runs as long as the command.
    _engine: Option<Embedded>,
}

impl OpenLedger {
    /// Opens what there is; a file that does not exist is not created.
    pub async fn open(options: &LedgerOptions) -> Result<Self, Failure> {
        let policy = policies::load(options.policy.as_deref())?;
        let lookup = |path: &str| std::env::var(Settings::variable(path)).ok().map(SecretString::from);
        let settings =
            Settings::local(&policy.accounts, &lookup).map_err(|error| Failure::unusable(error.to_string()))?;
        let (client, engine) = match (&options.data, &options.endpoint) {
            (_, Some(url)) => (ledger::client_for(url), None),
            (Some(file), None) => {
                let failed = |reason: String| {
                    Failure::unusable(format!("the ledger in {} cannot be opened: {reason}", file.display()))
                };
                if !file.is_file() {
                    return Err(failed("there is no such file".to_owned()));
                }
                let engine = Embedded::start(Some(file)).await.map_err(|error| failed(error.to_string()))?;
                (engine.client(), Some(engine))
            }
            (None, None) => return Err(Failure::unusable("no ledger is named: use --data FILE or --endpoint URL")),
        };
        let key = settings.pseudonym_key().clone();
        let ledger = Ledger::new(client, Tables::default(), &policy.reference.id, key);
        let now = options.now.unwrap_or_else(Timestamp::now);
        Ok(Self { ledger, policy: policy.reference, now, _engine: engine })
    }
}
