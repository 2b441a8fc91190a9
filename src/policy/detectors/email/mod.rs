//! E-mail addresses, also with words or spaces in place of the at sign and the dots.

mod bare;
mod domain;
mod local;
mod sign;

use std::ops::Range;
use std::sync::LazyLock;

pub(super) use self::domain::is_domain;
use self::domain::{Domain, PROVIDERS};
use self::local::Local;
use self::sign::{At, signs};
use super::search::Search;
use super::text::{Text, Words};
use super::{Detector, firm};

/// What a text with an address has if it has no `@` and no digit.
pub(super) const KEYWORDS: &[&str] = &[
    "(at)",
    "[at]",
    "{at}",
    " at ",
    "_at_",
    "-at-",
    "(a)",
    "arroba",
    "chiocc",
    "gmail",
    "hotmail",
    "yahoo",
    "icloud",
    "protonmail",
    "inwind",
    "libero.",
    "libero it",
    "libero punto",
    "libero dot",
    "virgilio.",
    "virgilio it",
    "tiscali.",
    "tiscali it",
    "outlook.",
    "outlook com",
    "outlook it",
    "<at>",
    "|at|",
    "\"at\"",
    "'at'",
    "/at/",
    "*at*",
    "(et)",
    "%40",
    " punto com",
    " punto it",
    " dot com",
    " dot it",
    "puntocom",
    "puntoit",
    "dotcom",
    "dotit",
];

/// The longest address that mail allows (RFC 5321, section 4.5.3.1).
const LONGEST: usize = 254;
/// Words for a dot.
static DOT_WORDS: LazyLock<Words> = LazyLock::new(|| Words::of("punto dot"));
/// Words before `a gmail punto com` that are no first part of an address.
static NO_LOCALS: LazyLock<Words> = LazyLock::new(|| {
    Words::of(
        "scrivi scrivete scrivere scritto scrivo scrive scrivono mail email indirizzo indirizzi iscritto iscritta inviato \
     inviate inviare invio mandato mandate mandare manda mandano invia inviano passato passare passa accesso accedo \
     accedere torno torna grazie account profilo utente casella caselle posta dominio domini provider server sito \
     google accountgmail usa uso usano usate usava ha ho hanno aveva con di da su in per ed o oppure tramite via dice \
     controlla apre vede legge riceve preferisce lavora al alla del della dal dalla sul sulla nel nella non si mi ti ci \
     vi lo la le gli il un una i che chi come anche solo ora poi sempre fa va sta vuole odia ama consiglia personale \
     aziendale vecchia vecchio nuova nuovo privata privato ordinaria certificata gratuita normale secondaria principale \
     mia mio sua suo tua tuo nostra nostro vostra vostro questa questo quella quello tipo solito solita servizio \
     caro cara ciao buongiorno salve",
    )
});
/// First parts of addresses that belong to a function, not to a person.
static FUNCTIONS: LazyLock<Words> = LazyLock::new(|| {
    Words::of(
        "info informazioni amministrazione commerciale vendite segreteria risorse risorseumane hr cv curriculum \
     contatti contatto ufficio ufficiostampa direzione prenotazioni booking reception ordini assistenza support \
     supporto marketing jobs lavoro lavoraconnoi urp protocollo pec postacertificata redazione stampa shop store \
     help helpdesk servizi servizioclienti clienti acquisti contabilita fatture fatturazione sales office admin \
     eventi iscrizioni privacy dpo webmaster noreply newsletter presidenza preventivi hello ciao staff team scuola \
     corsi formazione sportello registro cciaa camera comune suap bandi voucher orientamento mediazione brevetti \
     marchi firma spid startup export anagrafe tributi biblioteca",
    )
});
/// Labels in the domains of public offices.
static OFFICES: LazyLock<Words> = LazyLock::new(|| {
    Words::of(
        "camcom gov infocamere registroimprese unioncamere comune provincia regione inps inail agenziaentrate \
     agenziariscossione edu",
    )
});
/// How far an at sign or a dot may stand from what it joins.
const LARGEST_GAP: usize = 2;
/// What may stand between a word for a sign and what it joins.
const FILLERS: &[u8] = b" _-";
/// How many dots in disguise one side of an address may have.
const MOST_JOINS: usize = 4;

/// Reports the first address of a person and the first of a firm.
pub(super) fn search(search: &mut Search<'_>) {
    if !search.wants(&[Detector::Email, Detector::FirmEmail]) {
        return;
    }
    let text = search.text;
    let mut from = 0;
    let mut found = Vec::new();
    for at in signs(text) {
        if let Some(address) = Address::around(text, &at, from) {
            from = address.span.end;
            found.push(address);
        }
    }
    let is_apart = |address: &Address| {
        let next = found.partition_point(|known: &Address| known.span.end <= address.span.start);
        found.get(next).is_none_or(|known| known.span.start >= address.span.end)
    };
    let bare: Vec<Address> = bare::all(text).filter(is_apart).collect();
    for address in found.into_iter().chain(bare) {
        if !search.own.has_email(&address.address) {
            let detector = if address.is_of_firm(text) { Detector::FirmEmail } else { Detector::Email };
            search.report(detector, address.span);
        }
    }
}

/// The address that a folded text consists of.
pub(super) fn parse(text: &Text<'_>) -> Option<String> {
    let at = signs(text).into_iter().next()?;
    let found = Address::around(text, &at, 0)?;
    (at.is_sign && found.span == (0..text.folded.len())).then_some(found.address)
}

/// An address in a text.
struct Address {
    span: Range<usize>,
    /// With its signs, whatever stood for them.
    address: String,
}

impl Address {
    /// The address around an at sign that begins at `from` or later.
    fn around(text: &Text<'_>, at: &At, from: usize) -> Option<Self> {
        let local = Local::before(text, at, from)?;
        let domain = Domain::after(text, at)?;
        let span = local.start..domain.end;
        let is_tight = local.is_tight && domain.is_tight && at.is_sign;
        let is_certain = match (at.is_sign, at.is_certain) {
            // A sign with spaces around it can mean a place or an account.
            (true, _) => is_tight || domain.is_of_provider && domain.text.contains('.') && !NO_LOCALS.has(&local.text),
            (false, true) => true,
            // A preposition: only what nobody says otherwise is an address.
            (false, false) if text.folded.get(at.span.clone()) != Some("at") => {
                let is_of_box = local.text.contains(|mark: char| !mark.is_ascii_alphabetic());
                let is_spelled = domain.has_dot_word && text.folded.get(at.span.clone()) == Some("a");
                domain.is_of_provider
                    && (is_spelled || is_of_box && domain.text.contains('.') || local.is_tight && domain.is_tight)
                    && !NO_LOCALS.has(&local.text)
            }
            (false, false) => {
                domain.text.contains('.') && (domain.is_of_provider || domain.has_dot_word) || domain.is_mail_only
            }
        };
        let address = format!("{}@{}", local.text, domain.text);
        (is_certain && address.len() <= LONGEST).then_some(Self { span, address })
    }

    /// Whether it is the address of a function, or a firm speaks around it.
    fn is_of_firm(&self, text: &Text<'_>) -> bool {
        let (local, domain) = self.address.split_once('@').unwrap_or_default();
        let first = local.split(|letter: char| !letter.is_ascii_alphabetic()).next().unwrap_or_default();
        let host = domain.split('.').next().unwrap_or_default();
        FUNCTIONS.has(first)
            || domain.split('.').any(|label| OFFICES.has(label))
            || !PROVIDERS.has(host) && firm::speaks_at(text, &self.span)
    }
}

fn is_opening(byte: u8) -> bool {
    b"([{<|\"'*/".contains(&byte)
}

fn is_closing(byte: &u8) -> bool {
    b")]}>|\"'*/".contains(byte)
}

#[cfg(test)]
mod tests {
    use super::super::{Contact, Contacts, Set, find_all};
    use super::*;

    fn found_beside<'t>(text: &'t str, own: &[Contact]) -> Vec<(Detector, &'t str)> {
        let mut found = Vec::new();
        let wanted = Set::EMPTY.with(Detector::Email).with(Detector::FirmEmail);
        find_all(text, &|_| false, &Contacts(own.to_vec()), wanted, |detector, span| {
            found.push((detector, &text[span]))
        });
        found
    }

    fn found(text: &str) -> Option<&str> {
        found_beside(text, &[]).first().map(|(_, address)| *address)
    }

    #[test]
    fn addresses_are_found_in_a_sentence() {
        assert_eq!(found("scrivi a anna.bianchi+casa@posta.example, grazie"), Some("anna.bianchi+casa@posta.example"));
        assert_eq!(found("(a@b.co.uk)."), Some("a@b.co.uk"));
        assert_eq!(found("...a@b.it..."), Some("a@b.it"));
        assert_eq!(found("x@y z@w.it"), Some("z@w.it"));
        assert_eq!(found("a@b.it. grazie"), Some("a@b.it"));
    }

    #[test]
    fn signs_in_words_and_spaces_are_read() {
        for (text, address) in [
            ("anna punto bianchi chiocciola gmail punto com che", "anna punto bianchi chiocciola gmail punto com"),
            ("m.verdi_scuola [at] yahoo [dot] it, grazie", "m.verdi_scuola [at] yahoo [dot] it"),
            ("vendo.bar(at)outlook.it", "vendo.bar(at)outlook.it"),
            ("ugo77@libero . it oppure", "ugo77@libero . it"),
            ("ugo @ gmail . com", "ugo @ gmail . com"),
            ("ugo at gmail dot com", "ugo at gmail dot com"),
            ("ugo chiocciola libero", "ugo chiocciola libero"),
            ("ugo.neri a gmail punto com", "ugo.neri a gmail punto com"),
            ("ugo.neri a gmail.com", "ugo.neri a gmail.com"),
            ("ugo punto neri a libero dot it", "ugo punto neri a libero dot it"),
            ("ugo_at_gmail_dot_com", "ugo_at_gmail_dot_com"),
            ("ugo-at-gmail.com", "ugo-at-gmail.com"),
            ("ugo arroba gmail.com", "ugo arroba gmail.com"),
            ("ugochiocciolagmail.com", "ugochiocciolagmail.com"),
            ("ugochiocciolagmailpuntocom", "ugochiocciolagmailpuntocom"),
            ("ugoneriatgmaildotcom", "ugoneriatgmaildotcom"),
            ("ugo@gmail", "ugo@gmail"),
            ("ugo@gmail,com", "ugo@gmail,com"),
            ("ugo @gmail punto com", "ugo @gmail punto com"),
            ("?mail=ugo%40posta.example", "ugo%40posta.example"),
        ] {
            assert_eq!(found(text), Some(address), "{text}");
        }
    }

    #[test]
    fn handles_and_fragments_are_no_addresses() {
        for text in [
            "grazie @camera",
            "a@b",
            "a@.it",
            "@b.it",
            "3@4.5",
            "ci vediamo @ casa.it",
            "a@-b.it",
            "@@@@",
            "look at google.com",
            "look at yahoo finance",
            "ho scritto a gmail punto com",
            "passo a libero",
            "arrivati a punto com",
            "andate a casa punto it",
            "la chiocciola e lenta",
            "grazie @mario. it's ok",
        ] {
            assert_eq!(found(text), None, "{text}");
        }
    }

    #[test]
    fn the_next_address_is_found_when_the_first_is_our_own() {
        let text = "non urp@ente.example ma anna@posta.example";
        let own = [Contact::Email("urp@ente.example".into())];
        assert_eq!(found_beside(text, &own), [(Detector::Email, "anna@posta.example")]);
    }

    #[test]
    fn functions_and_firms_have_public_addresses() {
        let firm = |text| found_beside(text, &[])[0].0 == Detector::FirmEmail;
        assert!(firm("anna.bianchi@pec.comune.lodi.it"));
        assert!(firm("info@bianchi.example") && firm("assumiamo: anna@bianchi.example"));
        assert!(!firm("la mia pec anna@bianchi.example") && !firm("assumiamo: anna@gmail.com"));
    }
}
