//! E-mail addresses.

use std::ops::Range;

/// The longest address that mail allows (RFC 5321, section 4.5.3.1).
const LONGEST: usize = 254;

/// The first address in a folded text that `foreign` accepts.
pub(super) fn find(text: &str, foreign: impl Fn(&str) -> bool) -> Option<Range<usize>> {
    let bytes = text.as_bytes();
    let mut from = 0;
    for at in text.match_indices('@').map(|(at, _)| at) {
        let start = from + local_start(&bytes[from..at]);
        let end = at + 1 + domain_end(&bytes[at + 1..]);
        let domain = text.get(at + 1..end)?;
        from = at + 1;
        if start < at && end - start <= LONGEST && is_domain(domain) && text.get(start..end).is_some_and(&foreign) {
            return Some(start..end);
        }
    }
    None
}

/// The address that a folded text consists of.
pub(super) fn parse(text: &str) -> Option<String> {
    (find(text, |_| true)? == (0..text.len())).then(|| text.to_owned())
}

/// Whether this is a domain name with at least two labels, the last of them alphabetic.
pub(super) fn is_domain(domain: &str) -> bool {
    let label = |label: &str| {
        !label.is_empty()
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
    };
    domain.split('.').all(label)
        && domain
            .rsplit_once('.')
            .is_some_and(|(_, last)| last.len() >= 2 && last.bytes().all(|byte| byte.is_ascii_alphabetic()))
}

/// Where the local part that ends with this text starts: a dot cannot lead it.
fn local_start(before: &[u8]) -> usize {
    let is_local = |byte: &u8| byte.is_ascii_alphanumeric() || b"._%+-".contains(byte);
    let start = before.iter().rposition(|byte| !is_local(byte)).map_or(0, |last| last + 1);
    start + before[start..].iter().take_while(|&&byte| byte == b'.').count()
}

/// How long the domain at the start of this text is: the dots and hyphens that end a sentence are not part of it.
fn domain_end(after: &[u8]) -> usize {
    let is_domain = |byte: &u8| byte.is_ascii_alphanumeric() || b".-".contains(byte);
    let end = after.iter().position(|byte| !is_domain(byte)).unwrap_or(after.len());
    after[..end].iter().rposition(|byte| byte.is_ascii_alphanumeric()).map_or(0, |last| last + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> Option<&str> {
        find(text, |_| true).map(|span| &text[span])
    }

    #[test]
    fn addresses_are_found_in_a_sentence() {
        assert_eq!(found("scrivi a anna.bianchi+casa@posta.example, grazie"), Some("anna.bianchi+casa@posta.example"));
        assert_eq!(found("(a@b.co.uk)."), Some("a@b.co.uk"));
        assert_eq!(found("...a@b.it..."), Some("a@b.it"));
        assert_eq!(found("x@y z@w.it"), Some("z@w.it"));
    }

    #[test]
    fn handles_and_fragments_are_no_addresses() {
        for text in ["grazie @camera", "a@b", "a@.it", "@b.it", "3@4.5", "ci vediamo @ casa.it", "a@-b.it", "@@@@"] {
            assert_eq!(found(text), None, "{text}");
        }
    }

    #[test]
    fn the_next_address_is_found_when_the_first_is_our_own() {
        let text = "non urp@ente.example ma anna@posta.example";
        let span = find(text, |address| address != "urp@ente.example").expect("the second address");
        assert_eq!(&text[span], "anna@posta.example");
    }
}
