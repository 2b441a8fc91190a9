//! Why something that the office asked for was not done.

use jiff::Timestamp;
use ledger::{Closure, LedgerError};
use policy::{AccountId, NotWords, Person, Platform, Referral};

use super::Lasting;

/// Why something that the office asked for was not done: what is missing, or stands in the way. Whoever shows it to the
/// office has the words for it, and knows how to do there what is missing; the messages are for the log.
#[derive(Debug, thiserror::Error)]
pub enum OfficeError {
    /// There is no such case.
    #[error("no case {0}")]
    NoCase(String),
    /// The text is neither the id of a case nor a reference.
    #[error("{found:?} is no case: expected its id, or the reference that the message gave")]
    NotACase {
        /// What it is.
        found: String,
    },
    /// The reference has several revisions.
    #[error("the reference has several revisions, name one: {}", .0.join(", "))]
    Ambiguous(Vec<String>),
    /// Nobody is named.
    #[error("whoever decides is missing")]
    NoName,
    /// The reason is missing or says nothing.
    #[error("the reason is missing: at least 3 characters")]
    NoReason,
    /// What names a person is no name.
    #[error("a person's name cannot be used: {}", unfit(*.0))]
    NotAName(NotWords),
    /// What gives a reason is none.
    #[error("the reason cannot be used: {}", unfit(*.0))]
    NotAReason(NotWords),
    /// Nothing is left to decide.
    #[error("the case is closed already{}", decided_by(.by.as_ref()))]
    Closed {
        /// Why it is closed.
        reason: Closure,
        /// Who decided, if a person did.
        by: Option<Person>,
    },
    /// Another person decided at the same moment.
    #[error("meanwhile {by} has acted on this case: read it again")]
    Overtaken {
        /// Who.
        by: Person,
    },
    /// The same person cannot confirm twice.
    #[error("{by} has confirmed already: another person has to confirm")]
    SamePerson {
        /// Who.
        by: Person,
    },
    /// Something cannot be taken back on the platform.
    #[error("it cannot be taken back altogether")]
    Irreversible {
        /// On which platform.
        platform: Platform,
        /// What cannot, and why.
        what: Vec<Lasting>,
    },
    /// Something about an author who is to be erased is still under way.
    #[error("about this author something is still under way")]
    InForce {
        /// How many cases are still to be decided.
        open: usize,
        /// How many sanctions are proposed or in force.
        sanctions: usize,
        /// How many tasks ask somebody to let the author in whom the platform still keeps out.
        still_kept_out: usize,
    },
    /// Nothing tells on which platform the author is.
    #[error("name the platform and the person's id: what is on record does not tell the platform")]
    NoPlatform,
    /// The account is none of the policy's.
    #[error("{account} is no account of the policy on {}; there are: {}", .platform.name(), ids(.known))]
    NotOurs {
        /// On which platform.
        platform: Platform,
        /// What was named.
        account: AccountId,
        /// What could be.
        known: Vec<AccountId>,
    },
    /// The author is not blocked or banned.
    #[error("the author is not blocked")]
    NotBlocked,
    /// The findings name no clause that the policy has.
    #[error("the case names no clause of the policy in force")]
    NoClause,
    /// It is being brought before them already.
    #[error("the case is being brought before {} already: the task {task} is open", before(*.to))]
    BeingReferred {
        /// Before whom.
        to: Referral,
        /// The task that asks a person to do it.
        task: String,
    },
    /// Nothing was hidden to protect anybody, so that there is nobody exposed to find.
    #[error("the case is not about personal data that were hidden to protect")]
    NothingProtected,
    /// Somebody may be in danger: what else was found, and what was found of many at once, comes after that.
    #[error("the case is urgent: whoever may be in danger is helped first, and the rest is decided then")]
    UrgentFirst,
    /// A sanction waits for confirmation, which is not given to a group at once.
    #[error("a sanction waits for confirmation: decide this case by itself")]
    NotTogether,
    /// A task that asks for a decision is not closed by itself.
    #[error("this task is closed by deciding")]
    NeedsDecision,
    /// Nobody says of an author who is still kept out that they cannot be let in, as if that were the end of it.
    #[error(
        "the author is still kept out: the task stays open until they are let in (where their profile is gone, it is done)"
    )]
    StillKeptOut,
    /// No sanction waits for confirmation.
    #[error("no sanction waits for confirmation in this case")]
    NothingProposed,
    /// There is no such task.
    #[error("no task {0}")]
    NoTask(String),
    /// Somebody has done it.
    #[error("the task was closed already by {by} on {at}")]
    TaskDone {
        /// Who.
        by: Person,
        /// When.
        at: Timestamp,
    },
    /// The case has no room for more that does not decide about it.
    #[error("the case has {most} {} already, the most: it can still be confirmed or overturned", .what.as_str())]
    Full {
        /// Of what.
        what: Filled,
        /// How many.
        most: usize,
    },
    /// The record of an author has no room for another note.
    #[error("the notes about this author fill the room that they have: they expire after a year")]
    NotesFull,
    /// There is no decision of this person that can still be taken back.
    #[error("there is nothing to take back: the decision counts already, or was taken back")]
    NotHeld,
    /// The case keeps changing.
    #[error("the case keeps changing: try again in a moment")]
    Busy,
    /// The ledger failed.
    #[error(transparent)]
    Ledger(#[from] LedgerError),
}

/// Of what a case can be full.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Filled {
    /// Referrals to the platform or the authorities.
    Referrals,
    /// Referrals, and assignments to people.
    Additions,
}

impl Filled {
    const fn as_str(self) -> &'static str {
        match self {
            Filled::Referrals => "referrals",
            Filled::Additions => "assignments and referrals",
        }
    }
}

fn decided_by(who: Option<&Person>) -> String {
    who.map_or(String::new(), |who| format!(", by {who}"))
}

fn ids(known: &[AccountId]) -> String {
    known.iter().map(AccountId::as_str).collect::<Vec<_>>().join(", ")
}

const fn before(whom: Referral) -> &'static str {
    match whom {
        Referral::Platform => "the platform",
        Referral::Authorities => "the authorities",
    }
}

fn unfit(why: NotWords) -> String {
    match why {
        NotWords::TooShort => "nothing readable is left of it".to_owned(),
        NotWords::TooLong { found, most } => format!("it has {found} characters, at most {most}"),
        NotWords::NoLetters => "it has no letters".to_owned(),
        NotWords::Stranger(letter) => format!("it has {letter:?}, which is in no name, or of another script"),
    }
}
