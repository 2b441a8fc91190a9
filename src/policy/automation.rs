//! How far the system may go alone.

use serde::Serialize;

/// The safeguards on what the system does without a person.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Automation {
    /// How many contributions a rule may hide on an account within an hour, before its next matches wait for a person.
    pub hides_per_hour: u32,
    /// Which share of an account's contributions of the last hour a rule may hide, in percent, …
    pub share_percent: u32,
    /// … once it hid so many.
    pub share_from: u32,
    /// Whether the system may answer where everyone reads it. Otherwise a public reply waits for a person.
    pub public_replies: bool,
}

impl Default for Automation {
    fn default() -> Self {
        Self { hides_per_hour: 30, share_percent: 5, share_from: 10, public_replies: true }
    }
}

impl Automation {
    /// Whether the circuit breaker of a rule on an account trips, after so many hides and contributions in the last
    /// hour: a rule that suddenly hides so much may be wrong.
    pub fn trips(&self, hides: u32, contributions: u32) -> bool {
        let share = u64::from(hides) * 100 > u64::from(contributions) * u64::from(self.share_percent);
        hides > self.hides_per_hour || (hides >= self.share_from && share)
    }
}
