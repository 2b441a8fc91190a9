//! The parts of the page.

use std::collections::BTreeMap;

use crate::Metric;
use jiff::civil::Date;
use maud::{Markup, html};
use pages::Part;
use policy::Language;

use super::chart::{Caption, bars, columns, line};
use super::{behind, shown};
use crate::report::language::Writing;
use crate::report::table::Table;
use crate::report::tables::{activity, growth};
use crate::report::{Report, tables};

/// From how many days on a chart shows months instead.
const MANY_DAYS: usize = 92;
/// The most bars of a chart; the table behind it has all.
const MOST_BARS: usize = 15;

pub(super) fn all(report: &Report, language: Language) -> Vec<Part> {
    let part = |id, title: (&'static str, &'static str), body| Part::new(id, language.of(title), body);
    vec![
        part("ricevuti", ("Gli interventi ricevuti", "What was received"), received(report, language)),
        part("regole", ("Le regole", "The rules"), rules(report, language)),
        part("moderazione", ("La moderazione", "Moderation"), moderation(report, language)),
        part("follower", ("Chi segue i canali", "Who follows the channels"), followers(report, language)),
        part("metodo", ("Come leggere questi dati", "How to read these figures"), method(report, language)),
    ]
}

fn received(report: &Report, language: Language) -> Markup {
    let activity = &report.activity;
    if activity.totals.received == 0 {
        return html! { p { (language.of(("Nel periodo non risulta nessun intervento.", "No contribution is on record in the period."))) } };
    }
    let by_time = by_time(report, language);
    let days = activity::days(report, language);
    let platforms = activity::platforms(report, language);
    let of_platforms: Vec<_> =
        activity.platforms.iter().map(|row| (row.platform.name().to_owned(), Some(row.outcomes.received))).collect();
    let hours = activity::hours(report, language);
    let of_hours: Vec<_> = activity.hours.iter().map(|row| (row.hour.to_string(), row.received)).collect();
    let weekdays = activity::weekdays(report, language);
    let of_weekdays: Vec<_> = weekdays
        .rows
        .iter()
        .zip(&activity.weekdays)
        .map(|(cells, row)| (cells[0].shown(language).chars().take(3).collect::<String>(), row.received))
        .collect();
    html! {
        h3 { (days.title) }
        (columns(&caption("grafico-giorni", &days, highest(&by_time, language)), &by_time, language))
        (behind(&days, language))
        h3 { (platforms.title) }
        (bars(&caption("grafico-piattaforme", &platforms, most(&of_platforms, language)), &of_platforms, language))
        (behind(&platforms, language))
        (behind(&activity::accounts(report, language), language))
        h3 { (hours.title) }
        p { (service_hours(report, language)) }
        (columns(&caption("grafico-ore", &hours, highest(&of_hours, language)), &of_hours, language))
        (behind(&hours, language))
        h3 { (weekdays.title) }
        (columns(&caption("grafico-settimana", &weekdays, highest(&of_weekdays, language)), &of_weekdays, language))
        (behind(&weekdays, language))
    }
}

/// What was received by day, or by month where there are many days.
fn by_time(report: &Report, language: Language) -> Vec<(String, u64)> {
    let days = &report.activity.days;
    if days.len() <= MANY_DAYS {
        return days.iter().map(|row| (format!("{}/{}", row.day.day(), row.day.month()), row.received)).collect();
    }
    let mut months: BTreeMap<Date, u64> = BTreeMap::new();
    for row in days {
        *months.entry(row.day.first_of_month()).or_default() += row.received;
    }
    months.into_iter().map(|(month, received)| (language.month(month).chars().take(3).collect(), received)).collect()
}

fn service_hours(report: &Report, language: Language) -> String {
    let totals = &report.activity.totals;
    let share = language.percent(totals.outside_hours as f64 / totals.received.max(1) as f64 * 100.0);
    let outside = language.whole(totals.outside_hours);
    match language {
        Language::Italian => format!("Fuori dall’orario di servizio: {outside} ({share})."),
        Language::English => format!("Outside the hours of service: {outside} ({share})."),
    }
}

fn rules(report: &Report, language: Language) -> Markup {
    let clauses = activity::clauses(report, language);
    let mut of_clauses: Vec<_> = report
        .activity
        .clauses
        .iter()
        .map(|row| (format!("{} {}", row.clause, report.clause_title(&row.clause)), row.noticed))
        .collect();
    of_clauses.sort_by_key(|(_, noticed)| std::cmp::Reverse(*noticed));
    of_clauses.truncate(MOST_BARS);
    html! {
        h3 { (clauses.title) }
        @if of_clauses.is_empty() {
            p { (language.of(("Nessun articolo è stato richiamato.", "No clause was invoked."))) }
        } @else {
            (bars(&caption("grafico-articoli", &clauses, most(&of_clauses, language)), &of_clauses, language))
            (behind(&clauses, language))
            (behind(&activity::categories(report, language), language))
            (behind(&activity::rules(report, language), language))
        }
    }
}

fn moderation(report: &Report, language: Language) -> Markup {
    let deadlines = report.activity.times.deadlines;
    let [met, missed, overdue] =
        [deadlines.met, deadlines.missed, deadlines.overdue].map(|count| language.whole(count));
    let answers = activity::answers(report, language);
    html! {
        h3 { (language.of(("Che cosa è stato fatto", "What was done"))) }
        (shown(&activity::totals(report, language), language))
        h3 { (language.of(("I tempi", "Times"))) }
        (shown(&activity::times(report, language), language))
        p {
            @match language {
                Language::Italian => { "Decisioni entro il termine: " (met) "; in ritardo: " (missed) "; casi ancora senza decisione a termine scaduto: " (overdue) "." }
                Language::English => { "Decisions in time: " (met) "; late: " (missed) "; cases past their deadline without a decision: " (overdue) "." }
            }
        }
        h3 { (answers.title) }
        (shown(&answers, language))
    }
}

fn followers(report: &Report, language: Language) -> Markup {
    let table = growth::followers(report, language);
    let course = course(report);
    let title = language.of(("Follower di tutti gli account", "Followers of all accounts"));
    let mut accounts: Vec<_> = report
        .growth
        .accounts
        .iter()
        .filter_map(|of| {
            let metric = of.metrics.iter().find(|metric| metric.metric == Metric::Followers)?;
            let name = format!("{} – {}", of.platform.name(), report.account_name(of.platform, &of.account));
            Some((name, Some(metric.trend.latest?.value)))
        })
        .collect();
    accounts.sort_by_key(|(_, value)| std::cmp::Reverse(*value));
    accounts.truncate(MOST_BARS);
    let course_caption = Caption { id: "grafico-follower", title, description: from_to(&course, language) };
    let (jumps, gaps) = (growth::jumps(report, language), growth::gaps(report, language));
    html! {
        @if accounts.is_empty() {
            p { (language.of(("Per nessun account è noto il numero di follower.", "The number of followers is not known for any account."))) }
        }
        @if course.len() > 1 {
            h3 { (title) }
            (line(&course_caption, &course, language))
        }
        @if !accounts.is_empty() {
            h3 { (table.title) }
            (bars(&caption("grafico-account", &table, most(&accounts, language)), &accounts, language))
        }
        (shown(&table, language))
        @if !jumps.rows.is_empty() { (behind(&jumps, language)) }
        @if !gaps.rows.is_empty() { (behind(&gaps, language)) }
    }
}

/// The followers of all accounts together, on the days on which each that was counted at all was counted.
fn course(report: &Report) -> Vec<(String, u64)> {
    let mut days: BTreeMap<Date, (usize, u64)> = BTreeMap::new();
    let mut accounts = 0;
    for metric in report.growth.accounts.iter().flat_map(|account| &account.metrics) {
        if metric.metric != Metric::Followers || metric.points.is_empty() {
            continue;
        }
        accounts += 1;
        for point in &metric.points {
            let day = days.entry(point.day).or_default();
            day.0 += 1;
            day.1 += point.value;
        }
    }
    let complete = days.into_iter().filter(|(_, (counted, _))| *counted == accounts);
    complete.map(|(day, (_, followers))| (format!("{}/{}", day.day(), day.month()), followers)).collect()
}

fn method(report: &Report, language: Language) -> Markup {
    let missing = report.activity.missing.len();
    html! {
        p { (language.of((
            "I dati vengono dal registro delle decisioni, che non contiene testi, nomi o identificativi di persone. Ogni fatto conta nel giorno in cui è stato registrato; un intervento modificato da chi l’ha scritto conta una volta per versione. L’articolo è quello della violazione più grave.",
            "The figures come from the log of decisions, which holds no text, name or identifier of a person. Every fact counts on the day on which it was recorded; a contribution that its author edits counts once for each version. The clause is that of the gravest violation.",
        ))) }
        p { (language.of((
            "Un valore è «non pubblicato» quando riguarda il comportamento di meno di cinque autori, o quando permetterebbe di ricavare un valore di questo tipo.",
            "A figure is “not published” where it tells of the conduct of fewer than five authors, or where such a figure could be computed from it.",
        ))) }
        p { (language.of((
            "I tempi sono letti da classi larghe al più l’1,6 %. YouTube arrotonda gli iscritti a tre cifre significative. Dove manca una rilevazione, le variazioni sono stimate su una retta tra quella prima e quella dopo, e ciò è detto nelle note.",
            "Times are read from classes at most 1.6% wide. YouTube rounds subscribers to three significant figures. Where a count is missing, changes are estimated on a straight line between the one before and the one after, and the notes say so.",
        ))) }
        @if missing > 0 {
            p {
                @match language {
                    Language::Italian => { "Giorni del periodo senza dati sugli interventi: " (language.whole(missing as u64)) "." }
                    Language::English => { "Days of the period without data about contributions: " (language.whole(missing as u64)) "." }
                }
            }
        }
        p { (language.of((
            "Tutte le tabelle, anche quelle che qui non compaiono, sono pubblicate come dati aperti in formato CSV.",
            "All tables, also those that are not shown here, are published as open data in CSV.",
        ))) " (" (tables::all(report, language).len()) ")" }
    }
}

fn caption<'t>(id: &'static str, table: &'t Table, description: String) -> Caption<'t> {
    Caption { id, title: &table.title, description }
}

/// What there is to see in columns: the highest and the lowest.
fn highest(values: &[(String, u64)], language: Language) -> String {
    let (Some(high), Some(low)) =
        (values.iter().max_by_key(|(_, value)| *value), values.iter().min_by_key(|(_, value)| *value))
    else {
        return language.of(("Nessun dato.", "No data.")).to_owned();
    };
    let [highest, lowest] = [high, low].map(|(label, value)| format!("{} ({label})", language.whole(*value)));
    match language {
        Language::Italian => format!("Il valore più alto è {highest}, il più basso {lowest}."),
        Language::English => format!("The highest value is {highest}, the lowest {lowest}."),
    }
}

/// What there is to see in bars: the longest.
fn most(values: &[(String, Option<u64>)], language: Language) -> String {
    let longest = values.iter().filter_map(|(label, value)| Some((label, (*value)?))).max_by_key(|(_, value)| *value);
    match (longest, language) {
        (None, _) => language.of(("Nessun valore può essere pubblicato.", "No figure can be published.")).to_owned(),
        (Some((label, value)), Language::Italian) => {
            format!("Il valore più alto è {}: {label}.", language.whole(value))
        }
        (Some((label, value)), Language::English) => {
            format!("The highest value is {}: {label}.", language.whole(value))
        }
    }
}

/// What there is to see in a line: where it begins and ends.
fn from_to(values: &[(String, u64)], language: Language) -> String {
    let (Some(first), Some(last)) = (values.first(), values.last()) else {
        return language.of(("Nessun dato.", "No data.")).to_owned();
    };
    let [from, to] = [first, last].map(|(label, value)| format!("{} ({label})", language.whole(*value)));
    match language {
        Language::Italian => format!("Da {from} a {to}. L’asse non parte da zero."),
        Language::English => format!("From {from} to {to}. The axis does not begin at nought."),
    }
}
