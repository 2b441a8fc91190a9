#![doc = include_str!("README.md")]

pub mod audit;
mod author;
mod brakes;
mod case;
mod contribution;
mod counts;
mod desk;
#[cfg(feature = "embedded")]
pub mod embedded;
mod erasure;
mod error;
mod ledger;
mod retention;
mod session;
mod table;

pub use audit::entry::AuditEntry;
pub use audit::entry::fact::{DecisionKind, EntryFinding, EntryStrike, ErasureGround, Fact};
pub use author::once::Once;
pub use author::pseudonym::{CaseId, NotAnId, Pseudonym, PseudonymKey, Reference};
pub use author::pseudonym_keys::{KeysInDisorder, PseudonymKeys};
pub use author::{AuthorRecord, NewStrike, Note};
pub use brakes::halt::{Halt, HaltCause, Scope};
pub use brakes::limit::{LONGEST_LIMIT, LimitScope, ReachedLimit};
pub use brakes::meter::{Hide, HourCount};
pub use case::action::{Action, NewAction};
pub use case::amend::{Amended, Amendment, Cancel, SanctionsChange, StrikeChange};
pub use case::content::Content;
pub use case::decision::{Decision, reason_hash, salt};
pub use case::held::{Held, HeldDecision, Hold};
pub use case::link::Said;
pub use case::settle::{ActionWork, Asked, Settled, Settlement};
pub use case::{Case, CaseFinding, Closure, Status};
pub use contribution::course::Course;
pub use contribution::fate::{Became, Fate};
pub use contribution::reading::{Awaited, ReadOutcome, ReadWork, Unread};
pub use contribution::record::{Judged, Recorded};
pub use contribution::revision::{Revised, Revision};
pub use counts::snapshot::{Conflict, Measurement, Precision, Source, Stored};
pub use desk::facts::{AboutReport, Cause, CitedClause, KnownForm, ReportedCase, TaskFacts};
pub use desk::task::{Done, Errand, Finished, Task, TaskKind};
pub use desk::user_report::{Attachment, NotAReport, ReportId, Reported, SenderCheck, UserReport};
pub use desk::{Cursor, Desk, NotACursor};
#[cfg(feature = "embedded")]
pub use embedded::client_for;
pub use erasure::{Erasing, Erasure, ErasureRequest};
pub use error::LedgerError;
pub use ledger::Ledger;
pub use session::{Session, SessionKey};
pub use table::consumed::Consumed;
pub use table::keys::day;
pub use table::pending::{Work, WorkKey};
pub use table::tables::Tables;
