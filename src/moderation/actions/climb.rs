//! From an author's standing to a sanction: climbs the ladder once what was asked about a case is settled.
//!
//! The ladder itself is pure, in the policy crate. Here its answer becomes actions. Whoever climbs reads everything
//! that is on record about the author, and what follows is recorded only if the author's standing has not changed
//! meanwhile: of many violations at once, the last to climb sees them all, and each sanction is imposed once.

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex, PoisonError};

use jiff::{SignedDuration, Timestamp};
use ledger::{
    Action, Amended, Amendment, AuthorRecord, Case, CaseId, Closure, Fate, LedgerError, NewAction, Pseudonym,
    SanctionsChange, Status, Task,
};
use platforms::adapter;
use policy::{
    ActionKind, Clause, DecidedBy, Due, Measure, MessageFacts, Notice, Sanction, SanctionKind, SanctionState, Surface,
};

use crate::Moderation;
use crate::actions::speech::{Answered, Speech, say};
use crate::actions::task;

/// How often a climb starts anew when the records change under its hands, before it is left to a later attempt.
const ATTEMPTS: u32 = 8;

/// Which strikes a climb of this process has seen already, and found that nothing was due. A thousand violations by one
/// author at once are a thousand climbs: the first sees most of the strikes, and those need no climb of their own.
/// Whatever changes the author's sanctions later makes a climb due by itself, on a case that is amended with it. Clones
/// share it.
#[derive(Clone, Debug, Default)]
pub(crate) struct Climbed(Arc<Mutex<HashMap<Pseudonym, HashSet<CaseId>>>>);

impl Climbed {
    /// How many authors are remembered.
    const AUTHORS: usize = 64;

    /// Whether nothing was due with the strike of a case that has only just been recorded. A case that was amended
    /// since is climbed for another reason.
    fn covers(&self, case: &Case) -> bool {
        let seen = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let is_new = case.decisions.is_empty() && case.revisions.is_empty();
        let author = case.pseudonym.as_ref().and_then(|author| seen.get(author));
        is_new && author.is_some_and(|strikes| strikes.contains(&case.id))
    }

    /// Forgets these authors.
    pub(crate) fn forget(&self, authors: &[Pseudonym]) {
        let mut seen = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        seen.retain(|author, _| !authors.contains(author));
    }

    fn remember(&self, author: &Pseudonym, record: &AuthorRecord) {
        let mut seen = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if seen.len() >= Self::AUTHORS {
            seen.clear();
        }
        // A case that carries a sanction is climbed again when that comes a step further.
        let carries = |case: &CaseId| record.standing.sanctions.iter().any(|sanction| &sanction.case == case);
        let strikes = record.standing.strikes.iter().map(|strike| &strike.case);
        let strikes = strikes.filter(|case| !carries(case)).cloned();
        seen.insert(author.clone(), strikes.collect());
    }
}

/// What a sanction asks for.
#[derive(Debug, Default)]
pub(crate) struct Measures {
    pub actions: Vec<NewAction>,
    pub tasks: Vec<Task>,
}

impl Moderation {
    /// Climbs the ladder for the author of a case, as far as it is due.
    ///
    /// # Errors
    /// When the ledger is unavailable, or the records keep changing. The climb stays due.
    pub(crate) async fn climb(&self, id: &CaseId) -> Result<(), LedgerError> {
        for _ in 0..ATTEMPTS {
            let now = self.clock.now();
            let Some(case) = self.ledger.case(id, now).await? else { return Ok(()) };
            if !case.climb_due {
                return Ok(());
            }
            if self.climbed.covers(&case) {
                if self.climb_is_done(&case, now).await? {
                    return Ok(());
                }
                continue;
            }
            let record = match &case.pseudonym {
                Some(author) => self.ledger.author(author).await?,
                None => AuthorRecord::default(),
            };
            if self.take_back_untold(&case, &record, now).await?
                || self.explain_protection(&case, now).await?
                || self.announce_by_hand(&case, &record, now).await?
            {
                continue;
            }
            let due = self.policy.ladder.due(&record.standing, now);
            let imposed = match due {
                Some(due) => self.impose(&record, due, now).await?,
                None => None,
            };
            if imposed.is_some() {
                // Recorded or overtaken: either way there is a new standing to look at.
                continue;
            }
            if let Some(author) = &case.pseudonym {
                self.climbed.remember(author, &record);
            }
            if self.climb_is_done(&case, now).await? {
                return Ok(());
            }
        }
        Err(LedgerError::Conflict { operation: "climb", attempts: ATTEMPTS })
    }

    async fn climb_is_done(&self, case: &Case, now: Timestamp) -> Result<bool, LedgerError> {
        let done = Amendment { climb_due: Some(false), ..Amendment::of(case) };
        Ok(self.ledger.amend(&done, now).await? == Amended::Recorded)
    }

    /// Takes back a warning of this case that had nothing left to answer to: its author was not told, and the next
    /// violation leads to another. Whether there was one.
    async fn take_back_untold(&self, case: &Case, record: &AuthorRecord, now: Timestamp) -> Result<bool, LedgerError> {
        let untold =
            |number: u32| case.actions.iter().any(|action| action.sanction == Some(number) && action.reached_nobody());
        let change = SanctionsChange::of(record.clone(), |sanction| {
            let waits = sanction.state == SanctionState::Decided && sanction.kind < SanctionKind::Block;
            let is_untold = waits && sanction.case == case.id && untold(sanction.number);
            if is_untold {
                sanction.close(SanctionState::Withdrawn, now);
            }
            is_untold
        });
        let Some(change) = change else { return Ok(false) };
        self.ledger.amend(&Amendment { sanctions: Some(change), ..Amendment::of(case) }, now).await?;
        Ok(true)
    }

    /// Tells the author of something that was hidden to protect someone why, in private where the platform has a call for
    /// it, and else not at all. Whether that is to be said now.
    async fn explain_protection(&self, case: &Case, now: Timestamp) -> Result<bool, LedgerError> {
        let was_told = case.actions.iter().any(|action| action.notice == Some(Notice::Protection));
        // What is urgent, or a doubt, may come first.
        let protecting = case.findings.iter().find(|finding| self.policy.protects(&finding.rule));
        let clause = protecting.or(case.findings.first()).and_then(|finding| self.policy.clause(&finding.clause));
        let (Some(clause), Some(content)) = (clause, case.standing_content()) else { return Ok(false) };
        let is_closed = matches!(case.status, Status::Closed { reason: Closure::Overturned | Closure::Removed, .. });
        if !case.protects || was_told || is_closed || !case.is_hidden() {
            return Ok(false);
        }
        let facts = MessageFacts {
            clause: Some(clause),
            service: None,
            done: Measure::Hidden,
            reference: &case.id.reference().to_string(),
            until: None,
        };
        let (platform, surface, text) = (case.platform, case.surface, &content.text);
        let answered = Answered { platform, surface, text, in_private: true };
        let Speech::Action(action) = say(&self.policy, answered, Notice::Protection, &facts, &[]) else {
            return Ok(false);
        };
        let is_gone = self.ledger.fate(&case.id).await?.is_some_and(|became| became.fate == Fate::Removed);
        if is_gone || !is_called(case, action.kind) {
            return Ok(false);
        }
        let amendment = Amendment { actions: vec![action], ..Amendment::of(case) };
        self.ledger.amend(&amendment, now).await?;
        Ok(true)
    }

    /// Tells the author of a block that a person has imposed by hand, because the platform has no call for it. Whether that is
    /// to be said now.
    async fn announce_by_hand(&self, case: &Case, record: &AuthorRecord, now: Timestamp) -> Result<bool, LedgerError> {
        let is_by_hand = |number: u32| {
            let serves = |action: &&Action| action.sanction == Some(number);
            let mut served = case.actions.iter().filter(serves);
            served.clone().any(|action| action.kind == ActionKind::Ban && !action.took_effect())
                && !served.any(|action| action.kind.speaks())
        };
        let imposed = record.standing.sanctions.iter().find(|sanction| {
            let is_so = sanction.kind >= SanctionKind::Block && sanction.state == SanctionState::Effective;
            is_so && sanction.case == case.id && is_by_hand(sanction.number)
        });
        let is_closed = matches!(case.status, Status::Closed { reason: Closure::Overturned | Closure::Removed, .. });
        let (Some(sanction), false) = (imposed, is_closed) else { return Ok(false) };
        if self.ledger.fate(&case.id).await?.is_some_and(|became| became.fate == Fate::Removed) {
            return Ok(false);
        }
        let strike = record.standing.strikes.iter().find(|strike| strike.case == case.id);
        let cited = strike.map(|strike| strike.clause.as_str());
        let Speech::Action(action) = self.announcement(case, sanction, cited) else { return Ok(false) };
        let action = NewAction { sanction: Some(sanction.number), ..action };
        self.ledger.amend(&Amendment { actions: vec![action], ..Amendment::of(case) }, now).await?;
        Ok(true)
    }

    /// Imposes or proposes a sanction; `None` when the case that makes it due cannot carry it.
    async fn impose(
        &self,
        record: &AuthorRecord,
        due: Due<CaseId>,
        now: Timestamp,
    ) -> Result<Option<Amended>, LedgerError> {
        let speaks = matches!(due.kind, SanctionKind::Warning | SanctionKind::LastWarning);
        let Some(carrier) = self.carrier(&due, speaks, now).await? else { return Ok(None) };
        let number = record.standing.sanctions.iter().map(|sanction| sanction.number).max().unwrap_or_default() + 1;
        let is_decided = due.decided_by == DecidedBy::System;
        let mut sanction = Sanction { case: carrier.id.clone(), ..due.proposed(number, now) };
        // After an earlier decision was taken back, what its message said still reached the author.
        let told_at = speaks.then(|| told_at(&carrier)).flatten();
        if let Some(told_at) = told_at {
            sanction.take_effect(told_at);
        }
        let mut sanctions = record.standing.sanctions.clone();
        sanctions.push(sanction.clone());
        let change = SanctionsChange { version: record.version, sanctions, changed: vec![number] };
        let mut amendment = Amendment { sanctions: Some(change), ..Amendment::of(&carrier) };
        if told_at.is_some() {
            amendment.climb_due = Some(true);
        } else if is_decided {
            let Measures { actions, tasks } = self.measures(&carrier, &sanction, record, now);
            amendment.actions = actions;
            amendment.tasks = tasks;
        } else {
            let deadline = self.policy.calendar.deadline(now, CONFIRMATION);
            amendment.tasks.push(task::confirm(&carrier, &sanction, deadline, now));
            // A person has to look at it by itself, and not with a group. What is removed stays closed: the task is
            // enough.
            let is_removed = matches!(carrier.status, Status::Closed { reason: Closure::Removed, .. });
            amendment.status = (!is_removed).then_some(Status::Open);
            amendment.ungroup = true;
            amendment.deadline = Some(deadline);
        }
        tracing::info!(platform = %carrier.platform, sanction = sanction.kind.as_str(),
            state = sanction.state.as_str(), "the ladder leads to a sanction");
        Ok(Some(self.ledger.amend(&amendment, now).await?))
    }

    /// The case that carries a sanction: that of the strike which makes it due, or, for a warning about something that
    /// is gone, the newest other one that can still be answered. `None` when all of it is gone: a warning would reach
    /// nobody, and the next violation leads to one.
    async fn carrier(&self, due: &Due<CaseId>, speaks: bool, now: Timestamp) -> Result<Option<Case>, LedgerError> {
        let others = due.grounds.iter().rev().filter(|ground| **ground != due.case);
        for id in std::iter::once(&due.case).chain(others).take(CARRIERS) {
            // What an erasure left of a case carries nothing: nobody would know any more whom it concerns.
            let case = self.ledger.case(id, now).await?.filter(|case| case.erased_at.is_none());
            let Some(case) = case else { continue };
            let is_gone = self.ledger.fate(id).await?.is_some_and(|became| became.fate == Fate::Removed);
            let was_told = *id != due.case && was_told(&case);
            if !speaks || !(is_gone || was_told) {
                return Ok(Some(case));
            }
        }
        Ok(None)
    }

    /// What a decided sanction asks of the platform and, where it cannot be asked, of a person.
    /// The message cites the clause of the strike.
    pub(crate) fn measures(
        &self,
        case: &Case,
        sanction: &Sanction<CaseId>,
        record: &AuthorRecord,
        now: Timestamp,
    ) -> Measures {
        let strike = record.standing.strikes.iter().find(|strike| strike.case == case.id);
        let cited = strike.map(|strike| strike.clause.as_str());
        let mut measures = Measures::default();
        let serves = Some(sanction.number);
        match sanction.kind {
            SanctionKind::Warning | SanctionKind::LastWarning => match self.announcement(case, sanction, cited) {
                Speech::Action(action) => measures.actions.push(NewAction { sanction: serves, ..action }),
                Speech::NoTemplate | Speech::NoWay => {
                    let deadline = self.policy.calendar.deadline(now, CONFIRMATION);
                    let clause = cited.and_then(|cited| self.policy.clause(cited));
                    let in_private = clause.is_some_and(|clause| self.exposes(case, clause));
                    measures.tasks.push(task::warn(case, sanction, in_private, deadline, now));
                }
            },
            SanctionKind::Block | SanctionKind::Ban => {
                // Before the ban: after it nothing reaches the author any more. But what only a person can do is announced
                // when they have done it: perhaps they cannot.
                if is_called(case, ActionKind::Ban)
                    && let Speech::Action(action) = self.announcement(case, sanction, cited)
                {
                    measures.actions.push(NewAction { sanction: serves, ..action });
                }
                measures.actions.push(NewAction { sanction: serves, ..NewAction::new(ActionKind::Ban) });
                if let Some(ends_at) = sanction.ends_at {
                    let unban = NewAction::new(ActionKind::Unban);
                    measures.actions.push(NewAction { sanction: serves, not_before: Some(ends_at), ..unban });
                }
            }
        }
        measures
    }

    /// Whether a case counts for personal data of somebody else. What is said about that in public would point everybody
    /// at what was hidden to protect them, and at who wrote it: it is said in private, by call or by a person.
    fn exposes(&self, case: &Case, clause: &Clause) -> bool {
        case.findings.iter().any(|finding| finding.clause == clause.number && self.policy.protects(&finding.rule))
    }

    /// The message that tells the author of a sanction; none where one about this contribution was told already.
    fn announcement(&self, case: &Case, sanction: &Sanction<CaseId>, cited: Option<&str>) -> Speech {
        let Some(content) = &case.standing_content() else { return Speech::NoWay };
        let cited = cited.or_else(|| case.findings.first().map(|finding| finding.clause.as_str()));
        let clause = cited.and_then(|clause| self.policy.clause(clause));
        let (Some(clause), false) = (clause, was_told(case)) else { return Speech::NoWay };
        let notice = notice(sanction.kind);
        let facts = MessageFacts {
            clause: Some(clause),
            service: None,
            done: measure(case, sanction.kind),
            reference: &case.id.reference().to_string(),
            until: sanction.ends_at,
        };
        let (platform, surface, text) = (case.platform, case.surface, &content.text);
        let answered = Answered { platform, surface, text, in_private: self.exposes(case, clause) };
        // Some platforms take one private message about a contribution, and that may have explained a protection.
        let used: Vec<ActionKind> =
            case.actions.iter().filter(|action| action.kind.speaks()).map(|action| action.kind).collect();
        say(&self.policy, answered, notice, &facts, &used)
    }
}

/// Whether the platform has a call for an action about this contribution.
pub(crate) fn is_called(case: &Case, action: ActionKind) -> bool {
    adapter(case.platform).capability(case.surface, action).is_called()
}

/// When the author of a contribution was warned about it.
pub(crate) fn told_at(case: &Case) -> Option<Timestamp> {
    let warned = |action: &&Action| {
        matches!(action.notice, Some(Notice::Warning | Notice::LastWarning)) && action.was_delivered()
    };
    case.actions.iter().find(warned)?.effect_at
}

/// Whether the author of a contribution was, or is being, answered about it; why it was hidden to protect someone is no
/// answer to what a person finds later.
pub(crate) fn was_answered(case: &Case) -> bool {
    let answers = |action: &Action| action.kind.speaks() && action.notice != Some(Notice::Protection);
    case.actions.iter().any(|action| answers(action) && !action.reached_nobody())
}

/// Whether the author of a contribution was, or is being, told of a sanction about it. That a question was answered, or that
/// nobody is there at night, is no reason not to warn who then rewrites it into a violation.
fn was_told(case: &Case) -> bool {
    use Notice::{Ban, Block, LastWarning, Warning};
    let tells = |action: &Action| matches!(action.notice, Some(Warning | LastWarning | Block | Ban));
    case.actions.iter().any(|action| tells(action) && !action.reached_nobody())
}

/// How many cases are looked at for one that can carry a warning.
const CARRIERS: usize = 20;

/// How much working time the office has to confirm a sanction or to deliver a warning by hand.
pub(crate) const CONFIRMATION: SignedDuration = SignedDuration::from_hours(16);

const fn notice(sanction: SanctionKind) -> Notice {
    match sanction {
        SanctionKind::Warning => Notice::Warning,
        SanctionKind::LastWarning => Notice::LastWarning,
        SanctionKind::Block => Notice::Block,
        SanctionKind::Ban => Notice::Ban,
    }
}

/// What was done about the contribution, for the message to say.
fn measure(case: &Case, sanction: SanctionKind) -> Measure {
    match sanction {
        SanctionKind::Block => Measure::Blocked,
        SanctionKind::Ban => Measure::Banned,
        // Nobody else sees a private message: there is nothing to hide.
        SanctionKind::Warning | SanctionKind::LastWarning if case.surface == Surface::Message => Measure::None,
        SanctionKind::Warning | SanctionKind::LastWarning if case.is_hidden() => Measure::Hidden,
        SanctionKind::Warning | SanctionKind::LastWarning => Measure::Standing,
    }
}
