//! `galateo case`: the cases that wait for a person, and what is decided about them.

use jiff::Timestamp;
use ledger::{Action, AuthorRecord, Case, CaseId, Cursor, Desk, Status, Task};
use moderation::{Extent, Lasting, OfficeError, Ruled, person, with_revisions};
use policy::{Language, Outcome, Person};
use serde_json::{Value, json};

use super::author::{record_json, sanctions, strikes};
use super::print::{Page, json};
use super::task::task_json;
use super::{Office, how, later, words};
use crate::cli::{AssignOptions, CaseOptions, ConfirmOptions, EscalateOptions, ListOptions, OverturnOptions};
use crate::failure::Failure;
use crate::language::{either, say};
use crate::marked::Marked;
use crate::{language, output, refusal};

/// How many cases are read at once while looking for those that were asked for.
const PAGE: usize = 100;

/// The open cases.
pub async fn list(office: &Office, options: &ListOptions) -> Result<(), Failure> {
    let mut page = office.page();
    let (cases, more) = matching(office, options, page.now()).await?;
    let halts = if options.group.is_none() { office.moderation.halts().await? } else { Vec::new() };
    let groups: Vec<&str> = halts.iter().map(|halt| halt.group.as_str()).collect();
    if office.json {
        let cases: Vec<Value> = cases.iter().map(|case| row_json(case, page.now())).collect();
        return json(&json!({ "cases": cases, "more": more, "groups": groups }));
    }
    if cases.is_empty() {
        page.line(either("Nessun caso aperto.", "No open case."));
    } else {
        let head = either(
            ["Caso", "Piattaforma", "Dove", "Esito", "Articolo", "Entro", "Ufficio", "Assegnato a"],
            ["Case", "Platform", "Where", "Outcome", "Clause", "Until", "Office", "Assigned to"],
        );
        let rows = cases.iter().map(|case| row(&page, case)).collect();
        page.table(head, rows);
        let count = match cases.len() {
            1 => either("1 caso aperto", "1 open case").to_owned(),
            count => say!("{count} casi aperti", "{count} open cases"),
        };
        let rest = if more { either("; ce ne sono altri (--limit)", "; there are more (--limit)") } else { "" };
        page.line(format!("{count}{rest}"));
    }
    for group in groups {
        page.line(say!(
            "I casi di una sospensione sono elencati a parte: galateo case list --group {group}",
            "The cases of a halt are listed apart: galateo case list --group {group}"
        ));
    }
    page.print()
}

/// The open cases that were asked for, the urgent ones first, and whether there are more.
async fn matching(office: &Office, options: &ListOptions, now: Timestamp) -> Result<(Vec<Case>, bool), Failure> {
    let assignee = options.assignee.as_deref().map(person).transpose()?;
    let desk = options.group.clone().map_or(Desk::Open, Desk::Group);
    let mut found: Vec<Case> = Vec::new();
    let mut after: Option<Cursor> = None;
    loop {
        let (cases, next) = office.moderation.ledger().open_cases(&desk, after.as_ref(), PAGE, now).await?;
        found.extend(cases.into_iter().filter(|case| {
            is_of(options.office.as_deref(), case.office.as_deref())
                && assignee.as_ref().is_none_or(|asked| case.assignee.as_ref().is_some_and(|found| found.is(asked)))
        }));
        after = next;
        if after.is_none() || found.len() > options.limit {
            break;
        }
    }
    let more = after.is_some() || found.len() > options.limit;
    // They come by deadline, which urgent cases have soonest.
    found.sort_by_key(|case| !case.urgent);
    found.truncate(options.limit);
    Ok((found, more))
}

fn is_of(asked: Option<&str>, found: Option<&str>) -> bool {
    asked.is_none_or(|asked| found.is_some_and(|found| found.to_lowercase() == asked.to_lowercase()))
}

fn row(page: &Page<'_>, case: &Case) -> [String; 8] {
    let urgent = if case.urgent { either("URGENTE, ", "URGENT, ") } else { "" };
    [
        case.id.to_string(),
        case.platform.name().to_owned(),
        words::surface(case.surface).to_owned(),
        format!("{urgent}{}", words::outcome(case.outcome)),
        case.findings.first().map(|finding| page.clause(&finding.clause)).unwrap_or_default(),
        page.deadline(case.deadline),
        case.office.clone().unwrap_or_default(),
        case.assignee.as_ref().map(ToString::to_string).unwrap_or_default(),
    ]
}

fn row_json(case: &Case, now: Timestamp) -> Value {
    json!({
        "id": case.id,
        "platform": case.platform,
        "surface": case.surface,
        "outcome": case.outcome,
        "urgent": case.urgent,
        "clause": case.findings.first().map(|finding| &finding.clause),
        "deadline": case.deadline,
        "overdue": case.deadline.is_some_and(|deadline| deadline <= now),
        "office": case.office,
        "assignee": case.assignee,
        "group": case.group,
    })
}

/// Everything about a case.
pub async fn show(office: &Office, options: &CaseOptions) -> Result<(), Failure> {
    let case = office.moderation.find_case(&options.id).await?;
    let mut page = office.page();
    let record = match &case.pseudonym {
        Some(author) => office.moderation.author(author).await?,
        None => AuthorRecord::default(),
    };
    let mut tasks = office.moderation.ledger().tasks_of(&case.id, page.now()).await?;
    tasks.retain(|task| task.done.is_none());
    let irreversible = office.moderation.irreversible(&case);
    if office.json {
        return json(&case_json(&page, &case, &record, &tasks, &irreversible)?);
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
    standing(&mut page, &case, &record);
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
            match action.by_hand_at {
                Some(at) => say!("{happened}; fatto a mano il {}", "{happened}; done by hand on {}", page.time(at)),
                None => happened,
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

fn standing(page: &mut Page<'_>, case: &Case, record: &AuthorRecord) {
    let Some(author) = &case.pseudonym else { return };
    page.heading(either("Autore", "Author"));
    page.field(either("Pseudonimo", "Pseudonym"), author.as_str());
    let weight = record.standing.weight(page.now());
    let blocked = if record.standing.is_blocked(page.now()) { either(", bloccato", ", blocked") } else { "" };
    page.field(
        either("Violazioni", "Violations"),
        say!(
            "{} in corso di validità, peso {weight}{blocked}",
            "{} that still count, weight {weight}{blocked}",
            valid(page, record)
        ),
    );
    strikes(page, record);
    sanctions(page, record);
}

fn valid(page: &Page<'_>, record: &AuthorRecord) -> usize {
    record.standing.strikes.iter().filter(|strike| strike.expires_at > page.now()).count()
}

/// All that `case show` tells. Decisions are joined with their reasons, which a case keeps apart.
fn case_json(
    page: &Page<'_>,
    case: &Case,
    record: &AuthorRecord,
    tasks: &[Task],
    irreversible: &[Lasting],
) -> Result<Value, Failure> {
    let unwritable = |error: serde_json::Error| {
        Failure::unusable(say!("il caso non si può scrivere: {error}", "the case cannot be written: {error}"))
    };
    let mut value = serde_json::to_value(case).map_err(unwritable)?;
    value["content"] = serde_json::to_value(&case.content).map_err(unwritable)?;
    with_revisions(&mut value, case);
    let decisions = case.decisions.iter().map(
        |decision| json!({ "kind": decision.kind, "by": decision.by, "at": decision.at, "reason": decision.reason }),
    );
    value["decisions"] = decisions.collect();
    let is_cited = |number: &str| case.findings.iter().any(|finding| finding.clause == number);
    let cited = page.policy().clauses.iter().filter(|clause| is_cited(&clause.number));
    value["clauses"] =
        cited.map(|clause| json!({ "number": clause.number, "title": clause.title, "text": clause.text })).collect();
    value["author"] = record_json(page.now(), case.pseudonym.as_ref(), record);
    value["tasks"] = tasks.iter().map(task_json).collect();
    let irreversible = irreversible.iter().map(|what| refusal::lasting(*what, case.platform, Language::Italian));
    value["irreversible"] = irreversible.collect();
    Ok(value)
}

/// Confirms a case or a group.
pub async fn confirm(office: &Office, options: &ConfirmOptions) -> Result<(), Failure> {
    let Some(id) = &options.id else {
        return confirm_group(office, options.group.as_deref().unwrap_or_default(), options).await;
    };
    let case = office.moderation.find_case(id).await?;
    let ruling = (&options.ruling).into();
    let ruled = if options.exposed_another {
        office.moderation.confirm_exposure(&case.id, ruling).await?
    } else {
        office.moderation.confirm(&case.id, ruling).await?
    };
    let done = match case.outcome {
        _ if options.exposed_another && case.pseudonym.is_none() => either(
            "Confermato: ha esposto un'altra persona; l'autore non è noto, e non conta per nessuno",
            "Confirmed: it exposed another person; the author is not known, and it counts for nobody",
        ),
        _ if options.exposed_another => either(
            "Confermato: ha esposto un'altra persona, e conta come violazione",
            "Confirmed: it exposed another person, and counts as a violation",
        ),
        _ if matches!(ruled, Ruled::SeenTo | Ruled::RestWaits) => either(
            "Registrato: chi può essere in pericolo è stato aiutato",
            "Recorded: whoever may be in danger was helped",
        ),
        Outcome::Review if case.is_open() => either("Confermato: è una violazione", "Confirmed: it is a violation"),
        Outcome::Allow | Outcome::Redirect | Outcome::Review | Outcome::Hide => either("Confermato", "Confirmed"),
    };
    report(office, &case.id, done, ruled).await
}

async fn confirm_group(office: &Office, group: &str, options: &ConfirmOptions) -> Result<(), Failure> {
    let confirmed = office.moderation.confirm_group(group, (&options.ruling).into()).await?;
    if confirmed.confirmed.is_empty() && confirmed.left.is_empty() {
        return Err(Failure::negative(say!(
            "nessun caso aperto nel gruppo {group}",
            "no open case in the group {group}"
        )));
    }
    let left: Vec<(String, String)> =
        confirmed.left.iter().map(|(id, error)| (id.to_string(), how::refused(error))).collect();
    let waits = office.engine.is_some() && !confirmed.confirmed.is_empty();
    if office.json {
        let left: Vec<Value> = left.iter().map(|(id, why)| json!({ "id": id, "why": why })).collect();
        let more = confirmed.more;
        json(&json!({ "confirmed": confirmed.confirmed, "left": left, "more": more, "waits_for_serve": waits }))?;
    } else {
        let mut page = office.page();
        let count = match confirmed.confirmed.len() {
            1 => either("1 caso confermato", "1 case confirmed").to_owned(),
            count => say!("{count} casi confermati", "{count} cases confirmed"),
        };
        page.line(say!("{count} nel gruppo {group}.", "{count} in the group {group}."));
        for (id, why) in &left {
            page.line(say!("Non confermato {id}: {why}", "Not confirmed {id}: {why}"));
        }
        if confirmed.more {
            page.line(either(
                "Il gruppo ha altri casi: ripetere il comando.",
                "The group has more cases: repeat the command.",
            ));
        }
        if waits {
            page.line(later());
        }
        page.print()?;
    }
    if left.is_empty() {
        Ok(())
    } else {
        Err(Failure::negative(say!("casi non confermati: {}", "cases not confirmed: {}", left.len())))
    }
}

/// Takes back what was done about a case, or declines the sanction that it proposes.
pub async fn overturn(office: &Office, options: &OverturnOptions) -> Result<(), Failure> {
    let case = office.moderation.find_case(&options.id).await?;
    let (extent, done) = if options.only_sanction {
        (Extent::Proposal, either("Sanzione respinta; la violazione resta", "Sanction declined; the violation stays"))
    } else {
        (Extent::Case, either("Annullato", "Overturned"))
    };
    let ruled = office.moderation.overturn(&case.id, (&options.ruling).into(), extent, options.anyway).await?;
    report(office, &case.id, done, ruled).await
}

/// Brings a case before others.
pub async fn escalate(office: &Office, options: &EscalateOptions) -> Result<(), Failure> {
    let case = office.moderation.find_case(&options.id).await?;
    let done = either(
        "Segnalazione affidata a una persona: è tra le attività",
        "Reporting it is left to a person: it is among the tasks",
    );
    let ruled = office.moderation.escalate(&case.id, options.to.into(), (&options.ruling).into()).await?;
    report(office, &case.id, done, ruled).await
}

/// Gives a case to somebody.
pub async fn assign(office: &Office, options: &AssignOptions) -> Result<(), Failure> {
    let case = office.moderation.find_case(&options.id).await?;
    let ruled = office.moderation.assign(&case.id, &options.to, (&options.ruling).into()).await?;
    report(office, &case.id, &say!("Assegnato a {}", "Assigned to {}", person(&options.to)?), ruled).await
}

/// Says what became of a decision.
pub(super) async fn report(office: &Office, id: &CaseId, done: &str, ruled: Ruled) -> Result<(), Failure> {
    let now = office.moderation.clock().now();
    let case = office.moderation.ledger().case(id, now).await?.ok_or_else(|| OfficeError::NoCase(id.to_string()))?;
    let missing = match ruled {
        Ruled::Done | Ruled::SeenTo | Ruled::RestWaits => 0,
        Ruled::MorePeople(missing) => missing,
    };
    let waits = office.waits(&case);
    if office.json {
        let status = &case.status;
        return json(&json!({ "id": id, "status": status, "people_missing": missing, "waits_for_serve": waits }));
    }
    let mut text = say!("{done}. Caso {id}.\n", "{done}. Case {id}.\n");
    if ruled == Ruled::RestWaits {
        text += either(
            "Resta da decidere se il testo viola le regole: confermarlo di nuovo, oppure annullare.\n",
            "Whether the text violates the rules is still to be decided: confirm it again, or overturn it.\n",
        );
    }
    match missing {
        0 => {}
        1 => {
            text += either("Serve ancora la conferma di un'altra persona.\n", "Another person still has to confirm.\n")
        }
        _ => {
            text +=
                &say!("Servono ancora le conferme di {missing} persone.\n", "{missing} more people have to confirm.\n")
        }
    }
    if waits {
        text += later();
        text.push('\n');
    }
    output::print(&text)
}
