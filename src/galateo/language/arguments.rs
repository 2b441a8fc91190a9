//! What is wrong with the arguments of a command that speaks Italian. The library that parses them tells it in English, as
//! a kind with its parts; the sentence is made of them here.

use std::ffi::OsString;

use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{Command, CommandFactory};
use statistics::Language;

use super::help;
use crate::cli::Cli;

/// The commands of the office: they speak Italian unless `--lang en` is given.
pub(super) const OFFICE: [&str; 6] = ["author", "automation", "case", "report", "statistics", "task"];

/// The language in which whoever typed these arguments (the program's name first) is answered, where they could not be
/// parsed, or where help was asked for: what they asked for as far as it can be made out.
pub fn asked_for(arguments: &[OsString]) -> Language {
    let typed: Vec<_> = arguments.iter().skip(1).map(|argument| argument.to_string_lossy()).collect();
    let office =
        typed.iter().find(|argument| *argument != "help").is_some_and(|command| OFFICE.contains(&command.as_ref()));
    let english = typed.iter().any(|argument| argument == "--lang=en")
        || typed.windows(2).any(|pair| pair[0] == "--lang" && pair[1] == "en");
    if office && !english { Language::Italian } else { Language::English }
}

/// The error in Italian: what is wrong, then how the command is used.
pub fn in_italian(error: &clap::Error, arguments: &[OsString]) -> String {
    let again = parsed_in_italian(error.kind(), arguments);
    let error = again.as_ref().unwrap_or(error);
    let mut text = format!("galateo: {}", what(error, arguments));
    let similar = [ContextKind::SuggestedArg, ContextKind::SuggestedSubcommand, ContextKind::SuggestedValue];
    if let Some(similar) = similar.into_iter().find_map(|kind| listed(error, kind)) {
        text += &format!("\n\n  forse: {similar}");
    }
    if let Some(ContextValue::StyledStr(usage)) = error.get(ContextKind::Usage) {
        text += &format!("\n\n{}", help::of_library(&usage.to_string()));
    }
    text + "\n\nAltro si legge con '--help'."
}

/// The help in Italian, with its colours.
pub fn help_in_italian(arguments: &[OsString]) -> Option<String> {
    let help = parsed_in_italian(ErrorKind::DisplayHelp, arguments)?;
    Some(help::of_library(&help.render().ansi().to_string()))
}

/// What comes of the arguments of a program that explains itself in Italian, where it is the same.
fn parsed_in_italian(kind: ErrorKind, arguments: &[OsString]) -> Option<clap::Error> {
    help::in_italian(Cli::command()).try_get_matches_from(arguments).err().filter(|error| error.kind() == kind)
}

fn what(error: &clap::Error, arguments: &[OsString]) -> String {
    let part = |kind| listed(error, kind).unwrap_or_default();
    let argument = part(ContextKind::InvalidArg);
    let value = part(ContextKind::InvalidValue);
    match error.kind() {
        ErrorKind::UnknownArgument => format!("l'argomento {argument} non è previsto"),
        ErrorKind::InvalidSubcommand => format!("il comando {} non c'è", part(ContextKind::InvalidSubcommand)),
        ErrorKind::MissingSubcommand | ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => {
            format!("manca il comando, uno di {}", commands(arguments).join(", "))
        }
        ErrorKind::MissingRequiredArgument => format!("manca {argument}"),
        ErrorKind::ArgumentConflict => {
            let prior = part(ContextKind::PriorArg);
            if prior.is_empty() || prior == argument {
                format!("{argument} si può dare una volta sola")
            } else {
                format!("{argument} non va insieme a {prior}")
            }
        }
        ErrorKind::InvalidValue if value.is_empty() || value == "''" => {
            format!("a {argument} manca il valore{}", expected(&argument))
        }
        ErrorKind::InvalidValue => {
            let valid = part(ContextKind::ValidValue);
            format!("{argument} non può essere {value}: i valori possibili sono {valid}")
        }
        ErrorKind::ValueValidation => format!("{argument} non può essere {value}{}", expected(&argument)),
        ErrorKind::InvalidUtf8 => "un argomento non è UTF-8".to_owned(),
        _ => format!("{argument} ha troppi o troppo pochi valori"),
    }
}

/// What an option of the office takes, by the name of its value in the help.
fn expected(argument: &str) -> &'static str {
    match argument {
        _ if argument.contains("ISTANTE") => ": serve un istante come 2026-11-02T09:00:00Z",
        _ if argument.contains("PIATTAFORMA") => ": serve facebook, instagram, linkedin, youtube o x",
        _ if argument.contains("LINGUA") => ": serve it o en",
        _ if argument.contains("AAAA") => ": serve un anno come 2026",
        _ if argument.contains("GIORNO") => ": serve un giorno come 2026-10-31",
        _ if argument.contains("NUMERO") => ": serve un numero intero, da 1 in su",
        _ if argument.contains("SEGNO") => ": serve un segno solo, come ; o una virgola",
        _ if argument.contains("URL") => ": serve un indirizzo come http://127.0.0.1:8000",
        _ => "",
    }
}

/// A part of the error: what it names, in quotes and with commas between.
fn listed(error: &clap::Error, kind: ContextKind) -> Option<String> {
    let quoted = |text: &String| format!("'{text}'");
    match error.get(kind)? {
        ContextValue::String(text) => Some(quoted(text)),
        ContextValue::Strings(texts) => Some(texts.iter().map(quoted).collect::<Vec<_>>().join(", ")),
        _ => None,
    }
}

/// The commands below the one that these arguments name.
fn commands(arguments: &[OsString]) -> Vec<String> {
    let program = Cli::command();
    let mut command = &program;
    for argument in arguments.iter().skip(1) {
        match argument.to_str().and_then(|name| command.find_subcommand(name)) {
            Some(below) => command = below,
            None => break,
        }
    }
    command.get_subcommands().map(Command::get_name).map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;

    fn said(line: &str) -> String {
        let arguments: Vec<OsString> = line.split(' ').map(OsString::from).collect();
        in_italian(&Cli::try_parse_from(&arguments).unwrap_err(), &arguments)
    }

    #[test]
    fn what_is_wrong_is_said_in_italian() {
        for (line, expected) in [
            ("galateo case list --limite 3", "l'argomento '--limite' non è previsto"),
            ("galateo case lista", "il comando 'lista' non c'è"),
            ("galateo case", "manca il comando, uno di list, show"),
            ("galateo case confirm 1 --by anna", "manca '--reason <TESTO>'"),
            ("galateo case show", "manca '<ID>'"),
            (
                "galateo case confirm --group g --exposed-another",
                "'--group <GRUPPO>' non va insieme a '--exposed-another'",
            ),
            ("galateo case list --limit", "a '--limit <NUMERO>' manca il valore"),
            (
                "galateo case list --limit molti",
                "'--limit <NUMERO>' non può essere 'molti': serve un numero intero, da 1 in su",
            ),
            (
                "galateo case list --limit 0",
                "'--limit <NUMERO>' non può essere '0': serve un numero intero, da 1 in su",
            ),
            (
                "galateo case list --endpoint ftp://x",
                "'--endpoint <URL>' non può essere 'ftp://x': serve un indirizzo come http://127.0.0.1:8000",
            ),
            ("galateo statistics --separator ab", "'--separator <SEGNO>' non può essere 'ab': serve un segno solo"),
            ("galateo statistics --decimal=", "a '--decimal <SEGNO>' manca il valore: serve un segno solo"),
            ("galateo case list --limit 1 --limit 2", "'--limit <NUMERO>' si può dare una volta sola"),
            ("galateo case list --lang fr", "'--lang <LINGUA>' non può essere 'fr': serve it o en"),
            ("galateo case list --now ieri", "'--now <ISTANTE>' non può essere 'ieri': serve un istante come"),
            ("galateo case escalate 1 --to nessuno", "'--to <CHI>' non può essere 'nessuno': i valori possibili sono"),
            ("galateo automation retry myspace", "'<PIATTAFORMA>' non può essere 'myspace': serve facebook"),
            ("galateo statistics --year scorso", "'--year <AAAA>' non può essere 'scorso': serve un anno come 2026"),
            ("galateo statistics --from ieri", "'--from <GIORNO>' non può essere 'ieri': serve un giorno come"),
            ("galateo author show a b c", "'<PIATTAFORMA ID | PSEUDONIMO> []...' ha troppi o troppo pochi valori"),
        ] {
            let said = said(line);
            assert!(said.starts_with(&format!("galateo: {expected}")), "{line}: {said}");
            for english in ["Usage", "error", "the ", "OPTIONS", "COMMAND", "tip"] {
                assert!(!said.contains(english), "{english:?} in {said}");
            }
        }
        assert!(said("galateo case lists").contains("forse: 'list'"), "{}", said("galateo case lists"));
    }

    #[test]
    fn who_asks_for_english_is_answered_in_english() {
        let asked = |line: &str| asked_for(&line.split(' ').map(OsString::from).collect::<Vec<_>>());
        assert_eq!(asked("galateo case lista"), Language::Italian);
        assert_eq!(asked("galateo case lista --lang en"), Language::English);
        assert_eq!(asked("galateo task list --lang=en --x"), Language::English);
        assert_eq!(asked("galateo help case list"), Language::Italian);
        assert_eq!(asked("galateo check --x"), Language::English);
        assert_eq!(asked("galateo"), Language::English);
    }
}
