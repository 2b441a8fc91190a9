//! Which parts of a text are marked.

use std::ops::Range;

use policy::Outcome;

/// A part of the text that matches share.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mark {
    /// The bytes.
    pub span: Range<usize>,
    /// The matches, counted from 1.
    pub numbers: Vec<usize>,
    /// The worst of theirs.
    pub outcome: Outcome,
}

/// The marks of a text of `length` bytes, in its order. Matches that overlap share one; those beyond its end have none.
pub fn marks(matches: &[(Range<usize>, Outcome)], length: usize) -> Vec<Mark> {
    let numbered = (1..).zip(matches).filter(|(_, (span, _))| !span.is_empty() && span.start < length);
    let mut numbered: Vec<(usize, &(Range<usize>, Outcome))> = numbered.collect();
    numbered.sort_by_key(|(_, (span, _))| span.start);
    let mut marks: Vec<Mark> = Vec::new();
    for (number, (span, outcome)) in numbered {
        match marks.last_mut() {
            Some(mark) if span.start < mark.span.end => {
                mark.span.end = mark.span.end.max(span.end);
                mark.numbers.push(number);
                mark.outcome = mark.outcome.max(*outcome);
            }
            _ => marks.push(Mark { span: span.clone(), numbers: vec![number], outcome: *outcome }),
        }
    }
    for mark in &mut marks {
        mark.numbers.sort_unstable();
    }
    marks
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn matches_that_overlap_share_a_mark_of_the_worst_outcome() {
        use Outcome::{Hide, Review};
        let matches = [(9..12, Hide), (4..10, Review), (5..6, Review), (0..2, Hide)];
        let found: Vec<_> = marks(&matches, 20).into_iter().map(|m| (m.span, m.numbers, m.outcome)).collect();
        assert_eq!(found, [(0..2, vec![4], Hide), (4..12, vec![1, 2, 3], Hide)]);
    }
}
