//! Numbers of personal documents and number plates.
//!
//! Some of their shapes are those of many other codes: only a word beside them makes such a number certain.

use std::ops::Range;
use std::sync::LazyLock;

use super::Detector;
use super::search::Search;
use super::text::{Text, Words};

/// Words beside which the shapes of older plates count, too.
static OLD_PLATE_WORDS: LazyLock<Words> = LazyLock::new(|| Words::of("targa targhe targata targato"));
static PLATE_WORDS: LazyLock<Words> = LazyLock::new(|| {
    Words::of(
        "targa targhe targata targato targate auto macchina macchine suv panda moto motorino scooter furgone furgoncino \
     camion veicolo vettura audi bmw mercedes fiat golf volkswagen ford renault jeep parcheggiata \
     parcheggiato parcheggia",
    )
});
static LICENCE_WORDS: LazyLock<Words> = LazyLock::new(|| Words::of("patente patenti license licence licenza"));
static IDENTITY_WORDS: LazyLock<Words> = LazyLock::new(|| Words::of("cie identita cartaidentita documento"));
static PASSPORT_WORDS: LazyLock<Words> = LazyLock::new(|| Words::of("passaporto passaporti passport"));
static HEALTH_WORDS: LazyLock<Words> = LazyLock::new(|| Words::of("sanitaria sanitario tesserasanitaria team tessera"));
/// Words whose codes have any shape.
static RECORD_WORDS: LazyLock<Words> = LazyLock::new(|| {
    Words::of(
        "rea prot protocollo pratica codice cod promo sconto modello bando cup cig ordine fattura domanda istanza sdi \
     art articolo ricevuta lotto brevetto marchio rif tracking matricola volo treno iscrizione numero",
    )
});
/// Codes of provinces: before a number they make an entry of the register of companies.
static PROVINCES: LazyLock<Words> = LazyLock::new(|| {
    Words::of(
        "ag al an ao ap aq ar at av ba bg bi bl bn bo br bs bt bz ca cb ce ch cl cn co cr cs ct cz en fc fe \
    fg fi fm fr ge go gr im is kr lc le li lo lt lu mb mc me mi mn mo ms mt na no nu og or pa pc pd pe pg pi pn po pr pt pu \
    pv pz ra rc re rg ri rm rn ro sa si so sp sr ss su sv ta te tn to tp tr ts tv ud va vb vc ve vi vr vt vv",
    )
});
/// Words and units of two letters.
static SHORT_WORDS: LazyLock<Words> = LazyLock::new(|| {
    Words::of(
        "ad ai al ci da de di ed gb gr ha hp ho il in io kg km kw la le li lo ma mb mi ml mm mq ne nm no od ok or se si su \
     ti tu un va vi cc cm cv do fa fu go ve",
    )
});
/// How far from a number a word may stand that says what it is.
const BEFORE: usize = 6;
const AFTER: usize = 3;
const LONGEST: usize = 10;
/// How many separators may stand between two characters.
const LARGEST_GAP: usize = 3;

/// Reports the first number of each kind.
pub(super) fn search(search: &mut Search<'_>) {
    let text = search.text;
    let bytes = text.bytes();
    for word in text.words() {
        // With separators the first digit of all these codes is at most so far away.
        let near = &bytes[word.start..(word.start + LONGEST + LARGEST_GAP).min(bytes.len())];
        if !near.iter().any(u8::is_ascii_digit) || text.is_in_link(word.start) {
            continue;
        }
        let found = health_card(text, word.start).or_else(|| document(text, word.start));
        if let Some((detector, span)) = found {
            search.take(span.clone());
            search.report(detector, span);
        }
    }
}

/// Twenty digits that begin with the code of the Italian health service (EN 1867: 80, country 380).
fn health_card(text: &Text<'_>, start: usize) -> Option<(Detector, Range<usize>)> {
    if text.bytes().get(start) != Some(&b'8') {
        return None;
    }
    let code = text.code_at(start, 20, LARGEST_GAP);
    let end = code.end(20, text)?;
    let is_number = code.letters.iter().all(u8::is_ascii_digit) && code.letters.starts_with(b"80380");
    let is_grouped = text.index_at(end) - text.index_at(start) > 1;
    let is_named = || text.has_near(&(start..end), BEFORE, AFTER, &HEALTH_WORDS);
    (is_number && (!is_grouped || is_named())).then_some((Detector::HealthCard, start..end))
}

/// The document or plate whose number starts here.
fn document(text: &Text<'_>, start: usize) -> Option<(Detector, Range<usize>)> {
    let code = text.code_at(start, LONGEST, LARGEST_GAP);
    let span = |shape: &str| {
        let letters = code.letters.get(..shape.len())?;
        let end = code.end(shape.len(), text)?;
        (has_shape(letters, shape) && is_code(text, start..end)).then_some(start..end)
    };
    let named = |span: &Range<usize>, words: &Words| text.has_near(span, BEFORE, AFTER, words);
    let is_of_identity_card = |span: &Range<usize>| {
        let before: Vec<&str> = text.before(span.start, 2).collect();
        named(span, &IDENTITY_WORDS) || before.first() == Some(&"ci") || before == ["i", "c"]
    };
    // Without a word beside it a number counts only when it is written together and is of no record.
    let unnamed = |span: Range<usize>| {
        let is_together = text.index_at(span.end) - text.index_at(span.start) == 1;
        let is_of_record = text.has_near(&span, 3, 0, &RECORD_WORDS);
        (is_together && !is_of_record).then_some((Detector::DocumentNumber, span))
    };
    if let Some(span) = span("aa#######a").or_else(|| recent_licence(text, &code.letters, start)) {
        return if named(&span, &LICENCE_WORDS) { Some((Detector::DrivingLicence, span)) } else { unnamed(span) };
    }
    if let Some(span) = span("aa#####aa").or_else(|| span("#######aa")) {
        return if is_of_identity_card(&span) { Some((Detector::IdentityCard, span)) } else { unnamed(span) };
    }
    if let Some(span) = span("aa#######") {
        if named(&span, &PASSPORT_WORDS) {
            return Some((Detector::Passport, span));
        }
        if is_of_identity_card(&span) && !text.has_near(&span, 3, 0, &RECORD_WORDS) {
            return Some((Detector::IdentityCard, span));
        }
        return if is_province(&code.letters) { None } else { unnamed(span) };
    }
    if let Some(span) = span("aa###aa").filter(|_| code.letters[..7].iter().all(|letter| !b"ioqu".contains(letter))) {
        return if named(&span, &PLATE_WORDS) { Some((Detector::Plate, span)) } else { unnamed(span) };
    }
    // Motorcycles, and cars from before 1994.
    let old = span("aa######").filter(|_| is_province(&code.letters)).or_else(|| span("aa#####"));
    old.filter(|span| text.has_near(span, 3, 0, &OLD_PLATE_WORDS)).map(|span| (Detector::Plate, span))
}

/// A licence of the kind issued since 2013: `u1`, seven characters without vowels and a letter.
fn recent_licence(text: &Text<'_>, letters: &[u8], start: usize) -> Option<Range<usize>> {
    let (head, rest) = letters.split_at_checked(2)?;
    let (middle, last) = rest.split_at_checked(7)?;
    let is_valid = head == b"u1"
        && middle.iter().all(|letter| letter.is_ascii_digit() || !b"aeioqv".contains(letter))
        && middle.iter().any(u8::is_ascii_digit)
        && last.first().is_some_and(u8::is_ascii_lowercase);
    let end = text.code_at(start, LONGEST, LARGEST_GAP).end(LONGEST, text)?;
    is_valid.then_some(start..end)
}

/// Whether the groups of letters in a code are no words of a sentence, such as "da 100 km".
fn is_code(text: &Text<'_>, span: Range<usize>) -> bool {
    let groups = text.index_at(span.start)..text.index_at(span.end);
    groups.len() == 1 || groups.into_iter().all(|at| !SHORT_WORDS.has(text.word(at)) || text.is_in_capitals(at))
}

fn is_province(letters: &[u8]) -> bool {
    letters.first_chunk().and_then(|code: &[u8; 2]| str::from_utf8(code).ok()).is_some_and(|code| PROVINCES.has(code))
}

/// Whether these have a letter for each `a` of the shape and a digit for each `#`.
fn has_shape(letters: &[u8], shape: &str) -> bool {
    letters.iter().zip(shape.bytes()).all(|(letter, kind)| match kind {
        b'#' => letter.is_ascii_digit(),
        _ => letter.is_ascii_lowercase(),
    })
}

#[cfg(test)]
mod tests {
    use super::super::{Contacts, Set, find_all};
    use super::*;

    fn found(text: &str) -> Option<(Detector, &str)> {
        let wanted = Detector::ALL.into_iter().fold(Set::EMPTY, Set::with);
        let mut found = None;
        find_all(text, &|_| false, &Contacts::default(), wanted, |detector, span| {
            found = found.or(Some((detector, &text[span])));
        });
        found
    }

    #[test]
    fn a_word_says_which_document_it_is() {
        for (text, detector, number) in [
            ("targa gx 123 zz", Detector::Plate, "gx 123 zz"),
            ("panda bianca gx123zz", Detector::Plate, "gx123zz"),
            ("targa bo 123456", Detector::Plate, "bo 123456"),
            ("targa g x 1 2 3 z z", Detector::Plate, "g x 1 2 3 z z"),
            ("targa gx / 123 / zz", Detector::Plate, "gx / 123 / zz"),
            ("targagx123zz", Detector::Plate, "gx123zz"),
            ("patente: u1-k12.h345/x", Detector::DrivingLicence, "u1-k12.h345/x"),
            ("tessera sanitaria 80380-00123/45678 90123", Detector::HealthCard, "80380-00123/45678 90123"),
            ("c.i. ca 12345 zz", Detector::IdentityCard, "ca 12345 zz"),
            ("carta d'identita ar1234567", Detector::IdentityCard, "ar1234567"),
            ("passaporto ya1234567", Detector::Passport, "ya1234567"),
            ("patente u1k12h345x", Detector::DrivingLicence, "u1k12h345x"),
            ("patente mi1234567z", Detector::DrivingLicence, "mi1234567z"),
            ("tessera 80380001234567890123", Detector::HealthCard, "80380001234567890123"),
            ("ecco gx123zz", Detector::DocumentNumber, "gx123zz"),
        ] {
            assert_eq!(found(text), Some((detector, number)), "{text}");
        }
    }

    #[test]
    fn records_and_other_codes_are_none() {
        for text in [
            "rea mi 1234567",
            "mi1234567",
            "codice gx123zz",
            "usa gx 123 zz",
            "cig z1234567ab",
            "u1h00a000b",
            "iso9001",
        ] {
            assert_eq!(found(text), None, "{text}");
        }
    }
}
