//! International bank account numbers (ISO 13616).

use std::ops::Range;

use iban::Iban;

use super::Detector;
use super::search::Search;
use super::text::Text;

/// The shortest and the longest number that the standard allows.
const LENGTHS: Range<usize> = 15..35;
/// How many separators may stand between two characters.
const LARGEST_GAP: usize = 3;
/// Letters of the country and check digits.
const HEAD: usize = 4;

/// Reports the first number that the registry accepts and that is not the organisation's own.
pub(super) fn search(search: &mut Search<'_>) {
    let text = search.text;
    for word in text.words() {
        if let Some((number, end)) = read(text, word.start) {
            search.take(word.start..end);
            if !search.own.has_iban(&number) {
                search.report(Detector::Iban, word.start..end);
            }
        }
    }
}

/// The number that a folded text consists of, without separators.
pub(super) fn parse(text: &Text<'_>) -> Option<String> {
    read(text, 0).filter(|&(_, end)| end == text.folded.len()).map(|(number, _)| number)
}

/// The longest number with the structure and checksum of its country that starts here, and where it ends.
fn read(text: &Text<'_>, start: usize) -> Option<(String, usize)> {
    let near = text.bytes().get(start..)?.iter().take(HEAD + (HEAD - 1) * LARGEST_GAP);
    if !text.bytes()[start].is_ascii_lowercase() || !near.into_iter().any(u8::is_ascii_digit) {
        return None;
    }
    let head = text.checked_code_at(start, HEAD, LARGEST_GAP).letters;
    if !matches!(head[..], [_, b, c, d] if b.is_ascii_lowercase() && c.is_ascii_digit() && d.is_ascii_digit()) {
        return None;
    }
    let code = text.checked_code_at(start, LENGTHS.end - 1, LARGEST_GAP);
    let letters: String = code.letters.iter().map(|&letter| char::from(letter)).collect();
    let upper = letters.to_ascii_uppercase();
    LENGTHS.rev().find_map(|length| {
        let end = code.end_of_checked(length, text)?;
        upper.get(..length)?.parse::<Iban>().ok()?;
        Some((letters.get(..length)?.to_owned(), end))
    })
}

#[cfg(test)]
mod tests {
    use super::super::find_one;
    use super::*;

    fn found(text: &str) -> Option<&str> {
        find_one(Detector::Iban, text)
    }

    #[test]
    fn numbers_with_a_right_checksum_are_found_in_any_grouping() {
        assert_eq!(found("su it60x0542811101000000123456 grazie"), Some("it60x0542811101000000123456"));
        assert_eq!(found("it60 x054 2811 1010 0000 0123 456."), Some("it60 x054 2811 1010 0000 0123 456"));
        assert_eq!(found("it 60 x 05428 11101 000000123456"), Some("it 60 x 05428 11101 000000123456"));
        assert_eq!(found("conto de89 3704 0044 0532 0130 00 di mia zia"), Some("de89 3704 0044 0532 0130 00"));
        assert_eq!(found("ibanit60x0542811101000000123456"), Some("it60x0542811101000000123456"));
        assert_eq!(found("it60/x054-2811 / 1010.0000_0123|456"), Some("it60/x054-2811 / 1010.0000_0123|456"));
        assert_eq!(found("mioibanit60x0542811101000000123456grazie"), Some("it60x0542811101000000123456"));
        assert_eq!(found("br9700360305000010009795493p1"), Some("br9700360305000010009795493p1"));
    }

    #[test]
    fn wrong_checksums_lengths_and_words_are_not() {
        for text in
            ["it61x0542811101000000123456", "it60x05428111010000001234567", "it60x054281110100000012345", "it 12"]
        {
            assert_eq!(found(text), None, "{text}");
        }
    }
}
