//! Street addresses: a kind of street, its name and a number, and who is there.

use std::ops::Range;
use std::sync::LazyLock;

use super::birth::MONTHS;
use super::search::Search;
use super::text::{Text, Words};
use super::{Detector, firm, name};

/// Kinds of streets and of places that are numbered like streets.
static STREETS: LazyLock<Words> = LazyLock::new(|| {
    Words::of(
        "via viale vle corso cso piazza pza pzza piazzale piazzetta vicolo vico largo strada stradone localita loc \
     frazione fraz contrada cda borgo salita lungomare lungarno lungotevere calle traversa rione galleria \
     circonvallazione villaggio cascina bastioni alzaia ripa passaggio regione",
    )
});
/// The same in short, with a dot inside.
const DOTTED_STREETS: &[[&str; 2]] = &[
    ["v", "le"],
    ["c", "so"],
    ["p", "za"],
    ["p", "zza"],
    ["p", "le"],
    ["l", "go"],
    ["c", "da"],
    ["s", "da"],
    ["str", "da"],
];
/// Words of a name that are not a name alone.
static PREPOSITIONS: LazyLock<Words> =
    LazyLock::new(|| Words::of("di del dello della dei degli delle da dal al alla alle ai l d a san la le"));
/// Words that are in no street's name: here `via` is a preposition, or `corso` a course.
static NO_STREETS: LazyLock<Words> = LazyLock::new(|| {
    Words::of(
        "mail email pec web internet telefono telefonica telematica spid app sms whatsapp chat skype zoom teams fax \
     posta video formazione laurea studi aggiornamento base gratuito gratis online inglese livello anno opera fa in \
     per con che e ma non ho hai ha sono si mi vi ci dalle entro ogni circa almeno tra fra oltre solo piu meno \
     libera preferenziale definitiva sicurezza preparazione statale provinciale decreto legge bando articolo art \
     ore un una questo quel altri tutti",
    )
});
/// Words before the number of a house.
static NUMBER_WORDS: LazyLock<Words> = LazyLock::new(|| Words::of("n nr num numero civico no"));
/// Units that make a figure something else than the number of a house.
static UNITS: LazyLock<Words> = LazyLock::new(|| {
    Words::of(
        "euro ore anni anno giorni mesi mese settimane km metri volte minuti persone mila milioni posti lezioni crediti \
     gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre",
    )
});
/// Words that say that somebody lives there.
static LIVING: LazyLock<Words> = LazyLock::new(|| {
    Words::of(
        "abito abita abitiamo abitano abitava vivo vive viviamo vivono risiedo risiede residente residenza \
     domiciliato domiciliata domicilio citofono citofonare suona suonate inquilino inquilina condomino",
    )
});
/// Words that do so after the number.
static LIVING_AFTER: LazyLock<Words> =
    LazyLock::new(|| Words::of("citofono citofonate citofonare suona suonate int interno scala piano appartamento"));
/// Words of someone's, beside `casa` and `indirizzo`.
static SOMEONES: LazyLock<Words> = LazyLock::new(|| Words::of("mia sua tua mio suo tuo nostra loro a"));
/// Words for places where everybody may go.
static PUBLIC: LazyLock<Words> = LazyLock::new(|| {
    Words::of(
        "sede sedi sportello sportelli ufficio uffici camera palazzo evento fiera negozio negozi bar ristorante \
     pizzeria trattoria mostra convegno incontro auditorium parcheggio cantiere lavori buca buche museo teatro \
     mercato farmacia scuola liceo istituto comune municipio biblioteca ospedale stazione fermata srl spa snc sas \
     studio hotel albergo appuntamento aspettiamo aperto presso centro agenzia banca officina punto bottega \
     laboratorio stand sala chiesa parco capannone locale immobile impresa azienda ditta impianto showroom \
     concessionaria unioncamere confartigianato confcommercio confindustria confesercenti coldiretti confagricoltura cna \
     legacoop confcooperative cciaa inps inail caf patronato anagrafe questura prefettura tribunale poste asl consolato \
     ambasciata sindacato cgil cisl uil associazione ordine collegio urp informagiovani infopoint",
    )
});
const WORDS_BEFORE: usize = 10;
const WORDS_AFTER: usize = 8;
const MOST_NAME_WORDS: usize = 6;
const NAME_DISTANCE: usize = 6;

/// Reports the first address where somebody lives, and the first of which it is not said who is there.
pub(super) fn search(search: &mut Search<'_>) {
    if !search.wants(&[Detector::Address, Detector::StreetAddress]) {
        return;
    }
    let text = search.text;
    let mut index = 0;
    while index < text.words().len() {
        let Some(found) = Address::at(text, index) else {
            index += 1;
            continue;
        };
        if !search.own.has_address(&found.place) {
            match found.of_whom(text, index) {
                Some(true) => search.report(Detector::Address, found.span.clone()),
                None if found.has_town => search.report(Detector::StreetAddress, found.span.clone()),
                _ => {}
            }
        }
        index = text.index_at(found.span.end).max(index + 1);
    }
}

/// The street and number with which a folded text begins.
pub(super) fn parse(text: &Text<'_>) -> Option<String> {
    Address::at(text, 0).filter(|found| found.span.start == 0).map(|found| found.place)
}

struct Address {
    span: Range<usize>,
    /// The words of the street's name and the number.
    place: String,
    has_town: bool,
}

impl Address {
    /// The address that begins with this word.
    fn at(text: &Text<'_>, index: usize) -> Option<Self> {
        let start = text.words().get(index)?.start;
        let first = first_of_name(text, index)?;
        let mut name: Vec<&str> = Vec::new();
        for at in first..first + MOST_NAME_WORDS {
            let word = text.word(at);
            let gap = gap_before(text, at)?;
            if NUMBER_WORDS.has(word) && is_house_number(text.word(at + 1)) {
                return Self::ending(text, start, name, at + 1);
            }
            if is_house_number(word) {
                let is_date = at == first && MONTHS.has(text.word(at + 1));
                if !is_date {
                    return Self::ending(text, start, name, at);
                }
            } else if !word.starts_with(|letter: char| letter.is_alphabetic()) || NO_STREETS.has(word) {
                return None;
            }
            // After a comma only the number may follow.
            if gap.contains(',') && at > first || !gap.bytes().all(|byte| b" .,'".contains(&byte)) || gap.len() > 2 {
                return None;
            }
            name.push(word);
        }
        None
    }

    /// The address with this number, unless the figure counts something.
    fn ending(text: &Text<'_>, start: usize, name: Vec<&str>, number: usize) -> Option<Self> {
        if name.iter().all(|word| PREPOSITIONS.has(word)) {
            return None;
        }
        let figure = text.words().get(number)?;
        let gap = gap_before(text, number)?;
        if gap.len() > 3 || !gap.bytes().all(|byte| b" .,'-/".contains(&byte)) {
            return None;
        }
        let bytes = text.bytes();
        let continues = match bytes[figure.end..] {
            [b'%', ..] => true,
            [mark, digit, ..] => b".,:".contains(&mark) && digit.is_ascii_digit(),
            _ => false,
        };
        let after = text.folded.get(figure.end..)?.trim_start();
        if continues || after.starts_with('€') || UNITS.has(text.word(number + 1)) {
            return None;
        }
        let has_suffix = matches!(bytes.get(figure.end), Some(b'/')) && text.word(number + 1).len() <= 3;
        let last = number + usize::from(has_suffix);
        let town = town_after(text, last + 1);
        let end = text.words().get(town.unwrap_or(last))?.end;
        let digits: String = text.word(number).chars().take_while(char::is_ascii_digit).collect();
        Some(Self { span: start..end, place: format!("{} {digits}", name.join(" ")), has_town: town.is_some() })
    }

    /// Whether somebody lives there (`true`) or everybody may go there (`false`), if anything tells.
    fn of_whom(&self, text: &Text<'_>, index: usize) -> Option<bool> {
        let first = index.saturating_sub(WORDS_BEFORE);
        let told_before = (first..index).rev().find_map(|at| {
            let (word, next) = (text.word(at), text.word(at + 1));
            let is_someones = |at: usize| SOMEONES.has(text.word(at));
            let lives = LIVING.has(word)
                || matches!(word, "sto" | "sta" | "stanno") && matches!(next, "in" | "a" | "al")
                || matches!(word, "casa" | "indirizzo") && (is_someones(at + 1) || at > 0 && is_someones(at - 1));
            (lives || PUBLIC.has(word)).then_some(lives)
        });
        // A floor or a staircase may be that of an office, a bell is not, unless it is said whose.
        let told_after = || {
            let after: Vec<&str> = text.after(self.span.end, WORDS_AFTER).collect();
            if after.windows(2).any(|pair| LIVING_AFTER.has(pair[0]) && PUBLIC.has(pair[1])) {
                return Some(false);
            }
            let has = |words: &Words| after.iter().any(|word| words.has(word));
            [(&LIVING, true), (&PUBLIC, false), (&LIVING_AFTER, true)]
                .into_iter()
                .find_map(|(words, lives)| has(words).then_some(lives))
        };
        let is_of_firm = || firm::speaks_at(text, &self.span).then_some(false);
        let is_named = || name::find_full(text, index.saturating_sub(NAME_DISTANCE)..index).map(|_| true);
        told_before.or_else(told_after).or_else(is_of_firm).or_else(is_named)
    }
}

/// The index of the first word of a street's name, when a kind of street stands at this index.
fn first_of_name(text: &Text<'_>, index: usize) -> Option<usize> {
    let (word, next) = (text.word(index), text.word(index + 1));
    if STREETS.has(word) {
        return Some(index + 1);
    }
    let is_dotted = || DOTTED_STREETS.contains(&[word, next]) && gap_before(text, index + 1) == Some(".");
    is_dotted().then_some(index + 2)
}

/// What stands between the word with this index and the one before it.
fn gap_before<'t>(text: &Text<'t>, index: usize) -> Option<&'t str> {
    let before = text.words().get(index.checked_sub(1)?)?;
    text.folded.get(before.end..text.words().get(index)?.start)
}

/// Whether this is the number of a house: up to four digits, perhaps with a letter or `bis`.
fn is_house_number(word: &str) -> bool {
    let digits = word.bytes().take_while(u8::is_ascii_digit).count();
    (1..=4).contains(&digits) && matches!(&word[digits..], "" | "a" | "b" | "c" | "d" | "e" | "f" | "bis" | "ter")
}

/// The index of the word with which a postal code and town end that begin at this index or after a preposition.
fn town_after(text: &Text<'_>, index: usize) -> Option<usize> {
    let follows = gap_before(text, index)?.bytes().all(|byte| b" ,-(/".contains(&byte));
    let is_capital = |at: usize| text.word(at).len() > 2 && text.is_capitalised(at);
    let word = text.word(index);
    if !follows {
        return None;
    }
    if word.len() == 5 && word.bytes().all(|byte| byte.is_ascii_digit()) {
        let has_name = gap_before(text, index + 1).is_some_and(|gap| gap.len() < 4) && is_capital(index + 1);
        return Some(index + usize::from(has_name));
    }
    if matches!(word, "a" | "ad" | "in") {
        return is_capital(index + 1).then_some(index + 1);
    }
    is_capital(index).then_some(index)
}

#[cfg(test)]
mod tests {
    use super::super::{Contact, Contacts, Set, find_all};
    use super::*;

    fn found(written: &str) -> Option<(Detector, &str)> {
        let folded = written.to_ascii_lowercase();
        let is_capital = |at: usize| written.as_bytes()[at].is_ascii_uppercase();
        let own = Contacts(vec![Contact::Address("dei mercanti 9".into())]);
        let wanted = Set::EMPTY.with(Detector::Address).with(Detector::StreetAddress);
        let mut found = None;
        find_all(&folded, &is_capital, &own, wanted, |detector, span| {
            found = found.or(Some((detector, &written[span])))
        });
        found
    }

    #[test]
    fn where_somebody_lives_is_an_address() {
        for (text, address) in [
            ("Abito in via delle Rose 14 scala B", "via delle Rose 14"),
            ("sto in via Po 9 a Monza, citofono Neri", "via Po 9 a Monza"),
            ("il Neri Ugo, via Manin 3 Casate", "via Manin 3 Casate"),
            ("casa mia: v.le Brianza, n. 12/B", "v.le Brianza, n. 12/B"),
            ("vive in piazza 4 novembre 7", "piazza 4 novembre 7"),
        ] {
            assert_eq!(found(text), Some((Detector::Address, address)), "{text}");
        }
    }

    #[test]
    fn a_street_with_number_and_town_is_in_doubt() {
        let doubt = Some((Detector::StreetAddress, "via Po 9, 20900 Monza"));
        assert_eq!(found("c'e un gatto in via Po 9, 20900 Monza"), doubt);
        assert_eq!(found("c'e un gatto in via Po 9"), None);
    }

    #[test]
    fn public_places_courses_and_prepositions_are_none() {
        for text in [
            "la sede di via Po 9, Monza",
            "lo sportello di via Po 9, secondo piano",
            "il cantiere vicino a via Po 9, Monza",
            "Neri Ugo srl, via Po 9 Monza",
            "abito vicino allo sportello di via Po 9, Monza",
            "vivo in via dei Mercanti 9",
            "inviato via PEC 3 volte",
            "corso di formazione 2024",
            "abito qui, corso gratuito 20 ore",
            "vivo in via Po 12,50 euro",
            "per via dei 3 mesi",
        ] {
            assert_eq!(found(text), None, "{text}");
        }
    }
}
