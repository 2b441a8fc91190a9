//! Whether a firm or an office speaks of itself: its contacts are public.

use std::ops::Range;
use std::sync::LazyLock;

use super::text::{Text, Words};

/// Words that only a firm or an office uses of itself.
static FIRMS: LazyLock<Words> = LazyLock::new(|| {
    Words::of(
        "srl srls spa snc sas scarl coop assumiamo offriamo realizziamo spediamo consegniamo preventivo preventivi \
     catalogo clienti clientela negozio bottega officina ristorante pizzeria trattoria osteria hotel albergo \
     agriturismo agenzia carrozzeria falegnameria torneria panificio caseificio frantoio cantina tipografia \
     concessionaria showroom centralino segreteria sportello associazione consorzio cooperativa fondazione",
    )
});
/// Legal forms with a dot after each letter, as their last letters.
const DOTTED_FORMS: [[&str; 3]; 4] = [["s", "r", "l"], ["s", "p", "a"], ["s", "n", "c"], ["s", "a", "s"]];
/// Nouns of a firm: after `OURS` they say that it speaks of itself.
static NOUNS: LazyLock<Words> =
    LazyLock::new(|| Words::of("azienda ditta impresa societa studio sede ufficio laboratorio attivita sito team"));
static OURS: LazyLock<Words> = LazyLock::new(|| Words::of("nostra nostro nostri nostre"));
/// Kinds of a professional's office, after `studio`.
static OFFICES: LazyLock<Words> =
    LazyLock::new(|| Words::of("legale notarile tecnico dentistico medico commerciale professionale associato"));
/// Words that make a number that follows someone's own.
static SOMEONES: LazyLock<Words> = LazyLock::new(|| Words::of("mio mia suo sua tuo tua privato personale"));

const WORDS_BEFORE: usize = 25;
const WORDS_AFTER: usize = 12;

/// Whether a firm or an office speaks around this span, and not of one person's own contact.
pub(super) fn speaks_at(text: &Text<'_>, span: &Range<usize>) -> bool {
    if text.before(span.start, 4).any(|word| SOMEONES.has(word)) {
        return false;
    }
    let first = text.index_at(span.start).saturating_sub(WORDS_BEFORE);
    let last = text.index_at(span.end) + WORDS_AFTER;
    (first..last).any(|at| {
        let (word, next) = (text.word(at), text.word(at + 1));
        FIRMS.has(word)
            || NOUNS.has(word) && at > 0 && OURS.has(text.word(at - 1))
            || word == "studio" && OFFICES.has(next)
            || DOTTED_FORMS.contains(&[word, next, text.word(at + 2)])
    })
}

#[cfg(test)]
mod tests {
    use super::super::text::lower;
    use super::*;

    fn speaks(text: &str) -> bool {
        let at = text.find('#').expect("a mark");
        speaks_at(&lower(text), &(at..at + 1))
    }

    #[test]
    fn a_firm_names_its_form_its_trade_or_its_house() {
        for text in [
            "rossi s.r.l. tel #",
            "bianchi snc, #",
            "la nostra azienda risponde al #",
            "studio legale verdi #",
            "# per preventivi",
        ] {
            assert!(speaks(text), "{text}");
        }
        for text in
            ["chiamatemi al #", "la mia impresa e chiusa, #", "il negozio e chiuso, il suo cellulare e #", "studio #"]
        {
            assert!(!speaks(text), "{text}");
        }
    }
}
