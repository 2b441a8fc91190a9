//! The ledger of one organisation.

use jiff::Timestamp;
use policy::{AccountId, Contribution, ContributionId, Platform, PlatformUserId};

use crate::table::keys::Keys;
use crate::table::store::Store;
use crate::{CaseId, Consumed, LedgerError, Pseudonym, PseudonymKeys, Reference, Tables};

/// The records of one organisation in the two tables, which it may share with others. Cheap to clone; the clones
/// count what they consume together.
#[derive(Clone, Debug)]
pub struct Ledger {
    pub(crate) store: Store,
    pub(crate) keys: Keys,
    pub(crate) pseudonyms: PseudonymKeys,
}

impl Ledger {
    /// Opens the records of an organisation, named by its policy's id (letters, digits and dashes). Nothing is sent.
    ///
    /// The client's own retries and time-outs are replaced by the ledger's.
    pub fn new(
        client: aws_sdk_dynamodb::Client,
        tables: Tables,
        organisation: &str,
        keys: impl Into<PseudonymKeys>,
    ) -> Self {
        Self { store: Store::new(&client, tables), keys: Keys::new(organisation), pseudonyms: keys.into() }
    }

    /// Creates the tables that are missing, with the definition of the deployed stack, and waits until they are
    /// ready. For local engines: in AWS the stack creates them, and no function may.
    ///
    /// # Errors
    /// When the engine refuses or is unavailable.
    pub async fn create_tables(&self) -> Result<(), LedgerError> {
        self.store.create_tables().await
    }

    /// The id of the case that a revision gets when it is judged now. It follows from the pseudonym key that was in force
    /// when it was written, so that a delivery after a rotation meets what an earlier one recorded; where that time is
    /// not known, from the key in force now, and [`Ledger::record`] looks for an earlier one under the other keys.
    pub fn case_id(&self, contribution: &Contribution, now: Timestamp) -> CaseId {
        let Contribution { platform, account, id, revision, at, .. } = contribution;
        self.pseudonyms.in_force(at.unwrap_or(now)).case_id(*platform, account, id, revision)
    }

    /// The ids under which a revision may have been judged.
    pub(crate) fn case_ids(&self, contribution: &Contribution) -> Vec<CaseId> {
        let Contribution { platform, account, id, revision, at, .. } = contribution;
        match at {
            Some(at) => vec![self.case_id(contribution, *at)],
            None => self.pseudonyms.newest_first().map(|key| key.case_id(*platform, account, id, revision)).collect(),
        }
    }

    /// The reference of what was written at this time: how logs, tasks and keys name it.
    pub fn reference(
        &self,
        platform: Platform,
        account: &AccountId,
        id: &ContributionId,
        written_at: Timestamp,
    ) -> Reference {
        self.pseudonyms.in_force(written_at).reference(platform, account, id)
    }

    /// The references under which a contribution may be on record, one for each pseudonym key in use, that of the
    /// newest first. Revisions that were written under different keys have different ones.
    pub fn references(&self, platform: Platform, account: &AccountId, id: &ContributionId) -> Vec<Reference> {
        self.pseudonyms.newest_first().map(|key| key.reference(platform, account, id)).collect()
    }

    /// The pseudonyms under which an author may be on record, one for each pseudonym key in use, that of the newest
    /// first.
    pub fn pseudonyms(&self, platform: Platform, id: &PlatformUserId) -> Vec<Pseudonym> {
        self.pseudonyms.newest_first().map(|key| key.pseudonym(platform, id)).collect()
    }

    /// By what an author is known who is not on record yet. For whoever may be, ask [`Ledger::known_as`].
    pub fn pseudonym(&self, platform: Platform, id: &PlatformUserId, now: Timestamp) -> Pseudonym {
        self.pseudonyms.in_force(now).pseudonym(platform, id)
    }

    /// By what an author is known: under the oldest pseudonym key under which anything is on record about them, else
    /// under the one in force. So strikes from before a rotation and after it stand together, and nothing has to be
    /// moved. Costs a read for each key that was replaced, and nothing where there is none.
    ///
    /// # Errors
    /// When the ledger is unavailable.
    pub async fn known_as(
        &self,
        platform: Platform,
        id: &PlatformUserId,
        now: Timestamp,
    ) -> Result<Pseudonym, LedgerError> {
        for key in self.pseudonyms.replaced_by(now) {
            let pseudonym = key.pseudonym(platform, id);
            if self.store.is_any(&self.keys.author(&pseudonym)).await? {
                return Ok(pseudonym);
            }
        }
        Ok(self.pseudonym(platform, id, now))
    }

    /// What the requests of this ledger and its clones consumed so far.
    pub fn consumed(&self) -> Consumed {
        self.store.consumed()
    }
}
