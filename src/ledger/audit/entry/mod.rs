//! The audit log: one immutable entry for each verdict, effect, decision, sanction and removal.

pub(crate) mod fact;
pub(crate) mod read;

use jiff::Timestamp;
use jiff::civil::Date;
use policy::{AccountId, Platform, PolicyRef, Surface};
use serde::{Deserialize, Serialize};

use crate::audit::Hash;
use crate::audit::canonical::canonical;
use crate::table::item::{Item, text, to_item};
use crate::table::keys::{self, Key};
use crate::table::tables::{RECORDED_AT, RECORDED_DAY, Table};
use crate::table::write::Write;
use crate::{Case, CaseId, Fact, LedgerError};

/// One line of the audit log. It holds no text, no name and no platform's id of a person or contribution, so that
/// erasing an author leaves it as it is (invariant 10).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuditEntry {
    /// When it was recorded.
    pub at: Timestamp,
    /// The day of that in Italy, by which entries are sealed.
    pub day: Date,
    /// The case that it is about; of a verdict that led to none, the id that it would have. `None` for what
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

    /// The same under another policy than that of the case.
    pub(crate) fn under(mut self, policy: &PolicyRef) -> Self {
        self.policy = policy.clone();
        self.sealed()
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

#[cfg(test)]
mod tests {
    use policy::Outcome;
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
            policy: PolicyRef { id: "ente".into(), version: "1".into(), hash: "ab".into(), reader: None },
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
                protects: false,
                revision: None,
                unchanged: false,
                strike_raised: None,
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
