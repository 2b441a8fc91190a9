//! A violation is hidden, in whatever way its platform can.

use policy::{Effect, Outcome, Platform};

use crate::stage::wording;
use crate::world::{INSULT, World};

#[tokio::test]
async fn an_insult_on_facebook_is_hidden_and_the_case_says_why() {
    let world = World::start().await;
    let id = world.comments(Platform::Facebook, "7001", INSULT).await;
    world.settles().await;

    assert!(world.sandbox().is_hidden(Platform::Facebook, &id));
    let case = world.case(Platform::Facebook, &id).await;
    assert_eq!(case.outcome, Outcome::Hide);
    assert_eq!(case.actions[0].effect, Some(Effect::Done));
    assert_eq!(case.actions[0].status, Some(200));
    assert_eq!(case.content.as_ref().map(|content| content.text.as_str()), Some(INSULT));
    let ground = &case.findings[0];
    let policy = world.server.moderation().policy();
    assert!(policy.clause(&ground.clause).is_some(), "the clause is of the policy");
    let matched = &case.content.as_ref().expect("it is kept").matched;
    assert_eq!(&INSULT[ground.start..ground.end], matched[0]);
    assert_eq!(case.policy, policy.reference);
    assert_eq!(world.strikes(Platform::Facebook, &id).await, 1);
}

#[tokio::test]
async fn an_insult_on_instagram_is_hidden() {
    let world = World::start().await;
    let id = world.comments(Platform::Instagram, "7002", INSULT).await;
    world.settles().await;
    assert!(world.sandbox().is_hidden(Platform::Instagram, &id));
    assert_eq!(world.effect(Platform::Instagram, &id).await, Some(Effect::Done));
}

#[tokio::test]
async fn an_insult_on_x_is_hidden() {
    let world = World::start().await;
    let id = world.comments(Platform::X, "7003", INSULT).await;
    world.settles().await;
    assert!(world.sandbox().is_hidden(Platform::X, &id));
    assert_eq!(world.effect(Platform::X, &id).await, Some(Effect::Done));
}

#[tokio::test]
async fn an_insult_on_youtube_is_found_by_reading_and_held_for_review() {
    let world = World::start().await;
    let id = world.comments(Platform::Youtube, "UCofsomebody000000000001", INSULT).await;
    world.server.poll().await;
    world.settles().await;
    assert!(world.sandbox().is_hidden(Platform::Youtube, &id));
    assert_eq!(world.effect(Platform::Youtube, &id).await, Some(Effect::Done));
    let calls = world.calls(Platform::Youtube);
    assert!(calls[0].path.contains("moderationStatus=heldForReview"), "{calls:?}");
}

#[tokio::test]
async fn on_linkedin_nothing_can_be_hidden_so_the_office_gets_a_task() {
    let world = World::start().await;
    let id = world.comments(Platform::Linkedin, "urn:li:person:prova", INSULT).await;
    world.settles().await;
    assert_eq!(world.effect(Platform::Linkedin, &id).await, Some(Effect::Manual));
    let calls = world.calls(Platform::Linkedin);
    assert!(calls.iter().all(|call| call.path.ends_with("/comments")), "a warning and nothing else: {calls:?}");
    let tasks = world.tasks().await;
    assert_eq!(tasks.len(), 1);
    assert_eq!(tasks[0].case, Some(world.case(Platform::Linkedin, &id).await.id));
    assert!(wording(&tasks[0]).contains("LinkedIn"), "{}", wording(&tasks[0]));
}

#[tokio::test]
async fn what_is_gone_before_it_is_hidden_was_so_already() {
    let world = World::start().await;
    let comment = sandbox::NewComment::new(world.account(Platform::X).as_str(), "7005", "Prova", INSULT);
    world.sandbox().add_fault(crate::world::fault(
        Platform::X,
        1,
        crate::world::answers(404, serde_json::json!({
            "title": "Not Found Error", "type": "https://api.twitter.com/2/problems/resource-not-found", "status": 404
        })),
    ));
    let id = world.sandbox().add_comment(Platform::X, comment).unwrap();
    world.sandbox().settled().await;
    world.settles().await;
    assert_eq!(world.effect(Platform::X, &id).await, Some(Effect::AlreadySo));
}
