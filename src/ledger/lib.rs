#![doc = include_str!("README.md")]

mod action;
mod case;
mod compiled;
mod consumed;
mod cursor;
#[cfg(feature = "embedded")]
pub mod embedded;
mod entry;
mod error;
mod fate;
mod item;
mod keys;
mod ledger;
mod pending;
mod pseudonym;
mod reading;
mod record;
mod retry;
mod snapshot;
mod store;
mod strike;
mod tables;
mod task;

pub use action::{ActionWork, Settled, Settlement};
pub use case::{Action, Case, CaseFinding, Closure, Status};
pub use consumed::Consumed;
#[cfg(feature = "embedded")]
pub use embedded::client_for;
pub use entry::{AuditEntry, DecisionKind, EntryFinding, EntryStrike, Fact};
pub use error::LedgerError;
pub use fate::Fate;
pub use keys::day;
pub use ledger::Ledger;
pub use pending::{Work, WorkKey};
pub use pseudonym::{CaseId, NotAnId, Pseudonym, PseudonymKey, Reference};
pub use reading::{ReadOutcome, ReadWork, Unread};
pub use record::{Judged, NewAction, NewStrike, Recorded};
pub use snapshot::{Conflict, Measurement, Precision, Source, Stored};
pub use strike::Strike;
pub use tables::Tables;
pub use task::{Task, TaskKind};
