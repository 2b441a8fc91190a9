//! Which files belong to a ledger.

use std::fs::File;
use std::io::{self, ErrorKind, Read};
use std::path::Path;

use super::lock::LOCK;
use super::mark;

/// With what every data file begins.
const BEGINNING: &[u8; 16] = b"SQLite format 3\0";

/// What the files beside a data file that hold something of it are called, behind its name.
pub(super) const BESIDE: [&str; 4] = ["-wal", "-shm", "-journal", mark::SUFFIX];

/// Whether this is the data file of a ledger, the one of this command or any other, or a name that a ledger uses beside
/// it, also where nothing has that name just now. Nobody may put another file in its place. Links are followed.
///
/// # Errors
/// When what is there cannot be read.
pub fn is_of_a_ledger(path: &Path) -> io::Result<bool> {
    let path = path.canonicalize().unwrap_or_else(|_| path.to_owned());
    if is_data(&path)? {
        return Ok(true);
    }
    let Some(name) = path.file_name().and_then(|name| name.to_str()) else { return Ok(false) };
    for suffix in BESIDE.into_iter().chain([LOCK]) {
        if let Some(data) = name.strip_suffix(suffix)
            && is_data(&path.with_file_name(data))?
        {
            return Ok(true);
        }
    }
    Ok(false)
}

fn is_data(path: &Path) -> io::Result<bool> {
    match path.metadata() {
        Ok(there) if there.is_file() => {}
        Ok(_) => return Ok(false),
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(false),
        Err(error) => return Err(error),
    }
    let mut begins = Vec::with_capacity(BEGINNING.len());
    File::open(path)?.take(BEGINNING.len() as u64).read_to_end(&mut begins)?;
    Ok(begins == BEGINNING)
}
