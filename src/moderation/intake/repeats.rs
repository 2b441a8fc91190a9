//! How often the same author wrote the same before, as far as this process remembers: for the rules about repetition.
//!
//! The memory is of the process, not of the tables: it costs no read on the path of every clean comment, and a flood
//! of copies comes to the same warm functions within minutes. What a cold start forgets is only a rule that finds
//! less. It holds pseudonyms and fingerprints, no text and no id of a platform.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use jiff::{SignedDuration, Timestamp};
use ledger::{Pseudonym, Reference};

/// How long a text is remembered after it was last written.
const WINDOW: SignedDuration = SignedDuration::from_hours(24);

/// How many texts are remembered: some MB at most.
const CAPACITY: usize = 10_000;

/// How many copies of one text are told apart; more make no difference to any rule.
const COPIES: usize = 100;

/// Shorter texts repeat innocently: thanks, greetings, a name.
const MIN_LETTERS: usize = 20;

/// What each author wrote lately.
#[derive(Clone, Debug, Default)]
pub(crate) struct Repeats(Arc<Mutex<HashMap<(Pseudonym, u64), Copies>>>);

#[derive(Debug)]
struct Copies {
    last: Timestamp,
    contributions: Vec<Reference>,
}

impl Repeats {
    /// Forgets what these authors wrote.
    pub(crate) fn forget(&self, authors: &[Pseudonym]) {
        let mut memory = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        memory.retain(|(author, _), _| !authors.contains(author));
    }

    /// In how many other contributions this author wrote a text with this fingerprint before. A repeated delivery of
    /// the same contribution, or an edit of it, is not a repetition. The fingerprint is only taken of texts that count.
    pub(crate) fn count(
        &self,
        author: Pseudonym,
        fingerprint: impl FnOnce() -> u64,
        text: &str,
        contribution: Reference,
        now: Timestamp,
    ) -> u32 {
        if text.chars().filter(|c| c.is_alphabetic()).take(MIN_LETTERS).count() < MIN_LETTERS {
            return 0;
        }
        let fingerprint = fingerprint();
        let mut memory = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if memory.len() >= CAPACITY {
            memory.retain(|_, copies| now.duration_since(copies.last) < WINDOW);
            if memory.len() >= CAPACITY {
                memory.clear();
            }
        }
        let fresh = || Copies { last: now, contributions: Vec::new() };
        let copies = memory.entry((author, fingerprint)).or_insert_with(fresh);
        if now.duration_since(copies.last) >= WINDOW {
            *copies = fresh();
        }
        copies.last = now;
        match copies.contributions.iter().position(|known| *known == contribution) {
            Some(position) => u32::try_from(position).unwrap_or(u32::MAX),
            None => {
                let before = copies.contributions.len();
                if before < COPIES {
                    copies.contributions.push(contribution);
                }
                u32::try_from(before).unwrap_or(u32::MAX)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "Comprate il mio corso, posti limitati!";

    fn author(name: u8) -> Pseudonym {
        serde_json::from_value(format!("{name:032x}").into()).unwrap()
    }

    fn contribution(number: u8) -> Reference {
        format!("{number:024x}").parse().unwrap()
    }

    fn at(time: &str) -> Timestamp {
        time.parse().unwrap()
    }

    #[test]
    fn copies_by_the_same_author_are_counted_and_repeated_deliveries_are_not() {
        let (repeats, now) = (Repeats::default(), at("2026-11-02T09:00:00Z"));
        let count = |number| repeats.count(author(1), || 7, TEXT, contribution(number), now);
        assert_eq!([count(1), count(2), count(2), count(3), count(1)], [0, 1, 1, 2, 0]);
    }

    #[test]
    fn what_others_write_and_other_texts_are_counted_by_themselves() {
        let (repeats, now) = (Repeats::default(), at("2026-11-02T09:00:00Z"));
        repeats.count(author(1), || 7, TEXT, contribution(1), now);
        assert_eq!(repeats.count(author(2), || 7, TEXT, contribution(2), now), 0);
        assert_eq!(repeats.count(author(1), || 8, TEXT, contribution(3), now), 0);
    }

    #[test]
    fn thanks_may_be_repeated_without_end() {
        let (repeats, now) = (Repeats::default(), at("2026-11-02T09:00:00Z"));
        for number in 0..10 {
            assert_eq!(repeats.count(author(1), || 7, "Grazie mille a tutti", contribution(number), now), 0);
        }
    }

    #[test]
    fn a_day_later_everything_is_new() {
        let repeats = Repeats::default();
        repeats.count(author(1), || 7, TEXT, contribution(1), at("2026-11-02T09:00:00Z"));
        assert_eq!(repeats.count(author(1), || 7, TEXT, contribution(2), at("2026-11-03T09:00:00Z")), 0);
    }

    #[test]
    fn the_memory_stays_bounded() {
        let (repeats, now) = (Repeats::default(), at("2026-11-02T09:00:00Z"));
        for fingerprint in 0..(CAPACITY as u64 + 10) {
            repeats.count(author(1), || fingerprint, TEXT, contribution(1), now);
        }
        assert!(repeats.0.lock().unwrap().len() <= CAPACITY);
    }
}
