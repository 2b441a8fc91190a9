//! The mark beside a data file that an engine has open. It outlives a process that is killed, so that the next start knows
//! that the log is needed: without it the file is as it was when the log was written back last, and whole in itself.

use std::fs;
use std::io::{Error, ErrorKind};
use std::path::{Path, PathBuf};

use local::files;

use super::index::{Index, Read};
use super::lock::named;
use super::log::{State, compared};
use crate::LedgerError;

/// How a mark is named after its data file.
pub(super) const SUFFIX: &str = ".open";

/// What stands in a mark, for whoever wonders.
const TEXT: &str =
    "Galateo has this ledger open, or was killed while it had. Its newest records stand in the log (-wal).\n";

/// Sets the mark. For whoever has the file to himself, once there is a log and before anything is acknowledged.
pub(super) fn set(path: &Path) -> Result<(), Error> {
    let folder = path.parent().unwrap_or(Path::new("/"));
    files::unfinished(folder, TEXT.as_bytes())?.persist(file(path)).map_err(|error| error.error)?;
    Ok(())
}

/// Takes the mark away. Before the log goes, so that whoever is killed in between leaves no mark without one.
pub(super) fn remove(path: &Path) {
    match fs::remove_file(file(path)) {
        Err(error) if error.kind() != ErrorKind::NotFound => {
            tracing::warn!(%error, "the mark beside the data file is left there");
        }
        _ => {}
    }
}

/// Takes the mark away where the log has been written back and is gone with the last who used it.
pub(super) fn remove_without_log(path: &Path) {
    if !log(path).exists() {
        remove(path);
    }
}

/// Whether a mark says that there has to be a log, and there is none.
pub(super) fn log_is_gone(path: &Path) -> Option<LedgerError> {
    (file(path).exists() && !log(path).exists()).then(|| lost(path, "is gone"))
}

/// Whether the log is gone, shorter than its index says or damaged, where a mark says that it is needed. To be asked before
/// anybody opens the file, which makes another index of what is left of the log.
pub(super) fn log_is_lost(path: &Path) -> Option<LedgerError> {
    if !file(path).exists() {
        return None;
    }
    if !log(path).exists() {
        return log_is_gone(path);
    }
    // Where the index is gone as well, the log is all that there is to go by.
    let Read::Steady(header) = Index::open(named(path, "-shm").as_ref())?.read() else { return None };
    match compared(&log(path), &header) {
        Ok(State::Whole | State::Another) => None,
        Ok(State::Short) => Some(lost(path, "is shorter than it was")),
        Ok(State::Damaged) => Some(lost(path, "is overwritten")),
        Err(error) => Some(super::refused("checking the data file", error)),
    }
}

fn file(path: &Path) -> PathBuf {
    named(path, SUFFIX).into()
}

fn log(path: &Path) -> PathBuf {
    named(path, "-wal").into()
}

fn lost(path: &Path, how: &str) -> LedgerError {
    LedgerError::File(format!(
        "the data file {} is damaged: its log {} {how}. Whoever had it open last was killed or met damage, and what was \
         acknowledged last stood in the log. Nothing was changed. Put the log back, or restore a backup. To go on with what \
         is there all the same, delete {} (docs/operations.md, \"When the data file is damaged or gone\")",
        path.display(),
        log(path).display(),
        file(path).display()
    ))
}
