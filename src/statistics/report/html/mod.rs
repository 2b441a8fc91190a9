//! The report as one page that needs nothing else, to the success criteria of WCAG 2.1 AA: for a screen, a phone, and
//! A4 paper.

mod chart;
mod sections;

use maud::{Markup, html};
use pages::{Content, Page, Part, Readers};
use policy::Language;

use super::Report;
use super::language::Writing;
use super::table::{Table, Value};

const STYLE: &str = include_str!("page.css");

/// The page. Everything that comes from outside is escaped.
pub(super) fn page(report: &Report, language: Language) -> String {
    let heading = language.of(("I canali social", "The social media channels"));
    let period = language.period(report.period);
    let organisation = &report.organisation.name;
    let mut parts = vec![summary(report, language)];
    parts.extend(sections::all(report, language));
    let page = Page {
        language,
        title: format!("{heading} – {period} – {organisation}"),
        readers: Readers::Everybody,
        style: STYLE,
        header: html! {
            p lang="it" { (organisation) }
            h1 { (heading) ": " (period) }
        },
        content: Content::Parts(parts),
        footer: Some(footer(report, language)),
    };
    page.into_string()
}

fn summary(report: &Report, language: Language) -> Part {
    let sentences = match language {
        Language::Italian => &report.summary.it,
        Language::English => &report.summary.en,
    };
    let body = html! { @for sentence in sentences { p { (sentence) } } };
    let title = language.of(("In cinque frasi", "In five sentences"));
    Part { class: Some("summary"), ..Part::new("sintesi", title, body) }
}

fn footer(report: &Report, language: Language) -> Markup {
    html! {
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
