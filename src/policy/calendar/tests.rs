//! A calendar for the tests: Milan, whose offices close at 13 on Fridays.

use jiff::ToSpan;
use jiff::civil::date;
use jiff::tz::TimeZoneDatabase;
use proptest::prelude::*;

use super::*;

const MORNING: Hours = Hours { opens: 9 * 60, closes: 13 * 60 };
const AFTERNOON: Hours = Hours { opens: 14 * 60, closes: 17 * 60 };
const HOUR: SignedDuration = SignedDuration::from_hours(1);

fn rome() -> TimeZone {
    TimeZoneDatabase::bundled().get("Europe/Rome").expect("the zone is bundled")
}

fn milan() -> Calendar {
    let whole = || vec![MORNING, AFTERNOON];
    let week = [whole(), whole(), whole(), whole(), vec![MORNING], Vec::new(), Vec::new()];
    Calendar::new(rome(), week, Some(DayOfYear { month: 12, day: 7 }), vec![date(2026, 12, 31), date(2026, 12, 24)])
}

/// Every day the same hours, also at night, when the clocks change.
fn daily(opens: u16, closes: u16) -> Calendar {
    Calendar::new(rome(), std::array::from_fn(|_| vec![Hours { opens, closes }]), None, Vec::new())
}

/// A moment by the clock in Milan.
fn at(shown: &str) -> Timestamp {
    let shown: jiff::civil::DateTime = shown.parse().expect("a date and time");
    shown.to_zoned(rome()).expect("the clock shows it").timestamp()
}

#[test]
fn the_office_is_open_in_its_hours_alone() {
    let calendar = milan();
    // 23 November 2026 is a Monday.
    for (shown, is_open) in [
        ("2026-11-23T08:59:59", false),
        ("2026-11-23T09:00", true),
        ("2026-11-23T12:59:59", true),
        ("2026-11-23T13:00", false),
        ("2026-11-23T14:00", true),
        ("2026-11-23T17:00", false),
        ("2026-11-27T12:00", true),
        ("2026-11-27T15:00", false),
        ("2026-11-28T10:00", false),
        ("2026-12-07T10:00", false),
        ("2026-12-08T10:00", false),
        ("2026-12-24T10:00", false),
        ("2026-12-23T10:00", true),
        ("2026-04-06T10:00", false),
    ] {
        assert_eq!(calendar.is_open(at(shown)), is_open, "{shown}");
    }
    assert!(calendar.is_holiday(date(2027, 12, 7)) && calendar.is_holiday(date(2026, 12, 31)));
    assert!(!calendar.is_holiday(date(2027, 12, 31)), "a closure is for one year, the patron for all");
}

#[test]
fn the_next_opening_skips_nights_weekends_and_holidays() {
    let calendar = milan();
    assert_eq!(calendar.next_opening(at("2026-11-23T10:30")), at("2026-11-23T10:30"), "it is open");
    assert_eq!(calendar.next_opening(at("2026-11-23T13:00")), at("2026-11-23T14:00"));
    assert_eq!(calendar.next_opening(at("2026-11-27T13:00")), at("2026-11-30T09:00"));
    // Friday before Sant'Ambrogio, a Monday, and the Immacolata.
    assert_eq!(calendar.next_opening(at("2026-12-04T18:00")), at("2026-12-09T09:00"));
}

#[test]
fn a_closed_period_has_one_name() {
    let calendar = milan();
    assert_eq!(calendar.closed_since(at("2026-12-04T12:59")), None);
    for shown in ["2026-12-04T13:00", "2026-12-05T03:00", "2026-12-07T10:00", "2026-12-09T08:59:59"] {
        assert_eq!(calendar.closed_since(at(shown)), Some(at("2026-12-04T13:00")), "{shown}");
    }
    assert_eq!(calendar.closed_since(at("2026-12-09T13:30")), Some(at("2026-12-09T13:00")));
}

#[test]
fn deadlines_count_working_time() {
    let calendar = milan();
    for (from, hours, deadline) in [
        ("2026-11-23T09:00", 1, "2026-11-23T10:00"),
        ("2026-11-23T12:30", 1, "2026-11-23T14:30"),
        // Exactly used up: the end of the hours, not the next morning.
        ("2026-11-23T09:00", 7, "2026-11-23T17:00"),
        ("2026-11-23T20:00", 8, "2026-11-25T10:00"),
        ("2026-11-27T12:00", 2, "2026-11-30T10:00"),
        ("2026-12-04T12:00", 5, "2026-12-09T13:00"),
        ("2026-11-28T10:00", 0, "2026-11-30T09:00"),
        ("2026-11-23T10:00", -3, "2026-11-23T10:00"),
    ] {
        assert_eq!(calendar.deadline(at(from), HOUR * hours), at(deadline), "{hours} hours from {from}");
    }
    assert_eq!(calendar.working_time(at("2026-11-23T00:00"), at("2026-11-30T00:00")), HOUR * 32);
    assert_eq!(calendar.working_time(at("2026-11-24T00:00"), at("2026-11-23T00:00")), SignedDuration::ZERO);
}

#[test]
fn an_hour_that_the_clock_skips_is_not_worked() {
    // On 29 March 2026 it goes from 02:00 to 03:00.
    let calendar = daily(60, 4 * 60);
    assert_eq!(calendar.working_time(at("2026-03-28T12:00"), at("2026-03-29T12:00")), HOUR * 2);
    assert_eq!(calendar.deadline(at("2026-03-29T00:00"), HOUR * 2), at("2026-03-29T04:00"));
    assert_eq!(calendar.deadline(at("2026-03-28T00:00"), HOUR * 4), at("2026-03-29T03:00"));
    // Hours that begin, end or lie in it.
    let into = daily(60, 150);
    assert_eq!(into.working_time(at("2026-03-29T00:00"), at("2026-03-29T12:00")), HOUR);
    let out_of = daily(150, 240);
    assert_eq!(out_of.next_opening(at("2026-03-29T00:00")), at("2026-03-29T03:00"));
    let within = daily(120, 180);
    assert_eq!(within.next_opening(at("2026-03-29T00:00")), at("2026-03-30T02:00"), "that day has no such hour");
    assert!(!within.is_open(at("2026-03-29T03:00")));
}

#[test]
fn an_hour_that_the_clock_shows_twice_is_worked_once_more() {
    // On 25 October 2026 it goes from 03:00 back to 02:00.
    let calendar = daily(60, 4 * 60);
    assert_eq!(calendar.working_time(at("2026-10-24T12:00"), at("2026-10-25T12:00")), HOUR * 4);
    assert_eq!(calendar.deadline(at("2026-10-25T00:00"), HOUR * 4), at("2026-10-25T04:00"));
    let into = daily(60, 150);
    assert_eq!(into.working_time(at("2026-10-25T00:00"), at("2026-10-25T12:00")), SignedDuration::from_mins(90));
    // Office hours are untouched, but the night between them is an hour longer.
    let whole_day = daily(0, 24 * 60);
    assert_eq!(whole_day.working_time(at("2026-10-25T00:00"), at("2026-10-26T00:00")), HOUR * 25);
    assert_eq!(whole_day.working_time(at("2026-03-29T00:00"), at("2026-03-30T00:00")), HOUR * 23);
}

#[test]
fn the_ends_of_time_are_no_trouble() {
    let calendar = milan();
    for at in [Timestamp::MIN, Timestamp::MAX] {
        assert!(calendar.next_opening(at) >= at);
        assert!(calendar.deadline(at, HOUR) >= at);
        assert!(calendar.closed_since(at).is_none_or(|since| since <= at));
    }
    assert_eq!(calendar.deadline(Timestamp::MAX, SignedDuration::MAX), Timestamp::MAX);
    // Loading builds no calendar without hours; it would end all the same.
    let never = Calendar::new(rome(), Default::default(), None, Vec::new());
    let late = Timestamp::MAX - HOUR * 240;
    assert_eq!((never.next_opening(late), never.deadline(late, HOUR)), (Timestamp::MAX, Timestamp::MAX));
    let early = Timestamp::MIN + HOUR * 240;
    assert_eq!((never.is_open(early), never.closed_since(early)), (false, Some(Timestamp::MIN)));
}

/// Hours on each weekday, at least one somewhere, with the night of the change as likely as the day.
fn calendars() -> impl Strategy<Value = Calendar> {
    let day = prop::collection::btree_set(0u16..=24 * 4, 0..=6).prop_map(|quarters| {
        let quarters: Vec<u16> = quarters.into_iter().collect();
        quarters.chunks_exact(2).map(|pair| Hours { opens: pair[0] * 15, closes: pair[1] * 15 }).collect::<Vec<_>>()
    });
    let week = prop::array::uniform7(day).prop_filter("some hours", |week| week.iter().any(|day| !day.is_empty()));
    let closed = prop::collection::vec((0..730i64).prop_map(|day| date(2026, 1, 1) + day.days()), 0..10);
    (week, prop::option::of((1..=12i8, 1..=28i8)), closed).prop_map(|(week, patron, closed)| {
        Calendar::new(rome(), week, patron.map(|(month, day)| DayOfYear { month, day }), closed)
    })
}

/// Moments of 2026 and 2027, half of them around a change of the clocks.
fn moments() -> impl Strategy<Value = Timestamp> {
    let start = at("2026-01-01T00:00");
    let changes = prop::sample::select(vec![at("2026-03-29T03:00"), at("2026-10-25T04:00"), at("2027-03-28T03:00")]);
    prop_oneof![
        (0..730 * 86_400i64).prop_map(move |second| start + SignedDuration::from_secs(second)),
        (changes, -86_400..86_400i64).prop_map(|(change, second)| change + SignedDuration::from_secs(second)),
    ]
}

proptest! {
    #[test]
    fn a_deadline_lies_where_the_work_is_done(
        calendar in calendars(), from in moments(), minutes in 0..6_000i64, more in 0..600i64, later in 0..100_000i64,
    ) {
        let working = SignedDuration::from_mins(minutes);
        let deadline = calendar.deadline(from, working);
        prop_assert!(deadline >= from);
        prop_assert_eq!(calendar.working_time(from, deadline), working);
        let just_before = deadline - SignedDuration::from_nanos(1);
        prop_assert!(calendar.is_open(deadline) || calendar.is_open(just_before), "within the hours or at their end");
        // Later with more work, and when begun later.
        prop_assert!(calendar.deadline(from, working + SignedDuration::from_mins(more)) >= deadline);
        prop_assert!(calendar.deadline(from + SignedDuration::from_secs(later), working) >= deadline);
    }

    #[test]
    fn working_time_adds_up(calendar in calendars(), mut three in prop::array::uniform3(moments())) {
        three.sort_unstable();
        let [first, second, third] = three;
        let whole = calendar.working_time(first, third);
        prop_assert_eq!(whole, calendar.working_time(first, second) + calendar.working_time(second, third));
        prop_assert!(whole <= first.duration_until(third));
    }

    #[test]
    fn openings_and_closings_agree(calendar in calendars(), at in moments()) {
        let next = calendar.next_opening(at);
        prop_assert!(calendar.is_open(next));
        prop_assert_eq!(calendar.is_open(at), next == at);
        prop_assert_eq!(calendar.working_time(at, next), SignedDuration::ZERO);
        match calendar.closed_since(at) {
            None => prop_assert!(calendar.is_open(at)),
            Some(since) => {
                prop_assert!(since <= at && !calendar.is_open(since));
                prop_assert!(calendar.is_open(since - SignedDuration::from_nanos(1)));
                prop_assert_eq!(calendar.working_time(since, at), SignedDuration::ZERO);
                prop_assert_eq!(calendar.closed_since(next - SignedDuration::from_nanos(1)), Some(since));
            }
        }
    }
}
