//! Mobile numbers with letters for some of their digits, in groups too short to say so by themselves: `34O 12 O8 9I7`.

use std::ops::Range;

use super::super::text::Text;
use super::plan::is_counting;

/// Digits of a mobile number, and how many of them are written as digits.
const MOBILE: usize = 10;
pub(in super::super) const FEWEST_DIGITS: usize = 5;
/// The letters that stand for digits by their shape. In a group of letters only, just an o does.
const LOOK_ALIKES: [(u8, char); 5] = [(b'o', '0'), (b'i', '1'), (b'l', '1'), (b'z', '2'), (b's', '5')];
/// How many groups a number has at most, and how far apart they stand.
const MOST_GROUPS: usize = 5;
const LONGEST_GAP: usize = 3;

/// A mobile number of which some digits are letters.
pub(super) struct Lettered {
    pub(super) digits: String,
    pub(super) span: Range<usize>,
}

/// All of them in a text.
pub(super) fn all(text: &Text<'_>) -> Vec<Lettered> {
    let words = text.words().len();
    let mut found = Vec::new();
    let mut first = 0;
    while first < words {
        let last = (first + 1..words).take(MOST_GROUPS).find(|&next| !follows(text, next)).unwrap_or(words);
        let last = last.min(first + MOST_GROUPS);
        let begins_freely = !follows(text, first) || first == 0;
        match (begins_freely && !(last < words && follows(text, last))).then(|| number(text, first..last)).flatten() {
            Some(number) => {
                found.push(number);
                first = last;
            }
            None => first += 1,
        }
    }
    found
}

/// Whether a word continues the number of which the word before it is a group.
fn follows(text: &Text<'_>, index: usize) -> bool {
    let Some(before) = index.checked_sub(1) else { return false };
    let (Some(left), Some(right)) = (text.words().get(before), text.words().get(index)) else { return false };
    let between = text.bytes().get(left.end..right.start).unwrap_or_default();
    let is_near = between.len() <= LONGEST_GAP && between.iter().all(|byte| b" .-/".contains(byte));
    is_near && [before, index].iter().all(|&at| digits_of(text.word(at)).is_some())
}

fn number(text: &Text<'_>, groups: Range<usize>) -> Option<Lettered> {
    if text.is_in_link(text.words().get(groups.start)?.start) {
        return None;
    }
    let written: String = groups.clone().map(|index| text.word(index)).collect();
    let digits = digits_of(&written)?;
    let known = written.bytes().filter(u8::is_ascii_digit).count();
    let is_lettered = (FEWEST_DIGITS..MOBILE).contains(&known);
    let is_mobile = digits.len() == MOBILE && digits.starts_with('3') && !is_counting(&digits);
    let span = text.words().get(groups.start)?.start..text.words().get(groups.end - 1)?.end;
    (is_lettered && is_mobile).then_some(Lettered { digits, span })
}

/// The digits that a word is written for, if it has a digit or consists of the letter o.
fn digits_of(word: &str) -> Option<String> {
    let is_of_digits = word.bytes().any(|byte| byte.is_ascii_digit()) || word.bytes().all(|byte| byte == b'o');
    let digit = |byte: u8| match byte {
        b'0'..=b'9' => Some(char::from(byte)),
        _ => LOOK_ALIKES.iter().find(|(letter, _)| *letter == byte).map(|(_, digit)| *digit),
    };
    if is_of_digits { word.bytes().map(digit).collect() } else { None }
}

#[cfg(test)]
mod tests {
    use super::super::super::text::lower;
    use super::*;

    fn found(text: &str) -> Vec<String> {
        all(&lower(text)).into_iter().map(|number| number.digits).collect()
    }

    #[test]
    fn letters_stand_for_digits_in_any_group() {
        for (text, digits) in [
            ("al 3oo 0o1 22 33 grazie", "3000012233"),
            ("34o 12 o8 9i7", "3401208917"),
            ("3z8 44 19 o2 5", "3284419025"),
            ("32o-9i-45-o77", "3209145077"),
            ("3s0 1o2 3o4o", "3501023040"),
            ("347 oo 12 345", "3470012345"),
        ] {
            assert_eq!(found(text), [digits], "{text}");
        }
    }

    #[test]
    fn codes_and_words_are_no_numbers() {
        for text in [
            "347 12 34 567",
            "3oo oo1 22 bis",
            "3i0 sol 22 33",
            "2ooo iscritti, 1.9oo",
            "12 3oo 0o1 22 33",
            "3oo 0o1 22 33 44",
            "3ooooo 00oo",
            "al 3 o 4",
        ] {
            assert!(found(text).is_empty(), "{text}");
        }
    }
}
