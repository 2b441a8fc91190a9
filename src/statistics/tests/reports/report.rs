//! The report as its readers get it.

use std::collections::BTreeMap;

use jiff::civil::{Date, date};
use statistics::sample::Sample;
use statistics::{Activity, CsvOptions, DayActivity, Facts, Language, Period, Report, Totals};

use crate::support::{POLICY, policy, report, repository};

fn march() -> Period {
    Period::month(2026, 3).unwrap()
}

/// A report about days on which nothing happened, but something had before.
fn of_days(period: Period, days: &[Date]) -> Report {
    let policy = policy(0);
    let before = date(2024, 1, 1);
    let entries = Sample::new(&policy, 1, 10).entries(before);
    let days: BTreeMap<Date, DayActivity> =
        days.iter().chain([&before]).map(|day| (*day, DayActivity::of(*day, &entries, &POLICY))).collect();
    Report::compile(Facts { policy: &policy, measurements: &[], days: &days, baseline: None }, period)
}

fn assert_valid(report: &Report) {
    let schema: serde_json::Value =
        serde_json::from_str(&std::fs::read_to_string(repository().join("docs/statistics.schema.json")).unwrap())
            .unwrap();
    let mut schemas = boon::Schemas::new();
    let mut compiler = boon::Compiler::new();
    compiler.add_resource("https://galateo.invalid/statistics.schema.json", schema).unwrap();
    let index = compiler.compile("https://galateo.invalid/statistics.schema.json", &mut schemas).unwrap();
    let value = serde_json::from_str(&report.to_json()).unwrap();
    if let Err(error) = schemas.validate(&value, index) {
        panic!("{error:#}");
    }
}

#[test]
fn the_json_is_as_the_published_schema_says() {
    assert_valid(&report(&policy(0), 100, march()));
    assert_valid(&of_days(march(), &[]));
}

#[test]
fn the_schema_refuses_what_the_report_does_not_write() {
    let text = std::fs::read_to_string(repository().join("docs/statistics.schema.json")).unwrap();
    let mut schemas = boon::Schemas::new();
    let mut compiler = boon::Compiler::new();
    compiler.add_resource("https://galateo.invalid/s.json", serde_json::from_str(&text).unwrap()).unwrap();
    let index = compiler.compile("https://galateo.invalid/s.json", &mut schemas).unwrap();
    let good: serde_json::Value = serde_json::from_str(&of_days(march(), &[]).to_json()).unwrap();
    for (pointer, bad) in [
        ("/format", serde_json::json!(2)),
        ("/activity/totals/received", serde_json::json!(-1)),
        ("/activity/totals/unheard_of", serde_json::json!(1)),
        ("/period/from", serde_json::json!("March")),
        ("/summary/it", serde_json::json!(["una frase"])),
    ] {
        let mut value = good.clone();
        let (parent, key) = pointer.rsplit_once('/').unwrap();
        value.pointer_mut(parent).unwrap()[key] = bad;
        assert!(schemas.validate(&value, index).is_err(), "{pointer}");
    }
}

#[test]
fn the_same_facts_give_the_same_bytes() {
    let policy = policy(0);
    let (one, other) = (report(&policy, 60, march()), report(&policy, 60, march()));
    assert_eq!(one.to_json(), other.to_json());
    assert_eq!(one.to_html(Language::Italian), other.to_html(Language::Italian));
    let options = CsvOptions::for_language(Language::Italian);
    assert_eq!(one.to_csv(options), other.to_csv(options));
}

#[test]
fn the_page_stays_small_with_a_hundred_accounts_and_a_year() {
    let page = report(&policy(100), 40, Period::year(2026).unwrap()).to_html(Language::Italian);
    assert!(page.len() <= 300 * 1024, "{} KiB", page.len() / 1024);
    assert!(page.matches("<tr>").count() > 200, "the accounts are missing");
}

#[test]
fn the_page_needs_nothing_else_and_runs_nothing() {
    let page = report(&policy(0), 60, march()).to_html(Language::English);
    for unwanted in ["<script", "<link", "<img", "url(", "@import", "http://"] {
        assert!(!page.contains(unwanted), "{unwanted}");
    }
    assert!(page.contains(r#"<html lang="en">"#));
}

#[test]
fn every_chart_has_a_title_a_description_and_a_table() {
    let page = report(&policy(0), 100, march()).to_html(Language::Italian);
    let charts = page.matches("<svg role=\"img\" aria-labelledby=").count();
    assert!(charts >= 6, "{charts} charts");
    assert_eq!(page.matches("</title><desc ").count(), charts);
    assert_eq!(page.matches("<figcaption>").count(), charts);
    assert!(page.matches("<table>").count() >= charts);
}

#[test]
fn what_the_policy_says_is_escaped() {
    let mut policy = policy(0);
    policy.organisation.name = "Ente <script>alert(1)</script>".to_owned();
    policy.accounts[0].name = "=cmd() <b>\"".to_owned();
    let report = report(&policy, 60, march());
    let page = report.to_html(Language::Italian);
    assert!(!page.contains("<script") && !page.contains("<b>"));
    let files = report.to_csv(CsvOptions::for_language(Language::Italian)).unwrap();
    let accounts = files.iter().find(|file| file.name == "account.csv").unwrap();
    assert!(accounts.text.contains("\"'=cmd() <b>\"\"\""), "{}", accounts.text);
}

#[test]
fn a_month_without_data_says_so_in_words() {
    let report = of_days(march(), &[]);
    assert_eq!(report.summary.it[0], "Per il periodo marzo 2026 non ci sono dati sugli interventi ricevuti.");
    assert_eq!(report.summary.it[4], "Non ci sono dati completi su quante persone seguono i canali.");
    let page = report.to_html(Language::Italian);
    assert!(page.contains("Nel periodo non risulta nessun intervento.") && !page.contains("NaN"));
    assert!(page.contains("Per nessun account è noto il numero di follower."));
}

#[test]
fn a_quiet_month_is_not_one_without_data() {
    let days: Vec<Date> = march().days().collect();
    let report = of_days(march(), &days);
    assert!(report.summary.it[0].contains("non è arrivato nessun intervento"), "{}", report.summary.it[0]);
    assert!(report.summary.it[0].contains("per febbraio 2026 non ci sono dati completi"), "{}", report.summary.it[0]);
    assert!(report.summary.en[1].contains("nothing to moderate"));
}

#[test]
fn a_month_that_is_not_over_is_not_compared() {
    let days: Vec<Date> = Activity::needs(march()).days().filter(|day| *day < date(2026, 3, 20)).collect();
    let report = of_days(march(), &days);
    assert!(report.summary.it[0].contains("mancano i dati di 12\u{a0}giorni"), "{}", report.summary.it[0]);
}

#[test]
fn the_sentences_are_those_that_a_mayor_would_read() {
    let mut report = report(&policy(0), 60, march());
    let [received, outcomes, decisions, sanctions, followers] = report.summary.it.clone();
    let count = report.activity.totals.received;
    let text = format!("{}.{:03}", count / 1_000, count % 1_000);
    assert!(
        received
            .starts_with(&format!("Nel periodo marzo 2026 sui canali ufficiali sono arrivati {text}\u{a0}interventi")),
        "{received}"
    );
    assert!(received.contains("rispetto a febbraio 2026") && received.contains("rispetto a marzo 2025"), "{received}");
    assert!(outcomes.contains("\u{a0}%) sono rimasti al proprio posto"), "{outcomes}");
    assert!(decisions.contains("hanno dato ragione a chi aveva scritto"), "{decisions}");
    assert!(sanctions.contains("avvertiment"), "{sanctions}");
    assert!(followers.starts_with("Al 31\u{a0}marzo 2026"), "{followers}");
    for sentence in report.summary.it.iter().chain(&report.summary.en) {
        assert_eq!(sentence.matches(". ").count(), 0, "more than one sentence: {sentence}");
        assert!(sentence.ends_with('.'), "{sentence}");
    }
    // Figures that were not compared with are not made up.
    report.previous.totals = Totals::default();
    assert_ne!(report.previous.totals, report.activity.totals);
}

#[test]
fn the_five_sentences_as_they_are_read() {
    let report = report(&policy(0), 60, march());
    let read: Vec<&str> = report.summary.it.iter().chain(&report.summary.en).map(String::as_str).collect();
    insta::assert_snapshot!(read.join("\n"));
}

#[test]
fn a_report_on_february_of_a_leap_year_has_29_days() {
    let report = report(&policy(0), 40, Period::month(2028, 2).unwrap());
    assert_eq!((report.activity.days.len(), report.year_before.period.to), (29, date(2027, 2, 28)));
    assert_eq!(report.year_before.missing_days, 0);
}

#[test]
fn the_tables_are_tidy_and_described() {
    let report = report(&policy(0), 60, march());
    let files = report.to_csv(CsvOptions::for_language(Language::English)).unwrap();
    let (tables, described): (Vec<_>, Vec<_>) = files.iter().partition(|file| file.name.ends_with(".csv"));
    assert!(tables.len() >= 14, "{}", tables.len());
    for table in &tables {
        let mut reader = csv::ReaderBuilder::new().from_reader(table.text.trim_start_matches('\u{feff}').as_bytes());
        let headers = reader.headers().unwrap().clone();
        let keys: std::collections::BTreeSet<&str> = headers.iter().collect();
        assert_eq!(keys.len(), headers.len(), "a column comes twice in {}", table.name);
        assert!(
            headers.iter().all(|key| key.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_'))
        );
        // The reader refuses lines with another number of fields.
        reader.records().for_each(|record| drop(record.unwrap()));
    }
    let metadata: serde_json::Value = serde_json::from_str(&described[0].text).unwrap();
    assert_eq!(metadata["@type"][0], "dcatapit:Dataset");
    let distributions = metadata["dcat:distribution"].as_array().unwrap();
    assert_eq!(distributions.len(), tables.len());
    for (distribution, table) in distributions.iter().zip(&tables) {
        assert_eq!(distribution["dcat:downloadURL"]["@id"], table.name.as_str());
        assert_eq!(distribution["dcat:byteSize"]["@value"], table.text.len().to_string());
    }
}

#[test]
fn a_figure_that_is_hidden_is_nowhere_a_number() {
    // So little happens that clauses have few authors.
    let report = report(&policy(0), 12, march());
    let hidden = report.activity.clauses.iter().find(|row| row.noticed.is_none()).expect("a clause with few authors");
    let files = report.to_csv(CsvOptions::for_language(Language::Italian)).unwrap();
    let clauses = files.iter().find(|file| file.name == "articoli.csv").unwrap();
    let line = clauses.text.lines().find(|line| line.starts_with(&format!("{};", hidden.clause))).unwrap();
    assert!(line.ends_with(";non pubblicato"), "{line}");
}
