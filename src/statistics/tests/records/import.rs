//! Historic figures out of a file: all of them or none.

use jiff::civil::{Date, date};
use policy::{AccountId, Metric, Platform, Reading};
use statistics::{Growth, ImportError, Imported, Measurement, Period, Precision, Source, import};

use crate::world::World;

const TODAY: Date = date(2026, 11, 21);
const HEADER: &str = "account,date,metric,value,source";

/// What is wrong with a file, as it is told.
async fn faults(world: &World, text: &str) -> Vec<String> {
    match import(&world.ledger, &world.policy.accounts, text, TODAY).await {
        Err(ImportError::BadLines(lines)) => lines.iter().map(ToString::to_string).collect(),
        other => panic!("expected bad lines: {other:?}"),
    }
}

async fn stored(world: &World) -> Vec<Measurement> {
    let mut all = Vec::new();
    for account in &world.policy.accounts {
        all.extend(world.measurements(account).await);
    }
    all
}

#[tokio::test]
async fn the_figures_of_the_press_item_give_the_growth_of_the_press_item() {
    let world = World::with("riviere-di-liguria").await;
    let file = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../events/statistics/riviere-di-liguria.csv");
    let text = std::fs::read_to_string(file).unwrap();
    let imported = import(&world.ledger, &world.policy.accounts, &text, TODAY).await.unwrap();
    assert_eq!(imported, Imported { new: 7, known: 0 });
    let again = import(&world.ledger, &world.policy.accounts, &text, TODAY).await.unwrap();
    assert_eq!(again, Imported { new: 0, known: 7 });
    let period = Period::new(date(2016, 1, 1), date(2020, 12, 31)).unwrap();
    let measurements = world.archive().measurements(period.to).await.unwrap();
    let growth = Growth::compile(&measurements, &world.policy.accounts, period, None);
    let of = |platform: Platform, metric: Metric| {
        let account = growth.accounts.iter().find(|account| account.platform == platform).unwrap();
        &account.metrics.iter().find(|found| found.metric == metric).unwrap().trend
    };
    let fans = of(Platform::Facebook, Metric::Followers).period.known().unwrap();
    assert_eq!((fans.absolute, format!("{:.1}", fans.percent.unwrap())), (3912, "318.3".to_owned()));
    let likes = of(Platform::Facebook, Metric::PageLikes).period.known().unwrap();
    assert_eq!((likes.from.value, likes.to.value), (1224, 4300));
    let instagram = of(Platform::Instagram, Metric::Followers).period.known().unwrap();
    assert_eq!((instagram.from.day, instagram.from.precision), (date(2017, 6, 30), Precision::Month));
    assert_eq!((instagram.absolute, instagram.percent), (3090, None));
    assert_eq!(of(Platform::X, Metric::Followers).latest.unwrap().value, 4400);
    assert!(of(Platform::X, Metric::Followers).period.known().is_none());
}

#[tokio::test]
async fn every_bad_line_is_told_by_its_number_and_nothing_is_imported() {
    let world = World::with("riviere-di-liguria").await;
    let text = format!(
        "{HEADER}\n\
         facebook:camcomrivlig,2019,followers,100,a\n\
         twitter:camcomrivlig,2019,followers,100,a\n\
         facebook:altri,2019,followers,100,a\n\
         facebook:camcomrivlig,2019-13,followers,100,a\n\
         facebook:camcomrivlig,2026,followers,100,a\n\
         facebook:camcomrivlig,19-1-1,fans,1.229,\n\
         facebook:2345678901432,2019-12-31,followers,100,a\n\
         facebook:camcomrivlig,2018,followers\n\
         facebook:camcomrivlig,2018,followers,-5,a\n"
    );
    let faults = faults(&world, &text).await;
    let places: Vec<String> = faults.iter().map(|fault| fault.split(": found").next().unwrap().to_owned()).collect();
    let expected = [
        "line 3: account",
        "line 4: account",
        "line 5: date",
        "line 6: date",
        "line 7: date",
        "line 7: metric",
        "line 7: value",
        "line 7: source",
        "line 8: date",
        "line 9: CSV",
        "line 10: value",
    ];
    assert_eq!(places, expected);
    assert_eq!(faults[8], "line 8: date: found the account, day and metric of line 2, expected each only once");
    assert_eq!(faults[9], "line 9: CSV: found 3 columns, expected 5");
    assert_eq!(stored(&world).await, []);
}

#[tokio::test]
async fn a_file_without_the_columns_is_refused() {
    let world = World::with("riviere-di-liguria").await;
    for text in ["", "account,date,metric,value\n", "account,date,metric,value,source,note\n"] {
        let faults = faults(&world, text).await;
        assert_eq!(faults.len(), 1);
        assert!(faults[0].starts_with("line 1: CSV: found "), "{faults:?}");
    }
    let none = import(&world.ledger, &world.policy.accounts, HEADER, TODAY).await.unwrap();
    assert_eq!(none, Imported { new: 0, known: 0 });
}

#[tokio::test]
async fn columns_come_in_any_order_and_a_byte_order_mark_does_no_harm() {
    let world = World::with("riviere-di-liguria").await;
    let text = "\u{feff}source,value,metric,date,account\r\n\"a, b\",7,posts,2020-02-29,x:camcomrivlig\r\n";
    import(&world.ledger, &world.policy.accounts, text, TODAY).await.unwrap();
    let expected = Measurement {
        platform: Platform::X,
        account: AccountId::new("2222222222222222222"),
        day: date(2020, 2, 29),
        precision: Precision::Day,
        metric: Metric::Posts,
        reading: Reading::exact(7),
        source: Source::Import("a, b".to_owned()),
    };
    assert_eq!(stored(&world).await, [expected]);
}

#[tokio::test]
async fn a_figure_that_contradicts_what_is_stored_is_told_and_stops_the_import() {
    let world = World::with("riviere-di-liguria").await;
    let line = |year: i16, value: u64| format!("{HEADER}\nfacebook:camcomrivlig,{year},followers,{value},a\n");
    import(&world.ledger, &world.policy.accounts, &line(2019, 100), TODAY).await.unwrap();
    let both = format!("{}facebook:camcomrivlig,2018,followers,50,a\n", line(2019, 101));
    let faults = faults(&world, &both).await;
    assert_eq!(faults, ["line 2: value: found 101, expected 100, which an earlier import holds"]);
    assert_eq!(stored(&world).await.len(), 1, "the line that is right is not imported either");
}
