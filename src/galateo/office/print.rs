//! How the office's commands print: plain tables and times of the office's own clock.

use comfy_table::presets::UTF8_FULL_CONDENSED;
use comfy_table::{Attribute, Cell, ColumnConstraint, ContentArrangement, Table};
use jiff::Timestamp;
use pages::visible;
use policy::Policy;

use crate::language::either;
use crate::terminal::failure::Failure;
use crate::terminal::output::{self, Styled, cell};

pub use crate::terminal::output::json;

/// How wide tables are where no terminal says.
const WIDTH: u16 = 160;

/// A page of plain text that grows.
pub struct Page<'p> {
    policy: &'p Policy,
    now: Timestamp,
    text: Styled,
}

impl<'p> Page<'p> {
    pub fn new(policy: &'p Policy, now: Timestamp) -> Self {
        Self { policy, now, text: Styled::default() }
    }

    pub fn now(&self) -> Timestamp {
        self.now
    }

    pub fn policy(&self) -> &'p Policy {
        self.policy
    }

    /// A line, or several. What strangers and colleagues wrote in it cannot steer the terminal.
    pub fn line(&mut self, line: impl AsRef<str>) {
        self.text.text(line.as_ref());
        self.text.text("\n");
    }

    /// Lines with colours of ours.
    pub fn styled(&mut self, lines: &Styled) {
        self.text.append(lines);
        self.text.text("\n");
    }

    /// A line with a name in front of it, unless there is nothing to say.
    pub fn field(&mut self, name: &str, value: impl AsRef<str>) {
        if !value.as_ref().is_empty() {
            self.line(format!("{name:<16} {}", visible(value.as_ref())));
        }
    }

    pub fn heading(&mut self, title: &str) {
        self.line(format!("\n{title}"));
    }

    /// A table under a heading; nothing where it has no rows.
    pub fn section<const N: usize>(&mut self, title: &str, head: [&str; N], rows: Vec<[String; N]>) {
        if !rows.is_empty() {
            self.heading(title);
            self.table(head, rows);
        }
    }

    /// A table. The first column is never broken, so that ids can be copied; what strangers wrote cannot steer the
    /// terminal.
    pub fn table<const N: usize>(&mut self, head: [&str; N], rows: Vec<[String; N]>) {
        let mut table = Table::new();
        table.load_style(UTF8_FULL_CONDENSED).set_content_arrangement(ContentArrangement::Dynamic);
        if !table.is_tty() {
            table.set_width(WIDTH);
        }
        table.set_header(head.map(|title| Cell::new(title).add_attribute(Attribute::Bold)));
        for row in rows {
            table.add_row(row.map(|text| cell(&text)));
        }
        if let Some(first) = table.column_mut(0) {
            first.set_constraint(ColumnConstraint::ContentWidth);
        }
        self.text.table(&table);
    }

    /// A moment on the organisation's clock.
    pub fn time(&self, at: Timestamp) -> String {
        at.to_zoned(self.policy.time_zone.clone()).strftime("%d/%m/%Y %H:%M").to_string()
    }

    /// A moment that may not be known.
    pub fn maybe(&self, at: Option<Timestamp>) -> String {
        at.map(|at| self.time(at)).unwrap_or_default()
    }

    /// A moment until which something has to be done, and whether it is over.
    pub fn deadline(&self, deadline: Option<Timestamp>) -> String {
        let over =
            if deadline.is_some_and(|deadline| deadline <= self.now) { either(" SCADUTO", " OVERDUE") } else { "" };
        self.maybe(deadline) + over
    }

    /// A clause by its number and title.
    pub fn clause(&self, number: &str) -> String {
        match self.policy.clause(number) {
            Some(clause) => format!("{number} {}", clause.title),
            None => number.to_owned(),
        }
    }

    pub fn print(self) -> Result<(), Failure> {
        output::print_styled(&self.text)
    }
}
