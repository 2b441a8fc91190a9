//! Erasing an author: a request that is durable, and is carried on from wherever it was left until all is gone.

mod author;
mod case;
mod report;
mod request;

pub use request::ErasureRequest;

use std::collections::HashSet;
use std::fmt;

use jiff::{SignedDuration, Timestamp};
use policy::{Person, Platform, PolicyRef, Sanction};
use serde::{Deserialize, Serialize};

use self::case::Left;
use crate::table::item::{Item, expiry, from_item, text, text_of, to_attribute, to_item};
use crate::table::keys::sortable;
use crate::table::store::Query;
use crate::table::tables::{DESK, DESK_AT, EXPIRES, ON_DESK, SK, Table};
use crate::table::write::{Change, Write, Written};
use crate::{AuditEntry, CaseId, ErasureGround, Fact, Ledger, LedgerError, Pseudonym};

/// For how long it can be asked what became of a request, after it was fulfilled.
const KEPT: SignedDuration = SignedDuration::from_hours(365 * 24);

/// For so long after it was asked for a request is not fulfilled, although nothing is left. What a webhook receives is on
/// record after 8 s or never, and the clocks of two instances differ a little: what had arrived before may still come.
const LATE_ARRIVALS: SignedDuration = SignedDuration::from_secs(60);

/// How often a request starts anew when someone else works on it or asks for it again.
const ATTEMPTS: u32 = 100;

/// How many hex digits a confirmation code has.
const CODE_DIGITS: usize = 24;

/// A request to erase an author, and how far it has come. It holds pseudonyms only. `Debug` does not show the reason.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Erasure {
    /// The confirmation code: the same whenever the same author is erased while it is kept, 24 hex digits.
    pub code: String,
    /// Whom it concerns.
    pub authors: Vec<Pseudonym>,
    /// Those of them under which anything was on record.
    #[serde(default)]
    pub found: Vec<Pseudonym>,
    /// On which platform, where that is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub platform: Option<Platform>,
    /// Why.
    pub ground: ErasureGround,
    /// Who ordered it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<Person>,
    /// What there is to say about it, until it is fulfilled.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// When it was first asked for.
    pub first_requested_at: Timestamp,
    /// When it was last asked for. What arrives later is new, and stays.
    pub requested_at: Timestamp,
    /// How many cases were erased since it was asked for.
    pub cases: u32,
    /// When everything was gone; `None` while it is under way.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub done_at: Option<Timestamp>,
    version: u64,
}

impl fmt::Debug for Erasure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Erasure")
            .field("code", &self.code)
            .field("ground", &self.ground)
            .field("requested_at", &self.requested_at)
            .field("cases", &self.cases)
            .field("done_at", &self.done_at)
            .finish_non_exhaustive()
    }
}

/// How far an erasure has come.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Erasing {
    /// The request.
    pub erasure: Erasure,
    /// How many cases have to wait, because an action about them is still to be carried out, or they carry a sanction in
    /// force while others wait. Until then their content is needed, and the author's sanctions.
    pub waiting: usize,
}

impl Ledger {
    /// A request by its confirmation code; `None` when there is none, or it was fulfilled more than a year ago.
    ///
    /// # Errors
    /// When the ledger is unavailable or the item cannot be read.
    pub async fn erasure(&self, code: &str, now: Timestamp) -> Result<Option<Erasure>, LedgerError> {
        let is_code = code.len() == CODE_DIGITS && code.bytes().all(|byte| byte.is_ascii_hexdigit());
        let found = if is_code { self.stored_erasure(code).await? } else { None };
        Ok(found.filter(|erasure| erasure.done_at.is_none_or(|done_at| now.duration_since(done_at) < KEPT)))
    }

    /// The codes of all requests that are under way, the oldest first. From an index that follows its table with a delay.
    ///
    /// # Errors
    /// When the ledger is unavailable or an item cannot be read.
    pub async fn erasures_under_way(&self) -> Result<Vec<String>, LedgerError> {
        let partition = self.keys.erasing();
        let found = self.store.query(Query::index(ON_DESK, &partition)).await?;
        found.iter().map(|item| text_of(item, SK).map(str::to_owned).ok_or_else(|| corrupt(SK))).collect()
    }

    /// Carries an erasure on: deletes what is personal about every case of the author that had arrived when it was asked
    /// for, and then what is on record about the author. Cases stay as counts, without a pseudonym; the audit log stays
    /// as it is. A case with an action still to be carried out is left for later, and with it those that carry a sanction in
    /// force, so that the office can still lift it. When nothing is left, and a minute has passed in which what had
    /// arrived before may still have been recorded, the request is fulfilled, with an audit entry in the same
    /// transaction; carrying on a fulfilled one does nothing. Interrupted at
    /// any step and repeated, it ends complete. `None` when there is no such request.
    ///
    /// # Errors
    /// When the ledger is unavailable, or the records keep changing under its hands. What was erased stays so.
    pub async fn erase(&self, code: &str, policy: &PolicyRef, now: Timestamp) -> Result<Option<Erasing>, LedgerError> {
        for _ in 0..ATTEMPTS {
            let Some(mut erasure) = self.stored_erasure(code).await? else { return Ok(None) };
            if erasure.done_at.is_some() {
                return Ok(Some(Erasing { erasure, waiting: 0 }));
            }
            let carriers = self.carriers(&erasure).await?;
            let Some(left) = self.erase_cases(&mut erasure, &carriers, now).await? else { continue };
            let waiting = match left {
                Left { waiting: 0, held: 0 } => 0,
                Left { waiting: 0, .. } => {
                    let Some(left) = self.erase_cases(&mut erasure, &HashSet::new(), now).await? else { continue };
                    left.waiting
                }
                Left { waiting, held } => waiting + held,
            };
            if waiting > 0 {
                return Ok(Some(Erasing { erasure, waiting }));
            }
            if !self.forget_author(&erasure).await? {
                continue;
            }
            if now.duration_since(erasure.requested_at) < LATE_ARRIVALS
                || self.fulfil(&mut erasure, policy, now).await?
            {
                return Ok(Some(Erasing { erasure, waiting }));
            }
        }
        Err(LedgerError::Conflict { operation: "erase", attempts: ATTEMPTS })
    }

    /// The cases that carry a sanction in force. They go last, with what is on record about the author: as long as that is
    /// there, the sanction can be lifted.
    async fn carriers(&self, erasure: &Erasure) -> Result<HashSet<CaseId>, LedgerError> {
        let mut carriers = HashSet::new();
        for author in &erasure.authors {
            let sanctions = self.author(author).await?.standing.sanctions;
            carriers.extend(sanctions.into_iter().filter(Sanction::is_running).map(|sanction| sanction.case));
        }
        Ok(carriers)
    }

    /// Records that everything is gone, unless the request has changed meanwhile.
    async fn fulfil(&self, erasure: &mut Erasure, policy: &PolicyRef, now: Timestamp) -> Result<bool, LedgerError> {
        erasure.done_at = Some(now);
        erasure.reason = None;
        erasure.version += 1;
        // After a restore it is by these that the same is erased again.
        let mut found = erasure.found.iter().chain(&erasure.authors).take(erasure.found.len().max(1)).cloned();
        let Some(author) = found.next() else { return Err(corrupt("authors")) };
        let fact = Fact::Erasure {
            author,
            others: found.collect(),
            ground: erasure.ground,
            by: erasure.by.as_ref().map(ToString::to_string),
            cases: erasure.cases,
        };
        let automatic = erasure.ground == ErasureGround::Platform;
        let entry = AuditEntry::at_large(policy, (erasure.platform, None), fact, automatic, now);
        let entry = self.write_at_large(&entry, &format!("erasure#{}", entry.hash))?;
        Ok(self.store.write_all(vec![self.write_erasure(erasure)?, entry]).await? == Written::Yes)
    }

    async fn stored_erasure(&self, code: &str) -> Result<Option<Erasure>, LedgerError> {
        let item = self.store.get(Table::Casebook, &self.keys.erasure(code)).await?;
        item.map(|item| from_item("erasure", item)).transpose()
    }

    fn erasure_item(&self, erasure: &Erasure) -> Result<Item, LedgerError> {
        let mut item = to_item("erasure", erasure)?;
        match erasure.done_at {
            Some(done_at) => {
                let kept_until = done_at.saturating_add(KEPT).unwrap_or(Timestamp::MAX);
                item.insert(EXPIRES.to_owned(), expiry(kept_until));
            }
            None => {
                item.insert(DESK.to_owned(), text(&self.keys.erasing()));
                item.insert(DESK_AT.to_owned(), text(&sortable(erasure.requested_at)));
            }
        }
        Ok(item)
    }

    /// The write that stores a request as it is now, whose version counts this change already.
    fn write_erasure(&self, erasure: &Erasure) -> Result<Write, LedgerError> {
        let mut set = self.erasure_item(erasure)?;
        set.remove("version");
        let optional = ["platform", "by", "reason", "done_at", EXPIRES, DESK, DESK_AT];
        let unset = optional.into_iter().filter(|name| !set.contains_key(*name)).collect();
        let change = Change { version: erasure.version - 1, set, unset };
        Ok(Write::Change(Table::Casebook, self.keys.erasure(&erasure.code), change))
    }

    /// The write that counts cases which were erased.
    fn write_count(&self, erasure: &Erasure) -> Result<Write, LedgerError> {
        let set = Item::from([
            ("cases".to_owned(), to_attribute("erasure", &erasure.cases)?),
            ("found".to_owned(), to_attribute("erasure", &erasure.found)?),
        ]);
        let change = Change { version: erasure.version - 1, set, unset: Vec::new() };
        Ok(Write::Change(Table::Casebook, self.keys.erasure(&erasure.code), change))
    }
}

fn corrupt(field: &str) -> LedgerError {
    LedgerError::Corrupt { what: "erasure", field: field.to_owned() }
}
