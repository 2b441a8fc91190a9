//! What has become of a contribution since it was judged. Deliveries overtake each other: the removal of a comment,
//! or its rewriting within the rules, may arrive before the comment itself, and while its hiding is still pending.

use std::collections::BTreeSet;

use jiff::{SignedDuration, Timestamp};
use policy::{AccountId, Contribution, ContributionId, Platform};
use serde::{Deserialize, Serialize};

use crate::table::item::{expiry, from_item, text_of, to_item};
use crate::table::keys::{COURSE, USER_REPORT};
use crate::table::store::Query;
use crate::table::tables::{EXPIRES, SK, Table};
use crate::{CaseId, Ledger, LedgerError, Reference, Revision};

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

/// What has become of a contribution, and when.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Became {
    /// What.
    pub fate: Fate,
    /// When it was known here: when the rewriting was judged, or the removal arrived.
    pub at: Timestamp,
    /// When it was rewritten, where the platform says so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub written_at: Option<Timestamp>,
}

impl Became {
    /// Whether it came after a revision was written. Where the platform dates both, that decides, in whatever order they
    /// were delivered; where it does not, or repeats the time of the original, an edit comes after what was not edited,
    /// and what arrived later after what arrived before.
    pub fn follows(&self, revision: &Revision) -> bool {
        match (self.written_at, revision.at) {
            (Some(rewritten), Some(written)) if rewritten != written => rewritten > written,
            _ => !revision.edited || self.at > revision.received_at,
        }
    }

    /// Whether it came after another, as far as that is known.
    fn is_later(&self, known: &Became) -> bool {
        match (self.written_at, known.written_at) {
            (Some(written), Some(before)) if written != before => written > before,
            _ => self.at > known.at,
        }
    }
}

impl Ledger {
    /// Notes that a contribution was rewritten within the rules, in this revision, which was judged at `at`. `case` is that
    /// of its revisions, where there is one: it may be known by another reference.
    ///
    /// # Errors
    /// When the ledger is unavailable.
    pub async fn rewritten(
        &self,
        revision: &Contribution,
        case: Option<&CaseId>,
        at: Timestamp,
    ) -> Result<(), LedgerError> {
        let Contribution { platform, account, id, original, .. } = revision;
        // Also under those of its other revisions that have a case, where each has an id of its own.
        let mut references: BTreeSet<Reference> =
            self.homes(*platform, account, original.as_ref().unwrap_or(id)).await?.into_iter().collect();
        references.extend(self.references(*platform, account, id));
        // The revision with a case may have been written under another pseudonym key than this one.
        references.extend(case.map(|case| case.reference().clone()));
        let became = Became { fate: Fate::Rewritten, at, written_at: revision.at };
        for reference in references {
            // A repeated delivery of an earlier rewriting must not hide a later one.
            let known = self.fates(&reference).await?;
            if known.iter().all(|known| known.fate != Fate::Rewritten || became.is_later(known)) {
                self.put_fate(&reference, &became).await?;
            }
        }
        Ok(())
    }

    /// What has become of the contribution of a case, and when: removed, if it was.
    ///
    /// # Errors
    /// When the ledger is unavailable or an item cannot be read.
    pub async fn fate(&self, case: &CaseId) -> Result<Option<Became>, LedgerError> {
        let fates = self.fates(case.reference()).await?;
        let removed = fates.iter().find(|stored| stored.fate == Fate::Removed);
        Ok(removed.or(fates.first()).copied())
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
        self.put_fate(reference, &Became { fate, at, written_at: None }).await
    }

    async fn put_fate(&self, reference: &Reference, became: &Became) -> Result<(), LedgerError> {
        let mut item = to_item("fate", became)?;
        let expires = became.at.saturating_add(KEPT).unwrap_or(Timestamp::MAX);
        item.insert(EXPIRES.to_owned(), expiry(expires));
        self.store.put(Table::Casebook, &self.keys.fate(reference, became.fate.as_str()), item).await
    }

    async fn fates(&self, reference: &Reference) -> Result<Vec<Became>, LedgerError> {
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
