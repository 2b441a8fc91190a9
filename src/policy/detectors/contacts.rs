//! The organisation's own contacts, which are never personal data.

use text::fold;

use super::text::Text;
use super::{address, email, iban, phone, vat};

/// One contact of the organisation, in the normal form in which the detectors compare candidates.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Contact {
    Email(String),
    /// `@` and a domain: every address in that domain and below it.
    Domain(String),
    Phone(String),
    Iban(String),
    Vat(String),
    /// The words of a street and the number.
    Address(String),
}

impl Contact {
    /// Reads a contact as a policy file writes it, or `None` when it is nothing that a detector could find.
    pub(crate) fn parse(written: &str) -> Option<Contact> {
        let folded = fold(written);
        if let Some(domain) = folded.strip_prefix('@') {
            return email::is_domain(domain).then(|| Contact::Domain(domain.to_owned()));
        }
        let text = Text::new(&folded, &|_| false);
        email::parse(&text)
            .map(Contact::Email)
            .or_else(|| iban::parse(&text).map(Contact::Iban))
            .or_else(|| vat::parse(&text).map(Contact::Vat))
            .or_else(|| phone::parse(&text).map(Contact::Phone))
            .or_else(|| address::parse(&text).map(Contact::Address))
    }
}

/// All contacts of the organisation.
#[derive(Clone, Debug, Default)]
pub(crate) struct Contacts(pub(crate) Vec<Contact>);

impl Contacts {
    pub(super) fn has_email(&self, address: &str) -> bool {
        self.0.iter().any(|contact| match contact {
            Contact::Email(own) => own == address,
            Contact::Domain(own) => {
                let below = address.strip_suffix(own.as_str());
                below.is_some_and(|rest| rest.ends_with('@') || rest.ends_with('.') && rest.contains('@'))
            }
            _ => false,
        })
    }

    pub(super) fn has_phone(&self, number: &str) -> bool {
        self.0.iter().any(|contact| matches!(contact, Contact::Phone(own) if own == number))
    }

    pub(super) fn has_iban(&self, iban: &str) -> bool {
        self.0.iter().any(|contact| matches!(contact, Contact::Iban(own) if own == iban))
    }

    pub(super) fn has_vat(&self, number: &str) -> bool {
        self.0.iter().any(|contact| matches!(contact, Contact::Vat(own) if own == number))
    }

    pub(super) fn has_address(&self, address: &str) -> bool {
        self.0.iter().any(|contact| matches!(contact, Contact::Address(own) if own == address))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn contacts_are_read_as_people_write_them() {
        assert_eq!(Contact::parse("URP@Comune.Example.IT"), Some(Contact::Email("urp@comune.example.it".into())));
        assert_eq!(Contact::parse("@comune.example.it"), Some(Contact::Domain("comune.example.it".into())));
        assert_eq!(Contact::parse("+39 02 1234 5678"), Some(Contact::Phone("0212345678".into())));
        assert_eq!(
            Contact::parse("IT60 X054 2811 1010 0000 0123 456"),
            Some(Contact::Iban("it60x0542811101000000123456".into()))
        );
        assert_eq!(Contact::parse("IT 01333550323"), Some(Contact::Vat("01333550323".into())));
        assert_eq!(Contact::parse("Via dei Mercanti, 9/B"), Some(Contact::Address("dei mercanti 9".into())));
        assert_eq!(Contact::parse("lo sportello al piano terra"), None);
        assert_eq!(Contact::parse("scrivere a urp@comune.example.it"), None);
        assert_eq!(Contact::parse("@"), None);
    }
}
