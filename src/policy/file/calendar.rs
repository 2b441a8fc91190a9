//! `[calendar]` and `[[seat]]`: when the office works.

use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::fields::{Placed, Reading, Section, quoted};
use super::register::Register;
use crate::Calendar;
use crate::calendar::{DayOfYear, Hours};

const WEEKDAYS: [&str; 7] = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];
/// With fewer minutes a week deadlines would lie years away.
const FEWEST_MINUTES: u16 = 60;

/// A town in which the organisation has offices, with the day of its patron saint.
struct Seat {
    name: String,
    patron: DayOfYear,
}

/// The calendar, in the time zone of the policy.
pub(super) fn calendar(reading: &Reading<'_>, top: &mut Section<'_>, time_zone: TimeZone) -> Calendar {
    let seats = Register::read(top.sections("seat"), |section, names| {
        let name = section.text("name");
        if let Some(name) = &name {
            names.declare(reading, name);
        }
        let patron = section.parsed("patron", "month and day, such as 12-07", day_of_year);
        Some(Seat { name: name?.value, patron: patron?.value })
    });
    let has_seats = seats.declares_any(|_| true);
    if has_seats {
        top.require("calendar", "a section [calendar] that names the office's seat");
    }
    let Some(mut section) = top.optional_section("calendar") else {
        return Calendar::new(time_zone, Calendar::default_week(), None, Vec::new());
    };
    let week = week(reading, &mut section);
    if has_seats {
        section.require("seat", "the name of the seat in which the office is");
    }
    let seat = section.optional_text("seat");
    if let Some(seat) = &seat
        && !seats.declares(&seat.value)
    {
        reading.note(&seat.place, quoted(&seat.value), "the name of a seat");
    }
    let patron = seat.and_then(|name| seats.items.iter().find(|seat| seat.name == name.value)).map(|seat| seat.patron);
    let closed = section.dates("closed");
    section.finish();
    Calendar::new(time_zone, week, patron, closed)
}

/// The hours of each day. A section that names no day keeps the default ones.
fn week(reading: &Reading<'_>, section: &mut Section<'_>) -> [Vec<Hours>; 7] {
    let has_hours = WEEKDAYS.iter().any(|weekday| section.has(weekday));
    let read = WEEKDAYS.map(|weekday| section.all_parsed(weekday, "hours such as 09:00-13:00", hours));
    if !has_hours {
        return Calendar::default_week();
    }
    for day in &read {
        for pair in day.windows(2).filter(|pair| pair[1].value.opens < pair[0].value.closes) {
            reading.note(&pair[1].place, shown(pair[1].value), "hours after those before them");
        }
    }
    let total: u16 = read.iter().flatten().map(|hours| hours.value.closes - hours.value.opens).sum();
    // Without any, each day's problem has been noted.
    if let Some(first) = read.iter().flatten().next()
        && total < FEWEST_MINUTES
    {
        let found = format!("{total} minutes of service a week");
        reading.note(&first.place, found, format_args!("at least {FEWEST_MINUTES}"));
    }
    read.map(|day| day.into_iter().map(|Placed { value, .. }| value).collect())
}

fn hours(written: &str) -> Option<Hours> {
    let (opens, closes) = written.split_once('-')?;
    let hours = Hours { opens: minutes(opens)?, closes: minutes(closes)? };
    (hours.opens < hours.closes).then_some(hours)
}

/// The minutes after midnight at which the clock shows this, up to 24:00.
fn minutes(written: &str) -> Option<u16> {
    let (hour, minute) = written.trim().split_once(':')?;
    let number = |digits: &str| -> Option<u16> {
        (digits.len() == 2 && digits.bytes().all(|byte| byte.is_ascii_digit())).then(|| digits.parse().ok())?
    };
    let (hour, minute) = (number(hour)?, number(minute)?);
    let total = hour * 60 + minute;
    (minute < 60 && total <= 24 * 60).then_some(total)
}

fn shown(hours: Hours) -> String {
    let clock = |minutes: u16| format!("{:02}:{:02}", minutes / 60, minutes % 60);
    quoted(&format!("{}-{}", clock(hours.opens), clock(hours.closes)))
}

fn day_of_year(written: &str) -> Option<DayOfYear> {
    let (month, day) = written.split_once('-')?;
    // 2024 has a 29 February.
    let date = Date::new(2024, month.parse().ok()?, day.parse().ok()?).ok()?;
    Some(DayOfYear { month: date.month(), day: date.day() })
}
