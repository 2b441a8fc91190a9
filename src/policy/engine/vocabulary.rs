//! The words that a policy knows, and the spellings by which they hide.
//!
//! Clean text meets one look-up per word, and mostly one more among the misspellings: both are hash tables, so the
//! cost does not grow with the number of terms.

use std::hash::{BuildHasher, BuildHasherDefault};
use std::sync::Arc;

use rustc_hash::{FxHashMap, FxHasher};

use super::work;

/// A word of the vocabulary.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct WordId(u32);

impl WordId {
    /// What stands for any word that is not known.
    pub(super) const UNKNOWN: WordId = WordId(u32::MAX);

    /// Its place in tables by word; for [`WordId::UNKNOWN`], beyond all of them.
    pub(super) fn index(self) -> usize {
        usize::try_from(self.0).unwrap_or(usize::MAX)
    }
}

/// What is done with a word.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Traits {
    /// Other spellings of it are undone where that is certain: digits for letters, letters apart, letters repeated.
    pub(super) disguised: bool,
    /// Also where it is a guess: letters missing or exchanged, words glued together, stars.
    pub(super) guessed: bool,
    /// It is a term by itself.
    pub(super) alone: bool,
    /// It is found glued to others.
    pub(super) glue: bool,
    /// A full stop after it ends no sentence.
    pub(super) abbreviation: bool,
    /// It is also a surname or a place.
    pub(super) name: bool,
    /// What follows it is said of somebody, however it is written.
    pub(super) article: bool,
}

impl Traits {
    fn add(&mut self, other: Traits) {
        self.disguised |= other.disguised;
        self.guessed |= other.guessed;
        self.alone |= other.alone;
        self.glue |= other.glue;
        self.abbreviation |= other.abbreviation;
        self.name |= other.name;
        self.article |= other.article;
    }
}

/// Shorter words have too many innocent neighbours to be guessed.
pub(super) const SHORTEST_GUESS: usize = 5;
/// Shorter words are not looked for behind digits and signs.
pub(super) const SHORTEST_DISGUISE: usize = 3;
/// No word of a term that is looked for in disguise is longer.
pub(super) const LONGEST_DISGUISE: usize = 24;

/// The words of all terms.
#[derive(Default)]
pub(super) struct Vocabulary {
    ids: FxHashMap<Arc<str>, WordId>,
    words: Vec<Arc<str>>,
    traits: Vec<Traits>,
    /// Misspellings: a vowel left out, two letters exchanged, a double letter written once. By their hash, because there
    /// are several for each word: what is found is checked by misspelling the word again.
    near: FxHashMap<u64, WordId>,
    /// Words without repeated letters, for texts in which every letter is repeated.
    squeezed: FxHashMap<Box<str>, WordId>,
    /// Words by first letter, last letter and length, for stars inside them.
    masked: FxHashMap<(u8, u8, u8), Vec<WordId>>,
    /// The same without their last letter, for stars at the end.
    cut: FxHashMap<(u8, u8), Vec<WordId>>,
    /// By which three letters the words begin that may be parts of a glued one.
    beginnings: Beginnings,
    /// By which two letters, and with which length, the words begin that may be split.
    splits: Splits,
}

impl Vocabulary {
    /// The word with this spelling, new or known, with these traits besides those that it has. Not after
    /// [`Vocabulary::finish`].
    pub(super) fn learn(&mut self, word: &str, traits: Traits) -> WordId {
        if let Some(&id) = self.ids.get(word) {
            if let Some(known) = self.traits.get_mut(id.index()) {
                known.add(traits);
            }
            return id;
        }
        let id = WordId(u32::try_from(self.words.len()).unwrap_or(u32::MAX - 1));
        let word: Arc<str> = word.into();
        self.ids.insert(Arc::clone(&word), id);
        self.words.push(word);
        self.traits.push(traits);
        id
    }

    /// Prepares the tables of disguises.
    pub(super) fn finish(&mut self) {
        let mut buffer = Vec::with_capacity(LONGEST_DISGUISE);
        self.near.reserve(self.words.len() * 4);
        self.squeezed.reserve(self.words.len());
        for (index, (word, traits)) in self.words.iter().zip(&self.traits).enumerate() {
            let id = WordId(u32::try_from(index).unwrap_or(u32::MAX - 1));
            let (true, Ok(length)) = (word.bytes().all(|byte| byte.is_ascii_lowercase()), u8::try_from(word.len()))
            else {
                continue;
            };
            let is_guessed = traits.guessed && word.len() >= SHORTEST_GUESS;
            if traits.glue || (is_guessed && traits.alone) {
                self.beginnings.add(word.as_bytes());
            }
            if !is_guessed || word.len() > LONGEST_DISGUISE {
                continue;
            }
            misspell(word, &mut buffer, |spelling| {
                self.near.entry(hash(spelling)).or_insert(id);
                false
            });
            self.splits.add(word.as_bytes());
            self.squeezed.entry(squeeze(word).into()).or_insert(id);
            let (Some(&first), Some(&last)) = (word.as_bytes().first(), word.as_bytes().last()) else { continue };
            let masked = self.masked.entry((first, last, length)).or_default();
            let cut = self.cut.entry((first, length)).or_default();
            // Where several words fit, one that is a term by itself comes before a word of a phrase.
            for words in [masked, cut] {
                words.insert(if traits.alone { 0 } else { words.len() }, id);
            }
        }
    }

    /// The word with exactly this spelling.
    pub(super) fn find(&self, spelling: &str) -> Option<WordId> {
        work::count();
        self.ids.get(spelling).copied()
    }

    /// The word with exactly this spelling, if it is looked for in disguise.
    pub(super) fn find_disguised(&self, spelling: &str) -> Option<WordId> {
        self.find(spelling).filter(|&id| self.traits(id).disguised && spelling.len() >= SHORTEST_DISGUISE)
    }

    /// The word with exactly this spelling, if it is guessed.
    pub(super) fn find_guessed(&self, spelling: &str) -> Option<WordId> {
        self.find(spelling).filter(|&id| self.traits(id).guessed && spelling.len() >= SHORTEST_GUESS)
    }

    /// The word of which this is a likely misspelling.
    pub(super) fn find_near(&self, spelling: &str) -> Option<WordId> {
        work::count();
        let id = self.near.get(&hash(spelling.as_bytes())).copied()?;
        misspell(self.word(id)?, &mut Vec::new(), |known| known == spelling.as_bytes()).then_some(id)
    }

    /// The word that is left when no letter is repeated.
    pub(super) fn find_squeezed(&self, spelling: &str) -> Option<WordId> {
        work::count();
        self.squeezed.get(spelling).copied()
    }

    /// Whether a word that begins like this, with so many bytes more, may be one that is guessed. A quick answer that
    /// may be yes without reason.
    pub(super) fn may_split(&self, left: &str, right: usize) -> bool {
        self.splits.may_hold(left.as_bytes(), left.len() + right)
    }

    /// The terms of this length between these letters; with no last letter, the terms that begin so.
    pub(super) fn masked(&self, first: u8, last: Option<u8>, length: usize) -> &[WordId] {
        work::count();
        let Ok(length) = u8::try_from(length) else { return &[] };
        match last {
            Some(last) => self.masked.get(&(first, last, length)).map_or(&[], Vec::as_slice),
            None => self.cut.get(&(first, length)).map_or(&[], Vec::as_slice),
        }
    }

    /// The words that may be glued to others and with which this text begins, the longest first.
    pub(super) fn parts<'v>(&'v self, text: &'v str) -> impl Iterator<Item = (usize, WordId)> + 'v {
        let longest = if self.beginnings.may_begin(text.as_bytes()) { text.len().min(LONGEST_DISGUISE) } else { 0 };
        (2..=longest).rev().filter_map(move |end| {
            let id = self.find(text.get(..end)?)?;
            let traits = self.traits(id);
            (traits.glue || (traits.guessed && traits.alone && end >= SHORTEST_GUESS)).then_some((end, id))
        })
    }

    /// What is done with a word.
    pub(super) fn traits(&self, id: WordId) -> Traits {
        self.traits.get(id.index()).copied().unwrap_or_default()
    }

    /// The spelling of a word.
    pub(super) fn word(&self, id: WordId) -> Option<&str> {
        self.words.get(id.index()).map(AsRef::as_ref)
    }
}

/// A set of first three letters.
struct Beginnings(Vec<u64>);

impl Default for Beginnings {
    fn default() -> Self {
        Self(vec![0; (1 << 15) / 64])
    }
}

impl Beginnings {
    fn add(&mut self, word: &[u8]) {
        match *word {
            [a, b] => (b'a'..=b'z').for_each(|c| self.set([a, b, c])),
            [a, b, c, ..] => self.set([a, b, c]),
            _ => {}
        }
    }

    fn may_begin(&self, text: &[u8]) -> bool {
        match *text {
            [a, b, c, ..] => self.0[Self::bit([a, b, c]) / 64] >> (Self::bit([a, b, c]) % 64) & 1 == 1,
            _ => text.len() == 2,
        }
    }

    fn set(&mut self, letters: [u8; 3]) {
        let bit = Self::bit(letters);
        self.0[bit / 64] |= 1 << (bit % 64);
    }

    fn bit(letters: [u8; 3]) -> usize {
        letters.iter().fold(0, |bit, letter| bit << 5 | usize::from(letter & 31))
    }
}

/// A set of first two letters with a length.
struct Splits(Vec<u64>);

impl Default for Splits {
    fn default() -> Self {
        Self(vec![0; (1 << 15) / 64])
    }
}

impl Splits {
    fn add(&mut self, word: &[u8]) {
        if let Some(bit) = Self::bit(word, word.len()) {
            self.0[bit / 64] |= 1 << (bit % 64);
        }
    }

    fn may_hold(&self, start: &[u8], length: usize) -> bool {
        Self::bit(start, length).is_some_and(|bit| self.0[bit / 64] >> (bit % 64) & 1 == 1)
    }

    fn bit(start: &[u8], length: usize) -> Option<usize> {
        let (&[a, b, ..], 1..32) = (start, length) else { return None };
        Some((usize::from(a & 31) << 5 | usize::from(b & 31)) << 5 | length)
    }
}

/// The word with every repeated letter written once.
pub(super) fn squeeze(word: &str) -> String {
    let mut squeezed = String::with_capacity(word.len());
    for letter in word.chars() {
        if !squeezed.ends_with(letter) {
            squeezed.push(letter);
        }
    }
    squeezed
}

fn is_vowel(letter: u8) -> bool {
    matches!(letter, b'a' | b'e' | b'i' | b'o' | b'u')
}

fn hash(spelling: &[u8]) -> u64 {
    BuildHasherDefault::<FxHasher>::default().hash_one(spelling)
}

/// How a word of ASCII letters is misspelt, on purpose or not, until `take` says that it has seen enough; whether it
/// did. A vowel is only left out between consonants, where what remains is rarely another word.
fn misspell(word: &str, buffer: &mut Vec<u8>, mut take: impl FnMut(&[u8]) -> bool) -> bool {
    let letters = word.as_bytes();
    let last = letters.len().saturating_sub(1);
    for at in 1..last {
        let is_between = is_vowel(letters[at]) && !is_vowel(letters[at - 1]) && !is_vowel(letters[at + 1]);
        let is_double = letters.len() > SHORTEST_GUESS && letters[at] == letters[at + 1];
        if is_between || is_double {
            buffer.clear();
            buffer.extend_from_slice(&letters[..at]);
            buffer.extend_from_slice(&letters[at + 1..]);
            if take(buffer) {
                return true;
            }
        }
    }
    for vowels_to in [last, letters.len()] {
        let is_left_out = |at: usize| (1..vowels_to).contains(&at) && is_vowel(letters[at]);
        buffer.clear();
        buffer.extend(letters.iter().enumerate().filter(|(at, _)| !is_left_out(*at)).map(|(_, letter)| letter));
        if buffer.len() >= SHORTEST_GUESS && take(buffer) {
            return true;
        }
    }
    (1..last.saturating_sub(1)).any(|at| {
        buffer.clear();
        buffer.extend_from_slice(letters);
        buffer.swap(at, at + 1);
        letters[at] != letters[at + 1] && take(buffer)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn misspellings_leave_out_exchange_and_simplify() {
        let is_misspelt = |word, spelling: &str| misspell(word, &mut Vec::new(), |known| known == spelling.as_bytes());
        for spelling in ["bttone", "bottne", "bototne", "botone"] {
            assert!(is_misspelt("bottone", spelling), "{spelling}");
        }
        assert!(is_misspelt("mangiare", "mngre"));
        assert!(!is_misspelt("bestia", "besta"), "beside a vowel another word may remain");
        assert_eq!(squeeze("ffaaccciaa"), "facia");
    }
}
