//! When the office works: its hours, the holidays, and time counted in working hours.

use std::iter::successors;
use std::ops::Range;

use jiff::civil::{Date, Time};
use jiff::tz::{AmbiguousOffset, TimeZone};
use jiff::{SignedDuration, Timestamp};

mod holidays;

/// The hours of service of the office in the policy's time zone. On Italian public holidays, on the day of the seat's
/// patron saint and on the days that the policy names it is closed.
///
/// Hours are what the clock on the wall shows, durations are what passes: in the night in which the clocks go forward,
/// hours from 01:00 to 04:00 last two hours. An hour that the clock shows twice opens and closes the first time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Calendar {
    time_zone: TimeZone,
    /// From Monday; each day's in order, without overlap.
    week: [Vec<Hours>; 7],
    patron: Option<DayOfYear>,
    /// In order.
    closed: Vec<Date>,
}

/// Opening hours on one day, in minutes after midnight; at most 1,440.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Hours {
    pub(crate) opens: u16,
    pub(crate) closes: u16,
}

/// The same day in every year.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct DayOfYear {
    pub(crate) month: i8,
    pub(crate) day: i8,
}

impl DayOfYear {
    fn is(self, date: Date) -> bool {
        (self.month, self.day) == (date.month(), date.day())
    }
}

impl Calendar {
    /// What holds where the policy says nothing: from Monday to Friday, from 9 to 17.
    pub(crate) fn default_week() -> [Vec<Hours>; 7] {
        let office_hours = || vec![Hours { opens: 9 * 60, closes: 17 * 60 }];
        std::array::from_fn(|weekday| if weekday < 5 { office_hours() } else { Vec::new() })
    }

    /// A calendar; its week has hours.
    pub(crate) fn new(
        time_zone: TimeZone,
        week: [Vec<Hours>; 7],
        patron: Option<DayOfYear>,
        mut closed: Vec<Date>,
    ) -> Self {
        closed.sort_unstable();
        Self { time_zone, week, patron, closed }
    }

    /// Whether the office is at work. The moment of closing is not part of the hours.
    pub fn is_open(&self, at: Timestamp) -> bool {
        self.spans(self.day_of(at)).any(|span| span.contains(&at))
    }

    /// When the office is at work on a day: in order, without overlap, within that day in the policy's time zone.
    pub fn hours_on(&self, day: Date) -> Vec<Range<Timestamp>> {
        self.spans(day).collect()
    }

    /// The next moment at which the office is at work: `at` itself when it is. [`Timestamp::MAX`] at the end of time.
    pub fn next_opening(&self, at: Timestamp) -> Timestamp {
        self.spans_from(at).next().map_or(Timestamp::MAX, |span| span.start)
    }

    /// When the office closed, for a moment at which it is closed: the same for all moments until it opens again, so
    /// that it names that period. `None` while it is open.
    pub fn closed_since(&self, at: Timestamp) -> Option<Timestamp> {
        if self.is_open(at) {
            return None;
        }
        let days = successors(Some(self.day_of(at)), |day| day.yesterday().ok());
        let ends = days.filter_map(|day| self.spans(day).map(|span| span.end).filter(|&end| end <= at).last());
        Some(ends.into_iter().next().unwrap_or(Timestamp::MIN))
    }

    /// The moment at which so much working time has passed: within the hours of service, or at their end. With no
    /// time to work, or less, the next moment of work. [`Timestamp::MAX`] at the end of time.
    pub fn deadline(&self, from: Timestamp, working: SignedDuration) -> Timestamp {
        let mut remaining = working.max(SignedDuration::ZERO);
        for span in self.spans_from(from) {
            let length = span.start.duration_until(span.end);
            if remaining <= length {
                return span.start + remaining;
            }
            remaining -= length;
        }
        Timestamp::MAX
    }

    /// How much working time lies between two moments: none when the second is not later.
    pub fn working_time(&self, from: Timestamp, to: Timestamp) -> SignedDuration {
        let spans = self.spans_from(from).take_while(|span| span.start < to);
        spans.map(|span| span.start.duration_until(span.end.min(to))).sum()
    }

    /// Whether the office is closed on this day although its weekday may have hours.
    pub fn is_holiday(&self, day: Date) -> bool {
        holidays::is_public_holiday(day)
            || self.patron.is_some_and(|patron| patron.is(day))
            || self.closed.binary_search(&day).is_ok()
    }

    /// What is left of the working time from a moment on: not empty, in order, without overlap.
    fn spans_from(&self, from: Timestamp) -> impl Iterator<Item = Range<Timestamp>> {
        let days = successors(Some(self.day_of(from)), |day| day.tomorrow().ok());
        let spans = days.flat_map(|day| self.spans(day)).filter(move |span| span.end > from);
        spans.map(move |span| span.start.max(from)..span.end)
    }

    fn spans(&self, day: Date) -> impl Iterator<Item = Range<Timestamp>> {
        let hours = &self.week[usize::from(day.weekday().to_monday_zero_offset().unsigned_abs())];
        let hours = if hours.is_empty() || self.is_holiday(day) { &[] } else { hours.as_slice() };
        let spans = hours.iter().map(move |hours| self.instant(day, hours.opens)..self.instant(day, hours.closes));
        spans.filter(|span| !span.is_empty())
    }

    /// When the clock first shows this time or, where it skips it, a later one.
    fn instant(&self, day: Date, minutes: u16) -> Timestamp {
        let shown = day.to_datetime(Time::midnight()).saturating_add(SignedDuration::from_mins(minutes.into()));
        let found = self.time_zone.to_ambiguous_timestamp(shown);
        let is_skipped = matches!(found.offset(), AmbiguousOffset::Gap { .. });
        // Only the last hours of the year 9999 cannot be told.
        let earlier = found.earlier().unwrap_or(Timestamp::MAX);
        match self.time_zone.following(earlier).next() {
            Some(forward) if is_skipped => forward.timestamp(),
            _ => earlier,
        }
    }

    fn day_of(&self, at: Timestamp) -> Date {
        self.time_zone.to_datetime(at).date()
    }
}

#[cfg(test)]
mod tests;
