//! The part of an address before the at sign.

use super::super::text::Text;
use super::sign::At;
use super::{DOT_WORDS, FILLERS, LARGEST_GAP, MOST_JOINS, is_closing};

/// The part before the at sign.
pub(super) struct Local {
    pub(super) start: usize,
    pub(super) text: String,
    pub(super) is_tight: bool,
}

impl Local {
    pub(super) fn before(text: &Text<'_>, at: &At, from: usize) -> Option<Self> {
        let bytes = text.bytes();
        let fillers = if at.is_sign { b" " } else { FILLERS };
        let end = at.span.start - gap_before(bytes, at.span.start, fillers)?;
        let mut start = run_before(bytes, from, end);
        if start == end {
            return None;
        }
        let mut parts = vec![text.folded.get(start..end)?];
        let is_tight = end == at.span.start;
        if !at.is_sign {
            while let Some((part, earlier)) = join_before(text, from, start)
                && parts.len() <= MOST_JOINS
            {
                parts.insert(0, part);
                start = earlier;
            }
        }
        Some(Self { start, text: parts.join("."), is_tight })
    }
}

/// The part of an address before a dot in words, which ends at `start`, and where it starts.
fn join_before<'t>(text: &Text<'t>, from: usize, start: usize) -> Option<(&'t str, usize)> {
    let bytes = text.bytes();
    let end = start - gap_before(bytes, start, FILLERS).filter(|&gap| gap > 0)?;
    let dot = text.index_at(end).checked_sub(1).and_then(|index| text.words().get(index).map(|word| (index, word)));
    let (index, word) = dot.filter(|(index, _)| DOT_WORDS.has(text.word(*index)))?;
    let is_bracketed = word.end + 1 == end && is_closing(&bytes[word.end]) && word.start > 0;
    if word.end != end && !is_bracketed {
        return None;
    }
    let before = text.words().get(index)?.start - usize::from(is_bracketed);
    let end = before - gap_before(bytes, before, FILLERS)?;
    let start = run_before(bytes, from, end);
    (start < end).then_some((text.folded.get(start..end)?, start))
}

/// How many spaces or other fillers stand before this place, unless they are too many.
fn gap_before(bytes: &[u8], at: usize, fillers: &[u8]) -> Option<usize> {
    let gap = bytes[..at].iter().rev().take_while(|byte| fillers.contains(byte)).count();
    (gap <= LARGEST_GAP).then_some(gap)
}

/// Where the letters that may stand in a local part and end here begin: a dot cannot lead it.
fn run_before(bytes: &[u8], from: usize, end: usize) -> usize {
    let is_local = |byte: &u8| byte.is_ascii_alphanumeric() || b"._%+-".contains(byte);
    let before = bytes.get(from..end).unwrap_or_default();
    let start = before.iter().rposition(|byte| !is_local(byte)).map_or(0, |last| last + 1);
    from.min(end) + start + before[start..].iter().take_while(|&&byte| byte == b'.').count()
}
