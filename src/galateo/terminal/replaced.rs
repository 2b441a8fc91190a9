//! What a command may put a new file in the place of.

use std::path::{Path, PathBuf};

use ledger::embedded::is_of_a_ledger;

use crate::language::{self, say};
use crate::policies;
use crate::terminal::failure::Failure;

/// Refuses to write a file that somebody named where it would take the place of records, of any ledger, or of the policy
/// that the command reads, with its lists: one wrong completion in a shell must not destroy them. To be asked before
/// anything is recorded.
///
/// # Errors
/// The file is one of these, or what is there cannot be looked at.
pub fn may_be_replaced(file: &Path, policy: Option<&Path>) -> Result<(), Failure> {
    let unreadable = |error| Failure::unusable(format!("{}: {}", file.display(), language::of_cause(&error)));
    if is_of_a_ledger(file).map_err(unreadable)? {
        return Err(Failure::unusable(say!(
            "{}: è un file di un registro, serve un altro nome: non è stato scritto nulla",
            "{}: found a file of a ledger, expected another name: nothing was written",
            file.display()
        )));
    }
    let read: Vec<PathBuf> = policy.map(policies::files).transpose()?.unwrap_or_default();
    if read.iter().any(|read| same_file::is_same_file(read, file).unwrap_or(false)) {
        return Err(Failure::unusable(say!(
            "{}: è la policy o uno dei suoi elenchi, serve un altro nome: non è stato scritto nulla",
            "{}: found the policy or one of its lists, expected another name: nothing was written",
            file.display()
        )));
    }
    Ok(())
}
