//! A contribution counts once, over all its revisions (invariant 1): what follows from one that is not the first.

use std::collections::HashSet;

use jiff::Timestamp;
use ledger::{
    Action, AuthorRecord, Case, Closure, Course, Halt, Judged, LedgerError, NewStrike, Once, Recorded, Revised,
    Revision, Status, StrikeChange,
};
use policy::{ActionKind, Contribution, Effect, Outcome, Policy, SanctionKind, Subject, Verdict};

use crate::Moderation;
use crate::climb::{told_at, was_answered};
use crate::decide::{Decision, Matter, weight};
use crate::receive::{Follow, Origin};

/// How often a revision is decided anew when another is recorded meanwhile, before the platform has to repeat it.
const ATTEMPTS: u32 = 8;

/// How often the platform may decline or fail to hide a contribution, before its next revisions are left to the person who
/// has these tasks: who rewrites without end fills neither the case nor the desk.
const MOST_REFUSALS: usize = 5;

/// What a revision is to those before it.
enum Place {
    /// There is no case that it could belong to, or a person has decided that there was no violation.
    First,
    /// It is a delivery of the one that stands there.
    Delivered,
    /// It belongs to the case that there is.
    Joins(Box<Case>),
    /// Its author was warned about this very contribution, and then wrote a new violation into it: it counts anew.
    Anew,
}

impl Moderation {
    /// Decides and records a revision that may have others: what was edited, and whatever is not simply allowed. Of a
    /// first revision that is clean, nothing is looked up.
    pub(crate) async fn record_in_course(
        &self,
        matter: &Matter<'_>,
        halt: Option<&Halt>,
        origin: Origin,
    ) -> Result<(Follow, Recorded), LedgerError> {
        let Matter { contribution, verdict, now, .. } = *matter;
        if !contribution.edited && verdict.outcome() == Outcome::Allow {
            return self.record(matter, halt, None).await;
        }
        let is_known = origin == Origin::Seen { was_judged: true };
        let words = self.policy.words_of(&contribution.text);
        for _ in 0..ATTEMPTS {
            let course = self.ledger.course(contribution, &words, now).await?;
            let (follow, recorded) = match self.place(matter, &course).await? {
                Place::Delivered => {
                    let leaves_a_trace = contribution.edited && origin == Origin::Delivered && !course.is_restated();
                    if leaves_a_trace && self.ledger.restate(&course).await? == Recorded::Raced {
                        continue;
                    }
                    (Follow::nothing(verdict.outcome()), Recorded::Duplicate)
                }
                // It was read again and is on record: nothing was ever wrong with it, or a person has cleared it.
                Place::First if is_known && (course.case.is_some() || verdict.outcome() == Outcome::Allow) => {
                    (Follow::nothing(verdict.outcome()), Recorded::Duplicate)
                }
                Place::Joins(case) => self.join(matter, halt, &course, &case).await?,
                Place::First | Place::Anew => self.record(matter, halt, Some(&course)).await?,
            };
            if recorded != Recorded::Raced {
                return Ok((Follow { course: Some(course), ..follow }, recorded));
            }
        }
        Err(LedgerError::Conflict { operation: "record a revision", attempts: ATTEMPTS })
    }

    async fn place(&self, matter: &Matter<'_>, course: &Course) -> Result<Place, LedgerError> {
        let Some(case) = &course.case else { return Ok(Place::First) };
        let is_same_object = is_same_object(case, matter.contribution);
        if course.repeats_text() && is_same_object {
            return Ok(Place::Delivered);
        }
        let was_cleared = matches!(
            case.status,
            Status::Closed { reason: Closure::Overturned | Closure::Unfounded | Closure::Erased, .. }
        );
        if course.repeats_words() && is_same_object {
            return Ok(Place::Joins(Box::new(case.clone())));
        }
        if was_cleared || case.erased_at.is_some() {
            return Ok(Place::First);
        }
        if matter.verdict.outcome() == Outcome::Hide && !matter.is_halted && matter.contribution.edited {
            let record = self.record_of(case).await?;
            let written_at = rewritten_at(case, matter.contribution, matter.now);
            let is_warned = warned_at(case, &record).is_some_and(|warned_at| written_at > warned_at);
            if is_warned && says_something_new(&self.policy, case, matter.contribution, matter.verdict) {
                return Ok(Place::Anew);
            }
        }
        Ok(Place::Joins(Box::new(case.clone())))
    }

    /// Records a revision with the case that there is.
    async fn join(
        &self,
        matter: &Matter<'_>,
        halt: Option<&Halt>,
        course: &Course,
        case: &Case,
    ) -> Result<(Follow, Recorded), LedgerError> {
        let unchanged = course.repeats_words() && is_same_object(case, matter.contribution);
        let record = self.record_of(case).await?;
        let about = Matter { id: &case.id, ..*matter };
        let mut said: Vec<Once> = Vec::new();
        loop {
            let decision = self.decided(&about, &mut said).await?;
            let once = decision.once.clone();
            let joined = if unchanged { None } else { Some(self.joined(&about, case, &record, &decision)) };
            let Joined { actions, strike, leads, reopened, climb } = joined.unwrap_or_default();
            let has_work = !actions.is_empty() || climb;
            let revised = Revised {
                judged: Judged {
                    actions,
                    strike: None,
                    climb,
                    tasks: if unchanged { Vec::new() } else { decision.tasks.clone() },
                    once: if has_work { once.clone() } else { Vec::new() },
                    ..self.judged(matter, halt, None, decision)
                },
                unchanged,
                leads,
                strike,
                reopened,
            };
            let follow = Follow { outcome: revised.judged.outcome, has_case: has_work, course: None };
            match self.ledger.record_revision(&revised, course).await? {
                Recorded::Raced if !revised.judged.once.is_empty() && said.len() < once.len() => said.extend(once),
                recorded => return Ok((follow, recorded)),
            }
        }
    }

    /// What follows for the case from a revision that says something else than the one before.
    fn joined(&self, matter: &Matter<'_>, case: &Case, record: &AuthorRecord, decision: &Decision) -> Joined {
        let contribution = matter.contribution;
        let newest = case.newest();
        let is_older = match (contribution.at, newest.at) {
            (Some(at), Some(known)) if at != known => at < known,
            _ => newest.edited && !contribution.edited,
        };
        let is_gone = matches!(case.status, Status::Closed { reason: Closure::Removed, .. });
        let stands = !is_older && !is_gone;
        let mut actions = decision.actions.clone();
        actions.retain(|action| {
            stands && if action.kind.speaks() { !was_answered(case) } else { needs_hiding(case, contribution) }
        });
        let known = record.standing.strikes.iter().find(|strike| strike.case == case.id);
        let strike = match (known, &decision.strike) {
            (None, Some(strike)) => {
                StrikeChange::Add(NewStrike { at: rewritten_at(case, contribution, matter.now), ..strike.clone() })
            }
            // One strike, from the same day to the same day: only how much it counts is another.
            (Some(known), Some(strike)) if strike.weight > known.weight => StrikeChange::Raise(NewStrike {
                skips_to: known.skips_to,
                at: known.at,
                expires_at: known.expires_at,
                ..strike.clone()
            }),
            _ => StrikeChange::Keep,
        };
        let before = match known {
            Some(known) => known.weight,
            None if case.protects => 0,
            None => weight(&self.policy, case.findings.iter().map(|finding| finding.clause.as_str())),
        };
        let weight = decision.strike.as_ref().map_or(0, |strike| strike.weight);
        let leads = (decision.outcome, weight) > (case.outcome, before);
        let counts = strike != StrikeChange::Keep;
        // What a person has confirmed was said before; what stands there visible, nobody has looked at.
        let is_news = leads || counts || (stands && decision.outcome >= Outcome::Review && !case.is_hidden());
        let reopens = is_news && !is_gone && decision.status == Status::Open;
        let climb = counts || !actions.is_empty() && decision.protects;
        Joined { actions, strike, leads, reopened: decision.deadline.filter(|_| reopens), climb }
    }
}

/// What follows for a case from another revision.
#[derive(Default)]
struct Joined {
    actions: Vec<ledger::NewAction>,
    strike: StrikeChange,
    leads: bool,
    reopened: Option<Timestamp>,
    climb: bool,
}

/// Whether a revision stands where the one before stood: on X every edit is a post of its own.
fn is_same_object(case: &Case, contribution: &Contribution) -> bool {
    contribution.original.is_none()
        || case.standing_content().is_some_and(|content| content.contribution == contribution.id)
}

/// Whether a revision has to be hidden: unless what it stands in is hidden, or is about to be, by call or by hand.
fn needs_hiding(case: &Case, contribution: &Contribution) -> bool {
    let hides = |effect: Option<Effect>| {
        case.actions.iter().any(|action| action.kind == ActionKind::Hide && action.effect == effect)
    };
    let is_seen_to = case.is_hidden() || hides(Some(Effect::Manual));
    let in_vain = |action: &&Action| {
        action.kind == ActionKind::Hide
            && matches!(action.effect, Some(Effect::Refused | Effect::Failed | Effect::Impossible))
    };
    if case.actions.iter().filter(in_vain).count() >= MOST_REFUSALS {
        return false;
    }
    let is_done = hides(None) || (is_seen_to && is_same_object(case, contribution));
    !is_done
}

/// When a revision was written. Facebook repeats the time of the original, and then it is not known: when it arrived.
fn rewritten_at(case: &Case, contribution: &Contribution, now: Timestamp) -> Timestamp {
    let is_repeated = |at: &Timestamp| case.all_revisions().iter().any(|revision| revision.at == Some(*at));
    match contribution.at {
        Some(at) if !contribution.edited || !is_repeated(&at) => at.min(now),
        _ => now,
    }
}

/// When the author of a contribution was warned about it, by message or by hand.
fn warned_at(case: &Case, record: &AuthorRecord) -> Option<Timestamp> {
    let warnings = record.standing.sanctions.iter();
    let warnings = warnings.filter(|sanction| sanction.case == case.id && sanction.kind < SanctionKind::Block);
    told_at(case).into_iter().chain(warnings.filter_map(|warning| warning.effective_at)).max()
}

/// Whether a text violates the rules by something that stood in no earlier revision: in its new words alone, or in a
/// match that was not there. Where no earlier text is kept any more, by a rule that had found nothing: in doubt for the
/// author.
fn says_something_new(policy: &Policy, case: &Case, contribution: &Contribution, verdict: &Verdict) -> bool {
    let earlier: Vec<Revision> = case.all_revisions();
    let texts: Vec<&str> =
        earlier.iter().filter_map(|revision| Some(revision.content.as_ref()?.text.as_str())).collect();
    let mut hiding = verdict.findings().iter().filter(|finding| finding.outcome == Outcome::Hide);
    if texts.is_empty() {
        let had = |rule: &str| earlier.iter().flat_map(|revision| &revision.findings).any(|found| found.rule == rule);
        return hiding.any(|finding| !had(&finding.rule));
    }
    let known: HashSet<String> =
        texts.iter().flat_map(|text| text.split_whitespace()).map(|word| policy.words_of(word)).collect();
    let said: Vec<String> = texts.iter().map(|text| policy.words_of(text)).collect();
    if hiding.any(|finding| said.iter().all(|said| !said.contains(&policy.words_of(&finding.matched)))) {
        return true;
    }
    let new: Vec<&str> =
        contribution.text.split_whitespace().filter(|word| !known.contains(&policy.words_of(word))).collect();
    let subject = Subject {
        text: &new.join(" "),
        platform: Some(contribution.platform),
        account: Some(&contribution.account),
        kind: contribution.surface.kind(),
        repeats: 0,
        has_attachment: false,
    };
    policy.judge(&subject).outcome() == Outcome::Hide
}
