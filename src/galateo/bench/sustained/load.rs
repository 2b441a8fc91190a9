//! What is sent, and when: a fixed schedule that waits for nobody.

use std::time::Duration;

use futures_util::{StreamExt, stream};
use jiff::{SignedDuration, Timestamp};
use policy::Platform;
use serde::Serialize;
use tokio::time::{Instant, sleep, sleep_until};

use crate::bench::texts::{self, Comment};
use crate::failure::Failure;
use crate::serve::server::Server;

/// Every how many contributions one is a violation: 5 %.
const VIOLATION_EVERY: usize = 20;

/// How many violations each of their authors commits. Where the warnings arrive between them, they lead to both
/// warnings and the proposal of a block; where a violation comes before the warning about the one before, to fewer.
const VIOLATIONS_OF_AN_AUTHOR: usize = 3;

/// How many requests are under way at once, at most. What is due while all are waits, and its waiting is measured.
const UNDER_WAY: usize = 256;

/// How often a webhook that was not accepted is sent again, as platforms do, and the pause before.
const REPETITIONS: usize = 5;
const PAUSE: Duration = Duration::from_secs(1);

/// The most contributions of one run: about as many violations as the policy's limits can be raised to hide.
const MOST: usize = 1_000_000;

/// How many contributions are sent a second, and for how many seconds.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct Load {
    pub rate: u32,
    pub seconds: u32,
}

/// What became of a load.
pub struct Sent {
    /// When the first contribution was due.
    pub began: Timestamp,
    /// How many were answered 200 in the end.
    pub accepted: usize,
    /// How many answers were none, or other than 200. Each was followed by a repetition.
    pub refusals: usize,
    /// From the time at which each was due to its 200, in milliseconds.
    pub answer_ms: Vec<f64>,
    /// From the time at which the first was due to the last answer.
    pub took: Duration,
}

impl Load {
    /// # Errors
    /// When it is more than one run can take.
    pub fn new(rate: u32, seconds: u32) -> Result<Self, Failure> {
        let load = Self { rate, seconds };
        if load.contributions() > MOST {
            return Err(Failure::unusable(format!(
                "--rate {rate} --seconds {seconds}: found {} contributions, expected at most {MOST}",
                load.contributions()
            )));
        }
        Ok(load)
    }

    /// How many contributions these are.
    pub fn contributions(&self) -> usize {
        self.rate as usize * self.seconds as usize
    }

    /// How many of them are violations.
    pub fn violations(&self) -> usize {
        self.contributions() / VIOLATION_EVERY
    }

    /// By how many authors the violations are.
    pub fn offenders(&self) -> usize {
        self.violations().div_ceil(VIOLATIONS_OF_AN_AUTHOR)
    }

    /// How long after the first the contribution with this number is due.
    pub fn due(&self, number: usize) -> Duration {
        Duration::from_secs_f64(number as f64 / f64::from(self.rate))
    }

    /// The time at which it is due.
    pub fn due_at(&self, began: Timestamp, number: usize) -> Timestamp {
        let after = SignedDuration::try_from(self.due(number)).unwrap_or(SignedDuration::MAX);
        began.saturating_add(after).unwrap_or(Timestamp::MAX)
    }

    /// Clean comments, each by an author of its own, and violations, spread evenly and by authors who take turns.
    fn comment(&self, number: usize) -> Comment {
        if number % VIOLATION_EVERY < VIOLATION_EVERY - 1 {
            return Comment::clean(number);
        }
        let turn = number / VIOLATION_EVERY % self.offenders();
        Comment::violating(number).by(self.contributions() + turn)
    }

    /// Sends each contribution in a webhook of its own when its time has come, whatever became of those before.
    pub async fn send(&self, server: &Server, http: &reqwest::Client) -> Result<Sent, Failure> {
        let (began, start) = (Timestamp::now(), Instant::now());
        let deliveries = (0..self.contributions()).map(|number| self.deliver(server, http, number, start));
        let mut answers = stream::iter(deliveries).buffer_unordered(UNDER_WAY);
        let (mut refusals, mut answer_ms) = (0, Vec::with_capacity(self.contributions()));
        while let Some(answer) = answers.next().await {
            let (refused, accepted_after) = answer?;
            refusals += refused;
            answer_ms.extend(accepted_after.map(|after| after.as_secs_f64() * 1000.0));
        }
        Ok(Sent { began, accepted: answer_ms.len(), refusals, answer_ms, took: start.elapsed() })
    }

    /// Waits for the time of one contribution and sends it until it is accepted: how often it was refused, and how
    /// long after its time it was accepted, if it was.
    async fn deliver(
        &self,
        server: &Server,
        http: &reqwest::Client,
        number: usize,
        start: Instant,
    ) -> Result<(usize, Option<Duration>), Failure> {
        let due = start + self.due(number);
        sleep_until(due).await;
        let body = texts::facebook_body(&server.moderation().policy().accounts, &[self.comment(number)])?;
        for refused in 0..=REPETITIONS {
            if refused > 0 {
                sleep(PAUSE).await;
            }
            if matches!(server.deliver(http, Platform::Facebook, body.clone()).await, Ok(200)) {
                return Ok((refused, Some(due.elapsed())));
            }
        }
        Ok((REPETITIONS + 1, None))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_in_twenty_is_a_violation_and_each_offender_commits_three() {
        let load = Load::new(500, 60).unwrap_or_else(|failure| panic!("{failure}"));
        assert_eq!((load.contributions(), load.violations(), load.offenders()), (30_000, 1_500, 500));
    }

    #[test]
    fn each_contribution_is_due_at_its_place_in_the_schedule() {
        let load = Load { rate: 500, seconds: 60 };
        assert_eq!(load.due(750), Duration::from_millis(1500));
        let began = Timestamp::UNIX_EPOCH;
        assert_eq!(load.due_at(began, 750).duration_since(began), SignedDuration::from_millis(1500));
    }

    #[test]
    fn more_than_one_run_can_take_is_declined() {
        assert!(Load::new(10_000, 600).is_err());
    }
}
