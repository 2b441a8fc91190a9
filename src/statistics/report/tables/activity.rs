//! The tables about moderation.

use policy::{ActionKind, Category, Language};

use super::{
    ACCOUNT, ALLOWED, CLAUSE, DAY, NAME, NOTICED, PLATFORM, RECEIVED, REDIRECTED, REVIEWED, TITLE, TO_HIDE, Two,
};
use crate::report::language::Writing;
use crate::report::table::{Table, Value};
use crate::report::{Compared, Report};
use crate::{By, Outcomes, Quantiles, Totals};

const WEEKDAYS: [Two; 7] = [
    ("lunedì", "Monday"),
    ("martedì", "Tuesday"),
    ("mercoledì", "Wednesday"),
    ("giovedì", "Thursday"),
    ("venerdì", "Friday"),
    ("sabato", "Saturday"),
    ("domenica", "Sunday"),
];

/// All of them, in the order of the page.
pub(in crate::report) fn all(report: &Report, language: Language) -> Vec<Table> {
    vec![
        totals(report, language),
        days(report, language),
        platforms(report, language),
        accounts(report, language),
        categories(report, language),
        clauses(report, language),
        clauses_by_account(report, language),
        hours(report, language),
        weekdays(report, language),
        times(report, language),
        rules(report, language),
        answers(report, language),
    ]
}

/// One total: its name, and how to read it.
type Measure = (Two, fn(&Totals) -> u64, Option<fn(&Totals) -> By>);

const MEASURES: [Measure; 19] = [
    (("Interventi ricevuti", "Contributions received"), |t| t.received, None),
    (("Ammessi", "Allowed"), |t| t.allowed, None),
    (("Indirizzati a un servizio", "Redirected to a service"), |t| t.redirected, None),
    (("Affidati a una persona", "Left for a person to decide"), |t| t.reviewed, None),
    (("Da nascondere secondo le regole", "To be hidden as the rules say"), |t| t.to_hide, None),
    (("Di questi, a protezione di dati personali", "Of these, to protect personal data"), |t| t.protected, None),
    (("Arrivati in orario di servizio", "Received during hours of service"), |t| t.inside_hours, None),
    (("Arrivati fuori orario di servizio", "Received outside hours of service"), |t| t.outside_hours, None),
    (("Nascosti dalle piattaforme", "Hidden by the platforms"), |t| t.hidden.all(), Some(|t| t.hidden)),
    (("Ripubblicati", "Shown again"), |t| t.restored.all(), Some(|t| t.restored)),
    (("Eliminati", "Deleted"), |t| t.removed.all(), Some(|t| t.removed)),
    (("Avvertimenti consegnati", "Warnings delivered"), |t| t.warned.all(), Some(|t| t.warned)),
    (("Blocchi temporanei", "Temporary blocks"), |t| t.blocked.all(), Some(|t| t.blocked)),
    (("Esclusioni", "Bans"), |t| t.banned.all(), Some(|t| t.banned)),
    (("Segnalati a piattaforma o autorità", "Referred to platform or authorities"), |t| t.referred, None),
    (("Decisioni confermate da una persona", "Confirmed by a person"), |t| t.confirmed, None),
    (("Decisioni annullate da una persona", "Overturned by a person"), |t| t.overturned, None),
    (("Non più esistenti sulla piattaforma", "No longer on the platform"), |t| t.gone, None),
    (("Sospensioni degli automatismi", "Halts of automation"), |t| t.halts, None),
];

/// The totals, beside those of the period before and of the year before.
pub(in crate::report) fn totals(report: &Report, language: Language) -> Table {
    let activity = &report.activity;
    let complete = |compared: &Compared, read: fn(&Totals) -> u64| {
        if compared.missing_days == 0 { Value::Whole(read(&compared.totals)) } else { Value::Nothing }
    };
    let mut rows: Vec<Vec<Value>> = MEASURES
        .iter()
        .map(|(name, read, by)| {
            let by = by.map(|by| by(&activity.totals));
            vec![
                Value::text(language.of(*name)),
                Value::Whole(read(&activity.totals)),
                Value::or_nothing(by, |by| Value::Whole(by.automatic)),
                Value::or_nothing(by, |by| Value::Whole(by.person)),
                complete(&report.previous, *read),
                complete(&report.year_before, *read),
            ]
        })
        .collect();
    let strikes = activity.strikes;
    let of_authors: [(Two, u64); 4] = [
        (("Violazioni conteggiate", "Strikes counted"), strikes.given),
        (("Violazioni tolte dal conteggio", "Strikes taken back"), strikes.withdrawn),
        (("Violazioni scadute", "Strikes expired"), strikes.expired),
        (("Autori con due violazioni o più", "Authors with two strikes or more"), strikes.repeat_offenders),
    ];
    rows.extend(of_authors.into_iter().map(|(name, value)| {
        let mut row = vec![Value::text(language.of(name)), Value::Whole(value)];
        row.resize(6, Value::Nothing);
        row
    }));
    Table::new(
        language,
        ("totali", "totals"),
        ("In tutto", "Totals"),
        &[
            (("indicatore", "measure"), ("Indicatore", "Measure")),
            (("valore", "value"), ("Valore", "Value")),
            (("automatici", "automatic"), ("Automatici", "Automatic")),
            (("da_persona", "by_person"), ("Da una persona", "By a person")),
            (("periodo_precedente", "previous_period"), ("Periodo precedente", "Period before")),
            (("anno_prima", "year_before"), ("Anno prima", "Year before")),
        ],
        rows,
    )
}

pub(in crate::report) fn days(report: &Report, language: Language) -> Table {
    let rows = report.activity.days.iter().map(|row| vec![Value::Day(row.day), Value::Whole(row.received)]);
    Table::new(
        language,
        ("giorni", "days"),
        ("Interventi ricevuti per giorno", "Contributions received by day"),
        &[DAY, RECEIVED],
        rows.collect(),
    )
}

fn outcomes(outcomes: &Outcomes) -> [Value; 6] {
    [
        Value::Whole(outcomes.received),
        Value::count(outcomes.allowed),
        Value::count(outcomes.redirected),
        Value::count(outcomes.reviewed),
        Value::count(outcomes.to_hide),
        Value::count(outcomes.noticed),
    ]
}

pub(in crate::report) fn platforms(report: &Report, language: Language) -> Table {
    let row = |row: &crate::PlatformRow| {
        let mut cells = vec![Value::text(row.platform.name())];
        cells.extend(outcomes(&row.outcomes));
        cells
    };
    Table::new(
        language,
        ("piattaforme", "platforms"),
        ("Interventi per piattaforma", "Contributions by platform"),
        &[PLATFORM, RECEIVED, ALLOWED, REDIRECTED, REVIEWED, TO_HIDE, NOTICED],
        report.activity.platforms.iter().map(row).collect(),
    )
}

pub(in crate::report) fn accounts(report: &Report, language: Language) -> Table {
    let row = |row: &crate::AccountRow| {
        let mut cells = account(report, row.platform, &row.account);
        cells.extend(outcomes(&row.outcomes));
        cells
    };
    Table::new(
        language,
        ("account", "accounts"),
        ("Interventi per account", "Contributions by account"),
        &[PLATFORM, ACCOUNT, NAME, RECEIVED, ALLOWED, REDIRECTED, REVIEWED, TO_HIDE, NOTICED],
        report.activity.accounts.iter().map(row).collect(),
    )
}

/// The columns that say which account.
pub(super) fn account(report: &Report, platform: policy::Platform, account: &policy::AccountId) -> Vec<Value> {
    let name = report.account_name(platform, account);
    vec![Value::text(platform.name()), Value::text(account.as_str()), Value::text(name)]
}

pub(in crate::report) fn categories(report: &Report, language: Language) -> Table {
    let rows = report.activity.categories.iter();
    Table::new(
        language,
        ("categorie", "categories"),
        ("Interventi segnalati per categoria", "Contributions not simply allowed by category"),
        &[(("categoria", "category"), ("Categoria", "Category")), NOTICED],
        rows.map(|row| vec![Value::text(category(row.category, language)), Value::count(row.noticed)]).collect(),
    )
}

pub(in crate::report) fn clauses(report: &Report, language: Language) -> Table {
    let rows = report.activity.clauses.iter().map(|row| {
        vec![
            Value::text(&row.clause),
            Value::text(report.clause_title(&row.clause)),
            Value::text(category(row.category, language)),
            Value::count(row.redirected),
            Value::count(row.reviewed),
            Value::count(row.to_hide),
            Value::count(row.noticed),
        ]
    });
    Table::new(
        language,
        ("articoli", "clauses"),
        ("Interventi segnalati per articolo", "Contributions not simply allowed by clause"),
        &[
            CLAUSE,
            TITLE,
            (("categoria", "category"), ("Categoria", "Category")),
            REDIRECTED,
            REVIEWED,
            TO_HIDE,
            NOTICED,
        ],
        rows.collect(),
    )
}

fn clauses_by_account(report: &Report, language: Language) -> Table {
    let rows = report.activity.clauses_by_account.iter().map(|row| {
        let mut cells = vec![Value::text(&row.clause)];
        cells.extend(account(report, row.platform, &row.account));
        cells.push(Value::count(row.noticed));
        cells
    });
    Table::new(
        language,
        ("articoli-per-account", "clauses-by-account"),
        ("Interventi segnalati per articolo e account", "Contributions not simply allowed by clause and account"),
        &[CLAUSE, PLATFORM, ACCOUNT, NAME, NOTICED],
        rows.collect(),
    )
}

pub(in crate::report) fn hours(report: &Report, language: Language) -> Table {
    let rows = report.activity.hours.iter().map(|row| {
        vec![Value::text(format!("{:02}:00", row.hour)), Value::Whole(row.received), Value::count(row.noticed)]
    });
    Table::new(
        language,
        ("ore", "hours"),
        ("Interventi per ora", "Contributions by hour"),
        &[(("ora", "hour"), ("Ora (in Italia)", "Hour (in Italy)")), RECEIVED, NOTICED],
        rows.collect(),
    )
}

pub(in crate::report) fn weekdays(report: &Report, language: Language) -> Table {
    let rows =
        report.activity.weekdays.iter().zip(WEEKDAYS).map(|(row, name)| {
            vec![Value::text(language.of(name)), Value::Whole(row.received), Value::count(row.noticed)]
        });
    Table::new(
        language,
        ("giorni-della-settimana", "weekdays"),
        ("Interventi per giorno della settimana", "Contributions by day of the week"),
        &[(("giorno_della_settimana", "weekday"), ("Giorno", "Day")), RECEIVED, NOTICED],
        rows.collect(),
    )
}

pub(in crate::report) fn times(report: &Report, language: Language) -> Table {
    let times = report.activity.times;
    let row = |name: Two, quantiles: Quantiles| {
        let time = |milliseconds: Option<u64>| Value::or_nothing(milliseconds, Value::Duration);
        vec![
            Value::text(language.of(name)),
            Value::Whole(quantiles.count),
            time(quantiles.median_ms),
            time(quantiles.percentile_90_ms),
            time(quantiles.percentile_99_ms),
        ]
    };
    Table::new(
        language,
        ("tempi", "times"),
        ("Quanto tempo è passato da quando l’intervento è stato scritto", "Time since the contribution was written"),
        &[
            (("fino_a", "until"), ("Fino a", "Until")),
            (("quanti", "how_many"), ("Quanti", "How many")),
            (("mediana_s", "median_s"), ("Metà entro", "Half within")),
            (("percentile_90_s", "percentile_90_s"), ("90 su 100 entro", "90 in 100 within")),
            (("percentile_99_s", "percentile_99_s"), ("99 su 100 entro", "99 in 100 within")),
        ],
        vec![
            row(("Valutazione automatica", "Verdict"), times.to_verdict),
            row(("Effetto sulla piattaforma", "Effect on the platform"), times.to_effect),
            row(("Decisione di una persona", "Decision of a person"), times.to_decision),
        ],
    )
}

pub(in crate::report) fn rules(report: &Report, language: Language) -> Table {
    let rows = report.activity.rules.iter().map(|row| {
        vec![
            Value::text(&row.rule),
            Value::text(&row.clause),
            Value::count(row.decided),
            Value::count(row.overturned),
            row.precision.map_or(Value::Hidden, |share| Value::Decimal(share * 100.0)),
        ]
    });
    Table::new(
        language,
        ("regole", "rules"),
        ("Quanto spesso le persone hanno dato ragione alle regole", "How often people agreed with the rules"),
        &[
            (("regola", "rule"), ("Regola", "Rule")),
            CLAUSE,
            (("decisi", "decided"), ("Decisi da una persona", "Decided by a person")),
            (("annullati", "overturned"), ("Annullati", "Overturned")),
            (("precisione_percento", "precision_percent"), ("Precisione, in %", "Precision, in %")),
        ],
        rows.collect(),
    )
}

pub(in crate::report) fn answers(report: &Report, language: Language) -> Table {
    let rows = report.activity.answers.iter().map(|row| {
        let counts = [row.done, row.already_so, row.refused, row.impossible, row.manual, row.failed];
        let mut cells = vec![Value::text(row.platform.name()), Value::text(action(row.action, language))];
        cells.extend(counts.map(Value::count));
        cells
    });
    Table::new(
        language,
        ("esiti", "answers"),
        ("Che cosa hanno fatto le piattaforme", "What the platforms did"),
        &[
            PLATFORM,
            (("richiesta", "action"), ("Richiesta", "Asked")),
            (("fatto", "done"), ("Fatto", "Done")),
            (("gia_cosi", "already_so"), ("Già così", "Already so")),
            (("rifiutato", "refused"), ("Rifiutato", "Refused")),
            (("impossibile", "impossible"), ("Impossibile", "Impossible")),
            (("a_mano", "manual"), ("Solo a mano", "By hand only")),
            (("fallito", "failed"), ("Non riuscito", "Failed")),
        ],
        rows.collect(),
    )
}

fn category(category: Category, language: Language) -> &'static str {
    language.of(match category {
        Category::Political => ("Propaganda politica", "Political propaganda"),
        Category::Language => ("Linguaggio", "Language"),
        Category::Unlawful => ("Contenuti illeciti", "Unlawful content"),
        Category::Offensive => ("Offese e inganni", "Offence and deceit"),
        Category::PersonalData => ("Dati personali", "Personal data"),
        Category::Obscene => ("Contenuti osceni", "Obscene content"),
        Category::Discriminatory => ("Discriminazione", "Discrimination"),
        Category::IntellectualProperty => ("Diritto d’autore e marchi", "Copyright and trade marks"),
        Category::Spam => ("Pubblicità", "Advertising"),
        Category::OffTopic => ("Fuori tema", "Off topic"),
        Category::PersonalCase => ("Casi personali", "Personal cases"),
    })
}

fn action(action: ActionKind, language: Language) -> &'static str {
    language.of(match action {
        ActionKind::Hide => ("Nascondere", "Hide"),
        ActionKind::Unhide => ("Mostrare di nuovo", "Show again"),
        ActionKind::Delete => ("Eliminare", "Delete"),
        ActionKind::Reply => ("Rispondere in pubblico", "Reply in public"),
        ActionKind::PrivateReply => ("Rispondere in privato", "Reply in private"),
        ActionKind::Ban => ("Escludere l’autore", "Ban the author"),
        ActionKind::Unban => ("Riammettere l’autore", "Let the author return"),
    })
}
