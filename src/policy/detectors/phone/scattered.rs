//! Numbers whose digits stand alone, or nearly: who writes so hides what it is.

use super::super::text::Text;
use super::run::{Gap, Group};

/// So many groups of digits, of which so many are single, make a disguise.
const FEWEST_GROUPS: usize = 6;
const FEWEST_SINGLES: usize = 4;
/// Separators that may differ from the most usual one.
const MOST_ODD_GAPS: usize = 2;

/// Whether all groups of a run are the scattered digits of one number.
pub(super) fn is_scattered(text: &Text<'_>, groups: &[Group]) -> bool {
    (has_scattered_digits(text, groups) || has_scattered_prefix(groups)) && !is_drawn(groups)
}

/// Whether nearly every digit stands alone, with nearly the same between any two.
fn has_scattered_digits(text: &Text<'_>, groups: &[Group]) -> bool {
    let singles = groups.iter().filter(|group| group.digits.len() == 1).count();
    if groups.len() < FEWEST_GROUPS || singles < FEWEST_SINGLES {
        return false;
    }
    let gap = |pair: &[Group]| text.folded.get(pair[0].span.end..pair[1].span.start).unwrap_or_default();
    let gaps: Vec<&str> = groups.windows(2).map(gap).collect();
    if gaps.iter().any(|gap| gap.contains(['+', '='])) {
        return false;
    }
    gaps.iter().any(|usual| gaps.iter().filter(|gap| gap != &usual).count() <= MOST_ODD_GAPS)
}

/// Whether the three digits of a mobile prefix stand alone and the rest is in larger groups, as in `3-4-7-1234567`.
fn has_scattered_prefix(groups: &[Group]) -> bool {
    let (Some(prefix), Some(rest)) = (groups.get(..3), groups.get(3..)) else { return false };
    let is_single = |group: &Group| group.digits.len() == 1;
    let is_alike = prefix[1].gap == prefix[2].gap && prefix[1].gap < Gap::Loose;
    prefix.iter().all(is_single) && is_alike && rest.iter().any(|group| !is_single(group))
}

/// Whether groups of one or two digits grow, as those of a lottery do.
fn is_drawn(groups: &[Group]) -> bool {
    let value = |group: &Group| group.digits.parse::<u64>().unwrap_or_default();
    let grows = groups.windows(2).all(|pair| value(&pair[0]) < value(&pair[1]));
    grows && groups.iter().all(|group| group.digits.len() <= 2)
}
