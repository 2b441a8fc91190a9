//! The published page: one HTML file that needs nothing else, to the success criteria of WCAG 2.1 AA.

use ::words::opinion::takes_part;
use jiff::civil::Date;
use maud::{Markup, html};
use policy::{Account, AccountState, Clause, Gravity, Language, Policy, Section};

use crate::{Content, Page, Part, Readers, paragraphs};

const STYLE: &str = include_str!("policy.css");

/// The page. Everything that comes from the policy is escaped.
pub fn policy(policy: &Policy) -> String {
    let organisation = &policy.organisation;
    let page = Page {
        language: Language::Italian,
        title: format!("Social media policy – {}", organisation.name),
        readers: Readers::Everybody,
        style: STYLE,
        header: html! {
            p { (organisation.name) }
            h1 { span lang="en" { "Social media policy" } }
        },
        content: Content::Parts(parts(policy)),
        footer: Some(footer(policy)),
    };
    page.into_string()
}

/// The parts for which the policy has something to say, in the order of the page.
fn parts(policy: &Policy) -> Vec<Part> {
    let mut parts = Vec::new();
    let mut add = |id, title, body: Option<Markup>| parts.extend(body.map(|body| Part::new(id, title, body)));
    add("finalita", "A che cosa servono questi canali", policy.provisions.purpose.as_deref().map(paragraphs));
    add("account", "Account ufficiali", accounts(policy));
    add("netiquette", "Regole di comportamento", clauses(policy, Section::Netiquette));
    add("rimozione", "Che cosa viene rimosso", clauses(policy, Section::Removal));
    add("moderazione", "Come sono moderati i canali", moderation(policy));
    add("violazioni", "Violazioni ripetute e violazioni gravi", sanctions(policy));
    add("servizi", "Pratiche e casi personali", services(policy));
    add("privacy", "Dati personali", policy.provisions.privacy.as_deref().map(paragraphs));
    add("contatti", "Segnalazioni e contatti", Some(contacts(policy)));
    parts
}

/// How the channels are moderated, and that a statistical model takes part where one does: also for who reads no Italian.
fn moderation(policy: &Policy) -> Option<Markup> {
    let text = policy.provisions.moderation.as_deref();
    let is_read = policy.reference.reader.is_some();
    (text.is_some() || is_read).then(|| {
        html! {
            @if let Some(text) = text { (paragraphs(text)) }
            @if is_read {
                p { (takes_part(Language::Italian)) }
                p lang="en" { (takes_part(Language::English)) }
            }
        }
    })
}

fn accounts(policy: &Policy) -> Option<Markup> {
    let active = |account: &&Account| account.state == AccountState::Active;
    let accounts: Vec<&Account> = policy.accounts.iter().filter(active).collect();
    (!accounts.is_empty()).then(|| {
        html! {
            p { "L'ente è presente solo con questi account. Chiunque altro ne usi il nome non parla per suo conto." }
            ul class="list" {
                @for account in accounts {
                    li {
                        a href=(account.url) { (account.platform.name()) ": " (account.name) }
                        " (" (account.handle) ")"
                    }
                }
            }
        }
    })
}

fn clauses(policy: &Policy, section: Section) -> Option<Markup> {
    let clauses: Vec<&Clause> = policy.clauses.iter().filter(|clause| clause.section == section).collect();
    (!clauses.is_empty()).then(|| {
        html! {
            // Safari takes the role from lists without markers.
            ol class="clauses" role="list" {
                @for clause in clauses {
                    li id=(clause.number) {
                        h3 { span class="number" { (clause.number) } " " (clause.title) }
                        (paragraphs(&clause.text))
                        @if clause.gravity == Gravity::Grave {
                            p class="grave" { "Violazione grave" }
                        }
                    }
                }
            }
        }
    })
}

fn sanctions(policy: &Policy) -> Option<Markup> {
    let grave: Vec<&Clause> = policy.clauses.iter().filter(|clause| clause.gravity == Gravity::Grave).collect();
    let text = policy.provisions.sanctions.as_deref();
    (text.is_some() || !grave.is_empty()).then(|| {
        html! {
            @if let Some(text) = text { (paragraphs(text)) }
            @if !grave.is_empty() {
                p { "Le violazioni di questi punti sono gravi e possono portare al blocco anche senza un avvertimento:" }
                ul class="list" {
                    @for clause in grave {
                        li { a href={ "#" (clause.number) } { (clause.number) " " (clause.title) } }
                    }
                }
            }
        }
    })
}

fn services(policy: &Policy) -> Option<Markup> {
    (!policy.services.is_empty()).then(|| {
        html! {
            p { "Chi scrive di una propria pratica non viola le regole: riceve l'indicazione del servizio a cui rivolgersi." }
            ul class="list" {
                @for service in &policy.services {
                    li { a href=(service.url) { (service.name) } }
                }
            }
        }
    })
}

fn contacts(policy: &Policy) -> Markup {
    let organisation = &policy.organisation;
    html! {
        @if let Some(text) = policy.provisions.reports.as_deref() { (paragraphs(text)) }
        dl {
            dt { "Ufficio" }
            dd { (organisation.office) }
            dt { "E-mail" }
            dd { a href={ "mailto:" (organisation.email) } { (organisation.email) } }
            dt { "Sito" }
            dd { a class="address" href=(organisation.website) { (organisation.website) } }
        }
    }
}

fn footer(policy: &Policy) -> Markup {
    html! {
        dl {
            dt { "Versione" }
            dd { (policy.reference.version) }
            dt { "Data" }
            dd { time datetime=(policy.date) { (in_italian(policy.date)) } }
            dt { "Pubblicata in" }
            dd { a class="address" href=(policy.url) { (policy.url) } }
            dt { "Impronta SHA-256" }
            dd { (policy.reference.hash) }
        }
    }
}

/// As in 1° gennaio 2027.
fn in_italian(date: Date) -> String {
    let ordinal = if date.day() == 1 { "°" } else { "" };
    format!("{}{ordinal} {} {}", date.day(), Language::Italian.month(date), date.year())
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn dates_are_written_as_in_italian() {
        assert_eq!(in_italian(date(2026, 11, 21)), "21 novembre 2026");
        assert_eq!(in_italian(date(2027, 1, 1)), "1° gennaio 2027");
        assert_eq!(in_italian(date(2027, 12, 31)), "31 dicembre 2027");
    }
}
