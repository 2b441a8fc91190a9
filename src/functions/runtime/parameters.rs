//! The secrets of a deployment: SecureStrings of SSM Parameter Store, read at start and again when they are old.

use std::collections::HashMap;
use std::time::{Duration, Instant};

use anyhow::{Context, anyhow};
use aws_sdk_ssm::error::{DisplayErrorContext, ProvideErrorMetadata, SdkError};
use moderation::Settings;
use policy::{Account, Platform};
use secrecy::{ExposeSecret, SecretString};

/// After this time the secrets are read again, so that a rotation reaches warm functions without a deployment.
const MAX_AGE: Duration = Duration::from_secs(300);

/// How many names one `GetParameters` call takes.
const NAMES_A_CALL: usize = 10;

/// Which secrets a function reads; its role permits no others.
#[derive(Clone, Debug)]
pub enum Scope {
    /// The webhook secrets of one platform.
    Webhook(Platform),
    /// The access tokens of all accounts.
    Calls,
    /// The settings of the console.
    Console,
    /// None but the pseudonym key, which every function reads.
    Key,
}

/// The secrets in use, and how to read them again.
#[derive(Debug)]
pub struct Parameters {
    client: aws_sdk_ssm::Client,
    path: String,
    scope: Scope,
    accounts: Vec<Account>,
    settings: Settings,
    found: Found,
    changes: u32,
    read_at: Instant,
}

/// The secrets by their names.
type Found = HashMap<String, SecretString>;

impl Parameters {
    /// Reads the secrets below `path` that the scope names.
    ///
    /// # Errors
    /// When Parameter Store does not answer, or a secret that is needed is missing.
    pub async fn read(
        client: aws_sdk_ssm::Client,
        path: String,
        scope: Scope,
        accounts: &[Account],
    ) -> anyhow::Result<Self> {
        let (settings, found) = fetch(&client, &path, &scope, accounts).await?;
        Ok(Self {
            client,
            path,
            scope,
            accounts: accounts.to_vec(),
            settings,
            found,
            changes: 0,
            read_at: Instant::now(),
        })
    }

    /// The secrets, read again if they are older than five minutes. If that fails the ones at hand stay in use: a
    /// disturbance of Parameter Store must not stop moderation.
    pub async fn current(&mut self) -> (&Settings, Renewed) {
        let mut renewed = Renewed::No;
        if self.read_at.elapsed() > MAX_AGE {
            match fetch(&self.client, &self.path, &self.scope, &self.accounts).await {
                Ok((settings, found)) => {
                    if !is_same(&self.found, &found) {
                        renewed = Renewed::Yes;
                        self.changes += 1;
                    }
                    (self.settings, self.found) = (settings, found);
                }
                Err(error) => tracing::warn!(%error, "the secrets could not be read again; the old ones stay in use"),
            }
            self.read_at = Instant::now();
        }
        (&self.settings, renewed)
    }

    /// The secrets as they were last read.
    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    /// One of them as it was last read, by its name: for what is none of [`Settings`].
    pub fn find(&self, name: &str) -> Option<SecretString> {
        self.found.get(name).cloned()
    }

    /// How often they have changed since the start.
    pub const fn changes(&self) -> u32 {
        self.changes
    }
}

/// Whether the secrets have changed just now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Renewed {
    /// They have.
    Yes,
    /// They are as they were.
    No,
}

/// What Parameter Store answered, by its code, or why there is no answer. The error itself tells neither.
fn told<E>(error: &SdkError<E>) -> String
where
    SdkError<E>: ProvideErrorMetadata,
    E: std::error::Error + 'static,
{
    match (error.code(), error.message()) {
        (Some(code), Some(message)) => format!("{code}: {message}"),
        (Some(code), None) => code.to_owned(),
        _ => DisplayErrorContext(error).to_string(),
    }
}

async fn fetch(
    client: &aws_sdk_ssm::Client,
    path: &str,
    scope: &Scope,
    accounts: &[Account],
) -> anyhow::Result<(Settings, Found)> {
    let mut found = Found::new();
    let mut names = Settings::names_of_secrets(accounts);
    names.retain(|name| match scope {
        Scope::Webhook(platform) => Settings::is_webhook_secret_of(name, *platform),
        Scope::Calls => Settings::is_access_token(name),
        Scope::Console | Scope::Key => false,
    });
    if let Scope::Console = scope {
        names.extend(console::Settings::NAMES.map(str::to_owned));
    }
    names.push("pseudonym-key".to_owned());
    for names in names.chunks(NAMES_A_CALL) {
        let full = names.iter().map(|name| format!("{path}/{name}")).collect();
        let answer = client.get_parameters().set_names(Some(full)).with_decryption(true).send().await;
        let answer = answer.map_err(|error| anyhow!("GetParameters below {path} failed: {}", told(&error)))?;
        for parameter in answer.parameters() {
            if let (Some(name), Some(value)) = (parameter.name(), parameter.value()) {
                let name = name.strip_prefix(path).map_or(name, |name| name.trim_start_matches('/'));
                found.insert(name.to_owned(), SecretString::from(value));
            }
        }
    }
    let lookup = |name: &str| found.get(name).cloned();
    let incomplete = || format!("the secrets below {path} are not complete");
    let settings = Settings::deployed(accounts, &lookup).with_context(incomplete)?;
    if let Scope::Webhook(platform) = scope {
        settings.require_webhook(*platform, accounts).with_context(incomplete)?;
    }
    Ok((settings, found))
}

fn is_same(before: &Found, now: &Found) -> bool {
    let same = |(name, secret): (&String, &SecretString)| {
        before.get(name).is_some_and(|before| before.expose_secret() == secret.expose_secret())
    };
    before.len() == now.len() && now.iter().all(same)
}
