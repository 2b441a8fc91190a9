//! What stands near a match.

use super::rule::{Condition, Context, Side, Within};
use super::words::Word;

/// A match of a term: some words of the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Hit {
    pub(super) section: usize,
    pub(super) term: usize,
    /// The first word, and the one after the last.
    pub(super) from: usize,
    pub(super) to: usize,
}

/// How many matches of one section that begin at different words may overlap: phrases are not longer.
const DEEPEST_OVERLAP: usize = 8;

/// All matches in one text, by section and then in the order of the text.
pub(super) struct Surroundings<'t> {
    /// The folded text.
    text: &'t str,
    words: &'t [Word],
    hits: &'t [Hit],
}

impl<'t> Surroundings<'t> {
    /// Takes matches sorted by section and position.
    pub(super) fn new(text: &'t str, words: &'t [Word], hits: &'t [Hit]) -> Self {
        Self { text, words, hits }
    }

    /// Whether everything stands near these words that must, and nothing that must not.
    pub(super) fn allow(&self, context: &Context, from: usize, to: usize) -> bool {
        context.with.iter().all(|condition| self.holds(condition, from, to))
            && !context.without.iter().any(|condition| self.holds(condition, from, to))
    }

    fn holds(&self, condition: &Condition, from: usize, to: usize) -> bool {
        condition.any.iter().any(|&section| {
            let start = self.hits.partition_point(|hit| hit.section < section);
            let length = self.hits[start..].partition_point(|hit| hit.section == section);
            let hits = &self.hits[start..start + length];
            let before = || self.stands_before(hits, condition.within, from);
            let after = || self.stands_after(hits, condition.within, to);
            match condition.side {
                Side::Before => before(),
                Side::After => after(),
                Side::Either => before() || after(),
            }
        })
    }

    fn stands_before(&self, hits: &[Hit], within: Within, from: usize) -> bool {
        let earlier = &hits[..hits.partition_point(|hit| hit.from < from)];
        let nearest = earlier.iter().rev().take(DEEPEST_OVERLAP).find(|hit| hit.to <= from);
        nearest.is_some_and(|hit| self.is_near(hit.to - 1, from, within))
    }

    fn stands_after(&self, hits: &[Hit], within: Within, to: usize) -> bool {
        let next = hits.get(hits.partition_point(|hit| hit.from < to));
        next.is_some_and(|hit| self.is_near(to - 1, hit.from, within))
    }

    /// Where what the conditions ask for right behind these words ends; where the words end, if they ask for nothing there.
    pub(super) fn end_of(&self, context: &Context, to: usize) -> usize {
        let is_behind = |condition: &&Condition| condition.side == Side::After && condition.within == Within::Words(0);
        let sections = context.with.iter().filter(is_behind).flat_map(|condition| &condition.any);
        let ends = sections.filter_map(|&section| {
            self.hits.iter().filter(|hit| hit.section == section && hit.from == to).map(|hit| hit.to).max()
        });
        ends.max().unwrap_or(to)
    }

    fn has_dots_between(&self, left: usize, right: usize) -> bool {
        let (Some(left), Some(right)) = (self.words.get(left), self.words.get(right)) else { return false };
        self.text.get(left.to..right.from).is_some_and(|between| between.contains(".."))
    }

    fn is_near(&self, left: usize, right: usize, within: Within) -> bool {
        let sentence = |at: usize| self.words.get(at).map(|word| word.sentence);
        match within {
            Within::Text => true,
            Within::Dots => right == left + 1 && self.has_dots_between(left, right),
            Within::Sentence => sentence(left) == sentence(right),
            Within::Words(between) => sentence(left) == sentence(right) && right - left - 1 <= between,
        }
    }
}

/// Where quotation marks enclose something, in bytes of the folded text. One pair around everything is not quoting.
pub(super) fn quotes(text: &str) -> Vec<(usize, usize)> {
    let mut quotes = Vec::new();
    let mut open = None;
    let bytes = text.as_bytes();
    for (at, &byte) in bytes.iter().enumerate() {
        // Marks inside marks count once.
        if byte != b'"' || at > 0 && bytes[at - 1] == b'"' {
            continue;
        }
        match open.take() {
            None => open = Some(at),
            Some(start) => quotes.push((start, at)),
        }
    }
    let is_around_all = |&(start, end): &(usize, usize)| {
        !text[..start].contains(char::is_alphanumeric) && !text[end..].contains(char::is_alphanumeric)
    };
    if quotes.len() == 1 {
        quotes.retain(|quote| !is_around_all(quote));
    }
    quotes
}
