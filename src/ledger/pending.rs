//! Pending work: what is due, and who has taken it up. An item is in the sparse index `pending` as long as something
//! about it is unsettled; taking it up moves its due time to the end of the lease, so that it comes back by itself if
//! whoever took it is never heard of again.

use futures_util::future::try_join_all;
use jiff::{SignedDuration, Timestamp};

use crate::item::{Item, from_item, text_of, to_attribute};
use crate::keys::{self, Key, PENDING_SHARDS, WorkItem, work_item};
use crate::store::{Change, Query, Write, Written};
use crate::tables::{PENDING, PENDING_DUE, PENDING_SHARD, PK, SK, Table};
use crate::{Action, ActionWork, Case, Ledger, LedgerError, ReadWork, Reference};

/// Points at pending work: a case with an unsettled action, or a contribution that was not read yet.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct WorkKey(Key);

impl WorkKey {
    /// The key with these attributes, as a record of the table's stream has them; `None` when it points at anything
    /// else.
    pub fn from_keys(pk: &str, sk: &str) -> Option<Self> {
        let key = Key { pk: pk.to_owned(), sk: sk.to_owned() };
        work_item(&key).is_some().then_some(Self(key))
    }

    /// The partition key.
    pub fn pk(&self) -> &str {
        &self.0.pk
    }

    /// The sort key.
    pub fn sk(&self) -> &str {
        &self.0.sk
    }

    /// Whose work it is.
    pub fn organisation(&self) -> &str {
        work_item(&self.0).map_or("", |(organisation, _)| organisation)
    }
}

/// Work that was taken up.
#[derive(Clone, Debug)]
#[expect(clippy::large_enum_variant, reason = "a worker holds one at a time, and moves it once")]
pub enum Work {
    /// Ask the platform for an action.
    Action(ActionWork),
    /// Read a contribution.
    Read(ReadWork),
}

impl Ledger {
    /// What is pending and due, the longest due first, at most `limit`. From an index that follows its table with a
    /// delay: something settled just now may still be listed, and [`Ledger::claim`] then declines it.
    ///
    /// # Errors
    /// When the ledger is unavailable.
    pub async fn due(&self, now: Timestamp, limit: usize) -> Result<Vec<WorkKey>, LedgerError> {
        let mut due = self.pending_items(Some(&keys::sortable(now)), Some(limit)).await?;
        due.truncate(limit);
        Ok(due.into_iter().map(|(_, key)| key).collect())
    }

    /// When the next of the pending work is due, whether past or future; `None` when all is settled. From the same
    /// index as [`Ledger::due`].
    ///
    /// # Errors
    /// When the ledger is unavailable or an item cannot be read.
    pub async fn next_due(&self) -> Result<Option<Timestamp>, LedgerError> {
        let first = self.pending_items(None, Some(1)).await?.into_iter().next();
        first.map(|(due, _)| due.parse().map_err(|_| corrupt(PENDING_DUE))).transpose()
    }

    /// The first items of every shard of the index, by due time.
    async fn pending_items(
        &self,
        up_to: Option<&str>,
        limit: Option<usize>,
    ) -> Result<Vec<(String, WorkKey)>, LedgerError> {
        if limit == Some(0) {
            return Ok(Vec::new());
        }
        let shards = (0..PENDING_SHARDS).map(|shard| async move {
            let partition = self.keys.pending(shard);
            let index = Some((PENDING, PENDING_SHARD, PENDING_DUE));
            let query = Query { table: Table::Casebook, index, partition: &partition, up_to, limit };
            self.store.query(&query).await
        });
        let mut found = Vec::new();
        for item in try_join_all(shards).await?.into_iter().flatten() {
            let attribute = |name| text_of(&item, name).ok_or_else(|| corrupt(name));
            let key = WorkKey::from_keys(attribute(PK)?, attribute(SK)?).ok_or_else(|| corrupt(PK))?;
            found.push((attribute(PENDING_DUE)?.to_owned(), key));
        }
        found.sort();
        Ok(found)
    }

    /// Takes up the first unsettled action of a case, or the reading of a contribution, for the time of `lease`.
    /// That it was taken up is stored before this returns, hence before the platform is called. `None` when there is
    /// nothing to do: it is settled, not due, taken up by someone else, or another organisation's.
    ///
    /// # Errors
    /// When the ledger is unavailable or the item cannot be read.
    pub async fn claim(
        &self,
        key: &WorkKey,
        now: Timestamp,
        lease: SignedDuration,
    ) -> Result<Option<Work>, LedgerError> {
        let Some(work) = self.keys.work(&key.0) else { return Ok(None) };
        let Some(item) = self.store.get(Table::Casebook, &key.0).await? else { return Ok(None) };
        let is_due = text_of(&item, PENDING_DUE).is_some_and(|due| due <= keys::sortable(now).as_str());
        if !is_due {
            return Ok(None);
        }
        let until = now.checked_add(lease).unwrap_or(Timestamp::MAX);
        Ok(match work {
            WorkItem::Case(_) => self.claim_action(item, now, until).await?.map(Work::Action),
            WorkItem::Unread(reference) => self.claim_reading(reference, item, until).await?.map(Work::Read),
        })
    }

    /// Ends every lease: what was taken up and not settled is due now, as if its time had run out. Only for a process
    /// that knows itself to be alone with its engine, at its start: whoever held those leases is dead. How many.
    ///
    /// # Errors
    /// When the ledger is unavailable or an item cannot be read.
    pub async fn end_leases(&self, now: Timestamp) -> Result<usize, LedgerError> {
        let mut ended = 0;
        for (due, key) in self.pending_items(None, None).await? {
            if due <= keys::sortable(now) {
                continue;
            }
            let Some(item) = self.store.get(Table::Casebook, &key.0).await? else { continue };
            let is_ended = match self.keys.work(&key.0) {
                Some(WorkItem::Case(_)) => {
                    let mut case: Case = from_item("case", item)?;
                    // What waits because the platform said so goes on waiting.
                    let is_leased = case.unsettled().is_some_and(|action| action.outcome_unknown);
                    is_leased && self.change_actions(&mut case, Some(now)).await?
                }
                Some(WorkItem::Unread(reference)) => self.hasten_reading(&reference, item, now).await?,
                None => false,
            };
            ended += usize::from(is_ended);
        }
        Ok(ended)
    }

    async fn claim_action(
        &self,
        item: Item,
        now: Timestamp,
        until: Timestamp,
    ) -> Result<Option<ActionWork>, LedgerError> {
        let mut case: Case = from_item("case", item)?;
        let Some(position) = case.actions.iter().position(|action| action.effect.is_none()) else {
            return Err(corrupt("actions"));
        };
        let action = &mut case.actions[position];
        let uncertain = action.outcome_unknown;
        action.attempts += 1;
        action.tried_since.get_or_insert(now);
        action.asked_at = Some(now);
        action.outcome_unknown = true;
        let action = action.clone();
        let taken = self.change_actions(&mut case, Some(until)).await?;
        Ok(taken.then_some(ActionWork { case, action, uncertain }))
    }

    /// Stores the actions of a case and when the next is due, if the case still has the version that it was read
    /// with, and gives it the next version. Whether that took effect.
    pub(crate) async fn change_actions(&self, case: &mut Case, due: Option<Timestamp>) -> Result<bool, LedgerError> {
        let change = self.actions_change(case, due)?;
        let written = self.store.write(Write::Change(Table::Casebook, self.keys.case(&case.id), change)).await?;
        case.version += 1;
        match written {
            Written::Yes => Ok(true),
            Written::No => Ok(false),
            Written::Unclear => Ok(self.case(&case.id).await?.as_ref() == Some(&*case)),
        }
    }

    /// The change that stores the actions of a case as they are now, and when the next is due.
    pub(crate) fn actions_change(&self, case: &Case, due: Option<Timestamp>) -> Result<Change, LedgerError> {
        let mut set = Item::from([("actions".to_owned(), to_attribute("case", &case.actions)?)]);
        let mut unset = Vec::new();
        match due {
            Some(due) => set.extend(self.pending(case.id.reference(), due)),
            None => unset.extend([PENDING_SHARD, PENDING_DUE]),
        }
        Ok(Change { version: case.version, set, unset })
    }

    /// The change that moves the due time of an item in this version.
    pub(crate) fn due_change(&self, reference: &Reference, version: u64, due: Timestamp) -> Change {
        Change { version, set: self.pending(reference, due), unset: Vec::new() }
    }
}

impl Case {
    /// The action with this id.
    pub(crate) fn action(&self, id: &str) -> Option<&Action> {
        self.actions.iter().find(|action| action.id == id)
    }

    /// The action with this id, to change it.
    pub(crate) fn action_mut(&mut self, id: &str) -> Option<&mut Action> {
        self.actions.iter_mut().find(|action| action.id == id)
    }
}

fn corrupt(field: &str) -> LedgerError {
    LedgerError::Corrupt { what: "pending item", field: field.to_owned() }
}
