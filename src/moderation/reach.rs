//! Calling a platform: never while a limit is reached, and carefully as long as nobody knows whether one is.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use jiff::Timestamp;
use platforms::{Answer, Call, Caller, Class, Limit, NoAnswer, Unanswered, adapter};
use policy::{Account, ActionKind, Platform};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::timeout;

use crate::Moderation;
use crate::act::ACTIONS_AT_ONCE;
use crate::retry::waiting;

/// How long a call waits for those before it. Together with the calls of one action it must be shorter than the lease.
const PATIENCE: Duration = Duration::from_secs(5);

/// Why a platform was not called, or did not answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Uncalled {
    /// Nothing is asked of the account until then.
    Held(Timestamp),
    /// It was called, and says that this limit is reached: until then, as far as anybody knows.
    Limited(Limit, Timestamp),
    /// Others are calling, and have not been answered yet.
    Busy,
    /// There is no answer.
    Unanswered(Unanswered),
}

impl Uncalled {
    /// What that means for whatever was to be asked.
    pub(crate) fn class(self, now: Timestamp) -> Class {
        match self {
            Uncalled::Held(until) => Class::RetryAfter(waiting(now, until)),
            Uncalled::Limited(limit, until) => Class::Limited(Limit { wait: Some(waiting(now, until)), ..limit }),
            Uncalled::Busy => Class::RetryBackoff("other calls to the platform are not answered yet"),
            Uncalled::Unanswered(Unanswered::NoToken) => Class::Reauthorise("no access token is set for this account"),
            Uncalled::Unanswered(Unanswered::Unsendable) => {
                Class::Configuration("the access token or the address cannot be sent")
            }
            Uncalled::Unanswered(Unanswered::NotSent) => Class::RetryBackoff("the platform could not be reached"),
            Uncalled::Unanswered(Unanswered::Lost) => Class::RetryBackoff("the platform did not answer in time"),
        }
    }
}

impl Moderation {
    /// Calls a platform on behalf of an account, unless nothing is to be asked of it now. An answer that says that a limit
    /// is reached is noted here, once, and is none for whoever asked.
    pub(crate) async fn call(&self, account: &Account, call: &Call) -> Result<Answer, Uncalled> {
        let Account { platform, id, .. } = account;
        let held = async || match self.held_for(*platform, id, Some(call), self.clock.now()).await {
            Some(until) => Err(Uncalled::Held(until)),
            None => Ok(()),
        };
        held().await?;
        let pass = self.lanes.enter(platforms::app(*platform)).await.ok_or(Uncalled::Busy)?;
        // Those before it may have met a limit.
        held().await?;
        let answer = self.client.send(*platform, id, call).await.map_err(Uncalled::Unanswered)?;
        // The errors of a call are the same whatever it asks, and hiding is the action that is as harmless as a read.
        match adapter(*platform).classify(ActionKind::Hide, &answer) {
            Class::Limited(limit) => {
                let until = self.reach(*platform, id, &limit, Some(call), self.clock.now()).await;
                return Err(Uncalled::Limited(limit, until));
            }
            _ => pass.widen(),
        }
        Ok(answer)
    }
}

impl Caller for Moderation {
    async fn obtain(&self, account: &Account, call: &Call) -> Result<Answer, NoAnswer> {
        self.call(account, call).await.map_err(|uncalled| match uncalled {
            Uncalled::Held(_) | Uncalled::Limited(..) => NoAnswer::Held(uncalled.class(self.clock.now())),
            Uncalled::Busy => NoAnswer::Unanswered(Unanswered::NotSent),
            Uncalled::Unanswered(unanswered) => NoAnswer::Unanswered(unanswered),
        })
    }
}

/// How many calls are under way through an app at the same time. The first goes alone; each answer that is no limit lets
/// one more go beside it. So of all that waits when a limit is reached, one call finds that out, and a raid is soon dealt
/// with at full width. When nobody calls any more, it begins again. Clones share it.
#[derive(Clone, Debug, Default)]
pub(crate) struct Lanes(Arc<Mutex<HashMap<Platform, Lane>>>);

#[derive(Debug)]
struct Lane {
    places: Arc<Semaphore>,
    width: usize,
    /// How many call, or wait to call.
    users: usize,
}

/// The right to make one call.
struct Pass {
    lanes: Lanes,
    app: Platform,
    /// Given back before the user leaves, so that a lane which is taken away is empty.
    place: Option<OwnedSemaphorePermit>,
}

impl Lanes {
    fn with<T>(&self, what: impl FnOnce(&mut HashMap<Platform, Lane>) -> T) -> T {
        what(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Waits until a call may be made; `None` when that takes too long.
    async fn enter(&self, app: Platform) -> Option<Pass> {
        let places = self.with(|lanes| {
            let new = || Lane { places: Arc::new(Semaphore::new(1)), width: 1, users: 0 };
            let lane = lanes.entry(app).or_insert_with(new);
            lane.users += 1;
            Arc::clone(&lane.places)
        });
        let mut pass = Pass { lanes: self.clone(), app, place: None };
        // It is never closed.
        pass.place = timeout(PATIENCE, places.acquire_owned()).await.ok()?.ok();
        Some(pass)
    }
}

impl Pass {
    fn widen(&self) {
        self.lanes.with(|lanes| {
            if let Some(lane) = lanes.get_mut(&self.app).filter(|lane| lane.width < ACTIONS_AT_ONCE) {
                lane.width += 1;
                lane.places.add_permits(1);
            }
        });
    }
}

impl Drop for Pass {
    fn drop(&mut self) {
        self.place = None;
        self.lanes.with(|lanes| {
            if let Some(lane) = lanes.get_mut(&self.app) {
                lane.users -= 1;
                if lane.users == 0 {
                    lanes.remove(&self.app);
                }
            }
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SHORT: Duration = Duration::from_millis(50);

    /// How many may call at once, now.
    fn width(lanes: &Lanes) -> usize {
        lanes.with(|lanes| lanes.get(&Platform::X).map_or(1, |lane| lane.width))
    }

    #[tokio::test]
    async fn the_first_call_goes_alone_and_each_answer_lets_one_more_go() {
        let lanes = Lanes::default();
        let first = lanes.enter(Platform::X).await.unwrap();
        assert!(timeout(SHORT, lanes.enter(Platform::X)).await.is_err(), "nobody knows yet whether a limit is reached");
        assert!(lanes.enter(Platform::Youtube).await.is_some(), "that is another app");
        first.widen();
        let second = lanes.enter(Platform::X).await.unwrap();
        for _ in 0..100 {
            second.widen();
        }
        assert_eq!(width(&lanes), ACTIONS_AT_ONCE);
        drop((first, second));
        assert_eq!(width(&lanes), 1, "when nobody calls any more it begins again");
    }

    #[tokio::test]
    async fn whoever_gives_up_waiting_leaves_no_trace() {
        let lanes = Lanes::default();
        let first = lanes.enter(Platform::X).await.unwrap();
        assert!(lanes.enter(Platform::X).await.is_none(), "its patience is over");
        assert!(timeout(SHORT, lanes.enter(Platform::X)).await.is_err(), "it is cancelled");
        drop(first);
        assert!(lanes.with(|lanes| lanes.is_empty()));
    }
}
