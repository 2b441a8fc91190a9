//! Halts: what the system may not do alone for the time being.

use std::fmt;

use jiff::Timestamp;
use policy::{AccountId, Person, Platform, PolicyRef};
use serde::{Deserialize, Serialize};

use crate::table::item::{from_item, number, to_item};
use crate::table::keys::sortable;
use crate::table::store::Query;
use crate::table::tables::Table;
use crate::table::write::{Write, Written};
use crate::{AuditEntry, Fact, HourCount, Ledger, LedgerError, Recorded, Task};

/// Halts are not changed, only made and ended, so all of them have this version.
const VERSION: u64 = 1;

/// What is halted. `Display` spells it as keys do.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Scope {
    /// Everything.
    All,
    /// One account.
    Account(Platform, AccountId),
    /// One rule, by its id, on one account.
    Rule(Platform, AccountId, String),
}

impl Scope {
    fn place(&self) -> Option<(Platform, &AccountId)> {
        match self {
            Scope::All => None,
            Scope::Account(platform, account) | Scope::Rule(platform, account, _) => Some((*platform, account)),
        }
    }

    /// The rule that it concerns, if it is one on this account.
    pub fn rule_on(&self, platform: Platform, account: &AccountId) -> Option<&str> {
        match self {
            Scope::Rule(on, id, rule) if *on == platform && id == account => Some(rule),
            _ => None,
        }
    }

    fn rule(&self) -> Option<&str> {
        match self {
            Scope::All | Scope::Account(..) => None,
            Scope::Rule(_, _, rule) => Some(rule),
        }
    }
}

impl fmt::Display for Scope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Scope::All => f.write_str("all"),
            Scope::Account(platform, account) => write!(f, "account#{platform}#{account}"),
            Scope::Rule(platform, account, rule) => write!(f, "rule#{platform}#{account}#{rule}"),
        }
    }
}

/// Why something is halted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum HaltCause {
    /// The circuit breaker: too much was hidden within an hour.
    Breaker,
    /// A person switched it off.
    Switch,
    /// An account is being flooded.
    Raid,
}

impl HaltCause {
    /// The key used in tables and logs.
    pub const fn as_str(self) -> &'static str {
        match self {
            HaltCause::Breaker => "breaker",
            HaltCause::Switch => "switch",
            HaltCause::Raid => "raid",
        }
    }
}

/// What the system may not do alone until a person lets it go on. What rules would hide meanwhile becomes a review, and
/// its case belongs to the group of the halt.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Halt {
    /// What is halted.
    pub scope: Scope,
    /// Why.
    pub cause: HaltCause,
    /// Since when.
    pub since: Timestamp,
    /// Who decided it; `None` when the system did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<Person>,
    /// Why, in words. It speaks of the system and of no person: it stands in the audit log.
    pub reason: String,
    /// What the circuit breaker had counted, for whoever words it in another language than the reason is in; `None` when a
    /// person halted, and in what an older version has written.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub counted: Option<HourCount>,
    /// The group to which the cases belong that it leaves to a person.
    pub group: String,
}

impl Ledger {
    /// Everything that is halted.
    ///
    /// # Errors
    /// When the ledger is unavailable or an item cannot be read.
    pub async fn halts(&self) -> Result<Vec<Halt>, LedgerError> {
        let partition = self.keys.halts();
        let items = self.store.query(Query::of(Table::Casebook, &partition)).await?;
        items.into_iter().map(|item| from_item("halt", item)).collect()
    }

    /// Halts something, with an audit entry and a task for who has to know; where it is halted already, that stays as
    /// it is.
    ///
    /// # Errors
    /// When the ledger is unavailable.
    pub async fn halt(
        &self,
        halt: &Halt,
        task: &Task,
        policy: &PolicyRef,
        now: Timestamp,
    ) -> Result<Recorded, LedgerError> {
        let mut item = to_item("halt", halt)?;
        item.insert("version".to_owned(), number(VERSION));
        let writes = vec![
            Write::New(Table::Casebook, self.keys.halt(&halt.scope), item),
            self.write_halt(&halt.scope, true, halt.by.as_ref(), &halt.reason, policy, now)?,
            self.write_task(task)?,
        ];
        Ok(match self.store.write_all(writes).await? {
            Written::Yes => Recorded::New,
            Written::No | Written::Unclear => Recorded::Duplicate,
        })
    }

    /// Lets something that was halted go on, with an audit entry. Whether it was halted. What was counted on the account
    /// is forgotten, so that the next thing that is hidden does not halt it again.
    ///
    /// # Errors
    /// When the ledger is unavailable.
    pub async fn resume(
        &self,
        scope: &Scope,
        by: &Person,
        reason: &str,
        policy: &PolicyRef,
        now: Timestamp,
    ) -> Result<bool, LedgerError> {
        if let Some((platform, account)) = scope.place() {
            self.reset_meter(platform, account, now).await?;
        }
        let writes = vec![
            Write::Remove(Table::Casebook, self.keys.halt(scope), VERSION),
            self.write_halt(scope, false, Some(by), reason, policy, now)?,
        ];
        Ok(self.store.write_all(writes).await? == Written::Yes)
    }

    fn write_halt(
        &self,
        scope: &Scope,
        halted: bool,
        by: Option<&Person>,
        reason: &str,
        policy: &PolicyRef,
        now: Timestamp,
    ) -> Result<Write, LedgerError> {
        let (by, rule) = (by.map(ToString::to_string), scope.rule().map(str::to_owned));
        let fact = Fact::Halt { rule, halted, by: by.clone(), reason: reason.to_owned() };
        let entry = AuditEntry::at_large(policy, scope.place().unzip(), fact, by.is_none(), now);
        let what = format!("halt#{}#{}#{scope}", sortable(now), if halted { "begin" } else { "end" });
        self.write_at_large(&entry, &what)
    }
}
