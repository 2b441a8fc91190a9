use policy::{Platform, Surface};
use sandbox::{NewComment, Refusal, Settings};
use serde_json::json;

use crate::{BIKE_INSTAGRAM, INSTAGRAM as ACCOUNT, PAGE, Stage, someone};

const INSTAGRAM: Platform = Platform::Instagram;
const NICOLO: &str = "1234536447";

#[tokio::test]
async fn a_comment_is_hidden_shown_and_deleted() {
    let stage = Stage::strict().await;
    let id = stage.writes(INSTAGRAM, "insulto");
    let path = format!("/instagram/v26.0/{id}");
    assert_eq!(stage.call("POST", &format!("{path}?hide=true"), None).await.body, json!({"success": true}));
    assert!(stage.sandbox.is_hidden(INSTAGRAM, &id));
    let read = stage.call("GET", &format!("{path}?fields=from,username,text,media,hidden"), None).await.body;
    assert_eq!(
        read,
        json!({"id": id, "from": {"id": NICOLO, "username": "nicolo"}, "username": "nicolo", "text": "insulto",
            "media": {"id": "17918195224117851"}, "hidden": true})
    );
    stage.call("POST", &format!("{path}?hide=false"), None).await;
    assert!(!stage.sandbox.is_hidden(INSTAGRAM, &id));
    assert_eq!(stage.call("POST", &path, None).await.body["error"]["code"], 100);
    assert_eq!(stage.call("DELETE", &path, None).await.status, 200);
    assert_eq!(stage.call("POST", &format!("{path}?hide=true"), None).await.body["error"]["error_subcode"], 33);
}

#[tokio::test]
async fn a_live_comment_can_be_neither_hidden_nor_deleted() {
    let stage = Stage::strict().await;
    let id = stage.posts(INSTAGRAM, NewComment { surface: Surface::LiveComment, ..someone(INSTAGRAM, "insulto") });
    assert_eq!(stage.call("POST", &format!("/instagram/v26.0/{id}?hide=true"), None).await.status, 400);
    assert_eq!(stage.call("DELETE", &format!("/instagram/v26.0/{id}"), None).await.status, 400);
    assert!(stage.sandbox.comment(INSTAGRAM, &id).is_some_and(|comment| !comment.deleted));
    assert!(!stage.sandbox.is_hidden(INSTAGRAM, &id));
}

#[tokio::test]
async fn an_answer_to_an_answer_goes_under_the_top_level_comment() {
    let stage = Stage::strict().await;
    let top = stage.writes(INSTAGRAM, "uno");
    let below = stage.posts(INSTAGRAM, NewComment { parent: Some(top.clone()), ..someone(INSTAGRAM, "due") });
    let answer = stage.call("POST", &format!("/instagram/v26.0/{below}/replies?message=Buongiorno"), None).await;
    assert_eq!(stage.sandbox.replies(INSTAGRAM, &top), ["Buongiorno"]);
    let replies = stage.call("GET", &format!("/instagram/v26.0/{top}/replies?fields=text"), None).await.body;
    assert_eq!(replies["data"][1], json!({"id": answer.body["id"], "text": "Buongiorno"}));
}

#[tokio::test]
async fn what_we_wrote_ourselves_stays_visible_whatever_is_asked() {
    let stage = Stage::strict().await;
    let id = stage.writes(INSTAGRAM, "uno");
    let own = stage.call("POST", &format!("/instagram/v26.0/{id}/replies?message=Buongiorno"), None).await.body;
    let own = own["id"].as_str().expect("an id");
    assert_eq!(stage.call("POST", &format!("/instagram/v26.0/{own}?hide=true"), None).await.status, 200);
    assert!(!stage.sandbox.is_hidden(INSTAGRAM, own));
}

#[tokio::test]
async fn only_a_person_who_has_written_to_us_can_be_blocked() {
    let stage = Stage::strict().await;
    let id = stage.writes(INSTAGRAM, "insulto");
    let path = format!("/instagram/v26.0/{PAGE}/moderate_conversations");
    let body = |actions: &[&str]| Some(json!({"user_ids": [{"id": NICOLO}], "actions": actions}));
    let reply = json!({"recipient": {"comment_id": id}, "message": {"text": "La invitiamo"}});
    stage.call("POST", &format!("/instagram/v26.0/{PAGE}/messages"), Some(reply)).await;

    let refused = stage.call("POST", &path, body(&["block_user"])).await.body;
    assert_eq!(refused["error"]["code"], 1);
    assert!(refused["error"]["message"].as_str().is_some_and(|text| text.contains("thread not found")));

    stage.posts(INSTAGRAM, NewComment { surface: Surface::Message, ..someone(INSTAGRAM, "salve") });
    assert_eq!(stage.call("POST", &path, body(&["block_user", "unblock_user"])).await.body["error"]["code"], 100);
    assert_eq!(stage.call("POST", &path, body(&["block_user"])).await.body, json!({"success": "true"}));
    assert_eq!(stage.sandbox.add_comment(INSTAGRAM, someone(INSTAGRAM, "ancora")), Err(Refusal::Blocked));
    stage.call("POST", &path, body(&["unblock_user"])).await;
    assert!(stage.sandbox.add_comment(INSTAGRAM, someone(INSTAGRAM, "ancora")).is_ok());
}

#[tokio::test]
async fn with_instagram_login_messages_are_sent_at_the_account_itself() {
    let stage = Stage::strict().await;
    let id = stage.posts(INSTAGRAM, NewComment::new(BIKE_INSTAGRAM, NICOLO, "nicolo", "insulto"));
    let body = json!({"recipient": {"comment_id": id}, "message": {"text": "La invitiamo"}});
    let path = format!("/instagram-login/v26.0/{BIKE_INSTAGRAM}/messages");
    assert_eq!(stage.call("POST", &path, Some(body.clone())).await.body["recipient_id"], NICOLO);
    assert_eq!(stage.call("POST", &path, Some(body)).await.body["error"]["code"], 100);
    assert_eq!(stage.sandbox.private_messages(INSTAGRAM)[0].account, BIKE_INSTAGRAM);
}

#[tokio::test]
async fn the_text_behind_a_mention_is_read_through_the_account_and_answered_there() {
    let stage = Stage::strict().await;
    let id = stage.posts(INSTAGRAM, NewComment { surface: Surface::Mention, ..someone(INSTAGRAM, "@camera mah") });
    let fields = format!("mentioned_comment.comment_id({id}){{text,username}}");
    let read = stage.call("GET", &format!("/instagram/v26.0/{ACCOUNT}?fields={fields}"), None).await.body;
    assert_eq!(read["mentioned_comment"], json!({"id": id, "text": "@camera mah", "username": "nicolo"}));
    let body = json!({"media_id": "17918195224117851", "comment_id": id, "message": "Grazie"});
    stage.call("POST", &format!("/instagram/v26.0/{ACCOUNT}/mentions"), Some(body)).await;
    assert_eq!(stage.sandbox.replies(INSTAGRAM, &id), ["Grazie"]);
    assert_eq!(stage.call("POST", &format!("/instagram/v26.0/{id}?hide=true"), None).await.status, 400);
}

#[tokio::test]
async fn comments_of_a_post_can_be_switched_off() {
    let stage = Stage::strict().await;
    let path = "/instagram/v26.0/17918195224117851?comment_enabled";
    stage.call("POST", &format!("{path}=false"), None).await;
    assert_eq!(stage.sandbox.add_comment(INSTAGRAM, someone(INSTAGRAM, "uno")), Err(Refusal::Closed));
    stage.call("POST", &format!("{path}=true"), None).await;
    assert!(stage.sandbox.add_comment(INSTAGRAM, someone(INSTAGRAM, "uno")).is_ok());
}

#[tokio::test]
async fn an_account_tells_its_followers() {
    let stage = Stage::strict().await;
    stage.sandbox.set_followers(INSTAGRAM, ACCOUNT, 321);
    let path = format!("/instagram/v26.0/{ACCOUNT}?fields=followers_count,username");
    let answer = stage.call("GET", &path, None).await.body;
    assert_eq!(answer, json!({"id": ACCOUNT, "followers_count": 321, "username": "cameradicommercio"}));
}

#[tokio::test]
async fn each_host_knows_only_the_accounts_of_its_own_login() {
    let stage = Stage::strict().await;
    let linked = stage.writes(INSTAGRAM, "uno");
    let alone = stage.posts(INSTAGRAM, NewComment::new(BIKE_INSTAGRAM, NICOLO, "nicolo", "due"));
    for (host, other, ids) in [
        ("instagram", "instagram-login", [linked.as_str(), ACCOUNT, PAGE]),
        ("instagram-login", "instagram", [alone.as_str(), BIKE_INSTAGRAM, BIKE_INSTAGRAM]),
    ] {
        for (id, edge) in ids.into_iter().zip(["", "", "/subscribed_apps"]) {
            assert_eq!(stage.call("GET", &format!("/{host}/v26.0/{id}{edge}"), None).await.status, 200, "{host} {id}");
            let refused = stage.call("GET", &format!("/{other}/v26.0/{id}{edge}"), None).await;
            assert_eq!(refused.body["error"]["error_subcode"], 33, "{other} {id}");
        }
    }
    let journal = stage.sandbox.journal();
    assert!(
        journal.iter().all(|entry| entry.platform == INSTAGRAM && entry.path.starts_with("/v26.0/")),
        "{journal:?}"
    );
}

#[tokio::test]
async fn the_caption_behind_a_mention_is_read_through_the_account() {
    let stage = Stage::strict().await;
    let id = stage.posts(INSTAGRAM, NewComment { surface: Surface::Mention, ..someone(INSTAGRAM, "con @camera") });
    let fields = format!("mentioned_media.media_id({id}){{caption,username}}");
    let read = stage.call("GET", &format!("/instagram/v26.0/{ACCOUNT}?fields={fields}"), None).await.body;
    assert_eq!(read["mentioned_media"], json!({"id": id, "caption": "con @camera", "username": "nicolo"}));
    let fields = format!("mentioned_media.media_id({id}){{text}}");
    assert_eq!(stage.call("GET", &format!("/instagram/v26.0/{ACCOUNT}?fields={fields}"), None).await.status, 400);
}

#[tokio::test]
async fn an_object_never_seen_belongs_to_whichever_host_names_it() {
    let stage = Stage::new(Settings { accounts: crate::accounts(), ..Settings::default() }).await;
    for host in ["instagram", "instagram-login"] {
        for hidden in [true, false] {
            let path = format!("/{host}/v26.0/17865799348081001?hide={hidden}");
            assert_eq!(stage.call("POST", &path, None).await.status, 200, "{path}");
        }
    }
}
