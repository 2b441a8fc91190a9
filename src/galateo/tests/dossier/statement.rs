//! The statement of reasons, and the page that shows it.

use std::fs;
use std::path::Path;
use std::time::Duration;

use galateo::ServeOptions;
use galateo::serve::Server;
use policy::Platform;
use serde_json::{Value, json};

use super::{Desk, list};

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
    let facts = attributes["decision_facts"].as_str().unwrap();
    let reader = dossier["policy"]["reader"]["hash"].as_str().unwrap();
    assert!(
        facts.contains("letto da un modello statistico") && facts.contains("alone it can only call a person"),
        "{facts}"
    );
    assert!(facts.contains(&format!("SHA-256 {reader}")), "{facts}");
    let (text, content) = (statement.to_string(), &dossier["contribution"]["content"]);
    for personal in [&content["text"], &content["author"]["id"], &content["author"]["name"], &content["contribution"]] {
        assert!(!text.contains(personal.as_str().unwrap()), "{text}");
    }
    for found in list(&dossier["verdict"]["findings"]) {
        assert!(!text.contains(found["matched"].as_str().unwrap()), "{text}");
    }
    // What only waits for a person restricts nobody.
    let open = desk.waiting("facebook", "R2");
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
    let id = desk.waiting("facebook", "R2");
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

/// Records with a violation on this platform, which was seen to as far as it can be by call; and the id of its case.
async fn restricted(platform: Platform, event: &str) -> (Desk, String) {
    restricted_by(platform, event, |body| body).await
}

/// The same, of an event in which something else is written.
async fn restricted_by(platform: Platform, event: &str, written: impl Fn(String) -> String) -> (Desk, String) {
    let desk = Desk::empty("2026-11-04T10:00:00Z");
    let now = Some("2026-11-02T09:00:00Z".parse().unwrap());
    let options = ServeOptions { data: Some(desk.data.clone()), now, ..ServeOptions::in_memory() };
    let server = Server::start(&options).await.unwrap();
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../events").join(platform.as_str()).join(event);
    let body = written(fs::read_to_string(path).unwrap());
    assert_eq!(server.deliver(&reqwest::Client::new(), platform, body).await.unwrap(), 200);
    server.settle(Duration::from_secs(180)).await.unwrap();
    server.stop().await;
    let cases = desk.json(&["case", "list"]);
    let id = cases["cases"][0]["id"].as_str().unwrap_or_else(|| panic!("no case: {cases}")).to_owned();
    (desk, id)
}

/// What a statement says of how a contribution was restricted.
fn stated(desk: &Desk, id: &str) -> String {
    let statement = &desk.dossier_json(id)["statement_of_reasons"];
    let attributes = &statement["attributes"];
    let facts = attributes["decision_facts"].as_str().unwrap();
    let done =
        facts.split_once(". Chiesto").or(facts.split_once(". Fatto a mano")).map_or("nothing", |(_, done)| done.trim());
    format!(
        "{}, {}, {}, since {}: {done}",
        statement["state"].as_str().unwrap(),
        attributes["decision_visibility"],
        attributes["automated_decision"].as_str().unwrap(),
        attributes["application_date"].as_str().unwrap()
    )
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_person_removed_by_hand_on_linkedin_is_in_force_and_what_they_could_not_remove_is_not() {
    for (more, after) in [(&[][..], "in_force"), (&["--could-not"][..], "not_carried_out")] {
        let (desk, id) = restricted(Platform::Linkedin, "comment-violation.json").await;
        assert!(stated(&desk, &id).starts_with("not_carried_out"), "{}", stated(&desk, &id));
        let task = format!("{id}-a1");
        desk.done(&[&["task", "done", &task, "--by", "anna", "--reason", "fatto dalla pagina"], more].concat());
        assert!(stated(&desk, &id).starts_with(after), "{}", stated(&desk, &id));
        let action = &desk.dossier_json(&id)["actions"][0];
        assert_eq!((&action["effect"], action["by_hand_at"].is_string()), (&json!("manual"), more.is_empty()));
        if more.is_empty() {
            insta::assert_snapshot!(stated(&desk, &id), @r#"in_force, ["DECISION_VISIBILITY_CONTENT_REMOVED"], AUTOMATED_DECISION_PARTIALLY, since 2026-11-04: alla piattaforma di rispondere in pubblico: fatto il 02/11/2026. Fatto a mano da una persona dell'ufficio: nascondere, il 04/11/2026."#);
            assert!(desk.page(&id, &[]).contains("Fatto a mano da una persona il"));
            let shown = desk.done(&["case", "show", &id]);
            assert!(shown.contains("fatto a mano il"), "{shown}");
        }
    }
}

/// An insult in the place of what is written in the examples of a mention and of a review.
fn insulting(body: String) -> String {
    ["peccato per gli orari", "Personale gentile allo sportello"]
        .iter()
        .fold(body, |body, words| body.replace(words, "sei un coglione di merda"))
}

/// Closes all tasks about a case as done, and says how many.
fn close_tasks(desk: &Desk, id: &str) -> usize {
    let tasks = desk.json(&["task", "list"]);
    let ids = list(&tasks["tasks"]).iter().filter(|task| task["case"] == id).map(|task| task["id"].as_str().unwrap());
    let done: Vec<_> = ids.map(|id| desk.done(&["task", "done", id, "--by", "anna", "--reason", "valutato"])).collect();
    done.len()
}

#[tokio::test(flavor = "multi_thread")]
async fn who_considered_what_no_platform_does_has_hidden_nothing() {
    let (desk, id) = restricted_by(Platform::X, "mention.json", insulting).await;
    assert_eq!(close_tasks(&desk, &id), 2, "that it cannot be hidden, and a warning that X did not take");
    assert!(stated(&desk, &id).starts_with("not_carried_out"), "{}", stated(&desk, &id));
    let facts = &desk.dossier_json(&id)["statement_of_reasons"]["attributes"]["decision_facts"];
    assert!(!facts.as_str().unwrap().contains("Fatto a mano da una persona dell'ufficio: nascondere"), "{facts}");
    // Nothing was hidden that could not be shown again, and nothing is asked.
    desk.decide("overturn", &id);
    let actions = desk.dossier_json(&id)["actions"].clone();
    assert!(list(&actions).iter().all(|action| action["kind"] != "unhide"), "{actions}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_review_that_was_reported_to_the_platform_is_not_removed_by_that() {
    let (desk, id) = restricted_by(Platform::Facebook, "ratings-review.json", insulting).await;
    assert!(close_tasks(&desk, &id) > 0);
    assert!(stated(&desk, &id).starts_with("not_carried_out"), "{}", stated(&desk, &id));
    assert_eq!(desk.dossier_json(&id)["actions"][0]["by_hand_at"], Value::Null);
    // It stands as far as anybody knows: there is nothing that could not be shown again.
    desk.done(&["case", "overturn", &id, "--by", "anna", "--reason", "era una critica"]);
    let actions = desk.dossier_json(&id)["actions"].clone();
    assert!(list(&actions).iter().all(|action| action["kind"] != "unhide"), "{actions}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_deleted_by_hand_stays_removed_when_its_case_is_overturned() {
    let (desk, id) = restricted(Platform::Linkedin, "comment-violation.json").await;
    desk.done(&["task", "done", &format!("{id}-a1"), "--by", "anna", "--reason", "eliminato"]);
    desk.done(&["case", "overturn", &id, "--anyway", "--by", "anna", "--reason", "era una critica"]);
    let options = ServeOptions {
        data: Some(desk.data.clone()),
        now: Some(desk.now.parse().unwrap()),
        ..ServeOptions::in_memory()
    };
    let server = Server::start(&options).await.unwrap();
    server.settle(Duration::from_secs(30)).await.unwrap();
    server.stop().await;
    assert!(close_tasks(&desk, &id) > 0, "that it cannot be shown again was to be considered");
    let statement = desk.dossier_json(&id)["statement_of_reasons"].clone();
    assert_eq!((&statement["state"], statement["overturned_at"].is_string()), (&json!("in_force"), true));
    assert_eq!(statement["attributes"]["end_date_visibility_restriction"], Value::Null);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_x_hid_is_disabled() {
    let (desk, id) = restricted(Platform::X, "reply-violation.json").await;
    insta::assert_snapshot!(stated(&desk, &id), @r#"in_force, ["DECISION_VISIBILITY_CONTENT_DISABLED"], AUTOMATED_DECISION_FULLY, since 2026-11-02: alla piattaforma di nascondere: fatto il 02/11/2026. Chiesto alla piattaforma di rispondere in pubblico: rifiutato: compito per l'ufficio il 02/11/2026."#);
}

#[test]
fn what_youtube_hid_is_disabled() {
    let desk = Desk::after_the_demo();
    let cases = desk.json(&["case", "list"]);
    let ids = list(&cases["cases"]).iter().filter(|case| case["platform"] == "youtube");
    let mut ids = ids.map(|case| case["id"].as_str().unwrap().to_owned());
    let id = ids.find(|id| desk.dossier_json(id)["statement_of_reasons"].is_object()).unwrap();
    insta::assert_snapshot!(stated(&desk, &id), @r#"in_force, ["DECISION_VISIBILITY_CONTENT_DISABLED"], AUTOMATED_DECISION_FULLY, since 2026-11-02: alla piattaforma di nascondere: fatto il 02/11/2026."#);
}
