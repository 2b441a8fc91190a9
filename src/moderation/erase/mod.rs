//! Erasing an author: because the person asked the office, or because a platform passed it on.

mod callback;

use futures_util::{StreamExt, TryStreamExt, stream};
use jiff::{SignedDuration, Timestamp};
use ledger::{Erasing, ErasureGround, ErasureRequest, LedgerError, Pseudonym};
use policy::Platform;

use crate::actions::task;
use crate::{Moderation, OfficeError, Ruling};

/// An erasure that is under way for longer than this is brought before the office: whoever asked for it has to be answered
/// within a month (article 12(3) of the GDPR).
const LATE_AFTER: SignedDuration = SignedDuration::from_hours(14 * 24);

/// How many cases are read at the same time.
const READS_AT_ONCE: usize = 16;

/// What became of the erasures that were under way.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Erasures {
    /// Those that are fulfilled now.
    pub done: usize,
    /// Those that wait for an action to be carried out, or for what was received shortly before they were asked for.
    pub waiting: usize,
    /// Those that could not be carried on.
    pub failed: usize,
}

impl Moderation {
    /// Erases an author at the person's request, as far as that is possible now; the rest follows by itself, after a minute
    /// at the earliest: what was received shortly before may not be on record yet. Nothing is
    /// lifted and nothing is shown again by it: of what still applies, Galateo only forgets to whom.
    ///
    /// # Errors
    /// When the ruling says nothing, the ledger is unavailable, or, unless `anyway`, while something about the author is
    /// still to be decided or a sanction is in force.
    pub async fn erase_author(
        &self,
        platform: Option<Platform>,
        authors: &[Pseudonym],
        ruling: Ruling<'_>,
        anyway: bool,
    ) -> Result<Erasing, OfficeError> {
        let ruling = ruling.signed()?;
        let now = self.clock.now();
        if !anyway {
            self.nothing_in_force(authors, now).await?;
        }
        let request = ErasureRequest {
            authors,
            platform,
            ground: ErasureGround::Request,
            by: Some(&ruling.by),
            reason: Some(ruling.reason.as_str()),
        };
        let erasure = self.ledger.request_erasure(&request, now).await?;
        self.forget(authors);
        let erasing = self.ledger.erase(&erasure.code, &self.policy.reference, self.clock.now()).await?;
        Ok(erasing.unwrap_or(Erasing { erasure, waiting: 0 }))
    }

    /// Carries the erasures on that are under way: those that platforms passed on, those that had to wait, and those
    /// that were interrupted. One that fails does not hold the others up; one that takes too long becomes a task.
    ///
    /// # Errors
    /// When it cannot be read which are under way. What was erased stays so, and the rest comes back by itself.
    pub async fn carry_erasures_on(&self) -> Result<Erasures, LedgerError> {
        let mut erasures = Erasures::default();
        for code in self.ledger.erasures_under_way().await? {
            match self.carry_on(&code).await {
                Ok(Some(done)) if done => erasures.done += 1,
                Ok(Some(_)) => erasures.waiting += 1,
                Ok(None) => {}
                Err(error) => {
                    erasures.failed += 1;
                    tracing::error!(%error, "an erasure could not be carried on; it is tried again");
                }
            }
        }
        Ok(erasures)
    }

    /// Whether an erasure is fulfilled now; `None` when there is none.
    async fn carry_on(&self, code: &str) -> Result<Option<bool>, LedgerError> {
        let now = self.clock.now();
        let Some(Erasing { erasure, waiting }) = self.ledger.erase(code, &self.policy.reference, now).await? else {
            return Ok(None);
        };
        self.forget(&erasure.authors);
        if erasure.done_at.is_some() {
            tracing::info!(cases = erasure.cases, "an author was erased");
            return Ok(Some(true));
        }
        if waiting > 0 {
            tracing::info!(waiting, "an erasure waits until what was asked of the platform is carried out");
        }
        let since = erasure.first_requested_at;
        if now.duration_since(since) >= LATE_AFTER {
            let about = format!("erasure-{code}");
            self.raise(&about, |id| task::late_erasure(id, code, waiting, since, now), now).await?;
        }
        Ok(Some(false))
    }

    /// Forgets an author in this process. Another one may remember a keyed fingerprint for a day, or until it ends.
    fn forget(&self, authors: &[Pseudonym]) {
        self.repeats.forget(authors);
        self.climbed.forget(authors);
    }

    /// Refuses what the office would lose sight of.
    async fn nothing_in_force(&self, authors: &[Pseudonym], now: Timestamp) -> Result<(), OfficeError> {
        let (mut open, mut sanctions) = (0, 0);
        for author in authors {
            let record = self.ledger.author(author).await?;
            sanctions += record.standing.sanctions.iter().filter(|sanction| sanction.is_running()).count();
            let cases = self.ledger.cases_by_author(author).await?;
            let reads = cases.into_iter().map(|id| async move { self.ledger.case(&id, now).await });
            let mut cases = stream::iter(reads).buffer_unordered(READS_AT_ONCE);
            while let Some(case) = cases.try_next().await? {
                open += usize::from(case.is_some_and(|case| case.is_open()));
            }
        }
        if open + sanctions > 0 { Err(OfficeError::InForce { open, sanctions }) } else { Ok(()) }
    }
}
