//! The time that a report is about.

use jiff::ToSpan;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// A stretch of whole days, both ends included.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Period {
    /// The first day.
    pub from: Date,
    /// The last day; never before the first.
    pub to: Date,
}

/// Why something is no period.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotAPeriod {
    /// The last day is before the first.
    #[error("the period ends on {to}, before it begins on {from}")]
    Backwards {
        /// The first day.
        from: Date,
        /// The last day.
        to: Date,
    },
    /// There is no such month or year in the calendar.
    #[error("there is no such month or year")]
    OutOfCalendar,
    /// It begins before anything can have been counted.
    #[error("the period begins on {from}: before {FIRST_YEAR} there were none of these platforms")]
    TooEarly {
        /// The first day.
        from: Date,
    },
    /// It has not begun.
    #[error("the period begins on {from}, after today ({today})")]
    NotBegun {
        /// The first day.
        from: Date,
        /// The day on which it was asked for.
        today: Date,
    },
}

/// The year in which the oldest of the platforms began: figures that are taken over may be as old, and no older.
const FIRST_YEAR: i16 = 2003;

impl Period {
    /// From one day to another.
    ///
    /// # Errors
    /// When the last day is before the first.
    pub fn new(from: Date, to: Date) -> Result<Self, NotAPeriod> {
        if to < from { Err(NotAPeriod::Backwards { from, to }) } else { Ok(Self { from, to }) }
    }

    /// The same period, where a report about it can be made today: each of its days is read. What is far ahead of the year
    /// that is running is cut off.
    ///
    /// # Errors
    /// When it has not begun, or begins before there was anything to count.
    pub fn reportable(self, today: Date) -> Result<Self, NotAPeriod> {
        let Self { from, to } = self;
        if from.year() < FIRST_YEAR {
            return Err(NotAPeriod::TooEarly { from });
        }
        if from > today {
            return Err(NotAPeriod::NotBegun { from, today });
        }
        Ok(Self { from, to: to.min(today.last_of_year()) })
    }

    /// A whole month.
    ///
    /// # Errors
    /// When there is none with this number, counted from 1.
    pub fn month(year: i16, month: i8) -> Result<Self, NotAPeriod> {
        let from = Date::new(year, month, 1).map_err(|_| NotAPeriod::OutOfCalendar)?;
        Ok(Self { from, to: from.last_of_month() })
    }

    /// A whole year.
    ///
    /// # Errors
    /// When the calendar does not go so far.
    pub fn year(year: i16) -> Result<Self, NotAPeriod> {
        let from = Date::new(year, 1, 1).map_err(|_| NotAPeriod::OutOfCalendar)?;
        Ok(Self { from, to: from.last_of_year() })
    }

    /// The month in which a day lies, up to that day.
    pub fn month_so_far(day: Date) -> Self {
        Self { from: day.first_of_month(), to: day }
    }

    /// Whether it is one whole month of the calendar.
    pub fn is_month(&self) -> bool {
        self.from == self.from.first_of_month() && self.to == self.from.last_of_month()
    }

    /// Whether it is one whole year of the calendar.
    pub fn is_year(&self) -> bool {
        self.from == self.from.first_of_year() && self.to == self.from.last_of_year()
    }

    /// The period before it: the month before a month, the year before a year, otherwise as many days before it.
    pub fn previous(&self) -> Self {
        let to = self.from.yesterday().unwrap_or(self.from);
        if self.is_month() {
            Self { from: to.first_of_month(), to }
        } else if self.is_year() {
            Self { from: to.first_of_year(), to }
        } else {
            Self { from: self.from.saturating_sub(self.day_count().days()), to }
        }
    }

    /// The same period of the year before. What ends on 29 February ends on 28 February there, and a whole month
    /// stays whole.
    pub fn year_before(&self) -> Self {
        let from = self.from.saturating_sub(1.year());
        let to = self.to.saturating_sub(1.year());
        Self { from, to: if self.is_month() { to.last_of_month() } else { to } }
    }

    /// How many days it has.
    pub fn day_count(&self) -> i32 {
        days_between(self.from, self.to) + 1
    }

    /// Whether a day lies in it.
    pub fn contains(&self, day: Date) -> bool {
        self.from <= day && day <= self.to
    }

    /// Its days, in order.
    pub fn days(&self) -> impl Iterator<Item = Date> + use<> {
        let to = self.to;
        self.from.series(1.day()).take_while(move |day| *day <= to)
    }
}

/// How many days lie between two.
pub(crate) fn days_between(from: Date, to: Date) -> i32 {
    from.duration_until(to).as_hours().try_into().map_or(i32::MAX, |hours: i32| hours / 24)
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn a_month_has_the_days_of_the_calendar() {
        let february = Period::month(2028, 2).unwrap();
        assert_eq!((february.to, february.day_count()), (date(2028, 2, 29), 29));
        assert_eq!(february.days().count(), 29);
        assert_eq!(Period::month(2026, 13), Err(NotAPeriod::OutOfCalendar));
    }

    #[test]
    fn the_month_before_and_the_year_before_are_whole_months() {
        let march = Period::month(2028, 3).unwrap();
        assert_eq!(march.previous(), Period::month(2028, 2).unwrap());
        assert_eq!(Period::month(2029, 2).unwrap().year_before(), Period::month(2028, 2).unwrap());
        assert_eq!(Period::month(2028, 2).unwrap().year_before(), Period::month(2027, 2).unwrap());
        assert_eq!(Period::month(2026, 1).unwrap().previous(), Period::month(2025, 12).unwrap());
    }

    #[test]
    fn a_year_is_compared_with_the_year_before() {
        assert_eq!(Period::year(2026).unwrap().previous(), Period::year(2025).unwrap());
        assert_eq!(Period::year(2028).unwrap().day_count(), 366);
    }

    #[test]
    fn any_other_period_is_compared_with_as_many_days_before_it() {
        let week = Period::new(date(2026, 3, 2), date(2026, 3, 8)).unwrap();
        assert_eq!(week.previous(), Period::new(date(2026, 2, 23), date(2026, 3, 1)).unwrap());
        assert!(Period::new(date(2026, 3, 2), date(2026, 3, 1)).is_err());
    }

    #[test]
    fn a_report_is_about_days_that_can_have_been_counted() {
        let today = date(2026, 11, 30);
        let ever = Period::new(date(1, 1, 1), date(9999, 12, 31)).unwrap();
        assert_eq!(ever.reportable(today), Err(NotAPeriod::TooEarly { from: date(1, 1, 1) }));
        let long = Period { from: date(2018, 1, 1), ..ever };
        assert_eq!(long.reportable(today), Ok(Period { to: date(2026, 12, 31), ..long }));
        let year = Period::year(2026).unwrap();
        assert_eq!(year.reportable(today), Ok(year), "the year that is running");
        let from = date(2026, 12, 1);
        assert_eq!(Period::month(2026, 12).unwrap().reportable(today), Err(NotAPeriod::NotBegun { from, today }));
    }

    #[test]
    fn days_are_counted_through_the_changes_of_the_clock() {
        assert_eq!(days_between(date(2026, 3, 28), date(2026, 3, 30)), 2);
        assert_eq!(days_between(date(2016, 12, 31), date(2020, 12, 31)), 1461);
    }
}
