//! What every page of somebody who has signed in has: the way to the others, who they are, and the way out.

use http::StatusCode;
use jiff::Timestamp;
use maud::{Markup, html};
use pages::{Content, Page, Readers};
use policy::Language;

use crate::answer::{Answer, page};
use crate::assets::{self, sheets};
use crate::role::Role;
use crate::visit::{TOKEN, Visit};

/// The pages to which every page leads.
const WAYS: [Way; 10] = [
    Way { path: "/console", icon: "calendar", names: ["Oggi", "Today"], role: None },
    Way { path: "/console/queue", icon: "inbox", names: ["Coda", "Queue"], role: Some(Role::Reading) },
    Way { path: "/console/tasks", icon: "list", names: ["Attività", "Tasks"], role: Some(Role::Reading) },
    Way {
        path: "/console/automation",
        icon: "settings",
        names: ["Automazione", "Automation"],
        role: Some(Role::Reading),
    },
    Way { path: "/console/register", icon: "ban", names: ["Bloccati", "Blocked"], role: Some(Role::Reading) },
    Way { path: "/console/reports", icon: "chart-line", names: ["Rapporti", "Reports"], role: Some(Role::Reading) },
    Way { path: "/console/log", icon: "box", names: ["Registro", "Log"], role: Some(Role::Protection) },
    Way { path: "/console/try", icon: "pencil", names: ["Prova un testo", "Try a text"], role: Some(Role::Reading) },
    Way { path: "/console/search", icon: "search", names: ["Cerca", "Search"], role: Some(Role::Reading) },
    Way { path: "/console/sessions", icon: "key", names: ["Accessi", "Sessions"], role: Some(Role::Administration) },
];

/// A page to which every page leads.
struct Way {
    path: &'static str,
    icon: &'static str,
    /// In Italian and in English.
    names: [&'static str; 2],
    /// Whom it is shown to; everybody where there is none.
    role: Option<Role>,
}

impl Visit<'_> {
    /// A page, with its heading and what it says.
    pub fn page(&self, here: &str, title: &str, body: Markup) -> Answer {
        self.page_with(StatusCode::OK, here, title, body)
    }

    /// The same, as the answer to something that was not done.
    pub fn page_with(&self, status: StatusCode, here: &str, title: &str, body: Markup) -> Answer {
        let organisation = &self.policy().organisation.name;
        let document = Page {
            language: self.language,
            title: format!("{title} – {organisation}"),
            readers: Readers::Office { sheets: sheets(), script: Some(assets::script()) },
            style: "",
            header: html! { h1 { (title) } },
            content: Content::Room { ways: self.ways(here), body: html! { (self.said()) (body) (self.keys()) } },
            footer: None,
        };
        page(status, document.into_string())
    }

    fn ways(&self, here: &str) -> Markup {
        let shown = WAYS.iter().filter(|way| way.role.is_none_or(|role| self.may(role)));
        let roles: Vec<&str> = self.roles.iter().map(|role| role.name(self.language)).collect();
        let organisation = &self.policy().organisation.name;
        html! {
            div class="bar" {
                div class="inner" {
                    strong { (organisation) }
                    div class="who" {
                        span { (icon("user")) strong { (self.person.name()) } " (" (roles.join(", ")) ")" }
                        @for (language, name) in [(Language::Italian, "Italiano"), (Language::English, "English")] {
                            @if language != self.language {
                                a href={ "?lang=" (language.as_str()) } lang=(language.as_str()) { (name) }
                            }
                        }
                        form method="post" action="/console/sign-out" {
                            (self.proof())
                            button class="btn" { (icon("logout")) (self.say("Esci", "Sign out")) }
                        }
                    }
                }
            }
            nav class="ways" aria-label=(self.say("Pagine", "Pages")) {
                div class="inner" {
                    ul {
                        @for way in shown {
                            li {
                                a href=(way.path) aria-current=[(way.path == here).then_some("page")] {
                                    (icon(way.icon)) (self.say(way.names[0], way.names[1]))
                                }
                            }
                        }
                    }
                }
            }
        }
    }

    /// The words of the script. Without it they are nowhere to be seen.
    fn keys(&self) -> Markup {
        let names = serde_json::json!({
            "keys": self.say("Tasti", "Keys"),
            "off": self.say("Spegni i tasti", "Switch the keys off"),
            "close": self.say("Chiudi", "Close"),
            "next": self.say("voce seguente", "next entry"),
            "previous": self.say("voce precedente", "previous entry"),
            "open": self.say("apri", "open"),
            "confirm": self.say("conferma (due volte)", "confirm (twice)"),
            "overturn": self.say("annulla il caso (due volte)", "overturn (twice)"),
            "assign": self.say("assegna", "assign"),
            "undo": self.say("riprendi la decisione", "take the decision back"),
            "skip": self.say("caso seguente, senza decidere", "next case, without deciding"),
            "search": self.say("cerca", "search"),
            "queue": self.say("coda", "queue"),
            "help": self.say("questo elenco", "this list"),
            "counts": self.say("La decisione vale.", "The decision counts."),
        });
        html! { div id="keys" hidden data-names=(names.to_string()) {} }
    }

    /// What a form has to bring along.
    pub fn proof(&self) -> Markup {
        html! { input type="hidden" name=(TOKEN) value=(self.token); }
    }

    /// The way to take back what was decided about a case, until it counts.
    pub(super) fn undo(&self, id: &ledger::CaseId, until: Timestamp) -> Markup {
        let left = until.duration_since(self.now).as_millis();
        html! {
            form method="post" action={ "/console/case/" (id) "/take-back" } data-undo=(left) {
                (self.proof())
                button class="btn" { (icon("restore")) (self.say("Annulla la decisione", "Take it back")) }
            }
            span class="quiet-text" data-undo-said {
                (self.say("Vale tra ", "It counts in ")) span data-seconds { (left / 1000 + 1) }
                (self.say(" secondi; fino ad allora nulla è chiesto alla piattaforma.", " seconds; until then nothing is asked of the platform."))
            }
        }
    }

    /// What became of the form that led here.
    fn said(&self) -> Markup {
        let text = match self.query.get("said") {
            "done" => self.say("Registrato.", "It is on record."),
            "taken-back" => self.say(
                "La decisione è stata ripresa: nulla è stato chiesto alla piattaforma, ed entrambe le cose risultano.",
                "The decision was taken back: nothing was asked of the platform, and both are on record.",
            ),
            "erased" => self.say(
                "La cancellazione è registrata; il resto segue da sé.",
                "The erasure is on record; the rest follows by itself.",
            ),
            "people" => self.say(
                "La conferma è registrata. Serve ancora quella di un'altra persona.",
                "The confirmation is on record. Another person still has to confirm.",
            ),
            "rest" => self.say(
                "Registrato che è stato verificato il pericolo. Resta da decidere se il testo viola le regole.",
                "It is on record that the danger was seen to. Whether the text violates the rules is still to be decided.",
            ),
            _ => "",
        };
        // An id, or nothing: whoever made the link has no other words here.
        let decided = self.query.get("decided").parse::<ledger::CaseId>().ok();
        let until = self.query.get("until").parse().ok().and_then(|until| Timestamp::from_millisecond(until).ok());
        let until = until.filter(|until| *until > self.now && self.may(Role::Moderation));
        let confirmed = self.query.get("confirmed").parse::<usize>().ok();
        html! {
            @if !text.is_empty() { p class="notice" role="status" { (text) } }
            @if let Some(id) = decided {
                div class="notice done" role="status" {
                    span {
                        (icon("check-circle")) (self.say("La decisione è registrata: ", "The decision is on record: "))
                        a href={ "/console/case/" (id) } { (self.say("caso ", "case ")) (id) } "."
                    }
                    @if let Some(until) = until { (self.undo(&id, until)) }
                }
            }
            @if let Some(confirmed) = confirmed {
                p class="notice" role="status" { (self.say("Casi confermati: ", "Cases confirmed: ")) (confirmed) "." }
            }
        }
    }
}

/// An icon beside words that say the same.
pub(super) fn icon(name: &str) -> Markup {
    html! { svg class="icon" aria-hidden="true" focusable="false" { use href=(assets::icon(name)) {} } }
}
