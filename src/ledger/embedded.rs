//! DynamoDB in this process: an engine on SQLite behind the real protocol on a loopback port, so that what is tested
//! and what runs on one machine is what runs in AWS. Its stream stays off: it slows every write down, and nothing
//! here depends on it.

mod check;
mod door;
mod index;
mod lock;
mod log;
mod mark;
mod own;
pub(crate) mod purge;
mod repeated;
mod watch;

use std::path::Path;
use std::time::Duration;

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::config::{BehaviorVersion, Config, Credentials, Region};
use aws_smithy_http_client::Builder;
use dynoxide::Database;
use local::door::Key;
use local::serving::{self, Limits};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::AbortHandle;
use tokio::time::{Instant, sleep, timeout};

use crate::LedgerError;
use door::Present;
use lock::{Asked, Lock, shared};

use crate::embedded::purge::failed;
pub use crate::embedded::purge::purge;
pub use own::is_of_a_ledger;
pub use watch::Watch;

/// An engine that runs until it is dropped. It has to be started inside a tokio runtime.
pub struct Embedded {
    remote: Remote,
    server: AbortHandle,
    database: Database,
    at_the_door: Present,
    watch: Option<Watch>,
    /// Held so that no other process opens the same file. Goes last.
    lock: Option<Lock>,
}

/// An engine on a port of this machine, and the key that it asks for. Its `Debug` does not show the key.
#[derive(Clone, Debug)]
pub struct Remote {
    endpoint: String,
    key: Key,
}

/// How a process reaches the data in a file: see [`Embedded::join`].
pub enum Joined {
    /// Nobody had the file open: this is an engine of its own.
    Started(Embedded),
    /// An engine that another process shares.
    Running(Remote),
}

/// How every endpoint begins.
const SCHEME: &str = "http://";

/// How long an engine has to prove itself.
const PROOF_TIMEOUT: Duration = Duration::from_secs(5);

/// The longest answer that is read of an engine that is asked by hand, in bytes, headers and all.
const LONGEST_ANSWER: u64 = 16 * 1024;

/// How long an engine has to purge its file: some gigabytes take minutes.
const PURGE_TIMEOUT: Duration = Duration::from_secs(30 * 60);

/// How often a file that is in use is looked at again.
const LOOK_EVERY: Duration = Duration::from_millis(50);

impl Embedded {
    /// Starts an engine on a free port of the loopback interface, with its data in a file, or in memory without one.
    ///
    /// # Errors
    /// [`LedgerError::Configuration`] when the file cannot be opened or has several names, when another process has it
    /// open, or when no port can be listened on; [`LedgerError::File`] when it is damaged, which is found out by reading
    /// all of it.
    pub async fn start(path: Option<&Path>) -> Result<Embedded, LedgerError> {
        Self::start_at(path, 0).await
    }

    /// Starts as [`Embedded::start`] does, on this port; 0 is any free one.
    ///
    /// # Errors
    /// As [`Embedded::start`].
    pub async fn start_at(path: Option<&Path>, port: u16) -> Result<Embedded, LedgerError> {
        let lock = match path.map(Lock::ask).transpose()? {
            None => None,
            Some(Asked::Ours(lock)) => Some(lock),
            Some(Asked::Held(holder)) => return Err(in_use(&holder)),
        };
        Self::start_on(lock, port).await
    }

    /// Reaches the data in a file, whoever has it open: joins an engine that is [shared](Embedded::share), or starts
    /// one, and where another process has the file for itself waits for it as long as `patience` lasts.
    ///
    /// # Errors
    /// As [`Embedded::start`].
    pub async fn join(path: &Path, patience: Duration) -> Result<Joined, LedgerError> {
        let until = Instant::now() + patience;
        loop {
            let holder = match Lock::ask(path)? {
                Asked::Ours(lock) => return Ok(Joined::Started(Self::start_on(Some(lock), 0).await?)),
                Asked::Held(holder) => holder,
            };
            if let Some(remote) = shared(path)
                && remote.answers().await
            {
                return Ok(Joined::Running(remote));
            }
            if Instant::now() >= until {
                return Err(in_use(&holder));
            }
            sleep(LOOK_EVERY).await;
        }
    }

    /// Lets other processes of the file's owner [join](Embedded::join), by writing endpoint and key into the lock file. For
    /// whoever stays: what ends in a moment would pull the engine away from under those that joined. Without a file there
    /// is nothing to do.
    ///
    /// # Errors
    /// [`LedgerError::Configuration`] when the lock file cannot be written.
    pub fn share(&mut self) -> Result<(), LedgerError> {
        self.lock.as_ref().map_or(Ok(()), |lock| lock.share(&self.remote))
    }

    async fn start_on(lock: Option<Lock>, port: u16) -> Result<Embedded, LedgerError> {
        let database = match lock.as_ref().map(Lock::path) {
            None => Database::memory(),
            Some(path) => {
                check::before_opening(path).await?;
                let text = path.to_str().ok_or_else(|| refused("the path of the data file", "it is not UTF-8"))?;
                Database::new(text)
            }
        };
        let database = database.map_err(|error| refused("opening the data file", error))?;
        let listener = TcpListener::bind(("127.0.0.1", port)).await;
        let listener = listener.map_err(|error| refused(&format!("listening on port {port}"), error))?;
        let address = listener.local_addr().map_err(|error| refused("listening", error))?;
        let key = Key::random();
        let at_the_door = Present::new(database.clone());
        let watch = lock.as_ref().map(|lock| Watch::over(lock.path())).transpose()?;
        if let Some(lock) = &lock {
            mark::set(lock.path()).map_err(|error| refused("marking the data file as open", error))?;
        }
        let router = door::router(at_the_door.clone(), key.clone(), watch.clone());
        let server = tokio::spawn(serving::serve(listener, router, Limits::default())).abort_handle();
        tracing::debug!(%address, in_memory = lock.is_none(), "the embedded DynamoDB listens");
        let remote = Remote { endpoint: format!("{SCHEME}{address}"), key };
        Ok(Embedded { remote, server, database, at_the_door, watch, lock })
    }

    /// Where it listens, for example `http://127.0.0.1:49152`.
    pub fn endpoint(&self) -> &str {
        &self.remote.endpoint
    }

    /// The access key id with which requests have to be signed: random, another one at each start. Whoever has it reads
    /// and changes everything. The secret that belongs to it may be anything, because the key is all that is checked.
    pub fn access_key(&self) -> &Key {
        &self.remote.key
    }

    /// The engine itself, without protocol and port: for measuring what they add.
    pub fn database(&self) -> &Database {
        &self.database
    }

    /// What tells whether the data file is well; `None` where the data is in memory.
    pub fn watch(&self) -> Option<Watch> {
        self.watch.clone()
    }

    /// A client of it.
    pub fn client(&self) -> Client {
        self.remote.client()
    }
}

impl Drop for Embedded {
    fn drop(&mut self) {
        self.server.abort();
        // Connections go on for a moment, and the lock goes now.
        self.at_the_door.take_away();
        // Closing would write the log back: by an index that no longer fits, or into a file that is looked into afterwards. What
        // is whole of the log, the next who opens the file finds, and the mark tells them that it is needed.
        if self.watch.as_ref().is_some_and(|watch| watch.fault().is_some()) {
            std::mem::forget(self.database.clone());
        } else if let Some(lock) = &self.lock {
            mark::remove(lock.path());
        }
    }
}

impl Remote {
    /// A client of it.
    pub fn client(&self) -> Client {
        client(&self.endpoint, self.key.expose())
    }

    /// Whether an engine listens there that has the key. It has to prove that before it is shown to it: whoever has the
    /// port of an engine that was killed is somebody else.
    async fn answers(&self) -> bool {
        matches!(timeout(PROOF_TIMEOUT, self.proves_itself()).await, Ok(Ok(true)))
    }

    async fn proves_itself(&self) -> std::io::Result<bool> {
        let Some(address) = self.endpoint.strip_prefix(SCHEME) else { return Ok(false) };
        let nonce = Key::random();
        let (name, nonce) = (door::NONCE, nonce.expose());
        let request = format!("GET / HTTP/1.1\r\nhost: {address}\r\n{name}: {nonce}\r\nconnection: close\r\n\r\n");
        let (_, shown) = asked(address, &request).await?;
        Ok(door::proof(&self.key, nonce).is_some_and(|proof| Key::agreed(proof).is(&shown)))
    }

    /// Has the engine purge the file that it has open: whoever opens it beside the engine cannot know whether they share
    /// their memory.
    pub(crate) async fn purge(&self) -> Result<(), LedgerError> {
        const SILENT: &str = "the server that has it open does not answer";
        let Some(address) = self.endpoint.strip_prefix(SCHEME) else { return Err(failed(SILENT)) };
        if !self.answers().await {
            return Err(failed(SILENT));
        }
        let (target, key) = (door::PURGE, self.key.expose());
        let request = format!(
            "POST / HTTP/1.1\r\nhost: {address}\r\nauthorization: AWS4-HMAC-SHA256 Credential={key}/\r\nx-amz-target: \
             {target}\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"
        );
        let answer = timeout(PURGE_TIMEOUT, asked(address, &request)).await;
        match answer {
            Ok(Ok((200, _))) => Ok(()),
            Ok(Ok((_, body))) => {
                Err(door::told(&body).unwrap_or_else(|| failed("the server that has it open refuses")))
            }
            Ok(Err(error)) => Err(failed(error)),
            Err(_) => Err(failed(SILENT)),
        }
    }
}

/// Sends a request on a connection of its own: the status and the body that are answered.
async fn asked(address: &str, request: &str) -> std::io::Result<(u16, String)> {
    let mut stream = TcpStream::connect(address).await?;
    stream.write_all(request.as_bytes()).await?;
    let mut answer = Vec::new();
    stream.take(LONGEST_ANSWER).read_to_end(&mut answer).await?;
    let answer = String::from_utf8_lossy(&answer);
    let (head, body) = answer.split_once("\r\n\r\n").unwrap_or_default();
    let status = head.split_whitespace().nth(1).and_then(|status| status.parse().ok());
    Ok((status.unwrap_or_default(), body.to_owned()))
}

/// The engine that has a data file open and shares it.
pub(crate) fn sharing(path: &Path) -> Option<Remote> {
    shared(path)
}

/// A client of a local engine that asks for no key, such as AWS's DynamoDB Local: plain HTTP, with credentials that mean
/// nothing.
pub fn client_for(endpoint: &str) -> Client {
    client(endpoint, "local")
}

fn client(endpoint: &str, access_key: &str) -> Client {
    let config = Config::builder()
        .behavior_version(BehaviorVersion::latest())
        .endpoint_url(endpoint)
        .http_client(Builder::new().build_http())
        .region(Region::from_static("eu-south-1"))
        .credentials_provider(Credentials::new(access_key, "local", None, None, "local engine"));
    Client::from_conf(config.build())
}

fn in_use(holder: &str) -> LedgerError {
    LedgerError::Configuration(format!("the data file is in use by {holder}"))
}

fn refused(doing: &str, reason: impl std::fmt::Display) -> LedgerError {
    LedgerError::Configuration(format!("{doing} for the embedded DynamoDB failed: {reason}"))
}

#[cfg(test)]
mod tests;
