//! The local worker: carries out what is pending. In AWS the stream and the schedule do this.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use jiff::SignedDuration;
use ledger::LedgerError;
use ledger::embedded::purge;
use moderation::{Hands, Moderation, Pace};
use tokio::sync::{Mutex, Notify, watch};
use tokio::task::JoinHandle;
use tokio::time::MissedTickBehavior;

use crate::serve::nights::Nights;

/// How long the worker sleeps when nobody wakes it: what waits for a later time is found that late at most.
const NAP: Duration = Duration::from_secs(1);

/// What is due later than this is not waited for.
const FAR: SignedDuration = SignedDuration::from_hours(1);

/// How often the platforms that do not push are read, as in the deployed schedule.
const POLL_EVERY: Duration = Duration::from_secs(120);

/// How often what is recorded is compared with what is so, as in the deployed schedule; the first time after as long.
const RECONCILE_EVERY: Duration = Duration::from_secs(3600);

/// How often erasures are carried on that had to wait: by hand nobody should wait an hour for it.
const ERASE_EVERY: Duration = Duration::from_secs(60);

/// A running worker. Clones control the same one.
#[derive(Clone)]
pub struct Worker {
    moderation: Moderation,
    wake: Arc<Notify>,
    stop: watch::Sender<bool>,
    tasks: Arc<Mutex<Vec<JoinHandle<()>>>>,
}

impl Worker {
    /// Starts working, polling and reconciling. `data` is the file that the ledger is kept in, where it is one of ours.
    pub fn start(moderation: Moderation, data: Option<PathBuf>) -> Self {
        let wake = Arc::new(Notify::new());
        let (stop, stopped) = watch::channel(false);
        let purging = Arc::new(Purging { data, due: AtomicBool::new(false) });
        let tasks = vec![
            tokio::spawn(work(moderation.clone(), Arc::clone(&wake), stopped.clone())),
            tokio::spawn(poll(moderation.clone(), Arc::clone(&wake), stopped.clone())),
            tokio::spawn(erase(moderation.clone(), Arc::clone(&purging), ERASE_EVERY, stopped.clone())),
            tokio::spawn(reconcile(moderation.clone(), purging, RECONCILE_EVERY, stopped)),
        ];
        Self { moderation, wake, stop, tasks: Arc::new(Mutex::new(tasks)) }
    }

    /// A worker that does nothing, for measuring and testing what others do.
    pub fn idle(moderation: Moderation, _data: Option<PathBuf>) -> Self {
        Self { moderation, wake: Arc::default(), stop: watch::Sender::new(false), tasks: Arc::default() }
    }

    /// Does the nights as well from now on.
    pub async fn watch(&self, nights: Nights) {
        self.tasks.lock().await.push(tokio::spawn(nights.watch(self.stop.subscribe())));
    }

    /// Tells it that something became pending.
    pub fn wake(&self) {
        self.wake.notify_one();
    }

    /// Waits until nothing is pending any more but what has its time far ahead, such as the end of a block.
    pub async fn settled(&self) -> Result<(), LedgerError> {
        let (ledger, clock) = (self.moderation.ledger(), self.moderation.clock());
        while ledger.next_due().await?.is_some_and(|due| due.duration_since(clock.now()) < FAR) {
            self.wake();
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        Ok(())
    }

    /// Finishes what is in hand and stops.
    pub async fn stop(&self) {
        // It fails only when all tasks have ended already.
        let _ = self.stop.send(true);
        self.wake();
        for task in self.tasks.lock().await.drain(..) {
            if let Err(error) = task.await {
                tracing::error!(%error, "a worker task ended abnormally");
            }
        }
    }
}

async fn work(moderation: Moderation, wake: Arc<Notify>, mut stopped: watch::Receiver<bool>) {
    let mut hands = Hands::new(moderation);
    let mut naps = tokio::time::interval(NAP);
    naps.set_missed_tick_behavior(MissedTickBehavior::Delay);
    while !*stopped.borrow() {
        let look = tokio::select! {
            _ = naps.tick() => true,
            () = wake.notified() => true,
            Some(()) = hands.finish_one() => hands.wants_more(),
            _ = stopped.changed() => false,
        };
        if look && let Err(error) = hands.take().await {
            tracing::warn!(%error, "what is pending cannot be read; trying again");
        }
    }
    while hands.finish_one().await.is_some() {}
}

async fn poll(moderation: Moderation, wake: Arc<Notify>, mut stopped: watch::Receiver<bool>) {
    let mut ticks = tokio::time::interval(POLL_EVERY);
    while !*stopped.borrow() {
        tokio::select! {
            _ = ticks.tick() => {}
            _ = stopped.changed() => return,
        }
        for (_, result) in moderation.poll(Pace::Regular).await {
            if result.is_ok_and(|polled| polled.received.has_work()) {
                wake.notify_one();
            }
        }
    }
}

/// The data file, and whether something was erased from it that is still in its bytes. What a process leaves behind that ends
/// in between, the next one purges when it starts.
struct Purging {
    data: Option<PathBuf>,
    due: AtomicBool,
}

impl Purging {
    /// Some authors were erased: whoever did it.
    fn erased(&self, authors: usize) {
        self.due.fetch_or(authors > 0, Ordering::Relaxed);
    }

    /// Purges the file, if anything was erased from it since the last time.
    async fn catch_up(&self) {
        let Some(data) = &self.data else { return };
        if !self.due.swap(false, Ordering::Relaxed) {
            return;
        }
        if let Err(error) = purge(data).await {
            self.due.store(true, Ordering::Relaxed);
            tracing::error!(%error, "what was erased may still stand in the bytes of the data file; trying again");
        }
    }
}

async fn erase(moderation: Moderation, purging: Arc<Purging>, every: Duration, mut stopped: watch::Receiver<bool>) {
    let mut ticks = tokio::time::interval(every);
    while !*stopped.borrow() {
        tokio::select! {
            _ = ticks.tick() => {}
            _ = stopped.changed() => return,
        }
        match moderation.carry_erasures_on().await {
            Ok(erasures) => purging.erased(erasures.done),
            Err(error) => tracing::warn!(%error, "erasures that are under way could not be carried on; trying again"),
        }
        purging.catch_up().await;
    }
}

async fn reconcile(moderation: Moderation, purging: Arc<Purging>, every: Duration, mut stopped: watch::Receiver<bool>) {
    while !*stopped.borrow() {
        tokio::select! {
            () = tokio::time::sleep(every) => {}
            _ = stopped.changed() => return,
        }
        match moderation.reconcile(Pace::Regular).await {
            // Within a minute it is taken out of the bytes as well.
            Ok(reconciled) => purging.erased(reconciled.erased),
            Err(error) => {
                tracing::warn!(%error, "what is recorded could not be compared with what is so; the next hour tries again");
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::Path;

    use ledger::{ErasureGround, ErasureRequest};
    use moderation::Clock;
    use platforms::Client;
    use policy::{Platform, PlatformUserId};
    use sandbox::NewComment;

    use super::*;
    use crate::cli::ServeOptions;
    use crate::policies;
    use crate::serve::server::Server;

    const WORD: &str = "canarinoerasure";
    const PERSON: &str = "9009009009";
    const SHORT: Duration = Duration::from_millis(20);

    fn is_found(folder: &Path) -> bool {
        let files = fs::read_dir(folder).unwrap().map(|entry| fs::read(entry.unwrap().path()).unwrap_or_default());
        files.flatten().collect::<Vec<u8>>().windows(WORD.len()).any(|bytes| bytes == WORD.as_bytes())
    }

    async fn eventually(mut holds: impl AsyncFnMut() -> bool) {
        let waiting = async {
            while !holds().await {
                tokio::time::sleep(SHORT).await;
            }
        };
        tokio::time::timeout(Duration::from_secs(60), waiting).await.expect("not in time");
    }

    /// A server on a file in which somebody has written, who is to be erased; and what works five minutes later.
    async fn asked(folder: &Path) -> (Server, Moderation, Arc<Purging>) {
        let data = folder.join("ledger.db");
        let options = ServeOptions { data: Some(data.clone()), ..ServeOptions::in_memory() };
        let server = Server::start_with(&options, policies::load(None).unwrap(), Worker::idle).await.unwrap();
        let moderation = server.moderation();
        let accounts = &moderation.policy().accounts;
        let page = accounts.iter().find(|account| account.platform == Platform::Facebook).unwrap().id.clone();
        let comment = NewComment::new(page.as_str(), PERSON, "Persona", &format!("sei un coglione di merda {WORD}"));
        server.sandbox().add_comment(Platform::Facebook, comment).unwrap();
        server.sandbox().settled().await;
        while moderation.sweep(100).await.unwrap().due > 0 {}
        let ledger = moderation.ledger();
        let authors = ledger.pseudonyms(Platform::Facebook, &PlatformUserId::new(PERSON));
        let request = ErasureRequest {
            authors: &authors,
            platform: Some(Platform::Facebook),
            ground: ErasureGround::Platform,
            by: None,
            reason: None,
        };
        let now = moderation.clock().now();
        ledger.request_erasure(&request, now).await.unwrap();
        assert!(is_found(folder));
        let later = Clock::starting_at(now + SignedDuration::from_mins(5));
        let policy = Arc::new(policies::load(None).unwrap());
        let client = Client::new(server.endpoints().clone(), server.settings().tokens().clone()).unwrap();
        let later = Moderation::new(policy, ledger.clone(), client, later);
        (server, later, Arc::new(Purging { data: Some(data), due: AtomicBool::new(false) }))
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn an_erasure_that_is_carried_on_is_taken_out_of_the_bytes() {
        let folder = tempfile::tempdir().unwrap();
        let (server, later, purging) = asked(folder.path()).await;
        let (stop, stopped) = watch::channel(false);
        let working = tokio::spawn(erase(later, purging, SHORT, stopped));
        eventually(async || !is_found(folder.path())).await;
        stop.send(true).unwrap();
        working.await.unwrap();
        server.stop().await;
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn an_erasure_that_the_reconciliation_ends_is_taken_out_of_the_bytes_as_well() {
        let folder = tempfile::tempdir().unwrap();
        let (server, later, purging) = asked(folder.path()).await;
        let (stop, stopped) = watch::channel(false);
        let working = tokio::spawn(reconcile(later.clone(), Arc::clone(&purging), SHORT, stopped.clone()));
        eventually(async || later.ledger().erasures_under_way().await.unwrap().is_empty()).await;
        eventually(async || purging.due.load(Ordering::Relaxed)).await;
        // What runs every minute finds nothing to carry on, and purges.
        let purges = tokio::spawn(erase(later, purging, SHORT, stopped));
        eventually(async || !is_found(folder.path())).await;
        stop.send(true).unwrap();
        working.await.unwrap();
        purges.await.unwrap();
        server.stop().await;
    }
}
