use policy::{Platform, Surface};
use sandbox::{BlockKind, NewComment, Refusal};
use serde_json::json;

use crate::{Clock, PAGE, Stage, someone};

const FACEBOOK: Platform = Platform::Facebook;
const NICOLO: &str = "8423678347823";

#[tokio::test]
async fn a_comment_is_hidden_and_shown_again_as_often_as_one_likes() {
    let stage = Stage::strict().await;
    let id = stage.writes(FACEBOOK, "insulto");
    for (hidden, seen) in [("true", true), ("true", true), ("false", false)] {
        let answer = stage.call("POST", &format!("/facebook/v26.0/{id}?is_hidden={hidden}"), None).await;
        assert_eq!((answer.status, answer.body), (200, json!({"success": true})));
        assert_eq!(stage.sandbox.is_hidden(FACEBOOK, &id), seen);
    }
}

#[tokio::test]
async fn parameters_are_taken_from_query_form_and_json() {
    let stage = Stage::strict().await;
    let id = stage.writes(FACEBOOK, "insulto");
    let address = format!("{}/facebook/v25.0/{id}", stage.base);
    let form = reqwest::Client::new().post(&address).bearer_auth("t").form(&[("is_hidden", "true")]);
    assert_eq!(form.send().await.expect("an answer").status(), 200);
    assert!(stage.sandbox.is_hidden(FACEBOOK, &id));
    stage.call("POST", &format!("/facebook/v25.0/{id}"), Some(json!({"is_hidden": false}))).await;
    assert!(!stage.sandbox.is_hidden(FACEBOOK, &id));
}

#[tokio::test]
async fn wrong_parameters_and_paths_get_their_documented_codes() {
    let stage = Stage::strict().await;
    let id = stage.writes(FACEBOOK, "ciao");
    let code = async |method: &str, path: &str| {
        let answer = stage.call(method, path, None).await;
        (answer.status, answer.body["error"]["code"].as_u64())
    };
    assert_eq!(code("POST", &format!("/facebook/v26.0/{id}?is_hidden=maybe")).await, (400, Some(100)));
    assert_eq!(code("POST", &format!("/facebook/v26.0/{id}/comments?message=")).await, (400, Some(100)));
    assert_eq!(code("GET", &format!("/facebook/v26.0/{id}?fields=nonsense")).await, (400, Some(100)));
    assert_eq!(code("POST", &format!("/facebook/v26.0/{PAGE}/blocked?user=1&psid=2")).await, (400, Some(100)));
    assert_eq!(code("POST", &format!("/facebook/v26.0/{id}/private_replies?message=x")).await, (400, Some(2500)));
    assert_eq!(code("POST", &format!("/facebook/v19.0/{id}?is_hidden=true")).await, (400, Some(2500)));
}

#[tokio::test]
async fn what_is_gone_is_answered_with_code_100_and_subcode_33() {
    let stage = Stage::strict().await;
    let id = stage.writes(FACEBOOK, "insulto");
    assert_eq!(stage.call("DELETE", &format!("/facebook/v26.0/{id}"), None).await.body, json!({"success": true}));
    for (method, path) in [
        ("POST", format!("/facebook/v26.0/{id}?is_hidden=true")),
        ("DELETE", format!("/facebook/v26.0/{id}")),
        ("GET", format!("/facebook/v26.0/{id}?fields=is_hidden")),
        ("POST", format!("/facebook/v26.0/{id}/comments?message=ciao")),
        ("POST", "/facebook/v26.0/1_2?is_hidden=true".to_owned()),
    ] {
        let answer = stage.call(method, &path, None).await;
        assert_eq!(answer.status, 400, "{method} {path}");
        assert_eq!(answer.body["error"]["code"], 100);
        assert_eq!(answer.body["error"]["error_subcode"], 33);
    }
}

#[tokio::test]
async fn a_comment_can_be_read_with_the_fields_that_are_asked_for() {
    let stage = Stage::strict().await;
    let id = stage.writes(FACEBOOK, "perché?");
    stage.call("POST", &format!("/facebook/v26.0/{id}?is_hidden=true"), None).await;
    let path = format!("/facebook/v26.0/{id}?fields=is_hidden,can_hide,can_remove,can_reply_privately,from,message");
    assert_eq!(
        stage.call("GET", &path, None).await.body,
        json!({"id": id, "is_hidden": true, "can_hide": true, "can_remove": true, "can_reply_privately": true,
            "from": {"id": NICOLO, "name": "Nicolò"}, "message": "perché?"})
    );
}

#[tokio::test]
async fn a_reply_stands_below_the_comment_and_can_be_read_back_page_by_page() {
    let stage = Stage::strict().await;
    let id = stage.writes(FACEBOOK, "insulto");
    let path = format!("/facebook/v26.0/{id}/comments");
    let first = stage.call("POST", &path, Some(json!({"message": "uno"}))).await.body["id"].clone();
    stage.call("POST", &path, Some(json!({"message": "due"}))).await;
    assert_eq!(stage.sandbox.replies(FACEBOOK, &id), ["uno", "due"]);

    let page = stage.call("GET", &format!("{path}?fields=message,from&limit=1"), None).await.body;
    assert_eq!(page["data"][0]["id"], first);
    assert_eq!(page["data"][0]["from"]["id"], PAGE);
    let after = page["paging"]["cursors"]["after"].as_str().expect("a cursor");
    let next = stage.call("GET", &format!("{path}?fields=message&limit=1&after={after}"), None).await.body;
    assert_eq!(next["data"][0]["message"], "due");
    assert!(next.get("paging").is_none());
}

#[tokio::test]
async fn our_own_comment_can_be_deleted_but_not_hidden() {
    let stage = Stage::strict().await;
    let id = stage.writes(FACEBOOK, "ciao");
    let reply = stage.call("POST", &format!("/facebook/v26.0/{id}/comments?message=Buongiorno"), None).await;
    let own = reply.body["id"].as_str().expect("an id").to_owned();
    let answer = stage.call("POST", &format!("/facebook/v26.0/{own}?is_hidden=true"), None).await;
    assert_eq!((answer.status, answer.body["error"]["code"].as_u64()), (403, Some(200)));
    assert_eq!(stage.call("DELETE", &format!("/facebook/v26.0/{own}"), None).await.status, 200);
    assert!(stage.sandbox.replies(FACEBOOK, &id).is_empty());
}

#[tokio::test]
async fn a_comment_gets_one_private_reply_within_seven_days() {
    let clock = Clock::at("2026-11-02T10:00:00Z");
    let stage = Stage::new(clock.settings()).await;
    let (prompt, late) = (stage.writes(FACEBOOK, "uno"), stage.writes(FACEBOOK, "due"));
    let path = format!("/facebook/v26.0/{PAGE}/messages");
    let body = |id: &str| Some(json!({"recipient": {"comment_id": id}, "message": {"text": "La invitiamo"}}));

    let answer = stage.call("POST", &path, body(&prompt)).await.body;
    assert_eq!(answer["recipient_id"], stage.sandbox.page_scoped_id(NICOLO));
    assert_ne!(answer["recipient_id"], NICOLO);
    assert_eq!(stage.call("POST", &path, body(&prompt)).await.body["error"]["code"], 100);

    clock.forward_hours(7 * 24);
    let answer = stage.call("POST", &path, body(&late)).await.body;
    assert_eq!((&answer["error"]["code"], &answer["error"]["error_subcode"]), (&json!(10), &json!(2_018_278)));
    let sent = stage.sandbox.private_messages(FACEBOOK);
    assert_eq!(sent.len(), 1);
    assert_eq!(sent[0].comment.as_deref(), Some(prompt.as_str()));
}

#[tokio::test]
async fn a_message_can_be_sent_within_a_day_of_theirs() {
    let clock = Clock::at("2026-11-02T10:00:00Z");
    let stage = Stage::new(clock.settings()).await;
    stage.posts(FACEBOOK, NewComment { surface: Surface::Message, ..someone(FACEBOOK, "salve") });
    let id = stage.sandbox.page_scoped_id(NICOLO);
    let path = format!("/facebook/v26.0/{PAGE}/messages");
    let body = json!({"recipient": {"id": id}, "message": {"text": "Buongiorno"}});
    clock.forward_hours(24);
    assert_eq!(stage.call("POST", &path, Some(body.clone())).await.status, 200);
    clock.forward_hours(1);
    assert_eq!(stage.call("POST", &path, Some(body)).await.body["error"]["code"], 10);
}

#[tokio::test]
async fn a_blocked_person_cannot_comment_until_unblocked() {
    let stage = Stage::strict().await;
    stage.writes(FACEBOOK, "insulto");
    let path = format!("/facebook/v26.0/{PAGE}/blocked");
    let answer = stage.call("POST", &path, Some(json!({"user": [NICOLO]}))).await;
    assert_eq!(answer.body, json!({NICOLO: true}));
    assert_eq!(stage.sandbox.add_comment(FACEBOOK, someone(FACEBOOK, "ancora")), Err(Refusal::Blocked));
    let list = stage.call("GET", &path, None).await.body;
    assert_eq!(list["data"], json!([{"id": NICOLO, "name": "Nicolò"}]));

    assert_eq!(stage.call("DELETE", &format!("{path}?user={NICOLO}"), None).await.body, json!({"success": true}));
    assert!(stage.sandbox.add_comment(FACEBOOK, someone(FACEBOOK, "ancora")).is_ok());
}

#[tokio::test]
async fn a_block_by_psid_needs_an_id_that_messenger_has_given_out() {
    let stage = Stage::strict().await;
    let id = stage.writes(FACEBOOK, "insulto");
    let path = format!("/facebook/v26.0/{PAGE}/blocked");
    assert_eq!(stage.call("POST", &format!("{path}?psid=678"), None).await.body["error"]["code"], 100);
    assert_eq!(stage.call("POST", &format!("{path}?user=678"), None).await.body["error"]["code"], 100);
    let body = json!({"recipient": {"comment_id": id}, "message": {"text": "La invitiamo"}});
    let reply = stage.call("POST", &format!("/facebook/v26.0/{PAGE}/messages"), Some(body)).await.body;
    let psid = reply["recipient_id"].as_str().expect("an id");
    assert_eq!(stage.call("POST", &format!("{path}?psid={psid}"), None).await.body, json!({psid: true}));
    assert!(stage.sandbox.is_blocked(FACEBOOK, PAGE, NICOLO, BlockKind::Everything));
}

#[tokio::test]
async fn a_ban_in_messenger_stops_messages_only() {
    let stage = Stage::strict().await;
    stage.posts(FACEBOOK, NewComment { surface: Surface::Message, ..someone(FACEBOOK, "salve") });
    let psid = stage.sandbox.page_scoped_id(NICOLO);
    let path = format!("/facebook/v26.0/{PAGE}/moderate_conversations");
    let body = |action: &str| Some(json!({"user_ids": [{"id": psid}], "actions": [action]}));
    assert_eq!(stage.call("POST", &path, body("ban_user")).await.body, json!({"success": true}));
    let message = || NewComment { surface: Surface::Message, ..someone(FACEBOOK, "salve") };
    assert_eq!(stage.sandbox.add_comment(FACEBOOK, message()), Err(Refusal::Blocked));
    assert!(stage.sandbox.add_comment(FACEBOOK, someone(FACEBOOK, "ciao")).is_ok());
    stage.call("POST", &path, body("UNBAN_USER")).await;
    assert!(stage.sandbox.add_comment(FACEBOOK, message()).is_ok());
    assert_eq!(stage.call("POST", &path, body("shout")).await.body["error"]["code"], 100);
}

#[tokio::test]
async fn reviews_and_mentions_elsewhere_cannot_be_hidden() {
    let stage = Stage::strict().await;
    for surface in [Surface::Review, Surface::Mention] {
        let id = stage.posts(FACEBOOK, NewComment { surface, ..someone(FACEBOOK, "mah") });
        assert_eq!(stage.call("POST", &format!("/facebook/v26.0/{id}?is_hidden=true"), None).await.status, 400);
        assert!(!stage.sandbox.is_hidden(FACEBOOK, &id));
    }
}

#[tokio::test]
async fn a_page_tells_its_followers_and_its_subscription() {
    let stage = Stage::strict().await;
    stage.sandbox.set_followers(FACEBOOK, PAGE, 12_345);
    let path = format!("/facebook/v26.0/{PAGE}");
    let counts = stage.call("GET", &format!("{path}?fields=followers_count,fan_count"), None).await.body;
    assert_eq!(counts, json!({"id": PAGE, "followers_count": 12_345, "fan_count": 12_345}));

    let subscription = format!("{path}/subscribed_apps");
    assert_eq!(stage.call("GET", &subscription, None).await.body["data"], json!([]));
    let wrong = stage.call("POST", &format!("{subscription}?subscribed_fields=feed,reels"), None).await;
    assert_eq!(wrong.body["error"]["code"], 100);
    stage.call("POST", &format!("{subscription}?subscribed_fields=feed,mention"), None).await;
    let fields = stage.call("GET", &subscription, None).await.body["data"][0]["subscribed_fields"].clone();
    assert_eq!(fields, json!(["feed", "mention"]));
}

#[tokio::test]
async fn a_visitor_post_is_answered_in_private_as_a_post() {
    let stage = Stage::strict().await;
    let id = stage.posts(FACEBOOK, NewComment { surface: Surface::VisitorPost, ..someone(FACEBOOK, "pubblicità") });
    let path = format!("/facebook/v26.0/{PAGE}/messages");
    let body = |name: &str| Some(json!({"recipient": {name: id}, "message": {"text": "La invitiamo"}}));
    assert_eq!(stage.call("POST", &path, body("comment_id")).await.body["error"]["code"], 100);
    let sent = stage.call("POST", &path, body("post_id")).await;
    assert_eq!(sent.status, 200, "{}", sent.body);
    assert_eq!(stage.sandbox.private_messages(FACEBOOK)[0].comment, Some(id.clone()));
    assert_eq!(stage.call("POST", &path, body("post_id")).await.body["error"]["code"], 100, "only once");
}
