//! A table, before it is written as CSV or HTML.

use jiff::civil::Date;
use policy::Language;

use super::language::Writing;

/// A text in Italian and in English.
pub(super) type Two<'t> = (&'t str, &'t str);
/// The key and the heading of a column.
pub(super) type Head = (Two<'static>, Two<'static>);

/// One table: a line for each thing it tells of.
#[derive(Clone, Debug)]
pub(super) struct Table {
    /// The name of its file, without the extension.
    pub(super) name: &'static str,
    /// What it shows.
    pub(super) title: String,
    pub(super) columns: Vec<Column>,
    pub(super) rows: Vec<Vec<Value>>,
}

/// A column.
#[derive(Clone, Debug)]
pub(super) struct Column {
    /// Its name in CSV: lower case, no spaces.
    pub(super) key: &'static str,
    /// Its heading on the page.
    pub(super) heading: &'static str,
}

/// What stands in a cell.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Value {
    Text(String),
    Whole(u64),
    /// A change.
    Signed(i64),
    Decimal(f64),
    /// A change in percent.
    Percent(f64),
    /// A duration in milliseconds, in CSV in seconds.
    Duration(u64),
    Day(Date),
    Flag(bool),
    /// There is nothing to tell.
    Nothing,
    /// Not published because too few authors stand behind it.
    Hidden,
}

impl Value {
    /// A figure that may not be published.
    pub(super) fn count(count: Option<u64>) -> Self {
        count.map_or(Value::Hidden, Value::Whole)
    }

    /// A figure that there may be none of.
    pub(super) fn or_nothing<T>(value: Option<T>, make: impl FnOnce(T) -> Self) -> Self {
        value.map_or(Value::Nothing, make)
    }

    pub(super) fn text(text: impl Into<String>) -> Self {
        Value::Text(text.into())
    }

    /// Whether it is a number, which stands at the right.
    pub(super) fn is_number(&self) -> bool {
        !matches!(self, Value::Text(_) | Value::Day(_) | Value::Flag(_) | Value::Duration(_))
    }

    /// As a reader finds it on the page.
    pub(super) fn shown(&self, language: Language) -> String {
        match self {
            Value::Text(text) => text.clone(),
            Value::Whole(number) => language.whole(*number),
            Value::Signed(number) => language.signed(*number),
            Value::Decimal(number) => language.decimal(*number),
            Value::Percent(number) => language.signed_percent(*number),
            Value::Duration(milliseconds) => language.duration(*milliseconds),
            Value::Day(day) => language.day(*day),
            Value::Flag(flag) => language.of(if *flag { ("sì", "yes") } else { ("no", "no") }).to_owned(),
            Value::Nothing => "–".to_owned(),
            Value::Hidden => language.of(("non pubblicato", "not published")).to_owned(),
        }
    }
}

impl Table {
    /// A table whose columns are given as key and heading, each in Italian and in English.
    pub(super) fn new(
        language: Language,
        name: Two<'static>,
        title: Two<'_>,
        columns: &[Head],
        rows: Vec<Vec<Value>>,
    ) -> Self {
        let columns =
            columns.iter().map(|(keys, headings)| Column { key: language.of(*keys), heading: language.of(*headings) });
        Self { name: language.of(name), title: language.of(title).to_owned(), columns: columns.collect(), rows }
    }
}
