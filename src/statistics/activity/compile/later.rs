//! What happened about cases after their verdict, perhaps on later days: effects, decisions and strikes, joined with
//! the cases of the year before the period.

use std::collections::{BTreeMap, HashMap};

use jiff::civil::Date;
use policy::Outcome;

use super::{Deadlines, Quantiles, Strikes, Times};
use crate::Period;
use crate::activity::authors::Authors;
use crate::activity::day::{CaseLine, DayActivity, Event, What, between};
use crate::activity::spread::Spread;
use crate::activity::suppression::Cell;

/// From how many strikes on an author is a repeat offender.
const REPEATED: u64 = 2;

/// What the events of a period tell.
pub(super) struct Later {
    pub(super) times: Times,
    pub(super) strikes: Strikes,
    /// By clause and rule: the cases decided, with their authors, and how many of them were overturned.
    pub(super) rules: BTreeMap<(String, String), (Cell, u64)>,
}

/// What has become of one case.
#[derive(Default)]
struct Fate<'d> {
    /// The case, and the rules of its day.
    line: Option<(&'d CaseLine, &'d [(String, String)])>,
    /// The first effect, and whether that was in the period.
    hidden: Option<(i64, bool)>,
    /// The first decision, and whether that was in the period.
    decided: Option<(i64, bool)>,
    /// The last decision of the period, and whether it was to overturn.
    overturned: Option<bool>,
    gone: bool,
    /// When a strike was counted, and when it expires.
    strike: Option<(Date, Date)>,
    /// Whether that was taken back, and whether in the period.
    withdrawn: Option<bool>,
}

impl Later {
    /// Joins the days, which are given in order and end with the period.
    pub(super) fn of<'d>(period: Period, days: impl Iterator<Item = &'d DayActivity>) -> Self {
        let mut fates: HashMap<u64, Fate<'_>> = HashMap::new();
        let (mut left_out, mut last) = (0, None);
        for day in days {
            let within = period.contains(day.day);
            for line in &day.cases {
                let fate = fates.entry(line.case).or_default();
                fate.line = Some((line, day.rules.as_slice()));
                fate.strike = line.strike.map(|expires| (day.day, expires)).or(fate.strike);
            }
            // The order of a day's events is that of their cases: times decide.
            let mut events: Vec<&Event> = day.events.iter().collect();
            events.sort_by_key(|event| (event.at, event.what));
            for event in events {
                fates.entry(event.case).or_default().add(event, day.day, within);
            }
            left_out += if within { day.left_out } else { 0 };
            last = Some(day.day).filter(|_| within).or(last);
        }
        let mut later = Self { times: Times::default(), strikes: Strikes::default(), rules: BTreeMap::new() };
        later.strikes.at_least = left_out > 0;
        later.times.unknown = left_out;
        later.count(period, last, &fates);
        later
    }

    fn count(&mut self, period: Period, last: Option<Date>, fates: &HashMap<u64, Fate<'_>>) {
        let end = last.and_then(end_of).unwrap_or(i64::MIN);
        let (mut to_effect, mut to_decision) = (Spread::default(), Spread::default());
        let mut by_author: HashMap<u64, u64> = HashMap::new();
        for fate in fates.values() {
            let hidden = fate.hidden.filter(|(_, within)| *within).map(|(at, _)| at);
            let decided = fate.decided.filter(|(_, within)| *within).map(|(at, _)| at);
            let Some((line, rules)) = fate.line else {
                self.times.unknown += u64::from(hidden.is_some()) + u64::from(decided.is_some());
                self.count_strike(period, fate);
                continue;
            };
            if let Some(at) = hidden {
                to_effect.add(between(line.arrived, at));
            }
            if let Some(at) = decided {
                to_decision.add(between(line.arrived, at));
            }
            self.times.deadlines.count(line, fate, decided, end);
            let rule = line.rule.and_then(|rule| rules.get(usize::from(rule)));
            if let (Some(overturned), Some(rule)) = (fate.overturned, rule) {
                let (cell, of_them) = self.rules.entry(rule.clone()).or_default();
                let mut author = Authors::default();
                line.author.iter().for_each(|short| author.add(*short));
                cell.add(1, &author);
                *of_them += u64::from(overturned);
            }
            let given = self.count_strike(period, fate);
            if let Some(author) = line.author.filter(|_| given && fate.withdrawn.is_none()) {
                *by_author.entry(author).or_default() += 1;
            }
        }
        self.times.to_effect = Quantiles::of(&to_effect);
        self.times.to_decision = Quantiles::of(&to_decision);
        self.strikes.repeat_offenders = by_author.values().filter(|strikes| **strikes >= REPEATED).count() as u64;
    }

    /// Counts the strike of a case; whether it was given in the period.
    fn count_strike(&mut self, period: Period, fate: &Fate<'_>) -> bool {
        let Some((given, expires)) = fate.strike else { return false };
        let given = period.contains(given);
        self.strikes.given += u64::from(given);
        self.strikes.expired += u64::from(period.contains(expires) && fate.withdrawn.is_none());
        self.strikes.withdrawn += u64::from(fate.withdrawn == Some(true));
        given
    }
}

impl Fate<'_> {
    fn add(&mut self, event: &Event, day: Date, within: bool) {
        match event.what {
            What::Hidden => self.hidden = self.hidden.or(Some((event.at, within))),
            What::Gone => self.gone = true,
            // All it brings is a strike.
            What::Revised => {}
            What::Confirmed | What::Overturned | What::Declined | What::Escalated | What::SeenTo => {
                self.decided = self.decided.or(Some((event.at, within)));
                if within && matches!(event.what, What::Confirmed | What::Overturned) {
                    self.overturned = Some(event.what == What::Overturned);
                }
            }
        }
        if let Some(expires) = event.strike {
            self.strike = Some((day, expires));
            self.withdrawn = None;
        }
        if event.what == What::Overturned {
            self.withdrawn = Some(within);
        }
    }
}

impl Deadlines {
    fn count(&mut self, line: &CaseLine, fate: &Fate<'_>, decided: Option<i64>, end: i64) {
        let Some(due) = line.due else { return };
        match decided {
            Some(at) if at <= due => self.met += 1,
            Some(_) => self.missed += 1,
            None if fate.decided.is_none() && !fate.gone && due < end && line.outcome != Outcome::Allow => {
                self.overdue += 1;
            }
            None => {}
        }
    }
}

impl Quantiles {
    pub(super) fn of(spread: &Spread) -> Self {
        Self {
            count: spread.count(),
            median_ms: spread.percentile(50),
            percentile_90_ms: spread.percentile(90),
            percentile_99_ms: spread.percentile(99),
        }
    }
}

/// The moment at which a day ends in Italy, in milliseconds since 1970.
fn end_of(day: Date) -> Option<i64> {
    let next = day.tomorrow().ok()?.to_zoned(crate::activity::day::ROME.clone()).ok()?;
    Some(next.timestamp().as_millisecond())
}
