//! Calling a platform: never while a limit is reached, and carefully as long as nobody knows whether one is.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use jiff::Timestamp;
use platforms::{Answer, Call, Caller, Class, Limit, NoAnswer, Unanswered, adapter};
use policy::{Account, ActionKind, Platform};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::{Instant, timeout};

use crate::Moderation;
use crate::actions::act::ACTIONS_AT_ONCE;
use crate::actions::retry::waiting;

/// How long a call waits for those before it, while they are answered. Together with the calls of one action it must be
/// shorter than the lease.
const PATIENCE: Duration = Duration::from_secs(5);

/// A platform that is being asked and has answered nothing for so long is not waited for: who waits keeps others waiting.
const SILENCE: Duration = Duration::from_secs(2);

/// How soon somebody comes back who was not let in: by then the call before has ended, by an answer or without.
const COME_BACK: Duration = Duration::from_secs(5);

/// A call that ends without an answer after so long was not merely cut off: the platform hangs.
const HANGING: Duration = Duration::from_secs(5);

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
            Uncalled::Busy => Class::RetryAfter(COME_BACK),
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
        let asked = Instant::now();
        let answer = match self.client.send(*platform, id, call).await {
            Ok(answer) => answer,
            Err(unanswered) => {
                // Known before anybody else is let in.
                if asked.elapsed() >= HANGING {
                    let until = self.holds.fell_silent(*platform, id, self.clock.now());
                    tracing::warn!(%platform, account = %id, %until, "a platform does not answer: nothing is asked of \
                        the account meanwhile");
                }
                return Err(Uncalled::Unanswered(unanswered));
            }
        };
        self.holds.answered(*platform, id);
        pass.was_answered();
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
    /// How many of them call.
    calling: usize,
    /// When the platform answered last, or was first asked since nobody called.
    heard: Instant,
}

impl Lane {
    fn is_silent(&self) -> bool {
        self.calling >= self.width && self.heard.elapsed() > SILENCE
    }
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

    /// Waits until a call may be made; `None` when that takes too long, or the platform does not answer.
    async fn enter(&self, app: Platform) -> Option<Pass> {
        let places = self.with(|lanes| {
            let new =
                || Lane { places: Arc::new(Semaphore::new(1)), width: 1, users: 0, calling: 0, heard: Instant::now() };
            let lane = lanes.entry(app).or_insert_with(new);
            lane.users += 1;
            Arc::clone(&lane.places)
        });
        let mut pass = Pass { lanes: self.clone(), app, place: None };
        let since = Instant::now();
        while pass.place.is_none() {
            if since.elapsed() >= PATIENCE || self.with(|lanes| lanes.get(&app).is_some_and(Lane::is_silent)) {
                return None;
            }
            // It is never closed.
            pass.place = timeout(SILENCE, Arc::clone(&places).acquire_owned()).await.ok().and_then(Result::ok);
        }
        pass.change(|lane| {
            if lane.calling == 0 {
                lane.heard = Instant::now();
            }
            lane.calling += 1;
        });
        Some(pass)
    }
}

impl Pass {
    fn change(&self, what: impl FnOnce(&mut Lane)) {
        self.lanes.with(|lanes| lanes.get_mut(&self.app).map(what));
    }

    fn was_answered(&self) {
        self.change(|lane| lane.heard = Instant::now());
    }

    fn widen(&self) {
        self.change(|lane| {
            if lane.width < ACTIONS_AT_ONCE {
                lane.width += 1;
                lane.places.add_permits(1);
            }
        });
    }
}

impl Drop for Pass {
    fn drop(&mut self) {
        let called = self.place.take().is_some();
        self.lanes.with(|lanes| {
            if let Some(lane) = lanes.get_mut(&self.app) {
                lane.calling -= usize::from(called);
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
        assert!(
            timeout(SHORT, lanes.enter(Platform::X)).await.unwrap().is_none(),
            "nobody waits for a silent platform"
        );
        first.was_answered();
        assert!(timeout(SHORT, lanes.enter(Platform::X)).await.is_err(), "it is cancelled");
        drop(first);
        assert!(lanes.with(|lanes| lanes.is_empty()));
    }

    #[tokio::test]
    async fn who_is_answered_slowly_is_waited_for_and_who_comes_after_a_silence_has_its_time() {
        let lanes = Lanes::default();
        let first = lanes.enter(Platform::X).await.unwrap();
        let waiting = tokio::spawn({
            let lanes = lanes.clone();
            async move { lanes.enter(Platform::X).await }
        });
        tokio::time::sleep(SILENCE.mul_f32(0.9)).await;
        first.was_answered();
        tokio::time::sleep(SILENCE.mul_f32(0.6)).await;
        drop(first);
        let second = waiting.await.unwrap().expect("it was let in");
        assert_eq!(lanes.with(|lanes| lanes[&Platform::X].calling), 1);
        drop(second);
        let third = lanes.enter(Platform::X).await.unwrap();
        assert!(timeout(SHORT, lanes.enter(Platform::X)).await.is_err(), "it has not been silent for long");
        drop(third);
    }
}
