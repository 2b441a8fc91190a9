//! Whether a data file is whole, as far as SQLite can tell: the structure of every table and index. A letter that was
//! changed within a record is not noticed here, but by `audit verify`, and in the casebook by nothing.

use std::collections::BTreeSet;
use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::config::DbConfig;
use rusqlite::{Connection, ErrorCode, OpenFlags};

use super::lock::named;
use super::{mark, refused, watch};
use crate::LedgerError;

/// How long a check waits for whoever has the file for itself at the moment.
const PATIENCE: Duration = Duration::from_secs(30);

/// What is wrong with a file, so that nothing more is read from it or written to it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Damage {
    /// Its structure, in these tables; in none where it is what holds them together.
    Structure(BTreeSet<String>),
    /// This file, the data file or one beside it, is shorter than it was.
    CutOff(PathBuf),
    /// What stands in its log is no longer what was written there.
    Overwritten(PathBuf),
    /// The system refuses to read it or to write it.
    Failing,
}

impl Damage {
    /// Damage of which the engine does not tell where it is.
    pub(super) const fn somewhere() -> Self {
        Self::Structure(BTreeSet::new())
    }

    /// The damage that SQLite has met, if that is what an error says.
    pub(super) fn met(error: &rusqlite::Error) -> Option<Self> {
        match error.sqlite_error_code()? {
            ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase => Some(Self::somewhere()),
            ErrorCode::SystemIoFailure => Some(Self::Failing),
            _ => None,
        }
    }
}

impl fmt::Display for Damage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let tables = match self {
            Self::Structure(tables) => tables,
            Self::CutOff(path) => return write!(f, "{} was cut off", path.display()),
            Self::Overwritten(path) => return write!(f, "{} was overwritten", path.display()),
            Self::Failing => return f.write_str("the disk fails, or files may grow no larger"),
        };
        match tables.len() {
            0 => f.write_str("its header, its end, the list of its tables or its free space"),
            1 => write!(f, "the table {}", tables.iter().next().map_or("", String::as_str)),
            _ => write!(f, "the tables {}", tables.iter().map(String::as_str).collect::<Vec<_>>().join(" and ")),
        }
    }
}

/// Checks a file before it is opened.
///
/// # Errors
/// [`LedgerError::File`] when it is damaged, empty beside its log, or without the log that it was left with.
pub(super) async fn before_opening(path: &Path) -> Result<(), LedgerError> {
    let length = |path: &Path| fs::metadata(path).map_or(0, |metadata| metadata.len());
    let log = named(path, "-wal");
    // SQLite takes the log away when the last who uses it ends, and has written into the file before it makes one: a log
    // alone, though nothing stands in it any more, is that of a file with records.
    if length(path) == 0 && Path::new(&log).exists() {
        return Err(LedgerError::File(format!(
            "the data file {0} is gone or empty, though its log {1} is there: no empty ledger takes its place. Put the \
             file back beside its log, or move the log away and restore a backup (docs/operations.md, \"When the data \
             file is damaged or gone\")",
            path.display(),
            log.display()
        )));
    }
    let owned = path.to_owned();
    let lost = tokio::task::spawn_blocking(move || mark::log_is_lost(&owned)).await;
    if let Some(lost) = lost.map_err(|ended| refused("checking the data file", ended))? {
        return Err(lost);
    }
    match damage(path).await? {
        Some(damage) => Err(watch::damaged(path, &damage)),
        None => Ok(()),
    }
}

/// What is damaged in a file, which may be open.
///
/// # Errors
/// When the file cannot be looked into for another reason.
pub(super) async fn damage(path: &Path) -> Result<Option<Damage>, LedgerError> {
    let owned = path.to_owned();
    let found = tokio::task::spawn_blocking(move || look(&owned)).await;
    match found {
        Ok(Ok(found)) => Ok(found),
        Ok(Err(error)) => match Damage::met(&error) {
            Some(damage) => Ok(Some(damage)),
            None => Err(refused("checking the data file", error)),
        },
        Err(ended) => Err(refused("checking the data file", ended)),
    }
}

fn look(path: &Path) -> Result<Option<Damage>, rusqlite::Error> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags)?;
    connection.busy_timeout(PATIENCE)?;
    // A file that is damaged stays as it is, with what is in its log not written back.
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true)?;
    match is_whole(&connection, None) {
        Ok(true) if ends_within_a_page(&connection, path)? => return Ok(Some(Damage::somewhere())),
        Ok(true) => return Ok(None),
        Ok(false) => {}
        Err(error) if Damage::met(&error) == Some(Damage::somewhere()) => {}
        Err(error) => return Err(error),
    }
    // Which tables, as far as the list of them can be read.
    let names = || -> Result<Vec<String>, rusqlite::Error> {
        let mut statement = connection.prepare("SELECT name FROM sqlite_master WHERE type = 'table'")?;
        statement.query_map([], |row| row.get(0))?.collect()
    };
    let tables = names().unwrap_or_default().into_iter();
    let damaged = tables.filter(|table| !matches!(is_whole(&connection, Some(table)), Ok(true)));
    // An index is a table of its own, named behind that which it belongs to.
    let damaged = damaged.map(|table| table.split("::").next().unwrap_or_default().to_owned());
    Ok(Some(Damage::Structure(damaged.collect())))
}

/// Whether the last page of a file is not all there, which SQLite fills up with zeros and takes for whole. While something
/// stands in the log, that may be a page that is still to be written back.
fn ends_within_a_page(connection: &Connection, path: &Path) -> Result<bool, rusqlite::Error> {
    let length = |path: &Path| fs::metadata(path).map_or(0, |metadata| metadata.len());
    let page: u32 = connection.query_row("PRAGMA page_size", [], |row| row.get(0))?;
    Ok(length(Path::new(&named(path, "-wal"))) == 0 && !length(path).is_multiple_of(u64::from(page)))
}

fn is_whole(connection: &Connection, table: Option<&str>) -> Result<bool, rusqlite::Error> {
    let check = match table {
        None => "PRAGMA quick_check(1)".to_owned(),
        Some(table) => format!("PRAGMA quick_check(\"{}\")", table.replace('"', "\"\"")),
    };
    Ok(connection.query_row(&check, [], |row| row.get::<_, String>(0))? == "ok")
}
