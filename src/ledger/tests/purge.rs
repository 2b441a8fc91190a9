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

#[tokio::test]
async fn a_file_that_is_not_there_is_not_made() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("ledger.db");
    assert!(purge(&path).await.is_err());
    assert!(!path.exists());
}
