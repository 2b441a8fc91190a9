//! The page that says what became of a person's wish to have their data deleted. It names nobody.

use maud::html;
use policy::Language;

use crate::{Content, Page, Readers};

/// What became of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Deletion {
    /// It was carried out.
    Done,
    /// It is under way.
    Received,
    /// Nobody knows of it, or not any more.
    Unknown,
    /// That cannot be told at the moment.
    Later,
}

impl Deletion {
    /// The page, in Italian and in English.
    pub fn page(self) -> String {
        let (italian, english) = self.said();
        let page = Page {
            language: Language::Italian,
            title: "Cancellazione dei dati".to_owned(),
            readers: Readers::Few,
            style: "",
            header: html! { h1 { "Cancellazione dei dati" } },
            content: Content::Short(html! {
                p { (italian) }
                section lang="en" {
                    h2 { "Data deletion" }
                    p { (english) }
                }
            }),
            footer: None,
        };
        page.into_string()
    }

    const fn said(self) -> (&'static str, &'static str) {
        match self {
            Self::Done => (
                "La richiesta è stata eseguita: i dati personali conservati dal sistema di moderazione sono cancellati.",
                "The request was carried out: the personal data held by the moderation system is deleted.",
            ),
            Self::Received => (
                "La richiesta è stata ricevuta ed è in corso. Di norma si conclude entro un'ora; se deve prima finire \
                 qualcosa che è già stato chiesto alla piattaforma, appena quello è concluso.",
                "The request was received and is under way. It usually takes up to an hour; where something that was \
                 already asked of the platform has to end first, it follows as soon as that has ended.",
            ),
            Self::Unknown => (
                "Nessuna richiesta ha questo codice, oppure è stata eseguita più di un anno fa.",
                "No request has this code, or it was carried out more than a year ago.",
            ),
            Self::Later => (
                "In questo momento non è possibile rispondere. Riprovare tra qualche minuto.",
                "It is not possible to answer at the moment. Please try again in a few minutes.",
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_answer_is_given_in_both_languages_and_is_listed_nowhere() {
        for (deletion, italian, english) in [
            (Deletion::Done, "è stata eseguita", "was carried out"),
            (Deletion::Received, "è stata ricevuta", "was received"),
            (Deletion::Unknown, "Nessuna richiesta ha questo codice", "No request has this code"),
            (Deletion::Later, "non è possibile rispondere", "not possible to answer"),
        ] {
            let page = deletion.page();
            assert!(page.contains("<html lang=\"it\">") && page.contains("<h1>Cancellazione dei dati</h1>"), "{page}");
            let (first, second) = page.split_once("<section lang=\"en\"><h2>Data deletion</h2>").unwrap();
            assert!(first.contains(italian) && second.contains(english), "{page}");
            assert!(page.contains("content=\"noindex\""), "{page}");
        }
    }
}
