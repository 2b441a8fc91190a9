//! Asking for an erasure: one request for each person, under whichever key and however often it is asked for.

use jiff::Timestamp;
use policy::{Person, Platform};

use super::{ATTEMPTS, Erasure};
use crate::table::item::from_item;
use crate::table::store::Query;
use crate::table::tables::Table;
use crate::table::write::{Write, Written};
use crate::{ErasureGround, Ledger, LedgerError, Pseudonym};

/// That an author is to be erased: by whom, and why.
#[derive(Clone, Copy, Debug)]
pub struct ErasureRequest<'a> {
    /// The pseudonyms under which the author may be on record, at least one.
    pub authors: &'a [Pseudonym],
    /// On which platform, where that is known.
    pub platform: Option<Platform>,
    /// Why.
    pub ground: ErasureGround,
    /// Who ordered it; `None` when a platform passed it on.
    pub by: Option<&'a Person>,
    /// What there is to say about it. It is forgotten with the rest, because it may name the person.
    pub reason: Option<&'a str>,
}

impl Ledger {
    /// Keeps a request to erase an author, so that [`Ledger::erase`] can carry it out. Asking again while it is under
    /// way lets it also reach what came meanwhile, and leaves who asked first, and why; asking again when it is fulfilled
    /// and nothing new is on record changes nothing.
    ///
    /// # Errors
    /// When the ledger is unavailable, the request keeps changing under its hands, or names no pseudonym.
    pub async fn request_erasure(&self, request: &ErasureRequest<'_>, now: Timestamp) -> Result<Erasure, LedgerError> {
        let Some(first) = request.authors.first() else {
            return Err(LedgerError::Configuration("an erasure names no pseudonym".to_owned()));
        };
        for _ in 0..ATTEMPTS {
            let known = self.known_erasure(request.authors).await?;
            let authors = union(request.authors, known.as_ref().map_or(&[], |known| &known.authors));
            let found = self.on_record(&authors).await?;
            let new = Erasure {
                code: self.pseudonyms.newest().erasure_code(first),
                authors,
                found,
                platform: request.platform,
                ground: request.ground,
                by: request.by.cloned(),
                reason: request.reason.map(str::to_owned),
                first_requested_at: now,
                requested_at: now,
                cases: 0,
                done_at: None,
                version: 1,
            };
            let (erasure, write) = match known {
                None => {
                    let write = Write::New(Table::Casebook, self.keys.erasure(&new.code), self.erasure_item(&new)?);
                    (new, write)
                }
                Some(known) if known.done_at.is_some() && new.found.is_empty() => return Ok(known),
                Some(known) => {
                    let version = known.version + 1;
                    let erasure = match known.done_at {
                        Some(_) => Erasure { code: known.code, version, ..new },
                        None => Erasure {
                            authors: new.authors,
                            found: union(&new.found, &known.found),
                            platform: known.platform.or(new.platform),
                            requested_at: now,
                            version,
                            ..known
                        },
                    };
                    let write = self.write_erasure(&erasure)?;
                    (erasure, write)
                }
            };
            // An unclear answer is looked into by the next attempt, which finds the request and renews it.
            if self.store.write(write).await? == Written::Yes {
                return Ok(erasure);
            }
        }
        Err(LedgerError::Conflict { operation: "request_erasure", attempts: ATTEMPTS })
    }

    /// The request about the same person that is kept, one under way before one that is fulfilled. Its code does not tell:
    /// it may have been asked for under another key, or by a pseudonym alone. Those of a year are few.
    async fn known_erasure(&self, authors: &[Pseudonym]) -> Result<Option<Erasure>, LedgerError> {
        let partition = self.keys.erasures();
        let mut pages = self.store.pages(Query::of(Table::Casebook, &partition));
        let mut fulfilled = None;
        while let Some(page) = pages.next().await? {
            for item in page {
                let known: Erasure = from_item("erasure", item)?;
                if !known.authors.iter().any(|author| authors.contains(author)) {
                    continue;
                }
                if known.done_at.is_none() {
                    return Ok(Some(known));
                }
                fulfilled = Some(known);
            }
        }
        Ok(fulfilled)
    }
}

/// The first, and those of the others that are not among them.
fn union(first: &[Pseudonym], others: &[Pseudonym]) -> Vec<Pseudonym> {
    let others = others.iter().filter(|other| !first.contains(other));
    first.iter().chain(others).cloned().collect()
}
