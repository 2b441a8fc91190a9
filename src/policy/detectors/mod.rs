//! Personal data of someone, recognised by its shape and, where there is one, by its check characters.
//!
//! All of it is found in folded text (lower case, no accents, plain digits, single spaces). One look at the bytes says
//! whether a text can hold any; most hold none and cost no more. The others are cut into words, and each place is
//! looked at a bounded number of times.

mod address;
mod birth;
mod card;
mod circumstance;
mod contacts;
mod document;
mod email;
mod firm;
mod fiscal_code;
mod glued;
mod iban;
mod link;
mod name;
mod phone;
mod search;
mod text;
mod vat;

use std::ops::Range;
use std::sync::LazyLock;

use aho_corasick::AhoCorasick;

pub(crate) use contacts::{Contact, Contacts};
pub(crate) use name::is_given as is_given_name;
use search::Search;

/// A kind of personal data.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Detector {
    /// An e-mail address.
    Email,
    /// The e-mail address of a firm or an office.
    FirmEmail,
    /// The number of a mobile telephone, a foreign number, or any number in disguise.
    Phone,
    /// The number of a mobile telephone with which a firm presents itself.
    FirmPhone,
    /// The number of a caller against whom someone warns.
    ReportedPhone,
    /// The number of an Italian landline.
    Landline,
    /// A number with the shape of a telephone's that may be something else.
    PossiblePhone,
    /// An international bank account number with a right checksum.
    Iban,
    /// The number of a payment card with a right check digit.
    PaymentCard,
    /// An Italian tax code of a person with a right check character.
    FiscalCode,
    /// A VAT number with a right check digit that is said to be a person's.
    PersonVat,
    /// A VAT number with a right check digit beside the name of a firm.
    FirmVat,
    /// Any other VAT number with a right check digit.
    VatNumber,
    /// The street and number where somebody lives.
    Address,
    /// Street, number and town, without a word on who or what is there.
    StreetAddress,
    /// The number plate of a vehicle.
    Plate,
    /// The number of an identity card.
    IdentityCard,
    /// The number of a passport.
    Passport,
    /// The number of a driving licence.
    DrivingLicence,
    /// The number of a health card.
    HealthCard,
    /// A number with the shape of a plate or document, without a word that says so.
    DocumentNumber,
    /// The date of birth of somebody who is named.
    BirthDate,
    /// A full name and something from that person's private life.
    PrivateCircumstance,
}

impl Detector {
    /// Every detector, in the order in which the documentation lists them.
    pub(crate) const ALL: [Detector; 23] = [
        Detector::Email,
        Detector::FirmEmail,
        Detector::Phone,
        Detector::FirmPhone,
        Detector::ReportedPhone,
        Detector::Landline,
        Detector::PossiblePhone,
        Detector::Iban,
        Detector::PaymentCard,
        Detector::FiscalCode,
        Detector::PersonVat,
        Detector::FirmVat,
        Detector::VatNumber,
        Detector::Address,
        Detector::StreetAddress,
        Detector::Plate,
        Detector::IdentityCard,
        Detector::Passport,
        Detector::DrivingLicence,
        Detector::HealthCard,
        Detector::DocumentNumber,
        Detector::BirthDate,
        Detector::PrivateCircumstance,
    ];

    /// The key used in policy files and findings.
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Detector::Email => "email",
            Detector::FirmEmail => "firm_email",
            Detector::Phone => "phone",
            Detector::FirmPhone => "firm_phone",
            Detector::ReportedPhone => "reported_phone",
            Detector::Landline => "landline",
            Detector::PossiblePhone => "possible_phone",
            Detector::Iban => "iban",
            Detector::PaymentCard => "payment_card",
            Detector::FiscalCode => "fiscal_code",
            Detector::PersonVat => "person_vat",
            Detector::FirmVat => "firm_vat",
            Detector::VatNumber => "vat_number",
            Detector::Address => "address",
            Detector::StreetAddress => "street_address",
            Detector::Plate => "plate",
            Detector::IdentityCard => "identity_card",
            Detector::Passport => "passport",
            Detector::DrivingLicence => "driving_licence",
            Detector::HealthCard => "health_card",
            Detector::DocumentNumber => "document_number",
            Detector::BirthDate => "birth_date",
            Detector::PrivateCircumstance => "private_circumstance",
        }
    }
}

/// A set of detectors.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Set(u32);

impl Set {
    /// No detector.
    pub(crate) const EMPTY: Set = Set(0);

    /// These detectors and one more.
    #[must_use]
    pub(crate) const fn with(self, detector: Detector) -> Set {
        Set(self.0 | 1 << detector as u32)
    }

    /// Whether it has this detector.
    pub(crate) const fn contains(self, detector: Detector) -> bool {
        self.0 & 1 << detector as u32 != 0
    }

    /// Whether it has one of these detectors.
    fn contains_any(self, detectors: &[Detector]) -> bool {
        detectors.iter().any(|&detector| self.contains(detector))
    }

    fn remove(&mut self, detector: Detector) {
        self.0 &= !(1 << detector as u32);
    }
}

/// Reports, for each of the wanted detectors, the first datum in a folded text that is not the organisation's own.
///
/// `is_capital` says whether the letter at a byte of the folded text was a capital in the original; it is asked only
/// about the few words that could be names.
pub(crate) fn find_all(
    folded: &str,
    is_capital: &dyn Fn(usize) -> bool,
    own: &Contacts,
    wanted: Set,
    mut report: impl FnMut(Detector, Range<usize>),
) {
    if wanted == Set::EMPTY {
        return;
    }
    let signs = Signs::of(folded);
    if !signs.has_any() {
        return;
    }
    let text = text::Text::new(folded, is_capital);
    let mut search = Search::new(&text, own, wanted, &mut report);
    if signs.may_have_email {
        email::search(&mut search);
    }
    if signs.may_have_circumstance {
        circumstance::search(&mut search);
    }
    if signs.digits > 0 || signs.has_long_word {
        fiscal_code::search(&mut search);
    }
    if signs.digits > 0 {
        address::search(&mut search);
        document::search(&mut search);
    }
    if signs.digits >= FEWEST_DIGITS_OF_A_CODE {
        birth::search(&mut search);
        iban::search(&mut search);
        card::search(&mut search);
        vat::search(&mut search);
    }
    if signs.digits >= FEWEST_DIGITS_OF_A_PHONE || signs.may_have_spelled_number {
        phone::search(&mut search);
    }
    if signs.digits >= phone::lettered::FEWEST_DIGITS {
        phone::search_lettered(&mut search);
    }
}

/// Below this many digits there is no date of birth and no number of an account, a card or a taxpayer.
const FEWEST_DIGITS_OF_A_CODE: usize = 4;
/// Below this many digits a telephone number has some in words.
const FEWEST_DIGITS_OF_A_PHONE: usize = 7;

/// What a look at the bytes of a text tells.
struct Signs {
    digits: usize,
    /// A word long enough for a tax code in which letters stand for all digits.
    has_long_word: bool,
    may_have_email: bool,
    may_have_spelled_number: bool,
    may_have_circumstance: bool,
}

impl Signs {
    fn of(folded: &str) -> Self {
        let bytes = folded.as_bytes();
        let mut signs = Self {
            digits: bytes.iter().map(|byte| usize::from(byte.is_ascii_digit())).sum(),
            has_long_word: has_run_of_letters(bytes, fiscal_code::LENGTH),
            may_have_email: bytes.contains(&b'@'),
            may_have_spelled_number: false,
            may_have_circumstance: false,
        };
        let Some(keywords) = KEYWORDS.as_ref() else {
            return Self { may_have_email: true, may_have_spelled_number: true, may_have_circumstance: true, ..signs };
        };
        for keyword in keywords.find_iter(bytes) {
            match keyword.pattern().as_usize().checked_sub(email::KEYWORDS.len()) {
                None => signs.may_have_email = true,
                Some(other) if other < phone::KEYWORDS.len() => signs.may_have_spelled_number = true,
                Some(_) => signs.may_have_circumstance = true,
            }
        }
        signs
    }

    fn has_any(&self) -> bool {
        self.digits > 0
            || self.has_long_word
            || self.may_have_email
            || self.may_have_spelled_number
            || self.may_have_circumstance
    }
}

/// Whether this many letters follow one another: then one of them stands at a multiple of that number.
fn has_run_of_letters(bytes: &[u8], length: usize) -> bool {
    let is_letter = |byte: &&u8| byte.is_ascii_lowercase();
    (0..bytes.len()).step_by(length).any(|at| {
        let before = bytes[..at].iter().rev().take(length).take_while(is_letter).count();
        before + bytes[at..].iter().take(length).take_while(is_letter).count() >= length
    })
}

/// Finds the beginnings of words without which nothing is found in a text that has neither digits nor an `@`. None is
/// a substring that common Italian words are full of. `None`, if it could not be built, makes every text looked at.
static KEYWORDS: LazyLock<Option<AhoCorasick>> = LazyLock::new(|| {
    let words = email::KEYWORDS.iter().chain(phone::KEYWORDS).map(|&word| word.to_owned());
    AhoCorasick::new(words.chain(circumstance::keywords())).ok()
});

/// What a detector finds in a folded text whose letters are all small, when nothing is the organisation's own.
#[cfg(test)]
fn find_one(detector: Detector, folded: &str) -> Option<&str> {
    let mut found = None;
    let own = Contacts::default();
    find_all(folded, &|_| false, &own, Set::EMPTY.with(detector), |_, span| found = folded.get(span));
    found
}
