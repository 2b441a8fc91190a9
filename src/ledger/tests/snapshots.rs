//! Counts of followers: one item for each account and day, in which a count once stored stays.

use jiff::civil::{Date, date};
use ledger::{Measurement, Precision, Source, Stored};
use policy::{AccountId, Gap, Metric, Platform, Reading};

use crate::support::{World, on_each_engine, on_the_embedded_engine};

fn page() -> AccountId {
    AccountId::new("1234567890321")
}

fn measured(day: Date, metric: Metric, reading: Reading) -> Measurement {
    let precision = Precision::Day;
    Measurement {
        platform: Platform::Facebook,
        account: page(),
        day,
        precision,
        metric,
        reading,
        source: Source::Snapshot,
    }
}

/// What a night finds: followers and likes.
fn night(day: Date, followers: u64) -> [Measurement; 2] {
    let rounded = Reading::Count { value: followers, rounded: true };
    [measured(day, Metric::Followers, rounded), measured(day, Metric::PageLikes, Reading::exact(followers / 2))]
}

fn imported(day: Date, value: u64) -> Measurement {
    let source = Source::Import("comunicato del 2020".to_owned());
    Measurement { source, precision: Precision::Year, ..measured(day, Metric::Followers, Reading::exact(value)) }
}

async fn stored(world: &World) -> Vec<Measurement> {
    world.ledger.measurements(Platform::Facebook, &page(), Date::MAX).await.unwrap()
}

#[tokio::test]
async fn a_measurement_reads_back_as_it_was_stored() {
    on_each_engine(async |world| {
        let (first, second) = (night(date(2026, 2, 3), 5141), night(date(2026, 2, 4), 5150));
        let old = imported(date(2016, 12, 31), 1229);
        for measurements in [&second[..], &first[..], std::slice::from_ref(&old)] {
            let new = measurements.len();
            let answer = world.ledger.put_measurements(measurements).await;
            assert_eq!(answer, Ok(Stored { new, ..Stored::default() }));
        }
        let all: Vec<_> = [old].into_iter().chain(first.clone()).chain(second).collect();
        assert_eq!(stored(&world).await, all);
        let up_to = world.ledger.measurements(Platform::Facebook, &page(), date(2026, 2, 3)).await.unwrap();
        assert_eq!(up_to, all[..3], "what was counted later is left out");
        let other = world.ledger.measurements(Platform::Instagram, &page(), Date::MAX).await;
        assert_eq!(other, Ok(Vec::new()));
        assert_eq!(
            world.other_organisation().measurements(Platform::Facebook, &page(), Date::MAX).await,
            Ok(Vec::new())
        );
    })
    .await;
}

#[tokio::test]
async fn a_night_that_is_repeated_changes_nothing() {
    on_each_engine(async |world| {
        let day = date(2026, 2, 3);
        world.ledger.put_measurements(&night(day, 5141)).await.unwrap();
        // The same and, some hours later, another number: the first one of the day counts.
        for followers in [5141, 5160] {
            let answer = world.ledger.put_measurements(&night(day, followers)).await;
            assert_eq!(answer, Ok(Stored { known: 2, ..Stored::default() }));
        }
        assert_eq!(stored(&world).await, night(day, 5141));
    })
    .await;
}

#[tokio::test]
async fn a_gap_gives_way_to_a_count_of_the_same_day_and_never_the_other_way_round() {
    on_each_engine(async |world| {
        let day = date(2026, 2, 3);
        let gap = measured(day, Metric::Followers, Reading::Gap(Gap::Limited));
        let [followers, likes] = night(day, 5141);
        world.ledger.put_measurements(&[gap.clone(), likes.clone()]).await.unwrap();
        assert_eq!(stored(&world).await, [gap.clone(), likes.clone()]);
        let answer = world.ledger.put_measurements(&[followers.clone(), likes.clone()]).await;
        assert_eq!(answer, Ok(Stored { new: 1, known: 1, ..Stored::default() }));
        let answer = world.ledger.put_measurements(&[gap]).await;
        assert_eq!(answer, Ok(Stored { known: 1, ..Stored::default() }));
        assert_eq!(stored(&world).await, [followers, likes]);
    })
    .await;
}

#[tokio::test]
async fn neither_a_snapshot_nor_an_import_takes_the_place_of_the_other() {
    on_each_engine(async |world| {
        let (eve, day) = (date(2025, 12, 31), date(2026, 2, 3));
        world.ledger.put_measurements(&night(day, 5141)).await.unwrap();
        world.ledger.put_measurements(&[imported(eve, 1229)]).await.unwrap();
        let other = Measurement { precision: Precision::Day, ..imported(day, 9999) };
        let answer = world.ledger.put_measurements(std::slice::from_ref(&other)).await.unwrap();
        assert_eq!(answer.conflicts.len(), 1);
        assert_eq!((answer.conflicts[0].stored.value(), &answer.conflicts[0].refused), (Some(5141), &other));
        let answer = world.ledger.put_measurements(&night(eve, 4000)).await.unwrap();
        assert_eq!((answer.new, answer.conflicts.len()), (1, 1), "only the likes are new");
        let again = world.ledger.put_measurements(&[imported(eve, 1229)]).await;
        assert_eq!(again, Ok(Stored { known: 1, ..Stored::default() }), "importing twice does no harm");
        let followers: Vec<_> = stored(&world)
            .await
            .iter()
            .filter(|stored| stored.metric == Metric::Followers)
            .map(Measurement::value)
            .collect();
        assert_eq!(followers, [Some(1229), Some(5141)]);
    })
    .await;
}

#[tokio::test]
async fn what_would_be_stored_is_told_without_storing_it() {
    on_each_engine(async |world| {
        let day = date(2026, 2, 3);
        world.ledger.put_measurements(&night(day, 5141)).await.unwrap();
        let new = [imported(date(2016, 12, 31), 1229), imported(day, 7), night(day, 5141)[1].clone()];
        let answer = world.ledger.compare_measurements(&new).await.unwrap();
        assert_eq!((answer.new, answer.known, answer.conflicts.len()), (1, 1, 1));
        assert_eq!(stored(&world).await, night(day, 5141));
    })
    .await;
}

#[tokio::test]
async fn writers_at_the_same_time_store_each_metric_once() {
    on_each_engine(async |world| {
        let [followers, likes] = night(date(2026, 2, 3), 5141);
        let posts = measured(date(2026, 2, 3), Metric::Posts, Reading::exact(12));
        let each = [followers, likes, posts];
        let put = |measurement| world.ledger.put_measurements(std::slice::from_ref(measurement));
        let (one, two, three) = tokio::join!(put(&each[0]), put(&each[1]), put(&each[2]));
        assert_eq!([one, two, three].map(|answer| answer.map(|stored| stored.new)), [Ok(1), Ok(1), Ok(1)]);
        assert_eq!(stored(&world).await, each);
    })
    .await;
}

#[tokio::test]
async fn measurements_of_several_days_do_not_go_into_one_item() {
    on_the_embedded_engine(async |world| {
        let mixed = [night(date(2026, 2, 3), 1), night(date(2026, 2, 4), 2)].concat();
        assert!(world.ledger.put_measurements(&mixed).await.is_err());
        assert_eq!(world.ledger.put_measurements(&[]).await, Ok(Stored::default()));
        assert_eq!(stored(&world).await, []);
    })
    .await;
}

#[tokio::test]
async fn compiled_days_are_read_by_the_month() {
    on_each_engine(async |world| {
        for (day, summary) in [(date(2026, 1, 31), "a"), (date(2026, 2, 2), "c"), (date(2026, 2, 1), "b")] {
            world.ledger.put_compiled_day(day, summary).await.unwrap();
        }
        world.ledger.put_compiled_day(date(2026, 2, 1), "b anew").await.unwrap();
        let february = world.ledger.compiled_days(date(2026, 2, 28)).await.unwrap();
        let expected = [(date(2026, 2, 1), "b anew"), (date(2026, 2, 2), "c")];
        assert_eq!(february.into_iter().collect::<Vec<_>>(), expected.map(|(day, text)| (day, text.to_owned())));
        assert!(world.ledger.compiled_days(date(2025, 2, 1)).await.unwrap().is_empty());
    })
    .await;
}

#[tokio::test]
async fn a_night_costs_a_write_unit_for_each_account_and_a_year_nine_read_units() {
    on_the_embedded_engine(async |world| {
        let first = date(2025, 2, 3);
        let (_, reads, writes) = world.cost(world.ledger.put_measurements(&night(first, 5141))).await;
        assert_eq!((reads, writes), (0.0, 1.0), "the first of a day");
        let (_, reads, _) = world.cost(world.ledger.put_measurements(&night(first, 5141))).await;
        assert_eq!(reads, 1.0, "a repetition, whose declined write is not in the sum");
        let days = first.series(jiff::Span::new().days(1)).take(365);
        for (day, followers) in days.skip(1).zip(5142..) {
            world.ledger.put_measurements(&night(day, followers)).await.unwrap();
        }
        let (year, reads, _) = world.cost(stored(&world)).await;
        assert_eq!(year.len(), 730);
        eprintln!("a year of one account: {reads} read units");
        assert!(reads <= 30.0, "{reads}");
    })
    .await;
}
