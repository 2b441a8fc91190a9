//! The report as one page that needs nothing else, to the success criteria of WCAG 2.1 AA: for a screen, a phone, and
//! A4 paper.

mod chart;
mod sections;

use maud::{DOCTYPE, Markup, PreEscaped, html};
use policy::Language;

use super::Report;
use super::language::Writing;
use super::table::{Table, Value};

/// What all pages that are published look like. Each adds what only it has.
pub const BASE_STYLE: &str = include_str!("base.css");

const STYLE: &str = include_str!("page.css");

/// One part of the page, which the index lists.
struct Part {
    id: &'static str,
    title: &'static str,
    body: Markup,
}

/// The page. Everything that comes from outside is escaped.
pub(super) fn page(report: &Report, language: Language) -> String {
    let parts = sections::all(report, language);
    let heading = language.of(("I canali social", "The social media channels"));
    let period = language.period(report.period);
    let summary = match language {
        Language::Italian => &report.summary.it,
        Language::English => &report.summary.en,
    };
    let markup = html! {
        (DOCTYPE)
        html lang=(language.as_str()) {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                title { (heading) " – " (period) " – " (report.organisation.name) }
                style { (PreEscaped(BASE_STYLE)) (PreEscaped(STYLE)) }
            }
            body {
                a class="skip" href="#contenuto" { (language.of(("Vai al contenuto", "Skip to the content"))) }
                header {
                    p lang="it" { (report.organisation.name) }
                    h1 { (heading) ": " (period) }
                }
                nav aria-labelledby="indice" {
                    h2 id="indice" { (language.of(("Indice", "Contents"))) }
                    ul {
                        li { a href="#sintesi" { (language.of(("In cinque frasi", "In five sentences"))) } }
                        @for part in &parts {
                            li { a href={ "#" (part.id) } { (part.title) } }
                        }
                    }
                }
                main id="contenuto" tabindex="-1" {
                    section class="summary" aria-labelledby="sintesi" {
                        h2 id="sintesi" { (language.of(("In cinque frasi", "In five sentences"))) }
                        @for sentence in summary { p { (sentence) } }
                    }
                    @for part in &parts {
                        section aria-labelledby=(part.id) {
                            h2 id=(part.id) { (part.title) }
                            (part.body)
                        }
                    }
                }
                (footer(report, language))
            }
        }
    };
    markup.into_string()
}

fn footer(report: &Report, language: Language) -> Markup {
    html! {
        footer {
            dl {
                dt { (language.of(("Ufficio", "Office"))) }
                dd lang="it" { (report.organisation.office) }
                dt { (language.of(("E-mail", "E-mail"))) }
                dd { a href={ "mailto:" (report.organisation.email) } { (report.organisation.email) } }
                dt { (language.of(("Policy", "Policy"))) }
                dd { (report.policy.id) " " (report.policy.version) }
            }
        }
    }
}

/// A table behind a chart: closed on a screen, open on paper.
fn behind(table: &Table, language: Language) -> Markup {
    html! {
        details {
            summary { (language.of(("I dati in tabella: ", "The figures as a table: "))) (table.title) }
            (shown(table, language))
        }
    }
}

/// A table, in a frame of its own that scrolls where it is too wide.
fn shown(table: &Table, language: Language) -> Markup {
    if table.rows.is_empty() {
        return html! { p { (table.title) ": " (language.of(("nessun dato nel periodo.", "no data in the period."))) } };
    }
    html! {
        div class="scroll" role="region" tabindex="0" aria-label=(table.title) {
            table {
                caption { (table.title) }
                thead {
                    tr {
                        @for column in &table.columns { th scope="col" { (column.heading) } }
                    }
                }
                tbody {
                    @for row in &table.rows {
                        tr {
                            @for (position, value) in row.iter().enumerate() {
                                @if position == 0 {
                                    th scope="row" { (value.shown(language)) }
                                } @else {
                                    td class=[class(value)] { (value.shown(language)) }
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}

fn class(value: &Value) -> Option<&'static str> {
    value.is_number().then_some("n")
}
