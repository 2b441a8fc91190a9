//! What a person is asked to do, and why.

mod english;
mod italian;

use jiff::Timestamp;
use ledger::{CitedClause, Errand, HourCount, Scope, Task};
use policy::{Language, Platform};

/// What a task asks for. A task of before there were facts says it in Italian, whatever the language.
pub fn asked(task: &Task, language: Language) -> String {
    match (&task.errand, language) {
        (Errand::Instruction(text), _) => text.clone(),
        (Errand::Facts(facts), Language::Italian) => italian::asked(facts),
        (Errand::Facts(facts), Language::English) => english::asked(facts),
    }
}

/// Why something was halted: what the circuit breaker had counted, or the reason as a person gave it. What an older version
/// counted is in Italian, whatever the language.
pub fn halted_because(reason: &str, counted: Option<HourCount>, language: Language) -> String {
    let Some(HourCount { rule_hides, account_hides, contributions }) = counted else { return reason.to_owned() };
    match language {
        Language::Italian => format!(
            "in un'ora nascosti contributi di {rule_hides} autori dalla regola, di {account_hides} autori nell'account, su \
             {contributions} contributi"
        ),
        Language::English => format!(
            "within an hour the rule hid contributions of {rule_hides} authors, all rules of the account those of \
             {account_hides} authors, out of {contributions} contributions"
        ),
    }
}

/// The account's platform, where a halt concerns one.
const fn place(scope: &Scope) -> Option<Platform> {
    match scope {
        Scope::All => None,
        Scope::Account(on, _) | Scope::Rule(on, ..) => Some(*on),
    }
}

/// A day in the form in which both languages of the office write it.
fn day(at: Timestamp) -> impl std::fmt::Display {
    ledger::day(at).strftime("%d/%m/%Y")
}

fn cited(clauses: &[CitedClause], word: &str) -> String {
    let each = clauses.iter().map(|clause| format!("{word} {}, {}", clause.number, clause.title));
    each.collect::<Vec<_>>().join("; ")
}
