//! Term lists: files of their own, which policies share. A list does not know a clause; a rule binds it to one, and a
//! policy can add to a list, silence words of it and override what they lead to.

use std::collections::HashMap;

use rustc_hash::{FxHashMap, FxHashSet};
use text::{fold, words};

use super::context::{Unresolved, conditions};
use super::fields::{Place, Placed, Reading, Section, quoted};
use super::identity::name;
use super::register::Names;
use super::spelling::spellings;
use crate::engine::{Context, Section as Terms, Step, Term, Tier, shown};
use crate::{Outcome, Problem, Source};

/// What all lists hold that a policy names.
#[derive(Default)]
pub(super) struct Lists {
    pub(super) sections: Vec<Terms>,
    index: HashMap<String, usize>,
    domains: HashMap<String, Vec<String>>,
    pub(super) glue: Vec<String>,
    pub(super) abbreviations: Vec<String>,
    pub(super) names: Vec<String>,
    pub(super) articles: Vec<String>,
    /// The list in which each section stands.
    origin: HashMap<String, String>,
    /// Whether a list is missing or could not be read, so that there may be sections not known here.
    incomplete: bool,
}

/// The section of terms that an `[[override]]` is about, and the outcome that it gives them.
pub(super) type Override = (usize, Placed<Outcome>);

/// What a section says about its surroundings, before all names are known.
struct Pending {
    section: usize,
    with: Vec<Unresolved>,
    without: Vec<Unresolved>,
}

impl Lists {
    /// Reads the named lists. Gives those that were found, and what is wrong inside them.
    pub(super) fn read_all<'s>(
        &mut self,
        policy: &Reading<'_>,
        named: &[Placed<String>],
        lists: &'s [Source],
    ) -> (Vec<&'s Source>, Vec<Problem>) {
        let mut found = Vec::new();
        let mut read = Vec::new();
        for name in named {
            match lists.iter().find(|list| list.name == name.value) {
                Some(list) => {
                    read.push(self.read(list));
                    found.push(list);
                }
                None => {
                    self.incomplete = true;
                    policy.note(&name.place, quoted(&name.value), "the name of a list that is there");
                }
            }
        }
        // Conditions may name sections of lists that were read later.
        for (reading, pending) in &read {
            for Pending { section, with, without } in pending {
                let context = Context { with: self.resolved(reading, with), without: self.resolved(reading, without) };
                self.sections[*section].context = context;
            }
        }
        (found, read.into_iter().flat_map(|(reading, _)| reading.finish()).collect())
    }

    /// The index of the section with this id.
    pub(super) fn section(&self, reading: &Reading<'_>, id: &Placed<String>) -> Option<usize> {
        let index = self.index.get(&id.value).copied();
        if index.is_none() && !self.incomplete {
            reading.note(&id.place, quoted(&id.value), "the id of terms in a list of this policy");
        }
        index
    }

    /// The names of the domains with this id.
    pub(super) fn domains(&self, reading: &Reading<'_>, id: &Placed<String>) -> Vec<String> {
        let names = self.domains.get(&id.value);
        if names.is_none() && !self.incomplete {
            reading.note(&id.place, quoted(&id.value), "the id of domains in a list of this policy");
        }
        names.cloned().unwrap_or_default()
    }

    /// Conditions with the ids of sections replaced by their indices.
    pub(super) fn resolved(&self, reading: &Reading<'_>, conditions: &[Unresolved]) -> Vec<crate::engine::Condition> {
        conditions.iter().map(|condition| condition.resolve(|id| self.section(reading, id))).collect()
    }

    /// What a policy changes about the lists: `[[add]]`, `[[silence]]`, `[[override]]`. Gives the last.
    pub(super) fn adapt(&mut self, reading: &Reading<'_>, top: &mut Section<'_>) -> Vec<Override> {
        for mut section in top.sections("add") {
            let at = section.text("terms").and_then(|id| self.section(reading, &id));
            let words = required_words(reading, &mut section);
            if let Some(at) = at {
                for (word, steps) in words.iter() {
                    let known = &mut self.sections[at].terms;
                    if known.iter().any(|term| &term.steps == steps) {
                        reading.note(&word.place, quoted(&word.value), "a term that the list does not have yet");
                    } else {
                        known.push(Term { steps: steps.clone(), outcome: None });
                    }
                }
            }
            section.finish();
        }
        for mut section in top.sections("silence") {
            let at = match section.optional_text("terms") {
                Some(id) => self.section(reading, &id).into_iter().collect(),
                None => (0..self.sections.len()).collect::<Vec<_>>(),
            };
            for (word, steps) in required_words(reading, &mut section).iter() {
                let mut silenced = self.incomplete || at.is_empty();
                for &at in &at {
                    let terms = &mut self.sections[at].terms;
                    let before = terms.len();
                    terms.retain(|term| &term.steps != steps);
                    silenced |= terms.len() < before;
                }
                check_listed(reading, word, silenced);
            }
            section.finish();
        }
        let mut overrides = Vec::new();
        for mut section in top.sections("override") {
            let at = section.text("terms").and_then(|id| self.section(reading, &id));
            let outcome = section.choice("outcome", &[Outcome::Hide, Outcome::Review].map(|one| (one.as_str(), one)));
            for (word, steps) in required_words(reading, &mut section).iter() {
                let Some(at) = at else { continue };
                let term = self.sections[at].terms.iter_mut().find(|term| &term.steps == steps);
                check_listed(reading, word, term.is_some());
                if let (Some(term), Some(outcome)) = (term, &outcome) {
                    term.outcome = Some(outcome.value);
                }
            }
            overrides.extend(at.zip(outcome));
            section.finish();
        }
        overrides
    }

    fn read<'s>(&mut self, list: &'s Source) -> (Reading<'s>, Vec<Pending>) {
        let reading = Reading::new(list);
        let document = reading.document();
        let mut top = reading.top(&document);
        let mut names = Names::default();
        let mut pending = Vec::new();
        for mut section in top.sections("terms") {
            let id = name(&mut section, "id");
            let (terms, waiting) = terms_of(&reading, &mut section);
            section.finish();
            let Some(id) = id else { continue };
            names.declare(&reading, &id);
            if self.is_new(&reading, &id, list) {
                let at = self.sections.len();
                pending.push(Pending { section: at, ..waiting });
                self.index.insert(id.value, at);
                self.sections.push(terms);
            }
        }
        for mut section in top.sections("domains") {
            let id = name(&mut section, "id");
            let domains = section.all_parsed("names", "a domain such as esempio.it, in lower case", domain);
            section.finish();
            let Some(id) = id else { continue };
            names.declare(&reading, &id);
            if self.is_new(&reading, &id, list) {
                self.domains.insert(id.value, domains.into_iter().map(|domain| domain.value).collect());
            }
        }
        for (key, known) in [
            ("glue", &mut self.glue),
            ("abbreviations", &mut self.abbreviations),
            ("names", &mut self.names),
            ("articles", &mut self.articles),
        ] {
            if let Some(mut section) = top.optional_section(key) {
                let words = section.all_parsed("words", "one word", one_word);
                known.extend(words.into_iter().map(|word| word.value));
                section.finish();
            }
        }
        top.finish();
        self.incomplete |= reading.is_broken();
        (reading, pending)
    }

    /// Whether a section's id is not taken by another list. One that the same list took is reported where it stands.
    fn is_new(&mut self, reading: &Reading<'_>, id: &Placed<String>, list: &Source) -> bool {
        match self.origin.get(&id.value) {
            Some(other) => {
                if *other != list.name {
                    reading.note(&id.place, quoted(&id.value), format_args!("something else than in {other}"));
                }
                false
            }
            None => {
                self.origin.insert(id.value.clone(), list.name.clone());
                true
            }
        }
    }
}

fn check_listed(reading: &Reading<'_>, word: &Placed<String>, is_listed: bool) {
    if !is_listed {
        reading.note(&word.place, quoted(&word.value), "a term that the list has");
    }
}

fn terms_of(reading: &Reading<'_>, section: &mut Section<'_>) -> (Terms, Pending) {
    let tiers = [("unambiguous", Tier::Unambiguous), ("ambiguous", Tier::Ambiguous), ("mild", Tier::Mild)];
    let tier = section.optional_choice("tier", &tiers).map(|tier| tier.value).unwrap_or_default();
    let disguised = section.flag("disguised").is_none_or(|disguised| disguised.value);
    let cut = section.flag("cut").is_some_and(|cut| cut.value);
    let listed = required_words(reading, section);
    check_shadows(reading, &listed);
    let terms = listed.phrases.into_iter().map(|(_, steps)| Term { steps, outcome: None }).collect();
    let except = phrases(reading, section, "except").phrases.into_iter().map(|(_, steps)| steps).collect();
    let with = conditions(reading, section, "with");
    let without = conditions(reading, section, "without");
    (Terms { tier, disguised, cut, terms, except, context: Context::default() }, Pending { section: 0, with, without })
}

/// The phrases in a field, each once, each with the text of the file that stands for it.
#[derive(Default)]
struct Listed {
    written: Vec<Placed<String>>,
    /// Each with the index of its text.
    phrases: Vec<(usize, Vec<Step>)>,
}

impl Listed {
    /// Each phrase with its text.
    fn iter(&self) -> impl Iterator<Item = (&Placed<String>, &Vec<Step>)> {
        self.phrases.iter().map(|(at, steps)| (&self.written[*at], steps))
    }
}

/// The phrases of the field `words`, which must be there.
fn required_words(reading: &Reading<'_>, section: &mut Section<'_>) -> Listed {
    if !section.has("words") {
        reading.note(&section.place("words"), "nothing", "a list of texts");
    }
    phrases(reading, section, "words")
}

fn phrases(reading: &Reading<'_>, section: &mut Section<'_>, key: &'static str) -> Listed {
    let mut listed = Listed { written: section.texts(key), phrases: Vec::new() };
    for (at, written) in listed.written.iter().enumerate() {
        match spellings(&written.value) {
            Ok(spellings) => listed.phrases.extend(spellings.into_iter().map(|steps| (at, steps))),
            Err(expected) => reading.note(&written.place, quoted(&written.value), expected),
        }
    }
    let mut first: FxHashMap<&[Step], &Place> = FxHashMap::default();
    first.reserve(listed.phrases.len());
    for (word, steps) in listed.iter() {
        match first.get(steps.as_slice()) {
            Some(earlier) => {
                let expected = format_args!("something else than on line {}", reading.line_of(earlier));
                reading.note(&word.place, quoted(&word.value), expected);
            }
            None => {
                first.insert(steps, &word.place);
            }
        }
    }
    listed
}

/// A phrase that holds a shorter term of the same section decides nothing more than that one does.
fn check_shadows(reading: &Reading<'_>, listed: &Listed) {
    if listed.phrases.iter().all(|(_, steps)| steps.len() == 1) {
        return;
    }
    let known: FxHashSet<&[Step]> = listed.iter().map(|(_, steps)| steps.as_slice()).collect();
    // A phrase begins one itself; another word of it rarely does.
    let beginnings: FxHashSet<&Step> = listed.iter().filter_map(|(_, steps)| steps.first()).collect();
    for (word, steps) in listed.iter().filter(|(_, steps)| steps.len() > 1) {
        let starts = (0..steps.len()).filter(|&from| beginnings.contains(&steps[from]));
        let parts = starts.flat_map(|from| (from + 1..=steps.len()).map(move |to| from..to));
        let shadow = parts.filter(|part| part.len() < steps.len()).find_map(|part| known.get(&steps[part]));
        if let Some(shadow) = shadow {
            let expected =
                format_args!("nothing that holds {}, which matches wherever this would", quoted(&shown(shadow)));
            reading.note(&word.place, quoted(&word.value), expected);
        }
    }
}

fn one_word(written: &str) -> Option<String> {
    let folded = fold(written);
    (words(&folded).count() == 1).then(|| words(&folded).collect())
}

fn domain(written: &str) -> Option<String> {
    let fits = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || matches!(byte, b'-' | b'.');
    let is_domain = written.bytes().all(fits) && !written.starts_with('.') && !written.ends_with('.');
    is_domain.then(|| written.to_owned())
}
