//! The tables as CSV.

use policy::Language;

use super::language::Writing;
use super::table::{Table, Value};

/// How CSV is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CsvOptions {
    /// Of the file names, headings and words in it.
    pub language: Language,
    /// Between two fields. Spreadsheets set to Italian expect a semicolon.
    pub separator: char,
    /// Between the whole part of a number and its decimals. Spreadsheets set to Italian expect a comma.
    pub decimal: char,
}

impl CsvOptions {
    /// What spreadsheets expect that are set to this language.
    pub const fn for_language(language: Language) -> Self {
        match language {
            Language::Italian => Self { language, separator: ';', decimal: ',' },
            Language::English => Self { language, separator: ',', decimal: '.' },
        }
    }

    /// Whether what is written with them can be read back.
    ///
    /// # Errors
    /// When it cannot.
    pub const fn check(self) -> Result<(), UnusableSeparators> {
        let Self { separator, decimal, .. } = self;
        if separator == decimal || !matches!(separator, ';' | ',' | '\t' | '|') || !matches!(decimal, ',' | '.') {
            return Err(UnusableSeparators { separator, decimal });
        }
        Ok(())
    }
}

/// Separators that nothing could be read back with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "found {separator:?} between fields and {decimal:?} before decimals, expected two different ones: between fields \
     a semicolon, comma, tab or vertical bar, before decimals a comma or point"
)]
pub struct UnusableSeparators {
    /// The character that was asked for between fields.
    pub separator: char,
    /// The character that was asked for before decimals.
    pub decimal: char,
}

/// A file to write.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct File {
    /// Its name, without a folder.
    pub name: String,
    /// Its content, in UTF-8.
    pub text: String,
    /// What it shows, in the language of the report.
    pub title: String,
}

/// One file for each table. They begin with a byte order mark, without which spreadsheets take UTF-8 for another
/// encoding.
pub(super) fn files(tables: &[Table], options: CsvOptions) -> Result<Vec<File>, UnusableSeparators> {
    let CsvOptions { separator, decimal, .. } = options;
    options.check()?;
    let unusable = UnusableSeparators { separator, decimal };
    let write = |table: &Table| -> Result<File, csv::Error> {
        let mut writer = csv::WriterBuilder::new()
            .delimiter(separator as u8)
            .terminator(csv::Terminator::CRLF)
            .from_writer(Vec::from("\u{feff}"));
        writer.write_record(table.columns.iter().map(|column| column.key))?;
        for row in &table.rows {
            writer.write_record(row.iter().map(|value| field(value, options)))?;
        }
        writer.flush()?;
        let bytes = writer.into_inner().map_err(|error| error.into_error())?;
        let text = String::from_utf8_lossy(&bytes).into_owned();
        Ok(File { name: format!("{}.csv", table.name), text, title: table.title.clone() })
    };
    // Writing to memory fails only where a row has another number of fields than the headings.
    tables.iter().map(|table| write(table).map_err(|_| unusable)).collect()
}

/// A value as a field. Numbers have no thousands separator.
fn field(value: &Value, options: CsvOptions) -> String {
    let decimal = |number: f64, digits: usize| format!("{number:.digits$}").replace('.', &options.decimal.to_string());
    match value {
        Value::Text(text) => harmless(text),
        Value::Whole(number) => number.to_string(),
        Value::Signed(number) => number.to_string(),
        Value::Decimal(number) | Value::Percent(number) => decimal(*number, 4),
        Value::Duration(milliseconds) => decimal(*milliseconds as f64 / 1e3, 3),
        Value::Day(day) => day.to_string(),
        Value::Flag(flag) => options.language.of(if *flag { ("sì", "yes") } else { ("no", "no") }).to_owned(),
        Value::Nothing => String::new(),
        Value::Hidden => options.language.of(("non pubblicato", "not published")).to_owned(),
    }
}

/// A text that a spreadsheet does not take for a formula: an apostrophe stands before what begins like one.
fn harmless(text: &str) -> String {
    let begins_formula = text.starts_with(['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠']);
    if begins_formula { format!("'{text}") } else { text.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(rows: Vec<Vec<Value>>) -> Table {
        let columns = [(("chi", "who"), ("Chi", "Who")), (("quanto", "how_much"), ("Quanto", "How much"))];
        Table::new(Language::Italian, ("prova", "test"), ("Prova", "Test"), &columns, rows)
    }

    fn written(rows: Vec<Vec<Value>>, options: CsvOptions) -> String {
        files(&[table(rows)], options).unwrap().remove(0).text
    }

    #[test]
    fn italian_spreadsheets_find_semicolons_and_decimal_commas() {
        let rows =
            vec![vec![Value::text("a; \"b\""), Value::Decimal(1234.5)], vec![Value::text("c"), Value::Signed(-3)]];
        let text = written(rows, CsvOptions::for_language(Language::Italian));
        assert_eq!(text, "\u{feff}chi;quanto\r\n\"a; \"\"b\"\"\";1234,5000\r\nc;-3\r\n");
    }

    #[test]
    fn no_text_is_a_formula_and_numbers_stay_numbers() {
        for text in ["=1+1", "+39", "-x", "@nome", "\t=1", "＝1"] {
            let written =
                written(vec![vec![Value::text(text), Value::Signed(-7)]], CsvOptions::for_language(Language::English));
            assert!(written.contains(&format!("'{text}")) && written.contains(",-7\r\n"), "{written:?}");
        }
    }

    #[test]
    fn what_is_not_published_is_no_number() {
        let text = written(vec![vec![Value::Hidden, Value::Nothing]], CsvOptions::for_language(Language::Italian));
        assert!(text.ends_with("non pubblicato;\r\n"), "{text:?}");
    }

    #[test]
    fn separators_that_cannot_be_told_apart_are_refused() {
        for (separator, decimal) in [(',', ','), ('x', '.'), ('à', ','), (';', ';')] {
            let options = CsvOptions { language: Language::Italian, separator, decimal };
            assert_eq!(files(&[table(Vec::new())], options), Err(UnusableSeparators { separator, decimal }));
        }
    }
}
