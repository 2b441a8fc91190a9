//! The nights of the local server: the log is sealed, accounts are counted, the log is compiled. In AWS a schedule does
//! this.

use std::path::{Path, PathBuf};
use std::time::Duration;

use jiff::civil::Date;
use moderation::Moderation;
use platforms::Client;
use statistics::{Archive, Counted, NamedFile};
use tokio::sync::watch;

use crate::failure::Failure;
use crate::statistics::write_files;

/// How often the clock is looked at, as in the deployed schedule.
const LOOK_EVERY: Duration = Duration::from_secs(3600);

/// What is done for the days that are over.
pub struct Nights {
    pub moderation: Moderation,
    pub client: Client,
    /// The day on which the log begins, where that is known.
    pub begins: Option<Date>,
    /// The folder for the reports, and for the seals; without it, none are written.
    pub reports: Option<PathBuf>,
}

impl Nights {
    /// Does what is left to do of the days that are over, unless `in_time` says to stop. Whether nothing is left, so
    /// that today there is no need to call it again.
    pub async fn catch_up(&self, in_time: impl Fn() -> bool) -> Result<bool, Failure> {
        let (policy, ledger) = (self.moderation.policy(), self.moderation.ledger());
        let archive = Archive { policy, ledger, begins: self.begins };
        let now = self.moderation.clock().now();
        let failed =
            |error: &dyn std::fmt::Display| Failure::unusable(format!("the work of the night failed: {error}"));
        ledger.seal_until(now).await.map_err(|error| failed(&error))?;
        if let Some(folder) = &self.reports {
            self.publish_seals(folder).await?;
        }
        let is_whole = |counted: &Counted| counted.gaps.values().all(|gaps| *gaps == 0);
        let Some(folder) = &self.reports else {
            let (counted, days) =
                statistics::catch_up(archive, &self.client, now, in_time).await.map_err(|error| failed(&error))?;
            return Ok(is_whole(&counted) && !days.more);
        };
        let night = statistics::nightly(archive, &self.client, now, in_time).await.map_err(|error| failed(&error))?;
        write_files(folder, &night.files)?;
        Ok(is_whole(&night.counted) && !night.more)
    }

    /// Writes the seals that are not in the folder yet.
    async fn publish_seals(&self, folder: &Path) -> Result<(), Failure> {
        for seal in self.moderation.ledger().seals(Date::MIN, Date::MAX).await? {
            let file = NamedFile { name: seal.file_name(), media_type: "application/json", text: seal.to_json() };
            if !folder.join(&file.name).exists() {
                write_files(folder, &[file])?;
            }
        }
        Ok(())
    }

    /// Catches up now and whenever a day is over, until it is stopped.
    pub async fn watch(self, mut stopped: watch::Receiver<bool>) {
        let mut ticks = tokio::time::interval(LOOK_EVERY);
        let mut done = None;
        let is_running = stopped.clone();
        loop {
            tokio::select! {
                _ = ticks.tick() => {}
                _ = stopped.changed() => return,
            }
            let today = ledger::day(self.moderation.clock().now());
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
