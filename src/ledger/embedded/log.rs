//! Whether the write-ahead log of a data file still holds what its index says. SQLite reads a log up to the first page whose
//! checksum is wrong, takes that for its end, and throws the rest away without a word (SQLite's `fileformat2.html`: the
//! write-ahead log).

use std::fs::File;
use std::io::{BufReader, ErrorKind, Read};
use std::path::Path;

use super::index::{FRAME_HEADER, Header, LOG_HEADER};

/// What a log is, against its index.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum State {
    /// All that the index says stands in it.
    Whole,
    /// It is another one, begun before or after the index was written: nobody writes the index to the disk, so after a power
    /// cut it may be of an earlier log. What stands in the log is all that there is to go by.
    Another,
    /// It ends before the last page that the index says.
    Short,
    /// Something in it was overwritten.
    Damaged,
}

/// Two sums over all that was read so far.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Checksum(u32, u32);

impl Checksum {
    /// Takes in pairs of words, which are in the byte order that the log names.
    fn add(self, bytes: &[u8], is_big_endian: bool) -> Self {
        let word = |bytes: &[u8]| match (bytes.try_into(), is_big_endian) {
            (Ok(bytes), true) => u32::from_be_bytes(bytes),
            (Ok(bytes), false) => u32::from_le_bytes(bytes),
            (Err(_), _) => 0,
        };
        bytes.chunks_exact(8).fold(self, |Self(first, second), pair| {
            let first = first.wrapping_add(word(&pair[..4])).wrapping_add(second);
            Self(first, second.wrapping_add(word(&pair[4..])).wrapping_add(first))
        })
    }

    /// Whether these eight bytes hold it.
    fn is(self, bytes: &[u8]) -> bool {
        bytes == [self.0.to_be_bytes(), self.1.to_be_bytes()].concat()
    }
}

/// Reads a log as far as its index says that something stands in it.
///
/// # Errors
/// When it cannot be read.
pub(super) fn compared(log: &Path, index: &Header) -> std::io::Result<State> {
    if index.frames() == 0 {
        return Ok(State::Whole);
    }
    let file = File::open(log)?;
    let length = file.metadata()?.len();
    let mut log = BufReader::with_capacity(1 << 20, file);
    let mut header = [0; LOG_HEADER as usize];
    if !filled(&mut log, &mut header)? {
        return Ok(State::Short);
    }
    let is_big_endian = header[3] & 1 == 1;
    let mut sum = Checksum(0, 0).add(&header[..24], is_big_endian);
    if header[..3] != [0x37, 0x7f, 0x06] || header[3] & 0xfe != 0x82 || !sum.is(&header[24..]) {
        return Ok(State::Damaged);
    }
    if header[16..24] != index.salts() {
        return Ok(State::Another);
    }
    if length < index.log_length() {
        return Ok(State::Short);
    }
    let mut frame = vec![0; (FRAME_HEADER + index.page()) as usize];
    for _ in 0..index.frames() {
        if !filled(&mut log, &mut frame)? {
            return Ok(State::Short);
        }
        let (head, page) = frame.split_at(FRAME_HEADER as usize);
        sum = sum.add(&head[..8], is_big_endian).add(page, is_big_endian);
        if head[8..16] != header[16..24] || !sum.is(&head[16..]) {
            return Ok(State::Damaged);
        }
    }
    Ok(State::Whole)
}

/// Whether there was enough left.
fn filled(log: &mut impl Read, buffer: &mut [u8]) -> std::io::Result<bool> {
    match log.read_exact(buffer) {
        Ok(()) => Ok(true),
        Err(error) if error.kind() == ErrorKind::UnexpectedEof => Ok(false),
        Err(error) => Err(error),
    }
}
