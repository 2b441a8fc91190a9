//! What verification finds wrong. No content of an entry appears in it, but the id of its case and its hash, which are
//! no personal data.

use std::fmt;

use jiff::civil::Date;
use serde::Serialize;

/// One thing that is wrong with an export.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Problem {
    /// The line, counted from 1.
    pub line: u64,
    /// The day that the line belongs to, where that is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub day: Option<Date>,
    /// The entry: the id of its case, or its hash where it concerns no single contribution.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub entry: Option<String>,
    /// What it is.
    #[serde(flatten)]
    pub flaw: Flaw,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}", self.line)?;
        if let Some(day) = self.day {
            write!(f, ", {day}")?;
        }
        if let Some(entry) = &self.entry {
            write!(f, ", entry {entry}")?;
        }
        write!(f, ": {}", self.flaw)
    }
}

/// What is wrong.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, thiserror::Error)]
#[serde(tag = "problem", rename_all = "snake_case")]
pub enum Flaw {
    /// The export is that of another institution.
    #[error("this is the audit log of {found}, expected {expected}")]
    OtherOrganisation {
        /// Whose it is.
        found: String,
        /// Whose it should be.
        expected: String,
    },
    /// A line is not laid out as the format says.
    #[error("the line is not laid out as the format says")]
    Unreadable,
    /// An entry's content is not what its hash was taken over.
    #[error("changed: its content does not have the hash that it was recorded with")]
    Changed,
    /// An entry is sealed, and was not on record any more when the export was made.
    #[error("missing: it is sealed, and was no longer on record when the export was made")]
    Gone,
    /// Entries are missing before this line.
    #[error("missing: entries {first} to {last} do not stand before this one")]
    Missing {
        /// The number of the first.
        first: u64,
        /// The number of the last.
        last: u64,
    },
    /// The entry before it stands here again.
    #[error("repeated: it stands here a second time")]
    Repeated,
    /// An entry stands after one with a higher number.
    #[error("repeated or moved: entry {number} stands after entry {after}")]
    Displaced {
        /// Its number.
        number: u64,
        /// The highest number before it.
        after: u64,
    },
    /// Between this entry and the one before, something was put in another's place.
    #[error("replaced: it is not the entry that was exported after the one before it")]
    Unlinked,
    /// An entry is earlier than the one before it.
    #[error("in the wrong order: it was recorded before the entry that it stands after")]
    OutOfOrder,
    /// An entry stands among those of a day that it cannot belong to.
    #[error("it was recorded for {recorded}, and stands among the entries of {section}")]
    WrongDay {
        /// The day that it says.
        recorded: Date,
        /// The day it stands under.
        section: Date,
    },
    /// An entry of a sealed day is bound by no seal.
    #[error("added: the day is sealed, and no seal binds it")]
    Unbound,
    /// The days do not follow one another.
    #[error("expected the end of {expected} here, and found that of {found}")]
    MissingDay {
        /// The day that should end here.
        expected: Date,
        /// The day that does.
        found: Date,
    },
    /// A seal is not what its hash was taken over.
    #[error("the seal is changed: it does not have the hash beside it")]
    SealChanged,
    /// A seal is that of another institution.
    #[error("the seal is that of another institution")]
    SealOfOther,
    /// A seal does not name the seal of the day before.
    #[error("the seal does not follow that of the day before: one of them was changed, or that one is missing")]
    Unchained,
    /// A day is not sealed and has been over for long.
    #[error("the day is not sealed, and was over for long when the export was made")]
    SealMissing,
    /// The entries of a day are not those that its seal binds.
    #[error("the {found} entries of the day are not the {sealed} that its seal binds")]
    NotTheSealed {
        /// How many stand there.
        found: u64,
        /// How many the seal binds.
        sealed: u64,
    },
    /// The line after unsealed entries, or a seal, counts something else than what stands there.
    #[error("it counts {counted}, and {found} stand there")]
    Miscounted {
        /// How many it says.
        counted: u64,
        /// How many there are.
        found: u64,
    },
    /// The days of the export are not those of its header.
    #[error("the header says that the export goes to {to}, and its days end with {last}")]
    NotThePeriod {
        /// The last day of the period.
        to: Date,
        /// The last day that ends.
        last: Date,
    },
    /// There is no last line.
    #[error("truncated: the export ends here without its last line")]
    Truncated,
    /// The last line does not fit what stands before it.
    #[error("the last line does not fit the lines before: some byte of them was changed, added or taken away")]
    NotTheWritten,
    /// Something follows the last line.
    #[error("something follows the last line")]
    Trailing,
    /// A seal published elsewhere is not in the export.
    #[error("no seal in the export is the one published{}", .day.map(|day| format!(" for {day}")).unwrap_or_default())]
    NotThePublished {
        /// Its day, where it is known.
        day: Option<Date>,
    },
}
