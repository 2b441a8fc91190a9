//! An author's standing: the strikes and sanctions on record, and what they come to at a moment.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{Ladder, SanctionKind, SanctionState};
use crate::Person;

/// A violation that counts against an author. `Id` is the id of its case.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Strike<Id> {
    /// The case that caused it: no case causes two.
    pub case: Id,
    /// The clause that was violated.
    pub clause: String,
    /// How much it counts.
    pub weight: u32,
    /// The sanction that it may lead to at once, where its clause is grave ([`Clause::skips_to`]).
    ///
    /// [`Clause::skips_to`]: crate::Clause::skips_to
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub skips_to: Option<SanctionKind>,
    /// When the violation was written where that is known, else when it arrived: never later than it arrived.
    pub at: Timestamp,
    /// Until when it counts. A table may forget it later than that.
    pub expires_at: Timestamp,
}

/// A sanction against an author, from its proposal on. `Id` is the id of a case.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sanction<Id> {
    /// Which of the author's sanctions it is, from 1.
    pub number: u32,
    /// The step of the ladder that it is.
    pub kind: SanctionKind,
    /// The case whose strike made it due. It carries the notice to the author.
    pub case: Id,
    /// The cases of the strikes that it rests on: those active when it became due ([`Due::grounds`]), without those
    /// withdrawn since.
    ///
    /// [`Due::grounds`]: super::Due::grounds
    pub grounds: Vec<Id>,
    /// How far it has come.
    pub state: SanctionState,
    /// When it became due.
    pub proposed_at: Timestamp,
    /// Who confirmed it, where people decide.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub confirmed_by: Vec<Person>,
    /// When it reached its author.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub effective_at: Option<Timestamp>,
    /// When it ends by itself: a block that is in force.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ends_at: Option<Timestamp>,
    /// When it ended, was declined or was withdrawn.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub closed_at: Option<Timestamp>,
    /// Until when it stands in the author's record: as long as the strike of `case`; for a ban, [`Timestamp::MAX`].
    /// Once a ban was lifted or declined, it stands for less: see [`Standing::stands_until`].
    pub expires_at: Timestamp,
}

impl<Id> Sanction<Id> {
    /// Whether it waits for people to confirm it, or is decided and on its way.
    pub fn is_in_progress(&self) -> bool {
        matches!(self.state, SanctionState::Proposed | SanctionState::Decided)
    }

    /// Whether it is decided, and neither over nor taken back.
    pub fn is_in_force(&self) -> bool {
        matches!(self.state, SanctionState::Decided | SanctionState::Effective)
    }

    /// Whether it keeps its author from contributing, or is about to.
    pub fn keeps_out(&self) -> bool {
        self.kind >= SanctionKind::Block && self.is_in_force()
    }

    /// Whether it still has to be decided or delivered, or keeps its author out.
    pub fn is_running(&self) -> bool {
        matches!(self.state, SanctionState::Proposed | SanctionState::Decided) || self.keeps_out()
    }

    /// Notes that it reached its author.
    pub fn take_effect(&mut self, at: Timestamp) {
        self.state = SanctionState::Effective;
        self.effective_at = Some(at);
    }

    /// Closes it: it is over, declined, or taken back.
    pub fn close(&mut self, state: SanctionState, at: Timestamp) {
        self.state = state;
        self.closed_at = Some(at);
    }

    /// Whether it reached its author, in force still or not.
    pub(super) fn is_reached(&self) -> bool {
        matches!(self.state, SanctionState::Effective | SanctionState::Ended)
    }
}

/// An author's strikes and sanctions, counted over all the organisation's accounts on a platform. Expired ones may
/// still be among them: whoever asks says when.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Standing<Id> {
    /// The strikes, in any order, one for each case.
    pub strikes: Vec<Strike<Id>>,
    /// The sanctions, in any order.
    pub sanctions: Vec<Sanction<Id>>,
}

impl<Id> Default for Standing<Id> {
    fn default() -> Self {
        Self { strikes: Vec::new(), sanctions: Vec::new() }
    }
}

impl<Id: Clone + Ord> Standing<Id> {
    /// The weight of the strikes that have not expired.
    pub fn weight(&self, now: Timestamp) -> u32 {
        self.active(now).fold(0, |weight, strike| weight.saturating_add(strike.weight))
    }

    /// The highest sanction that reached the author and has not expired, in force still or not.
    pub fn reached(&self, now: Timestamp) -> Option<SanctionKind> {
        self.counting(now).filter(|sanction| sanction.is_reached()).map(|sanction| sanction.kind).max()
    }

    /// Whether a ban or a block is in force.
    pub fn is_blocked(&self, now: Timestamp) -> bool {
        self.sanctions.iter().any(|sanction| {
            sanction.kind >= SanctionKind::Block
                && sanction.state == SanctionState::Effective
                && sanction.ends_at.is_none_or(|end| end > now)
        })
    }

    /// The sanction that waits for people or is on its way; of several, the highest.
    pub fn in_progress(&self, now: Timestamp) -> Option<&Sanction<Id>> {
        self.counting(now).filter(|sanction| sanction.is_in_progress()).max_by_key(|sanction| sanction.kind)
    }

    /// Until when a sanction of this author stands in the record, and has to be kept for it: [`Sanction::expires_at`],
    /// except that a ban that is not in force, because it still waits, was declined or was lifted, stands as long as
    /// the last of the strikes that it rests on.
    pub fn stands_until(&self, sanction: &Sanction<Id>) -> Timestamp {
        if sanction.kind < SanctionKind::Ban || sanction.is_in_force() {
            return sanction.expires_at;
        }
        let grounds = self.strikes.iter().filter(|strike| sanction.grounds.contains(&strike.case));
        let last = grounds.map(|strike| strike.expires_at).max();
        last.or(sanction.closed_at).unwrap_or(sanction.proposed_at)
    }

    /// Takes back a strike, and with it every sanction that would not have come about without it: marks those as
    /// withdrawn and answers their numbers. It may be called again: then nothing is left to do.
    ///
    /// A sanction stays when the ladder would have asked for it all the same at its time, given the other strikes
    /// that it rests on and the earlier sanctions that stay. So after a withdrawal, too, no step is skipped. What the
    /// remaining strikes justify then becomes due anew.
    ///
    /// Strikes that expired since count like the others. Of those that the table has forgotten nothing is known, so
    /// they count for nothing: in doubt in favour of the author. The same goes for a ladder that has become milder.
    pub fn withdraw(&mut self, case: &Id, ladder: &Ladder, now: Timestamp) -> Vec<u32> {
        self.strikes.retain(|strike| &strike.case != case);
        self.sanctions.sort_by_key(|sanction| sanction.number);
        let mut withdrawn = Vec::new();
        for at in 0..self.sanctions.len() {
            let sanction = &self.sanctions[at];
            let counts = sanction.is_in_progress() || sanction.is_reached();
            if !counts || (withdrawn.is_empty() && !sanction.grounds.contains(case)) {
                continue;
            }
            let then = self.before(sanction, &self.sanctions[..at]);
            let due = ladder.due(&then, sanction.proposed_at).filter(|due| due.kind == sanction.kind);
            let sanction = &mut self.sanctions[at];
            sanction.grounds.retain(|ground| ground != case);
            match due {
                Some(due) => sanction.expires_at = sanction.expires_at.min(due.expires_at),
                None => {
                    sanction.close(SanctionState::Withdrawn, now);
                    withdrawn.push(sanction.number);
                }
            }
        }
        withdrawn
    }

    /// The standing from which a sanction became due, as far as it still counts.
    fn before(&self, sanction: &Sanction<Id>, earlier: &[Sanction<Id>]) -> Self {
        let grounds = self.strikes.iter().filter(|strike| sanction.grounds.contains(&strike.case));
        // As they are now: a next step is only taken once every earlier sanction has reached its author or come to an
        // end, and a skip does not mind milder ones on their way.
        Self { strikes: grounds.cloned().collect(), sanctions: earlier.to_vec() }
    }

    /// The strikes that have not expired.
    pub(super) fn active(&self, now: Timestamp) -> impl Iterator<Item = &Strike<Id>> {
        self.strikes.iter().filter(move |strike| strike.expires_at > now)
    }

    /// The sanctions that stand in the record.
    pub(super) fn counting(&self, now: Timestamp) -> impl Iterator<Item = &Sanction<Id>> {
        self.sanctions
            .iter()
            .filter(move |sanction| sanction.state != SanctionState::Withdrawn && self.stands_until(sanction) > now)
    }
}
