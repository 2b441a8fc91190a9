//! What has become of a contribution since it was judged. Deliveries overtake each other: the removal of a comment,
//! or its rewriting within the rules, may arrive before the comment itself, and while its hiding is still pending.

use jiff::{SignedDuration, Timestamp};
use policy::{AccountId, ContributionId, Platform};
use serde::{Deserialize, Serialize};

use crate::item::{expiry, from_item, text_of, to_item};
use crate::keys::{COURSE, USER_REPORT};
use crate::store::Query;
use crate::tables::{EXPIRES, SK, Table};
use crate::{CaseId, Ledger, LedgerError, Reference};

/// How long a fate is kept: longer than any platform repeats a delivery, and than any action is tried.
const KEPT: SignedDuration = SignedDuration::from_hours(30 * 24);

/// What has become of a contribution.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Fate {
    /// Its author has rewritten it within the rules.
    Rewritten,
    /// It no longer exists on the platform.
    Removed,
}

impl Fate {
    const fn as_str(self) -> &'static str {
        match self {
            Fate::Rewritten => "rewritten",
            Fate::Removed => "removed",
        }
    }
}

#[derive(Serialize, Deserialize)]
struct Stored {
    fate: Fate,
    at: Timestamp,
}

impl Ledger {
    /// Notes that a contribution was rewritten within the rules, in a revision that was judged at `at`.
    ///
    /// # Errors
    /// When the ledger is unavailable.
    pub async fn rewritten(
        &self,
        platform: Platform,
        account: &AccountId,
        id: &ContributionId,
        at: Timestamp,
    ) -> Result<(), LedgerError> {
        // The revision with a case may have been written under another pseudonym key than this one.
        for reference in self.homes(platform, account, id).await? {
            // A repeated delivery of an earlier rewriting must not hide a later one.
            let known = self.fates(&reference).await?;
            if !known.iter().any(|known| known.fate == Fate::Rewritten && known.at >= at) {
                self.set_fate(&reference, Fate::Rewritten, at).await?;
            }
        }
        Ok(())
    }

    /// What has become of the contribution of a case, and when: removed, if it was.
    ///
    /// # Errors
    /// When the ledger is unavailable or an item cannot be read.
    pub async fn fate(&self, case: &CaseId) -> Result<Option<(Fate, Timestamp)>, LedgerError> {
        let fates = self.fates(case.reference()).await?;
        let removed = fates.iter().find(|stored| stored.fate == Fate::Removed);
        Ok(removed.or(fates.first()).map(|stored| (stored.fate, stored.at)))
    }

    /// The references under which the fate of a contribution is looked for.
    pub(crate) async fn homes(
        &self,
        platform: Platform,
        account: &AccountId,
        id: &ContributionId,
    ) -> Result<Vec<Reference>, LedgerError> {
        let mut homes = self.references(platform, account, id);
        let elsewhere = self.cases_elsewhere(platform, account, id).await?;
        homes.extend(elsewhere.iter().map(|case| case.reference().clone()));
        Ok(homes)
    }

    pub(crate) async fn set_fate(&self, reference: &Reference, fate: Fate, at: Timestamp) -> Result<(), LedgerError> {
        let mut item = to_item("fate", &Stored { fate, at })?;
        let expires = at.saturating_add(KEPT).unwrap_or(Timestamp::MAX);
        item.insert(EXPIRES.to_owned(), expiry(expires));
        self.store.put(Table::Casebook, &self.keys.fate(reference, fate.as_str()), item).await
    }

    async fn fates(&self, reference: &Reference) -> Result<Vec<Stored>, LedgerError> {
        let partition = self.keys.fates(reference);
        self.store
            .query(Query::of(Table::Casebook, &partition))
            .await?
            .into_iter()
            // Beside its fates stand which case it has, and which reports of users name it.
            .filter(|item| !text_of(item, SK).is_some_and(|sk| sk == COURSE || sk.starts_with(USER_REPORT)))
            .map(|item| from_item("fate", item))
            .collect()
    }
}
