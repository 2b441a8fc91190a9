//! What became of every event that the demo sent, read back from the ledger.

use std::collections::{BTreeMap, HashSet};
use std::fmt;
use std::time::Duration;

use jiff::SignedDuration;
use ledger::{Case, CaseId, Fact};
use platforms::{Delivery, Event, Ignored};
use policy::{Contribution, Outcome, Platform, Policy, Surface};
use serde::Serialize;

use crate::failure::Failure;
use crate::serve::Server;
use crate::words;

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
    #[serde(skip)]
    outcome: Option<Outcome>,
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
            rows.push(row.map_err(|error| Failure::unusable(error.to_string()))?);
        }
        for event in &delivery.ignored {
            let (what, why) = in_words(event);
            *ignored.entry((*platform, what, why)).or_default() += 1;
        }
    }
    rows.extend(ignored.into_iter().map(|((platform, what, why), count)| {
        let excerpt = if count == 1 { what } else { format!("{what} × {count}") };
        Row::plain(platform, excerpt, "non moderato", why)
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
                return Ok(Row::plain(*platform, excerpt, "già giudicato", "consegna ripetuta: nessun effetto"));
            }
            if let Some(case) = ledger.case(&case_id, now).await? {
                return Ok(Row::of_case(policy, &case, excerpt));
            }
            let judged = ledger.entry(contribution).await?;
            let allowed = matches!(judged.map(|entry| entry.fact), Some(Fact::Verdict { outcome: Outcome::Allow, .. }));
            let (verdict, happened) = if allowed { ("ammesso", "resta visibile") } else { ("in attesa", "") };
            let mut row = Row::plain(*platform, excerpt, verdict, happened);
            row.outcome = allowed.then_some(Outcome::Allow);
            Ok(row)
        }
        Event::Removal(removal) => {
            let cases = ledger.cases_of(removal.platform, &removal.account, &removal.id, now).await?;
            let closed = cases.iter().filter(|case| !case.is_open()).count();
            let happened = if closed > 0 { "caso chiuso" } else { "nessun caso aperto" };
            Ok(Row::plain(removal.platform, "(rimosso dall'autore)".to_owned(), "—", happened))
        }
        Event::Lead(lead) => {
            let excerpt = "(contatto da un modulo pubblicitario)".to_owned();
            Ok(Row::plain(lead.platform, excerpt, "non giudicato", "elencato per l'ufficio, con la sua informativa"))
        }
        Event::Unread(unread) => {
            let platforms::Unread { platform, account, id, at, written, .. } = unread;
            let reference = || "(solo un riferimento: testo letto dalla piattaforma)".to_owned();
            let excerpt = written.as_ref().map_or_else(reference, excerpt);
            if let Some(case) = ledger.cases_of(*platform, account, id, now).await?.first() {
                return Ok(Row::of_case(policy, case, excerpt));
            }
            let task = ledger.reference(*platform, account, id, at.unwrap_or(now)).to_string();
            let is_task = ledger.task(&task, now).await?.is_some();
            Ok(if is_task {
                Row::plain(*platform, excerpt, "non giudicato", "non leggibile: compito per l'ufficio")
            } else {
                Row::plain(*platform, excerpt, "ammesso", "resta visibile")
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
        let happened: Vec<&str> =
            case.actions.iter().map(|action| action.effect.map_or("in attesa", words::effect)).collect();
        let idle = match case.outcome {
            Outcome::Review => "resta visibile: decide una persona",
            Outcome::Redirect => "resta visibile: risponde l'ufficio",
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
        short = "(allegato senza testo)".to_owned();
    }
    let mark = match contribution.surface {
        Surface::Message => "[privato] ",
        Surface::Mention => "[menzione] ",
        Surface::Review => "[recensione] ",
        Surface::VisitorPost => "[post] ",
        Surface::LiveComment => "[diretta] ",
        Surface::Comment => "",
    };
    let edited = if contribution.edited { "[modificato] " } else { "" };
    format!("{mark}{edited}{short}")
}

fn in_words(ignored: &Ignored) -> (String, &'static str) {
    let (what, why) = match ignored {
        Ignored::OwnVoice => ("(la voce dell'ente)", "la propria voce non si modera"),
        Ignored::Visibility => ("(cambio di visibilità)", "effetto di una nostra azione"),
        Ignored::NotOurs => ("(altro profilo)", "non è un profilo dell'ente"),
        Ignored::NotText => ("(reazione, ricevuta, seguito)", "nessun testo da giudicare"),
        Ignored::Encrypted => ("(messaggio cifrato)", "leggibile solo da mittente e destinatario"),
        Ignored::Notice => ("(avviso della piattaforma)", "solo preso in carico"),
        Ignored::Malformed(_) => ("(evento malformato)", "contato, registrato nei log"),
        Ignored::TooLong(_) => ("(campo troppo lungo)", "tagliato o tralasciato, contato, registrato nei log"),
        Ignored::Untold => ("(notizia senza contenuto)", "contato, registrato nei log"),
        Ignored::Unknown(kind) => return (format!("(tipo sconosciuto: {kind})"), "contato, preso in carico"),
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
        writeln!(f, "{} eventi ricevuti, {} contributi giudicati: {}", self.events, self.judged, verdicts.join(", "))?;
        writeln!(
            f,
            "{} azioni eseguite; dall'arrivo all'effetto {:.0} ms (mediana), {:.0} ms (99 su 100)",
            self.effects, self.effect_ms.median, self.effect_ms.p99
        )?;
        write!(
            f,
            "risposta al webhook, a verdetto registrato, in {:.0} ms (mediana), {:.0} ms (99 su 100); in tutto {:.1} s",
            self.answer_ms.median, self.answer_ms.p99, self.total_seconds
        )
    }
}
