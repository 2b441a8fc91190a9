//! Whether the data file is still what was opened: there, whole, and the same. An engine that has it open notices
//! nothing of its being deleted: it would go on acknowledging what is gone as soon as it ends.

use std::fs::{self, Metadata};
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::{Duration, Instant};

use super::check::{self, Damage};
use super::lock::named;
use crate::LedgerError;

/// The time of a check of the file is kept to this share of all time: a file of a gigabyte is read for seconds.
const CHECK_SHARE: u32 = 50;

/// How long at least nothing is checked after a check.
const SHORTEST_PAUSE: Duration = Duration::from_millis(200);

/// The data file of a running engine. Clones watch the same.
#[derive(Clone, Debug)]
pub struct Watch(Arc<Watched>);

#[derive(Debug)]
struct Watched {
    path: PathBuf,
    data: Identity,
    log_path: PathBuf,
    /// That of the write-ahead log, which SQLite makes with its first read, and keeps as long as the engine runs.
    log: OnceLock<Identity>,
    damage: OnceLock<Damage>,
    next_check: Mutex<NextCheck>,
}

/// When the file is checked again.
#[derive(Debug)]
enum NextCheck {
    /// As soon as somebody asks.
    Now,
    /// It is being checked.
    UnderWay,
    NotBefore(Instant),
}

/// Which file it is, whatever its name.
type Identity = (u64, u64);

impl Watch {
    /// Watches a file that is open.
    pub(super) fn over(path: &Path) -> Result<Self, LedgerError> {
        let data = fs::metadata(path).map_err(|error| super::refused("watching the data file", error))?;
        Ok(Self(Arc::new(Watched {
            path: path.to_owned(),
            data: identity(&data),
            log_path: named(path, "-wal").into(),
            log: OnceLock::new(),
            damage: OnceLock::new(),
            next_check: Mutex::new(NextCheck::Now),
        })))
    }

    /// Why nothing may be answered from the file, nor acknowledged, if that is so: a look at two names.
    pub(super) fn fault(&self) -> Option<LedgerError> {
        let Watched { path, data, log_path, log, damage, .. } = &*self.0;
        if let Some(damage) = damage.get() {
            return Some(damaged(path, damage));
        }
        if !is_there(path, data) {
            return Some(lost(path));
        }
        match (log.get(), fs::metadata(log_path)) {
            (Some(known), _) if !is_there(log_path, known) => Some(lost(log_path)),
            (None, Ok(found)) => {
                // Whoever else sets it has seen the same.
                let _ = log.set(identity(&found));
                None
            }
            _ => None,
        }
    }

    /// The engine has met damage: from now on nothing is read from the file or written to it, so that nothing gets worse.
    pub(super) fn is_damaged(&self, damage: Damage) {
        if self.0.damage.set(damage).is_ok() {
            tracing::error!(damage = ?self.0.damage.get(), "the data file is damaged: nothing is acknowledged any more");
        }
    }

    /// What the engine's words say of the file when an operation has failed, if it is to blame. Damage is kept. What passes by
    /// itself is not, such as a full disk: the next operation may succeed.
    pub(super) fn blamed(&self, words: &str) -> Option<LedgerError> {
        let Watched { path, .. } = &*self.0;
        let says = |signs: &[&str]| signs.iter().any(|sign| words.contains(sign));
        if says(&["disk image is malformed", "not a database", "not a valid database"]) {
            self.is_damaged(Damage::somewhere());
            return self.fault();
        }
        if says(&["database or disk is full"]) {
            return Some(unwritten(path, "the disk is full"));
        }
        if says(&["disk I/O error"]) {
            return Some(unwritten(path, "the disk fails, or files may grow no larger"));
        }
        says(&["readonly database"]).then(|| readable_only(path))
    }

    /// Whether everything is well with the file: that it is the one that was opened, may be written, and is whole. The
    /// last is found out by reading all of it, so that it is asked no more often than costs a fiftieth of the time.
    ///
    /// # Errors
    /// [`LedgerError::File`] with what is wrong and what to do.
    pub async fn examine(&self) -> Result<(), LedgerError> {
        if let Some(fault) = self.fault() {
            return Err(fault);
        }
        let path = &self.0.path;
        if fs::metadata(path).is_ok_and(|metadata| metadata.permissions().readonly()) {
            return Err(readable_only(path));
        }
        if !self.is_due() {
            return Ok(());
        }
        // A task of its own: whoever asked may hang up, and what is found has to be kept all the same.
        let watch = self.clone();
        let checked = tokio::spawn(async move { watch.check().await }).await;
        checked.unwrap_or_else(|ended| Err(super::refused("checking the data file", ended)))
    }

    /// Looks for damage and keeps what is found. Where the file could not be looked into, the next who asks tries again.
    async fn check(&self) -> Result<(), LedgerError> {
        let started = Instant::now();
        let found = check::damage(&self.0.path).await;
        let next = match found {
            Ok(_) => {
                NextCheck::NotBefore(Instant::now() + started.elapsed().saturating_mul(CHECK_SHARE).max(SHORTEST_PAUSE))
            }
            Err(_) => NextCheck::Now,
        };
        *self.next_check() = next;
        if let Some(damage) = found? {
            self.is_damaged(damage);
        }
        self.fault().map_or(Ok(()), Err)
    }

    /// Whether it is time for a check, which nobody else is making.
    fn is_due(&self) -> bool {
        let mut next = self.next_check();
        let is_due = match *next {
            NextCheck::Now => true,
            NextCheck::UnderWay => false,
            NextCheck::NotBefore(at) => at <= Instant::now(),
        };
        if is_due {
            *next = NextCheck::UnderWay;
        }
        is_due
    }

    fn next_check(&self) -> MutexGuard<'_, NextCheck> {
        self.0.next_check.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The same file under the same name. Where it cannot be told, it is believed.
fn is_there(path: &Path, known: &Identity) -> bool {
    match fs::metadata(path) {
        Ok(found) => identity(&found) == *known,
        Err(error) => error.kind() != ErrorKind::NotFound,
    }
}

#[cfg(unix)]
fn identity(metadata: &Metadata) -> Identity {
    use std::os::unix::fs::MetadataExt;
    (metadata.dev(), metadata.ino())
}

/// Elsewhere a file that is open cannot be deleted or replaced.
#[cfg(not(unix))]
fn identity(_metadata: &Metadata) -> Identity {
    (0, 0)
}

fn readable_only(path: &Path) -> LedgerError {
    LedgerError::File(format!(
        "the data file {} may only be read: records cannot be kept in it. Give its owner the permission to write",
        path.display()
    ))
}

fn unwritten(path: &Path, why: &str) -> LedgerError {
    LedgerError::File(format!(
        "the data file {} does not take what is recorded: {why}. Nothing is acknowledged as long as that is so",
        path.display()
    ))
}

fn lost(path: &Path) -> LedgerError {
    LedgerError::File(format!(
        "{} was deleted or replaced while it was open: nothing is acknowledged any more. Put it back or restore a backup, \
         then start again (docs/operations.md, \"When the data file is damaged or gone\")",
        path.display()
    ))
}

pub(super) fn damaged(path: &Path, damage: &Damage) -> LedgerError {
    LedgerError::File(format!(
        "the data file {} is damaged: {damage}. Nothing was changed in it. Keep it, and restore a backup (docs/operations.md, \
         \"When the data file is damaged or gone\")",
        path.display()
    ))
}
