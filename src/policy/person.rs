//! The names of the people who decide, and the reasons they give.

use std::fmt;

use serde::{Deserialize, Serialize};
use unicode_normalization::UnicodeNormalization;

use crate::fold::{fold, is_invisible};

/// The most characters of a name.
const LONGEST_NAME: usize = 80;

/// The fewest characters of a reason that can say anything.
const SHORTEST_REASON: usize = 3;

/// The most characters of a reason.
const LONGEST_REASON: usize = 1_000;

/// A person of the organisation, by the name or the initials by which the office knows its people: in the compatibility
/// form of Unicode, without control characters and whatever does not show, with single spaces, at least one letter, and at
/// most 80 characters.
///
/// Names that people take for the same are of the [same](Person::is) person: neither capitals nor accents, look-alikes of
/// other scripts, signs, or the order of the words make two people of one. Where two are needed, that counts.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Person(String);

/// Why somebody decided: written as a [`Person`] is, with at least three characters and at most 1,000. `Debug` does not
/// show it.
#[derive(Clone, PartialEq, Eq)]
pub struct Reason(String);

/// Why something is no name or no reason.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotWords {
    /// There is nothing that can be seen, or too little.
    #[error("too short")]
    TooShort,
    /// It has more characters than may be.
    #[error("{found} characters, at most {most}")]
    TooLong {
        /// How many it has.
        found: usize,
        /// How many it may have.
        most: usize,
    },
    /// It has no letters.
    #[error("no letters")]
    NoLetters,
}

impl Person {
    /// A person by a name as somebody typed it.
    ///
    /// # Errors
    /// When nothing is left of it, nothing of it is a letter, or it is too long.
    pub fn new(typed: &str) -> Result<Self, NotWords> {
        words(typed, 1, LONGEST_NAME).map(Self)
    }

    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether two names are of one person, however they are typed.
    pub fn is(&self, other: &Person) -> bool {
        let (own, theirs) = (key(&self.0), key(&other.0));
        own == theirs && !own.is_empty() || self.0 == other.0
    }
}

impl AsRef<str> for Person {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Person {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl Reason {
    /// A reason as somebody typed it.
    ///
    /// # Errors
    /// When too little is left of it, nothing of it is a letter, or it is too long.
    pub fn new(typed: &str) -> Result<Self, NotWords> {
        words(typed, SHORTEST_REASON, LONGEST_REASON).map(Self)
    }

    /// The reason.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Reason(..)")
    }
}

fn words(typed: &str, fewest: usize, most: usize) -> Result<String, NotWords> {
    let composed: String = without_escapes(typed).nfkc().collect();
    let mut words = String::with_capacity(composed.len());
    // A line break is a space, and no control character that leaves the words around it in one.
    for letter in composed.chars().map(|letter| if letter.is_whitespace() { ' ' } else { letter }) {
        let is_seen = !is_invisible(letter) && !is_blank(letter);
        if is_seen && (letter != ' ' || !words.is_empty() && !words.ends_with(' ')) {
            words.push(letter);
        }
    }
    words.truncate(words.trim_end().len());
    let found = words.chars().count();
    if found < fewest {
        return Err(NotWords::TooShort);
    }
    if found > most {
        return Err(NotWords::TooLong { found, most });
    }
    if !words.chars().any(char::is_alphabetic) {
        return Err(NotWords::NoLetters);
    }
    Ok(words)
}

/// What no font shows, beside what folding drops: the empty pattern of Braille, and characters that mean what two parties
/// agree on.
fn is_blank(letter: char) -> bool {
    matches!(letter, '\u{2800}' | '\u{e000}'..='\u{f8ff}' | '\u{f0000}'..='\u{10ffff}')
}

/// The text without what tells a terminal what to do: `ESC [ .. letter`, `ESC ] .. BEL` and their like, which a terminal
/// shows as nothing.
fn without_escapes(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    let mut letters = text.chars().peekable();
    while let Some(letter) = letters.next() {
        let kind = match letter {
            '\u{1b}' => letters.next(),
            '\u{9b}' => Some('['),
            '\u{90}' | '\u{98}' | '\u{9d}' | '\u{9e}' | '\u{9f}' => Some(']'),
            _ => {
                shown.push(letter);
                continue;
            }
        };
        match kind {
            Some('[') => while letters.next().is_some_and(|letter| !matches!(letter, '@'..='~')) {},
            Some(']' | 'P' | 'X' | '^' | '_') => {
                while let Some(letter) = letters.next() {
                    if matches!(letter, '\u{7}' | '\u{9c}') {
                        break;
                    }
                    if letter == '\u{1b}' {
                        letters.next_if_eq(&'\\');
                        break;
                    }
                }
            }
            _ => {}
        }
    }
    shown
}

/// What is left of a name that is the same however it is typed: its folded words, in one order.
fn key(name: &str) -> Vec<String> {
    // Names from before are kept as they were typed.
    let folded = fold(&without_escapes(name));
    let words = folded.split(|letter: char| !letter.is_alphanumeric()).filter(|word| !word.is_empty());
    let mut words: Vec<String> = words.map(str::to_owned).collect();
    words.sort_unstable();
    words
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn person(name: &str) -> Person {
        Person::new(name).unwrap_or_else(|why| panic!("{name:?}: {why}"))
    }

    #[test]
    fn one_person_stays_one_however_the_name_is_typed() {
        for (one, other) in [
            ("Niccolò", "NICCOLÒ"),
            ("Niccolò", "Niccolo\u{300}"),
            ("Niccolò", "Niccolo"),
            ("Anna Rossi", "Anna  Rossi"),
            ("Anna Rossi", " anna\u{a0}\u{2009}rossi\n"),
            ("Anna Rossi", "Anna\nRossi"),
            ("Anna Rossi", "Rossi Anna"),
            ("Anna Rossi", "anna.rossi"),
            ("anna", "anna\u{200b}"),
            ("anna", "\u{202e}an\u{200d}n\u{2060}a\u{fe0f}"),
            ("anna", "anna\u{2800}\u{3164}\u{e0041}\u{e000}"),
            ("anna", "\u{1b}[0manna"),
            ("anna", "an\u{1b}[1;31mna\u{1b}[m"),
            ("anna", "\u{9b}31manna"),
            ("anna", "\u{1b}]0;titolo\u{7}anna"),
            ("anna", "\u{1b}]8;;https://example.it\u{1b}\\anna"),
            ("anna", "\u{1b}canna"),
            ("anna", "a\u{8}nna\u{7f}"),
            ("anna", "ａｎｎａ"),
            ("anna", "𝒂𝒏𝒏𝒂"),
            ("anna", "аnnа"),
            ("Groß", "GROSS"),
            ("D'Amico", "d’amico"),
            ("A. R.", "a r"),
        ] {
            assert!(person(one).is(&person(other)) && person(other).is(&person(one)), "{one:?} and {other:?}");
        }
    }

    #[test]
    fn different_people_stay_different() {
        for (one, other) in
            [("Anna", "Bruno"), ("Anna Rossi", "Anna Verdi"), ("A1", "A2"), ("Anna", "Anna Rossi"), ("李", "王")]
        {
            assert!(!person(one).is(&person(other)), "{one:?} and {other:?}");
        }
    }

    #[test]
    fn a_name_is_kept_as_it_is_read() {
        assert_eq!(person(" Niccolo\u{300}\t d’Amico\u{200b} ").as_str(), "Niccolò d’Amico");
        assert_eq!(Reason::new("riga uno\r\nriga due").unwrap().as_str(), "riga uno riga due");
    }

    #[test]
    fn what_says_nothing_is_no_name_and_no_reason() {
        for nothing in [
            "",
            "  ",
            "\u{200b}",
            "\u{200b}\u{200b}\u{200b}",
            "\u{2800}\u{2800}\u{2800}",
            "\u{1b}[31m",
            "\u{3164}\u{3164}\u{3164}",
        ] {
            assert_eq!(Person::new(nothing), Err(NotWords::TooShort), "{nothing:?}");
            assert_eq!(Reason::new(nothing), Err(NotWords::TooShort), "{nothing:?}");
        }
        for signs in ["...", "123", "---", "🙂🙂🙂"] {
            assert_eq!(Person::new(signs), Err(NotWords::NoLetters), "{signs:?}");
            assert_eq!(Reason::new(signs), Err(NotWords::NoLetters), "{signs:?}");
        }
        assert_eq!(Reason::new("ok"), Err(NotWords::TooShort));
        assert!(Person::new(&"a".repeat(LONGEST_NAME)).is_ok() && Reason::new(&"è".repeat(LONGEST_REASON)).is_ok());
        assert_eq!(Person::new(&"a".repeat(81)), Err(NotWords::TooLong { found: 81, most: 80 }));
        assert_eq!(Reason::new(&"a".repeat(1_001)), Err(NotWords::TooLong { found: 1_001, most: 1_000 }));
    }

    proptest! {
        #[test]
        fn a_name_typed_again_as_it_is_kept_is_the_same(typed in any::<String>()) {
            if let Ok(name) = Person::new(&typed) {
                let again = Person::new(name.as_str());
                prop_assert!(again.is_ok_and(|again| again.is(&name)));
                prop_assert!(!name.as_str().chars().any(char::is_control));
            }
        }
    }
}
