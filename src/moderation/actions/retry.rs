//! When what did not succeed is tried again, and when that is given up.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use ledger::Cause;
use platforms::{Class, Limit, LimitOf, LimitedCalls};
use policy::{AccountId, Platform};

use crate::Moderation;

/// How long a worker may hold an action: longer than the platform's time-out times the calls of one action, so that
/// two workers never carry out the same action at once.
pub(crate) const LEASE: SignedDuration = SignedDuration::from_secs(90);

/// After this time an action that still does not succeed becomes a task for the office. Longer than any quota lasts
/// (a day), and short enough that an apology is still worth something.
pub(crate) const GIVE_UP_AFTER: SignedDuration = SignedDuration::from_hours(48);

/// How long nothing is asked of an account whose credentials the platform refuses: someone has to renew them, and
/// calling on meanwhile would only look like an attack. Also the pause after a call that we are not permitted to make.
const HOLD: SignedDuration = SignedDuration::from_mins(15);

/// How long an action of the system waits before it looks again whether automation is switched on.
pub(crate) const SWITCHED_OFF: SignedDuration = SignedDuration::from_mins(5);

const FIRST_PAUSE: SignedDuration = SignedDuration::from_secs(2);
const LONGEST_PAUSE: SignedDuration = SignedDuration::from_hours(1);

/// When to try again, and why not now.
pub(crate) struct Postponement {
    pub until: Timestamp,
    pub reason: &'static str,
}

impl Moderation {
    /// When to try again after an answer of this class. Credentials that are refused, and an account that the platform
    /// suspends, hold everything that is asked of the account, with one error in the log. What a limit holds was noted when
    /// it was met.
    pub(crate) async fn postponement(
        &self,
        platform: Platform,
        account: &AccountId,
        class: &Class,
        attempts: u32,
        spread: &impl ToString,
        now: Timestamp,
    ) -> Postponement {
        let pause = backoff(attempts, &spread.to_string());
        let (wait, reason) = match class {
            Class::Limited(limit) => (longer(limit.wait.unwrap_or_default(), pause), limit.reason),
            Class::RetryAfter(wait) => (longer(*wait, pause), "not to be asked before that"),
            Class::RetryBackoff(reason) => (pause, *reason),
            Class::Reauthorise(reason) => (HOLD, *reason),
            Class::Suspended(reason, wait) => (longer(*wait, HOLD), *reason),
            Class::Configuration(reason) => {
                tracing::error!(%platform, %account, reason, "a platform does not take a call of ours: it may be a \
                    missing permission");
                (HOLD, *reason)
            }
            Class::Done(_) | Class::AlreadySo | Class::Unsure | Class::NextAlternative(_) | Class::Permanent(_) => {
                (pause, "the platform's answer left it open")
            }
        };
        let until = later(now, wait);
        let is_held = match class {
            Class::Reauthorise(_) => self.holds.refuse(platform, account, until, now),
            Class::Suspended(..) => {
                let is_new = self.limited_until(platform, account, now).await.is_none();
                let wait = Some(waiting(now, until));
                let limit = Limit { of: LimitOf::Account, calls: LimitedCalls::All, wait, reason };
                self.reach(platform, account, &limit, None, now).await;
                is_new
            }
            _ => false,
        };
        if is_held {
            tracing::error!(%platform, %account, reason, %until, "a platform refuses our credentials or suspends the \
                account: nothing is asked of it meanwhile");
        }
        Postponement { until, reason }
    }
}

/// How long from now to then.
pub(crate) fn waiting(now: Timestamp, until: Timestamp) -> Duration {
    until.duration_since(now).try_into().unwrap_or_default()
}

fn longer(wait: Duration, than: SignedDuration) -> SignedDuration {
    SignedDuration::try_from(wait).unwrap_or(SignedDuration::MAX).max(than)
}

pub(crate) fn later(now: Timestamp, wait: SignedDuration) -> Timestamp {
    now.saturating_add(wait).unwrap_or(Timestamp::MAX)
}

/// The pause before the next attempt: doubling from two seconds to an hour, less up to a quarter, by a spread that
/// differs between cases, so that those which failed together do not come back together.
fn backoff(attempts: u32, spread: &str) -> SignedDuration {
    let doublings = attempts.saturating_sub(1).min(16);
    let pause = FIRST_PAUSE.saturating_mul(1 << doublings).min(LONGEST_PAUSE);
    let mix = spread.bytes().fold(attempts, |mix, byte| mix.wrapping_mul(31).wrapping_add(u32::from(byte)));
    let quarters = SignedDuration::from_millis(i64::try_from(pause.as_millis() / 4).unwrap_or_default());
    pause - quarters.mul_f64(f64::from(mix % 1000) / 1000.0)
}

/// When to try once more, if that makes sense: at the latest when the time is up, whatever the platform says about when
/// to come back. `None` when it is up.
pub(crate) fn next_attempt(tried_since: Timestamp, proposed: Timestamp, now: Timestamp) -> Option<Timestamp> {
    let last = later(tried_since, GIVE_UP_AFTER);
    (now < last).then(|| proposed.min(last))
}

/// That something was tried in vain: how often the platform was asked, and over what time.
pub(crate) fn in_vain(attempts: u32, tried_since: Timestamp, now: Timestamp) -> Cause {
    Cause::InVain { attempts, minutes: now.duration_since(tried_since).as_mins().try_into().unwrap_or_default() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_double_up_to_an_hour() {
        let pause = |attempts| backoff(attempts, "case").as_secs_f64();
        assert!((1.5..=2.0).contains(&pause(1)), "{}", pause(1));
        assert!((3.0..=4.0).contains(&pause(2)), "{}", pause(2));
        assert!((2700.0..=3600.0).contains(&pause(12)), "{}", pause(12));
        assert!((2700.0..=3600.0).contains(&pause(u32::MAX)), "{}", pause(u32::MAX));
    }

    #[test]
    fn cases_that_failed_together_come_back_apart() {
        let pauses: std::collections::HashSet<_> =
            (0..20).map(|case| backoff(4, &format!("case-{case}")).as_millis()).collect();
        assert!(pauses.len() > 10, "only {} different pauses", pauses.len());
    }

    #[test]
    fn trying_ends_after_two_days_with_a_last_attempt_whatever_time_the_platform_names() {
        let at = |text: &str| -> Timestamp { text.parse().unwrap() };
        let (asked, end) = (at("2026-11-02T10:00:00Z"), at("2026-11-04T10:00:00Z"));
        assert_eq!(next_attempt(asked, at("2026-11-02T11:00:00Z"), asked), Some(at("2026-11-02T11:00:00Z")));
        assert_eq!(next_attempt(asked, at("2026-11-05T10:00:00Z"), asked), Some(end));
        assert_eq!(next_attempt(asked, Timestamp::MAX, at("2026-11-04T09:59:59Z")), Some(end));
        assert_eq!(next_attempt(asked, at("2026-11-04T10:00:05Z"), end), None);
    }
}
