//! The Italian tax code of a person, codice fiscale (ministerial decree of 23 December 1976).

use super::Detector;
use super::search::Search;
use super::text::Text;

/// Letters and digits of a code.
pub(super) const LENGTH: usize = 16;
/// Where digits stand; any of them may be replaced by a letter where two people would share a code (omocodia).
const DIGITS: [usize; 7] = [6, 7, 9, 10, 12, 13, 14];
/// The letters that stand for the digits 0 to 9 then.
const OMOCODIA: &[u8; 10] = b"lmnpqrstuv";
/// The letters of the months from January to December.
const MONTHS: &[u8; 12] = b"abcdehlmprst";
/// The values of 0 to 9 in odd places, counted from one; a to j have the same.
const ODD_DIGITS: [u32; 10] = [1, 0, 5, 7, 9, 13, 15, 17, 19, 21];
/// The values of a to z in odd places.
const ODD_LETTERS: [u32; 26] =
    [1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23];
/// How many separators may stand between two characters of a code that is written letter by letter.
const LARGEST_GAP: usize = 3;
/// A code that runs over several words has at least this many digits: a row of words could have none.
const FEWEST_DIGITS_APART: usize = 4;

/// Reports the first code whose shape, date of birth and check character are right.
pub(super) fn search(search: &mut Search<'_>) {
    let text = search.text;
    for word in text.words() {
        let near = text.bytes()[word.start..].iter().take(DIGITS[0] * (1 + LARGEST_GAP) + 1);
        let may_begin = word.len() == LENGTH || near.into_iter().any(u8::is_ascii_digit);
        if may_begin && let Some(end) = read(text, word.start) {
            search.take(word.start..end);
            search.report(Detector::FiscalCode, word.start..end);
        }
    }
}

/// Where the code that starts here ends.
fn read(text: &Text<'_>, start: usize) -> Option<usize> {
    let head = text.checked_code_at(start, DIGITS[1] + 1, LARGEST_GAP).letters;
    let (name, year) = head.split_at_checked(DIGITS[0]).filter(|(_, year)| year.len() == 2)?;
    if !name.iter().all(u8::is_ascii_lowercase) || year.iter().any(|&byte| digit(byte).is_none()) {
        return None;
    }
    let code = text.checked_code_at(start, LENGTH, LARGEST_GAP);
    let end = code.end_of_checked(LENGTH, text)?;
    let digits = code.letters.iter().filter(|byte| byte.is_ascii_digit()).count();
    let words = text.index_at(end) - text.index_at(start);
    (is_valid(&code.letters) && (words == 1 || digits >= FEWEST_DIGITS_APART)).then_some(end)
}

fn is_valid(code: &[u8]) -> bool {
    let Some((&check, body)) = code.split_last() else { return false };
    let letters = body.iter().enumerate().filter(|(at, _)| !DIGITS.contains(at));
    letters.into_iter().all(|(_, byte)| byte.is_ascii_lowercase())
        && MONTHS.contains(&code[8])
        && DIGITS.iter().all(|&at| digit(code[at]).is_some())
        && day(code).is_some_and(|day| matches!(day, 1..=31 | 41..=71))
        && check_character(body) == Some(check)
}

/// The day of birth, to which forty is added for women.
fn day(code: &[u8]) -> Option<u32> {
    Some(digit(code[9])? * 10 + digit(code[10])?)
}

fn digit(byte: u8) -> Option<u32> {
    match byte {
        b'0'..=b'9' => Some(u32::from(byte - b'0')),
        _ => OMOCODIA.iter().position(|&letter| letter == byte).and_then(|value| u32::try_from(value).ok()),
    }
}

fn check_character(body: &[u8]) -> Option<u8> {
    let mut sum = 0;
    for (at, &byte) in body.iter().enumerate() {
        let value = match byte {
            b'0'..=b'9' => usize::from(byte - b'0'),
            b'a'..=b'z' => usize::from(byte - b'a'),
            _ => return None,
        };
        // Places are counted from one: index 0 is odd.
        sum += match (at % 2, byte) {
            (0, b'0'..=b'9') => ODD_DIGITS[value],
            (0, _) => ODD_LETTERS[value],
            _ => u32::try_from(value).ok()?,
        };
    }
    u8::try_from(sum % 26).ok().map(|rest| b'a' + rest)
}

#[cfg(test)]
mod tests {
    use super::super::find_one;
    use super::*;

    fn found(text: &str) -> Option<&str> {
        find_one(Detector::FiscalCode, text)
    }

    #[test]
    fn codes_are_found_whole_grouped_and_with_omocodia() {
        assert_eq!(found("cf rssmra85t10a562s, grazie"), Some("rssmra85t10a562s"));
        assert_eq!(found("rss mra 85t10 a562 s"), Some("rss mra 85t10 a562 s"));
        assert_eq!(found("r s s - m r a - 8 5 t 1 0 a 5 6 2 s"), Some("r s s - m r a - 8 5 t 1 0 a 5 6 2 s"));
        assert_eq!(found("cf: rssmra/85t10 - a562.s"), Some("rssmra/85t10 - a562.s"));
        assert_eq!(found("cfrssmra85t10a562s"), Some("rssmra85t10a562s"));
        assert_eq!(found("rssmra85t10a562snata a roma"), Some("rssmra85t10a562s"));
        assert_eq!(found("codicefiscalerssmra85t10a562s"), Some("rssmra85t10a562s"));
        // The last digit of the place of birth, 2, written as the letter n.
        assert_eq!(found("rssmra85t10a56nh"), Some("rssmra85t10a56nh"));
        // All digits as letters.
        assert_eq!(found("ecco rssmraurtmlarsnl"), Some("rssmraurtmlarsnl"));
    }

    #[test]
    fn a_wrong_check_character_month_day_or_length_is_none() {
        for text in ["rssmra85t10a562t", "rssmra85f10a562s", "rssmra85t00a562s", "rssmra85t10a562", "xrssmra85t10a562s"]
        {
            assert_eq!(found(text), None, "{text}");
        }
    }
}
