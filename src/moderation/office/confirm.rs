//! Confirming: that a contribution violates the rules, or that a proposed sanction is right.

use jiff::Timestamp;
use ledger::{
    Amendment, AuthorRecord, Case, CaseId, Closure, DecisionKind, Desk, NewAction, SanctionsChange, Status,
    StrikeChange,
};
use policy::{ActionKind, Outcome, SanctionState, Surface};

use super::{GROUP, OfficeError, Ruled, Ruling, closed};
use crate::climb::Measures;
use crate::decide::{strike, written_at};
use crate::{Moderation, task};

/// Whether a case is confirmed together with others.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Together {
    Yes,
    No,
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
    /// # Errors
    /// When the ruling says nothing, the case is closed, another person was faster, or the same person has confirmed
    /// the sanction before.
    pub async fn confirm(&self, id: &CaseId, ruling: Ruling<'_>) -> Result<Ruled, OfficeError> {
        self.confirm_as(id, ruling, Together::No).await
    }

    async fn confirm_as(&self, id: &CaseId, ruling: Ruling<'_>, together: Together) -> Result<Ruled, OfficeError> {
        self.rule(id, ruling, DecisionKind::Confirm, async |case, now| {
            self.confirmation(case, ruling, together, now).await
        })
        .await
    }

    /// Confirms the cases of a group, such as those of a raid, at most [`GROUP`] at once, the oldest first. A sanction is
    /// never confirmed with a group: a person looks at each.
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
            match self.confirm_as(&case.id, ruling, Together::Yes).await {
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
        together: Together,
        now: Timestamp,
    ) -> Result<(Amendment<'c>, Ruled), OfficeError> {
        let record = self.record_of(case).await?;
        let proposal = record
            .standing
            .sanctions
            .iter()
            .position(|sanction| sanction.state == SanctionState::Proposed && sanction.case == case.id);
        let closing = Some(Status::Closed { reason: Closure::Confirmed, at: now });
        match proposal {
            // Who may be in danger is helped, whatever the rules say.
            _ if case.urgent && case.is_open() => {
                Ok((Amendment { status: closing, ..Amendment::of(case) }, Ruled::Done))
            }
            _ if case.outcome == Outcome::Review && !is_confirmed(case) && case.is_open() => {
                Ok((Amendment { status: closing, ..self.violation(case, now) }, Ruled::Done))
            }
            Some(_) if together == Together::Yes => Err(OfficeError::NotTogether),
            Some(position) => self.sanctioned(case, record, position, ruling, now).await,
            None if case.is_open() => Ok((Amendment { status: closing, ..Amendment::of(case) }, Ruled::Done)),
            None => Err(closed(case)),
        }
    }

    /// What follows when a person finds that the rules were violated.
    fn violation<'c>(&self, case: &'c Case, now: Timestamp) -> Amendment<'c> {
        let mut amendment = Amendment::of(case);
        if case.surface != Surface::Message {
            amendment.actions.push(NewAction::new(ActionKind::Hide));
        }
        let clause = case.findings.first().and_then(|finding| self.policy.clause(&finding.clause));
        let Some(clause) = clause else { return amendment };
        if case.pseudonym.is_some()
            && let Some(strike) = strike(&self.policy, clause, written_at(case.edited, case.at, case.received_at), now)
        {
            amendment.strike = StrikeChange::Add(strike);
            amendment.climb_due = Some(true);
        }
        let deadline = self.policy.calendar.next_opening(now);
        for &referral in &clause.refer_to {
            amendment.tasks.push(task::refer(&case.id, case.platform, referral, clause, 0, deadline, now));
        }
        amendment
    }

    /// What follows when a person confirms a proposed sanction.
    async fn sanctioned<'c>(
        &self,
        case: &'c Case,
        record: AuthorRecord,
        position: usize,
        ruling: Ruling<'_>,
        now: Timestamp,
    ) -> Result<(Amendment<'c>, Ruled), OfficeError> {
        let mut sanctions = record.standing.sanctions;
        let sanction = &mut sanctions[position];
        let ruling = ruling.signed()?;
        if sanction.confirmed_by.iter().any(|before| before.is(&ruling.by)) {
            return Err(OfficeError::SamePerson { by: ruling.by });
        }
        sanction.confirmed_by.push(ruling.by.clone());
        let step = self.policy.ladder.step(sanction.kind);
        let needed = step.map_or(1, |step| step.decided_by.people());
        let missing = needed.saturating_sub(sanction.confirmed_by.len());
        let mut amendment = Amendment::of(case);
        if missing == 0 {
            sanction.state = SanctionState::Decided;
            // The days of a block begin when it is decided, not when it was proposed.
            sanction.ends_at = step.and_then(|step| step.ends_at(now));
            let Measures { actions, tasks } = self.measures(case, sanction, now);
            amendment.actions = actions;
            amendment.tasks = tasks;
            amendment.status = Some(Status::Closed { reason: Closure::Confirmed, at: now });
            amendment.tasks_done = vec![(task::confirm_id(&case.id, sanction.number), ruling.done(now))];
        }
        let number = sanction.number;
        let changed = if missing == 0 { vec![number] } else { Vec::new() };
        amendment.sanctions = Some(SanctionsChange { version: record.version, sanctions, changed });
        Ok((amendment, if missing == 0 { Ruled::Done } else { Ruled::MorePeople(missing) }))
    }
}

/// Whether a person has confirmed a case.
pub(super) fn is_confirmed(case: &Case) -> bool {
    case.decisions.iter().any(|decision| decision.kind == DecisionKind::Confirm)
}
