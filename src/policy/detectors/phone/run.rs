//! Runs of figures: groups of digits, and digits in words, with nothing but separators between them.

use std::ops::Range;
use std::sync::LazyLock;

use super::super::text::{Text, Words};
use super::words;

/// What may stand between two groups of one number as people usually write it, and how many bytes of it.
const PLAIN: &[u8] = b" .-/()[]{}";
const LONGEST_PLAIN: usize = 3;
/// What stands there besides when a number is decorated or to be hidden from programs; so does any picture.
const MARKS: &str = "_|~*<>'\"^#°§@";
/// What stands there seldom, and much more often between the items of a list or the terms of a sum.
const LISTS: &str = ",:;=+\\&!?";
/// How many characters may stand between two groups, whatever they are, and how many where they are those of lists.
const LONGEST_GAP: usize = 6;
const LONGEST_LIST: usize = 3;
/// Signs that make a figure an amount.
const CURRENCIES: &str = "€£¥$";
/// Words that are said for what stands between two groups.
static SPOKEN: LazyLock<Words> = LazyLock::new(|| {
    Words::of("punto trattino spazio barra slash dash underscore asterisco cancelletto x xx per poi meno piu")
});
/// Words that people write without a space before a number.
static GLUED: LazyLock<Words> = LazyLock::new(|| Words::of("tel cell cel wa is al"));
/// A word with at least this many digits may have the letter o for a zero, and other letters for other digits.
const FEWEST_DIGITS_BESIDE_O: usize = 2;
const FEWEST_DIGITS_BESIDE_LETTERS: usize = 6;
/// The letters that stand for the digits 0 to 9 by their shape.
const LOOK_ALIKES: [(char, char); 7] =
    [('o', '0'), ('i', '1'), ('l', '1'), ('z', '2'), ('e', '3'), ('s', '5'), ('b', '8')];

/// The groups of a measure: `300x200x1000`.
const DIMENSIONS: usize = 3;
const LONGEST_DIMENSION: usize = 4;
/// The digits before a letter that stands for a mark, as in `347x1234567`.
const BEFORE_A_LETTER: usize = 3;

/// One group of a run.
#[derive(Clone)]
pub(super) struct Group {
    pub(super) span: Range<usize>,
    /// In ASCII.
    pub(super) digits: String,
    /// Whether it is a number word.
    pub(super) is_word: bool,
    /// Whether digits and number words stand in one word, which nobody does by accident.
    pub(super) is_mixed: bool,
    /// What stands before it within the run.
    pub(super) gap: Gap,
}

/// What stands between two groups, from the most usual on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Gap {
    /// Nothing, or what people usually put there.
    Plain,
    /// Marks without spaces: `347_123`.
    Tight,
    /// Marks and spaces, as in a table: `347 | 123`.
    Loose,
    /// What stands between the items of a list: `347, 123`.
    List,
}

impl Gap {
    /// What these characters between two words are, if they can stand inside a number.
    fn of(between: &str) -> Option<Self> {
        if between.len() <= LONGEST_PLAIN && between.bytes().all(|byte| PLAIN.contains(&byte)) {
            return Some(Gap::Plain);
        }
        let length = between.chars().take(LONGEST_GAP + 1).count();
        let mut gap = if between.contains(' ') { Gap::Loose } else { Gap::Tight };
        for mark in between.chars() {
            match mark {
                _ if LISTS.contains(mark) => gap = Gap::List,
                _ if CURRENCIES.contains(mark) => return None,
                _ if MARKS.contains(mark) || !mark.is_ascii() => {}
                _ if u8::try_from(mark).is_ok_and(|byte| PLAIN.contains(&byte)) => {}
                _ => return None,
            }
        }
        // After the end of a sentence, and before the country code of another number, a new figure begins.
        let is_apart = between.contains(['!', '?', '+', '=']) && between.contains(' ');
        let longest = if gap == Gap::List { LONGEST_LIST } else { LONGEST_GAP };
        (length <= longest && !is_apart).then_some(gap)
    }
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
        let (mut open, mut is_spoken) = (false, false);
        for (index, word) in text.words().iter().enumerate() {
            if text.is_in_link(word.start) {
                open = false;
                continue;
            }
            let mut groups = groups_of(text.word(index), word.start);
            let Some(first) = groups.first_mut() else {
                is_spoken = SPOKEN.has(text.word(index)) && !is_spoken;
                open &= is_spoken;
                continue;
            };
            let last = runs.last().and_then(|run| run.groups.last()).filter(|_| open);
            let between = last.and_then(|last| text.folded.get(last.span.end..first.span.start));
            let gap = if is_spoken { between.map(|_| Gap::List) } else { between.and_then(Gap::of) };
            is_spoken = false;
            match (runs.last_mut(), gap) {
                (Some(run), Some(gap)) => {
                    first.gap = gap;
                    run.groups.extend(groups);
                }
                _ => runs.push(Run { groups }),
            }
            open = true;
        }
        runs
    }
}

/// The groups that a word consists of; none when it has other letters.
fn groups_of(word: &str, start: usize) -> Vec<Group> {
    let mut groups: Vec<Group> = Vec::new();
    let digits_in_word = word.bytes().filter(u8::is_ascii_digit).count();
    let (mut at, mut mark) = (0, None);
    while let Some(rest) = word.get(at..).filter(|rest| !rest.is_empty()) {
        let is_digit = |letter: char| letter.is_ascii_digit();
        let is_number = rest.starts_with(is_digit);
        let length = rest.find(|letter| is_digit(letter) != is_number).unwrap_or(rest.len());
        let part = &rest[..length];
        let (digits, is_word) = if is_number {
            (part.to_owned(), false)
        } else if part.bytes().all(|letter| letter == b'o') && digits_in_word >= FEWEST_DIGITS_BESIDE_O {
            ("0".repeat(part.len()), false)
        } else if digits_in_word >= FEWEST_DIGITS_BESIDE_LETTERS
            && let Some(digit) = look_alike(part)
        {
            (digit.to_string(), false)
        } else if let Some(value) = words::value(part) {
            (value.to_string(), true)
        } else if let Some(digits) = words::digits(part) {
            for (digit, length) in digits {
                let span = start + at..start + at + length;
                groups.push(Group { span, digits: digit.to_string(), is_word: true, is_mixed: false, gap: Gap::Plain });
                at += length;
            }
            continue;
        } else if at == 0 && GLUED.has(part) && length < word.len() {
            at += length;
            continue;
        } else if digits_in_word >= FEWEST_DIGITS_BESIDE_LETTERS
            && let Some(gap) = mark_of(part, &groups)
        {
            mark = Some(gap);
            at += length;
            continue;
        } else {
            return Vec::new();
        };
        let span = start + at..start + at + length;
        match groups.last_mut() {
            Some(last) if !is_word && !last.is_word && mark.is_none() => {
                last.digits.push_str(&digits);
                last.span.end = span.end;
            }
            _ => groups.push(Group { span, digits, is_word, is_mixed: false, gap: mark.take().unwrap_or(Gap::Plain) }),
        }
        at += length;
    }
    let is_measure = groups.len() == DIMENSIONS
        && groups[1..].iter().all(|group| group.gap > Gap::Plain)
        && groups.iter().all(|group| group.digits.len() <= LONGEST_DIMENSION);
    if mark.is_some() || is_measure {
        return Vec::new();
    }
    let is_mixed = groups.iter().any(|group| group.is_word) && groups.iter().any(|group| !group.is_word);
    groups.iter_mut().for_each(|group| group.is_mixed = is_mixed);
    groups
}

/// What a letter between two groups is: an x is a mark, and behind the prefix of a mobile number any letter may be one.
fn mark_of(part: &str, groups: &[Group]) -> Option<Gap> {
    let is_behind_prefix = matches!(groups, [only] if only.digits.len() == BEFORE_A_LETTER);
    match part {
        _ if groups.is_empty() => None,
        "x" | "xx" => Some(Gap::Tight),
        _ if part.len() == 1 && is_behind_prefix => Some(Gap::List),
        _ => None,
    }
}

/// The digit for which a single letter inside a number stands.
fn look_alike(part: &str) -> Option<char> {
    LOOK_ALIKES.iter().find(|(letter, _)| part.chars().eq([*letter])).map(|(_, digit)| *digit)
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
        assert_eq!(runs("1 + 2, 3! 4"), [vec!["1"], vec!["2", "3"], vec!["4"]]);
        assert_eq!(runs("347 punto 123 virgola 5"), [vec!["347", "123"], vec!["5"]]);
        assert_eq!(runs("trequattrosette 12"), [["3", "4", "7", "12"]]);
        assert_eq!(runs("3471l3s567 100l"), [["3471135567"]]);
        assert_eq!(runs("https://a.example/347 12"), [["12"]]);
    }

    #[test]
    fn what_stands_between_two_groups_tells_how_usual_it_is() {
        for (between, gap) in [
            (" - ", Some(Gap::Plain)),
            ("] ", Some(Gap::Plain)),
            ("_", Some(Gap::Tight)),
            ("·", Some(Gap::Tight)),
            ("📱", Some(Gap::Tight)),
            (" | ", Some(Gap::Loose)),
            (", ", Some(Gap::List)),
            ("+", Some(Gap::List)),
            (" +", None),
            ("! ", None),
            ("€", None),
            ("%", None),
        ] {
            assert_eq!(Gap::of(between), gap, "{between}");
        }
    }
}
