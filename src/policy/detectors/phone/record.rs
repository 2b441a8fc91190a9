//! Figures that look like telephone numbers and are the numbers of records, or amounts.

use std::ops::Range;
use std::sync::LazyLock;

use super::super::text::{Text, Words};
use super::{NUMBER_WORDS, PHONE_WORDS, SOMEONES};

/// How sure it is that a figure is something else than a telephone number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Sureness {
    Certain,
    Doubtful,
}

/// Nouns whose numbers are not those of telephones.
static NOUNS: LazyLock<Words> = LazyLock::new(|| {
    Words::of(
        "errore errori error err bug codice codici cod code prot protocollo protocolli pratica pratiche rea quietanza \
     quietanze ordine ordini fattura fatture bolletta bollette bollettino bollettini ticket iuv cup cig cui rup nre \
     riga righe colonna tabella pagina pagine pag pagg totale bando decreto avviso avvisi ricevuta ricevute polizza domanda istanza fascicolo \
     sdi matricola matricole posizione rif riferimento repertorio delibera delibere deliberazione determina \
     determinazione ordinanza circolare sentenza ricorso verbale multa contravvenzione cartella accertamento utenza \
     contratto tessera badge lotto lotti iva piva ateco conto conti postale ccp cc iban bic abi cab isbn issn doi ean \
     upc sku asin tracking spedizione spedizioni pacco registro registrazione id ids identificativo identificativi \
     raccomandata cliente seriale serial sn imei imsi iccid brevetto brevetti marchio deposito modello versione release \
     build commit articolo atto atti rogito particella mappale foglio subalterno telaio contatore pod pdr commessa \
     preventivo bolla ddt awb cro trn transazione operazione versamento pagamento f24 mav rav tributo quota rata mutuo \
     bonifico distinta mandato reversale prenotazione pnr biglietto biglietti volo treno riunione meeting webinar zoom \
     annuncio candidatura sinistro denuncia querela causa rg licenza concessione autorizzazione certificato attestato \
     visura bilancio lettura abbonamento sim pin puk otp token qr barre mac porta job uid guid uuid sessione session \
     segnalazione reclamo incident iscrizione iscrizioni adesione estrazione",
    )
});
/// Words for money, before a figure.
static MONEY: LazyLock<Words> = LazyLock::new(|| {
    Words::of(
        "euro eur dollari usd sterline gbp franchi chf lire importo importi somma valore capitale fatturato ricavi utile \
     utili perdita perdite prezzo costo costi spesa budget stanziamento stanziati dotazione pari popolazione",
    )
});
/// What a figure counts, right after it.
static UNITS: LazyLock<Words> = LazyLock::new(|| {
    Words::of(
        "euro eur dollari usd sterline franchi chf lire mila milioni miliardi mln mld abitanti imprese voti kg mq km gb mb \
     tb kb byte bytes kwh mwh kw mw tonnellate litri ettari metri visualizzazioni persone utenti iscritti follower \
     pezzi copie clienti click download like views",
    )
});
/// Words that may stand between a noun and its number.
static LINKS: LazyLock<Words> = LazyLock::new(|| {
    Words::of("n nr num numero number no di del dello della dell dei d e il la lo al con da in ha is era sia seguente")
});
/// How far before a figure the noun may stand.
const DISTANCE: usize = 6;
/// How many other words may stand between a noun and its number without doubt.
const MOST_BETWEEN: usize = 1;
/// The longest word before a full stop that may be an abbreviation.
const LONGEST_ABBREVIATION: usize = 5;

/// Whether a figure is the number of a record or an amount, by what stands around it.
pub(super) fn announced(text: &Text<'_>, span: &Range<usize>) -> Option<Sureness> {
    if is_amount(text, span) {
        return Some(Sureness::Certain);
    }
    let has_country = text.bytes().get(span.start) == Some(&b'+');
    if has_country { None } else { record(text, span) }
}

/// Whether a currency or a unit stands beside a figure.
fn is_amount(text: &Text<'_>, span: &Range<usize>) -> bool {
    let before = text.folded.get(..span.start).unwrap_or_default().trim_end();
    let after = text.folded.get(span.end..).unwrap_or_default().trim_start();
    let currency = |mark: char| matches!(mark, '€' | '$' | '£' | '¥');
    before.ends_with(currency)
        || after.starts_with(currency)
        || after.starts_with('%')
        || text.after(span.end, 1).any(|word| UNITS.has(word))
}

/// Whether a figure is the number of a record: of the words before it in its sentence, the nearest that tells says so.
fn record(text: &Text<'_>, span: &Range<usize>) -> Option<Sureness> {
    let last = text.index_at(span.start);
    let (mut between, mut is_numbered, mut is_apart) = (0, false, false);
    // `n.` right before a figure is the number of something, and of what need not be known.
    let mut is_of_unknown = false;
    let mut next = span.start;
    for at in (last.saturating_sub(DISTANCE)..last).rev() {
        let (word, end) = (text.word(at), text.words().get(at)?.end);
        let gap = text.folded.get(end..next)?;
        let is_number = word.bytes().all(|byte| byte.is_ascii_digit());
        if ends_sentence(word, gap) {
            break;
        }
        // After a comma something else begins, unless it is the next of several numbers.
        is_apart |= gap.contains([',', ';']) && !is_number;
        next = text.words().get(at)?.start;
        let is_someones = || text.before(next, 2).any(|word| SOMEONES.has(word));
        if PHONE_WORDS.has(word) || NUMBER_WORDS.has(word) && is_someones() {
            return None;
        }
        // The groups of an account number, right or wrong, are of no telephone.
        let is_account_head = matches!(word.as_bytes(), [a, b, c, d] if [a, b].iter().all(|byte| byte.is_ascii_lowercase())
            && [c, d].iter().all(|byte| byte.is_ascii_digit()));
        if is_account_head {
            return Some(Sureness::Certain);
        }
        let is_account = word == "c" && at > 0 && text.word(at - 1) == "c";
        let is_noun = NOUNS.has(word) || is_account;
        if is_noun || MONEY.has(word) && between == 0 {
            let is_near = between <= MOST_BETWEEN || is_numbered;
            return Some(if is_near && !is_apart { Sureness::Certain } else { Sureness::Doubtful });
        }
        is_numbered |= matches!(word, "n" | "nr" | "num" | "numero");
        is_of_unknown |= at + 1 == last && matches!(word, "n" | "nr");
        between += usize::from(!LINKS.has(word) && !is_number);
    }
    is_of_unknown.then_some(Sureness::Doubtful)
}

/// Whether a sentence ends between a word and what follows: a full stop may be that of an abbreviation.
fn ends_sentence(word: &str, gap: &str) -> bool {
    let is_stop = gap.contains(". ") && word.len() > LONGEST_ABBREVIATION;
    is_stop || gap.contains("! ") || gap.contains("? ")
}

#[cfg(test)]
mod tests {
    use super::super::super::text::lower;
    use super::*;

    fn announced_in(text: &str) -> Option<Sureness> {
        let start = text.find("34").expect("a figure");
        let end = start + text[start..].bytes().take_while(|byte| byte.is_ascii_digit() || *byte == b' ').count();
        announced(&lower(text), &(start..end.min(text.trim_end().len())))
    }

    #[test]
    fn a_noun_right_before_a_figure_says_what_it_is() {
        for text in [
            "errore 3401234567",
            "errore: 3401234567",
            "l'errore numero 3401234567",
            "cod. 3401234567",
            "prot. gen. n. 3401234567",
            "c/c postale n. 3401234567",
            "c/c 3401234567",
            "la fattura enel n. 3401234567",
            "quietanza 3401234567",
            "euro 3401234567",
            "un importo pari a euro 3401234567",
            "delibera 12 del 3401234567",
            "il mio numero di pratica e 3401234567",
            "3401234567 dollari",
        ] {
            assert_eq!(announced_in(text), Some(Sureness::Certain), "{text}");
        }
    }

    #[test]
    fn one_that_stands_farther_leaves_a_doubt_and_a_telephone_none() {
        for text in ["pratica ferma da mesi 3401234567", "c'e un errore, 3401234567", "ada neri n. 3401234567"] {
            assert_eq!(announced_in(text), Some(Sureness::Doubtful), "{text}");
        }
        for text in [
            "pratica ferma, chiamatemi al 3401234567",
            "ho perso la pratica. 3401234567",
            "per la pratica il mio numero 3401234567",
            "errore! 3401234567",
            "il costo della visura? 3401234567",
        ] {
            assert_eq!(announced_in(text), None, "{text}");
        }
    }
}
