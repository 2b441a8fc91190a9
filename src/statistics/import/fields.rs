//! What stands in the fields of a line, as people and spreadsheets in Italy write it.

use jiff::civil::Date;
use ledger::Precision;
use policy::{Account, Metric, Platform};

use super::{BadLine, Expected, Found};

/// The largest figure that is believed, as in snapshots.
pub(super) const MOST: u64 = 10_000_000_000;

/// The longest name of a source, in characters.
pub(super) const LONGEST_SOURCE: usize = 200;

/// The names of a metric in a file: its key, and what reports call it.
const METRICS: &[(Metric, &[&str])] = &[
    (Metric::Followers, &["followers", "follower"]),
    (Metric::PageLikes, &["page_likes", "page likes", "mi piace alla pagina"]),
    (Metric::Posts, &["posts", "contenuti pubblicati"]),
];

/// An account of the policy by `platform:id`, `platform:handle`, or both apart. Capitals and an `@` make no difference.
pub(super) fn account<'a>(accounts: &'a [Account], platform: Option<&str>, text: &str) -> Result<&'a Account, BadLine> {
    let (of, name) = match platform {
        Some(platform) => (platform, text),
        None => text.split_once(':').unwrap_or_default(),
    };
    // A report puts an apostrophe before a name that a spreadsheet would take for a formula.
    let name = name.trim().trim_start_matches('\'').trim_start_matches('@').to_lowercase();
    let of: Option<Platform> = of.trim().to_lowercase().parse().ok();
    let is_named = |account: &&Account| {
        Some(account.platform) == of
            && (account.id.as_str().to_lowercase() == name
                || account.handle.trim_start_matches('@').to_lowercase() == name)
    };
    accounts.iter().find(is_named).ok_or_else(|| match platform {
        Some(platform) => fault("account", &format!("{platform} {text}"), Expected::AccountOfPlatform),
        None => fault("account", text, Expected::Account),
    })
}

/// A metric by its key or by what reports call it.
pub(super) fn metric(text: &str) -> Result<Metric, BadLine> {
    let lower = text.to_lowercase();
    let known = METRICS.iter().find(|(_, names)| names.contains(&lower.as_str()));
    known.map(|(metric, _)| *metric).ok_or_else(|| fault("metric", text, Expected::Metric))
}

/// A count. Decimals are left out where they are noughts, as in `1229,00`. Where commas divide the fields, a count has
/// no separators; in other files thousands may be apart by points, spaces or apostrophes, as in `1.229`, which is then
/// no decimal: nobody has a fifth of a follower.
pub(super) fn value(text: &str, separator: char) -> Result<u64, BadLine> {
    let whole = text.split_once([',', '.']).filter(|(_, decimals)| matches!(*decimals, "0" | "00"));
    let whole = whole.or_else(|| text.rsplit_once(',').filter(|(_, decimals)| matches!(*decimals, "0" | "00")));
    let digits = without_thousands(whole.map_or(text, |(whole, _)| whole), separator);
    let value = digits.as_deref().and_then(|digits| digits.parse().ok()).filter(|value| *value <= MOST);
    value.ok_or_else(|| fault("value", text, Expected::Count { separators: separator != ',' }))
}

/// The digits of a number; `None` where something else stands between them, or thousands are apart in another way than
/// by three digits and one and the same sign.
fn without_thousands(text: &str, separator: char) -> Option<String> {
    let are_digits = |part: &&str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    if are_digits(&text) {
        return Some(text.to_owned());
    }
    let apart = text.chars().find(|sign| !sign.is_ascii_digit())?;
    if separator == ',' || !matches!(apart, '.' | ' ' | '\'' | '’' | '\u{a0}' | '\u{202f}') {
        return None;
    }
    let groups: Vec<&str> = text.split(apart).collect();
    let (first, rest) = groups.split_first()?;
    let are_thousands = first.len() <= 3 && rest.iter().all(|group| group.len() == 3) && groups.iter().all(are_digits);
    are_thousands.then(|| groups.concat())
}

/// The name of a source. Where commas divide the fields, a number is none: it is what stood behind the comma of the count
/// in a line whose source is missing, as in `1,229`.
pub(super) fn source(text: &str, separator: char) -> Result<&str, BadLine> {
    if separator == ',' && !text.is_empty() && !text.chars().any(char::is_alphabetic) {
        return Err(fault("source", text, Expected::SourceBehindCount));
    }
    let length = text.chars().count();
    if (1..=LONGEST_SOURCE).contains(&length) {
        return Ok(text);
    }
    Err(BadLine { line: 0, field: "source", found: Found::Characters(length), expected: Expected::Source })
}

/// A day, or the last day of a month or year, and how exact that is: `2025-12-31`, `2025-12` or `2025`, or, day first as
/// in Italy, `31/12/2025` or `12/2025`, with points or hyphens too; midnight behind it is left out. A month or year that
/// is not over yet has no last day that could have been counted.
pub(super) fn date(text: &str, today: Date) -> Result<(Date, Precision), BadLine> {
    read_date(text).filter(|(day, _)| *day <= today).ok_or_else(|| fault("date", text, Expected::Date))
}

fn read_date(text: &str) -> Option<(Date, Precision)> {
    let (day, time) = text.split_once(['T', ' ']).unwrap_or((text, ""));
    if !time.trim_end_matches('Z').split([':', '.', ',']).all(|part| part.bytes().all(|byte| byte == b'0')) {
        return None;
    }
    let apart = day.chars().find(|sign| matches!(sign, '-' | '/' | '.'));
    let mut parts: Vec<&str> = apart.map_or_else(|| vec![day], |apart| day.split(apart).collect());
    if parts.iter().any(|part| part.is_empty() || !part.bytes().all(|byte| byte.is_ascii_digit())) {
        return None;
    }
    let is_year_first = parts.first().is_some_and(|part| part.len() == 4);
    if !is_year_first {
        parts.reverse();
    }
    let (year, rest) = parts.split_first()?;
    // Written with the year first, a month and a day have two digits; day first, people leave the nought out.
    let width = |part: &&str| part.len() == 2 || (!is_year_first && part.len() == 1);
    if year.len() != 4 || !rest.iter().all(width) {
        return None;
    }
    let year: i16 = year.parse().ok()?;
    let number = |place: usize| rest.get(place).and_then(|part| part.parse::<i8>().ok());
    match rest.len() {
        0 => Some((Date::new(year, 1, 1).ok()?.last_of_year(), Precision::Year)),
        1 => Some((Date::new(year, number(0)?, 1).ok()?.last_of_month(), Precision::Month)),
        2 => Some((Date::new(year, number(0)?, number(1)?).ok()?, Precision::Day)),
        _ => None,
    }
}

/// How exactly a day is known, in the words of a report.
pub(super) fn precision(text: &str) -> Result<Precision, BadLine> {
    match text.to_lowercase().as_str() {
        "giorno" | "day" => Ok(Precision::Day),
        "mese" | "month" => Ok(Precision::Month),
        "anno" | "year" => Ok(Precision::Year),
        _ => Err(fault("date_precision", text, Expected::Precision)),
    }
}

/// Whether the platform rounded a count, in the words of a report.
pub(super) fn rounded(text: &str) -> Result<bool, BadLine> {
    match text.to_lowercase().as_str() {
        "sì" | "si" | "yes" => Ok(true),
        "no" => Ok(false),
        _ => Err(fault("rounded", text, Expected::YesOrNo)),
    }
}

/// What is wrong with a field; whoever reads the line adds its number.
fn fault(field: &'static str, found: &str, expected: Expected) -> BadLine {
    BadLine { line: 0, field, found: Found::Text(found.to_owned()), expected }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date as day;

    use super::*;

    #[test]
    fn counts_are_read_as_spreadsheets_write_them() {
        for (text, separator, expected) in [
            ("1229", ',', Some(1229)),
            ("1229.0", ',', Some(1229)),
            ("1229,00", ',', Some(1229)),
            ("1.229", ',', None),
            ("1,229", ',', None),
            ("1.229", ';', Some(1229)),
            ("1.229,00", ';', Some(1229)),
            ("12.345.678", ';', Some(12_345_678)),
            ("1 229", ';', Some(1229)),
            ("1\u{a0}229", '\t', Some(1229)),
            ("1'229", ';', Some(1229)),
            ("1229,0", ';', Some(1229)),
            ("0", ';', Some(0)),
            ("1.22", ';', None),
            ("1229,5", ';', None),
            ("1.2290", ';', None),
            ("1.229 000", ';', None),
            (".229", ';', None),
            ("1..229", ';', None),
            ("-5", ';', None),
            ("", ';', None),
            ("10000000001", ';', None),
            ("5e3", ';', None),
        ] {
            assert_eq!(value(text, separator).ok(), expected, "{text:?} between {separator:?}");
        }
    }

    #[test]
    fn where_commas_divide_the_rest_of_a_count_is_no_source() {
        for (text, separator, expected) in [
            ("229", ',', false),
            ("00", ',', false),
            ("229.5", ',', false),
            ("archivio 2019", ',', true),
            ("2019", ';', true),
            ("", ';', false),
        ] {
            assert_eq!(source(text, separator).is_ok(), expected, "{text:?} between {separator:?}");
        }
    }

    #[test]
    fn dates_are_read_year_first_or_day_first() {
        for (text, expected) in [
            ("2025-12-31", Some((day(2025, 12, 31), Precision::Day))),
            ("2025-12", Some((day(2025, 12, 31), Precision::Month))),
            ("2025", Some((day(2025, 12, 31), Precision::Year))),
            ("31/12/2025", Some((day(2025, 12, 31), Precision::Day))),
            ("1/2/2025", Some((day(2025, 2, 1), Precision::Day))),
            ("31.12.2025", Some((day(2025, 12, 31), Precision::Day))),
            ("31-12-2025", Some((day(2025, 12, 31), Precision::Day))),
            ("02/2024", Some((day(2024, 2, 29), Precision::Month))),
            ("31/12/2025 00:00", Some((day(2025, 12, 31), Precision::Day))),
            ("2025-12-31T00:00:00.000Z", Some((day(2025, 12, 31), Precision::Day))),
            ("2025/12/31", Some((day(2025, 12, 31), Precision::Day))),
            ("12/31/2025", None),
            ("31/12/25", None),
            ("19-1-1", None),
            ("2025-1-1", None),
            ("31/12/2025 10:30", None),
            ("30/02/2025", None),
            ("1/1/1/2025", None),
            ("2027", None),
            ("ieri", None),
            ("", None),
        ] {
            assert_eq!(date(text, day(2026, 11, 21)).ok(), expected, "{text:?}");
        }
    }
}
