//! What is told of counts: the figures, and what is said where there are none.

use jiff::ToSpan;
use jiff::civil::{Date, date};
use policy::{Account, AccountId, AccountState, Platform};

use super::{Comparison, Growth, Missing, Unknown};
use crate::{Gap, Measurement, Metric, Period, Precision, Reading, Source};

fn account(platform: Platform, id: &str, state: AccountState) -> Account {
    Account {
        platform,
        id: AccountId::new(id),
        handle: format!("{id}_handle"),
        name: format!("Ente {id}"),
        url: String::new(),
        state,
        page: None,
    }
}

fn page() -> Account {
    account(Platform::Facebook, "page", AccountState::Active)
}

fn counted(account: &Account, day: Date, value: u64) -> Measurement {
    Measurement {
        platform: account.platform,
        account: account.id.clone(),
        day,
        precision: Precision::Day,
        metric: Metric::Followers,
        reading: Reading::exact(value),
        source: Source::Snapshot,
    }
}

fn of_year(account: &Account, year: i16, metric: Metric, value: u64) -> Measurement {
    let source = Source::Import("comunicato".to_owned());
    Measurement { precision: Precision::Year, metric, source, ..counted(account, date(year, 12, 31), value) }
}

/// A count for each day from this one on.
fn daily(account: &Account, from: Date, values: impl IntoIterator<Item = u64>) -> Vec<Measurement> {
    from.series(1.day()).zip(values).map(|(day, value)| counted(account, day, value)).collect()
}

fn june() -> Period {
    Period::month(2026, 6).unwrap()
}

fn known(comparison: &Comparison) -> (i64, Option<f64>) {
    let change = comparison.known().unwrap_or_else(|| panic!("expected a change: {comparison:?}"));
    (change.absolute, change.percent)
}

/// The figures of the press item on the social channels of the chamber of Riviere di Liguria.
#[test]
fn the_growth_of_the_press_item_is_told_as_the_item_tells_it() {
    let measurements = [
        of_year(&page(), 2016, Metric::Followers, 1229),
        of_year(&page(), 2020, Metric::Followers, 5141),
        of_year(&page(), 2016, Metric::PageLikes, 1224),
        of_year(&page(), 2020, Metric::PageLikes, 4300),
    ];
    let period = Period::new(date(2016, 1, 1), date(2020, 12, 31)).unwrap();
    let growth = Growth::compile(&measurements, &[page()], period, None);
    let [followers, likes] = &growth.accounts[0].metrics[..] else { panic!("expected two metrics") };
    let change = followers.trend.period.known().unwrap();
    assert_eq!((change.absolute, format!("{:.1}", change.percent.unwrap())), (3912, "318.3".to_owned()));
    assert_eq!((change.from.precision, change.to.precision), (Precision::Year, Precision::Year));
    assert_eq!(followers.trend.baseline, followers.trend.period);
    assert_eq!(format!("{:.1}", followers.trend.average_per_month.unwrap()), "81.5");
    assert_eq!(format!("{:.1}", followers.trend.compound_annual_percent.unwrap()), "43.0");
    assert_eq!(known(&likes.trend.period).0, 3076);
    assert_eq!(growth.channels[0].trend.period, followers.trend.period);
    assert_eq!(growth.total.period, followers.trend.period);
    // Two counts four years apart tell nothing of the last month.
    let wide = Unknown::TooWide { after: date(2016, 12, 31), before: date(2020, 12, 31) };
    assert_eq!(followers.trend.month, Comparison::Unknown(wide));
    assert_eq!((followers.best_day, followers.worst_day), (None, None));
}

#[test]
fn every_stretch_is_measured_from_the_last_count() {
    // Ten more each day from 30 June 2025 on: 365 days.
    let measurements = daily(&page(), date(2025, 6, 30), (0..366).map(|day| 1000 + day * 10));
    let growth = Growth::compile(&measurements, &[page()], june(), Some(date(2026, 6, 20)));
    let trend = &growth.accounts[0].metrics[0].trend;
    assert_eq!(trend.latest.unwrap().day, date(2026, 6, 30));
    let absolute = [&trend.period, &trend.day, &trend.week, &trend.month, &trend.year, &trend.baseline]
        .map(|comparison| known(comparison).0);
    assert_eq!(absolute, [300, 10, 70, 310, 3650, 100]);
    assert_eq!(known(&trend.year).1, Some(365.0));
    assert_eq!(trend.average_per_month, None, "ten days are no month");
    assert_eq!(trend.compound_annual_percent, None);
    assert_eq!(growth.accounts[0].metrics[0].points.len(), 30);
}

#[test]
fn a_leap_day_is_a_day_like_any_other() {
    let measurements = daily(&page(), date(2028, 2, 28), [100, 110, 130]);
    let growth = Growth::compile(&measurements, &[page()], Period::month(2028, 2).unwrap(), None);
    let followers = &growth.accounts[0].metrics[0];
    assert_eq!(known(&followers.trend.day).0, 10);
    assert_eq!(followers.best_day.unwrap().day, date(2028, 2, 29));
    let year_later = Period::new(date(2028, 2, 29), date(2029, 2, 28)).unwrap();
    let measurements = [counted(&page(), date(2028, 2, 28), 5), counted(&page(), date(2029, 2, 28), 9)];
    let growth = Growth::compile(&measurements, &[page()], year_later, None);
    assert_eq!(known(&growth.accounts[0].metrics[0].trend.year).0, 4);
}

#[test]
fn what_comes_after_the_period_does_not_change_its_report() {
    let mut measurements = daily(&page(), date(2026, 5, 31), 100..131);
    let before = Growth::compile(&measurements, &[page()], june(), None);
    measurements.extend(daily(&page(), date(2026, 7, 1), [9_999]));
    measurements.push(Measurement { metric: Metric::Posts, ..counted(&page(), date(2026, 7, 1), 12) });
    measurements.extend(daily(&account(Platform::X, "later", AccountState::Active), date(2026, 7, 1), [1]));
    assert_eq!(Growth::compile(&measurements, &[page()], june(), None), before);
}

#[test]
fn nothing_known_is_said_in_words_and_never_as_a_number() {
    let growth = |measurements: &[Measurement]| Growth::compile(measurements, &[page()], june(), None);
    let period = |growth: &Growth| growth.accounts[0].metrics[0].trend.period.clone();
    let empty = growth(&[]);
    assert_eq!(period(&empty), Comparison::Unknown(Unknown::NoData));
    assert_eq!(empty.total.period, Comparison::Unknown(Unknown::NoData));
    assert_eq!(empty.accounts[0].metrics.len(), 1, "followers are told of every account");
    let one = growth(&[counted(&page(), date(2026, 6, 3), 7)]);
    assert_eq!(period(&one), Comparison::Unknown(Unknown::OneCount));
    assert_eq!(one.accounts[0].metrics[0].trend.latest.unwrap().value, 7);
    let long_ago = growth(&daily(&page(), date(2026, 4, 1), [1, 2, 3]));
    assert_eq!(period(&long_ago), Comparison::Unknown(Unknown::NothingInPeriod));
    let from_nothing = growth(&daily(&page(), date(2026, 6, 1), [0, 5]));
    assert_eq!(known(&period(&from_nothing)), (5, None), "no percentage of nothing");
    let first = Unknown::NothingBefore(date(2026, 6, 1));
    assert_eq!(from_nothing.accounts[0].metrics[0].trend.month, Comparison::Unknown(first));
}

#[test]
fn a_gap_is_bridged_by_a_line_and_says_so() {
    let mut measurements = daily(&page(), date(2026, 5, 20), 100..142);
    // The day with which the week is compared, and the one before.
    measurements.retain(|measurement| ![date(2026, 6, 22), date(2026, 6, 23)].contains(&measurement.day));
    let gap = Measurement { reading: Reading::Gap(Gap::Limited), ..counted(&page(), date(2026, 6, 23), 0) };
    measurements.push(gap);
    let growth = Growth::compile(&measurements, &[page()], june(), None);
    let followers = &growth.accounts[0].metrics[0];
    let week = followers.trend.week.known().unwrap();
    assert_eq!((week.from.day, week.from.value, week.from.interpolated), (date(2026, 6, 23), 134, true));
    assert!(!week.to.interpolated && !followers.trend.month.known().unwrap().from.interpolated);
    let expected = [(22, None), (23, Some(Gap::Limited))].map(|(day, why)| {
        let day = date(2026, 6, day);
        Missing { from: day, to: day, why }
    });
    assert_eq!(followers.gaps, expected);
    // A gap as long as the stretch itself would say nothing about it.
    measurements.retain(|measurement| measurement.day != date(2026, 6, 29));
    let growth = Growth::compile(&measurements, &[page()], june(), None);
    let wide = Unknown::TooWide { after: date(2026, 6, 28), before: date(2026, 6, 30) };
    assert_eq!(growth.accounts[0].metrics[0].trend.day, Comparison::Unknown(wide));
}

/// Between four and eight more a day.
fn usual(days: u64) -> impl Iterator<Item = u64> {
    (0..days).scan(5000, |count, day| {
        *count += 4 + day * 7 % 5;
        Some(*count)
    })
}

#[test]
fn a_purge_is_flagged_and_is_nobodys_worst_day() {
    let mut values: Vec<u64> = usual(60).collect();
    let purged = values.len() - 10;
    values[purged..].iter_mut().for_each(|value| *value -= 400);
    let measurements = daily(&page(), date(2026, 5, 2), values);
    let followers = &Growth::compile(&measurements, &[page()], june(), None).accounts[0].metrics[0];
    let [jump] = &followers.jumps[..] else { panic!("expected one jump: {:?}", followers.jumps) };
    assert_eq!((jump.after, jump.day), (date(2026, 6, 20), date(2026, 6, 21)));
    assert!((-396..=-392).contains(&jump.change) && jump.score < -100.0 && jump.expected == 6.0, "{jump:?}");
    assert_eq!(followers.worst_day.unwrap().change, 4);
    assert_eq!(followers.best_day.unwrap().change, 8);
}

#[test]
fn a_purge_within_a_gap_is_flagged_over_the_gap() {
    let mut measurements = daily(&page(), date(2026, 5, 2), usual(60));
    for measurement in measurements.iter_mut().filter(|measurement| measurement.day >= date(2026, 6, 21)) {
        measurement.reading = Reading::exact(measurement.value().unwrap() - 400);
    }
    measurements.retain(|measurement| ![date(2026, 6, 19), date(2026, 6, 20)].contains(&measurement.day));
    let followers = &Growth::compile(&measurements, &[page()], june(), None).accounts[0].metrics[0];
    let [jump] = &followers.jumps[..] else { panic!("expected one jump: {:?}", followers.jumps) };
    assert_eq!((jump.after, jump.day, jump.expected), (date(2026, 6, 18), date(2026, 6, 21), 18.0));
}

#[test]
fn ordinary_days_and_small_ripples_are_no_jumps() {
    let quiet = (0..60).map(|day| if day == 40 { 1009 } else { 1000 });
    for values in [usual(60).collect::<Vec<_>>(), quiet.collect()] {
        let measurements = daily(&page(), date(2026, 5, 2), values);
        let followers = &Growth::compile(&measurements, &[page()], june(), None).accounts[0].metrics[0];
        assert_eq!(followers.jumps, []);
    }
}

#[test]
fn the_plateaus_and_steps_of_a_rounded_count_are_no_jumps_and_no_days() {
    let channel = account(Platform::Youtube, "channel", AccountState::Active);
    let rounded = |mut measurements: Vec<Measurement>| {
        for measurement in &mut measurements {
            let value = measurement.value().unwrap();
            measurement.reading = Reading::Count { value: value / 100 * 100, rounded: true };
        }
        measurements
    };
    let steps = rounded(daily(&channel, date(2026, 5, 2), (0..60).map(|day| 12_300 + day * 12)));
    let followers = &Growth::compile(&steps, std::slice::from_ref(&channel), june(), None).accounts[0].metrics[0];
    assert_eq!((&followers.jumps[..], followers.best_day, followers.worst_day), (&[][..], None, None));
    assert!(followers.trend.month.known().unwrap().to.rounded);
    let purged = (0..60).map(|day| if day < 45 { 12_300 } else { 10_000 });
    let purged = rounded(daily(&channel, date(2026, 5, 2), purged));
    let followers = &Growth::compile(&purged, &[channel], june(), None).accounts[0].metrics[0];
    assert_eq!(followers.jumps.iter().map(|jump| jump.change).collect::<Vec<_>>(), [-2300]);
}

#[test]
fn a_sum_is_told_only_of_accounts_that_are_all_known_at_both_ends() {
    let [one, two] = ["one", "two"].map(|id| account(Platform::Instagram, id, AccountState::Active));
    let accounts = [page(), one.clone(), two.clone()];
    let mut measurements = daily(&page(), date(2026, 5, 1), (0..61).map(|day| 1000 + day));
    measurements.extend(daily(&one, date(2026, 5, 1), (0..61).map(|day| 100 + day * 2)));
    // The second account of Instagram opens in the middle of the month.
    measurements.extend(daily(&two, date(2026, 6, 15), 10..26));
    let growth = Growth::compile(&measurements, &accounts, june(), None);
    let [facebook, instagram] = &growth.channels[..] else { panic!("expected two channels") };
    assert_eq!(known(&facebook.trend.period).0, 30);
    assert_eq!(instagram.trend.latest.unwrap().value, 220 + 25);
    assert_eq!(known(&instagram.trend.week).0, 21);
    for trend in [&instagram.trend, &growth.total] {
        let Comparison::Unknown(Unknown::Parts(parts)) = &trend.period else { panic!("{:?}", trend.period) };
        assert_eq!(parts.iter().map(|part| part.account.as_str()).collect::<Vec<_>>(), ["two"]);
    }
    assert_eq!(known(&growth.total.week).0, 28);
    // Since the day on which all of them were counted.
    assert_eq!(growth.total.baseline.known().unwrap().from.day, date(2026, 6, 15));
}

#[test]
fn a_sum_names_the_account_that_stays_behind() {
    let other = account(Platform::Linkedin, "page", AccountState::Active);
    let mut measurements = daily(&page(), date(2026, 5, 1), 100..161);
    measurements.extend(daily(&other, date(2026, 5, 1), 100..159));
    let growth = Growth::compile(&measurements, &[page(), other.clone()], june(), None);
    assert_eq!(growth.total.latest.unwrap().day, date(2026, 6, 28), "two days are waited for");
    let measurements: Vec<_> = measurements
        .into_iter()
        .filter(|measurement| measurement.platform == Platform::Facebook || measurement.day < date(2026, 6, 20))
        .collect();
    let growth = Growth::compile(&measurements, &[page(), other], june(), None);
    let Comparison::Unknown(Unknown::Parts(parts)) = &growth.total.period else { panic!("expected parts") };
    assert_eq!(parts.iter().map(|part| part.platform).collect::<Vec<_>>(), [Platform::Linkedin]);
}

#[test]
fn accounts_that_are_not_in_use_leave_the_sums_alone() {
    let planned = account(Platform::X, "planned", AccountState::Planned);
    let closed = account(Platform::Linkedin, "closed", AccountState::Closed);
    let mut measurements = daily(&page(), date(2026, 5, 1), 100..161);
    measurements.extend(daily(&closed, date(2026, 1, 1), [1, 2, 3]));
    measurements.extend(daily(&account(Platform::Youtube, "gone", AccountState::Active), date(2026, 1, 1), [5]));
    let growth = Growth::compile(&measurements, &[page(), planned, closed], june(), None);
    assert_eq!(known(&growth.total.period).0, 30);
    assert_eq!(growth.channels.len(), 1);
    let names: Vec<_> = growth.accounts.iter().map(|account| account.name.as_deref()).collect();
    assert_eq!(names, [Some("Ente page"), Some("Ente planned"), Some("Ente closed"), None], "all are listed");
}

#[test]
fn a_renamed_account_keeps_its_history_under_its_new_name() {
    let mut renamed = page();
    renamed.name = "Ente nuovo".to_owned();
    renamed.handle = "nuovo".to_owned();
    let growth = Growth::compile(&daily(&page(), date(2026, 5, 1), 100..161), &[renamed], june(), None);
    assert_eq!(growth.accounts.len(), 1);
    assert_eq!(growth.accounts[0].name.as_deref(), Some("Ente nuovo"));
    assert_eq!(known(&growth.accounts[0].metrics[0].trend.period).0, 30);
}

#[test]
fn a_hundred_accounts_add_up() {
    let accounts: Vec<Account> =
        (0..100).map(|number| account(Platform::Facebook, &format!("{number:03}"), AccountState::Active)).collect();
    let measurements: Vec<_> =
        accounts.iter().flat_map(|account| daily(account, date(2026, 5, 31), 100..131)).collect();
    let growth = Growth::compile(&measurements, &accounts, june(), None);
    assert_eq!(known(&growth.total.period), (3000, Some(30.0)));
}

#[test]
fn the_order_of_the_measurements_does_not_matter() {
    let mut measurements = daily(&page(), date(2026, 5, 1), usual(61));
    let forwards = Growth::compile(&measurements, &[page()], june(), None);
    measurements.reverse();
    assert_eq!(Growth::compile(&measurements, &[page()], june(), None), forwards);
}
