//! What the commands of the office and their arguments are for, in Italian. Beside the arguments themselves it stands in
//! English (`cli`), because one reads both there; here each sentence is said in Italian, once, whichever commands share it.

mod tables;

use clap::builder::{PossibleValue, PossibleValuesParser, Str, StyledStr};
use clap::{Arg, Command};

use super::arguments::OFFICE;

use tables::{HELP, OF_THE_LIBRARY, VALUES};

/// The program with its office's commands explained in Italian. What it parses does not count: values have lost their types.
pub(super) fn in_italian(program: Command) -> Command {
    OFFICE.iter().fold(program, |program, name| program.mut_subcommand(name, explained))
}

/// What the library wrote, with its own words in Italian.
pub(super) fn of_library(written: &str) -> String {
    OF_THE_LIBRARY.iter().fold(written.to_owned(), |text, (english, italian)| text.replace(english, italian))
}

fn explained(command: Command) -> Command {
    let about = command.get_about().and_then(said);
    let command = command.mut_subcommands(explained).mut_args(argument);
    match about {
        Some(about) => command.about(about),
        None => command,
    }
}

fn argument(mut argument: Arg) -> Arg {
    if let Some(help) = argument.get_help().and_then(said) {
        argument = argument.help(help);
    }
    if let Some(names) = value_names(&argument) {
        argument = argument.value_names(names);
    }
    let values = argument.get_possible_values();
    if values.iter().any(|value| value.get_help().is_some()) {
        let said = |value: PossibleValue| match value.get_help().and_then(said) {
            Some(help) => value.help(help),
            None => value,
        };
        argument = argument.value_parser(PossibleValuesParser::new(values.into_iter().map(said)));
    }
    argument
}

/// What stands for the values of an argument, where it takes any: its own words, or else its name, in Italian where they are
/// known.
fn value_names(argument: &Arg) -> Option<Vec<Str>> {
    let known = |name: &str| listed(VALUES, name).map(Str::from);
    match argument.get_value_names() {
        _ if !argument.get_action().takes_values() => None,
        Some(names) => Some(names.iter().map(|name| known(name).unwrap_or_else(|| name.clone())).collect()),
        None => known(&name_of(argument)).map(|name| vec![name]),
    }
}

/// What the library lets stand for a value where nothing else is said.
fn name_of(argument: &Arg) -> String {
    argument.get_id().as_str().to_uppercase()
}

fn said(english: &StyledStr) -> Option<&'static str> {
    listed(HELP, &english.to_string())
}

fn listed(table: &'static [(&str, &str)], english: &str) -> Option<&'static str> {
    table.iter().find(|(known, _)| *known == english).map(|(_, italian)| *italian)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use clap::CommandFactory;

    use super::*;
    use crate::cli::Cli;

    /// What the office's commands say in English: their help, and what stands for their values.
    #[derive(Default)]
    struct English {
        help: BTreeSet<String>,
        values: BTreeSet<String>,
        without: Vec<String>,
    }

    impl English {
        fn add(&mut self, command: &Command, path: &str) {
            self.note(command.get_about(), path);
            assert!(command.get_long_about().is_none() && command.get_after_help().is_none(), "{path} says more");
            for argument in command.get_arguments() {
                let path = format!("{path} {}", argument.get_id());
                self.note(argument.get_help(), &path);
                assert!(argument.get_long_help().is_none(), "{path} says more");
                match argument.get_value_names() {
                    _ if !argument.get_action().takes_values() => {}
                    Some(names) => self.values.extend(names.iter().map(ToString::to_string)),
                    None => drop(self.values.insert(name_of(argument))),
                }
                for value in argument.get_possible_values().iter().filter_map(PossibleValue::get_help) {
                    self.help.insert(value.to_string());
                }
            }
            for below in command.get_subcommands() {
                self.add(below, &format!("{path} {}", below.get_name()));
            }
        }

        fn note(&mut self, help: Option<&StyledStr>, path: &str) {
            match help {
                Some(help) => drop(self.help.insert(help.to_string())),
                None => self.without.push(path.to_owned()),
            }
        }
    }

    fn office() -> English {
        let (mut english, program) = (English::default(), Cli::command());
        for name in OFFICE {
            english.add(program.find_subcommand(name).unwrap(), name);
        }
        english
    }

    #[test]
    fn every_command_and_argument_of_the_office_has_help_in_italian_and_nothing_else_has() {
        let English { help, without, .. } = office();
        assert_eq!(without, [""; 0], "no help at all");
        let known: BTreeSet<String> = HELP.iter().map(|(english, _)| (*english).to_owned()).collect();
        assert_eq!(help.difference(&known).collect::<Vec<_>>(), [""; 0], "not said in Italian");
        assert_eq!(known.difference(&help).collect::<Vec<_>>(), [""; 0], "nothing says so in English any more");
        assert_eq!(known.len(), HELP.len(), "said twice");
    }

    #[test]
    fn what_stands_for_a_value_is_italian_too() {
        // The same in both languages.
        let same = ["FILE", "FILE.eml", "URL", "ID", ""];
        let known: BTreeSet<String> =
            VALUES.iter().map(|(english, _)| *english).chain(same).map(str::to_owned).collect();
        let values = office().values;
        assert_eq!(values.difference(&known).collect::<Vec<_>>(), [""; 0], "not said in Italian");
        assert_eq!(known.difference(&values).collect::<Vec<_>>(), [""; 0], "nothing takes it any more");
    }

    #[test]
    fn what_is_printed_has_no_english_left() {
        fn look(command: &mut Command, path: &str) {
            let help = [command.render_help(), command.render_long_help()];
            for help in help.map(|help| of_library(&help.to_string())) {
                let heads = ["Uso: ", "Opzioni:\n", "-h, --help"];
                assert!(heads.iter().all(|part| help.contains(part)), "{path}: {help}");
                for english in
                    [" the ", " of ", " it ", "Print", "default", "ossible", "Usage", "Option", "Command", "OPTION"]
                {
                    assert!(
                        !help.contains(english) || english == " it " && help.contains(": it o en"),
                        "{english:?} in {help}"
                    );
                }
            }
            for below in command.get_subcommands_mut().filter(|below| below.get_name() != "help") {
                let path = format!("{path} {}", below.get_name());
                look(below, &path);
            }
        }
        let mut program = in_italian(Cli::command());
        program.build();
        for name in OFFICE {
            look(program.find_subcommand_mut(name).unwrap(), name);
        }
    }
}
