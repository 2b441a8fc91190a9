//! Words that are also names: what is somebody's surname or a place is not said about anybody.
//!
//! Some terms are surnames or places as well. A capital alone decides nothing, because many write insults with one;
//! what stands beside the word does: a given name, an initial, another word that is written like a name.

use text::Folded;

use super::vocabulary::{Vocabulary, WordId};
use super::words::{Apart, Word};
use crate::detectors::is_given_name;

/// What somebody does, after a surname that opens a sentence. Most verbs are in no list, and are known by that.
const VERBS: [&str; 5] = ["ha", "aveva", "era", "fa", "dice"];

/// How sure it is that a word is a name.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Named {
    No,
    /// Written like one: what the word would mean counts, but not as certain.
    Perhaps,
    Surely,
}

/// Takes the words that are names out of what is compared with terms, and marks those that may be. What is a name in one
/// place of a text may be one wherever it has a capital.
pub(super) fn set_apart(words: &mut [Word], folded: &Folded<'_>, vocabulary: &Vocabulary) {
    let is_known = |word: &Word| word.id != WordId::UNKNOWN && vocabulary.traits(word.id).name;
    let known: Vec<usize> = (0..words.len()).filter(|&at| is_known(&words[at])).collect();
    let beside = Beside { words, folded, vocabulary };
    let named: Vec<Named> = known.iter().map(|&at| beside.named(at)).collect();
    // As many as the policy lists at most, however long the text.
    let mut names: Vec<WordId> = Vec::new();
    for (&at, named) in known.iter().zip(&named) {
        if *named != Named::No && !names.contains(&words[at].id) {
            names.push(words[at].id);
        }
    }
    let doubtful: Vec<bool> =
        known.iter().map(|&at| names.contains(&words[at].id) && beside.is_capitalised(at)).collect();
    for ((at, named), doubtful) in known.into_iter().zip(named).zip(doubtful) {
        match named {
            Named::Surely => words[at].id = WordId::UNKNOWN,
            Named::Perhaps => words[at].certain = false,
            Named::No => words[at].certain &= !doubtful,
        }
    }
}

/// The words of a text, to ask what stands beside one of them.
struct Beside<'w> {
    words: &'w [Word],
    folded: &'w Folded<'w>,
    vocabulary: &'w Vocabulary,
}

impl Beside<'_> {
    fn named(&self, at: usize) -> Named {
        let before = at.checked_sub(1).filter(|_| self.words[at].apart == Apart::No);
        let after = self.words.get(at + 1).filter(|next| next.apart == Apart::No).map(|_| at + 1);
        let follows_given = before.is_some_and(|before| self.is_given(before));
        if !self.is_capitalised(at) {
            return if follows_given { Named::Perhaps } else { Named::No };
        }
        let is_beside_given = |beside: usize| self.is_given(beside) && self.is_capitalised(beside);
        let is_unknown_name = |beside: usize| {
            self.words[beside].id == WordId::UNKNOWN && self.is_capitalised(beside) && self.spelling(beside).len() > 2
        };
        let is_initial = |beside: usize| self.spelling(beside).len() == 1 && self.is_capital(beside);
        if before.into_iter().chain(after).any(is_beside_given)
            || before.is_some_and(|before| is_initial(before) || is_unknown_name(before) && !self.opens(before))
        {
            return Named::Surely;
        }
        let is_said = match before {
            Some(before) => self.vocabulary.traits(self.words[before].id).article,
            // At the start of a sentence everything has a capital, so what follows must go on as after a name.
            None => after
                .is_none_or(|after| self.words[after].id != WordId::UNKNOWN && !VERBS.contains(&self.spelling(after))),
        };
        if is_said { Named::No } else { Named::Perhaps }
    }

    fn spelling(&self, at: usize) -> &str {
        self.folded.text().get(self.words[at].from..self.words[at].to).unwrap_or_default()
    }

    fn is_given(&self, at: usize) -> bool {
        is_given_name(self.spelling(at))
    }

    fn is_capital(&self, at: usize) -> bool {
        self.folded.is_capital(self.words[at].from)
    }

    /// With a capital at its start only, so that shouting names nobody.
    fn is_capitalised(&self, at: usize) -> bool {
        self.is_capital(at) && !self.folded.is_capital(self.words[at].from + 1)
    }

    /// Whether a word is the first of its sentence.
    fn opens(&self, at: usize) -> bool {
        at.checked_sub(1).is_none_or(|before| self.words[before].sentence != self.words[at].sentence)
    }
}
