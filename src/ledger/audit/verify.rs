//! Offline verification of an export: from its bytes alone, line by line, without database, clock or secret.
//! `docs/audit-format.md`, section 5.

use std::io::{self, BufRead, Read};

use jiff::civil::Date;
use serde::Serialize;

use crate::audit::VERSION;
use crate::audit::hash::Hash;
use crate::audit::problem::Problem;
use crate::audit::verifier::Verifier;

/// The longest line that is read, in bytes: an entry is at most 400 KB in the table, and escapes make it longer.
const MAX_LINE: u64 = 4 << 20;

/// What whoever verifies knows from elsewhere.
#[derive(Clone, Debug, Default)]
pub struct Expected {
    /// Whose audit log it should be.
    pub organisation: Option<String>,
    /// Hashes of seals that were published where nobody can change them, with their days where known. Each proves
    /// everything up to its day.
    pub published: Vec<(Option<Date>, Hash)>,
}

/// What verification found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Verification {
    /// Whose audit log it is.
    pub organisation: String,
    /// The first day of the period.
    pub from: Date,
    /// Its last day.
    pub to: Date,
    /// How many lines of entries there are.
    pub entries: u64,
    /// How many of them a seal in the export binds.
    pub sealed: u64,
    /// How many of the sealed ones were recorded for an earlier day than that of their seal.
    pub late: u64,
    /// How many entries are older than the first seal of all, so that no seal will ever bind them.
    pub older: u64,
    /// How many seals there are.
    pub seals: u64,
    /// The first seal.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub first_seal: Option<(Date, Hash)>,
    /// The last seal.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_seal: Option<(Date, Hash)>,
    /// The last day with a seal that is published elsewhere.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub published_until: Option<Date>,
    /// What is wrong, in the order of lines: the first hundred.
    pub problems: Vec<Problem>,
    /// How much is wrong.
    pub problem_count: u64,
}

impl Verification {
    /// Whether nothing is wrong.
    pub const fn is_valid(&self) -> bool {
        self.problem_count == 0
    }
}

/// Why something cannot be verified at all.
#[derive(Debug, thiserror::Error)]
pub enum Unusable {
    /// It is not an export.
    #[error("line 1: not an audit export: expected the header of the format `galateo-audit`")]
    NotAnExport,
    /// It is of a version that this program does not know.
    #[error(
        "line {line}: written in version {found} of the format, and this program knows up to {VERSION}: use a newer one"
    )]
    Newer {
        /// The line that says so.
        line: u64,
        /// The version.
        found: u64,
    },
    /// A line is longer than any that is written.
    #[error("line {line}: longer than {MAX_LINE} bytes, which no line of an export is")]
    LineTooLong {
        /// The line.
        line: u64,
    },
    /// It cannot be read.
    #[error("cannot be read: {0}")]
    Input(#[from] io::Error),
}

/// Verifies an export. Memory does not depend on its size.
///
/// # Errors
/// When it is no export, is of a newer version, or cannot be read. What is wrong *in* it is in the result.
pub fn verify(mut input: impl BufRead, expected: &Expected) -> Result<Verification, Unusable> {
    let mut line = Vec::new();
    if !next_line(&mut input, &mut line, 1)? {
        return Err(Unusable::NotAnExport);
    }
    let mut verifier = Verifier::begin(&line, expected)?;
    while next_line(&mut input, &mut line, verifier.line + 1)? {
        verifier.take(&line)?;
    }
    Ok(verifier.end())
}

/// Reads a line with its end; `false` at the end of the input.
fn next_line(input: &mut impl BufRead, line: &mut Vec<u8>, number: u64) -> Result<bool, Unusable> {
    line.clear();
    let read = input.by_ref().take(MAX_LINE).read_until(b'\n', line)?;
    if read as u64 == MAX_LINE && line.last() != Some(&b'\n') {
        return Err(Unusable::LineTooLong { line: number });
    }
    Ok(read > 0)
}
