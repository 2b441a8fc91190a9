//! The office's errors in English, for those who ask for it.

use super::{OfficeError, SHORTEST_REASON};

impl OfficeError {
    /// What [`ToString`] says in Italian.
    pub fn in_english(&self) -> String {
        match self {
            Self::NoCase(id) => format!("no case {id}"),
            Self::NotACase { found } => {
                format!("{found:?} is no case: expected its id, or the reference that the message gave")
            }
            Self::Ambiguous(revisions) => {
                format!("the reference has several revisions, name one: {}", revisions.join(", "))
            }
            Self::NoName => "whoever decides is missing (--by)".to_owned(),
            Self::NoReason => format!("the reason is missing (--reason): at least {SHORTEST_REASON} characters"),
            Self::Closed { by: Some(by), .. } => format!("the case is closed already, by {by}"),
            Self::Closed { by: None, .. } => "the case is closed already".to_owned(),
            Self::Overtaken { by } => format!("meanwhile {by} has acted on this case: read it again"),
            Self::SamePerson { by } => format!("{by} has confirmed already: another person has to confirm"),
            Self::Irreversible { what } => {
                let what = what.join("; ");
                format!("it cannot be taken back altogether: {what}; repeat with --anyway to decide all the same")
            }
            Self::InForce { what } => {
                let what = what.join("; ");
                format!(
                    "about this author something is still under way ({what}); repeat with --anyway to erase all the same: \
                     nothing is lifted or shown again on the platform, but nobody will know why any more"
                )
            }
            Self::NoPlatform => {
                "name the platform and the person's id: what is on record does not tell the platform".to_owned()
            }
            Self::NotBlocked => "the author is not blocked".to_owned(),
            Self::NoClause => "the case names no clause of the policy in force".to_owned(),
            Self::NotTogether => "a sanction waits for confirmation: decide this case by itself".to_owned(),
            Self::NeedsDecision => "this task is closed by deciding: `galateo case confirm`, or `case overturn \
                                    --only-sanction`"
                .to_owned(),
            Self::NothingProposed => "no sanction waits for confirmation in this case".to_owned(),
            Self::NoTask(id) => format!("no task {id}"),
            Self::TaskDone { by, at } => format!("the task was closed already by {by} on {at}"),
            Self::Busy => "the case keeps changing: try again in a moment".to_owned(),
            Self::Ledger(error) => error.to_string(),
        }
    }
}
