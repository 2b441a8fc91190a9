//! What an erasure leaves of an author: nothing but what is newer than the request.

use jiff::Timestamp;
use policy::Strike;

use super::Erasure;
use super::case::Link;
use crate::author::Stored;
use crate::author::once::SAID_AT;
use crate::table::item::{Item, from_item, text_of};
use crate::table::keys::{Key, LINK, STANDING, STRIKE};
use crate::table::store::{Query, Span};
use crate::table::tables::{SK, Table};
use crate::table::write::{Write, Written};
use crate::{AuthorRecord, CaseId, Ledger, LedgerError, Pseudonym};

impl Ledger {
    /// Deletes strikes, sanctions, notes and what was said once, once no case is left that the erasure means. What
    /// belongs to a case that arrived later stays. Whether all is gone: if not, begin anew.
    pub(super) async fn forget_author(&self, erasure: &Erasure) -> Result<bool, LedgerError> {
        for author in &erasure.authors {
            let partition = self.keys.author(author);
            let links = Query { span: Span::Beginning(LINK), ..Query::of(Table::Casebook, &partition) };
            let mut pages = self.store.pages(links);
            while let Some(page) = pages.next().await? {
                for item in &page {
                    if Link::read(item)?.is_meant(erasure) {
                        return Ok(false);
                    }
                }
            }
        }
        let mut all_gone = true;
        for author in &erasure.authors {
            all_gone &= self.forget_standing(erasure, author).await?;
        }
        Ok(all_gone)
    }

    async fn forget_standing(&self, erasure: &Erasure, author: &Pseudonym) -> Result<bool, LedgerError> {
        let partition = self.keys.author(author);
        let query = Query { span: Span::Between(STRIKE, STANDING), ..Query::of(Table::Casebook, &partition) };
        let mut pages = self.store.pages(query);
        let mut all_gone = true;
        // They sort before the sanctions, whose time to live follows from them as well.
        let mut newer_strikes = Vec::new();
        while let Some(page) = pages.next().await? {
            for item in page {
                let sk = text_of(&item, SK).unwrap_or_default().to_owned();
                let case: Option<CaseId> = sk.strip_prefix(STRIKE).and_then(|case| case.parse().ok());
                let write = match case {
                    Some(case) if self.is_newer(erasure, &case).await? => {
                        newer_strikes.push(from_item("strike", item)?);
                        None
                    }
                    _ if sk == STANDING => {
                        let stored: Stored = from_item("standing", item)?;
                        self.write_what_is_newer(erasure, author, stored, &newer_strikes).await?
                    }
                    _ if said_at(&item).is_some_and(|at| at > erasure.requested_at) => None,
                    _ => Some(Write::Forget(Table::Casebook, Key { pk: partition.clone(), sk })),
                };
                if let Some(write) = write {
                    all_gone &= self.store.write(write).await? == Written::Yes;
                }
            }
        }
        Ok(all_gone)
    }

    /// The write that leaves of sanctions and notes what is newer than the request; none where all of it is.
    async fn write_what_is_newer(
        &self,
        erasure: &Erasure,
        author: &Pseudonym,
        stored: Stored,
        strikes: &[Strike<CaseId>],
    ) -> Result<Option<Write>, LedgerError> {
        let Stored { sanctions, notes, version } = stored;
        let before = (sanctions.len(), notes.len());
        let mut record = AuthorRecord { notes, version, ..AuthorRecord::default() };
        record.standing.strikes = strikes.to_vec();
        record.notes.retain(|note| note.at > erasure.requested_at);
        for sanction in sanctions {
            if self.is_newer(erasure, &sanction.case).await? {
                record.standing.sanctions.push(sanction);
            }
        }
        if (record.standing.sanctions.len(), record.notes.len()) == before {
            return Ok(None);
        }
        if record.standing.sanctions.is_empty() && record.notes.is_empty() {
            return Ok(Some(Write::Remove(Table::Casebook, self.keys.standing(author), version)));
        }
        self.write_standing(author, &record).map(Some)
    }

    /// Whether a case of the author arrived after the request. Its link was written together with it, and every link
    /// that is left is of such a case. Looked up only after its strike or sanction was read: one that is recorded
    /// meanwhile must not lose its strike.
    async fn is_newer(&self, erasure: &Erasure, case: &CaseId) -> Result<bool, LedgerError> {
        for author in &erasure.authors {
            if self.store.get(Table::Casebook, &self.keys.link(author, case)).await?.is_some() {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Those of these pseudonyms under which anything is on record.
    pub(super) async fn on_record(&self, authors: &[Pseudonym]) -> Result<Vec<Pseudonym>, LedgerError> {
        let mut found = Vec::new();
        for author in authors {
            if self.store.is_any(&self.keys.author(author)).await? {
                found.push(author.clone());
            }
        }
        Ok(found)
    }
}

fn said_at(item: &Item) -> Option<Timestamp> {
    text_of(item, SAID_AT)?.parse().ok()
}
