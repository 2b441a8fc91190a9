//! Words with something in or between their letters: signs, spaces, hyphens, capitals.

use super::{CLASSES, Class, Splitter};
use crate::engine::disguise;
use crate::engine::vocabulary::{LONGEST_DISGUISE, WordId};

/// How many single letters make a row that may be several words, and how many are looked at together.
const SHORTEST_ROW: usize = 6;
const LONGEST_ROW: usize = 64;
/// Letters of a syllable between hyphens.
const SHORTEST_SYLLABLE: usize = 2;

impl Splitter<'_> {
    /// A word with signs in it, as in `c@s@` or `c*sa`. Signs only at its end count when it is not known without.
    pub(super) fn take_signs(&mut self, start: usize, end: usize) -> Option<usize> {
        let bytes = self.text.as_bytes();
        let is_sign =
            |at: usize| bytes.get(at).is_some_and(|&byte| CLASSES[usize::from(byte)] == Class::Sign || byte == b'!');
        let leading = start.checked_sub(1).filter(|&before| matches!(bytes[before], b'$' | b'*' | b'+'));
        if !is_sign(end) && leading.is_none() {
            return None;
        }
        let mut to = end;
        let mut inner = false;
        while to < bytes.len() && to - start <= 2 * LONGEST_DISGUISE {
            match CLASSES[usize::from(bytes[to])] {
                Class::Letter | Class::Digit => {
                    inner = true;
                    to += 1;
                }
                _ if is_sign(to) => to += 1,
                _ => break,
            }
        }
        if !inner && self.text.get(start..end).is_some_and(|spelling| self.vocabulary.find(spelling).is_some()) {
            return None;
        }
        let from = leading.filter(|&at| self.words.last().is_none_or(|last| last.to <= at)).unwrap_or(start);
        // Exclamation marks at the end are mostly just that.
        let written = self.text.get(from..to)?;
        let kept = from + written.trim_end_matches('!').len();
        for (from, to) in [(from, to), (from, kept), (start, to), (start, kept)] {
            if let Some(undone) = disguise::signs(self.text.get(from..to)?, self.vocabulary, &mut self.buffer) {
                self.push_undone(from, to, undone);
                return Some(to);
            }
        }
        None
    }

    /// A row of single letters with a space between any two, which is more than one word: `l a c a s a`. The spaces
    /// between the words are no wider once the text is folded, so the row is cut where it leaves the fewest letters over.
    pub(super) fn take_row(&mut self, start: usize, end: usize) -> Option<usize> {
        if end - start != 1 || start < self.row_until {
            return None;
        }
        let bytes = self.text.as_bytes();
        let mut row = String::new();
        let mut at = start;
        while let Some(letter) = bytes.get(at).copied().and_then(disguise::letter).filter(|_| row.len() < LONGEST_ROW) {
            row.push(char::from(letter));
            let goes_on = bytes.get(at + 1) == Some(&b' ')
                && bytes.get(at + 2).is_some_and(u8::is_ascii_alphanumeric)
                && !bytes.get(at + 3).is_some_and(u8::is_ascii_alphanumeric);
            if !goes_on {
                break;
            }
            at += 2;
        }
        if row.len() < SHORTEST_ROW {
            return None;
        }
        self.row_until = start + 2 * row.len() - 1;
        let parts = disguise::in_row(&row, self.vocabulary)?;
        for (from, to, id) in parts {
            self.push(start + 2 * from, start + 2 * to - 1, id, true);
        }
        Some(start + 2 * row.len() - 1)
    }

    /// A word with hyphens between its syllables: `ca-set-ta`. Nobody divides the middle of a line.
    pub(super) fn take_syllables(&mut self, start: usize, end: usize) -> Option<usize> {
        let bytes = self.text.as_bytes();
        let begins = start.checked_sub(1).is_none_or(|before| bytes[before] != b'-');
        if !begins || bytes.get(end) != Some(&b'-') {
            return None;
        }
        let length = bytes[start..].iter().take_while(|byte| byte.is_ascii_lowercase() || **byte == b'-').count();
        let written = self.text.get(start..start + length)?;
        if length > 2 * LONGEST_DISGUISE || written.split('-').any(|syllable| syllable.len() < SHORTEST_SYLLABLE) {
            return None;
        }
        self.buffer.clear();
        self.buffer.extend(written.split('-'));
        let id = self.vocabulary.find(&self.buffer).filter(|_| self.buffer.len() > 2 * SHORTEST_SYLLABLE)?;
        self.push(start, start + length, id, true);
        Some(start + length)
    }

    /// Single letters with something between, as in `c a s a` or `c.a.s.a`.
    pub(super) fn take_letters_apart(&mut self, start: usize, end: usize) -> Option<usize> {
        if end - start != 1 {
            return None;
        }
        let bytes = self.text.as_bytes();
        self.buffer.clear();
        let mut ends = [0; LONGEST_DISGUISE];
        let mut count = 0;
        let mut at = start;
        while count < LONGEST_DISGUISE {
            let letter = bytes.get(at).copied().and_then(disguise::letter)?;
            self.buffer.push(char::from(letter));
            at += 1;
            ends[count] = at;
            count += 1;
            let Some(next) = self.next_single(at) else { break };
            at = next;
        }
        for length in (3..=count).rev() {
            let word = self.buffer.get(..length).and_then(|spelling| self.vocabulary.find_disguised(spelling));
            if let Some(id) = word {
                self.push(start, ends[length - 1], id, true);
                return Some(ends[length - 1]);
            }
        }
        None
    }

    /// Where the next letter stands that is alone, after at most four bytes of something else.
    fn next_single(&self, at: usize) -> Option<usize> {
        let bytes = self.text.as_bytes();
        let is_word = |at: usize| bytes.get(at).is_some_and(|byte| byte.is_ascii_alphanumeric());
        let next = (at..at + 6).find(|&next| {
            bytes.get(next).copied().is_some_and(|byte| disguise::letter(byte).is_some() && byte != b'!')
        })?;
        (next > at && !is_word(next + 1)).then_some(next)
    }

    /// Words written as one with capitals, as in `#PuntoImpresa`.
    pub(super) fn take_humps(&mut self, start: usize, end: usize) -> bool {
        let humps = self.folded.humps();
        let first = humps.partition_point(|&hump| hump <= start);
        let inside = &humps[first..first + humps[first..].partition_point(|&hump| hump < end)];
        if inside.is_empty() {
            return false;
        }
        if let Some(id) = self.with_small_l(start, end, inside) {
            self.push(start, end, id, true);
            return true;
        }
        let tagged = start > 0 && matches!(self.text.as_bytes()[start - 1], b'#' | b'@');
        let shortest = if tagged { 2 } else { 3 };
        let mut edges = vec![start];
        edges.extend(inside);
        edges.push(end);
        if edges.windows(2).any(|edge| edge[1] - edge[0] < shortest) {
            return false;
        }
        for edge in edges.windows(2) {
            match self.text.get(edge[0]..edge[1]).and_then(|spelling| self.vocabulary.find(spelling)) {
                Some(id) => self.push(edge[0], edge[1], id, true),
                None => self.take_unknown(edge[0], edge[1]),
            }
        }
        true
    }

    /// The word in which a capital I after a small letter stands for the small l that it looks like: `TeIegram`.
    fn with_small_l(&mut self, start: usize, end: usize, humps: &[usize]) -> Option<WordId> {
        if !humps.iter().any(|&hump| self.text.as_bytes()[hump] == b'i') || end - start > LONGEST_DISGUISE {
            return None;
        }
        self.buffer.clear();
        let mut is_capital = false;
        for (at, letter) in self.text.get(start..end)?.char_indices() {
            is_capital = letter == 'i' && (is_capital || humps.contains(&(start + at)));
            self.buffer.push(if is_capital { 'l' } else { letter });
        }
        self.vocabulary.find(&self.buffer)
    }
}
