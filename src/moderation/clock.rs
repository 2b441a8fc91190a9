//! The clock by which the use cases are dated, which can be moved for rehearsals and tests.

use jiff::{SignedDuration, Timestamp};

/// The system's clock, shifted by a constant.
#[derive(Clone, Copy, Debug, Default)]
pub struct Clock {
    offset: SignedDuration,
}

impl Clock {
    /// A clock that shows `now` at this moment and goes on from there (`--now`).
    pub fn starting_at(now: Timestamp) -> Self {
        Self { offset: now.duration_since(Timestamp::now()) }
    }

    /// What is wrong with the clock of this machine, where that is certain: it is earlier than this program. What is
    /// recorded would stand before everything else for ever, because the log only grows.
    pub fn fault(now: Timestamp) -> Option<String> {
        let made: Timestamp = jiff::civil::date(2026, 11, 1).to_zoned(jiff::tz::TimeZone::UTC).ok()?.timestamp();
        (now < made)
            .then(|| format!("the clock of this machine says {now}, which is before this program was made: set it"))
    }

    /// The time it shows.
    pub fn now(&self) -> Timestamp {
        Timestamp::now().saturating_add(self.offset).unwrap_or(Timestamp::MAX)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clock_that_never_was_set_is_known() {
        assert!(Clock::fault("1970-01-01T00:00:10Z".parse().unwrap()).is_some_and(|fault| fault.contains("1970")));
        assert_eq!(Clock::fault("2026-11-30T09:00:00Z".parse().unwrap()), None);
        assert_eq!(Clock::fault("2036-11-30T09:00:00Z".parse().unwrap()), None);
    }
}
