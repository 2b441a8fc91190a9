//! Names of people.

use std::ops::Range;
use std::sync::LazyLock;

use super::text::{Text, Words};

/// Given names that are frequent in Italy, folded, in alphabetical order, one on each line.
static GIVEN: LazyLock<Vec<&str>> = LazyLock::new(|| include_str!("given_names.txt").lines().collect());
/// Titles before a surname.
static TITLES: LazyLock<Words> = LazyLock::new(|| {
    Words::of(
        "sig signor signora signorina dott dottor dottore dottoressa dottssa dr avv avvocato geom geometra ing prof \
     professore professoressa rag arch notaio maestra maestro",
    )
});
/// Feminine endings that follow the dot of a title.
static TITLE_ENDINGS: LazyLock<Words> = LazyLock::new(|| Words::of("ra ssa na"));
/// Words that open a sentence, or a name of a place or a thing, with a capital and stand beside a given name.
static NOT_SURNAMES: LazyLock<Words> = LazyLock::new(|| {
    Words::of(
        "buongiorno buonasera buon ciao salve grazie caro cara sono mio mia via viale piazza corso san santa santo bar \
     camera comune bravo brava auguri complimenti scusa scusi ma no si non con per il la lo gli le che quando anche \
     dove come perche forza povero povera sentite chiedete gentile egregio sig signor signora trattoria pizzeria \
     ristorante villa palazzo teatro istituto liceo fondazione ospedale premio banca gruppo srl spa snc sas",
    )
});
/// More words in capitals than these around a name mean that everything is in capitals.
const MOST_CAPITALS_AROUND: usize = 2;

/// The first full name among the words with these indices: a given name and a surname, or a title and a surname.
pub(super) fn find(text: &Text<'_>, words: Range<usize>) -> Option<Range<usize>> {
    words.into_iter().find_map(|index| titled(text, index).or_else(|| full(text, index)))
}

/// The first given name and surname among the words with these indices.
pub(super) fn find_full(text: &Text<'_>, words: Range<usize>) -> Option<Range<usize>> {
    words.into_iter().find_map(|index| full(text, index))
}

/// Whether this is a frequent given name.
pub(crate) fn is_given(word: &str) -> bool {
    GIVEN.binary_search(&word).is_ok()
}

/// The full name whose given name is this word.
fn full(text: &Text<'_>, index: usize) -> Option<Range<usize>> {
    if !text.is_capitalised(index) || !is_given(text.word(index)) || shouts(text, index) {
        return None;
    }
    let span = |first: usize, last: usize| Some(text.words().get(first)?.start..text.words().get(last)?.end);
    if is_surname(text, index + 1) && is_beside(text, index) {
        return span(index, index + 1);
    }
    let before = index.checked_sub(1)?;
    (is_surname(text, before) && is_beside(text, before) && !opens_sentence(text, before))
        .then(|| span(before, index))?
}

/// The title and surname that begin with this word.
fn titled(text: &Text<'_>, index: usize) -> Option<Range<usize>> {
    if !TITLES.has(text.word(index)) {
        return None;
    }
    let next = index + 1 + usize::from(TITLE_ENDINGS.has(text.word(index + 1)));
    is_surname(text, next).then(|| Some(text.words().get(index)?.start..text.words().get(next)?.end))?
}

fn is_surname(text: &Text<'_>, index: usize) -> bool {
    let word = text.word(index);
    word.len() > 2
        && text.is_capitalised(index)
        && word.bytes().all(|letter| letter.is_ascii_lowercase())
        && !NOT_SURNAMES.has(word)
}

/// Whether only a space stands between this word and the next.
fn is_beside(text: &Text<'_>, index: usize) -> bool {
    let [word, next] = text.words().get(index..index + 2).unwrap_or_default() else { return false };
    matches!(text.folded.get(word.end..next.start), Some(" " | "'"))
}

/// Whether a word that is not all in capitals opens a sentence, where any word has a capital.
fn opens_sentence(text: &Text<'_>, index: usize) -> bool {
    let Some(word) = text.words().get(index) else { return false };
    let before = text.folded.get(..word.start).unwrap_or_default().trim_end();
    (before.is_empty() || before.ends_with(['.', '!', '?', ':'])) && !text.is_in_capitals(index)
}

/// Whether the words around are all in capitals, so that a capital tells nothing.
fn shouts(text: &Text<'_>, index: usize) -> bool {
    let around = (index.saturating_sub(3)..index + 4).filter(|at| text.is_in_capitals(*at));
    around.count() > 2 + MOST_CAPITALS_AROUND
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(written: &str) -> Option<&str> {
        let folded = written.to_ascii_lowercase();
        let is_capital = |at: usize| written.as_bytes()[at].is_ascii_uppercase();
        let text = Text::new(&folded, &is_capital);
        find(&text, 0..text.words().len()).map(|span| &written[span])
    }

    #[test]
    fn given_names_are_in_order_and_without_repetition() {
        assert!(GIVEN.len() > 300 && GIVEN.is_sorted_by(|a, b| a < b));
    }

    #[test]
    fn full_names_need_capitals_and_a_given_name() {
        for (text, name) in [
            ("quella Lucia Verdi dell'ufficio", "Lucia Verdi"),
            ("sono Bianchi Ugo", "Bianchi Ugo"),
            ("BIANCHI Ugo, nato", "BIANCHI Ugo"),
            ("il sig. Neri e malato", "sig. Neri"),
            ("la dott.ssa Neri", "dott.ssa Neri"),
        ] {
            assert_eq!(found(text), Some(name), "{text}");
        }
        for text in [
            "quella lucia verdi",
            "Grazie Lucia",
            "Ieri Lucia non rispondeva",
            "Camera Arbitrale",
            "SIETE TUTTI COME UGO VERDI E LUCIA",
            "il sig. nessuno",
        ] {
            assert_eq!(found(text), None, "{text}");
        }
    }
}
