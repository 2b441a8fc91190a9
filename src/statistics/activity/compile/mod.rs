//! The activity of a period: the days taken together, and what has to stay hidden left out.

mod figures;
mod later;
mod publish;

use std::collections::BTreeMap;

use jiff::ToSpan;
use jiff::civil::Date;
use policy::{AccountId, ActionKind, Category, Effect, Outcome, Platform, SanctionKind};

use self::later::Later;
use super::day::{AccountDay, By, DayActivity, What};
use super::spread::Spread;
use super::suppression::Cell;
use crate::Period;

pub use figures::{
    AccountRow, Activity, AnswerRow, CategoryRow, ClauseRow, Count, CrossRow, DayRow, Deadlines, HourRow, Outcomes,
    PlatformRow, Quantiles, RuleRow, Strikes, Times, Totals, WeekdayRow,
};

/// The outcomes that say something about an author's conduct or affairs: all but `allow`.
const NOTICED: [Outcome; 3] = [Outcome::Redirect, Outcome::Review, Outcome::Hide];

/// What had each of the outcomes [`NOTICED`].
type Noticed = [Cell; NOTICED.len()];

impl Activity {
    /// The days that a report about a period looks at: from a year before it, because that is how long a strike
    /// counts, and because reports compare with the year before.
    pub fn needs(period: Period) -> Period {
        Period { from: period.from.saturating_sub(1.year()), to: period.to }
    }

    /// Compiles a period from its days, and from those of the year before it where they are there. The accounts come
    /// first and in the order in which they are given; others on which something happened follow.
    pub fn compile(period: Period, accounts: &[(Platform, AccountId)], days: &BTreeMap<Date, DayActivity>) -> Self {
        let mut sum = Sum::default();
        for (platform, account) in accounts {
            sum.position(*platform, account);
        }
        for day in days.range(period.from..=period.to).map(|(_, day)| day) {
            sum.add(day);
        }
        let needed = Self::needs(period);
        let later = Later::of(period, days.range(needed.from..=needed.to).map(|(_, day)| day));
        // Before the first entry of all, nobody counted: such a day is not one on which nothing happened.
        let first = days.iter().find(|(_, day)| !day.is_empty()).map_or(Date::MAX, |(day, _)| *day);
        let missing = period.days().filter(|day| *day < first || !days.contains_key(day)).collect();
        sum.published(missing, later)
    }
}

/// The days of a period added up, before anything is hidden.
#[derive(Default)]
struct Sum {
    days: Vec<DayRow>,
    accounts: Vec<((Platform, AccountId), AccountSum)>,
    positions: BTreeMap<(Platform, AccountId), usize>,
    /// By hour: what was received, and what of it was not simply allowed.
    hours: BTreeMap<u8, (u64, Cell)>,
    /// By day of the week, from 1 for Monday.
    weekdays: BTreeMap<i8, (u64, Cell)>,
    clauses: BTreeMap<(String, Category), ClauseSum>,
    answers: BTreeMap<(Platform, ActionKind), BTreeMap<Effect, By>>,
    decisions: BTreeMap<What, u64>,
    sanctions: BTreeMap<SanctionKind, By>,
    inside_hours: u64,
    removals: u64,
    protected: u64,
    halts: u64,
    to_verdict: Spread,
}

/// One account of the sum.
#[derive(Default)]
struct AccountSum {
    allowed: u64,
    noticed: Noticed,
}

/// One clause of the sum.
#[derive(Default)]
struct ClauseSum {
    noticed: Noticed,
    /// By the position of the account.
    accounts: BTreeMap<usize, Cell>,
}

impl Sum {
    /// Where an account stands.
    fn position(&mut self, platform: Platform, account: &AccountId) -> usize {
        let accounts = &mut self.accounts;
        *self.positions.entry((platform, account.clone())).or_insert_with_key(|account| {
            accounts.push((account.clone(), AccountSum::default()));
            accounts.len() - 1
        })
    }

    fn add(&mut self, day: &DayActivity) {
        self.halts += day.halts;
        self.to_verdict.merge(&day.to_verdict);
        for (hour, authors) in day.authors.iter() {
            self.hours.entry(*hour).or_default().1.authors.merge(authors);
            self.weekdays.entry(weekday(day.day)).or_default().1.authors.merge(authors);
        }
        let mut received = 0;
        for ((platform, id), account) in day.accounts.iter() {
            let position = self.position(*platform, id);
            received += self.add_received(day.day, position, account);
            self.add_grounds(position, account);
            self.add_measures(*platform, account);
        }
        self.days.push(DayRow { day: day.day, received });
    }

    /// Adds what an account received; how much that was.
    fn add_received(&mut self, day: Date, position: usize, account: &AccountDay) -> u64 {
        let sum = &mut self.accounts[position].1;
        let weekday = self.weekdays.entry(weekday(day)).or_default();
        let mut received = 0;
        for (hour, [open, closed]) in account.hours.iter() {
            let outcomes: [u64; Outcome::ALL.len()] =
                std::array::from_fn(|outcome| u64::from(open[outcome]) + u64::from(closed[outcome]));
            let all: u64 = outcomes.iter().sum();
            let allowed = outcomes[Outcome::Allow as usize];
            sum.allowed += allowed;
            for (cell, outcome) in sum.noticed.iter_mut().zip(NOTICED) {
                cell.value += outcomes[outcome as usize];
            }
            let of_hour = self.hours.entry(*hour).or_default();
            for line in [of_hour, &mut *weekday] {
                line.0 += all;
                line.1.value += all - allowed;
            }
            self.inside_hours += open.iter().copied().map(u64::from).sum::<u64>();
            received += all;
        }
        for (cell, outcome) in sum.noticed.iter_mut().zip(NOTICED) {
            cell.authors.merge(&account.authors[outcome as usize]);
        }
        received
    }

    fn add_grounds(&mut self, position: usize, account: &AccountDay) {
        for ((clause, category, outcome), (count, authors)) in account.grounds.iter() {
            let sum = self.clauses.entry((clause.clone(), *category)).or_default();
            for (cell, noticed) in sum.noticed.iter_mut().zip(NOTICED) {
                if noticed == *outcome {
                    cell.add(*count, authors);
                }
            }
            sum.accounts.entry(position).or_default().add(*count, authors);
        }
    }

    fn add_measures(&mut self, platform: Platform, account: &AccountDay) {
        for ((action, effect), by) in account.effects.iter() {
            self.answers.entry((platform, *action)).or_default().entry(*effect).or_default().merge(*by);
        }
        for (what, count) in account.decisions.iter() {
            *self.decisions.entry(*what).or_default() += count;
        }
        for (kind, by) in account.sanctions.iter() {
            self.sanctions.entry(*kind).or_default().merge(*by);
        }
        self.removals += account.removals;
        self.protected += account.protected;
    }
}

/// From 1 for Monday.
fn weekday(day: Date) -> i8 {
    day.weekday().to_monday_one_offset()
}
