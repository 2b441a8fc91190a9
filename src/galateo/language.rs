//! In which language this process speaks to the person who started it: English, unless it carries out a command of the
//! office, which is in Italian with English by `--lang en`. It is one for a process, because what a command says of its
//! own arguments, of the ledger and of the credentials is said in many places, and is to be in one language throughout.

mod arguments;
mod causes;
mod help;

use std::ffi::OsString;
use std::fmt::Display;
use std::sync::atomic::{AtomicBool, Ordering};

use ledger::LedgerError;
use policy::Language;

pub use self::arguments::asked_for;

static ITALIAN: AtomicBool = AtomicBool::new(false);

/// From now on this process speaks this language.
pub fn speak(language: Language) {
    ITALIAN.store(language == Language::Italian, Ordering::Relaxed);
}

/// Whether it speaks Italian.
pub fn is_italian() -> bool {
    ITALIAN.load(Ordering::Relaxed)
}

/// The language that it speaks.
pub fn spoken() -> Language {
    either(Language::Italian, Language::English)
}

/// The words of the language that is spoken.
pub fn either<T>(italian: T, english: T) -> T {
    if is_italian() { italian } else { english }
}

/// A text with what stands in braces put in, in the language that is spoken: first the Italian, then the English.
macro_rules! say {
    ($italian:literal, $english:literal $(, $argument:expr)* $(,)?) => {
        if $crate::language::is_italian() { format!($italian $(, $argument)*) } else { format!($english $(, $argument)*) }
    };
}
pub(crate) use say;

/// What is wrong with the arguments of this process, in the language that they ask for.
pub fn of_arguments(error: &clap::Error, arguments: &[OsString]) -> String {
    match arguments::asked_for(arguments) {
        Language::Italian => arguments::in_italian(error, arguments),
        Language::English => error.render().to_string(),
    }
}

/// The help that these arguments ask for, with its colours, where it is in Italian.
pub fn of_help(arguments: &[OsString]) -> Option<String> {
    match arguments::asked_for(arguments) {
        Language::Italian => arguments::help_in_italian(arguments),
        Language::English => None,
    }
}

/// Why something went wrong, as the system or a library tells it.
pub fn of_cause(error: &dyn Display) -> String {
    let told = error.to_string();
    if is_italian() { causes::in_italian(&told) } else { told }
}

/// What is wrong with the ledger. Codes and names of requests stay as AWS spells them.
pub fn of_ledger(error: &LedgerError) -> String {
    if !is_italian() {
        return error.to_string();
    }
    match error {
        LedgerError::Unavailable { operation, attempts, reason } => format!(
            "il registro non risponde: {operation} non riuscita dopo {attempts} tentativi ({}); riprovare più tardi",
            causes::in_italian(reason)
        ),
        LedgerError::Conflict { operation, attempts } => format!(
            "il registro è conteso: altri sono stati più veloci {attempts} volte ({operation}); riprovare più tardi"
        ),
        LedgerError::Corrupt { what, field } => format!("nel registro non si può leggere {what}: {field}"),
        LedgerError::File(reason) => causes::in_italian(reason),
        LedgerError::Configuration(reason) => {
            format!("il registro non è configurato bene: {}", causes::in_italian(reason))
        }
    }
}
