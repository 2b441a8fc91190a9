//! How a file is divided into columns, and which of them says what.

use super::{BadLine, Expected, Found};

/// What stands between two fields, as CSV is written by spreadsheets: of those that occur in the line of names, the most frequent.
const SEPARATORS: [char; 4] = [';', ',', '\t', '|'];

/// The names of each column, in English and Italian; the first is the one that errors ask for.
type Names = &'static [&'static str];

const ACCOUNT: Names = &["account", "profilo", "canale"];
const DATE: Names = &["date", "data", "day", "giorno"];
const METRIC: Names = &["metric", "metrica", "misura"];
const VALUE: Names = &["value", "valore"];
const SOURCE: Names = &["source", "fonte"];
const PLATFORM: Names = &["platform", "piattaforma"];
const NAME: Names = &["name", "nome"];
const PRECISION: Names = &["date_precision", "precisione_data"];
const ROUNDED: Names = &["rounded", "arrotondato"];

/// Where a file's columns stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Columns {
    pub(super) account: usize,
    pub(super) date: usize,
    pub(super) metric: usize,
    pub(super) value: usize,
    pub(super) form: Form,
    /// How many there are.
    pub(super) count: usize,
}

/// What the other columns are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    /// `account,date,metric,value,source`, as `docs/statistics.md` asks for it.
    Import { source: usize },
    /// The table of counts of a report (`rilevazioni.csv`, `counts.csv`), as this crate writes it.
    Report { platform: usize, precision: usize, rounded: usize },
}

/// What stands between the fields of a text, and the text without the line `sep=;` by which a spreadsheet may say so.
/// The second value is how many lines that took.
pub(super) fn separator(text: &str) -> (char, u64, &str) {
    let (first, rest) = text.split_once('\n').unwrap_or((text, ""));
    let told = first.trim_end().strip_prefix("sep=").and_then(|told| told.chars().next());
    if let Some(told) = told.filter(|told| SEPARATORS.contains(told)) {
        return (told, 1, rest);
    }
    let count = |separator: &char| first.matches(*separator).count();
    // Of equally frequent ones the first, which `max_by_key` would not give.
    let most = SEPARATORS.iter().rev().copied().max_by_key(count).unwrap_or(',');
    (if count(&most) == 0 { ',' } else { most }, 0, text)
}

/// Finds the columns in the line of names. Empty names at the end are columns that a spreadsheet added.
pub(super) fn find(names: &csv::StringRecord) -> Result<Columns, BadLine> {
    let names: Vec<String> = names.iter().map(|name| name.trim().to_lowercase()).collect();
    let count = names.iter().rposition(|name| !name.is_empty()).map_or(0, |last| last + 1);
    let place = |column: Names| names.iter().position(|name| column.contains(&name.as_str()));
    let form = match (place(SOURCE), place(PLATFORM), place(PRECISION), place(ROUNDED)) {
        (Some(source), None, None, None) if count == 5 => Some(Form::Import { source }),
        (None, Some(platform), Some(precision), Some(rounded)) if count == 8 && place(NAME).is_some() => {
            Some(Form::Report { platform, precision, rounded })
        }
        _ => None,
    };
    match (place(ACCOUNT), place(DATE), place(METRIC), place(VALUE), form) {
        (Some(account), Some(date), Some(metric), Some(value), Some(form)) => {
            Ok(Columns { account, date, metric, value, form, count })
        }
        _ => Err(BadLine {
            line: 1,
            field: "CSV",
            found: Found::Names(names[..count].join(",")),
            expected: Expected::KnownColumns,
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_separator_is_the_one_that_the_names_are_divided_by() {
        for (text, expected) in [
            ("account;date;metric;value;source\n", (';', 0)),
            ("account,date,metric,value,source\n", (',', 0)),
            ("account\tdate\tmetric\tvalue\tsource", ('\t', 0)),
            ("account|date|metric|value|source", ('|', 0)),
            ("sep=;\r\naccount;date", (';', 1)),
            ("sep=x\naccount,date", (',', 0)),
            ("account", (',', 0)),
            ("", (',', 0)),
        ] {
            let (separator, lines, _) = separator(text);
            assert_eq!((separator, lines), expected, "{text:?}");
        }
    }

    #[test]
    fn a_line_that_tells_the_separator_is_not_read_again() {
        assert_eq!(separator("sep=;\na;b\n1;2\n").2, "a;b\n1;2\n");
    }
}
