//! Numbers of payment cards (ISO/IEC 7812).

use std::ops::Range;
use std::sync::LazyLock;

use super::Detector;
use super::search::Search;
use super::text::{Text, Words};

/// Digits of a card number.
const LENGTHS: Range<usize> = 12..20;
/// How many separators may stand between two digits.
const LARGEST_GAP: usize = 3;
/// A row of figures has one of at least so many digits if it is a card number, unless all its digits stand alone.
const LONGEST_IN_ROW: usize = 3;
/// Words beside which the less usual lengths are taken, too.
static CARD_WORDS: LazyLock<Words> = LazyLock::new(|| {
    Words::of("carta carte card credito credit visa mastercard amex postepay bancomat maestro diners")
});
/// Nouns whose numbers are not those of cards.
static RECORD_WORDS: LazyLock<Words> =
    LazyLock::new(|| Words::of("iuv avviso bollettino protocollo prot pratica ordine tracking spedizione ean barre"));

/// Reports the first number with the prefix and length of a scheme and a right check digit.
pub(super) fn search(search: &mut Search<'_>) {
    let text = search.text;
    for word in text.words() {
        if !text.bytes()[word.start].is_ascii_digit() || text.is_in_link(word.start) {
            continue;
        }
        let code = text.code_at(word.start, LENGTHS.end - 1, LARGEST_GAP);
        let digits: Vec<u8> =
            code.letters.iter().map_while(|byte| byte.is_ascii_digit().then(|| byte - b'0')).collect();
        let number = LENGTHS.rev().find_map(|length| {
            let digits = digits.get(..length)?;
            let span = word.start..code.end(length, text)?;
            let is_card = is_of_scheme(digits, text, &span) && is_luhn(digits) && is_grouped_right(text, &span);
            is_card.then_some(span)
        });
        if let Some(span) = number
            && !text.has_near(&span, 4, 0, &RECORD_WORDS)
        {
            search.take(span.clone());
            search.report(Detector::PaymentCard, span);
        }
    }
}

/// Whether a scheme issues numbers like this one: the most usual ones anywhere, the others beside a word for a card.
fn is_of_scheme(digits: &[u8], text: &Text<'_>, span: &Range<usize>) -> bool {
    let prefix = |length: usize| digits[..length].iter().fold(0, |number, &digit| number * 10 + u32::from(digit));
    let is_usual = match digits.len() {
        // Diners Club.
        14 => matches!(prefix(3), 300..=305 | 309) || matches!(prefix(2), 36 | 38 | 39),
        // American Express.
        15 => matches!(prefix(2), 34 | 37),
        // Visa, Mastercard, Maestro, Dankort, Discover, UnionPay, JCB.
        16 => {
            digits[0] == 4
                || matches!(prefix(2), 51..=55 | 62 | 65 | 67)
                || matches!(prefix(3), 644..=649)
                || matches!(prefix(4), 2221..=2720 | 3528..=3589 | 5018 | 5019 | 5020 | 5038 | 5612 | 5893 | 6011 | 6304)
        }
        _ => false,
    };
    let is_rare = || match digits.len() {
        12 | 17..=19 => matches!(prefix(2), 50 | 56..=58 | 60..=69) || digits.len() == 19 && digits[0] == 4,
        13 => digits[0] == 4 || matches!(prefix(2), 50 | 56..=58 | 60..=69),
        // UATP.
        15 => digits[0] == 1 || matches!(prefix(2), 50 | 56..=58 | 60..=69),
        16 => matches!(prefix(2), 50 | 56..=58 | 60..=69),
        _ => false,
    };
    is_usual || is_rare() && text.has_near(span, 6, 4, &CARD_WORDS)
}

/// Whether the groups may be those of a card number: beside a word for a card any, else none that are the figures of a
/// list, of a time table or of an amount with its thousands apart.
fn is_grouped_right(text: &Text<'_>, span: &Range<usize>) -> bool {
    let (first, last) = (text.index_at(span.start), text.index_at(span.end - 1));
    let mut lengths = (first..=last).map(|index| text.word(index).len());
    let longest = lengths.clone().max().unwrap_or_default();
    first == last
        || longest > LONGEST_IN_ROW
        || lengths.all(|length| length == 1)
        || text.has_near(span, 6, 4, &CARD_WORDS)
}

/// Whether the last digit is the check digit of those before it (ISO/IEC 7812-1, annex B).
pub(super) fn is_luhn(digits: &[u8]) -> bool {
    let sum: u32 = digits
        .iter()
        .rev()
        .enumerate()
        .map(|(at, &digit)| match (at % 2, u32::from(digit)) {
            (0, digit) => digit,
            (_, digit) if digit > 4 => digit * 2 - 9,
            (_, digit) => digit * 2,
        })
        .sum();
    sum.is_multiple_of(10)
}

#[cfg(test)]
mod tests {
    use super::super::find_one;
    use super::*;

    fn found(text: &str) -> Option<&str> {
        find_one(Detector::PaymentCard, text)
    }

    #[test]
    fn cards_are_found_whole_and_grouped() {
        assert_eq!(found("4111111111111111"), Some("4111111111111111"));
        assert_eq!(found("4111/1111 - 1111.1111"), Some("4111/1111 - 1111.1111"));
        assert_eq!(found("carta 41/11-11 11.11/11/11-11"), Some("41/11-11 11.11/11/11-11"));
        assert_eq!(found("la carta 5500-0000-0000-0004 scade"), Some("5500-0000-0000-0004"));
        assert_eq!(found("3400 000000 00009"), Some("3400 000000 00009"));
        assert_eq!(found("carta di credito 4222222222222"), Some("4222222222222"));
    }

    #[test]
    fn other_figures_are_no_cards() {
        for text in [
            "411 111 111 111 111 1",
            "41 11 11 11 11 11 11 11",
            "https://a.example/4111111111111111",
            "4111111111111112",
            "iuv 4111111111111111",
            "4222222222222",
            "1111111111111117",
            "41111111111111111111",
        ] {
            assert_eq!(found(text), None, "{text}");
        }
    }
}
