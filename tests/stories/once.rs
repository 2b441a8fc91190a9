//! A revision is judged once and counts one strike, however it is delivered (invariants 1 and 9).

use futures_util::future::join_all;
use policy::{Effect, Outcome, Platform};

use crate::world::{CRITICISM, INSULT, World, eventually};

#[tokio::test]
async fn twenty_deliveries_at_once_and_again_are_one_verdict_one_strike_one_call() {
    let world = World::start().await;
    let body = world.facebook_comment("1_1", "add", INSULT);
    let deliveries = (0..20).map(|_| world.delivers(Platform::Facebook, body.clone()));
    assert_eq!(join_all(deliveries).await, [200; 20]);
    world.settles().await;
    assert_eq!(world.delivers(Platform::Facebook, body).await, 200);
    world.settles().await;
    assert_eq!(world.verdicts(Outcome::Hide).await, 1);
    assert_eq!(world.strikes(Platform::Facebook, "1_1").await, 1);
    assert_eq!(world.hides(Platform::Facebook).len(), 1);
}

#[tokio::test]
async fn an_edit_is_judged_anew_and_may_come_before_what_it_edits() {
    let world = World::start().await;
    let edit = world.facebook_comment("1_2", "edited", INSULT);
    let first = world.facebook_comment("1_2", "add", CRITICISM);
    assert_eq!(world.delivers(Platform::Facebook, edit.clone()).await, 200);
    assert_eq!(world.delivers(Platform::Facebook, first).await, 200);
    assert_eq!(world.delivers(Platform::Facebook, edit).await, 200);
    world.settles().await;
    assert_eq!(world.verdicts(Outcome::Hide).await, 1);
    assert_eq!(world.verdicts(Outcome::Allow).await, 1);
    assert_eq!(world.strikes(Platform::Facebook, "1_2").await, 1);
}

#[tokio::test]
async fn a_removal_closes_the_case_and_the_strike_stays() {
    let world = World::start().await;
    assert_eq!(world.delivers(Platform::Facebook, world.facebook_comment("1_3", "add", INSULT)).await, 200);
    world.settles().await;
    for _ in 0..2 {
        assert_eq!(world.delivers(Platform::Facebook, world.facebook_comment("1_3", "remove", "")).await, 200);
    }
    assert!(!world.case(Platform::Facebook, "1_3").await.is_open());
    assert_eq!(world.strikes(Platform::Facebook, "1_3").await, 1);
}

#[tokio::test]
async fn a_comment_that_was_hidden_and_is_rewritten_within_the_rules_waits_for_a_person() {
    let world = World::start().await;
    assert_eq!(world.delivers(Platform::Facebook, world.facebook_comment("1_4", "add", INSULT)).await, 200);
    world.settles().await;
    let rewritten = world.facebook_comment("1_4", "edited", CRITICISM);
    for _ in 0..2 {
        assert_eq!(world.delivers(Platform::Facebook, rewritten.clone()).await, 200);
    }
    world.settles().await;
    assert_eq!(world.verdicts(Outcome::Allow).await, 1);
    let tasks = world.tasks().await;
    assert_eq!(tasks.len(), 1, "{tasks:?}");
    assert_eq!(world.hides(Platform::Facebook).len(), 1, "it is not shown again by itself");
}

#[tokio::test]
async fn what_webhook_and_poll_both_bring_is_judged_once() {
    let world = World::start().await;
    let violation = world.comments(Platform::Linkedin, "urn:li:person:due", INSULT).await;
    // The audit entry of a clean comment is the only proof that it was judged: webhook and poll must agree on its key.
    world.comments(Platform::Linkedin, "urn:li:person:tre", CRITICISM).await;
    world.settles().await;
    world.server.poll().await;
    world.settles().await;
    assert_eq!(world.cases(Platform::Linkedin, &violation).await.len(), 1);
    assert_eq!(world.verdicts(Outcome::Hide).await, 1);
    assert_eq!(world.verdicts(Outcome::Allow).await, 1);
    assert!(world.server.moderation().tally().get(Platform::Linkedin, "duplicate") >= 2, "the poll found them too");
}

#[tokio::test]
async fn an_original_that_its_clean_rewriting_overtook_is_judged_and_not_hidden() {
    let world = World::start().await;
    assert_eq!(world.delivers(Platform::Facebook, world.facebook_comment("1_5", "edited", CRITICISM)).await, 200);
    assert_eq!(world.delivers(Platform::Facebook, world.facebook_comment("1_5", "add", INSULT)).await, 200);
    world.settles().await;
    assert_eq!(world.effect(Platform::Facebook, "1_5").await, Some(Effect::AlreadySo));
    assert_eq!(world.hides(Platform::Facebook), [], "what stands there now is within the rules");
    assert_eq!(world.strikes(Platform::Facebook, "1_5").await, 1, "it was published all the same");
    assert_eq!(world.tasks().await, [], "nothing is hidden, so nothing has to be shown again");
}

#[tokio::test]
async fn a_comment_that_is_rewritten_once_more_against_the_rules_is_hidden() {
    let world = World::start().await;
    assert_eq!(world.delivers(Platform::Facebook, world.facebook_comment("1_6", "edited", CRITICISM)).await, 200);
    assert_eq!(world.delivers(Platform::Facebook, world.facebook_comment("1_6", "edited", INSULT)).await, 200);
    world.settles().await;
    assert_eq!(world.effect(Platform::Facebook, "1_6").await, Some(Effect::Done));
}

#[tokio::test]
async fn a_comment_that_its_removal_overtook_is_judged_and_its_case_is_closed() {
    let world = World::start().await;
    assert_eq!(world.delivers(Platform::Facebook, world.facebook_comment("1_7", "remove", "")).await, 200);
    assert_eq!(world.delivers(Platform::Facebook, world.facebook_comment("1_7", "add", INSULT)).await, 200);
    world.settles().await;
    assert_eq!(world.calls(Platform::Facebook), []);
    // The case is closed right after its action is settled.
    let is_closed = async || !world.case(Platform::Facebook, "1_7").await.is_open();
    eventually("the case is closed", is_closed).await;
    assert_eq!(world.strikes(Platform::Facebook, "1_7").await, 1);
}
