//! A contribution counts once, over all its revisions (invariant 1): what follows from one that is not the first.

use jiff::Timestamp;
use ledger::{
    Action, AuthorRecord, Case, CaseFinding, Closure, Course, Halt, Judged, LedgerError, NewStrike, Once, Recorded,
    Revised, Status, StrikeChange,
};
use policy::{ActionKind, Contribution, Outcome, SanctionKind, Verdict};

use crate::Moderation;
use crate::actions::climb::{told_at, was_answered};
use crate::actions::task;
use crate::intake::decide::{Decision, Gravity, Matter, gravest, gravity};
use crate::intake::novelty::{Earlier, is_new, says_more};
use crate::intake::receive::{Follow, Origin};
use crate::office::seen_to;

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
    /// The same, and a person has decided so of no less than this, with words around it that were no violation either:
    /// nobody is asked again.
    Settled(Box<Case>),
}

/// How a revision joins the case that there is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Joining {
    /// As another revision of it.
    Another,
    /// As one that says again what a person has cleared, in a case about something that nobody has.
    Cleared,
    /// As one of which nothing follows.
    Settled,
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
                Place::First | Place::Cleared(_) | Place::Settled(_)
                    if is_known && (course.case.is_some() || verdict.outcome() == Outcome::Allow) =>
                {
                    (Follow::nothing(verdict.outcome()), Recorded::Duplicate)
                }
                Place::Joins(case) => self.join(matter, halt, &course, &case, Joining::Another).await?,
                Place::First | Place::Anew => self.record(matter, halt, Some(&course)).await?,
                Place::Cleared(case) => {
                    let matter = Matter { for_a_person: true, ..*matter };
                    match case {
                        Some(case) => self.join(&matter, halt, &course, &case, Joining::Cleared).await?,
                        None => self.record(&matter, halt, Some(&course)).await?,
                    }
                }
                Place::Settled(case) => {
                    let matter = Matter { for_a_person: true, ..*matter };
                    self.join(&matter, halt, &course, &case, Joining::Settled).await?
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
        let is_found = matter.verdict.outcome() >= Outcome::Review;
        if is_found && (was_cleared || course.may_have_earlier()) {
            let cleared = self.earlier(matter, is_cleared).await?;
            if !cleared.is_empty() && !is_new(&self.policy, &Earlier::of(&cleared), matter.contribution, matter.verdict)
            {
                if !was_cleared {
                    return Ok(Place::Cleared(Some(Box::new(case.clone()))));
                }
                if self.is_settled(matter, &cleared)
                    && !says_more(&self.policy, &cleared, matter.contribution, matter.verdict)
                {
                    return Ok(Place::Settled(Box::new(case.clone())));
                }
                if would_hide {
                    return Ok(Place::Cleared(None));
                }
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
                if is_new(&self.policy, &Earlier::of(&earlier), matter.contribution, matter.verdict) {
                    return Ok(Place::Anew);
                }
            }
        }
        Ok(Place::Joins(Box::new(case.clone())))
    }

    /// Those of its contribution's cases that are meant.
    async fn earlier(&self, matter: &Matter<'_>, is_meant: impl Fn(&Case) -> bool) -> Result<Vec<Case>, LedgerError> {
        let Contribution { platform, account, id, original, .. } = matter.contribution;
        let root = original.as_ref().unwrap_or(id);
        let mut cases = self.ledger.cases_about(*platform, account, root, matter.now).await?;
        cases.retain(is_meant);
        Ok(cases)
    }

    /// Whether a person who read no less than this, and not only because a program had hidden it, has found it to be no
    /// violation. What was hidden and shown again is read once more when it is rewritten, unless it is only a doubt by now.
    fn is_settled(&self, matter: &Matter<'_>, cleared: &[Case]) -> bool {
        let now = self.gravity_of_verdict(matter.verdict);
        let covers = |case: &Case| {
            let was_read = case.outcome == Outcome::Review || now.0 < Outcome::Hide;
            was_read && case.all_revisions().iter().any(|before| self.gravity_of(&before.findings) >= now)
        };
        !matter.verdict.is_urgent() && cleared.iter().any(covers)
    }

    /// Whether a revision says the same as the one that stands there in other spelling, and is no graver for it: letters
    /// that were taken apart may come together to an insult.
    fn is_unchanged(&self, matter: &Matter<'_>, course: &Course, case: &Case) -> bool {
        let newest = case.newest();
        let before = self.gravity_of(&newest.findings);
        let now = self.gravity_of_verdict(matter.verdict);
        let was_urgent = newest.findings.iter().any(|found| self.policy.is_urgent(&found.rule));
        let is_no_graver = now <= before && (was_urgent || !matter.verdict.is_urgent());
        course.repeats_words() && is_same_object(case, matter.contribution) && is_no_graver
    }

    /// How grave something is: what follows from its findings, and the gravest of those that count.
    fn gravity<'f>(&self, findings: impl Iterator<Item = (Outcome, &'f str, &'f str)> + Clone) -> (Outcome, Gravity) {
        let outcome = findings.clone().map(|(outcome, ..)| outcome).max().unwrap_or(Outcome::Allow);
        let counting = findings.filter(|(found, rule, _)| *found == Outcome::Hide && !self.policy.protects(rule));
        let clauses = counting.filter_map(|(.., clause)| self.policy.clause(clause));
        (outcome, gravest(clauses).map_or_else(Gravity::default, gravity))
    }

    fn gravity_of(&self, findings: &[CaseFinding]) -> (Outcome, Gravity) {
        self.gravity(findings.iter().map(|found| (found.outcome, &*found.rule, &*found.clause)))
    }

    fn gravity_of_verdict(&self, verdict: &Verdict) -> (Outcome, Gravity) {
        self.gravity(verdict.findings().iter().map(|found| (found.outcome, &*found.rule, &*found.clause)))
    }

    /// Records a revision with the case that there is.
    async fn join(
        &self,
        matter: &Matter<'_>,
        halt: Option<&Halt>,
        course: &Course,
        case: &Case,
        joining: Joining,
    ) -> Result<(Follow, Recorded), LedgerError> {
        let unchanged = joining == Joining::Settled || self.is_unchanged(matter, course, case);
        let record = self.record_of(case).await?;
        let about = Matter { id: &case.id, seen_to: seen_to(case), ..*matter };
        let mut said: Vec<Once> = Vec::new();
        loop {
            let decision = self.decided(&about, &mut said).await?;
            let once = decision.once.clone();
            let joined = if unchanged { None } else { Some(self.joined(&about, case, &record, &decision)) };
            let Joined { actions, strike, leads, reopened, climb, stands } = joined.unwrap_or_default();
            let mut tasks = if unchanged { Vec::new() } else { decision.tasks.clone() };
            if stands && self.is_mended(matter, case, joining).await? {
                tasks.push(task::rewritten(case, matter.id, matter.now));
            }
            let has_work = !actions.is_empty() || climb;
            let revised = Revised {
                judged: Judged {
                    actions,
                    strike: None,
                    climb,
                    tasks,
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

    /// Whether nobody would look again at what is hidden, though its author has taken out what it was hidden for, or all
    /// that no person has cleared. Where nothing is left to find, `notice_rewriting` asks.
    async fn is_mended(&self, matter: &Matter<'_>, case: &Case, joining: Joining) -> Result<bool, LedgerError> {
        let found = self.gravity_of_verdict(matter.verdict);
        let is_less = found.0 > Outcome::Allow && found < self.gravity_of(&case.findings);
        let is_mended =
            matter.contribution.edited && (joining == Joining::Cleared || is_less && found.0 < Outcome::Hide);
        let is_unseen = !case.is_open() && case.is_hidden() && case.stands();
        Ok(is_mended && is_unseen && !self.is_asked_to_show(case, matter.now).await?)
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
        let counted = known.map_or_else(Gravity::default, |known| (known.weight, None, 0));
        let before = self.gravity_of(&case.findings).1.max(counted);
        let clause = decision.strike.as_ref().and_then(|strike| self.policy.clause(&strike.clause));
        let leads = (decision.outcome, clause.map_or_else(Gravity::default, gravity)) > (case.outcome, before);
        let counts = strike != StrikeChange::Keep;
        // What a person has confirmed was said before; what stands there visible, nobody has looked at. Nor has anybody seen
        // to who is in danger only now.
        let is_news = leads
            || counts
            || matter.verdict.is_urgent()
            || (stands && decision.outcome >= Outcome::Review && !case.is_hidden());
        let reopens = is_news && !is_gone && decision.status == Status::Open;
        let climb = counts || !actions.is_empty() && decision.protects;
        Joined { actions, strike, leads, reopened: decision.deadline.filter(|_| reopens), climb, stands }
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
    /// Whether it is what stands there now.
    stands: bool,
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
    let hidings = || case.actions.iter().filter(|action| action.kind == ActionKind::Hide);
    if hidings().filter(|action| action.failed()).count() >= MOST_REFUSALS {
        return false;
    }
    let is_seen_to = case.is_hidden() || hidings().any(Action::is_left_to_a_person);
    let is_awaited = hidings().any(|action| action.effect.is_none());
    let is_done = is_awaited || (is_seen_to && is_same_object(case, contribution));
    !is_done
}

/// When the author of a contribution was warned about it, by message or by hand.
fn warned_at(case: &Case, record: &AuthorRecord) -> Option<Timestamp> {
    let warnings = record.standing.sanctions.iter();
    let warnings = warnings.filter(|sanction| sanction.case == case.id && sanction.kind < SanctionKind::Block);
    told_at(case).into_iter().chain(warnings.filter_map(|warning| warning.effective_at)).max()
}
