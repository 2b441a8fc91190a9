//! Confirming: that a contribution violates the rules, or that a proposed sanction is right.

use jiff::Timestamp;
use ledger::{
    Amendment, AuthorRecord, Case, CaseFinding, CaseId, Closure, DecisionKind, Desk, NewAction, NewStrike,
    SanctionsChange, Status, StrikeChange,
};
use policy::{ActionKind, Clause, Outcome, SanctionState, Strike, Surface};

use super::{GROUP, OfficeError, Ruled, Ruling, closed};
use crate::climb::Measures;
use crate::decide::{confirmed, gravest, strike, written_at};
use crate::{Moderation, task};

/// How a case is confirmed.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Manner {
    /// By itself.
    Alone,
    /// Together with others: nobody has looked at each of them.
    Together,
    /// With the finding that its author exposed another person.
    Exposure,
}

/// What became of a group of cases that was confirmed at once.
#[derive(Debug, Default)]
pub struct Confirmed {
    /// The cases that are confirmed.
    pub confirmed: Vec<CaseId>,
    /// Those that were not, and why.
    pub left: Vec<(CaseId, OfficeError)>,
    /// Whether the group has more.
    pub more: bool,
}

impl Moderation {
    /// Confirms a case. A review becomes a violation: it is hidden and counts. A proposed sanction is confirmed, and
    /// imposed when enough people have. Otherwise the automatic decision stands, and the case is closed.
    ///
    /// What the rules alone found becomes certain with it: only now its strike may skip steps of the ladder, and it is
    /// brought before whom its clause names (invariant 15). What was hidden to protect someone goes on counting for
    /// nothing: see [`Moderation::confirm_exposure`].
    ///
    /// What was removed before anybody looked can be confirmed as well, once: it was published all the same. It stays
    /// closed, and nothing is asked of the platform.
    ///
    /// # Errors
    /// When the ruling says nothing, the case is closed, another person was faster, or the same person has confirmed
    /// the sanction before.
    pub async fn confirm(&self, id: &CaseId, ruling: Ruling<'_>) -> Result<Ruled, OfficeError> {
        self.confirm_as(id, ruling, Manner::Alone).await
    }

    /// Confirms a case of personal data with the finding that its author exposed another person: it then counts, and the
    /// ladder is climbed from there (invariant 14). Also what was confirmed without that finding can be confirmed with it.
    ///
    /// # Errors
    /// As [`Moderation::confirm`], when nothing was hidden to protect anybody, and when somebody may be in danger, who
    /// comes first.
    pub async fn confirm_exposure(&self, id: &CaseId, ruling: Ruling<'_>) -> Result<Ruled, OfficeError> {
        self.confirm_as(id, ruling, Manner::Exposure).await
    }

    async fn confirm_as(&self, id: &CaseId, ruling: Ruling<'_>, manner: Manner) -> Result<Ruled, OfficeError> {
        self.rule(id, ruling, DecisionKind::Confirm, async |case, now| {
            self.confirmation(case, ruling, manner, now).await
        })
        .await
    }

    /// Confirms the cases of a group, such as those of a raid, at most [`GROUP`] at once, the oldest first. Each counts, and
    /// leads to what any first violation leads to: no strike skips a step, nothing is referred, and no sanction is
    /// confirmed, because nobody has looked at each.
    ///
    /// # Errors
    /// When the ruling says nothing or the group cannot be read. What cannot be confirmed is left, with the reason.
    pub async fn confirm_group(&self, group: &str, ruling: Ruling<'_>) -> Result<Confirmed, OfficeError> {
        // Before anything is read: it would be refused for each.
        ruling.signed()?;
        let desk = Desk::Group(group.to_owned());
        let (cases, next) = self.ledger.open_cases(&desk, None, GROUP, self.clock.now()).await?;
        let mut confirmed = Confirmed { more: next.is_some(), ..Confirmed::default() };
        for case in cases {
            match self.confirm_as(&case.id, ruling, Manner::Together).await {
                Ok(_) => confirmed.confirmed.push(case.id),
                Err(OfficeError::Ledger(error)) if error.is_retryable() => return Err(error.into()),
                Err(error) => confirmed.left.push((case.id, error)),
            }
        }
        Ok(confirmed)
    }

    async fn confirmation<'c>(
        &self,
        case: &'c Case,
        ruling: Ruling<'_>,
        manner: Manner,
        now: Timestamp,
    ) -> Result<(Amendment<'c>, Ruled), OfficeError> {
        let record = self.record_of(case).await?;
        let proposal = record
            .standing
            .sanctions
            .iter()
            .position(|sanction| sanction.state == SanctionState::Proposed && sanction.case == case.id);
        let is_open = case.is_open();
        // What is gone stays closed.
        let closing = is_open.then_some(Status::Closed { reason: Closure::Confirmed, at: now });
        if manner == Manner::Exposure {
            if !is_open && !is_unseen(case) && !is_correctable(case) {
                return Err(closed(case));
            }
            if case.urgent && is_open {
                return Err(OfficeError::UrgentFirst);
            }
            if case.findings.is_empty() || !self.is_protective(case) {
                return Err(OfficeError::NothingProtected);
            }
        }
        match proposal {
            // Who may be in danger is helped, whatever the rules say.
            _ if case.urgent && is_open => Ok((Amendment { status: closing, ..Amendment::of(case) }, Ruled::Done)),
            _ if case.outcome == Outcome::Review && !is_confirmed(case) && (is_open || is_unseen(case)) => {
                Ok((Amendment { status: closing, ..self.violation(case, manner, now) }, Ruled::Done))
            }
            Some(_) if manner == Manner::Together => Err(OfficeError::NotTogether),
            Some(position) => {
                let found = self.found(case, &record, manner, now);
                self.sanctioned(found, record, position, ruling, now).await
            }
            None if is_open || is_unseen(case) || manner == Manner::Exposure => {
                let found = self.found(case, &record, manner, now);
                Ok((Amendment { status: closing, ..found }, Ruled::Done))
            }
            None => Err(closed(case)),
        }
    }

    /// Whether a case is about nothing but what is hidden to protect someone.
    fn is_protective(&self, case: &Case) -> bool {
        case.protects || case.outcome == Outcome::Review && self.counting(case, Manner::Alone).next().is_none()
    }

    /// The clauses of the findings that count: of what led to the case only what was most certain, because a doubt beside
    /// it is none that anybody has decided; and of what protects someone, only when a person found that somebody was
    /// exposed.
    fn counting<'c>(&self, case: &'c Case, manner: Manner) -> impl Iterator<Item = &'c str> {
        let most_certain = case.findings.iter().map(|finding| finding.outcome).max();
        let counts = move |finding: &&CaseFinding| {
            Some(finding.outcome) == most_certain
                && (manner == Manner::Exposure || !self.policy.protects(&finding.rule))
        };
        case.findings.iter().filter(counts).map(|finding| finding.clause.as_str())
    }

    /// What follows when a person finds that the rules were violated.
    fn violation<'c>(&self, case: &'c Case, manner: Manner, now: Timestamp) -> Amendment<'c> {
        let mut amendment = Amendment::of(case);
        if case.surface != Surface::Message && case.is_open() {
            amendment.actions.push(NewAction::new(ActionKind::Hide));
        }
        match gravest(&self.policy, self.counting(case, manner)) {
            Some(clause) => self.count(&mut amendment, case, clause, manner, now),
            // Its author is told why as soon as it is hidden.
            None => (amendment.protects, amendment.climb_due) = (Some(true), Some(true)),
        }
        amendment
    }

    /// What follows when a person confirms what the rules alone found and hid; nothing when that was confirmed before, or
    /// is confirmed together with others. That somebody was exposed can be found at any time.
    fn found<'c>(&self, case: &'c Case, record: &AuthorRecord, manner: Manner, now: Timestamp) -> Amendment<'c> {
        let mut amendment = Amendment::of(case);
        let known = record.standing.strikes.iter().find(|strike| strike.case == case.id);
        let is_exposure = manner == Manner::Exposure && known.is_none();
        if !is_exposure && (case.outcome != Outcome::Hide || is_confirmed(case) || manner == Manner::Together) {
            return amendment;
        }
        let cited = known.and_then(|strike| self.policy.clause(&strike.clause));
        let Some(clause) = cited.or_else(|| gravest(&self.policy, self.counting(case, manner))) else {
            return amendment;
        };
        match known {
            Some(strike) if clause.skips_to.is_some() => {
                let Strike { clause: number, weight, at, expires_at, .. } = strike.clone();
                let strike = NewStrike { clause: number, weight, skips_to: None, at, expires_at };
                amendment.strike = StrikeChange::Raise(confirmed(strike, clause));
                amendment.climb_due = Some(true);
                self.refer(&mut amendment, case, clause, now);
            }
            None if is_exposure => self.count(&mut amendment, case, clause, manner, now),
            Some(_) | None => self.refer(&mut amendment, case, clause, now),
        }
        amendment
    }

    /// What follows from a violation of a clause that a person has found.
    fn count(&self, amendment: &mut Amendment<'_>, case: &Case, clause: &Clause, manner: Manner, now: Timestamp) {
        let told = written_at(case.platform, case.edited, case.at, case.told_at);
        let written_at = told.map_or(case.received_at, |at| at.min(case.received_at));
        let is_certain = manner != Manner::Together;
        if let (Some(_), Some(strike)) = (&case.pseudonym, strike(&self.policy, clause, written_at, now)) {
            amendment.strike = StrikeChange::Add(if is_certain { confirmed(strike, clause) } else { strike });
            amendment.climb_due = Some(true);
        }
        amendment.protects = case.protects.then_some(false);
        if is_certain {
            self.refer(amendment, case, clause, now);
        }
    }

    /// The tasks to bring it before whom the clause names.
    fn refer(&self, amendment: &mut Amendment<'_>, case: &Case, clause: &Clause, now: Timestamp) {
        let deadline = self.policy.calendar.next_opening(now);
        for &referral in &clause.refer_to {
            amendment.tasks.push(task::refer(&case.id, case.platform, referral, clause, 0, deadline, now));
        }
    }

    /// What follows when a person confirms a proposed sanction.
    async fn sanctioned<'c>(
        &self,
        mut amendment: Amendment<'c>,
        record: AuthorRecord,
        position: usize,
        ruling: Ruling<'_>,
        now: Timestamp,
    ) -> Result<(Amendment<'c>, Ruled), OfficeError> {
        let case = amendment.case;
        let mut sanctions = record.standing.sanctions.clone();
        let sanction = &mut sanctions[position];
        let ruling = ruling.signed()?;
        if sanction.confirmed_by.iter().any(|before| before.is(&ruling.by)) {
            return Err(OfficeError::SamePerson { by: ruling.by });
        }
        sanction.confirmed_by.push(ruling.by.clone());
        let step = self.policy.ladder.step(sanction.kind);
        let needed = step.map_or(1, |step| step.decided_by.people());
        let missing = needed.saturating_sub(sanction.confirmed_by.len());
        if missing == 0 {
            sanction.state = SanctionState::Decided;
            // The days of a block begin when it is decided, not when it was proposed.
            sanction.ends_at = step.and_then(|step| step.ends_at(now));
            let Measures { actions, tasks } = self.measures(case, sanction, &record, now);
            amendment.actions = actions;
            amendment.tasks.extend(tasks);
            amendment.status = Some(Status::Closed { reason: Closure::Confirmed, at: now });
            amendment.tasks_done = vec![(task::confirm_id(&case.id, sanction.number), ruling.done(now))];
        }
        let number = sanction.number;
        let changed = if missing == 0 { vec![number] } else { Vec::new() };
        amendment.sanctions = Some(SanctionsChange { version: record.version, sanctions, changed });
        Ok((amendment, if missing == 0 { Ruled::Done } else { Ruled::MorePeople(missing) }))
    }
}

/// Whether a contribution was removed before anybody looked at its case.
fn is_unseen(case: &Case) -> bool {
    let is_removed = matches!(case.status, Status::Closed { reason: Closure::Removed, .. });
    is_removed && case.erased_at.is_none() && !case.urgent && !is_confirmed(case)
}

/// Whether a closed case is still held to protect someone, so that a person can find that somebody was exposed.
fn is_correctable(case: &Case) -> bool {
    let stands = matches!(case.status, Status::Closed { reason: Closure::Removed | Closure::Confirmed, .. });
    stands && case.erased_at.is_none() && case.protects
}

/// Whether a person has confirmed a case, as it is: what its author rewrote for the worse since nobody has.
pub(super) fn is_confirmed(case: &Case) -> bool {
    let knows = |at: Timestamp| case.revisions.is_empty() || at >= case.received_at;
    case.decisions.iter().any(|decision| decision.kind == DecisionKind::Confirm && knows(decision.at))
}
