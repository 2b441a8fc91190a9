//! The Italian public holidays.

use jiff::civil::Date;

/// Those with a fixed date, as month, day and the first year: law 260/1949 with its amendments. Earlier years do not
/// matter here, only San Francesco is new (law 151/2025).
const FIXED: [(i8, i8, i16); 11] = [
    (1, 1, 1949),
    (1, 6, 1949),
    (4, 25, 1949),
    (5, 1, 1949),
    (6, 2, 1949),
    (8, 15, 1949),
    (10, 4, 2026),
    (11, 1, 1949),
    (12, 8, 1949),
    (12, 25, 1949),
    (12, 26, 1949),
];

/// Whether offices are closed everywhere in Italy.
pub(super) fn is_public_holiday(day: Date) -> bool {
    let is_fixed = |&(month, of_month, first): &(i8, i8, i16)| {
        (day.month(), day.day()) == (month, of_month) && day.year() >= first
    };
    FIXED.iter().any(is_fixed) || is_easter(day) || day.yesterday().is_ok_and(is_easter)
}

/// Easter never falls outside March and April.
fn is_easter(day: Date) -> bool {
    matches!(day.month(), 3 | 4) && (day.month(), day.day()) == easter(day.year())
}

/// Month and day of Easter Sunday in the Gregorian calendar: the algorithm published by Meeus (*Astronomical
/// Algorithms*, chapter 8) with its letters.
fn easter(year: i16) -> (i8, i8) {
    let (a, b, c) = (year.rem_euclid(19), year.div_euclid(100), year.rem_euclid(100));
    let (d, e) = (b / 4, b % 4);
    let f = (b + 8) / 25;
    let g = (b - f + 1) / 3;
    let h = (19 * a + b - d - g + 15) % 30;
    let (i, k) = (c / 4, c % 4);
    let l = (32 + 2 * e + 2 * i - h - k) % 7;
    let m = (a + 11 * h + 22 * l) / 451;
    let (month, day) = ((h + l - 7 * m + 114) / 31, (h + l - 7 * m + 114) % 31 + 1);
    (if month == 3 { 3 } else { 4 }, i8::try_from(day).unwrap_or(i8::MAX))
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn easter_is_where_the_tables_have_it() {
        for known in [
            date(1954, 4, 18),
            date(2000, 4, 23),
            date(2024, 3, 31),
            date(2025, 4, 20),
            date(2026, 4, 5),
            date(2027, 3, 28),
            date(2028, 4, 16),
            date(2029, 4, 1),
            date(2030, 4, 21),
            date(2031, 4, 13),
            date(2032, 3, 28),
            date(2033, 4, 17),
            date(2034, 4, 9),
            date(2035, 3, 25),
            date(2036, 4, 13),
            date(2037, 4, 5),
            date(2038, 4, 25),
            date(2049, 4, 18),
            date(2076, 4, 19),
            // The earliest possible day, and a year of the longest cycle.
            date(2285, 3, 22),
            date(2400, 4, 16),
        ] {
            assert_eq!(easter(known.year()), (known.month(), known.day()), "{}", known.year());
        }
    }

    #[test]
    fn a_year_has_the_holidays_of_the_law() {
        let holidays = |year: i16| -> Vec<String> {
            let days = std::iter::successors(Some(date(year, 1, 1)), |day| day.tomorrow().ok());
            let days = days.take_while(|day| day.year() == year).filter(|&day| is_public_holiday(day));
            days.map(|day| day.strftime("%m-%d").to_string()).collect()
        };
        let of_2026 = [
            "01-01", "01-06", "04-05", "04-06", "04-25", "05-01", "06-02", "08-15", "10-04", "11-01", "12-08", "12-25",
            "12-26",
        ];
        assert_eq!(holidays(2026), of_2026);
        assert!(!holidays(2025).contains(&"10-04".to_owned()), "San Francesco is a holiday from 2026 on");
        // Easter Monday in another month than Easter.
        assert!(holidays(2024).contains(&"04-01".to_owned()));
    }
}
