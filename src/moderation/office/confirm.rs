//! Confirming: that a contribution violates the rules, or that a proposed sanction is right.

use jiff::Timestamp;
use ledger::{
    Amendment, AuthorRecord, Case, CaseFinding, CaseId, Closure, DecisionKind, Desk, Done, NewAction, NewStrike,
    SanctionsChange, Status, StrikeChange,
};
use policy::{ActionKind, Clause, Outcome, Referral, SanctionKind, SanctionState, Strike, Surface};

use super::rule::Matter;
use super::{GROUP, Office, OfficeError, Ruled, Ruling, closed};
use crate::actions::climb::Measures;
use crate::actions::task;
use crate::intake::decide::{confirmed, gravest, gravity, strike, written_at};

/// How a case is confirmed.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Manner {
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

impl Office<'_> {
    /// Confirms a case. A review becomes a violation: it is hidden and counts; what was suggested to be a citizen's own case
    /// is answered instead, and stays. A proposed sanction is confirmed, and
    /// imposed when enough people have. Otherwise the automatic decision stands, and the case is closed.
    ///
    /// What the rules alone found becomes certain with it: only now its strike may skip steps of the ladder, and it is
    /// brought before whom its clause names (invariant 15). What was hidden to protect someone goes on counting for
    /// nothing: see [`Office::confirm_exposure`].
    ///
    /// What was removed before anybody looked can be confirmed as well, once: it was published all the same. It stays
    /// closed, and nothing is asked of the platform.
    ///
    /// Where somebody may be in danger, the first confirmation says that they were seen to, and nothing about the rules.
    /// Whether something else in the text violates them waits for the next.
    ///
    /// # Errors
    /// When the case is closed, another person was faster, or the same person has confirmed
    /// the sanction before.
    pub async fn confirm(&self, id: &CaseId, ruling: &Ruling) -> Result<Ruled, OfficeError> {
        self.confirm_as(id, ruling, Manner::Alone).await
    }

    /// Confirms a case of personal data with the finding that its author exposed another person: it then counts, and the
    /// ladder is climbed from there (invariant 14); a violation beside it counts with it, once. Also what was confirmed
    /// without that finding can be confirmed with it.
    ///
    /// # Errors
    /// As [`Office::confirm`], when nothing was hidden to protect anybody, and when somebody may be in danger, who
    /// comes first.
    pub async fn confirm_exposure(&self, id: &CaseId, ruling: &Ruling) -> Result<Ruled, OfficeError> {
        self.confirm_as(id, ruling, Manner::Exposure).await
    }

    /// Confirms one case of a group as [`Office::confirm_group`] does each: for whoever has the texts of a group before their
    /// eyes, and confirms those.
    ///
    /// # Errors
    /// As [`Office::confirm_group`] leaves a case, and when it is not, or not any more, of this group.
    pub async fn confirm_of_group(&self, group: &str, id: &CaseId, ruling: &Ruling) -> Result<Ruled, OfficeError> {
        if self.case(id).await?.group.as_deref() != Some(group) {
            return Err(OfficeError::NotTogether);
        }
        self.confirm_as(id, ruling, Manner::Together).await
    }

    async fn confirm_as(&self, id: &CaseId, ruling: &Ruling, manner: Manner) -> Result<Ruled, OfficeError> {
        self.rule(id, ruling, Matter::Confirm(manner)).await
    }

    /// Confirms the cases of a group, such as those of a raid, at most [`GROUP`] at once, the oldest first. Each counts, and
    /// leads to what any first violation leads to: no strike skips a step, nothing is referred, and no sanction is
    /// confirmed, because nobody has looked at each.
    ///
    /// # Errors
    /// When the group cannot be read. What cannot be confirmed is left, with the reason.
    pub async fn confirm_group(&self, group: &str, ruling: &Ruling) -> Result<Confirmed, OfficeError> {
        let desk = Desk::Group(group.to_owned());
        let (cases, next) = self.moderation.ledger.open_cases(&desk, None, GROUP, self.moderation.clock.now()).await?;
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

    pub(super) async fn confirmation<'c>(
        &self,
        case: &'c Case,
        ruling: &Ruling,
        manner: Manner,
        now: Timestamp,
    ) -> Result<(Amendment<'c>, Ruled), OfficeError> {
        let record = self.moderation.record_of(case).await?;
        let proposal = record
            .standing
            .sanctions
            .iter()
            .position(|sanction| sanction.state == SanctionState::Proposed && sanction.case == case.id);
        // A decision that was held is about the sanction that waited then, or that none did.
        let number = proposal.map(|at| record.standing.sanctions[at].number);
        if ruling.held.as_ref().is_some_and(|held| held.sanction != number) {
            return Err(OfficeError::NotHeld);
        }
        let is_open = case.is_open();
        // What is gone stays closed.
        let closing = is_open.then_some(Status::Closed { reason: Closure::Confirmed, at: now });
        if self.is_in_danger(case) {
            // Who may be in danger is helped, whatever the rules say. Whoever confirms a group has seen to nobody.
            if manner != Manner::Alone {
                return Err(OfficeError::UrgentFirst);
            }
            let rest = proposal.is_some() || !is_confirmed(case) && self.has_rest(case);
            let (status, ruled) = if rest { (None, Ruled::RestWaits) } else { (closing, Ruled::SeenTo) };
            let tasks_done = vec![(task::urgent_id(&case.id, seen_to(case)), ruling.done(now))];
            return Ok((Amendment { status, tasks_done, ..Amendment::of(case) }, ruled));
        }
        let waits = is_open || self.is_unseen(case);
        if manner == Manner::Exposure {
            if !waits && !self.is_correctable(case, &record, now) {
                return Err(closed(case));
            }
            if !self.protects_somebody(case) {
                return Err(OfficeError::NothingProtected);
            }
        }
        match proposal {
            _ if case.outcome == Outcome::Review && !is_confirmed(case) && waits => {
                let found = || Amendment { status: closing, ..self.violation(case, manner, now) };
                Ok((self.redirect(case, now).unwrap_or_else(found), Ruled::Done))
            }
            Some(_) if manner == Manner::Together => Err(OfficeError::NotTogether),
            Some(position) => {
                let found = self.found(case, &record, manner, now);
                self.sanctioned(found, record, position, ruling, now).await
            }
            None if waits || manner == Manner::Exposure => {
                let found = self.found(case, &record, manner, now);
                Ok((Amendment { status: closing, ..found }, Ruled::Done))
            }
            None => Err(closed(case)),
        }
    }

    /// Whether a confirmation is about somebody who may be in danger, whom nobody has seen to since.
    pub(super) fn is_in_danger(&self, case: &Case) -> bool {
        case.urgent && (case.is_open() || self.is_unseen(case))
    }

    /// Whether a contribution was removed before anybody looked at all there is to its case.
    fn is_unseen(&self, case: &Case) -> bool {
        let is_removed = matches!(case.status, Status::Closed { reason: Closure::Removed, .. });
        let is_left = !is_confirmed(case) && (seen_to(case) == 0 || self.has_rest(case));
        is_removed && case.erased_at.is_none() && (case.urgent || is_left)
    }

    /// Whether a closed case is still held to protect someone, or counts for something else that stood beside their data,
    /// so that a person can find that somebody was exposed.
    fn is_correctable(&self, case: &Case, record: &AuthorRecord, now: Timestamp) -> bool {
        let stands = matches!(case.status, Status::Closed { reason: Closure::Removed | Closure::Confirmed, .. });
        let adds = || {
            self.protects_somebody(case) && self.found(case, record, Manner::Exposure, now).strike != StrikeChange::Keep
        };
        stands && case.erased_at.is_none() && (case.protects || adds())
    }

    /// Whether something was found beside that somebody may be in danger.
    fn has_rest(&self, case: &Case) -> bool {
        let others = case.revisions.iter().flat_map(|revision| &revision.findings);
        let mut all = case.findings.iter().chain(others);
        all.any(|finding| finding.outcome >= Outcome::Review && !self.moderation.policy.is_urgent(&finding.rule))
    }

    /// Whether personal data are among what was found.
    fn protects_somebody(&self, case: &Case) -> bool {
        self.decisive(case).iter().any(|finding| self.moderation.policy.protects(&finding.rule))
    }

    /// The findings that a confirmation is about, over all revisions: only the most certain, because a doubt beside them is
    /// none that anybody has decided. That somebody may be in danger is no violation.
    pub(super) fn decisive<'c>(&self, case: &'c Case) -> Vec<&'c CaseFinding> {
        let is_urgent = |finding: &CaseFinding| self.moderation.policy.is_urgent(&finding.rule);
        // Not those that wait for a person because one has cleared the same before.
        let hidden = case
            .revisions
            .iter()
            .filter(|revision| revision.outcome == Outcome::Hide || revision.findings.iter().any(is_urgent));
        let hiding = hidden.flat_map(|revision| &revision.findings).filter(|finding| finding.outcome == Outcome::Hide);
        let mut decisive: Vec<_> = case.findings.iter().chain(hiding).filter(|finding| !is_urgent(finding)).collect();
        let most_certain = decisive.iter().map(|finding| finding.outcome).max();
        decisive.retain(|finding| Some(finding.outcome) == most_certain);
        decisive
    }

    /// The clauses that count, each once: what protects someone only when a person found that somebody was exposed, and
    /// then before the others.
    fn counting(&self, case: &Case, manner: Manner) -> Vec<&Clause> {
        let decisive = self.decisive(case).into_iter();
        let (protecting, others): (Vec<_>, Vec<_>) =
            decisive.partition(|finding| self.moderation.policy.protects(&finding.rule));
        let exposing = protecting.into_iter().filter(|_| manner == Manner::Exposure);
        self.clauses(exposing.chain(others))
    }

    /// The clauses of these findings, each once.
    fn clauses<'c>(&self, findings: impl Iterator<Item = &'c CaseFinding>) -> Vec<&Clause> {
        let mut clauses: Vec<&Clause> = Vec::new();
        for clause in findings.filter_map(|finding| self.moderation.policy.clause(&finding.clause)) {
            if clauses.iter().all(|known| known.number != clause.number) {
                clauses.push(clause);
            }
        }
        clauses
    }

    /// The clauses for which a person brings a case before somebody: those that name them, else the gravest of all.
    pub(super) fn cited_before(&self, case: &Case, to: Referral) -> Vec<&Clause> {
        let mut clauses = self.clauses(self.decisive(case).into_iter());
        if clauses.is_empty() {
            clauses = self.clauses(case.findings.iter());
        }
        let gravest = gravest(clauses.iter().copied());
        clauses.retain(|clause| clause.refer_to.contains(&to));
        if clauses.is_empty() { gravest.into_iter().collect() } else { clauses }
    }

    /// What follows when a person finds that the rules were violated.
    fn violation<'c>(&self, case: &'c Case, manner: Manner, now: Timestamp) -> Amendment<'c> {
        let mut amendment = Amendment::of(case);
        if case.surface != Surface::Message && case.is_open() {
            amendment.actions.push(NewAction::new(ActionKind::Hide));
        }
        let clauses = self.counting(case, manner);
        if !clauses.is_empty() {
            self.count(&mut amendment, case, &clauses, manner, now);
        } else if self.protects_somebody(case) {
            // Its author is told why as soon as it is hidden.
            (amendment.protects, amendment.climb_due) = (Some(true), Some(true));
        }
        amendment
    }

    /// What follows when a person confirms what the rules alone found and hid; nothing when that was confirmed before, or
    /// is confirmed together with others. That somebody was exposed can be found at any time.
    fn found<'c>(&self, case: &'c Case, record: &AuthorRecord, manner: Manner, now: Timestamp) -> Amendment<'c> {
        let mut amendment = Amendment::of(case);
        let is_exposure = manner == Manner::Exposure;
        if !is_exposure && (case.outcome != Outcome::Hide || is_confirmed(case) || manner == Manner::Together) {
            return amendment;
        }
        let known = record.standing.strikes.iter().find(|strike| strike.case == case.id);
        let cited = known.and_then(|strike| self.moderation.policy.clause(&strike.clause));
        let mut clauses = self.counting(case, manner);
        clauses.extend(cited.filter(|cited| clauses.iter().all(|clause| clause.number != cited.number)));
        match known {
            Some(strike) => {
                let raised = raised(strike, cited, &clauses, manner);
                if (&raised.clause, raised.weight, raised.skips_to) != (&strike.clause, strike.weight, strike.skips_to)
                {
                    amendment.strike = StrikeChange::Raise(raised);
                    amendment.climb_due = Some(true);
                }
                self.refer(&mut amendment, case, &clauses, now);
            }
            None if is_exposure => self.count(&mut amendment, case, &clauses, manner, now),
            None => self.refer(&mut amendment, case, &clauses, now),
        }
        amendment
    }

    /// What follows from a violation of these clauses that a person has found: one strike, for the gravest.
    fn count(&self, amendment: &mut Amendment<'_>, case: &Case, clauses: &[&Clause], manner: Manner, now: Timestamp) {
        let told = written_at(case.platform, case.edited, case.at, case.told_at);
        let written_at = told.map_or(case.received_at, |at| at.min(case.received_at));
        let is_certain = manner != Manner::Together;
        let strike = gravest(clauses.iter().copied())
            .and_then(|clause| strike(&self.moderation.policy, clause, written_at, now));
        if let (Some(_), Some(strike)) = (&case.pseudonym, strike) {
            amendment.strike = StrikeChange::Add(if is_certain { confirmed(strike, clauses) } else { strike });
            amendment.climb_due = Some(true);
        }
        amendment.protects = case.protects.then_some(false);
        if is_certain {
            self.refer(amendment, case, clauses, now);
        }
    }

    /// The tasks to bring it before whom these clauses name, one for each of those.
    fn refer(&self, amendment: &mut Amendment<'_>, case: &Case, clauses: &[&Clause], now: Timestamp) {
        let deadline = self.moderation.policy.calendar.next_opening(now);
        for to in Referral::ALL {
            let naming: Vec<&Clause> = clauses.iter().copied().filter(|clause| clause.refer_to.contains(&to)).collect();
            if !naming.is_empty() {
                amendment.tasks.push(task::refer(&case.id, case.platform, to, &naming, 0, deadline, now));
            }
        }
    }

    /// What follows when a person confirms a proposed sanction.
    async fn sanctioned<'c>(
        &self,
        mut amendment: Amendment<'c>,
        record: AuthorRecord,
        position: usize,
        ruling: &Ruling,
        now: Timestamp,
    ) -> Result<(Amendment<'c>, Ruled), OfficeError> {
        let case = amendment.case;
        let mut sanctions = record.standing.sanctions.clone();
        let sanction = &mut sanctions[position];
        if sanction.confirmed_by.iter().any(|before| before.is(&ruling.by)) {
            return Err(OfficeError::SamePerson { by: ruling.by.clone() });
        }
        sanction.confirmed_by.push(ruling.by.clone());
        let step = self.moderation.policy.ladder.step(sanction.kind);
        let needed = step.map_or(1, |step| step.decided_by.people());
        let missing = needed.saturating_sub(sanction.confirmed_by.len());
        if missing == 0 {
            sanction.state = SanctionState::Decided;
            // The days of a block begin when it is decided, not when it was proposed.
            sanction.ends_at = step.and_then(|step| step.ends_at(now));
            let Measures { actions, tasks } = self.moderation.measures(case, sanction, &record, now);
            amendment.actions = actions;
            amendment.tasks.extend(tasks);
            amendment.status = Some(Status::Closed { reason: Closure::Confirmed, at: now });
            amendment.tasks_done = vec![(task::confirm_id(&case.id, sanction.number), ruling.done(now))];
            if sanction.kind >= SanctionKind::Block {
                // Nobody is to let in now whom an earlier block has kept out.
                let not_needed = || Done { achieved: false, ..ruling.done(now) };
                let tasks = self.still_kept_out(&record).await?;
                amendment.tasks_done.extend(tasks.into_iter().map(|task| (task.id, not_needed())));
            }
        }
        let number = sanction.number;
        let changed = if missing == 0 { vec![number] } else { Vec::new() };
        amendment.sanctions = Some(SanctionsChange { version: record.version, sanctions, changed });
        Ok((amendment, if missing == 0 { Ruled::Done } else { Ruled::MorePeople(missing) }))
    }
}

/// A strike for the clause that is `cited`, once a person has confirmed that these clauses were violated: for the gravest,
/// from the same day to the same day. Of equals the one that is cited stays, unless a person found that somebody was
/// exposed, which the record is to say.
fn raised(known: &Strike<CaseId>, cited: Option<&Clause>, clauses: &[&Clause], manner: Manner) -> NewStrike {
    let Strike { clause, weight, skips_to, at, expires_at, .. } = known.clone();
    let mut raised = NewStrike { clause, weight, skips_to, at, expires_at };
    if let Some(gravest) = gravest(clauses.iter().copied()) {
        let before = cited.map_or_else(Default::default, gravity);
        let leads = if manner == Manner::Exposure { gravity(gravest) >= before } else { gravity(gravest) > before };
        if leads && gravest.weight >= weight {
            (raised.clause, raised.weight) = (gravest.number.clone(), gravest.weight);
        }
    }
    confirmed(raised, clauses)
}

/// How often a person has seen to somebody in danger in a case.
pub(crate) fn seen_to(case: &Case) -> usize {
    case.decisions.iter().filter(|decision| decision.kind == DecisionKind::Danger).count()
}

/// Whether a person has confirmed a case, as it is: what its author rewrote for the worse since nobody has.
pub(crate) fn is_confirmed(case: &Case) -> bool {
    let knows = |at: Timestamp| case.revisions.is_empty() || at >= case.received_at;
    case.decisions.iter().any(|decision| decision.kind == DecisionKind::Confirm && knows(decision.at))
}
