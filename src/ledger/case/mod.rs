//! A case: a contribution that was not simply allowed, with everything needed to act on it and to explain it.

pub(crate) mod action;
pub(crate) mod amend;
pub(crate) mod answer;
pub(crate) mod content;
pub(crate) mod decision;
pub(crate) mod held;
pub(crate) mod link;
pub(crate) mod settle;
pub(crate) mod stored;

use std::collections::BTreeSet;
use std::fmt;
use std::ops::Range;

use jiff::Timestamp;
use policy::{AccountId, ActionKind, Finding, Opinion, Outcome, Person, Platform, PolicyRef, Surface};
use serde::{Deserialize, Serialize};

use crate::author::pseudonym::Print;
use crate::{Action, CaseId, Content, Decision, Held, NewAction, Pseudonym, Revision};

/// The most actions that are kept of a case. Of more, those go first of which nothing came and nothing can come.
const MOST_ACTIONS: usize = 40;

/// The most findings that are kept in a case or an audit entry; the rest is counted.
pub(crate) const MAX_FINDINGS: usize = 100;

/// A contribution that was not simply allowed, with its verdict, the actions asked, their effects and the decisions
/// about it. What is personal stands in [`Case::content`] and in the reasons of decisions, which are forgotten by
/// themselves; `Debug` shows none of it.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Case {
    /// Which case.
    pub id: CaseId,
    /// Where the contribution was written.
    pub platform: Platform,
    /// On which of our accounts.
    pub account: AccountId,
    /// Where exactly it stands.
    pub surface: Surface,
    /// By what the author is known in keys and in the audit log, where the platform tells who it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pseudonym: Option<Pseudonym>,
    /// Whether a picture, video or other attachment came with it.
    #[serde(default, skip_serializing_if = "is_false")]
    pub has_attachment: bool,
    /// When the platform says that it was written.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at: Option<Timestamp>,
    /// When it arrived here and was judged.
    pub received_at: Timestamp,
    /// Whether it is a later revision of something already published.
    #[serde(default, skip_serializing_if = "is_false")]
    pub edited: bool,
    /// When the platform told of it, where it does not say when it was written: that was before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub told_at: Option<Timestamp>,
    /// What followed from the verdict: the verdict's outcome, or a review where automation was halted.
    pub outcome: Outcome,
    /// What led to it, the most severe first; at most 100.
    pub findings: Vec<CaseFinding>,
    /// How many findings there were beyond those.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub findings_left_out: usize,
    /// Whether a person has to look at once, because somebody may be in danger: until one has.
    #[serde(default, skip_serializing_if = "is_false")]
    pub urgent: bool,
    /// The policy under which it was judged.
    pub policy: PolicyRef,
    /// Whether anybody still has to look at it.
    pub status: Status,
    /// The office that is responsible for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub office: Option<String>,
    /// Who takes care of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub assignee: Option<Person>,
    /// Until when it has to be decided.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub deadline: Option<Timestamp>,
    /// The group of cases that a halt of automation has left to a person, to which it belongs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub group: Option<String>,
    /// What the platform is asked to do, in order: one is settled before the next is asked, except that nothing waits
    /// for an action that is not to be asked before a time that has not come.
    pub actions: Vec<Action>,
    /// How many there were beyond those, that came to nothing: the audit log has them.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub actions_left_out: usize,
    /// Which revision [`Case::content`], the findings and what else was judged are about: the gravest, of several the
    /// earliest. `None` while that is the first one, whose id is that of the case.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub leading: Option<CaseId>,
    /// What that revision says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) print: Option<Print>,
    /// Whether it was hidden to protect someone, so that it counts against nobody unless a person says so.
    #[serde(default, skip_serializing_if = "is_false")]
    pub protects: bool,
    /// The other revisions of the contribution that are known, in the order in which they arrived; at most 20.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub revisions: Vec<Revision>,
    /// How many there were beyond those.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub revisions_left_out: usize,
    /// The rules that found something in those: what they find again may have been said before.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub rules_left_out: BTreeSet<String>,
    /// What people decided about it, in order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub decisions: Vec<Decision>,
    /// What is decided about it and can still be taken back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub held: Option<Held>,
    /// Whether the ladder has to be climbed for its author, as soon as no action is to be asked.
    #[serde(default, skip_serializing_if = "is_false")]
    pub climb_due: bool,
    /// Until when its content is kept.
    pub keep_until: Timestamp,
    /// When everything about its author was erased.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub erased_at: Option<Timestamp>,
    /// Counts the changes of the case, from 1. Who changes it names the version that was read.
    pub version: u64,
    /// What is personal about it; `None` when its time is over, or when it was erased.
    #[serde(skip)]
    pub content: Option<Content>,
}

/// What is to be done about a case now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Next {
    /// Ask for the action at this position.
    Ask(usize),
    /// Have the decision count that was held.
    Decide,
    /// Climb the ladder.
    Climb,
    /// Look again then.
    Wait(Timestamp),
    /// Nothing is pending.
    Nothing,
}

impl Case {
    /// Whether the office can still decide about it.
    pub fn is_open(&self) -> bool {
        self.status == Status::Open
    }

    /// Whether what was done about it still holds, as far as people have decided, and there is still something it is about.
    pub const fn stands(&self) -> bool {
        use Closure::{Answered, Confirmed, Erased, Overturned, Removed, Unfounded};
        match &self.status {
            Status::Open | Status::Closed { reason: Confirmed | Answered, .. } => true,
            Status::Closed { reason: Overturned | Unfounded | Removed | Erased, .. } => false,
        }
    }

    /// Whether its contribution was hidden, and not shown again since, as far as the platform answered or a person said
    /// that they had done it.
    pub fn is_hidden(&self) -> bool {
        is_hidden(&self.actions)
    }

    /// The first action that is not settled, whether or not its time has come.
    pub fn unsettled(&self) -> Option<&Action> {
        self.actions.iter().find(|action| action.effect.is_none())
    }

    /// The action with this id.
    pub fn action(&self, id: &str) -> Option<&Action> {
        self.actions.iter().find(|action| action.id == id)
    }

    /// The action with this id, to change it.
    pub(crate) fn action_mut(&mut self, id: &str) -> Option<&mut Action> {
        self.actions.iter_mut().find(|action| action.id == id)
    }

    /// Adds an action to ask of the platform, after those that there are. Who rewrites a contribution back and forth makes
    /// actions that lose their object before anybody asks: of many, the oldest such one is left out.
    pub(crate) fn add_action(&mut self, new: &NewAction, by_person: bool) {
        if self.actions.len() >= MOST_ACTIONS
            && let Some(position) = self.actions.iter().position(Action::came_to_nothing)
        {
            self.actions.remove(position);
            self.actions_left_out += 1;
        }
        let action = Action::unasked(self.actions.len() + self.actions_left_out, new);
        self.actions.push(Action { by_person, ..action });
    }

    /// What is to be done now. An action that is being asked, or to be asked again later, holds back what comes after
    /// it and the climb; one whose time has not come holds nothing back. While a decision can be taken back, nothing is asked:
    /// it may take back just that.
    pub(crate) fn next(&self, now: Timestamp) -> Next {
        let mut earliest: Option<Timestamp> = None;
        let mut sooner = |at: Timestamp| {
            let sooner = earliest.map_or(at, |earliest| earliest.min(at));
            earliest = Some(sooner);
            sooner
        };
        if let Some(held) = &self.held {
            return if held.due <= now { Next::Decide } else { Next::Wait(held.due) };
        }
        let unsettled = self.actions.iter().enumerate().filter(|(_, action)| action.effect.is_none());
        for (position, action) in unsettled {
            match (action.not_before, action.held_until) {
                (Some(at), _) if at > now => drop(sooner(at)),
                (_, Some(until)) if until > now => return Next::Wait(sooner(until)),
                _ => return Next::Ask(position),
            }
        }
        match earliest {
            _ if self.climb_due => Next::Climb,
            Some(at) => Next::Wait(at),
            None => Next::Nothing,
        }
    }

    /// When something is to be done about it again; `None` when nothing is pending.
    pub(crate) fn due(&self, now: Timestamp) -> Option<Timestamp> {
        match self.next(now) {
            Next::Ask(_) | Next::Climb | Next::Decide => Some(now),
            Next::Wait(until) => Some(until),
            Next::Nothing => None,
        }
    }
}

/// Whether of these actions the last one that hid or showed again was one that hides. By time: what was done by hand may
/// have been done after what was asked later.
fn is_hidden(actions: &[Action]) -> bool {
    let showing = actions.iter().filter(|action| matches!(action.kind, ActionKind::Hide | ActionKind::Unhide));
    let done = showing.filter_map(|action| Some((action.carried_out_at()?, action.kind)));
    done.max_by_key(|(at, _)| *at).is_some_and(|(_, kind)| kind == ActionKind::Hide)
}

impl fmt::Debug for Case {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Case")
            .field("id", &self.id)
            .field("platform", &self.platform)
            .field("account", &self.account)
            .field("surface", &self.surface)
            .field("outcome", &self.outcome)
            .field("status", &self.status)
            .field("actions", &self.actions)
            .field("decisions", &self.decisions)
            .field("climb_due", &self.climb_due)
            .field("version", &self.version)
            .finish_non_exhaustive()
    }
}

/// Whether a case needs anybody's attention.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// The office can still decide about it.
    Open,
    /// Nothing is left to decide.
    Closed {
        /// Why.
        reason: Closure,
        /// Since when.
        at: Timestamp,
    },
}

/// Why a case is closed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Closure {
    /// The contribution no longer exists on the platform.
    Removed,
    /// A person confirmed that it violates the rules.
    Confirmed,
    /// A person took back what was done about it.
    Overturned,
    /// A person looked at it and found no violation; nothing had been done about it.
    Unfounded,
    /// Everything about its author was erased before anybody decided.
    Erased,
    /// It was answered, which is all there is to it: a redirect, or a message outside the hours of service.
    Answered,
}

impl Closure {
    /// The key used in tables and logs.
    pub const fn as_str(self) -> &'static str {
        match self {
            Closure::Removed => "removed",
            Closure::Confirmed => "confirmed",
            Closure::Overturned => "overturned",
            Closure::Unfounded => "unfounded",
            Closure::Erased => "erased",
            Closure::Answered => "answered",
        }
    }
}

/// One rule's match, as a case keeps it. The matched text stands in [`Content::matched`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CaseFinding {
    /// The number of the clause.
    pub clause: String,
    /// The id of the rule.
    pub rule: String,
    /// How it was recognised.
    pub detector: String,
    /// What the rule leads to by itself, also where automation was halted.
    #[serde(default = "hides")]
    pub outcome: Outcome,
    /// The first byte of the match in the original text.
    pub start: usize,
    /// The byte after the match.
    pub end: usize,
    /// What the reader said, of a finding of its own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub opinion: Option<Box<Opinion>>,
}

impl From<&Finding> for CaseFinding {
    fn from(finding: &Finding) -> Self {
        let Range { start, end } = finding.span;
        Self {
            clause: finding.clause.clone(),
            rule: finding.rule.clone(),
            detector: finding.detector.to_owned(),
            outcome: finding.outcome,
            start,
            end,
            opinion: finding.opinion.clone(),
        }
    }
}

/// A finding that was recorded before its outcome was: it counted as one that hides.
const fn hides() -> Outcome {
    Outcome::Hide
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "the signature that serde asks for")]
pub(crate) fn is_false(value: &bool) -> bool {
    !value
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "the signature that serde asks for")]
pub(crate) fn is_zero(value: &usize) -> bool {
    *value == 0
}

#[cfg(test)]
mod tests {
    use policy::Effect;

    use super::*;

    #[test]
    fn what_was_hidden_or_shown_again_last_counts_whoever_did_it() {
        let at = |minute: u32| -> Timestamp { format!("2026-02-03T09:{minute:02}:00Z").parse().unwrap() };
        let action = |kind, effect, minute, by_hand: Option<u32>| Action {
            effect: Some(effect),
            effect_at: Some(at(minute)),
            call: Some("POST /{comment-id}".to_owned()),
            by_hand_at: by_hand.map(at),
            ..Action::unasked(0, &NewAction::new(kind))
        };
        use ActionKind::{Hide, Unhide};
        use Effect::{Done, Failed, Manual};
        for (actions, hidden) in [
            (vec![action(Hide, Failed, 1, None)], false),
            (vec![action(Hide, Failed, 1, Some(2))], true),
            (vec![action(Hide, Done, 1, None), action(Unhide, Manual, 2, None)], true),
            (vec![action(Hide, Done, 1, None), action(Unhide, Manual, 2, Some(3))], false),
            (vec![action(Hide, Failed, 1, Some(5)), action(Unhide, Done, 3, None)], true),
            (vec![action(Hide, Done, 1, None), action(Unhide, Done, 1, None)], false),
        ] {
            assert_eq!(is_hidden(&actions), hidden, "{actions:?}");
        }
    }
}
