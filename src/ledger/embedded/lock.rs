//! Who has a data file open. The file itself is locked, and not a name of it, so that a link leads nobody past the lock;
//! beside it, for its owner only, stands how others reach the engine that has it.

use std::ffi::OsString;
use std::fs::{self, File, TryLockError};
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use local::door::Key;
use local::files;

use super::own::BESIDE;
use super::{Remote, refused};
use crate::LedgerError;

/// The longest lock file that is read, in bytes.
const LONGEST_LOCK_FILE: u64 = 1024;
/// What the lock file is called, behind the name of the data file.
pub(super) const LOCK: &str = ".lock";

/// A data file that this process has to itself, until it is dropped.
pub(super) struct Lock {
    /// The data file. Closed only after the engine, whose own locks would go with it.
    _data: File,
    /// Where the data is, without symbolic links.
    path: PathBuf,
}

/// What became of asking for a data file.
pub(super) enum Asked {
    Ours(Lock),
    /// By whom it is held, as far as that can be told.
    Held(String),
}

impl Lock {
    /// Asks for a data file, which is made if it is not there. What others could read until now is taken from them.
    pub(super) fn ask(path: &Path) -> Result<Asked, LedgerError> {
        let failed = |error: std::io::Error| refused("opening the data file", why(&error));
        if path.exists() {
            // Before it is opened, which for a pipe would not end.
            files::input(path).map_err(failed)?;
        }
        let data = files::keep(path).map_err(failed)?;
        let path = fs::canonicalize(path).map_err(failed)?;
        let folder = path.parent().unwrap_or(Path::new("/"));
        if files::is_free_for_all(folder).map_err(failed)? {
            let reason = format!(
                "everybody on this machine may put files into the folder {} and take yours away; put it into one of \
                 your own (chmod o-w)",
                folder.display()
            );
            return Err(refused("opening the data file", reason));
        }
        match data.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Ok(Asked::Held(holder(&data))),
            Err(TryLockError::Error(error)) => return Err(refused("locking the data file", error)),
        }
        single(&data)?;
        for beside in BESIDE {
            let beside = PathBuf::from(named(&path, beside));
            // An earlier version may have left it there for everybody to read, and somebody else something of theirs.
            match files::own(&beside).and_then(|file| files::owner_only(&file, &beside)) {
                Err(error) if error.kind() != ErrorKind::NotFound => {
                    return Err(refused(&format!("opening {}", beside.display()), why(&error)));
                }
                _ => {}
            }
        }
        let lock = Lock { _data: data, path };
        // What a process has left there that was killed leads nowhere, or to somebody who has its port now.
        lock.withdraw().map_err(failed)?;
        Ok(Asked::Ours(lock))
    }

    /// Where the data is.
    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// Tells whoever may read the file how to reach the engine that has it.
    pub(super) fn share(&self, remote: &Remote) -> Result<(), LedgerError> {
        let text = format!("{}\n{}\n", remote.endpoint, remote.key.expose());
        let folder = self.path.parent().unwrap_or(Path::new("/"));
        let failed = |error: std::io::Error| refused("sharing the data file", error);
        let whole = files::unfinished(folder, text.as_bytes()).map_err(failed)?;
        whole.persist(lock_file(&self.path)).map_err(|error| failed(error.error))?;
        Ok(())
    }

    fn withdraw(&self) -> std::io::Result<()> {
        match fs::remove_file(lock_file(&self.path)) {
            Err(error) if error.kind() != ErrorKind::NotFound => Err(error),
            _ => Ok(()),
        }
    }
}

impl Drop for Lock {
    fn drop(&mut self) {
        if let Err(error) = self.withdraw() {
            tracing::warn!(%error, "how the data file was shared is left beside it");
        }
    }
}

/// What whoever has the file open has told about how to reach it. Somebody else's lock file is not believed: it would lead
/// to somebody else's engine.
pub(super) fn shared(path: &Path) -> Option<Remote> {
    let file = files::own(Path::new(&lock_file(&fs::canonicalize(path).ok()?))).ok()?;
    if files::is_open_to_others(&file.metadata().ok()?) {
        return None;
    }
    let mut text = String::from_utf8(files::read_from(file, LONGEST_LOCK_FILE).ok()?).ok()?;
    if text.pop() != Some('\n') {
        return None;
    }
    let (endpoint, key) = text.split_once('\n')?;
    Some(Remote { endpoint: endpoint.to_owned(), key: Key::agreed(key) })
}

pub(super) fn lock_file(path: &Path) -> OsString {
    named(path, LOCK)
}

pub(super) fn named(path: &Path, suffix: &str) -> OsString {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    name
}

fn why(error: &std::io::Error) -> String {
    match error.kind() {
        ErrorKind::PermissionDenied => {
            format!("{error}; it holds personal data, so it has to belong to whoever runs this, and to nobody else")
        }
        _ => error.to_string(),
    }
}

/// SQLite keeps the newest records in files that are named after the data file. Under another name of it they would not
/// be found.
#[cfg(unix)]
fn single(data: &File) -> Result<(), LedgerError> {
    use std::os::unix::fs::MetadataExt;
    let names = data.metadata().map_err(|error| refused("opening the data file", error))?.nlink();
    if names > 1 {
        let reason = format!(
            "it has {names} names (hard links), and under another than the last one its newest records would not be \
             found; remove the names that are not used"
        );
        return Err(refused("opening the data file", reason));
    }
    Ok(())
}

#[cfg(not(unix))]
fn single(_data: &File) -> Result<(), LedgerError> {
    Ok(())
}

/// Who holds the lock of a file, as the system lists it.
#[cfg(target_os = "linux")]
fn holder(data: &File) -> String {
    use std::os::unix::fs::MetadataExt;
    let found = || {
        let file = data.metadata().ok()?;
        let locks = fs::read_to_string("/proc/locks").ok()?;
        let inode = format!(":{}", file.ino());
        // `1: FLOCK  ADVISORY  WRITE 1234 fd:01:5678 0 EOF`
        let of_file = |line: &&str| {
            let fields: Vec<&str> = line.split_whitespace().collect();
            fields.get(1) == Some(&"FLOCK") && fields.get(5).is_some_and(|place| place.ends_with(&inode))
        };
        let process = locks.lines().find(of_file)?.split_whitespace().nth(4)?.to_owned();
        let of_process = fs::metadata(format!("/proc/{process}")).ok()?.uid();
        let owner = if of_process == file.uid() { "" } else { ", which belongs to another user" };
        Some(format!("process {process}{owner}"))
    };
    found().unwrap_or_else(|| "another process".to_owned())
}

#[cfg(not(target_os = "linux"))]
fn holder(_data: &File) -> String {
    "another process".to_owned()
}
