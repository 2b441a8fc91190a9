//! Undoing the ways in which a word is hidden from a list of words.

use super::vocabulary::{LONGEST_DISGUISE, SHORTEST_GUESS, Vocabulary, WordId, squeeze};

/// A word found behind another spelling.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Undone {
    pub(super) id: WordId,
    /// Whether nothing else can have been meant.
    pub(super) certain: bool,
}

/// Shorter words are not taken apart.
const SHORTEST_GLUED: usize = 7;
/// Into how many words a glued one is taken apart.
const MOST_PARTS: usize = 6;

/// How many letters or digits may be attached to a word.
const MOST_ATTACHED: usize = 2;
/// Letters with which no Italian word ends.
const STRANGE_ENDINGS: [char; 8] = ['h', 'j', 'k', 'q', 'w', 'x', 'y', 'z'];

/// The letter that a character stands for: itself, or what a digit or sign looks like.
pub(super) fn letter(byte: u8) -> Option<u8> {
    Some(match byte {
        b'a'..=b'z' => byte,
        b'0' => b'o',
        b'1' | b'!' | b'|' => b'i',
        b'3' => b'e',
        b'4' | b'@' => b'a',
        b'5' | b'$' => b's',
        b'6' | b'9' => b'g',
        b'7' | b'+' => b't',
        b'8' => b'b',
        _ => return None,
    })
}

/// A word with signs in it: some stand for letters by their shape, others for any letter.
pub(super) fn signs(written: &str, vocabulary: &Vocabulary, buffer: &mut String) -> Option<Undone> {
    if written.len() > LONGEST_DISGUISE {
        return None;
    }
    if written.bytes().any(|byte| matches!(byte, b'*' | b'#' | b'_')) {
        return masked(written.as_bytes(), vocabulary);
    }
    looks_like(written, vocabulary, buffer)
}

/// A word of letters and digits that the vocabulary does not know.
pub(super) fn letters(written: &str, vocabulary: &Vocabulary, buffer: &mut String) -> Option<Undone> {
    let bytes = written.as_bytes();
    let mut shape = Shape::default();
    for (at, &byte) in bytes.iter().enumerate() {
        shape.digits |= byte.is_ascii_digit();
        shape.k |= byte == b'k';
        if at > 0 && byte == bytes[at - 1] {
            shape.pairs += 1;
            shape.long |= at > 1 && byte == bytes[at - 2];
            shape.vowels |= matches!(byte, b'a' | b'e' | b'i' | b'o' | b'u');
        }
    }
    if shape.digits
        && bytes.len() <= LONGEST_DISGUISE
        && let Some(undone) = looks_like(written, vocabulary, buffer)
    {
        return Some(undone);
    }
    if shape.digits && shape.k && bytes.len() <= LONGEST_DISGUISE {
        for one in [b'i', b'l'] {
            if let Some(plain) = spelled(written, one)
                && let Some(undone) = stretched(&plain, &shape, vocabulary, buffer)
            {
                return Some(undone);
            }
        }
    }
    if (shape.long || shape.k || shape.vowels || shape.pairs > 2)
        && let Some(undone) = stretched(written, &shape, vocabulary, buffer)
    {
        return Some(undone);
    }
    if !(SHORTEST_GUESS - 1..=LONGEST_DISGUISE).contains(&bytes.len()) {
        return None;
    }
    vocabulary.find_near(written).map(|id| Undone { id, certain: false })
}

/// A word that is nothing else: with something attached, or reversed.
pub(super) fn rest(written: &str, vocabulary: &Vocabulary, buffer: &mut String) -> Option<Undone> {
    if !(SHORTEST_GUESS..=LONGEST_DISGUISE).contains(&written.len()) {
        return None;
    }
    let guess = attached(written, vocabulary).or_else(|| reversed(written.as_bytes(), vocabulary, buffer));
    guess.map(|id| Undone { id, certain: false })
}

/// A word to which digits before it or a letter are attached so that it is another: `1casa`, `hcasa`. Digits after it
/// make a name, such as `casa2`. A letter counts only where
/// no Italian word could begin or end with it, or the rest of many words would be taken for terms.
fn attached(written: &str, vocabulary: &Vocabulary) -> Option<WordId> {
    let term = |spelling: &str| vocabulary.find_guessed(spelling).filter(|&id| vocabulary.traits(id).alone);
    let without_digits = written.trim_start_matches(|letter: char| letter.is_ascii_digit());
    if without_digits.len() < written.len() && without_digits.len() + MOST_ATTACHED >= written.len() {
        return term(without_digits);
    }
    let bytes = written.as_bytes();
    let begins_strangely = |at: usize| matches!(bytes.get(at..at + 2), Some(&[a, b]) if !may_begin(a, b));
    let starts = (1..=MOST_ATTACHED).filter(|&start| (0..start).all(begins_strangely));
    if let Some(id) = starts.filter_map(|start| written.get(start..)).find_map(term) {
        return Some(id);
    }
    let stripped = written.trim_end_matches(STRANGE_ENDINGS);
    (stripped.len() < written.len() && stripped.len() + MOST_ATTACHED >= written.len()).then(|| term(stripped))?
}

/// Whether a word of Italian may begin with these two letters: with a vowel, a consonant before one, or one of the
/// pairs of consonants that there are.
fn may_begin(first: u8, second: u8) -> bool {
    let is_vowel = |letter: u8| matches!(letter, b'a' | b'e' | b'i' | b'o' | b'u');
    match first {
        b'h' | b'j' | b'k' | b'w' | b'x' | b'y' => false,
        b'q' => second == b'u',
        _ if is_vowel(first) || is_vowel(second) => true,
        b's' => !matches!(second, b's' | b'x' | b'w' | b'j' | b'k' | b'y'),
        b'b' | b'c' | b'd' | b'f' | b'g' | b'p' | b't' | b'v' => matches!(second, b'l' | b'r' | b'h' | b'n' | b's'),
        _ => false,
    }
}

/// A word written from its end to its beginning.
fn reversed(written: &[u8], vocabulary: &Vocabulary, buffer: &mut String) -> Option<WordId> {
    buffer.clear();
    buffer.extend(written.iter().rev().filter(|byte| byte.is_ascii()).map(|&byte| char::from(byte)));
    (buffer.len() == written.len())
        .then(|| vocabulary.find_guessed(buffer).filter(|&id| vocabulary.traits(id).alone))?
}

/// What in a word looks like a disguise.
#[derive(Default)]
struct Shape {
    digits: bool,
    k: bool,
    /// How often a letter is the same as the one before.
    pairs: usize,
    /// Whether a letter stands three times in a row.
    long: bool,
    /// Whether a vowel stands twice in a row.
    vowels: bool,
}

/// Digits and signs for the letters that they look like; 1 is an i or an l.
fn looks_like(written: &str, vocabulary: &Vocabulary, buffer: &mut String) -> Option<Undone> {
    for one in [b'i', b'l'] {
        *buffer = spelled(written, one)?;
        if let Some(id) = vocabulary.find_disguised(buffer) {
            return Some(Undone { id, certain: true });
        }
        if let Some(id) = vocabulary.find_squeezed(buffer.as_str()).filter(|_| is_stretched(buffer)) {
            return Some(Undone { id, certain: true });
        }
    }
    None
}

/// A word with the letters for which its digits and signs stand, where 1 and the like are this one.
fn spelled(written: &str, one: u8) -> Option<String> {
    let plain = |byte| if matches!(byte, b'1' | b'|' | b'!') { Some(one) } else { letter(byte) };
    written.bytes().map(|byte| plain(byte).map(char::from)).collect()
}

fn is_stretched(written: &str) -> bool {
    written.as_bytes().windows(3).any(|three| three[0] == three[1] && three[1] == three[2])
}

/// Letters repeated, and k for c or ch.
fn stretched(written: &str, shape: &Shape, vocabulary: &Vocabulary, buffer: &mut String) -> Option<Undone> {
    let ks: &[&str] = if shape.k { &["k", "c", "ch"] } else { &["k"] };
    for k in ks {
        for (longest, vowels_once) in [(1, false), (2, false), (1, true), (2, true)] {
            rewrite(written, longest, vowels_once, k, buffer);
            if buffer.len() <= LONGEST_DISGUISE
                && buffer != written
                && let Some(id) = vocabulary.find_disguised(buffer)
            {
                return Some(Undone { id, certain: true });
            }
        }
        // Every letter written twice or more: `ccaassaa`.
        if shape.pairs > 2 && written.len() <= 4 * LONGEST_DISGUISE {
            rewrite(written, 1, true, k, buffer);
            let squeezed = squeeze(buffer);
            if let Some(id) = vocabulary.find_squeezed(&squeezed) {
                return Some(Undone { id, certain: true });
            }
        }
    }
    None
}

/// Writes a word with each run of three or more equal letters cut to `longest`, double vowels once if asked, and
/// another spelling of k: of two, the last is a ch and the one before it a c, as in *vecchio*. Stops when it gets longer than any word of a term.
fn rewrite(written: &str, longest: usize, vowels_once: bool, k: &str, buffer: &mut String) {
    buffer.clear();
    let mut rest = written;
    while let Some(letter) = rest.chars().next() {
        let after = rest.trim_start_matches(letter);
        let run = (rest.len() - after.len()) / letter.len_utf8();
        rest = after;
        let is_vowel = matches!(letter, 'a' | 'e' | 'i' | 'o' | 'u');
        let kept = match run {
            1 => 1,
            2 => 2 - usize::from(vowels_once && is_vowel),
            _ => longest,
        };
        for nth in 1..=kept {
            match letter {
                'k' if nth < kept && k == "ch" => buffer.push('c'),
                'k' => buffer.push_str(k),
                _ => buffer.push(letter),
            }
        }
        if buffer.len() > 4 * LONGEST_DISGUISE {
            return;
        }
    }
}

/// Stars and the like, each for one letter; or a row of them for about as many.
fn masked(written: &[u8], vocabulary: &Vocabulary) -> Option<Undone> {
    let is_mask = |byte: u8| matches!(byte, b'*' | b'#' | b'_');
    let known = written.iter().filter(|&&byte| !is_mask(byte)).count();
    let first = written.first().copied().and_then(letter)?;
    let last = written.last().copied().and_then(letter);
    if known < 2 || (last.is_none() && known < 3) {
        return None;
    }
    let fits = |word: &str| {
        word.len() == written.len()
            && written.iter().zip(word.bytes()).all(|(&byte, right)| is_mask(byte) || letter(byte) == Some(right))
    };
    let spelling = |id: &WordId| vocabulary.word(*id);
    let exact = vocabulary.masked(first, last, written.len()).iter().find(|id| spelling(id).is_some_and(fits));
    if let Some(&id) = exact {
        return Some(Undone { id, certain: known * 3 >= written.len() * 2 && last.is_some() });
    }
    let start = written.iter().position(|&byte| is_mask(byte))?;
    let end = written.iter().rposition(|&byte| is_mask(byte))? + 1;
    if !written[start..end].iter().all(|&byte| is_mask(byte)) {
        return None;
    }
    let (prefix, suffix) = (&written[..start], &written[end..]);
    let about = |word: &str| word.as_bytes().starts_with(prefix) && word.as_bytes().ends_with(suffix);
    let lengths = [written.len() + 1, written.len().saturating_sub(1), written.len() + 2, written.len() + 3];
    // One star may stand for several letters, but then there must be enough others.
    let lengths = if known < 3 && end - start < 2 { &lengths[..0] } else { &lengths[..] };
    lengths.iter().find_map(|&length| {
        let id = vocabulary
            .masked(first, last, length)
            .iter()
            .find(|id| length > known && spelling(id).is_some_and(about))?;
        Some(Undone { id: *id, certain: false })
    })
}

/// A word that is several words of the vocabulary without spaces, at least one of them a term: where each stands.
pub(super) fn glued(written: &str, vocabulary: &Vocabulary) -> Option<Vec<(usize, usize, WordId)>> {
    if !(SHORTEST_GLUED..=2 * LONGEST_DISGUISE).contains(&written.len()) || !written.is_ascii() {
        return None;
    }
    let mut parts = Vec::new();
    let mut dead = [false; 2 * LONGEST_DISGUISE + 1];
    (take_apart(written, 0, vocabulary, &mut parts, &mut dead)
        && parts.iter().any(|(_, _, id)| !vocabulary.traits(*id).glue))
    .then_some(parts)
}

/// A row of letters as words of the vocabulary, with at least one long enough to be looked for in disguise: where each
/// stands, and what is left over between them. Of several ways, the one with the fewest letters left over, then with the
/// fewest words.
pub(super) fn in_row(row: &str, vocabulary: &Vocabulary) -> Option<Vec<(usize, usize, WordId)>> {
    const LEFT_OVER: usize = 100;
    let length = row.len();
    // For each place, what the rest from there costs, and how long its first word is and which.
    let mut best = vec![(0, 0, WordId::UNKNOWN); length + 1];
    for at in (0..length).rev() {
        best[at] = (best[at + 1].0 + LEFT_OVER, 1, WordId::UNKNOWN);
        for long in 2..=(length - at).min(LONGEST_DISGUISE) {
            let cost = best[at + long].0 + 1;
            if cost < best[at].0
                && let Some(id) = row.get(at..at + long).and_then(|word| vocabulary.find(word))
            {
                best[at] = (cost, long, id);
            }
        }
    }
    let mut parts: Vec<(usize, usize, WordId)> = Vec::new();
    let mut at = 0;
    while at < length {
        let (_, long, id) = best[at];
        match parts.last_mut() {
            Some(last) if id == WordId::UNKNOWN && last.2 == id => last.1 += long,
            _ => parts.push((at, at + long, id)),
        }
        at += long;
    }
    let is_term =
        |&(from, to, id): &(usize, usize, WordId)| to - from >= SHORTEST_GUESS && vocabulary.traits(id).disguised;
    parts.iter().any(is_term).then_some(parts)
}

/// Splits what is left from `at`; positions from which it failed are not tried again.
fn take_apart(
    written: &str,
    at: usize,
    vocabulary: &Vocabulary,
    parts: &mut Vec<(usize, usize, WordId)>,
    dead: &mut [bool],
) -> bool {
    if at == written.len() {
        return parts.len() > 1;
    }
    if dead[at] || parts.len() == MOST_PARTS {
        return false;
    }
    for (length, id) in vocabulary.parts(&written[at..]) {
        parts.push((at, at + length, id));
        if take_apart(written, at + length, vocabulary, parts, dead) {
            return true;
        }
        parts.pop();
    }
    dead[at] = true;
    false
}
