//! What YouTube's Data API lets be spent in a day.

use jiff::civil::Date;
use jiff::{Timestamp, tz::TimeZone};

/// The units spent in one day, which ends at midnight Pacific time.
#[derive(Default)]
pub(crate) struct Quota {
    day: Date,
    spent: u32,
}

impl Quota {
    /// The units spent today.
    pub(crate) fn spent(&self, now: Timestamp) -> u32 {
        if self.day == pacific_day(now) { self.spent } else { 0 }
    }

    /// Spends units of a budget; whether there were so many left.
    pub(crate) fn spend(&mut self, units: u32, budget: u32, now: Timestamp) -> bool {
        let spent = self.spent(now) + units;
        let is_within = spent <= budget;
        if is_within {
            *self = Self { day: pacific_day(now), spent };
        }
        is_within
    }
}

fn pacific_day(now: Timestamp) -> Date {
    // The name is in the bundled database; UTC could only stand in if that were left out of the build.
    let zone = TimeZone::get("America/Los_Angeles").unwrap_or(TimeZone::UTC);
    now.to_zoned(zone).date()
}
