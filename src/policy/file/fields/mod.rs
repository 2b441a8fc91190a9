//! Reading a TOML file without stopping at the first thing that is wrong.
//!
//! A [`Section`] hands out the fields of one table. What is missing, of another type or not a known field is written
//! down as a [`Problem`] with its line, and reading goes on.

mod section;

use std::cell::RefCell;
use std::fmt::Display;
use std::rc::Rc;

use toml::Spanned;
use toml::de::DeTable;

pub(in crate::file) use self::section::{Item, Section};
use crate::{Problem, Source};

/// How much of a wrong value an error shows, in characters.
const LONGEST_FOUND: usize = 60;
/// The field of a problem that is not about a field.
const SYNTAX: &str = "TOML";

/// One file being read, and the problems found in it so far.
pub(in crate::file) struct Reading<'a> {
    file: &'a str,
    text: &'a str,
    /// Where each line starts, in bytes.
    lines: Vec<usize>,
    /// The problems, each with the byte where it shows.
    problems: RefCell<Vec<(usize, Problem)>>,
}

/// A value with the place where it stands, for problems that only show later.
#[derive(Clone, Debug)]
pub(in crate::file) struct Placed<T> {
    pub(in crate::file) value: T,
    pub(in crate::file) place: Place,
}

/// A field of a file and the byte where it stands.
#[derive(Clone, Debug)]
pub(in crate::file) struct Place {
    at: usize,
    /// The field, shared by the items of a list: they are many, and mostly nothing is wrong with them.
    field: Rc<str>,
    /// Which item of a list, counted from 1.
    item: Option<usize>,
}

impl Place {
    /// How errors name it.
    fn path(&self) -> String {
        match self.item {
            Some(item) => format!("{}[{item}]", self.field),
            None => self.field.to_string(),
        }
    }
}

impl<'a> Reading<'a> {
    /// Starts reading a file.
    pub(in crate::file) fn new(source: &'a Source) -> Self {
        let text = source.text.as_str();
        let lines = std::iter::once(0).chain(text.match_indices('\n').map(|(at, _)| at + 1)).collect();
        Self { file: &source.name, text, lines, problems: RefCell::default() }
    }

    /// Parses the file; what is not TOML is noted and the rest is read all the same.
    pub(in crate::file) fn document(&self) -> Spanned<DeTable<'a>> {
        let (document, errors) = DeTable::parse_recoverable(self.text);
        for error in errors {
            let at = error.span().unwrap_or_default().start;
            let place = Place { at, field: SYNTAX.into(), item: None };
            let written = self.text.lines().nth(self.line(at) - 1).unwrap_or_default();
            let expected = format_args!("valid TOML: {}", error.message().replace('\n', ", ")).to_string();
            self.note(&place, quoted(written.trim()), expected);
        }
        document
    }

    /// The file's top level.
    pub(in crate::file) fn top<'t>(&'t self, document: &'t Spanned<DeTable<'a>>) -> Section<'t> {
        Section::top(self, document.get_ref())
    }

    /// Writes down a problem.
    pub(in crate::file) fn note(&self, place: &Place, found: impl Into<String>, expected: impl Display) {
        let problem = Problem {
            file: self.file.to_owned(),
            line: self.line(place.at),
            field: place.path(),
            found: found.into(),
            expected: expected.to_string(),
        };
        self.problems.borrow_mut().push((place.at, problem));
    }

    /// Everything found, in the order of the file. A line that is not TOML is reported as that alone: what was
    /// recovered from it would only repeat the complaint.
    pub(in crate::file) fn finish(self) -> Vec<Problem> {
        let mut problems = self.problems.into_inner();
        let is_syntax = |problem: &Problem| problem.field == SYNTAX;
        let broken: Vec<usize> =
            problems.iter().filter(|(_, problem)| is_syntax(problem)).map(|(_, problem)| problem.line).collect();
        problems.retain(|(_, problem)| is_syntax(problem) || !broken.contains(&problem.line));
        problems.sort_by_key(|(at, _)| *at);
        problems.into_iter().map(|(_, problem)| problem).collect()
    }

    /// Whether something was not TOML.
    pub(in crate::file) fn is_broken(&self) -> bool {
        self.problems.borrow().iter().any(|(_, problem)| problem.field == SYNTAX)
    }

    /// The line of a place, counted from 1.
    pub(in crate::file) fn line_of(&self, place: &Place) -> usize {
        self.line(place.at)
    }

    fn line(&self, at: usize) -> usize {
        self.lines.partition_point(|&start| start <= at).max(1)
    }
}

/// A wrong text as errors show it: in quotes, and cut where it is long.
pub(in crate::file) fn quoted(text: &str) -> String {
    match text.char_indices().nth(LONGEST_FOUND) {
        Some((end, _)) => format!("\"{}…\"", &text[..end]),
        None => format!("\"{text}\""),
    }
}
