//! The pseudonym keys of an organisation: the one in use, and those that it replaced.

use jiff::Timestamp;

use crate::item::{Item, text_of};
use crate::store::Query;
use crate::tables::{SK, Table};
use crate::write::Write;
use crate::{Ledger, LedgerError, PseudonymKey};

/// The pseudonym keys, with the times at which the older ones were replaced. At each moment one of them is in force,
/// and what was recorded under another is still found. Its `Debug` shows none of them.
#[derive(Clone, Debug)]
pub struct PseudonymKeys {
    newest: PseudonymKey,
    /// Those before it, the newest first, each with the time from which it is not in force any more.
    older: Vec<(PseudonymKey, Timestamp)>,
}

/// Pseudonym keys that cannot be used together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum KeysInDisorder {
    /// The times do not descend.
    #[error("the pseudonym keys are not in order, expected the newest first, each replaced before the one ahead of it")]
    Order,
    /// A key stands among them twice: which of the two times counts would depend on who looks.
    #[error("one pseudonym key stands twice, expected different ones")]
    Twice,
}

impl PseudonymKeys {
    /// The newest key, and those before it, the newest first, each with the time at which it was replaced, or will be.
    ///
    /// # Errors
    /// When they are in disorder.
    pub fn new(newest: PseudonymKey, older: Vec<(PseudonymKey, Timestamp)>) -> Result<Self, KeysInDisorder> {
        if !older.is_sorted_by(|(_, newer), (_, older)| newer > older) {
            return Err(KeysInDisorder::Order);
        }
        let keys = Self { newest, older };
        let mut fingerprints: Vec<_> = keys.newest_first().map(PseudonymKey::fingerprint).collect();
        fingerprints.sort_unstable();
        if fingerprints.windows(2).any(|two| two[0] == two[1]) {
            return Err(KeysInDisorder::Twice);
        }
        Ok(keys)
    }

    /// All of them.
    pub(crate) fn newest_first(&self) -> impl DoubleEndedIterator<Item = &PseudonymKey> {
        std::iter::once(&self.newest).chain(self.older.iter().map(|(key, _)| key))
    }

    /// The key in force at a time: the oldest that had not been replaced by then.
    pub(crate) fn in_force(&self, at: Timestamp) -> &PseudonymKey {
        let not_replaced = self.older.iter().rev().find(|(_, replaced_at)| at < *replaced_at);
        not_replaced.map_or(&self.newest, |(key, _)| key)
    }

    /// Those that come before the one in force at a time, the oldest first.
    pub(crate) fn replaced_by(&self, at: Timestamp) -> impl Iterator<Item = &PseudonymKey> {
        self.older.iter().rev().take_while(move |(_, replaced_at)| *replaced_at <= at).map(|(key, _)| key)
    }
}

impl From<PseudonymKey> for PseudonymKeys {
    fn from(newest: PseudonymKey) -> Self {
        Self { newest, older: Vec::new() }
    }
}

impl Ledger {
    /// Goes on with other pseudonym keys, as [`Ledger::adopt_keys`] does.
    ///
    /// # Errors
    /// Those of [`Ledger::adopt_keys`]; the keys at hand then stay in use.
    pub async fn rekey(&mut self, keys: PseudonymKeys) -> Result<(), LedgerError> {
        let rekeyed = Self { pseudonyms: keys, ..self.clone() };
        rekeyed.adopt_keys().await?;
        *self = rekeyed;
        Ok(())
    }

    /// Makes sure that the pseudonym keys are those under which the records are kept, and notes a new one. Whoever
    /// records anything calls this when it starts: under a wrong key every contribution that is delivered again would
    /// be judged again, and no strike would find its author. It costs one read if there is no new key.
    ///
    /// # Errors
    /// [`LedgerError::Configuration`] as [`Ledger::recognise_keys`] says; and when the ledger is unavailable.
    pub async fn adopt_keys(&self) -> Result<(), LedgerError> {
        let known = self.recognised().await?;
        for key in self.pseudonyms.newest_first().map(PseudonymKey::fingerprint) {
            if !known.contains(&key) {
                let write = Write::New(Table::Casebook, self.keys.pseudonym_key(&key), Item::new());
                self.store.write(write).await?;
            }
        }
        Ok(())
    }

    /// Makes sure that the pseudonym keys are those under which the records are kept, and changes nothing. Where none
    /// was noted yet, any keys are.
    ///
    /// # Errors
    /// [`LedgerError::Configuration`] when an older key is none of those (two keys may be swapped), or none of them is
    /// (the key was replaced, and not kept as an older one); and when the ledger is unavailable.
    pub async fn recognise_keys(&self) -> Result<(), LedgerError> {
        self.recognised().await.map(|_| ())
    }

    /// The fingerprints of the keys under which records were kept.
    async fn recognised(&self) -> Result<Vec<String>, LedgerError> {
        let partition = self.keys.pseudonym_keys();
        let items = self.store.query(Query::of(Table::Casebook, &partition)).await?;
        let known: Vec<String> = items.iter().filter_map(|item| text_of(item, SK).map(str::to_owned)).collect();
        let is_known = |key: &PseudonymKey| known.contains(&key.fingerprint());
        let PseudonymKeys { newest, older } = &self.pseudonyms;
        let refused = |reason: &str| Err(LedgerError::Configuration(reason.to_owned()));
        if known.is_empty() {
            return Ok(known);
        }
        if !older.iter().all(|(key, _)| is_known(key)) {
            return refused("nothing was recorded under an older pseudonym key: are two keys swapped?");
        }
        if older.is_empty() && !is_known(newest) {
            return refused(
                "the records were kept under another pseudonym key, expected that one, or that one as an older key",
            );
        }
        Ok(known)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(secret: &str) -> PseudonymKey {
        PseudonymKey::new(secret.as_bytes()).unwrap()
    }

    fn at(time: &str) -> Timestamp {
        time.parse().unwrap()
    }

    const FIRST: &str = "the first of the keys";
    const SECOND: &str = "the second of the keys";
    const THIRD: &str = "the third of the keys";

    fn three() -> PseudonymKeys {
        let older = vec![(key(SECOND), at("2027-05-01T00:00:00Z")), (key(FIRST), at("2026-05-01T00:00:00Z"))];
        PseudonymKeys::new(key(THIRD), older).unwrap()
    }

    #[test]
    fn at_each_moment_one_key_is_in_force() {
        let in_force = |time| three().in_force(at(time)).fingerprint();
        for (time, expected) in [
            ("1970-01-01T00:00:00Z", FIRST),
            ("2026-04-30T23:59:59.999999999Z", FIRST),
            ("2026-05-01T00:00:00Z", SECOND),
            ("2027-04-30T23:59:59Z", SECOND),
            ("2027-05-01T00:00:00Z", THIRD),
            ("2099-01-01T00:00:00Z", THIRD),
        ] {
            assert_eq!(in_force(time), key(expected).fingerprint(), "{time}");
        }
    }

    #[test]
    fn what_a_key_has_replaced_comes_before_it() {
        let replaced = |time| three().replaced_by(at(time)).map(PseudonymKey::fingerprint).collect::<Vec<_>>();
        let (first, second) = (key(FIRST).fingerprint(), key(SECOND).fingerprint());
        assert!(replaced("2026-04-30T00:00:00Z").is_empty());
        assert_eq!(replaced("2026-05-01T00:00:00Z"), std::slice::from_ref(&first));
        assert_eq!(replaced("2027-05-01T00:00:00Z"), [first, second]);
    }

    #[test]
    fn keys_in_disorder_are_refused() {
        let of = |older: &[(&str, &str)]| {
            let older = older.iter().map(|(secret, time)| (key(secret), at(time))).collect();
            PseudonymKeys::new(key(THIRD), older).map(|_| ())
        };
        let (early, late) = ("2026-05-01T00:00:00Z", "2027-05-01T00:00:00Z");
        assert_eq!(of(&[(SECOND, late), (FIRST, early)]), Ok(()));
        assert_eq!(of(&[(SECOND, early), (FIRST, late)]), Err(KeysInDisorder::Order));
        assert_eq!(of(&[(SECOND, late), (FIRST, late)]), Err(KeysInDisorder::Order));
        assert_eq!(of(&[(SECOND, late), (SECOND, early)]), Err(KeysInDisorder::Twice));
        assert_eq!(of(&[(THIRD, late)]), Err(KeysInDisorder::Twice));
    }
}
