//! The nights of the local server: the log is sealed, accounts are counted, the log is compiled. In AWS a schedule does
//! this.

use std::path::PathBuf;
use std::time::Duration;

use jiff::Timestamp;
use ledger::embedded::purge;
use moderation::Moderation;
use publish::{Existing, File, Store};
use statistics::{Archive, Counted};
use tokio::sync::watch;

use crate::terminal::failure::Failure;

/// How often the clock is looked at, as in the deployed schedule.
const LOOK_EVERY: Duration = Duration::from_secs(3600);

/// What is done for the days that are over.
pub struct Nights {
    pub moderation: Moderation,
    /// The folder for the reports, and for the seals; without it, none are written.
    pub reports: Option<PathBuf>,
    /// The file that the ledger is kept in, where it is one of ours: what has expired is deleted from it here.
    pub data: Option<PathBuf>,
}

impl Nights {
    /// Does what is left to do of the days that are over, unless `in_time` says to stop. Whether nothing is left, so
    /// that today there is no need to call it again.
    pub async fn catch_up(&self, in_time: impl Fn() -> bool) -> Result<bool, Failure> {
        let now = self.moderation.clock().now();
        // Neither keeps the other from being done.
        let sealed = self.seal(now).await;
        let is_compiled = self.compile(now, in_time).await;
        sealed.and(is_compiled)
    }

    /// Deletes what has expired, and rewrites the file so that nothing of it is left in its bytes, nor anything else that
    /// was deleted since the last time. A clock that is far ahead of the records deletes nothing: what is forgotten does not
    /// come back when it is set right.
    pub async fn forget(&self) -> Result<(), Failure> {
        let Some(data) = &self.data else { return Ok(()) };
        let (ledger, now) = (self.moderation.ledger(), self.moderation.clock().now());
        ledger.believes(now).await?;
        let forgotten = ledger.forget_expired(now).await?;
        purge(data).await?;
        tracing::info!(forgotten, "what has expired is deleted, and the data file rewritten");
        Ok(())
    }

    /// Where reports and seals go.
    fn store(&self) -> Option<Store> {
        self.reports.clone().map(Store::Folder)
    }

    /// Seals the days that are over, and writes the seals that are not in the folder yet.
    async fn seal(&self, now: Timestamp) -> Result<(), Failure> {
        let ledger = self.moderation.ledger();
        match self.store() {
            Some(store) => publish::seal(ledger, &store, now).await.map(drop).map_err(|error| failed(&error)),
            None => ledger.seal_until(now).await.map(drop).map_err(|error| failed(&error)),
        }
    }

    /// Counts the accounts, compiles the log and, where there is a folder, writes the reports into it.
    async fn compile(&self, now: Timestamp, in_time: impl Fn() -> bool) -> Result<bool, Failure> {
        let (policy, ledger) = (self.moderation.policy(), self.moderation.ledger());
        let archive = Archive { policy, ledger };
        let is_whole = |counted: &Counted| counted.gaps.values().all(|gaps| *gaps == 0);
        let Some(store) = self.store() else {
            let (counted, days) =
                statistics::catch_up(archive, &self.moderation, now, in_time).await.map_err(|error| failed(&error))?;
            return Ok(is_whole(&counted) && !days.more);
        };
        let night =
            statistics::nightly(archive, &self.moderation, now, in_time).await.map_err(|error| failed(&error))?;
        for file in &night.files {
            let file = File { name: &file.name, media_type: file.media_type, text: &file.text };
            let put = store.put(file, Existing::Replaced, now.into()).await;
            put.map_err(|error| Failure::unusable(error.to_string()))?;
        }
        Ok(is_whole(&night.counted) && !night.more)
    }

    /// Catches up now and whenever a day is over, until it is stopped.
    pub async fn watch(self, mut stopped: watch::Receiver<bool>) {
        let mut ticks = tokio::time::interval(LOOK_EVERY);
        let (mut done, mut forgot) = (None, None);
        let is_running = stopped.clone();
        loop {
            tokio::select! {
                _ = ticks.tick() => {}
                _ = stopped.changed() => return,
            }
            let today = ledger::day(self.moderation.clock().now());
            if forgot != Some(today) {
                match self.forget().await {
                    Ok(()) => forgot = Some(today),
                    Err(error) => {
                        tracing::error!(%error, "what has expired could not be deleted for good; it is tried \
                        again within an hour")
                    }
                }
            }
            if done == Some(today) {
                continue;
            }
            match self.catch_up(|| !*is_running.borrow()).await {
                Ok(true) => done = Some(today),
                Ok(false) => {}
                Err(error) => tracing::warn!(%error, "the work of the night failed; it goes on within an hour"),
            }
        }
    }
}

fn failed(error: &dyn std::fmt::Display) -> Failure {
    Failure::unusable(format!("the work of the night failed: {error}"))
}
