//! A platform that hangs keeps nobody else waiting.

use std::time::{Duration, Instant};

use aws_sdk_dynamodb::types::AttributeValue;
use jiff::SignedDuration;
use ledger::Tables;
use moderation::Hands;
use policy::{ActionKind, Platform};
use sandbox::{Fault, FaultEffect};

use crate::stage::Stage;
use crate::world::{INSULT, World, eventually, fault};

const FACEBOOK: Platform = Platform::Facebook;

/// How many hidings wait for the platform that hangs.
const WAITING: usize = 300;

/// Longer than any call is waited for.
fn hangs(platform: Platform) -> Fault {
    Fault { latency_ms: 300_000, ..fault(platform, 100_000, FaultEffect::None) }
}

#[tokio::test]
async fn three_hundred_that_wait_for_a_platform_that_hangs_keep_no_other_waiting() {
    let world = World::start().await;
    world.sandbox().add_fault(hangs(FACEBOOK));
    let bodies: Vec<_> =
        (0..WAITING).map(|number| world.facebook_comment(&format!("7_{number}"), "add", INSULT)).collect();
    for some in bodies.chunks(50) {
        let deliveries = some.iter().map(|body| world.delivers(FACEBOOK, body.clone()));
        assert!(futures_util::future::join_all(deliveries).await.iter().all(|status| *status == 200));
    }
    world.is_called(FACEBOOK, 1).await;
    let mut slowest = Duration::ZERO;
    for number in 0..4 {
        let since = Instant::now();
        let reply = world.comments(Platform::X, &format!("80{number}"), INSULT).await;
        eventually("it is hidden", async || world.sandbox().is_hidden(Platform::X, &reply)).await;
        slowest = slowest.max(since.elapsed());
        tokio::time::sleep(Duration::from_secs(3)).await;
    }
    println!("with {WAITING} waiting for a platform that hangs, a reply elsewhere was hidden within {slowest:?}");
    assert!(slowest < Duration::from_secs(15), "{slowest:?}");
    let asked = world.calls(FACEBOOK).len();
    assert!(asked <= 3, "{asked} calls to a platform that does not answer");
}

#[tokio::test]
async fn after_a_call_that_was_not_answered_its_account_is_not_asked_again_in_the_same_sweep() {
    let mut stage = Stage::open().await;
    stage.sandbox.add_fault(hangs(FACEBOOK));
    let mut ids = Vec::new();
    for number in 0..40 {
        ids.push(stage.comments(FACEBOOK, &format!("81{number}"), INSULT).await);
    }
    let elsewhere = stage.comments(Platform::X, "8190", INSULT).await;
    let since = Instant::now();
    stage.moderation.sweep(1_000).await.unwrap();
    assert!(since.elapsed() < Duration::from_secs(20), "{:?}", since.elapsed());
    assert_eq!(stage.calls(FACEBOOK).len(), 1);
    assert!(stage.sandbox.is_hidden(Platform::X, &elsewhere));
    for _ in 0..3 {
        stage.moderation.sweep(1_000).await.unwrap();
    }
    assert_eq!(stage.calls(FACEBOOK).len(), 1, "nor in the next ones");
    let case = stage.case(FACEBOOK, &ids[39]).await;
    let hiding = &case.actions[0];
    assert_eq!((hiding.kind, hiding.attempts, hiding.asked_at), (ActionKind::Hide, 0, None), "it was not asked");
    // When the platform is back, all of it is done, and nothing twice.
    stage.sandbox.clear_faults();
    for _ in 0..4 {
        stage.passes(SignedDuration::from_mins(1));
        stage.works().await;
    }
    for id in &ids {
        assert!(stage.sandbox.is_hidden(FACEBOOK, id));
    }
    // The one that was not answered was carried out all the same, and is asked for again.
    assert_eq!(stage.hides(FACEBOOK), 41);
}

#[tokio::test]
async fn work_that_cannot_be_read_keeps_no_other_waiting() {
    let mut stage = Stage::open().await;
    for number in 0..70 {
        stage.comments(FACEBOOK, &format!("81{number}"), INSULT).await;
    }
    for key in stage.ledger().due(stage.now(), 1_000).await.unwrap() {
        let damage = stage.dynamodb().update_item().table_name(Tables::default().casebook);
        let damage =
            damage.key("pk", AttributeValue::S(key.pk().to_owned())).key("sk", AttributeValue::S(key.sk().to_owned()));
        let damage = damage.update_expression("SET platform = :damage");
        damage.expression_attribute_values(":damage", AttributeValue::N("0".to_owned())).send().await.unwrap();
    }
    stage.passes(SignedDuration::from_secs(10));
    let id = stage.comments(FACEBOOK, "8200", INSULT).await;
    let mut hands = Hands::new(stage.moderation.clone());
    while hands.wants_more() {
        hands.take().await.unwrap();
        while hands.finish_one().await.is_some() {}
    }
    assert!(stage.sandbox.is_hidden(FACEBOOK, &id));
    assert_eq!(hands.swept().failed, 70, "each was tried once");
}
