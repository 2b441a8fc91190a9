//! Telephone numbers.
//!
//! Digits are grouped in as many ways as there are people, and many other numbers have as many digits. A candidate is
//! therefore taken only in a shape that Italian numbering gives (mobile: ten digits that start with 3; landline: nine
//! or ten that start with an area code) or in international form.

use std::ops::Range;

use super::{follows_word, iban, precedes_word};

/// What may stand between two groups of digits of one number, at most [`LONGEST_GAP`] of them.
const SEPARATORS: &[u8] = b" .-/()";
const LONGEST_GAP: usize = 3;
/// Digits of a number in international form (ITU-T E.164).
const INTERNATIONAL: Range<usize> = 8..16;
/// Words that stand between a noun and its number.
const NUMBER_WORDS: &[&str] = &["n", "nr", "num", "numero", "no"];
/// Nouns whose numbers are not those of telephones.
const RECORD_WORDS: &[&str] = &[
    "prot",
    "protocollo",
    "pratica",
    "rea",
    "ordine",
    "fattura",
    "bolletta",
    "ticket",
    "iuv",
    "cup",
    "cig",
    "codice",
    "riga",
    "bando",
    "decreto",
    "avviso",
    "ricevuta",
    "polizza",
];

/// The first number in a folded text that `foreign` accepts, which gets its digits: Italian ones without the country
/// code, others with `+`.
pub(super) fn find(text: &str, foreign: impl Fn(&str) -> bool) -> Option<Range<usize>> {
    let bytes = text.as_bytes();
    let mut at = 0;
    while let Some(start) = bytes[at..].iter().position(u8::is_ascii_digit).map(|next| at + next) {
        let run = Run::read(bytes, start);
        if let Some((_, span)) = run.numbers(text).find(|(number, _)| foreign(number)) {
            return Some(span);
        }
        at = run.end();
    }
    None
}

/// Whether these digits, as [`find`] reports them, are those of an Italian landline.
pub(super) fn is_landline(number: &str) -> bool {
    number.starts_with('0')
}

/// The number that a folded text consists of, as [`find`] reports it.
pub(super) fn parse(text: &str) -> Option<String> {
    let run = Run::read(text.as_bytes(), text.bytes().position(|byte| byte.is_ascii_digit())?);
    let (number, span) = run.numbers(text).next()?;
    let is_rest_empty =
        |rest: Option<&str>| rest.is_some_and(|rest| rest.bytes().all(|byte| SEPARATORS.contains(&byte)));
    (is_rest_empty(text.get(..span.start)) && is_rest_empty(text.get(span.end..))).then_some(number)
}

/// Groups of digits with nothing but separators between them.
struct Run {
    groups: Vec<Range<usize>>,
}

impl Run {
    /// Reads the run whose first digit stands at `start`.
    fn read(bytes: &[u8], start: usize) -> Self {
        let mut groups = Vec::new();
        let mut at = start;
        loop {
            let length = bytes[at..].iter().take_while(|byte| byte.is_ascii_digit()).count();
            groups.push(at..at + length);
            let end = at + length;
            let gap = bytes[end..].iter().take_while(|byte| SEPARATORS.contains(byte)).count();
            at = end + gap;
            if gap == 0 || gap > LONGEST_GAP || !bytes.get(at).is_some_and(u8::is_ascii_digit) {
                return Self { groups };
            }
        }
    }

    fn end(&self) -> usize {
        self.groups.last().map_or(0, |group| group.end)
    }

    /// The numbers in the run, with their digits and where they stand: at each group the longest that there is.
    fn numbers(&self, text: &str) -> impl Iterator<Item = (String, Range<usize>)> {
        (0..self.groups.len()).filter_map(move |first| self.number_at(text, first))
    }

    fn number_at(&self, text: &str, first: usize) -> Option<(String, Range<usize>)> {
        let bytes = text.as_bytes();
        let groups = self.groups.get(first..)?;
        let start = groups.first()?.start;
        if !starts_freely(text, start) {
            return None;
        }
        let mut digits = String::new();
        let mut longest = None;
        for (taken, group) in groups.iter().enumerate() {
            if digits.len() + group.len() >= INTERNATIONAL.end + "00".len() {
                break;
            }
            digits.extend(bytes[group.clone()].iter().map(|&byte| char::from(byte)));
            if ends_freely(text, group.end)
                && let Some((number, plus)) = classify(bytes, start, &digits, &groups[..=taken])
            {
                longest = Some((number, start - plus..group.end));
            }
        }
        longest.filter(|(_, span)| {
            !is_money(bytes, span) && !is_record(text, span.start) && !iban::covers(text, span.start)
        })
    }
}

/// What these digits are, and how many bytes of a prefix before them belong to the number.
fn classify(bytes: &[u8], start: usize, digits: &str, groups: &[Range<usize>]) -> Option<(String, usize)> {
    if start.checked_sub(1).is_some_and(|before| bytes[before] == b'+') {
        return match digits.strip_prefix("39") {
            Some(national) => is_italian(national).then(|| (national.to_owned(), 1)),
            None => INTERNATIONAL.contains(&digits.len()).then(|| (format!("+{digits}"), 1)),
        };
    }
    if let Some(national) = digits.strip_prefix("0039") {
        return is_italian(national).then(|| (national.to_owned(), 0));
    }
    // Without a country code the grouping must be that of a number: the prefix stands alone or nothing is grouped.
    let head = groups.first()?.len();
    let is_grouped_right =
        groups.len() == 1 || if digits.starts_with('3') { head >= 3 } else { head == area_code(digits)? };
    (is_italian(digits) && is_grouped_right && !is_date(bytes, groups)).then(|| (digits.to_owned(), 0))
}

/// Whether these are the digits of an Italian mobile or landline number.
fn is_italian(digits: &str) -> bool {
    match digits.as_bytes() {
        [b'3', b'1'..=b'9', ..] => digits.len() == 10,
        [b'0', ..] => area_code(digits).is_some() && matches!(digits.len(), 9 | 10),
        _ => false,
    }
}

/// The length of the area code of a landline number, by the structure of the national numbering plan.
fn area_code(digits: &str) -> Option<usize> {
    match digits.as_bytes() {
        [b'0', b'2' | b'6', ..] => Some(2),
        [b'0', b'1'..=b'9', b'0' | b'1' | b'5' | b'9', ..] => Some(3),
        [b'0', b'1'..=b'9', _, ..] => Some(4),
        _ => None,
    }
}

/// Whether the groups begin with a day, a month and a year.
fn is_date(bytes: &[u8], groups: &[Range<usize>]) -> bool {
    let lengths: Vec<usize> = groups.iter().take(3).map(ExactSizeIterator::len).collect();
    lengths == [2, 2, 4] && matches!(&bytes[groups[2].clone()][..2], b"19" | b"20")
}

/// Whether a number can start here: not inside a word, nor after a comma, point or slash of a longer figure.
fn starts_freely(text: &str, start: usize) -> bool {
    let continues = match text.as_bytes()[..start] {
        [.., digit, mark] => digit.is_ascii_digit() && b".,:/-+".contains(&mark),
        _ => false,
    };
    !continues && !follows_word(text, start)
}

/// Whether a number can end here: the same on the other side.
fn ends_freely(text: &str, end: usize) -> bool {
    let continues = match text.as_bytes()[end..] {
        [mark, digit, ..] => digit.is_ascii_digit() && b".,:/-".contains(&mark),
        _ => false,
    };
    !continues && !precedes_word(text, end)
}

/// Whether the figure is an amount: a currency stands beside it.
fn is_money(bytes: &[u8], span: &Range<usize>) -> bool {
    let before = bytes[..span.start].trim_ascii_end();
    let after = bytes[span.end..].trim_ascii_start();
    before.ends_with("€".as_bytes()) || after.starts_with("€".as_bytes()) || after.starts_with(b"eur")
}

/// Whether the figure is the number of a record: the words before it say so.
fn is_record(text: &str, start: usize) -> bool {
    let before = text.get(..start).unwrap_or_default();
    let mut words = before.rsplit(|letter: char| !letter.is_alphanumeric()).filter(|word| !word.is_empty());
    let noun = words.by_ref().take(4).find(|word| !NUMBER_WORDS.contains(word));
    noun.is_some_and(|noun| RECORD_WORDS.contains(&noun))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> Option<&str> {
        find(text, |_| true).map(|span| &text[span])
    }

    #[test]
    fn numbers_are_found_in_the_usual_groupings() {
        for (text, number) in [
            ("cell 3471234567", "3471234567"),
            ("333 123 45 67.", "333 123 45 67"),
            ("333-1234567", "333-1234567"),
            ("333/12.34.567", "333/12.34.567"),
            ("tel.0212345678", "0212345678"),
            ("(02) 1234 5678", "02) 1234 5678"),
            ("0362 123456", "0362 123456"),
            ("chiama +39 347 1234567 ore pasti", "+39 347 1234567"),
            ("0039 02 12345678", "0039 02 12345678"),
            ("wa +44 7700 900123", "+44 7700 900123"),
            ("📞3471234567📞", "3471234567"),
            ("ore 10 347 1234567", "347 1234567"),
            ("347 1234567 02 12345678", "347 1234567"),
        ] {
            assert_eq!(found(text), Some(number), "{text}");
        }
    }

    #[test]
    fn dates_amounts_protocols_and_other_figures_are_no_numbers() {
        for text in [
            "05/10/2024 ore 10",
            "02.10.2024 10",
            "dal 02-10-2024 al 03-10-2024",
            "3.331.234.567 di investimenti",
            "3401234567 euro",
            "€ 3401234567",
            "prot. 0012345/2024",
            "rea mi-1234567",
            "prot. n. 3401234567",
            "fattura 0212345678",
            "p.iva 02345678901",
            "iban it60x0542811101000000123456",
            "ateco 62.01.00",
            "1,3471234567",
            "34712345678901234567890",
            "dalle 9.00 alle 12.30",
            "800 123456",
        ] {
            assert_eq!(found(text), None, "{text}");
        }
    }

    #[test]
    fn a_number_is_compared_without_its_country_code() {
        assert_eq!(find("+39 02 12345678", |number| number != "0212345678"), None);
    }
}
