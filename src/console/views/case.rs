//! A case: the evidence, what follows from each button, and the decisions.

use http::StatusCode;
use ledger::{AuthorRecord, Case, CaseId, HeldDecision, Status, StrikeChange};
use maud::{Markup, html};
use moderation::{Extent, Foreseen, Intent, OfficeError, OnDesk};
use pages::{field, link, visible, written};
use policy::{SanctionState, Stance};
use words::{opinion, reason, record};

use super::forms::ReasonForm;
use super::trouble::sentence;
use crate::answer::Answer;
use crate::refusal;
use crate::role::Role;
use crate::trouble::Trouble;
use crate::visit::Visit;

impl Visit<'_> {
    pub(crate) async fn case(&self) -> Result<Answer, Trouble> {
        let desk = self.office().on_desk(&self.place).await?;
        let body = self.all(&desk).await?;
        Ok(self.page("", self.say("Caso", "Case"), body))
    }

    /// The case as it stands now, for whoever could not decide about it as they wanted.
    pub(crate) async fn case_again(&self, id: &CaseId, error: &OfficeError) -> Result<Answer, Trouble> {
        let desk = self.office().on_desk(&id.to_string()).await?;
        let body = html! {
            div class="notice alert" role="alert" {
                p { (sentence(&refusal::refused(error, self.language))) }
                p { (self.say(
                    "Non è stato registrato nulla. Il caso qui sotto è com'è adesso; la motivazione scritta è nei moduli.",
                    "Nothing is on record. The case below is as it stands now; the reason that you wrote is in the forms.",
                )) }
            }
            (self.all(&desk).await?)
        };
        Ok(self.page_with(StatusCode::CONFLICT, "", self.say("Caso", "Case"), body))
    }

    async fn all(&self, desk: &OnDesk) -> Result<Markup, Trouble> {
        let decisions = if self.may(Role::Moderation) { Some(Box::pin(self.deciding(desk)).await?) } else { None };
        let next = self.next_after(&desk.case.id).await?;
        Ok(html! {
            @if let Some(next) = next {
                p { a href={ "/console/case/" (next) } data-next { (self.say("Caso seguente, senza decidere", "Next case, without deciding")) } }
            }
            // What there is to know on the left, what one decides on the right; on a telephone one below the other.
            div class="desk" {
                div {
                    (self.evidence(&desk.case))
                    (self.against(&desk.case, &desk.author))
                    (self.asked_and_decided(desk))
                    @if self.may(Role::Protection) {
                        p { a href={ "/console/case/" (desk.case.id) "/dossier" } { (self.say("Fascicolo per chi ne ha diritto", "Dossier for whoever has a right to it")) } }
                    }
                }
                @if let Some(decisions) = decisions { div { (decisions) } }
            }
        })
    }

    fn evidence(&self, case: &Case) -> Markup {
        let status = match &case.status {
            Status::Open => self.say("aperto", "open").to_owned(),
            Status::Closed { reason, at } => format!("{}, {}", record::closure(*reason, self.language), self.time(*at)),
        };
        let content = case.content.as_ref();
        let name = content.and_then(|content| content.author.as_ref()?.name.as_deref()).unwrap_or_default();
        html! {
            p { strong { (self.heading(case)) } }
            (self.text(case))
            dl {
                (field(self.say("Autore", "Author"), name))
                @if let Some(address) = content.and_then(|content| content.permalink.as_deref()) {
                    dt { (self.say("Indirizzo", "Address")) } dd { (link(address)) }
                }
                @if let Some(at) = case.at { (field(self.say("Scritto", "Written"), &self.time(at))) }
                (field(self.say("Ricevuto", "Received"), &self.time(case.received_at)))
                (field(self.say("Stato", "State"), &status))
                dt { (self.say("Entro", "Until")) } dd { (self.deadline(case)) }
                (field(self.say("Ufficio", "Office"), case.office.as_deref().unwrap_or_default()))
                (field(self.say("Assegnato a", "Assigned to"), case.assignee.as_ref().map_or("", |one| one.name())))
                (field(self.say("Riferimento", "Reference"), case.id.reference().as_str()))
            }
            h2 { (self.say("Perché", "Why")) }
            ol {
                @for (position, finding) in case.findings.iter().enumerate() {
                    li {
                        strong { (self.clause(&finding.clause)) } ": "
                        @let said = finding.opinion.as_ref();
                        @let is_by_rule = said.is_none_or(|said| matches!(said.stance, Stance::Objects | Stance::Agrees));
                        @if is_by_rule { (self.say("regola ", "rule ")) (finding.rule) " (" (finding.detector) ")" }
                        @if let Some(said) = said {
                            @if is_by_rule { "; " }
                            (opinion::opinion(said, self.language))
                            @let text = content.map_or("", |content| content.text.as_str());
                            @let passages = opinion::passages(said, text, self.language);
                            @if !passages.is_empty() { ": " bdi { (visible(&passages)) } }
                        } @else if let Some(matched) = content.and_then(|content| content.matched.get(position)) {
                            ", «" bdi { (visible(matched)) } "»"
                        }
                    }
                }
            }
            @if case.protects {
                p { (self.say(
                    "È nascosto a protezione di dati personali: non conta come violazione.",
                    "It is hidden to protect personal data: it does not count as a violation.",
                )) }
            }
        }
    }

    fn against(&self, case: &Case, author: &AuthorRecord) -> Markup {
        html! {
            h2 { (self.say("Autore", "Author")) }
            @match &case.pseudonym {
                None => p { (self.say("La piattaforma non dice chi è.", "The platform does not tell who it is.")) },
                Some(pseudonym) => {
                    (self.standing(author))
                    p { a href={ "/console/author/" (pseudonym) } { (self.say("Tutto ciò che risulta", "All that is on record")) } }
                },
            }
        }
    }

    fn asked_and_decided(&self, desk: &OnDesk) -> Markup {
        let case = &desk.case;
        html! {
            h2 { (self.say("Chiesto alla piattaforma", "Asked of the platform")) }
            @if case.actions.is_empty() { p { (self.say("Nulla.", "Nothing.")) } }
            ol {
                @for action in &case.actions {
                    li {
                        (record::action(action.kind, self.language)) ": "
                        (action.effect.map_or(self.say("in attesa", "waiting"), |effect| record::effect(effect, self.language)))
                        @if let Some(text) = &action.text { (written(text)) }
                    }
                }
            }
            @if !case.decisions.is_empty() {
                h2 { (self.say("Decisioni e annotazioni", "Decisions and notes")) }
                ol {
                    @for decision in &case.decisions {
                        li {
                            (self.time(decision.at)) ", " bdi { (visible(decision.by.name())) } ": "
                            strong { (record::decision(decision.kind, self.language)) }
                            @if let Some(reason) = &decision.reason { (written(reason)) }
                        }
                    }
                }
            }
            @if !desk.tasks.is_empty() {
                h2 { (self.say("Attività aperte", "Open tasks")) }
                ul { @for task in &desk.tasks { li { (visible(&words::task::asked(task, self.language))) } } }
            }
        }
    }

    /// What was decided and does not count yet; nobody else decides until then.
    fn held(&self, case: &Case) -> Option<Markup> {
        let (held, announced) = (case.held.as_ref()?, case.announced()?);
        let what = match held.what {
            HeldDecision::Confirm | HeldDecision::Exposure => self.say("confermare", "to confirm"),
            HeldDecision::Overturn { .. } => self.say("annullare", "to overturn"),
            HeldDecision::Decline => self.say("respingere la sanzione", "to decline the sanction"),
        };
        Some(html! {
            div class="notice done" role="status" {
                span {
                    bdi { (visible(announced.by.name())) } (self.say(" ha deciso: ", " has decided: ")) (what) ". "
                    (self.say("Finché si può riprendere, nessun altro decide.", "As long as it can be taken back, nobody else decides."))
                }
                @if announced.by.is(&self.person) && held.due > self.now { (self.undo(&case.id, held.due)) }
            }
        })
    }

    async fn deciding(&self, desk: &OnDesk) -> Result<Markup, Trouble> {
        let case = &desk.case;
        if let Some(held) = self.held(case) {
            return Ok(held);
        }
        let path = |what: &str| format!("/console/case/{}/{what}", case.id);
        let seen = html! { input type="hidden" name="seen" value=(case.decisions.len()); };
        let is_proposed = desk
            .author
            .standing
            .sanctions
            .iter()
            .any(|one| one.state == SanctionState::Proposed && one.case == case.id);
        let mut forms = Vec::new();
        let lead_only = self.would_impose(case, &desk.author) && !self.may(Role::Lead);
        let mut intents = vec![(Intent::Confirm, "confirm", self.say("Conferma", "Confirm"))];
        if case.protects || self.protects(case) {
            intents.push((
                Intent::Exposure,
                "exposure",
                self.say("Conferma: ha esposto un'altra persona", "Confirm: somebody else was exposed"),
            ));
        }
        intents.push((Intent::Overturn(Extent::Case), "overturn", self.say("Annulla", "Overturn")));
        if is_proposed && self.may(Role::Lead) {
            intents.push((
                Intent::Overturn(Extent::Proposal),
                "decline",
                self.say("Respingi solo la sanzione", "Decline the sanction only"),
            ));
        }
        for (intent, what, button) in intents {
            let confirms = matches!(intent, Intent::Confirm | Intent::Exposure);
            if confirms && lead_only {
                forms.push(html! { p class="notice" { (self.say(
                    "La conferma con cui la sanzione è imposta spetta a chi è responsabile.",
                    "The confirmation by which the sanction is imposed is for whoever leads.",
                )) } });
                continue;
            }
            match Box::pin(self.office().foresee(case, intent, &self.person)).await {
                Ok(foreseen) => {
                    let lasting = if what == "overturn" {
                        self.lasting(desk)
                    } else {
                        html! {}
                    };
                    let above = html! { (seen) (self.follows(&foreseen)) (lasting) };
                    forms.push(html! {
                        h3 { (button) }
                        (self.form_with_reasons(
                            &ReasonForm { id: &format!("reason-{what}"), action: &path(what), button, danger: !confirms },
                            &self.prepared(case, intent),
                            above,
                        ))
                    });
                }
                Err(OfficeError::Ledger(error)) => return Err(error.into()),
                Err(error) => forms.push(html! {
                    p class="notice" { strong { (button) } ": " (refusal::refused(&error, self.language)) "." }
                }),
            }
        }
        let to = html! {
            (seen)
            label for="to" { (self.say("A chi (vuoto: a me)", "To whom (empty: to me)")) }
            input type="text" id="to" name="to" maxlength="80";
        };
        let before = html! {
            (seen)
            fieldset {
                legend { (self.say("A chi", "Before whom")) }
                @for (value, name) in [("platform", self.say("piattaforma", "platform")), ("authorities", self.say("autorità", "authorities"))] {
                    label class="choice" { input type="radio" name="to" value=(value) required; " " (name) } " "
                }
            }
        };
        Ok(html! {
            h2 { (self.say("Decidere", "Decide")) }
            @for form in &forms { (form) }
            h2 { (self.say("Altro", "Other")) }
            @if case.is_open() {
                details { summary { (self.say("Assegna", "Assign")) }
                    (self.form_with("reason-assign", &path("assign"), self.say("Assegna", "Assign"), false, to)) }
            }
            details { summary { (self.say("Segnala", "Refer")) }
                (self.form_with("reason-escalate", &path("escalate"), self.say("Segnala", "Refer"), false, before)) }
            details { summary { (self.say("Annota per i colleghi", "Note for colleagues")) }
                (self.form_with("reason-note", &path("note"), self.say("Annota", "Note"), false, html! { (seen) })) }
        })
    }

    fn protects(&self, case: &Case) -> bool {
        case.findings.iter().any(|finding| self.policy().protects(&finding.rule))
    }

    /// What overturning cannot take back, and that it is wanted all the same.
    fn lasting(&self, desk: &OnDesk) -> Markup {
        let lasting = |what| refusal::lasting(what, desk.case.platform, self.language);
        html! {
            @if !desk.irreversible.is_empty() {
                p class="grave" { (self.say("Non si potrà:", "It will not be possible to:")) }
                ul { @for what in &desk.irreversible { li { (lasting(*what)) } } }
                label class="choice" {
                    input type="checkbox" name="anyway" value="yes" required; " "
                    (self.say("Annullare lo stesso", "Overturn all the same"))
                }
            }
        }
    }

    /// Reasons that the office often has, for the clauses of the findings.
    fn prepared(&self, case: &Case, intent: Intent) -> Vec<String> {
        let mut numbers: Vec<&str> = Vec::new();
        for finding in &case.findings {
            if !numbers.contains(&finding.clause.as_str()) {
                numbers.push(&finding.clause);
            }
        }
        let clauses = numbers.into_iter().filter_map(|number| self.policy().clause(number));
        match intent {
            Intent::Confirm | Intent::Overturn(_) if case.findings.is_empty() => {
                reason::without_clause(intent == Intent::Confirm)
            }
            Intent::Confirm => clauses.flat_map(reason::to_confirm).collect(),
            Intent::Exposure => reason::of_exposure(),
            Intent::Overturn(_) => clauses.flat_map(reason::to_overturn).collect(),
        }
    }

    /// What follows, as a list.
    fn follows(&self, foreseen: &Foreseen) -> Markup {
        let action = |action: &ledger::NewAction| {
            html! {
                (self.say("alla piattaforma si chiede di ", "the platform is asked to ")) (record::action(action.kind, self.language))
                @if let Some(at) = action.not_before { (self.say(", non prima del ", ", not before ")) (self.time(at)) }
                @if let Some(text) = &action.text { ":" (written(text)) }
            }
        };
        let strike = match &foreseen.strike {
            StrikeChange::Add(strike) => Some(format!(
                "{} {}, {} {}",
                self.say("si conta una violazione dell'articolo", "a strike counts, under clause"),
                self.clause(&strike.clause),
                self.say("peso", "weight"),
                strike.weight
            )),
            StrikeChange::Raise(strike) => Some(format!(
                "{} {}, {} {}",
                self.say("la violazione conta come articolo", "the strike counts as clause"),
                self.clause(&strike.clause),
                self.say("peso", "weight"),
                strike.weight
            )),
            StrikeChange::Withdraw => Some(
                self.say(
                    "la violazione, se era contata, non conta più",
                    "the strike, if there was one, counts no more",
                )
                .to_owned(),
            ),
            StrikeChange::Keep => None,
        };
        html! {
            p { (self.say("Che cosa ne segue:", "What follows:")) }
            ul {
                @if let moderation::Ruled::MorePeople(people) = foreseen.ruled {
                    li { (self.say("servono ancora conferme di altre persone: ", "more people have to confirm: ")) (people) }
                }
                @if foreseen.takes_back { li { (self.say("ciò che è ancora in attesa non viene più chiesto", "what still waits is not asked any more")) } }
                @for one in &foreseen.actions { li { (action(one)) } }
                @if let Some(strike) = strike { li { (strike) } }
                @for (kind, state) in &foreseen.sanctions {
                    li { (record::sanction(*kind, self.language)) ": " (record::state(*state, self.language)) }
                }
                @if let Some(step) = &foreseen.due {
                    li {
                        (self.say("passo successivo della scala: ", "next step of the ladder: ")) strong { (record::sanction(step.kind, self.language)) }
                        @if step.people > 0 { (self.say(", che attende conferme: ", ", which waits for confirmations: ")) (step.people) }
                        @for one in &step.actions { div { (action(one)) } }
                    }
                }
                @for task in &foreseen.tasks { li { (self.say("attività: ", "task: ")) (words::task::asked(task, self.language)) } }
                @if let Some(closure) = foreseen.closes {
                    li { (self.say("il caso si chiude: ", "the case is closed: ")) (record::closure(closure, self.language)) }
                } @else { li { (self.say("il caso resta com'è", "the case stays as it is")) } }
            }
        }
    }
}
