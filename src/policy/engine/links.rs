//! Links: domains in a folded text, with or without `https://`.

use std::ops::Range;

use super::rule::Links;

/// Endings that make a name a link where nothing else tells: without them, `finito.Poi` would be one.
const COMMON_ENDINGS: [&str; 36] = [
    "com", "it", "net", "org", "eu", "info", "biz", "io", "me", "ly", "tk", "ru", "xyz", "shop", "online", "site",
    "top", "club", "live", "app", "link", "cc", "gl", "gd", "co", "tv", "store", "pro", "vip", "bet", "win", "icu",
    "ml", "cn", "de", "uk",
];

/// The domain of one link.
pub(super) struct Domain<'t> {
    name: &'t str,
    /// Where the link stands, with its path.
    pub(super) span: Range<usize>,
    /// Whether it is surely a link: by its scheme, `www.`, its path or its ending.
    is_sure: bool,
}

impl Links {
    /// Whether these links are looked for.
    pub(super) fn cover(&self, domain: &Domain<'_>, own: &[String]) -> bool {
        match self {
            Links::To(names) => domain.is_of(names),
            Links::AnyBut(names) => domain.is_sure && !domain.is_of(names) && !domain.is_of(own),
        }
    }
}

impl Domain<'_> {
    /// Whether it is one of these, or below one.
    pub(super) fn is_of(&self, names: &[String]) -> bool {
        names.iter().any(|name| self.is_below(name))
    }

    fn is_below(&self, name: &str) -> bool {
        self.name.strip_suffix(name).is_some_and(|before| before.is_empty() || before.ends_with('.'))
    }
}

/// All domains in a text. Each byte is looked at a bounded number of times: a name ends where the next can begin.
pub(super) fn domains(text: &str) -> impl Iterator<Item = Domain<'_>> {
    let mut at = 0;
    std::iter::from_fn(move || {
        let bytes = text.as_bytes();
        while at < bytes.len() {
            let start = at;
            let mut dots = false;
            while let Some(&byte) = bytes.get(at).filter(|&&byte| is_of_name(byte)) {
                dots |= byte == b'.';
                at += 1;
            }
            if at == start {
                at += 1;
                continue;
            }
            if dots && let Some(domain) = domain(text, start, at) {
                at = domain.span.end;
                return Some(domain);
            }
        }
        None
    })
}

fn domain(text: &str, start: usize, end: usize) -> Option<Domain<'_>> {
    let name = text.get(start..end)?.trim_matches(['.', '-']);
    let (_, ending) = name.rsplit_once('.')?;
    let before = text.get(..start)?;
    let is_ending = (2..=12).contains(&ending.len()) && ending.bytes().all(|byte| byte.is_ascii_lowercase());
    // What follows @ is an address of a person or a name of one.
    if !is_ending || before.ends_with('@') || text[end..].starts_with('@') {
        return None;
    }
    let has_scheme = before.ends_with("://");
    let has_path = text[end..].starts_with('/');
    let is_sure = has_scheme || has_path || name.starts_with("www.") || COMMON_ENDINGS.contains(&ending);
    let scheme = if has_scheme {
        before.len() - before.trim_end_matches("://").trim_end_matches(char::is_alphanumeric).len()
    } else {
        0
    };
    let to = match has_path {
        true => end + text[end..].find(char::is_whitespace).unwrap_or(text.len() - end),
        false => start + text[start..end].trim_end_matches(['.', '-']).len(),
    };
    Some(Domain { name, span: start - scheme..to, is_sure })
}

fn is_of_name(byte: u8) -> bool {
    byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-' || byte == b'.'
}
