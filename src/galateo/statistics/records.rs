//! Opens the records that a command is about.

use std::sync::Arc;

use ledger::embedded::Embedded;
use ledger::{Ledger, Tables};
use moderation::Settings;
use policy::Policy;
use secrecy::SecretString;

use crate::cli::RecordsOptions;
use crate::failure::Failure;
use crate::policies;

/// A policy and the ledger that is kept under it.
pub struct Records {
    pub policy: Arc<Policy>,
    pub ledger: Ledger,
    // Held so that the engine runs as long as the ledger is used.
    _engine: Option<Embedded>,
}

impl Records {
    /// Opens what the options name.
    pub async fn open(options: &RecordsOptions) -> Result<Self, Failure> {
        let policy = Arc::new(policies::load(options.policy.as_deref())?);
        let lookup = |path: &str| std::env::var(Settings::variable(path)).ok().map(SecretString::from);
        let settings =
            Settings::local(&policy.accounts, &lookup).map_err(|error| Failure::unusable(error.to_string()))?;
        let (client, engine) = match (&options.data, &options.endpoint) {
            (_, Some(url)) => (ledger::client_for(url), None),
            (Some(file), None) => {
                let engine = Embedded::start(Some(file)).await.map_err(|error| {
                    Failure::unusable(format!("the ledger in {} cannot be opened: {error}", file.display()))
                })?;
                (engine.client(), Some(engine))
            }
            (None, None) => {
                return Err(Failure::unusable("found no ledger, expected --data FILE or --endpoint URL"));
            }
        };
        let ledger = Ledger::new(client, Tables::default(), &policy.reference.id, settings.pseudonym_key().clone());
        ledger.create_tables().await.map_err(|e| Failure::unusable(format!("the tables cannot be created: {e}")))?;
        Ok(Self { policy, ledger, _engine: engine })
    }
}
