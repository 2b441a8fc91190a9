//! E-mail addresses, also with words or spaces in place of the at sign and the dots.

use std::ops::Range;
use std::sync::LazyLock;

use super::search::Search;
use super::text::{Text, Words};
use super::{Detector, firm};

/// What a text with an address has if it has no `@` and no digit.
pub(super) const KEYWORDS: &[&str] = &[
    "chiocciol",
    "(at)",
    "[at]",
    "{at}",
    " at ",
    "_at_",
    "-at-",
    "(a)",
    "arroba",
    " a gmail.",
    " a hotmail.",
    " a libero.",
    " a yahoo.",
    " a outlook.",
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
/// Words for the at sign.
static AT_WORDS: LazyLock<Words> = LazyLock::new(|| Words::of("chiocciola chiocciolina arroba at"));
/// Words for a dot.
static DOT_WORDS: LazyLock<Words> = LazyLock::new(|| Words::of("punto dot"));
/// Top-level domains that are taken after a dot in disguise, where any other word may be the next of the sentence.
static TOP_LEVEL: LazyLock<Words> = LazyLock::new(|| {
    Words::of("it com net org eu info biz ch de fr uk es me io example cloud email online ro sm at be us")
});
/// Providers of mail boxes to private people: the name before the top-level domain.
static PROVIDERS: LazyLock<Words> = LazyLock::new(|| {
    Words::of(
        "gmail googlemail libero hotmail outlook live msn yahoo ymail virgilio alice tin tim tiscali tiscalinet icloud \
     me mac proton protonmail fastwebnet fastweb inwind iol email gmx aol katamail aruba legalmail pec postecert",
    )
});
/// Providers of which nearly every mention after an at sign is that of an address.
static MAIL_BOXES: LazyLock<Words> = LazyLock::new(|| {
    Words::of(
        "gmail googlemail hotmail yahoo ymail libero virgilio tiscali outlook icloud protonmail fastwebnet inwind",
    )
});
/// Words before `a gmail punto com` that are no first part of an address.
static NO_LOCALS: LazyLock<Words> = LazyLock::new(|| {
    Words::of(
        "scrivi scrivete scrivere scritto scrivo mail email indirizzo iscritto iscritta inviato inviate inviare invio \
     mandato mandate mandare passato passare accesso accedo accedere torno grazie",
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
    for at in signs(text) {
        let Some(found) = Address::around(text, &at, from) else { continue };
        from = found.span.end;
        if !search.own.has_email(&found.address) {
            let detector = if found.is_of_firm(text) { Detector::FirmEmail } else { Detector::Email };
            search.report(detector, found.span);
        }
    }
}

/// The address that a folded text consists of.
pub(super) fn parse(text: &Text<'_>) -> Option<String> {
    let at = signs(text).into_iter().next()?;
    let found = Address::around(text, &at, 0)?;
    (at.is_sign && found.span == (0..text.folded.len())).then_some(found.address)
}

/// Whether this is a domain name with at least two labels, the last of them alphabetic.
pub(super) fn is_domain(domain: &str) -> bool {
    domain.split('.').all(is_label) && domain.rsplit_once('.').is_some_and(|(_, last)| is_top_level(last))
}

fn is_label(label: &str) -> bool {
    !label.is_empty()
        && !label.starts_with('-')
        && !label.ends_with('-')
        && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
}

fn is_top_level(label: &str) -> bool {
    label.len() >= 2 && label.bytes().all(|byte| byte.is_ascii_alphabetic())
}

/// Something that stands for an at sign.
struct At {
    span: Range<usize>,
    /// `@` itself.
    is_sign: bool,
    /// A word that means nothing else: `chiocciola`, or any in brackets.
    is_certain: bool,
}

/// All of them, in the order of the text.
fn signs(text: &Text<'_>) -> Vec<At> {
    let bytes = text.bytes();
    let sign = |(at, sign): (usize, &str)| At { span: at..at + sign.len(), is_sign: true, is_certain: true };
    let mut signs: Vec<At> = text.folded.match_indices('@').map(sign).collect();
    signs.extend(text.folded.match_indices("%40").map(sign));
    for (index, word) in text.words().iter().enumerate() {
        let written = text.word(index);
        let is_bracketed =
            word.start > 0 && b"([{<".contains(&bytes[word.start - 1]) && bytes.get(word.end).is_some_and(is_closing);
        if is_bracketed && (AT_WORDS.has(written) || written == "a") {
            signs.push(At { span: word.start - 1..word.end + 1, is_sign: false, is_certain: true });
        } else if AT_WORDS.has(written) || written == "a" {
            signs.push(At { span: word.clone(), is_sign: false, is_certain: !matches!(written, "at" | "a") });
        } else if let Some(inside) = glued_sign(written) {
            let span = word.start + inside.start..word.start + inside.end;
            signs.push(At { span, is_sign: false, is_certain: true });
        }
    }
    signs.sort_by_key(|at| at.span.start);
    signs
}

/// Where the word for an at sign stands in an address written as one word, as in `annachiocciolagmail`.
fn glued_sign(word: &str) -> Option<Range<usize>> {
    if let Some(at) = word.find("chiocciola") {
        return Some(at..at + "chiocciola".len());
    }
    let (address, _) = split_domain(word)?;
    let host = |at: &usize| PROVIDERS.has(&address[at + "at".len()..]);
    address.match_indices("at").map(|(at, _)| at).find(host).map(|at| at..at + "at".len())
}

/// A word that ends with a dot in words and a top-level domain, without them, and that domain.
fn split_domain(word: &str) -> Option<(&str, &str)> {
    ["punto", "dot"].into_iter().find_map(|dot| {
        let (before, domain) = word.rsplit_once(dot)?;
        (!before.is_empty() && TOP_LEVEL.has(domain)).then_some((before, domain))
    })
}

fn is_closing(byte: &u8) -> bool {
    b")]}>".contains(byte)
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
            (true, _) => is_tight || domain.is_of_provider && domain.text.contains('.'),
            (false, true) => true,
            // A preposition: only what nobody says otherwise is an address.
            (false, false) if text.folded.get(at.span.clone()) == Some("a") => {
                let is_of_box = local.text.contains(|mark: char| !mark.is_ascii_alphabetic());
                domain.is_of_provider
                    && (domain.has_dot_word || is_of_box && domain.text.contains('.'))
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

/// The part before the at sign.
struct Local {
    start: usize,
    text: String,
    is_tight: bool,
}

impl Local {
    fn before(text: &Text<'_>, at: &At, from: usize) -> Option<Self> {
        let bytes = text.bytes();
        let fillers = if at.is_sign { b" " } else { FILLERS };
        let end = at.span.start - gap_before(bytes, at.span.start, fillers)?;
        let mut start = run_before(bytes, from, end);
        if start == end {
            return None;
        }
        let mut parts = vec![text.folded.get(start..end)?];
        let is_tight = end == at.span.start;
        if !at.is_sign {
            while let Some((part, earlier)) = join_before(text, from, start)
                && parts.len() <= MOST_JOINS
            {
                parts.insert(0, part);
                start = earlier;
            }
        }
        Some(Self { start, text: parts.join("."), is_tight })
    }
}

/// The part of an address before a dot in words, which ends at `start`, and where it starts.
fn join_before<'t>(text: &Text<'t>, from: usize, start: usize) -> Option<(&'t str, usize)> {
    let bytes = text.bytes();
    let end = start - gap_before(bytes, start, FILLERS).filter(|&gap| gap > 0)?;
    let dot = text.index_at(end).checked_sub(1).and_then(|index| text.words().get(index).map(|word| (index, word)));
    let (index, word) = dot.filter(|(index, _)| DOT_WORDS.has(text.word(*index)))?;
    let is_bracketed = word.end + 1 == end && is_closing(&bytes[word.end]) && word.start > 0;
    if word.end != end && !is_bracketed {
        return None;
    }
    let before = text.words().get(index)?.start - usize::from(is_bracketed);
    let end = before - gap_before(bytes, before, FILLERS)?;
    let start = run_before(bytes, from, end);
    (start < end).then_some((text.folded.get(start..end)?, start))
}

/// How many spaces or other fillers stand before this place, unless they are too many.
fn gap_before(bytes: &[u8], at: usize, fillers: &[u8]) -> Option<usize> {
    let gap = bytes[..at].iter().rev().take_while(|byte| fillers.contains(byte)).count();
    (gap <= LARGEST_GAP).then_some(gap)
}

/// Where the letters that may stand in a local part and end here begin: a dot cannot lead it.
fn run_before(bytes: &[u8], from: usize, end: usize) -> usize {
    let is_local = |byte: &u8| byte.is_ascii_alphanumeric() || b"._%+-".contains(byte);
    let before = bytes.get(from..end).unwrap_or_default();
    let start = before.iter().rposition(|byte| !is_local(byte)).map_or(0, |last| last + 1);
    from.min(end) + start + before[start..].iter().take_while(|&&byte| byte == b'.').count()
}

/// The part after the at sign.
struct Domain {
    end: usize,
    text: String,
    is_tight: bool,
    is_of_provider: bool,
    has_dot_word: bool,
    /// Whether nothing but mail boxes has this name.
    is_mail_only: bool,
}

impl Domain {
    fn after(text: &Text<'_>, at: &At) -> Option<Self> {
        let bytes = text.bytes();
        let fillers = if at.is_sign { b" " } else { FILLERS };
        let gap = bytes[at.span.end..].iter().take_while(|byte| fillers.contains(byte)).count();
        let start = at.span.end + gap;
        let (first, mut end) = label_at(text, start).filter(|_| gap <= LARGEST_GAP)?;
        if let Some((host, ending)) = split_domain(first).filter(|(host, _)| PROVIDERS.has(host)) {
            let text = format!("{host}.{ending}");
            return Some(Self {
                end,
                text,
                is_tight: gap == 0,
                is_of_provider: true,
                has_dot_word: true,
                is_mail_only: true,
            });
        }
        let is_of_provider = PROVIDERS.has(first);
        let is_tight = gap == 0;
        let is_mail_only = matches!(first, "gmail" | "googlemail" | "hotmail" | "ymail" | "protonmail");
        let text_of_domain = first.to_owned();
        let mut domain =
            Self { end, text: text_of_domain, is_tight, is_of_provider, has_dot_word: false, is_mail_only };
        // A provider is known without its top-level domain where the at sign is in words, or nothing else has a name
        // like it.
        let mut is_whole = is_of_provider && !at.is_sign || is_tight && MAIL_BOXES.has(first);
        let (mut so_far, mut loose, mut words) = (first.to_owned(), 0, false);
        while let Some((dot, next)) = dot_at(text, end)
            && let Some((label, label_end)) = label_at(text, next)
        {
            loose += usize::from(dot != Dot::Tight);
            words |= dot == Dot::Word;
            if loose > MOST_JOINS {
                break;
            }
            so_far.push('.');
            so_far.push_str(label);
            end = label_end;
            if is_top_level(label) && (dot == Dot::Tight && loose == 0 || TOP_LEVEL.has(label)) {
                is_whole = true;
                domain.end = end;
                domain.is_tight &= loose == 0;
                domain.has_dot_word = words;
                domain.text.clone_from(&so_far);
            } else if dot != Dot::Tight && domain.text.contains('.') {
                break;
            }
        }
        // A sign and a spaced dot: "a@b. Com'e" is the end of a sentence unless the provider is known.
        (is_whole && (domain.is_tight || domain.is_of_provider || !at.is_sign || domain.has_dot_word)).then_some(domain)
    }
}

/// A label of a domain, without the hyphens that end a clause, and where it ends.
fn label_at<'t>(text: &Text<'t>, start: usize) -> Option<(&'t str, usize)> {
    let rest = text.folded.get(start..)?;
    let length = rest.bytes().take_while(|byte| byte.is_ascii_alphanumeric() || *byte == b'-').count();
    let label = rest[..length].trim_end_matches('-');
    is_label(label).then_some((label, start + label.len()))
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Dot {
    Tight,
    Spaced,
    Word,
}

/// What stands for a dot at this place, and where the next label starts.
fn dot_at(text: &Text<'_>, at: usize) -> Option<(Dot, usize)> {
    let bytes = text.bytes();
    let spaces = |from: usize| bytes[from..].iter().take(LARGEST_GAP).take_while(|byte| b" _".contains(byte)).count();
    let sign = at + spaces(at);
    // A comma for a dot is at most loose: only a top-level domain may follow.
    if bytes.get(sign) == Some(&b',') && sign == at {
        return Some((Dot::Spaced, sign + 1 + spaces(sign + 1)));
    }
    if bytes.get(sign) == Some(&b'.') {
        let next = sign + 1 + spaces(sign + 1);
        let dot = if next == at + 1 { Dot::Tight } else { Dot::Spaced };
        return Some((dot, next));
    }
    let word = text.words().get(text.index_at(sign))?;
    let is_bracketed = bytes.get(sign).is_some_and(|byte| b"([{<".contains(byte)) && word.start == sign + 1;
    let bracketed_dot = is_bracketed.then_some(sign + 1);
    if let Some(inside) = bracketed_dot
        && bytes.get(inside) == Some(&b'.')
        && bytes.get(inside + 1).is_some_and(is_closing)
    {
        return Some((Dot::Word, inside + 2));
    }
    let is_word = DOT_WORDS.has(text.folded.get(word.clone())?) && (is_bracketed || word.start == sign);
    let end = word.end + usize::from(is_bracketed && bytes.get(word.end).is_some_and(is_closing));
    (is_word && (is_bracketed || sign > at)).then(|| (Dot::Word, end + spaces(end)))
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
