//! What stands in a text without being said: links, addresses, handles, paths, names of files, parameters.
//!
//! Nobody chose the letters of `https://example.org/?aff=12` or of `@tizio_caio` to say something here, so terms and
//! patterns do not read them. Hashtags are said. What only looks like a link, as `va.a.casa` or `finito.Io dico`, is
//! read: where nothing else tells, a name is a link by an ending that no sentence goes on with.

use std::ops::Range;

/// Endings of domains that stand for themselves: none is a word with which an Italian or English sentence goes on
/// where the space after a full stop was forgotten. The last is reserved for examples (RFC 2606).
const ENDINGS: [&str; 35] = [
    "it", "com", "net", "org", "eu", "biz", "gov", "edu", "tv", "xyz", "de", "fr", "uk", "ch", "at", "es", "pt", "pl",
    "ru", "cn", "us", "nl", "sm", "ro", "cz", "hr", "gr", "ly", "gl", "gd", "cc", "tk", "ml", "icu", "example",
];
/// Endings that need a path, a query or a port after them, as in `youtu.be/12`.
const WORDLIKE_ENDINGS: [&str; 42] = [
    "be", "me", "io", "co", "to", "ai", "gg", "al", "si", "is", "im", "id", "fm", "so", "la", "in", "ca", "ie", "va",
    "info", "app", "shop", "online", "site", "club", "cloud", "blog", "top", "live", "link", "store", "pro", "win",
    "vip", "bet", "page", "dev", "email", "news", "bio", "wine", "studio",
];
/// Endings of names of files.
const FILES: [&str; 33] = [
    "pdf", "doc", "docx", "odt", "rtf", "txt", "xls", "xlsx", "ods", "csv", "ppt", "pptx", "odp", "xml", "xbrl",
    "json", "html", "htm", "php", "zip", "rar", "p7m", "eml", "jpg", "jpeg", "png", "gif", "heic", "mp3", "mp4", "mov",
    "avi", "exe",
];
/// What may stand inside a name, and does not begin or end it.
const MARKS: [char; 3] = ['.', '-', '_'];
/// A name of one letter is no handle: `@ casa`, `@a`.
const SHORTEST_HANDLE: usize = 2;
/// How many names a domain has before its ending, where nothing else tells that it is one: more are words apart.
const MOST_LABELS: usize = 4;

/// Something that is not said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unsaid {
    /// Its bytes in the folded text.
    pub span: Range<usize>,
    /// Whether it leads somewhere: it is a link.
    pub is_link: bool,
}

/// Everything in a folded text that is not said, in order. Each byte is looked at a bounded number of times.
pub fn unsaid(text: &str) -> Vec<Unsaid> {
    let mut found = Vec::new();
    let mut start = 0;
    for token in text.split(' ') {
        let end = start + token.len();
        if token.bytes().any(is_telling) {
            Token { text, found: &mut found }.take(start, end);
        }
        start = end + 1;
    }
    found
}

/// Whether a byte occurs in what is not said, and rarely inside words.
fn is_telling(byte: u8) -> bool {
    matches!(byte, b'.' | b'@' | b'/' | b'\\' | b'=')
}

/// What stands between two spaces.
struct Token<'t> {
    text: &'t str,
    found: &'t mut Vec<Unsaid>,
}

impl Token<'_> {
    fn take(&mut self, start: usize, end: usize) {
        let bytes = self.text.as_bytes();
        let mut at = start;
        while at < end {
            let from = at;
            while at < end && is_of_name(bytes[at]) {
                at += 1;
            }
            at = self.take_at(start, from, at, end).unwrap_or(at + 1);
        }
    }

    /// What begins with a run of letters, digits, dots, hyphens and underscores, or with what follows an empty run.
    /// Gives where it ends.
    fn take_at(&mut self, token: usize, from: usize, run: usize, end: usize) -> Option<usize> {
        let rest = self.text.get(run..end)?;
        let name = self.text.get(from..run)?;
        let is_first =
            from == token || (from == token + 1 && matches!(self.text.as_bytes()[token], b'(' | b'"' | b'['));
        if let Some(after) = rest.strip_prefix("://") {
            return (!name.is_empty() && after.contains('.')).then(|| self.push(from, end, true));
        }
        if let Some(after) = rest.strip_prefix('@') {
            return self.take_sign(from, run + 1, name, after);
        }
        if name.is_empty() {
            let is_path = rest.starts_with('/') && rest.matches('/').count() > 1 && !rest.starts_with("//");
            let is_query = rest.starts_with(['?', '&']) && is_parameter(&rest[1..]);
            return (is_first && (is_path || is_query)).then(|| self.push(from, end, false));
        }
        if is_first
            && (rest.starts_with(":\\") && name.len() == 1 || rest.starts_with('/') && matches!(name, "." | ".."))
        {
            return Some(self.push(from, end, false));
        }
        let from = run - name.trim_start_matches(MARKS).len();
        let trimmed = name.trim_matches(MARKS);
        let (before, ending) = trimmed.rsplit_once('.')?;
        let goes_on = name.ends_with(trimmed) && goes_on(rest);
        if is_domain(before, ending, goes_on) {
            return Some(self.push(from, if goes_on { end } else { from + trimmed.len() }, true));
        }
        let is_file = FILES.contains(&ending) && before.bytes().any(|byte| byte.is_ascii_alphanumeric());
        is_file.then(|| self.push(from, from + trimmed.len(), false))
    }

    /// An address of mail around an at sign, or a handle after it.
    fn take_sign(&mut self, from: usize, after: usize, local: &str, rest: &str) -> Option<usize> {
        let length = rest.bytes().take_while(|&byte| is_of_name(byte)).count();
        let name = rest.get(..length)?.trim_end_matches(MARKS);
        let whole = after + name.len();
        if local.is_empty() {
            // A name may end in an underscore.
            let underscores = rest[name.len()..length].bytes().take_while(|&byte| byte == b'_').count();
            return (name.len() >= SHORTEST_HANDLE).then(|| self.push(from, whole + underscores, false));
        }
        let (before, ending) = name.rsplit_once('.')?;
        let is_mail = is_domain(before, ending, true);
        is_mail.then(|| self.push(from, whole, false))
    }

    /// Notes it without the marks that end it. Gives where it ends.
    fn push(&mut self, from: usize, to: usize, is_link: bool) -> usize {
        let written = self.text.get(from..to).unwrap_or_default();
        let is_mark =
            |letter: char| matches!(letter, '.' | ',' | ';' | ':' | '!' | '?' | ')' | ']' | '}' | '>' | '"' | '\'');
        let to = from + written.trim_end_matches(is_mark).len().max(1);
        self.found.push(Unsaid { span: from..to, is_link });
        to
    }
}

/// Whether a link goes on after its domain.
fn goes_on(rest: &str) -> bool {
    let next = rest.as_bytes().get(1);
    match rest.as_bytes().first() {
        Some(b'/') => true,
        Some(b'?' | b'#') => rest.contains('=') || next.is_some_and(u8::is_ascii_alphanumeric),
        Some(b':') => next.is_some_and(u8::is_ascii_digit),
        _ => false,
    }
}

/// Whether these are the names of a domain and its ending; `is_sure` where something else tells that it is one.
fn is_domain(before: &str, ending: &str, is_sure: bool) -> bool {
    let labels = || before.split('.');
    let is_label =
        |label: &str| !label.is_empty() && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
    let is_ending =
        before.starts_with("www.") || ENDINGS.contains(&ending) || is_sure && WORDLIKE_ENDINGS.contains(&ending);
    is_ending
        && labels().all(is_label)
        && labels().count() <= MOST_LABELS
        // Letters apart are no domain.
        && labels().filter(|label| label.len() == 1).count() < 2
}

fn is_parameter(written: &str) -> bool {
    let is_of_key = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-';
    written.split_once('=').is_some_and(|(key, _)| !key.is_empty() && key.bytes().all(is_of_key))
}

fn is_of_name(byte: u8) -> bool {
    byte.is_ascii_lowercase() || byte.is_ascii_digit() || matches!(byte, b'.' | b'-' | b'_')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> Vec<&str> {
        unsaid(text).into_iter().map(|unsaid| &text[unsaid.span]).collect()
    }

    #[test]
    fn links_addresses_handles_paths_files_and_parameters_are_not_said() {
        for (text, expected) in [
            ("vedi https://example.org/?aff=123&utm=9 grazie", vec!["https://example.org/?aff=123&utm=9"]),
            ("(http://a.example/zotico).", vec!["http://a.example/zotico"]),
            ("youtu.be/aff-12, poi", vec!["youtu.be/aff-12"]),
            ("su www.zotico.it!", vec!["www.zotico.it"]),
            ("www.zotico.info e -zotico.it-", vec!["www.zotico.info", "zotico.it"]),
            ("www.zotico.qualunque", vec!["www.zotico.qualunque"]),
            ("zotico.com", vec!["zotico.com"]),
            ("zotico.it:8080/x", vec!["zotico.it:8080/x"]),
            ("da zotico@posta.example.it.", vec!["zotico@posta.example.it"]),
            ("mailto:zotico@posta.it", vec!["zotico@posta.it"]),
            ("@zotico_design, @uno:@due", vec!["@zotico_design", "@uno", "@due"]),
            ("grazie,@zotico.", vec!["@zotico"]),
            ("@zotico_ dice", vec!["@zotico_"]),
            ("/var/www/zotico c:\\dati\\zotico ../zotico", vec!["/var/www/zotico", "c:\\dati\\zotico", "../zotico"]),
            ("il file zotico_2.pdf non va", vec!["zotico_2.pdf"]),
            ("con ?aff=3 o &ref=zotico", vec!["?aff=3", "&ref=zotico"]),
        ] {
            assert_eq!(found(text), expected, "{text}");
        }
    }

    #[test]
    fn what_only_looks_like_a_link_is_said() {
        for text in [
            "va.a.casa",
            "z.o.t.i.c.o",
            "z.o.t.i.c.o.it",
            "finito.poi vado",
            "zotico.io non ci sto",
            "zotico.ma va",
            "zotico/a e zotici/e",
            "e/o",
            "z@tico",
            "@ casa, @a",
            "#zotico",
            "voi=zotici",
            "zotico?si",
            "http://zotico",
            "zotico...it",
        ] {
            assert_eq!(found(text), Vec::<&str>::new(), "{text}");
        }
    }

    #[test]
    fn a_link_leads_somewhere_and_a_handle_does_not() {
        let links: Vec<bool> =
            unsaid("@uno a.it due@b.it /c/d e.pdf").into_iter().map(|unsaid| unsaid.is_link).collect();
        assert_eq!(links, [false, true, false, false, false]);
    }
}
