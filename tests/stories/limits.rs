//! A limit belongs to the account, or to the app: of all that waits, one call finds it out.

use std::time::Duration;

use jiff::SignedDuration;
use policy::{Effect, Platform};
use sandbox::{FaultEffect, NewComment};
use serde_json::{Value, json};

use crate::stage::Stage;
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
    let stage = Stage::open().await;
    many_wait(&stage, FACEBOOK, 6400).await;
    stage.sandbox.add_fault(fault(FACEBOOK, 1000, meta(32)));
    stage.moderation.sweep(100).await.unwrap();
    let instagram = stage.comments(INSTAGRAM, "6500", INSULT).await;
    stage.moderation.sweep(100).await.unwrap();
    assert_eq!(stage.calls(FACEBOOK).len(), 1);
    assert!(stage.sandbox.is_hidden(INSTAGRAM, &instagram), "others go on");
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
