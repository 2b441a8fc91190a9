//! What the commands of the office and their arguments are for, in Italian. Beside the arguments themselves it stands in
//! English (`cli`), because one reads both there; here each sentence is said in Italian, once, whichever commands share it.

use clap::builder::{PossibleValue, PossibleValuesParser, Str, StyledStr};
use clap::{Arg, Command};

use super::arguments::OFFICE;

/// What the English help says of a command, an argument or a value that it takes, and how it is said in Italian.
const HELP: &[(&str, &str)] = &[
    // The commands.
    (
        "The cases: contributions that were not simply allowed",
        "I casi: i contenuti che non sono stati semplicemente ammessi",
    ),
    ("The authors, as far as anything is on record about them", "Gli autori, per quanto ne risulta"),
    ("What only a person can do", "Ciò che può fare solo una persona"),
    (
        "Takes what a user reports by e-mail, and writes the receipt",
        "Registra ciò che un utente segnala per e-mail, e scrive la ricevuta",
    ),
    ("What the system may do alone for the time being", "Ciò che per ora il sistema può fare da solo"),
    (
        "Reports how the channels grew and were moderated; without a period, last month",
        "Dice come sono cresciuti e come sono stati moderati i canali; senza un periodo, nel mese scorso",
    ),
    (
        "Lists the open cases, the urgent ones first, then by deadline",
        "Elenca i casi aperti: prima gli urgenti, poi per scadenza",
    ),
    ("Shows everything about a case", "Mostra tutto di un caso"),
    (
        "Writes everything about a case, with proof, as a document to give out. Is recorded",
        "Scrive tutto di un caso, con le prove, come documento da consegnare. La consegna viene registrata",
    ),
    ("Confirms a case, or the cases of a group", "Conferma un caso, o i casi di un gruppo"),
    ("Takes back what was done about a case", "Annulla ciò che si è fatto per un caso"),
    ("Brings a case before the platform or the authorities", "Porta un caso alla piattaforma o alle autorità"),
    ("Gives a case to somebody", "Assegna un caso a qualcuno"),
    ("Shows what is on record about an author", "Mostra ciò che risulta di un autore"),
    ("Lifts the block or ban in force", "Revoca il blocco o l'esclusione in vigore"),
    ("Notes the reason about an author, for colleagues", "Annota la motivazione su un autore, per i colleghi"),
    (
        "Gives out everything on record about a person, as JSON. That it was given out is recorded",
        "Consegna tutto ciò che risulta di una persona, in JSON. La consegna viene registrata",
    ),
    (
        "Erases everything about a person but the audit log, for good",
        "Cancella per sempre tutto di una persona, tranne il registro di controllo",
    ),
    ("Lists what only a person can do, the oldest first", "Elenca ciò che può fare solo una persona, dal più vecchio"),
    ("Records that a task is done, or cannot be", "Registra che un'attività è svolta, o che non si può svolgere"),
    ("Shows a report", "Mostra una segnalazione"),
    (
        "Erases a report, or everything that came from an address. The tasks stay: they say nothing of it",
        "Cancella una segnalazione, o tutto ciò che è venuto da un indirizzo. Le attività restano: non ne dicono nulla",
    ),
    (
        "Shows what is halted, and which limits of platforms are reached",
        "Mostra che cosa è sospeso, e quali limiti delle piattaforme sono raggiunti",
    ),
    (
        "Halts what the system does alone: of one account, or altogether. The reason stands in the audit log for good: it \
         speaks of the system and of no person",
        "Sospende ciò che il sistema fa da solo: su un profilo, o del tutto. La motivazione resta per sempre nel registro di \
         controllo: parli del sistema e di nessuna persona",
    ),
    (
        "Lets it go on. The reason stands in the audit log for good, too",
        "Lo fa riprendere. Anche questa motivazione resta per sempre nel registro di controllo",
    ),
    (
        "Asks a platform again at once, because a limit that it named is over: credit was bought, or the platform has lifted \
         it",
        "Chiede di nuovo subito a una piattaforma, perché un limite che aveva posto è finito: si è comprato credito, o l'ha \
         tolto",
    ),
    (
        "Takes over figures from before: CSV with the columns account, date, metric, value, source",
        "Importa dati di prima: CSV con le colonne account, date, metric, value, source",
    ),
    // Who decides, and what about.
    (
        "Who decides: the name or the initials by which the office knows its people",
        "Chi decide: il nome o le iniziali con cui l'ufficio conosce le sue persone",
    ),
    (
        "Who gives it out: the name or the initials by which the office knows its people",
        "Chi li consegna: il nome o le iniziali con cui l'ufficio conosce le sue persone",
    ),
    (
        "Who orders it: the name or the initials by which the office knows its people",
        "Chi lo dispone: il nome o le iniziali con cui l'ufficio conosce le sue persone",
    ),
    ("Who asked for it, as the audit log will record", "Chi l'ha chiesto, come starà nel registro di controllo"),
    ("Why, in Italian", "Perché, in italiano"),
    (
        "The id of the case, or the reference that its author was given",
        "L'id del caso, o il riferimento che ne ha avuto l'autore",
    ),
    (
        "The platform and the person's id there, or the 32 hex digits by which the records know the author",
        "La piattaforma e l'id della persona su di essa, oppure lo pseudonimo di 32 cifre esadecimali",
    ),
    ("The id of the task", "L'id dell'attività"),
    (
        "The id of the report, as its task and its receipt name it",
        "Il riferimento della segnalazione, come lo danno l'attività e la ricevuta",
    ),
    (
        "The id of the report, as its task and its receipt name it, or the e-mail address",
        "Il riferimento della segnalazione, come lo danno l'attività e la ricevuta, oppure l'indirizzo e-mail",
    ),
    // Cases.
    (
        "The cases of this group, which a halt of automation has left to a person; without it, those of no group",
        "I casi di questo gruppo, che una sospensione ha lasciato a una persona; senza, quelli di nessun gruppo",
    ),
    ("At most this many", "Al massimo tanti"),
    ("Only those for which this office is responsible", "Solo quelli di cui è responsabile questo ufficio"),
    ("Only those of which this person takes care", "Solo quelli di cui si occupa questa persona"),
    (
        "In which form; without it, a page. --json is the same as --format json",
        "In quale forma; senza, una pagina. --json equivale a --format json",
    ),
    ("One page, in Italian, to read and to print", "Una pagina, in italiano, da leggere e da stampare"),
    ("As docs/dossier.md describes it", "Come lo descrive docs/dossier.md"),
    (
        "Writes the dossier to this file; without it, to standard output",
        "Scrive il fascicolo in questo file; senza, sull'uscita standard",
    ),
    (
        "Confirms the cases of this group, at most 100 at once",
        "Conferma i casi di questo gruppo, al massimo 100 per volta",
    ),
    (
        "Finds that the author exposed the personal data of another person: what was hidden to protect then counts",
        "Accerta che l'autore ha esposto i dati personali di un altro: ciò che era nascosto per proteggere allora conta",
    ),
    (
        "Also where something cannot be taken back on the platform",
        "Anche se qualcosa sulla piattaforma non si può annullare",
    ),
    (
        "Declines only the sanction that waits for confirmation; the finding stands",
        "Respinge solo la sanzione da confermare; la violazione resta accertata",
    ),
    ("Before whom", "A chi"),
    ("Those who run the platform", "Chi gestisce la piattaforma"),
    ("The authorities", "Le autorità"),
    ("To whom", "A chi"),
    // Authors, tasks, automation.
    (
        "Also while a case is still to be decided or a sanction is in force. Nothing is lifted on the platform by it",
        "Anche se un caso è ancora da decidere o una sanzione è in vigore. Sulla piattaforma questo non revoca nulla",
    ),
    (
        "What the task asks for turned out not to be possible, or not to be right",
        "Ciò che l'attività chiede si è rivelato impossibile, o non giusto",
    ),
    ("The platform", "La piattaforma"),
    ("The platform of the account; without it, everything", "La piattaforma del profilo; senza, tutto"),
    (
        "The platform of the account; without it, what is halted altogether",
        "La piattaforma del profilo; senza, la sospensione generale",
    ),
    ("The platform's id of the account", "L'id del profilo sulla piattaforma"),
    (
        "Because of a raid: what would be hidden is grouped for a person, and what was decided before is carried out. Without \
         it, that waits too",
        "Per un'incursione: ciò che sarebbe nascosto è raccolto in un gruppo per una persona, e ciò che era già deciso si \
         esegue. Senza, attende anche questo",
    ),
    ("The rule that was halted on this account", "La regola sospesa su questo profilo"),
    // Reports.
    (
        "The e-mail, as a mail program saves it; `-` for standard input",
        "L'e-mail, come la salva un programma di posta; `-` per l'ingresso standard",
    ),
    (
        "Writes the receipt into this folder, from where it is to be sent, and counts it as sent; without it, shows it",
        "Scrive la ricevuta in questa cartella, da cui va inviata, e la considera inviata; senza, la mostra",
    ),
    (
        "The message comes from the address that it claims, as SES found: then it is the report that the function took, or \
         would have taken",
        "Il messaggio viene dall'indirizzo che dichiara, come ha accertato SES: allora è la segnalazione che la funzione ha \
         registrato, o avrebbe registrato",
    ),
    // Statistics.
    ("Reports on this month, for example 2026-10", "Su questo mese, per esempio 2026-10"),
    ("Reports on this year, for example 2026", "Su questo anno, per esempio 2026"),
    ("Reports from this day, for example 2026-10-01", "Da questo giorno, per esempio 2026-10-01"),
    ("Reports up to this day", "Fino a questo giorno"),
    (
        "Tells growth since this day as well; without it, since the first count",
        "Dice la crescita anche da questo giorno; senza, dal primo conteggio",
    ),
    (
        "In which form; without it, five sentences. --json is the same as --format json",
        "In quale forma; senza, cinque frasi. --json equivale a --format json",
    ),
    ("As docs/statistics.schema.json describes it", "Come lo descrive docs/statistics.schema.json"),
    (
        "One table for each subject, in the folder of --out, with metadata.jsonld",
        "Una tabella per argomento, nella cartella di --out, con metadata.jsonld",
    ),
    ("One page", "Una pagina"),
    (
        "Writes to this file, or CSV to this folder; without it, to standard output",
        "Scrive in questo file, o il CSV in questa cartella; senza, sull'uscita standard",
    ),
    (
        "The language of sentences, page and tables, and of what is said when something is wrong: it or en",
        "La lingua di frasi, pagina e tabelle, e di ciò che si dice quando qualcosa non va: it o en",
    ),
    (
        "Between two fields of CSV; without it, as spreadsheets in this language expect: ; or ,",
        "Tra due campi del CSV; senza, come lo vogliono i fogli di calcolo in questa lingua: ; o ,",
    ),
    (
        "Before the decimals in CSV; without it, as spreadsheets in this language expect: a comma or a point",
        "Prima dei decimali nel CSV; senza, come lo vogliono i fogli di calcolo in questa lingua: una virgola o un punto",
    ),
    ("The file", "Il file"),
    (
        "The language of what is said, errors included: it or en",
        "La lingua di ciò che si dice, errori compresi: it o en",
    ),
    // The records.
    (
        "The file of the ledger, also while `serve --data FILE` runs on it; without it and `--endpoint`, the tables in AWS \
         that the environment names",
        "Il file del registro, anche mentre `serve --data FILE` lo tiene aperto; senza questo e senza `--endpoint`, le \
         tabelle in AWS che le variabili d'ambiente indicano",
    ),
    ("Uses the DynamoDB at this address", "Usa il DynamoDB a questo indirizzo"),
    (
        "The policy file; without it, the built-in one of Milano Monza Brianza Lodi",
        "Il file della policy; senza, quella incorporata di Milano Monza Brianza Lodi",
    ),
    (
        "Starts the clock at this time, for example 2026-11-02T09:00:00Z",
        "Fa partire l'orologio da questo istante, per esempio 2026-11-02T09:00:00Z",
    ),
    ("Prints JSON only", "Scrive solo JSON"),
    (
        "The language of what is printed, errors included: it or en. What is on record stays as it was written",
        "La lingua di ciò che si scrive, errori compresi: it o en. Ciò che è registrato resta come fu scritto",
    ),
];

/// What stands for a value, and how it is said in Italian.
const VALUES: &[(&str, &str)] = &[
    ("WHO", "CHI"),
    ("TEXT", "TESTO"),
    ("NAME", "NOME"),
    ("TIME", "ISTANTE"),
    ("DATE", "GIORNO"),
    ("YYYY-MM", "AAAA-MM"),
    ("YYYY", "AAAA"),
    ("PATH", "PERCORSO"),
    ("CHAR", "SEGNO"),
    ("FOLDER", "CARTELLA"),
    ("GROUP", "GRUPPO"),
    ("LIMIT", "NUMERO"),
    ("LANG", "LINGUA"),
    ("FORMAT", "FORMA"),
    ("PLATFORM", "PIATTAFORMA"),
    ("PLATFORM ID | PSEUDONYM", "PIATTAFORMA ID | PSEUDONIMO"),
    ("ID|ADDRESS", "ID|INDIRIZZO"),
    ("TO", "CHI"),
];

/// What the library writes of its own, and how it is said in Italian. The longer come before those that stand in them.
const OF_THE_LIBRARY: &[(&str, &str)] = &[
    ("Usage:", "Uso:"),
    ("Arguments:", "Argomenti:"),
    ("Commands:", "Comandi:"),
    ("Options:", "Opzioni:"),
    ("Possible values:", "Valori possibili:"),
    ("[possible values: ", "[valori possibili: "),
    ("[default: ", "[se manca: "),
    ("[OPTIONS]", "[OPZIONI]"),
    ("<COMMAND>", "<COMANDO>"),
    ("[COMMAND]", "[COMANDO]"),
    ("Print help (see more with '--help')", "Mostra questo aiuto (di più con '--help')"),
    ("Print help (see a summary with '-h')", "Mostra questo aiuto (in breve con '-h')"),
    (
        "Print this message or the help of the given subcommand(s)",
        "Mostra questo aiuto, o quello del comando che segue",
    ),
    ("Print help for the subcommand(s)", "Mostra l'aiuto del comando che segue"),
    ("Print help", "Mostra questo aiuto"),
];

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
