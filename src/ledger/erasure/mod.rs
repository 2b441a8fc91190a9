//! Erasing an author: a request that is durable, and is carried on from wherever it was left until all is gone.

mod author;
mod case;
mod report;

use std::fmt;

use jiff::{SignedDuration, Timestamp};
use policy::{Platform, PolicyRef};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::item::{Item, expiry, from_item, text, text_of, to_attribute, to_item};
use crate::keys::sortable;
use crate::store::Query;
use crate::tables::{DESK, DESK_AT, EXPIRES, ON_DESK, SK, Table};
use crate::write::{Change, Write, Written};
use crate::{AuditEntry, ErasureGround, Fact, Ledger, LedgerError, Pseudonym};

/// For how long it can be asked what became of a request, after it was fulfilled.
const KEPT: SignedDuration = SignedDuration::from_hours(365 * 24);

/// How often a request starts anew when someone else works on it or asks for it again.
const ATTEMPTS: u32 = 100;

/// How many hex digits a confirmation code has.
const CODE_DIGITS: usize = 24;

/// That an author is to be erased: by whom, and why.
#[derive(Clone, Copy, Debug)]
pub struct ErasureRequest<'a> {
    /// The pseudonyms under which the author may be on record, that of the newest key first; at least one.
    pub authors: &'a [Pseudonym],
    /// On which platform, where that is known.
    pub platform: Option<Platform>,
    /// Why.
    pub ground: ErasureGround,
    /// Who ordered it; `None` when a platform passed it on.
    pub by: Option<&'a str>,
    /// What there is to say about it. It is forgotten with the rest, because it may name the person.
    pub reason: Option<&'a str>,
}

/// A request to erase an author, and how far it has come. It holds pseudonyms only. `Debug` does not show the reason.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Erasure {
    /// The confirmation code: the same whenever the same author is erased, 24 hex digits.
    pub code: String,
    /// Whom it concerns.
    pub authors: Vec<Pseudonym>,
    /// On which platform, where that is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub platform: Option<Platform>,
    /// Why.
    pub ground: ErasureGround,
    /// Who ordered it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<String>,
    /// What there is to say about it, until it is fulfilled.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
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
    /// How many cases have to wait, because an action about them is still to be carried out. Until then their content
    /// is needed, and the author's sanctions.
    pub waiting: usize,
}

impl Ledger {
    /// Keeps a request to erase an author, so that [`Ledger::erase`] can carry it out. Asking again while it is under
    /// way lets it also reach what came meanwhile; asking again when it is fulfilled and nothing new is on record
    /// changes nothing.
    ///
    /// # Errors
    /// When the ledger is unavailable, the request keeps changing under its hands, or names no pseudonym.
    pub async fn request_erasure(&self, request: &ErasureRequest<'_>, now: Timestamp) -> Result<Erasure, LedgerError> {
        let Some(newest) = request.authors.first() else {
            return Err(LedgerError::Configuration("an erasure names no pseudonym".to_owned()));
        };
        for _ in 0..ATTEMPTS {
            let mut erasure = Erasure {
                code: code(newest),
                authors: request.authors.to_vec(),
                platform: request.platform,
                ground: request.ground,
                by: request.by.map(str::to_owned),
                reason: request.reason.map(str::to_owned),
                requested_at: now,
                cases: 0,
                done_at: None,
                version: 1,
            };
            let write = match self.known_erasure(request.authors).await? {
                None => Write::New(Table::Casebook, self.keys.erasure(&erasure.code), self.erasure_item(&erasure)?),
                Some(known) if known.done_at.is_some() && !self.is_on_record(&known.authors).await? => {
                    return Ok(known);
                }
                Some(known) => {
                    erasure.code = known.code;
                    erasure.version = known.version + 1;
                    if known.done_at.is_none() {
                        erasure.cases = known.cases;
                    }
                    self.write_erasure(&erasure)?
                }
            };
            // An unclear answer is looked into by the next attempt, which finds the request and renews it.
            if self.store.write(write).await? == Written::Yes {
                return Ok(erasure);
            }
        }
        Err(LedgerError::Conflict { operation: "request_erasure", attempts: ATTEMPTS })
    }

    /// A request by its confirmation code; `None` when there is none, or it was fulfilled more than a year ago.
    ///
    /// # Errors
    /// When the ledger is unavailable or the item cannot be read.
    pub async fn erasure(&self, code: &str, now: Timestamp) -> Result<Option<Erasure>, LedgerError> {
        let is_code = code.len() == CODE_DIGITS && code.bytes().all(|byte| byte.is_ascii_hexdigit());
        let found = if is_code { self.stored_erasure(code).await? } else { None };
        Ok(found.filter(|erasure| erasure.done_at.is_none_or(|done_at| now.duration_since(done_at) < KEPT)))
    }

    /// The codes of requests that are under way, the oldest first, at most `limit`. From an index that follows its
    /// table with a delay.
    ///
    /// # Errors
    /// When the ledger is unavailable or an item cannot be read.
    pub async fn erasures_under_way(&self, limit: usize) -> Result<Vec<String>, LedgerError> {
        if limit == 0 {
            return Ok(Vec::new());
        }
        let partition = self.keys.erasing();
        let found = self.store.query(Query { limit: Some(limit), ..Query::index(ON_DESK, &partition) }).await?;
        let codes =
            found.iter().take(limit).map(|item| text_of(item, SK).map(str::to_owned).ok_or_else(|| corrupt(SK)));
        codes.collect()
    }

    /// Carries an erasure on: deletes what is personal about every case of the author that had arrived when it was asked
    /// for, and then what is on record about the author. Cases stay as counts, without a pseudonym; the audit log stays
    /// as it is. A case with an action still to be carried out is left for later. When nothing is left, the request is
    /// fulfilled, with an audit entry in the same transaction; carrying on a fulfilled one does nothing. Interrupted at
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
            let Some(waiting) = self.erase_cases(&mut erasure, now).await? else { continue };
            if waiting > 0 {
                return Ok(Some(Erasing { erasure, waiting }));
            }
            if self.forget_author(&erasure).await? && self.fulfil(&mut erasure, policy, now).await? {
                return Ok(Some(Erasing { erasure, waiting }));
            }
        }
        Err(LedgerError::Conflict { operation: "erase", attempts: ATTEMPTS })
    }

    /// Records that everything is gone, unless the request has changed meanwhile.
    async fn fulfil(&self, erasure: &mut Erasure, policy: &PolicyRef, now: Timestamp) -> Result<bool, LedgerError> {
        erasure.done_at = Some(now);
        erasure.reason = None;
        erasure.version += 1;
        let Some(author) = erasure.authors.first().cloned() else { return Err(corrupt("authors")) };
        let fact = Fact::Erasure { author, ground: erasure.ground, by: erasure.by.clone(), cases: erasure.cases };
        let automatic = erasure.ground == ErasureGround::Platform;
        let entry = AuditEntry::at_large(policy, (erasure.platform, None), fact, automatic, now);
        let entry = self.write_at_large(&entry, &format!("erasure#{}", entry.hash))?;
        Ok(self.store.write_all(vec![self.write_erasure(erasure)?, entry]).await? == Written::Yes)
    }

    /// The request that the same author has made before, under whichever key.
    async fn known_erasure(&self, authors: &[Pseudonym]) -> Result<Option<Erasure>, LedgerError> {
        for author in authors {
            if let Some(known) = self.stored_erasure(&code(author)).await? {
                return Ok(Some(known));
            }
        }
        Ok(None)
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
        let set = Item::from([("cases".to_owned(), to_attribute("erasure", &erasure.cases)?)]);
        let change = Change { version: erasure.version - 1, set, unset: Vec::new() };
        Ok(Write::Change(Table::Casebook, self.keys.erasure(&erasure.code), change))
    }
}

/// The confirmation code of an author. It follows from the pseudonym alone, which only the holder of its key can derive:
/// so it is the same each time, and tells nothing.
fn code(author: &Pseudonym) -> String {
    let mut code = hex::encode(Sha256::new().chain_update("erasure#").chain_update(author.as_str()).finalize());
    code.truncate(CODE_DIGITS);
    code
}

fn corrupt(field: &str) -> LedgerError {
    LedgerError::Corrupt { what: "erasure", field: field.to_owned() }
}
