use policy::{Platform, Surface};
use sandbox::{BlockKind, NewComment, Refusal, Settings};
use serde_json::{Value, json};

use crate::{Stage, X_ACCOUNT, accounts, someone, strict};

const X: Platform = Platform::X;
const NICOLO: &str = "2222222222222222222";

fn kind(answer: &crate::Answer) -> (u16, &str) {
    let kind = answer.body["type"].as_str().unwrap_or("");
    (answer.status, kind.rsplit('/').next().unwrap_or(""))
}

#[tokio::test]
async fn a_reply_to_our_post_is_hidden_and_shown_again() {
    let stage = Stage::strict().await;
    let id = stage.writes(X, "insulto");
    for hidden in [true, false] {
        let answer = stage.call("PUT", &format!("/x/2/tweets/{id}/hidden"), Some(json!({"hidden": hidden}))).await;
        assert_eq!(answer.body, json!({"data": {"hidden": hidden}}));
        assert_eq!(stage.sandbox.is_hidden(X, &id), hidden);
    }
    let wrong = stage.call("PUT", &format!("/x/2/tweets/{id}/hidden"), Some(json!({}))).await;
    assert_eq!(kind(&wrong), (400, "invalid-request"));
}

#[tokio::test]
async fn what_stands_outside_our_conversations_or_is_gone_cannot_be_hidden() {
    let stage = Stage::strict().await;
    let mention = stage.posts(X, NewComment { surface: Surface::Mention, ..someone(X, "@camera mah") });
    let reply = stage.writes(X, "insulto");
    stage.sandbox.delete_comment(X, &reply).expect("it is there");
    let hide = |id: &str| format!("/x/2/tweets/{id}/hidden");
    assert_eq!(stage.call("PUT", &hide(&mention), Some(json!({"hidden": true}))).await.status, 403);
    let gone = stage.call("PUT", &hide(&reply), Some(json!({"hidden": true}))).await;
    assert_eq!(kind(&gone), (404, "resource-not-found"));
    let read = stage.call("GET", &format!("/x/2/tweets/{reply}"), None).await;
    assert_eq!(read.status, 200);
    assert!(read.body.get("data").is_none());
    assert_eq!(read.body["errors"][0]["type"], "https://api.x.com/2/problems/resource-not-found");
}

#[tokio::test]
async fn a_reply_is_refused_unless_the_person_mentioned_us() {
    let stage = Stage::strict().await;
    let plain = stage.writes(X, "mah");
    let naming = stage.posts(X, NewComment { mentions_us: true, ..someone(X, "@camera mah") });
    let body = |to: &str, text: &str| Some(json!({"text": text, "reply": {"in_reply_to_tweet_id": to}}));
    assert_eq!(stage.call("POST", "/x/2/tweets", body(&plain, "Buongiorno")).await.status, 403);
    let answer = stage.call("POST", "/x/2/tweets", body(&naming, "Buongiorno")).await;
    assert_eq!((answer.status, &answer.body["data"]["text"]), (201, &json!("Buongiorno")));
    assert_eq!(stage.sandbox.replies(X, &naming), ["Buongiorno"]);
    assert_eq!(stage.call("POST", "/x/2/tweets", body(&naming, "Buongiorno")).await.status, 403);
    assert!(stage.sandbox.replies(X, &plain).is_empty());
}

#[tokio::test]
async fn enterprise_may_reply_unasked_and_block() {
    let stage = Stage::new(Settings { x_enterprise: true, ..strict() }).await;
    let id = stage.writes(X, "mah");
    let body = json!({"text": "Buongiorno", "reply": {"in_reply_to_tweet_id": id}});
    assert_eq!(stage.call("POST", "/x/2/tweets", Some(body)).await.status, 201);

    let path = format!("/x/2/users/{X_ACCOUNT}/blocking");
    let answer = stage.call("POST", &path, Some(json!({"target_user_id": NICOLO}))).await;
    assert_eq!(answer.body, json!({"data": {"blocking": true}}));
    assert_eq!(stage.call("GET", &path, None).await.body["data"], json!([{"id": NICOLO}]));
    assert_eq!(stage.sandbox.add_comment(X, someone(X, "ancora")), Err(Refusal::Blocked));
    stage.call("DELETE", &format!("{path}/{NICOLO}"), None).await;
    assert!(stage.sandbox.add_comment(X, someone(X, "ancora")).is_ok());
}

#[tokio::test]
async fn without_enterprise_a_person_can_be_muted_and_kept_from_messages_only() {
    let stage = Stage::strict().await;
    let target = json!({"target_user_id": NICOLO});
    let block = stage.call("POST", &format!("/x/2/users/{X_ACCOUNT}/blocking"), Some(target.clone())).await;
    assert_eq!(kind(&block), (403, "client-forbidden"));
    let mute = stage.call("POST", &format!("/x/2/users/{X_ACCOUNT}/muting"), Some(target)).await;
    assert_eq!(mute.body, json!({"data": {"muting": true}}));
    assert!(stage.sandbox.is_blocked(X, X_ACCOUNT, NICOLO, BlockKind::Muted));
    let dm = stage.call("POST", &format!("/x/2/users/{NICOLO}/dm/block"), None).await;
    assert_eq!(dm.body, json!({"data": {"blocked": true}}));
    let message = || NewComment { surface: Surface::Message, ..someone(X, "salve") };
    assert_eq!(stage.sandbox.add_comment(X, message()), Err(Refusal::Blocked));
    stage.call("POST", &format!("/x/2/users/{NICOLO}/dm/unblock"), None).await;
    assert!(stage.sandbox.add_comment(X, message()).is_ok());
}

#[tokio::test]
async fn a_message_reaches_those_who_take_messages() {
    let stage = Stage::strict().await;
    let path = format!("/x/2/dm_conversations/with/{NICOLO}/messages");
    let answer = stage.call("POST", &path, Some(json!({"text": "La invitiamo"}))).await;
    assert_eq!(answer.status, 201);
    assert_eq!(answer.body["data"]["dm_conversation_id"], format!("{X_ACCOUNT}-{NICOLO}"));
    assert_eq!(stage.sandbox.private_messages(X)[0].text, "La invitiamo");
    stage.sandbox.close_messages(NICOLO);
    assert_eq!(stage.call("POST", &path, Some(json!({"text": "La invitiamo"}))).await.status, 403);
}

#[tokio::test]
async fn a_conversation_is_searched_newest_first_with_the_asked_fields() {
    let stage = Stage::strict().await;
    let (one, two) = (stage.writes(X, "uno"), stage.writes(X, "due"));
    let path = "/x/2/tweets/search/recent?query=conversation_id%3A2080761390344937796&tweet.fields=author_id";
    let found = stage.call("GET", path, None).await.body;
    let ids: Vec<&Value> = found["data"].as_array().expect("posts").iter().map(|post| &post["id"]).collect();
    assert_eq!(ids, [&json!(two), &json!(one)]);
    assert_eq!(
        found["data"][1],
        json!({"id": one, "text": "uno", "edit_history_tweet_ids": [one], "author_id": NICOLO})
    );
    let empty = stage.call("GET", "/x/2/tweets/search/recent?query=conversation_id%3A1", None).await.body;
    assert_eq!(empty, json!({"meta": {"result_count": 0}}));
}

#[tokio::test]
async fn an_answer_of_ours_can_be_read_back_from_its_conversation() {
    let known = Stage::strict().await;
    let mention = known.posts(X, NewComment { surface: Surface::Mention, ..someone(X, "@camera mah") });
    let adopting = Stage::new(Settings { accounts: accounts(), x_enterprise: true, ..Settings::default() }).await;
    for (stage, post, conversation) in [(known, mention.as_str(), mention.as_str()), (adopting, "2090", "2080")] {
        let body = json!({"text": "Buongiorno", "reply": {"in_reply_to_tweet_id": post}});
        assert_eq!(stage.call("POST", "/x/2/tweets", Some(body)).await.status, 201);
        let query = format!("query=conversation_id%3A{conversation}%20from%3A{X_ACCOUNT}&max_results=100");
        let path = format!("/x/2/tweets/search/recent?{query}&tweet.fields=author_id,referenced_tweets");
        let found = stage.call("GET", &path, None).await.body;
        assert_eq!(found["meta"]["result_count"], 1);
        assert_eq!(found["data"][0]["referenced_tweets"], json!([{"type": "replied_to", "id": post}]));
    }
}

#[tokio::test]
async fn the_account_tells_its_followers_when_asked() {
    let stage = Stage::strict().await;
    stage.sandbox.set_followers(X, X_ACCOUNT, 97);
    let me = stage.call("GET", "/x/2/users/me?user.fields=public_metrics", None).await.body;
    assert_eq!((&me["data"]["id"], &me["data"]["public_metrics"]["followers_count"]), (&json!(X_ACCOUNT), &json!(97)));
    assert!(stage.call("GET", "/x/2/users/me", None).await.body["data"].get("public_metrics").is_none());
}

#[tokio::test]
async fn events_are_listed_and_subscribed_at_the_webhook_that_there_is() {
    let stage = Stage::new(Settings { subscribed: true, ..strict() }).await;
    let path = "/x/2/activity/subscriptions";
    let listed = stage.call("GET", path, None).await.body["data"].as_array().unwrap().clone();
    let webhook = listed[0]["webhook_id"].clone();
    assert!(listed.iter().any(|there| there["event_type"] == "post.reply.create"), "{listed:?}");
    stage.sandbox.unsubscribe(X, X_ACCOUNT);
    assert!(stage.call("GET", path, None).await.body.get("data").is_none());
    let body = |event: &str| json!({"event_type": event, "filter": {"user_id": X_ACCOUNT}, "webhook_id": webhook});
    assert_eq!(stage.call("POST", path, Some(body("post.shout"))).await.status, 400);
    assert_eq!(stage.call("POST", path, Some(body("dm.received"))).await.status, 201);
    assert_eq!(stage.sandbox.subscribed(X, X_ACCOUNT), ["dm.received"]);
}
