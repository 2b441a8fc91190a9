//! What is recorded and what is so come apart, and the hourly comparison finds it: it mends what needs no decision, and
//! asks a person about the rest, once.

use jiff::SignedDuration;
use ledger::{Closure, Done, Status, Task, TaskKind};
use moderation::{Pace, Reconciled};
use policy::{Outcome, Platform};
use sandbox::{Fault, FaultEffect, NewComment};
use serde_json::json;

use crate::stage::{MONDAY, Stage, without_limits, wording};
use crate::world::INSULT;

const FACEBOOK: Platform = Platform::Facebook;
const INSTAGRAM: Platform = Platform::Instagram;
const YOUTUBE: Platform = Platform::Youtube;

/// A text that the policy leaves to a person.
const DOUBTFUL: &str = "Chiamate la nostra ditta Rossi srl allo 02 4567890";

/// On platforms that send everything that they should.
async fn stage() -> Stage {
    Stage::on(without_limits(&[]), MONDAY, |settings| sandbox::Settings { subscribed: true, ..settings }).await
}

async fn reconciles(stage: &Stage) -> Reconciled {
    stage.moderation.reconcile(Pace::AtOnce).await.unwrap()
}

/// The open tasks that a comparison raised.
async fn raised(stage: &Stage) -> Vec<Task> {
    let mut tasks = stage.tasks().await;
    tasks.retain(|task| task.kind == TaskKind::Differs);
    tasks
}

async fn is_done(stage: &Stage, task: &Task) {
    let (by, note, salt) = (moderation::person("Anna").unwrap(), "visto".to_owned(), "sale".to_owned());
    let done = Done { by, at: stage.now(), note, salt, achieved: true };
    stage.ledger().finish_task(&task.id, &done).await.unwrap();
}

/// Meta's answer about what is gone, and about what may not be seen.
fn not_found(path: &str, times: u32) -> Fault {
    let body = json!({"error": {"message": "Unsupported get request", "code": 100, "error_subcode": 33}});
    let effect = FaultEffect::Answer { status: 400, body: Some(body), headers: Default::default() };
    Fault { platform: Some(FACEBOOK), method: None, path: Some(path.to_owned()), times, latency_ms: 0, effect }
}

#[tokio::test]
async fn where_all_is_as_recorded_nothing_is_found() {
    let mut stage = stage().await;
    for platform in [FACEBOOK, INSTAGRAM] {
        stage.violates(platform, "ugo", INSULT).await;
    }
    let before = stage.tasks().await;
    let calls = (stage.calls(FACEBOOK).len(), stage.calls(INSTAGRAM).len());
    let found = reconciles(&stage).await;
    // Two cases to look at; a page, a linked account, one with its own login.
    assert_eq!(found, Reconciled { subscriptions: 3, looked_at: 2, calls: 5, ..Reconciled::default() });
    assert_eq!(stage.tasks().await, before);
    assert_eq!((stage.calls(FACEBOOK).len(), stage.calls(INSTAGRAM).len()), calls, "nothing is changed");
}

#[tokio::test]
async fn what_is_shown_again_by_hand_is_a_task_and_is_not_hidden_again() {
    let mut stage = stage().await;
    let id = stage.violates(FACEBOOK, "ugo", INSULT).await;
    assert!(stage.sandbox.is_hidden(FACEBOOK, &id));
    stage.sandbox.hide_by_hand(FACEBOOK, &id, false);
    stage.receives().await;
    assert!(raised(&stage).await.is_empty(), "the webhook about it says nothing that is not our own doing");

    for _ in 0..3 {
        assert_eq!(reconciles(&stage).await.differing, 1);
    }
    stage.works().await;
    let [task] = raised(&stage).await.try_into().expect("one task");
    let case = stage.case(FACEBOOK, &id).await;
    assert_eq!((task.case.as_ref(), case.status), (Some(&case.id), Status::Open));
    assert!(!stage.sandbox.is_hidden(FACEBOOK, &id), "who showed it had a reason");
    assert_eq!(stage.hides(FACEBOOK), 1);

    is_done(&stage, &task).await;
    reconciles(&stage).await;
    assert!(raised(&stage).await.is_empty(), "a person has dealt with it");
}

#[tokio::test]
async fn what_is_hidden_by_hand_is_a_task_too() {
    let stage = stage().await;
    let id = stage.comments(FACEBOOK, "ugo", DOUBTFUL).await;
    let case = stage.case(FACEBOOK, &id).await;
    assert_eq!(case.outcome, Outcome::Review);
    stage.sandbox.hide_by_hand(FACEBOOK, &id, true);
    assert_eq!(reconciles(&stage).await.differing, 1);
    let [task] = raised(&stage).await.try_into().expect("one task");
    assert_eq!(task.case, Some(case.id));
    assert!(stage.sandbox.is_hidden(FACEBOOK, &id), "it is not shown again either");
}

#[tokio::test]
async fn what_its_author_deleted_closes_its_case_although_instagram_does_not_say_so() {
    let mut stage = stage().await;
    let (gone, stays) =
        (stage.violates(INSTAGRAM, "ugo", INSULT).await, stage.violates(INSTAGRAM, "ada", INSULT).await);
    stage.sandbox.delete_comment(INSTAGRAM, &gone).unwrap();
    stage.receives().await;
    assert_eq!(stage.case(INSTAGRAM, &gone).await.status, Status::Open);

    assert_eq!(reconciles(&stage).await.removed, 1);
    let status = stage.case(INSTAGRAM, &gone).await.status;
    assert!(matches!(status, Status::Closed { reason: Closure::Removed, .. }), "{status:?}");
    assert_eq!(stage.case(INSTAGRAM, &stays).await.status, Status::Open);
    assert_eq!(stage.strikes(INSTAGRAM, &gone).await, 1, "a strike is neither added nor lost");
    assert_eq!(reconciles(&stage).await.removed, 0);
    assert!(raised(&stage).await.is_empty());
}

#[tokio::test]
async fn when_most_contributions_seem_gone_at_once_nothing_is_closed() {
    let mut stage = stage().await;
    let mut ids = Vec::new();
    for author in ["ugo", "ada", "eva", "ivo"] {
        ids.push(stage.violates(FACEBOOK, author, INSULT).await);
    }
    for _ in 0..2 {
        stage.sandbox.add_fault(not_found("is_hidden", 4));
        assert_eq!(reconciles(&stage).await.removed, 0);
    }
    for id in &ids {
        assert_eq!(stage.case(FACEBOOK, id).await.status, Status::Open);
    }
    assert_eq!(raised(&stage).await.len(), 1);
    assert_eq!(reconciles(&stage).await.removed, 0, "they are seen again");
}

#[tokio::test]
async fn the_comments_of_a_channel_are_compared_by_two_calls() {
    let mut stage = stage().await;
    let comment = |author: &str| {
        let comment = NewComment::new(stage.account(YOUTUBE).as_str(), author, "Persona di prova", INSULT);
        stage.posts(comment, YOUTUBE)
    };
    let [held, shown, gone] = ["ugo", "ada", "eva"].map(comment);
    stage.moderation.poll(Pace::AtOnce).await;
    stage.works().await;
    stage.hours(1);
    assert!(stage.sandbox.is_hidden(YOUTUBE, &shown));
    stage.sandbox.hide_by_hand(YOUTUBE, &shown, false);
    stage.sandbox.delete_comment(YOUTUBE, &gone).unwrap();

    let units = stage.sandbox.snapshot().youtube_units;
    let found = reconciles(&stage).await;
    assert_eq!((found.looked_at, found.differing, found.removed), (3, 1, 1));
    assert_eq!(stage.sandbox.snapshot().youtube_units - units, 2);
    let [task] = raised(&stage).await.try_into().expect("one task");
    assert_eq!(task.case, Some(stage.case(YOUTUBE, &shown).await.id));
    assert_eq!(stage.case(YOUTUBE, &held).await.status, Status::Open);
}

#[tokio::test]
async fn a_subscription_that_lapsed_is_made_again_and_the_office_is_told() {
    let stage = stage().await;
    let page = stage.account(FACEBOOK);
    stage.sandbox.unsubscribe(FACEBOOK, page.as_str());
    let found = reconciles(&stage).await;
    assert_eq!((found.lapsed, found.resubscribed), (1, 1), "the account that is linked to the page comes back with it");
    let fields = stage.sandbox.subscribed(FACEBOOK, page.as_str());
    assert!(["feed", "messages"].iter().all(|field| fields.iter().any(|there| there == field)), "{fields:?}");
    assert_eq!(reconciles(&stage).await.lapsed, 0);
    let [task] = raised(&stage).await.try_into().expect("one task");
    assert!(wording(&task).contains("nel frattempo"), "{}", wording(&task));
}

#[tokio::test]
async fn a_subscription_that_cannot_be_made_again_is_one_task_until_it_is_done_and_a_day_is_over() {
    let mut stage = stage().await;
    let page = stage.account(FACEBOOK);
    stage.sandbox.unsubscribe(FACEBOOK, page.as_str());
    // Nothing subscribes the page again: not its own check, and not that of the account that is linked to it.
    for platform in [FACEBOOK, INSTAGRAM] {
        let path = Some("subscribed_fields".to_owned());
        stage.sandbox.add_fault(Fault { platform: Some(platform), path, times: 100, ..not_found("", 0) });
    }
    let about_the_page = async |stage: &Stage| {
        let mut tasks = raised(stage).await;
        tasks.retain(|task| task.id.contains("facebook"));
        tasks
    };
    for _ in 0..2 {
        assert_eq!(reconciles(&stage).await.resubscribed, 0);
    }
    let [task] = about_the_page(&stage).await.try_into().expect("one task");
    is_done(&stage, &task).await;
    stage.hours(23);
    reconciles(&stage).await;
    assert!(about_the_page(&stage).await.is_empty());
    stage.hours(2);
    reconciles(&stage).await;
    assert_eq!(about_the_page(&stage).await.len(), 1);
}

#[tokio::test]
async fn work_that_nobody_carries_out_is_found_from_outside() {
    let mut stage = stage().await;
    stage.comments(FACEBOOK, "ugo", INSULT).await;
    assert_eq!(reconciles(&stage).await.stuck, 0);
    stage.passes(SignedDuration::from_mins(61));
    for _ in 0..2 {
        assert_eq!(reconciles(&stage).await.stuck, 1);
    }
    assert_eq!(raised(&stage).await.len(), 1);
    stage.works().await;
    assert_eq!(reconciles(&stage).await.stuck, 0);
}

#[tokio::test]
async fn an_account_whose_token_is_refused_is_left_alone() {
    let mut stage = stage().await;
    stage.violates(FACEBOOK, "ugo", INSULT).await;
    let body = json!({"error": {"message": "Session has expired", "code": 190, "error_subcode": 463}});
    let effect = FaultEffect::Answer { status: 401, body: Some(body), headers: Default::default() };
    stage.sandbox.add_fault(Fault { effect, ..not_found("is_hidden", 1) });
    let asked = async |stage: &Stage| {
        stage.sandbox.clear_journal();
        let found = reconciles(stage).await;
        let calls = stage.sandbox.journal().into_iter().filter(|call| call.platform == FACEBOOK).count();
        (calls, found.removed + found.differing)
    };
    assert_eq!(asked(&stage).await, (2, 0), "its subscription, and the comment");
    assert_eq!(asked(&stage).await, (0, 0), "nothing is asked meanwhile");
    stage.hours(1);
    assert_eq!(asked(&stage).await, (2, 0), "and then it is asked again");
}
