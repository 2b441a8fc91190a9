//! What became of a decision, or why it was not taken.

use ledger::CaseId;
use moderation::{OfficeError, Ruled, Ruling, person};
use serde_json::json;

use super::{Session, how};
use crate::cli::RulingOptions;
use crate::language::{either, say};
use crate::terminal::failure::Failure;
use crate::terminal::output;

/// What is said where nobody is there to carry out what was decided.
pub fn later() -> &'static str {
    either(
        "Sarà eseguito quando `galateo serve` verrà avviato su questo file.",
        "It will be carried out when `galateo serve` is started on this file.",
    )
}

/// Says what became of a decision.
pub async fn tell(session: &Session, id: &CaseId, done: &str, ruled: Ruled) -> Result<(), Failure> {
    let case = session.office().case(id).await?;
    let missing = match ruled {
        Ruled::Done | Ruled::SeenTo | Ruled::RestWaits => 0,
        Ruled::MorePeople(missing) => missing,
    };
    let waits = session.waits(&case);
    if session.json {
        let status = &case.status;
        return output::json(
            &json!({ "id": id, "status": status, "people_missing": missing, "waits_for_serve": waits }),
        );
    }
    let mut text = say!("{done}. Caso {id}.\n", "{done}. Case {id}.\n");
    if ruled == Ruled::RestWaits {
        text += either(
            "Resta da decidere se il testo viola le regole: confermarlo di nuovo, oppure annullare.\n",
            "Whether the text violates the rules is still to be decided: confirm it again, or overturn it.\n",
        );
    }
    match missing {
        0 => {}
        1 => {
            text += either("Serve ancora la conferma di un'altra persona.\n", "Another person still has to confirm.\n")
        }
        _ => {
            text +=
                &say!("Servono ancora le conferme di {missing} persone.\n", "{missing} more people have to confirm.\n")
        }
    }
    if waits {
        text += later();
        text.push('\n');
    }
    output::print(&text)
}

/// Who decides, and why, as the arguments have it.
pub fn ruling(options: &RulingOptions) -> Result<Ruling, OfficeError> {
    Ruling::new(person(&options.by)?, &options.reason)
}

/// Whether the answer is no, or the question cannot be used.
impl From<OfficeError> for Failure {
    fn from(error: OfficeError) -> Self {
        use OfficeError::{
            Ambiguous, BeingReferred, Busy, Closed, Full, InForce, Irreversible, Ledger, NeedsDecision, NoCase,
            NoClause, NoName, NoPlatform, NoReason, NoTask, NotACase, NotAName, NotAReason, NotBlocked, NotHeld,
            NotOurs, NotTogether, NotesFull, NothingProposed, NothingProtected, Overtaken, SamePerson, StillKeptOut,
            TaskDone, UrgentFirst,
        };
        match error {
            NoCase(_)
            | NotACase { .. }
            | Ambiguous(_)
            | NoName
            | NotAName(_)
            | NoPlatform
            | NoReason
            | NotAReason(_)
            | NotOurs { .. }
            | NoTask(_)
            | Ledger(_) => Failure::unusable(how::refused(&error)),
            Closed { .. }
            | Overtaken { .. }
            | SamePerson { .. }
            | Irreversible { .. }
            | InForce { .. }
            | NotBlocked
            | NothingProposed
            | NothingProtected
            | NotTogether
            | UrgentFirst
            | NeedsDecision
            | StillKeptOut
            | NoClause
            | BeingReferred { .. }
            | Full { .. }
            | NotesFull
            | TaskDone { .. }
            | NotHeld
            | Busy => Failure::negative(how::refused(&error)),
        }
    }
}
