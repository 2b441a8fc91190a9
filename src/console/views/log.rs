//! The audit log: by day, case and person, with the state of the seal; verifying it and giving it out.

use jiff::civil::Date;
use ledger::AuditEntry;
use ledger::audit::{Binding, ProvedEntry, Unsealed, Verification};
use maud::{Markup, html};
use pages::visible;

use crate::answer::{Answer, file};
use crate::trouble::Trouble;
use crate::visit::Visit;

/// How many entries are on a page.
const PAGE: usize = 200;
/// The longest period that is given out or verified here, in days: longer ones are for the command line.
const LONGEST: i32 = 31;

impl Visit<'_> {
    pub(crate) async fn log(&self) -> Result<Answer, Trouble> {
        let today = ledger::day(self.now);
        let day = match self.query.given("day") {
            Some(day) => day.parse().map_err(|_| Trouble::NoPage)?,
            None => today,
        };
        let found = match self.query.given("case") {
            Some(case) => self.of_case(case).await?,
            None => self.of_day(day).await?,
        };
        let body = html! {
            form class="stack filters" method="get" action="/console/log" {
                (self.day("day", self.say("Giorno", "Day"), day))
                (self.line("case", self.say("Caso (di tutti i giorni)", "Case (of all days)"), self.query.get("case")))
                (self.line("by", self.say("Persona", "Person"), self.query.get("by")))
                div { button class="btn" { (self.say("Mostra", "Show")) } }
            }
            (found)
            h2 { (self.say("Verificare e consegnare", "Verify and give out")) }
            p { (self.say(
                "Il periodo è consegnato come file di righe, che chiunque può verificare; la consegna stessa è registrata a nome \
                 di chi la chiede. La verifica fa lo stesso, e poi legge il file come farebbe un estraneo. Al massimo 31 giorni.",
                "The period is given out as a file of lines, which anybody can verify; that it is given out is on record itself, \
                 under the name of whoever asks. Verifying does the same, and then reads the file as a stranger would. At most \
                 31 days.",
            )) }
            form class="stack" method="post" action="/console/log/verify" {
                (self.proof())
                (self.day("from", self.say("Dal", "From"), day)) (self.day("to", self.say("Al", "To"), day))
                button class="btn" { (self.say("Verifica", "Verify")) } " "
                button class="btn quiet" formaction="/console/log/export" { (self.say("Scarica", "Download")) }
            }
        };
        Ok(self.page("/console/log", self.say("Registro", "Audit log"), body))
    }

    fn day(&self, id: &str, label: &str, day: Date) -> Markup {
        html! { div { label for=(id) { (label) } input type="date" id=(id) name=(id) value=(day) required; } }
    }

    async fn of_day(&self, day: Date) -> Result<Markup, Trouble> {
        let log = self.office().log_of(day).await?;
        let by = self.query.given("by").map(str::to_lowercase);
        let is_asked = |entry: &&AuditEntry| by.as_ref().is_none_or(|by| who(entry).to_lowercase().contains(by));
        let asked: Vec<&AuditEntry> = log.entries.iter().filter(is_asked).collect();
        let from = self.query.given("skip").and_then(|skip| skip.parse::<usize>().ok()).unwrap_or_default();
        let next = (asked.len() > from.saturating_add(PAGE)).then(|| (from + PAGE).to_string());
        let fields = |skip: &str| {
            let day = day.to_string();
            crate::form::address("/console/log", &[("day", &day), ("by", self.query.get("by")), ("skip", skip)])
        };
        Ok(html! {
            h2 { (day) }
            p {
                @match &log.seal {
                    Some(seal) => {
                        (self.say("Sigillato il ", "Sealed on ")) (self.time(seal.sealed_at)) ". "
                        (self.say("Voci legate: ", "Entries bound: ")) (seal.count)
                        (self.say(", di cui arrivate tardi: ", ", of which came late: ")) (seal.late)
                        (self.say(". Impronta: ", ". Hash: ")) code { (seal.hash()) }
                    },
                    None => { (self.say(
                        "Non ancora sigillato: lo è la notte dopo, e fino ad allora nulla prova le sue voci.",
                        "Not sealed yet: it is the night after, and until then nothing proves its entries.",
                    )) },
                }
            }
            p { (self.say("Voci: ", "Entries: ")) (asked.len()) "." }
            ol start=(from + 1) { @for entry in asked.iter().skip(from).take(PAGE) { li { (self.entry(entry)) } } }
            @if let Some(next) = next { p { a href=(fields(&next)) rel="next" { (self.say("Pagina seguente", "Next page")) } } }
        })
    }

    async fn of_case(&self, asked: &str) -> Result<Markup, Trouble> {
        let case = self.office().find(asked).await?;
        let proof = self.office().log_about(&case).await?;
        Ok(html! {
            h2 { (self.say("Caso ", "Case ")) (case.id) }
            p {
                @if proof.entries.iter().all(ProvedEntry::is_intact) {
                    (self.say("Ogni voce ha ancora la sua impronta.", "Each entry still has its hash."))
                } @else {
                    strong class="grave" { (self.say("Qualcosa è stato cambiato.", "Something was changed.")) }
                }
            }
            ol {
                @for proved in &proof.entries {
                    @let entry = serde_json::from_str::<serde_json::Value>(&proved.entry).ok().and_then(|mut value| {
                        value.as_object_mut()?.insert("hash".to_owned(), proved.hash.to_string().into());
                        serde_json::from_value::<AuditEntry>(value).ok()
                    });
                    li {
                        @match entry { Some(entry) => (self.entry(&entry)), None => code { (visible(&proved.entry)) } }
                        "; " (self.binding(&proved.binding))
                    }
                }
            }
        })
    }

    fn binding(&self, binding: &Binding) -> Markup {
        html! {
            @match binding {
                Binding::Sealed(inclusion) => { (self.say("nel sigillo del ", "in the seal of ")) (inclusion.day) },
                Binding::Unsealed(Unsealed::Pending) => { (self.say("non ancora sigillata", "not sealed yet")) },
                Binding::Unsealed(Unsealed::Late) => { (self.say("tardi: in uno dei prossimi sigilli", "late: in one of the next seals")) },
                Binding::Unsealed(Unsealed::Missing) => strong class="grave" { (self.say("in nessun sigillo", "in no seal")) },
            }
        }
    }

    /// The period that the form asks for, up to today.
    fn span(&self) -> Result<(Date, Date), Trouble> {
        let day = |name: &str| self.form.get(name).parse::<Date>().map_err(|_| Trouble::NoForm);
        let (from, to) = (day("from")?, day("to")?.min(ledger::day(self.now)));
        let is_fit = from <= to && from.until(to).is_ok_and(|span| span.get_days() < LONGEST);
        if is_fit { Ok((from, to)) } else { Err(Trouble::NoForm) }
    }

    pub(crate) async fn verify_log(&self) -> Result<Answer, Trouble> {
        let (from, to) = self.span()?;
        let found = self.office().log_verified(from, to, &self.person).await?;
        Ok(self.page(
            "/console/log",
            self.say("Verifica del registro", "Verification of the log"),
            self.verified(&found),
        ))
    }

    fn verified(&self, found: &Verification) -> Markup {
        let Verification { from, to, entries, sealed, older, seals, last_seal, .. } = found;
        html! {
            p class=(if found.is_valid() { "notice" } else { "notice alert" }) role="status" {
                @if found.is_valid() {
                    (self.say("Nulla che non vada.", "Nothing is wrong."))
                } @else {
                    (self.say("Cose che non vanno: ", "Things that are wrong: ")) (found.problem_count) "."
                }
            }
            dl {
                dt { (self.say("Periodo", "Period")) } dd { (from) " – " (to) }
                dt { (self.say("Voci", "Entries")) } dd { (entries) }
                dt { (self.say("Provate da un sigillo", "Proved by a seal")) } dd { (sealed) }
                dt { (self.say("Non provate", "Not proved")) } dd { (entries - sealed) }
                @if *older > 0 {
                    dt { (self.say("Prima del primo sigillo", "Before the first seal")) } dd { (older) }
                }
                dt { (self.say("Sigilli", "Seals")) } dd { (seals) }
                @if let Some((day, hash)) = last_seal {
                    dt { (self.say("L'ultimo", "The last")) } dd { (day) ": " code { (hash) } }
                }
            }
            p { (self.say(
                "Che i sigilli siano quelli fatti allora lo mostra solo il confronto con quelli pubblicati.",
                "That the seals are those made at the time is shown only by comparing them with those published.",
            )) }
            @if !found.problems.is_empty() {
                ul { @for problem in &found.problems { li { (visible(&problem.to_string())) } } }
            }
            p { a href="/console/log" { (self.say("Torna al registro", "Back to the log")) } }
        }
    }

    pub(crate) async fn export_log(&self) -> Result<Answer, Trouble> {
        let (from, to) = self.span()?;
        let lines = self.office().log_file(from, to, &self.person).await?;
        Ok(file("application/jsonl", &format!("audit-{from}-{to}.jsonl"), lines))
    }
}

/// Who did what an entry records, where it names somebody.
fn who(entry: &AuditEntry) -> &str {
    use ledger::Fact::{Decision, Disclosure, Erasure, Export, Halt, Refusal, ReportErasure};
    match &entry.fact {
        Decision { by, .. } | Export { by, .. } | Disclosure { by, .. } | Refusal { by, .. } => by,
        ReportErasure { by, .. } | Halt { by: Some(by), .. } | Erasure { by: Some(by), .. } => by,
        _ => "",
    }
}
