//! How a function starts: the log, the settings, the clients.

use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, anyhow};
use aws_config::BehaviorVersion;
use aws_config::timeout::TimeoutConfig;
use ledger::{Ledger, Tables};
use moderation::{Clock, Moderation, Settings};
use platforms::{Client, Endpoints};
use tokio::sync::{Mutex, MutexGuard};
use tracing_subscriber::EnvFilter;
use tracing_subscriber::filter::LevelFilter;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;

use crate::parameters::{Parameters, Renewed, Scope};

/// These crates log whole events, requests and items at finer levels, whatever the level asked for (invariant 10).
const WHOLE_MESSAGES: [&str; 5] =
    ["lambda_runtime=info", "aws_smithy_runtime=info", "aws_smithy_runtime_api=info", "aws_config=info", "hyper=info"];

/// The finest level there is: at `trace` every library may write whole messages.
const FINEST: LevelFilter = LevelFilter::DEBUG;

/// How long Parameter Store may take. It is asked again every five minutes, while deliveries wait.
const PARAMETERS_TIMEOUT: Duration = Duration::from_secs(2);

/// A started function: what it moderates with, and its secrets.
pub struct Function {
    in_use: Mutex<InUse>,
    parameters: Mutex<Parameters>,
    endpoints: Endpoints,
}

/// What a function moderates with, and whether renewed secrets are still to be taken into use.
struct InUse {
    moderation: Moderation,
    tokens_outdated: bool,
    keys_outdated: bool,
}

impl InUse {
    fn new(moderation: Moderation) -> Self {
        Self { moderation, tokens_outdated: false, keys_outdated: false }
    }

    /// Takes renewed secrets into use. What fails is tried again at the next call: that the secrets were renewed is told
    /// once only.
    ///
    /// # Errors
    /// When a connection with renewed tokens cannot be set up. With pseudonym keys that cannot be used the function goes
    /// on under the old ones.
    async fn catch_up(&mut self, endpoints: &Endpoints, settings: &Settings) -> anyhow::Result<()> {
        if self.tokens_outdated {
            self.moderation.reconnect(connect(endpoints, settings)?);
            self.tokens_outdated = false;
        }
        if self.keys_outdated {
            match self.moderation.rekey(settings.pseudonym_keys().clone()).await {
                Ok(()) => self.keys_outdated = false,
                Err(error) => {
                    tracing::error!(%error, "the pseudonym keys were changed and cannot be used; the old ones \
                    stay in use")
                }
            }
        }
        Ok(())
    }
}

/// Starts the log: one JSON object a line on standard output, which CloudWatch indexes by field.
pub fn start_log() {
    let mut filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("info"));
    for silent in WHOLE_MESSAGES {
        filter = filter.add_directive(silent.parse().unwrap_or_else(|_| unreachable!("a constant directive")));
    }
    let lines = tracing_subscriber::fmt::layer().json().with_target(false).with_current_span(false);
    tracing_subscriber::registry().with(FINEST).with(filter).with(lines).init();
}

impl Function {
    /// Reads the settings and secrets, connects to the tables and records the policy in force where it is a new one.
    /// Runs once per cold start, before the first event.
    ///
    /// # Errors
    /// The setting that is missing or cannot be used, by name; or that the tables do not answer. The function then fails
    /// to start, its caller gets a 5xx and the platform repeats.
    pub async fn start(scope: Scope) -> anyhow::Result<Self> {
        let policy = moderation::built_in(&variable("GALATEO_POLICY")?)?;
        let variables = std::env::vars_os().filter_map(|(name, _)| name.into_string().ok());
        for variable in Settings::unknown_variables(&policy.accounts, variables) {
            tracing::warn!(
                %variable,
                "a variable of the environment is no setting, or of no platform or account of the policy: \
                it has no effect"
            );
        }
        let aws = aws_config::defaults(BehaviorVersion::latest()).load().await;
        let timeouts = TimeoutConfig::builder().operation_timeout(PARAMETERS_TIMEOUT).build();
        let config = aws_sdk_ssm::config::Builder::from(&aws).timeout_config(timeouts).build();
        let ssm = aws_sdk_ssm::Client::from_conf(config);
        let parameters = Parameters::read(ssm, variable("GALATEO_PARAMETERS")?, scope, &policy.accounts).await?;
        let tables = Tables { casebook: variable("GALATEO_CASEBOOK_TABLE")?, audit: variable("GALATEO_AUDIT_TABLE")? };
        let settings = parameters.settings();
        let ledger = Ledger::new(
            aws_sdk_dynamodb::Client::new(&aws),
            tables,
            &policy.reference.id,
            settings.pseudonym_keys().clone(),
        );
        let clock = Clock::default();
        if let Some(fault) = Clock::fault(clock.now()) {
            return Err(anyhow!(fault));
        }
        // A wrong key would judge again what was judged, and forget every strike.
        ledger.adopt_keys(clock.now()).await.context("the pseudonym keys cannot be used")?;
        // Before anything is judged by it.
        let activated = ledger.activate(&policy.reference, clock.now()).await;
        activated.context("which policy is in force could not be recorded")?;
        let endpoints = moderation::endpoints(&|name| std::env::var(name).ok()).map_err(|e| anyhow!(e))?;
        let client = connect(&endpoints, settings)?;
        let moderation = Moderation::new(Arc::new(policy), ledger, client, clock);
        Ok(Self { in_use: Mutex::new(InUse::new(moderation)), parameters: Mutex::new(parameters), endpoints })
    }

    /// The use cases, with the secrets that hold now.
    ///
    /// # Errors
    /// When a connection with renewed tokens cannot be set up.
    pub async fn current(&self) -> anyhow::Result<(Moderation, Settings)> {
        // Both at once, so that whoever gives up while it waits has not been told of renewed secrets already.
        let (mut parameters, mut in_use) = (self.parameters.lock().await, self.in_use.lock().await);
        let (settings, renewed) = parameters.current().await;
        if renewed == Renewed::Yes {
            (in_use.tokens_outdated, in_use.keys_outdated) = (true, true);
        }
        in_use.catch_up(&self.endpoints, settings).await?;
        Ok((in_use.moderation.clone(), settings.clone()))
    }

    /// The secrets as they were last read.
    pub async fn secrets(&self) -> MutexGuard<'_, Parameters> {
        self.parameters.lock().await
    }
}

fn connect(endpoints: &Endpoints, settings: &Settings) -> anyhow::Result<Client> {
    Client::new(endpoints.clone(), settings.tokens().clone()).context("the HTTP client could not be set up")
}

/// An environment variable that has to be set.
///
/// # Errors
/// Its name, when it is not.
pub fn variable(name: &str) -> anyhow::Result<String> {
    let value = std::env::var(name).ok().filter(|value| !value.trim().is_empty());
    value.ok_or_else(|| anyhow!("the environment variable {name} is not set"))
}

#[cfg(test)]
mod tests {
    use ledger::embedded::Embedded;
    use policy::{Platform, PlatformUserId};
    use secrecy::SecretString;

    use super::*;

    fn settings(keys: &str) -> Settings {
        Settings::local(&[], &|path| (path == "pseudonym-key").then(|| SecretString::from(keys))).unwrap()
    }

    #[tokio::test]
    async fn keys_that_could_not_be_taken_into_use_are_tried_again_at_the_next_call() {
        let (first, second, third) = ("the first of the keys", "the second of the keys", "the third of the keys");
        let engine = Embedded::start(None).await.unwrap();
        let policy = Arc::new(moderation::built_in("milano-monza-brianza-lodi").unwrap());
        let under = |keys: &str| {
            let keys = settings(keys).pseudonym_keys().clone();
            Ledger::new(engine.client(), Tables::default(), &policy.reference.id, keys)
        };
        let (ledger, clock) = (under(first), Clock::default());
        ledger.create_tables().await.unwrap();
        ledger.adopt_keys(clock.now()).await.unwrap();
        let endpoints = Endpoints::production();
        let client = connect(&endpoints, &settings(first)).unwrap();
        let mut in_use = InUse::new(Moderation::new(Arc::clone(&policy), ledger, client, clock));
        let names =
            |in_use: &InUse| in_use.moderation.ledger().pseudonyms(Platform::Facebook, &PlatformUserId::new("1")).len();

        // Nothing is on record about the second key yet.
        let renewed = settings(&format!("{third},{second}@2021-01-01T00:00:00Z"));
        (in_use.tokens_outdated, in_use.keys_outdated) = (true, true);
        in_use.catch_up(&endpoints, &renewed).await.unwrap();
        assert_eq!((in_use.tokens_outdated, in_use.keys_outdated, names(&in_use)), (false, true, 1));
        let noted = under(&format!("{second},{first}@2020-01-01T00:00:00Z"));
        noted.adopt_keys(clock.now()).await.unwrap();
        in_use.catch_up(&endpoints, &renewed).await.unwrap();
        assert_eq!((in_use.keys_outdated, names(&in_use)), (false, 2));
    }
}
