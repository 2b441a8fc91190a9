//! The audit log as a third party sees it: each day bound by a seal, the seals chained, all of it given out as one
//! file of lines, and that file verified without database, clock or secret. The format is `docs/audit-format.md`.

mod activation;
mod bound;
pub(crate) mod canonical;
mod day;
pub(crate) mod entry;
mod export;
mod hash;
mod lines;
mod merkle;
mod problem;
mod proof;
mod refusal;
mod seal;
mod spool;
mod verifier;
mod verify;

pub use export::{Export, ExportError};
pub use hash::{Hash, NotAHash};
pub use lines::{ExportWriter, Exported, Header};
pub use problem::{Flaw, Problem};
pub use proof::{Binding, Inclusion, Proof, ProvedEntry, Unsealed};
pub use seal::Seal;
pub use verify::{Expected, Unusable, Verification, verify};

/// The version of the format that is written, and the newest that is understood; all before it are, too. Since the second
/// entries name the learned reader beside the policy.
pub const VERSION: u32 = 2;
/// The version of the form of seals, in which nothing has changed: a chain goes on over versions of the format.
pub(super) const SEAL_VERSION: u32 = 1;
