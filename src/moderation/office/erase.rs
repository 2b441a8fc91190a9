//! Erasing an author because the person asked the office. The rest follows by itself: `erase`.

use futures_util::{StreamExt, TryStreamExt, stream};
use jiff::Timestamp;
use ledger::{Erasing, ErasureGround, ErasureRequest, Pseudonym};
use policy::Platform;

use super::{Office, OfficeError, Ruling};

/// How many cases are read at the same time.
const READS_AT_ONCE: usize = 16;

impl Office<'_> {
    /// Erases an author at the person's request, as far as that is possible now; the rest follows by itself, after a minute
    /// at the earliest: what was received shortly before may not be on record yet. Nothing is
    /// lifted and nothing is shown again by it: of what still applies, Galateo only forgets to whom.
    ///
    /// # Errors
    /// When the ruling says nothing, the ledger is unavailable, or, unless `anyway`, while something about the author is
    /// still to be decided or a sanction is in force.
    pub async fn erase(
        &self,
        platform: Option<Platform>,
        authors: &[Pseudonym],
        ruling: &Ruling,
        anyway: bool,
    ) -> Result<Erasing, OfficeError> {
        let now = self.moderation.clock.now();
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
        self.moderation.ledger.begins_by(now).await?;
        let erasure = self.moderation.ledger.request_erasure(&request, now).await?;
        self.moderation.forget(authors);
        let erasing = self
            .moderation
            .ledger
            .erase(&erasure.code, &self.moderation.policy.reference, self.moderation.clock.now())
            .await?;
        Ok(erasing.unwrap_or(Erasing { erasure, waiting: 0 }))
    }

    /// Refuses what the office would lose sight of.
    async fn nothing_in_force(&self, authors: &[Pseudonym], now: Timestamp) -> Result<(), OfficeError> {
        let (mut open, mut sanctions, mut still_kept_out) = (0, 0, 0);
        for author in authors {
            let record = self.moderation.ledger.author(author).await?;
            sanctions += record.standing.sanctions.iter().filter(|sanction| sanction.is_running()).count();
            // Nobody would know any more whom to let in.
            still_kept_out += self.still_kept_out(&record).await?.len();
            let cases = self.moderation.ledger.cases_by_author(author).await?;
            let reads = cases.into_iter().map(|id| async move { self.moderation.ledger.case(&id, now).await });
            let mut cases = stream::iter(reads).buffer_unordered(READS_AT_ONCE);
            while let Some(case) = cases.try_next().await? {
                open += usize::from(case.is_some_and(|case| case.is_open()));
            }
        }
        if open + sanctions + still_kept_out == 0 {
            return Ok(());
        }
        Err(OfficeError::InForce { open, sanctions, still_kept_out })
    }
}
