//! What is given out about a case or an author, and erasing one: each says what it will do before it does it.

use disclosure::{Disclosure, Dossier};
use ledger::Pseudonym;
use maud::{Markup, html};

use crate::answer::{Answer, file, lead_to, whole_page};
use crate::trouble::Trouble;
use crate::visit::Visit;

impl Visit<'_> {
    fn disclosure(&self) -> Disclosure<'_> {
        let (ledger, policy) = (self.console.moderation.ledger(), self.policy());
        Disclosure { ledger, policy, by: &self.person, at: self.now }
    }

    pub(crate) async fn dossier(&self) -> Result<Answer, Trouble> {
        let desk = self.office().on_desk(&self.place).await?;
        let case = &desk.case;
        let action = format!("/console/case/{}/dossier", case.id);
        let body = html! {
            p { strong { (self.heading(case)) } ", " a href={ "/console/case/" (case.id) } { (case.id) } }
            p { (self.say("Il fascicolo contiene:", "The dossier holds:")) }
            ul {
                li { (self.say("il testo e i suoi dati: ", "the text and its data: "))
                    (if case.content.is_some() { self.say("ancora conservati", "still kept") } else { self.say("non più conservati", "no longer kept") }) }
                li { (self.say("perché è stato trovato, voci: ", "why it was found, findings: ")) (case.findings.len()) }
                li { (self.say("che cosa è stato chiesto alla piattaforma: ", "what the platform was asked: ")) (case.actions.len()) }
                li { (self.say("le decisioni, con motivazione e nome: ", "the decisions, with reason and name: ")) (case.decisions.len()) }
                li { (self.say("violazioni e sanzioni dell'autore", "strikes and sanctions of its author")) }
                li { (self.say("le voci del registro, con la prova dei sigilli", "the entries of the log, with the proof of their seals")) }
            }
            p class="notice" { (self.say(
                "Che è stato consegnato resta nel registro, con il nome di chi lo chiede. Nient'altro cambia.",
                "That it was given out stays in the log, with the name of whoever asks. Nothing else changes.",
            )) }
            form class="stack" method="post" action=(action) {
                (self.proof())
                fieldset {
                    legend { (self.say("Come", "How")) }
                    label class="choice" { input type="radio" name="format" value="html" checked; " " (self.say("pagina", "page")) }
                    label class="choice" { input type="radio" name="format" value="json"; " JSON" }
                }
                button class="btn" { (self.say("Consegna il fascicolo", "Give out the dossier")) }
            }
        };
        Ok(self.page("", self.say("Fascicolo", "Dossier"), body))
    }

    pub(crate) async fn give_dossier(&self) -> Result<Answer, Trouble> {
        let case = self.office().find(&self.place).await?;
        let id = case.id.to_string();
        let given = self.disclosure().case(case).await?;
        let dossier = Dossier::of(&given, self.policy());
        if self.form.get("format") == "json" {
            // Its keys are texts, so this cannot fail.
            let text = serde_json::to_string_pretty(&dossier).unwrap_or_default() + "\n";
            return Ok(file("application/json", &format!("dossier-{id}.json"), text));
        }
        Ok(whole_page(dossier.page(&self.policy().time_zone)))
    }

    fn named(&self) -> Result<Pseudonym, Trouble> {
        self.place.parse().map_err(|_| Trouble::NoPage)
    }

    /// What there is about an author, in numbers.
    async fn numbers(&self, author: &Pseudonym) -> Result<Markup, Trouble> {
        let record = self.office().author(author).await?;
        let cases = self.console.moderation.ledger().cases_by_author(author).await?;
        let running = record.standing.sanctions.iter().filter(|sanction| sanction.is_running()).count();
        Ok(html! {
            p { a href={ "/console/author/" (author) } { (self.say("Pseudonimo ", "Pseudonym ")) (author) } }
            ul {
                li { (self.say("casi: ", "cases: ")) (cases.len()) }
                li { (self.say("violazioni: ", "strikes: ")) (record.standing.strikes.len()) }
                li { (self.say("sanzioni: ", "sanctions: ")) (record.standing.sanctions.len())
                    (self.say(", di cui in corso: ", ", of which under way: ")) (running) }
                li { (self.say("annotazioni: ", "notes: ")) (record.notes.len()) }
            }
        })
    }

    pub(crate) async fn export(&self) -> Result<Answer, Trouble> {
        let author = self.named()?;
        let body = html! {
            (self.numbers(&author).await?)
            p class="notice" { (self.say(
                "Il file contiene tutto ciò che risulta sotto questo pseudonimo, come JSON, per la persona interessata (art. 15 \
                 GDPR). Che è stato consegnato resta nel registro, con il nome di chi lo chiede.",
                "The file holds all that is on record under this pseudonym, as JSON, for the person concerned (art. 15 GDPR). \
                 That it was given out stays in the log, with the name of whoever asks.",
            )) }
            form class="stack" method="post" action={ "/console/author/" (author) "/export" } {
                (self.proof())
                button class="btn" { (self.say("Consegna i dati", "Give out the data")) }
            }
        };
        Ok(self.page("", self.say("Dati di un autore", "Data of an author"), body))
    }

    pub(crate) async fn give_export(&self) -> Result<Answer, Trouble> {
        let author = self.named()?;
        let given = self.disclosure().author(None, std::slice::from_ref(&author)).await?.ok_or(Trouble::NoPage)?;
        // Its keys are texts, so this cannot fail.
        let text = serde_json::to_string_pretty(&given).unwrap_or_default() + "\n";
        Ok(file("application/json", &format!("author-{author}.json"), text))
    }

    pub(crate) async fn erasure(&self) -> Result<Answer, Trouble> {
        let author = self.named()?;
        let above = html! {
            label class="choice" {
                input type="checkbox" name="anyway" value="yes"; " "
                (self.say("anche se qualcosa è ancora in corso", "also where something is still under way"))
            }
        };
        let body = html! {
            (self.numbers(&author).await?)
            p { (self.say("Che cosa succede:", "What happens:")) }
            ul {
                li { (self.say(
                    "testi, nomi, motivazioni, violazioni, sanzioni e annotazioni sono cancellati per sempre, al più presto dopo \
                     un minuto",
                    "texts, names, reasons, strikes, sanctions and notes are deleted for good, after a minute at the earliest",
                )) }
                li { (self.say(
                    "i casi aperti si chiudono; nulla è mostrato di nuovo o sbloccato sulla piattaforma",
                    "open cases are closed; nothing is shown again or unblocked on the platform",
                )) }
                li { (self.say(
                    "il registro resta com'è: non contiene né testi né nomi di chi scrive; la cancellazione vi è annotata",
                    "the log stays as it is: it holds neither texts nor names of those who write; the erasure is noted there",
                )) }
            }
            p class="notice alert" { (self.say("Non si può annullare.", "It cannot be taken back.")) }
            (self.form_with("reason", &format!("/console/author/{author}/erase"), self.say("Cancella l'autore", "Erase the author"), true, above))
        };
        Ok(self.page("", self.say("Cancellare un autore", "Erase an author"), body))
    }

    pub(crate) async fn erase(&self) -> Result<Answer, Trouble> {
        let author = self.named()?;
        let platform = self.office().platform_of(&author).await?;
        let anyway = self.form.get("anyway") == "yes";
        self.office().erase(platform, std::slice::from_ref(&author), &self.ruling()?, anyway).await?;
        Ok(lead_to("/console?said=erased"))
    }
}
