//! `[automation]`: how far the system may go alone.

use super::fields::Section;
use crate::Automation;

/// The most hides in an hour, a bound against slips of the pen.
const MOST_HIDES: u32 = 100_000;

pub(super) fn automation(top: &mut Section<'_>) -> Automation {
    let usual = Automation::default();
    let Some(mut section) = top.optional_section("automation") else { return usual };
    let automation = Automation {
        hides_per_hour: section.number("hides_per_hour", 1..=MOST_HIDES).unwrap_or(usual.hides_per_hour),
        share_percent: section.number("share_percent", 1..=100).unwrap_or(usual.share_percent),
        share_from: section.number("share_from", 1..=MOST_HIDES).unwrap_or(usual.share_from),
        public_replies: section.flag("public_replies").map_or(usual.public_replies, |flag| flag.value),
    };
    section.finish();
    automation
}
