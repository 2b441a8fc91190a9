//! How much people can add to a case or to an author's record. An item of the table has 400 KB, and what fills it must not
//! be what keeps anybody from deciding: confirming, overturning and letting an author back in are always possible.

use ledger::{AuthorRecord, Case, DecisionKind, Note};

use super::{Filled, OfficeError};

/// The most decisions of a case that decide nothing about it.
pub(super) const MOST_ADDITIONS: usize = 100;

/// The most times that a case is brought before others: each is a task, and overturning ends all of them at once.
pub(super) const MOST_REFERRALS: usize = 20;

/// How much the notes about an author may take, in bytes.
const MOST_NOTES: usize = 100_000;

/// Whether a case has room for a decision.
pub(super) fn for_decision(case: &Case, kind: DecisionKind) -> Result<(), OfficeError> {
    use DecisionKind::{Announce, Assign, Confirm, Danger, Escalate, Note, Overturn, TakeBack, TaskDone, Unban};
    let count = |counts: fn(DecisionKind) -> bool| case.decisions.iter().filter(|known| counts(known.kind)).count();
    match kind {
        // Of announcements there are a few at the most, and each is taken back once.
        Announce | TakeBack | Confirm | Danger | Overturn | Unban => Ok(()),
        Escalate if count(|kind| kind == Escalate) >= MOST_REFERRALS => {
            Err(OfficeError::Full { what: Filled::Referrals, most: MOST_REFERRALS })
        }
        Assign | Escalate | Note | TaskDone
            if count(|kind| matches!(kind, Assign | Escalate | Note | TaskDone)) >= MOST_ADDITIONS =>
        {
            Err(OfficeError::Full { what: Filled::Additions, most: MOST_ADDITIONS })
        }
        Assign | Escalate | Note | TaskDone => Ok(()),
    }
}

/// Whether an author's record has room for a note.
pub(super) fn for_note(record: &AuthorRecord, note: &Note) -> Result<(), OfficeError> {
    let taken: usize = record.notes.iter().map(Note::size).sum();
    if taken + note.size() > MOST_NOTES { Err(OfficeError::NotesFull) } else { Ok(()) }
}
