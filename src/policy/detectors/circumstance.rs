//! A full name and something from that person's private life: a person must decide whether it may stay.

use super::search::Search;
use super::{Detector, name};

/// Beginnings of the words that tell one.
const STEMS: &str = "malat tumor cancro leucem hiv sieropos depress esaurit psichiatr ricovera alcolizz alcolist drogat tossicodip \
     divorzi separat tradisce amante incinta abort disabil invalid licenziat indebitat debit moros protestat \
     pignorat arrestat condannat indagat denunciat pregiudicat galera carcere omosessual lesbica stipendio";
/// Pairs of words that do.
const PAIRS: [[&str; 2]; 3] = [["in", "cura"], ["assistenti", "sociali"], ["legge", "104"]];
/// How far from each other the two may stand.
const DISTANCE: usize = 12;

/// What a text with such a circumstance has.
pub(super) fn keywords() -> impl Iterator<Item = String> {
    STEMS.split_ascii_whitespace().map(str::to_owned).chain(PAIRS.iter().map(|pair| pair.join(" ")))
}

/// Reports the first name with such a word near.
pub(super) fn search(search: &mut Search<'_>) {
    if !search.wants(&[Detector::PrivateCircumstance]) {
        return;
    }
    let text = search.text;
    for index in 0..text.words().len() {
        let (word, next) = (text.word(index), text.word(index + 1));
        let tells = STEMS.split_ascii_whitespace().any(|stem| word.starts_with(stem)) || PAIRS.contains(&[word, next]);
        if tells && let Some(span) = name::find(text, index.saturating_sub(DISTANCE)..index + DISTANCE) {
            search.report(Detector::PrivateCircumstance, span);
            return;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Contacts, find_all};
    use super::*;
    use crate::detectors::Set;

    fn found(written: &str) -> Option<&str> {
        let folded = written.to_ascii_lowercase();
        let is_capital = |at: usize| written.as_bytes()[at].is_ascii_uppercase();
        let mut found = None;
        let wanted = Set::EMPTY.with(Detector::PrivateCircumstance);
        find_all(&folded, &is_capital, &Contacts::default(), wanted, |_, span| found = Some(&written[span]));
        found
    }

    #[test]
    fn a_name_and_a_private_matter_are_found_together() {
        assert_eq!(found("il marito di Lucia Verdi ha un tumore"), Some("Lucia Verdi"));
        assert_eq!(found("il sig. Neri e in cura da mesi"), Some("sig. Neri"));
        assert_eq!(found("mio zio ha un tumore"), None);
        assert_eq!(found("Lucia Verdi e stata gentile"), None);
    }
}
