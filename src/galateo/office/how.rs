//! How to do from the command line what a task asks for, or what a refusal says is missing: the commands and the options,
//! which nothing below this crate knows.

use console::refusal;
use ledger::{Errand, Scope, Task, TaskFacts};
use moderation::OfficeError;
use policy::Language;

use crate::language::{self, spoken};

/// What a task asks for, and how to do it here.
pub fn asked(task: &Task) -> String {
    asked_in(task, spoken())
}

/// Why something was not done, and how to do here what is missing.
pub fn refused(error: &OfficeError) -> String {
    refused_in(error, spoken())
}

fn asked_in(task: &Task, language: Language) -> String {
    let asked = ::words::task::asked(task, language);
    match &task.errand {
        Errand::Facts(facts) => match command(facts, language) {
            Some(how) => format!("{asked}. {how}"),
            None => asked,
        },
        Errand::Instruction(_) => asked,
    }
}

fn refused_in(error: &OfficeError, language: Language) -> String {
    let why = match error {
        OfficeError::Ledger(error) => language::of_ledger(error),
        error => refusal::refused(error, language),
    };
    let either = |italian, english| match language {
        Language::Italian => italian,
        Language::English => english,
    };
    let how = match error {
        OfficeError::NoName => " (--by)",
        OfficeError::NoReason | OfficeError::NotAReason(_) => " (--reason)",
        OfficeError::Irreversible { .. } => {
            either("; ripetere con --anyway per decidere lo stesso", "; repeat with --anyway to decide all the same")
        }
        OfficeError::InForce { .. } => {
            either("; ripetere con --anyway per cancellare lo stesso", "; repeat with --anyway to erase all the same")
        }
        OfficeError::NothingProtected => either("; --exposed-another non serve", "; --exposed-another is not needed"),
        OfficeError::UrgentFirst => either(
            ". La prima conferma è `galateo case confirm` di questo caso da solo, senza --exposed-another",
            ". The first confirmation is `galateo case confirm` of this case by itself, without --exposed-another",
        ),
        OfficeError::NeedsDecision => either(
            ": `galateo case confirm`, oppure `galateo case overturn --only-sanction`",
            ": `galateo case confirm`, or `galateo case overturn --only-sanction`",
        ),
        _ => "",
    };
    why + how
}

/// The commands that do what a task asks for, where there are any.
fn command(facts: &TaskFacts, language: Language) -> Option<String> {
    let is_italian = language == Language::Italian;
    macro_rules! say {
        ($italian:literal, $english:literal) => {
            if is_italian { format!($italian) } else { format!($english) }
        };
    }
    Some(match facts {
        TaskFacts::Warn { .. } => say!(
            "Se non è possibile: `galateo task done --could-not`",
            "If it is not possible: `galateo task done --could-not`"
        ),
        TaskFacts::Confirm { .. } => say!(
            "`galateo author show` mostra tutto ciò che risulta",
            "`galateo author show` shows everything on record"
        ),
        TaskFacts::Halted { scope, group, .. } => {
            let options = match scope {
                Scope::All => String::new(),
                Scope::Account(on, account) => format!(" --platform {on} --account {account}"),
                Scope::Rule(on, account, rule) => format!(" --platform {on} --account {account} --rule {rule}"),
            };
            say!(
                "`galateo case list --group {group}`, `galateo case confirm --group {group}`; per riprendere, `galateo \
                 automation resume{options}`",
                "`galateo case list --group {group}`, `galateo case confirm --group {group}`; to resume, `galateo automation \
                 resume{options}`"
            )
        }
        TaskFacts::ShownOtherwise { .. } => {
            say!(
                "`galateo case confirm` o `galateo case overturn`",
                "`galateo case confirm` or `galateo case overturn`"
            )
        }
        TaskFacts::ReportedCase { report, .. } | TaskFacts::ReportedElsewhere { report, .. } => {
            let id = &report.id;
            say!(
                "La segnalazione si legge con `galateo report show {id}`",
                "The report is read with `galateo report show {id}`"
            )
        }
        TaskFacts::ReportAboutErased { report } => say!(
            "`galateo report show {report}`, `galateo report erase {report}`",
            "`galateo report show {report}`, `galateo report erase {report}`"
        ),
        TaskFacts::ByHand { .. }
        | TaskFacts::Impossible { .. }
        | TaskFacts::Announced { .. }
        | TaskFacts::Failed { .. }
        | TaskFacts::PerhapsSent { .. }
        | TaskFacts::Unread { .. }
        | TaskFacts::Rewritten { .. }
        | TaskFacts::Refer { .. }
        | TaskFacts::Urgent { .. }
        | TaskFacts::Lead { .. }
        | TaskFacts::Stuck { .. }
        | TaskFacts::LateErasure { .. }
        | TaskFacts::Lapsed { .. }
        | TaskFacts::Unseen { .. }
        | TaskFacts::ReportsOverLimit => return None,
    })
}

#[cfg(test)]
mod tests;
