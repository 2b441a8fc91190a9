//! The names of the people who decide, and the reasons they give.

use std::fmt;

use serde::{Deserialize, Serialize};
use text::shows_nothing;
use unicode_normalization::UnicodeNormalization;
use unicode_security::GeneralSecurityProfile;
use unicode_security::mixed_script::AugmentedScriptSet;

use self::likeness::Likeness;

mod likeness;

/// The most characters of a name.
const LONGEST_NAME: usize = 80;

/// The most characters of an identifier; those of the usual providers have 36.
const LONGEST_ID: usize = 64;

/// The fewest characters of a reason that can say anything.
const SHORTEST_REASON: usize = 3;

/// The most characters of a reason, which a court may have to read: about a page and a half.
const LONGEST_REASON: usize = 4_000;

/// A person of the organisation, by the name or the initials by which the office knows its people: in the compatibility
/// form of Unicode, without control characters and whatever does not show, with single spaces, at least one letter, and at
/// most 80 characters.
///
/// Names that people take for the same are of the [same](Person::is) person: neither capitals nor accents, letters, digits,
/// marks or symbols of any script that look like others or are written for them, signs, the order of the words or the
/// spaces between them make two people of one. Initials have an order. Where two people are needed, that counts.
///
/// Who has [signed in](Person::signed_in) stands with the identifier of the identity provider behind the name, in square
/// brackets, which no name has that was typed.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Person(String);

/// Why somebody decided, as it was written, without control characters and whatever does not show, with single spaces, and
/// with at least three characters and at most 4,000. `Debug` does not show it.
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
    /// It holds a character that is in no name, or is of another script than those before it.
    #[error("{0:?} does not belong there")]
    Stranger(char),
}

impl Person {
    /// A person by a name as somebody typed it: in one script, of the characters that names are written with today
    /// (UTS 39), those of ASCII but square brackets, and apostrophes and dashes. So a rare letter or symbol makes no second
    /// person of one.
    ///
    /// # Errors
    /// When nothing is left of it, nothing of it is a letter, it is too long, or a character does not belong there.
    pub fn new(typed: &str) -> Result<Self, NotWords> {
        let person = Self::readable(typed)?;
        let bracket = || without_escapes(typed).nfkc().find(|letter| matches!(letter, '[' | ']'));
        stranger(&person.0).or_else(bracket).map_or(Ok(person), |letter| Err(NotWords::Stranger(letter)))
    }

    /// A person by a name of any characters.
    fn readable(typed: &str) -> Result<Self, NotWords> {
        let round = |letter| match letter {
            '[' => '(',
            ']' => ')',
            other => other,
        };
        words(without_escapes(typed).nfkc().map(round), 1, LONGEST_NAME).map(Self)
    }

    /// A person who has signed in: by the name that the identity provider has for them, of any characters, and by the identifier under which
    /// it knows them always, of 1 to 64 printable characters of ASCII without spaces and square brackets.
    ///
    /// # Errors
    /// When nothing is left of the name, nothing of it is a letter, it is too long, or the identifier is of another form.
    pub fn signed_in(name: &str, id: &str) -> Result<Self, NotWords> {
        if id.is_empty() || !id.bytes().all(|byte| byte.is_ascii_graphic() && !matches!(byte, b'[' | b']')) {
            return Err(NotWords::TooShort);
        }
        if id.len() > LONGEST_ID {
            return Err(NotWords::TooLong { found: id.len(), most: LONGEST_ID });
        }
        Ok(Self(format!("{} [{id}]", Self::readable(name)?.0)))
    }

    /// The name, with the identifier behind it where the person has signed in.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The name alone.
    pub fn name(&self) -> &str {
        self.parts().0
    }

    /// The identifier under which the identity provider knows the person; `None` where the name was typed.
    pub fn id(&self) -> Option<&str> {
        self.parts().1
    }

    fn parts(&self) -> (&str, Option<&str>) {
        match self.0.strip_suffix(']').and_then(|rest| rest.rsplit_once(" [")) {
            Some((name, id)) => (name, Some(id)),
            None => (&self.0, None),
        }
    }

    /// Whether two are one person: by their identifiers where both have signed in, else by their names, however they are
    /// typed. Who types what the records say of somebody who has signed in, the identifier included or alone, is that person.
    pub fn is(&self, other: &Person) -> bool {
        match (self.parts(), other.parts()) {
            ((_, Some(id)), (_, Some(other))) => id == other,
            ((name, Some(id)), (typed, None)) | ((typed, None), (name, Some(id))) => {
                [name, id, &format!("{name} {id}")].into_iter().any(|own| is_like(own, typed))
            }
            ((name, None), (other, None)) => is_like(name, other),
        }
    }
}

fn is_like(one: &str, other: &str) -> bool {
    one == other || Likeness::of(one).is_same(&Likeness::of(other))
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
        // Not in the compatibility form, in which 10² is 102.
        words(without_escapes(typed).nfc(), SHORTEST_REASON, LONGEST_REASON).map(Self)
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

fn words(typed: impl Iterator<Item = char>, fewest: usize, most: usize) -> Result<String, NotWords> {
    let mut words = String::new();
    for letter in typed.map(|letter| if is_blank(letter) { ' ' } else { letter }) {
        if !shows_nothing(letter) && (letter != ' ' || !words.is_empty() && !words.ends_with(' ')) {
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

/// The first character of a name that is in no name, or of another script than those before it.
fn stranger(name: &str) -> Option<char> {
    let mut script = AugmentedScriptSet::default();
    name.chars().find(|letter| {
        script.intersect_with(AugmentedScriptSet::for_char(*letter));
        let is_written =
            letter.is_ascii() || letter.identifier_allowed() || matches!(letter, '‘' | '’' | 'ʻ' | '–' | '—');
        script.is_empty() || !is_written
    })
}

/// What is looked at as a space: white space, line breaks and other control characters, and letters without a shape.
fn is_blank(letter: char) -> bool {
    letter.is_whitespace()
        || letter.is_control()
        || matches!(letter, '\u{115f}' | '\u{1160}' | '\u{2800}' | '\u{3164}' | '\u{ffa0}')
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

#[cfg(test)]
mod tests;
