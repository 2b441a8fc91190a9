//! Nothing is held back, and criticism stays (invariants 3 and 4).

use policy::{Outcome, Platform};

use crate::world::{CRITICISM, World};

#[tokio::test]
async fn criticism_is_allowed_on_every_platform_and_no_platform_is_asked_anything() {
    let world = World::start().await;
    for platform in Platform::ALL.iter().copied() {
        let id = world.comments(platform, "8001", CRITICISM).await;
        world.server.poll().await;
        world.settles().await;
        assert!(!world.sandbox().is_hidden(platform, &id), "{platform}");
        assert_eq!(world.cases(platform, &id).await, [], "{platform}");
        assert_eq!(world.calls(platform), [], "{platform}");
    }
    assert_eq!(world.verdicts(Outcome::Allow).await, Platform::ALL.len());
}

#[tokio::test]
async fn doubt_leaves_the_comment_up_and_opens_a_case() {
    let world = World::start().await;
    // A firm's public contact is not for the system to decide about alone.
    let text = "Chiamate la nostra ditta Rossi srl allo 02 4567890";
    let id = world.comments(Platform::Facebook, "8002", text).await;
    world.settles().await;
    assert!(!world.sandbox().is_hidden(Platform::Facebook, &id));
    assert_eq!(world.case(Platform::Facebook, &id).await.outcome, Outcome::Review);
    assert_eq!(world.calls(Platform::Facebook), []);
}

#[tokio::test]
async fn the_third_copy_by_the_same_author_is_for_a_person_and_the_same_from_others_is_not() {
    let world = World::start().await;
    let text = "Le procedure digitali sono ancora troppo lente per noi artigiani";
    let mut outcomes = Vec::new();
    for author in ["8101", "8101", "8102", "8101"] {
        let id = world.comments(Platform::Facebook, author, text).await;
        outcomes.push(world.cases(Platform::Facebook, &id).await.first().map(|case| case.outcome));
    }
    assert_eq!(outcomes, [None, None, None, Some(Outcome::Review)]);
}
