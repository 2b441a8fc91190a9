//! What arrived as a mere reference: read, then judged like the rest.

use jiff::Timestamp;
use ledger::{Cause, LedgerError, ReadOutcome, ReadWork};
use platforms::{Adapter, Answer, Class, Delivery, Event, Presence, Target, Unanswered, adapter};
use policy::{ActionKind, Contribution, Obstacle, Platform, Surface};

use crate::Moderation;
use crate::actions::reach::Uncalled;
use crate::actions::retry;
use crate::actions::swept::Acted;
use crate::actions::task;

enum Reading {
    /// Judged and recorded, or our own voice.
    Done,
    /// It is no longer there.
    Gone,
    /// Not now.
    Again {
        class: Class,
        /// Whether the platform was asked.
        asked: bool,
    },
    /// Never.
    Never(Obstacle),
    /// Its account is no longer ours.
    NotOurs,
}

impl Moderation {
    pub(crate) async fn read(&self, work: &ReadWork) -> Result<Acted, LedgerError> {
        let unread = &work.unread;
        let reading = self.fetch(work).await?;
        let now = self.clock.now();
        let outcome = match reading {
            Reading::Done => ReadOutcome::Done,
            Reading::NotOurs => self.given_up(work, Cause::AccountNotOurs, now),
            Reading::Gone => self.judge_what_came(work, || ReadOutcome::Done).await?,
            Reading::Never(why) => {
                self.judge_what_came(work, || self.given_up(work, Cause::Platform(why), now)).await?
            }
            Reading::Again { class, asked } => {
                let (platform, account) = (unread.platform, &unread.account);
                let later = self.postponement(platform, account, &class, work.attempts, &work.reference, now).await;
                // A permission that is missing is missing the next time, too: someone has to grant it.
                let is_refused = matches!(class, Class::Configuration(_)) && !unread.written.is_empty();
                match retry::next_attempt(work.deferred_at, later.until, now).filter(|_| !is_refused) {
                    Some(at) => {
                        // Whoever was not asked because of others has not been asked in vain.
                        let held = class.holds_account() || !asked && matches!(class, Class::RetryAfter(_));
                        ReadOutcome::Again { at, asked, held }
                    }
                    None => {
                        let attempts = if asked { work.attempts } else { work.attempts.saturating_sub(1) };
                        let why = retry::in_vain(attempts, work.deferred_at, now);
                        self.judge_what_came(work, || self.given_up(work, why, now)).await?
                    }
                }
            }
        };
        let acted = match &outcome {
            ReadOutcome::Again { at, .. } => Acted::Postponed(*at),
            ReadOutcome::Done | ReadOutcome::GivenUp { .. } => Acted::Read,
        };
        if self.ledger.settle_reading(work, outcome, now).await? && unread.is_rewritten() {
            self.ledger.hasten_hiding(unread.platform, &unread.account, &unread.id, now).await?;
        }
        Ok(acted)
    }

    /// Where reading is refused, what came along with the reference is judged, by an author who stays unknown: it can be
    /// hidden, and counts for nobody. Where it is really gone, the effect of the hide says so. Without anything that came
    /// along there is only the other way.
    async fn judge_what_came(
        &self,
        work: &ReadWork,
        otherwise: impl FnOnce() -> ReadOutcome,
    ) -> Result<ReadOutcome, LedgerError> {
        let mut written = work.unread.written.clone();
        if written.is_empty() {
            return Ok(otherwise());
        }
        self.tally.count(work.unread.platform, "judged_unread");
        if work.unread.look {
            // It was judged when it came. What came last is what stands there, as far as anybody can tell.
            if let Some(last) = written.pop() {
                self.judge_seen(work, last).await?;
            }
            return Ok(ReadOutcome::Done);
        }
        // An original before its rewriting.
        written.sort_by_key(|contribution| contribution.edited);
        for mut contribution in written {
            contribution.told_at = contribution.told_at.or(Some(work.deferred_at));
            self.judge_read(work.unread.platform, Some(Event::Contribution(contribution))).await?;
        }
        Ok(ReadOutcome::Done)
    }

    fn given_up(&self, work: &ReadWork, why: Cause, now: Timestamp) -> ReadOutcome {
        ReadOutcome::GivenUp { task: task::unread(work.unread.platform, work.reference.to_string(), why, now) }
    }

    async fn fetch(&self, work: &ReadWork) -> Result<Reading, LedgerError> {
        let unread = &work.unread;
        let platform = unread.platform;
        let Some(account) = self.policy.account(platform, &unread.account) else {
            return Ok(Reading::NotOurs);
        };
        let target = Target {
            account,
            surface: unread.surface,
            contribution: &unread.id,
            thread: unread.thread.as_ref(),
            parent: None,
            author: None,
        };
        let adapter = adapter(platform);
        let Some(call) = adapter.read_call(&target) else {
            return Ok(Reading::Never(Obstacle::NotReadable));
        };
        match self.call(account, &call).await {
            Ok(answer) if answer.status.is_success() => match adapter.read(&target, &answer, &self.accounts) {
                // A permission that is missing leaves the text out: then nothing tells what stands there.
                Ok(Some(seen)) if unread.look && seen.text.is_empty() => Ok(Reading::Never(Obstacle::TextNotShown)),
                Ok(Some(seen)) if unread.is_rewritten() => {
                    self.judge_seen(work, seen).await?;
                    Ok(Reading::Done)
                }
                Ok(seen) => {
                    // However late it is read: what was told of was there before.
                    let seen = seen.map(|seen| Contribution { told_at: Some(work.deferred_at), ..seen });
                    self.judge_read(platform, seen.map(Event::Contribution)).await
                }
                Err(malformed) => {
                    tracing::error!(%platform, call = call.name, path = malformed.path, reason = malformed.reason,
                        "what was read from a platform did not parse");
                    Ok(Reading::Never(Obstacle::Unintelligible))
                }
            },
            Ok(answer) => Ok(self.unreadable(adapter, &target, &answer).await),
            Err(uncalled) => Ok(self.uncalled(uncalled)),
        }
    }

    fn uncalled(&self, uncalled: Uncalled) -> Reading {
        let asked = match uncalled {
            Uncalled::Limited(..) => true,
            Uncalled::Unanswered(unanswered) => unanswered != Unanswered::NoToken,
            Uncalled::Held(_) | Uncalled::Busy => false,
        };
        Reading::Again { class: uncalled.class(self.clock.now()), asked }
    }

    async fn judge_read(&self, platform: Platform, event: Option<Event>) -> Result<Reading, LedgerError> {
        let mut delivery = Delivery::default();
        if let Some(event) = event {
            delivery.push(event);
        }
        self.take(platform, delivery).await.map_err(|error| error.cause)?;
        Ok(Reading::Done)
    }

    /// What an error means for a reading. The errors of a read are those of any call; `hide` is the action that is
    /// nearest to a read, because it too is harmless to repeat.
    async fn unreadable(&self, adapter: &dyn Adapter, target: &Target<'_>, answer: &Answer) -> Reading {
        match adapter.classify(ActionKind::Hide, answer) {
            Class::AlreadySo | Class::Done(_) => Reading::Gone,
            Class::Unsure => self.is_gone(adapter, target).await,
            Class::Permanent(why) | Class::NextAlternative(why) => Reading::Never(why),
            class => Reading::Again { class, asked: true },
        }
    }

    /// Gone, or not shown to us. What stands on someone else's page may be either, whatever our own token can see: a
    /// person looks.
    async fn is_gone(&self, adapter: &dyn Adapter, target: &Target<'_>) -> Reading {
        let call = adapter.presence_call(target).filter(|_| target.surface != Surface::Mention);
        let Some(call) = call else { return Reading::Never(Obstacle::NotShown) };
        match self.call(target.account, &call).await {
            Ok(answer) => match adapter.presence(&answer) {
                Presence::Gone => Reading::Gone,
                Presence::Present => Reading::Never(Obstacle::NotShown),
                Presence::Unknown => {
                    let class = Class::RetryBackoff("gone, or not shown: not known yet");
                    Reading::Again { class, asked: true }
                }
            },
            // The reading itself was asked for, and answered with what is to be found out.
            Err(uncalled) => Reading::Again { class: uncalled.class(self.clock.now()), asked: true },
        }
    }
}
