//! The platforms that do not push what is written to us: asked at intervals.

use std::time::Duration;

use jiff::Timestamp;
use platforms::{Class, PollError, adapter, linkedin, youtube};
use policy::{Account, Platform};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::{Moderation, NotDurable, Received};

/// A little less than a whole interval counts as one, because schedules are not exact.
const SLACK: Duration = Duration::from_secs(15);

/// Whether a poll keeps to the intervals.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pace {
    /// What was polled a short time ago, or asked not to be, is left alone.
    Regular,
    /// Everything is polled: someone is waiting for it.
    AtOnce,
}

/// What is stored about the polls of an account.
#[derive(Debug, Serialize, Deserialize)]
struct Progress<Cursor> {
    /// Before this time it is not polled again.
    not_before: Timestamp,
    /// Up to where it was read.
    cursor: Cursor,
}

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
    /// Polls the accounts on the platforms that are polled. One account that fails does not stop the others. Accounts
    /// that are left alone for now are not in the answer.
    pub async fn poll(&self, pace: Pace) -> Vec<(Account, Result<Polled, PollFailure>)> {
        let mut results = Vec::new();
        for &platform in Platform::ALL {
            let Some(every) = adapter(platform).limits().poll_every else { continue };
            for account in self.accounts.of(platform) {
                let result = self.poll_account(account, every, pace).await;
                if let Err(error) = &result {
                    self.tally.count(platform, "poll_failed");
                    tracing::error!(%platform, account = %account.id, %error, "an account could not be polled");
                }
                if let Some(result) = result.transpose() {
                    results.push((account.clone(), result));
                }
            }
        }
        results
    }

    async fn poll_account(
        &self,
        account: &Account,
        every: Duration,
        pace: Pace,
    ) -> Result<Option<Polled>, PollFailure> {
        let (accounts, now) = (&*self.accounts, self.clock.now());
        let Account { platform, id, .. } = account;
        if pace == Pace::AtOnce {
            // Whoever waits for it may have renewed the credentials, or knows that the platform answers; a limit stays what
            // it is.
            self.holds.try_again(*platform, id);
        }
        if self.held_until(*platform, id, now).await.is_some() {
            return Ok(None);
        }
        match account.platform {
            Platform::Youtube => {
                self.poll_from(account, every, pace, async |cursor| {
                    youtube::poll(self, account, accounts, cursor, now).await
                })
                .await
            }
            Platform::Linkedin => {
                self.poll_from(account, every, pace, async |cursor| {
                    linkedin::poll(self, account, accounts, cursor, now).await
                })
                .await
            }
            Platform::Facebook | Platform::Instagram | Platform::X => Ok(None),
        }
    }

    /// Polls from the stored cursor, whatever the platform's cursor looks like.
    async fn poll_from<Cursor: Serialize + DeserializeOwned>(
        &self,
        account: &Account,
        every: Duration,
        pace: Pace,
        poll: impl AsyncFnOnce(Option<Cursor>) -> Result<platforms::Polled<Cursor>, PollError>,
    ) -> Result<Option<Polled>, PollFailure> {
        let Account { platform, id, .. } = account;
        let now = self.clock.now();
        let stored = self.ledger.cursor(*platform, id).await?;
        let progress: Option<Progress<Cursor>> = stored.as_deref().map(serde_json::from_str).transpose()?;
        if pace == Pace::Regular && progress.as_ref().is_some_and(|progress| progress.not_before > now) {
            return Ok(None);
        }
        let polled = match poll(progress.map(|progress| progress.cursor)).await {
            Ok(polled) => polled,
            Err(error) => {
                if let PollError::Refused(class) = &error {
                    self.postponement(*platform, id, class, 1, id, now).await;
                }
                return Err(error.into());
            }
        };
        let platforms::Polled { delivery, cursor, calls, stopped } = polled;
        // Only when everything found is durable does the cursor move (invariant 2).
        let received = self.take(*platform, delivery).await?;
        let next = now.saturating_add(every.saturating_sub(SLACK)).unwrap_or(Timestamp::MAX);
        let not_before = match &stopped {
            Some(class) => {
                tracing::warn!(%platform, account = %id, reason = ?class, "a poll ended before everything was read");
                self.postponement(*platform, id, class, 1, id, now).await.until.max(next)
            }
            None => next,
        };
        let progress = serde_json::to_string(&Progress { not_before, cursor })?;
        self.ledger.set_cursor(*platform, id, &progress).await?;
        Ok(Some(Polled { received, calls, stopped }))
    }
}
