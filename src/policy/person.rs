//! The names of the people who decide, and the reasons they give.

use std::fmt;

use serde::{Deserialize, Serialize};
use text::shows_nothing;
use unicode_normalization::UnicodeNormalization;

use self::likeness::Likeness;

mod likeness;

/// The most characters of a name.
const LONGEST_NAME: usize = 80;

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
        self.0 == other.0 || Likeness::of(&self.0).is_same(&Likeness::of(&other.0))
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

#[cfg(test)]
mod tests {
    use std::collections::HashMap;
    use std::iter::once;

    use proptest::prelude::*;
    use unicode_normalization::char::is_combining_mark;
    use unicode_security::skeleton;

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
            ("Anna Rossi", "𐌀nna Rossi"),
            ("Anna Rossi", "Anna R\u{c02}ssi"),
            ("Anna Rossi", "Anna R\u{665}ssi"),
            ("Anna Rossi", "Anna R\u{6f5}ssi"),
            ("Anna R0ssi", "Anna R\u{665}ssi"),
            ("Anna 5", "Anna \u{665}"),
            ("Anna Rossi", "Anna Ro$$i"),
            ("Anna Rossi", "Anna Ro55i"),
            ("Anna Ro$$i", "Anna Ro55i"),
            ("Anna Rossi", "@nn4 R0$5!"),
            ("Rossi Anna", "@nn4 R0$5!"),
            ("Beatrice Luigi Zetti", "8€@7r1c3 Lui9i 237+|"),
            ("Bruno Luigi", "6runo Lui6i"),
            ("Anna Rossi", "anna@rossi"),
            ("Anna Rossi", "Anna Rossi!"),
            ("Anna Rossi", "Anna | Rossi"),
            ("Anna Rossi", "Anna Rossi 🇮🇹"),
            ("Anna", "🇦nn🇦"),
            ("Isaac", "Isꜳc"),
            ("Mamma", "𑜀a𑜀𑜀a"),
            ("Νίκος Ρήγας", "ΝΊΚΟΣ ΡΉΓΑΣ"),
            ("Зоя Нечаева", "ЗОЯ НЕЧАЕВА"),
            ("రంగ", "రంగ!"),
            ("Anna Rossi", "Annaー Rossi"),
            ("Anna Rossi", "AnnaーRossi"),
            ("Anna Rossi", "Anna一Rossi"),
            ("Anna Rossi", "AnnaㅡRossi"),
            ("Anna Rossi", "Rossi一一Anna"),
            ("Anna Rossi", "AnnaՙRossi"),
            ("Anna Rossi", "Anna Rossiՙՙՙՙՙՙՙՙՙՙՙՙՙՙ"),
            ("Anna Rossi", "Anna Rossꞌi"),
            ("Rossi-Verdi", "VerdiーRossi"),
            ("Anna Ross!", "Anna Rossǃ"),
            ("Anna Rossi", "Anna Rossǃ"),
            ("D'Amico Luca", "DꞌAmico Luca"),
            ("D'Amico Luca", "Luca DʻAmico"),
            ("D'Amico", "Dߴamico"),
            ("محمد", "محــمد"),
            ("二口", "ニロ"),
            ("力田", "カ田"),
            ("A n n a R o s s i", "R o s s i A n n a"),
            ("An na R o s s i", "R o s s i An na"),
            ("A n n a R o s s i", "RossiAnna"),
            ("An n a L i", "L i An n a"),
            ("Anna Maria De La Cruz Rossi Verdi", "Verdi Rossi Cruz La De Maria Anna"),
            ("A. I.", "A. l."),
            ("A. L.", "A. l."),
            ("A. I.", "A. 1"),
            ("MI", "Ml"),
            ("LUIGI", "LUlGl"),
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
                    ("రంగ", "రగ"),
                    ("A6", "A8"),
                    ("A8", "A9"),
                    ("A$ R", "R A"),
                    ("Anna $", "Anna Rossi"),
                    ("A. I.", "A. L."),
                    ("M. I.", "M. L."),
                    ("MI", "ML"),
                    ("MI", "M. L."),
                    ("L. I.", "L. L."),
                    ("Anna I.", "Anna L."),
                    ("A. B. C.", "C. B. A."),
                    ("A n n a R o s s i", "A n n a V e r d i"),
                    ("ミノル", "ミル"),
                    ("一郎", "郎"),
                    ("佐々木", "佐木"),
                ])
        {
            assert!(!person(one).is(&person(other)), "{one:?} and {other:?}");
        }
    }

    #[test]
    fn whatever_looks_like_a_latin_letter_makes_no_second_person() {
        let drawn = |letter: char| skeleton(letter.encode_utf8(&mut [0; 4])).collect::<String>();
        let latin: HashMap<String, char> = ('A'..='Z').chain('a'..='z').map(|letter| (drawn(letter), letter)).collect();
        let mut tried = 0;
        // What Unicode takes for the same is on record as that, and no longer looks like another letter.
        for sign in ('\0'..='\u{3ffff}').filter(|sign| once(*sign).nfkc().eq([*sign])) {
            let Some(letter) = latin.get(&drawn(sign)) else { continue };
            for [before, between, after] in [["A", "nna Ro", "si"], ["", "nna Rossi", ""], ["An", "", "a Rossi"]] {
                let name = |one: char| person(&format!("{before}{one}{between}{one}{after}"));
                let code = u32::from(sign);
                assert!(name(sign).is(&name(*letter)) && name(*letter).is(&name(sign)), "U+{code:04X} and {letter}");
            }
            tried += 1;
        }
        assert!(tried > 500, "{tried}");
    }

    #[test]
    fn whatever_looks_like_a_sign_makes_no_second_person() {
        let anna = person("Anna Rossi");
        let mut tried = 0;
        for sign in ('\0'..='\u{3ffff}').filter(|sign| sign.is_alphanumeric() && once(*sign).nfkc().eq([*sign])) {
            if skeleton(sign.encode_utf8(&mut [0; 4])).any(char::is_alphanumeric) {
                continue;
            }
            for name in ["Anna Rossi?", "?Anna Rossi", "Anna? Rossi", "Anna?Rossi", "An?na Rossi", "Rossi??Anna"] {
                let (name, code) = (person(&name.replace('?', &sign.to_string())), u32::from(sign));
                assert!(anna.is(&name) && name.is(&anna), "U+{code:04X} in {name}");
            }
            tried += 1;
        }
        assert!(tried > 30, "{tried}");
    }

    #[test]
    fn capitals_make_no_second_person() {
        for small in ('\0'..='\u{3ffff}').filter(|letter| !is_combining_mark(*letter)) {
            let mut capitals = small.to_uppercase();
            let (Some(capital), None) = (capitals.next().filter(|capital| *capital != small), capitals.next()) else {
                continue;
            };
            let name = |letter: char| person(&format!("Anna {letter}ossi"));
            assert!(name(small).is(&name(capital)) && name(capital).is(&name(small)), "{small} and {capital}");
        }
    }

    #[test]
    fn a_name_of_many_signs_is_compared_in_a_moment() {
        let (many, more) = (person(&("a ".repeat(6) + &"$".repeat(68))), person(&("a".repeat(6) + &"$".repeat(74))));
        assert!(many.is(&more) && !many.is(&person(&"a$".repeat(40))));
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
