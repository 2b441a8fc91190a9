//! From measurements to growth.

use std::collections::BTreeMap;

use jiff::ToSpan;
use jiff::civil::Date;
use ledger::{Measurement, Precision};
use policy::{Account, AccountId, AccountState, Metric, Platform};

use super::jumps::jumps;
use super::series::{Series, difference};
use super::{
    AccountGrowth, Change, ChannelGrowth, Comparison, DayChange, End, Growth, Jump, MetricGrowth, Part, Point, Trend,
    Unknown,
};
use crate::Period;
use crate::period::days_between;

/// The mean length of a month and of a year in the Gregorian calendar, in days.
const MONTH_DAYS: f64 = 365.2425 / 12.0;
const YEAR_DAYS: f64 = 365.2425;
/// An average month is not told of less than the shortest one.
const LEAST_MONTH_DAYS: i32 = 28;
/// A rate a year is not told of less than a year, leap days aside.
const LEAST_YEAR_DAYS: i32 = 365;
/// A sum ends on the last day on which all of its parts are known, unless one of them stays behind by more than this.
const LAG_DAYS: i32 = 3;

type Id<'a> = (Platform, &'a AccountId);
type Courses<'a> = BTreeMap<Id<'a>, BTreeMap<Metric, Series>>;

impl Growth {
    /// Compiles what was counted up to the end of a period; what was counted later is passed over. `accounts` are
    /// those of the policy: one that nothing is known of is in the answer too, and says so. `baseline` is the day
    /// since which growth is told as well; without one it is that of the first count.
    pub fn compile(
        measurements: &[Measurement],
        accounts: &[Account],
        period: Period,
        baseline: Option<Date>,
    ) -> Growth {
        let courses = courses(measurements, period.to);
        let listed: Vec<Id<'_>> = accounts.iter().map(|account| (account.platform, &account.id)).collect();
        let unlisted = courses.keys().filter(|id| !listed.contains(id)).copied();
        let none = BTreeMap::new();
        let mut grown = Vec::new();
        let mut parts: Vec<(Id<'_>, &Series)> = Vec::new();
        for id in listed.iter().copied().chain(unlisted) {
            let account = accounts.iter().find(|account| (account.platform, &account.id) == id);
            let course = courses.get(&id).unwrap_or(&none);
            if let Some(followers) = course.get(&Metric::Followers).filter(|series| is_part(account, series, period)) {
                parts.push((id, followers));
            } else if account.is_some_and(|account| account.state == AccountState::Active) {
                parts.push((id, Series::NONE));
            }
            grown.push(AccountGrowth {
                platform: id.0,
                account: id.1.clone(),
                name: account.map(|account| account.name.clone()),
                handle: account.map(|account| account.handle.clone()),
                state: account.map(|account| account.state),
                metrics: metrics(course, period, baseline),
            });
        }
        let channels = Platform::ALL.iter().filter_map(|platform| {
            let of_platform: Vec<_> = parts.iter().filter(|((of, _), _)| of == platform).copied().collect();
            let trend = sum(&of_platform, period, baseline);
            (!of_platform.is_empty()).then_some(ChannelGrowth { platform: *platform, trend })
        });
        Growth { period, channels: channels.collect(), total: sum(&parts, period, baseline), accounts: grown }
    }
}

fn courses(measurements: &[Measurement], up_to: Date) -> Courses<'_> {
    let mut sorted: BTreeMap<(Id<'_>, Metric), Vec<&Measurement>> = BTreeMap::new();
    for measurement in measurements.iter().filter(|measurement| measurement.day <= up_to) {
        let key = ((measurement.platform, &measurement.account), measurement.metric);
        sorted.entry(key).or_default().push(measurement);
    }
    let mut courses = Courses::new();
    for ((id, metric), measurements) in sorted {
        courses.entry(id).or_default().insert(metric, Series::of(measurements.into_iter()));
    }
    courses
}

/// Whether an account that something is known of belongs to the sums: those in use do, the others as long as they
/// are counted.
fn is_part(account: Option<&Account>, followers: &Series, period: Period) -> bool {
    account.is_some_and(|account| account.state == AccountState::Active) || followers.closing(period).is_ok()
}

fn metrics(course: &BTreeMap<Metric, Series>, period: Period, baseline: Option<Date>) -> Vec<MetricGrowth> {
    let told = |metric: &&Metric| **metric == Metric::Followers || course.contains_key(metric);
    let metrics = Metric::ALL.iter().filter(told);
    metrics.map(|metric| metric_growth(*metric, course.get(metric).unwrap_or(Series::NONE), period, baseline)).collect()
}

fn metric_growth(metric: Metric, series: &Series, period: Period, baseline: Option<Date>) -> MetricGrowth {
    let jumps = jumps(series, period);
    let (best_day, worst_day) = extremes(series, &jumps, period);
    let points = series.points().iter().filter(|point| period.contains(point.day)).copied().collect();
    MetricGrowth {
        metric,
        trend: trend(series, period, baseline),
        best_day,
        worst_day,
        jumps,
        gaps: series.gaps(period),
        points,
    }
}

/// The days with the largest and the smallest change; of equal ones the first. Of a rounded count no day is known.
fn extremes(series: &Series, jumps: &[Jump], period: Period) -> (Option<DayChange>, Option<DayChange>) {
    let exact = |point: &Point| point.precision == Precision::Day && !point.rounded;
    let days = series.points().windows(2).filter_map(|pair| {
        let [before, after] = pair else { return None };
        let told = exact(before) && exact(after) && days_between(before.day, after.day) == 1;
        let usual = jumps.iter().all(|jump| jump.day != after.day);
        (told && usual && period.contains(after.day))
            .then(|| DayChange { day: after.day, change: difference(before.value, after.value) })
    });
    let days: Vec<DayChange> = days.collect();
    let best = days.iter().rev().max_by_key(|day| day.change).copied();
    (best, days.iter().min_by_key(|day| day.change).copied())
}

fn trend(series: &Series, period: Period, baseline: Option<Date>) -> Trend {
    let to = match series.closing(period) {
        Ok(to) => to,
        Err(unknown) => return Trend::unknown(&unknown),
    };
    let opening = period.from.yesterday().unwrap_or(period.from);
    let baseline = baseline.or(series.first().map(|first| first.day)).unwrap_or(to.day);
    let baseline =
        if baseline < to.day { series.since_or_first(baseline, to) } else { Comparison::Unknown(Unknown::OneCount) };
    Trend::from_parts(to, series.since_or_first(opening, to), baseline, |day| series.since(day, to))
}

/// Several accounts taken together: only what is known of every one of them.
fn sum(parts: &[(Id<'_>, &Series)], period: Period, baseline: Option<Date>) -> Trend {
    let closings: Vec<_> = parts.iter().map(|(id, series)| (*id, *series, series.closing(period).ok())).collect();
    let days = || closings.iter().filter_map(|(_, _, closing)| closing.map(|end| end.day));
    let (Some(earliest), Some(latest)) = (days().min(), days().max()) else {
        return Trend::unknown(&Unknown::NoData);
    };
    let stays_behind = |end: &Option<End>| end.is_none_or(|end| days_between(end.day, latest) > LAG_DAYS);
    let lacking: Vec<Part> =
        closings.iter().filter(|(_, _, closing)| stays_behind(closing)).map(|(id, ..)| Part::of(*id)).collect();
    if !lacking.is_empty() {
        return Trend::unknown(&Unknown::Parts(lacking));
    }
    let to = match sum_at(parts, earliest, LAG_DAYS + 1) {
        Ok(to) => to,
        Err(unknown) => return Trend::unknown(&unknown),
    };
    let since = |day: Date| match sum_at(parts, day, days_between(day, to.day)) {
        Ok(from) => Comparison::Known(Change::between(from, to)),
        Err(unknown) => Comparison::Unknown(unknown),
    };
    let firsts = || parts.iter().filter_map(|(_, series)| series.first()).map(|first| first.day);
    let all_begun = firsts().max();
    // Where counting began only in the period, for all of them, the change is told from there on.
    let opening = period.from.yesterday().unwrap_or(period.from);
    let began_later = firsts().all(|first| first > opening);
    let opening = all_begun.filter(|begun| began_later && *begun < to.day).unwrap_or(opening);
    let baseline = match baseline.or(all_begun).filter(|baseline| *baseline < to.day) {
        Some(baseline) => since(baseline),
        None => Comparison::Unknown(Unknown::OneCount),
    };
    Trend::from_parts(to, since(opening), baseline, since)
}

fn sum_at(parts: &[(Id<'_>, &Series)], day: Date, widest_gap: i32) -> Result<End, Unknown> {
    let mut sum = End { day, value: 0, precision: Precision::Day, rounded: false, interpolated: false };
    let mut lacking = Vec::new();
    for (id, series) in parts {
        match series.at(day, widest_gap) {
            Ok(end) => {
                sum.value = sum.value.saturating_add(end.value);
                sum.precision = sum.precision.max(end.precision);
                sum.rounded |= end.rounded;
                sum.interpolated |= end.interpolated;
            }
            Err(_) => lacking.push(Part::of(*id)),
        }
    }
    if lacking.is_empty() { Ok(sum) } else { Err(Unknown::Parts(lacking)) }
}

impl Part {
    fn of((platform, account): Id<'_>) -> Self {
        Self { platform, account: account.clone() }
    }
}

impl Trend {
    fn unknown(why: &Unknown) -> Self {
        let unknown = || Comparison::Unknown(why.clone());
        Self {
            latest: None,
            period: unknown(),
            day: unknown(),
            week: unknown(),
            month: unknown(),
            year: unknown(),
            baseline: unknown(),
            average_per_month: None,
            compound_annual_percent: None,
        }
    }

    fn from_parts(to: End, period: Comparison, baseline: Comparison, since: impl Fn(Date) -> Comparison) -> Self {
        let (average_per_month, compound_annual_percent) = match &baseline {
            Comparison::Known(change) => (average_per_month(change), compound_annual_percent(change)),
            Comparison::Unknown(_) => (None, None),
        };
        Self {
            latest: Some(to),
            period,
            day: since(to.day.saturating_sub(1.day())),
            week: since(to.day.saturating_sub(1.week())),
            month: since(to.day.saturating_sub(1.month())),
            year: since(to.day.saturating_sub(1.year())),
            baseline,
            average_per_month,
            compound_annual_percent,
        }
    }
}

fn average_per_month(change: &Change) -> Option<f64> {
    let days = days_between(change.from.day, change.to.day);
    (days >= LEAST_MONTH_DAYS).then(|| change.absolute as f64 / f64::from(days) * MONTH_DAYS)
}

fn compound_annual_percent(change: &Change) -> Option<f64> {
    let days = days_between(change.from.day, change.to.day);
    let told = days >= LEAST_YEAR_DAYS && change.from.value > 0 && change.to.value > 0;
    let ratio = change.to.value as f64 / change.from.value as f64;
    told.then(|| (ratio.powf(YEAR_DAYS / f64::from(days)) - 1.0) * 100.0)
}
