//! What is logged while a story runs.

use std::io;
use std::sync::{Arc, LazyLock, Mutex, MutexGuard, PoisonError};

use tracing::Dispatch;
use tracing::subscriber::{DefaultGuard, NoSubscriber};
use tracing_subscriber::fmt::MakeWriter;

/// Somebody else who listens, and to nothing. While there is one listener only, `tracing` decides by whoever comes to a
/// line first whether it is ever written; and that may be the thread of another story, to which nobody listens.
static NOBODY: LazyLock<Dispatch> = LazyLock::new(|| Dispatch::new(NoSubscriber::default()));

/// A log in memory, into which a subscriber writes.
#[derive(Clone, Default)]
pub struct Log(Arc<Mutex<Vec<u8>>>);

/// What this thread logs goes to this subscriber, as long as the guard is held.
pub fn listen(subscriber: impl Into<Dispatch>) -> DefaultGuard {
    LazyLock::force(&NOBODY);
    tracing::dispatcher::set_default(&subscriber.into())
}

impl Log {
    /// Everything that was written.
    pub fn text(&self) -> String {
        String::from_utf8(self.bytes().clone()).unwrap()
    }

    /// Everything that was written since the last time.
    pub fn take(&self) -> String {
        String::from_utf8(std::mem::take(&mut *self.bytes())).unwrap()
    }

    fn bytes(&self) -> MutexGuard<'_, Vec<u8>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl io::Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.bytes().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for Log {
    type Writer = Log;

    fn make_writer(&'a self) -> Log {
        self.clone()
    }
}
