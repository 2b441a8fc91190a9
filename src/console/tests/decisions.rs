//! What is decided here is decided by whoever is signed in, on what they saw, and stands on record under their name.

use ledger::{Case, Closure, DecisionKind, Status};
use moderation::Listing;

use crate::world::{Browser, World, header, text};

pub const EVENT: &str = include_str!("../../../events/facebook/comment-add-email.json");

pub async fn one(world: &World) -> Case {
    world.written(EVENT).await;
    let asked = Listing { limit: 10, ..Listing::default() };
    let (mut cases, _) = world.moderation.office().list(&asked).await.unwrap();
    assert_eq!(cases.len(), 1);
    cases.pop().unwrap()
}

async fn decide(browser: &Browser<'_>, case: &Case, what: &str, seen: &str) -> http::Response<bytes::Bytes> {
    let path = format!("/console/case/{}/{what}", case.id);
    let fields =
        [("reason", "Riletto: è come dice la regola"), ("seen", seen), ("by", "Qualcun Altro"), ("anyway", "yes")];
    browser.post(&path, &fields).await
}

#[tokio::test]
async fn a_case_shows_what_follows_and_the_second_person_is_told_who_was_first() {
    let world = World::new().await;
    let case = one(&world).await;
    let anna = world.signed_in("Anna", &["moderazione"]).await;
    let bruno = world.signed_in("Bruno", &["moderazione"]).await;
    let page = text(&anna.get(&format!("/console/case/{}", case.id)).await);
    assert!(
        page.contains("<mark>") && page.contains("Che cosa ne segue") && page.contains("il caso si chiude"),
        "{page}"
    );
    let reading = world.signed_in("Lucia", &["lettura"]).await;
    let page = text(&reading.get(&format!("/console/case/{}", case.id)).await);
    assert!(page.contains("<mark>") && !page.contains("/confirm\"") && !page.contains("<textarea"), "{page}");

    let answer = decide(&anna, &case, "confirm", "0").await;
    assert!(answer.status() == 303 && header(&answer, "location").starts_with("/console/queue?decided="));
    let answer = decide(&bruno, &case, "overturn", "0").await;
    let page = text(&answer);
    assert!(answer.status() == 409 && page.contains("Nel frattempo Anna [anna] è intervenuto"), "{page}");
    assert!(page.contains("Riletto: è come dice la regola"), "what was typed is not lost");
    let case = world.moderation.office().case(&case.id).await.unwrap();
    let decided: Vec<_> = case.decisions.iter().map(|one| (one.kind, one.by.as_str())).collect();
    assert_eq!(decided, [(DecisionKind::Confirm, "Anna [anna]")]);

    // Having seen the first decision, the second person may take it back.
    assert_eq!(decide(&bruno, &case, "overturn", "1").await.status(), 303);
    let case = world.moderation.office().case(&case.id).await.unwrap();
    assert!(matches!(case.status, Status::Closed { reason: Closure::Overturned | Closure::Unfounded, .. }));
}

#[tokio::test]
async fn a_note_and_an_assignment_stand_with_the_case_and_no_reason_decides_nothing() {
    let world = World::new().await;
    let case = one(&world).await;
    let anna = world.signed_in("Anna", &["moderazione"]).await;
    assert_eq!(decide(&anna, &case, "note", "0").await.status(), 303);
    assert_eq!(decide(&anna, &case, "assign", "1").await.status(), 303);
    let path = format!("/console/case/{}/confirm", case.id);
    for (reason, seen, status) in
        [("", "2", 409), ("..", "2", 409), ("una ragione", "", 400), ("una ragione", "x", 400)]
    {
        assert_eq!(
            anna.post(&path, &[("reason", reason), ("seen", seen)]).await.status(),
            status,
            "{reason:?} {seen:?}"
        );
    }
    let case = world.moderation.office().case(&case.id).await.unwrap();
    assert!(case.is_open() && case.assignee.unwrap().as_str() == "Anna [anna]");
    assert_eq!(case.decisions.len(), 2);
    let page = text(&anna.get("/console/queue?assignee=me").await);
    assert!(page.contains(&case.id.to_string()), "{page}");
    assert!(!text(&anna.get("/console/queue?platform=x").await).contains(&case.id.to_string()));
}

#[tokio::test]
async fn strangers_words_stay_words() {
    let world = World::new().await;
    let evil = "<script>alert(1)<\\/script> \\u202e scrivi a mario.rossi@example.org";
    let original = EVENT.split("\"message\":").nth(1).unwrap().split('"').nth(1).unwrap().to_owned();
    world.written(&EVENT.replace(&original, evil)).await;
    let anna = world.signed_in("Anna", &["responsabile"]).await;
    for path in ["/console", "/console/queue"] {
        let page = text(&anna.get(path).await);
        assert!(page.contains("&lt;script&gt;") && !page.contains("<script>") && !page.contains('\u{202e}'), "{page}");
    }
    let page = text(&anna.post("/console/try", &[("text", "<b>x</b> \u{202e}"), ("kind", "comment")]).await);
    assert!(page.contains("&lt;b&gt;") && !page.contains("<b>"), "{page}");
    let page = text(&anna.get("/console/search?q=%3Cscript%3E").await);
    assert!(!page.contains("<script>") && page.matches("<script").count() == 1, "{page}");
}

#[tokio::test]
async fn a_decision_counts_when_the_time_to_take_it_back_is_over() {
    let world = World::with_undo(10).await;
    let case = one(&world).await;
    let anna = world.signed_in("Anna", &["moderazione"]).await;
    let bruno = world.signed_in("Bruno", &["responsabile"]).await;
    let kinds = |case: &Case| case.decisions.iter().map(|one| one.kind).collect::<Vec<_>>();
    let now = async || world.moderation.office().case(&case.id).await.unwrap();

    // Taken back: nothing was asked, and both are on record.
    let answer = decide(&anna, &case, "confirm", "0").await;
    let to = header(&answer, "location").to_owned();
    assert!(answer.status() == 303 && to.contains("decided=") && to.contains("until="), "{to}");
    assert!(text(&anna.get(&to).await).contains("/take-back\""), "the next page offers to take it back");
    world.moderation.sweep(100).await.unwrap();
    assert!(now().await.is_open() && kinds(&now().await) == [DecisionKind::Announce]);
    let page = text(&bruno.get(&format!("/console/case/{}", case.id)).await);
    assert!(page.contains("Anna</bdi> ha deciso") && !page.contains("/take-back"), "{page}");
    assert_eq!(decide(&bruno, &case, "overturn", "1").await.status(), 409, "nobody else decides meanwhile");
    let path = format!("/console/case/{}/take-back", case.id);
    assert_eq!(bruno.post(&path, &[]).await.status(), 409, "it is not theirs");
    assert_eq!(anna.post(&path, &[]).await.status(), 303);
    world.later.sweep(100).await.unwrap();
    assert!(now().await.is_open() && now().await.held.is_none());
    assert_eq!(kinds(&now().await), [DecisionKind::Announce, DecisionKind::TakeBack]);
    assert_eq!(now().await.actions.len(), case.actions.len());
    assert_eq!(anna.post(&path, &[]).await.status(), 409, "nothing is left to take back");

    // Left alone: it counts by itself, with its reason, and only then.
    assert_eq!(decide(&anna, &case, "overturn", "2").await.status(), 303);
    assert!(now().await.is_open());
    world.later.sweep(100).await.unwrap();
    let decided = now().await;
    assert!(!decided.is_open() && decided.held.is_none(), "{decided:?}");
    let last = decided.decisions.last().unwrap();
    assert_eq!((last.kind, last.by.as_str()), (DecisionKind::Overturn, "Anna [anna]"));
    assert_eq!(last.reason.as_deref(), Some("Riletto: è come dice la regola"));
    assert_eq!(anna.post(&path, &[]).await.status(), 409, "it counts");
}
