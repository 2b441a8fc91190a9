//! The register of those who are kept out by a block or a ban, over all accounts.

use policy::{Sanction, SanctionKind};

use crate::table::item::{Item, text};
use crate::table::keys::sortable;
use crate::table::tables::{DESK, DESK_AT};
use crate::{AuthorRecord, CaseId, Cursor, Ledger, LedgerError, Pseudonym};

impl Ledger {
    /// A page of those whom a block or a ban in force keeps out, or is about to, in the order of when it was proposed; and
    /// where the next page begins, `None` after the last. Who was kept out before the register was kept is in it from the
    /// next change of their record on.
    ///
    /// # Errors
    /// When the ledger is unavailable or an item cannot be read.
    pub async fn kept_out(
        &self,
        after: Option<&Cursor>,
        limit: usize,
    ) -> Result<(Vec<(Pseudonym, AuthorRecord)>, Option<Cursor>), LedgerError> {
        let start = after.map(|after| Ok((after.at.clone(), self.keys.standing(&after.id.parse()?)))).transpose();
        let start = start.map_err(|error: crate::NotAnId| LedgerError::Configuration(error.to_string()))?;
        let (listed, more) = self.page(&self.keys.kept_out(), start, limit).await?;
        let (mut found, mut last) = (Vec::new(), None);
        for (at, key) in listed {
            let author = key.pk.rsplit('#').next().and_then(|author| author.parse::<Pseudonym>().ok());
            let author = author.ok_or_else(|| LedgerError::Corrupt { what: "standing", field: "pk".to_owned() })?;
            let record = self.author(&author).await?;
            last = Some(Cursor { at, id: author.to_string() });
            // The index follows its table with a delay.
            if record.standing.sanctions.iter().any(Sanction::keeps_out) {
                found.push((author, record));
            }
        }
        Ok((found, last.filter(|_| more)))
    }

    /// The attributes by which the register lists an author, where one of these sanctions keeps them out.
    pub(crate) fn listed_as_kept_out(&self, sanctions: &[Sanction<CaseId>]) -> Option<Item> {
        let is_one = |sanction: &&Sanction<CaseId>| sanction.kind >= SanctionKind::Block && sanction.keeps_out();
        let first = sanctions.iter().filter(is_one).map(|sanction| sanction.proposed_at).min()?;
        Some(Item::from([(DESK.to_owned(), text(&self.keys.kept_out())), (DESK_AT.to_owned(), text(&sortable(first)))]))
    }
}
