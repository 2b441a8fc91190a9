//! The ledger of one organisation.

use policy::{AccountId, ContributionId, Platform, PlatformUserId};

use crate::keys::Keys;
use crate::store::Store;
use crate::{CaseId, Consumed, LedgerError, Pseudonym, PseudonymKey, Reference, Tables};

/// The records of one organisation in the two tables, which it may share with others. Cheap to clone; the clones
/// count what they consume together.
#[derive(Clone, Debug)]
pub struct Ledger {
    pub(crate) store: Store,
    pub(crate) keys: Keys,
    pub(crate) pseudonyms: PseudonymKey,
}

impl Ledger {
    /// Opens the records of an organisation, named by its policy's id (letters, digits and dashes). Nothing is sent.
    ///
    /// The client's own retries and time-outs are replaced by the ledger's.
    pub fn new(client: aws_sdk_dynamodb::Client, tables: Tables, organisation: &str, key: PseudonymKey) -> Self {
        Self { store: Store::new(&client, tables), keys: Keys::new(organisation), pseudonyms: key }
    }

    /// Creates the tables that are missing, with the definition of the deployed stack, and waits until they are
    /// ready. For local engines: in AWS the stack creates them, and no function may.
    ///
    /// # Errors
    /// When the engine refuses or is unavailable.
    pub async fn create_tables(&self) -> Result<(), LedgerError> {
        self.store.create_tables().await
    }

    /// The id of the case that a revision has, or would have.
    pub fn case_id(&self, platform: Platform, account: &AccountId, id: &ContributionId, revision: &str) -> CaseId {
        self.pseudonyms.case_id(platform, account, id, revision)
    }

    /// The reference of a contribution, whatever its revision: how logs, tasks and keys name it.
    pub fn reference(&self, platform: Platform, account: &AccountId, id: &ContributionId) -> Reference {
        self.pseudonyms.reference(platform, account, id)
    }

    /// The references under which a contribution may be on record, one for each pseudonym key in use, that of the
    /// newest first.
    pub fn references(&self, platform: Platform, account: &AccountId, id: &ContributionId) -> Vec<Reference> {
        vec![self.reference(platform, account, id)]
    }

    /// The pseudonyms under which an author may be on record, one for each pseudonym key in use, that of the newest
    /// first.
    pub fn pseudonyms(&self, platform: Platform, id: &PlatformUserId) -> Vec<Pseudonym> {
        vec![self.pseudonym(platform, id)]
    }

    /// What an author is known by.
    pub fn pseudonym(&self, platform: Platform, id: &PlatformUserId) -> Pseudonym {
        self.pseudonyms.pseudonym(platform, id)
    }

    /// What the requests of this ledger and its clones consumed so far.
    pub fn consumed(&self) -> Consumed {
        self.store.consumed()
    }
}
