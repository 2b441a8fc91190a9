//! From a verdict to what is done about it at once. What follows over time is the ladder's: see `climb`.

use jiff::{SignedDuration, Timestamp};
use ledger::{CaseId, Closure, NewAction, NewStrike, Once, Pseudonym, Status, Task};
use platforms::adapter;
use policy::{
    ActionKind, Clause, Contribution, Finding, Measure, MessageFacts, Notice, Outcome, Platform, Policy, SanctionKind,
    Surface, Verdict,
};

use crate::actions::speech::{Answered, Speech, say};
use crate::actions::task;

/// How long it is remembered, by keyed hashes, that someone was shown the online service in a conversation.
const REDIRECTED_FOR: SignedDuration = SignedDuration::from_hours(365 * 24);

/// What is done about a contribution.
#[derive(Debug)]
pub(crate) struct Decision {
    /// The verdict's outcome, or `review` where automation is halted.
    pub outcome: Outcome,
    /// What is asked of the platform, in order.
    pub actions: Vec<NewAction>,
    /// Whether it is hidden to protect someone, and counts against nobody.
    pub protects: bool,
    /// What counts against the author.
    pub strike: Option<NewStrike>,
    /// What a person has to do.
    pub tasks: Vec<Task>,
    /// What must not be said to the author twice.
    pub once: Vec<Once>,
    /// Whether the office still has to look at it.
    pub status: Status,
    /// Which office, where the policy routes the topic.
    pub office: Option<String>,
    /// Until when a person should have looked.
    pub deadline: Option<Timestamp>,
}

/// A contribution with what is known about it when it is decided.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Matter<'a> {
    pub policy: &'a Policy,
    pub contribution: &'a Contribution,
    pub verdict: &'a Verdict,
    /// The id that its case has, or would have.
    pub id: &'a CaseId,
    pub author: Option<&'a Pseudonym>,
    /// Whether a person decides instead of the rules: automation is halted for what was found, or somebody has found the
    /// same to be no violation before.
    pub for_a_person: bool,
    /// How often a person has seen to somebody in danger, in the case that it belongs to.
    pub seen_to: usize,
    pub now: Timestamp,
}

impl Matter<'_> {
    /// Decides. `may_say` tells whether something that is said once was not said yet.
    pub(crate) fn decide(&self, may_say: impl Fn(&Once) -> bool) -> Decision {
        let outcome = match self.verdict.outcome() {
            Outcome::Hide if self.for_a_person => Outcome::Review,
            outcome => outcome,
        };
        let mut decision = Decision {
            outcome,
            actions: Vec::new(),
            protects: false,
            strike: None,
            tasks: Vec::new(),
            once: Vec::new(),
            status: Status::Open,
            office: None,
            deadline: None,
        };
        match outcome {
            Outcome::Hide => self.hide(&mut decision),
            Outcome::Review => self.answer(&mut decision, Notice::Away, &may_say),
            Outcome::Redirect => self.answer(&mut decision, Notice::Redirect, &may_say),
            Outcome::Allow => self.answer(&mut decision, Notice::Away, &may_say),
        }
        if outcome > Outcome::Allow || !decision.actions.is_empty() {
            self.route(&mut decision);
        }
        decision
    }

    fn ground(&self) -> Option<(&Finding, &Clause)> {
        let ground = self.verdict.findings().first()?;
        Some((ground, self.policy.clause(&ground.clause)?))
    }

    /// When it was written, or at the latest, as far as anything tells.
    pub(crate) fn written_at(&self) -> Option<Timestamp> {
        let Contribution { platform, edited, at, told_at, .. } = *self.contribution;
        written_at(platform, edited, at, told_at).map(|at| at.min(self.now))
    }

    fn hide(&self, decision: &mut Decision) {
        let surface = &self.contribution.surface;
        // In private there is nothing to hide, because nobody else sees it.
        if *surface != Surface::Message {
            decision.actions.push(NewAction::new(ActionKind::Hide));
        }
        let hiding = || self.verdict.findings().iter().filter(|finding| finding.outcome == Outcome::Hide);
        decision.protects = hiding().all(|finding| self.policy.protects(&finding.rule));
        let counting = hiding().filter(|finding| !self.policy.protects(&finding.rule));
        let clause = gravest(counting.filter_map(|finding| self.policy.clause(&finding.clause)));
        if let (Some(clause), Some(_)) = (clause, self.author) {
            decision.strike = strike(self.policy, clause, self.written_at().unwrap_or(self.now), self.now);
        }
    }

    /// Who answers for it in the office, and until when.
    fn route(&self, decision: &mut Decision) {
        let Contribution { surface, text, .. } = self.contribution;
        let urgent = self.verdict.is_urgent();
        let topic = self.policy.topic_of(text);
        // Nobody can judge what is not kept any more.
        let kept = self.policy.keep_until(self.contribution.platform, *surface, self.now);
        let deadline = self.policy.deadline(decision.outcome, surface.kind(), topic, urgent, self.now).min(kept);
        decision.office = topic.map(|topic| topic.office.clone());
        decision.deadline = (decision.status == Status::Open).then_some(deadline);
        if urgent {
            decision.tasks.push(task::urgent(self.id, self.seen_to, self.contribution.platform, deadline, self.now));
        }
    }

    /// Says something that is said once for each author: the online service for a personal case, once in a
    /// conversation; that nobody is there now, once in a closed period and only to who writes in private.
    fn answer(&self, decision: &mut Decision, notice: Notice, may_say: impl Fn(&Once) -> bool) {
        let Contribution { platform, surface, text, thread, .. } = self.contribution;
        let (scope, expires_at) = match notice {
            Notice::Redirect => {
                let thread = thread.as_ref().map_or(String::new(), |thread| thread.as_str().to_owned());
                (thread, self.now.saturating_add(REDIRECTED_FOR).unwrap_or(Timestamp::MAX))
            }
            _ if *surface == Surface::Message => match self.policy.calendar.closed_since(self.now) {
                Some(closed) => (closed.to_string(), self.policy.calendar.next_opening(self.now)),
                None => return,
            },
            _ => return,
        };
        let Some(author) = self.author else { return };
        let once = Once { what: notice, author: author.clone(), scope, expires_at };
        if !may_say(&once) {
            // It was said: what is personal and was answered before leaves nothing to decide.
            if notice == Notice::Redirect {
                decision.status = Status::Closed { reason: Closure::Answered, at: self.now };
            }
            return;
        }
        let service = self.verdict.findings().iter().find_map(|finding| self.policy.rule_service(&finding.rule));
        let facts = MessageFacts {
            clause: self.ground().map(|(_, clause)| clause),
            service,
            done: Measure::None,
            reference: &self.id.reference().to_string(),
            until: (notice == Notice::Away).then(|| self.policy.calendar.next_opening(self.now)),
        };
        let answered = Answered { platform: *platform, surface: *surface, text, in_private: false };
        // Without words or without a way a redirect stays open, for a person to answer.
        if let Speech::Action(action) = say(self.policy, answered, notice, &facts, &[]) {
            decision.actions.push(action);
            decision.once.push(once);
            // A redirect says all there is to say; who was told that nobody is there now still waits for an answer.
            if notice == Notice::Redirect {
                decision.status = Status::Closed { reason: Closure::Answered, at: self.now };
            }
        }
    }
}

/// When a revision was written, as far as the platform says, or at the latest: when it told of it, however late that
/// arrived. Of an edit not every platform says the time: Facebook repeats that of the original. `None` where nothing tells.
pub(crate) fn written_at(
    platform: Platform,
    edited: bool,
    at: Option<Timestamp>,
    told_at: Option<Timestamp>,
) -> Option<Timestamp> {
    at.filter(|_| !edited || adapter(platform).dates_edits()).or(told_at)
}

/// How grave a violation is: how much it counts, then to which sanction it may lead at once, then before how many it is
/// brought.
pub(crate) type Gravity = (u32, Option<SanctionKind>, usize);

/// How grave a violation of this clause is.
pub(crate) fn gravity(clause: &Clause) -> Gravity {
    (clause.weight, clause.skips_to, clause.refer_to.len())
}

/// The gravest of these clauses; of several, the first. Who puts another violation before one is not the better off.
pub(crate) fn gravest<'p>(clauses: impl Iterator<Item = &'p Clause>) -> Option<&'p Clause> {
    clauses.reduce(|gravest, clause| if gravity(clause) > gravity(gravest) { clause } else { gravest })
}

/// The strike for a violation of a clause; `None` where the clause counts for nothing. It dates from when the
/// contribution was written: what was written before a warning arrived does not count as written in spite of it. It
/// skips no step: only a person who has confirmed the finding can let it ([`confirmed`]).
pub(crate) fn strike(policy: &Policy, clause: &Clause, written_at: Timestamp, now: Timestamp) -> Option<NewStrike> {
    (clause.weight > 0).then(|| NewStrike {
        clause: clause.number.clone(),
        weight: clause.weight,
        skips_to: None,
        at: written_at,
        expires_at: policy.ladder.strike_expiry(now, &policy.time_zone),
    })
}

/// The same after a person has confirmed that these clauses were violated: it leads to what any of them says.
pub(crate) fn confirmed(strike: NewStrike, clauses: &[&Clause]) -> NewStrike {
    NewStrike { skips_to: clauses.iter().filter_map(|clause| clause.skips_to).max().max(strike.skips_to), ..strike }
}

#[cfg(test)]
mod tests;
