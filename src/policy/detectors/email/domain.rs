//! The part of an address after the at sign.

use std::sync::LazyLock;

use super::super::text::{Text, Words};
use super::sign::At;
use super::{DOT_WORDS, FILLERS, LARGEST_GAP, MOST_JOINS, is_closing};

/// Top-level domains that are taken after a dot in disguise, where any other word may be the next of the sentence.
static TOP_LEVEL: LazyLock<Words> = LazyLock::new(|| {
    Words::of("it com net org eu info biz ch de fr uk es me io example cloud email online ro sm at be us")
});
/// Providers of mail boxes to private people: the name before the top-level domain.
pub(super) static PROVIDERS: LazyLock<Words> = LazyLock::new(|| {
    Words::of(
        "gmail googlemail libero hotmail outlook live msn yahoo ymail virgilio alice tin tim tiscali tiscalinet icloud \
     me mac proton protonmail fastwebnet fastweb inwind iol email gmx aol katamail aruba legalmail pec postecert",
    )
});
/// Providers of which nearly every mention after an at sign is that of an address.
pub(super) static MAIL_BOXES: LazyLock<Words> = LazyLock::new(|| {
    Words::of(
        "gmail googlemail hotmail yahoo ymail libero virgilio tiscali outlook icloud protonmail fastwebnet inwind",
    )
});

/// Whether this is a domain name with at least two labels, the last of them alphabetic.
pub(in super::super) fn is_domain(domain: &str) -> bool {
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

/// Whether this is a top-level domain that is known.
pub(super) fn is_top_level_word(word: &str) -> bool {
    TOP_LEVEL.has(word)
}

/// A word that ends with a dot in words and a top-level domain, without them, and that domain. After the name of a
/// provider the dot may be missing: `gmailcom`.
pub(super) fn split_domain(word: &str) -> Option<(&str, &str)> {
    let dotted = ["punto", "dot"].into_iter().find_map(|dot| {
        let (before, domain) = word.rsplit_once(dot)?;
        (!before.is_empty() && TOP_LEVEL.has(domain)).then_some((before, domain))
    });
    dotted.or_else(|| {
        let domain = GLUED_DOMAINS.iter().find(|domain| word.ends_with(**domain))?;
        let (before, domain) = word.split_at(word.len() - domain.len());
        MAIL_BOXES.has(before).then_some((before, domain))
    })
}

/// Top-level domains that people write without a dot, behind a space or none.
const GLUED_DOMAINS: [&str; 3] = ["com", "it", "net"];

/// A top-level domain behind a space, as in `gmail com`, and where it starts.
fn spaced_domain(text: &Text<'_>, at: usize) -> Option<usize> {
    let rest = text.folded.get(at..)?.strip_prefix(' ')?;
    let domain = GLUED_DOMAINS.iter().find(|domain| rest.starts_with(**domain))?;
    let is_word = !rest[domain.len()..].starts_with(|next: char| next.is_alphanumeric() || next == '\'');
    is_word.then_some(at + 1)
}

/// The part after the at sign.
pub(super) struct Domain {
    pub(super) end: usize,
    pub(super) text: String,
    pub(super) is_tight: bool,
    pub(super) is_of_provider: bool,
    pub(super) has_dot_word: bool,
    /// Whether nothing but mail boxes has this name.
    pub(super) is_mail_only: bool,
}

impl Domain {
    pub(super) fn after(text: &Text<'_>, at: &At) -> Option<Self> {
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
        let spaced = |end: usize| (at.is_certain && is_of_provider).then(|| spaced_domain(text, end)).flatten();
        while let Some((dot, next)) = dot_at(text, end).or_else(|| Some((Dot::Spaced, spaced(end)?)))
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
    let glued = ["punto", "dot"].into_iter().find(|dot| {
        let domain = text.folded.get(word.clone()).and_then(|written| written.strip_prefix(dot));
        word.start == sign && sign > at && domain.is_some_and(is_top_level_word)
    });
    if let Some(dot) = glued {
        return Some((Dot::Word, sign + dot.len()));
    }
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
