//! The pages that say why there is no other, and what to do.

use ledger::LedgerError;
use maud::{Markup, html};
use moderation::OfficeError;
use pages::{Content, Page, Readers};
use policy::Language;
use url::Url;

use crate::assets::sheets;
use crate::refusal;
use crate::sign_in::{Away, NotBelieved, Refused};
use crate::trouble::Trouble;

/// The page that says why there is no other.
pub fn trouble(trouble: &Trouble, language: Language, organisation: &str) -> String {
    let [italian, english] = said(trouble);
    let is_italian = language == Language::Italian;
    let again = matches!(trouble, Trouble::SignIn(_) | Trouble::NotSignedIn);
    let title = match (trouble, is_italian) {
        (Trouble::SignIn(_), true) => "Accesso non riuscito",
        (Trouble::SignIn(_), false) => "Not signed in",
        (_, true) => "Non è stato possibile",
        (_, false) => "It was not possible",
    };
    let body = html! {
        p class="notice alert" role="alert" { (if is_italian { italian } else { english }) }
        p {
            @if again {
                a href="/console/sign-in" { (if is_italian { "Accedere" } else { "Sign in" }) }
            } @else {
                a href="/console" { (if is_italian { "Torna a Oggi" } else { "Back to Today" }) }
            }
        }
    };
    bare(title, body, language, organisation)
}

/// The page after signing out here, with the way to sign out at the provider.
pub fn signed_out(exit: Option<&Url>, language: Language, organisation: &str) -> String {
    let is_italian = language == Language::Italian;
    let body = html! {
        p { (if is_italian { "La sessione su questa console è chiusa." } else { "The session of this console has ended." }) }
        @if let Some(exit) = exit {
            p {
                a href=(exit) {
                    (if is_italian { "Uscire anche dal servizio di accesso dell'ente" } else { "Sign out at the identity provider too" })
                }
            }
        }
        p { a href="/console/sign-in" { (if is_italian { "Accedere di nuovo" } else { "Sign in again" }) } }
    };
    bare(if is_italian { "Uscita" } else { "Signed out" }, body, language, organisation)
}

fn bare(title: &str, body: Markup, language: Language, organisation: &str) -> String {
    let page = Page {
        language,
        title: format!("{title} – {organisation}"),
        readers: Readers::Office { sheets: sheets(), script: None },
        style: "",
        header: html! { p { (organisation) } h1 { (title) } },
        content: Content::Short(body),
        footer: None,
    };
    page.into_string()
}

fn said(trouble: &Trouble) -> [String; 2] {
    let both = |italian: &str, english: &str| [italian.to_owned(), english.to_owned()];
    match trouble {
        Trouble::NoPage => both("Questa pagina non esiste.", "There is no such page."),
        Trouble::NotSignedIn => both(
            "La sessione è finita: accedere di nuovo. Ciò che era nel modulo non è stato registrato.",
            "The session has ended: sign in again. What was in the form is not on record.",
        ),
        Trouble::NotAllowed { role, .. } => [
            format!("Serve il ruolo «{}». Il tentativo è annotato.", role.name(Language::Italian)),
            format!("This takes the role “{}”. The try was noted.", role.name(Language::English)),
        ],
        Trouble::FromElsewhere => both(
            "Il modulo non viene da una pagina di questa console: non è stato registrato nulla.",
            "The form does not come from a page of this console: nothing is on record.",
        ),
        Trouble::NoForm => both(
            "Ciò che è arrivato non è un modulo di questa console, oppure è troppo lungo.",
            "What arrived is no form of this console, or it is too long.",
        ),
        Trouble::OldForm => both(
            "Il modulo è di un'altra sessione: ricaricare la pagina e ripetere. Non è stato registrato nulla.",
            "The form is of another session: load the page again and repeat. Nothing is on record.",
        ),
        Trouble::Office(OfficeError::Ledger(error)) | Trouble::Ledger(error) => ledger(error),
        Trouble::Office(error) => {
            [Language::Italian, Language::English].map(|language| sentence(&refusal::refused(error, language)))
        }
        Trouble::SignIn(refused) => sign_in(refused),
    }
}

fn ledger(error: &LedgerError) -> [String; 2] {
    if error.is_retryable() {
        return [
            "Il registro non risponde: riprovare tra un minuto. Se si stava decidendo, rileggere prima il caso."
                .to_owned(),
            "The ledger does not answer: try again in a minute. If you were deciding, read the case again first."
                .to_owned(),
        ];
    }
    [
        "Il registro non si può usare: avvertire chi gestisce il sistema.".to_owned(),
        "The ledger cannot be used: tell whoever runs the system.".to_owned(),
    ]
}

fn sign_in(refused: &Refused) -> [String; 2] {
    let both = |italian: &str, english: &str| [italian.to_owned(), english.to_owned()];
    match refused {
        Refused::Away(Away::Unreachable(_)) => both(
            "Il servizio di accesso dell'ente non risponde: riprovare tra qualche minuto. Chi è già entrato può continuare.",
            "The identity provider does not answer: try again in some minutes. Whoever is signed in can go on.",
        ),
        Refused::Away(_) => both(
            "Il servizio di accesso non ha completato l'accesso: riprovare; se si ripete, avvertire chi gestisce il sistema.",
            "The identity provider did not complete it: try again; if it happens again, tell whoever runs the system.",
        ),
        Refused::Declined => both("Il servizio di accesso ha rifiutato l'accesso.", "The identity provider declined."),
        Refused::Stale | Refused::Used => both(
            "L'accesso è durato troppo a lungo, è stato iniziato in un'altra finestra o è già stato usato: ricominciare.",
            "It took too long, was begun in another window or was used already: begin again.",
        ),
        Refused::NotBelieved(NotBelieved::Early | NotBelieved::Expired) => both(
            "L'orologio di questo sistema e quello del servizio di accesso differiscono di più di cinque minuti: avvertire chi \
             gestisce il sistema.",
            "The clocks of this system and of the identity provider differ by more than five minutes: tell whoever runs it.",
        ),
        Refused::NotBelieved(_) => both(
            "La risposta del servizio di accesso non è attendibile: nessuno è entrato. Avvertire chi gestisce il sistema.",
            "The answer of the identity provider cannot be believed: nobody was signed in. Tell whoever runs the system.",
        ),
        Refused::NoRole => both(
            "Questa persona non ha alcun ruolo nella console: chiederlo a chi amministra gli accessi.",
            "This person has no role in the console: ask whoever administers it.",
        ),
        Refused::Ledger(error) => ledger(error),
    }
}

/// A refusal as a sentence.
pub fn sentence(text: &str) -> String {
    let mut letters = text.chars();
    let first: String = letters.next().map(|first| first.to_uppercase().collect()).unwrap_or_default();
    format!("{first}{}.", letters.as_str())
}
