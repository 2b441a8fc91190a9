//! What stands for the at sign.

use std::ops::Range;
use std::sync::LazyLock;

use super::super::text::{Text, Words};
use super::domain::{PROVIDERS, split_domain};
use super::is_closing;

/// Words for the at sign.
static AT_WORDS: LazyLock<Words> = LazyLock::new(|| Words::of("chiocciola chiocciolina arroba at"));

/// Something that stands for an at sign.
pub(super) struct At {
    pub(super) span: Range<usize>,
    /// `@` itself.
    pub(super) is_sign: bool,
    /// A word that means nothing else: `chiocciola`, or any in brackets.
    pub(super) is_certain: bool,
}

/// All of them, in the order of the text.
pub(super) fn signs(text: &Text<'_>) -> Vec<At> {
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
