//! Causes are said in Italian, whoever wrote them.

use super::*;

#[test]
fn no_sentence_is_hidden_by_one_that_comes_before_it() {
    for (english, italian) in SAID {
        assert_eq!(in_italian(english), *italian);
    }
}

/// What the sources of the ledger say, and nobody in the office gets to read: faults of this program, what another program
/// is answered, and words of SQLite that are looked for.
const INSIDE: [&str; 18] = [
    "an amendment names sanction",
    "a revision was to join a case",
    "measurements of several accounts or days",
    "not where a page ended",
    "item on the desk",
    "an erasure names no pseudonym",
    "a transaction names",
    "X was answered as if",
    "this engine ",
    "the embedded engine does not offer",
    "expected POST / with",
    "Galateo has this ledger open",
    "disk image is malformed",
    "not a database",
    "not a valid database",
    "the pseudonym keys are not in order",
    "one pseudonym key stands twice",
    "not the id of a case",
];

/// Words that are left where something was not said in Italian.
const ENGLISH: [&str; 40] = [
    "the",
    "is",
    "was",
    "were",
    "its",
    "of",
    "not",
    "and",
    "that",
    "this",
    "to",
    "has",
    "have",
    "by",
    "with",
    "for",
    "failed",
    "cannot",
    "could",
    "be",
    "expected",
    "found",
    "than",
    "another",
    "which",
    "there",
    "whoever",
    "are",
    "an",
    "on",
    "from",
    "as",
    "it",
    "only",
    "too",
    "or",
    "opening",
    "listening",
    "many",
    "no",
];

fn is_in_italian(cause: &str) -> bool {
    // The address of a chapter stays as it is.
    let said = in_italian(cause).replace("#when-the-data-file-is-damaged-or-gone", "");
    let mut words = said.split(|letter: char| !letter.is_alphabetic());
    !words.any(|word| ENGLISH.contains(&word.to_lowercase().as_str()))
}

/// The texts in a source file, with an X for what is put in: without comments, tests, what is logged, and reasons for lints.
fn texts(source: &str) -> Vec<String> {
    let (mut texts, mut rest) = (Vec::new(), source.split("#[cfg(test)]").next().unwrap());
    while let Some(at) = rest.find(['"', '\'', '/', 't', 'r']) {
        let here = &rest[at..];
        let after = |end: &str| here.find(end).map_or("", |found| &here[found + end.len()..]);
        let quoted = |text: &str| {
            let mut escaped = false;
            text.find(|letter: char| {
                let ends = letter == '"' && !escaped;
                escaped = letter == '\\' && !escaped;
                ends
            })
        };
        rest = match here {
            _ if here.starts_with("//") => after("\n"),
            _ if here.starts_with("tracing::") => after(");"),
            _ if here.starts_with("reason = \"") => after("\")]"),
            _ if here.starts_with("'\"'") => &here[3..],
            _ if here.starts_with('"') => {
                let end = quoted(&here[1..]).unwrap();
                let lines = here[1..=end].split("\\\n").map(str::trim_start);
                let first = here[1..=end].split("\\\n").next().unwrap_or_default();
                let text = first.to_owned() + &lines.skip(1).collect::<String>();
                let put_in = text.split('{').enumerate();
                texts.push(
                    put_in
                        .map(|(number, part)| match part.split_once('}') {
                            Some((_, part)) if number > 0 => format!("X{part}"),
                            _ => part.to_owned(),
                        })
                        .collect::<String>()
                        .replace("\\\"", "\""),
                );
                &here[end + 2..]
            }
            _ => {
                let next = here.chars().next().map_or(0, char::len_utf8);
                &here[next..]
            }
        };
    }
    texts
}

fn sources(folder: &std::path::Path) -> Vec<std::path::PathBuf> {
    let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let of = |path: std::path::PathBuf| match path.file_name().and_then(|name| name.to_str()) {
        Some("tests" | "benches" | "tests.rs") => Vec::new(),
        Some(_) if path.is_dir() => sources(&path),
        Some(name) if name.ends_with(".rs") => vec![path],
        _ => Vec::new(),
    };
    entries.flat_map(of).collect()
}

#[test]
fn whatever_the_ledger_says_is_wrong_is_said_in_italian() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../ledger");
    let (mut tried, mut left) = (0, Vec::new());
    for file in sources(&folder) {
        let source = std::fs::read_to_string(&file).unwrap();
        let tells = ["LedgerError::File(", "LedgerError::Configuration(", "refused(", "failed("];
        if !tells.iter().any(|tells| source.contains(tells)) {
            continue;
        }
        for text in texts(&source) {
            let is_of_program = text.split_whitespace().count() < 2
                || INSIDE.iter().any(|inside| text.starts_with(inside))
                || ["SELECT ", "PRAGMA ", "UPDATE ", ":", " = "]
                    .iter()
                    .any(|code| text.contains(code) && !text.contains(": "));
            if is_of_program {
                continue;
            }
            // As it stands alone, or as what was being done, or as who has the file.
            let whole = [
                text.clone(),
                format!("{text} for the embedded DynamoDB failed: X"),
                format!("the data file is in use by {text}"),
            ];
            if !whole.iter().any(|whole| is_in_italian(whole)) {
                left.push(format!("{}: {text:?}: {}", file.display(), in_italian(&text)));
            }
            tried += 1;
        }
    }
    assert!(left.is_empty() && tried > 60, "{tried} tried\n{}", left.join("\n"));
}

#[cfg(target_os = "linux")]
#[test]
fn what_the_system_says_of_files_and_addresses_is_said_in_italian() {
    for code in [
        1, 2, 5, 12, 13, 16, 17, 18, 20, 21, 22, 24, 27, 28, 29, 30, 32, 36, 39, 40, 98, 99, 101, 104, 110, 111, 113,
        116, 122,
    ] {
        let told = std::io::Error::from_raw_os_error(code).to_string();
        let told = told.split(" (os error").next().unwrap();
        assert!(in_italian(told) != told && is_in_italian(told), "{code}: {told}: {}", in_italian(told));
    }
}

#[test]
fn what_is_not_known_stays_as_it_was_told() {
    assert_eq!(in_italian("/tmp/a: something new"), "/tmp/a: something new");
    let told = in_italian("No such file or directory (os error 2)");
    assert_eq!(told, "il file o la cartella non c'è (os error 2)");
}
