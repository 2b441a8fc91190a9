//! Every kind of action, asked of every platform that can do it, also when its answer is lost.

use jiff::{SignedDuration, Timestamp};
use ledger::{CaseId, Judged, NewAction};
use policy::{ActionKind, Author, Contribution, Effect, Finding, Outcome, Platform, PlatformUserId, Verdict};
use sandbox::{BlockKind, FaultEffect, Visibility};
use serde_json::json;

use crate::world::{INSULT, World, answers, fault};

const WARNING: &str = "Messaggio automatico: il commento è stato nascosto in base alla policy.";

/// Records a case with these actions about a comment that is on the platform.
async fn decides(world: &World, platform: Platform, id: &str, author: &str, actions: &[ActionKind]) -> CaseId {
    let account = world.account(platform);
    let thread = world.sandbox().comment(platform, id).map(|comment| comment.thread);
    let contribution = Contribution {
        revision: format!("{actions:?}"),
        author: Some(Author { id: PlatformUserId::new(author), name: None }),
        thread: thread.filter(|thread| !thread.is_empty()).map(policy::ThreadId::new),
        at: Some(Timestamp::now()),
        ..Contribution::comment(platform, account.clone(), id, INSULT)
    };
    let verdict = Verdict::new(vec![doubt()]);
    let actions = actions
        .iter()
        .map(|kind| NewAction { text: kind.speaks().then(|| WARNING.to_owned()), ..NewAction::new(*kind) })
        .collect();
    let moderation = world.server.moderation();
    let now = Timestamp::now();
    let case = moderation.ledger().case_id(&contribution, now);
    let person = contribution.author.as_ref().map(|author| moderation.ledger().pseudonym(platform, &author.id, now));
    let policy = &moderation.policy().reference;
    let keep_until = now + SignedDuration::from_hours(24);
    let judged = Judged {
        author: person.as_ref(),
        actions,
        ..Judged::without_consequences(&contribution, &case, &verdict, policy, now, keep_until)
    };
    moderation.ledger().record(&judged).await.unwrap();
    case
}

/// A finding that leads to nothing but a case: the actions are the story's.
fn doubt() -> Finding {
    let policy = moderation::built_in("milano-monza-brianza-lodi").unwrap();
    let subject = policy::Subject::of(INSULT);
    let finding = policy.judge(&subject).findings()[0].clone();
    Finding { outcome: Outcome::Review, ..finding }
}

async fn effects(world: &World, case: &CaseId) -> Vec<Option<Effect>> {
    let case = world.server.moderation().ledger().case(case, Timestamp::now()).await.unwrap().unwrap();
    case.actions.iter().map(|action| action.effect).collect()
}

/// A comment that the policy allows, so that nothing happens to it but what the story decides.
async fn comment(world: &World, platform: Platform, author: &str) -> String {
    world.comments(platform, author, "Un commento qualunque").await
}

#[tokio::test]
async fn a_comment_is_hidden_and_shown_again_on_every_platform_that_can() {
    for platform in [Platform::Facebook, Platform::Instagram, Platform::Youtube, Platform::X] {
        let world = World::start().await;
        let id = comment(&world, platform, "UCautore1").await;
        let case = decides(&world, platform, &id, "UCautore1", &[ActionKind::Hide]).await;
        world.settles().await;
        assert!(world.sandbox().is_hidden(platform, &id), "{platform}");
        let again = decides(&world, platform, &id, "UCautore1", &[ActionKind::Unhide]).await;
        world.settles().await;
        assert!(!world.sandbox().is_hidden(platform, &id), "{platform}");
        assert_eq!(effects(&world, &case).await, [Some(Effect::Done)], "{platform}");
        assert_eq!(effects(&world, &again).await, [Some(Effect::Done)], "{platform}");
    }
}

#[tokio::test]
async fn a_comment_is_removed_where_the_platform_removes_comments_of_others() {
    for platform in [Platform::Facebook, Platform::Instagram, Platform::Linkedin, Platform::Youtube] {
        let world = World::start().await;
        let id = comment(&world, platform, "UCautore2").await;
        let case = decides(&world, platform, &id, "UCautore2", &[ActionKind::Delete]).await;
        world.settles().await;
        assert_eq!(effects(&world, &case).await, [Some(Effect::Done)], "{platform}");
        let after = world.sandbox().comment(platform, &id).unwrap();
        assert!(after.deleted || after.visibility == Visibility::Rejected, "{platform}");
    }
}

#[tokio::test]
async fn a_warning_is_written_once_in_public_on_every_platform_that_can() {
    for platform in [Platform::Facebook, Platform::Instagram, Platform::Linkedin, Platform::Youtube] {
        let world = World::start().await;
        let id = comment(&world, platform, "UCautore3").await;
        let case = decides(&world, platform, &id, "UCautore3", &[ActionKind::Reply]).await;
        world.settles().await;
        assert_eq!(effects(&world, &case).await, [Some(Effect::Done)], "{platform}");
        assert_eq!(world.sandbox().replies(platform, &id), [WARNING], "{platform}");
    }
}

#[tokio::test]
async fn a_warning_whose_answer_was_lost_is_read_back_and_not_written_twice() {
    for platform in [Platform::Facebook, Platform::Instagram, Platform::Linkedin, Platform::Youtube] {
        let world = World::start().await;
        let id = comment(&world, platform, "UCautore4").await;
        let lost = sandbox::Fault { method: Some("POST".to_owned()), ..fault(platform, 1, FaultEffect::Lost) };
        world.sandbox().add_fault(lost);
        let case = decides(&world, platform, &id, "UCautore4", &[ActionKind::Reply]).await;
        world.settles().await;
        assert_eq!(effects(&world, &case).await, [Some(Effect::Done)], "{platform}");
        assert_eq!(world.sandbox().replies(platform, &id), [WARNING], "{platform}");
    }
}

#[tokio::test]
async fn a_warning_that_did_not_arrive_is_written_after_looking() {
    let world = World::start().await;
    let id = comment(&world, Platform::Facebook, "6101").await;
    let broken = answers(500, json!({ "error": { "code": 2, "message": "try later" } }));
    let broken = sandbox::Fault { method: Some("POST".to_owned()), ..fault(Platform::Facebook, 1, broken) };
    world.sandbox().add_fault(broken);
    let case = decides(&world, Platform::Facebook, &id, "6101", &[ActionKind::Reply]).await;
    world.settles().await;
    assert_eq!(effects(&world, &case).await, [Some(Effect::Done)]);
    assert_eq!(world.sandbox().replies(Platform::Facebook, &id), [WARNING]);
    let looked =
        world.sandbox().journal().into_iter().any(|call| call.method == "GET" && call.path.contains("comments"));
    assert!(looked, "the thread was read before the second attempt");
}

#[tokio::test]
async fn a_private_message_whose_answer_was_lost_becomes_a_task_and_is_not_repeated() {
    for platform in [Platform::Facebook, Platform::Instagram] {
        let world = World::start().await;
        let id = comment(&world, platform, "6102").await;
        let lost = sandbox::Fault { method: Some("POST".to_owned()), ..fault(platform, 1, FaultEffect::Lost) };
        world.sandbox().add_fault(lost);
        let case = decides(&world, platform, &id, "6102", &[ActionKind::PrivateReply]).await;
        world.settles().await;
        assert_eq!(effects(&world, &case).await, [Some(Effect::Failed)], "{platform}");
        assert_eq!(world.sandbox().private_messages(platform).len(), 1, "{platform}");
        assert_eq!(world.tasks().await.len(), 1, "{platform}");
    }
}

#[tokio::test]
async fn an_author_is_banned_and_let_in_again_on_facebook() {
    let world = World::start().await;
    let id = comment(&world, Platform::Facebook, "6103").await;
    let page = world.account(Platform::Facebook);
    let is_blocked = || world.sandbox().is_blocked(Platform::Facebook, page.as_str(), "6103", BlockKind::Everything);
    decides(&world, Platform::Facebook, &id, "6103", &[ActionKind::Ban]).await;
    world.settles().await;
    assert!(is_blocked());
    let case = decides(&world, Platform::Facebook, &id, "6103", &[ActionKind::Unban]).await;
    world.settles().await;
    assert!(!is_blocked());
    assert_eq!(effects(&world, &case).await, [Some(Effect::Done)]);
}

#[tokio::test]
async fn on_x_without_enterprise_a_ban_falls_back_to_private_messages() {
    let world = World::start().await;
    let id = comment(&world, Platform::X, "6104").await;
    let case = decides(&world, Platform::X, &id, "6104", &[ActionKind::Ban]).await;
    world.settles().await;
    assert_eq!(effects(&world, &case).await, [Some(Effect::Manual)], "the author can still reply in public");
    assert_eq!(world.tasks().await.len(), 1);
    let me = world.account(Platform::X);
    assert!(world.sandbox().is_blocked(Platform::X, me.as_str(), "6104", BlockKind::Messages));
}

#[tokio::test]
async fn the_actions_of_a_case_are_carried_out_in_their_order() {
    let world = World::start().await;
    let id = comment(&world, Platform::Facebook, "6105").await;
    let order = [ActionKind::Hide, ActionKind::Reply, ActionKind::Ban];
    let case = decides(&world, Platform::Facebook, &id, "6105", &order).await;
    world.settles().await;
    assert_eq!(effects(&world, &case).await, [Some(Effect::Done); 3]);
    let calls: Vec<String> = world.calls(Platform::Facebook).into_iter().map(|call| call.path).collect();
    assert_eq!(calls.len(), 3, "{calls:?}");
    assert!(calls[1].contains("/comments") && calls[2].contains("/blocked"), "{calls:?}");
}

#[tokio::test]
async fn what_a_platform_can_only_do_by_hand_becomes_a_task_without_a_call() {
    for (platform, kind) in [
        (Platform::Linkedin, ActionKind::Ban),
        (Platform::Youtube, ActionKind::Unban),
        (Platform::Youtube, ActionKind::PrivateReply),
        (Platform::X, ActionKind::Delete),
    ] {
        let world = World::start().await;
        let id = comment(&world, platform, "UCautore5").await;
        world.sandbox().clear_journal();
        let case = decides(&world, platform, &id, "UCautore5", &[kind]).await;
        world.settles().await;
        let effect = effects(&world, &case).await[0];
        assert!(matches!(effect, Some(Effect::Manual | Effect::Impossible)), "{platform} {kind:?}: {effect:?}");
        assert_eq!(world.calls(platform), [], "{platform}");
        assert_eq!(world.tasks().await.len(), 1, "{platform} {kind:?}");
    }
}
