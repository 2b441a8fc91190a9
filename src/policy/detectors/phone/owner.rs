//! Whose a telephone number seems to be, by the words around it.

use std::ops::Range;
use std::sync::LazyLock;

use super::super::text::{Text, Words};
use super::super::{Detector, firm};
use super::{Number, SOMEONES};

/// Words for offices, whose landlines are public.
static OFFICES: LazyLock<Words> = LazyLock::new(|| {
    Words::of(
        "centralino camera cciaa urp sportello ufficio comune municipio prefettura questura tribunale regione provincia \
     inps inail entrate ministero infocamere unioncamere verde",
    )
});
const OFFICE_DISTANCE: usize = 8;
/// Words for services whose numbers are made public, right beside them, and pairs of such words.
static SERVICES: LazyLock<Words> = LazyLock::new(|| {
    Words::of(
        "diretta redazione trasmissione emittente ascoltatori radioascoltatori telespettatori centralino verde \
     numeroverde hotline helpline infoline callcenter",
    )
});
const SERVICE_PAIRS: [[&str; 2]; 8] = [
    ["call", "center"],
    ["sala", "operativa"],
    ["servizio", "clienti"],
    ["assistenza", "clienti"],
    ["numero", "unico"],
    ["pronto", "intervento"],
    ["numero", "verde"],
    ["radio", "studio"],
];
const SERVICE_DISTANCE: usize = 6;
const SERVICE_DISTANCE_AFTER: usize = 2;
/// Words of someone who warns against a caller.
static WARNINGS: LazyLock<Words> = LazyLock::new(|| {
    Words::of(
        "truffatore truffatori truffatrice truffa truffe truffato phishing spam bloccatelo bloccate bloccateli molesto \
     molesta moleste segnalo smishing raggiro",
    )
});
const WARNING_DISTANCE: usize = 14;

/// Whose number it seems to be; `None` for that of a service and for the landline of an office.
pub(super) fn detector(text: &Text<'_>, number: &Number) -> Option<Detector> {
    if text.has_near(&number.span, WARNING_DISTANCE, WARNING_DISTANCE, &WARNINGS) {
        Some(Detector::ReportedPhone)
    } else if is_of_service(text, &number.span) {
        None
    } else if number.is_doubtful {
        Some(Detector::PossiblePhone)
    } else if number.is_disguised {
        Some(Detector::Phone)
    } else if number.digits.starts_with('0') {
        let is_of_office = text.has_near(&number.span, OFFICE_DISTANCE, OFFICE_DISTANCE, &OFFICES);
        (!is_of_office).then_some(Detector::Landline)
    } else if firm::speaks_at(text, &number.span) {
        Some(Detector::FirmPhone)
    } else {
        Some(Detector::Phone)
    }
}

/// Whether the words beside a figure are those of a service that everybody may call.
fn is_of_service(text: &Text<'_>, span: &Range<usize>) -> bool {
    if text.after(span.end, SERVICE_DISTANCE_AFTER).any(|word| SERVICES.has(word)) {
        return true;
    }
    let words: Vec<&str> = text.before(span.start, SERVICE_DISTANCE).collect();
    let is_someones = words.iter().take(4).any(|word| SOMEONES.has(word) || matches!(*word, "mia" | "sua" | "tua"));
    let is_pair = |pair: &[&str]| SERVICE_PAIRS.contains(&[pair[1], pair[0]]);
    !is_someones && (words.iter().any(|word| SERVICES.has(word)) || words.windows(2).any(is_pair))
}
