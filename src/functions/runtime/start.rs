//! How a function starts: the log, the settings, the clients.

use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, anyhow};
use aws_config::BehaviorVersion;
use aws_config::timeout::TimeoutConfig;
use ledger::{Ledger, Tables};
use moderation::{Clock, Moderation, Settings};
use platforms::{Client, Endpoints};
use tokio::sync::Mutex;
use tracing_subscriber::EnvFilter;

use crate::parameters::{Parameters, Renewed, Scope};

/// These crates log whole events, requests and items at finer levels, whatever the level asked for (invariant 10).
const WHOLE_MESSAGES: [&str; 5] =
    ["lambda_runtime=info", "aws_smithy_runtime=info", "aws_smithy_runtime_api=info", "aws_config=info", "hyper=info"];

/// How long Parameter Store may take. It is asked again every five minutes, while deliveries wait.
const PARAMETERS_TIMEOUT: Duration = Duration::from_secs(2);

/// A started function: what it moderates with, and its secrets.
pub struct Function {
    moderation: Mutex<Moderation>,
    parameters: Mutex<Parameters>,
    endpoints: Endpoints,
}

/// Starts the log: one JSON object a line on standard output, which CloudWatch indexes by field.
fn start_log() {
    let mut filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("info"));
    for silent in WHOLE_MESSAGES {
        filter = filter.add_directive(silent.parse().unwrap_or_else(|_| unreachable!("a constant directive")));
    }
    tracing_subscriber::fmt().json().with_env_filter(filter).with_target(false).with_current_span(false).init();
}

impl Function {
    /// Reads the settings and secrets, connects to the tables and records the policy in force where it is a new one.
    /// Runs once per cold start, before the first event.
    ///
    /// # Errors
    /// The setting that is missing or cannot be used, by name; or that the tables do not answer. The function then fails
    /// to start, its caller gets a 5xx and the platform repeats.
    pub async fn start(scope: Scope) -> anyhow::Result<Self> {
        start_log();
        let policy = moderation::built_in(&variable("GALATEO_POLICY")?)?;
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
        // A wrong key would judge again what was judged, and forget every strike.
        ledger.adopt_keys().await.context("the pseudonym keys cannot be used")?;
        let clock = Clock::default();
        // Before anything is judged by it.
        let activated = ledger.activate(&policy.reference, clock.now()).await;
        activated.context("which policy is in force could not be recorded")?;
        let endpoints = moderation::endpoints(&|name| std::env::var(name).ok()).map_err(|e| anyhow!(e))?;
        let client = connect(&endpoints, settings)?;
        let moderation = Moderation::new(Arc::new(policy), ledger, client, clock);
        Ok(Self { moderation: Mutex::new(moderation), parameters: Mutex::new(parameters), endpoints })
    }

    /// The use cases, with the secrets that hold now.
    ///
    /// # Errors
    /// When a connection with renewed tokens cannot be set up.
    pub async fn current(&self) -> anyhow::Result<(Moderation, Settings)> {
        let mut parameters = self.parameters.lock().await;
        let (settings, renewed) = parameters.current().await;
        let mut moderation = self.moderation.lock().await;
        if renewed == Renewed::Yes {
            moderation.reconnect(connect(&self.endpoints, settings)?);
            if let Err(error) = moderation.rekey(settings.pseudonym_keys().clone()).await {
                tracing::error!(%error, "the pseudonym keys were changed and cannot be used; the old ones stay in use");
            }
        }
        Ok((moderation.clone(), settings.clone()))
    }

    /// A connection to the platforms with these settings.
    ///
    /// # Errors
    /// When it cannot be set up.
    pub fn client(&self, settings: &Settings) -> anyhow::Result<Client> {
        connect(&self.endpoints, settings)
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
