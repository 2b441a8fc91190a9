//! Personal data of someone, recognised by its shape and, where there is one, by its check characters.
//!
//! All of them read folded text (lower case, plain digits, single spaces), find the first candidate that is valid and
//! does not belong to the organisation, and look at each byte a bounded number of times.

mod contacts;
mod email;
mod fiscal_code;
mod iban;
mod phone;

use std::ops::Range;

pub(crate) use contacts::{Contact, Contacts};

/// A kind of personal data.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Detector {
    /// An e-mail address.
    Email,
    /// The number of a mobile telephone, or any foreign number in international form.
    Phone,
    /// The number of an Italian landline.
    Landline,
    /// An international bank account number with a right checksum.
    Iban,
    /// An Italian tax code of a person with a right check character.
    FiscalCode,
}

impl Detector {
    /// Every detector, in the order in which the documentation lists them.
    pub(crate) const ALL: [Detector; 5] =
        [Detector::Email, Detector::Phone, Detector::Landline, Detector::Iban, Detector::FiscalCode];

    /// The key used in policy files and findings.
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Detector::Email => "email",
            Detector::Phone => "phone",
            Detector::Landline => "landline",
            Detector::Iban => "iban",
            Detector::FiscalCode => "fiscal_code",
        }
    }

    /// The first such datum in a folded text that is not the organisation's own.
    pub(crate) fn find(self, text: &str, own: &Contacts) -> Option<Range<usize>> {
        match self {
            Detector::Email => email::find(text, |address| !own.has_email(address)),
            Detector::Phone => phone::find(text, |number| !phone::is_landline(number) && !own.has_phone(number)),
            Detector::Landline => phone::find(text, |number| phone::is_landline(number) && !own.has_phone(number)),
            Detector::Iban => iban::find(text, |iban| !own.has_iban(iban)),
            Detector::FiscalCode => fiscal_code::find(text),
        }
    }
}

/// All positions of a folded text at which a word starts with an ASCII letter or digit.
fn word_starts(text: &str) -> impl Iterator<Item = usize> {
    let mut inside = false;
    text.char_indices().filter_map(move |(at, letter)| {
        let starts = !inside && letter.is_ascii_alphanumeric();
        inside = letter.is_alphanumeric();
        starts.then_some(at)
    })
}

/// Whether a letter or digit stands right before this position.
fn follows_word(text: &str, at: usize) -> bool {
    text.get(..at).and_then(|before| before.chars().next_back()).is_some_and(char::is_alphanumeric)
}

/// Whether a letter or digit stands right at this position.
fn precedes_word(text: &str, at: usize) -> bool {
    text.get(at..).and_then(|after| after.chars().next()).is_some_and(char::is_alphanumeric)
}

/// Reads exactly `length` letters and digits, passing over single separators between them, up to the end of a word.
/// Gives them without the separators, and where they end.
fn read_code(text: &str, start: usize, length: usize) -> Option<(Vec<u8>, usize)> {
    let bytes = text.as_bytes();
    let mut code = Vec::with_capacity(length);
    let mut at = start;
    while code.len() < length {
        let byte = *bytes.get(at)?;
        if byte.is_ascii_alphanumeric() {
            code.push(byte);
        } else if !matches!(byte, b' ' | b'-' | b'.') || !bytes.get(at + 1)?.is_ascii_alphanumeric() {
            return None;
        }
        at += 1;
    }
    (!precedes_word(text, at)).then_some((code, at))
}
