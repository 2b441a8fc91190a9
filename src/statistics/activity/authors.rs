//! Whether enough different people stand behind a figure to publish it.

use ledger::Pseudonym;
use serde::{Deserialize, Serialize};

/// From how many authors on a figure that says something about their conduct is published (front page, "Small
/// numbers").
pub const ENOUGH_AUTHORS: usize = 5;

/// The authors behind a figure, as far as it takes to tell whether there are [`ENOUGH_AUTHORS`]: the smallest five of
/// the first four bytes of their pseudonyms. Should two authors share those, they count as one, and the figure is
/// rather hidden than shown. Two of these merge without loss, because the smallest five of all are among the smallest
/// five of each. `Debug` does not show them.
#[derive(Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "Vec<u32>", into = "Vec<u32>")]
pub struct Authors {
    count: u8,
    /// In order; beyond the count, nought. In place, because a year has a hundred thousand of these.
    smallest: [u32; ENOUGH_AUTHORS],
}

impl Authors {
    /// Adds an author. One whom the platform withheld cannot be told from others, and is never added.
    pub(super) fn add(&mut self, author: u64) {
        self.insert((author >> 32) as u32);
    }

    fn known(&self) -> &[u32] {
        &self.smallest[..usize::from(self.count)]
    }

    fn insert(&mut self, author: u32) {
        let count = usize::from(self.count);
        if let Err(position) = self.known().binary_search(&author)
            && position < ENOUGH_AUTHORS
        {
            self.smallest[position..].rotate_right(1);
            self.smallest[position] = author;
            self.count = (count + 1).min(ENOUGH_AUTHORS) as u8;
        }
    }

    /// Adds those of another figure.
    pub(super) fn merge(&mut self, other: &Authors) {
        for author in other.known() {
            self.insert(*author);
        }
    }

    /// Whether there are [`ENOUGH_AUTHORS`].
    pub(super) fn are_enough(&self) -> bool {
        usize::from(self.count) >= ENOUGH_AUTHORS
    }
}

impl From<Vec<u32>> for Authors {
    fn from(all: Vec<u32>) -> Self {
        let mut authors = Self::default();
        all.into_iter().for_each(|author| authors.insert(author));
        authors
    }
}

impl From<Authors> for Vec<u32> {
    fn from(authors: Authors) -> Self {
        authors.known().to_vec()
    }
}

impl std::fmt::Debug for Authors {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Authors({}{})", self.count, if self.are_enough() { " or more" } else { "" })
    }
}

/// An author in eight bytes. Pseudonyms are spread evenly, so that among a million authors the chance that two are
/// taken for one is below one in ten million.
pub(super) fn short(author: &Pseudonym) -> u64 {
    hex64(author.as_str())
}

/// The first 16 hex digits of a text as a number.
pub(super) fn hex64(text: &str) -> u64 {
    text.chars().filter_map(|digit| digit.to_digit(16)).take(16).fold(0, |sum, digit| sum << 4 | u64::from(digit))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn authors(of: &[u64]) -> Authors {
        let mut authors = Authors::default();
        of.iter().for_each(|author| authors.add(*author << 32));
        authors
    }

    #[test]
    fn the_same_author_counts_once() {
        assert!(!authors(&[1, 2, 2, 3, 3, 4, 1]).are_enough());
        assert!(authors(&[5, 1, 2, 2, 3, 4]).are_enough());
    }

    #[test]
    fn merging_is_the_same_as_adding_all() {
        let (one, other) = ([9, 2, 7, 1, 8, 3, 30], [3, 4, 11, 2]);
        let mut merged = authors(&one);
        merged.merge(&authors(&other));
        assert_eq!(merged, authors(&[one.as_slice(), &other].concat()));
    }
}
