//! Whether two names look the same to whoever reads them.

use std::iter::once;

use text::{Folded, is_invisible, sign};
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;
use unicode_security::skeleton;

use super::{is_blank, without_escapes};

/// The most words of a name that are tried in every order; the letters of one with more count in any order.
const MOST_REORDERED: usize = 6;

/// From how many letters on a word that is there twice is the same once more: Nana is not Na.
const LONG_ENOUGH: usize = 3;

/// The most initials of a name, which have an order. With more words of one letter they are the letters of words, spaced.
const MOST_INITIALS: usize = 3;

/// What counts of a name, however it is typed: its words, in their order.
pub(super) struct Likeness(Vec<Vec<Sign>>);

/// A letter, digit, mark or symbol as it is seen.
#[derive(Clone)]
struct Sign {
    /// What it may be taken for, itself included.
    looks: Vec<char>,
    /// The digit that was typed: two of them are told apart, although 6 and 8 are both written for b. Among initials also
    /// the capital I or L: one looks like the other only where it is a small one.
    told_apart: Option<char>,
    /// The name is the same without it: it may stand between words, or above a letter.
    optional: bool,
}

impl Sign {
    fn is_like(&self, other: &Sign) -> bool {
        match (self.told_apart, other.told_apart) {
            (Some(own), Some(theirs)) if own.is_ascii_digit() == theirs.is_ascii_digit() => own == theirs,
            _ => self.looks.iter().any(|look| other.looks.contains(look)),
        }
    }
}

impl Likeness {
    pub(super) fn of(name: &str) -> Self {
        // Names from before are kept as they were typed.
        let seen = without_escapes(name);
        let seen = seen.chars().map(|letter| if is_blank(letter) { ' ' } else { letter });
        let seen: Vec<char> = seen.nfkd().filter(|letter| !is_invisible(*letter)).collect();
        let mut words = words(&seen, true);
        if words.is_empty() {
            words = self::words(&seen, false);
        }
        let mut words = each_once(words);
        if words.iter().flatten().all(|sign| sign.optional) {
            words.iter_mut().flatten().for_each(|sign| sign.optional = false);
        }
        let is_short = words.iter().flatten().count() <= MOST_INITIALS;
        let is_in_capitals = is_short && seen.iter().all(|letter| !letter.is_lowercase());
        for word in &mut words {
            let is_capital = |sign: &Sign| sign.told_apart.is_some_and(|letter| letter.is_ascii_uppercase());
            if !is_initial(word) && !is_in_capitals {
                word.iter_mut().filter(|sign| is_capital(sign)).for_each(|sign| sign.told_apart = None);
            }
        }
        Self(words)
    }

    /// Whether the letters of one are the words of the other, each once and without regard to where the spaces are. Words
    /// of one letter keep their order: of A. R. and R. A. each knows who is meant. Where one name has so many words, or so many
    /// of one letter, that nobody sees an order in them, the same letters are the same name.
    pub(super) fn is_same(&self, other: &Likeness) -> bool {
        let (own, theirs) = (&self.0, &other.0);
        if own.is_empty() || theirs.is_empty() {
            return false;
        }
        let (own_signs, their_signs) = (own.concat(), theirs.concat());
        if is_without_order(own) || is_without_order(theirs) {
            return covers(&own_signs, &their_signs) && covers(&their_signs, &own_signs);
        }
        consists_of(&own_signs, theirs) || consists_of(&their_signs, own)
    }
}

/// The words of a name, where letters that are drawn like signs may count as such.
fn words(seen: &[char], with_signs: bool) -> Vec<Vec<Sign>> {
    let (mut words, mut word, mut keeps_marks) = (Vec::new(), Vec::new(), false);
    for (at, letter) in seen.iter().copied().enumerate() {
        if is_combining_mark(letter) {
            word.extend(mark(letter, keeps_marks));
            continue;
        }
        let signs = signs(letter, with_signs && is_drawn_like_a_sign(letter) && !stands_in_a_word(seen, at));
        keeps_marks = letter.is_alphabetic() && signs.last().is_some_and(|sign| is_later_script(sign.looks[0]));
        if signs.is_empty() && !word.is_empty() {
            words.push(std::mem::take(&mut word));
        }
        word.extend(signs);
    }
    words.extend(Some(word).filter(|word| !word.is_empty()));
    words
}

/// The words, each once. Letters that stand alone are the letters of words, and stay.
fn each_once(words: Vec<Vec<Sign>>) -> Vec<Vec<Sign>> {
    let is_like = |one: &[Sign], other: &[Sign]| {
        one.len() == other.len() && one.iter().zip(other).all(|(one, other)| one.is_like(other))
    };
    let mut once: Vec<Vec<Sign>> = Vec::new();
    for word in words {
        if is_initial(&word) || !once.iter().any(|before| is_like(before, &word)) {
            once.push(word);
        }
    }
    once
}

/// Whether a word is one letter, with or without signs.
fn is_initial(word: &[Sign]) -> bool {
    word.iter().filter(|sign| !sign.optional).count() <= 1
}

/// Whether nobody sees an order in these words.
fn is_without_order(words: &[Vec<Sign>]) -> bool {
    words.len() > MOST_REORDERED || words.iter().filter(|word| is_initial(word)).count() > MOST_INITIALS
}

/// Whether each sign that has to be there has one of the others for itself which is like it. Where that holds both ways,
/// there is one choice of pairs for both (Mendelsohn and Dulmage).
fn covers(signs: &[Sign], others: &[Sign]) -> bool {
    /// Finds an other for this sign, for which those that have one may take the next.
    fn finds(at: usize, signs: &[Sign], others: &[Sign], taken: &mut [Option<usize>], tried: &mut [bool]) -> bool {
        (0..others.len()).any(|other| {
            if tried[other] || !signs[at].is_like(&others[other]) {
                return false;
            }
            tried[other] = true;
            let is_free = taken[other].is_none_or(|before| finds(before, signs, others, taken, tried));
            if is_free {
                taken[other] = Some(at);
            }
            is_free
        })
    }
    let mut taken = vec![None; others.len()];
    (0..signs.len())
        .filter(|at| !signs[*at].optional)
        .all(|at| finds(at, signs, others, &mut taken, &mut vec![false; others.len()]))
}

/// Whether a joined name is made of these words, in any order: each once, or again where nobody is called by it twice.
fn consists_of(joined: &[Sign], words: &[Vec<Sign>]) -> bool {
    let nothing: Vec<bool> = (0..=joined.len()).map(|at| at == 0).collect();
    let initials: usize = (0..words.len()).filter(|at| is_initial(&words[*at])).map(|at| 1 << at).sum();
    // For each set of words, as bits, up to where the joined name can be made of them.
    let mut reached = vec![vec![false; joined.len() + 1]; 1 << words.len()];
    reached[0] = nothing;
    for used in 0..reached.len() {
        let repeated = words.iter().enumerate().filter(|(at, word)| used & 1 << at != 0 && word.len() >= LONG_ENOUGH);
        let repeated: Vec<&Vec<Sign>> = repeated.map(|(_, word)| word).collect();
        again(joined, &mut reached[used], &repeated);
        for (at, word) in words.iter().enumerate() {
            let (bit, earlier) = (1 << at, (1 << at) - 1);
            let is_next = used & bit == 0 && (initials & bit == 0 || initials & earlier & !used == 0);
            if is_next && reached[used].contains(&true) {
                let ends = after(joined, &reached[used], word);
                reached[used | bit].iter_mut().zip(ends).for_each(|(reached, ends)| *reached |= ends);
            }
        }
    }
    reached.pop().is_some_and(|all| reaches_end(joined, all))
}

/// Adds to these places of a joined name those that are reached from them by some of these words, as often as there are any.
fn again(joined: &[Sign], reached: &mut [bool], words: &[&Vec<Sign>]) {
    loop {
        let before = reached.iter().filter(|is_here| **is_here).count();
        for word in words {
            let ends = after(joined, reached, word);
            reached.iter_mut().zip(ends).for_each(|(reached, ends)| *reached |= ends);
        }
        if reached.iter().filter(|is_here| **is_here).count() == before {
            return;
        }
    }
}

/// Where in a joined name a word ends that begins at one of these places.
fn after(joined: &[Sign], starts: &[bool], word: &[Sign]) -> Vec<bool> {
    word.iter().fold(starts.to_vec(), |reached, sign| {
        let mut next = if sign.optional { reached.clone() } else { vec![false; reached.len()] };
        for (at, is_here) in with_skipped(joined, reached).into_iter().enumerate() {
            if is_here && joined.get(at).is_some_and(|own| own.is_like(sign)) {
                next[at + 1] = true;
            }
        }
        next
    })
}

fn reaches_end(joined: &[Sign], reached: Vec<bool>) -> bool {
    with_skipped(joined, reached).last() == Some(&true)
}

/// These places of a joined name, and those behind what may be left out after them.
fn with_skipped(joined: &[Sign], mut reached: Vec<bool>) -> Vec<bool> {
    for (at, sign) in joined.iter().enumerate() {
        reached[at + 1] |= reached[at] && sign.optional;
    }
    reached
}

/// A character that is no mark, as it is seen: more than one where it is a ligature, none where it stands between words.
fn signs(letter: char, is_sign: bool) -> Vec<Sign> {
    let told_apart = Some(letter).filter(|letter| letter.is_ascii_digit() || matches!(letter, 'I' | 'L'));
    let sign = |looks, optional| Sign { looks, told_apart, optional };
    let (text, looks) = (folded(letter), looks(letter));
    // The letters of flags show a word, or are flags behind a name.
    let optional = is_sign || !text.starts_with(char::is_alphanumeric) || is_regional(letter);
    let drawn: String = skeleton(&text).collect();
    let letters = if only(text.chars()).is_none() {
        text
    } else if !is_known(&looks) && drawn.chars().all(is_latin) {
        drawn.to_ascii_lowercase()
    } else if is_known(&looks) || !optional {
        return vec![sign(looks, optional)];
    } else {
        return Vec::new();
    };
    letters.chars().map(|letter| sign(self::looks(letter), optional)).collect()
}

/// A mark as it is seen. Those above and below letters are accents in Latin, Greek and Cyrillic, and in Arabic and Hebrew
/// vowels that most do not write; in the scripts after them they are what tells names apart. That takes a mark of such a
/// script behind a letter that is of it still when it is folded: a look-alike of `a` has accents. Behind other letters a
/// mark can be one that is drawn like a letter.
fn mark(mark: char, keeps_marks: bool) -> Option<Sign> {
    let looks = looks(mark);
    let optional = !(keeps_marks && is_later_script(mark));
    (!optional || is_known(&looks)).then_some(Sign { looks, told_apart: None, optional })
}

/// What a character may be taken for: first what it is when it is folded, then what it is in the other case, what
/// Unicode lists as drawn alike (UTS 39), and the letter that it is written for.
fn looks(letter: char) -> Vec<char> {
    let mut looks = Vec::new();
    let mut add = |look: char| {
        let look = if matches!(look, 'i' | '|') { 'l' } else { look };
        for look in once(look).chain(written_for(look).chars()) {
            if !looks.contains(&look) {
                looks.push(look);
            }
        }
    };
    for form in once(letter).chain(only(letter.to_lowercase())).chain(only(letter.to_uppercase())) {
        add(only(folded(form).chars()).unwrap_or(form));
        let drawn: String = skeleton(form.encode_utf8(&mut [0; 4])).collect();
        match only(drawn.chars()) {
            Some(drawn) => add(only(folded(drawn).chars()).unwrap_or(drawn)),
            // Unicode takes m for r and n, and what is drawn like m with it.
            None if drawn == "rn" => add('m'),
            _ => {}
        }
        sign(form).into_iter().for_each(&mut add);
    }
    looks
}

/// Whether a letter or digit is drawn like a sign: Unicode lists it as that (UTS 39), or it modifies another letter.
fn is_drawn_like_a_sign(letter: char) -> bool {
    let is_sign = |drawn: char| !drawn.is_alphanumeric() || is_modifier(drawn);
    // In one case or the other: of ɂ and Ɂ only the small one is listed.
    let mut forms = once(letter).chain(only(letter.to_lowercase())).chain(only(letter.to_uppercase()));
    letter.is_alphanumeric() && forms.any(|form| skeleton(form.encode_utf8(&mut [0; 4])).all(is_sign))
}

/// Whether a letter stands beside one of a script after Arabic: there ノ and 一 are letters, which beside a Latin one, or
/// one that is taken for it, nobody takes for any.
fn stands_in_a_word(seen: &[char], at: usize) -> bool {
    let is_of_word = |letter: &char| is_of_later_script(*letter) && !is_drawn_like_a_sign(*letter);
    let before = at.checked_sub(1).and_then(|before| seen.get(before));
    before.is_some_and(is_of_word) || seen.get(at + 1).is_some_and(is_of_word)
}

/// The letters for which people write a digit, or a sign that folding leaves as it is. The ten digits stay apart.
fn written_for(sign: char) -> &'static str {
    match sign {
        '0' => "o",
        '1' | '!' => "l",
        '2' => "z",
        '3' => "e",
        '4' | '@' => "a",
        '5' | '$' => "s",
        '6' => "bg",
        '7' | '+' => "t",
        '8' => "b",
        '9' => "gq",
        _ => "",
    }
}

fn folded(letter: char) -> String {
    Folded::new(letter.encode_utf8(&mut [0; 4])).text().to_owned()
}

/// The only one of these characters.
fn only(mut characters: impl Iterator<Item = char>) -> Option<char> {
    characters.next().filter(|_| characters.next().is_none())
}

fn is_latin(letter: char) -> bool {
    letter.is_ascii_alphanumeric()
}

/// Whether one of the looks is a Latin letter or a digit.
fn is_known(looks: &[char]) -> bool {
    looks.iter().copied().any(is_latin)
}

fn is_regional(letter: char) -> bool {
    matches!(letter, '\u{1f1e6}'..='\u{1f1ff}')
}

/// Whether a letter says something about another one, or is a long stroke: the category Lm, without those that Unicode
/// takes for another letter, and without those that repeat one or stand for one in a later script.
fn is_modifier(letter: char) -> bool {
    matches!(
        letter,
        '\u{2b0}'..='\u{2ff}'
            | '\u{374}'
            | '\u{559}'
            | '\u{640}'
            | '\u{7f4}'..='\u{7fa}'
            | '\u{2e2f}'
            | '\u{30fc}'
            | '\u{a4f8}'..='\u{a4fd}'
            | '\u{a67f}'
            | '\u{a717}'..='\u{a71f}'
            | '\u{a788}'..='\u{a78c}'
    )
}

/// Whether a letter is of one of the scripts after Arabic, however it is read: one that looks Latin is taken for that.
fn is_of_later_script(letter: char) -> bool {
    let drawn: String = skeleton(letter.encode_utf8(&mut [0; 4])).collect();
    letter.is_alphabetic() && is_later_script(letter) && !is_known(&looks(letter)) && !drawn.chars().all(is_latin)
}

/// Whether a letter or mark is of one of the scripts after Arabic, and neither of those before it, which have later blocks
/// as well, nor a mark for all scripts.
fn is_later_script(letter: char) -> bool {
    letter >= '\u{900}'
        && !matches!(
            letter,
            '\u{13a0}'..='\u{13ff}'
                | '\u{1ab0}'..='\u{1aff}'
                | '\u{1c80}'..='\u{1c8f}'
                | '\u{1d00}'..='\u{1fff}'
                | '\u{20d0}'..='\u{20ff}'
                | '\u{2c60}'..='\u{2c7f}'
                | '\u{2de0}'..='\u{2dff}'
                | '\u{a640}'..='\u{a7ff}'
                | '\u{ab30}'..='\u{abbf}'
                | '\u{fe00}'..='\u{fe2f}'
                | '\u{10780}'..='\u{107bf}'
                | '\u{1df00}'..='\u{1dfff}'
        )
}
