//! X as a whole: every shape under `events/x`, every call, and the way back.

use std::time::{Duration, Instant};

use http::Method;
use policy::{AccountId, ActionKind, Contribution, ContributionId, Platform, PlatformUserId, Surface, ThreadId};
use serde_json::{Map, Value, json};

use super::X;
use crate::testing::fixtures::{account, accounts, answer, assert_events, events, summary, thousand, without_each};
use crate::{
    Ask, Asks, Body, Call, Capability, Delivery, Event, Found, Host, Shows, State, Subscription, Target, Tells,
};

const ME: &str = "1111111111111111111";
const POST: &str = "2090000000000000001";
const CONVERSATION: &str = "2080761390344937796";
const AUTHOR: &str = "2222222222222222222";

fn parse(body: &[u8]) -> Delivery {
    X.parse(body, &accounts()).unwrap()
}

fn file(name: &str) -> Value {
    let (_, body) = events(Platform::X).into_iter().find(|(file, _)| file == name).unwrap();
    serde_json::from_slice(&body).unwrap()
}

fn only(document: &Value) -> Contribution {
    match parse(document.to_string().as_bytes()).events.remove(0) {
        Event::Contribution(contribution) => contribution,
        other => panic!("{other:?}"),
    }
}

#[test]
fn every_shape_is_read() {
    assert_events(Platform::X, EXPECTED, |_, body| parse(body));
}

#[test]
fn both_envelopes_tell_of_the_same_contribution() {
    assert_eq!(only(&file("reply.json")), only(&file("old-reply.json")));
    assert_eq!(only(&file("message.json")), only(&file("old-messages.json")));
}

#[test]
fn fractions_of_a_second_do_not_make_another_revision() {
    let mut document = file("reply.json");
    document["data"]["payload"]["created_at"] = json!("2026-11-20T18:00:00.987Z");
    assert_eq!(only(&document), only(&file("old-reply.json")));
}

#[test]
fn a_reply_to_us_is_a_comment_whatever_the_event_is_called() {
    let mut document = file("reply.json");
    let reply = only(&document);
    assert_eq!(reply.surface, Surface::Comment);
    document["data"]["event_type"] = json!("post.mention.create");
    assert_eq!(only(&document), reply);
    document["data"]["payload"]["in_reply_to_user_id"] = json!("5555555555555555555");
    assert_eq!(only(&document).surface, Surface::Mention);
}

#[test]
fn any_part_may_be_missing() {
    for (name, body) in events(Platform::X) {
        for document in without_each(&serde_json::from_slice(&body).unwrap()) {
            let read = X.parse(document.to_string().as_bytes(), &accounts());
            // What has lost all that it had is known for nothing any more.
            let is_empty = document.as_object().is_some_and(Map::is_empty);
            assert_eq!(read.is_ok(), !is_empty, "{name}: {document}");
        }
    }
}

#[test]
fn a_post_without_an_author_could_be_ours_and_is_not_judged() {
    let mut document = file("reply.json");
    document["data"]["payload"].as_object_mut().unwrap().remove("author_id");
    assert_eq!(summary(&parse(document.to_string().as_bytes())), ["(malformed data.payload.author_id: missing)"]);
}

#[test]
fn an_id_that_is_no_number_never_becomes_part_of_an_address() {
    let mut document = file("reply.json");
    document["data"]["payload"]["id"] = json!("../../users/1");
    assert_eq!(summary(&parse(document.to_string().as_bytes())), ["(malformed data.payload.id: expected digits)"]);
}

#[test]
fn what_is_not_an_object_is_malformed() {
    let of_another = r#"{"object":"page","entry":[{"id":"1","changes":[]}]}"#;
    for body in ["", "[]", "null", "{\"data\":", "{}", of_another] {
        assert!(X.parse(body.as_bytes(), &accounts()).is_err(), "{body}");
    }
    assert_eq!(X.on_malformed(), 400);
    assert_eq!(summary(&parse(b"{\"data\":5}")), ["(malformed data: found integer, expected struct Activity)"]);
}

#[test]
fn a_thousand_events_are_read_in_no_time() {
    for (name, list) in [("old-reply.json", "tweet_create_events"), ("old-messages.json", "direct_message_events")] {
        let mut document = file(name);
        document[list] = thousand(&document[list][0]);
        let body = document.to_string();
        let start = Instant::now();
        assert_eq!(parse(body.as_bytes()).events.len(), 1000);
        assert!(start.elapsed() < Duration::from_secs(2), "{:?}", start.elapsed());
    }
}

fn with_target<T>(surface: Surface, author: Option<&str>, then: impl FnOnce(&Target<'_>) -> T) -> T {
    let account = account(Platform::X, ME);
    let (contribution, thread) = (ContributionId::new(POST), ThreadId::new(CONVERSATION));
    let author = author.map(PlatformUserId::new);
    then(&Target {
        account: &account,
        surface,
        contribution: &contribution,
        thread: Some(&thread),
        parent: None,
        author: author.as_ref(),
    })
}

/// The calls for an action, each with its body.
fn calls(surface: Surface, kind: ActionKind) -> Vec<(String, Body)> {
    let ask = Ask { kind, text: Some("La invitiamo a usare toni civili.") };
    let calls = with_target(surface, Some(AUTHOR), |target| X.calls(target, &ask));
    calls
        .into_iter()
        .map(|call| {
            assert_eq!((call.host, call.query.len(), call.headers.len()), (Host::Main, 0, 0));
            (format!("{} {}", call.method, call.path), call.body)
        })
        .collect()
}

#[test]
fn each_action_is_the_documented_call() {
    use ActionKind::{Ban, Delete, Hide, PrivateReply, Reply, Unban, Unhide};
    let hidden = "PUT /2/tweets/2090000000000000001/hidden".to_owned();
    assert_eq!(calls(Surface::Comment, Hide), [(hidden.clone(), Body::Json(json!({ "hidden": true })))]);
    assert_eq!(calls(Surface::Comment, Unhide), [(hidden, Body::Json(json!({ "hidden": false })))]);
    let text = "La invitiamo a usare toni civili.";
    let reply = json!({ "text": text, "reply": { "in_reply_to_tweet_id": POST } });
    assert_eq!(calls(Surface::Comment, Reply), [("POST /2/tweets".to_owned(), Body::Json(reply))]);
    let message = "POST /2/dm_conversations/with/2222222222222222222/messages".to_owned();
    for surface in [Surface::Comment, Surface::Mention, Surface::Message] {
        assert_eq!(calls(surface, PrivateReply), [(message.clone(), Body::Json(json!({ "text": text })))]);
        assert_eq!(calls(surface, Delete), []);
    }
    let blocking = "POST /2/users/1111111111111111111/blocking".to_owned();
    let block = ("POST /2/users/2222222222222222222/dm/block".to_owned(), Body::Empty);
    let body = Body::Json(json!({ "target_user_id": AUTHOR }));
    assert_eq!(calls(Surface::Comment, Ban), [(blocking, body), block.clone()]);
    assert_eq!(calls(Surface::Message, Ban), [block]);
    let unblocking = "DELETE /2/users/1111111111111111111/blocking/2222222222222222222".to_owned();
    let unblock = ("POST /2/users/2222222222222222222/dm/unblock".to_owned(), Body::Empty);
    assert_eq!(calls(Surface::Mention, Unban), [(unblocking, Body::Empty), unblock.clone()]);
    assert_eq!(calls(Surface::Message, Unban), [unblock]);
}

#[test]
fn a_ban_that_only_blocks_messages_says_so() {
    for surface in Surface::ALL {
        with_target(surface, Some(AUTHOR), |target| {
            for kind in ActionKind::ALL {
                for call in X.calls(target, &Ask { kind, text: Some("Avviso") }) {
                    let falls_short = call.name == "POST /2/users/{user}/dm/block" && surface != Surface::Message;
                    assert_eq!(call.shortfall.is_some(), falls_short, "{surface:?} {kind:?} {}", call.name);
                }
            }
        });
    }
}

#[test]
fn there_is_a_call_exactly_where_the_capability_says_so() {
    for surface in Surface::ALL {
        for action in ActionKind::ALL {
            let capable = matches!(X.capability(surface, action), Capability::Call | Capability::Conditional);
            assert_eq!(!calls(surface, action).is_empty(), capable, "{surface:?} {action:?}");
        }
    }
    use ActionKind::{Ban, Delete, Hide, PrivateReply, Reply};
    assert_eq!(X.capability(Surface::Comment, Hide), Capability::Call);
    assert_eq!(X.capability(Surface::Message, Ban), Capability::Call);
    for (surface, action) in [(Surface::Comment, Reply), (Surface::Comment, Ban), (Surface::Message, PrivateReply)] {
        assert!(matches!(X.capability(surface, action), Capability::Conditional), "{surface:?} {action:?}");
    }
    for (surface, action) in [(Surface::Mention, Hide), (Surface::Comment, Delete), (Surface::Message, Reply)] {
        assert!(matches!(X.capability(surface, action), Capability::Impossible(_)), "{surface:?} {action:?}");
    }
}

#[test]
fn without_an_author_or_a_text_there_is_no_call() {
    let none = |surface, ask: Ask<'_>| with_target(surface, None, |target| X.calls(target, &ask).is_empty());
    for kind in [ActionKind::Ban, ActionKind::Unban, ActionKind::PrivateReply] {
        assert!(none(Surface::Comment, Ask { kind, text: Some("..") }), "{kind:?}");
    }
    assert!(none(Surface::Comment, Ask { kind: ActionKind::Reply, text: None }));
}

#[test]
fn our_answer_is_found_in_the_conversation() {
    with_target(Surface::Comment, None, |target| {
        let call = X.read_back_call(target, ActionKind::Reply).unwrap();
        assert_eq!((call.method, call.path.as_str()), (Method::GET, "/2/tweets/search/recent"));
        let query = "conversation_id:2080761390344937796 from:1111111111111111111";
        assert_eq!(call.query[0], ("query", query.to_owned()));
        assert!(X.read_back_call(target, ActionKind::PrivateReply).is_none(), "messages are not read back");

        let post = |author: &str, to: &str, text: &str| {
            json!({ "id": "9", "author_id": author, "text": text, "display_text_range": [15, 60],
                "referenced_tweets": [{ "type": "replied_to", "id": to }] })
        };
        let find = |post: Value| {
            X.find_own(target, &answer(200, json!({ "data": [{ "id": "x" }, post] })), "Regole: https://example.org/r")
        };
        assert_eq!(find(post(ME, POST, "@lettrice_lodi Regole: https://t.co/abc")), Found::Arrived("9".to_owned()));
        assert_eq!(find(post(ME, "5", "@lettrice_lodi Regole: https://t.co/abc")), Found::Unknown);
        assert_eq!(find(post(AUTHOR, POST, "@lettrice_lodi Regole: https://t.co/abc")), Found::Unknown);
        assert_eq!(find(post(ME, POST, "@lettrice_lodi Riapre domani.")), Found::Unknown, "the index lags behind");
        assert_eq!(X.find_own(target, &answer(200, json!({ "meta": { "result_count": 0 } })), ".."), Found::Unknown);
    });
    with_target(Surface::Message, Some(AUTHOR), |target| {
        assert!(X.read_back_call(target, ActionKind::PrivateReply).is_none());
        assert!(X.read_call(target).is_none());
        assert!(X.presence_call(target).is_none());
    });
}

#[test]
fn a_post_that_is_read_is_the_one_that_was_delivered() {
    let delivered = file("reply.json");
    let body = json!({ "data": delivered["data"]["payload"], "includes": delivered["data"]["includes"] });
    with_target(Surface::Comment, None, |target| {
        let Call { method, path, query, .. } = X.read_call(target).unwrap();
        assert_eq!((method, path.as_str()), (Method::GET, "/2/tweets/2090000000000000001"));
        let fields = "attachments,author_id,conversation_id,created_at,display_text_range,edit_history_tweet_ids,\
                      in_reply_to_user_id,note_tweet,referenced_tweets";
        assert_eq!(query[0], ("tweet.fields", fields.to_owned()));
        let read = |status, body: Value| X.read(target, &answer(status, body), &accounts());
        assert_eq!(read(200, body.clone()), Ok(Some(only(&delivered))));
        let mut own = body.clone();
        own["data"]["author_id"] = json!(ME);
        assert_eq!(read(200, own), Ok(None));
        assert_eq!(read(200, json!({ "errors": [{}] })), Ok(None));
        let gone = json!({ "type": "https://api.x.com/2/problems/resource-not-found" });
        assert_eq!(read(404, gone), Ok(None));
        assert!(read(404, Value::Null).is_err(), "it may be the call that is not known");
        assert_eq!(read(429, json!({ "detail": "Mario" })).unwrap_err().to_string(), ".: answered with status 429");
        for document in without_each(&body) {
            if let Ok(Some(post)) = read(200, document.clone()) {
                assert_eq!((post.id.as_str(), post.account), (POST, AccountId::new(ME)), "{document}");
            }
        }
    });
}

/// What each file under `events/x` leads to.
const EXPECTED: &str = "\
block.json
  (notice)
follow.json
  (not_text)
like.json
  (not_text)
mention-long.json
  mention 2090000000000000008 by 4444444444444444444 called amico_mio on 2090000000000000008 at 2026-11-20T18:00:00Z: Vorrei raccontare com'è andata la mia pratica. Vorrei raccontare com'è andata la mia pratica. Vorrei raccontare com'è andata la mia pratica. Vorrei raccontare com'è andata la mia pratica. Vorrei raccontare com'è andata la mia pratica. Vorrei raccontare com'è andata la mia pratica. Vorrei raccontare com'è andata la mia pratica.
mention-without-text.json
  unread mention 2090000000000000010
mention.json
  mention 2090000000000000009 by 4444444444444444444 called amico_mio on 2090000000000000009 at 2026-11-20T18:00:00Z and more: Il corso di @cameracommerciomilomb è fatto bene, peccato per gli orari
message-echo.json
  (own_voice)
message-encrypted.json
  (encrypted)
message-picture.json
  message 2080765901528535097 by 7777777777777777777 called artigiano_monza at 2026-11-20T18:10:24.372Z and more: https://t.co/pic
message-sent.json
  (own_voice)
message.json
  message 2080765901528535096 by 7777777777777777777 called artigiano_monza at 2026-11-20T18:10:24.372Z: Buongiorno, a che punto è la mia pratica n. 12?
not-ours.json
  (not_ours)
old-block.json
  (notice)
old-deletions.json
  removed 2090000000000000025
  (notice)
old-follow.json
  (not_text)
  (not_text)
old-like.json
  (not_text)
old-mention.json
  mention 2090000000000000022 by 4444444444444444444 called amico_mio on 2090000000000000022 at 2026-11-20T18:00:00Z: Domani sono da @cameracommerciomilomb per un convegno
old-messages.json
  message 2080765901528535096 by 7777777777777777777 called artigiano_monza at 2026-11-20T18:10:24.372Z: Buongiorno, a che punto è la mia pratica n. 12?
  (own_voice)
old-not-ours.json
  (not_ours)
old-permission-revoked.json
  (notice)
old-posts-mixed.json
  comment 2090000000000000025 by 6666666666666666666 called altro on 2080761390344937796 at 2026-11-20T18:00:00Z: Vergogna, tornate a lavorare fannulloni
  (own_voice)
  (not_text)
  (malformed tweet_create_events[2].id_str: missing)
old-reply-long.json
  comment 2090000000000000021 by 2222222222222222222 called lettrice_lodi on 2080761390344937796 at 2026-11-20T18:00:00Z and more: Ho provato a chiamare tre volte, ma nessuno risponde: mi dite a quale numero posso rivolgermi per il deposito del bilancio e in quali orari, per favore?
old-reply.json
  comment 2090000000000000001 by 2222222222222222222 called lettrice_lodi on 2080761390344937796 at 2026-11-20T18:00:00Z: Quando riapre lo sportello di Lodi?
old-typing.json
  (not_text)
old-unknown.json
  (unknown poll_events)
own-post-deleted.json
  (notice)
own-post.json
  (own_voice)
permission-revoked.json
  (notice)
profile.json
  (notice)
quote.json
  mention 2090000000000000011 by 6666666666666666666 on 2090000000000000011 at 2026-11-20T18:00:00Z: Ecco, leggete qui prima di lamentarvi https://t.co/abc
replay-complete.json
  (notice)
reply-deleted.json
  removed 2090000000000000002
reply-edited.json
  comment 2090000000000000004 by 2222222222222222222 on 2080761390344937796 at 2026-11-20T18:20:00Z now edited: Quando riapre lo sportello di Lodi? Anche il sabato?
reply-old-name.json
  comment 2090000000000000006 by 2222222222222222222 on 2080761390344937796 at 2026-11-20T18:00:00Z: con il vecchio nome dell'evento
reply-our-own.json
  (own_voice)
reply-to-someone-else.json
  mention 2090000000000000007 by 4444444444444444444 on 2085555555555555555 at 2026-11-20T18:00:00Z: @cameracommerciomilomb chiedi a loro, rispondono sempre
reply-violation.json
  comment 2090000000000000002 by 3333333333333333333 on 2080761390344937796 at 2026-11-20T18:00:00Z: sei proprio un coglione 🤬
reply.json
  comment 2090000000000000001 by 2222222222222222222 called lettrice_lodi on 2080761390344937796 at 2026-11-20T18:00:00Z: Quando riapre lo sportello di Lodi?
repost.json
  (not_text)
unfollow.json
  (not_text)
unknown.json
  (unknown news.update)
";

#[test]
fn of_a_post_is_known_only_that_it_is_gone() {
    let account = account(Platform::X, "1111111111111111111");
    let post = ContributionId::new("77");
    let target = Target {
        account: &account,
        surface: Surface::Comment,
        contribution: &post,
        thread: None,
        parent: None,
        author: None,
    };
    let state = |body| X.state(&target, &[answer(200, body)]);
    assert_eq!(X.state_calls(&[target]).len(), 1);
    assert_eq!(state(json!({"data": {"id": "77"}})), State::Unknown);
    let gone = json!({"errors": [{"type": "https://api.x.com/2/problems/resource-not-found"}]});
    assert_eq!(state(gone), State::Gone);
}

#[test]
fn events_that_are_not_delivered_are_subscribed_at_the_webhook_of_the_others() {
    let account = account(Platform::X, "1111111111111111111");
    let listed = |event: &str, user: &str| json!({"event_type": event, "filter": {"user_id": user}, "webhook_id": "9"});
    let us = "1111111111111111111";
    let subscription = |status, body| X.subscription(&account, &answer(status, body));
    let mut all: Vec<_> =
        ["post.reply.create", "post.mention.create", "post.quote.create", "post.delete", "dm.received", "like.create"]
            .map(|event| listed(event, us))
            .into();
    assert_eq!(subscription(200, json!({ "data": all })), Subscription::Active);
    all[1] = listed("post.mention.create", "2222");
    let Subscription::Missing(calls) = subscription(200, json!({ "data": all })) else { panic!("one is missing") };
    assert_eq!(calls.len(), 1);
    let body = json!({"event_type": "post.mention.create", "filter": {"user_id": us}, "webhook_id": "9"});
    assert_eq!(calls[0].body, Body::Json(body));
    // Without any, the webhook is not known, and a person has to look.
    assert_eq!(subscription(200, json!({"meta": {"result_count": 0}})), Subscription::Missing(Vec::new()));
    assert_eq!(subscription(403, json!({ "data": all })), Subscription::Unknown);
    assert_eq!(subscription(200, json!({})), Subscription::Unknown);
}
