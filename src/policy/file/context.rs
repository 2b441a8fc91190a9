//! Conditions on what stands near a match: `with` and `without`.

use super::fields::{Item, Placed, Reading, Section, quoted};
use crate::engine::{Condition, Side, Within};

/// How far a condition may look, in words: farther is what `"sentence"` and `"text"` are for.
const FARTHEST: u32 = 20;

/// How near the other term stands, where that is no number of words.
const WITHIN: [(&str, Within); 3] = [("sentence", Within::Sentence), ("text", Within::Text), ("dots", Within::Dots)];

/// A condition that still names sections by their ids.
pub(super) struct Unresolved {
    any: Vec<Placed<String>>,
    side: Side,
    within: Within,
}

impl Unresolved {
    /// Replaces ids by indices; those that are not known have been reported and are left out.
    pub(super) fn resolve(&self, section: impl Fn(&Placed<String>) -> Option<usize>) -> Condition {
        Condition { any: self.any.iter().filter_map(section).collect(), side: self.side, within: self.within }
    }
}

/// The conditions in a field of a section. A text alone stands for a condition on that section of terms.
pub(super) fn conditions(reading: &Reading<'_>, section: &mut Section<'_>, key: &'static str) -> Vec<Unresolved> {
    let read = |item| match item {
        Item::Text(id) => Unresolved { any: vec![id], side: Side::default(), within: Within::default() },
        Item::Section(section) => condition(reading, section),
    };
    section.items(key).into_iter().map(read).collect()
}

fn condition(reading: &Reading<'_>, mut section: Section<'_>) -> Unresolved {
    if !section.has("any") {
        reading.note(&section.place("any"), "nothing", "the ids of sections of terms");
    }
    let any = section.texts("any");
    let sides = [("before", Side::Before), ("after", Side::After), ("either", Side::Either)];
    let side = section.optional_choice("side", &sides).map(|side| side.value).unwrap_or_default();
    let farthest = |words: u32| Within::Words(usize::try_from(words.min(FARTHEST)).unwrap_or_default());
    let within = section.number_or_choice("within", farthest, &WITHIN);
    section.finish();
    for (nth, id) in any.iter().enumerate() {
        if any[..nth].iter().any(|earlier| earlier.value == id.value) {
            reading.note(&id.place, quoted(&id.value), "each section only once");
        }
    }
    Unresolved { any, side, within: within.unwrap_or_default() }
}
