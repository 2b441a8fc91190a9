//! Labelled lines, and the voices that wrote them.

use serde::Deserialize;

use crate::Class;

/// What should become of a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Expected {
    /// It is lawful.
    Allow,
    /// It is a personal case.
    Redirect,
    /// A person should look at it.
    Review,
    /// It breaks the policy.
    Hide,
}

/// One labelled line.
#[derive(Clone, Debug, Deserialize)]
pub struct Line {
    /// Its name: that of the voice, and a number.
    pub id: String,
    /// The subject of the post below which it stands; `DM` for a private message.
    #[serde(default)]
    pub post: String,
    /// What is written.
    pub text: String,
    /// What should become of it.
    pub expected: Expected,
    /// The categories that it breaks, the main one first.
    #[serde(default)]
    pub categories: Vec<String>,
    /// Whether somebody may be in danger.
    #[serde(default)]
    pub urgent: bool,
}

impl Line {
    /// What it is, where somebody must say one thing; of a line for a person, what it may be. Danger comes before anything
    /// that nobody hides.
    pub fn class(&self) -> Class {
        match self.expected {
            Expected::Allow | Expected::Redirect | Expected::Review if self.urgent => Class::Danger,
            Expected::Allow => Class::Lawful,
            Expected::Redirect => Class::PersonalCase,
            Expected::Review | Expected::Hide => {
                self.categories.first().and_then(|category| Class::with_key(category)).unwrap_or(Class::Lawful)
            }
        }
    }
}

/// One imagined writer.
#[derive(Clone, Debug)]
pub struct Voice {
    /// The name of its file.
    pub name: String,
    /// What it wrote.
    pub lines: Vec<Line>,
}

impl Voice {
    /// Reads the lines of a voice: one JSON object in a line.
    ///
    /// # Errors
    /// A line is no labelled line, or names a category that does not exist.
    pub fn parse(name: &str, text: &str) -> Result<Self, LineError> {
        let line = |(nth, line): (usize, &str)| {
            let at = |why: String| LineError { voice: name.to_owned(), line: nth + 1, why };
            let read: Line = serde_json::from_str(line).map_err(|error| at(error.to_string()))?;
            match read.categories.iter().find(|category| Class::with_key(category).is_none()) {
                Some(unknown) => Err(at(format!("unknown category {unknown:?}"))),
                None => Ok(read),
            }
        };
        let lines = text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()).map(line);
        Ok(Self { name: name.to_owned(), lines: lines.collect::<Result<_, _>>()? })
    }
}

/// A line that cannot be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{voice}, line {line}: {why}")]
pub struct LineError {
    voice: String,
    line: usize,
    why: String,
}
