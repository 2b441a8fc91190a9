//! What arrived as a mere reference: read, then judged like the rest.

use jiff::Timestamp;
use ledger::{LedgerError, ReadOutcome, ReadWork};
use platforms::{Adapter, Class, Delivery, Event, Presence, Target, adapter};
use policy::{ActionKind, Platform};

use crate::act::{Acted, from_unanswered, later};
use crate::retry::{self, HOLD};
use crate::{Moderation, task};

enum Reading {
    /// Judged and recorded, or our own voice, or gone.
    Done,
    /// Not now.
    Again(Class),
    /// Never.
    Never(&'static str),
}

impl Moderation {
    pub(crate) async fn read(&self, work: &ReadWork) -> Result<Acted, LedgerError> {
        let unread = &work.unread;
        let reading = self.fetch(work).await?;
        let now = self.clock.now();
        let pause = retry::backoff(work.attempts, &work.reference.to_string());
        let (at, why) = match reading {
            Reading::Done => {
                self.ledger.settle_reading(work, ReadOutcome::Done, now).await?;
                return Ok(Acted::Read);
            }
            Reading::Never(why) => (Timestamp::MAX, why),
            Reading::Again(Class::RetryAfter(wait)) => {
                let wait = jiff::SignedDuration::try_from(wait).unwrap_or(pause).max(pause);
                (later(now, wait), "the platform named the time")
            }
            Reading::Again(Class::Reauthorise(why) | Class::Configuration(why)) => {
                let until = later(now, HOLD);
                if self.hold(unread.platform, &unread.account, until, now) {
                    tracing::error!(platform = %unread.platform, account = %unread.account, reason = why,
                        until = %until, "a platform refuses to be read: nothing is asked of it meanwhile");
                }
                (until, why)
            }
            Reading::Again(_) => (later(now, pause), "the platform could not be read"),
        };
        let outcome = if retry::is_hopeless(work.deferred_at, at) {
            ReadOutcome::GivenUp { task: task::unread(unread.platform, work.reference.to_string(), why, now) }
        } else {
            ReadOutcome::Again { at }
        };
        let acted = match &outcome {
            ReadOutcome::Again { at } => Acted::Postponed(*at),
            ReadOutcome::Done | ReadOutcome::GivenUp { .. } => Acted::Read,
        };
        self.ledger.settle_reading(work, outcome, now).await?;
        Ok(acted)
    }

    async fn fetch(&self, work: &ReadWork) -> Result<Reading, LedgerError> {
        let unread = &work.unread;
        let platform = unread.platform;
        let Some(account) = self.policy.account(platform, &unread.account) else {
            return Ok(Reading::Never("il profilo non è più tra quelli della policy"));
        };
        if let Some(until) = self.held_until(platform, &unread.account, self.clock.now()) {
            let wait = until.duration_since(self.clock.now());
            return Ok(Reading::Again(Class::RetryAfter(wait.try_into().unwrap_or_default())));
        }
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
            return Ok(Reading::Never("la piattaforma non permette di leggerlo"));
        };
        match self.client.send(platform, &unread.account, &call).await {
            Ok(answer) if answer.status.is_success() => match adapter.read(&target, &answer) {
                Ok(contribution) => self.judge_read(platform, contribution.map(Event::Contribution)).await,
                Err(malformed) => {
                    tracing::error!(%platform, call = call.name, path = malformed.path, reason = malformed.reason,
                        "what was read from a platform did not parse");
                    Ok(Reading::Never("risposta della piattaforma non comprensibile"))
                }
            },
            Ok(answer) => Ok(self.unreadable(adapter, &answer)),
            Err(unanswered) => Ok(Reading::Again(from_unanswered(unanswered))),
        }
    }

    async fn judge_read(&self, platform: Platform, event: Option<Event>) -> Result<Reading, LedgerError> {
        let delivery = Delivery { events: event.into_iter().collect(), ignored: Vec::new() };
        self.take(platform, delivery).await.map_err(|error| error.cause)?;
        Ok(Reading::Done)
    }

    fn unreadable(&self, adapter: &dyn Adapter, answer: &platforms::Answer) -> Reading {
        if adapter.presence(answer) == Presence::Gone {
            return Reading::Done;
        }
        // The errors of a read are those of any call; `hide` is the action that is nearest to a read, because it too
        // is harmless to repeat.
        match adapter.classify(ActionKind::Hide, answer) {
            Class::AlreadySo | Class::Done(_) | Class::Unsure => Reading::Done,
            Class::Permanent(why) | Class::NextAlternative(why) => Reading::Never(why),
            class => Reading::Again(class),
        }
    }
}
