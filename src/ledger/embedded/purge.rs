//! Purging a data file: what was deleted stays in its free space, and in the write-ahead log, until it is written over
//! (decision 0024).

use std::fmt::Display;
use std::ops::Range;
use std::path::Path;
use std::thread::sleep;
use std::time::{Duration, Instant};

use rusqlite::{Connection, OpenFlags, TransactionBehavior, params};
use tokio::task::JoinError;

use crate::LedgerError;
use crate::embedded::{mark, sharing};

/// How long purging waits for whoever writes at the moment, and how long it tries to cut the write-ahead log off.
const PATIENCE: Duration = Duration::from_secs(30);

/// How long one attempt to cut the log off waits for those who read: whoever wants to write waits as long.
const ATTEMPT: Duration = Duration::from_millis(100);

/// The pause between two attempts, in which others write.
const PAUSE: Duration = Duration::from_millis(400);

/// How many pages are looked at, and overwritten, at a time: whoever wants to write waits for milliseconds.
const BATCH: u32 = 256;

/// The pause after pages were overwritten, so that whoever waits to write is not overtaken again.
const BREATH: Duration = Duration::from_millis(2);

/// Overwrites what is left of anything deleted in a data file, and cuts off its write-ahead log, so that no byte of it is
/// left in either. It may be open, here and in other processes: they go on reading and writing meanwhile.
///
/// That is so where SQLite was built to overwrite what it deletes, as this project builds it. Otherwise the file is
/// rewritten from what is in it: nobody can write for as long as copying it a few times takes, and it needs free space of
/// twice its size.
///
/// Where an engine [shares](crate::embedded::Embedded::share) the file, it is the engine that does this: whoever opens a
/// file beside it has locks and a log of his own as soon as the memory that they ought to share is gone, and would cut off
/// records that the engine believes to be there.
///
/// # Errors
/// [`LedgerError::File`] when the engine finds that its file is damaged or gone; [`LedgerError::Configuration`] when the
/// file cannot be written, when the engine does not answer, or when others are busy with it for more than half a minute.
/// Nothing is lost then, and what was deleted may still be found in its bytes; repeating purges it.
pub async fn purge(path: &Path) -> Result<(), LedgerError> {
    if let Some(engine) = sharing(path) {
        return engine.purge().await;
    }
    // As the engine names what stands beside the file, whatever link leads to it.
    let path = &std::fs::canonicalize(path).map_err(failed)?;
    if let Some(lost) = mark::log_is_gone(path) {
        return Err(lost);
    }
    purge_while(path, || None).await.map_err(failed)?;
    // Where nobody else had the file open, its log went with the purge, as it may.
    mark::remove_without_log(path);
    Ok(())
}

/// Why a file was not purged.
pub(crate) fn failed(reason: impl Display) -> LedgerError {
    LedgerError::Configuration(format!("purging the data file failed: {reason}"))
}

/// Purges a file that this process has open or nobody has, as long as nothing is wrong with it.
pub(crate) async fn purge_while(
    path: &Path,
    fault: impl Fn() -> Option<LedgerError> + Send + 'static,
) -> Result<(), Failure> {
    let owned = path.to_owned();
    tokio::task::spawn_blocking(move || purge_within(&owned, PATIENCE, &fault)).await?
}

#[derive(Debug, thiserror::Error)]
pub(crate) enum Failure {
    #[error(transparent)]
    Sqlite(#[from] rusqlite::Error),
    #[error("the write-ahead log stays in use: somebody has read from the file all the time")]
    LogInUse,
    #[error(transparent)]
    File(LedgerError),
    #[error(transparent)]
    Ended(#[from] JoinError),
}

/// What is wrong with the file, as far as that is watched.
type Fault<'a> = &'a dyn Fn() -> Option<LedgerError>;

fn purge_within(path: &Path, patience: Duration, fault: Fault) -> Result<(), Failure> {
    is_well(fault)?;
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let mut connection = Connection::open_with_flags(path, flags)?;
    connection.busy_timeout(patience)?;
    if overwrites_what_it_deletes(&connection)? {
        blank_all(&mut connection, fault)?;
    } else {
        connection.execute_batch("VACUUM")?;
    }
    cut_log(&connection, patience, fault)
}

fn is_well(fault: Fault) -> Result<(), Failure> {
    fault().map_or(Ok(()), |fault| Err(Failure::File(fault)))
}

/// Whether this SQLite was built as the project builds it: whoever wrote the file is of the same, as there is one in a
/// process, and all that open the file are of this program.
fn overwrites_what_it_deletes(connection: &Connection) -> Result<bool, Failure> {
    let overwrites = connection.query_row("PRAGMA secure_delete", [], |row| row.get::<_, bool>(0))?;
    let shows_pages = "SELECT EXISTS (SELECT 1 FROM pragma_module_list WHERE name = 'sqlite_dbpage')";
    Ok(overwrites && connection.query_row(shows_pages, [], |row| row.get(0))?)
}

/// Writes zeros over what is unallocated in the pages of the file. Pages that are free, and cells that were deleted, SQLite
/// has overwritten itself; but where it moves cells to another page, or within one, they stay where they were as well.
fn blank_all(connection: &mut Connection, fault: Fault) -> Result<(), Failure> {
    let mut next = 1;
    loop {
        let pages: u32 = connection.query_row("PRAGMA page_count", [], |row| row.get(0))?;
        if next > pages {
            return Ok(());
        }
        let end = pages.min(next.saturating_add(BATCH - 1));
        let unclean = unclean(connection, next..=end)?;
        if !unclean.is_empty() {
            is_well(fault)?;
            let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
            // Somebody may have written to them since.
            for (number, page) in self::unclean(&transaction, unclean.into_iter().map(|(number, _)| number))? {
                transaction
                    .prepare_cached("UPDATE sqlite_dbpage SET data = ?2 WHERE pgno = ?1")?
                    .execute(params![number, page])?;
            }
            transaction.commit()?;
            pause(BREATH);
        }
        next = end + 1;
    }
}

/// Those of the pages in which something is left, as they ought to be.
fn unclean(connection: &Connection, numbers: impl Iterator<Item = u32>) -> Result<Vec<(u32, Vec<u8>)>, Failure> {
    let mut read = connection.prepare_cached("SELECT data FROM sqlite_dbpage WHERE pgno = ?1")?;
    let mut unclean = Vec::new();
    for number in numbers {
        let mut page: Vec<u8> = read.query_row([number], |row| row.get(0))?;
        let Some(unallocated) = unallocated(number, &page).and_then(|range| page.get_mut(range)) else { continue };
        if unallocated.iter().any(|byte| *byte != 0) {
            unallocated.fill(0);
            unclean.push((number, page));
        }
    }
    Ok(unclean)
}

/// Where nothing stands in a page of a tree: between the list of its cells and the first of them. `None` for pages of other
/// kinds, which begin with the number of another page: a first byte like that of a tree's page would take a file of more
/// than 100 GB (SQLite's file format: b-tree pages).
fn unallocated(number: u32, page: &[u8]) -> Option<Range<usize>> {
    // In front of the first page stands the header of the file.
    let header = if number == 1 { 100 } else { 0 };
    let length = match page.get(header)? {
        2 | 5 => 12,
        10 | 13 => 8,
        _ => return None,
    };
    let two_bytes = |at: usize| Some(usize::from(u16::from_be_bytes(page.get(at..at + 2)?.try_into().ok()?)));
    let start = header + length + 2 * two_bytes(header + 3)?;
    let end = match two_bytes(header + 5)? {
        0 => 65_536,
        end => end,
    };
    (start <= end && end <= page.len()).then_some(start..end)
}

#[expect(clippy::disallowed_methods, reason = "it stands on a thread of its own that may stop")]
fn pause(time: Duration) {
    sleep(time);
}

/// Writes the log back into the file and cuts it off.
fn cut_log(connection: &Connection, patience: Duration, fault: Fault) -> Result<(), Failure> {
    let until = Instant::now() + patience;
    connection.busy_timeout(ATTEMPT)?;
    loop {
        is_well(fault)?;
        // Most of it goes back without keeping anybody from writing.
        connection.query_row("PRAGMA wal_checkpoint(PASSIVE)", [], |_| Ok(()))?;
        if !connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get::<_, bool>(0))? {
            return Ok(());
        }
        if Instant::now() >= until {
            return Err(Failure::LogInUse);
        }
        pause(PAUSE);
    }
}
