//! What became of every event that the demo sent, read back from the ledger.

use std::collections::{BTreeMap, HashSet};
use std::fmt;
use std::time::Duration;

use jiff::SignedDuration;
use ledger::{Case, CaseId, Fact};
use platforms::{Delivery, Event, Ignored};
use policy::{Contribution, Outcome, Platform, Policy, Surface};
use serde::Serialize;

use crate::language::{either, of_ledger, say};
use crate::office::words;
use crate::serve::server::Server;
use crate::terminal::failure::Failure;

/// The most characters of a text that the table shows.
const EXCERPT: usize = 60;

/// One line of the table.
#[derive(Clone, Debug, Serialize)]
pub struct Row {
    /// The platform's name.
    pub platform: String,
    /// The beginning of the text, or what sort of event it was.
    pub excerpt: String,
    /// What the policy says.
    pub verdict: String,
    /// The clause on which that is grounded, with its title.
    pub clause: String,
    /// What the platform was asked to do.
    pub asked: String,
    /// What it did.
    pub happened: String,
    /// What it counts as.
    #[serde(skip)]
    pub outcome: Option<Outcome>,
    #[serde(skip)]
    delays: Vec<SignedDuration>,
}

/// Looks up what became of every delivery, in the order in which they arrived. What was only acknowledged comes at the
/// end, one row for each reason.
pub async fn collect(server: &Server, deliveries: &[(Platform, Delivery)]) -> Result<Vec<Row>, Failure> {
    let mut rows = Vec::new();
    let mut seen = HashSet::new();
    let mut ignored: BTreeMap<(Platform, String, &'static str), usize> = BTreeMap::new();
    for (platform, delivery) in deliveries {
        for event in &delivery.events {
            let row = of_event(server, event, &mut seen).await;
            rows.push(row.map_err(|error| Failure::unusable(of_ledger(&error)))?);
        }
        for event in &delivery.ignored {
            let (what, why) = in_words(event);
            *ignored.entry((*platform, what, why)).or_default() += 1;
        }
    }
    rows.extend(ignored.into_iter().map(|((platform, what, why), count)| {
        let excerpt = if count == 1 { what } else { format!("{what} × {count}") };
        Row::plain(platform, excerpt, either("non moderato", "not moderated"), why)
    }));
    Ok(rows)
}

async fn of_event(server: &Server, event: &Event, seen: &mut HashSet<CaseId>) -> Result<Row, ledger::LedgerError> {
    let ledger = server.moderation().ledger();
    let policy = server.moderation().policy();
    let now = server.moderation().clock().now();
    match event {
        Event::Contribution(contribution) => {
            let Contribution { platform, .. } = contribution;
            let case_id = ledger.case_id(contribution, now);
            let excerpt = excerpt(contribution);
            if !seen.insert(case_id.clone()) {
                return Ok(Row::plain(
                    *platform,
                    excerpt,
                    either("già giudicato", "judged already"),
                    either("consegna ripetuta: nessun effetto", "delivered again: no effect"),
                ));
            }
            if let Some(case) = ledger.case(&case_id, now).await? {
                return Ok(Row::of_case(policy, &case, excerpt));
            }
            let judged = ledger.entry(contribution).await?;
            let allowed = matches!(judged.map(|entry| entry.fact), Some(Fact::Verdict { outcome: Outcome::Allow, .. }));
            // A revision that says nothing new belongs to the case of another.
            let known = ledger.cases_of(*platform, &contribution.account, &contribution.id, now).await?;
            if let (false, Some(case)) = (allowed, known.last()) {
                return Ok(Row::of_case(policy, case, excerpt));
            }
            let (verdict, happened) = if allowed {
                (either("ammesso", "allowed"), either("resta visibile", "stays visible"))
            } else {
                (either("in attesa", "pending"), "")
            };
            let mut row = Row::plain(*platform, excerpt, verdict, happened);
            row.outcome = allowed.then_some(Outcome::Allow);
            Ok(row)
        }
        Event::Removal(removal) => {
            let cases = ledger.cases_of(removal.platform, &removal.account, &removal.id, now).await?;
            let closed = cases.iter().filter(|case| !case.is_open()).count();
            let happened = if closed > 0 {
                either("caso chiuso", "case closed")
            } else {
                either("nessun caso aperto", "no open case")
            };
            Ok(Row::plain(
                removal.platform,
                either("(rimosso dall'autore)", "(removed by its author)").to_owned(),
                "—",
                happened,
            ))
        }
        Event::Lead(lead) => {
            let excerpt =
                either("(contatto da un modulo pubblicitario)", "(contact from an advertising form)").to_owned();
            Ok(Row::plain(
                lead.platform,
                excerpt,
                either("non giudicato", "not judged"),
                either(
                    "elencato per l'ufficio, con la sua informativa",
                    "listed for the office, with its privacy notice",
                ),
            ))
        }
        Event::Unread(unread) => {
            let platforms::Unread { platform, account, id, at, written, .. } = unread;
            let reference = || {
                either(
                    "(solo un riferimento: testo letto dalla piattaforma)",
                    "(only a reference: text read from the platform)",
                )
                .to_owned()
            };
            let excerpt = written.as_ref().map_or_else(reference, excerpt);
            if let Some(case) = ledger.cases_of(*platform, account, id, now).await?.first() {
                return Ok(Row::of_case(policy, case, excerpt));
            }
            let task = ledger.reference(*platform, account, id, at.unwrap_or(now)).to_string();
            let is_task = ledger.task(&task, now).await?.is_some();
            Ok(if is_task {
                Row::plain(
                    *platform,
                    excerpt,
                    either("non giudicato", "not judged"),
                    either("non leggibile: compito per l'ufficio", "cannot be read: task for the office"),
                )
            } else {
                Row::plain(*platform, excerpt, either("ammesso", "allowed"), either("resta visibile", "stays visible"))
            })
        }
    }
}

impl Row {
    fn plain(platform: Platform, excerpt: String, verdict: &str, happened: &str) -> Self {
        Self {
            platform: platform.name().to_owned(),
            excerpt,
            verdict: verdict.to_owned(),
            clause: String::new(),
            asked: String::new(),
            happened: happened.to_owned(),
            outcome: None,
            delays: Vec::new(),
        }
    }

    fn of_case(policy: &Policy, case: &Case, excerpt: String) -> Self {
        let number = case.findings.first().map(|finding| finding.clause.as_str()).unwrap_or_default();
        let title = policy.clause(number).map(|clause| clause.title.as_str()).unwrap_or_default();
        let asked: Vec<&str> = case.actions.iter().map(|action| words::action(action.kind)).collect();
        let happened: Vec<&str> = case
            .actions
            .iter()
            .map(|action| action.effect.map_or(either("in attesa", "pending"), words::effect))
            .collect();
        let idle = match case.outcome {
            Outcome::Review => either("resta visibile: decide una persona", "stays visible: a person decides"),
            Outcome::Redirect => either("resta visibile: risponde l'ufficio", "stays visible: the office answers"),
            Outcome::Allow | Outcome::Hide => "",
        };
        Self {
            platform: case.platform.name().to_owned(),
            excerpt,
            verdict: words::outcome(case.outcome).to_owned(),
            clause: format!("{number} {title}").trim().to_owned(),
            asked: asked.join(", "),
            happened: if happened.is_empty() { idle.to_owned() } else { happened.join(", ") },
            outcome: Some(case.outcome),
            delays: case
                .actions
                .iter()
                .filter_map(|action| action.effect_at)
                .map(|at| at.duration_since(case.received_at))
                .collect(),
        }
    }
}

fn excerpt(contribution: &Contribution) -> String {
    let text = contribution.text.split_whitespace().collect::<Vec<_>>().join(" ");
    let mut short: String = text.chars().take(EXCERPT).collect();
    if text.chars().count() > EXCERPT {
        short.push('…');
    }
    if short.is_empty() {
        short = either("(allegato senza testo)", "(attachment without text)").to_owned();
    }
    let mark = match contribution.surface {
        Surface::Message => either("[privato] ", "[private] "),
        Surface::Mention => either("[menzione] ", "[mention] "),
        Surface::Review => either("[recensione] ", "[review] "),
        Surface::VisitorPost => "[post] ",
        Surface::LiveComment => either("[diretta] ", "[live] "),
        Surface::Comment => "",
    };
    let edited = if contribution.edited { either("[modificato] ", "[edited] ") } else { "" };
    format!("{mark}{edited}{short}")
}

fn in_words(ignored: &Ignored) -> (String, &'static str) {
    let (what, why) = match ignored {
        Ignored::OwnVoice => (
            either("(la voce dell'ente)", "(the organisation's voice)"),
            either("la propria voce non si modera", "the own voice is not moderated"),
        ),
        Ignored::Visibility => (
            either("(cambio di visibilità)", "(change of visibility)"),
            either("effetto di una nostra azione", "effect of an action of ours"),
        ),
        Ignored::NotOurs => (
            either("(altro profilo)", "(another account)"),
            either("non è un profilo dell'ente", "no account of the organisation"),
        ),
        Ignored::NotText => (
            either("(reazione, ricevuta, seguito)", "(reaction, receipt, follow)"),
            either("nessun testo da giudicare", "no text to judge"),
        ),
        Ignored::Encrypted => (
            either("(messaggio cifrato)", "(encrypted message)"),
            either("leggibile solo da mittente e destinatario", "readable by sender and receiver only"),
        ),
        Ignored::Notice => (
            either("(avviso della piattaforma)", "(notice of the platform)"),
            either("solo preso in carico", "only acknowledged"),
        ),
        Ignored::Malformed(_) => (
            either("(evento malformato)", "(malformed event)"),
            either("contato, registrato nei log", "counted, and in the logs"),
        ),
        Ignored::TooLong(_) => (
            either("(campo troppo lungo)", "(field too long)"),
            either("tagliato o tralasciato, contato, registrato nei log", "cut or left out, counted, and in the logs"),
        ),
        Ignored::Untold => (
            either("(notizia senza contenuto)", "(news without content)"),
            either("contato, registrato nei log", "counted, and in the logs"),
        ),
        Ignored::Unknown(kind) => {
            return (
                say!("(tipo sconosciuto: {kind})", "(unknown kind: {kind})"),
                either("contato, preso in carico", "counted, acknowledged"),
            );
        }
    };
    (what.to_owned(), why)
}

/// The totals under the table.
#[derive(Clone, Debug, Serialize)]
pub struct Figures {
    events: usize,
    judged: usize,
    by_verdict: BTreeMap<&'static str, usize>,
    effects: usize,
    /// From arrival to the webhook's answer, which comes after the verdict is recorded.
    answer_ms: Spread,
    /// From arrival to the platform's effect.
    effect_ms: Spread,
    total_seconds: f64,
}

/// Half of the values are below the median, 99 of 100 below the 99th percentile.
#[derive(Clone, Copy, Debug, Default, Serialize)]
struct Spread {
    median: f64,
    p99: f64,
}

impl Spread {
    fn of(mut values: Vec<f64>) -> Self {
        values.sort_by(f64::total_cmp);
        let at = |share: usize| values.get((values.len() * share / 100).min(values.len().saturating_sub(1)));
        Self { median: at(50).copied().unwrap_or_default(), p99: at(99).copied().unwrap_or_default() }
    }
}

impl Figures {
    /// Sums up.
    pub fn of(rows: &[Row], answers: &[Duration], total: Duration) -> Self {
        let outcomes: Vec<Outcome> = rows.iter().filter_map(|row| row.outcome).collect();
        let mut by_verdict = BTreeMap::new();
        for outcome in &outcomes {
            *by_verdict.entry(words::outcome(*outcome)).or_default() += 1;
        }
        let delays: Vec<f64> =
            rows.iter().flat_map(|row| &row.delays).map(|delay| delay.as_secs_f64() * 1000.0).collect();
        Self {
            events: answers.len(),
            judged: outcomes.len(),
            by_verdict,
            effects: delays.len(),
            answer_ms: Spread::of(answers.iter().map(|answer| answer.as_secs_f64() * 1000.0).collect()),
            effect_ms: Spread::of(delays),
            total_seconds: total.as_secs_f64(),
        }
    }
}

impl fmt::Display for Figures {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let verdicts: Vec<String> =
            self.by_verdict.iter().map(|(verdict, count)| format!("{count} {verdict}")).collect();
        let received = say!(
            "{} eventi ricevuti, {} contributi giudicati: {}",
            "{} events received, {} contributions judged: {}",
            self.events,
            self.judged,
            verdicts.join(", ")
        );
        let carried_out = say!(
            "{} azioni eseguite; dall'arrivo all'effetto {:.0} ms (mediana), {:.0} ms (99 su 100)",
            "{} actions carried out; from arrival to effect {:.0} ms (median), {:.0} ms (99 of 100)",
            self.effects,
            self.effect_ms.median,
            self.effect_ms.p99
        );
        let answered = say!(
            "risposta al webhook, a verdetto registrato, in {:.0} ms (mediana), {:.0} ms (99 su 100); in tutto {:.1} s",
            "webhooks answered, with the verdict on record, in {:.0} ms (median), {:.0} ms (99 of 100); {:.1} s in all",
            self.answer_ms.median,
            self.answer_ms.p99,
            self.total_seconds
        );
        write!(f, "{received}\n{carried_out}\n{answered}")
    }
}
