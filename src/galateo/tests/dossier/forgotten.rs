//! What a dossier says of what is no longer kept.

use std::fs;
use std::process::Command;

use galateo::ServeOptions;
use galateo::serve::Server;
use serde_json::{Value, json};

use super::{Desk, galateo};

#[test]
fn what_is_no_longer_kept_is_said_to_be_gone_since_when_and_stands_nowhere() {
    let mut desk = Desk::after_the_demo();
    let id = desk.case("instagram", "R4");
    let kept = desk.dossier_json(&id);
    let content = &kept["contribution"]["content"];
    desk.now = "2027-06-01T10:00:00Z";
    let dossier = desk.dossier_json(&id);
    let received = &dossier["contribution"];
    assert_eq!(received["content"], Value::Null);
    assert_eq!(received["forgotten"], json!({ "ground": "retention", "since": content["expires_at"] }));
    let page = desk.page(&id, &[]);
    assert!(page.contains("il termine di conservazione è scaduto il 01/05/2027"), "{page}");
    assert_forgotten(&[&page, &dossier.to_string()], content);
    assert_eq!(desk.verify(&dossier, &[]).status.code(), Some(0), "the proofs need nothing of it");
}

#[tokio::test(flavor = "multi_thread")]
async fn after_an_erasure_a_dossier_says_so_and_dossier_and_log_are_still_verified_by_both_programs() {
    let desk = Desk::after_the_demo();
    let id = desk.case("instagram", "R4");
    let kept = desk.dossier_json(&id);
    let content = &kept["contribution"]["content"];
    let author = kept["contribution"]["pseudonym"].as_str().unwrap();
    let because = ["--by", "anna", "--reason", "lo ha chiesto per iscritto", "--anyway"];
    assert!(desk.done(&[&["author", "erase", author][..], &because].concat()).starts_with("Cancellato"));

    let dossier = desk.dossier_json(&id);
    let received = &dossier["contribution"];
    assert_eq!((&received["content"], &received["pseudonym"]), (&Value::Null, &Value::Null));
    assert_eq!(received["forgotten"]["ground"], "erasure");
    let since = received["forgotten"]["since"].as_str().unwrap();
    assert!(since.starts_with("2026-11-04T10:00:0"), "{since}");
    let page = desk.page(&id, &[]);
    assert!(page.contains("sono stati cancellati, come annotato nel registro, il 04/11/2026"), "{page}");
    assert_eq!(desk.verify(&dossier, &[]).status.code(), Some(0));

    // The request is fulfilled once a minute has passed.
    let now = Some("2026-11-04T10:05:00Z".parse().unwrap());
    let options = ServeOptions { data: Some(desk.data.clone()), now, ..ServeOptions::in_memory() };
    let server = Server::start(&options).await.unwrap();
    server.moderation().carry_erasures_on().await.unwrap();
    server.stop().await;
    let log = desk.folder.path().join("log.jsonl");
    let log = log.to_str().unwrap();
    desk.done(&["audit", "export", "--from", "2026-11-01", "--out", log]);
    assert_eq!(galateo(&["audit", "verify", log]).status.code(), Some(0));
    let script = format!("{}/../../tests/audit/verify.py", env!("CARGO_MANIFEST_DIR"));
    assert!(Command::new("python3").arg(script).arg(log).output().unwrap().status.success());
    let text = fs::read_to_string(log).unwrap();
    assert!(text.contains(r#""fact":{"erasure""#));
    assert_forgotten(&[&page, &dossier.to_string(), &text], content);
}

/// Nothing of what was personal about a case stands in these texts.
fn assert_forgotten(texts: &[&str], content: &Value) {
    for canary in [&content["text"], &content["author"]["id"], &content["author"]["name"], &content["contribution"]] {
        let canary = canary.as_str().unwrap();
        assert!(texts.iter().all(|text| !text.contains(canary)), "{canary}");
    }
}
