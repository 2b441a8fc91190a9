//! `[[topic]]` and `[deadlines]`: which office a case belongs to, and by when.

use std::collections::HashMap;
use std::ops::RangeInclusive;

use jiff::SignedDuration;

use super::fields::{Place, Placed, Reading, Section, quoted};
use super::identity::name;
use super::register::Register;
use super::spelling::spellings;
use crate::Topic;
use crate::detectors::Contact;
use crate::engine::Step;
use crate::named::topic::{Deadlines, spaced};

/// From an hour to half a year of office hours.
const HOURS: RangeInclusive<u32> = 1..=1000;

pub(super) fn topics(reading: &Reading<'_>, top: &mut Section<'_>) -> Vec<Topic> {
    let mut taken: HashMap<String, Place> = HashMap::new();
    let topics = Register::read(top.sections("topic"), |section, names| {
        let id = name(section, "id");
        if let Some(id) = &id {
            names.declare(reading, id);
        }
        let name = section.text("name");
        let office = section.text("office");
        let email = section.optional_text("email");
        if let Some(email) = &email
            && !matches!(Contact::parse(&email.value), Some(Contact::Email(_)))
        {
            reading.note(&email.place, quoted(&email.value), "an e-mail address");
        }
        section.require("deadline_hours", "how many hours of work the office has to answer");
        let deadline = section.number("deadline_hours", HOURS);
        section.require("terms", "a list of texts");
        let terms = section.texts("terms").iter().flat_map(|term| spoken(reading, term, &mut taken)).collect();
        Some(Topic {
            id: id?.value,
            name: name?.value,
            office: office?.value,
            email: email.map(|email| email.value),
            deadline: SignedDuration::from_hours(deadline?.into()),
            terms,
        })
    });
    topics.items
}

/// The spellings of a term as [`Policy::topic_of`](crate::Policy::topic_of) compares them. One that an earlier term
/// has decides nothing.
fn spoken(reading: &Reading<'_>, term: &Placed<String>, taken: &mut HashMap<String, Place>) -> Vec<String> {
    let spellings = spellings(&term.value).and_then(|spellings| {
        let has_gap = spellings.iter().flatten().any(|step| matches!(step, Step::Gap));
        if has_gap { Err("a term without gaps".to_owned()) } else { Ok(spellings) }
    });
    let spellings = match spellings {
        Ok(spellings) => spellings,
        Err(expected) => {
            reading.note(&term.place, quoted(&term.value), expected);
            return Vec::new();
        }
    };
    let mut spoken = Vec::with_capacity(spellings.len());
    for steps in spellings {
        let words = steps.iter().filter_map(|step| match step {
            Step::Word(word) => Some(word.as_str()),
            Step::Gap => None,
        });
        let phrase = spaced(words);
        match taken.get(&phrase) {
            Some(earlier) => {
                let expected = format_args!("something else than on line {}", reading.line_of(earlier));
                reading.note(&term.place, quoted(&term.value), expected);
            }
            None => {
                taken.insert(phrase.clone(), term.place.clone());
                spoken.push(phrase);
            }
        }
    }
    spoken
}

pub(super) fn deadlines(top: &mut Section<'_>) -> Deadlines {
    let default = Deadlines::default();
    let Some(mut section) = top.optional_section("deadlines") else { return default };
    let deadlines = Deadlines {
        review: section.number("review_hours", HOURS).unwrap_or(default.review),
        hide: section.number("hide_hours", HOURS).unwrap_or(default.hide),
        message: section.number("message_hours", HOURS).unwrap_or(default.message),
        urgent: section.number("urgent_hours", HOURS).unwrap_or(default.urgent),
    };
    section.finish();
    deadlines
}
