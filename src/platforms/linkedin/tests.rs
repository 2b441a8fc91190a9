//! LinkedIn as a whole: every shape under `events/linkedin`, every call, and the way back.

use std::time::{Duration, Instant};

use http::Method;
use policy::{ActionKind, ContributionId, Platform, Surface, ThreadId};
use serde_json::{Value, json};

use super::Linkedin;
use crate::testing::fixtures::{account, accounts, answer, assert_events, events, summary, thousand, without_each};
use crate::{Ask, Asks, Body, Call, Capability, Delivery, Event, Found, Host, Ignored, Shows, State, Target, Tells};

const ORGANIZATION: &str = "urn:li:organization:96072893";
const COMMENT: &str = "urn:li:comment:(urn:li:activity:7094637247890620418,7094977717598625792)";
const ANSWER: &str = "urn:li:comment:(urn:li:activity:7094637247890620418,7094977717598625801)";

fn parse(body: &[u8]) -> Delivery {
    Linkedin.parse(body, &accounts()).unwrap()
}

fn only(file: &str) -> Event {
    let (_, body) = events(Platform::Linkedin).into_iter().find(|(name, _)| name == file).unwrap();
    parse(&body).events.remove(0)
}

fn revision(event: Event) -> String {
    match event {
        Event::Contribution(contribution) => contribution.revision,
        other => panic!("{other:?}"),
    }
}

#[test]
fn every_shape_is_read() {
    assert_events(Platform::Linkedin, EXPECTED, |_, body| parse(body));
}

#[test]
fn a_comment_belongs_to_the_page_it_stands_on() {
    let Event::Contribution(comment) = only("comment-bike-economy.json") else { panic!("a contribution") };
    assert_eq!(comment.account.as_str(), "urn:li:organization:96072894");
}

#[test]
fn a_comment_is_one_revision_whichever_subscription_delivers_it() {
    let (_, body) = events(Platform::Linkedin).into_iter().find(|(name, _)| name == "comment.json").unwrap();
    let mut twin: Value = serde_json::from_slice(&body).unwrap();
    twin["notifications"][0]["notificationId"] = json!("999");
    twin["notifications"][0]["subscriber"] = json!("urn:li:person:another");
    assert_eq!(parse(twin.to_string().as_bytes()), parse(&body));
}

#[test]
fn an_edit_is_another_revision_of_the_same_comment() {
    let (Event::Contribution(first), Event::Contribution(edit)) = (only("comment.json"), only("comment-edit.json"))
    else {
        panic!("two contributions");
    };
    assert_eq!(first.id, edit.id);
    assert_ne!(first.revision, edit.revision);
    assert!(!first.edited && edit.edited);
    let Event::Removal(removal) = only("comment-delete.json") else { panic!("a removal") };
    assert_eq!(removal.id, first.id);
}

#[test]
fn an_edit_back_to_the_first_words_is_a_revision_of_its_own() {
    let (_, body) = events(Platform::Linkedin).into_iter().find(|(name, _)| name == "comment-edit.json").unwrap();
    let edit = |text: &str, at: i64| {
        let mut document: Value = serde_json::from_slice(&body).unwrap();
        let notification = &mut document["notifications"][0];
        notification["decoratedGeneratedActivity"]["comment"]["text"] = json!(text);
        notification["lastModifiedAt"] = json!(at);
        revision(parse(document.to_string().as_bytes()).events.remove(0))
    };
    let revisions = [
        revision(only("comment.json")),
        edit("Basta.", 1_793_541_900_000),
        edit("Molto utile, grazie. Si può seguire anche a distanza?", 1_793_541_960_000),
        edit("Basta.", 1_793_542_020_000),
    ];
    for (number, revision) in revisions.iter().enumerate() {
        assert!(!revisions[..number].contains(revision), "{revision}");
    }
}

#[test]
fn any_part_may_be_missing() {
    for (name, body) in events(Platform::Linkedin) {
        for document in without_each(&serde_json::from_slice(&body).unwrap()) {
            let read = Linkedin.parse(document.to_string().as_bytes(), &accounts());
            // By one of these it is known for a body of LinkedIn's.
            let is_known = ["type", "action", "notifications"].iter().any(|field| document.get(field).is_some());
            assert_eq!(read.is_ok(), is_known, "{name}: {document}");
        }
    }
}

#[test]
fn what_is_not_an_object_is_malformed() {
    for body in ["", "[]", "null", "{\"notifications\":", "\u{feff}{}"] {
        assert!(Linkedin.parse(body.as_bytes(), &accounts()).is_err(), "{body}");
    }
    assert_eq!(Linkedin.on_malformed(), 200);
    for of_another in ["{}", r#"{"object":"page","entry":[{"id":"1","changes":[]}]}"#, r#"{"data":{"event_type":"x"}}"#]
    {
        assert!(Linkedin.parse(of_another.as_bytes(), &accounts()).is_err(), "{of_another}");
    }
    assert_eq!(summary(&parse(br#"{"notifications":1}"#)), ["(malformed notifications: expected a list)"]);
}

#[test]
fn a_thousand_notifications_are_read_in_no_time() {
    let (_, body) = events(Platform::Linkedin).into_iter().find(|(name, _)| name == "comment.json").unwrap();
    let mut document: Value = serde_json::from_slice(&body).unwrap();
    document["notifications"] = thousand(&document["notifications"][0]);
    let body = document.to_string();
    let start = Instant::now();
    assert_eq!(parse(body.as_bytes()).events.len(), 1000);
    assert!(start.elapsed() < Duration::from_secs(2), "{:?}", start.elapsed());
}

fn with_target<T>(surface: Surface, id: &str, parent: Option<&str>, then: impl FnOnce(&Target<'_>) -> T) -> T {
    let account = account(Platform::Linkedin, ORGANIZATION);
    let (contribution, parent) = (ContributionId::new(id), parent.map(ContributionId::new));
    let thread = ThreadId::new("urn:li:activity:7094637247890620418");
    then(&Target {
        account: &account,
        surface,
        contribution: &contribution,
        thread: Some(&thread),
        parent: parent.as_ref(),
        author: None,
    })
}

fn ask(kind: ActionKind) -> Ask<'static> {
    Ask { kind, text: Some("La invitiamo a usare toni civili.") }
}

#[test]
fn a_reply_stands_below_the_comment() {
    let expected = Call {
        name: "POST /rest/socialActions/{comment}/comments",
        host: Host::Main,
        method: Method::POST,
        path: "/rest/socialActions/urn%3Ali%3Acomment%3A%28urn%3Ali%3Aactivity%3A7094637247890620418\
               %2C7094977717598625792%29/comments"
            .to_owned(),
        query: Vec::new(),
        headers: Vec::new(),
        body: Body::Json(json!({
            "actor": ORGANIZATION,
            "object": "urn:li:activity:7094637247890620418",
            "parentComment": COMMENT,
            "message": { "text": "La invitiamo a usare toni civili." },
        })),
        shortfall: None,
    };
    let to = |id, parent| {
        with_target(Surface::Comment, id, parent, |target| Linkedin.calls(target, &ask(ActionKind::Reply)))
    };
    assert_eq!(to(ANSWER, Some(COMMENT)), to(COMMENT, None), "an answer to an answer stands beside it");
    assert_eq!(to(COMMENT, None), [expected]);
}

#[test]
fn a_deletion_names_the_post_the_number_and_who_asks() {
    let calls = with_target(Surface::Comment, COMMENT, None, |target| Linkedin.calls(target, &ask(ActionKind::Delete)));
    assert_eq!(
        calls,
        [Call {
            name: "DELETE /rest/socialActions/{post}/comments/{comment}",
            host: Host::Main,
            method: Method::DELETE,
            path: "/rest/socialActions/urn%3Ali%3Aactivity%3A7094637247890620418/comments/7094977717598625792"
                .to_owned(),
            query: vec![("actor", ORGANIZATION.to_owned())],
            headers: Vec::new(),
            body: Body::Empty,
            shortfall: None,
        }]
    );
}

#[test]
fn what_has_no_call_is_a_task_or_impossible() {
    use ActionKind::{Ban, Delete, Hide, PrivateReply, Reply, Unban, Unhide};
    let of = |action| Linkedin.capability(Surface::Comment, action);
    assert!(matches!(of(Hide), Capability::Manual(_)));
    assert!(matches!(of(Ban), Capability::Manual(_)));
    assert!(matches!(of(Unban), Capability::Manual(_)));
    assert!(matches!(of(Unhide), Capability::Impossible(_)));
    assert!(matches!(of(PrivateReply), Capability::Impossible(_)));
    assert!(matches!(of(Delete), Capability::Conditional));
    assert_eq!(of(Reply), Capability::Call);
}

#[test]
fn there_is_a_call_exactly_where_the_capability_says_so() {
    for surface in Surface::ALL {
        for action in ActionKind::ALL {
            let calls = with_target(surface, COMMENT, None, |target| Linkedin.calls(target, &ask(action)));
            let capable = matches!(Linkedin.capability(surface, action), Capability::Call | Capability::Conditional);
            assert_eq!(!calls.is_empty(), capable, "{surface:?} {action:?}");
        }
    }
    let without_text = Ask { kind: ActionKind::Reply, text: None };
    assert!(with_target(Surface::Comment, COMMENT, None, |target| Linkedin.calls(target, &without_text)).is_empty());
    assert!(
        with_target(Surface::Comment, "7", None, |target| Linkedin.calls(target, &ask(ActionKind::Delete))).is_empty()
    );
}

#[test]
fn our_answer_is_found_below_the_comment() {
    with_target(Surface::Comment, COMMENT, None, |target| {
        let call = Linkedin.read_back_call(target, ActionKind::Reply).unwrap();
        assert_eq!(call.method, Method::GET);
        assert_eq!(call.path, Linkedin.calls(target, &ask(ActionKind::Reply))[0].path);
        assert_eq!(call.query, [("start", "0".to_owned()), ("count", "50".to_owned())]);
        assert!(Linkedin.read_back_call(target, ActionKind::PrivateReply).is_none());

        let comment = |actor: &str, text: &str| json!({ "id": "9", "commentUrn": ANSWER, "actor": actor, "message": { "text": text, "attributes": [] } });
        let listed = |element: Value| answer(200, json!({ "elements": [{ "id": 1 }, element] }));
        let find = |element| Linkedin.find_own(target, &listed(element), "Attenzione.");
        assert_eq!(find(comment(ORGANIZATION, "Attenzione.")), Found::Arrived(ANSWER.to_owned()));
        let mut anonymous = comment(ORGANIZATION, "Attenzione.");
        anonymous["actor"] = Value::Null;
        assert_eq!(find(anonymous), Found::Unknown);
        assert_eq!(find(comment(ORGANIZATION, "Grazie.")), Found::Unknown, "one of the list has no author");

        let find = |status, body| Linkedin.find_own(target, &answer(status, body), "Attenzione.");
        let others = |count| vec![comment("urn:li:person:x", "Attenzione."); count];
        assert_eq!(find(200, json!({ "elements": others(49) })), Found::Absent);
        assert_eq!(find(200, json!({ "elements": [comment(ORGANIZATION, "Grazie.")] })), Found::Absent);
        for (status, part) in [
            (500, json!({ "elements": [] })),
            (200, json!({})),
            (200, json!({ "elements": others(50) })),
            (200, json!({ "elements": ["x"] })),
            (200, json!({ "elements": [], "paging": { "links": [{ "rel": "next", "href": "/rest" }] } })),
        ] {
            assert_eq!(find(status, part.clone()), Found::Unknown, "{part}");
        }
    });
}

#[test]
fn a_comment_without_text_is_read() {
    let body = json!({
        "id": "7094977717598625792", "commentUrn": COMMENT, "actor": "urn:li:person:zLqTygBP8S",
        "object": "urn:li:activity:7094637247890620418",
        "message": { "text": "Molto utile, grazie. Si può seguire anche a distanza?", "attributes": [] },
        "created": { "actor": "urn:li:person:zLqTygBP8S", "time": 1_793_541_600_000_i64 },
        "lastModified": { "actor": "urn:li:person:zLqTygBP8S", "time": 1_793_541_600_000_i64 },
    });
    with_target(Surface::Comment, COMMENT, None, |target| {
        let call = Linkedin.read_call(target).unwrap();
        assert_eq!(
            (call.method, call.path.as_str()),
            (Method::GET, "/rest/socialActions/urn%3Ali%3Aactivity%3A7094637247890620418/comments/7094977717598625792")
        );
        let read = Linkedin.read(target, &answer(200, body.clone()), &accounts()).unwrap().unwrap();
        assert_eq!(Event::Contribution(read), only("comment.json"), "the same as if it had come with its text");

        let mut edited = body.clone();
        edited["lastModified"]["time"] = json!(1_793_541_900_000_i64);
        edited["message"]["text"] = json!("Molto utile, grazie. Si può seguire anche a distanza o solo in sede?");
        let read = Linkedin.read(target, &answer(200, edited), &accounts()).unwrap().unwrap();
        assert_eq!(read.revision, revision(only("comment-edit.json")));

        let mut own = body.clone();
        own["actor"] = json!(ORGANIZATION);
        assert_eq!(Linkedin.read(target, &answer(200, own), &accounts()).unwrap(), None);
        assert_eq!(Linkedin.read(target, &answer(404, Value::Null), &accounts()).unwrap(), None);
        let error = Linkedin.read(target, &answer(403, json!({ "message": "Mario" })), &accounts()).unwrap_err();
        assert_eq!(error.to_string(), ".: answered with status 403");
        for document in without_each(&body) {
            let read = Linkedin.read(target, &answer(200, document.clone()), &accounts());
            assert_eq!(read.is_err(), document.pointer("/message/text").is_none(), "{document}");
        }
    });
    with_target(Surface::Mention, "urn:li:share:7095000000000000005", None, |target| {
        assert!(Linkedin.read_call(target).is_none(), "a share belongs to the member");
    });
}

#[test]
fn names_of_actions_are_not_repeated_at_length() {
    let document = json!({ "type": "x y".repeat(100), "notifications": [] });
    let Ignored::Unknown(name) = parse(document.to_string().as_bytes()).ignored.remove(0) else { panic!("unknown") };
    assert_eq!(name.len(), 60);
}

/// What each file under `events/linkedin` leads to.
const EXPECTED: &str = "\
admin-comment.json
  (own_voice)
batch.json
  comment urn:li:comment:(urn:li:activity:7094637247890620418,7094977717598625900) by urn:li:person:zLqTygBP8S on urn:li:activity:7094637247890620418 at 2026-11-01T14:08:40Z: Dove trovo il modulo?
  unread comment urn:li:comment:(urn:li:activity:7094637247890620418,7094977717598625901)
  comment urn:li:comment:(urn:li:activity:7094637247890620418,7094977717598625903) on urn:li:activity:7094637247890620418 at 2026-11-01T14:08:41Z: Non sono d'accordo con i nuovi orari, ma grazie per la chiarezza.
  removed urn:li:comment:(urn:li:activity:7094637247890620418,7094977717598625811)
  (malformed notifications[2].generatedActivity: expected the URN of a comment)
  (not_text)
comment-answer.json
  comment urn:li:comment:(urn:li:activity:7094637247890620418,7094977717598625801) by urn:li:person:bNQ7hhd2Lm on urn:li:activity:7094637247890620418 under urn:li:comment:(urn:li:activity:7094637247890620418,7094977717598625792) at 2026-11-01T14:06:00Z: Sì, a me hanno mandato il collegamento per posta.
comment-bike-economy.json
  comment urn:li:comment:(urn:li:activity:7094637247890620500,7094977717598625820) by urn:li:person:pROmo77aaX on urn:li:activity:7094637247890620500 at 2026-11-01T14:06:50Z: Prestiti facili in 24 ore senza garanzie, scrivetemi: www.soldi-subito.example
comment-delete.json
  removed urn:li:comment:(urn:li:activity:7094637247890620418,7094977717598625792)
comment-edit.json
  comment urn:li:comment:(urn:li:activity:7094637247890620418,7094977717598625792) by urn:li:person:zLqTygBP8S on urn:li:activity:7094637247890620418 at 2026-11-01T14:05:00Z now edited: Molto utile, grazie. Si può seguire anche a distanza o solo in sede?
comment-mention-own-post.json
  comment urn:li:comment:(urn:li:activity:7094999999999999999,7094977717598625851) by urn:li:person:amI2c0aaaa on urn:li:activity:7094999999999999999 at 2026-11-01T14:07:30Z: Chiedete alla Camera di Commercio, con noi sono stati gentili.
comment-mention.json
  mention urn:li:comment:(urn:li:activity:7094999999999999999,7094977717598625850) by urn:li:person:amI2c0aaaa on urn:li:activity:7094999999999999999 at 2026-11-01T14:07:30Z: Chiedete alla Camera di Commercio, con noi sono stati gentili.
comment-not-ours.json
  (not_ours)
comment-our-own.json
  (own_voice)
comment-single.json
  comment urn:li:comment:(urn:li:activity:7094637247890620418,7094977717598625890) by urn:li:person:zLqTygBP8S on urn:li:activity:7094637247890620418 at 2026-11-01T14:08:30Z: Aspettavo proprio questo servizio.
comment-undecorated.json
  unread comment urn:li:comment:(urn:li:activity:7094637247890620418,7094977717598625831)
comment-violation.json
  comment urn:li:comment:(urn:li:activity:7094637247890620418,7094977717598625811) by urn:li:person:kk03Uwqp1Z on urn:li:activity:7094637247890620418 at 2026-11-01T14:06:40Z: Chi dirige questo ufficio è uno stronzo
comment-without-text.json
  unread comment urn:li:comment:(urn:li:activity:7094637247890620418,7094977717598625830)
comment.json
  comment urn:li:comment:(urn:li:activity:7094637247890620418,7094977717598625792) by urn:li:person:zLqTygBP8S on urn:li:activity:7094637247890620418 at 2026-11-01T14:00:00Z: Molto utile, grazie. Si può seguire anche a distanza?
empty.json
like.json
  (not_text)
numbers-and-strings.json
  comment urn:li:comment:(urn:li:activity:7094637247890620418,7094977717598625880) by urn:li:person:zLqTygBP8S on urn:li:activity:7094637247890620418 at 2026-11-01T14:08:20Z: Ottimo lavoro.
share-mention-reference.json
  unread mention urn:li:share:7095000000000000005
share-mention.json
  mention urn:li:share:7095000000000000003 by urn:li:person:cR1t1coaaa at 2026-11-01T14:08:10Z: Tariffe alte e risposte lente: la Camera di Commercio può fare meglio.
share-undecorated.json
  (not_text)
share-without-words.json
  (not_text)
share.json
  mention urn:li:share:7095000000000000001 by urn:li:person:bNQ7hhd2Lm at 2026-11-01T14:08:00Z: Segnalo l'iniziativa a chi apre un'attività quest'anno.
unknown-action.json
  (unknown COMMENT_REACTION_SUMMARY)
unknown-type.json
  (unknown MEMBER_DATA_EXPORT)
";

#[test]
fn a_leaf_that_is_no_json_value_does_not_sink_the_batch() {
    let body =
        String::from_utf8(events(Platform::Linkedin).into_iter().find(|(name, _)| name == "batch.json").unwrap().1);
    let body = body.unwrap().replacen("\"notificationId\": ", "\"notificationId\": 1e999, \"was\": ", 1);
    let delivery = parse(body.as_bytes());
    assert_eq!(delivery.events.len(), 3, "all but the first");
    assert!(matches!(&delivery.ignored[0], Ignored::Malformed(what) if what.starts_with("notifications[0]: not JSON")));
}

#[test]
fn a_comment_is_visible_as_long_as_it_exists() {
    let account = account(Platform::Linkedin, "urn:li:organization:96072893");
    let comment = ContributionId::new("urn:li:comment:(urn:li:activity:1,2)");
    let target = Target {
        account: &account,
        surface: Surface::Comment,
        contribution: &comment,
        thread: None,
        parent: None,
        author: None,
    };
    assert_eq!(Linkedin.state_calls(&[target]).len(), 1);
    assert!(Linkedin.state_calls(&[Target { surface: Surface::Mention, ..target }]).is_empty());
    let state = |status, body| Linkedin.state(&target, &[answer(status, body)]);
    assert_eq!(state(200, json!({"id": "2"})), State::Visible);
    assert_eq!(state(404, json!({"message": "Not found"})), State::Gone);
    assert_eq!(state(404, json!({"message": "No virtual resource found"})), State::Unknown);
    assert_eq!(state(403, json!({})), State::Unknown);
    assert_eq!(Linkedin.subscription_call(&account), None, "the poll reads the same notifications");
}
