//! What the audit log records: the facts, in the words of `docs/audit-format.md`, section 6.

use jiff::Timestamp;
use jiff::civil::Date;
use policy::{ActionKind, Category, Effect, Finding, Notice, Opinion, Outcome, SanctionKind, SanctionState};
use serde::{Deserialize, Serialize};

use crate::case::{is_false, is_zero};
use crate::{Action, CaseId, Pseudonym};

/// What an audit entry records.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Fact {
    /// A revision was judged.
    Verdict {
        /// The verdict.
        outcome: Outcome,
        /// What led to it, the most severe first; at most 100.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        findings: Vec<EntryFinding>,
        /// How many findings there were beyond those.
        #[serde(default, skip_serializing_if = "is_zero")]
        findings_left_out: usize,
        /// Who wrote it, where the platform tells.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        author: Option<Pseudonym>,
        /// When the platform says that it was written. The entry's home in the table follows from it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        written_at: Option<Timestamp>,
        /// What counts against the author from now on.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        strike: Option<EntryStrike>,
        /// Whether a person has to look at once.
        #[serde(default, skip_serializing_if = "is_false")]
        urgent: bool,
        /// Whether the rules said `hide`, and automation was halted, so that it became a review.
        #[serde(default, skip_serializing_if = "is_false")]
        halted: bool,
        /// Whether what was hidden was hidden to protect someone, so that it counts against nobody.
        #[serde(default, skip_serializing_if = "is_false")]
        protects: bool,
        /// Which revision was judged, where it belongs to the case of an earlier one.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        revision: Option<CaseId>,
        /// Whether it says the same as the revision before, so that nothing follows from it.
        #[serde(default, skip_serializing_if = "is_false")]
        unchanged: bool,
        /// What the strike of the case counts from now on, where this revision is worse than those before.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        strike_raised: Option<EntryStrike>,
    },
    /// An action was settled.
    Effect {
        /// Which action of the case.
        action: String,
        /// What was asked.
        asked: ActionKind,
        /// On which occasion, for the actions that speak.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        notice: Option<Notice>,
        /// When it was last asked; `None` when it never was.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        asked_at: Option<Timestamp>,
        /// How often it was asked.
        attempts: u32,
        /// What the platform did.
        effect: Effect,
        /// The HTTP status of its answer.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        status: Option<u16>,
    },
    /// The contribution no longer exists on the platform, and its case is closed.
    Removal,
    /// A person decided.
    Decision {
        /// What.
        decision: DecisionKind,
        /// Who.
        by: String,
        /// The SHA-256, in lower-case hex, of a salt and the reason that was given; both stand in the case as long as
        /// its personal data is kept. So the reason cannot be changed, and forgetting it leaves the log as it is.
        reason: String,
        /// What counts against the author from now on, when the decision is that the rules were violated.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        strike: Option<EntryStrike>,
        /// Whether the strike that the case had caused counts no more.
        #[serde(default, skip_serializing_if = "is_false")]
        strike_withdrawn: bool,
    },
    /// A sanction against an author came a step further.
    Sanction {
        /// Whom it concerns.
        author: Pseudonym,
        /// Which of the author's sanctions, counted from 1.
        number: u32,
        /// Which sanction.
        sanction: SanctionKind,
        /// How far it has come.
        state: SanctionState,
    },
    /// What the system may do alone was halted, or let go on: for one rule, for an account, or for all.
    Halt {
        /// The id of the rule, when it concerns one.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        rule: Option<String>,
        /// Whether it is halted from now on.
        halted: bool,
        /// Who decided it; `None` when the circuit breaker did.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        by: Option<String>,
        /// Why. It speaks of the system and of no person.
        #[serde(default, skip_serializing_if = "String::is_empty")]
        reason: String,
    },
    /// A policy came into force: the one that the entry names.
    Activation,
    /// The audit log was given out.
    Export {
        /// From which day.
        from: Date,
        /// To which day, that one included.
        to: Date,
        /// Who asked for it.
        by: String,
    },
    /// What is on record about a case, which the entry names, or about an author, was given out.
    Disclosure {
        /// Whom it concerned, where it was everything about one author.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        author: Option<Pseudonym>,
        /// Who asked for it.
        by: String,
    },
    /// Everything about an author but the audit log was erased.
    Erasure {
        /// Whom it concerned: a pseudonym under which something was on record, where anything was.
        author: Pseudonym,
        /// The other pseudonyms under which something was on record about the same person.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        others: Vec<Pseudonym>,
        /// Why.
        ground: ErasureGround,
        /// Who ordered it, in the organisation; `None` when a platform passed it on.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        by: Option<String>,
        /// How many cases were erased.
        cases: u32,
    },
    /// Somebody who had signed in tried what their role may not do.
    Refusal {
        /// Who.
        by: String,
        /// What they asked for: a method and an address, without what stood in it.
        what: String,
        /// The role that it takes.
        needs: String,
    },
    /// Reports by users were erased: one, or all of one sender.
    ReportErasure {
        /// Who ordered it.
        by: String,
        /// How many.
        reports: usize,
    },
}

/// Why an author was erased.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ErasureGround {
    /// The person asked the organisation for it.
    Request,
    /// The platform passed on that the person withdrew from it.
    Platform,
}

/// A decision that a person takes in the office.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DecisionKind {
    /// The contribution violates the rules, or the proposed sanction is right.
    Confirm,
    /// Whoever may be in danger was seen to; whether the rules were violated is not decided with it.
    Danger,
    /// It does not, and what was done about it is taken back.
    Overturn,
    /// It is brought before the platform or the authorities.
    Escalate,
    /// Someone is to take care of it.
    Assign,
    /// An author may contribute again.
    Unban,
    /// Something is noted about an author or a case, for colleagues.
    Note,
    /// A task is done.
    TaskDone,
    /// A decision is taken, and counts when the time is over in which its person may take it back.
    Announce,
    /// A decision is taken back in that time: nothing followed from it.
    TakeBack,
}

impl DecisionKind {
    /// The key used in tables and logs.
    pub const fn as_str(self) -> &'static str {
        match self {
            DecisionKind::Confirm => "confirm",
            DecisionKind::Danger => "danger",
            DecisionKind::Overturn => "overturn",
            DecisionKind::Escalate => "escalate",
            DecisionKind::Assign => "assign",
            DecisionKind::Unban => "unban",
            DecisionKind::Note => "note",
            DecisionKind::TaskDone => "task_done",
            DecisionKind::Announce => "announce",
            DecisionKind::TakeBack => "take_back",
        }
    }
}

/// A strike, as the audit log records it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EntryStrike {
    /// The clause that was violated.
    pub clause: String,
    /// How much it counts.
    pub weight: u32,
    /// Until when.
    pub expires_at: Timestamp,
}

/// One rule's match, without the matched text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EntryFinding {
    /// The number of the clause.
    pub clause: String,
    /// What that clause is about.
    pub category: Category,
    /// The id of the rule.
    pub rule: String,
    /// How it was recognised.
    pub detector: String,
    /// The first byte of the match in the original text.
    pub start: usize,
    /// The byte after the match.
    pub end: usize,
    /// What the reader said, of a finding of its own. It holds no text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub opinion: Option<Box<Opinion>>,
}

impl From<&Finding> for EntryFinding {
    fn from(finding: &Finding) -> Self {
        Self {
            clause: finding.clause.clone(),
            category: finding.category,
            rule: finding.rule.clone(),
            detector: finding.detector.to_owned(),
            start: finding.span.start,
            end: finding.span.end,
            opinion: finding.opinion.clone(),
        }
    }
}

impl Fact {
    /// The fact that an action was settled.
    pub(crate) fn effect(action: &Action, effect: Effect) -> Self {
        Fact::Effect {
            action: action.id.clone(),
            asked: action.kind,
            notice: action.notice,
            asked_at: action.asked_at,
            attempts: action.attempts,
            effect,
            status: action.status,
        }
    }

    /// Whether it says that the platform hid or deleted something at that moment. What was so already was so since
    /// a time that nobody knows. What a person did by hand is on record as [`DecisionKind::TaskDone`], and in the action.
    pub fn hid(&self) -> bool {
        matches!(self, Fact::Effect { asked: ActionKind::Hide | ActionKind::Delete, effect: Effect::Done, .. })
    }
}
