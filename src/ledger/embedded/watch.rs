//! Whether the data file, its log and its shared memory are still what was opened: there, whole, and the same. An engine
//! that has them open notices nothing of their being deleted or cut off: it would go on acknowledging what is gone as soon as
//! it ends.

use std::fs::{self, Metadata};
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::{Duration, Instant};

use super::check::{self, Damage};
use super::index::{Index, Read};
use super::lock::named;
use super::log::{State, compared};
use crate::LedgerError;
use crate::embedded::purge::{self, Failure};

/// The time of a check of the file is kept to this share of all time: a file of a gigabyte is read for seconds.
const CHECK_SHARE: u32 = 50;

/// How long at least nothing is checked after a check.
pub(super) const SHORTEST_PAUSE: Duration = Duration::from_millis(200);

/// The data file of a running engine. Clones watch the same.
#[derive(Clone, Debug)]
pub struct Watch(Arc<Watched>);

#[derive(Debug)]
struct Watched {
    path: PathBuf,
    data: Identity,
    /// The write-ahead log.
    log: Beside,
    /// What is shared with other processes that have the file open: which pages stand in the log, and who reads. Where it is
    /// gone, the next who opens the file makes another, sees nobody, and takes the log away.
    memory: Beside,
    lengths: Mutex<Lengths>,
    damage: OnceLock<Damage>,
    next_check: Mutex<NextCheck>,
}

/// What the lengths of the files are compared with.
#[derive(Debug)]
struct Lengths {
    /// That of the data file when it was looked at last, in bytes.
    data: u64,
    /// Opened once: see [`Index`].
    index: Option<Index>,
}

/// A file beside the data file, which SQLite makes with its first read, and keeps as long as the engine runs.
#[derive(Debug)]
struct Beside {
    path: PathBuf,
    known: OnceLock<Identity>,
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

/// How often the files are looked at again where somebody writes at the same time. The next request looks anew.
const STEADY_LOOKS: u32 = 4;

/// Which file it is, whatever its name.
type Identity = (u64, u64);

impl Watch {
    /// Watches a file that is open.
    pub(super) fn over(path: &Path) -> Result<Self, LedgerError> {
        let data = fs::metadata(path).map_err(|error| super::refused("watching the data file", error))?;
        let beside = |suffix| Beside { path: named(path, suffix).into(), known: OnceLock::new() };
        let watch = Self(Arc::new(Watched {
            path: path.to_owned(),
            data: identity(&data),
            log: beside("-wal"),
            memory: beside("-shm"),
            lengths: Mutex::new(Lengths { data: data.len(), index: None }),
            damage: OnceLock::new(),
            next_check: Mutex::new(NextCheck::Now),
        }));
        // What is there now is the engine's.
        watch.0.log.is_lost();
        watch.0.memory.is_lost();
        Ok(watch)
    }

    /// Why nothing may be answered from the file, nor acknowledged, if that is so: a look at three names and their lengths.
    pub fn fault(&self) -> Option<LedgerError> {
        let Watched { path, data, log, memory, damage, .. } = &*self.0;
        if let Some(damage) = damage.get() {
            return Some(damaged(path, damage));
        }
        if !is_there(path, data) {
            return Some(lost(path));
        }
        if let Some(beside) = [log, memory].into_iter().find(|beside| beside.is_lost()) {
            return Some(lost(&beside.path));
        }
        let cut_off = self.0.cut_off()?.to_owned();
        self.is_damaged(Damage::CutOff(cut_off));
        damage.get().map(|damage| damaged(path, damage))
    }

    /// The engine has met damage: from now on nothing is read from the file or written to it, so that nothing gets worse.
    pub(super) fn is_damaged(&self, damage: Damage) {
        if self.0.damage.set(damage).is_ok() {
            tracing::error!(damage = ?self.0.damage.get(), "the data file is damaged: nothing is acknowledged any more");
        }
    }

    /// What the engine's words say of the file when an operation has failed, if it is to blame. Damage is kept. What passes by
    /// itself is not, which is a full disk: the next operation may succeed.
    pub(super) fn blamed(&self, words: &str) -> Option<LedgerError> {
        let Watched { path, .. } = &*self.0;
        let says = |signs: &[&str]| signs.iter().any(|sign| words.contains(sign));
        if says(&["disk image is malformed", "not a database", "not a valid database"]) {
            self.is_damaged(Damage::somewhere());
            return self.fault();
        }
        // After a failed write or sync nobody knows what stands on the disk, and a short read is a file that was cut off.
        if says(&["disk I/O error"]) {
            self.is_damaged(Damage::Failing);
            return self.fault();
        }
        if says(&["database or disk is full"]) {
            return Some(full(path));
        }
        says(&["readonly database"]).then(|| readable_only(path))
    }

    /// Purges the file, as long as it is well.
    pub(super) async fn purge(&self) -> Result<(), LedgerError> {
        let watch = self.clone();
        match purge::purge_while(&self.0.path, move || watch.fault()).await {
            Ok(()) => {}
            Err(Failure::File(fault)) => return Err(fault),
            Err(failure) => {
                if let Failure::Sqlite(error) = &failure
                    && let Some(damage) = Damage::met(error)
                {
                    self.is_damaged(damage);
                }
                return Err(self.fault().unwrap_or_else(|| purge::failed(failure)));
            }
        }
        self.fault().map_or(Ok(()), Err)
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
        let found = self.damage().await;
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

    /// What is damaged in the file or in its log.
    async fn damage(&self) -> Result<Option<Damage>, LedgerError> {
        if let Some(damage) = check::damage(&self.0.path).await? {
            return Ok(Some(damage));
        }
        let watch = self.clone();
        let overwritten = tokio::task::spawn_blocking(move || watch.0.overwritten()).await;
        overwritten.map_err(|ended| super::refused("checking the data file", ended))
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

impl Watched {
    /// Which of the files is shorter than it can have become by itself. The log holds all that its index says; whoever writes it
    /// back says first that nothing stands in it, and cuts it off then. The data file only grows, unless somebody rewrites
    /// it: then it is as long as the index says.
    fn cut_off(&self) -> Option<&Path> {
        let mut lengths = self.lengths.lock().unwrap_or_else(PoisonError::into_inner);
        let Lengths { data: known, index } = &mut *lengths;
        if index.is_none() {
            *index = Index::open(&self.memory.path);
        }
        let index = index.as_ref()?;
        for _ in 0..STEADY_LOOKS {
            let before = match index.read() {
                Read::Steady(before) => before,
                Read::Unsteady => continue,
                Read::Short => return Some(&self.memory.path),
            };
            let (data, log) = (length(&self.path)?, length(&self.log.path)?);
            // In between somebody may have written, or cut the log off.
            if !matches!(index.read(), Read::Steady(after) if after == before) {
                continue;
            }
            if log < before.log_length() {
                return Some(&self.log.path);
            }
            if data < *known && data < before.data_length() {
                return Some(&self.path);
            }
            *known = data;
            return None;
        }
        None
    }
}

impl Watched {
    /// Whether something was overwritten in the log. Whoever writes goes on behind what is in it, and whoever begins it anew
    /// says so in the index first.
    fn overwritten(&self) -> Option<Damage> {
        let read = || match self.lengths.lock().unwrap_or_else(PoisonError::into_inner).index.as_ref()?.read() {
            Read::Steady(header) => Some(header),
            Read::Unsteady | Read::Short => None,
        };
        for _ in 0..STEADY_LOOKS {
            let Some(before) = read() else { continue };
            let found = compared(&self.log.path, &before).ok()?;
            if read().is_some_and(|after| after.salts() == before.salts() && after.frames() >= before.frames()) {
                return (found == State::Damaged).then(|| Damage::Overwritten(self.log.path.clone()));
            }
        }
        None
    }
}

impl Beside {
    /// Whether it was there and is there no more. It is known from the first time that it is seen.
    fn is_lost(&self) -> bool {
        match (self.known.get(), fs::metadata(&self.path)) {
            (Some(known), _) => !is_there(&self.path, known),
            (None, Ok(found)) => {
                // Whoever else sets it has seen the same.
                let _ = self.known.set(identity(&found));
                false
            }
            (None, Err(_)) => false,
        }
    }
}

fn length(path: &Path) -> Option<u64> {
    fs::metadata(path).ok().map(|metadata| metadata.len())
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

fn full(path: &Path) -> LedgerError {
    LedgerError::File(format!(
        "the data file {} does not take what is recorded: the disk is full. Nothing is acknowledged as long as that is so",
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
    LedgerError::File(match damage {
        Damage::Structure(_) => format!(
            "the data file {} is damaged: {damage}. Nothing was changed in it. Keep it, and restore a backup \
             (docs/operations.md, \"When the data file is damaged or gone\")",
            path.display()
        ),
        Damage::CutOff(shorter) => format!(
            "{} was cut off while it was open: nothing is acknowledged any more. Keep it and what stands beside it, and restore \
             a backup (docs/operations.md, \"When the data file is damaged or gone\")",
            shorter.display()
        ),
        Damage::Overwritten(log) => format!(
            "{} was overwritten while it was open: nothing is acknowledged any more. Keep it and what stands beside it, and \
             restore a backup (docs/operations.md, \"When the data file is damaged or gone\")",
            log.display()
        ),
        Damage::Failing => format!(
            "the data file {} cannot be read or written: the disk fails, or files may grow no larger. Nothing is acknowledged \
             any more. Mend that, then start again (docs/operations.md, \"When the data file is damaged or gone\")",
            path.display()
        ),
    })
}
