//! A night: count, compile, report; repeated, missed, cut short, and with platforms that fail.

use std::cell::Cell;
use std::collections::BTreeMap;

use jiff::civil::date;
use policy::{AccountState, Gap, Metric, Platform, Reading};
use sandbox::{Fault, FaultEffect};
use statistics::{Activity, Measurement, Period, nightly, snapshot};

use crate::world::{World, at};

const MILAN: &str = "milano-monza-brianza-lodi";

fn readings(measurements: &[Measurement]) -> Vec<(Metric, Reading)> {
    measurements.iter().map(|measurement| (measurement.metric, measurement.reading)).collect()
}

#[tokio::test]
async fn a_night_counts_every_account_of_every_platform() {
    let world = World::with(MILAN).await;
    for (account, count) in world.policy.accounts.iter().zip(12_345..) {
        world.sandbox.set_followers(account.platform, account.id.as_str(), count);
    }
    let today = date(2026, 11, 21);
    let counted = snapshot(&world.client, &world.ledger, &world.policy.accounts, today).await.unwrap();
    assert_eq!(counted.gaps.values().sum::<usize>(), 0);
    for (account, count) in world.policy.accounts.iter().zip(12_345..) {
        let rounded = Reading::Count { value: 12_300, rounded: true };
        let expected = match account.platform {
            Platform::Facebook => {
                vec![(Metric::Followers, Reading::exact(count)), (Metric::PageLikes, Reading::exact(count))]
            }
            Platform::Instagram => vec![(Metric::Followers, Reading::exact(count)), (Metric::Posts, Reading::exact(1))],
            Platform::Linkedin => vec![(Metric::Followers, Reading::exact(count))],
            Platform::Youtube => vec![(Metric::Followers, rounded), (Metric::Posts, Reading::exact(1))],
            Platform::X => vec![(Metric::Followers, Reading::exact(count)), (Metric::Posts, Reading::exact(0))],
        };
        let stored = world.measurements(account).await;
        assert_eq!(readings(&stored), expected, "{}", account.platform);
        assert!(stored.iter().all(|measurement| measurement.day == today));
    }
}

#[tokio::test]
async fn a_platform_that_fails_leaves_a_gap_and_does_not_stop_the_others() {
    let world = World::with(MILAN).await;
    let of = |platform| world.policy.accounts.iter().find(|account| account.platform == platform).unwrap();
    let (facebook, linkedin) = (of(Platform::Facebook), of(Platform::Linkedin));
    world.sandbox.set_followers(Platform::Facebook, facebook.id.as_str(), 5141);
    world.sandbox.set_followers(Platform::Linkedin, linkedin.id.as_str(), 77);
    let effect = FaultEffect::Answer { status: 500, body: None, headers: BTreeMap::new() };
    world.sandbox.add_fault(Fault { platform: Some(Platform::Facebook), effect, ..Fault::default() });
    let today = date(2026, 11, 21);
    let count = async || snapshot(&world.client, &world.ledger, &world.policy.accounts, today).await.unwrap();
    assert_eq!(count().await.gaps.values().sum::<usize>(), 1);
    let gap = (Metric::Followers, Reading::Gap(Gap::Unreachable));
    assert!(readings(&world.measurements(facebook).await).contains(&gap));
    assert_eq!(world.measurements(linkedin).await[0].value(), Some(77));
    // The next run of the same night fills the gap, and changes nothing else.
    world.sandbox.set_followers(Platform::Linkedin, linkedin.id.as_str(), 80);
    assert_eq!(count().await.gaps.values().sum::<usize>(), 0);
    assert_eq!(world.measurements(facebook).await[0].value(), Some(5141));
    assert_eq!(world.measurements(linkedin).await[0].value(), Some(77));
}

#[tokio::test]
async fn a_closed_account_is_not_counted_any_more() {
    let mut world = World::with(MILAN).await;
    world.policy.accounts[0].state = AccountState::Closed;
    snapshot(&world.client, &world.ledger, &world.policy.accounts, date(2026, 11, 21)).await.unwrap();
    assert_eq!(world.measurements(&world.policy.accounts[0]).await, []);
    assert_ne!(world.measurements(&world.policy.accounts[1]).await, []);
}

#[tokio::test]
async fn missed_nights_are_caught_up_and_a_repeated_night_gives_the_same_bytes() {
    let world = World::with(MILAN).await;
    // The last contribution of October is read after midnight in UTC, and before it in Rome.
    for (id, time) in [("1", "2026-10-05T09:00:00Z"), ("2", "2026-10-31T22:30:00Z"), ("3", "2026-11-18T09:00:00Z")] {
        world.receive(id, at(time)).await;
    }
    let now = at("2026-11-21T02:10:00Z");
    let night = nightly(world.archive(), &world.client, now, || true).await.unwrap();
    assert!(!night.more);
    // Those of the contributions, and the one on which the policy came into force.
    assert_eq!(night.days_compiled, 4);
    let names: Vec<&str> = night.files.iter().map(|file| file.name.as_str()).collect();
    for name in ["2026-10/report.html", "2026-10/report.en.html", "2026-10/report.json", "2026-11/report.json"] {
        assert!(names.contains(&name), "{name}: {names:?}");
    }
    let october = night.files.iter().find(|file| file.name == "2026-10/report.json").unwrap();
    let report = world.archive().report(Period::month(2026, 10).unwrap(), ledger::day(now), None).await.unwrap();
    assert_eq!(report.activity.totals.received, 2);
    assert_eq!(report.to_json(), october.text, "the command reports as the night does");
    let again = nightly(world.archive(), &world.client, now, || true).await.unwrap();
    assert_eq!((again.days_compiled, &again.files), (0, &night.files));
}

#[tokio::test]
async fn a_night_that_runs_out_of_time_goes_on_where_it_stopped() {
    let world = World::with(MILAN).await;
    world.receive("1", at("2026-11-18T09:00:00Z")).await;
    let now = at("2026-11-21T02:10:00Z");
    let (mut runs, mut files) = (0, 0);
    while files == 0 {
        let left = Cell::new(20);
        let in_time = || left.replace(left.get() - 1) > 0;
        let night = nightly(world.archive(), &world.client, now, in_time).await.unwrap();
        files = night.files.len();
        assert_eq!(night.more, files == 0, "either there is more to do, or there are reports");
        runs += 1;
        assert!(runs < 10);
    }
    assert!(runs > 1);
    let whole = nightly(world.archive(), &world.client, now, || true).await.unwrap();
    assert_eq!((whole.days_compiled, whole.files.len()), (0, files));
}

#[tokio::test]
async fn compiling_the_month_again_reads_only_what_is_new() {
    let world = World::with(MILAN).await;
    let month = Period::month(2026, 10).unwrap();
    let needed = Activity::needs(month);
    for number in 0..40 {
        world.receive(&format!("n{number}"), at("2026-10-05T09:00:00Z")).await;
    }
    let today = date(2026, 11, 1);
    let archive = world.archive();
    let (first, first_reads, first_writes) = world.cost(archive.days(needed, today, || true)).await;
    let (again, reads, writes) = world.cost(archive.days(needed, today, || true)).await;
    assert_eq!(first.unwrap().days, again.unwrap().days);
    eprintln!("a year compiled: {first_reads} read and {first_writes} write units; again: {reads} read units");
    assert!(reads <= 60.0 && writes == 0.0, "{reads} {writes}");
    let tomorrow = world.cost(archive.days(Period { from: needed.from, to: today }, date(2026, 11, 2), || true)).await;
    assert!(tomorrow.1 <= reads + 10.0, "one new day: {}", tomorrow.1);
}
