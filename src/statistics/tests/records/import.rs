//! Historic figures out of a file: all of them or none.

use jiff::civil::{Date, date};
use policy::{AccountId, Metric, Platform, Reading};
use statistics::{CsvOptions, Growth, ImportError, Imported, Language, Measurement, Period, Precision, Source, import};

use crate::world::World;

const TODAY: Date = date(2026, 11, 21);
const HEADER: &str = "account,date,metric,value,source";

/// What is wrong with a file, as it is told.
async fn faults(world: &World, text: &str) -> Vec<String> {
    match import(&world.ledger, &world.policy.accounts, text.as_bytes(), TODAY).await {
        Err(ImportError::BadLines { named, .. }) => named.iter().map(ToString::to_string).collect(),
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
    let imported = import(&world.ledger, &world.policy.accounts, text.as_bytes(), TODAY).await.unwrap();
    assert_eq!(imported, Imported { new: 7, known: 0 });
    let again = import(&world.ledger, &world.policy.accounts, text.as_bytes(), TODAY).await.unwrap();
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
async fn of_a_file_that_is_no_table_a_thousand_faults_are_named_and_the_others_counted() {
    let world = World::with("riviere-di-liguria").await;
    let text = format!("{HEADER}\n{}", "a\n".repeat(5_000));
    match import(&world.ledger, &world.policy.accounts, text.as_bytes(), TODAY).await {
        Err(ImportError::BadLines { named, more }) => assert_eq!((named.len(), more), (1_000, 4_000)),
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn a_file_without_the_columns_is_refused() {
    let world = World::with("riviere-di-liguria").await;
    for text in ["", "account,date,metric,value\n", "account,date,metric,value,source,note\n"] {
        let faults = faults(&world, text).await;
        assert_eq!(faults.len(), 1);
        assert!(faults[0].starts_with("line 1: CSV: found "), "{faults:?}");
    }
    let none = import(&world.ledger, &world.policy.accounts, HEADER.as_bytes(), TODAY).await.unwrap();
    assert_eq!(none, Imported { new: 0, known: 0 });
}

#[tokio::test]
async fn columns_come_in_any_order_and_a_byte_order_mark_does_no_harm() {
    let world = World::with("riviere-di-liguria").await;
    let text = "\u{feff}source,value,metric,date,account\r\n\"a, b\",7,posts,2020-02-29,x:camcomrivlig\r\n";
    import(&world.ledger, &world.policy.accounts, text.as_bytes(), TODAY).await.unwrap();
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
    import(&world.ledger, &world.policy.accounts, line(2019, 100).as_bytes(), TODAY).await.unwrap();
    let both = format!("{}facebook:camcomrivlig,2018,followers,50,a\n", line(2019, 101));
    let faults = faults(&world, &both).await;
    assert_eq!(faults, ["line 2: value: found 101, expected 100, which an earlier import holds"]);
    assert_eq!(stored(&world).await.len(), 1, "the line that is right is not imported either");
}

/// A file as an Italian spreadsheet saves it: names with capitals, semicolons, dates day first, thousands by points,
/// rows and a column that hold nothing.
const ITALIAN: &str = "Account;Data;Misura;Valore;Fonte;\r\n\
    Facebook:@CamComRivLig;31/12/2019;Follower;1.229;Rilevazione dell\u{2019}ufficio, città;\r\n\
    x:camcomrivlig;2020;followers;4400,00;relazione;\r\n\
    ;;;;;\r\n\
    \r\n\
    ;;;;;\r\n";

#[tokio::test]
async fn what_an_italian_spreadsheet_writes_is_taken_in_any_of_its_encodings() {
    let utf16: Vec<u8> = format!("\u{feff}{ITALIAN}").encode_utf16().flat_map(u16::to_le_bytes).collect();
    let windows = encoding_rs::WINDOWS_1252.encode(ITALIAN).0.into_owned();
    for file in [ITALIAN.as_bytes().to_vec(), format!("\u{feff}{ITALIAN}").into_bytes(), utf16, windows] {
        let world = World::with("riviere-di-liguria").await;
        let imported = import(&world.ledger, &world.policy.accounts, &file, TODAY).await.unwrap();
        assert_eq!(imported, Imported { new: 2, known: 0 });
        let stored = stored(&world).await;
        let fans = stored.iter().find(|found| found.platform == Platform::Facebook).unwrap();
        assert_eq!((fans.day, fans.precision, fans.value()), (date(2019, 12, 31), Precision::Day, Some(1229)));
        assert_eq!(fans.source, Source::Import("Rilevazione dell\u{2019}ufficio, città".to_owned()));
        let followers = stored.iter().find(|found| found.platform == Platform::X).unwrap();
        assert_eq!((followers.day, followers.precision), (date(2020, 12, 31), Precision::Year));
    }
}

#[tokio::test]
async fn every_bad_line_of_such_a_file_is_told_by_its_number_too() {
    let world = World::with("riviere-di-liguria").await;
    let bad = "sep=;\r\n\
        Account;Data;Misura;Valore;Fonte\r\n\
        facebook:camcomrivlig;31/12/2019;follower;1.229;ufficio\r\n\
        facebook:camcomrivlig;12/31/2018;follower;1.22;ufficio\r\n\
        facebook:camcomrivlig;30/06/2018;follower\r\n\
        facebook:camcomrivlig;29/06/2018;follower;5;ufficio;altro\r\n";
    let utf16: Vec<u8> = format!("\u{feff}{bad}").encode_utf16().flat_map(u16::to_le_bytes).collect();
    let Err(ImportError::BadLines { named: lines, .. }) =
        import(&world.ledger, &world.policy.accounts, &utf16, TODAY).await
    else {
        panic!("expected bad lines");
    };
    let places: Vec<_> = lines.iter().map(|bad| (bad.line, bad.field)).collect();
    assert_eq!(places, [(4, "date"), (4, "value"), (5, "CSV"), (6, "CSV")]);
    assert_eq!(stored(&world).await, []);
}

#[tokio::test]
async fn the_counts_of_a_report_are_taken_back_as_they_were() {
    let from = World::with("riviere-di-liguria").await;
    let file = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../events/statistics/riviere-di-liguria.csv");
    import(&from.ledger, &from.policy.accounts, &std::fs::read(file).unwrap(), TODAY).await.unwrap();
    let period = Period::new(date(2016, 1, 1), date(2020, 12, 31)).unwrap();
    let report = from.archive().report(period, TODAY, None).await.unwrap();
    for (language, name) in [(Language::Italian, "rilevazioni.csv"), (Language::English, "counts.csv")] {
        let tables = report.to_csv(CsvOptions::for_language(language)).unwrap();
        let counts = tables.iter().find(|file| file.name == name).unwrap();
        let to = World::with("riviere-di-liguria").await;
        import(&to.ledger, &to.policy.accounts, counts.text.as_bytes(), TODAY).await.unwrap();
        let told = |all: Vec<Measurement>| -> Vec<_> {
            all.into_iter().map(|m| (m.platform, m.account, m.metric, m.day, m.precision, m.reading)).collect()
        };
        assert_eq!(told(stored(&to).await), told(stored(&from).await), "{name}");
    }
}

#[tokio::test]
async fn a_report_over_years_before_the_first_record_costs_nothing_for_them() {
    let world = World::with("riviere-di-liguria").await;
    let period = Period::new(date(2016, 1, 1), date(2020, 12, 31)).unwrap();
    let before = world.ledger.consumed();
    let report = world.archive().report(period, TODAY, None).await.unwrap();
    let read = world.ledger.consumed().read_units - before.read_units;
    assert!(read < 50.0, "{read} read units");
    assert_eq!(report.activity.missing.len(), 5 * 365 + 2, "what was never recorded is missing, not quiet");
}
