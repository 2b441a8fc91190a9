//! Addresses with nothing for the at sign: `anna.neri gmail.com`, `anna neri gmail com`, `anna.neri#gmail.com`.
//!
//! Everybody names providers, so what stands before one must be the first part of an address: it has digits, dots or
//! underscores in it, it is the name of a person, or somebody says that it is their address.

use std::sync::LazyLock;

use super::super::name;
use super::super::text::{Text, Words};
use super::domain::{Domain, MAIL_BOXES, is_top_level_word, split_domain};
use super::local::Local;
use super::sign::At;
use super::{Address, LONGEST, NO_LOCALS};

/// How many bytes may stand between the first part and the provider.
const LONGEST_GAP: usize = 8;
/// Marks after which something else begins.
const PAUSES: [char; 7] = ['.', ',', ':', ';', '!', '?', '@'];
/// How many letters make a first part, or a part of one.
const SHORTEST: usize = 3;
/// The longest first part that mail allows (RFC 5321, section 4.5.3.1).
const LONGEST_LOCAL: usize = 64;
/// A given name and a surname written as one word have at least so many letters, and the given name not more.
const SHORTEST_NAMES: usize = 8;
const LONGEST_GIVEN: usize = 12;
/// How many words before the first part may say that an address follows.
const INTRODUCTION: usize = 3;

/// Who says so without any mark: `scrivimi pippo gmail com`.
static REQUESTS: LazyLock<Words> = LazyLock::new(|| {
    Words::of("scrivimi scrivetemi scriveteci contattami contattatemi contattateci mandami mandatemi rispondimi")
});
/// What is announced with a mark: `la mia mail: pippo gmail com`.
static ADDRESSES: LazyLock<Words> = LazyLock::new(|| Words::of("mail email posta indirizzo contatto recapito"));
/// Names of things with a figure, which are no first part of an address.
const THINGS: [&str; 8] = ["windows", "office", "iphone", "ios", "android", "galaxy", "outlook", "chrome"];

/// All addresses of this kind, in the order of the text.
pub(super) fn all(text: &Text<'_>) -> impl Iterator<Item = Address> {
    (1..text.words().len()).filter_map(|index| at(text, index))
}

/// The address whose provider is the word with this index.
fn at(text: &Text<'_>, index: usize) -> Option<Address> {
    let word = text.words().get(index)?.clone();
    let written = text.word(index);
    let is_box = MAIL_BOXES.has(written) || split_domain(written).is_some_and(|(host, _)| MAIL_BOXES.has(host));
    if !is_box {
        return None;
    }
    let sign = At { span: word.start..word.start, is_sign: false, is_certain: true };
    let domain = Domain::after(text, &sign)?;
    let local_end = text.words().get(index - 1)?.end;
    let gap = text.folded.get(local_end..word.start)?;
    if gap.is_empty() || gap.len() > LONGEST_GAP || gap.contains(PAUSES) {
        return None;
    }
    let nothing = At { span: local_end..word.start, ..sign };
    let Local { start, text: local, .. } = Local::before(text, &nothing, local_end.saturating_sub(LONGEST_LOCAL))?;
    let has_ending = domain.text.contains('.');
    let (start, local) = if is_of_a_box(&local, has_ending) {
        (start, local)
    } else if has_ending && local.bytes().all(|byte| byte.is_ascii_lowercase()) && !NO_LOCALS.has(&local) {
        let start = named(text, index - 1).or_else(|| is_announced(text, index - 1).then_some(start))?;
        (start, text.folded.get(start..local_end)?.replace(' ', "."))
    } else {
        return None;
    };
    let address = format!("{local}@{}", domain.text);
    (address.len() <= LONGEST).then_some(Address { span: start..domain.end, address })
}

/// Whether nothing but the first part of an address is written so.
fn is_of_a_box(local: &str, has_ending: bool) -> bool {
    let parts: Vec<&str> = local.split(['.', '_', '-', '+', '%']).collect();
    let letters = local.bytes().filter(u8::is_ascii_lowercase).count();
    let is_joined = parts.iter().filter(|part| part.len() >= SHORTEST).count() > 1 && !local.contains('-');
    let has_digits = local.bytes().any(|byte| byte.is_ascii_digit());
    let without_digits = local.trim_end_matches(|letter: char| letter.is_ascii_digit());
    let is_thing = THINGS.contains(&without_digits) || NO_LOCALS.has(without_digits);
    let is_host = parts.len() > 1 && parts.last().is_some_and(|last| is_top_level_word(last)) || parts[0] == "www";
    let is_marked = has_digits && local.starts_with(|letter: char| letter.is_ascii_lowercase())
        || parts.len() > 1 && !local.contains('-');
    letters >= SHORTEST && !is_thing && !is_host && (is_joined && !has_digits || has_ending && is_marked)
}

/// Where the name of a person begins whose last word has this index: a given name and a surname, also as one word.
fn named(text: &Text<'_>, index: usize) -> Option<usize> {
    let word = text.words().get(index)?;
    let written = text.word(index);
    let rest_of_given = |length: &usize| written.get(..*length).is_some_and(name::is_given);
    let is_both = written.len() >= SHORTEST_NAMES
        && (4..=LONGEST_GIVEN.min(written.len() - SHORTEST)).any(|length| rest_of_given(&length));
    if is_both {
        return Some(word.start);
    }
    let before = index.checked_sub(1)?;
    let given = text.words().get(before)?;
    let is_beside = text.folded.get(given.end..word.start) == Some(" ");
    // Behind a name with a capital, a word without one is what somebody does: "Ada adora gmail.com".
    let is_verb = text.is_capitalised(before) && !text.is_capitalised(index);
    (is_beside && !is_verb && name::is_given(text.word(before)) && written.len() >= SHORTEST).then_some(given.start)
}

/// Whether somebody says right before this word that an address follows.
fn is_announced(text: &Text<'_>, index: usize) -> bool {
    let Some(word) = text.words().get(index) else { return false };
    let Some(before) = index.checked_sub(1) else { return false };
    let end = text.words().get(before).map_or(0, |before| before.end);
    let gap = text.folded.get(end..word.start).unwrap_or_default();
    let is_marked = gap.contains([':', '=']) || text.word(before) == "e";
    REQUESTS.has(text.word(before))
        || is_marked && text.before(word.start, INTRODUCTION).any(|word| ADDRESSES.has(word))
}
