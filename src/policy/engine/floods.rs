//! Shouting and flooding: capitals, and the same thing again and again.

use std::ops::Range;

use super::rule::Capitals;
use super::words::Word;

/// Whether a text shouts, by its ASCII letters.
pub(super) fn shouts(original: &str, capitals: Capitals) -> bool {
    let count = |is: fn(&u8) -> bool| original.bytes().filter(is).count();
    let upper = count(u8::is_ascii_uppercase);
    let letters = upper + count(u8::is_ascii_lowercase);
    let at_least = |number: u32| usize::try_from(number).unwrap_or(usize::MAX);
    letters >= at_least(capitals.letters) && upper * 100 >= letters * at_least(capitals.percent)
}

/// The first place where the same character, or the same word, stands at least so often in a row.
pub(super) fn flood(text: &str, words: &[Word], times: u32) -> Option<Range<usize>> {
    let times = usize::try_from(times).ok()?;
    characters(text, times).or_else(|| same_words(text, words, times))
}

fn characters(text: &str, times: usize) -> Option<Range<usize>> {
    let (mut start, mut count, mut last) = (0, 0, None);
    for (at, letter) in text.char_indices() {
        // Dots lead the eye, and digits stand in numbers: neither is a flood.
        if letter == ' ' || letter == '.' || letter.is_ascii_digit() {
            if letter != ' ' {
                last = None;
            }
            continue;
        }
        if last == Some(letter) {
            count += 1;
        } else {
            (start, count, last) = (at, 1, Some(letter));
        }
        if count >= times {
            return Some(start..at + letter.len_utf8());
        }
    }
    None
}

fn same_words(text: &str, words: &[Word], times: usize) -> Option<Range<usize>> {
    let spelling = |word: &Word| text.get(word.from..word.to);
    let mut start = 0;
    for (at, word) in words.iter().enumerate() {
        if spelling(word) != words.get(start).and_then(spelling) {
            start = at;
        }
        if at + 1 - start >= times {
            return Some(words.get(start)?.from..word.to);
        }
    }
    None
}
