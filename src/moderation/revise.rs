//! A contribution counts once, over all its revisions (invariant 1): what follows from one that is not the first.

use jiff::Timestamp;
use ledger::{
    Action, AuthorRecord, Case, Closure, Course, Halt, Judged, LedgerError, NewStrike, Once, Recorded, Revised, Status,
    StrikeChange,
};
use policy::{ActionKind, Contribution, Effect, Outcome, SanctionKind};

use crate::Moderation;
use crate::climb::{told_at, was_answered};
use crate::decide::{Decision, Matter, weight};
use crate::novelty::{Earlier, is_new};
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
    /// It says again what a person has decided to be no violation: whether it is one now, a person decides. In a case of
    /// its own, or in the one that there is by now.
    Cleared(Option<Box<Case>>),
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
                Place::First | Place::Cleared(_)
                    if is_known && (course.case.is_some() || verdict.outcome() == Outcome::Allow) =>
                {
                    (Follow::nothing(verdict.outcome()), Recorded::Duplicate)
                }
                Place::Joins(case) => self.join(matter, halt, &course, &case).await?,
                Place::First | Place::Anew => self.record(matter, halt, Some(&course)).await?,
                Place::Cleared(case) => {
                    let matter = Matter { for_a_person: true, ..*matter };
                    match case {
                        Some(case) => self.join(&matter, halt, &course, &case).await?,
                        None => self.record(&matter, halt, Some(&course)).await?,
                    }
                }
            };
            if recorded != Recorded::Raced {
                return Ok((Follow { course: Some(course), ..follow }, recorded));
            }
        }
        Err(LedgerError::Conflict { operation: "record a revision", attempts: ATTEMPTS })
    }

    async fn place(&self, matter: &Matter<'_>, course: &Course) -> Result<Place, LedgerError> {
        let Some(case) = &course.case else { return Ok(Place::First) };
        if course.repeats_text() && is_same_object(case, matter.contribution) {
            return Ok(Place::Delivered);
        }
        if self.is_unchanged(matter, course, case) {
            return Ok(Place::Joins(Box::new(case.clone())));
        }
        if case.erased_at.is_some() || matches!(case.status, Status::Closed { reason: Closure::Erased, .. }) {
            return Ok(Place::First);
        }
        let would_hide = matter.verdict.outcome() == Outcome::Hide && !matter.for_a_person;
        let was_cleared = is_cleared(case);
        if would_hide && (was_cleared || course.may_have_earlier()) {
            let cleared = self.earlier(matter, is_cleared).await?;
            if !cleared.revisions.is_empty() && !is_new(&self.policy, &cleared, matter.contribution, matter.verdict) {
                return Ok(Place::Cleared((!was_cleared).then(|| Box::new(case.clone()))));
            }
        }
        if was_cleared {
            return Ok(Place::First);
        }
        if would_hide && matter.contribution.edited {
            let record = self.record_of(case).await?;
            let is_warned = match (matter.written_at(), warned_at(case, &record)) {
                (Some(written_at), Some(warned_at)) => written_at > warned_at,
                // It may have been written before the warning: in doubt for the author.
                (None, _) | (_, None) => false,
            };
            if is_warned {
                let earlier = self.earlier(matter, |_| true).await?;
                if is_new(&self.policy, &earlier, matter.contribution, matter.verdict) {
                    return Ok(Place::Anew);
                }
            }
        }
        Ok(Place::Joins(Box::new(case.clone())))
    }

    /// What is known of the revisions before one, of those of its contribution's cases that are meant.
    async fn earlier(&self, matter: &Matter<'_>, is_meant: impl Fn(&Case) -> bool) -> Result<Earlier, LedgerError> {
        let Contribution { platform, account, id, original, .. } = matter.contribution;
        let root = original.as_ref().unwrap_or(id);
        let mut earlier = Earlier::default();
        for case in
            self.ledger.cases_about(*platform, account, root, matter.now).await?.iter().filter(|case| is_meant(case))
        {
            earlier.revisions.extend(case.all_revisions());
            earlier.forgotten.extend(case.rules_left_out.iter().cloned());
        }
        Ok(earlier)
    }

    /// Whether a revision says the same as the one that stands there in other spelling, and is no graver for it: letters
    /// that were taken apart may come together to an insult.
    fn is_unchanged(&self, matter: &Matter<'_>, course: &Course, case: &Case) -> bool {
        let newest = case.newest();
        let before = self.gravity(newest.findings.iter().map(|found| (found.outcome, &*found.rule, &*found.clause)));
        let found = matter.verdict.findings().iter();
        let now = self.gravity(found.map(|found| (found.outcome, &*found.rule, &*found.clause)));
        let is_no_graver = now <= before && (case.urgent || !matter.verdict.is_urgent());
        course.repeats_words() && is_same_object(case, matter.contribution) && is_no_graver
    }

    /// How grave something is: what follows from its findings, and what those that counts weigh.
    fn gravity<'f>(&self, findings: impl Iterator<Item = (Outcome, &'f str, &'f str)> + Clone) -> (Outcome, u32) {
        let outcome = findings.clone().map(|(outcome, ..)| outcome).max().unwrap_or(Outcome::Allow);
        let counting = findings.filter(|(found, rule, _)| *found == Outcome::Hide && !self.policy.protects(rule));
        (outcome, weight(&self.policy, counting.map(|(.., clause)| clause)))
    }

    /// Records a revision with the case that there is.
    async fn join(
        &self,
        matter: &Matter<'_>,
        halt: Option<&Halt>,
        course: &Course,
        case: &Case,
    ) -> Result<(Follow, Recorded), LedgerError> {
        let unchanged = self.is_unchanged(matter, course, case);
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
            (None, Some(strike)) => StrikeChange::Add(strike.clone()),
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
            None => self.gravity(case.findings.iter().map(|found| (found.outcome, &*found.rule, &*found.clause))).1,
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

/// Whether a person has decided that there was no violation.
const fn is_cleared(case: &Case) -> bool {
    matches!(case.status, Status::Closed { reason: Closure::Overturned | Closure::Unfounded, .. })
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

/// When the author of a contribution was warned about it, by message or by hand.
fn warned_at(case: &Case, record: &AuthorRecord) -> Option<Timestamp> {
    let warnings = record.standing.sanctions.iter();
    let warnings = warnings.filter(|sanction| sanction.case == case.id && sanction.kind < SanctionKind::Block);
    told_at(case).into_iter().chain(warnings.filter_map(|warning| warning.effective_at)).max()
}
