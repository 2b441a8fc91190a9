//! Our own voice is not moderated (invariant 8).

use policy::Platform;

use crate::world::{INSULT, World};

#[tokio::test]
async fn a_comment_of_the_page_itself_is_not_judged_whatever_it_says() {
    let world = World::start().await;
    let page = world.account(Platform::Facebook);
    let body = String::from_utf8(world.facebook_comment("9_1", "add", INSULT)).unwrap();
    let body = body.replace("\"4242\"", &format!("\"{page}\""));
    assert_eq!(world.delivers(Platform::Facebook, body).await, 200);
    world.settles().await;
    assert_eq!(world.entries().await, []);
    assert_eq!(world.server.moderation().tally().get(Platform::Facebook, "own_voice"), 1);
}

#[tokio::test]
async fn the_webhook_that_our_own_hide_causes_leads_to_nothing() {
    let world = World::start().await;
    let id = world.comments(Platform::Facebook, "7100", INSULT).await;
    world.settles().await;
    assert!(world.sandbox().is_hidden(Platform::Facebook, &id));
    assert_eq!(world.server.moderation().tally().get(Platform::Facebook, "visibility"), 1);
    assert_eq!(world.hides(Platform::Facebook).len(), 1, "hidden once");
    assert_eq!(world.strikes(Platform::Facebook, &id).await, 1);
}

#[tokio::test]
async fn an_echo_of_our_own_message_is_not_judged() {
    let world = World::start().await;
    let page = world.account(Platform::Facebook);
    let body = serde_json::json!({ "object": "page", "entry": [{ "id": page, "time": 1, "messaging": [{
        "sender": { "id": page }, "recipient": { "id": "7101" }, "timestamp": 1_790_000_000_000_i64,
        "message": { "mid": "m_2", "is_echo": true, "app_id": 1, "text": INSULT } }] }] });
    assert_eq!(world.delivers(Platform::Facebook, body.to_string()).await, 200);
    assert_eq!(world.entries().await, []);
}

#[tokio::test]
async fn what_concerns_an_account_that_is_not_ours_is_acknowledged_and_counted() {
    let world = World::start().await;
    let page = world.account(Platform::Facebook);
    let body = String::from_utf8(world.facebook_comment("9_2", "add", INSULT)).unwrap();
    let body = body.replace(page.as_str(), "31337");
    assert_eq!(world.delivers(Platform::Facebook, body).await, 200);
    assert_eq!(world.entries().await, []);
    assert_eq!(world.server.moderation().tally().get(Platform::Facebook, "not_ours"), 1);
}
