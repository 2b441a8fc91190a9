//! How far the system may go alone.

use serde::Serialize;

/// The safeguards on what the system does without a person.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Automation {
    /// Of how many authors a rule may hide something on an account within an hour, before its next matches wait for a
    /// person. An author counts once.
    pub hides_per_hour: u32,
    /// How many such authors there may be for each hundred contributions that arrived on the account in the last hour, …
    pub share_percent: u32,
    /// … once there are so many.
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
    /// Whether the circuit breaker of a rule on an account trips, after it hid something of so many authors, of so many
    /// contributions in the last hour: a rule that suddenly finds so much may be wrong.
    pub fn trips(&self, hides: u32, contributions: u32) -> bool {
        let share = u64::from(hides) * 100 > u64::from(contributions) * u64::from(self.share_percent);
        hides > self.hides_per_hour || (hides >= self.share_from && share)
    }
}
