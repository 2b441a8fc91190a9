//! A case: a contribution that was not simply allowed, with everything needed to act on it and to explain it.

use std::fmt;
use std::ops::Range;

use jiff::Timestamp;
use policy::{
    AccountId, ActionKind, Author, ContributionId, Effect, Finding, Outcome, Platform, PolicyRef, Surface, ThreadId,
};
use serde::{Deserialize, Serialize};

use crate::{CaseId, Pseudonym};

/// The longest text that is kept, in bytes. An item holds 400 KB and no platform allows texts near to this; what is
/// longer is cut, and marked, rather than refused and lost.
pub(crate) const MAX_TEXT_BYTES: usize = 256 * 1024;
/// The most findings that are kept in a case or an audit entry; the rest is counted.
pub(crate) const MAX_FINDINGS: usize = 100;
/// The longest matched text that is kept in a finding, in bytes. Its span is kept whole.
const MAX_MATCHED_BYTES: usize = 500;

/// A contribution that was not simply allowed, with its verdict, the actions asked and their effects. Holds personal
/// data, none of which `Debug` shows.
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
    /// The platform's id of the contribution.
    pub contribution: ContributionId,
    /// Our post, media or video, or the private conversation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub thread: Option<ThreadId>,
    /// The contribution that it answers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parent: Option<ContributionId>,
    /// Who wrote it, where the platform tells.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub author: Option<Author>,
    /// By what the author is known in keys and in the audit log.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pseudonym: Option<Pseudonym>,
    /// The text as written; cut after 256 KB.
    pub text: String,
    /// Whether the text was cut.
    #[serde(default, skip_serializing_if = "is_false")]
    pub text_cut: bool,
    /// Whether a picture, video or other attachment came with it.
    #[serde(default, skip_serializing_if = "is_false")]
    pub has_attachment: bool,
    /// The address of the contribution.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub permalink: Option<String>,
    /// When the platform says that it was written.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at: Option<Timestamp>,
    /// When it arrived here and was judged.
    pub received_at: Timestamp,
    /// Whether it is a later revision of something already published.
    #[serde(default, skip_serializing_if = "is_false")]
    pub edited: bool,
    /// The verdict.
    pub outcome: Outcome,
    /// What led to it, the most severe first; at most 100.
    pub findings: Vec<CaseFinding>,
    /// How many findings there were beyond those.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub findings_left_out: usize,
    /// The policy under which it was judged.
    pub policy: PolicyRef,
    /// Whether anybody still has to look at it.
    pub status: Status,
    /// What the platform is asked to do, in order: one is settled before the next is asked.
    pub actions: Vec<Action>,
    /// Counts the changes of the case, from 1. Who changes it names the version that was read.
    pub version: u64,
}

impl Case {
    /// Whether the office can still decide about it.
    pub fn is_open(&self) -> bool {
        self.status == Status::Open
    }

    /// The action to carry out next.
    pub fn unsettled(&self) -> Option<&Action> {
        self.actions.iter().find(|action| action.effect.is_none())
    }
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
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Closure {
    /// The contribution no longer exists on the platform.
    Removed,
}

/// One rule's match, as a case keeps it. `Debug` does not show the matched text.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CaseFinding {
    /// The number of the clause.
    pub clause: String,
    /// The id of the rule.
    pub rule: String,
    /// How it was recognised.
    pub detector: String,
    /// The first byte of the match in the original text.
    pub start: usize,
    /// The byte after the match.
    pub end: usize,
    /// The matched text; cut after 500 bytes.
    pub matched: String,
}

impl From<&Finding> for CaseFinding {
    fn from(finding: &Finding) -> Self {
        let Range { start, end } = finding.span;
        Self {
            clause: finding.clause.clone(),
            rule: finding.rule.clone(),
            detector: finding.detector.to_owned(),
            start,
            end,
            matched: cut(&finding.matched, MAX_MATCHED_BYTES).to_owned(),
        }
    }
}

impl fmt::Debug for CaseFinding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CaseFinding")
            .field("clause", &self.clause)
            .field("rule", &self.rule)
            .field("span", &(self.start..self.end))
            .finish_non_exhaustive()
    }
}

/// What the platform is asked to do about a case, how often it was asked, and what it did (invariant 7).
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Action {
    /// Which of the case's actions: `a1`, `a2`, … in the order in which they are carried out.
    pub id: String,
    /// What is asked.
    pub kind: ActionKind,
    /// The message, for the actions that speak.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// How often it was taken up to be asked.
    #[serde(default, skip_serializing_if = "is_zero_u32")]
    pub attempts: u32,
    /// Since when it has been tried, also while nothing could be asked: how long to go on is counted from there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tried_since: Option<Timestamp>,
    /// When it was last taken up to be asked. Stored before the platform is called.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub asked_at: Option<Timestamp>,
    /// Whether the outcome of the last attempt is not known: it is being made, or it ended without an answer.
    #[serde(default, skip_serializing_if = "is_false")]
    pub outcome_unknown: bool,
    /// What the platform did; `None` while unsettled.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub effect: Option<Effect>,
    /// When that became known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub effect_at: Option<Timestamp>,
    /// The call that was made, as method and path.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub call: Option<String>,
    /// The HTTP status of its answer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<u16>,
    /// The platform's id of what came of it: our reply.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reference: Option<String>,
    /// What else there is to say about the last attempt.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

impl Action {
    /// An action that was not asked yet, the `position`-th of its case, counted from 0.
    pub(crate) fn unasked(position: usize, kind: ActionKind, text: Option<String>) -> Self {
        Self {
            id: format!("a{}", position + 1),
            kind,
            text,
            attempts: 0,
            tried_since: None,
            asked_at: None,
            outcome_unknown: false,
            effect: None,
            effect_at: None,
            call: None,
            status: None,
            reference: None,
            note: None,
        }
    }
}

impl fmt::Debug for Action {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Action")
            .field("id", &self.id)
            .field("kind", &self.kind)
            .field("attempts", &self.attempts)
            .field("outcome_unknown", &self.outcome_unknown)
            .field("effect", &self.effect)
            .field("status", &self.status)
            .finish_non_exhaustive()
    }
}

/// The longest beginning of a text that has at most so many bytes.
pub(crate) fn cut(text: &str, max_bytes: usize) -> &str {
    &text[..text.floor_char_boundary(max_bytes)]
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "the signature that serde asks for")]
pub(crate) fn is_false(value: &bool) -> bool {
    !value
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "the signature that serde asks for")]
pub(crate) fn is_zero(value: &usize) -> bool {
    *value == 0
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "the signature that serde asks for")]
fn is_zero_u32(value: &u32) -> bool {
    *value == 0
}
