//! Which policy is in force, and since when: an entry for every change of it.

use jiff::Timestamp;
use jiff::civil::Date;
use policy::PolicyRef;
use serde::{Deserialize, Serialize};

use crate::table::item::{Item, from_item, to_attribute, to_item};
use crate::table::keys;
use crate::table::tables::Table;
use crate::table::write::{Change, Write, Written};
use crate::{AuditEntry, Fact, Ledger, LedgerError, Recorded};

/// How often [`Ledger::activate`] starts anew when others activate a policy at the same time.
const ATTEMPTS: u32 = 10;

/// How the policy in force is stored.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct InForce {
    policy: PolicyRef,
    since: Timestamp,
    /// When the first policy came into force, with which the records of the organisation begin.
    begun: Timestamp,
    version: u64,
}

impl Ledger {
    /// Notes that a policy is in force from now on, with an entry of the audit log whenever its content differs from
    /// that of the one before. Whoever judges calls this when it starts: it costs one read if nothing changed.
    ///
    /// # Errors
    /// When the ledger is unavailable, an item cannot be read, or others keep activating policies at the same time.
    pub async fn activate(&self, policy: &PolicyRef, now: Timestamp) -> Result<Recorded, LedgerError> {
        let key = self.keys.policy();
        for _ in 0..ATTEMPTS {
            let stored = self.in_force().await?;
            // A clock that was set back writes entries before the first day: the records then begin with them.
            let has_begun = |stored: &InForce| keys::day(stored.begun) <= keys::day(now);
            if stored.as_ref().is_some_and(|stored| stored.policy.hash == policy.hash && has_begun(stored)) {
                return Ok(Recorded::Duplicate);
            }
            let begun = stored.as_ref().map_or(now, |stored| stored.begun.min(now));
            let version = stored.as_ref().map_or(0, |stored| stored.version);
            let next = InForce { policy: policy.clone(), since: now, begun, version: version + 1 };
            let mut item = to_item("policy in force", &next)?;
            let write = if stored.is_some() {
                item.remove("version");
                Write::Change(Table::Casebook, key.clone(), Change { version, set: item, ..Change::default() })
            } else {
                Write::New(Table::Casebook, key.clone(), item)
            };
            let entry = AuditEntry::at_large(policy, (None, None), Fact::Activation, true, now);
            let entry = self.write_at_large(&entry, &format!("activation#{}", entry.hash))?;
            if self.store.write_all(vec![entry, write]).await? == Written::Yes {
                return Ok(Recorded::New);
            }
        }
        Err(LedgerError::Conflict { operation: "activate", attempts: ATTEMPTS })
    }

    /// Notes that something is recorded at this time, where that is before the first day of the records: a clock that was
    /// set back while a process runs, or that is wrong where a person works, lets them begin earlier. It costs a read.
    ///
    /// # Errors
    /// When the ledger is unavailable, an item cannot be read, or others keep changing it at the same time.
    pub async fn begins_by(&self, now: Timestamp) -> Result<(), LedgerError> {
        for _ in 0..ATTEMPTS {
            let Some(InForce { begun, version, .. }) = self.in_force().await? else { return Ok(()) };
            if keys::day(begun) <= keys::day(now) {
                return Ok(());
            }
            let set = Item::from([("begun".to_owned(), to_attribute("policy in force", &now)?)]);
            let change = Change { version, set, ..Change::default() };
            if self.store.write(Write::Change(Table::Casebook, self.keys.policy(), change)).await? == Written::Yes {
                tracing::warn!(day = %keys::day(now), "something is recorded for a day before the records begin: the \
                    clock is wrong, or was; no seal will bind it if there are seals already");
                return Ok(());
            }
        }
        Err(LedgerError::Conflict { operation: "begins_by", attempts: ATTEMPTS })
    }

    /// The day in Italy on which the first policy came into force, if one was ever activated. Nothing was judged before.
    ///
    /// # Errors
    /// When the ledger is unavailable or the item cannot be read.
    pub async fn begun(&self) -> Result<Option<Date>, LedgerError> {
        Ok(self.in_force().await?.map(|stored| keys::day(stored.begun)))
    }

    async fn in_force(&self) -> Result<Option<InForce>, LedgerError> {
        let item = self.store.get(Table::Casebook, &self.keys.policy()).await?;
        item.map(|item| from_item("policy in force", item)).transpose()
    }
}
