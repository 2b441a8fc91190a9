//! Keyed pseudonyms: people and contributions are known in keys and in the audit log by these only.

use std::fmt;
use std::str::FromStr;

use hmac::{Hmac, KeyInit, Mac};
use policy::{AccountId, ContributionId, Platform, PlatformUserId};
use serde::{Deserialize, Serialize};
use sha2::Sha256;

use crate::{LedgerError, ReportId};

/// The shortest secret that is accepted, in bytes: the strength of HMAC-SHA256 cannot exceed that of its key.
const MIN_KEY_BYTES: usize = 16;

/// The secret under which pseudonyms are derived. Without it nobody can tell whether a given person is in the records
/// (invariant 10). It never appears in logs, errors or `Debug` output.
#[derive(Clone)]
pub struct PseudonymKey(Hmac<Sha256>);

impl PseudonymKey {
    /// Takes the secret.
    ///
    /// # Errors
    /// [`LedgerError::Configuration`] when it is shorter than 16 bytes.
    pub fn new(secret: &[u8]) -> Result<Self, LedgerError> {
        let short = || {
            let found = secret.len();
            LedgerError::Configuration(format!(
                "the pseudonym key has {found} bytes, expected at least {MIN_KEY_BYTES}"
            ))
        };
        if secret.len() < MIN_KEY_BYTES {
            return Err(short());
        }
        Hmac::new_from_slice(secret).map(Self).map_err(|_| short())
    }

    /// The pseudonym of an author. The same on all accounts of the organisation on one platform.
    pub(crate) fn pseudonym(&self, platform: Platform, id: &PlatformUserId) -> Pseudonym {
        Pseudonym(self.derive(16, &["author", platform.as_str(), id.as_str()]))
    }

    /// The reference of a contribution, whatever its revision.
    pub(crate) fn reference(&self, platform: Platform, account: &AccountId, id: &ContributionId) -> Reference {
        Reference(self.derive(12, &["contribution", platform.as_str(), account.as_str(), id.as_str()]))
    }

    /// The id of the case of one revision of a contribution.
    pub(crate) fn case_id(
        &self,
        platform: Platform,
        account: &AccountId,
        id: &ContributionId,
        revision: &str,
    ) -> CaseId {
        CaseId { reference: self.reference(platform, account, id), revision: self.derive(6, &["revision", revision]) }
    }

    /// What a revision says, as the records keep it to compare another with it.
    pub(crate) fn print(&self, text: &str, words: &str, has_attachment: bool) -> Print {
        let attachment = if has_attachment { "with" } else { "without" };
        Print {
            text: self.derive(6, &["text", text, attachment]),
            words: self.derive(6, &["words", words, attachment]),
        }
    }

    /// By what the records tell under which key they were kept: 12 hex digits, from which the key does not follow.
    pub(crate) fn fingerprint(&self) -> String {
        self.derive(6, &["key"])
    }

    /// The scope in which something is said once to an author: 24 hex digits.
    pub(crate) fn scope(&self, what: &str, scope: &str) -> String {
        self.derive(12, &["scope", what, scope])
    }

    /// The id of a user's report: who sent it, and which of that sender's messages it is. An address has no case.
    pub(crate) fn report_id(&self, sender: &str, check: &str, message: &str) -> ReportId {
        let reporter = self.derive(8, &["reporter", check, &sender.to_lowercase()]);
        ReportId::from_parts(reporter, self.derive(6, &["mail", message]))
    }

    /// The confirmation code of whoever erases this author: 24 hex digits. It is keyed, because pseudonyms stand in exports
    /// of the audit log.
    pub(crate) fn erasure_code(&self, author: &Pseudonym) -> String {
        self.derive(12, &["erasure", author.as_str()])
    }

    /// The first `bytes` bytes of the HMAC over the parts, in hex. Each part is preceded by its length, so that no two
    /// lists of parts give the same input.
    fn derive(&self, bytes: usize, parts: &[&str]) -> String {
        let mut mac = self.0.clone();
        for part in parts {
            mac.update(&(part.len() as u64).to_be_bytes());
            mac.update(part.as_bytes());
        }
        hex::encode(&mac.finalize().into_bytes()[..bytes])
    }
}

impl fmt::Debug for PseudonymKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PseudonymKey(..)")
    }
}

/// An author as our records know them: 32 hex digits. `Debug` does not show it; `Display` does, for keys and exports.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Pseudonym(String);

impl Pseudonym {
    /// The 32 hex digits.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Pseudonym {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl fmt::Debug for Pseudonym {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Pseudonym(..)")
    }
}

impl FromStr for Pseudonym {
    type Err = NotAnId;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        lower_hex(text, 32).map(Self).ok_or(NotAnId)
    }
}

/// A contribution as our keys know it, whatever its revision: 24 hex digits.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Reference(String);

impl Reference {
    /// The 24 hex digits.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// A number spread evenly over `0..of`, always the same for this reference. `of` is a power of two up to 16.
    pub(crate) fn shard(&self, of: u32) -> u32 {
        self.0.chars().next().and_then(|digit| digit.to_digit(16)).unwrap_or_default() % of
    }
}

impl fmt::Display for Reference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl FromStr for Reference {
    type Err = NotAnId;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        lower_hex(text, 24).map(Self).ok_or(NotAnId)
    }
}

/// The id of a case: the reference of the contribution and a keyed hash of its revision, `{24 hex}-{12 hex}`. Every
/// revision that was judged has one, whether or not it led to a case. It may be logged.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct CaseId {
    reference: Reference,
    revision: String,
}

impl CaseId {
    /// The contribution, whatever its revision.
    pub const fn reference(&self) -> &Reference {
        &self.reference
    }

    /// The 12 hex digits of the revision.
    pub(crate) fn revision(&self) -> &str {
        &self.revision
    }

    /// Puts an id together from the parts that stand in keys.
    pub(crate) fn from_parts(reference: &str, revision: &str) -> Result<Self, NotAnId> {
        Ok(Self { reference: reference.parse()?, revision: lower_hex(revision, 12).ok_or(NotAnId)? })
    }
}

impl fmt::Display for CaseId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&format!("{}-{}", self.reference, self.revision))
    }
}

impl FromStr for CaseId {
    type Err = NotAnId;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (reference, revision) = text.split_once('-').ok_or(NotAnId)?;
        Self::from_parts(reference, revision)
    }
}

impl Serialize for CaseId {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for CaseId {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

/// What a revision says: two keyed hashes of 12 hex digits, of its text and of its words, by which another can be told
/// from it also when neither is kept any more.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Print {
    text: String,
    words: String,
}

impl Print {
    /// Whether both are of the same text.
    pub(crate) fn has_text_of(&self, other: &Print) -> bool {
        self.text == other.text
    }

    /// Whether both are of the same words.
    pub(crate) fn has_words_of(&self, other: &Print) -> bool {
        self.words == other.words
    }
}

/// A text that is not the id of a case, nor the reference of a contribution.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not the id of a case: expected 24 hex digits, a dash and 12 hex digits, in lower case")]
pub struct NotAnId;

pub(crate) fn lower_hex(text: &str, digits: usize) -> Option<String> {
    let hex = |byte: u8| matches!(byte, b'0'..=b'9' | b'a'..=b'f');
    (text.len() == digits && text.bytes().all(hex)).then(|| text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(secret: &str) -> PseudonymKey {
        PseudonymKey::new(secret.as_bytes()).unwrap()
    }

    fn reference(key: &PseudonymKey, account: &str, id: &str) -> Reference {
        key.reference(Platform::Facebook, &AccountId::new(account), &ContributionId::new(id))
    }

    #[test]
    fn references_differ_by_every_part_and_by_the_key() {
        let key_a = key("a secret of some length");
        let all = [
            reference(&key_a, "12", "3"),
            reference(&key_a, "1", "23"),
            reference(&key_a, "1\0", "23"),
            reference(&key("another secret of length"), "12", "3"),
            key_a.reference(Platform::Instagram, &AccountId::new("12"), &ContributionId::new("3")),
        ];
        let distinct: std::collections::BTreeSet<_> = all.iter().collect();
        assert_eq!(distinct.len(), all.len());
    }

    #[test]
    fn derivation_does_not_change_between_versions() {
        // Computed with Python's hmac module from the description in the front page of this crate.
        let key = key("a secret of some length");
        let id = key.case_id(Platform::X, &AccountId::new("1"), &ContributionId::new("2"), "3");
        assert_eq!(id.to_string(), "a08f6a052f36c9686e321fde-d0d88c380fce");
        assert_eq!(key.pseudonym(Platform::X, &PlatformUserId::new("7")).as_str(), "8d589af6f3275988e568d72777ce6db9");
    }

    #[test]
    fn an_id_reads_back_from_its_own_spelling_and_from_no_other() {
        let text = "0123456789abcdef01234567-0123456789ab";
        assert_eq!(text.parse::<CaseId>().unwrap().to_string(), text);
        for wrong in ["", "-", "0123456789abcdef01234567", "0123456789ABCDEF01234567-0123456789ab", &format!("{text}0")]
        {
            assert_eq!(wrong.parse::<CaseId>(), Err(NotAnId), "{wrong:?}");
        }
    }

    #[test]
    fn the_key_and_pseudonyms_do_not_print() {
        let key = key("a secret of some length");
        let pseudonym = key.pseudonym(Platform::X, &PlatformUserId::new("7"));
        assert_eq!(format!("{key:?} {pseudonym:?}"), "PseudonymKey(..) Pseudonym(..)");
    }

    #[test]
    fn a_short_key_is_refused_without_being_shown() {
        let error = PseudonymKey::new(b"short").unwrap_err();
        assert_eq!(
            error.to_string(),
            "the ledger is not set up right: the pseudonym key has 5 bytes, expected at least 16"
        );
    }
}
