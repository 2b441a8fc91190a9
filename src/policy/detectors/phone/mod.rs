//! Telephone numbers.
//!
//! Digits are grouped in as many ways as there are people, and many other numbers have as many digits. A candidate is
//! therefore taken only in a shape that Italian numbering gives (mobile: nine or ten digits that start with 3;
//! landline: nine or ten that start with an area code), in international form, or beside a word for a telephone.
//! A number that is spelled out or written digit by digit is in disguise: whoever does that knows what it is.

pub(super) mod lettered;
mod owner;
mod plan;
mod record;
mod run;
mod scattered;
mod shape;
mod words;

use std::ops::Range;
use std::sync::LazyLock;

use self::plan::{is_counting, is_italian, is_landline, is_mobile, national};
use self::run::{Gap, Group, Run};
use self::shape::{INTERNATIONAL, Shape, classify};
use super::search::Search;
use super::text::{Text, Words};
use super::{Detector, link, name};

/// What a text with a number has if it has fewer digits than a number: of ten digits in words, one is nearly always
/// among these.
pub(super) const KEYWORDS: &[&str] = &["zero", "quattro", "cinque", "sette", "nove", "anta", "cento"];

/// Digits of the shortest landline number with its area code.
const SHORTEST: usize = 7;
/// The longest run of digits that is looked at.
const MOST_DIGITS: usize = INTERNATIONAL.end + "00".len();
/// So many digits in words make a disguise; and so many that one word stands for, if they are the prefix of the rest.
const FEWEST_WORDS: usize = 3;
const PREFIX: usize = 3;

/// Words beside which nearly any number is one of a telephone.
static PHONE_WORDS: LazyLock<Words> = LazyLock::new(|| {
    Words::of(
        "tel telefono telefonico telefonatemi telefonami telefonate telefonare cell cellulare cel mobile whatsapp wapp \
     wa watsapp whatsap wsp chiamami chiamatemi chiamate chiamare chiamarmi chiamarlo chiamarla chiamatelo \
     chiamatela chiamala chiamalo contattami contattatemi contattare contattarmi contattatelo sms recapito scrivetemi scrivimi phone \
     call",
    )
});
/// Words that do the same beside a word for someone.
static NUMBER_WORDS: LazyLock<Words> = LazyLock::new(|| Words::of("numero number num nr"));
static SOMEONES: LazyLock<Words> = LazyLock::new(|| Words::of("mio suo tuo my his her your us cn international"));
/// Words glued to a number, besides those for a telephone, that leave no doubt about it.
static GLUED: LazyLock<Words> =
    LazyLock::new(|| Words::of("al allo mio suo sua mia numero num ore dopo grazie ciao per chiedere"));

/// Reports the first number of each kind that is not the organisation's own.
pub(super) fn search(search: &mut Search<'_>) {
    let all =
        [Detector::Phone, Detector::FirmPhone, Detector::ReportedPhone, Detector::Landline, Detector::PossiblePhone];
    if !search.wants(&all) {
        return;
    }
    let text = search.text;
    for number in text.links().iter().flat_map(|link| Number::called_in(text, link)) {
        if !search.own.has_phone(&number.digits)
            && let Some(detector) = owner::detector(text, &number)
        {
            search.report(detector, number.span);
        }
    }
    let codes = search.codes();
    for run in Run::all(text) {
        let mut first = 0;
        while first < run.groups.len() {
            let Some(number) = Number::at(text, &run.groups, first) else {
                first += 1;
                continue;
            };
            first += number.groups;
            let next_code = codes.partition_point(|code| code.end <= number.span.start);
            let is_in_code = codes.get(next_code).is_some_and(|code| code.start < number.span.end);
            if !is_in_code
                && !search.own.has_phone(&number.digits)
                && let Some(detector) = owner::detector(text, &number)
            {
                search.take(number.span.clone());
                search.report(detector, number.span);
            }
        }
    }
}

/// Reports the first number that has letters for some of its digits. A code may look like one, so it is a telephone
/// number without doubt only where somebody is to be called.
pub(super) fn search_lettered(search: &mut Search<'_>) {
    if !search.wants(&[Detector::Phone, Detector::PossiblePhone]) {
        return;
    }
    let text = search.text;
    let codes = search.codes();
    for lettered::Lettered { digits, span } in lettered::all(text) {
        let is_known = codes.iter().any(|code| code.start < span.end && span.start < code.end);
        let is_of_record = record::announced(text, &span).is_some();
        if !is_known && !is_of_record && !search.own.has_phone(&digits) {
            let is_certain = is_called(text, span.start) && is_mobile(&digits);
            search.report(if is_certain { Detector::Phone } else { Detector::PossiblePhone }, span);
        }
    }
}

/// Whether this is a word for a telephone.
pub(super) fn is_phone_word(word: &str) -> bool {
    PHONE_WORDS.has(word)
}

/// Whether this is a number in words.
pub(super) fn is_number_word(word: &str) -> bool {
    words::value(word).is_some()
}

/// The number that a folded text consists of, as the organisation's contacts are compared: Italian ones without the
/// country code, others with `+`.
pub(super) fn parse(text: &Text<'_>) -> Option<String> {
    let runs = Run::all(text);
    let [run] = runs.as_slice() else { return None };
    let number = Number::at(text, &run.groups, 0)?;
    let is_rest_empty = |rest: Option<&str>| {
        rest.is_some_and(|rest| rest.chars().all(|letter| !letter.is_alphanumeric() || letter == ' '))
    };
    (is_rest_empty(text.folded.get(..number.span.start)) && is_rest_empty(text.folded.get(number.span.end..)))
        .then_some(number.digits)
}

/// A telephone number in a text.
struct Number {
    digits: String,
    span: Range<usize>,
    /// How many groups of its run it takes.
    groups: usize,
    is_disguised: bool,
    /// Whether it may be something else: it counts as possible only.
    is_doubtful: bool,
}

impl Number {
    /// The numbers that a link calls or writes to.
    fn called_in(text: &Text<'_>, link: &Range<usize>) -> impl Iterator<Item = Self> {
        let written = text.folded.get(link.clone()).unwrap_or_default();
        link::calls(written).filter_map(move |at| {
            let mut rest = &written[at..];
            for prefix in ["%2b", "+", "00"] {
                rest = rest.strip_prefix(prefix).unwrap_or(rest);
            }
            let length = rest.bytes().take_while(|byte| byte.is_ascii_digit() || b"-.()".contains(byte)).count();
            let digits: String = rest[..length].chars().filter(char::is_ascii_digit).take(MOST_DIGITS).collect();
            let digits = match national(&digits) {
                Some(national) if is_mobile(national) || is_landline(national) => national.to_owned(),
                _ if INTERNATIONAL.contains(&digits.len()) => format!("+{digits}"),
                _ => return None,
            };
            let start = link.start + written.len() - rest.len();
            let span = start..start + length;
            Some(Self { digits, span, groups: 0, is_disguised: false, is_doubtful: false })
        })
    }

    /// The number that begins with this group of a run: the longest that there is.
    fn at(text: &Text<'_>, groups: &[Group], first: usize) -> Option<Self> {
        let rest = groups.get(first..)?;
        if rest.iter().take(MOST_DIGITS).map(|group| group.digits.len()).sum::<usize>() < SHORTEST {
            return None;
        }
        let mut number = Self::disguised(text, rest, first == 0).or_else(|| Self::plain(text, rest))?;
        match record::announced(text, &number.span) {
            Some(record::Sureness::Certain) => return None,
            // Nobody spells out the number of a record.
            Some(record::Sureness::Doubtful) => number.is_doubtful = !number.is_disguised,
            None => {}
        }
        Some(number)
    }

    /// A number in one of the usual shapes.
    fn plain(text: &Text<'_>, groups: &[Group]) -> Option<Self> {
        let start = groups.first()?.span.start;
        if !starts_freely(text, start) {
            return None;
        }
        let is_called = is_called(text, start);
        let mut digits = String::new();
        let mut widest = Gap::Plain;
        let mut longest: Option<Self> = None;
        for (at, group) in groups.iter().enumerate() {
            if at > 0 {
                widest = widest.max(group.gap);
            }
            // Of two numbers, or a number and what follows it in a list, the first is the number.
            let is_complete = longest.is_some() && group.gap > Gap::Plain && at > 0;
            if group.is_word || is_complete || digits.len() + group.digits.len() >= MOST_DIGITS {
                break;
            }
            digits.push_str(&group.digits);
            let shape = Shape { digits: &digits, groups: &groups[..=at], widest, is_called };
            if ends_freely(text, group.span.end)
                && let Some(found) = classify(text, start, &shape)
            {
                let span = start - found.prefix..group.span.end;
                let is_doubtful = found.is_doubtful || !is_called && is_glued(text, &span);
                longest = Some(Self { digits: found.number, span, groups: at + 1, is_disguised: false, is_doubtful });
            }
        }
        longest
    }

    /// A number of which each digit, or nearly, stands alone or in words.
    fn disguised(text: &Text<'_>, groups: &[Group], is_first: bool) -> Option<Self> {
        let mut digits = String::new();
        let (mut words, mut is_mixed, mut longest) = (0, false, None);
        for (at, group) in groups.iter().enumerate() {
            digits.push_str(&group.digits);
            if digits.len() > MOST_DIGITS {
                break;
            }
            words += usize::from(group.is_word);
            let is_last = at + 1 == groups.len();
            is_mixed |= group.is_mixed;
            let is_prefix_spelled = groups[0].is_word && groups[0].digits.len() == PREFIX && words == 1;
            let is_spelled = (words >= FEWEST_WORDS || is_mixed || is_prefix_spelled)
                && (is_last || groups[at + 1].gap > Gap::Plain);
            let is_whole = is_first && is_last;
            let is_scattered = is_whole && scattered::is_scattered(text, groups);
            if let Some(number) = national(&digits).filter(|number| is_italian(number) && !is_counting(number))
                && (is_spelled || is_scattered)
            {
                // The items of a list may be few digits each, too.
                let is_listed = !is_spelled && groups[1..=at].iter().any(|group| group.gap == Gap::List);
                let span = groups.first()?.span.start..group.span.end;
                longest = Some(Self {
                    digits: number.to_owned(),
                    span,
                    groups: at + 1,
                    is_disguised: true,
                    // A number of three digits in words may also count what the figures behind it measure.
                    is_doubtful: (is_listed || is_prefix_spelled) && !is_called(text, groups.first()?.span.start),
                });
            }
        }
        longest
    }
}

/// Whether a word is glued to the figure that is no word for a telephone and no name.
fn is_glued(text: &Text<'_>, span: &Range<usize>) -> bool {
    let before = text.index_at(span.start).checked_sub(1).filter(|&at| text.words()[at].end == span.start);
    let after =
        Some(text.index_at(span.end)).filter(|&at| text.words().get(at).is_some_and(|word| word.start == span.end));
    let tells = |word: &str| PHONE_WORDS.has(word) || GLUED.has(word) || name::is_given(word);
    let glued = [before, after].into_iter().flatten().map(|at| text.word(at));
    let mut doubtful = glued.peekable();
    doubtful.peek().is_some() && !doubtful.any(tells)
}

/// Whether a number can start here: not inside a word, nor after a comma, point or slash of a longer figure.
fn starts_freely(text: &Text<'_>, start: usize) -> bool {
    let before = &text.bytes()[..start];
    let continues = match before {
        [.., digit, mark] => digit.is_ascii_digit() && b".,:/-+".contains(mark),
        _ => false,
    };
    !continues && !before.last().is_some_and(u8::is_ascii_digit)
}

/// Whether a number can end here: the same on the other side.
fn ends_freely(text: &Text<'_>, end: usize) -> bool {
    let continues = match text.bytes()[end..] {
        [mark, digit, ..] => digit.is_ascii_digit() && b".,:/-=".contains(&mark),
        _ => false,
    };
    !continues && text.ends_word(end)
}

/// Whether the words before a figure say that it is the number of a telephone.
fn is_called(text: &Text<'_>, start: usize) -> bool {
    let words: Vec<&str> = text.before(start, 4).collect();
    words.iter().any(|word| PHONE_WORDS.has(word))
        || words.iter().any(|word| NUMBER_WORDS.has(word)) && words.iter().any(|word| SOMEONES.has(word))
}

#[cfg(test)]
mod tests {
    use super::super::text::lower;
    use super::super::{Contact, Contacts, Set, find_all};
    use super::*;

    fn all<'t>(text: &'t str, own: &[Contact]) -> Vec<(Detector, &'t str)> {
        let wanted = [Detector::Phone, Detector::FirmPhone, Detector::ReportedPhone, Detector::Landline];
        let wanted = wanted.into_iter().fold(Set::EMPTY, Set::with);
        let mut found = Vec::new();
        find_all(text, &|_| false, &Contacts(own.to_vec()), wanted, |detector, span| {
            found.push((detector, &text[span]))
        });
        found
    }

    fn found(text: &str) -> Option<&str> {
        all(text, &[]).first().map(|(_, number)| *number)
    }

    #[test]
    fn numbers_are_found_in_the_usual_groupings() {
        for (text, number) in [
            ("cell 3471234567", "3471234567"),
            ("333 123 45 67.", "333 123 45 67"),
            ("333-1234567", "333-1234567"),
            ("333/12.34.567", "333/12.34.567"),
            ("tel.0212345678", "0212345678"),
            ("(02) 1234 5678", "02) 1234 5678"),
            ("0362 123456", "0362 123456"),
            ("chiama +39 347 1234567 ore pasti", "+39 347 1234567"),
            ("0039 02 12345678", "0039 02 12345678"),
            ("wa +44 7700 900123", "+44 7700 900123"),
            ("📞3471234567📞", "3471234567"),
            ("ore 10 347 1234567", "347 1234567"),
            ("347 1234567 02 12345678", "347 1234567"),
            ("cell 338123456", "338123456"),
            ("328 . 11 . 222 . 33", "328 . 11 . 222 . 33"),
            ("it's (415) 555-0199", "415) 555-0199"),
            ("my number is 13912345678", "13912345678"),
        ] {
            assert_eq!(found(text), Some(number), "{text}");
        }
    }

    #[test]
    fn disguised_numbers_are_found() {
        for (text, number) in [
            ("al tre quattro sette, 11 22 3 44", "tre quattro sette, 11 22 3 44"),
            ("3 4 9 / 1 2 3 4 9 6 0", "3 4 9 / 1 2 3 4 9 6 0"),
            ("3-8-8-0-1-1-2-7-3-3", "3-8-8-0-1-1-2-7-3-3"),
            ("0391.0.8.11.2.2", "0391.0.8.11.2.2"),
            ("tre2tre 66 due1 904", "tre2tre 66 due1 904"),
            ("0 3 6 2 - due nove uno - 1 4 - 7", "0 3 6 2 - due nove uno - 1 4 - 7"),
            ("chiamare 0391.0.8.11.2.2", "0391.0.8.11.2.2"),
            (
                "trecentoquarantasette dodici trentaquattro cinquantasei sette",
                "trecentoquarantasette dodici trentaquattro cinquantasei sette",
            ),
        ] {
            assert_eq!(all(text, &[]), [(Detector::Phone, number)], "{text}");
        }
    }

    #[test]
    fn dates_amounts_protocols_and_other_figures_are_no_numbers() {
        for text in [
            "05/10/2024 ore 10",
            "02.10.2024 10",
            "dal 02-10-2024 al 03-10-2024",
            "3.331.234.567 di investimenti",
            "3401234567 euro",
            "€ 3401234567",
            "prot. 0012345/2024",
            "rea mi-1234567",
            "prot. n. 3401234567",
            "tabella 2, riga 'totale': 3401234567",
            "fattura 0212345678",
            "p.iva 02345678901",
            "iban it60x0542811101000000123456",
            "ateco 62.01.00",
            "1,3471234567",
            "34712345678901234567890",
            "dalle 9.00 alle 12.30",
            "chiamate il numero verde 800 123456",
            "3-2 2-1 1-1 0-0 2-0",
            "0 1 2 3 4 5 6 7 8 9",
            "sei tre volte campione, due coppe",
        ] {
            assert_eq!(found(text), None, "{text}");
        }
    }

    #[test]
    fn a_number_is_compared_without_its_country_code() {
        assert_eq!(all("+39 02 12345678", &[Contact::Phone("0212345678".into())]), []);
        assert_eq!(parse(&lower("+39 02 12345678")), Some("0212345678".into()));
    }

    #[test]
    fn the_words_around_a_number_say_whose_it_is() {
        let kind = |text| all(text, &[]).first().map(|(detector, _)| *detector);
        assert_eq!(kind("rossi srl, 347 1234567"), Some(Detector::FirmPhone));
        assert_eq!(kind("il truffatore chiama dal 347 1234567"), Some(Detector::ReportedPhone));
        assert_eq!(kind("rossi srl, 02 12345678"), Some(Detector::Landline));
        assert_eq!(kind("il centralino del comune: 02 12345678"), None);
    }
}
