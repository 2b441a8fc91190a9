//! One table of a file, and what its fields are asked for.

use std::fmt::Display;
use std::ops::{Range, RangeInclusive};
use std::rc::Rc;

use jiff::civil::Date;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::{Place, Placed, Reading, quoted};

/// What a date should look like.
const DATE: &str = "a date such as 2026-01-31";

/// One table of a file.
pub(in crate::file) struct Section<'t> {
    reading: &'t Reading<'t>,
    at: usize,
    /// How errors name it: empty at the top, else for example `clause[3]`.
    path: String,
    table: &'t DeTable<'t>,
    /// The fields asked for so far; the others are unknown.
    known: Vec<&'static str>,
}

impl<'t> Section<'t> {
    /// The top level of a file.
    pub(super) fn top(reading: &'t Reading<'t>, table: &'t DeTable<'t>) -> Self {
        Self { reading, at: 0, path: String::new(), table, known: Vec::new() }
    }

    /// Where one of its fields stands, or where the section starts when the field is missing.
    pub(in crate::file) fn place(&self, field: &str) -> Place {
        let at = self.table.get(field).map_or(self.at, |value| value.span().start);
        Place { at, field: self.field_path(field).into(), item: None }
    }

    /// A text that must be there and say something.
    pub(in crate::file) fn text(&mut self, key: &'static str) -> Option<Placed<String>> {
        self.required(key, "a text")?;
        self.optional_text(key)
    }

    /// A text that may be missing.
    pub(in crate::file) fn optional_text(&mut self, key: &'static str) -> Option<Placed<String>> {
        let value = self.get(key)?;
        let place = self.place_of(key, value.span());
        self.as_text(place, value)
    }

    /// A text that [`Section::text`] would give, read as something else.
    pub(in crate::file) fn parsed<T>(
        &mut self,
        key: &'static str,
        expected: impl Display,
        parse: impl FnOnce(&str) -> Option<T>,
    ) -> Option<Placed<T>> {
        let text = self.text(key)?;
        self.parse(text, expected, parse)
    }

    /// Whether the field is there, whatever stands in it.
    pub(in crate::file) fn has(&self, key: &'static str) -> bool {
        self.table.contains_key(key)
    }

    /// One of several keys.
    pub(in crate::file) fn choice<T: Copy>(&mut self, key: &'static str, choices: &[(&str, T)]) -> Option<Placed<T>> {
        self.parsed(key, one_of(choices), |text| chosen(choices, text))
    }

    /// One of several keys, or nothing.
    pub(in crate::file) fn optional_choice<T: Copy>(
        &mut self,
        key: &'static str,
        choices: &[(&str, T)],
    ) -> Option<Placed<T>> {
        let text = self.optional_text(key)?;
        self.parse(text, one_of(choices), |text| chosen(choices, text))
    }

    /// Some of several keys.
    pub(in crate::file) fn choices<T: Copy>(&mut self, key: &'static str, choices: &[(&str, T)]) -> Vec<Placed<T>> {
        self.all_parsed(key, one_of(choices), |text| chosen(choices, text))
    }

    /// A date, as TOML writes dates or in quotes.
    pub(in crate::file) fn date(&mut self, key: &'static str) -> Option<Date> {
        self.required(key, DATE)?;
        let value = self.get(key)?;
        let place = self.place_of(key, value.span());
        self.as_date(&place, value)
    }

    /// A list of dates, empty when it is missing.
    pub(in crate::file) fn dates(&mut self, key: &'static str) -> Vec<Date> {
        let Some(value) = self.get(key) else { return Vec::new() };
        let Some(items) = value.get_ref().as_array() else {
            let place = self.place_of(key, value.span());
            self.reading.note(&place, shown(value), "a list of dates");
            return Vec::new();
        };
        let item_at = |index, item: &Spanned<_>| self.place_of(&format!("{key}[{}]", index + 1), item.span());
        items.iter().enumerate().filter_map(|(index, item)| self.as_date(&item_at(index, item), item)).collect()
    }

    /// A list of texts, empty when it is missing.
    pub(in crate::file) fn texts(&mut self, key: &'static str) -> Vec<Placed<String>> {
        let Some(value) = self.get(key) else { return Vec::new() };
        let Some(items) = value.get_ref().as_array() else {
            let place = self.place_of(key, value.span());
            self.reading.note(&place, shown(value), "a list of texts");
            return Vec::new();
        };
        if items.is_empty() {
            let place = self.place_of(key, value.span());
            self.reading.note(&place, "an empty list", "at least one text, or no such field");
        }
        let mut texts = Vec::with_capacity(items.len());
        let field: Rc<str> = self.field_path(key).into();
        for (index, item) in items.iter().enumerate() {
            let place = Place { at: item.span().start, field: Rc::clone(&field), item: Some(index + 1) };
            texts.extend(self.as_text(place, item));
        }
        texts
    }

    /// A list of texts, each read as something else.
    pub(in crate::file) fn all_parsed<T>(
        &mut self,
        key: &'static str,
        expected: impl Display,
        mut parse: impl FnMut(&str) -> Option<T>,
    ) -> Vec<Placed<T>> {
        let texts = self.texts(key);
        texts.into_iter().filter_map(|text| self.parse(text, &expected, &mut parse)).collect()
    }

    /// Notes a field that is missing.
    pub(in crate::file) fn require(&mut self, key: &'static str, expected: &str) {
        self.required(key, expected);
    }

    /// A whole number in a range, or nothing.
    pub(in crate::file) fn number(&mut self, key: &'static str, range: RangeInclusive<u32>) -> Option<u32> {
        let value = self.get(key)?;
        let number = as_number(value).filter(|number| range.contains(number));
        if number.is_none() {
            let place = self.place_of(key, value.span());
            let expected = format_args!("a whole number from {} to {}", range.start(), range.end());
            self.reading.note(&place, shown(value), expected);
        }
        number
    }

    /// A whole number, one of several keys, or nothing.
    pub(in crate::file) fn number_or_choice<T: Copy>(
        &mut self,
        key: &'static str,
        number: impl FnOnce(u32) -> T,
        choices: &[(&str, T)],
    ) -> Option<T> {
        let value = self.get(key)?;
        let chosen = match value.get_ref().as_str() {
            Some(text) => chosen(choices, text),
            None => as_number(value).map(number),
        };
        if chosen.is_none() {
            let place = self.place_of(key, value.span());
            self.reading.note(&place, shown(value), format_args!("a number of words or {}", one_of(choices)));
        }
        chosen
    }

    /// `true` or `false`, or nothing.
    pub(in crate::file) fn flag(&mut self, key: &'static str) -> Option<Placed<bool>> {
        let value = self.get(key)?;
        let place = self.place_of(key, value.span());
        let truth = value.get_ref().as_bool();
        if truth.is_none() {
            self.reading.note(&place, shown(value), "true or false");
        }
        truth.map(|value| Placed { value, place })
    }

    /// A list of texts and tables, empty when it is missing.
    pub(in crate::file) fn items(&mut self, key: &'static str) -> Vec<Item<'t>> {
        let Some(value) = self.get(key) else { return Vec::new() };
        let expected = "a list of texts and tables";
        let Some(items) = value.get_ref().as_array() else {
            let place = self.place_of(key, value.span());
            self.reading.note(&place, shown(value), expected);
            return Vec::new();
        };
        let mut found = Vec::new();
        for (index, item) in items.iter().enumerate() {
            let name = format!("{key}[{}]", index + 1);
            let place = self.place_of(&name, item.span());
            if let Some(section) = self.as_section(&name, item) {
                found.push(Item::Section(section));
            } else if let Some(text) = item.get_ref().as_str() {
                found.push(Item::Text(Placed { value: text.to_owned(), place }));
            } else {
                self.reading.note(&place, shown(item), expected);
            }
        }
        found
    }

    /// A table that must be there.
    pub(in crate::file) fn section(&mut self, key: &'static str) -> Option<Section<'t>> {
        self.required(key, format_args!("a section [{key}]"))?;
        self.optional_section(key)
    }

    /// A table that may be missing.
    pub(in crate::file) fn optional_section(&mut self, key: &'static str) -> Option<Section<'t>> {
        let value = self.get(key)?;
        let section = self.as_section(key, value);
        if section.is_none() {
            let place = self.place_of(key, value.span());
            self.reading.note(&place, shown(value), format_args!("a section [{key}]"));
        }
        section
    }

    /// The tables of a list, which may be missing: `[[key]]`.
    pub(in crate::file) fn sections(&mut self, key: &'static str) -> Vec<Section<'t>> {
        let Some(value) = self.get(key) else { return Vec::new() };
        let expected = format_args!("sections [[{key}]]").to_string();
        let Some(items) = value.get_ref().as_array() else {
            let place = self.place_of(key, value.span());
            self.reading.note(&place, shown(value), expected);
            return Vec::new();
        };
        let mut sections = Vec::new();
        for (index, item) in items.iter().enumerate() {
            let name = format!("{key}[{}]", index + 1);
            match self.as_section(&name, item) {
                Some(section) => sections.push(section),
                None => self.reading.note(&self.place_of(&name, item.span()), shown(item), &expected),
            }
        }
        sections
    }

    /// Notes every field that nobody asked for.
    pub(in crate::file) fn finish(self) {
        for (key, _) in self.table.iter().filter(|(key, _)| !self.known.contains(&key.get_ref().as_ref())) {
            let place = self.place_of(key.get_ref(), key.span());
            self.reading.note(&place, "an unknown field", format_args!("one of {}", self.known.join(", ")));
        }
    }

    fn get(&mut self, key: &'static str) -> Option<&'t Spanned<DeValue<'t>>> {
        if !self.known.contains(&key) {
            self.known.push(key);
        }
        self.table.get(key)
    }

    fn required(&mut self, key: &'static str, expected: impl Display) -> Option<()> {
        if self.get(key).is_none() {
            self.reading.note(&self.place(key), "nothing", expected);
            return None;
        }
        Some(())
    }

    fn parse<T>(
        &self,
        text: Placed<String>,
        expected: impl Display,
        parse: impl FnOnce(&str) -> Option<T>,
    ) -> Option<Placed<T>> {
        let value = parse(&text.value);
        if value.is_none() {
            self.reading.note(&text.place, quoted(&text.value), expected);
        }
        value.map(|value| Placed { value, place: text.place })
    }

    fn as_text(&self, place: Place, value: &Spanned<DeValue<'t>>) -> Option<Placed<String>> {
        match value.get_ref().as_str().map(str::trim) {
            Some(text) if !text.is_empty() => Some(Placed { value: text.to_owned(), place }),
            Some(_) => {
                self.reading.note(&place, "an empty text", "a text");
                None
            }
            None => {
                self.reading.note(&place, shown(value), "a text");
                None
            }
        }
    }

    fn as_date(&self, place: &Place, value: &Spanned<DeValue<'t>>) -> Option<Date> {
        let written = match value.get_ref() {
            DeValue::Datetime(date) if date.time.is_none() => date.to_string(),
            DeValue::String(text) => text.to_string(),
            _ => String::new(),
        };
        let date = written.parse().ok();
        if date.is_none() {
            self.reading.note(place, shown(value), DATE);
        }
        date
    }

    fn as_section(&self, name: &str, value: &'t Spanned<DeValue<'t>>) -> Option<Section<'t>> {
        let table = value.get_ref().as_table()?;
        let path = self.field_path(name);
        Some(Section { reading: self.reading, at: value.span().start, path, table, known: Vec::new() })
    }

    fn place_of(&self, name: &str, span: Range<usize>) -> Place {
        Place { at: span.start, field: self.field_path(name).into(), item: None }
    }

    fn field_path(&self, name: &str) -> String {
        if self.path.is_empty() { name.to_owned() } else { format!("{}.{name}", self.path) }
    }
}

/// A text or a table of a list.
pub(in crate::file) enum Item<'t> {
    Text(Placed<String>),
    Section(Section<'t>),
}

fn as_number(value: &Spanned<DeValue<'_>>) -> Option<u32> {
    match value.get_ref() {
        DeValue::Integer(number) => number.to_string().parse().ok(),
        _ => None,
    }
}

fn one_of<T>(choices: &[(&str, T)]) -> String {
    let keys: Vec<&str> = choices.iter().map(|(key, _)| *key).collect();
    format!("one of {}", keys.join(", "))
}

fn chosen<T: Copy>(choices: &[(&str, T)], text: &str) -> Option<T> {
    choices.iter().find(|(key, _)| *key == text).map(|(_, choice)| *choice)
}

/// A value of a wrong type as errors show it.
fn shown(value: &Spanned<DeValue<'_>>) -> String {
    match value.get_ref() {
        DeValue::String(text) => quoted(text),
        DeValue::Integer(number) => format!("the number {number}"),
        DeValue::Float(number) => format!("the number {number}"),
        DeValue::Boolean(truth) => truth.to_string(),
        DeValue::Datetime(time) => format!("the date {time}"),
        DeValue::Array(_) => "a list".to_owned(),
        DeValue::Table(_) => "a section".to_owned(),
    }
}
