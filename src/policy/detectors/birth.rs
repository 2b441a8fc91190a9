//! Dates of birth of people who are named.

use std::ops::Range;
use std::sync::LazyLock;

use super::search::Search;
use super::text::{Text, Words};
use super::{Detector, name};

static BORN: LazyLock<Words> = LazyLock::new(|| Words::of("nato nata nascita"));
/// The months.
pub(super) static MONTHS: LazyLock<Words> = LazyLock::new(|| {
    Words::of("gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre")
});
/// Years of birth of people who may be alive.
const YEARS: Range<usize> = 1915..2030;
/// How far from the word for a birth the date may stand, and how far from the two the name.
const DATE_DISTANCE: usize = 9;
const NAME_DISTANCE: usize = 4;
/// Words that may stand between a birth and its date besides a place.
static BETWEEN: LazyLock<Words> = LazyLock::new(|| {
    Words::of(
        "il lo l nel nella in a ad di del della dei d data giorno addi li lunedi martedi mercoledi giovedi venerdi sabato \
     domenica mattina sera notte alba anno provincia prov comune italia",
    )
});
/// Words before a place.
static BEFORE_PLACE: LazyLock<Words> = LazyLock::new(|| Words::of("a ad in presso"));
/// How many words the name of a place may have.
const MOST_PLACE_WORDS: usize = 6;
/// Words that are in no name of a place.
static NO_PLACES: LazyLock<Words> = LazyLock::new(|| {
    Words::of(
        "mesi mese anni giorni ore settimane prima dopo distanza seguito causa esattamente circa che e ma per con da \
     come quando dove sei quindi poi",
    )
});
/// Words beside a name whose dates of birth are history, or those of something that is no person.
static PUBLIC: LazyLock<Words> = LazyLock::new(|| {
    Words::of(
        "morto morta morti scomparso scomparsa deceduto deceduta regista pittore pittrice scultore scultrice scrittore \
     scrittrice poeta poetessa compositore musicista cantante cantautore attore attrice calciatore ciclista campione \
     presidente ministro papa partigiano partigiana fondatore inventore scienziato architetto stilista filosofo ditta \
     azienda associazione societa startup impresa bottega rivista squadra fondazione azienda marchio collaborazione \
     gemellaggio consorzio cooperativa comitato gruppo progetto premio fiera museo scuola istituto",
    )
});
const PUBLIC_DISTANCE: usize = 8;

/// Reports the first date of birth with a name.
pub(super) fn search(search: &mut Search<'_>) {
    if !search.wants(&[Detector::BirthDate]) {
        return;
    }
    let text = search.text;
    for index in 0..text.words().len() {
        if BORN.has(text.word(index))
            && let Some((first, date, last)) = (index + 1..index + DATE_DISTANCE).find_map(|at| date_at(text, at))
            && is_beside(text, index, first)
            && is_named(text, index, last)
            && !text.has_near(&(word_start(text, index)..date.end), PUBLIC_DISTANCE, PUBLIC_DISTANCE, &PUBLIC)
            && let Some(word) = text.words().get(index)
        {
            search.report(Detector::BirthDate, word.start..date.end);
        }
    }
}

fn word_start(text: &Text<'_>, index: usize) -> usize {
    text.words().get(index).map_or(0, |word| word.start)
}

/// Whether nothing but a place and a few small words stands between the word for a birth and the date's first.
fn is_beside(text: &Text<'_>, born: usize, first: usize) -> bool {
    let mut place = 0;
    (born + 1..first).all(|at| {
        let word = text.word(at);
        if BEFORE_PLACE.has(word) {
            place = MOST_PLACE_WORDS;
            return true;
        }
        place = usize::saturating_sub(place, 1);
        let is_of_place = place > 0 || text.is_capitalised(at) || word.len() == 2;
        BETWEEN.has(word) || is_of_place && !NO_PLACES.has(word) && word.bytes().all(|byte| byte.is_ascii_alphabetic())
    })
}

/// Whether a full name stands right before the word for a birth or right after the date.
fn is_named(text: &Text<'_>, born: usize, last: usize) -> bool {
    let before = born.saturating_sub(NAME_DISTANCE)..born;
    let written_small = || {
        let names = (born.saturating_sub(3)..born).filter(|&at| name::is_given(text.word(at)));
        names.count() > 0 && born >= 2
    };
    name::find(text, before).is_some()
        || name::find(text, last + 1..last + 1 + NAME_DISTANCE).is_some()
        || written_small()
}

/// The date whose day is the word with this index, which is given with the index of the year.
fn date_at(text: &Text<'_>, index: usize) -> Option<(usize, Range<usize>, usize)> {
    let number = |at: usize| text.word(at).parse::<usize>().ok();
    let day = number(index).filter(|day| (1..=31).contains(day));
    let month = number(index + 1).filter(|month| (1..=12).contains(month));
    let has_month = month.is_some() || MONTHS.has(text.word(index + 1));
    let year = number(index + 2).filter(|year| YEARS.contains(year) || *year < 100 && text.word(index + 2).len() == 2);
    let span = text.words().get(index)?.start..text.words().get(index + 2)?.end;
    let is_close = span.len() <= 20;
    (day.is_some() && has_month && year.is_some() && is_close).then_some((index, span, index + 2))
}

#[cfg(test)]
mod tests {
    use super::super::{Contacts, Set, find_all};
    use super::*;

    fn found(written: &str) -> Option<&str> {
        let folded = written.to_ascii_lowercase();
        let is_capital = |at: usize| written.as_bytes()[at].is_ascii_uppercase();
        let mut found = None;
        let wanted = Set::EMPTY.with(Detector::BirthDate);
        find_all(&folded, &is_capital, &Contacts::default(), wanted, |_, span| found = Some(&written[span]));
        found
    }

    #[test]
    fn a_date_of_birth_counts_with_a_name() {
        for (text, date) in [
            ("sono Neri Livia nata a Monza il 5/11/1959", "nata a Monza il 5/11/1959"),
            ("NERI Ada, nata il 30.04.1947", "nata il 30.04.1947"),
            ("nato il 3 marzo 1980, Ugo Verdi", "nato il 3 marzo 1980"),
            ("ugo verdi nato il 3-3-80", "nato il 3-3-80"),
            (
                "Ugo Verdi e nato a Reggio nell'Emilia (RE) in data 3/3/1980",
                "nato a Reggio nell'Emilia (RE) in data 3/3/1980",
            ),
            ("ugo verdi nato a cinisello balsamo il 3/3/1980", "nato a cinisello balsamo il 3/3/1980"),
        ] {
            assert_eq!(found(text), Some(date), "{text}");
        }
        for text in [
            "la ditta e nata il 3/3/1980",
            "Giuseppe Verdi nato il 10/10/1813",
            "sono nato nel 1980",
            "Ugo Verdi e Lucia. Nata sei mesi prima, esattamente il 31 ottobre 1984",
            "Ada Neri ricorda: la figlia e nata sei mesi prima, il 31 ottobre 1984",
            "Ugo Verdi ne scrive spesso, e la banca e nata il 3/3/1980",
            "Ugo Verdi, regista, nato a Rimini il 20 gennaio 1920",
            "Ugo Verdi nato il 3/3/1920 e morto il 5/6/1993",
            "la nostra associazione, con Ugo Verdi, nata il 3 marzo 1980",
            "Ugo Verdi nato ieri 1 2 3",
        ] {
            assert_eq!(found(text), None, "{text}");
        }
    }
}
