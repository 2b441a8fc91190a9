//! The words of the records in the language that the office's commands speak. Documents that are given out have their
//! own, which is Italian: [`crate::words`].

use ledger::{Closure, DecisionKind, HaltCause, TaskKind};
use policy::{ActionKind, Effect, Notice, Outcome, SanctionKind, SanctionState, Surface};

use crate::language::either;
use crate::words;

/// What the policy says about a contribution.
pub fn outcome(outcome: Outcome) -> &'static str {
    let english = match outcome {
        Outcome::Allow => "allowed",
        Outcome::Redirect => "to be redirected",
        Outcome::Review => "to be reviewed",
        Outcome::Hide => "to be hidden",
    };
    either(words::outcome(outcome), english)
}

/// Where a contribution stands.
pub fn surface(surface: Surface) -> &'static str {
    let english = match surface {
        Surface::Comment => "comment",
        Surface::LiveComment => "live comment",
        Surface::VisitorPost => "visitor's post",
        Surface::Review => "review",
        Surface::Mention => "mention",
        Surface::Message => "private message",
    };
    either(words::surface(surface), english)
}

/// What a platform is asked to do.
pub fn action(kind: ActionKind) -> &'static str {
    let english = match kind {
        ActionKind::Hide => "hide",
        ActionKind::Unhide => "show again",
        ActionKind::Delete => "remove",
        ActionKind::Reply => "reply in public",
        ActionKind::PrivateReply => "reply in private",
        ActionKind::Ban => "block the author",
        ActionKind::Unban => "unblock the author",
    };
    either(words::action(kind), english)
}

/// What it did.
pub fn effect(effect: Effect) -> &'static str {
    let english = match effect {
        Effect::Done => "done",
        Effect::AlreadySo => "was so already",
        Effect::Refused => "refused: task for the office",
        Effect::Impossible => "impossible: task for the office",
        Effect::Manual => "by hand only: task for the office",
        Effect::Failed => "failed: task for the office",
    };
    either(words::effect(effect), english)
}

/// On which occasion an author is written to.
pub fn notice(notice: Notice) -> &'static str {
    let english = match notice {
        Notice::Warning => "warning",
        Notice::LastWarning => "last warning",
        Notice::Block => "notice of the block",
        Notice::Ban => "notice of the ban",
        Notice::Redirect => "redirection to the service",
        Notice::Away => "out-of-hours answer",
        Notice::Apology => "apology",
        Notice::Receipt => "receipt of a report",
        Notice::Protection => "personal data hidden to protect",
    };
    either(words::notice(notice), english)
}

/// Why a case is closed.
pub fn closure(closure: Closure) -> &'static str {
    let english = match closure {
        Closure::Removed => "content removed",
        Closure::Confirmed => "confirmed",
        Closure::Overturned => "overturned",
        Closure::Unfounded => "no violation",
        Closure::Erased => "the author's data were erased",
        Closure::Answered => "answered",
    };
    either(words::closure(closure), english)
}

/// What a person decided.
pub fn decision(kind: DecisionKind) -> &'static str {
    let english = match kind {
        DecisionKind::Confirm => "confirmed",
        DecisionKind::Danger => "danger seen to",
        DecisionKind::Overturn => "overturned",
        DecisionKind::Escalate => "escalated",
        DecisionKind::Assign => "assigned",
        DecisionKind::Unban => "author unblocked",
        DecisionKind::Note => "note",
        DecisionKind::TaskDone => "task closed",
    };
    either(words::decision(kind), english)
}

/// A sanction.
pub fn sanction(kind: SanctionKind) -> &'static str {
    let english = match kind {
        SanctionKind::Warning => "warning",
        SanctionKind::LastWarning => "last warning",
        SanctionKind::Block => "temporary block",
        SanctionKind::Ban => "ban",
    };
    either(words::sanction(kind), english)
}

/// How far a sanction has come.
pub fn state(state: SanctionState) -> &'static str {
    let english = match state {
        SanctionState::Proposed => "waits for confirmation",
        SanctionState::Decided => "decided, under way",
        SanctionState::Effective => "in force",
        SanctionState::Ended => "ended",
        SanctionState::Declined => "declined",
        SanctionState::Withdrawn => "withdrawn",
    };
    either(words::state(state), english)
}

/// Why a person is needed.
pub fn task(kind: TaskKind) -> &'static str {
    let english = match kind {
        TaskKind::ByHand => "by hand",
        TaskKind::Impossible => "impossible",
        TaskKind::Failed => "failed",
        TaskKind::Unread => "to be read",
        TaskKind::Rewritten => "rewritten",
        TaskKind::Confirm => "to be confirmed",
        TaskKind::Refer => "to be reported",
        TaskKind::Urgent => "URGENT",
        TaskKind::Lead => "contact",
        TaskKind::Halted => "halt",
        TaskKind::Differs => "to be cleared up",
        TaskKind::UserReport => "report",
    };
    either(words::task(kind), english)
}

/// Why something is halted.
pub fn cause(cause: HaltCause) -> &'static str {
    let english = match cause {
        HaltCause::Breaker => "too much was hidden",
        HaltCause::Switch => "switched off by a person",
        HaltCause::Raid => "raid",
    };
    either(words::cause(cause), english)
}
