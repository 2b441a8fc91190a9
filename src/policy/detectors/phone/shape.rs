//! What the figures of a candidate are, by their number and by how they are grouped.

use std::ops::Range;

use super::super::text::Text;
use super::plan::{area_code, is_counting, is_italian, is_landline, is_mobile, is_old_mobile, is_toll_free};
use super::run::{Gap, Group};
use super::{NUMBER_WORDS, is_phone_word};

/// Digits of a number in international form (ITU-T E.164).
pub(super) const INTERNATIONAL: Range<usize> = 8..16;
/// Digits of a number of any kind beside a word for a telephone.
const CALLED: Range<usize> = 8..14;

/// The figures of a candidate and how they are written.
pub(super) struct Shape<'s> {
    pub(super) digits: &'s str,
    pub(super) groups: &'s [Group],
    /// The least usual of what stands between its groups.
    pub(super) widest: Gap,
    pub(super) is_called: bool,
}

/// What a candidate is.
pub(super) struct Classified {
    pub(super) number: String,
    /// How many bytes before the figures belong to the number.
    pub(super) prefix: usize,
    pub(super) is_doubtful: bool,
}

impl Classified {
    fn certain(number: impl Into<String>) -> Self {
        Self { number: number.into(), prefix: 0, is_doubtful: false }
    }
}

/// What these digits are, if they are a number.
pub(super) fn classify(text: &Text<'_>, start: usize, shape: &Shape<'_>) -> Option<Classified> {
    let Shape { digits, groups, widest, is_called } = *shape;
    let is_in_list = widest == Gap::List;
    if start.checked_sub(1).is_some_and(|before| text.bytes()[before] == b'+') {
        let number = match digits.strip_prefix("39") {
            Some(national) => {
                (is_italian(national) || is_landline(national) || is_old_mobile(national)).then(|| national.to_owned())
            }
            None => (INTERNATIONAL.contains(&digits.len()) && !digits.starts_with('0')).then(|| format!("+{digits}")),
        };
        return number.map(|number| Classified { number, prefix: 1, is_doubtful: is_in_list && !is_called });
    }
    if let Some(national) = digits.strip_prefix("0039") {
        let is_number = is_italian(national) || is_landline(national);
        return is_number
            .then(|| Classified { is_doubtful: is_in_list && !is_called, ..Classified::certain(national) });
    }
    if is_date(groups) || is_toll_free(digits) || is_counting(digits) {
        return None;
    }
    // Without a country code the grouping must be that of a number: the prefix stands alone or nothing is grouped.
    let head = groups.first()?.digits.len();
    let is_grouped_right =
        groups.len() == 1 || if digits.starts_with('3') { head >= 3 } else { area_code(digits) == Some(head) };
    if is_italian(digits) && is_grouped_right {
        // A mark between two groups is a sum, a table or a list as often as a number: then a word must tell.
        let is_marked = match widest {
            Gap::Plain => false,
            Gap::Tight => digits.starts_with('0'),
            Gap::Loose | Gap::List => true,
        };
        let is_listed = widest >= Gap::Loose && !is_called && !is_grouped_like_a_mobile(groups);
        let is_doubtful = is_marked && !is_called;
        return (!is_listed).then(|| Classified { is_doubtful, ..Classified::certain(digits) });
    }
    if widest > Gap::Tight {
        return None;
    }
    if let Some(national) = digits.strip_prefix("39").filter(|national| is_mobile(national))
        && matches!(head, 2 | 5 | 12)
    {
        return Some(Classified { is_doubtful: !is_called, ..Classified::certain(national) });
    }
    // A prefix that is cut in the wrong place, before a group that is too long for a list.
    let is_cut_wrong = matches!(groups.len(), 2..=3) && groups.iter().any(|group| group.digits.len() >= 7);
    if is_mobile(digits) && !is_grouped_right && is_cut_wrong {
        return Some(Classified { is_doubtful: !is_called, ..Classified::certain(digits) });
    }
    if widest > Gap::Plain {
        return None;
    }
    // In pairs, as in a list of figures, unless somebody asks to be called there.
    let end = groups.last()?.span.end;
    if is_mobile(digits) && (is_called || text.after(end, 2).any(is_phone_word)) {
        return Some(Classified::certain(digits));
    }
    if is_mobile(digits) && is_in_pairs(groups) && (is_of_one_mark(text, groups) || is_named_a_number(text, start, end))
    {
        return Some(Classified { is_doubtful: true, ..Classified::certain(digits) });
    }
    if is_landline(digits) && (is_called || is_grouped_right && is_grouped_like_a_landline(text, groups)) {
        return Some(Classified::certain(digits));
    }
    if is_north_american(text, groups) {
        return Some(Classified::certain(format!("+1{digits}")));
    }
    if let Some(foreign) = digits.strip_prefix("00").filter(|foreign| !foreign.starts_with('0')) {
        let is_number = INTERNATIONAL.contains(&foreign.len()) && groups.len() > 1;
        return is_number.then(|| Classified::certain(format!("+{foreign}")));
    }
    (CALLED.contains(&digits.len()) && is_called).then(|| Classified::certain(digits))
}

/// Whether the groups are those in which people write a mobile number: the prefix, and what follows in twos to fours.
fn is_grouped_like_a_mobile(groups: &[Group]) -> bool {
    let lengths: Vec<usize> = groups.iter().map(|group| group.digits.len()).collect();
    matches!(lengths[..], [3, 7] | [3, 3, 4] | [3, 4, 3] | [3, 2, 2, 3] | [3, 3, 2, 2] | [3, 2, 3, 2])
}

/// Whether an area code and one more group, or a long number in groups, may be of a landline whatever its length: not
/// `n. 02 12345`, nor `02/12345`, which has the form of a number and a year.
fn is_grouped_like_a_landline(text: &Text<'_>, groups: &[Group]) -> bool {
    let [area, rest, others @ ..] = groups else { return false };
    let digits: usize = groups.iter().map(|group| group.digits.len()).sum();
    let is_slashed = area.digits.len() == 2 && text.bytes().get(area.span.end) == Some(&b'/');
    let is_pair = others.is_empty() && rest.digits.len() >= 3 && !is_slashed;
    (is_pair || digits == 11) && !is_numbered(text, area.span.start)
}

/// Whether there are two digits in each group.
fn is_in_pairs(groups: &[Group]) -> bool {
    groups.iter().all(|group| group.digits.len() == 2)
}

/// Whether the same point, hyphen or slash stands between all groups: figures of a list have spaces there.
fn is_of_one_mark(text: &Text<'_>, groups: &[Group]) -> bool {
    let mut marks = groups.windows(2).map(|pair| text.folded.get(pair[0].span.end..pair[1].span.start));
    let first = marks.next().flatten();
    matches!(first, Some("." | "-" | "/")) && marks.all(|mark| mark == first)
}

/// Whether the words beside a figure call it a number, and one only.
fn is_named_a_number(text: &Text<'_>, start: usize, end: usize) -> bool {
    let is_number = |word: &str| matches!(word, "numero" | "number" | "num");
    text.before(start, 3).any(is_number) || text.after(end, 3).any(is_number)
}

/// Whether a word for a number, and none for a telephone, stands right before a figure: `n. 02/12345`.
fn is_numbered(text: &Text<'_>, start: usize) -> bool {
    text.before(start, 1).any(|word| NUMBER_WORDS.has(word) || word == "n")
}

/// Whether the groups are those of North America, with the area code in brackets or with hyphens.
fn is_north_american(text: &Text<'_>, groups: &[Group]) -> bool {
    let [area, exchange, line] = groups else { return false };
    let lengths = [area, exchange, line].map(|group| group.digits.len());
    let starts_right = |group: &Group| matches!(group.digits.as_bytes(), [b'2'..=b'9', ..]);
    let bytes = text.bytes();
    let is_bracketed =
        area.span.start > 0 && bytes[area.span.start - 1] == b'(' && bytes.get(area.span.end) == Some(&b')');
    let is_hyphened = [area, exchange].iter().all(|group| bytes.get(group.span.end) == Some(&b'-'));
    lengths == [3, 3, 4] && starts_right(area) && starts_right(exchange) && (is_bracketed || is_hyphened)
}

/// Whether the groups begin with a day, a month and a year.
fn is_date(groups: &[Group]) -> bool {
    let lengths: Vec<usize> = groups.iter().take(3).map(|group| group.digits.len()).collect();
    lengths == [2, 2, 4] && (groups[2].digits.starts_with("19") || groups[2].digits.starts_with("20"))
}
