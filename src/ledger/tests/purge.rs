//! Nothing that was erased, or has expired, is left in the bytes of a data file.

use std::fs;
use std::path::Path;

use jiff::SignedDuration;
use ledger::embedded::{Embedded, purge};
use ledger::{ErasureGround, ErasureRequest, Ledger, Tables, Work};
use policy::{ContributionId, Platform};

use crate::support::{LEASE, Sample, at, comment, done, key, policy};

const WORD: &str = "canarinotesto";
const ORGANISATION: &str = "milano-monza-brianza-lodi";

/// The files of a data set in which these bytes stand.
fn found(folder: &Path, wanted: &str) -> Vec<String> {
    let files = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let holds = |path: &Path| fs::read(path).unwrap().windows(wanted.len()).any(|bytes| bytes == wanted.as_bytes());
    files.filter(|path| holds(path)).map(|path| path.display().to_string()).collect()
}

/// A ledger in a file, with cases of many people about texts with the word in them.
async fn filled(path: &Path) -> (Embedded, Ledger) {
    let engine = Embedded::start(Some(path)).await.unwrap();
    let ledger = Ledger::new(engine.client(), Tables::default(), ORGANISATION, key());
    ledger.create_tables().await.unwrap();
    let now = at("2026-02-03T09:00:01Z");
    for number in 0..40 {
        let mut contribution = comment(&format!("1_{number}"));
        contribution.text = format!("{WORD} {number} {}", "parola ".repeat(number));
        contribution.id = ContributionId::new(format!("canarinoid{number}"));
        ledger.record(&Sample::violating(contribution).judged(now)).await.unwrap();
    }
    (engine, ledger)
}

#[tokio::test]
async fn after_an_erasure_no_byte_of_it_is_left_while_the_engine_runs_and_after_it() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("ledger.db");
    let (engine, ledger) = filled(&path).await;
    let now = at("2026-02-03T12:00:00Z");
    let author = comment("1_1").author.unwrap();
    let authors = ledger.pseudonyms(Platform::Facebook, &author.id);
    let request = ErasureRequest {
        authors: &authors,
        platform: Some(Platform::Facebook),
        ground: ErasureGround::Platform,
        by: None,
        reason: None,
    };
    let policy = policy();
    let code = ledger.request_erasure(&request, now).await.unwrap().code;
    for key in ledger.due(now, 100).await.unwrap() {
        let Some(Work::Action(work)) = ledger.claim(&key, now, LEASE).await.unwrap() else {
            panic!("an action is due")
        };
        ledger.settle(&work, &done(), now).await.unwrap();
    }
    let erasing = ledger.erase(&code, &policy, now + SignedDuration::from_mins(2)).await.unwrap().unwrap();
    assert_eq!(erasing.waiting, 0);
    assert!(!found(folder.path(), WORD).is_empty(), "this is what purging is for");

    purge(&path).await.unwrap();
    assert_eq!(found(folder.path(), WORD), Vec::<String>::new());
    assert_eq!(found(folder.path(), "canarinoid"), Vec::<String>::new());
    let entries = ledger.entries(ledger::day(at("2026-02-03T09:00:01Z"))).await.unwrap();
    assert!(entries.len() >= 40, "the engine goes on on the rewritten file");
    ledger.activate(&policy, now).await.unwrap();
    drop((ledger, engine));
    assert_eq!(found(folder.path(), WORD), Vec::<String>::new());
}

#[tokio::test]
async fn what_has_expired_is_deleted_and_no_byte_of_it_is_left() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("ledger.db");
    let (engine, ledger) = filled(&path).await;
    assert_eq!(ledger.forget_expired(at("2026-02-03T10:00:00Z")).await, Ok(0), "nothing is over yet");
    let later = at("2030-02-03T10:00:00Z");
    let other = Ledger::new(engine.client(), Tables::default(), "riviere-di-liguria", key());
    assert_eq!(other.forget_expired(later).await, Ok(0), "what is over is another organisation's");
    assert!(ledger.forget_expired(later).await.unwrap() >= 40);
    assert_eq!(ledger.forget_expired(later).await, Ok(0));
    assert!(!found(folder.path(), WORD).is_empty(), "this is what purging is for");

    purge(&path).await.unwrap();
    assert_eq!(found(folder.path(), WORD), Vec::<String>::new());
    assert!(!ledger.entries(ledger::day(at("2026-02-03T09:00:01Z"))).await.unwrap().is_empty(), "the log stays");
    drop((ledger, other, engine));
    assert_eq!(found(folder.path(), WORD), Vec::<String>::new());
}

/// Items of all sizes are put, put anew and deleted in no order, so that pages are divided, joined and rebuilt: of each only
/// what stands there last may be left.
#[tokio::test]
async fn whatever_was_written_over_or_deleted_is_gone_in_whatever_order() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("ledger.db");
    let engine = Embedded::start(Some(&path)).await.unwrap();
    let ledger = Ledger::new(engine.client(), Tables::default(), ORGANISATION, key());
    ledger.create_tables().await.unwrap();
    let database = engine.database();
    let mut state = 20_260_203_u64;
    let mut random = |below: u64| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) % below
    };
    let request = |value: serde_json::Value| value.to_string();
    let mut standing = std::collections::BTreeMap::new();
    for step in 0..4000 {
        let number = random(500);
        let key = serde_json::json!({ "pk": { "S": format!("k{}", number * 7919 % 500) }, "sk": { "S": "x" } });
        if random(3) == 0 && standing.remove(&number).is_some() {
            let body = request(serde_json::json!({ "TableName": Tables::default().casebook, "Key": key }));
            database.delete_item(serde_json::from_str(&body).unwrap()).unwrap();
            continue;
        }
        let mark = format!("<{step:06}>");
        let mut item = key;
        let fill = "x".repeat([5, 20, 60][random(3) as usize]);
        item["text"] =
            serde_json::json!({ "S": format!("{mark}{fill}").repeat([1, 2, 5, 20, 80][random(5) as usize]) });
        let body = request(serde_json::json!({ "TableName": Tables::default().casebook, "Item": item }));
        database.put_item(serde_json::from_str(&body).unwrap()).unwrap();
        standing.insert(number, mark);
    }
    let left = || -> Vec<String> {
        let files = fs::read_dir(folder.path()).unwrap().map(|entry| fs::read(entry.unwrap().path()).unwrap());
        let bytes: Vec<u8> = files.flatten().collect();
        let marks = bytes.windows(8).filter(|window| window[0] == b'<' && window[7] == b'>');
        let marks: std::collections::BTreeSet<String> =
            marks.map(|mark| String::from_utf8_lossy(mark).into()).collect();
        marks.into_iter().filter(|mark| !standing.values().any(|standing| standing == mark)).collect()
    };
    assert!(!left().is_empty(), "this is what purging is for");
    purge(&path).await.unwrap();
    assert_eq!(left(), Vec::<String>::new());
    let count = serde_json::json!({ "TableName": Tables::default().casebook, "Select": "COUNT" }).to_string();
    let scanned = database.scan(serde_json::from_str(&count).unwrap()).unwrap();
    assert_eq!(serde_json::to_value(&scanned).unwrap()["Count"], standing.len(), "nothing that stands is lost");
}

/// The engine of this project overwrites what it deletes. Where that is missing from how SQLite is built, whole files would
/// be rewritten instead, and nobody could write meanwhile.
#[tokio::test]
async fn a_purge_does_not_rewrite_the_file() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("ledger.db");
    let (_engine, ledger) = filled(&path).await;
    ledger.forget_expired(at("2030-02-03T10:00:00Z")).await.unwrap();
    purge(&path).await.unwrap();
    let length = fs::metadata(&path).unwrap().len();
    ledger.forget_expired(at("2030-02-03T10:00:00Z")).await.unwrap();
    purge(&path).await.unwrap();
    assert_eq!(fs::metadata(&path).unwrap().len(), length, "what is free stays there, empty");
    let free: u32 =
        rusqlite::Connection::open(&path).unwrap().query_row("PRAGMA freelist_count", [], |row| row.get(0)).unwrap();
    assert!(free > 0, "VACUUM would have left none");
}

/// Somebody reads from the file all the time, in a shell or for a backup: the engine goes on writing meanwhile.
#[tokio::test(flavor = "multi_thread")]
async fn a_reader_that_stays_keeps_a_purge_waiting_and_nobody_else() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("ledger.db");
    let (_engine, ledger) = filled(&path).await;
    let reader = rusqlite::Connection::open(&path).unwrap();
    reader.execute_batch("BEGIN").unwrap();
    let tables: u32 = reader.query_row("SELECT count(*) FROM sqlite_master", [], |row| row.get(0)).unwrap();
    assert!(tables > 0);
    ledger.forget_expired(at("2030-02-03T10:00:00Z")).await.unwrap();
    let purging = tokio::spawn({
        let path = path.clone();
        async move { purge(&path).await }
    });
    let mut slowest = std::time::Duration::ZERO;
    for number in 0..40 {
        let began = std::time::Instant::now();
        let contribution = comment(&format!("2_{number}"));
        ledger.record(&Sample::violating(contribution).judged(at("2026-02-03T11:00:00Z"))).await.unwrap();
        slowest = slowest.max(began.elapsed());
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    assert!(!purging.is_finished(), "the log is still in use");
    assert!(slowest < std::time::Duration::from_secs(3), "a write waited for {slowest:?}");
    reader.execute_batch("COMMIT").unwrap();
    purging.await.unwrap().unwrap();
    assert_eq!(found(folder.path(), WORD), Vec::<String>::new());
}

#[tokio::test]
async fn a_file_that_is_not_there_is_not_made() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("ledger.db");
    assert!(purge(&path).await.is_err());
    assert!(!path.exists());
}
