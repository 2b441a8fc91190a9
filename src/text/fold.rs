//! Folding: one spelling for all the ways of typing the same letters, with the way back to the original bytes.
//!
//! Compatibility forms (full width, styled letters, ligatures), case, accents, typographic quotes and dashes, white
//! space, and characters that do not show are brought to one form, once per text; terms, patterns and detectors all
//! read that form. Folding is idempotent and linear in the length of the text.

use std::cell::OnceCell;
use std::iter::repeat_n;
use std::ops::Range;

use unicode_normalization::char::{decompose_compatible, is_combining_mark};

pub use self::look_alikes::sign;
use self::look_alikes::{digit, look_alike};

mod flags;
mod look_alikes;

/// A text in folded form, which can tell where each of its bytes came from.
pub struct Folded<'a> {
    original: &'a str,
    text: String,
    /// Where in `text` an ASCII letter was a capital after a small one, as in `PuntoImpresa`.
    humps: Vec<usize>,
    /// For each byte of `text`, where the character that it came from starts in `original`. Only texts with a finding
    /// need it.
    starts: OnceCell<Vec<usize>>,
}

impl<'a> Folded<'a> {
    /// Folds a text.
    pub fn new(original: &'a str) -> Self {
        let Folder { text, humps, .. } = Folder::fold(original, None);
        Self { original, text, humps, starts: OnceCell::new() }
    }

    /// The folded text.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Where in the folded text a capital letter followed a small one.
    pub fn humps(&self) -> &[usize] {
        &self.humps
    }

    /// Whether what became the letter at this byte of the folded text was a capital.
    pub fn is_capital(&self, at: usize) -> bool {
        let start = self.starts().get(at).copied().unwrap_or(usize::MAX);
        self.original.get(start..).and_then(|rest| rest.chars().next()).is_some_and(char::is_uppercase)
    }

    fn starts(&self) -> &[usize] {
        self.starts.get_or_init(|| Folder::fold(self.original, Some(Vec::with_capacity(self.text.len()))).starts())
    }

    /// The bytes of the original from which these bytes of the folded text came; both ends are character boundaries.
    /// The accents that follow the last letter belong to it. Empty for an empty or impossible range.
    pub fn original(&self, folded: &Range<usize>) -> Range<usize> {
        let starts = self.starts();
        let ends = folded.end.checked_sub(1).and_then(|last| Some((starts.get(folded.start)?, starts.get(last)?)));
        let Some((&start, &last)) = ends.filter(|(start, last)| start <= last) else { return 0..0 };
        let mut rest = self.original.get(last..).unwrap_or_default().chars();
        let letter = rest.next().map_or(0, char::len_utf8);
        let accents: usize = rest.take_while(|&mark| is_combining_mark(mark)).map(char::len_utf8).sum();
        start..last + letter + accents
    }
}

/// What an ASCII character asks of the folder.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Class {
    /// It stays.
    Plain,
    /// It stays, and a capital after it makes a hump.
    Small,
    /// It is put into lower case.
    Capital,
    /// It stays, unless one is already there.
    Space,
    /// Something else, or not ASCII.
    Special,
}

const CLASSES: [Class; 256] = {
    let mut classes = [Class::Special; 256];
    let mut byte = 0x20_u8;
    while byte < 0x7F {
        classes[byte as usize] = match byte {
            b'a'..=b'z' => Class::Small,
            b'A'..=b'Z' => Class::Capital,
            b' ' => Class::Space,
            b'`' => Class::Special,
            _ => Class::Plain,
        };
        byte += 1;
    }
    classes
};

/// The work of folding: runs of plain ASCII at once, everything else character by character.
struct Folder {
    text: String,
    humps: Vec<usize>,
    /// Kept when it is asked for.
    starts: Option<Vec<usize>>,
    /// How many bytes at the end of `text` are signs that stand for letters if a letter follows.
    signs: usize,
}

impl Folder {
    fn fold(original: &str, starts: Option<Vec<usize>>) -> Self {
        let text = String::with_capacity(original.len());
        let mut folder = Self { text, humps: Vec::new(), starts, signs: 0 };
        let bytes = original.as_bytes();
        let mut at = 0;
        while at < bytes.len() {
            if bytes[at].is_ascii_alphabetic() {
                folder.read_signs();
            }
            let end = folder.end_of_run(bytes, at);
            folder.push_run(&original[at..end], at);
            let Some(letter) = original[end..].chars().next() else { break };
            let flags = flags::read(&original[end..]);
            if flags.is_empty() {
                folder.take(end, letter);
                at = end + letter.len_utf8();
            } else {
                at = end;
                for letter in flags {
                    folder.push(at, letter);
                    at += flags::INDICATOR;
                }
            }
        }
        folder
    }

    /// Where the run of characters that need nothing but lower case ends; notes the humps in it.
    fn end_of_run(&mut self, bytes: &[u8], start: usize) -> usize {
        let mut last = if self.text.ends_with(' ') { Class::Space } else { Class::Plain };
        let mut at = start;
        while let Some(&byte) = bytes.get(at) {
            let class = CLASSES[usize::from(byte)];
            if class == Class::Special || (class == Class::Space && last == Class::Space) {
                break;
            }
            if class == Class::Capital && last == Class::Small {
                self.humps.push(self.text.len() + at - start);
            }
            last = class;
            at += 1;
        }
        at
    }

    fn push_run(&mut self, run: &str, start: usize) {
        if run.is_empty() {
            return;
        }
        let before = self.text.len();
        self.signs = 0;
        self.text.push_str(run);
        self.text[before..].make_ascii_lowercase();
        if let Some(starts) = &mut self.starts {
            starts.extend(start..start + run.len());
        }
    }

    fn starts(self) -> Vec<usize> {
        self.starts.unwrap_or_default()
    }

    fn take(&mut self, at: usize, letter: char) {
        match letter {
            _ if letter.is_ascii() => self.settle(at, letter.to_ascii_lowercase()),
            'à' | 'á' | 'À' | 'Á' => self.push(at, 'a'),
            'è' | 'é' | 'È' | 'É' => self.push(at, 'e'),
            'ì' | 'í' | 'Ì' | 'Í' => self.push(at, 'i'),
            'ò' | 'ó' | 'Ò' | 'Ó' => self.push(at, 'o'),
            'ù' | 'ú' | 'Ù' | 'Ú' => self.push(at, 'u'),
            // Alone it would decompose into a space and an accent.
            '´' => self.settle(at, '\''),
            // A capital may look like another letter than the small one: of Ν and ν, one is an n and one a v.
            _ if letter.is_uppercase()
                && let Some(latin) = look_alike(letter) =>
            {
                self.push(at, latin);
            }
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
            'a'..='z' | '0'..='9' => self.push(at, letter),
            '`' | '‘' | '’' | '‚' | '‛' | 'ʼ' | 'ʹ' | '′' => self.push(at, '\''),
            '“' | '”' | '„' | '‟' | '«' | '»' => self.push(at, '"'),
            '‐' | '‒' | '–' | '—' | '―' | '−' => self.push(at, '-'),
            'ß' => self.push_all(at, "ss"),
            'æ' => self.push_all(at, "ae"),
            'œ' => self.push_all(at, "oe"),
            _ if is_unseen(letter) => {}
            _ => self.push(at, digit(letter).or_else(|| look_alike(letter)).unwrap_or(letter)),
        }
    }

    /// Reads the signs at the end as the letters that they look like, because a letter follows: `₿itcoin`. Not beside
    /// an amount, as in `5 €al mese`.
    fn read_signs(&mut self) {
        let start = self.text.len() - std::mem::take(&mut self.signs);
        let is_of_amount = || self.text[..start].trim_end().ends_with(|before: char| before.is_ascii_digit());
        if start == self.text.len() || is_of_amount() {
            return;
        }
        let signs = self.text.split_off(start);
        let came_from = self.starts.as_mut().map(|starts| starts.split_off(start));
        for (at, letter) in signs.char_indices().filter_map(|(at, letter)| Some((at, sign(letter)?))) {
            let from = came_from.as_ref().and_then(|starts| starts.get(at)).copied();
            self.push(from.unwrap_or_default(), letter);
        }
    }

    fn push_all(&mut self, at: usize, letters: &str) {
        letters.chars().for_each(|letter| self.push(at, letter));
    }

    fn push(&mut self, at: usize, letter: char) {
        if letter.is_alphabetic() {
            self.read_signs();
        } else if sign(letter).is_some() {
            self.signs += letter.len_utf8();
        } else {
            self.signs = 0;
        }
        self.text.push(letter);
        if let Some(starts) = &mut self.starts {
            starts.extend(repeat_n(at, letter.len_utf8()));
        }
    }
}

/// The folded form of a term, without spaces around it.
pub fn fold(text: &str) -> String {
    let folded = Folded::new(text).text;
    let trimmed = folded.trim();
    if trimmed.len() == folded.len() { folded } else { trimmed.to_owned() }
}

/// The words of a folded text: runs of letters and digits, and each picture.
pub fn words(folded: &str) -> impl Iterator<Item = &str> {
    let mut rest = folded;
    std::iter::from_fn(move || {
        rest = rest.trim_start_matches(|letter: char| !letter.is_alphanumeric() && letter.is_ascii());
        let first = rest.chars().next()?;
        let end = match first.is_alphanumeric() {
            true => rest.find(|letter: char| !letter.is_alphanumeric()).unwrap_or(rest.len()),
            false => first.len_utf8(),
        };
        let (word, after) = rest.split_at(end);
        rest = after;
        Some(word)
    })
}

/// What folding drops: what is invisible, and accents split off by the decomposition.
fn is_unseen(letter: char) -> bool {
    is_invisible(letter) || is_combining_mark(letter)
}

/// Characters that a reader does not see: control characters, joiners, direction marks, variation selectors, tags and
/// fillers.
pub fn is_invisible(letter: char) -> bool {
    letter.is_control()
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

/// Whether a character shows nothing, or nothing that two fonts agree on: what is invisible, line and paragraph separators,
/// the empty pattern of Braille, marks of musical notation, and what two parties agree on. In a text that is judged the
/// last of these separate words; in a name or on a screen they only deceive.
pub fn shows_nothing(letter: char) -> bool {
    is_invisible(letter)
        || matches!(
            letter,
            '\u{2028}' | '\u{2029}' | '\u{2800}' | '\u{E000}'..='\u{F8FF}' | '\u{1D173}'..='\u{1D17A}'
                | '\u{F0000}'..='\u{10FFFF}'
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
            ("ѕtrоnzо", "stronzo"),
            ("ϳυѕτα", "justa"),
            ("🅲🅰🆂🅰 ᴄᴀꜱᴀ", "casa casa"),
            ("c̵a̶s̷a̸", "casa"),
            ("ΤΕLΕGRΑΜ Ͳeꓡєɠɾαm тєℓєgяαм ⓉⒺⓁⒺⒼⓇⒶⓂ ₮ELEGRAM", "telegram telegram telegram telegram telegram"),
            ("WһаtѕАрр ωнαтѕαρρ ᗯᕼᗩTSᗩᑭᑭ ₩hatsapp ꓪꓧꓮꓔꓢꓮꓑꓑ", "whatsapp whatsapp whatsapp whatsapp whatsapp"),
            ("ᔕTᖇOᑎᘔI ꓢꓔꓣꓳꓠꓜꓲ Ꮪ丅尺口几乙工", "stronzi stronzi stronzi"),
            ("₿itcoin m€rda st®onzo ©asa co£ore a€€o", "bitcoin merda stronzo casa colore aeeo"),
            ("5 €al mese, 100€al mese, € 12, 3 £, ©2026", "5 €al mese, 100€al mese, € 12, 3 £, ©2026"),
            ("🇸🇹🇷🇴🇳🇿🇮 forza 🇮🇹🇫🇷", "stronzi forza 🇮🇹🇫🇷"),
            ("3️⃣4️⃣7️⃣ ➌➃➆ ⓿ ٣٤٧ ３４７", "347 347 0 347 347"),
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
            ("un ₿itcoin", "bitcoin", "₿itcoin"),
            ("m€€sa qui", "eesa", "€€sa"),
            ("ah 🇸🇹🇷🇴🇳🇿🇮!", "tro", "🇹🇷🇴"),
        ] {
            let text = Folded::new(original);
            let start = text.text().find(folded).expect("the folded text holds the needle");
            assert_eq!(&original[text.original(&(start..start + folded.len()))], cut, "{original:?}");
        }
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
