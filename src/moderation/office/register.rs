//! The register of those whom a block or a ban keeps out, over all accounts.

use ledger::{AuthorRecord, Case, CaseId, Cursor, Pseudonym};
use policy::{Sanction, SanctionKind};

use super::{Office, OfficeError};

/// Somebody whom a block or a ban keeps out.
#[derive(Debug)]
pub struct KeptOut {
    /// By what they are known.
    pub author: Pseudonym,
    /// All that is on record about them.
    pub record: AuthorRecord,
    /// What keeps them out; of several, the highest.
    pub sanction: Sanction<CaseId>,
    /// The case that carries it, as far as it is still kept.
    pub case: Option<Case>,
}

impl KeptOut {
    /// The warnings that reached them before.
    pub fn warnings(&self) -> impl Iterator<Item = &Sanction<CaseId>> {
        let sanctions = self.record.standing.sanctions.iter();
        sanctions.filter(|sanction| sanction.kind < SanctionKind::Block && sanction.effective_at.is_some())
    }
}

impl Office<'_> {
    /// A page of those whom a block or a ban in force keeps out, or is about to, the longest first; and where the next page
    /// begins, `None` after the last.
    ///
    /// # Errors
    /// When the ledger is unavailable or an item cannot be read.
    pub async fn kept_out(
        &self,
        after: Option<&Cursor>,
        limit: usize,
    ) -> Result<(Vec<KeptOut>, Option<Cursor>), OfficeError> {
        let (listed, next) = self.moderation.ledger.kept_out(after, limit).await?;
        let mut found = Vec::new();
        for (author, record) in listed {
            let keeping = record.standing.sanctions.iter().filter(|sanction| sanction.keeps_out());
            let Some(sanction) = keeping.max_by_key(|sanction| sanction.kind).cloned() else { continue };
            let case = self.moderation.ledger.case(&sanction.case, self.moderation.clock.now()).await?;
            found.push(KeptOut { author, record, sanction, case });
        }
        Ok((found, next))
    }
}
