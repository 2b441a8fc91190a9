//! The pseudonym keys of an organisation: the one in use, and those that it replaced.

use jiff::Timestamp;

use crate::table::item::{Item, text_of, to_attribute};
use crate::table::store::Query;
use crate::table::tables::{SK, Table};
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

    /// The newest, in force or to be.
    pub(crate) fn newest(&self) -> &PseudonymKey {
        &self.newest
    }

    /// All of them.
    pub(crate) fn newest_first(&self) -> impl DoubleEndedIterator<Item = &PseudonymKey> {
        std::iter::once(&self.newest).chain(self.older.iter().map(|(key, _)| key))
    }

    /// All of them, each with the time from which it is in force, where an older key tells it.
    fn dated(&self) -> impl Iterator<Item = (&PseudonymKey, Option<Timestamp>)> {
        let from = self.older.iter().map(|(_, replaced_at)| Some(*replaced_at)).chain(std::iter::once(None));
        self.newest_first().zip(from)
    }

    fn oldest(&self) -> &PseudonymKey {
        self.older.last().map_or(&self.newest, |(key, _)| key)
    }

    fn holds(&self, noted: &Noted) -> bool {
        self.newest_first().any(|key| key.fingerprint() == noted.fingerprint)
    }

    /// Why the records cannot have been kept under these keys; `None` when they can.
    fn contradiction(&self, noted: &[Noted], now: Timestamp) -> Option<&'static str> {
        if noted.is_empty() {
            return None;
        }
        let known = |key: &PseudonymKey| {
            let fingerprint = key.fingerprint();
            noted.iter().find(move |noted| noted.fingerprint == fingerprint)
        };
        if !self.older.iter().all(|(key, _)| known(key).is_some()) {
            return Some("nothing was recorded under an older pseudonym key: are two keys swapped?");
        }
        let Some(oldest) = known(self.oldest()) else {
            return Some(
                "the records were kept under another pseudonym key, expected that one, or that one as an older key",
            );
        };
        // Of the oldest no time is set: what came before it was left out, or there was nothing.
        let redated = |(key, from): (&PseudonymKey, Option<Timestamp>)| {
            known(key).is_some_and(|known| from.is_some() && known.from != from && !known.is_ahead(now))
        };
        if self.dated().any(redated) {
            return Some(
                "a pseudonym key is set with another time than that from which it is in force: are two keys swapped, or \
                 was a time changed after it had come?",
            );
        }
        if oldest.is_ahead(now) {
            return Some("the pseudonym key in force is missing, expected it behind the one that is to replace it");
        }
        let missed = |noted: &&Noted| noted.from > oldest.from && !noted.is_ahead(now) && !self.holds(noted);
        noted.iter().find(missed).map(|_| {
            "a pseudonym key is missing under which records are kept, newer than the oldest that is set: is the setting \
             one from before a rotation?"
        })
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

/// A key under which records are kept, as the casebook notes it.
struct Noted {
    fingerprint: String,
    /// From when it is in force; `None` for the first, which always was.
    from: Option<Timestamp>,
}

impl Noted {
    /// Whether its time is still to come. Until then nothing stands under it, and its note follows the setting.
    fn is_ahead(&self, now: Timestamp) -> bool {
        self.from.is_some_and(|from| from > now)
    }
}

/// From when a noted key is in force.
const FROM: &str = "from";

/// That a key was taken back before its time came. Not every function may delete the note.
const WITHDRAWN: &str = "withdrawn";

impl Ledger {
    /// Goes on with other pseudonym keys, as [`Ledger::adopt_keys`] does.
    ///
    /// # Errors
    /// Those of [`Ledger::adopt_keys`]; the keys at hand then stay in use.
    pub async fn rekey(&mut self, keys: PseudonymKeys, now: Timestamp) -> Result<(), LedgerError> {
        let rekeyed = Self { pseudonyms: keys, ..self.clone() };
        rekeyed.adopt_keys(now).await?;
        *self = rekeyed;
        Ok(())
    }

    /// Makes sure that the pseudonym keys are those under which the records are kept, and notes a new one with the time
    /// from which it is in force; until that comes, it may be set otherwise or taken back. Whoever records anything
    /// calls this when it starts: under a wrong key every contribution that is delivered again would be judged again,
    /// and no strike would find its author. It costs one read if there is nothing to note.
    ///
    /// # Errors
    /// [`LedgerError::Configuration`] as [`Ledger::recognise_keys`] says; and when the ledger is unavailable.
    pub async fn adopt_keys(&self, now: Timestamp) -> Result<(), LedgerError> {
        let noted = self.recognised(now).await?;
        for (key, from) in self.pseudonyms.dated() {
            let fingerprint = key.fingerprint();
            let known = noted.iter().find(|noted| noted.fingerprint == fingerprint);
            if known.is_none_or(|known| known.is_ahead(now) && known.from != from) {
                let mut item = Item::new();
                if let Some(from) = from {
                    item.insert(FROM.to_owned(), to_attribute("pseudonym key", &from)?);
                }
                self.store.put(Table::Casebook, &self.keys.pseudonym_key(&fingerprint), item).await?;
            }
        }
        for taken_back in noted.iter().filter(|noted| noted.is_ahead(now) && !self.pseudonyms.holds(noted)) {
            let item = Item::from([(WITHDRAWN.to_owned(), to_attribute("pseudonym key", &true)?)]);
            self.store.put(Table::Casebook, &self.keys.pseudonym_key(&taken_back.fingerprint), item).await?;
        }
        Ok(())
    }

    /// Makes sure that the pseudonym keys are those under which the records are kept, and changes nothing. Where none
    /// was noted yet, any keys are. An old key may be left out after its time.
    ///
    /// # Errors
    /// [`LedgerError::Configuration`] when an older key is none of those or a key is given another time (two may be
    /// swapped), none of them is (the key was replaced, and not kept as an older one), or one is missing that was in
    /// force after the oldest of these, or is still in force; and when the ledger is unavailable.
    pub async fn recognise_keys(&self, now: Timestamp) -> Result<(), LedgerError> {
        self.recognised(now).await.map(|_| ())
    }

    /// The keys under which records are kept, where these go with them.
    async fn recognised(&self, now: Timestamp) -> Result<Vec<Noted>, LedgerError> {
        let noted = self.noted_keys().await?;
        if let Some(reason) = self.pseudonyms.contradiction(&noted, now) {
            return Err(LedgerError::Configuration(reason.to_owned()));
        }
        Ok(noted)
    }

    async fn noted_keys(&self) -> Result<Vec<Noted>, LedgerError> {
        let corrupt = |field: &str| LedgerError::Corrupt { what: "pseudonym key", field: field.to_owned() };
        let partition = self.keys.pseudonym_keys();
        let items = self.store.query(Query::of(Table::Casebook, &partition)).await?;
        let noted = items.iter().filter(|item| !item.contains_key(WITHDRAWN)).map(|item| {
            let fingerprint = text_of(item, SK).ok_or_else(|| corrupt(SK))?.to_owned();
            let from = text_of(item, FROM).map(|from| from.parse().map_err(|_| corrupt(FROM))).transpose()?;
            Ok(Noted { fingerprint, from })
        });
        noted.collect()
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
