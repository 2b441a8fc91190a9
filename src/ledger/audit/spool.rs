//! Entries brought into the order of time without all of them in memory.

use std::io::{self, Read, Seek, SeekFrom, Write};

use jiff::Timestamp;
use jiff::civil::Date;
use tempfile::SpooledTempFile;

use crate::audit::hash::Hash;

/// What is kept in memory before a temporary file takes it, in bytes.
const IN_MEMORY: usize = 32 << 20;

/// Entries in their canonical form. In memory stay some 72 bytes of each.
pub(super) struct Spool {
    text: SpooledTempFile,
    end: u64,
    index: Vec<Place>,
}

/// Where an entry stands. Ordered as entries are: by time, then by hash.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Place {
    at: Timestamp,
    pub(super) hash: Hash,
    /// The day for which it was recorded.
    pub(super) day: Date,
    start: u64,
    length: usize,
}

impl Spool {
    pub(super) fn new() -> Self {
        Self { text: tempfile::spooled_tempfile(IN_MEMORY), end: 0, index: Vec::new() }
    }

    /// Adds an entry. All are added before the first is read.
    pub(super) fn push(&mut self, day: Date, at: Timestamp, hash: Hash, canonical: &str) -> io::Result<()> {
        self.text.write_all(canonical.as_bytes())?;
        self.index.push(Place { at, hash, day, start: self.end, length: canonical.len() });
        self.end += canonical.len() as u64;
        Ok(())
    }

    /// All places, in the order of the entries.
    pub(super) fn in_order(&mut self) -> Vec<Place> {
        self.index.sort_unstable();
        self.index.dedup_by_key(|place| place.hash);
        self.index.clone()
    }

    /// Reads the entry at a place.
    pub(super) fn read(&mut self, place: &Place, into: &mut Vec<u8>) -> io::Result<()> {
        into.resize(place.length, 0);
        self.text.seek(SeekFrom::Start(place.start))?;
        self.text.read_exact(into)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entries_come_back_in_the_order_of_time_and_as_they_were() {
        let mut spool = Spool::new();
        let at = |second| Timestamp::from_second(second).unwrap();
        for (second, text) in [(7, "seven"), (5, "five"), (6, "six, which is longer")] {
            spool.push(Date::ZERO, at(second), Hash::of(text), text).unwrap();
        }
        let mut read = Vec::new();
        let mut texts = Vec::new();
        for place in spool.in_order() {
            spool.read(&place, &mut read).unwrap();
            texts.push(String::from_utf8(read.clone()).unwrap());
        }
        assert_eq!(texts, ["five", "six, which is longer", "seven"]);
    }
}
