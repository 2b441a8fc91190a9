//! What is recorded, compared with what is so: work that nobody carries out, accounts of which a platform sends nothing
//! any more, contributions that a platform shows otherwise than we recorded. What can be mended without deciding
//! anything is mended; the rest is a task.

mod contributions;
mod subscriptions;

use jiff::{SignedDuration, Timestamp};
use ledger::{LedgerError, Recorded, Task};

use crate::actions::task;
use crate::{Moderation, Pace};

/// Work that has been due for longer than this is not carried out: it is looked for every minute.
const STUCK_AFTER: SignedDuration = SignedDuration::from_hours(1);

/// How much work that is stuck is counted; more of it needs the same person.
const STUCK_COUNTED: usize = 100;

/// For so long nobody is told again of something that a person has dealt with and that is still so.
const QUIET: SignedDuration = SignedDuration::from_hours(24);

/// What a reconciliation found and did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Reconciled {
    /// Pending work that has been due for more than an hour; at most 100.
    pub stuck: usize,
    /// Accounts whose subscription was asked for.
    pub subscriptions: usize,
    /// Of them, those that lacked some of what has to be delivered.
    pub lapsed: usize,
    /// Of those, the ones that are subscribed again.
    pub resubscribed: usize,
    /// Cases whose contribution was looked at.
    pub looked_at: usize,
    /// Cases that were closed because their contribution is gone.
    pub removed: usize,
    /// Cases whose contribution is shown otherwise than recorded.
    pub differing: usize,
    /// Erasures of authors that were fulfilled now.
    pub erased: usize,
    /// How many calls it took.
    pub calls: usize,
}

impl Moderation {
    /// Compares what is recorded with what is so, and mends it or raises a task: the same task once, however often it
    /// is found. At a regular pace it expects to be called every hour, and then looks at each contribution once a day.
    ///
    /// A platform that does not answer, or an account of which nothing is to be asked for now, is left for the next
    /// time.
    ///
    /// # Errors
    /// When the ledger is not available. What was found until then is recorded, and repeating finds the rest.
    pub async fn reconcile(&self, pace: Pace) -> Result<Reconciled, LedgerError> {
        // First: no platform's answer holds up what the organisation owes to a person.
        let mut found = Reconciled { erased: self.carry_erasures_on().await?.done, ..Reconciled::default() };
        self.find_stuck(&mut found).await?;
        self.check_subscriptions(&mut found).await?;
        self.compare_contributions(pace, &mut found).await?;
        tracing::info!(
            stuck = found.stuck,
            subscriptions = found.subscriptions,
            lapsed = found.lapsed,
            resubscribed = found.resubscribed,
            looked_at = found.looked_at,
            removed = found.removed,
            differing = found.differing,
            erased = found.erased,
            calls = found.calls,
            "what is recorded was compared with what is so"
        );
        Ok(found)
    }

    /// Looks for work that nobody takes up, from outside of whoever should.
    async fn find_stuck(&self, found: &mut Reconciled) -> Result<(), LedgerError> {
        let now = self.clock.now();
        let long_due = now.saturating_sub(STUCK_AFTER).unwrap_or(Timestamp::MIN);
        found.stuck = self.ledger.due(long_due, STUCK_COUNTED).await?.len();
        if found.stuck == 0 {
            return Ok(());
        }
        let since = self.ledger.next_due().await?.unwrap_or(long_due);
        tracing::error!(pieces = found.stuck, %since, "pending work is not carried out although its time is long past");
        self.raise("stuck", |id| task::stuck(id, found.stuck, since, now), now).await?;
        Ok(())
    }

    /// Raises a task about something that may come again, unless one about it is open, or was done within the last day.
    /// Whether it was raised.
    pub(crate) async fn raise(
        &self,
        about: &str,
        task: impl Fn(String) -> Task,
        now: Timestamp,
    ) -> Result<bool, LedgerError> {
        for number in 1.. {
            let id = format!("{about}-{number}");
            match self.ledger.task(&id, now).await?.map(|before| before.done) {
                Some(Some(done)) if now.duration_since(done.at) >= QUIET => {}
                Some(_) => break,
                // What has expired may still be there: then the next number is free.
                None if self.ledger.put_task(&task(id)).await? == Recorded::New => return Ok(true),
                None => {}
            }
        }
        Ok(false)
    }
}
