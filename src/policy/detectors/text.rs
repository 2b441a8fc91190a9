//! A folded text, cut into words, and what stands around a place in it.

use std::ops::Range;

use rustc_hash::FxHashSet;

use super::glued::{SHORTEST_WORD, glued};
use super::link;

/// A set of words.
pub(super) struct Words(FxHashSet<&'static str>);

impl Words {
    /// The words of a list with spaces between them.
    pub(super) fn of(list: &'static str) -> Self {
        Self(list.split_ascii_whitespace().collect())
    }

    pub(super) fn has(&self, word: &str) -> bool {
        self.0.contains(word)
    }
}

/// A folded text and its words: runs of letters and digits, without the words to which a number is glued.
pub(super) struct Text<'t> {
    pub(super) folded: &'t str,
    words: Vec<Range<usize>>,
    /// Links, handles and names of files, whose figures are ids.
    links: Vec<Range<usize>>,
    /// Whether the letter at a byte of the folded text was a capital in the original.
    is_capital: &'t dyn Fn(usize) -> bool,
}

impl<'t> Text<'t> {
    pub(super) fn new(folded: &'t str, is_capital: &'t dyn Fn(usize) -> bool) -> Self {
        let mut words: Vec<Range<usize>> = Vec::with_capacity(folded.len() / 5);
        let mut open: Option<Range<usize>> = None;
        for (at, letter) in folded.char_indices() {
            if letter.is_alphanumeric() {
                open.get_or_insert(at..at).end = at + letter.len_utf8();
            } else if let Some(word) = open.take() {
                push_parts(folded, word, &mut words);
            }
        }
        if let Some(word) = open {
            push_parts(folded, word, &mut words);
        }
        Self { folded, words, links: link::all(folded), is_capital }
    }

    /// The links, in the order of the text.
    pub(super) fn links(&self) -> &[Range<usize>] {
        &self.links
    }

    /// Whether this place is inside a link, a handle or the name of a file.
    pub(super) fn is_in_link(&self, at: usize) -> bool {
        let next = self.links.partition_point(|link| link.end <= at);
        self.links.get(next).is_some_and(|link| link.start <= at)
    }

    pub(super) fn bytes(&self) -> &'t [u8] {
        self.folded.as_bytes()
    }

    pub(super) fn words(&self) -> &[Range<usize>] {
        &self.words
    }

    /// The word with this index, empty where there is none.
    pub(super) fn word(&self, index: usize) -> &'t str {
        self.words.get(index).and_then(|word| self.folded.get(word.clone())).unwrap_or_default()
    }

    /// The index of the first word that ends after this place.
    pub(super) fn index_at(&self, at: usize) -> usize {
        self.words.partition_point(|word| word.end <= at)
    }

    /// Up to `most` words before this place, the nearest first.
    pub(super) fn before(&self, at: usize, most: usize) -> impl Iterator<Item = &'t str> {
        let end = self.index_at(at);
        (end.saturating_sub(most)..end).rev().map(|index| self.word(index))
    }

    /// Up to `most` words that start at this place or after it.
    pub(super) fn after(&self, at: usize, most: usize) -> impl Iterator<Item = &'t str> {
        let start = self.words.partition_point(|word| word.start < at);
        (start..(start + most).min(self.words.len())).map(|index| self.word(index))
    }

    /// Whether one of these words stands among the `before` words before a span or the `after` words after it.
    pub(super) fn has_near(&self, span: &Range<usize>, before: usize, after: usize, words: &Words) -> bool {
        self.before(span.start, before).chain(self.after(span.end, after)).any(|word| words.has(word))
    }

    /// Whether the word with this index was written with a capital first letter.
    pub(super) fn is_capitalised(&self, index: usize) -> bool {
        self.words.get(index).is_some_and(|word| (self.is_capital)(word.start))
    }

    /// Whether the first two letters of the word with this index were capitals.
    pub(super) fn is_in_capitals(&self, index: usize) -> bool {
        let is_capital = |word: &Range<usize>| (self.is_capital)(word.start) && (self.is_capital)(word.start + 1);
        self.words.get(index).filter(|word| word.len() > 1).is_some_and(is_capital)
    }

    /// Whether a word ends at this place, with whatever is glued to it.
    pub(super) fn ends_word(&self, at: usize) -> bool {
        self.words.binary_search_by_key(&at, |word| word.end).is_ok()
    }

    /// Reads up to `most` letters and digits from `start`, passing over at most `gap` separators between two of them.
    pub(super) fn code_at(&self, start: usize, most: usize, gap: usize) -> Code {
        self.read_code(start, most, gap, |mark| CODE_SEPARATORS.contains(&mark))
    }

    /// The same for a code with a checksum, between whose groups the marks of a list may stand, too.
    pub(super) fn checked_code_at(&self, start: usize, most: usize, gap: usize) -> Code {
        self.read_code(start, most, gap, |mark| CODE_SEPARATORS.contains(&mark) || LIST_MARKS.contains(&mark))
    }

    fn read_code(&self, start: usize, most: usize, gap: usize, is_separator: impl Fn(char) -> bool) -> Code {
        let mut code = Code { letters: Vec::with_capacity(most), ends: Vec::with_capacity(most) };
        let mut skipped = 0;
        for (at, letter) in self.folded.get(start..).unwrap_or_default().char_indices() {
            match u8::try_from(letter) {
                Ok(byte) if byte.is_ascii_alphanumeric() => {
                    code.letters.push(byte);
                    code.ends.push(start + at + 1);
                    skipped = 0;
                }
                _ if is_separator(letter) && skipped < gap && !code.letters.is_empty() => skipped += 1,
                _ => break,
            }
            if code.letters.len() == most {
                break;
            }
        }
        code
    }
}

/// Adds a word, or the parts of one that is a number with words glued to it, as in `tel3401234567anna`.
fn push_parts(folded: &str, word: Range<usize>, words: &mut Vec<Range<usize>>) {
    let written = folded.get(word.clone()).unwrap_or_default();
    let (head, tail) = glued(written);
    let cuts = [word.start, word.start + head, word.end - tail, word.end];
    words.extend(cuts.windows(2).filter(|cut| cut[0] < cut[1]).map(|cut| cut[0]..cut[1]));
}

/// What may stand between the groups of a code.
const CODE_SEPARATORS: [char; 16] = [' ', '-', '.', '_', '/', '\\', '|', '~', '*', '·', '•', '\'', '(', ')', '[', ']'];

/// What may stand there besides if a checksum tells that it is a code.
const LIST_MARKS: [char; 5] = [',', ':', ';', '+', '='];

/// The letters and digits of a code as it is written, without separators.
pub(super) struct Code {
    pub(super) letters: Vec<u8>,
    /// For each of them, where it ends in the text.
    ends: Vec<usize>,
}

impl Code {
    /// Where the code ends if it has this many letters and digits and a word ends there, or is glued to it. Only for
    /// codes with a checksum.
    pub(super) fn end_of_checked(&self, length: usize, text: &Text<'_>) -> Option<usize> {
        let end = *self.ends.get(length.checked_sub(1)?)?;
        let word = text.words.get(text.index_at(end)).filter(|word| word.start < end);
        let glued = text.folded.get(word.map_or(end..end, |word| end..word.end))?;
        let is_word = glued.len() >= SHORTEST_WORD && glued.bytes().all(|letter| letter.is_ascii_lowercase());
        (glued.is_empty() || is_word).then_some(end)
    }

    /// Where the code ends if it has this many letters and digits and a word ends there.
    pub(super) fn end(&self, length: usize, text: &Text<'_>) -> Option<usize> {
        let end = *self.ends.get(length.checked_sub(1)?)?;
        (text.ends_word(end)).then_some(end)
    }
}

/// The text of a test, in which no letter is known to be a capital.
#[cfg(test)]
pub(super) fn lower(folded: &str) -> Text<'_> {
    Text::new(folded, &|_| false)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_counted_from_a_place_outwards() {
        let text = lower("uno due, tre-quattro 5");
        assert_eq!(text.before(9, 2).collect::<Vec<_>>(), ["due", "uno"]);
        assert_eq!(text.after(9, 2).collect::<Vec<_>>(), ["tre", "quattro"]);
        assert_eq!(text.word(text.index_at(13)), "quattro");
        assert!(
            text.has_near(&(9..12), 1, 0, &Words::of("due sei")) && !text.has_near(&(9..12), 1, 0, &Words::of("uno"))
        );
    }

    #[test]
    fn what_is_glued_to_a_number_is_a_word_of_its_own() {
        for (text, words) in [
            ("tel3401234567anna", "tel 3401234567 anna"),
            ("347 1234567anna", "347 1234567 anna"),
            ("ibanit64x0542811101000000987654", "iban it64x0542811101000000987654"),
            ("ibanit 64", "iban it 64"),
            ("cfbncgli88a41f205n", "cf bncgli88a41f205n"),
            ("targagx123zz", "targa gx123zz"),
            (
                "covid19 mp3 90enni ab123cd tre2tre cf12345aa 567otto",
                "covid19 mp3 90enni ab123cd tre2tre cf12345aa 567otto",
            ),
        ] {
            let text = lower(text);
            let found: Vec<&str> = (0..text.words().len()).map(|index| text.word(index)).collect();
            assert_eq!(found.join(" "), words);
        }
    }

    #[test]
    fn a_code_is_read_over_its_separators() {
        let text = lower("ab-12 3 - 4");
        let code = text.code_at(0, 8, 1);
        assert_eq!(code.letters, b"ab123");
        assert_eq!((code.end(5, &text), code.end(4, &text), code.end(6, &text)), (Some(7), Some(5), None));
        assert_eq!(text.code_at(0, 8, 3).letters, b"ab1234");
        assert_eq!(lower("a/b|1·2").code_at(0, 8, 1).letters, b"ab12");
    }
}
