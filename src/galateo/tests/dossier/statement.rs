//! The statement of reasons, and the page that shows it.

use std::fs;
use std::path::Path;
use std::time::Duration;

use galateo::ServeOptions;
use galateo::serve::Server;
use policy::Platform;
use serde_json::{Value, json};

use crate::{Desk, list};

#[test]
fn a_statement_of_reasons_uses_the_terms_of_the_database_and_no_personal_data() {
    let desk = Desk::after_the_demo();
    let dossier = desk.dossier_json(&desk.case("instagram", "R4"));
    let statement = &dossier["statement_of_reasons"];
    assert_eq!((&statement["voluntary"], &statement["state"]), (&true.into(), &"in_force".into()));
    let attributes = &statement["attributes"];
    assert_eq!(attributes["decision_visibility"], json!(["DECISION_VISIBILITY_CONTENT_DISABLED"]));
    for (name, value) in [
        ("decision_ground", "DECISION_GROUND_INCOMPATIBLE_CONTENT"),
        ("source_type", "SOURCE_VOLUNTARY"),
        ("automated_detection", "Yes"),
        ("automated_decision", "AUTOMATED_DECISION_FULLY"),
        ("application_date", "2026-11-02"),
        ("puid", dossier["case"]["id"].as_str().unwrap()),
    ] {
        assert_eq!(attributes[name], value, "{name}");
    }
    let clause = dossier["policy"]["clauses"][0]["number"].as_str().unwrap();
    assert!(attributes["incompatible_content_ground"].as_str().unwrap().contains(&format!("articolo {clause},")));
    let (text, content) = (statement.to_string(), &dossier["contribution"]["content"]);
    for personal in [&content["text"], &content["author"]["id"], &content["author"]["name"], &content["contribution"]] {
        assert!(!text.contains(personal.as_str().unwrap()), "{text}");
    }
    for found in list(&dossier["verdict"]["findings"]) {
        assert!(!text.contains(found["matched"].as_str().unwrap()), "{text}");
    }
    // What only waits for a person restricts nobody.
    let open = desk.case("facebook", "R2");
    assert_eq!(desk.dossier_json(&open)["statement_of_reasons"], Value::Null);
    assert!(desk.page(&open, &[]).contains("non c'è nulla da motivare"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_shows_what_a_stranger_wrote_as_text_and_a_statement_follows_the_decision() {
    let desk = Desk::empty("2026-11-18T09:00:00Z");
    // The server's clock goes on from there: what the office decides then is due at once.
    let now = Some(desk.now.parse().unwrap());
    let options = ServeOptions { data: Some(desk.data.clone()), now, ..ServeOptions::in_memory() };
    let server = Server::start(&options).await.unwrap();
    let event = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../events/facebook/comment-add-insult.json");
    let body = fs::read_to_string(event).unwrap();
    let body = body.replace("Chi ha scritto", r"<script>alert(1)</script> \u202eChi ha scritto");
    assert_eq!(server.deliver(&reqwest::Client::new(), Platform::Facebook, body).await.unwrap(), 200);
    let id = desk.case("facebook", "R2");
    let page = desk.page(&id, &[]);
    assert!(page.contains("&lt;script&gt;alert(1)&lt;/script&gt; \\u{202e}Chi ha scritto"), "{page}");
    assert!(page.contains("<mark>coglione</mark><sup>[1]</sup>"), "{page}");
    assert!(!page.contains("<script") && !page.contains('\u{202e}'));
    assert!(page.contains(r#"http-equiv="Content-Security-Policy" content="default-src 'none';"#));
    assert!(!page.contains(" src=") && !page.contains("url(") && !page.contains("@import"));
    assert!(page.starts_with("<!DOCTYPE html><html lang=\"it\">"));

    desk.decide("confirm", &id);
    server.settle(Duration::from_secs(30)).await.unwrap();
    let statement = desk.dossier_json(&id)["statement_of_reasons"].clone();
    assert_eq!((&statement["state"], &statement["overturned_at"]), (&"in_force".into(), &Value::Null));
    assert_eq!(statement["attributes"]["automated_decision"], "AUTOMATED_DECISION_NOT_AUTOMATED");
    desk.decide("overturn", &id);
    server.settle(Duration::from_secs(30)).await.unwrap();
    let statement = desk.dossier_json(&id)["statement_of_reasons"].clone();
    assert_eq!(statement["state"], "ended");
    assert!(statement["overturned_at"].is_string(), "{statement}");
    assert!(statement["attributes"]["end_date_visibility_restriction"].is_string(), "{statement}");
    server.stop().await;
}
