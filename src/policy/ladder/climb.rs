//! The ladder of a policy, and which of its steps is due.

use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp, ToSpan};
use serde::{Deserialize, Serialize};

use super::{Sanction, SanctionKind, SanctionState, Standing, Strike};

/// How many strikes a sanction names as its grounds at most: the newest. Even of weight 1 they weigh more than any
/// step asks for, and after a flood of thousands the record of an author still fits into one item of the table.
const MOST_GROUNDS: usize = 200;

/// Who decides a sanction.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DecidedBy {
    /// The system, at once.
    System,
    /// A person confirms it.
    Person,
    /// Two persons confirm it.
    TwoPersons,
}

impl DecidedBy {
    /// Everyone who may decide.
    pub const ALL: [DecidedBy; 3] = [DecidedBy::System, DecidedBy::Person, DecidedBy::TwoPersons];

    /// The key used in files.
    pub const fn as_str(self) -> &'static str {
        match self {
            DecidedBy::System => "system",
            DecidedBy::Person => "person",
            DecidedBy::TwoPersons => "two_persons",
        }
    }

    /// How many people have to confirm.
    pub const fn people(self) -> usize {
        match self {
            DecidedBy::System => 0,
            DecidedBy::Person => 1,
            DecidedBy::TwoPersons => 2,
        }
    }
}

/// One step of the ladder.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Step {
    /// The sanction that the step leads to.
    pub kind: SanctionKind,
    /// From which weight of active strikes on.
    pub weight: u32,
    /// Whether the system, a person or two persons decide it.
    pub decided_by: DecidedBy,
    /// How many days a block lasts; `None` for every other sanction.
    pub days: Option<u32>,
}

impl Step {
    /// When a sanction that becomes effective now ends by itself: its `days` later, each of 24 hours.
    pub fn ends_at(&self, effective_at: Timestamp) -> Option<Timestamp> {
        let time = SignedDuration::from_hours(24 * i64::from(self.days?));
        Some(effective_at.checked_add(time).unwrap_or(Timestamp::MAX))
    }
}

/// From which standing on which sanction is due.
///
/// The default is that of a policy that says nothing about it: warning, last warning, a block of seven days that a
/// person confirms and a ban that two confirm, at weights 1 to 4 of strikes that count for twelve months.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Ladder {
    /// The steps, from the mildest, with rising weights.
    pub steps: Vec<Step>,
    /// How many months a strike counts.
    pub strike_months: i32,
}

impl Default for Ladder {
    fn default() -> Self {
        let step = |kind, weight, decided_by, days| Step { kind, weight, decided_by, days };
        Self {
            steps: vec![
                step(SanctionKind::Warning, 1, DecidedBy::System, None),
                step(SanctionKind::LastWarning, 2, DecidedBy::System, None),
                step(SanctionKind::Block, 3, DecidedBy::Person, Some(7)),
                step(SanctionKind::Ban, 4, DecidedBy::TwoPersons, None),
            ],
            strike_months: 12,
        }
    }
}

/// A sanction that is due. `Id` is the id of a case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Due<Id> {
    /// The sanction that is due.
    pub kind: SanctionKind,
    /// The case whose strike made it due.
    pub case: Id,
    /// The cases of the active strikes that count, from the oldest; of more than 200 the newest.
    pub grounds: Vec<Id>,
    /// Whether the system, a person or two persons decide it.
    pub decided_by: DecidedBy,
    /// How many days it lasts, when it is a block.
    pub days: Option<u32>,
    /// Until when it will stand in the author's record, see [`Sanction::expires_at`].
    pub expires_at: Timestamp,
}

impl<Id> Due<Id> {
    /// The sanction under its number in the author's record: decided already when nobody has to confirm it.
    pub fn proposed(self, number: u32, now: Timestamp) -> Sanction<Id> {
        let waits = self.decided_by.people() > 0;
        Sanction {
            number,
            kind: self.kind,
            case: self.case,
            grounds: self.grounds,
            state: if waits { SanctionState::Proposed } else { SanctionState::Decided },
            proposed_at: now,
            confirmed_by: Vec::new(),
            effective_at: None,
            ends_at: None,
            closed_at: None,
            expires_at: self.expires_at,
        }
    }
}

impl Ladder {
    /// The step with this sanction.
    pub fn step(&self, kind: SanctionKind) -> Option<&Step> {
        self.steps.iter().find(|step| step.kind == kind)
    }

    /// Until when a strike counts, in months of the calendar of a time zone.
    pub fn strike_expiry(&self, at: Timestamp, time_zone: &TimeZone) -> Timestamp {
        let expiry = at.to_zoned(time_zone.clone()).checked_add(self.strike_months.months());
        expiry.map_or(Timestamp::MAX, |expiry| expiry.timestamp())
    }

    /// The sanction that is due, if any. The order of strikes and sanctions does not matter.
    ///
    /// One step at a time: the one above what the author has reached, when the strikes weigh enough for it, nothing is
    /// in progress, and the author went on after being told: some strike was written after the last sanction reached
    /// its author, and after a person last declined this one. So a flood written before the first warning arrives
    /// leads to one warning, and where a warning cannot be delivered the ladder waits.
    ///
    /// A strike of a grave clause leads to the sanction that its clause names at once, once, and even while a milder
    /// one is in progress; not when a person declined that sanction with the strike before them. What was written after
    /// that sanction ended leads to it again, unless the ladder asks for a graver one.
    ///
    /// Without the last warning before a block delivered and on record, only a grave clause leads to a block or ban
    /// (invariant 5): whoever was blocked for one is given that warning before a ban for something else, even if a
    /// milder one had reached them. A block or ban at the top of the ladder that has ended is due again for what was
    /// written after its end.
    pub fn due<Id: Clone + Ord>(&self, standing: &Standing<Id>, now: Timestamp) -> Option<Due<Id>> {
        let mut active: Vec<&Strike<Id>> = standing.active(now).filter(|strike| strike.weight > 0).collect();
        active.sort_by_key(|strike| (strike.at, &strike.case));
        let steps = [self.next(standing, &active, now), self.skip(standing, &active, now)];
        let (step, cause) = steps.into_iter().flatten().max_by_key(|(step, _)| step.kind)?;
        let newest = &active[active.len().saturating_sub(MOST_GROUNDS)..];
        let older = Some(&cause).filter(|cause| newest.iter().all(|strike| strike.case != cause.case));
        Some(Due {
            kind: step.kind,
            case: cause.case.clone(),
            grounds: older.into_iter().chain(newest).map(|strike| strike.case.clone()).collect(),
            decided_by: step.decided_by,
            days: step.days,
            expires_at: if step.kind == SanctionKind::Ban { Timestamp::MAX } else { cause.expires_at },
        })
    }

    /// The step to which a grave strike skips; of several, the highest, and for that the newest strike.
    fn skip<'s, Id: Clone + Ord>(
        &self,
        standing: &Standing<Id>,
        active: &[&'s Strike<Id>],
        now: Timestamp,
    ) -> Option<(&Step, &'s Strike<Id>)> {
        let answers: Vec<&Sanction<Id>> = standing.counting(now).collect();
        let skips = active.iter().filter_map(|&strike| {
            let step = self.step(strike.skips_to?)?;
            let is_answered = answers.iter().any(|sanction| {
                let covers = match sanction.state {
                    SanctionState::Proposed | SanctionState::Decided | SanctionState::Effective => true,
                    SanctionState::Ended => sanction.closed_at.is_none_or(|closed_at| strike.at <= closed_at),
                    SanctionState::Declined | SanctionState::Withdrawn => false,
                };
                sanction.kind >= step.kind && (covers || sanction.grounds.contains(&strike.case))
            });
            (!is_answered).then_some((step, strike))
        });
        skips.max_by_key(|(step, _)| step.kind)
    }

    /// The next step, and the strike that makes it due.
    fn next<'s, Id: Clone + Ord>(
        &self,
        standing: &Standing<Id>,
        active: &[&'s Strike<Id>],
        now: Timestamp,
    ) -> Option<(&Step, &'s Strike<Id>)> {
        if standing.in_progress(now).is_some() {
            return None;
        }
        let step = self.above(standing, now)?;
        let told_at = standing.counting(now).filter_map(|sanction| match sanction.state {
            SanctionState::Ended | SanctionState::Declined if sanction.kind == step.kind => sanction.closed_at,
            SanctionState::Effective | SanctionState::Ended => sanction.effective_at,
            _ => None,
        });
        let told_at = told_at.max();
        let cause = active.iter().rfind(|strike| told_at.is_none_or(|told_at| strike.at > told_at))?;
        (standing.weight(now) >= step.weight).then_some((step, cause))
    }

    /// The step to take from what the author has reached.
    fn above<Id: Clone + Ord>(&self, standing: &Standing<Id>, now: Timestamp) -> Option<&Step> {
        let reached = standing.reached(now);
        let in_force = |kind| {
            let mut counting = standing.counting(now);
            counting.any(|sanction| sanction.kind == kind && sanction.state == SanctionState::Effective)
        };
        let again = || self.steps.last().filter(|top| Some(top.kind) == reached && !in_force(top.kind));
        let step = self.steps.iter().find(|step| Some(step.kind) > reached).or_else(again)?;
        let last_warning = self.steps.iter().rfind(|step| step.kind < SanctionKind::Block);
        let is_warned = standing.counting(now).any(|sanction| {
            let is_last = last_warning.is_some_and(|last| (last.kind..SanctionKind::Block).contains(&sanction.kind));
            is_last && sanction.is_reached() && sanction.effective_at.is_some()
        });
        if step.kind < SanctionKind::Block || is_warned { Some(step) } else { last_warning }
    }
}
