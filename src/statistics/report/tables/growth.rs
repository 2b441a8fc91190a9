//! The tables about growth.

use policy::Language;

use crate::{Gap, Metric, Precision};

use super::activity::account;
use super::{ACCOUNT, DAY, NAME, PLATFORM, Two};
use crate::report::Report;
use crate::report::language::Writing;
use crate::report::table::{Head, Table, Value};
use crate::{AccountGrowth, Comparison, MetricGrowth, Trend, Unknown};

const METRIC: Head = (("misura", "metric"), ("Misura", "Metric"));

/// All of them.
pub(in crate::report) fn all(report: &Report, language: Language) -> Vec<Table> {
    vec![changes(report, language), counts(report, language), jumps(report, language), gaps(report, language)]
}

/// Each metric of each account.
fn metrics(report: &Report) -> impl Iterator<Item = (&AccountGrowth, &MetricGrowth)> {
    report.growth.accounts.iter().flat_map(|account| account.metrics.iter().map(move |metric| (account, metric)))
}

/// Over which stretches a trend tells of change.
fn stretches(trend: &Trend) -> [(Two, &Comparison); 6] {
    [
        (("periodo", "period"), &trend.period),
        (("giorno", "day"), &trend.day),
        (("settimana", "week"), &trend.week),
        (("mese", "month"), &trend.month),
        (("anno", "year"), &trend.year),
        (("dall’inizio", "baseline"), &trend.baseline),
    ]
}

/// Every change of every account, channel, and of all together.
fn changes(report: &Report, language: Language) -> Table {
    let mut rows = Vec::new();
    let mut add = |head: Vec<Value>, metric: Metric, trend: &Trend| {
        for (over, comparison) in stretches(trend) {
            let mut row = head.clone();
            row.push(Value::text(metric_name(metric, language)));
            row.push(Value::text(language.of(over)));
            row.extend(match comparison {
                Comparison::Known(change) => vec![
                    Value::Day(change.from.day),
                    Value::Whole(change.from.value),
                    Value::Day(change.to.day),
                    Value::Whole(change.to.value),
                    Value::Signed(change.absolute),
                    Value::or_nothing(change.percent, Value::Percent),
                    Value::Flag(change.from.interpolated || change.to.interpolated),
                    Value::Flag(change.from.rounded || change.to.rounded),
                    Value::text(exactness(change.from.precision.max(change.to.precision), language)),
                    Value::Nothing,
                ],
                Comparison::Unknown(unknown) => {
                    let mut cells = vec![Value::Nothing; 9];
                    cells.push(Value::text(why(unknown, language)));
                    cells
                }
            });
            rows.push(row);
        }
    };
    for (of, metric) in metrics(report) {
        add(account(report, of.platform, &of.account), metric.metric, &metric.trend);
    }
    let all = language.of(("tutti", "all"));
    for channel in &report.growth.channels {
        let head = vec![Value::text(channel.platform.name()), Value::text(all), Value::Nothing];
        add(head, Metric::Followers, &channel.trend);
    }
    add(vec![Value::text(all), Value::text(all), Value::Nothing], Metric::Followers, &report.growth.total);
    Table::new(
        language,
        ("crescita", "growth"),
        ("Crescita degli account", "Growth of the accounts"),
        &[
            PLATFORM,
            ACCOUNT,
            NAME,
            METRIC,
            (("intervallo", "over"), ("Intervallo", "Over")),
            (("dal", "from"), ("Dal", "From")),
            (("valore_iniziale", "from_value"), ("Valore iniziale", "First value")),
            (("al", "to"), ("Al", "To")),
            (("valore_finale", "to_value"), ("Valore finale", "Last value")),
            (("variazione", "change"), ("Variazione", "Change")),
            (("variazione_percento", "change_percent"), ("Variazione in %", "Change in %")),
            (("interpolato", "interpolated"), ("Interpolato", "Interpolated")),
            (("arrotondato", "rounded"), ("Arrotondato dalla piattaforma", "Rounded by the platform")),
            (("precisione_data", "date_precision"), ("Data esatta a", "Date exact to the")),
            (("perche_manca", "why_unknown"), ("Perché manca", "Why unknown")),
        ],
        rows,
    )
}

/// Every count of the period.
fn counts(report: &Report, language: Language) -> Table {
    let mut rows = Vec::new();
    for (of, metric) in metrics(report) {
        for point in &metric.points {
            let mut row = account(report, of.platform, &of.account);
            row.extend([
                Value::text(metric_name(metric.metric, language)),
                Value::Day(point.day),
                Value::Whole(point.value),
                Value::text(exactness(point.precision, language)),
                Value::Flag(point.rounded),
            ]);
            rows.push(row);
        }
    }
    Table::new(
        language,
        ("rilevazioni", "counts"),
        ("Rilevazioni del periodo", "Counts of the period"),
        &[
            PLATFORM,
            ACCOUNT,
            NAME,
            METRIC,
            DAY,
            (("valore", "value"), ("Valore", "Value")),
            (("precisione_data", "date_precision"), ("Data esatta a", "Date exact to the")),
            (("arrotondato", "rounded"), ("Arrotondato dalla piattaforma", "Rounded by the platform")),
        ],
        rows,
    )
}

/// Changes that are probably the platform's.
pub(in crate::report) fn jumps(report: &Report, language: Language) -> Table {
    let mut rows = Vec::new();
    for (of, metric) in metrics(report) {
        for jump in &metric.jumps {
            let mut row = account(report, of.platform, &of.account);
            row.extend([
                Value::text(metric_name(metric.metric, language)),
                Value::Day(jump.after),
                Value::Day(jump.day),
                Value::Signed(jump.change),
                Value::Decimal(jump.expected),
            ]);
            rows.push(row);
        }
    }
    Table::new(
        language,
        ("salti", "jumps"),
        ("Variazioni dovute probabilmente alla piattaforma", "Changes that are probably the platform’s"),
        &[
            PLATFORM,
            ACCOUNT,
            NAME,
            METRIC,
            (("dopo_il", "after"), ("Dopo il", "After")),
            DAY,
            (("variazione", "change"), ("Variazione", "Change")),
            (("attesa", "expected"), ("Variazione attesa", "Expected change")),
        ],
        rows,
    )
}

/// Days without a count.
pub(in crate::report) fn gaps(report: &Report, language: Language) -> Table {
    let mut rows = Vec::new();
    for (of, metric) in metrics(report) {
        for missing in &metric.gaps {
            let mut row = account(report, of.platform, &of.account);
            row.extend([
                Value::text(metric_name(metric.metric, language)),
                Value::Day(missing.from),
                Value::Day(missing.to),
                Value::text(language.of(missing.why.map_or(NO_SNAPSHOT, gap))),
            ]);
            rows.push(row);
        }
    }
    Table::new(
        language,
        ("lacune", "gaps"),
        ("Giorni senza rilevazione", "Days without a count"),
        &[
            PLATFORM,
            ACCOUNT,
            NAME,
            METRIC,
            (("dal", "from"), ("Dal", "From")),
            (("al", "to"), ("Al", "To")),
            (("motivo", "reason"), ("Motivo", "Reason")),
        ],
        rows,
    )
}

/// The followers of each account at the end of the period, for the page.
pub(in crate::report) fn followers(report: &Report, language: Language) -> Table {
    let mut rows = Vec::new();
    for of in &report.growth.accounts {
        let Some(metric) = of.metrics.iter().find(|metric| metric.metric == Metric::Followers) else { continue };
        let trend = &metric.trend;
        let change =
            |comparison: &Comparison| Value::or_nothing(comparison.known(), |change| Value::Signed(change.absolute));
        let percent = trend.period.known().and_then(|change| change.percent);
        let latest = trend
            .latest
            .map_or_else(|| Value::text(language.of(("nessun dato", "no data"))), |end| Value::Whole(end.value));
        rows.push(vec![
            Value::text(of.platform.name()),
            Value::text(report.account_name(of.platform, &of.account)),
            latest,
            change(&trend.period),
            Value::or_nothing(percent, Value::Percent),
            change(&trend.year),
            Value::text(notes(metric, language)),
        ]);
    }
    Table::new(
        language,
        ("follower", "followers"),
        ("Follower per account", "Followers by account"),
        &[
            PLATFORM,
            ACCOUNT,
            (("follower", "followers"), ("Follower", "Followers")),
            (("variazione", "change"), ("Nel periodo", "Over the period")),
            (("variazione_percento", "change_percent"), ("Nel periodo, in %", "Over the period, in %")),
            (("variazione_anno", "change_year"), ("In un anno", "Over a year")),
            (("note", "notes"), ("Note", "Notes")),
        ],
        rows,
    )
}

/// What a reader of a figure has to know.
fn notes(metric: &MetricGrowth, language: Language) -> String {
    let change = metric.trend.period.known();
    let interpolated = change.is_some_and(|change| change.from.interpolated || change.to.interpolated);
    let rounded = metric.trend.latest.is_some_and(|end| end.rounded);
    let notes = [
        (rounded, ("arrotondato dalla piattaforma", "rounded by the platform")),
        (interpolated, ("stimato tra due rilevazioni", "estimated between two counts")),
        (!metric.gaps.is_empty(), ("con giorni senza rilevazione", "with days without a count")),
        (!metric.jumps.is_empty(), ("con salti dovuti alla piattaforma", "with jumps due to the platform")),
    ];
    let notes: Vec<&str> = notes.iter().filter(|(applies, _)| *applies).map(|(_, note)| language.of(*note)).collect();
    notes.join("; ")
}

fn metric_name(metric: Metric, language: Language) -> &'static str {
    language.of(match metric {
        Metric::Followers => ("follower", "followers"),
        Metric::PageLikes => ("mi piace alla pagina", "page likes"),
        Metric::Posts => ("contenuti pubblicati", "posts"),
    })
}

fn exactness(precision: Precision, language: Language) -> &'static str {
    language.of(match precision {
        Precision::Day => ("giorno", "day"),
        Precision::Month => ("mese", "month"),
        Precision::Year => ("anno", "year"),
    })
}

fn why(unknown: &Unknown, language: Language) -> String {
    match unknown {
        Unknown::NoData => language.of(("nessun dato", "no data")).to_owned(),
        Unknown::NothingInPeriod => {
            language.of(("nessuna rilevazione nel periodo", "nothing was counted in the period")).to_owned()
        }
        Unknown::OneCount => language.of(("una sola rilevazione", "one count only")).to_owned(),
        Unknown::NothingBefore(day) => {
            format!("{} {day}", language.of(("prima rilevazione il", "first counted on")))
        }
        Unknown::TooWide { after, before } => match language {
            Language::Italian => format!("nessuna rilevazione tra il {after} e il {before}"),
            Language::English => format!("nothing was counted between {after} and {before}"),
        },
        Unknown::Parts(parts) => {
            let parts: Vec<String> = parts.iter().map(|part| format!("{} {}", part.platform, part.account)).collect();
            format!("{} {}", language.of(("mancano", "lacks")), parts.join(", "))
        }
    }
}

const NO_SNAPSHOT: Two = ("la rilevazione non è stata fatta", "no snapshot was taken");

const fn gap(gap: Gap) -> Two {
    match gap {
        Gap::Hidden => ("l’account nasconde il dato", "the account hides it"),
        Gap::NoToken => ("manca l’autorizzazione dell’account", "the account has no access token"),
        Gap::NotPermitted => ("l’autorizzazione non è più valida", "the access token is no longer good"),
        Gap::Unreachable => ("la piattaforma non ha risposto", "the platform did not answer"),
        Gap::Limited => ("il numero di richieste era esaurito", "the platform’s limit was used up"),
        Gap::Declined => ("la piattaforma ha rifiutato", "the platform declined"),
        Gap::NotUnderstood => ("la risposta non conteneva il dato", "the answer did not hold the count"),
        Gap::Absurd => ("la risposta conteneva un numero impossibile", "the answer held an impossible number"),
    }
}
