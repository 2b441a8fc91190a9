//! An author under a ladder, and what moderation does about them.

use jiff::{SignedDuration, Timestamp};
use policy::SanctionKind::Block;
use policy::SanctionState::{Effective, Withdrawn};
use policy::{Ladder, Sanction, SanctionKind, SanctionState, Standing, Strike};

pub fn hour(hours: i64) -> Timestamp {
    "2026-01-01T00:00:00Z".parse::<Timestamp>().expect("a time") + SignedDuration::from_hours(hours)
}

/// An ordinary strike that counts for a year.
pub fn strike(case: u32, at: i64) -> Strike<u32> {
    let (weight, skips_to) = (1, None);
    Strike { case, clause: "R2".to_owned(), weight, skips_to, at: hour(at), expires_at: hour(at + 365 * 24) }
}

pub fn grave(case: u32, at: i64) -> Strike<u32> {
    Strike { clause: "R3".to_owned(), weight: 2, skips_to: Some(Block), ..strike(case, at) }
}

/// An author, and what moderation does about them under a ladder.
#[derive(Clone, Default)]
pub struct Author {
    pub standing: Standing<u32>,
    pub ladder: Ladder,
}

impl Author {
    /// A violation arrives, perhaps once more. A case never counts twice: the table has one item for each.
    pub fn receive(&mut self, strike: Strike<u32>) {
        if self.standing.strikes.iter().all(|known| known.case != strike.case) {
            self.standing.strikes.push(strike);
        }
    }

    /// Records what is due until nothing is.
    pub fn climb(&mut self, now: i64) {
        while let Some(due) = self.ladder.due(&self.standing, hour(now)) {
            let number = u32::try_from(self.standing.sanctions.len()).expect("few") + 1;
            self.standing.sanctions.push(due.proposed(number, hour(now)));
        }
    }

    /// People confirm what waits, and what is on its way reaches the author.
    pub fn deliver(&mut self, now: i64) {
        for sanction in self.standing.sanctions.iter_mut().filter(|sanction| sanction.is_in_progress()) {
            sanction.state = Effective;
            sanction.effective_at = Some(hour(now));
            sanction.ends_at = self.ladder.step(sanction.kind).and_then(|step| step.ends_at(hour(now)));
        }
    }

    /// What is `from` is over, or declined.
    pub fn close(&mut self, from: SanctionState, to: SanctionState, kinds: &[SanctionKind], now: i64) {
        let closes = |sanction: &&mut Sanction<u32>| sanction.state == from && kinds.contains(&sanction.kind);
        for sanction in self.standing.sanctions.iter_mut().filter(closes) {
            sanction.state = to;
            sanction.closed_at = Some(hour(now));
        }
    }

    /// A violation that is answered at once.
    pub fn violates(&mut self, strike: Strike<u32>, now: i64) {
        self.receive(strike);
        self.climb(now);
        self.deliver(now);
    }

    pub fn sanctions(&self) -> Vec<(SanctionKind, SanctionState)> {
        self.standing.sanctions.iter().map(|sanction| (sanction.kind, sanction.state)).collect()
    }

    pub fn withdraw(&mut self, case: u32, now: i64) -> Vec<u32> {
        self.standing.withdraw(&case, &self.ladder, hour(now))
    }

    /// The sanctions that were not withdrawn.
    pub fn standing_sanctions(&self) -> Vec<Sanction<u32>> {
        let sanctions = self.standing.sanctions.iter();
        sanctions.filter(|sanction| sanction.state != Withdrawn).cloned().collect()
    }
}
