//! Contributions of which only the reference arrived: they wait here until they are read and judged.

use jiff::{SignedDuration, Timestamp};
use policy::{AccountId, Contribution, ContributionId, Platform, Surface, ThreadId};
use serde::{Deserialize, Serialize};

use crate::case::is_false;
use crate::table::item::{Item, expiry, from_item, to_attribute, to_item};
use crate::table::tables::{EXPIRES, Table};
use crate::table::write::{Change, Write, Written};
use crate::{Ledger, LedgerError, Recorded, Reference, Task};

/// How often [`Ledger::defer`] starts anew when the item comes and goes under its hands.
const DEFER_ATTEMPTS: u32 = 10;

/// How many revisions are kept of what came along with a reference; the latest. Nobody writes more in the seconds until it
/// is read, and all of them have to fit into one item.
const MAX_WRITTEN: usize = 8;
/// The longest text that is kept of each, in bytes: Facebook allows 8,000 characters.
const MAX_WRITTEN_BYTES: usize = 32 * 1024;

/// For how long it is remembered that a contribution was rewritten while it was read.
const RESTLESS_FOR: SignedDuration = SignedDuration::from_hours(1);

/// The reference to a contribution of which not everything came along that is to be judged.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Unread {
    /// Where it stands.
    pub platform: Platform,
    /// On which of our accounts.
    pub account: AccountId,
    /// Where exactly.
    pub surface: Surface,
    /// Which one.
    pub id: ContributionId,
    /// What it hangs on, where the reference says so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub thread: Option<ThreadId>,
    /// When it was written, where the reference says so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at: Option<Timestamp>,
    /// What came along of it: its text without its author, one for each revision. Personal, and gone with the reference.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub written: Vec<Contribution>,
    /// Whether it was judged already, and is read to see what stands there now: its deliveries do not tell.
    #[serde(default, skip_serializing_if = "is_false")]
    pub look: bool,
}

/// A reading that was taken up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReadWork {
    /// What to read.
    pub unread: Unread,
    /// How logs and tasks name it.
    pub reference: Reference,
    /// How often the platform was asked for it, this time included.
    pub attempts: u32,
    /// When its reference arrived.
    pub deferred_at: Timestamp,
    arrivals: u32,
    version: u64,
}

/// What came of a reading.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(clippy::large_enum_variant, reason = "a worker holds one at a time, and moves it once")]
pub enum ReadOutcome {
    /// It was read, and what came of that is durable; or there is nothing to read any more.
    Done,
    /// It has to be tried again.
    Again {
        /// When.
        at: Timestamp,
        /// Whether the platform was asked: else it does not count as an attempt.
        asked: bool,
        /// Whether nothing at all is to be asked of the account until then: that time counts as none in which it could
        /// have been read.
        held: bool,
    },
    /// It cannot be read: a person has to look.
    GivenUp {
        /// What to do.
        task: Task,
    },
}

/// When a reading is to be done again.
#[derive(Clone, Copy)]
struct Again {
    at: Timestamp,
    asked: bool,
    held: bool,
}

/// How a reading that waits is stored.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Waiting {
    unread: Unread,
    deferred_at: Timestamp,
    attempts: u32,
    /// Since when it has been taken up to be read, and was not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    in_vain_since: Option<Timestamp>,
    /// How often it came again since it was first deferred.
    #[serde(default)]
    arrivals: u32,
    version: u64,
}

/// That a contribution was rewritten while it was read. It outlives the readings: else who rewrites on and on would only
/// have to pause until one is done, and would be waited for anew.
#[derive(Serialize, Deserialize)]
struct Restless {
    since: Timestamp,
    until: Timestamp,
}

/// That a contribution waits to be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Awaited {
    /// Since when it has been read in vain: each time it came again meanwhile, the platform failed, or what was read could
    /// not be recorded. Who has rewritten it within the last hour while it was read has begun with that.
    pub in_vain_since: Option<Timestamp>,
}

impl Unread {
    /// Whether what is read stands there in place of an earlier revision.
    pub fn is_rewritten(&self) -> bool {
        self.look || self.written.iter().any(|written| written.edited)
    }

    /// The same reference with what came along later; `None` where nothing of it is new. Of a look the order counts: what
    /// came again came last.
    fn joined(&self, later: &Self) -> Option<Self> {
        let is_in = |all: &[Contribution], one: &Contribution| all.iter().any(|known| known.revision == one.revision);
        let mut joined = self.clone();
        joined.look |= later.look;
        if later.look {
            joined.written.retain(|known| !is_in(&later.written, known));
        }
        let new: Vec<_> = later.written.iter().filter(|one| !is_in(&joined.written, one)).cloned().collect();
        if new.is_empty() && joined.look == self.look {
            return None;
        }
        joined.written.extend(new);
        joined.written.drain(..joined.written.len().saturating_sub(MAX_WRITTEN));
        Some(joined)
    }
}

impl Ledger {
    /// Keeps a reference until it is read, with what came along of it; it is due at once. Where the same one waits already
    /// it is marked as having come again, so that a reading under way, which may have seen the state before, does not end
    /// the wait; and what came along now is kept beside what came along then. Texts are cut after 32 KB.
    ///
    /// # Errors
    /// When the ledger is unavailable or the item keeps coming and going under its hands.
    pub async fn defer(&self, unread: &Unread, now: Timestamp) -> Result<Recorded, LedgerError> {
        let reference = self.reference(unread.platform, &unread.account, &unread.id, unread.at.unwrap_or(now));
        let key = self.keys.unread(&reference);
        let mut unread = unread.clone();
        for written in &mut unread.written {
            written.text.truncate(written.text.floor_char_boundary(MAX_WRITTEN_BYTES));
        }
        let waiting = Waiting {
            unread: unread.clone(),
            deferred_at: now,
            attempts: 0,
            in_vain_since: None,
            arrivals: 0,
            version: 1,
        };
        let mut item = to_item("unread reference", &waiting)?;
        item.extend(self.pending(&reference, now));
        for _ in 0..DEFER_ATTEMPTS {
            let write = Write::New(Table::Casebook, key.clone(), item.clone());
            if self.store.write(write).await? == Written::Yes {
                return Ok(Recorded::New);
            }
            let Some(stored) = self.store.get(Table::Casebook, &key).await? else { continue };
            let stored: Waiting = from_item("unread reference", stored)?;
            let mut again = Change { version: stored.version, ..Change::default() };
            let arrivals = stored.arrivals.saturating_add(1);
            again.set.insert("arrivals".to_owned(), to_attribute("unread reference", &arrivals)?);
            if let Some(both) = stored.unread.joined(&unread) {
                again.set.insert("unread".to_owned(), to_attribute("unread reference", &both)?);
            }
            if self.store.write(Write::Change(Table::Casebook, key.clone(), again)).await? == Written::Yes {
                return Ok(Recorded::Duplicate);
            }
        }
        Err(LedgerError::Conflict { operation: "defer", attempts: DEFER_ATTEMPTS })
    }

    /// Whether a contribution waits to be read, for the first time or to see what stands there now.
    ///
    /// # Errors
    /// When the ledger is unavailable or an item cannot be read.
    pub async fn awaited(
        &self,
        platform: Platform,
        account: &AccountId,
        id: &ContributionId,
    ) -> Result<Option<Awaited>, LedgerError> {
        for reference in self.references(platform, account, id) {
            if let Some(item) = self.store.get(Table::Casebook, &self.keys.unread(&reference)).await? {
                let Waiting { in_vain_since, .. } = from_item("unread reference", item)?;
                return Ok(Some(Awaited { in_vain_since }));
            }
        }
        Ok(None)
    }

    /// Takes up a reading that is due.
    pub(crate) async fn claim_reading(
        &self,
        reference: Reference,
        item: Item,
        now: Timestamp,
        until: Timestamp,
    ) -> Result<Option<ReadWork>, LedgerError> {
        let Waiting { unread, deferred_at, attempts, version, in_vain_since, arrivals } =
            from_item("unread reference", item)?;
        let attempts = attempts + 1;
        let mut change = self.due_change(&reference, version, until);
        if in_vain_since.is_none() {
            // Before it is read: whoever reads it may fail to record even that it was in vain.
            let restless = if unread.is_rewritten() { self.restless(&reference, now).await? } else { None };
            let since = restless.map_or(now, |restless| restless.since);
            change.set.insert("in_vain_since".to_owned(), to_attribute("unread reference", &since)?);
        }
        change.set.insert("attempts".to_owned(), to_attribute("unread reference", &attempts)?);
        let write = Write::Change(Table::Casebook, self.keys.unread(&reference), change);
        // An unclear answer counts as not taken: the reading comes back when the lease is over.
        let taken = self.store.write(write).await? == Written::Yes;
        Ok(taken.then_some(ReadWork { unread, reference, attempts, deferred_at, arrivals, version: version + 1 }))
    }

    /// Makes a reading due. Reading too early does no harm.
    pub(crate) async fn hasten_reading(
        &self,
        reference: &Reference,
        item: Item,
        now: Timestamp,
    ) -> Result<bool, LedgerError> {
        let Waiting { version, .. } = from_item("unread reference", item)?;
        let change = self.due_change(reference, version, now);
        Ok(self.store.write(Write::Change(Table::Casebook, self.keys.unread(reference), change)).await? == Written::Yes)
    }

    /// Records what came of a reading, and answers whether nothing is left to read. Where the reference came again
    /// meanwhile it is read again at once: what was read may be the state before. Where the lease ran out and somebody else
    /// has taken it up, it is left to them.
    ///
    /// # Errors
    /// When the ledger is unavailable or the item cannot be read.
    pub async fn settle_reading(
        &self,
        work: &ReadWork,
        outcome: ReadOutcome,
        now: Timestamp,
    ) -> Result<bool, LedgerError> {
        let remove = Write::Remove(Table::Casebook, self.keys.unread(&work.reference), work.version);
        let (written, again) = match outcome {
            ReadOutcome::Done => (self.store.write(remove).await?, Again { at: now, asked: true, held: false }),
            ReadOutcome::GivenUp { task } => {
                let written = self.store.write_all(vec![remove, self.write_task(&task)?]).await?;
                (written, Again { at: now, asked: true, held: false })
            }
            ReadOutcome::Again { at, asked, held } => (Written::No, Again { at: at.max(now), asked, held }),
        };
        if written == Written::Yes {
            return Ok(true);
        }
        self.read_again(work, again, now).await?;
        Ok(false)
    }

    /// Leaves a reading to be done again, also where its reference came again meanwhile.
    async fn read_again(&self, work: &ReadWork, again: Again, now: Timestamp) -> Result<(), LedgerError> {
        let key = self.keys.unread(&work.reference);
        for _ in 0..DEFER_ATTEMPTS {
            let Some(item) = self.store.get(Table::Casebook, &key).await? else { return Ok(()) };
            let Waiting { deferred_at, attempts, version, arrivals, .. } = from_item("unread reference", item)?;
            if (deferred_at, attempts) != (work.deferred_at, work.attempts) {
                return Ok(());
            }
            let mut change = self.due_change(&work.reference, version, again.at);
            if !again.asked {
                let attempts = work.attempts.saturating_sub(1);
                change.set.insert("attempts".to_owned(), to_attribute("unread reference", &attempts)?);
            }
            if again.held {
                change.unset.push("in_vain_since");
            }
            let change = Write::Change(Table::Casebook, key.clone(), change);
            // Others make it due as well: only what came again was rewritten meanwhile.
            let written = if arrivals != work.arrivals && work.unread.is_rewritten() {
                let restless = self.write_restless(&work.reference, now).await?;
                self.store.write_all(vec![change, restless]).await?
            } else {
                self.store.write(change).await?
            };
            if written == Written::Yes {
                return Ok(());
            }
        }
        // It comes back when the lease is over.
        Ok(())
    }

    /// Whether a contribution was rewritten within the last hour while it was read.
    async fn restless(&self, reference: &Reference, now: Timestamp) -> Result<Option<Restless>, LedgerError> {
        let item = self.store.get(Table::Casebook, &self.keys.restless(reference)).await?;
        let restless = item.and_then(|item| match from_item::<Restless>("unread reference", item) {
            Ok(restless) => Some(restless),
            // It only shortens a patience: nothing that waits is held up for it.
            Err(error) => {
                tracing::error!(%error, "it cannot be told whether a contribution was rewritten while it was read");
                None
            }
        });
        Ok(restless.filter(|restless| restless.until > now))
    }

    /// The write that remembers for another hour that a contribution was rewritten while it was read.
    async fn write_restless(&self, reference: &Reference, now: Timestamp) -> Result<Write, LedgerError> {
        let since = self.restless(reference, now).await?.map_or(now, |before| before.since);
        let until = now.saturating_add(RESTLESS_FOR).unwrap_or(Timestamp::MAX);
        let mut item = to_item("unread reference", &Restless { since, until })?;
        item.insert(EXPIRES.to_owned(), expiry(until));
        Ok(Write::Put(Table::Casebook, self.keys.restless(reference), item))
    }
}
