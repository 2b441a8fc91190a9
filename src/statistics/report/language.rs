//! How reports write numbers, dates and durations in their language.

use jiff::civil::Date;
use policy::Language;

use crate::Period;

/// Between a number and what belongs to it, so that a line never ends there.
const NO_BREAK: &str = "\u{a0}";
/// The sign of negative numbers in texts.
const MINUS: &str = "\u{2212}";

/// A noun as one and many, in Italian and in English.
pub(super) type Noun<'t> = ((&'t str, &'t str), (&'t str, &'t str));

/// How reports write numbers, dates and durations in a language.
pub(super) trait Writing: Copy + Into<Language> {
    /// One of two texts: in Italian, in English.
    fn of<T>(self, (italian, english): (T, T)) -> T {
        match self.into() {
            Language::Italian => italian,
            Language::English => english,
        }
    }

    /// As in 1.234 (1,234).
    fn whole(self, number: u64) -> String {
        let digits = number.to_string();
        let mut text = String::with_capacity(digits.len() + digits.len() / 3);
        for (position, digit) in digits.chars().enumerate() {
            if position > 0 && (digits.len() - position).is_multiple_of(3) {
                text.push(self.of(('.', ',')));
            }
            text.push(digit);
        }
        text
    }

    /// As in +1.234 or −5; nought has no sign.
    fn signed(self, number: i64) -> String {
        let sign = match number {
            0 => "",
            1.. => "+",
            _ => MINUS,
        };
        format!("{sign}{}", self.whole(number.unsigned_abs()))
    }

    /// With one decimal, as in 1.234,5.
    fn decimal(self, number: f64) -> String {
        let tenths = (number.abs() * 10.0).round() as u64;
        let sign = if number < 0.0 && tenths > 0 { MINUS } else { "" };
        format!("{sign}{}{}{}", self.whole(tenths / 10), self.of((',', '.')), tenths % 10)
    }

    /// As in 12,5 % (12.5%).
    fn percent(self, number: f64) -> String {
        format!("{}{}", self.decimal(number), self.of(("\u{a0}%", "%")))
    }

    /// As in +12,5 %.
    fn signed_percent(self, number: f64) -> String {
        let plus = if (number * 10.0).round() > 0.0 { "+" } else { "" };
        format!("{plus}{}", self.percent(number))
    }

    /// As in 1° marzo 2026 (1 March 2026).
    fn day(self, day: Date) -> String {
        let ordinal = if day.day() == 1 { self.of(("°", "")) } else { "" };
        format!("{}{ordinal}{NO_BREAK}{} {}", day.day(), self.into().month(day), day.year())
    }

    /// As in marzo 2026 (March 2026).
    fn month(self, day: Date) -> String {
        format!("{} {}", self.into().month(day), day.year())
    }

    /// As in marzo 2026, 2026, or 3 marzo 2026 – 9 marzo 2026.
    fn period(self, period: Period) -> String {
        if period.is_month() {
            self.month(period.from)
        } else if period.is_year() {
            period.from.year().to_string()
        } else if period.from == period.to {
            self.day(period.from)
        } else {
            format!("{} – {}", self.day(period.from), self.day(period.to))
        }
    }

    /// A duration in the largest unit in which it is at least one, rounded: 45 secondi, 3 ore, 2 giorni.
    fn duration(self, milliseconds: u64) -> String {
        let units: [(u64, Noun<'_>); 4] = [
            (86_400_000, (("giorno", "giorni"), ("day", "days"))),
            (3_600_000, (("ora", "ore"), ("hour", "hours"))),
            (60_000, (("minuto", "minuti"), ("minute", "minutes"))),
            (1_000, (("secondo", "secondi"), ("second", "seconds"))),
        ];
        let rounded = |unit: u64| (milliseconds + unit / 2) / unit;
        let unit = units.iter().find(|(unit, ..)| milliseconds >= *unit);
        let Some((unit, noun)) = unit else {
            return self.of(("meno di un secondo", "less than a second")).to_owned();
        };
        self.count(rounded(*unit), *noun)
    }

    /// A number with its noun, given as one and many in Italian, and in English.
    fn count(self, number: u64, noun: Noun<'_>) -> String {
        let (one, many) = self.of(noun);
        format!("{}{NO_BREAK}{}", self.whole(number), if number == 1 { one } else { many })
    }
}

impl Writing for Language {}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn numbers_are_written_as_in_each_language() {
        use Language::{English, Italian};
        assert_eq!((Italian.whole(999), Italian.whole(1_234)), ("999".into(), "1.234".into()));
        assert_eq!(English.whole(12_345_678), "12,345,678");
        assert_eq!((Italian.percent(12.46), English.percent(12.46)), ("12,5\u{a0}%".into(), "12.5%".into()));
        assert_eq!(
            (Italian.signed_percent(318.31), Italian.signed_percent(-0.04)),
            ("+318,3\u{a0}%".into(), "0,0\u{a0}%".into())
        );
        assert_eq!(
            (Italian.signed(3_912), Italian.signed(-5), Italian.signed(0)),
            ("+3.912".into(), "−5".into(), "0".into())
        );
    }

    #[test]
    fn one_is_singular_and_nought_is_plural() {
        let noun = (("ora", "ore"), ("hour", "hours"));
        assert_eq!(Language::Italian.count(1, noun), "1\u{a0}ora");
        assert_eq!(Language::Italian.count(0, noun), "0\u{a0}ore");
        assert_eq!(Language::English.duration(3_600_000), "1\u{a0}hour");
        assert_eq!(Language::Italian.duration(5_400_000), "2\u{a0}ore");
        assert_eq!(Language::Italian.duration(500), "meno di un secondo");
    }

    #[test]
    fn periods_are_named_as_people_name_them() {
        assert_eq!(Language::Italian.period(Period::month(2028, 2).unwrap()), "febbraio 2028");
        assert_eq!(Language::English.period(Period::year(2026).unwrap()), "2026");
        let week = Period::new(date(2026, 3, 1), date(2026, 3, 7)).unwrap();
        assert_eq!(Language::Italian.period(week), "1°\u{a0}marzo 2026 – 7\u{a0}marzo 2026");
    }
}
