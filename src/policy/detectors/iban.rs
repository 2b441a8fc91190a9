//! International bank account numbers (ISO 13616).

use std::ops::Range;

use super::{follows_word, read_code, word_starts};

/// The countries that use the number in Europe and their lengths, from the registry of ISO 13616.
const LENGTHS: [(&[u8; 2], usize); 42] = [
    (b"ad", 24),
    (b"al", 28),
    (b"at", 20),
    (b"ba", 20),
    (b"be", 16),
    (b"bg", 22),
    (b"ch", 21),
    (b"cy", 28),
    (b"cz", 24),
    (b"de", 22),
    (b"dk", 18),
    (b"ee", 20),
    (b"es", 24),
    (b"fi", 18),
    (b"fr", 27),
    (b"gb", 22),
    (b"gi", 23),
    (b"gr", 27),
    (b"hr", 21),
    (b"hu", 28),
    (b"ie", 22),
    (b"is", 26),
    (b"it", 27),
    (b"li", 21),
    (b"lt", 20),
    (b"lu", 20),
    (b"lv", 21),
    (b"mc", 27),
    (b"md", 24),
    (b"me", 22),
    (b"mk", 19),
    (b"mt", 31),
    (b"nl", 18),
    (b"no", 15),
    (b"pl", 28),
    (b"pt", 25),
    (b"ro", 24),
    (b"rs", 22),
    (b"se", 24),
    (b"si", 19),
    (b"sk", 24),
    (b"sm", 27),
];

/// The longest number with a separator after every character.
const LONGEST_WRITTEN: usize = 2 * 31;

/// The first number with a right checksum in a folded text that `foreign` accepts, which gets it without separators.
pub(super) fn find(text: &str, foreign: impl Fn(&str) -> bool) -> Option<Range<usize>> {
    word_starts(text).find_map(|start| {
        let (iban, end) = read(text, start)?;
        foreign(&iban).then_some(start..end)
    })
}

/// Whether this position lies inside a number with a right checksum, whoever owns it.
pub(super) fn covers(text: &str, at: usize) -> bool {
    (at.saturating_sub(LONGEST_WRITTEN)..at)
        .filter(|&start| !follows_word(text, start))
        .any(|start| read(text, start).is_some_and(|(_, end)| end > at))
}

/// The number that a folded text consists of, without separators.
pub(super) fn parse(text: &str) -> Option<String> {
    read(text, 0).filter(|&(_, end)| end == text.len()).map(|(iban, _)| iban)
}

fn read(text: &str, start: usize) -> Option<(String, usize)> {
    let country = text.as_bytes().get(start..start + 2)?;
    let (_, length) = LENGTHS.into_iter().find(|(code, _)| code.as_slice() == country)?;
    let (code, end) = read_code(text, start, length)?;
    let checked = code[2..4].iter().all(u8::is_ascii_digit) && remainder(&code) == 1;
    checked.then(|| (code.into_iter().map(char::from).collect(), end))
}

/// The number modulo 97 with its first four characters moved to the end and each letter read as 10 to 35
/// (ISO 7064, MOD 97-10).
fn remainder(code: &[u8]) -> u32 {
    code[4..].iter().chain(&code[..4]).fold(0, |sum, &byte| match byte {
        b'0'..=b'9' => (sum * 10 + u32::from(byte - b'0')) % 97,
        _ => (sum * 100 + 10 + u32::from(byte.wrapping_sub(b'a'))) % 97,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> Option<&str> {
        find(text, |_| true).map(|span| &text[span])
    }

    #[test]
    fn numbers_with_a_right_checksum_are_found_in_any_grouping() {
        assert_eq!(found("su it60x0542811101000000123456 grazie"), Some("it60x0542811101000000123456"));
        assert_eq!(found("it60 x054 2811 1010 0000 0123 456."), Some("it60 x054 2811 1010 0000 0123 456"));
        assert_eq!(found("conto de89 3704 0044 0532 0130 00"), Some("de89 3704 0044 0532 0130 00"));
    }

    #[test]
    fn wrong_checksums_lengths_and_words_are_not() {
        for text in ["it61x0542811101000000123456", "it60x05428111010000001234567", "it60x054281110100000012345", "it"]
        {
            assert_eq!(found(text), None, "{text}");
        }
    }
}
