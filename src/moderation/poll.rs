//! The platforms that do not push what is written to us: asked at intervals.

use platforms::{Class, PollError, linkedin, youtube};
use policy::{Account, Platform};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::{Moderation, NotDurable, Received};

/// The platforms that are polled: YouTube pushes no comments, and LinkedIn's push needs an approval that few get.
pub const POLLED: [Platform; 2] = [Platform::Youtube, Platform::Linkedin];

/// What a poll of one account brought.
#[derive(Clone, Debug)]
pub struct Polled {
    /// What became of what was found.
    pub received: Received,
    /// How many calls it took.
    pub calls: u32,
    /// Why it ended before everything was read, if it did.
    pub stopped: Option<Class>,
}

/// Why an account could not be polled. The cursor has not moved: the next poll finds the same.
#[derive(Debug, thiserror::Error)]
pub enum PollFailure {
    /// The ledger is not available.
    #[error("the ledger is not available: {0}")]
    Ledger(#[from] ledger::LedgerError),
    /// What was found could not be recorded.
    #[error(transparent)]
    NotDurable(#[from] NotDurable),
    /// The place up to which was read cannot be understood.
    #[error("the stored cursor does not parse: {0}")]
    Cursor(#[from] serde_json::Error),
    /// The platform could not be read.
    #[error(transparent)]
    Platform(#[from] platforms::PollError),
}

impl Moderation {
    /// Polls every account on the platforms that are polled. One account that fails does not stop the others.
    pub async fn poll(&self) -> Vec<(Account, Result<Polled, PollFailure>)> {
        let mut results = Vec::new();
        for platform in POLLED {
            for account in self.accounts.of(platform) {
                let result = self.poll_account(account).await;
                if let Err(error) = &result {
                    self.tally.count(platform, "poll_failed");
                    tracing::error!(%platform, account = %account.id, %error, "an account could not be polled");
                }
                results.push((account.clone(), result));
            }
        }
        results
    }

    async fn poll_account(&self, account: &Account) -> Result<Polled, PollFailure> {
        let platform = account.platform;
        let stored = self.ledger.cursor(platform, &account.id).await?;
        let now = self.clock.now();
        let stored = stored.as_deref();
        let Read { delivery, cursor, calls, stopped } = match platform {
            Platform::Linkedin => {
                read(stored, async |cursor| linkedin::poll(&self.client, account, cursor, now).await).await?
            }
            _ => read(stored, async |cursor| youtube::poll(&self.client, account, cursor, now).await).await?,
        };
        // Only when everything found is durable does the cursor move (invariant 2).
        let received = self.take(platform, delivery).await?;
        if stored != Some(cursor.as_str()) {
            self.ledger.set_cursor(platform, &account.id, &cursor).await?;
        }
        if let Some(class) = &stopped {
            tracing::warn!(%platform, account = %account.id, reason = ?class, "a poll ended before everything was read");
        }
        Ok(Polled { received, calls, stopped })
    }
}

/// What a poll brought, with the cursor as it is stored.
struct Read {
    delivery: platforms::Delivery,
    cursor: String,
    calls: u32,
    stopped: Option<Class>,
}

/// Polls from a stored cursor, whatever the platform's cursor looks like.
async fn read<Cursor: Serialize + DeserializeOwned>(
    stored: Option<&str>,
    poll: impl AsyncFnOnce(Option<Cursor>) -> Result<platforms::Polled<Cursor>, PollError>,
) -> Result<Read, PollFailure> {
    let cursor = stored.map(serde_json::from_str).transpose()?;
    let platforms::Polled { delivery, cursor, calls, stopped } = poll(cursor).await?;
    Ok(Read { delivery, cursor: serde_json::to_string(&cursor)?, calls, stopped })
}
