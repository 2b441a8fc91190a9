//! `galateo case show`: everything about a case.

use console::refusal;
use disclosure::json;
use ledger::{Action, Case, Status};
use moderation::OnDesk;
use policy::{Language, Person};

use crate::cli::CaseOptions;
use crate::language::{self, either, say};
use crate::office::print::Page;
use crate::office::{Session, how, standing, words};
use crate::terminal::failure::Failure;
use crate::terminal::marked::Marked;
use crate::terminal::output;

/// Everything about a case.
pub async fn show(session: &Session, options: &CaseOptions) -> Result<(), Failure> {
    let OnDesk { case, author: record, tasks, irreversible } = session.office().on_desk(&options.id).await?;
    let mut page = session.page();
    if session.json {
        let irreversible: Vec<String> =
            irreversible.iter().map(|what| refusal::lasting(*what, case.platform, Language::Italian)).collect();
        let value = json::case_on_desk(&case, &record, &tasks, &irreversible, page.policy(), page.now());
        return output::json(&value.map_err(|error| {
            Failure::unusable(say!("il caso non si può scrivere: {error}", "the case cannot be written: {error}"))
        })?);
    }
    head(&mut page, &case);
    contribution(&mut page, &case);
    clauses(&mut page, &case);
    revisions(&mut page, &case);
    let rows = case.actions.iter().map(|action| asked(&page, action)).collect();
    page.section(
        either("Chiesto alla piattaforma", "Asked of the platform"),
        either(
            ["", "Che cosa", "Occasione", "Chiesto il", "Avvenuto", "Messaggio"],
            ["", "What", "Occasion", "Asked on", "What happened", "Message"],
        ),
        rows,
    );
    let decided = case.decisions.iter().map(|decision| {
        let reason =
            decision.reason.clone().unwrap_or_else(|| either("(non più conservata)", "(no longer kept)").to_owned());
        [page.time(decision.at), words::decision(decision.kind).to_owned(), decision.by.to_string(), reason]
    });
    let decided = decided.collect();
    page.section(
        either("Decisioni", "Decisions"),
        either(["Quando", "Che cosa", "Chi", "Motivazione"], ["When", "What", "Who", "Reason"]),
        decided,
    );
    standing::of_case(&mut page, &case, &record);
    let rows = tasks.iter().map(|task| [task.id.clone(), words::task(task.kind).to_owned(), how::asked(task)]);
    let rows = rows.collect();
    page.section(
        either("Attività aperte", "Open tasks"),
        either(["Attività", "Tipo", "Che cosa fare"], ["Task", "Kind", "What to do"]),
        rows,
    );
    if !irreversible.is_empty() {
        page.heading(either("Annullando il caso non si potrà", "What overturning the case cannot take back"));
        for what in irreversible {
            page.line(format!("  {}", refusal::lasting(what, case.platform, language::spoken())));
        }
    }
    page.print()
}

fn head(page: &mut Page<'_>, case: &Case) {
    page.line(say!("Caso {}", "Case {}", case.id));
    if case.urgent {
        page.line(either("URGENTE: qualcuno può essere in pericolo.", "URGENT: someone may be in danger."));
    }
    let account = page.policy().account(case.platform, &case.account);
    let account = account.map_or_else(|| case.account.to_string(), |account| account.name.clone());
    page.field(
        either("Dove", "Where"),
        format!("{}, {}, {account}", case.platform.name(), words::surface(case.surface)),
    );
    page.field(either("Scritto", "Written"), page.maybe(case.at));
    page.field(either("Comunicato", "Told of"), page.maybe(case.told_at));
    page.field(either("Ricevuto", "Received"), page.time(case.received_at));
    let protects = either(
        ", a protezione di dati personali: non conta come violazione",
        ", to protect personal data: it does not count as a violation",
    );
    let protects = if case.protects { protects } else { "" };
    page.field(either("Esito", "Outcome"), format!("{}{protects}", words::outcome(case.outcome)));
    let status = match &case.status {
        Status::Open => either("aperto", "open").to_owned(),
        Status::Closed { reason, at } => {
            say!("chiuso il {}: {}", "closed on {}: {}", page.time(*at), words::closure(*reason))
        }
    };
    page.field(either("Stato", "State"), status);
    if case.is_open() {
        page.field(either("Entro", "Until"), page.deadline(case.deadline));
    }
    page.field(either("Ufficio", "Office"), case.office.as_deref().unwrap_or_default());
    page.field(either("Assegnato a", "Assigned to"), case.assignee.as_ref().map_or("", Person::as_str));
    page.field(either("Gruppo", "Group"), case.group.as_deref().unwrap_or_default());
    let policy = &case.policy;
    page.field(
        "Policy",
        say!("{}, versione {}, SHA-256 {}", "{}, version {}, SHA-256 {}", policy.id, policy.version, policy.hash),
    );
}

fn contribution(page: &mut Page<'_>, case: &Case) {
    page.heading(either("Testo", "Text"));
    let Some(content) = &case.content else {
        return page.line(either("  (non più conservato)", "  (no longer kept)"));
    };
    let matches = case.findings.iter().map(|finding| (finding.start..finding.end, case.outcome)).collect();
    page.styled(&Marked { text: &content.text, matches, colours: output::colours() }.styled());
    if content.text_cut {
        page.line(either(
            "  (il testo è più lungo: il resto non è conservato)",
            "  (the text is longer: the rest is not kept)",
        ));
    }
    if case.has_attachment {
        page.line(either("  (con un allegato)", "  (with an attachment)"));
    }
    page.line("");
    if let Some(author) = &content.author {
        page.field(either("Autore", "Author"), author.name.as_deref().unwrap_or_default());
        page.field(either("Id autore", "Author's id"), author.id.as_str());
    }
    page.field(either("Indirizzo", "Address"), content.permalink.as_deref().unwrap_or_default());
    page.field(either("Conservato fino", "Kept until"), page.time(content.expires_at));
}

/// The clauses as published, with what matched. What was judged under another version of the policy may read otherwise.
fn clauses(page: &mut Page<'_>, case: &Case) {
    page.heading(either("Articoli", "Clauses"));
    if page.policy().reference.hash != case.policy.hash {
        page.line(either(
            "  (nel testo in vigore ora: il caso è stato giudicato con un'altra versione)",
            "  (as they read now: the case was judged under another version)",
        ));
    }
    for (position, finding) in case.findings.iter().enumerate() {
        let matched = case.content.as_ref().and_then(|content| content.matched.get(position));
        page.line(format!("({}) {}", position + 1, page.clause(&finding.clause)));
        if let Some(clause) = page.policy().clause(&finding.clause) {
            page.line(format!("    {}", clause.text.trim().replace('\n', "\n    ")));
        }
        page.field(either("    regola", "    rule"), format!("{} ({})", finding.rule, finding.detector));
        if let Some(opinion) = &finding.opinion {
            let text = case.content.as_ref().map_or("", |content| content.text.as_str());
            page.field(either("    modello", "    model"), ::words::opinion::opinion(opinion, language::spoken()));
            page.field(
                either("    passi", "    passages"),
                ::words::opinion::passages(opinion, text, language::spoken()),
            );
            continue;
        }
        page.field(
            either("    parole", "    words"),
            matched.map(|matched| format!("«{matched}»")).unwrap_or_default(),
        );
    }
    if case.findings_left_out > 0 {
        page.line(say!("… e altri {}", "… and {} more", case.findings_left_out));
    }
}

/// What its author wrote into it one after the other, where that was more than once.
fn revisions(page: &mut Page<'_>, case: &Case) {
    if case.revisions.is_empty() {
        return;
    }
    let rows = case.all_revisions().into_iter().enumerate().map(|(position, revision)| {
        let about = if revision.id == *case.leading() {
            either(" (di questa tratta il caso)", " (the case is about this one)")
        } else {
            ""
        };
        let first = revision.findings.first().map(|finding| page.clause(&finding.clause));
        let text = revision
            .content
            .map_or_else(|| either("(non più conservato)", "(no longer kept)").to_owned(), |content| content.text);
        [
            format!("{}{about}", position + 1),
            page.maybe(revision.at),
            page.maybe(revision.told_at),
            page.time(revision.received_at),
            words::outcome(revision.outcome).to_owned(),
            first.unwrap_or_default(),
            text,
        ]
    });
    let rows = rows.collect();
    page.section(
        either("Versioni", "Revisions"),
        either(
            ["", "Scritta", "Comunicata", "Ricevuta", "Esito", "Articolo", "Testo"],
            ["", "Written", "Told of", "Received", "Outcome", "Clause", "Text"],
        ),
        rows,
    );
    if case.revisions_left_out > 0 {
        page.line(say!("… e altre {}", "… and {} more", case.revisions_left_out));
    }
}

fn asked(page: &Page<'_>, action: &Action) -> [String; 6] {
    let waiting = action.not_before.filter(|at| *at > page.now());
    let happened = match (action.effect, waiting) {
        (Some(effect), _) => {
            let happened = say!("{} il {}", "{} on {}", words::effect(effect), page.maybe(action.effect_at));
            match (action.by_hand_at, action.could_not_at) {
                (Some(at), _) => {
                    say!("{happened}; fatto a mano il {}", "{happened}; done by hand on {}", page.time(at))
                }
                (None, Some(at)) => say!(
                    "{happened}; non è stato possibile a mano, {}",
                    "{happened}; it was not possible by hand, {}",
                    page.time(at)
                ),
                (None, None) => happened,
            }
        }
        (None, Some(at)) => say!("dal {}", "from {}", page.time(at)),
        (None, None) => either("in attesa", "waiting").to_owned(),
    };
    [
        action.id.clone(),
        words::action(action.kind).to_owned(),
        action.notice.map(words::notice).unwrap_or_default().to_owned(),
        page.maybe(action.asked_at),
        happened,
        action.text.clone().unwrap_or_default(),
    ]
}
