//! The doors: who is let in, and how the others are answered.

use policy::Platform;
use serde_json::json;

use crate::world::{INSULT, World};

#[tokio::test]
async fn every_platform_can_perform_its_handshake() {
    let world = World::start().await;
    for platform in Platform::ALL.iter().copied() {
        world.sandbox().handshake(platform).await.unwrap_or_else(|error| panic!("{platform}: {error}"));
    }
}

#[tokio::test]
async fn whatever_is_wrong_with_a_signature_the_answer_is_the_same() {
    let world = World::start().await;
    for platform in Platform::ALL.iter().copied() {
        let url = world.server.url(&format!("/webhooks/{platform}"));
        let (name, value) = sandbox::sign(platform, "another secret", b"{}");
        let wrong = world.http.post(&url).header(name, value).body("{}").send().await.unwrap();
        let unreadable = world.http.post(&url).header(name, "sha256=zz").body("{}").send().await.unwrap();
        let missing = world.http.post(&url).body("{}").send().await.unwrap();
        let mut answers = Vec::new();
        for answer in [wrong, unreadable, missing] {
            answers.push((answer.status().as_u16(), answer.text().await.unwrap()));
        }
        assert_eq!(answers[0].0, 401, "{platform}");
        assert!(answers.iter().all(|answer| answer == &answers[0]), "{platform}: {answers:?}");
    }
}

#[tokio::test]
async fn a_body_over_the_limit_is_refused_and_the_largest_allowed_is_read() {
    let world = World::start().await;
    let body = r#"{"for_user_id":"1"}"#;
    let padding = " ".repeat(platforms::MAX_BODY_BYTES - body.len());
    assert_eq!(world.delivers(Platform::X, format!("{body}{padding}")).await, 200);
    assert_eq!(world.delivers(Platform::X, format!("{body}{padding} ")).await, 413);
}

#[tokio::test]
async fn a_body_that_is_no_json_is_not_asked_for_again_where_that_would_go_on_for_hours() {
    let world = World::start().await;
    for platform in [Platform::Facebook, Platform::Instagram, Platform::Linkedin, Platform::Youtube] {
        assert_eq!(world.delivers(platform, "{\"object\":").await, 200, "{platform}");
    }
    assert_eq!(world.delivers(Platform::X, "{\"data\":").await, 400, "X documents no repetition");
}

#[tokio::test]
async fn an_unknown_kind_is_acknowledged_and_counted() {
    let world = World::start().await;
    let page = world.account(Platform::Facebook);
    let body = json!({ "object": "page", "entry": [{ "id": page, "time": 1, "changes": [
        { "field": "hologram", "value": { "item": "ghost", "message": INSULT } },
        { "field": "feed", "value": { "item": "ghost", "verb": "add", "message": INSULT } }
    ] }] });
    assert_eq!(world.delivers(Platform::Facebook, body.to_string()).await, 200);
    assert_eq!(world.server.moderation().tally().get(Platform::Facebook, "unknown"), 2);
    assert_eq!(world.entries().await, []);
}

#[tokio::test]
async fn a_batch_of_a_thousand_is_recorded_before_it_is_acknowledged() {
    let world = World::start().await;
    let page = world.account(Platform::Facebook);
    let changes: Vec<_> = (0..1000)
        .map(|number| {
            json!({ "field": "feed", "value": { "item": "comment", "verb": "add", "comment_id": format!("3_{number}"),
                "post_id": format!("{page}_3"), "from": { "id": format!("{number}1"), "name": "Prova" },
                "created_time": 1_790_000_000, "message": format!("Bella iniziativa, numero {number}") } })
        })
        .collect();
    let body = json!({ "object": "page", "entry": [{ "id": page, "time": 1_790_000_001, "changes": changes }] });
    assert_eq!(world.delivers(Platform::Facebook, body.to_string()).await, 200);
    assert_eq!(world.entries().await.len(), 1000);
}

#[tokio::test]
async fn an_unknown_platform_is_not_found() {
    let world = World::start().await;
    let answer = world.http.post(world.server.url("/webhooks/myspace")).body("{}").send().await.unwrap();
    assert_eq!(answer.status(), 404);
}

#[tokio::test]
async fn while_the_ledger_is_away_nothing_is_acknowledged() {
    let world = World::start().await;
    let policy = std::sync::Arc::new(moderation::built_in("milano-monza-brianza-lodi").unwrap());
    let key = ledger::PseudonymKey::new(b"a key for the story").unwrap();
    // Nothing listens on the discard port.
    let away = ledger::client_for("http://127.0.0.1:9");
    let ledger = ledger::Ledger::new(away, ledger::Tables::default(), &policy.reference.id, key);
    let client = platforms::Client::new(world.server.endpoints().clone(), Default::default()).unwrap();
    let moderation = moderation::Moderation::new(policy, ledger, client, moderation::Clock::default());
    let secrets = world.server.settings().webhook(Platform::Facebook);
    for text in [INSULT, crate::world::CRITICISM] {
        let body = world.facebook_comment("4_1", "add", text);
        let (name, value) = sandbox::sign(Platform::Facebook, moderation::DEVELOPMENT_SECRET, &body);
        let request = http::Request::post("/webhooks/facebook").header(name, value).body(body.into()).unwrap();
        let (answer, _) = moderation.webhook(Platform::Facebook, &request, &secrets).await;
        assert_eq!(answer.status(), 503);
    }
}
