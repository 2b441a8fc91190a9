//! The dossier as one page that needs nothing else, to the success criteria of WCAG 2.1 AA: for a screen and A4 paper.

mod record;
mod sections;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use maud::{DOCTYPE, Markup, PreEscaped, html};
use statistics::BASE_STYLE;

use super::contents::Dossier;
use crate::marked::{Mark, marks};
use crate::output::visible;

const STYLE: &str = include_str!("dossier.css");
/// The page may load nothing, run nothing and send nothing, whatever strangers wrote into it.
const CONTENT_SECURITY: &str = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'";

/// One part of the page, which the index lists.
struct Part {
    id: &'static str,
    title: &'static str,
    body: Markup,
}

/// What is printed, and on whose clock.
struct Printed<'d> {
    dossier: &'d Dossier<'d>,
    time_zone: &'d TimeZone,
}

/// The page. Everything that comes from outside is escaped.
pub fn page(dossier: &Dossier<'_>, time_zone: &TimeZone) -> String {
    let printed = Printed { dossier, time_zone };
    let parts = sections::all(&printed);
    let organisation = &dossier.organisation;
    let markup = html! {
        (DOCTYPE)
        html lang="it" {
            head {
                meta charset="utf-8";
                meta http-equiv="Content-Security-Policy" content=(CONTENT_SECURITY);
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="robots" content="noindex";
                title { "Fascicolo del caso " (dossier.case.reference) " – " (organisation.name) }
                style { (PreEscaped(BASE_STYLE)) (PreEscaped(STYLE)) }
            }
            body {
                a class="skip" href="#contenuto" { "Vai al contenuto" }
                header {
                    p { (organisation.name) }
                    h1 { "Fascicolo del caso" }
                    p class="code" { (dossier.case.id) }
                    p class="grave" { "Contiene dati personali: da consegnare solo a chi ne ha diritto." }
                    p {
                        "Redatto il " (printed.time(dossier.made_at)) " su richiesta di " (visible(dossier.made_by))
                        ". Questa consegna è annotata nel registro."
                    }
                }
                nav aria-labelledby="indice" {
                    h2 id="indice" { "Indice" }
                    ul {
                        @for part in &parts { li { a href={ "#" (part.id) } { (part.title) } } }
                    }
                }
                main id="contenuto" tabindex="-1" {
                    @for part in &parts {
                        section aria-labelledby=(part.id) {
                            h2 id=(part.id) { (part.title) }
                            (part.body)
                        }
                    }
                }
                footer {
                    dl {
                        (field("Ufficio", organisation.office))
                        dt { "E-mail" }
                        dd { a href={ "mailto:" (organisation.email) } { (organisation.email) } }
                        dt { "Sito" }
                        dd { (link(organisation.website)) }
                    }
                }
            }
        }
    };
    markup.into_string()
}

impl Printed<'_> {
    /// A moment on the organisation's clock.
    fn time(&self, at: Timestamp) -> String {
        at.to_zoned(self.time_zone.clone()).strftime("%d/%m/%Y %H:%M").to_string()
    }

    /// A moment, if there was one.
    fn when(&self, name: &str, at: Option<Timestamp>) -> Markup {
        field(name, &at.map(|at| self.time(at)).unwrap_or_default())
    }
}

/// A name and what is to be said about it; nothing where there is nothing to say. What would steer the page or does
/// not show is written as an escape.
fn field(name: &str, value: &str) -> Markup {
    html! {
        @if !value.is_empty() {
            dt { (name) }
            dd { bdi { (visible(value)) } }
        }
    }
}

/// What someone wrote, in its lines.
fn written(text: &str) -> Markup {
    html! { blockquote dir="auto" { (lines(text)) } }
}

/// The same, with each mark followed by the numbers of the findings that it belongs to.
fn written_and_marked(text: &str, matches: &[(std::ops::Range<usize>, policy::Outcome)]) -> Markup {
    let part = |span: std::ops::Range<usize>| text.get(span.start..span.end.min(text.len())).unwrap_or_default();
    let marks = marks(matches, text.len());
    let begins = std::iter::once(0).chain(marks.iter().map(|mark| mark.span.end));
    let rest = marks.last().map_or(0, |mark| mark.span.end)..text.len();
    html! {
        blockquote dir="auto" {
            @for (begin, Mark { span, numbers, .. }) in begins.zip(&marks) {
                (lines(part(begin..span.start)))
                mark { (lines(part(span.clone()))) }
                sup { @for number in numbers { "[" (number) "]" } }
            }
            (lines(part(rest)))
        }
    }
}

/// Without what would steer the page: lines stay lines, which `pre-wrap` shows.
fn lines(text: &str) -> String {
    text.split('\n').map(visible).collect::<Vec<_>>().join("\n")
}

/// An address, to follow only where it leads to a page.
fn link(address: &str) -> Markup {
    html! {
        @if address.starts_with("https://") {
            a class="address" rel="noopener noreferrer" href=(address) { (visible(address)) }
        } @else {
            bdi { (visible(address)) }
        }
    }
}

#[cfg(test)]
mod tests {
    use policy::Outcome;

    use super::*;

    #[test]
    fn what_a_stranger_wrote_cannot_become_markup_or_steer_the_page() {
        let text = "<script>alert(1)</script>\n\u{202e}rovescio\u{200b} & \"fine\"";
        let shown = written_and_marked(text, &[(0..8, Outcome::Hide)]).into_string();
        assert!(shown.contains("<mark>&lt;script&gt;</mark><sup>[1]</sup>alert(1)&lt;/script&gt;\n"), "{shown}");
        assert!(shown.contains("\\u{202e}rovescio\\u{200b} &amp;") && !shown.contains('\u{202e}'), "{shown}");
        assert!(field("Autore", "<b>\u{2066}x").into_string().contains("<bdi>&lt;b&gt;\\u{2066}x</bdi>"));
    }

    #[test]
    fn marks_that_overlap_are_one_with_both_numbers_and_a_cut_text_is_marked_as_far_as_it_goes() {
        let matches = [(4..10, Outcome::Hide), (8..40, Outcome::Review)];
        let shown = written_and_marked("due parole", &matches).into_string();
        assert!(shown.contains(">due <mark>parole</mark><sup>[1][2]</sup></blockquote>"), "{shown}");
    }

    #[test]
    fn only_an_address_of_a_page_can_be_followed() {
        assert!(link("https://example.it/1").into_string().contains("href=\"https://example.it/1\""));
        assert!(!link("javascript:alert(1)").into_string().contains("href"));
    }
}
