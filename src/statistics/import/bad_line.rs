//! What is wrong with a line of a file that is imported, in both languages of the office.

use policy::{Language, Metric};

use super::fields::{LONGEST_SOURCE, MOST};

/// A line that cannot be imported.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}", self.said(Language::English))]
pub struct BadLine {
    /// The line, counted from 1, which is that of the columns' names.
    pub line: u64,
    /// The column, or `CSV` where the line could not be divided into columns.
    pub field: &'static str,
    /// What stands there.
    pub found: Found,
    /// What should stand there.
    pub expected: Expected,
}

impl BadLine {
    /// The line, the field, what was found and what was expected.
    pub fn said(&self, language: Language) -> String {
        let Self { line, field, .. } = self;
        let (found, expected) = (self.found.said(language), self.expected.said(language));
        match language {
            Language::Italian => format!("riga {line}: {field}: trovato: {found}; atteso: {expected}"),
            Language::English => format!("line {line}: {field}: found {found}, expected {expected}"),
        }
    }
}

/// What stands in a field that cannot be taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Found {
    /// This text, which may be empty. Its beginning is shown.
    Text(String),
    /// So many columns.
    Columns(usize),
    /// Columns of these names.
    Names(String),
    /// A name of so many characters.
    Characters(usize),
    /// The account, day and metric of an earlier line.
    LineAgain(u64),
    /// A count that contradicts what is stored.
    Count(u64),
    /// Bytes that no encoding knows.
    NoText,
    /// What does not follow the rules of CSV.
    NoCsv,
}

/// How many characters of a field are shown.
const SHOWN: usize = 60;

impl Found {
    /// What was found, in words.
    pub fn said(&self, language: Language) -> String {
        let either = |italian: &str, english: &str| match language {
            Language::Italian => italian.to_owned(),
            Language::English => english.to_owned(),
        };
        match self {
            Self::Text(text) if text.is_empty() => either("nulla", "nothing"),
            Self::Text(text) => format!("{:?}", text.chars().take(SHOWN).collect::<String>()),
            Self::Names(names) if names.is_empty() => either("nulla", "nothing"),
            Self::Names(names) => names.clone(),
            Self::Columns(count) => format!("{count} {}", either("colonne", "columns")),
            Self::Characters(count) => format!("{count} {}", either("caratteri", "characters")),
            Self::LineAgain(line) => either(
                &format!("profilo, giorno e misura della riga {line}"),
                &format!("the account, day and metric of line {line}"),
            ),
            Self::Count(count) => count.to_string(),
            Self::NoText => either("una sequenza di byte che non è testo", "bytes that are no text"),
            Self::NoCsv => either("una riga che non è CSV", "a line that is not CSV"),
        }
    }
}

/// What should stand in a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Expected {
    /// An account, with its platform in one field.
    Account,
    /// An account, with its platform in another field.
    AccountOfPlatform,
    /// A day, month or year that is over.
    Date,
    /// A metric.
    Metric,
    /// A count, in a file where commas divide the fields or where they do not.
    Count {
        /// Whether thousands may be apart.
        separators: bool,
    },
    /// The name of a source.
    Source,
    /// The name of a source, where the rest of a count stands.
    SourceBehindCount,
    /// How exact a date is.
    Precision,
    /// Yes or no.
    YesOrNo,
    /// So many columns.
    Columns(usize),
    /// The columns of one of the two tables that are understood.
    KnownColumns,
    /// One of the encodings that are understood.
    Encoding,
    /// CSV.
    Csv,
    /// Each account, day and metric only once.
    Once,
    /// The count that is stored.
    Stored {
        /// It.
        count: u64,
        /// Whether a nightly snapshot holds it, and not an earlier import.
        snapshot: bool,
    },
}

impl Expected {
    /// What was expected, in words.
    pub fn said(self, language: Language) -> String {
        let either = |italian: &str, english: &str| match language {
            Language::Italian => italian.to_owned(),
            Language::English => english.to_owned(),
        };
        match self {
            Self::Account => either(
                "piattaforma:id oppure piattaforma:nome di un profilo della policy, per esempio facebook:nome",
                "platform:id or platform:handle of an account of the policy, like facebook:handle",
            ),
            Self::AccountOfPlatform => {
                either("un profilo della policy, con il suo id o nome", "an account of the policy by its id or handle")
            }
            Self::Date => either(
                "un giorno, mese o anno già concluso: AAAA-MM-GG, AAAA-MM o AAAA, oppure GG/MM/AAAA o MM/AAAA",
                "a day, month or year that is over, as YYYY-MM-DD, YYYY-MM or YYYY, or as DD/MM/YYYY or MM/YYYY",
            ),
            Self::Metric => {
                let keys: Vec<&str> = Metric::ALL.iter().map(|metric| metric.as_str()).collect();
                format!("{} {}", either("una di", "one of"), keys.join(", "))
            }
            Self::Count { separators } => {
                let number =
                    either(&format!("un numero intero da 0 a {MOST}"), &format!("a whole number from 0 to {MOST}"));
                number + &if separators { String::new() } else { either(", senza separatori", ", without separators") }
            }
            Self::Source => either(
                &format!("il nome di una fonte, da 1 a {LONGEST_SOURCE} caratteri"),
                &format!("the name of a source, of 1 to {LONGEST_SOURCE} characters"),
            ),
            Self::SourceBehindCount => either(
                "il nome di una fonte, con lettere, dopo un numero senza separatori",
                "the name of a source, with letters, behind a count without separators",
            ),
            Self::Precision => either("giorno, mese o anno", "day, month or year"),
            Self::YesOrNo => either("sì o no", "yes or no"),
            Self::Columns(count) => count.to_string(),
            Self::KnownColumns => either(
                "le colonne account,date,metric,value,source (o profilo,data,misura,valore,fonte), oppure quelle delle \
                 rilevazioni di un rapporto",
                "the columns account,date,metric,value,source, or those of the counts of a report",
            ),
            Self::Encoding => either("UTF-8, UTF-16 o Windows-1252", "UTF-8, UTF-16 or Windows-1252"),
            Self::Csv => "CSV".to_owned(),
            Self::Once => either("ogni combinazione una volta sola", "each only once"),
            Self::Stored { count, snapshot: true } => either(
                &format!("{count}, che viene dalla rilevazione notturna"),
                &format!("{count}, which the nightly snapshot holds"),
            ),
            Self::Stored { count, snapshot: false } => either(
                &format!("{count}, che viene da un'importazione precedente"),
                &format!("{count}, which an earlier import holds"),
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_said_in_either_language_and_a_long_field_is_cut() {
        let bad = BadLine {
            line: 3,
            field: "value",
            found: Found::Text("9".repeat(100)),
            expected: Expected::Count { separators: false },
        };
        let nines = "9".repeat(SHOWN);
        assert_eq!(
            bad.to_string(),
            format!("line 3: value: found {nines:?}, expected a whole number from 0 to {MOST}, without separators")
        );
        assert_eq!(
            bad.said(Language::Italian),
            format!("riga 3: value: trovato: {nines:?}; atteso: un numero intero da 0 a {MOST}, senza separatori")
        );
        let empty = BadLine { line: 1, field: "CSV", found: Found::Names(String::new()), expected: Expected::Csv };
        assert_eq!(empty.said(Language::Italian), "riga 1: CSV: trovato: nulla; atteso: CSV");
    }
}
