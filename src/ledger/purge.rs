//! Purging a data file: what was deleted stays in its free space, and in the write-ahead log, until it is written over
//! (decision 0024).

use std::path::Path;
use std::thread::sleep;
use std::time::Duration;

use rusqlite::{Connection, OpenFlags};

use crate::LedgerError;

/// How long purging waits for whoever writes, or reads, at the moment.
const PATIENCE: Duration = Duration::from_secs(30);

/// How often the write-ahead log is tried to be emptied, with this pause between.
const ATTEMPTS: u32 = 100;
const PAUSE: Duration = Duration::from_millis(50);

/// Rewrites a data file from what is in it, so that no byte of anything deleted is left in the file, nor in its write-ahead
/// log. It may be open, here and in other processes: they go on reading, and their writes wait until it is rewritten,
/// which takes as long as copying the file a few times. It needs free space of twice its size.
///
/// # Errors
/// [`LedgerError::Configuration`] when the file cannot be rewritten, or when others are busy with it for too long. Nothing
/// is lost then, and what was deleted may still be found in its bytes; repeating purges it.
pub async fn purge(path: &Path) -> Result<(), LedgerError> {
    let owned = path.to_owned();
    let rewritten = tokio::task::spawn_blocking(move || rewrite(&owned)).await;
    let reason = match rewritten {
        Ok(Ok(())) => return Ok(()),
        Ok(Err(reason)) => reason,
        Err(ended) => ended.to_string(),
    };
    Err(LedgerError::Configuration(format!("purging the data file failed: {reason}")))
}

#[expect(clippy::disallowed_methods, reason = "it stands on a thread of its own that may stop")]
fn rewrite(path: &Path) -> Result<(), String> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags).map_err(|error| error.to_string())?;
    connection.busy_timeout(PATIENCE).map_err(|error| error.to_string())?;
    connection.execute_batch("VACUUM").map_err(|error| error.to_string())?;
    // All of the file is in the log now, beside what was there before: both go into the file, and the log is cut off.
    for _ in 0..ATTEMPTS {
        let is_busy = connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get::<_, bool>(0));
        if !is_busy.map_err(|error| error.to_string())? {
            return Ok(());
        }
        sleep(PAUSE);
    }
    Err("the write-ahead log stays in use".to_owned())
}
