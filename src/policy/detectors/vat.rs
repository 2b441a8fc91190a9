//! Italian VAT numbers, partita IVA (presidential decree 633/1972, article 35).

use std::ops::Range;
use std::sync::LazyLock;

use super::card::is_luhn;
use super::search::Search;
use super::text::{Text, Words};
use super::{Detector, firm};

const LENGTH: usize = 11;
/// How many separators may stand between two digits of a number that is cut.
const LARGEST_GAP: usize = 3;
/// Words that stand before such a number.
static VAT_WORDS: LazyLock<Words> = LazyLock::new(|| Words::of("piva iva partitaiva vat vatnumber pi"));
/// Words that make the number a person's.
static SOMEONES: LazyLock<Words> =
    LazyLock::new(|| Words::of("mio mia suo sua tuo tua sig signor signora dott marito moglie figlio figlia"));
/// Words that make it a firm's or an office's.
static FIRMS: LazyLock<Words> = LazyLock::new(|| {
    Words::of(
        "societa ditta azienda impresa srl srls spa snc sas camera ente comune fornitore associazione cooperativa \
     consorzio",
    )
});
/// Nouns whose numbers are those of something else, unless a word for the number itself stands there.
static RECORD_WORDS: LazyLock<Words> = LazyLock::new(|| {
    Words::of(
        "prot protocollo pratica iuv avviso ordine rea cup cig tel telefono cell posizione bollettino matricola ticket \
     tracking",
    )
});

/// Reports the first number of a person, of a firm, and of neither, that is not the organisation's own.
pub(super) fn search(search: &mut Search<'_>) {
    let text = search.text;
    for word in text.words() {
        let is_named = || text.before(word.start, 6).any(|word| VAT_WORDS.has(word));
        let Some((number, span)) = read(text, word).or_else(|| cut(text, word).filter(|_| is_named())) else {
            continue;
        };
        if text.is_in_link(span.start) {
            continue;
        }
        let is_named = is_named();
        if !is_named && text.has_near(&span, 4, 0, &RECORD_WORDS) {
            continue;
        }
        search.take(span.clone());
        if search.own.has_vat(&number) {
            continue;
        }
        let detector = if is_of_firm(text, &span) {
            Detector::FirmVat
        } else if is_named && text.has_near(&span, 6, 0, &SOMEONES) {
            Detector::PersonVat
        } else {
            Detector::VatNumber
        };
        search.report(detector, span);
    }
}

/// The number that a folded text consists of.
pub(super) fn parse(text: &Text<'_>) -> Option<String> {
    text.words().iter().find_map(|word| read(text, word)).map(|(number, _)| number).filter(|_| {
        let letters: usize = text.words().iter().map(ExactSizeIterator::len).sum();
        letters == LENGTH || letters == LENGTH + 2 && text.folded.starts_with("it")
    })
}

fn is_of_firm(text: &Text<'_>, span: &Range<usize>) -> bool {
    text.has_near(span, 12, 12, &FIRMS) || firm::speaks_at(text, span)
}

/// The number in a word, also after the letters of the country.
fn read(text: &Text<'_>, word: &Range<usize>) -> Option<(String, Range<usize>)> {
    let written = text.folded.get(word.clone())?;
    let number = written.strip_prefix("it").unwrap_or(written);
    let digits: Vec<u8> = number.bytes().map_while(|byte| byte.is_ascii_digit().then(|| byte - b'0')).collect();
    let start = word.end - number.len();
    let is_part = |mark: Option<&u8>| mark.is_some_and(|mark| b".,:/-+".contains(mark));
    let bytes = text.bytes();
    let continues = start > 1 && is_part(bytes.get(start - 1)) && bytes[start - 2].is_ascii_digit()
        || is_part(bytes.get(word.end)) && bytes.get(word.end + 1).is_some_and(u8::is_ascii_digit);
    let is_valid =
        number.len() == LENGTH && digits.len() == LENGTH && !continues && is_issued(&digits) && is_luhn(&digits);
    is_valid.then(|| (number.to_owned(), start..word.end))
}

/// The number whose digits stand in several words that begin with this one.
fn cut(text: &Text<'_>, word: &Range<usize>) -> Option<(String, Range<usize>)> {
    let written = text.folded.get(word.clone())?;
    let start = word.end - written.strip_prefix("it").unwrap_or(written).len();
    let code = text.code_at(start, LENGTH, LARGEST_GAP);
    let end = code.end(LENGTH, text)?;
    let digits: Vec<u8> = code.letters.iter().filter(|byte| byte.is_ascii_digit()).map(|byte| byte - b'0').collect();
    let is_valid = digits.len() == LENGTH && is_issued(&digits) && is_luhn(&digits);
    is_valid.then(|| (code.letters.iter().map(|&digit| char::from(digit)).collect(), start..end))
}

/// Whether the first seven digits count a taxpayer and the next three name an office that issues numbers.
fn is_issued(digits: &[u8]) -> bool {
    let office = digits[7..10].iter().fold(0, |number, &digit| number * 10 + u32::from(digit));
    digits[..7].iter().any(|&digit| digit > 0) && matches!(office, 1..=100 | 120 | 121 | 888 | 999)
}

#[cfg(test)]
mod tests {
    use super::super::{Contact, Contacts, Set, find_all};
    use super::*;

    fn found(text: &str) -> Option<Detector> {
        let wanted = [Detector::PersonVat, Detector::FirmVat, Detector::VatNumber];
        let wanted = wanted.into_iter().fold(Set::EMPTY, Set::with);
        let mut found = None;
        let own = Contacts(vec![Contact::Vat("12345670017".into())]);
        find_all(text, &|_| false, &own, wanted, |detector, _| found = found.or(Some(detector)));
        found
    }

    #[test]
    fn the_words_around_a_number_say_whose_it_is() {
        for (text, detector) in [
            ("01333550323", Detector::VatNumber),
            ("p.iva it01333550323", Detector::VatNumber),
            ("la sua p. iva e 01333550323", Detector::PersonVat),
            ("la mia p.iva 013 335 503-23", Detector::PersonVat),
            ("la mia piva it01333550323", Detector::PersonVat),
            ("la mia partitaiva01333550323", Detector::PersonVat),
            ("p.iva 01.33.35.50.32/3", Detector::VatNumber),
            ("della rossi s.r.l., p.iva 01333550323", Detector::FirmVat),
        ] {
            assert_eq!(found(text), Some(detector), "{text}");
        }
    }

    #[test]
    fn other_figures_and_our_own_are_none() {
        for text in [
            "013 335 503 23",
            "https://a.example/01333550323",
            "01333550324",
            "00000000000",
            "00000000018",
            "prot. 01333550323",
            "1.01333550323",
            "p.iva 12345670017",
        ] {
            assert_eq!(found(text), None, "{text}");
        }
    }
}
