//! Platforms fail in every documented way; what was decided happens, or a person is told.

use std::time::Duration;

use policy::{Effect, Platform};
use sandbox::FaultEffect;
use serde_json::json;

use crate::world::{INSULT, World, answers, eventually, fault};

#[tokio::test]
async fn a_lost_answer_to_a_hide_is_repeated_because_that_does_no_harm() {
    let world = World::start().await;
    world.sandbox().add_fault(fault(Platform::Facebook, 1, FaultEffect::Lost));
    let id = world.comments(Platform::Facebook, "6001", INSULT).await;
    world.settles().await;
    assert_eq!(world.effect(Platform::Facebook, &id).await, Some(Effect::Done));
    assert_eq!(world.hides(Platform::Facebook).len(), 2);
}

#[tokio::test]
async fn a_server_error_is_tried_again() {
    let world = World::start().await;
    world.sandbox().add_fault(fault(Platform::Facebook, 1, answers(500, json!({ "error": { "code": 2 } }))));
    let id = world.comments(Platform::Facebook, "6002", INSULT).await;
    world.settles().await;
    assert_eq!(world.effect(Platform::Facebook, &id).await, Some(Effect::Done));
    let case = world.case(Platform::Facebook, &id).await;
    assert_eq!(case.actions[0].attempts, 2);
}

#[tokio::test]
async fn a_rate_limit_postpones_and_does_not_lose_the_action() {
    let world = World::start().await;
    world.sandbox().add_fault(fault(Platform::X, 1, FaultEffect::RateLimit { seconds: 900 }));
    let id = world.comments(Platform::X, "6003", INSULT).await;
    world.is_called(Platform::X, 1).await;
    let wait = world.is_postponed().await;
    assert!(wait.as_secs() <= 901, "as long as the platform says: {wait}");
    assert_eq!(world.effect(Platform::X, &id).await, None);
}

#[tokio::test]
async fn a_refusal_for_good_becomes_a_task() {
    let world = World::start().await;
    world.sandbox().add_fault(fault(
        Platform::X,
        1,
        answers(
            403,
            json!({
                "title": "Forbidden", "type": "https://api.twitter.com/2/problems/not-authorized-for-resource",
                "status": 403
            }),
        ),
    ));
    let id = world.comments(Platform::X, "6004", INSULT).await;
    world.settles().await;
    assert_eq!(world.effect(Platform::X, &id).await, Some(Effect::Refused));
    assert_eq!(world.tasks_of_the_first_action().await, 1);
}

#[tokio::test]
async fn an_expired_token_stops_the_account_with_everything_still_pending() {
    let world = World::start().await;
    let expired = json!({ "error": { "message": "Session has expired", "code": 190, "error_subcode": 463 } });
    world.sandbox().add_fault(fault(Platform::Facebook, 100, answers(400, expired)));
    let first = world.comments(Platform::Facebook, "6005", INSULT).await;
    world.is_called(Platform::Facebook, 1).await;
    // The hold is in place once the first action waits longer than its lease.
    world.is_postponed().await;
    let calls = world.calls(Platform::Facebook).len();
    let second = world.comments(Platform::Facebook, "6006", INSULT).await;
    tokio::time::sleep(Duration::from_millis(500)).await;
    assert_eq!(world.calls(Platform::Facebook).len(), calls, "nothing more is asked of the account");
    assert_eq!(world.effect(Platform::Facebook, &first).await, None);
    assert_eq!(world.effect(Platform::Facebook, &second).await, None);
}

#[tokio::test]
async fn what_fails_for_two_days_becomes_a_task() {
    let folder = tempfile::tempdir().unwrap();
    let start = |now: jiff::Timestamp| {
        let data = Some(folder.path().join("ledger.db"));
        galateo::ServeOptions { data, now: Some(now), ..galateo::ServeOptions::in_memory() }
    };
    let monday: jiff::Timestamp = "2026-11-02T09:00:00Z".parse().unwrap();
    let wednesday = monday + jiff::SignedDuration::from_hours(49);
    let broken = || fault(Platform::Facebook, 100, answers(500, json!({ "error": { "code": 2 } })));

    let world = World::start_with(&start(monday)).await;
    world.sandbox().add_fault(broken());
    let id = world.comments(Platform::Facebook, "6007", INSULT).await;
    world.is_called(Platform::Facebook, 1).await;
    world.server.stop().await;

    let world = World::start_with(&start(wednesday)).await;
    world.sandbox().add_fault(broken());
    world.settles().await;
    assert_eq!(world.effect(Platform::Facebook, &id).await, Some(Effect::Failed));
    assert_eq!(world.tasks_of_the_first_action().await, 1);
    assert_eq!(world.hides(Platform::Facebook).len(), 1, "it was tried once more before it was given up");
}

#[tokio::test]
async fn one_comment_that_may_not_be_touched_does_not_stop_the_others() {
    let world = World::start().await;
    let forbidden = json!({ "error": { "message": "Permissions error", "code": 200 } });
    world.sandbox().add_fault(fault(Platform::Facebook, 1, answers(403, forbidden)));
    let first = world.comments(Platform::Facebook, "6008", INSULT).await;
    world.is_called(Platform::Facebook, 1).await;
    let second = world.comments(Platform::Facebook, "6009", INSULT).await;
    world.is_called(Platform::Facebook, 2).await;
    let is_done = async || world.effect(Platform::Facebook, &second).await == Some(Effect::Done);
    eventually("the second is hidden", is_done).await;
    assert_eq!(world.effect(Platform::Facebook, &first).await, None, "the first is tried again later");
}
