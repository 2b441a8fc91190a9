//! The local worker: carries out what is pending. In AWS the stream and the schedule do this.

use std::path::PathBuf;
use std::sync::Arc;
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
        let tasks = vec![
            tokio::spawn(work(moderation.clone(), Arc::clone(&wake), stopped.clone())),
            tokio::spawn(poll(moderation.clone(), Arc::clone(&wake), stopped.clone())),
            tokio::spawn(erase(moderation.clone(), data, stopped.clone())),
            tokio::spawn(reconcile(moderation.clone(), stopped)),
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

async fn erase(moderation: Moderation, data: Option<PathBuf>, mut stopped: watch::Receiver<bool>) {
    let mut ticks = tokio::time::interval(ERASE_EVERY);
    while !*stopped.borrow() {
        tokio::select! {
            _ = ticks.tick() => {}
            _ = stopped.changed() => return,
        }
        let erased = match moderation.carry_erasures_on().await {
            Ok(erasures) => erasures.done > 0,
            Err(error) => {
                tracing::warn!(%error, "erasures that are under way could not be carried on; trying again");
                false
            }
        };
        if let (true, Some(data)) = (erased, &data)
            && let Err(error) = purge(data).await
        {
            tracing::error!(%error, "what was erased may still stand in the bytes of the data file; the night tries again");
        }
    }
}

async fn reconcile(moderation: Moderation, mut stopped: watch::Receiver<bool>) {
    while !*stopped.borrow() {
        tokio::select! {
            () = tokio::time::sleep(RECONCILE_EVERY) => {}
            _ = stopped.changed() => return,
        }
        if let Err(error) = moderation.reconcile(Pace::Regular).await {
            tracing::warn!(%error, "what is recorded could not be compared with what is so; the next hour tries again");
        }
    }
}
