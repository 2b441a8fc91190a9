//! DynamoDB in this process: an engine on SQLite behind the real protocol on a loopback port, so that what is tested
//! and what runs on one machine is what runs in AWS. Its stream stays off: it slows every write down, and nothing
//! here depends on it.

use std::fs::{File, TryLockError};
use std::path::Path;

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::config::{BehaviorVersion, Config, Credentials, Region};
use aws_smithy_http_client::Builder;
use dynoxide::Database;
use tokio::net::TcpListener;
use tokio::sync::oneshot;

use crate::LedgerError;

/// An engine that runs until it is dropped. It has to be started inside a tokio runtime.
pub struct Embedded {
    /// Held so that no other process opens the same file.
    _lock: Option<File>,
    database: Database,
    endpoint: String,
    /// Dropping it is the signal to stop.
    _running: oneshot::Sender<()>,
}

impl Embedded {
    /// Starts an engine on a free port of the loopback interface, with its data in a file, or in memory without one.
    ///
    /// # Errors
    /// [`LedgerError::Configuration`] when the file cannot be opened, when another process has it open, or when no
    /// port can be listened on.
    pub async fn start(path: Option<&Path>) -> Result<Embedded, LedgerError> {
        let lock = path.map(lock).transpose()?;
        let database = match path {
            None => Database::memory(),
            Some(path) => {
                let text = path.to_str().ok_or_else(|| refused("the path of the data file", "it is not UTF-8"))?;
                Database::new(text)
            }
        };
        let database = database.map_err(|error| refused("opening the data file", error))?;
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.map_err(|error| refused("listening", error))?;
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
        Ok(Embedded { _lock: lock, database, endpoint: format!("http://{address}"), _running: running })
    }

    /// Where it listens, for example `http://127.0.0.1:49152`.
    pub fn endpoint(&self) -> &str {
        &self.endpoint
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
        .credentials_provider(Credentials::new("local", "local", None, None, "local engine"));
    Client::from_conf(config.build())
}

/// Two engines on one file would not know of each other's writes and leases.
fn lock(path: &Path) -> Result<File, LedgerError> {
    let mut name = path.as_os_str().to_owned();
    name.push(".lock");
    let file = File::create(&name).map_err(|error| refused("opening the data file", error))?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => {
            Err(LedgerError::Configuration("the data file is in use by another process".to_owned()))
        }
        Err(TryLockError::Error(error)) => Err(refused("locking the data file", error)),
    }
}

fn refused(doing: &str, reason: impl std::fmt::Display) -> LedgerError {
    LedgerError::Configuration(format!("{doing} for the embedded DynamoDB failed: {reason}"))
}
