//! From a verdict to what is done about it.
//!
//! The decision is simple here: `hide` asks the platform to hide, and counts a strike. Warnings and bans are the
//! ladder's, which will stand in the policy crate.

use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};
use ledger::{NewAction, NewStrike};
use policy::{ActionKind, Contribution, Gravity, Outcome, Policy, Verdict};

/// How long a strike counts, in months.
const STRIKE_MONTHS: i32 = 12;

/// What is done about a contribution.
#[derive(Debug, Default)]
pub(crate) struct Decision {
    /// What is asked of the platform.
    pub actions: Vec<NewAction>,
    /// What counts against the author.
    pub strike: Option<NewStrike>,
}

/// Decides about a contribution on the ground of its verdict.
pub(crate) fn decide(policy: &Policy, contribution: &Contribution, verdict: &Verdict, now: Timestamp) -> Decision {
    if verdict.outcome() < Outcome::Hide {
        return Decision::default();
    }
    let strike = verdict.findings().first().filter(|_| contribution.author.is_some()).and_then(|ground| {
        let clause = policy.clause(&ground.clause)?;
        (clause.gravity > Gravity::Light).then(|| NewStrike {
            clause: clause.number.clone(),
            weight: 1,
            expires_at: strike_expiry(now),
        })
    });
    Decision { actions: vec![NewAction { kind: ActionKind::Hide, text: None }], strike }
}

fn strike_expiry(now: Timestamp) -> Timestamp {
    // Months are of the calendar, so they need a calendar day; an hour more or less does not matter here.
    let day = now.to_zoned(TimeZone::UTC).checked_add(STRIKE_MONTHS.months());
    day.map_or(Timestamp::MAX, |day| day.timestamp())
}
