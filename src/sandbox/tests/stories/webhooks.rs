use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::body::Bytes;
use axum::extract::{Path, Query};
use axum::routing::get;
use http::{HeaderMap, StatusCode};
use policy::{Platform, Surface};
use sandbox::{DEVELOPMENT_SECRET, HandshakeFailed, NewComment, Sandbox, Settings, Webhook, sign};
use serde_json::{Value, json};

use crate::{BIKE_INSTAGRAM, CHANNEL, Clock, INSTAGRAM, ORGANIZATION, PAGE, Stage, X_ACCOUNT, someone, strict};

/// The one webhook since the last time, its signature checked.
fn only(sandbox: &Sandbox) -> Value {
    let mut webhooks = sandbox.take_webhooks();
    assert_eq!(webhooks.len(), 1);
    parsed(&webhooks.remove(0))
}

fn parsed(webhook: &Webhook) -> Value {
    let (name, value) = sign(webhook.platform, DEVELOPMENT_SECRET, &webhook.body);
    assert!(webhook.headers.contains(&(name.to_owned(), value)));
    serde_json::from_slice(&webhook.body).expect("JSON")
}

#[tokio::test]
async fn facebook_tells_of_every_change_of_a_comment_and_of_our_own_hide() {
    let clock = Clock::at("2026-11-02T10:00:00Z");
    let stage = Stage::new(clock.settings()).await;
    let id = stage.writes(Platform::Facebook, "perché?");
    let post = format!("{PAGE}_901097836652708");
    let mut value = json!({"item": "comment", "verb": "add", "comment_id": id, "post_id": post, "parent_id": post,
        "from": {"id": "8423678347823", "name": "Nicolò"}, "created_time": 1_793_613_600, "message": "perché?"});
    let webhooks = stage.sandbox.take_webhooks();
    assert!(webhooks[0].body.is_ascii(), "signed with escapes, as Meta sends it");
    assert_eq!(
        parsed(&webhooks[0]),
        json!({"object": "page", "entry": [{"id": PAGE, "time": 1_793_613_600,
            "changes": [{"field": "feed", "value": value}]}]})
    );

    clock.forward_hours(1);
    let change = |sandbox: &Sandbox| only(sandbox)["entry"][0]["changes"][0]["value"].clone();
    stage.sandbox.edit_comment(Platform::Facebook, &id, "ecco").expect("it is there");
    value["verb"] = json!("edited");
    value["message"] = json!("ecco");
    assert_eq!(change(&stage.sandbox), value);

    let hide = format!("/facebook/v26.0/{id}?is_hidden");
    stage.call("POST", &format!("{hide}=true"), None).await;
    value["verb"] = json!("hide");
    value["created_time"] = json!(1_793_617_200);
    assert_eq!(change(&stage.sandbox), value);
    stage.call("POST", &format!("{hide}=true"), None).await;
    assert!(stage.sandbox.take_webhooks().is_empty(), "nothing changed");
    stage.call("POST", &format!("{hide}=false"), None).await;
    assert_eq!(change(&stage.sandbox)["verb"], "unhide");

    stage.sandbox.delete_comment(Platform::Facebook, &id).expect("it is there");
    let removed = change(&stage.sandbox);
    assert_eq!(removed["verb"], "remove");
    assert!(removed.get("message").is_none());
}

#[tokio::test]
async fn facebook_tells_of_posts_mentions_reviews_messages_and_echoes_each_in_its_shape() {
    let stage = Stage::strict().await;
    let post = |surface| {
        stage.posts(Platform::Facebook, NewComment { surface, ..someone(Platform::Facebook, "salve") });
        only(&stage.sandbox)["entry"][0].clone()
    };
    let visitor = post(Surface::VisitorPost)["changes"][0].clone();
    assert_eq!((&visitor["field"], &visitor["value"]["item"]), (&json!("feed"), &json!("post")));
    let mention = post(Surface::Mention)["changes"][0].clone();
    assert_eq!((&mention["field"], mention["value"].get("from")), (&json!("mention"), None));
    assert_eq!(post(Surface::Review)["changes"][0]["field"], "ratings");
    let message = post(Surface::Message)["messaging"][0].clone();
    assert_eq!(message["sender"]["id"], stage.sandbox.page_scoped_id("8423678347823"));
    assert_eq!((&message["recipient"]["id"], &message["message"]["text"]), (&json!(PAGE), &json!("salve")));

    let body = json!({"recipient": message["sender"], "message": {"text": "Buongiorno"}});
    stage.call("POST", &format!("/facebook/v26.0/{PAGE}/messages"), Some(body)).await;
    let echo = only(&stage.sandbox)["entry"][0]["messaging"][0].clone();
    assert_eq!((&echo["sender"]["id"], &echo["message"]["is_echo"]), (&json!(PAGE), &json!(true)));
}

#[tokio::test]
async fn instagram_sends_each_login_its_own_shape_and_marks_our_own_voice() {
    let stage = Stage::strict().await;
    let id = stage.writes(Platform::Instagram, "mah");
    let entry = only(&stage.sandbox)["entry"][0].clone();
    assert_eq!((&entry["id"], &entry["changes"][0]["value"]["id"]), (&json!(INSTAGRAM), &json!(id)));
    stage.posts(Platform::Instagram, NewComment::new(BIKE_INSTAGRAM, "7", "ugo", "mah"));
    let entry = only(&stage.sandbox)["entry"][0].clone();
    assert_eq!((&entry["field"], &entry["value"]["from"]["username"]), (&json!("comments"), &json!("ugo")));

    stage.call("POST", &format!("/instagram/v26.0/{id}/replies?message=Buongiorno"), None).await;
    let own = only(&stage.sandbox)["entry"][0]["changes"][0]["value"].clone();
    assert_eq!((&own["from"]["self_ig_scoped_id"], &own["parent_id"]), (&json!(INSTAGRAM), &json!(id)));
    stage.call("POST", &format!("/instagram/v26.0/{id}?hide=true"), None).await;
    stage.sandbox.edit_comment(Platform::Instagram, &id, "ecco").expect("it is there");
    stage.sandbox.delete_comment(Platform::Instagram, &id).expect("it is there");
    assert!(stage.sandbox.take_webhooks().is_empty(), "Instagram tells of no hide, edit or deletion");
}

#[tokio::test]
async fn linkedin_tells_of_comments_edits_deletions_and_our_own() {
    let stage = Stage::strict().await;
    let id = stage.writes(Platform::Linkedin, "mah");
    let notification = only(&stage.sandbox)["notifications"][0].clone();
    assert_eq!(notification["organizationalEntity"], ORGANIZATION);
    assert_eq!(notification["action"], "COMMENT");
    assert_eq!(notification["decoratedGeneratedActivity"]["comment"]["entity"], id);
    let short = notification["generatedActivity"].as_str().expect("a URN");
    assert!(short.starts_with("urn:li:comment:(activity:"), "{short}");

    stage.sandbox.edit_comment(Platform::Linkedin, &id, "ecco").expect("it is there");
    let edited = only(&stage.sandbox)["notifications"][0].clone();
    assert_eq!(edited["action"], "COMMENT_EDIT");
    assert_ne!(edited["notificationId"], notification["notificationId"]);
    let path = format!("/linkedin/rest/socialActions/{}/comments", id.replace(':', "%3A").replace('(', "%28"));
    let path = path.replace(')', "%29").replace(',', "%2C");
    let body = json!({"actor": ORGANIZATION, "object": notification["sourcePost"], "message": {"text": "Grazie"}});
    stage.call("POST", &path, Some(body)).await;
    assert_eq!(only(&stage.sandbox)["notifications"][0]["action"], "ADMIN_COMMENT");
    stage.sandbox.delete_comment(Platform::Linkedin, &id).expect("it is there");
    let deleted = only(&stage.sandbox)["notifications"][0].clone();
    assert_eq!((&deleted["action"], deleted.get("decoratedGeneratedActivity")), (&json!("COMMENT_DELETE"), None));
}

#[tokio::test]
async fn youtube_tells_of_videos_and_never_of_comments() {
    let stage = Stage::strict().await;
    stage.writes(Platform::Youtube, "mah");
    assert!(stage.sandbox.take_webhooks().is_empty());
    stage.sandbox.publish_video(CHANNEL, "abc123", "Bandi & contributi");
    let webhook = stage.sandbox.take_webhooks().remove(0);
    let (name, value) = sign(Platform::Youtube, DEVELOPMENT_SECRET, &webhook.body);
    assert!(webhook.headers.contains(&(name.to_owned(), value)));
    let body = String::from_utf8(webhook.body).expect("text");
    assert!(body.contains("<yt:videoId>abc123</yt:videoId>") && body.contains("Bandi &amp; contributi"), "{body}");
}

#[tokio::test]
async fn x_tells_of_direct_replies_mentions_and_messages_only() {
    let stage = Stage::strict().await;
    let id = stage.writes(Platform::X, "mah");
    let data = only(&stage.sandbox)["data"].clone();
    assert_eq!((&data["event_type"], &data["filter"]["user_id"]), (&json!("post.reply.create"), &json!(X_ACCOUNT)));
    assert_eq!((&data["payload"]["id"], &data["payload"]["in_reply_to_user_id"]), (&json!(id), &json!(X_ACCOUNT)));
    let kind = |new: NewComment| {
        stage.posts(Platform::X, new);
        only(&stage.sandbox)["data"]["event_type"].clone()
    };
    assert_eq!(
        kind(NewComment { surface: Surface::Mention, ..someone(Platform::X, "@camera") }),
        "post.mention.create"
    );
    assert_eq!(kind(NewComment { surface: Surface::Message, ..someone(Platform::X, "salve") }), "dm.received");
    stage.posts(Platform::X, NewComment { parent: Some(id.clone()), ..someone(Platform::X, "ancora") });
    stage.sandbox.delete_comment(Platform::X, &id).expect("it is there");
    assert!(stage.sandbox.take_webhooks().is_empty(), "replies to replies and deletions by others are not told of");
}

/// The platform in the address, the headers and the body of one delivery.
type Received = (String, HeaderMap, Vec<u8>);

/// A webhook that gives these statuses in turn, then 200, and remembers what came.
#[derive(Clone, Default)]
struct Receiver {
    statuses: Arc<Mutex<Vec<u16>>>,
    received: Arc<Mutex<Vec<Received>>>,
}

impl Receiver {
    async fn serve(&self, challenge: fn(&HashMap<String, String>) -> String) -> String {
        let receiver = self.clone();
        let receive = move |Path(platform): Path<String>, headers: HeaderMap, body: Bytes| async move {
            receiver.received.lock().expect("no panic").push((platform, headers, body.to_vec()));
            let mut statuses = receiver.statuses.lock().expect("no panic");
            let status = if statuses.is_empty() { 200 } else { statuses.remove(0) };
            StatusCode::from_u16(status).expect("a status")
        };
        let answer = move |Query(query): Query<HashMap<String, String>>| async move { challenge(&query) };
        let router = Router::new().route("/webhooks/{platform}", get(answer).post(receive));
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let base = format!("http://{}", listener.local_addr().expect("an address"));
        tokio::spawn(async move { axum::serve(listener, router).await });
        base
    }

    fn settings(base: &str, pauses: &[u64]) -> Settings {
        Settings {
            webhook_base: Some(base.parse().expect("an address")),
            redelivery: pauses.iter().copied().map(Duration::from_millis).collect(),
            ..strict()
        }
    }

    fn bodies(&self) -> Vec<Vec<u8>> {
        self.received.lock().expect("no panic").iter().map(|(_, _, body)| body.clone()).collect()
    }
}

#[tokio::test]
async fn webhooks_arrive_signed_in_order_and_again_until_accepted() {
    let receiver = Receiver { statuses: Arc::new(Mutex::new(vec![500, 503])), ..Receiver::default() };
    let base = receiver.serve(|_| String::new()).await;
    let stage = Stage::new(Receiver::settings(&base, &[1, 1, 1])).await;
    let id = stage.writes(Platform::Facebook, "insulto");
    stage.call("POST", &format!("/facebook/v26.0/{id}?is_hidden=true"), None).await;
    stage.sandbox.settled().await;

    let bodies = receiver.bodies();
    assert_eq!(bodies.len(), 4);
    assert!(bodies[0] == bodies[1] && bodies[1] == bodies[2], "the same delivery three times");
    let hide: Value = serde_json::from_slice(&bodies[3]).expect("JSON");
    assert_eq!(hide["entry"][0]["changes"][0]["value"]["verb"], "hide");
    for (platform, headers, body) in receiver.received.lock().expect("no panic").iter() {
        let (name, value) = sign(Platform::Facebook, DEVELOPMENT_SECRET, body);
        assert_eq!(platform, "facebook");
        assert_eq!(headers[name], value);
    }
}

#[tokio::test]
async fn a_webhook_that_is_never_accepted_is_dropped_and_the_next_one_sent() {
    let receiver = Receiver { statuses: Arc::new(Mutex::new(vec![500, 500])), ..Receiver::default() };
    let base = receiver.serve(|_| String::new()).await;
    let stage = Stage::new(Receiver::settings(&base, &[1])).await;
    stage.writes(Platform::Linkedin, "uno");
    stage.writes(Platform::X, "due");
    stage.sandbox.settled().await;
    let platforms: Vec<_> =
        receiver.received.lock().expect("no panic").iter().map(|(platform, ..)| platform.clone()).collect();
    assert_eq!(platforms, ["linkedin", "linkedin", "x"]);
}

#[tokio::test]
async fn a_platforms_own_secret_signs_its_webhooks() {
    let secrets = HashMap::from([(Platform::X, "test-consumer-secret".into())]);
    let sandbox = Sandbox::new(Settings { secrets, ..strict() });
    sandbox.add_comment(Platform::X, someone(Platform::X, "mah")).expect("X takes it");
    let webhook = sandbox.take_webhooks().remove(0);
    let (name, value) = sign(Platform::X, "test-consumer-secret", &webhook.body);
    assert!(webhook.headers.contains(&(name.to_owned(), value)));
}

#[tokio::test]
async fn a_handshake_succeeds_only_with_the_right_answer() {
    let echo = |query: &HashMap<String, String>| {
        let token = query.get("hub.verify_token").is_some_and(|token| token == DEVELOPMENT_SECRET);
        query.get("hub.challenge").filter(|_| token).cloned().unwrap_or_default()
    };
    let base = Receiver::default().serve(echo).await;
    let sandbox = Sandbox::new(Receiver::settings(&base, &[]));
    for platform in [Platform::Facebook, Platform::Instagram, Platform::Youtube] {
        sandbox.handshake(platform).await.expect("the challenge came back");
    }
    for platform in [Platform::Linkedin, Platform::X] {
        let failed = sandbox.handshake(platform).await.expect_err("an echo proves nothing");
        assert!(matches!(failed, HandshakeFailed::WrongAnswer));
    }
    let failed = Sandbox::new(strict()).handshake(Platform::X).await.expect_err("nowhere to ask");
    assert!(matches!(failed, HandshakeFailed::NoWebhook));
}
