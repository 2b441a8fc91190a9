//! The dossier as one page that needs nothing else, to the success criteria of WCAG 2.1 AA: for a screen and A4 paper.

mod record;
mod sections;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use maud::{Markup, html};
use pages::{Content, Page, Readers, field, link, visible};
use policy::Language;

use super::contents::Dossier;

const STYLE: &str = include_str!("dossier.css");

/// What is printed, and on whose clock.
struct Printed<'d> {
    dossier: &'d Dossier<'d>,
    time_zone: &'d TimeZone,
}

/// The page. Everything that comes from outside is escaped.
pub(super) fn page(dossier: &Dossier<'_>, time_zone: &TimeZone) -> String {
    let printed = Printed { dossier, time_zone };
    let parts = sections::all(&printed);
    let organisation = &dossier.organisation;
    let page = Page {
        language: Language::Italian,
        title: format!("Fascicolo del caso {} – {}", dossier.case.reference, organisation.name),
        readers: Readers::Few,
        style: STYLE,
        header: html! {
            p { (organisation.name) }
            h1 { "Fascicolo del caso" }
            p class="code" { (dossier.case.id) }
            p class="grave" { "Contiene dati personali: da consegnare solo a chi ne ha diritto." }
            p {
                "Redatto il " (printed.time(dossier.made_at)) " su richiesta di " (visible(dossier.made_by))
                ". Questa consegna è annotata nel registro."
            }
        },
        content: Content::Parts(parts),
        footer: Some(html! {
            dl {
                (field("Ufficio", organisation.office))
                dt { "E-mail" }
                dd { a href={ "mailto:" (organisation.email) } { (organisation.email) } }
                dt { "Sito" }
                dd { (link(organisation.website)) }
            }
        }),
    };
    page.into_string()
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
