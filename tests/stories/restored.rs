//! What stands on the page in the end is what is judged and hidden, in whatever order and however often it is delivered;
//! and the record never says what is not so.

use std::collections::HashMap;
use std::time::Duration;

use aws_sdk_dynamodb::types::AttributeValue;
use http::StatusCode;
use jiff::SignedDuration;
use ledger::{Case, Tables};
use moderation::Pace;
use policy::{ActionKind, Effect, Outcome, Platform};
use sandbox::{FaultEffect, NewComment, Webhook};
use serde_json::{Value, json};

use crate::kills::killed;
use crate::ladder::{ANNA, is_banned};
use crate::stage::Stage;
use crate::world::{CRITICISM, INSULT, answers, fault};

const FACEBOOK: Platform = Platform::Facebook;

/// Another text within the rules.
const PRAISE: &str = "Grazie per le informazioni, a presto";

/// Someone writes and rewrites a comment on Facebook; the webhooks are still on their way, in the order of the texts.
fn written(stage: &Stage, author: &str, texts: &[&str]) -> (String, Vec<Webhook>) {
    let page = stage.account(FACEBOOK);
    let id = stage.posts(NewComment::new(page.as_str(), author, "Persona di prova", texts[0]), FACEBOOK);
    let mut webhooks = stage.sandbox.take_webhooks();
    for text in &texts[1..] {
        stage.sandbox.edit_comment(FACEBOOK, &id, text).unwrap();
        webhooks.extend(stage.sandbox.take_webhooks());
    }
    assert_eq!(webhooks.len(), texts.len());
    (id, webhooks)
}

/// The webhook about a later edit of a post on X: a post of its own, which names the first. The sandbox knows no edits there.
fn edited_on_x(first: &Webhook, number: usize, text: &str, at: jiff::Timestamp) -> Webhook {
    let mut body: Value = serde_json::from_slice(&first.body).unwrap();
    let post = &mut body["data"]["payload"];
    let original = post["id"].as_str().unwrap().to_owned();
    let id = (original.parse::<u64>().unwrap() + number as u64).to_string();
    post["edit_history_tweet_ids"] = json!([original, id]);
    post["id"] = json!(id);
    post["text"] = json!(text);
    post["display_text_range"] = json!([0, text.chars().count()]);
    post["created_at"] = json!(at.to_string());
    let body = body.to_string().into_bytes();
    let (name, value) = sandbox::sign(Platform::X, moderation::DEVELOPMENT_SECRET, &body);
    Webhook { platform: Platform::X, headers: vec![(name.to_owned(), value)], body }
}

/// Every order of so many things.
fn orders(count: usize) -> Vec<Vec<usize>> {
    if count == 0 {
        return vec![Vec::new()];
    }
    let mut all = Vec::new();
    for shorter in orders(count - 1) {
        for position in 0..count {
            let mut longer = shorter.clone();
            longer.insert(position, count - 1);
            all.push(longer);
        }
    }
    all
}

/// Everything that waits for its time comes to it.
async fn waits_out(stage: &mut Stage) {
    for minutes in [1, 10, 60] {
        stage.works().await;
        stage.passes(SignedDuration::from_mins(minutes));
    }
    stage.works().await;
}

/// That the platform shows what it should, and the record says so and nothing else.
fn agrees(stage: &Stage, case: &Case, id: &str, stands: &str, what: &str) {
    let is_violation = stands == INSULT;
    assert_eq!(stage.sandbox.is_hidden(FACEBOOK, id), is_violation, "{what}: {case:?}");
    let last = case.actions.iter().rfind(|action| action.kind == ActionKind::Hide).expect("a hiding");
    let effect = if is_violation { Effect::Done } else { Effect::AlreadySo };
    assert_eq!(last.effect, Some(effect), "{what}: {last:?}");
    assert_eq!(last.note.as_deref() == Some("rewritten"), !is_violation, "{what}: {last:?}");
    assert_eq!(
        case.newest().outcome == Outcome::Hide,
        is_violation,
        "{what}: the newest revision is what stands there"
    );
}

#[tokio::test]
async fn what_stands_there_in_the_end_is_hidden_or_not_in_every_order_of_its_deliveries() {
    let mut stage = Stage::open().await;
    let mut author = 0;
    for texts in [
        &[INSULT, CRITICISM, INSULT][..],
        &[CRITICISM, INSULT, CRITICISM],
        &[CRITICISM, INSULT, PRAISE, INSULT],
        &[INSULT, PRAISE, INSULT, PRAISE],
    ] {
        for order in orders(texts.len()) {
            author += 1;
            let (id, webhooks) = written(&stage, &format!("6{author}"), texts);
            for position in &order {
                assert_eq!(stage.receives_one(&webhooks[*position]).await.0, StatusCode::OK);
            }
            stage.works().await;
            stage.passes(SignedDuration::from_secs(10));
            stage.works().await;
            let cases = stage.cases(FACEBOOK, &id).await;
            assert_eq!(cases.len(), 1);
            let what = format!("{texts:?} {order:?}");
            agrees(&stage, &cases[0], &id, texts[texts.len() - 1], &what);
            assert_eq!(stage.strikes(FACEBOOK, &id).await, 1, "{what}");
        }
    }
}

#[tokio::test]
async fn the_same_insult_comes_back_while_its_hiding_waits_for_whatever_reason() {
    let reasons = [
        ("one error", fault(FACEBOOK, 1, answers(500, Value::Null))),
        ("a limit", fault(FACEBOOK, 1, FaultEffect::RateLimit { seconds: 600 })),
        ("no answer", sandbox::Fault { latency_ms: 11_000, ..fault(FACEBOOK, 1, FaultEffect::None) }),
        ("a broken connection", fault(FACEBOOK, 1, FaultEffect::Lost)),
    ];
    for (reason, fault) in reasons {
        for first in [INSULT, CRITICISM] {
            let mut stage = Stage::open().await;
            let (id, webhooks) = written(&stage, "700", &[first, INSULT, CRITICISM, INSULT]);
            for webhook in &webhooks[..2] {
                stage.receives_one(webhook).await;
            }
            let path = Some("is_hidden=true".to_owned());
            stage.sandbox.add_fault(sandbox::Fault { path, method: Some("POST".to_owned()), ..fault.clone() });
            stage.moderation.sweep(100).await.unwrap();
            for webhook in &webhooks[2..] {
                stage.receives_one(webhook).await;
            }
            waits_out(&mut stage).await;
            let case = stage.case(FACEBOOK, &id).await;
            assert!(stage.sandbox.is_hidden(FACEBOOK, &id), "{reason}, {first}: {case:?}");
            assert!(case.is_hidden(), "{reason}, {first}: {case:?}");
            let said = case.actions.iter().any(|action| action.note.as_deref() == Some("rewritten"));
            assert!(!said, "{reason}, {first}: what is said is not so");
        }
    }
}

#[tokio::test]
async fn what_was_written_off_as_rewritten_is_hidden_when_the_same_text_comes_back() {
    let mut stage = Stage::open().await;
    let (id, webhooks) = written(&stage, "701", &[PRAISE, INSULT]);
    for webhook in &webhooks {
        stage.receives_one(webhook).await;
    }
    for round in 0..3 {
        stage.sandbox.edit_comment(FACEBOOK, &id, CRITICISM).unwrap();
        stage.receives().await;
        waits_out(&mut stage).await;
        assert!(!stage.sandbox.is_hidden(FACEBOOK, &id), "round {round}: it stands there within the rules");
        let case = stage.case(FACEBOOK, &id).await;
        let hiding = case.actions.iter().rfind(|action| action.kind == ActionKind::Hide).unwrap();
        assert_eq!(hiding.note.as_deref(), Some("rewritten"), "round {round}");
        stage.sandbox.edit_comment(FACEBOOK, &id, INSULT).unwrap();
        stage.receives().await;
    }
    waits_out(&mut stage).await;
    assert!(stage.sandbox.is_hidden(FACEBOOK, &id));
    assert_eq!(stage.strikes(FACEBOOK, &id).await, 1);
}

#[tokio::test]
async fn a_delivery_that_is_repeated_late_hides_nothing_that_was_rewritten() {
    let mut stage = Stage::open().await;
    let (id, webhooks) = written(&stage, "702", &[PRAISE, INSULT, CRITICISM]);
    for webhook in &webhooks {
        stage.receives_one(webhook).await;
    }
    waits_out(&mut stage).await;
    for _ in 0..3 {
        stage.receives_one(&webhooks[1]).await;
        waits_out(&mut stage).await;
    }
    assert!(!stage.sandbox.is_hidden(FACEBOOK, &id));
    assert_eq!(stage.hides(FACEBOOK), 0, "nothing is asked");
    assert_eq!(stage.tasks().await, []);
    let verdicts = stage.log().await.iter().filter(|entry| matches!(entry.fact, ledger::Fact::Verdict { .. })).count();
    assert_eq!(verdicts, 3, "and nothing more is on record");
}

#[tokio::test]
async fn where_nobody_may_look_what_came_last_is_what_stands_there() {
    let refusal = |code: i64| answers(400, json!({ "error": { "message": "refused", "code": code } }));
    for (refused, effect) in [("not permitted", refusal(200)), ("no text", answers(200, json!({ "id": "1" })))] {
        for (texts, is_hidden) in
            [(&[PRAISE, INSULT, CRITICISM, INSULT][..], true), (&[INSULT, CRITICISM, INSULT, CRITICISM], false)]
        {
            let mut stage = Stage::open().await;
            let (id, webhooks) = written(&stage, "703", texts);
            let looks = sandbox::Fault {
                method: Some("GET".to_owned()),
                path: Some("message".to_owned()),
                ..fault(FACEBOOK, 100, effect.clone())
            };
            stage.sandbox.add_fault(looks);
            for webhook in &webhooks {
                stage.receives_one(webhook).await;
            }
            waits_out(&mut stage).await;
            assert_eq!(stage.sandbox.is_hidden(FACEBOOK, &id), is_hidden, "{refused} {texts:?}");
        }
    }
}

#[tokio::test]
async fn several_revisions_in_one_delivery_are_taken_in_their_order() {
    for (texts, is_hidden) in [(&[INSULT, CRITICISM, INSULT][..], true), (&[INSULT, PRAISE, CRITICISM], false)] {
        for _ in 0..3 {
            let mut stage = Stage::open().await;
            let (id, webhooks) = written(&stage, "704", texts);
            let bodies = webhooks.iter().map(|webhook| serde_json::from_slice::<Value>(&webhook.body).unwrap());
            let mut entries: Vec<Value> = bodies.map(|body| body["entry"][0].clone()).collect();
            // Many others in between, so that nothing is taken in order by chance.
            for number in 0..40 {
                let mut other = entries[0].clone();
                other["changes"][0]["value"]["comment_id"] = json!(format!("9_{number}"));
                other["changes"][0]["value"]["message"] = json!(CRITICISM);
                // By as many people: who repeats a text floods.
                other["changes"][0]["value"]["from"]["id"] = json!(format!("88{number}"));
                entries.insert(1, other);
            }
            let body = json!({ "object": "page", "entry": entries });
            assert_eq!(stage.delivered(FACEBOOK, &body).await.0, StatusCode::OK);
            let case = stage.case(FACEBOOK, &id).await;
            let kept: Vec<String> =
                case.all_revisions().into_iter().filter_map(|revision| Some(revision.content?.text)).collect();
            assert_eq!(kept, texts);
            stage.works().await;
            stage.passes(SignedDuration::from_secs(10));
            stage.works().await;
            assert_eq!(stage.sandbox.is_hidden(FACEBOOK, &id), is_hidden, "{texts:?}");
        }
    }
}

#[tokio::test]
async fn on_the_platforms_that_date_an_edit_the_date_decides_in_every_order() {
    for (platform, author) in
        [(Platform::X, "705"), (Platform::Linkedin, "urn:li:person:705"), (Platform::Instagram, "705")]
    {
        for (texts, is_violation) in [(&[INSULT, CRITICISM, INSULT][..], true), (&[INSULT, PRAISE, CRITICISM], false)] {
            for order in orders(texts.len()) {
                let mut stage = Stage::open().await;
                let account = stage.account(platform);
                let comment = NewComment {
                    mentions_us: platform == Platform::X,
                    ..NewComment::new(account.as_str(), author, "Persona di prova", texts[0])
                };
                let id = stage.posts(comment, platform);
                let mut webhooks = stage.sandbox.take_webhooks();
                for (number, text) in texts.iter().enumerate().skip(1) {
                    stage.passes(SignedDuration::from_mins(1));
                    if platform == Platform::X {
                        webhooks.push(edited_on_x(&webhooks[0], number, text, stage.now()));
                    } else if stage.sandbox.edit_comment(platform, &id, text).is_ok() {
                        webhooks.extend(stage.sandbox.take_webhooks());
                    }
                }
                if webhooks.len() < texts.len() {
                    // Where nothing can be edited, what was written first stands there.
                    assert_eq!(platform, Platform::Instagram);
                    continue;
                }
                for position in &order {
                    assert_eq!(stage.receives_one(&webhooks[*position]).await.0, StatusCode::OK);
                }
                stage.works().await;
                stage.passes(SignedDuration::from_secs(10));
                stage.works().await;
                let what = format!("{platform} {texts:?} {order:?}");
                let last = stage.hiding(platform).await;
                let effect = match platform {
                    _ if !is_violation => Effect::AlreadySo,
                    Platform::Linkedin => Effect::Manual,
                    _ => Effect::Done,
                };
                assert_eq!(last, Some(effect), "{what}");
            }
        }
    }
}

#[tokio::test]
async fn on_youtube_what_stands_there_when_it_is_polled_is_what_is_hidden() {
    for (texts, is_hidden) in [([INSULT, CRITICISM, INSULT], true), ([INSULT, PRAISE, CRITICISM], false)] {
        let mut stage = Stage::open().await;
        let id = stage.comments(Platform::Youtube, "UC706", texts[0]).await;
        for text in texts {
            stage.sandbox.edit_comment(Platform::Youtube, &id, text).unwrap();
            stage.passes(SignedDuration::from_mins(5));
            stage.moderation.poll(Pace::AtOnce).await;
        }
        stage.works().await;
        assert_eq!(stage.sandbox.is_hidden(Platform::Youtube, &id), is_hidden, "{texts:?}");
    }
}

#[tokio::test]
async fn killed_anywhere_while_it_looks_it_is_hidden_in_the_end() {
    let mut stage = Stage::open().await;
    let mut points = 0;
    for polls in 0.. {
        let (id, webhooks) = written(&stage, &format!("8{polls}"), &[PRAISE, INSULT, CRITICISM, INSULT]);
        for webhook in &webhooks[..3] {
            stage.receives_one(webhook).await;
        }
        let rest = async {
            stage.receives_one(&webhooks[3]).await;
            for _ in 0..3 {
                stage.moderation.sweep(100).await.unwrap();
            }
        };
        let ended = killed(polls, rest).await.is_some();
        // What was not acknowledged is delivered again, by another process.
        stage.passes(SignedDuration::from_secs(120));
        stage.receives_one(&webhooks[3]).await;
        stage.works().await;
        stage.passes(SignedDuration::from_secs(120));
        stage.works().await;
        let case = stage.case(FACEBOOK, &id).await;
        agrees(&stage, &case, &id, INSULT, &format!("killed at {polls}"));
        assert_eq!(stage.strikes(FACEBOOK, &id).await, 1, "killed at {polls}");
        if ended {
            break;
        }
        points += 1;
    }
    println!("killed at {points} points of a look");
    assert!(points >= 10, "only {points} points");
}

#[tokio::test]
async fn who_rewrites_a_hidden_comment_back_and_forth_leaves_one_task() {
    let mut stage = Stage::open().await;
    let id = stage.comments(FACEBOOK, "707", INSULT).await;
    stage.works().await;
    assert!(stage.sandbox.is_hidden(FACEBOOK, &id));
    for number in 0..6 {
        for text in [CRITICISM, INSULT] {
            stage.sandbox.edit_comment(FACEBOOK, &id, &format!("{text} {}", number / 2)).unwrap();
            stage.receives().await;
            stage.works().await;
            stage.passes(SignedDuration::from_mins(2));
        }
    }
    stage.works().await;
    let rewritten = stage.tasks().await.into_iter().filter(|task| task.kind == ledger::TaskKind::Rewritten).count();
    assert_eq!(rewritten, 1);
}

/// Reading takes so long that something can be delivered meanwhile.
fn reads_slowly() -> sandbox::Fault {
    let slow = sandbox::Fault { latency_ms: 500, ..fault(FACEBOOK, 1_000, FaultEffect::None) };
    sandbox::Fault { method: Some("GET".to_owned()), path: Some("message".to_owned()), ..slow }
}

/// What is due is carried out, and while it is being read it is rewritten once more.
async fn rewritten_meanwhile(stage: &Stage, id: &str, texts: &[String]) {
    let rewrites = async {
        tokio::time::sleep(Duration::from_millis(200)).await;
        for text in texts {
            stage.sandbox.edit_comment(FACEBOOK, id, text).unwrap();
            stage.receives().await;
        }
    };
    let (swept, ()) = tokio::join!(stage.moderation.sweep(100), rewrites);
    swept.unwrap();
}

#[tokio::test]
async fn who_rewrites_while_it_is_read_wins_no_time_by_it() {
    let stage = Stage::open().await;
    let (id, webhooks) = written(&stage, "708", &[PRAISE, INSULT, CRITICISM]);
    for webhook in &webhooks {
        stage.receives_one(webhook).await;
    }
    stage.sandbox.add_fault(reads_slowly());
    rewritten_meanwhile(&stage, &id, &[INSULT.to_owned()]).await;
    assert!(!stage.sandbox.is_hidden(FACEBOOK, &id));
    // It is read again at once, and hidden as soon as it was read.
    stage.moderation.sweep(100).await.unwrap();
    stage.moderation.sweep(100).await.unwrap();
    let case = stage.case(FACEBOOK, &id).await;
    assert!(stage.sandbox.is_hidden(FACEBOOK, &id), "{case:?}");
}

#[tokio::test]
async fn who_rewrites_without_end_is_hidden_within_minutes_all_the_same() {
    let mut stage = Stage::open().await;
    let (id, webhooks) = written(&stage, "709", &[PRAISE, INSULT, CRITICISM, INSULT]);
    for webhook in &webhooks {
        stage.receives_one(webhook).await;
    }
    stage.sandbox.add_fault(reads_slowly());
    for number in 0..24 {
        if stage.sandbox.is_hidden(FACEBOOK, &id) {
            break;
        }
        let texts = [format!("{CRITICISM} {number}"), format!("{INSULT} {number}")];
        rewritten_meanwhile(&stage, &id, &texts).await;
        stage.passes(SignedDuration::from_secs(16));
    }
    let case = stage.case(FACEBOOK, &id).await;
    assert!(stage.sandbox.is_hidden(FACEBOOK, &id), "{case:?}");
}

#[tokio::test]
async fn who_wrote_it_is_known_though_it_is_read_without_its_author() {
    let mut stage = Stage::open().await;
    for _ in 0..2 {
        stage.violates(FACEBOOK, "710", INSULT).await;
    }
    let (id, webhooks) = written(&stage, "710", &[PRAISE, INSULT, CRITICISM, INSULT]);
    let created =
        serde_json::from_slice::<Value>(&webhooks[0].body).unwrap()["entry"][0]["changes"][0]["value"]["created_time"]
            .clone();
    let created = jiff::Timestamp::from_second(created.as_i64().unwrap()).unwrap().to_string();
    // Of somebody who has not agreed Facebook tells no name.
    let nameless = answers(200, json!({ "id": id, "message": INSULT, "created_time": created }));
    stage.sandbox.add_fault(sandbox::Fault { effect: nameless, latency_ms: 0, ..reads_slowly() });
    for webhook in &webhooks[..3] {
        stage.receives_one(webhook).await;
    }
    stage.works().await;
    stage.passes(SignedDuration::from_secs(20));
    stage.works().await;
    let case = stage.case(FACEBOOK, &id).await;
    assert!(case.newest().content.unwrap().author.is_none(), "what stands there was read");
    let standing = case.standing_content().unwrap();
    assert_eq!(standing.author.unwrap().id.as_str(), "710");
    assert_eq!(standing.thread, case.content.as_ref().unwrap().thread);
    // So whoever confirms the block blocks somebody.
    assert_eq!(stage.sanctions(FACEBOOK, &id).await[2], (policy::SanctionKind::Block, policy::SanctionState::Proposed));
    stage.moderation.confirm(&case.id, ANNA).await.unwrap();
    stage.works().await;
    assert!(is_banned(&stage, "710"));
}

#[tokio::test]
async fn who_pauses_until_it_was_read_and_goes_on_rewriting_is_waited_for_no_second_time() {
    let mut stage = Stage::open().await;
    let (id, webhooks) = written(&stage, "711", &[PRAISE, INSULT, CRITICISM, INSULT]);
    for webhook in &webhooks {
        stage.receives_one(webhook).await;
    }
    stage.sandbox.add_fault(reads_slowly());
    let round = async |stage: &mut Stage, number: usize| {
        let texts = [format!("{CRITICISM} {number}"), format!("{INSULT} {number}")];
        rewritten_meanwhile(stage, &id, &texts).await;
        stage.passes(SignedDuration::from_secs(50));
    };
    for number in 0..5 {
        round(&mut stage, number).await;
    }
    assert!(!stage.sandbox.is_hidden(FACEBOOK, &id), "these are not five minutes yet");
    // Nothing is wrong with what stands there for a moment, and the hiding is written off.
    stage.sandbox.edit_comment(FACEBOOK, &id, PRAISE).unwrap();
    stage.receives().await;
    for _ in 0..3 {
        stage.moderation.sweep(100).await.unwrap();
    }
    let case = stage.case(FACEBOOK, &id).await;
    assert_eq!(case.actions[0].effect, Some(Effect::AlreadySo), "{case:?}");
    stage.sandbox.edit_comment(FACEBOOK, &id, INSULT).unwrap();
    stage.receives().await;
    for number in 10..12 {
        round(&mut stage, number).await;
    }
    assert!(stage.sandbox.is_hidden(FACEBOOK, &id), "{:?}", stage.case(FACEBOOK, &id).await);
}

/// Something that is on record cannot be read any more.
async fn damages(stage: &Stage, is_meant: impl Fn(&str, &str) -> bool, field: &str) {
    let table = Tables::default().casebook;
    let scanned = stage.dynamodb().scan().table_name(&table).send().await.unwrap();
    let text = |item: &HashMap<String, AttributeValue>, name| item[name].as_s().unwrap().clone();
    let keys = scanned.items().iter().map(|item| (text(item, "pk"), text(item, "sk")));
    let meant: Vec<_> = keys.filter(|(pk, sk)| is_meant(pk, sk)).collect();
    assert_eq!(meant.len(), 1, "{meant:?}");
    for (pk, sk) in meant {
        let damage = stage.dynamodb().update_item().table_name(&table);
        let damage = damage.key("pk", AttributeValue::S(pk)).key("sk", AttributeValue::S(sk));
        let damage = damage.update_expression("SET #field = :damage").expression_attribute_names("#field", field);
        damage.expression_attribute_values(":damage", AttributeValue::Bool(true)).send().await.unwrap();
    }
}

#[tokio::test]
async fn what_cannot_be_read_or_recorded_holds_back_no_hiding_for_ever() {
    type Meant = fn(&str, &str) -> bool;
    let damaged: [(&str, Meant, &str); 2] = [
        ("what waits to be read", |pk, sk| pk.contains("#U#") && sk == "U", "deferred_at"),
        ("what counts against its author", |pk, sk| pk.contains("#A#") && sk.starts_with("S#"), "weight"),
    ];
    for (what, is_meant, field) in damaged {
        let mut stage = Stage::open().await;
        let (id, webhooks) = written(&stage, "712", &[PRAISE, CRITICISM, INSULT]);
        for webhook in &webhooks {
            stage.receives_one(webhook).await;
        }
        // No delivery has told of what stands there by now, so that it has to be recorded.
        stage.sandbox.edit_comment(FACEBOOK, &id, "andate tutti affanculo").unwrap();
        stage.sandbox.take_webhooks();
        damages(&stage, is_meant, field).await;
        for _ in 0..8 {
            stage.moderation.sweep(100).await.unwrap();
            stage.passes(SignedDuration::from_secs(60));
        }
        assert!(stage.sandbox.is_hidden(FACEBOOK, &id), "{what}: {:?}", stage.cases(FACEBOOK, &id).await);
    }
}
