//! Pending work: what is due, and who has taken it up. An item is in the sparse index `pending` as long as something
//! about it is unsettled; taking it up moves its due time to the end of the lease, so that it comes back by itself if
//! whoever took it is never heard of again.

use futures_util::future::try_join_all;
use jiff::{SignedDuration, Timestamp};
use policy::{AccountId, ActionKind, ContributionId, Platform};

use crate::case::Next;
use crate::table::item::text_of;
use crate::table::keys::{self, Key, PENDING_SHARDS, WorkItem, work_item};
use crate::table::store::{Query, Span};
use crate::table::tables::{PENDING, PENDING_DUE, PK, SK, Table};
use crate::table::write::Change;
use crate::{Action, ActionWork, Case, CaseId, Ledger, LedgerError, ReadWork, Reference};

/// Points at pending work: a case with an unsettled action or a climb that is due, or a contribution that was not read
/// yet.
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
    /// Climb the ladder for the author of a case, of which no action is to be asked now. Nobody has it to himself:
    /// of two who climb, one finds that the case or the author's record has changed ([`crate::Amended::Superseded`]).
    /// It stays due until an amendment says that it is not.
    Climb(Case),
    /// Have a decision count that was held until now. As with the climb, nobody has it to himself.
    Decide(Case),
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
            let span = up_to.map_or(Span::Whole, Span::UpTo);
            self.store.query(Query { span, limit, ..Query::index(PENDING, &partition) }).await
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

    /// Takes up what is to be done about a case, its next action or the climb, or the reading of a contribution; actions
    /// and readings for the time of `lease`. That one was taken up is stored before this returns, hence before the
    /// platform is called. `None` when there is nothing to do: it is settled, not due, taken up by someone else, or
    /// another organisation's.
    ///
    /// # Errors
    /// When the ledger is unavailable or the item cannot be read.
    pub async fn claim(
        &self,
        key: &WorkKey,
        now: Timestamp,
        lease: SignedDuration,
    ) -> Result<Option<Work>, LedgerError> {
        let until = now.checked_add(lease).unwrap_or(Timestamp::MAX);
        match self.keys.work(&key.0) {
            None => Ok(None),
            Some(WorkItem::Case(id)) => match self.case(&id, now).await? {
                Some(case) => self.claim_case(case, now, until).await,
                None => Ok(None),
            },
            Some(WorkItem::Unread(reference)) => {
                let Some(item) = self.store.get(Table::Casebook, &key.0).await? else { return Ok(None) };
                if text_of(&item, PENDING_DUE).is_none_or(|due| due > keys::sortable(now).as_str()) {
                    return Ok(None);
                }
                Ok(self.claim_reading(reference, item, now, until).await?.map(Work::Read))
            }
        }
    }

    async fn claim_case(&self, mut case: Case, now: Timestamp, until: Timestamp) -> Result<Option<Work>, LedgerError> {
        let position = match case.next(now) {
            Next::Ask(position) => position,
            Next::Climb => return Ok(Some(Work::Climb(case))),
            Next::Decide => return Ok(Some(Work::Decide(case))),
            Next::Wait(_) | Next::Nothing => return Ok(None),
        };
        let action = &mut case.actions[position];
        let uncertain = action.outcome_unknown;
        action.take_up(now, until);
        let action = action.clone();
        let taken = self.change_case(&mut case, now).await?;
        Ok(taken.then_some(Work::Action(ActionWork { case, action, uncertain })))
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
            let is_ended = match self.keys.work(&key.0) {
                Some(WorkItem::Case(id)) => self.end_lease(&id, now).await?,
                Some(WorkItem::Unread(reference)) => match self.store.get(Table::Casebook, &key.0).await? {
                    Some(item) => self.hasten_reading(&reference, item, now).await?,
                    None => false,
                },
                None => false,
            };
            ended += usize::from(is_ended);
        }
        Ok(ended)
    }

    async fn end_lease(&self, id: &CaseId, now: Timestamp) -> Result<bool, LedgerError> {
        let Some(mut case) = self.case(id, now).await? else { return Ok(false) };
        // What waits because the platform said so goes on waiting.
        let mut leased = case.actions.iter_mut().filter(|action| action.outcome_unknown);
        let Some(action) = leased.next() else { return Ok(false) };
        action.held_until = None;
        self.change_case(&mut case, now).await
    }

    /// Makes due what waits on a platform because it said so: whoever may know says that it need not wait any more. What was
    /// taken up just now, or may have taken effect, goes on waiting, and so does what has a time of its own. What is to be
    /// read is due as well, of whatever platform: reading too early does no harm. How much.
    ///
    /// # Errors
    /// When the ledger is unavailable or an item cannot be read. Repeating goes on with the rest.
    pub async fn hasten(&self, platform: Platform, now: Timestamp) -> Result<usize, LedgerError> {
        let mut hastened = 0;
        for (due, key) in self.pending_items(None, None).await? {
            if due <= keys::sortable(now) {
                continue;
            }
            let is_hastened = match self.keys.work(&key.0) {
                Some(WorkItem::Case(id)) => self.hasten_actions(&id, platform, now).await?,
                Some(WorkItem::Unread(reference)) => match self.store.get(Table::Casebook, &key.0).await? {
                    Some(item) => self.hasten_reading(&reference, item, now).await?,
                    None => false,
                },
                None => false,
            };
            hastened += usize::from(is_hastened);
        }
        Ok(hastened)
    }

    /// Makes due the hiding of a contribution that waits until it is known what stands there: it was read.
    ///
    /// # Errors
    /// When the ledger is unavailable or an item cannot be read.
    pub async fn hasten_hiding(
        &self,
        platform: Platform,
        account: &AccountId,
        id: &ContributionId,
        now: Timestamp,
    ) -> Result<(), LedgerError> {
        for case in self.cases_about(platform, account, id, now).await? {
            self.hasten_those(case, |action| action.kind == ActionKind::Hide, now).await?;
        }
        Ok(())
    }

    async fn hasten_actions(&self, id: &CaseId, platform: Platform, now: Timestamp) -> Result<bool, LedgerError> {
        match self.case(id, now).await?.filter(|case| case.platform == platform) {
            Some(case) => self.hasten_those(case, |_| true, now).await,
            None => Ok(false),
        }
    }

    async fn hasten_those(
        &self,
        mut case: Case,
        is_meant: impl Fn(&Action) -> bool,
        now: Timestamp,
    ) -> Result<bool, LedgerError> {
        let mut is_changed = false;
        for action in case.actions.iter_mut().filter(|action| action.is_idle() && is_meant(action)) {
            is_changed |= action.held_until.take().is_some_and(|until| until > now);
        }
        Ok(is_changed && self.change_case(&mut case, now).await?)
    }

    /// The change that moves the due time of an item in this version.
    pub(crate) fn due_change(&self, reference: &Reference, version: u64, due: Timestamp) -> Change {
        Change { version, set: self.pending(reference, due), unset: Vec::new() }
    }
}

fn corrupt(field: &str) -> LedgerError {
    LedgerError::Corrupt { what: "pending item", field: field.to_owned() }
}
