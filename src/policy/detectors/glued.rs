//! Words that are glued to a number or a code, as in `tel3401234567anna`.

use super::phone;

/// Words that people write before a code without a space.
const LABELS: &[&str] = &[
    "codiceiban",
    "iban",
    "codicefiscale",
    "codfiscale",
    "codfisc",
    "partitaiva",
    "piva",
    "vatnumber",
    "vat",
    "targa",
    "targata",
    "targato",
    "patente",
    "passaporto",
    "cartaidentita",
    "documento",
    "cie",
    "tesserasanitaria",
    "tessera",
    "team",
    "carta",
    "postepay",
    "visa",
    "mastercard",
    "amex",
    "bancomat",
    "cf",
];
/// Shorter words have nothing glued to them.
const SHORTEST_GLUED: usize = 5;
/// So many letters make a word, and so many digits a group, where one is glued to the other.
pub(super) const SHORTEST_WORD: usize = 3;
/// So many digits are a number by themselves, whatever stands before them.
const LONG_NUMBER: usize = 9;

/// How many bytes of a word, at its beginning and at its end, are words glued to a number or a code.
pub(super) fn glued(word: &str) -> (usize, usize) {
    if word.len() < SHORTEST_GLUED {
        return (0, 0);
    }
    let is_digit = |letter: char| letter.is_ascii_digit();
    let Some(first) = word.find(is_digit) else {
        // The rest may be letters only: `ibanit 64 x`.
        let is_of_code = word.starts_with("iban") || word.starts_with("cod");
        return (if is_of_code { label(word, word.len()) } else { 0 }, 0);
    };
    let digits = word[first..].find(|letter| !is_digit(letter)).unwrap_or(word.len() - first);
    let tail = word.len() - first - digits;
    if word[first + digits..].contains(is_digit) {
        return (label(word, first), 0);
    }
    let is_number = |letters: &str| phone::is_number_word(letters);
    let (before, after) = (&word[..first], &word[first + digits..]);
    let tail = if tail >= SHORTEST_WORD && digits >= SHORTEST_WORD && !is_number(after) { tail } else { 0 };
    let is_cut_off = first >= SHORTEST_WORD && digits >= LONG_NUMBER && !is_number(before);
    (if is_cut_off { first } else { label(word, first) }, tail)
}

/// How many bytes of a word are a label before a code of which these are the first letters.
fn label(word: &str, letters: usize) -> usize {
    let end_of = |label: &&str| {
        // A short one stands at the beginning only, and before a long code.
        let at = if label.len() > 3 { word[..letters].find(label)? } else { word.starts_with(label).then_some(0)? };
        let end = at + label.len();
        let is_long = label.len() > 3 || word.len() - end >= LONG_NUMBER;
        // What a code begins with: letters of a name, of a country, of a document, or none.
        let rest = letters.checked_sub(end)?;
        (end < word.len() && is_long && matches!(rest, 0..=3 | 6)).then_some(end)
    };
    LABELS.iter().find_map(end_of).unwrap_or_default()
}
