//! The parts of the page about the contribution and what was decided.

use ledger::Status;
use maud::{Markup, html};
use pages::{Part, field, link, written, written_and_marked};
use policy::{Language, Opinion, Sanction, SanctionKind, Strike};
use words::record as words;

use super::Printed;
use super::record;
use crate::dossier::contents::{Asked, ForgottenGround, Received};

/// A dossier is an Italian document, whatever language the office works in.
const IT: Language = Language::Italian;

/// All parts, in the order of the page.
pub(super) fn all(printed: &Printed<'_>) -> Vec<Part> {
    vec![
        Part::new("caso", "Il caso", case(printed)),
        Part::new("contributo", "Il contenuto ricevuto", contribution(printed)),
        Part::new("valutazione", "La valutazione", verdict(printed)),
        Part::new("policy", "La policy applicata", policy(printed)),
        Part::new("decisioni", "Chi ha deciso che cosa", decisions(printed)),
        Part::new("misure", "Che cosa è stato chiesto alla piattaforma", actions(printed)),
        Part::new("conseguenze", "Conseguenze per l'autore", consequences(printed)),
        Part::new("compiti", "Attività e segnalazioni", tasks(printed)),
        Part::new("motivazione", "Motivazione nei termini del DSA", record::statement(printed)),
        Part::new("registro", "Registro e prova", record::audit(printed)),
    ]
}

fn case(printed: &Printed<'_>) -> Markup {
    let (case, place) = (&printed.dossier.case, &printed.dossier.place);
    let status = match case.status {
        Status::Open => "aperto".to_owned(),
        Status::Closed { reason, at } => format!("chiuso il {}: {}", printed.time(*at), words::closure(*reason, IT)),
    };
    html! {
        @if case.urgent { p class="grave" { "Urgente: qualcuno poteva essere in pericolo." } }
        dl {
            (field("Riferimento", case.reference.as_str()))
            (field("Stato", &status))
            (printed.when("Da decidere entro", case.deadline))
            (field("Ufficio", case.office.unwrap_or_default()))
            (field("Assegnato a", case.assignee.unwrap_or_default()))
            (field("Gruppo", case.group.unwrap_or_default()))
            (field("Piattaforma", place.platform.name()))
            (field("Profilo dell'ente", place.account_name.unwrap_or_default()))
            (field("Nome del profilo", place.account_handle.unwrap_or_default()))
            (field("Id del profilo", place.account.as_str()))
            (field("Dove", words::surface(place.surface, IT)))
        }
    }
}

fn contribution(printed: &Printed<'_>) -> Markup {
    let received = &printed.dossier.contribution;
    let verdict = &printed.dossier.verdict;
    html! {
        dl {
            (printed.when("Scritto il", received.written_at))
            (printed.when("Comunicato dalla piattaforma il", received.told_at))
            (field("Ricevuto il", &printed.time(received.received_at)))
            @if received.edited { (field("Modificato", "sì: è una versione successiva alla prima")) }
            @if received.has_attachment { (field("Allegato", "sì")) }
            (field("Pseudonimo dell'autore", received.pseudonym.map(|author| author.as_str()).unwrap_or_default()))
        }
        @if let Some(content) = received.content {
            @let matches: Vec<_> = verdict.findings.iter().map(|found| (found.start..found.end, verdict.outcome)).collect();
            h3 { "Testo" }
            (written_and_marked(&content.text, &matches))
            @if content.text_cut { p { "Il testo è più lungo: il resto non è stato conservato." } }
            dl {
                @if let Some(author) = &content.author {
                    (field("Nome dell'autore", author.name.as_deref().unwrap_or_default()))
                    (field("Id dell'autore", author.id.as_str()))
                }
                (field("Id del contenuto", content.contribution.as_str()))
                (field("Sotto", content.thread.as_ref().map(|thread| thread.as_str()).unwrap_or_default()))
                (field("In risposta a", content.parent.as_ref().map(|parent| parent.as_str()).unwrap_or_default()))
                @if let Some(address) = &content.permalink { dt { "Indirizzo" } dd { (link(address)) } }
                (field("Conservato fino al", &printed.time(content.expires_at)))
            }
        }
        (forgotten(printed, received))
        (revisions(printed, received))
    }
}

/// What else its author wrote into it, in the order in which it arrived.
fn revisions(printed: &Printed<'_>, received: &Received<'_>) -> Markup {
    html! {
        @if !received.revisions.is_empty() {
            h3 { "Altre versioni dello stesso contenuto" }
            ol class="entries" {
                @for revision in &received.revisions {
                    li {
                        dl {
                            (printed.when("Scritta il", revision.written_at))
                            (printed.when("Comunicata dalla piattaforma il", revision.told_at))
                            (field("Ricevuta il", &printed.time(revision.received_at)))
                            (field("Esito", words::outcome(revision.outcome, IT)))
                            (field("Articoli", &revision.clauses.join(", ")))
                        }
                        @match revision.text {
                            Some(text) => (written(text)),
                            None => p { "Il testo non è più conservato." },
                        }
                    }
                }
            }
            @if received.revisions_left_out > 0 {
                p { "Altre versioni non elencate: " (received.revisions_left_out) "." }
            }
        }
    }
}

fn forgotten(printed: &Printed<'_>, received: &Received<'_>) -> Markup {
    html! {
        @if let Some(forgotten) = &received.forgotten {
            p {
                "Il testo, il nome e gli identificativi dell'autore, l'indirizzo e le parole riconosciute non sono più conservati"
                @match forgotten.ground {
                    ForgottenGround::Retention => ": il termine di conservazione è scaduto il ",
                    ForgottenGround::Erasure => ": sono stati cancellati, come annotato nel registro, il ",
                }
                (printed.time(forgotten.since)) "."
            }
        }
    }
}

fn verdict(printed: &Printed<'_>) -> Markup {
    let verdict = &printed.dossier.verdict;
    html! {
        p {
            "Il sistema, da solo, con le regole della policy, il " (printed.time(verdict.at)) ": "
            strong { (words::outcome(verdict.outcome, IT)) } "."
            @if verdict.protects {
                " Riguarda dati personali, nascosti per proteggere le persone a cui si riferiscono: non è una sanzione e non \
                 conta come violazione."
            }
        }
        ol class="entries" {
            @for found in &verdict.findings {
                li {
                    dl {
                        (field("Articolo", found.clause))
                        (field("Regola", found.rule))
                        (field("Riconosciuto da", found.detector))
                        @if let Some(opinion) = found.opinion {
                            (field("Modello statistico", &::words::opinion::opinion(opinion, IT)))
                            (field("Passi che hanno pesato di più", &passages(printed, opinion)))
                        }
                        (field("Parole", found.matched.unwrap_or_default()))
                        (field("Posizione", &format!("byte da {} a {}", found.start, found.end)))
                    }
                }
            }
        }
        @if verdict.findings_left_out > 0 { p { "Altri riscontri non elencati: " (verdict.findings_left_out) "." } }
    }
}

/// The passages on which the reader went, as long as the text is kept.
fn passages(printed: &Printed<'_>, opinion: &Opinion) -> String {
    let text = printed.dossier.contribution.content.map_or("", |content| content.text.as_str());
    ::words::opinion::passages(opinion, text, IT)
}

fn policy(printed: &Printed<'_>) -> Markup {
    let policy = &printed.dossier.policy;
    html! {
        dl {
            (field("Policy", &policy.reference.id))
            (field("Versione", &policy.reference.version))
            (field("Impronta SHA-256", &policy.reference.hash))
            @if let Some(reader) = &policy.reference.reader {
                (field("Modello statistico", &reader.id))
                (field("Impronta SHA-256 del modello", &reader.hash))
            }
            @if let Some(url) = policy.url { dt { "Pubblicata in" } dd { (link(url)) } }
        }
        @if policy.quoted {
            @for clause in &policy.clauses {
                h3 { span class="number" { (clause.number) } " " (clause.title) }
                (written(clause.text.trim()))
            }
        } @else {
            p {
                "Il caso è stato valutato con la versione qui indicata, che non è quella in uso oggi. Il testo degli articoli \
                 non è riportato, perché potrebbe non essere quello allora in vigore: va letto in quella versione, che \
                 l'impronta identifica."
            }
        }
    }
}

fn decisions(printed: &Printed<'_>) -> Markup {
    let decisions = &printed.dossier.decisions;
    html! {
        @if decisions.is_empty() { p { "Nessuna persona ha finora deciso su questo caso." } }
        @for decision in decisions {
            dl {
                (field("Quando", &printed.time(decision.at)))
                (field("Chi", decision.by))
                (field("Che cosa", words::decision(decision.kind, IT)))
                (field("Perché", decision.reason.unwrap_or("(motivazione non più conservata)")))
            }
        }
    }
}

fn actions(printed: &Printed<'_>) -> Markup {
    html! {
        @if printed.dossier.actions.is_empty() { p { "Nulla." } }
        ol class="entries" {
            @for action in &printed.dossier.actions { li { (asked(printed, action)) } }
        }
    }
}

fn asked(printed: &Printed<'_>, action: &Asked<'_>) -> Markup {
    let happened = action.effect.map_or("in attesa", |effect| words::effect(effect, IT));
    html! {
        dl {
            (field("Che cosa", words::action(action.kind, IT)))
            (field("Occasione", action.notice.map(|notice| words::notice(notice, IT)).unwrap_or_default()))
            (field("Per decisione", if action.by_person { "di una persona" } else { "del sistema" }))
            (printed.when("Non prima del", action.not_before))
            (printed.when("Chiesto il", action.asked_at))
            (field("Che cosa è avvenuto", happened))
            (printed.when("Saputo il", action.effect_at))
            (printed.when("Fatto a mano da una persona il", action.by_hand_at))
            (printed.when("Una persona ha detto che non era possibile il", action.could_not_at))
            (field("Chiamata", action.call.unwrap_or_default()))
            (field("Risposta HTTP", &action.status.map(|status| status.to_string()).unwrap_or_default()))
            (field("Nota", action.note.unwrap_or_default()))
        }
        @if let Some(text) = action.text {
            p { "Messaggio all'autore:" }
            (written(text))
        }
    }
}

fn consequences(printed: &Printed<'_>) -> Markup {
    let (strikes, sanctions) = (&printed.dossier.strikes, &printed.dossier.sanctions);
    html! {
        @if strikes.is_empty() && sanctions.is_empty() {
            p { "Su questo caso non risulta alcuna violazione contata né alcuna sanzione." }
        }
        @for strike in strikes { (counted(printed, strike)) }
        @for sanction in sanctions { (sanctioned(printed, sanction)) }
    }
}

fn counted<Id>(printed: &Printed<'_>, strike: &Strike<Id>) -> Markup {
    html! {
        h3 { "Violazione contata" }
        dl {
            (field("Articolo", &strike.clause))
            (field("Peso", &strike.weight.to_string()))
            (field("Del", &printed.time(strike.at)))
            (field("Conta fino al", &printed.time(strike.expires_at)))
        }
    }
}

fn sanctioned<Id: ToString>(printed: &Printed<'_>, sanction: &Sanction<Id>) -> Markup {
    let grounds: Vec<String> = sanction.grounds.iter().map(ToString::to_string).collect();
    let lasts = sanction.kind < SanctionKind::Block;
    html! {
        h3 { "Sanzione: " (words::sanction(sanction.kind, IT)) }
        dl {
            (field("Stato", words::state(sanction.state, IT)))
            (field("Dovuta dal", &printed.time(sanction.proposed_at)))
            (field("Confermata da", &words::names(&sanction.confirmed_by)))
            (printed.when(if lasts { "Consegnata il" } else { "In vigore dal" }, sanction.effective_at))
            (printed.when("Fino al", sanction.ends_at))
            (printed.when("Chiusa il", sanction.closed_at))
            (field("Casi su cui si fonda", &grounds.join(", ")))
        }
    }
}

fn tasks(printed: &Printed<'_>) -> Markup {
    html! {
        @if printed.dossier.tasks.is_empty() { p { "Nessuna." } }
        @for task in &printed.dossier.tasks {
            dl {
                @if let Some(instruction) = &task.instruction { (field("Che cosa fare", instruction)) }
                (field("Tipo", words::task(task.kind, IT)))
                (field("Dal", &printed.time(task.created_at)))
                (printed.when("Entro", task.deadline))
                @if let Some(done) = &task.done {
                    (field("Esito", if done.achieved { "fatto" } else { "non possibile o non dovuto" }))
                    @if let Some(by) = done.by { (field("Da chi", by)) }
                    (field("Il", &printed.time(done.at)))
                    @if let Some(note) = done.note { (field("Nota", note)) }
                } @else {
                    (field("Esito", "aperta"))
                }
            }
        }
    }
}
