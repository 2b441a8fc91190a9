//! A limit belongs to the account, or to the app: of all that waits, one call finds it out.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use aws_sdk_dynamodb::types::AttributeValue;
use jiff::SignedDuration;
use ledger::Tables;
use moderation::Moderation;
use policy::{Effect, Gap, Platform, Reading};
use sandbox::{FaultEffect, NewComment};
use serde_json::{Value, json};

use crate::stage::{MONDAY, Stage, without_limits};
use crate::world::{INSULT, World, answers, eventually, fault};

const FACEBOOK: Platform = Platform::Facebook;
const INSTAGRAM: Platform = Platform::Instagram;
const WAITING: usize = 24;

fn meta(code: i64) -> FaultEffect {
    answers(400, json!({ "error": { "message": "(#1) Request limit reached", "code": code } }))
}

fn youtube(reason: &str) -> FaultEffect {
    answers(403, json!({ "error": { "code": 403, "errors": [{ "reason": reason }] } }))
}

/// What all platforms answer when a limit is reached of which they do not say when it ends, or say so.
fn limits() -> Vec<(Platform, FaultEffect)> {
    let mut limits: Vec<_> =
        [4, 17, 32, 341, 613, 80_001, 80_002, 80_006, 80_014].map(|code| (FACEBOOK, meta(code))).into();
    limits.push((FACEBOOK, answers(429, Value::Null)));
    limits.push((INSTAGRAM, meta(80_002)));
    limits.push((Platform::X, answers(429, json!({ "title": "Too Many Requests", "status": 429 }))));
    limits.push((Platform::X, FaultEffect::RateLimit { seconds: 900 }));
    limits.extend(
        ["rateLimitExceeded", "userRateLimitExceeded", "quotaExceeded"].map(|it| (Platform::Youtube, youtube(it))),
    );
    limits
}

/// Insults of as many people wait to be hidden.
async fn many_wait(stage: &Stage, platform: Platform, first: usize) {
    for number in 0..WAITING {
        let person = match platform {
            Platform::Youtube => format!("UClimite{:016}", first + number),
            _ => (first + number).to_string(),
        };
        let account = stage.account(platform);
        stage.posts(NewComment::new(account.as_str(), &person, "Persona di prova", INSULT), platform);
    }
    match platform {
        Platform::Youtube => drop(stage.moderation.poll(moderation::Pace::AtOnce).await),
        _ => stage.receives().await,
    }
}

#[tokio::test]
async fn of_all_that_waits_one_call_finds_a_limit_out_until_it_ends() {
    for (platform, effect) in limits() {
        let mut stage = Stage::open().await;
        many_wait(&stage, platform, 6000).await;
        stage.sandbox.add_fault(fault(platform, 1000, effect.clone()));
        for _ in 0..5 {
            stage.moderation.sweep(100).await.unwrap();
        }
        assert_eq!(stage.calls(platform).len(), 1, "{platform} {effect:?}");
        // Another process, a few seconds later, has not been told and knows.
        stage.passes(SignedDuration::from_secs(10));
        for _ in 0..5 {
            stage.moderation.sweep(100).await.unwrap();
        }
        assert_eq!(stage.calls(platform).len(), 1, "{platform} {effect:?}: in another process");
    }
}

#[tokio::test]
async fn a_limit_without_a_time_is_tried_again_at_growing_intervals_and_then_all_goes_on() {
    let mut stage = Stage::open().await;
    many_wait(&stage, FACEBOOK, 6100).await;
    stage.sandbox.add_fault(fault(FACEBOOK, 4, meta(17)));
    let mut calls = Vec::new();
    for _ in 0..480 {
        stage.moderation.sweep(100).await.unwrap();
        if stage.calls(FACEBOOK).len() > calls.len() {
            calls.push(stage.now());
        }
        if calls.len() == 4 {
            break;
        }
        stage.passes(SignedDuration::from_secs(1));
    }
    assert_eq!(calls.len(), 4, "{calls:?}");
    let waits: Vec<_> = calls.windows(2).map(|pair| pair[1].duration_since(pair[0]).as_secs()).collect();
    for (wait, wanted) in waits.iter().zip([30, 60, 120]) {
        assert!((wanted - 1..wanted + 20).contains(wait), "{waits:?}");
    }
    stage.passes(SignedDuration::from_secs(250));
    for _ in 0..5 {
        stage.moderation.sweep(100).await.unwrap();
        stage.passes(SignedDuration::from_secs(5));
    }
    assert_eq!(stage.hides(FACEBOOK), 4 + WAITING, "the limit is over, and everything is hidden");
}

#[tokio::test]
async fn a_limit_of_the_app_holds_all_its_accounts_and_nobody_elses() {
    let stage = Stage::open().await;
    many_wait(&stage, FACEBOOK, 6200).await;
    stage.sandbox.add_fault(fault(FACEBOOK, 1000, meta(4)));
    stage.moderation.sweep(100).await.unwrap();
    let instagram = stage.comments(INSTAGRAM, "6300", INSULT).await;
    let x = stage.comments(Platform::X, "6301", INSULT).await;
    stage.moderation.sweep(100).await.unwrap();
    assert_eq!(stage.calls(FACEBOOK).len(), 1);
    assert_eq!(stage.calls(INSTAGRAM), [], "its accounts are asked through the same app");
    assert!(!stage.sandbox.is_hidden(INSTAGRAM, &instagram));
    assert!(stage.sandbox.is_hidden(Platform::X, &x), "others go on");
}

#[tokio::test]
async fn a_limit_of_an_account_holds_no_other() {
    // Two pages on the same platform, through the same application.
    let second = "[[account]]\nplatform = \"facebook\"\nid = \"555000555000\"\nhandle = \"secondapagina\"\n\
                  name = \"Seconda pagina\"\nurl = \"https://www.facebook.com/secondapagina\"\n\n\
                  [[account]]\nplatform = \"instagram\"";
    let policy = without_limits(&[("[[account]]\nplatform = \"instagram\"", second)]);
    let stage = Stage::with(policy, MONDAY).await;
    many_wait(&stage, FACEBOOK, 6400).await;
    stage.sandbox.add_fault(fault(FACEBOOK, 1, meta(32)));
    stage.moderation.sweep(100).await.unwrap();
    let comment = NewComment::new("555000555000", "6500", "Persona di prova", INSULT);
    let other = stage.posts(comment, FACEBOOK);
    stage.receives().await;
    let instagram = stage.comments(INSTAGRAM, "6501", INSULT).await;
    for _ in 0..3 {
        stage.moderation.sweep(100).await.unwrap();
    }
    assert_eq!(stage.hides(FACEBOOK), 2, "the call that met the limit, and that of the other page");
    assert!(stage.sandbox.is_hidden(FACEBOOK, &other), "the other page goes on");
    assert!(stage.sandbox.is_hidden(INSTAGRAM, &instagram), "others go on");
}

/// What X answers to a post when those of the day are used up, for the account or for the whole application.
fn used_up(of: &str, stage: &Stage) -> FaultEffect {
    let FaultEffect::Answer { status, body, mut headers } = answers(429, json!({ "title": "Too Many Requests" }))
    else {
        panic!("an answer")
    };
    let tomorrow = (stage.now() + SignedDuration::from_hours(20)).as_second();
    headers.insert(format!("x-{of}-limit-24hour-remaining"), "0".to_owned());
    headers.insert(format!("x-{of}-limit-24hour-reset"), tomorrow.to_string());
    headers.insert("date".to_owned(), stage.now().strftime("%a, %d %b %Y %H:%M:%S GMT").to_string());
    FaultEffect::Answer { status, body, headers }
}

#[tokio::test]
async fn who_may_post_nothing_more_on_x_today_hides_and_shows_all_the_same() {
    for of in ["user", "app"] {
        let stage = Stage::open().await;
        let posts = sandbox::Fault { method: Some("POST".to_owned()), ..fault(Platform::X, 1000, used_up(of, &stage)) };
        stage.sandbox.add_fault(posts);
        let first = stage.comments(Platform::X, "6700", INSULT).await;
        stage.works().await;
        assert!(stage.sandbox.is_hidden(Platform::X, &first));
        let warnings = |stage: &Stage| stage.calls(Platform::X).iter().filter(|call| call.method == "POST").count();
        assert_eq!(warnings(&stage), 1, "{of}: its warning met the limit");
        let second = stage.comments(Platform::X, "6701", INSULT).await;
        stage.works().await;
        assert!(stage.sandbox.is_hidden(Platform::X, &second), "{of}: it is hidden all the same");
        assert_eq!(warnings(&stage), 1, "{of}: and nobody asks to post");
        let limits = stage.moderation.limits().await.unwrap();
        assert_eq!(limits.len(), 1, "{limits:?}");
        assert!(limits[0].scope.call.is_some(), "{limits:?}");
    }
}

#[tokio::test]
async fn who_may_reply_nothing_more_on_linkedin_today_reads_all_the_same() {
    let stage = Stage::open().await;
    let day =
        answers(429, json!({ "message": "Resource level throttle APPLICATION DAY limit for calls to this resource" }));
    stage.sandbox.add_fault(sandbox::Fault { method: Some("POST".to_owned()), ..fault(Platform::Linkedin, 1000, day) });
    stage.comments(Platform::Linkedin, "urn:li:person:limite", INSULT).await;
    stage.works().await;
    assert_eq!(stage.moderation.limits().await.unwrap().len(), 1, "its warning met the limit");
    let before = stage.sandbox.journal().len();
    let polled = stage.moderation.poll(moderation::Pace::AtOnce).await;
    let linkedin = polled.iter().find(|(account, _)| account.platform == Platform::Linkedin);
    assert!(
        linkedin.is_some_and(|(_, polled)| polled.as_ref().is_ok_and(|polled| polled.stopped.is_none())),
        "{polled:?}"
    );
    assert!(stage.sandbox.journal().len() > before);
}

#[tokio::test]
async fn a_limit_with_a_time_is_noted_once() {
    for platform in [FACEBOOK, Platform::X] {
        let stage = Stage::open().await;
        many_wait(&stage, platform, 6800).await;
        stage.sandbox.add_fault(fault(platform, 1000, FaultEffect::RateLimit { seconds: 900 }));
        for _ in 0..3 {
            stage.moderation.sweep(100).await.unwrap();
        }
        assert_eq!(stage.calls(platform).len(), 1);
        assert_eq!(stage.moderation.tally().get(platform, "limited"), 1, "{platform}");
    }
}

#[tokio::test]
async fn what_is_counted_at_night_is_not_asked_while_a_limit_holds() {
    let stage = Stage::open().await;
    many_wait(&stage, FACEBOOK, 6900).await;
    stage.sandbox.add_fault(fault(FACEBOOK, 1000, meta(4)));
    stage.moderation.sweep(100).await.unwrap();
    let asked = stage.sandbox.journal().len();
    for account in stage.moderation.policy().accounts.iter().filter(|it| [FACEBOOK, INSTAGRAM].contains(&it.platform)) {
        let counted = platforms::count(&stage.moderation, account).await;
        assert!(!counted.is_empty());
        assert!(counted.iter().all(|(_, reading)| *reading == Reading::Gap(Gap::Limited)), "{counted:?}");
    }
    assert_eq!(stage.sandbox.journal().len(), asked);
}

/// Another process with the same records.
fn office(stage: &Stage) -> Moderation {
    let client = platforms::Client::new(stage.endpoints.clone(), stage.settings.tokens().clone()).unwrap();
    let clock = moderation::Clock::starting_at(stage.now());
    Moderation::new(Arc::new(without_limits(&[])), stage.ledger().clone(), client, clock)
}

#[tokio::test]
async fn whoever_knows_that_a_limit_is_over_lets_everything_go_on() {
    let stage = Stage::open().await;
    many_wait(&stage, Platform::X, 7000).await;
    stage.sandbox.add_fault(fault(Platform::X, 1, FaultEffect::RateLimit { seconds: 3600 }));
    for _ in 0..3 {
        stage.moderation.sweep(100).await.unwrap();
    }
    assert_eq!(stage.hides(Platform::X), 1, "everything waits for an hour");
    assert_eq!(stage.moderation.forget_limits(FACEBOOK).await, Ok((0, 0)), "of another platform nothing is forgotten");
    assert_eq!(stage.moderation.limits().await.unwrap().len(), 1);
    // The platform has lifted it, and the office says so in a process of its own.
    let (limits, cases) = office(&stage).forget_limits(Platform::X).await.unwrap();
    assert_eq!((limits, cases), (1, WAITING));
    tokio::time::sleep(Duration::from_secs(6)).await;
    stage.works().await;
    assert_eq!(stage.hides(Platform::X), 1 + WAITING, "the process that works knows it a few seconds later");
}

#[tokio::test]
async fn a_limit_that_could_not_be_noted_is_lifted_like_any_other() {
    let stage = Stage::open().await;
    many_wait(&stage, FACEBOOK, 7100).await;
    // What is on record in its place cannot be read.
    let (client, table) = (stage.dynamodb(), Tables::default().casebook);
    let partition = format!("{}#L", stage.moderation.policy().reference.id);
    let keys = [format!("account#facebook#{}", stage.account(FACEBOOK)), "app#facebook".to_owned()];
    let keys = keys.map(|sk| [("pk", partition.clone()), ("sk", sk)]);
    let keys = keys.map(|key| HashMap::from(key.map(|(name, value)| (name.to_owned(), AttributeValue::S(value)))));
    for key in &keys {
        let damaged = client.put_item().table_name(&table).set_item(Some(key.clone()));
        damaged.item("holds_until", AttributeValue::S("9999".to_owned())).send().await.unwrap();
    }
    stage.sandbox.add_fault(fault(FACEBOOK, 1, FaultEffect::RateLimit { seconds: 3600 }));
    for _ in 0..3 {
        stage.moderation.sweep(100).await.unwrap();
    }
    assert_eq!(stage.hides(FACEBOOK), 1, "the process that met it goes by it");
    for key in keys {
        client.delete_item().table_name(&table).set_key(Some(key)).send().await.unwrap();
    }
    assert_eq!(stage.moderation.limits().await.unwrap(), [], "it could not be noted");
    // The platform has lifted it, and the office says so in a process of its own.
    assert_eq!(office(&stage).forget_limits(FACEBOOK).await, Ok((0, WAITING)));
    tokio::time::sleep(Duration::from_secs(6)).await;
    stage.works().await;
    assert_eq!(stage.hides(FACEBOOK), 1 + WAITING);
}

#[tokio::test]
async fn the_server_with_its_worker_asks_once_in_ten_seconds() {
    let world = World::start().await;
    let before = world.comments(FACEBOOK, "6600", INSULT).await;
    world.settles().await;
    assert_eq!(world.effect(FACEBOOK, &before).await, Some(Effect::Done));
    let calls = world.calls(FACEBOOK).len();
    world.sandbox().add_fault(fault(FACEBOOK, 1000, meta(17)));
    for number in 0..WAITING {
        world.comments(FACEBOOK, &(6601 + number).to_string(), INSULT).await;
    }
    eventually("it is asked", async || world.calls(FACEBOOK).len() > calls).await;
    tokio::time::sleep(Duration::from_secs(10)).await;
    assert_eq!(world.calls(FACEBOOK).len(), calls + 1);
}
