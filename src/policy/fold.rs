//! Folding: one spelling for all the ways of typing the same letters, with the way back to the original bytes.
//!
//! Compatibility forms (full width, styled letters, ligatures), case, accents, typographic quotes and dashes, white
//! space, and characters that do not show are brought to one form, once per text; terms, patterns and detectors all
//! read that form. Folding is idempotent and linear in the length of the text.

use std::iter::repeat_n;
use std::ops::Range;

use unicode_normalization::char::{decompose_compatible, is_combining_mark};

/// A text in folded form, which remembers where each of its bytes came from.
pub(crate) struct Folded<'a> {
    original: &'a str,
    text: String,
    /// For each byte of `text`, where the character that it came from starts in `original`.
    starts: Vec<usize>,
}

impl<'a> Folded<'a> {
    /// Folds a text.
    pub(crate) fn new(original: &'a str) -> Self {
        let mut folded =
            Self { original, text: String::with_capacity(original.len()), starts: Vec::with_capacity(original.len()) };
        for (at, letter) in original.char_indices() {
            folded.fold(at, letter);
        }
        folded
    }

    /// The folded text.
    pub(crate) fn text(&self) -> &str {
        &self.text
    }

    /// The bytes of the original from which these bytes of the folded text came; both ends are character boundaries.
    /// The accents that follow the last letter belong to it. Empty for an empty or impossible range.
    pub(crate) fn original(&self, folded: &Range<usize>) -> Range<usize> {
        let ends =
            folded.end.checked_sub(1).and_then(|last| Some((self.starts.get(folded.start)?, self.starts.get(last)?)));
        let Some((&start, &last)) = ends.filter(|(start, last)| start <= last) else { return 0..0 };
        let mut rest = self.original.get(last..).unwrap_or_default().chars();
        let letter = rest.next().map_or(0, char::len_utf8);
        let accents: usize = rest.take_while(|&mark| is_combining_mark(mark)).map(char::len_utf8).sum();
        start..last + letter + accents
    }

    fn fold(&mut self, at: usize, letter: char) {
        match letter {
            'a'..='z' | '0'..='9' => self.push(at, letter),
            _ if letter.is_ascii() => self.settle(at, letter.to_ascii_lowercase()),
            // Alone it would decompose into a space and an accent.
            '´' => self.settle(at, '\''),
            _ => decompose_compatible(letter, |part| {
                for small in part.to_lowercase() {
                    decompose_compatible(small, |part| self.settle(at, part));
                }
            }),
        }
    }

    /// Takes one lower-case, decomposed character.
    fn settle(&mut self, at: usize, letter: char) {
        match letter {
            _ if letter.is_whitespace() => {
                if !self.text.ends_with(' ') {
                    self.push(at, ' ');
                }
            }
            '`' | '‘' | '’' | '‚' | '‛' | 'ʼ' | 'ʹ' | '′' => self.push(at, '\''),
            '“' | '”' | '„' | '‟' | '«' | '»' => self.push(at, '"'),
            '‐' | '‒' | '–' | '—' | '―' | '−' => self.push(at, '-'),
            'ß' => self.push_all(at, "ss"),
            'æ' => self.push_all(at, "ae"),
            'œ' => self.push_all(at, "oe"),
            'ø' => self.push(at, 'o'),
            'đ' => self.push(at, 'd'),
            'ł' => self.push(at, 'l'),
            'ı' => self.push(at, 'i'),
            _ if is_unseen(letter) => {}
            _ => self.push(at, letter),
        }
    }

    fn push_all(&mut self, at: usize, letters: &str) {
        letters.chars().for_each(|letter| self.push(at, letter));
    }

    fn push(&mut self, at: usize, letter: char) {
        self.text.push(letter);
        self.starts.extend(repeat_n(at, letter.len_utf8()));
    }
}

/// The folded form of a term, without spaces around it.
pub(crate) fn fold(text: &str) -> String {
    Folded::new(text).text.trim().to_owned()
}

/// Whether these bytes of a folded text are not part of a longer word.
pub(crate) fn stands_alone(text: &str, span: &Range<usize>) -> bool {
    let (Some(before), Some(inside), Some(after)) =
        (text.get(..span.start), text.get(span.clone()), text.get(span.end..))
    else {
        return false;
    };
    let splits = |left: Option<char>, right: Option<char>| {
        left.is_some_and(char::is_alphanumeric) && right.is_some_and(char::is_alphanumeric)
    };
    !splits(before.chars().next_back(), inside.chars().next())
        && !splits(inside.chars().next_back(), after.chars().next())
}

/// Characters that a reader does not see: accents split off by the decomposition, control characters, joiners,
/// direction marks, variation selectors, tags and fillers.
fn is_unseen(letter: char) -> bool {
    letter.is_control()
        || is_combining_mark(letter)
        || matches!(
            letter,
            '\u{AD}'
                | '\u{34F}'
                | '\u{61C}'
                | '\u{115F}'
                | '\u{1160}'
                | '\u{17B4}'
                | '\u{17B5}'
                | '\u{180B}'..='\u{180F}'
                | '\u{200B}'..='\u{200F}'
                | '\u{202A}'..='\u{202E}'
                | '\u{2060}'..='\u{206F}'
                | '\u{3164}'
                | '\u{FE00}'..='\u{FE0F}'
                | '\u{FEFF}'
                | '\u{FFA0}'
                | '\u{FFF9}'..='\u{FFFB}'
                | '\u{E0000}'..='\u{E0FFF}'
        )
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn different_spellings_fold_to_one() {
        for (written, folded) in [
            ("Perché NO", "perche no"),
            ("perche\u{300}", "perche"),
            ("ｍｅｒｄａ", "merda"),
            ("𝓬𝓲𝓪𝓸", "ciao"),
            ("ca\u{200b}sa\u{0}", "casa"),
            ("a\r\n \t b", "a b"),
            ("l’«altro» – po´", "l'\"altro\" - po'"),
            ("STRASSE straße ŒUVRE", "strasse strasse oeuvre"),
            ("İstanbul", "istanbul"),
            ("🙂", "🙂"),
        ] {
            assert_eq!(fold(written), folded, "{written:?}");
        }
    }

    #[test]
    fn a_folded_span_leads_back_to_the_original_letters() {
        for (original, folded, cut) in [
            ("però, così!", "cosi", "così"),
            ("cosi\u{300}!", "cosi", "cosi\u{300}"),
            ("la ca\u{200b}sa\u{200b}!", "casa", "ca\u{200b}sa"),
            ("ﬁne", "fi", "ﬁ"),
            ("ﬁne", "ine", "ﬁne"),
            ("due   parole", "due parole", "due   parole"),
        ] {
            let text = Folded::new(original);
            let start = text.text().find(folded).expect("the folded text holds the needle");
            assert_eq!(&original[text.original(&(start..start + folded.len()))], cut, "{original:?}");
        }
    }

    #[test]
    fn a_word_inside_a_longer_word_does_not_stand_alone() {
        let text = "scopa e l'asso, cassa";
        let at = |word: &str| text.find(word).map(|start| start..start + word.len()).expect("the word is there");
        assert!(stands_alone(text, &at("scopa")));
        assert!(stands_alone(text, &at("asso")));
        assert!(!stands_alone(text, &at("assa")));
        assert!(!stands_alone(text, &at("cop")));
    }

    proptest! {
        #[test]
        fn folding_twice_changes_nothing(text in any::<String>()) {
            let once = Folded::new(&text).text;
            prop_assert_eq!(&Folded::new(&once).text, &once);
        }

        #[test]
        fn every_span_cuts_the_original_at_characters(text in any::<String>(), a in 0usize..64, b in 0usize..64) {
            let folded = Folded::new(&text);
            prop_assert!(text.get(folded.original(&(a..b))).is_some());
        }
    }

    #[test]
    fn folding_twice_changes_nothing_for_any_single_character() {
        for letter in '\0'..=char::MAX {
            let once = Folded::new(letter.encode_utf8(&mut [0; 4])).text;
            assert_eq!(Folded::new(&once).text, once, "U+{:04X}", u32::from(letter));
        }
    }
}
