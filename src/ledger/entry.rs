//! The audit log: one immutable entry for each verdict, effect, decision, sanction and removal.

use jiff::Timestamp;
use jiff::civil::Date;
use policy::{
    AccountId, ActionKind, Category, Effect, Finding, Notice, Outcome, Platform, PolicyRef, SanctionKind,
    SanctionState, Surface,
};
use serde::{Deserialize, Serialize};

use crate::audit::Hash;
use crate::audit::canonical::canonical;
use crate::case::{is_false, is_zero};
use crate::item::{Item, text, to_item};
use crate::keys::{self, Key};
use crate::tables::{RECORDED_AT, RECORDED_DAY, Table};
use crate::write::Write;
use crate::{Action, Case, CaseId, LedgerError, Pseudonym};

/// One line of the audit log. It holds no text, no name and no platform's id of a person or contribution, so that
/// erasing an author leaves it as it is (invariant 10).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuditEntry {
    /// When it was recorded.
    pub at: Timestamp,
    /// The day of that in Italy, by which entries are sealed.
    pub day: Date,
    /// The revision that it is about, by the id that its case has, or would have if it had one. `None` for what
    /// concerns no single contribution.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub case: Option<CaseId>,
    /// Where that was written, or which platform it concerns.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub platform: Option<Platform>,
    /// On which of our accounts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub account: Option<AccountId>,
    /// Where exactly.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub surface: Option<Surface>,
    /// The policy under which it was judged, or which was in force.
    pub policy: PolicyRef,
    /// Whether the system did it alone.
    pub automatic: bool,
    /// What happened.
    pub fact: Fact,
    /// The SHA-256 of the rest, in lower-case hex: see [`AuditEntry::digest`].
    pub hash: String,
}

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
    /// It does not, and what was done about it is taken back.
    Overturn,
    /// It is brought before the platform or the authorities.
    Escalate,
    /// Someone is to take care of it.
    Assign,
    /// An author may contribute again.
    Unban,
    /// Something is noted about an author.
    Note,
    /// A task is done.
    TaskDone,
}

impl DecisionKind {
    /// The key used in tables and logs.
    pub const fn as_str(self) -> &'static str {
        match self {
            DecisionKind::Confirm => "confirm",
            DecisionKind::Overturn => "overturn",
            DecisionKind::Escalate => "escalate",
            DecisionKind::Assign => "assign",
            DecisionKind::Unban => "unban",
            DecisionKind::Note => "note",
            DecisionKind::TaskDone => "task_done",
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
        }
    }
}

impl AuditEntry {
    /// The SHA-256, in lower-case hex, of the entry without its hash in canonical JSON: no white space, the keys of
    /// every object in the order of their bytes, absent values left out. Equal to [`AuditEntry::hash`] unless the
    /// entry was changed.
    pub fn digest(&self) -> String {
        // Turning this into JSON cannot fail: every key is a text, and every number whole.
        let mut value = serde_json::to_value(self).unwrap_or_default();
        if let Some(fields) = value.as_object_mut() {
            fields.remove("hash");
        }
        let mut text = String::new();
        canonical(&value, &mut text);
        Hash::of(text).to_string()
    }

    /// Gives a new entry its hash.
    pub(crate) fn sealed(mut self) -> Self {
        self.hash = self.digest();
        self
    }

    /// An entry about a case.
    pub(crate) fn about(case: &Case, fact: Fact, automatic: bool, now: Timestamp) -> Self {
        Self {
            at: now,
            day: keys::day(now),
            case: Some(case.id.clone()),
            platform: Some(case.platform),
            account: Some(case.account.clone()),
            surface: Some(case.surface),
            policy: case.policy.clone(),
            automatic,
            fact,
            hash: String::new(),
        }
        .sealed()
    }

    /// An entry about no single contribution, with the platform and the account that it concerns, if it concerns one.
    pub(crate) fn at_large(
        policy: &PolicyRef,
        (platform, account): (Option<Platform>, Option<&AccountId>),
        fact: Fact,
        automatic: bool,
        now: Timestamp,
    ) -> Self {
        Self {
            at: now,
            day: keys::day(now),
            case: None,
            platform,
            account: account.cloned(),
            surface: None,
            policy: policy.clone(),
            automatic,
            fact,
            hash: String::new(),
        }
        .sealed()
    }

    /// The write that records an entry in its home. `recorded` is the partition of the index that lists it as well,
    /// for an entry that is not at home in the day on which it is recorded.
    pub(crate) fn write(&self, home: Key, recorded: Option<String>) -> Result<Write, LedgerError> {
        let mut item: Item = to_item("audit entry", self)?;
        if let Some(partition) = recorded {
            item.insert(RECORDED_DAY.to_owned(), text(&partition));
            item.insert(RECORDED_AT.to_owned(), text(&keys::sortable(self.at)));
        }
        Ok(Write::New(Table::Audit, home, item))
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
}

#[cfg(test)]
mod tests {
    use sha2::{Digest, Sha256};

    use super::*;

    fn entry() -> AuditEntry {
        AuditEntry {
            at: "2026-02-03T10:00:00.5Z".parse().unwrap(),
            day: "2026-02-03".parse().unwrap(),
            case: Some("0123456789abcdef01234567-0123456789ab".parse().unwrap()),
            platform: Some(Platform::X),
            account: Some(AccountId::new("1")),
            surface: Some(Surface::Comment),
            policy: PolicyRef { id: "ente".into(), version: "1".into(), hash: "ab".into() },
            automatic: true,
            fact: Fact::Verdict {
                outcome: Outcome::Allow,
                findings: Vec::new(),
                findings_left_out: 0,
                author: None,
                written_at: None,
                strike: None,
                urgent: false,
                halted: false,
            },
            hash: String::new(),
        }
        .sealed()
    }

    #[test]
    fn the_hash_is_that_of_the_documented_canonical_form() {
        let canonical = concat!(
            r#"{"account":"1","at":"2026-02-03T10:00:00.5Z","automatic":true,"#,
            r#""case":"0123456789abcdef01234567-0123456789ab","day":"2026-02-03","#,
            r#""fact":{"verdict":{"outcome":"allow"}},"platform":"x","#,
            r#""policy":{"hash":"ab","id":"ente","version":"1"},"surface":"comment"}"#,
        );
        assert_eq!(entry().hash, hex::encode(Sha256::digest(canonical)));
    }

    #[test]
    fn a_changed_entry_no_longer_has_its_hash() {
        let mut changed = entry();
        assert_eq!(changed.digest(), changed.hash);
        changed.automatic = false;
        assert_ne!(changed.digest(), changed.hash);
    }
}
