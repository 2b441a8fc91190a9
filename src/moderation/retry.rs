//! When an action that did not succeed is tried again, and when that is given up.

use jiff::{SignedDuration, Timestamp};

/// How long a worker may hold an action: longer than the platform's time-out times the calls of one action, so that
/// two workers never carry out the same action at once.
pub(crate) const LEASE: SignedDuration = SignedDuration::from_secs(90);

/// After this time an action that still does not succeed becomes a task for the office. Longer than any quota lasts
/// (a day), and short enough that an apology is still worth something.
pub(crate) const GIVE_UP_AFTER: SignedDuration = SignedDuration::from_hours(48);

/// How long nothing is asked of an account whose credentials or permissions the platform refuses: someone has to
/// renew them, and calling on meanwhile would only look like an attack.
pub(crate) const HOLD: SignedDuration = SignedDuration::from_mins(15);

const FIRST_PAUSE: SignedDuration = SignedDuration::from_secs(5);
const LONGEST_PAUSE: SignedDuration = SignedDuration::from_hours(1);

/// The pause before the next attempt: doubling from five seconds to an hour, less up to a quarter, by a spread that
/// differs between cases, so that those which failed together do not come back together.
pub(crate) fn backoff(attempts: u32, spread: &str) -> SignedDuration {
    let doublings = attempts.saturating_sub(1).min(16);
    let pause = FIRST_PAUSE.saturating_mul(1 << doublings).min(LONGEST_PAUSE);
    let mix = spread.bytes().fold(attempts, |mix, byte| mix.wrapping_mul(31).wrapping_add(u32::from(byte)));
    let quarters = SignedDuration::from_millis(i64::try_from(pause.as_millis() / 4).unwrap_or_default());
    pause - quarters.mul_f64(f64::from(mix % 1000) / 1000.0)
}

/// Whether to stop trying.
pub(crate) fn is_hopeless(first_asked: Timestamp, next: Timestamp) -> bool {
    next.duration_since(first_asked) > GIVE_UP_AFTER
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_double_up_to_an_hour() {
        let pause = |attempts| backoff(attempts, "case").as_secs_f64();
        assert!((3.75..=5.0).contains(&pause(1)), "{}", pause(1));
        assert!((7.5..=10.0).contains(&pause(2)), "{}", pause(2));
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
    fn trying_ends_after_two_days() {
        let asked: Timestamp = "2026-11-02T10:00:00Z".parse().unwrap();
        assert!(!is_hopeless(asked, "2026-11-04T10:00:00Z".parse().unwrap()));
        assert!(is_hopeless(asked, "2026-11-04T10:00:01Z".parse().unwrap()));
    }
}
