//! The names of the people who decide, and the reasons they give.

use std::fmt;

use serde::{Deserialize, Serialize};
use text::{Folded, is_invisible, shows_nothing};
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// The most characters of a name.
const LONGEST_NAME: usize = 80;

/// The fewest characters of a reason that can say anything.
const SHORTEST_REASON: usize = 3;

/// The most characters of a reason, which a court may have to read: about a page and a half.
const LONGEST_REASON: usize = 4_000;

/// The most words of a name that are tried in every order.
const MOST_REORDERED: usize = 6;

/// A person of the organisation, by the name or the initials by which the office knows its people: in the compatibility
/// form of Unicode, without control characters and whatever does not show, with single spaces, at least one letter, and at
/// most 80 characters.
///
/// Names that people take for the same are of the [same](Person::is) person: neither capitals nor accents, look-alikes of
/// other scripts or of digits, signs, the order of the words or the spaces between them make two people of one. Initials
/// have an order. Where two people are needed, that counts.
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
}

impl Person {
    /// A person by a name as somebody typed it.
    ///
    /// # Errors
    /// When nothing is left of it, nothing of it is a letter, or it is too long.
    pub fn new(typed: &str) -> Result<Self, NotWords> {
        words(without_escapes(typed).nfkc(), 1, LONGEST_NAME).map(Self)
    }

    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether two names are of one person, however they are typed.
    pub fn is(&self, other: &Person) -> bool {
        let (own, theirs) = (Key::of(&self.0), Key::of(&other.0));
        own.is_same(&theirs) || self.0 == other.0
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

/// What is left of a name that is the same however it is typed: its folded words, in their order.
struct Key(Vec<String>);

impl Key {
    fn of(name: &str) -> Self {
        // Names from before are kept as they were typed.
        let seen =
            without_escapes(name).chars().map(|letter| if is_blank(letter) { ' ' } else { letter }).collect::<String>();
        let folded: String = folded(&seen).chars().map(one_of_look_alikes).collect();
        let words = folded.split(|letter: char| !letter.is_alphanumeric() && !is_combining_mark(letter));
        Self(words.filter(|word| !word.is_empty()).map(str::to_owned).collect())
    }

    /// Whether the letters of one are the words of the other, each once and without regard to where the spaces are. Words
    /// of one letter keep their order: of A. R. and R. A. each knows who is meant.
    fn is_same(&self, other: &Key) -> bool {
        !self.0.is_empty() && (consists_of(&self.0.concat(), &other.0) || consists_of(&other.0.concat(), &self.0))
    }
}

fn consists_of(joined: &str, words: &[String]) -> bool {
    if joined.len() != words.iter().map(String::len).sum::<usize>() {
        return false;
    }
    if words.len() > MOST_REORDERED {
        return joined == words.concat();
    }
    begins_with_one_of(joined, &words.iter().map(String::as_str).collect::<Vec<_>>())
}

fn begins_with_one_of(joined: &str, words: &[&str]) -> bool {
    let is_initial = |word: &str| word.chars().nth(1).is_none();
    let first_initial = words.iter().position(|word| is_initial(word));
    let mut nexts = (0..words.len()).filter(|at| !is_initial(words[*at]) || first_initial == Some(*at));
    joined.is_empty() && words.is_empty()
        || nexts.any(|at| {
            let rest: Vec<_> = [&words[..at], &words[at + 1..]].concat();
            joined.strip_prefix(words[at]).is_some_and(|joined| begins_with_one_of(joined, &rest))
        })
}

/// The folded form of a name. Folding drops marks above and below letters, which in Latin, Greek and Cyrillic are accents,
/// and in Arabic and Hebrew vowels that most do not write; in the scripts after them they are what tells names apart. That
/// takes a mark of such a script behind a letter that is of it still when it is folded: a look-alike of `a` has accents.
fn folded(name: &str) -> String {
    let (mut folded, mut run, mut keeps_marks) = (String::new(), String::new(), false);
    let mut letters = name.nfkd().filter(|letter| !is_invisible(*letter)).peekable();
    while let Some(letter) = letters.next() {
        if is_combining_mark(letter) {
            if keeps_marks && is_later_script(letter) {
                folded.push(letter);
            }
            continue;
        }
        run.push(letter);
        keeps_marks = letter.is_alphabetic() && letters.peek().is_some_and(|next| is_combining_mark(*next)) && {
            folded += Folded::new(&std::mem::take(&mut run)).text();
            folded.chars().next_back().is_some_and(is_later_script)
        };
    }
    folded + Folded::new(&run).text()
}

/// Whether a letter or mark is of one of the scripts after Arabic, and neither of those before it, which have later blocks
/// as well, nor a mark for all scripts.
fn is_later_script(letter: char) -> bool {
    letter >= '\u{900}'
        && !matches!(
            letter,
            '\u{13a0}'..='\u{13ff}'
                | '\u{1ab0}'..='\u{1aff}'
                | '\u{1c80}'..='\u{1c8f}'
                | '\u{1d00}'..='\u{1fff}'
                | '\u{20d0}'..='\u{20ff}'
                | '\u{2c60}'..='\u{2c7f}'
                | '\u{2de0}'..='\u{2dff}'
                | '\u{a640}'..='\u{a7ff}'
                | '\u{ab30}'..='\u{abbf}'
                | '\u{fe00}'..='\u{fe2f}'
                | '\u{10780}'..='\u{107bf}'
                | '\u{1df00}'..='\u{1dfff}'
        )
}

/// Letters and digits that look alike in most fonts, at least where capitals stand beside small ones.
fn one_of_look_alikes(letter: char) -> char {
    match letter {
        'i' | '1' | '|' => 'l',
        '0' => 'o',
        _ => letter,
    }
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
            ("A. R.", "AR"),
            ("Anna Rossi", "AnnaRossi"),
            ("Anna Rossi", "RossiAnna"),
            ("Rossi Anna", "AnnaRossi"),
            ("Anna Rossi", "An na Ros si"),
            ("Anna Rossi", "Anna\u{2800}Rossi"),
            ("Anna Rossi", "Anna\u{3164}Rossi"),
            ("Anna Rossi", "Anna\u{200b}Rossi"),
            ("Anna Rossi", "Anna\u{ad}Rossi"),
            ("Anna Rossi", "Anna\u{34f}Rossi"),
            ("Anna Rossi", "Anna\u{180e}Rossi"),
            ("Anna Rossi", "Anna\u{1}Rossi"),
            ("Anna Rossi", "Anna\u{1b}[CRossi"),
            ("Niccolò", "NiccoIò"),
            ("Niccolò", "Nicco1ò"),
            ("Anna Rossi", "Anna Rossl"),
            ("Rossi", "R0ssi"),
            ("Anna R.", "R. Anna"),
            ("Müller", "Muller"),
            ("محمّد", "محمد"),
            ("がな", "か\u{3099}な"),
            ("anna", "ᴀ\u{300}nna"),
            ("Anna", "Ꭺ\u{301}nna"),
            ("anna", "ａ\u{301}nna"),
            ("anna", "𝒂\u{301}nna"),
            ("anna", "ᴀ\u{93f}nna"),
            ("Anna Rossi", "Anna Rossi’\u{301}"),
            ("Anna Rossi", "Anna Rossi🙂\u{301}"),
            ("राम", "राम🙂\u{301}"),
            ("राम", "राम\u{301}"),
            ("李", "李\u{301}"),
        ] {
            assert!(person(one).is(&person(other)) && person(other).is(&person(one)), "{one:?} and {other:?}");
        }
    }

    #[test]
    fn different_people_stay_different() {
        for (one, other) in
            [("Anna", "Bruno"), ("Anna Rossi", "Anna Verdi"), ("A1", "A2"), ("Anna", "Anna Rossi"), ("李", "王")]
                .into_iter()
                .chain([
                    ("A. R.", "R. A."),
                    ("AR", "RA"),
                    ("AR", "R. A."),
                    ("かな", "がな"),
                    ("राम", "रमि"),
                    ("กิ", "กี"),
                ])
        {
            assert!(!person(one).is(&person(other)), "{one:?} and {other:?}");
        }
    }

    #[test]
    fn a_name_is_kept_as_it_is_read() {
        assert_eq!(person(" Niccolo\u{300}\t d’Amico\u{200b} ").as_str(), "Niccolò d’Amico");
        assert_eq!(Reason::new("riga uno\r\nriga due").unwrap().as_str(), "riga uno riga due");
        for reason in ["10² m", "all'art. 1º", "½", "Così è"] {
            let reason = format!("vale {reason}");
            assert_eq!(Reason::new(&reason).unwrap().as_str(), reason);
        }
        assert_eq!(person("Anna\u{3164}Rossi\u{1}B").as_str(), "Anna Rossi B");
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
        assert_eq!(Reason::new(&"a".repeat(4_001)), Err(NotWords::TooLong { found: 4_001, most: 4_000 }));
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
