//! Giving out what is on record: that it is given out is recorded first, and by whom.

use jiff::Timestamp;
use ledger::audit::Proof;
use ledger::{AuthorRecord, Case, Ledger, LedgerError, Task};
use policy::{Person, Policy};

/// Who gives something out, of which records, and when.
#[derive(Clone, Copy, Debug)]
pub struct Disclosure<'a> {
    /// The records.
    pub ledger: &'a Ledger,
    /// The policy in force.
    pub policy: &'a Policy,
    /// The person of the office who gives it out.
    pub by: &'a Person,
    /// When.
    pub at: Timestamp,
}

/// Why something was not given out.
#[derive(Debug, thiserror::Error)]
pub enum DisclosureError {
    /// Nothing tells on which platform the author is.
    #[error("what is on record does not tell the platform of the author")]
    NoPlatform,
    /// The ledger failed.
    #[error(transparent)]
    Ledger(#[from] LedgerError),
}

/// What is given out about a case.
#[derive(Debug)]
pub struct Given {
    /// The case.
    pub case: Case,
    /// Its author.
    pub author: AuthorRecord,
    /// What people had, or have, to do about it.
    pub tasks: Vec<Task>,
    /// Its audit entries, and the seals that bind them.
    pub proof: Proof,
    /// Who gives it out.
    pub by: Person,
    /// When.
    pub at: Timestamp,
}

impl Disclosure<'_> {
    /// What is on record about a case. That it is given out is recorded before it is read, so that what cannot be
    /// recorded is not given out, and the entry is among those that are.
    ///
    /// # Errors
    /// When the ledger is unavailable.
    pub async fn case(&self, case: Case) -> Result<Given, LedgerError> {
        let Disclosure { ledger, by, at, .. } = *self;
        ledger.begins_by(at).await?;
        ledger.disclose_case(&case, by, at).await?;
        let author = match &case.pseudonym {
            Some(author) => ledger.author(author).await?,
            None => AuthorRecord::default(),
        };
        let tasks = ledger.tasks_of(&case.id, at).await?;
        let proof = ledger.proof(&case, at).await?;
        Ok(Given { case, author, tasks, proof, by: by.clone(), at })
    }
}
