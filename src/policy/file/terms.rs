//! Term lists: files of their own, which policies share. A list does not know a clause; a rule binds it to one.

use std::collections::HashMap;

use super::identity::name;
use super::reader::{Placed, Reading, Section, quoted};
use super::register::Names;
use crate::fold::fold;
use crate::{Problem, Source};

/// The terms of all lists that a policy names, in folded form.
#[derive(Default)]
pub(super) struct Terms {
    words: HashMap<String, Vec<String>>,
    /// The list in which each section stands.
    origin: HashMap<String, String>,
    /// Whether a list is missing or could not be read, so that there may be sections not known here.
    incomplete: bool,
}

impl Terms {
    /// Reads the named lists. Gives those that were found, and what is wrong inside them.
    pub(super) fn read_all<'s>(
        &mut self,
        policy: &Reading<'_>,
        named: &[Placed<String>],
        lists: &'s [Source],
    ) -> (Vec<&'s Source>, Vec<Problem>) {
        let mut found = Vec::new();
        let mut problems = Vec::new();
        for name in named {
            match lists.iter().find(|list| list.name == name.value) {
                Some(list) => {
                    problems.extend(self.read(list));
                    found.push(list);
                }
                None => {
                    self.incomplete = true;
                    policy.note(&name.place, quoted(&name.value), "the name of a list that is there");
                }
            }
        }
        (found, problems)
    }

    /// The words of one `[[terms]]` section.
    pub(super) fn words(&self, id: &str) -> Option<&[String]> {
        self.words.get(id).map(Vec::as_slice)
    }

    /// Whether every list was read to its end.
    pub(super) fn is_complete(&self) -> bool {
        !self.incomplete
    }

    fn read(&mut self, list: &Source) -> Vec<Problem> {
        let reading = Reading::new(list);
        let document = reading.document();
        let mut top = reading.top(&document);
        let mut names = Names::default();
        for mut section in top.sections("terms") {
            self.read_section(&reading, &mut section, &mut names, list);
            section.finish();
        }
        top.finish();
        self.incomplete |= reading.is_broken();
        reading.finish()
    }

    fn read_section(&mut self, reading: &Reading<'_>, section: &mut Section<'_>, names: &mut Names, list: &Source) {
        let id = name(section, "id");
        let words = folded_words(reading, section);
        let Some(id) = id else { return };
        names.declare(reading, &id);
        match self.origin.get(&id.value) {
            Some(other) if *other != list.name => {
                reading.note(&id.place, quoted(&id.value), format_args!("something else than in {other}"));
            }
            Some(_) => {}
            None => {
                self.origin.insert(id.value.clone(), list.name.clone());
                self.words.insert(id.value, words);
            }
        }
    }
}

/// The words of a section; each must leave something after folding and stand there once.
fn folded_words(reading: &Reading<'_>, section: &mut Section<'_>) -> Vec<String> {
    if !section.has("words") {
        reading.note(&section.place("words"), "nothing", "a list of texts");
    }
    let mut names = Names::default();
    let mut words = Vec::new();
    for word in section.texts("words") {
        let folded = fold(&word.value);
        if folded.chars().any(char::is_alphanumeric) {
            names.declare_as(reading, &word, folded.clone());
            words.push(folded);
        } else {
            reading.note(&word.place, quoted(&word.value), "a term with letters or digits");
        }
    }
    words
}
