//! What stands for the at sign.

use std::ops::Range;
use std::sync::LazyLock;

use super::super::text::{Text, Words};
use super::domain::{MAIL_BOXES, PROVIDERS, split_domain};
use super::{is_closing, is_opening};

/// Words for the at sign.
static AT_WORDS: LazyLock<Words> =
    LazyLock::new(|| Words::of("chiocciola chiocciolina chiocciole chioc chiocc arroba at"));
/// Prepositions that stand for it before the name of a provider.
static PREPOSITIONS: LazyLock<Words> = LazyLock::new(|| Words::of("a ad su presso et chez"));
/// Pictures that stand for it.
const PICTURES: [char; 6] = ['📧', '📩', '📨', '🐌', '✉', '🌀'];

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
    let sign = |(at, sign): (usize, &str)| At {
        span: with_brackets(bytes, at..at + sign.len()),
        is_sign: true,
        is_certain: true,
    };
    let mut signs: Vec<At> = text.folded.match_indices('@').map(sign).collect();
    // A second sign beside the first, as in `@@`, is the same.
    signs.dedup_by(|next, sign| {
        next.span.start <= sign.span.end && {
            sign.span.end = next.span.end;
            true
        }
    });
    signs.extend(text.folded.match_indices("%40").map(sign));
    let picture = |(at, picture): (usize, &str)| At { span: at..at + picture.len(), is_sign: false, is_certain: false };
    signs.extend(text.folded.match_indices(PICTURES).map(picture));
    for (index, word) in text.words().iter().enumerate() {
        let written = text.word(index);
        let (is_word, is_preposition) = (AT_WORDS.has(written), PREPOSITIONS.has(written));
        let is_cut = matches!(written, "chioc" | "chiocc") && bytes.get(word.end) == Some(&b'.');
        let span = with_brackets(bytes, word.start..word.end + usize::from(is_cut));
        if (is_word || is_preposition) && span.start != word.start {
            signs.push(At { span, is_sign: false, is_certain: true });
        } else if is_word || is_preposition {
            signs.push(At { span, is_sign: false, is_certain: is_word && written != "at" });
        } else if let Some(inside) = glued_sign(written) {
            let span = word.start + inside.start..word.start + inside.end;
            signs.push(At { span, is_sign: false, is_certain: true });
        }
    }
    signs.sort_by_key(|at| at.span.start);
    signs
}

/// A sign or a word for it with the brackets around it: `(at)`, `[@]`, `(chiocc.)`.
fn with_brackets(bytes: &[u8], span: Range<usize>) -> Range<usize> {
    let is_bracketed =
        span.start > 0 && is_opening(bytes[span.start - 1]) && bytes.get(span.end).is_some_and(is_closing);
    if is_bracketed { span.start - 1..span.end + 1 } else { span }
}

/// Where the word for an at sign stands in an address written as one word, as in `annachiocciolagmail`.
fn glued_sign(word: &str) -> Option<Range<usize>> {
    if let Some(at) = word.find("chiocciola") {
        return Some(at..at + "chiocciola".len());
    }
    let address = split_domain(word).map_or(word, |(address, _)| address);
    let is_whole = address.len() == word.len();
    let hosts: &Words = if is_whole { &MAIL_BOXES } else { &PROVIDERS };
    let host = |at: &usize| *at >= 3 && hosts.has(&address[at + "at".len()..]);
    address.match_indices("at").map(|(at, _)| at).find(host).map(|at| at..at + "at".len())
}
