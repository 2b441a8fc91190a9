//! A text as its words, each with the word of the vocabulary that it is, or that it is in disguise.
//!
//! Only what the vocabulary does not know is looked at more closely, and only words that look like a disguise cost
//! more than a few look-ups.

mod spread;

use text::{Folded, Unsaid};

use super::disguise::{self, Undone};
use super::names;
use super::vocabulary::{LONGEST_DISGUISE, Traits, Vocabulary, WordId};

/// One word of a text.
#[derive(Clone, Copy, Debug)]
pub(super) struct Word {
    /// Its bytes in the folded text.
    pub(super) from: usize,
    pub(super) to: usize,
    pub(super) id: WordId,
    /// Whether it is surely that word.
    pub(super) certain: bool,
    /// Whether it is a guess at a word behind another spelling.
    pub(super) guessed: bool,
    /// What divides it from the word before.
    pub(super) apart: Apart,
    /// In which sentence it stands, counted from 0.
    pub(super) sentence: usize,
}

/// What stands between two words.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Apart {
    /// Nothing that divides phrases: spaces, hyphens, apostrophes, quotes, brackets, pictures.
    No,
    /// A comma or colon, which divides the words of a phrase but not a sentence.
    Pause,
    /// The end of a sentence.
    Sentence,
}

/// What a byte of a folded text is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Class {
    Letter,
    Digit,
    /// Looks like a letter, or hides one.
    Sign,
    Pause,
    Stop,
    Other,
    /// Not ASCII.
    High,
}

const CLASSES: [Class; 256] = {
    let mut classes = [Class::Other; 256];
    let mut byte = 0;
    while byte < 256 {
        classes[byte] = match byte as u8 {
            b'a'..=b'z' => Class::Letter,
            b'0'..=b'9' => Class::Digit,
            b'@' | b'$' | b'*' | b'#' | b'|' | b'+' | b'_' => Class::Sign,
            b',' | b':' => Class::Pause,
            b'.' | b'!' | b'?' | b';' => Class::Stop,
            0x80..=0xFF => Class::High,
            _ => Class::Other,
        };
        byte += 1;
    }
    classes
};

/// What lists write for a link: whatever stands in it, it is one word.
const LINK: &str = "https";

/// Splits a folded text into words. Each thing that is not said is one word that nobody knows, but for links.
pub(super) fn words(folded: &Folded<'_>, vocabulary: &Vocabulary, unsaid: &[Unsaid]) -> Vec<Word> {
    let mut splitter = Splitter {
        folded,
        text: folded.text(),
        vocabulary,
        unsaid,
        words: Vec::with_capacity(folded.text().len() / 5 + 4),
        sentence: 0,
        apart: Apart::No,
        row_until: 0,
        buffer: String::new(),
    };
    splitter.split();
    let mut words = splitter.words;
    names::set_apart(&mut words, folded, vocabulary);
    words
}

struct Splitter<'f> {
    folded: &'f Folded<'f>,
    text: &'f str,
    vocabulary: &'f Vocabulary,
    /// What is not said from here on.
    unsaid: &'f [Unsaid],
    words: Vec<Word>,
    sentence: usize,
    /// What stands between the last word and the next.
    apart: Apart,
    /// Where the last row of single letters ends that was looked at.
    row_until: usize,
    /// For spellings that are put together.
    buffer: String,
}

impl Splitter<'_> {
    fn split(&mut self) {
        let mut at = 0;
        while let Some(&byte) = self.text.as_bytes().get(at) {
            if let Some(end) = self.take_unsaid(at) {
                at = end;
                continue;
            }
            at = match CLASSES[usize::from(byte)] {
                Class::Letter | Class::Digit => self.take_word(at),
                Class::High if self.starts_letter(at) => self.take_word(at),
                Class::High => self.take_picture(at),
                Class::Pause => {
                    self.apart = self.apart.max(Apart::Pause);
                    at + 1
                }
                Class::Stop => {
                    if self.ends_sentence(at) {
                        self.apart = Apart::Sentence;
                    }
                    at + 1
                }
                Class::Sign | Class::Other => at + 1,
            };
        }
    }

    /// Takes what is not said and begins here, or began in what is taken already. Gives where it ends.
    fn take_unsaid(&mut self, at: usize) -> Option<usize> {
        let (first, rest) = self.unsaid.split_first().filter(|(first, _)| first.span.start <= at)?;
        self.unsaid = rest;
        if first.span.end <= at {
            return Some(at);
        }
        let link = first.is_link.then(|| self.vocabulary.find(LINK)).flatten();
        self.push(at, first.span.end, link.unwrap_or(WordId::UNKNOWN), true);
        Some(first.span.end)
    }

    /// A picture is a word where the vocabulary has it, else nothing.
    fn take_picture(&mut self, start: usize) -> usize {
        let end = start + self.letter_len(start);
        if let Some(id) = self.text.get(start..end).and_then(|picture| self.vocabulary.find(picture)) {
            self.push(start, end, id, true);
        }
        end
    }

    /// Whether a full stop or the like at this position ends a sentence: not inside `p.orco`, not after `sig.`.
    fn ends_sentence(&self, at: usize) -> bool {
        let next = self.text.as_bytes().get(at + 1).copied();
        if self.text.as_bytes().get(at) != Some(&b'.') {
            return !next.is_some_and(|next| next.is_ascii_alphanumeric());
        }
        if next.is_some_and(|next| next.is_ascii_alphanumeric()) {
            return false;
        }
        let last = self.words.last().filter(|last| last.to == at);
        !last.is_some_and(|last| self.vocabulary.traits(last.id).abbreviation)
    }

    fn letter_len(&self, at: usize) -> usize {
        self.text.get(at..).and_then(|rest| rest.chars().next()).map_or(1, char::len_utf8)
    }

    fn starts_letter(&self, at: usize) -> bool {
        self.text.get(at..).and_then(|rest| rest.chars().next()).is_some_and(char::is_alphanumeric)
    }

    fn end_of_word(&self, start: usize) -> usize {
        let mut at = start;
        while let Some(&byte) = self.text.as_bytes().get(at) {
            match CLASSES[usize::from(byte)] {
                Class::Letter | Class::Digit => at += 1,
                Class::High if self.starts_letter(at) => at += self.letter_len(at),
                _ => break,
            }
        }
        at
    }

    /// Takes the word that starts here, with what it is glued to. Gives where it ends.
    fn take_word(&mut self, start: usize) -> usize {
        let end = self.end_of_word(start);
        if let Some(end) = self.take_signs(start, end) {
            return end;
        }
        if let Some(end) = self.take_row(start, end).or_else(|| self.take_letters_apart(start, end)) {
            return end;
        }
        if let Some(end) = self.take_syllables(start, end) {
            return end;
        }
        if self.take_humps(start, end) {
            return end;
        }
        let Some(spelling) = self.text.get(start..end) else { return end };
        match self.vocabulary.find(spelling) {
            // Of `ca sa`, the second half may be a word by itself.
            Some(_)
                if self.words.last().is_some_and(|last| last.id == WordId::UNKNOWN) && self.take_split(start, end) => {}
            Some(id) => self.push(start, end, id, true),
            None => self.take_unknown(start, end),
        }
        end
    }

    /// A word that is not in the vocabulary as it stands.
    fn take_unknown(&mut self, start: usize, end: usize) {
        let Some(spelling) = self.text.get(start..end) else { return };
        if let Some(undone) = disguise::letters(spelling, self.vocabulary, &mut self.buffer) {
            return self.push_undone(start, end, undone);
        }
        if self.take_split(start, end) {
            return;
        }
        if let Some(parts) = disguise::glued(spelling, self.vocabulary) {
            for (from, to, id) in parts {
                self.push(start + from, start + to, id, false);
            }
            return;
        }
        if let Some(undone) = disguise::rest(spelling, self.vocabulary, &mut self.buffer) {
            return self.push_undone(start, end, undone);
        }
        self.push(start, end, WordId::UNKNOWN, true);
    }

    /// A word of which the word before is the beginning, as in `ca sa` or over the end of a line.
    fn take_split(&mut self, start: usize, end: usize) -> bool {
        let Some(before) = self.words.last().copied() else { return false };
        let Some(between) = self.text.get(before.to..start) else { return false };
        let spaces = between.chars().count();
        let is_short = (1..=3).contains(&spaces) && end - before.from <= LONGEST_DISGUISE + between.len();
        let Traits { glue, .. } = self.vocabulary.traits(before.id);
        if !is_short || self.apart == Apart::Sentence || glue {
            return false;
        }
        let (Some(left), Some(right)) = (self.text.get(before.from..before.to), self.text.get(start..end)) else {
            return false;
        };
        if !self.vocabulary.may_split(left, right.len()) {
            return false;
        }
        self.buffer.clear();
        self.buffer.push_str(left);
        self.buffer.push_str(right);
        let Some(id) = self.vocabulary.find_guessed(&self.buffer) else { return false };
        // A picture in the middle of a word does not come there by accident.
        let certain = !between.contains(' ') && between.chars().all(|between| !between.is_ascii());
        self.words.pop();
        self.apart = before.apart;
        self.sentence = before.sentence;
        if before.apart == Apart::Sentence {
            self.sentence = self.sentence.saturating_sub(1);
        }
        self.push(before.from, end, id, certain);
        true
    }

    fn push_undone(&mut self, from: usize, to: usize, undone: Undone) {
        self.push(from, to, undone.id, undone.certain);
    }

    fn push(&mut self, from: usize, to: usize, id: WordId, certain: bool) {
        if self.apart == Apart::Sentence && !self.words.is_empty() {
            self.sentence += 1;
        }
        self.words.push(Word { from, to, id, certain, guessed: !certain, apart: self.apart, sentence: self.sentence });
        self.apart = Apart::No;
    }
}
