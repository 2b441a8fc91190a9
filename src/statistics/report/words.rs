//! The report in five sentences, for readers who read nothing else.

use policy::Language;

use super::language::{Noun, Writing};
use super::{Compared, Report};
use crate::{Comparison, Trend};

const CONTRIBUTIONS: Noun<'static> = (("intervento", "interventi"), ("contribution", "contributions"));
const DAYS: Noun<'static> = (("giorno", "giorni"), ("day", "days"));
const WARNINGS: Noun<'static> = (("avvertimento", "avvertimenti"), ("warning", "warnings"));
const BLOCKS: Noun<'static> = (("blocco temporaneo", "blocchi temporanei"), ("temporary block", "temporary blocks"));
const BANS: Noun<'static> = (("esclusione", "esclusioni"), ("ban", "bans"));
const AUTHORS: Noun<'static> = (("persona ha", "persone hanno"), ("person", "people"));

/// What was received, what became of it, who decided, which sanctions followed, and who follows the channels.
pub(super) fn sentences(report: &Report, language: Language) -> [String; 5] {
    [
        received(report, language),
        outcomes(report, language),
        decisions(report, language),
        sanctions(report, language),
        followers(report, language),
    ]
}

fn received(report: &Report, language: Language) -> String {
    let activity = &report.activity;
    let period = match language {
        Language::Italian if report.period.is_year() => language.period(report.period),
        Language::Italian => format!("periodo {}", language.period(report.period)),
        Language::English => language.period(report.period),
    };
    let missing = activity.missing.len();
    let days = report.period.day_count().try_into().unwrap_or(usize::MAX);
    if missing >= days {
        return match language {
            Language::Italian => format!("Per il {period} non ci sono dati sugli interventi ricevuti."),
            Language::English => format!("There are no data about contributions received in {period}."),
        };
    }
    let count = activity.totals.received;
    let arrived = match (language, count) {
        (Language::Italian, 0) => format!("Nel {period} sui canali ufficiali non è arrivato nessun intervento"),
        (Language::Italian, 1) => format!("Nel {period} sui canali ufficiali è arrivato un solo intervento"),
        (Language::Italian, _) => {
            let count = language.count(count, CONTRIBUTIONS);
            format!("Nel {period} sui canali ufficiali sono arrivati {count} di cittadini e imprese")
        }
        (Language::English, 0) => format!("In {period} no contribution arrived on the official channels"),
        (Language::English, _) => {
            let count = language.count(count, CONTRIBUTIONS);
            format!("In {period} {count} by citizens and businesses arrived on the official channels")
        }
    };
    if missing > 0 {
        let missing = language.count(missing as u64, DAYS);
        return match language {
            Language::Italian => {
                format!("{arrived}; mancano i dati di {missing}, perciò non c’è confronto con altri periodi.")
            }
            Language::English => {
                format!("{arrived}; data are missing for {missing}, so there is no comparison with other periods.")
            }
        };
    }
    format!("{arrived}{}.", compared(report, language, |other| other.totals.received, count))
}

/// The two comparisons of a count, as the end of a sentence.
fn compared(report: &Report, language: Language, of: fn(&Compared) -> u64, count: u64) -> String {
    let others: &[&Compared] = if report.previous.period == report.year_before.period {
        &[&report.previous]
    } else {
        &[&report.previous, &report.year_before]
    };
    let mut text = String::new();
    for (position, other) in others.iter().enumerate() {
        let name = language.period(other.period);
        let (article, to) = if other.period.is_year() { ("il ", "al ") } else { ("", "a ") };
        text += if position == 0 { ": " } else { language.of((", ", ", ")) };
        if other.missing_days > 0 {
            text += &match language {
                Language::Italian => format!("per {article}{name} non ci sono dati completi"),
                Language::English => format!("there are no complete data for {name}"),
            };
            continue;
        }
        let before = of(other);
        let difference = count.abs_diff(before);
        let share = change_percent(count, before);
        let share = share.map_or_else(String::new, |share| format!(" ({})", language.signed_percent(share)));
        text += &match (language, count.cmp(&before)) {
            (Language::Italian, std::cmp::Ordering::Equal) => format!("senza differenze rispetto {to}{name}"),
            (Language::Italian, std::cmp::Ordering::Greater) => {
                format!("{} in più rispetto {to}{name}{share}", language.whole(difference))
            }
            (Language::Italian, std::cmp::Ordering::Less) => {
                format!("{} in meno rispetto {to}{name}{share}", language.whole(difference))
            }
            (Language::English, std::cmp::Ordering::Equal) => format!("as many as in {name}"),
            (Language::English, std::cmp::Ordering::Greater) => {
                format!("{} more than in {name}{share}", language.whole(difference))
            }
            (Language::English, std::cmp::Ordering::Less) => {
                format!("{} fewer than in {name}{share}", language.whole(difference))
            }
        };
    }
    text
}

fn change_percent(now: u64, before: u64) -> Option<f64> {
    (before > 0).then(|| (now as f64 - before as f64) / before as f64 * 100.0)
}

fn outcomes(report: &Report, language: Language) -> String {
    let totals = &report.activity.totals;
    if totals.received == 0 {
        return language.of(("Non c’era quindi nulla da moderare.", "So there was nothing to moderate.")).to_owned();
    }
    let share = language.percent(totals.allowed as f64 / totals.received as f64 * 100.0);
    let hidden = totals.hidden.all() + totals.removed.all();
    match language {
        Language::Italian => format!(
            "{} ({share}) {} al proprio posto; {}, {}, {}.",
            capital(&zero(totals.allowed, "nessuno", language)),
            if totals.allowed <= 1 { "è rimasto" } else { "sono rimasti" },
            counted(hidden, "è stato nascosto o eliminato", "sono stati nascosti o eliminati", language),
            counted(totals.reviewed, "è stato affidato a una persona", "sono stati affidati a una persona", language),
            counted(
                totals.redirected,
                "ha ricevuto l’indicazione del servizio a cui rivolgersi",
                "hanno ricevuto l’indicazione del servizio a cui rivolgersi",
                language
            ),
        ),
        Language::English => format!(
            "{} ({share}) stayed where they were; {}, {}, {}.",
            capital(&zero(totals.allowed, "none", language)),
            counted(hidden, "was hidden or deleted", "were hidden or deleted", language),
            counted(totals.reviewed, "was left for a person to decide", "were left for a person to decide", language),
            counted(
                totals.redirected,
                "was pointed to the right service",
                "were pointed to the right service",
                language
            ),
        ),
    }
}

fn decisions(report: &Report, language: Language) -> String {
    let activity = &report.activity;
    let (confirmed, overturned) = (activity.totals.confirmed, activity.totals.overturned);
    let decided = confirmed + overturned;
    if decided == 0 {
        return language
            .of((
                "Nel periodo nessuna persona dell’ufficio ha dovuto confermare o annullare una decisione.",
                "In this period nobody in the office had to confirm or overturn a decision.",
            ))
            .to_owned();
    }
    let median = activity.times.to_decision.median_ms.map(|median| language.duration(median));
    let speed = match (language, median) {
        (_, None) => String::new(),
        (Language::Italian, Some(median)) => format!(" (la metà entro {median})"),
        (Language::English, Some(median)) => format!(" (half of them within {median})"),
    };
    match language {
        Language::Italian => format!(
            "Le persone dell’ufficio hanno preso {}{speed} e {}.",
            language.count(decided, (("decisione", "decisioni"), ("", ""))),
            match overturned {
                0 => "in nessun caso hanno dato torto alle regole".to_owned(),
                1 => "in un caso hanno dato ragione a chi aveva scritto".to_owned(),
                _ => format!("in {} casi hanno dato ragione a chi aveva scritto", language.whole(overturned)),
            }
        ),
        Language::English => format!(
            "People in the office took {}{speed} and {}.",
            language.count(decided, (("", ""), ("decision", "decisions"))),
            match overturned {
                0 => "never overturned the rules".to_owned(),
                1 => "in one case sided with the author".to_owned(),
                _ => format!("in {} cases sided with the author", language.whole(overturned)),
            }
        ),
    }
}

fn sanctions(report: &Report, language: Language) -> String {
    let totals = &report.activity.totals;
    let (warned, blocked, banned) = (totals.warned.all(), totals.blocked.all(), totals.banned.all());
    let repeated = report.activity.strikes.repeat_offenders;
    if warned + blocked + banned == 0 {
        return language
            .of((
                "Non è stato necessario inviare avvertimenti né bloccare o escludere qualcuno.",
                "No warning was sent and nobody was blocked or banned.",
            ))
            .to_owned();
    }
    match language {
        Language::Italian => format!(
            "Chi ha violato le regole ha ricevuto {}, {} e {}; {}.",
            none_or(warned, WARNINGS, "nessun avvertimento", language),
            none_or(blocked, BLOCKS, "nessun blocco temporaneo", language),
            none_or(banned, BANS, "nessuna esclusione", language),
            match repeated {
                0 => "nessuno le ha violate più di una volta".to_owned(),
                _ => format!("{} violato le regole più di una volta", language.count(repeated, AUTHORS)),
            }
        ),
        Language::English => format!(
            "Those who broke the rules received {}, {} and {}; {}.",
            none_or(warned, WARNINGS, "no warning", language),
            none_or(blocked, BLOCKS, "no temporary block", language),
            none_or(banned, BANS, "no ban", language),
            match repeated {
                0 => "nobody broke them more than once".to_owned(),
                _ => format!("{} broke them more than once", language.count(repeated, AUTHORS)),
            }
        ),
    }
}

fn followers(report: &Report, language: Language) -> String {
    let total = &report.growth.total;
    let Some(latest) = total.latest else {
        return language
            .of((
                "Non ci sono dati completi su quante persone seguono i canali.",
                "There are no complete data about how many people follow the channels.",
            ))
            .to_owned();
    };
    let count = language.whole(latest.value);
    let standing = match language {
        Language::Italian => format!("Al {} i canali avevano in tutto {count} follower", language.day(latest.day)),
        Language::English => format!("On {} the channels had {count} followers in all", language.day(latest.day)),
    };
    format!("{standing}: {}.", follower_changes(report, total, language))
}

fn follower_changes(report: &Report, total: &Trend, language: Language) -> String {
    let change = |comparison: &Comparison, since: (&str, &str), unknown: (&str, &str)| match comparison.known() {
        None => language.of(unknown).to_owned(),
        Some(change) => {
            let share =
                change.percent.map_or_else(String::new, |share| format!(" ({})", language.signed_percent(share)));
            format!("{}{share} {}", language.signed(change.absolute), language.of(since))
        }
    };
    let over_period = change(
        &total.period,
        ("nel periodo", "over the period"),
        ("la variazione nel periodo non è nota", "the change over the period is not known"),
    );
    if report.period.is_year() {
        return over_period;
    }
    let over_year = change(
        &total.year,
        ("rispetto a un anno prima", "compared with a year before"),
        ("il confronto con un anno prima non è possibile", "a comparison with a year before is not possible"),
    );
    format!("{over_period}, {over_year}")
}

/// A number, or a word for none.
fn zero(number: u64, none: &str, language: Language) -> String {
    if number == 0 { none.to_owned() } else { language.whole(number) }
}

/// A number with its noun, or words for none.
fn none_or(number: u64, noun: Noun<'_>, none: &str, language: Language) -> String {
    if number == 0 { none.to_owned() } else { language.count(number, noun) }
}

/// A number with its verb.
fn counted(number: u64, one: &str, many: &str, language: Language) -> String {
    let none = language.of(("nessuno", "none"));
    match number {
        // In English none goes with the plural here, in Italian with the singular.
        0 => format!("{none} {}", language.of((one, many))),
        1 => format!("1 {one}"),
        _ => format!("{} {many}", language.whole(number)),
    }
}

fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}
