//! An author: what is on record, letting back in, noting.

use ledger::AuthorRecord;
use maud::{Markup, html};
use pages::{visible, written};
use words::record;

use crate::answer::Answer;
use crate::role::Role;
use crate::trouble::Trouble;
use crate::visit::Visit;

impl Visit<'_> {
    pub(crate) async fn author(&self) -> Result<Answer, Trouble> {
        let author = self.place.parse().map_err(|_| Trouble::NoPage)?;
        let record = self.office().author(&author).await?;
        let path = |what: &str| format!("/console/author/{author}/{what}");
        let keeps_out = record.standing.sanctions.iter().any(|sanction| sanction.keeps_out());
        let body = html! {
            p { (self.say("Pseudonimo ", "Pseudonym ")) (author) }
            @if record == AuthorRecord::default() { p { (self.say("Non risulta nulla.", "Nothing is on record.")) } }
            h2 { (self.say("Violazioni e sanzioni", "Strikes and sanctions")) }
            (self.standing(&record))
            @if !record.notes.is_empty() {
                h2 { (self.say("Annotazioni", "Notes")) }
                @for note in &record.notes {
                    p { (self.time(note.at)) ", " bdi { (visible(note.by.name())) } }
                    (written(&note.text))
                }
            }
            @if keeps_out && self.may(Role::Lead) {
                h2 { (self.say("Riammettere", "Let back in")) }
                p { (self.say(
                    "Ogni blocco o esclusione in vigore termina, e alla piattaforma si chiede di sbloccare l'autore.",
                    "Every block or ban in force ends, and the platform is asked to unblock the author.",
                )) }
                (self.form_with("reason-unban", &path("unban"), self.say("Riammetti", "Let back in"), true, html! {}))
            }
            @if self.may(Role::Protection) {
                h2 { (self.say("Dati personali", "Personal data")) }
                ul {
                    li { a href=(path("export")) { (self.say("Consegnare tutto ciò che risulta", "Give out all that is on record")) } }
                    li { a href=(path("erase")) { (self.say("Cancellare", "Erase")) } }
                }
            }
            @if self.may(Role::Moderation) {
                h2 { (self.say("Annotare per i colleghi", "Note for colleagues")) }
                (self.form_with("reason-note", &path("note"), self.say("Annota", "Note"), false, html! {}))
            }
        };
        Ok(self.page("", self.say("Autore", "Author"), body))
    }

    /// Strikes and sanctions.
    pub(super) fn standing(&self, author: &AuthorRecord) -> Markup {
        let standing = &author.standing;
        let blocked = if standing.is_blocked(self.now) { self.say("; bloccato", "; blocked") } else { "" };
        html! {
            p {
                (self.say("Peso delle violazioni che contano: ", "Weight of the strikes that count: "))
                strong { (standing.weight(self.now)) } (blocked) "."
            }
            @if !standing.strikes.is_empty() {
                h3 { (self.say("Violazioni contate", "Strikes")) }
                ul {
                    @for strike in &standing.strikes {
                        li {
                            (self.time(strike.at)) ": " (self.clause(&strike.clause)) ", "
                            (self.say("peso ", "weight ")) (strike.weight)
                            (self.say(", conta fino al ", ", counts until ")) (self.time(strike.expires_at)) ", "
                            a href={ "/console/case/" (strike.case) } { (self.say("caso", "case")) }
                        }
                    }
                }
            }
            @if !standing.sanctions.is_empty() {
                h3 { (self.say("Sanzioni", "Sanctions")) }
                ul {
                    @for sanction in &standing.sanctions {
                        @let names: Vec<&str> = sanction.confirmed_by.iter().map(|one| one.name()).collect();
                        li {
                            strong { (record::sanction(sanction.kind, self.language)) } ": "
                            (record::state(sanction.state, self.language)) ", " (self.time(sanction.proposed_at))
                            @if let Some(at) = sanction.effective_at { (self.say(", in vigore dal ", ", in force since ")) (self.time(at)) }
                            @if let Some(at) = sanction.closed_at.or(sanction.ends_at) { (self.say(", fino al ", ", until ")) (self.time(at)) }
                            @if !names.is_empty() {
                                (self.say(", confermata da ", ", confirmed by ")) bdi { (visible(&names.join(", "))) }
                            }
                            ", " a href={ "/console/case/" (sanction.case) } { (self.say("caso", "case")) }
                        }
                    }
                }
            }
        }
    }
}
