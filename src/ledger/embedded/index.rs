//! The index of a write-ahead log, as SQLite keeps it in the memory that all who have a data file open share: how much stands
//! in the log, and how long the data file is with it (SQLite's `walformat.html`: the WAL-index).

use std::fs::File;
use std::path::Path;

/// Its header stands there twice, so that whoever reads sees whether it is being written.
const HEADER: usize = 48;

/// What stands in a log in front of its first page, in bytes.
pub(super) const LOG_HEADER: u64 = 32;

/// What stands in front of each page in a log, in bytes.
pub(super) const FRAME_HEADER: u64 = 24;

/// The open index of a data file. It has to stay open as long as the engine does: closing it lets go of the locks of this
/// process on it, SQLite's among them.
#[derive(Debug)]
pub(super) struct Index(File);

/// What was read.
pub(super) enum Read {
    Steady(Header),
    /// It is being written, or nothing stands in it yet.
    Unsteady,
    /// It was cut off.
    Short,
}

/// The header of an index. Two that are equal are of the same state of the log.
#[derive(PartialEq, Eq)]
pub(super) struct Header([u8; HEADER]);

impl Index {
    pub(super) fn open(path: &Path) -> Option<Self> {
        File::open(path).ok().map(Self)
    }

    #[cfg(unix)]
    pub(super) fn read(&self) -> Read {
        use std::io::ErrorKind;
        use std::os::unix::fs::FileExt;

        let (mut first, mut second) = ([0; HEADER], [0; HEADER]);
        for (header, at) in [(&mut first, 0), (&mut second, HEADER as u64)] {
            match self.0.read_exact_at(header, at) {
                Ok(()) => {}
                Err(error) if error.kind() == ErrorKind::UnexpectedEof => return Read::Short,
                Err(_) => return Read::Unsteady,
            }
        }
        let header = Header(first);
        if first == second && header.is_written() { Read::Steady(header) } else { Read::Unsteady }
    }

    /// Elsewhere a file that is open cannot be cut off.
    #[cfg(not(unix))]
    pub(super) fn read(&self) -> Read {
        Read::Unsteady
    }
}

impl Header {
    /// How long the log is at least, in bytes: parts that were written back may stand behind.
    pub(super) fn log_length(&self) -> u64 {
        match u64::from(self.frames()) {
            0 => 0,
            frames => LOG_HEADER + frames * (FRAME_HEADER + self.page()),
        }
    }

    /// How long the data file is when all that stands in the log is written back, in bytes.
    pub(super) fn data_length(&self) -> u64 {
        u64::from(self.number(20)) * self.page()
    }

    /// How many pages stand in the log.
    pub(super) fn frames(&self) -> u32 {
        self.number(16)
    }

    /// The two numbers that tell this log from those before it, as they stand in it.
    pub(super) fn salts(&self) -> [u8; 8] {
        self.0.get(32..40).and_then(|bytes| bytes.try_into().ok()).unwrap_or_default()
    }

    /// The length of a page in bytes, of which the largest does not fit into the two bytes.
    pub(super) fn page(&self) -> u64 {
        let [.., first, second] = self.number(12).to_ne_bytes();
        match u64::from(u16::from_ne_bytes([first, second])) {
            1 => 65_536,
            page => page,
        }
    }

    fn is_written(&self) -> bool {
        self.0[12] == 1
    }

    fn number(&self, at: usize) -> u32 {
        self.0.get(at..at + 4).and_then(|bytes| bytes.try_into().ok()).map_or(0, u32::from_ne_bytes)
    }
}
