//! Who is connected: the trusted, and the strangers, of whom there is a number.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::Notify;
use tokio::time::{Instant, sleep};

use super::Limits;
use super::body::Bodies;

/// How long somebody who has come in has to say what he wants, before another may take his place.
pub(super) const ARRIVAL: Duration = Duration::from_millis(100);

/// How soon a place for a stranger is looked for again.
const LOOK_AGAIN: Duration = Duration::from_millis(20);

/// A connection, which stands among the extensions of each of its requests.
#[derive(Clone)]
pub struct Connection(pub(super) Arc<Inner>);

pub(super) struct Inner {
    pub(super) number: u64,
    since: Instant,
    trusted: AtomicBool,
    answering: AtomicBool,
    sent_away: Notify,
    pub(super) bodies: Bodies,
}

impl Connection {
    pub(super) fn new(number: u64, bodies: Bodies) -> Self {
        let (trusted, answering) = (AtomicBool::new(false), AtomicBool::new(false));
        let (since, sent_away) = (Instant::now(), Notify::new());
        Self(Arc::new(Inner { number, since, trusted, answering, sent_away, bodies }))
    }

    /// Says that whoever is at the other end has shown a key of this start.
    pub fn trust(&self) {
        self.0.trusted.store(true, Ordering::Relaxed);
    }

    /// Says whether a request of it is being answered.
    pub(super) fn set_answering(&self, is_answering: bool) {
        self.0.answering.store(is_answering, Ordering::Relaxed);
    }

    /// Makes it end, for another.
    pub(super) fn send_away(&self) {
        self.0.sent_away.notify_one();
    }

    /// Waits until it has to end for another.
    pub(super) async fn is_sent_away(&self) {
        self.0.sent_away.notified().await;
    }

    pub(super) fn is_trusted(&self) -> bool {
        self.0.trusted.load(Ordering::Relaxed)
    }
}

/// Trusts the connection of a request from now on. One that no server of ours has brought has none.
pub fn trust(extensions: &http::Extensions) {
    if let Some(connection) = extensions.get::<Connection>() {
        connection.trust();
    }
}

/// The connections that have not shown a key, in the order of their arrival.
#[derive(Clone, Default)]
pub(super) struct Strangers(Arc<Mutex<BTreeMap<u64, Connection>>>);

impl Strangers {
    pub(super) fn here(&self) -> MutexGuard<'_, BTreeMap<u64, Connection>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits until there is a place for one more, and makes it where somebody has been here long enough. Whoever is not
    /// being answered goes first: a burst of real requests waits for each other, as they would in a queue.
    pub(super) async fn make_room(&self, limits: Limits) {
        loop {
            {
                let mut here = self.here();
                here.retain(|_, connection| !connection.is_trusted());
                if here.len() < limits.strangers {
                    return;
                }
                let may_go = |connection: &Connection| {
                    let answering = connection.0.answering.load(Ordering::Relaxed);
                    connection.0.since.elapsed() >= if answering { limits.undisturbed } else { ARRIVAL }
                };
                let oldest = here.iter().find(|(_, connection)| may_go(connection)).map(|(number, _)| *number);
                if let Some(connection) = oldest.and_then(|number| here.remove(&number)) {
                    connection.send_away();
                    return;
                }
            }
            sleep(LOOK_AGAIN).await;
        }
    }
}
