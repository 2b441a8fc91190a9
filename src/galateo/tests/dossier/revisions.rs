//! The dossier of a contribution that its author has rewritten.

use std::fs;
use std::process::Command;
use std::time::Duration;

use galateo::ServeOptions;
use galateo::serve::Server;
use policy::Platform;
use serde_json::{Value, json};

use super::{Desk, galateo, list, out};

#[tokio::test(flavor = "multi_thread")]
async fn the_dossier_of_a_contribution_with_revisions_has_each_and_both_programs_verify_it_and_the_log() {
    const REVISIONS: [(&str, &str); 4] = [
        ("add", "sei un coglione di merda"),
        // The same with other punctuation: an audit entry, and nothing more.
        ("edited", "SEI UN COGLIONE di merda!!!"),
        ("edited", "Cerco prestanome per aprire una società, scrivetemi"),
        ("edited", "Servizio lento e costi assurdi, lo dico con calma."),
    ];
    let mut desk = Desk::empty("2026-11-04T10:00:00Z");
    let now = Some("2026-11-02T09:00:00Z".parse().unwrap());
    let options = ServeOptions { data: Some(desk.data.clone()), now, ..ServeOptions::in_memory() };
    let server = Server::start(&options).await.unwrap();
    let accounts = &server.moderation().policy().accounts;
    let page = accounts.iter().find(|account| account.platform == Platform::Facebook).unwrap().id.clone();
    let http = reqwest::Client::new();
    // Each is delivered twice; the first text would not stand there again for that.
    for (verb, text) in REVISIONS.into_iter().flat_map(|revision| [revision, revision]) {
        let status = server.deliver(&http, Platform::Facebook, facebook(page.as_str(), verb, text)).await.unwrap();
        assert_eq!(status, 200, "{text}");
    }
    // A hiding waits until what stands there was read, and looks again after a minute.
    server.settle(Duration::from_secs(180)).await.unwrap();
    server.stop().await;

    let list = desk.json(&["case", "list"]);
    let cases = list["cases"].as_array().unwrap();
    assert_eq!(cases.len(), 1, "{list}");
    let id = cases[0]["id"].as_str().unwrap().to_owned();
    assert_eq!(cases[0]["clause"], "R3", "{list}");
    let shown = desk.done(&["case", "show", &id]);
    // Longer ones are broken over lines.
    assert!(shown.contains(REVISIONS[0].1) && shown.contains("Servizio lento e costi"), "{shown}");
    assert!(shown.contains("(di questa tratta il caso)"), "{shown}");
    assert!(shown.contains("Comunicato       02/11/2026"), "{shown}");
    desk.decide("confirm", &id);
    desk.now = "2026-11-05T10:00:00Z";
    desk.done(&["audit", "seal", "--from", "2026-11-01"]);

    let dossier = desk.dossier_json(&id);
    let received = &dossier["contribution"];
    assert_eq!(received["content"]["text"], REVISIONS[2].1, "it is about the gravest");
    // Facebook repeats the time of the original: a strike for an edit counts from when it told of that.
    assert_eq!(
        (&received["written_at"], &received["told_at"]),
        (&json!(when(1_793_610_000)), &json!(when(1_793_610_001)))
    );
    let mut revisions = received["revisions"].as_array().unwrap().iter();
    let original = revisions.find(|other| other["edited"] == false).unwrap();
    assert_eq!((&original["written_at"], &original["told_at"]), (&json!(when(1_793_610_000)), &Value::Null));
    let others: Vec<&Value> = list_of(&received["revisions"], "text");
    assert!(others.contains(&&json!(REVISIONS[0].1)) && others.contains(&&json!(REVISIONS[3].1)), "{received}");
    assert!(!others.contains(&&json!(REVISIONS[2].1)), "{received}");
    let entries: Vec<Value> = list_of(&dossier["audit"]["entries"], "entry")
        .into_iter()
        .map(|entry| serde_json::from_str(entry.as_str().unwrap()).unwrap())
        .collect();
    let verdicts: Vec<&Value> =
        entries.iter().map(|entry| &entry["fact"]["verdict"]).filter(|fact| fact.is_object()).collect();
    let says_more = verdicts.iter().filter(|fact| fact["unchanged"] != true);
    assert_eq!(says_more.clone().count(), 3, "each revision is judged once: {verdicts:?}");
    assert_eq!(says_more.filter(|fact| fact["revision"].is_string()).count(), 2);
    assert_eq!(verdicts.iter().filter(|fact| fact["strike"].is_object()).count(), 1, "one strike");
    let raised: Vec<&Value> =
        verdicts.iter().map(|fact| &fact["strike_raised"]["weight"]).filter(|it| !it.is_null()).collect();
    assert_eq!(raised, [&json!(2)]);
    let verified = desk.verify(&dossier, &["--organisation", "milano-monza-brianza-lodi"]);
    assert_eq!(verified.status.code(), Some(0), "{}", out(&verified));
    assert!(out(&verified).contains(&format!(" of {} entries are proved", entries.len())), "{}", out(&verified));
    let page = desk.page(&id, &[]);
    assert!(page.contains("Comunicato dalla piattaforma il") && page.contains("Comunicata dalla piattaforma il"));
    // In the text that it is about the matched words are marked.
    for text in [REVISIONS[0].1, "per aprire una società, scrivetemi", REVISIONS[3].1] {
        assert!(page.contains(text), "{text}");
    }

    // Who changes what was said of a revision is found out, by both.
    let log = desk.folder.path().join("log.jsonl");
    let script = format!("{}/../../tests/audit/verify.py", env!("CARGO_MANIFEST_DIR"));
    desk.done(&["audit", "export", "--from", "2026-11-01", "--out", log.to_str().unwrap()]);
    let text = fs::read_to_string(&log).unwrap();
    let count = |what: &str| text.matches(what).count();
    assert_eq!((count(r#""strike_raised""#), count(r#""unchanged":true"#)), (1, 1));
    let raised = text.replacen(r#""unchanged":true"#, r#""unchanged":null"#, 1);
    assert_ne!(raised, text);
    for (content, code) in [(&text, 0), (&raised, 1)] {
        fs::write(&log, content).unwrap();
        let ours = galateo(&["audit", "verify", log.to_str().unwrap()]);
        let theirs = Command::new("python3").arg(&script).arg(&log).output().unwrap();
        assert_eq!((ours.status.code(), theirs.status.code()), (Some(code), Some(code)), "{}", out(&theirs));
    }
    for (_, said) in REVISIONS {
        assert!(!text.contains(said), "the log holds no text");
    }
}

/// Facebook's webhook about a comment of our page.
fn facebook(page: &str, verb: &str, text: &str) -> Vec<u8> {
    let value = json!({ "item": "comment", "verb": verb, "comment_id": "55_7007", "post_id": format!("{page}_55"),
        "parent_id": format!("{page}_55"), "from": { "id": "4242700", "name": "Persona di prova" },
        "created_time": 1_793_610_000, "message": text });
    let change = json!({ "field": "feed", "value": value });
    json!({ "object": "page", "entry": [{ "id": page, "time": 1_793_610_001, "changes": [change] }] })
        .to_string()
        .into_bytes()
}

fn when(seconds: i64) -> String {
    jiff::Timestamp::from_second(seconds).unwrap().to_string()
}

/// This field of each element of a list.
fn list_of<'v>(value: &'v Value, field: &str) -> Vec<&'v Value> {
    list(value).iter().map(|element| &element[field]).collect()
}
