//! The words of the records in the language that the office's commands speak. Documents that are given out have their
//! own, which is Italian: `src/disclosure`.

use ledger::{Closure, DecisionKind, HaltCause, TaskKind};
use policy::{ActionKind, Effect, Notice, Outcome, SanctionKind, SanctionState, Surface};
use words::record;

use crate::language::spoken;

/// What the policy says about a contribution.
pub fn outcome(outcome: Outcome) -> &'static str {
    record::outcome(outcome, spoken())
}

/// Where a contribution stands.
pub fn surface(surface: Surface) -> &'static str {
    record::surface(surface, spoken())
}

/// What a platform is asked to do.
pub fn action(kind: ActionKind) -> &'static str {
    record::action(kind, spoken())
}

/// What it did.
pub fn effect(effect: Effect) -> &'static str {
    record::effect(effect, spoken())
}

/// On which occasion an author is written to.
pub fn notice(notice: Notice) -> &'static str {
    record::notice(notice, spoken())
}

/// Why a case is closed.
pub fn closure(closure: Closure) -> &'static str {
    record::closure(closure, spoken())
}

/// What a person decided.
pub fn decision(kind: DecisionKind) -> &'static str {
    record::decision(kind, spoken())
}

/// A sanction.
pub fn sanction(kind: SanctionKind) -> &'static str {
    record::sanction(kind, spoken())
}

/// How far a sanction has come.
pub fn state(state: SanctionState) -> &'static str {
    record::state(state, spoken())
}

/// Why a person is needed.
pub fn task(kind: TaskKind) -> &'static str {
    record::task(kind, spoken())
}

/// Why something is halted.
pub fn cause(cause: HaltCause) -> &'static str {
    record::cause(cause, spoken())
}
