//! The audit log: one immutable entry for each verdict, each effect and each removal.

use aws_sdk_dynamodb::types::AttributeValue;
use jiff::Timestamp;
use jiff::civil::Date;
use policy::{AccountId, ActionKind, Effect, Finding, Outcome, Platform, PolicyRef, Surface};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::case::is_zero;
use crate::item::{Item, to_item};
use crate::keys::{self, Key};
use crate::store::{Write, text};
use crate::tables::{RECORDED_AT, RECORDED_DAY, Table};
use crate::{Action, Case, CaseId, LedgerError, Pseudonym};

/// One line of the audit log. It holds no text, no name and no platform's id of a person or contribution, so that
/// erasing an author leaves it as it is (invariant 10).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuditEntry {
    /// When it was recorded.
    pub at: Timestamp,
    /// The day of that in Italy, by which entries are sealed.
    pub day: Date,
    /// The revision that it is about, by the id that its case has, or would have if it had one.
    pub case: CaseId,
    /// Where it was written.
    pub platform: Platform,
    /// On which of our accounts.
    pub account: AccountId,
    /// Where exactly.
    pub surface: Surface,
    /// The policy under which it was judged.
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
    },
    /// An action was settled.
    Effect {
        /// Which action of the case.
        action: String,
        /// What was asked.
        asked: ActionKind,
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
}

/// One rule's match, without the matched text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EntryFinding {
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
}

impl From<&Finding> for EntryFinding {
    fn from(finding: &Finding) -> Self {
        Self {
            clause: finding.clause.clone(),
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
        hex::encode(Sha256::digest(text))
    }

    /// Gives a new entry its hash.
    pub(crate) fn sealed(mut self) -> Self {
        self.hash = self.digest();
        self
    }

    /// An entry about a case.
    pub(crate) fn about(case: &Case, fact: Fact, now: Timestamp) -> Self {
        Self {
            at: now,
            day: keys::day(now),
            case: case.id.clone(),
            platform: case.platform,
            account: case.account.clone(),
            surface: case.surface,
            policy: case.policy.clone(),
            automatic: true,
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
            item.insert(RECORDED_DAY.to_owned(), AttributeValue::S(partition));
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
            asked_at: action.asked_at,
            attempts: action.attempts,
            effect,
            status: action.status,
        }
    }
}

/// Writes a value with the keys of its objects in order, whatever map type `serde_json` was built with.
fn canonical(value: &serde_json::Value, out: &mut String) {
    match value {
        serde_json::Value::Object(fields) => {
            let mut fields: Vec<_> = fields.iter().collect();
            fields.sort_by_key(|(name, _)| *name);
            out.push('{');
            for (position, (name, value)) in fields.into_iter().enumerate() {
                if position > 0 {
                    out.push(',');
                }
                canonical(&serde_json::Value::from(name.as_str()), out);
                out.push(':');
                canonical(value, out);
            }
            out.push('}');
        }
        serde_json::Value::Array(values) => {
            out.push('[');
            for (position, value) in values.iter().enumerate() {
                if position > 0 {
                    out.push(',');
                }
                canonical(value, out);
            }
            out.push(']');
        }
        leaf => out.push_str(&leaf.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry() -> AuditEntry {
        AuditEntry {
            at: "2026-02-03T10:00:00.5Z".parse().unwrap(),
            day: "2026-02-03".parse().unwrap(),
            case: "0123456789abcdef01234567-0123456789ab".parse().unwrap(),
            platform: Platform::X,
            account: AccountId::new("1"),
            surface: Surface::Comment,
            policy: PolicyRef { id: "ente".into(), version: "1".into(), hash: "ab".into() },
            automatic: true,
            fact: Fact::Verdict {
                outcome: Outcome::Allow,
                findings: Vec::new(),
                findings_left_out: 0,
                author: None,
                written_at: None,
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
