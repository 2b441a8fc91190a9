//! Texts as X writes them.

/// The part of a text that its author wrote: a reply begins with the handles of those it answers, which X puts there
/// and leaves out of the displayed range. The range counts Unicode code points (docs/platforms.md, section 2.10); only
/// its beginning is used, and only if it lies within the text, because its end is not reliable.
pub(super) fn displayed(text: &str, range: Option<&[u64]>) -> String {
    let start = range.and_then(|range| usize::try_from(*range.first()?).ok()).unwrap_or(0);
    match text.char_indices().nth(start) {
        Some((byte, _)) => text[byte..].to_owned(),
        None => text.to_owned(),
    }
}

/// Whether X shows `ours` as `theirs`: it puts handles before it and shortens every address.
pub(super) fn is_same(ours: &str, theirs: &str) -> bool {
    fn words(text: &str) -> Vec<String> {
        let text = text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&");
        text.split_whitespace()
            .skip_while(|word| word.starts_with('@'))
            .map(|word| if word.contains("://") { "://".to_owned() } else { word.to_owned() })
            .collect()
    }
    words(ours) == words(theirs)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_handles_that_x_puts_before_a_reply_are_not_the_authors_words() {
        assert_eq!(displayed("@ExampleUser Great post", Some(&[13, 23])), "Great post");
        assert_eq!(displayed("Great post", Some(&[0, 10])), "Great post");
        assert_eq!(displayed("Great post", None), "Great post");
    }

    #[test]
    fn the_range_counts_code_points() {
        assert_eq!(displayed("@caffè☕😀 così è", Some(&[9, 15])), "così è");
        assert_eq!(displayed("👩‍👩‍👧 ciao", Some(&[6, 10])), "ciao", "a family is five code points");
    }

    #[test]
    fn a_range_outside_the_text_leaves_it_whole() {
        for range in [&[99, 120][..], &[10, 10], &[u64::MAX, 0], &[]] {
            assert_eq!(displayed("Great post", Some(range)), "Great post", "{range:?}");
        }
        assert_eq!(displayed("", Some(&[0, 0])), "");
    }

    #[test]
    fn our_words_are_known_again_behind_handles_and_shortened_addresses() {
        let ours = "Legga le regole & grazie: https://example.org/regole-della-pagina";
        assert!(is_same(ours, "@mario @anna Legga le regole &amp; grazie: https://t.co/abc"));
        assert!(!is_same(ours, "@mario Legga le regole &amp; grazie"));
        assert!(!is_same("Grazie", "@mario Prego"));
    }
}
