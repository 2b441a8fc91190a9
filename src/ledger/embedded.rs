//! DynamoDB in this process: an engine on SQLite behind the real protocol on a loopback port, so that what is tested
//! and what runs on one machine is what runs in AWS. Its stream stays off: it slows every write down, and nothing
//! here depends on it.

use std::ffi::OsString;
use std::fs::{File, TryLockError};
use std::io::{Read, Seek, Write};
use std::path::Path;
use std::time::Duration;

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::config::{BehaviorVersion, Config, Credentials, Region};
use aws_smithy_http_client::Builder;
use dynoxide::Database;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::oneshot;
use tokio::time::{Instant, sleep};

use crate::LedgerError;

/// An engine that runs until it is dropped. It has to be started inside a tokio runtime.
pub struct Embedded {
    /// Held so that no other process opens the same file.
    lock: Option<File>,
    database: Database,
    endpoint: String,
    /// Dropping it is the signal to stop.
    _running: oneshot::Sender<()>,
}

/// How a process reaches the data in a file: see [`Embedded::join`].
pub enum Joined {
    /// Nobody had the file open: this is an engine of its own.
    Started(Embedded),
    /// An engine that another process shares, by its endpoint, for [`client_for`].
    Running(String),
}

/// How every endpoint begins.
const SCHEME: &str = "http://";

/// With what clients of a local engine sign.
const ACCESS_KEY: &str = "local";

/// How often a file that is in use is looked at again.
const LOOK_EVERY: Duration = Duration::from_millis(50);

impl Embedded {
    /// Starts an engine on a free port of the loopback interface, with its data in a file, or in memory without one.
    ///
    /// # Errors
    /// [`LedgerError::Configuration`] when the file cannot be opened, when another process has it open, or when no
    /// port can be listened on.
    pub async fn start(path: Option<&Path>) -> Result<Embedded, LedgerError> {
        Self::start_at(path, 0).await
    }

    /// Starts as [`Embedded::start`] does, on this port; 0 is any free one.
    ///
    /// # Errors
    /// As [`Embedded::start`].
    pub async fn start_at(path: Option<&Path>, port: u16) -> Result<Embedded, LedgerError> {
        let lock = match path {
            None => None,
            Some(path) => Some(lock(path)?.ok_or_else(in_use)?),
        };
        Self::start_on(path, lock, port).await
    }

    /// Reaches the data in a file, whoever has it open: joins an engine that is [shared](Embedded::share), or starts
    /// one, and where another process has the file for itself waits for it as long as `patience` lasts.
    ///
    /// # Errors
    /// As [`Embedded::start`].
    pub async fn join(path: &Path, patience: Duration) -> Result<Joined, LedgerError> {
        let until = Instant::now() + patience;
        loop {
            if let Some(lock) = lock(path)? {
                return Ok(Joined::Started(Self::start_on(Some(path), Some(lock), 0).await?));
            }
            if let Some(endpoint) = shared(path).await {
                return Ok(Joined::Running(endpoint));
            }
            if Instant::now() >= until {
                return Err(in_use());
            }
            sleep(LOOK_EVERY).await;
        }
    }

    /// Lets other processes [join](Embedded::join), by writing the endpoint into the lock file. For whoever stays: what
    /// ends in a moment would pull the engine away from under those that joined. Without a file there is nothing to do.
    ///
    /// # Errors
    /// [`LedgerError::Configuration`] when the lock file cannot be written.
    pub fn share(&mut self) -> Result<(), LedgerError> {
        let Some(lock) = &mut self.lock else { return Ok(()) };
        lock.write_all(self.endpoint.as_bytes()).map_err(|error| refused("sharing the data file", error))
    }

    async fn start_on(path: Option<&Path>, lock: Option<File>, port: u16) -> Result<Embedded, LedgerError> {
        let database = match path {
            None => Database::memory(),
            Some(path) => {
                let text = path.to_str().ok_or_else(|| refused("the path of the data file", "it is not UTF-8"))?;
                Database::new(text)
            }
        };
        let database = database.map_err(|error| refused("opening the data file", error))?;
        let listener = TcpListener::bind(("127.0.0.1", port)).await;
        let listener = listener.map_err(|error| refused(&format!("listening on port {port}"), error))?;
        let address = listener.local_addr().map_err(|error| refused("listening", error))?;
        let (running, stopped) = oneshot::channel::<()>();
        let served = database.clone();
        tokio::spawn(async move {
            let until_dropped = async {
                let _dropped = stopped.await;
            };
            if let Err(reason) = dynoxide::server::serve_with_shutdown(listener, served, until_dropped).await {
                tracing::error!(reason, "the embedded DynamoDB stopped serving");
            }
        });
        tracing::debug!(%address, in_memory = path.is_none(), "the embedded DynamoDB listens");
        Ok(Embedded { lock, database, endpoint: format!("{SCHEME}{address}"), _running: running })
    }

    /// Where it listens, for example `http://127.0.0.1:49152`.
    pub fn endpoint(&self) -> &str {
        &self.endpoint
    }

    /// The access key with which its clients sign.
    pub fn access_key(&self) -> &str {
        ACCESS_KEY
    }

    /// The engine itself, without protocol and port: for measuring what they add.
    pub fn database(&self) -> &Database {
        &self.database
    }

    /// A client of it.
    pub fn client(&self) -> Client {
        client_for(&self.endpoint)
    }
}

/// A client of a local engine: plain HTTP, with credentials that mean nothing.
pub fn client_for(endpoint: &str) -> Client {
    let config = Config::builder()
        .behavior_version(BehaviorVersion::latest())
        .endpoint_url(endpoint)
        .http_client(Builder::new().build_http())
        .region(Region::from_static("eu-south-1"))
        .credentials_provider(Credentials::new(ACCESS_KEY, ACCESS_KEY, None, None, "local engine"));
    Client::from_conf(config.build())
}

/// Two engines on one file would not know of each other's writes and leases. `None` while another process has it.
fn lock(path: &Path) -> Result<Option<File>, LedgerError> {
    // Not truncated: until the lock is ours, what stands there is its holder's.
    let mut options = File::options();
    let file = options.create(true).truncate(false).read(true).write(true).open(lock_file(path));
    let mut file = file.map_err(|error| refused("opening the data file", error))?;
    match file.try_lock() {
        Ok(()) => {
            let emptied = file.set_len(0).and_then(|()| file.rewind());
            emptied.map_err(|error| refused("locking the data file", error))?;
            Ok(Some(file))
        }
        Err(TryLockError::WouldBlock) => Ok(None),
        Err(TryLockError::Error(error)) => Err(refused("locking the data file", error)),
    }
}

/// The endpoint of whoever has the file open and shares it.
async fn shared(path: &Path) -> Option<String> {
    let mut endpoint = String::new();
    File::open(lock_file(path)).ok()?.read_to_string(&mut endpoint).ok()?;
    // What a process has left that was killed stands there until the next has emptied the file.
    TcpStream::connect(endpoint.strip_prefix(SCHEME)?).await.ok()?;
    Some(endpoint)
}

fn lock_file(path: &Path) -> OsString {
    let mut name = path.as_os_str().to_owned();
    name.push(".lock");
    name
}

fn in_use() -> LedgerError {
    LedgerError::Configuration("the data file is in use by another process".to_owned())
}

fn refused(doing: &str, reason: impl std::fmt::Display) -> LedgerError {
    LedgerError::Configuration(format!("{doing} for the embedded DynamoDB failed: {reason}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    const AT_ONCE: Duration = Duration::ZERO;

    #[tokio::test]
    async fn a_shared_engine_is_joined_and_one_that_is_not_is_waited_for() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("ledger.db");
        let mut first = Embedded::start(Some(&path)).await.unwrap();
        assert!(Embedded::join(&path, AT_ONCE).await.is_err());
        first.share().unwrap();
        let Joined::Running(endpoint) = Embedded::join(&path, AT_ONCE).await.unwrap() else { panic!("not joined") };
        assert_eq!(endpoint, first.endpoint());
        assert!(Embedded::start(Some(&path)).await.is_err(), "a second server was let in");
        drop(first);
        let Joined::Started(second) = Embedded::join(&path, AT_ONCE).await.unwrap() else { panic!("nobody is left") };
        let (waited, ()) = tokio::join!(Embedded::join(&path, Duration::from_secs(10)), async {
            sleep(LOOK_EVERY * 2).await;
            drop(second);
        });
        assert!(matches!(waited.unwrap(), Joined::Started(_)));
    }

    #[tokio::test]
    async fn what_a_killed_process_left_in_the_lock_file_is_nobodys_endpoint() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("ledger.db");
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let left = format!("{SCHEME}{}", listener.local_addr().unwrap());
        drop(listener);
        std::fs::write(lock_file(&path), &left).unwrap();
        let held = File::open(lock_file(&path)).unwrap();
        held.lock().unwrap();
        assert!(Embedded::join(&path, AT_ONCE).await.is_err());
        drop(held);
        assert!(matches!(Embedded::join(&path, AT_ONCE).await.unwrap(), Joined::Started(_)));
        assert_eq!(std::fs::read_to_string(lock_file(&path)).unwrap(), "");
    }
}
