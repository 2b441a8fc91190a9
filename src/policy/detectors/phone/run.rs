//! Runs of figures: groups of digits, and digits in words, with nothing but separators between them.

use std::ops::Range;
use std::sync::LazyLock;

use super::super::text::{Text, Words};
use super::words;

/// What may stand between two groups of one number as people usually write it, and how many bytes of it.
const PLAIN: &[u8] = b" .-/()";
const LONGEST_PLAIN: usize = 3;
/// What may stand there besides when the number is to be hidden from programs.
const LOOSE: &[u8] = b" .-/(),_*:;'\"";
const LONGEST_LOOSE: usize = 5;
/// Words that people write without a space before a number.
static GLUED: LazyLock<Words> = LazyLock::new(|| Words::of("tel cell cel wa is al"));
/// A word with at least this many digits may have the letter o for a zero.
const FEWEST_DIGITS_BESIDE_O: usize = 2;

/// One group of a run.
pub(super) struct Group {
    pub(super) span: Range<usize>,
    /// In ASCII.
    pub(super) digits: String,
    /// Whether it is a number word.
    pub(super) is_word: bool,
    /// Whether what stands before it, within the run, is what people usually put between two groups.
    pub(super) follows_plainly: bool,
}

/// Groups with nothing but separators between them.
#[derive(Default)]
pub(super) struct Run {
    pub(super) groups: Vec<Group>,
}

impl Run {
    /// All runs of a text.
    pub(super) fn all(text: &Text<'_>) -> Vec<Run> {
        let mut runs: Vec<Run> = Vec::new();
        let mut open = false;
        for (index, word) in text.words().iter().enumerate() {
            let mut groups = groups_of(text.word(index), word.start);
            let Some(first) = groups.first_mut() else {
                open = false;
                continue;
            };
            let last = runs.last().and_then(|run| run.groups.last()).filter(|_| open);
            let gap = last.map(|last| &text.bytes()[last.span.end..first.span.start]);
            first.follows_plainly = gap.is_some_and(|gap| is_made_of(gap, PLAIN, LONGEST_PLAIN));
            let continues = gap.is_some_and(|gap| is_made_of(gap, LOOSE, LONGEST_LOOSE));
            match runs.last_mut() {
                Some(run) if continues => run.groups.extend(groups),
                _ => runs.push(Run { groups }),
            }
            open = true;
        }
        runs
    }
}

fn is_made_of(gap: &[u8], separators: &[u8], longest: usize) -> bool {
    gap.len() <= longest && gap.iter().all(|byte| separators.contains(byte))
}

/// The groups that a word consists of; none when it has other letters.
fn groups_of(word: &str, start: usize) -> Vec<Group> {
    let mut groups: Vec<Group> = Vec::new();
    let digits_in_word = word.bytes().filter(u8::is_ascii_digit).count();
    let mut at = 0;
    while let Some(rest) = word.get(at..).filter(|rest| !rest.is_empty()) {
        let is_digit = |letter: char| letter.is_ascii_digit();
        let is_number = rest.starts_with(is_digit);
        let length = rest.find(|letter| is_digit(letter) != is_number).unwrap_or(rest.len());
        let part = &rest[..length];
        let (digits, is_word) = if is_number {
            (part.to_owned(), false)
        } else if part.bytes().all(|letter| letter == b'o') && digits_in_word >= FEWEST_DIGITS_BESIDE_O {
            ("0".repeat(part.len()), false)
        } else if let Some(value) = words::value(part) {
            (value.to_string(), true)
        } else if at == 0 && GLUED.has(part) && length < word.len() {
            at += length;
            continue;
        } else {
            return Vec::new();
        };
        let span = start + at..start + at + length;
        match groups.last_mut() {
            Some(last) if !is_word && !last.is_word => {
                last.digits.push_str(&digits);
                last.span.end = span.end;
            }
            _ => groups.push(Group { span, digits, is_word, follows_plainly: true }),
        }
        at += length;
    }
    groups
}

#[cfg(test)]
mod tests {
    use super::super::super::text::lower;
    use super::*;

    fn runs(text: &str) -> Vec<Vec<String>> {
        let groups = |run: Run| run.groups.into_iter().map(|group| group.digits).collect();
        Run::all(&lower(text)).into_iter().map(groups).collect()
    }

    #[test]
    fn figures_and_number_words_make_runs() {
        assert_eq!(runs("cell. 347/12 e 5"), [vec!["347", "12"], vec!["5"]]);
        assert_eq!(runs("tre3tre 66 due1"), [["3", "3", "3", "66", "2", "1"]]);
        assert_eq!(runs("tel0212 34o7"), [["0212", "3407"]]);
        assert_eq!(runs("a4 3b tre2x"), Vec::<Vec<String>>::new());
        assert_eq!(runs("1 ------ 2"), [["1"], ["2"]]);
    }
}
