//! `[ladder]`: from which standing on which sanction is due, and who decides it.

use super::fields::{Reading, Section, quoted};
use super::identity::HEAVIEST;
use crate::{DecidedBy, Ladder, SanctionKind, Step};

/// The longest time that a strike counts, in months.
const LONGEST_STRIKE: u32 = 120;
/// The longest block, in days.
const LONGEST_BLOCK: u32 = 365;

/// The ladder; what the file leaves out is as usual.
pub(super) fn ladder(reading: &Reading<'_>, top: &mut Section<'_>) -> Ladder {
    let usual = Ladder::default();
    let Some(mut section) = top.optional_section("ladder") else { return usual };
    let months = section.number("strike_months", 1..=LONGEST_STRIKE).and_then(|months| i32::try_from(months).ok());
    let mut steps: Vec<Step> = Vec::new();
    for mut step in section.sections("step") {
        steps.extend(read(reading, &mut step, &steps));
        step.finish();
    }
    let says_steps = section.has("step");
    section.finish();
    Ladder { steps: if says_steps { steps } else { usual.steps }, strike_months: months.unwrap_or(usual.strike_months) }
}

/// A step above those that were read so far.
fn read(reading: &Reading<'_>, section: &mut Section<'_>, below: &[Step]) -> Option<Step> {
    let kind = section.choice("sanction", &SanctionKind::ALL.map(|kind| (kind.as_str(), kind)));
    section.require("weight", "from which weight of strikes on");
    let weight = section.number("weight", 1..=HEAVIEST);
    let decided_by = section.optional_choice("decided_by", &DecidedBy::ALL.map(|who| (who.as_str(), who)));
    let kind = kind?;
    let days = days(reading, section, kind.value);

    if let Some(last) = below.last()
        && kind.value <= last.kind
    {
        let expected = format_args!("a sanction above {}, because the steps rise", last.kind.as_str());
        reading.note(&kind.place, quoted(kind.value.as_str()), expected);
    }
    if let (Some(last), Some(weight)) = (below.last(), weight)
        && weight <= last.weight
    {
        let expected = format_args!("more than {}, the weight of the step below", last.weight);
        reading.note(&section.place("weight"), format!("the number {weight}"), expected);
    }
    if kind.value >= SanctionKind::Block {
        if let Some(decided_by) = &decided_by
            && decided_by.value == DecidedBy::System
        {
            let expected = "person or two_persons, because people decide who may not write";
            reading.note(&decided_by.place, quoted(decided_by.value.as_str()), expected);
        }
        if below.iter().all(|step| step.kind >= SanctionKind::Block) {
            let expected = "a step with a warning below it";
            reading.note(&kind.place, quoted(kind.value.as_str()), expected);
        }
    }
    let usually = match kind.value {
        SanctionKind::Warning | SanctionKind::LastWarning => DecidedBy::System,
        SanctionKind::Block => DecidedBy::Person,
        SanctionKind::Ban => DecidedBy::TwoPersons,
    };
    let decided_by = decided_by.map_or(usually, |decided_by| decided_by.value);
    Some(Step { kind: kind.value, weight: weight?, decided_by, days })
}

/// How long a block lasts; nothing else ends by itself.
fn days(reading: &Reading<'_>, section: &mut Section<'_>, kind: SanctionKind) -> Option<u32> {
    if kind == SanctionKind::Block {
        section.require("days", "how many days the block lasts");
    }
    let days = section.number("days", 1..=LONGEST_BLOCK)?;
    if kind != SanctionKind::Block {
        let expected = "none, because only a block ends by itself";
        reading.note(&section.place("days"), format!("the number {days}"), expected);
        return None;
    }
    Some(days)
}
