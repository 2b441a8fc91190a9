//! What keeps the system from doing too much alone: halts turn hiding into review, and nothing is lost.

use jiff::SignedDuration;
use ledger::{Desk, HaltCause, Scope, TaskKind};
use policy::{Outcome, Platform};
use sandbox::NewComment;

use crate::ladder::{ANNA, BRUNO};
use crate::stage::{MONDAY, Stage, policy, without_limits};
use crate::world::{CRITICISM, INSULT};

const FACEBOOK: Platform = Platform::Facebook;

const LIMITS: &str = "hides_per_hour = 30\nshare_percent = 5\nshare_from = 10\n";

/// So many violations by as many authors, one after the other: how many of them the system hid.
async fn flood(stage: &Stage, from: usize, count: usize, text: &str) -> usize {
    let mut hidden = 0;
    for number in from..from + count {
        let id = stage.comments(FACEBOOK, &format!("5{number}"), &format!("{text} {number}")).await;
        hidden += usize::from(stage.case(FACEBOOK, &id).await.outcome == Outcome::Hide);
    }
    hidden
}

async fn group(stage: &Stage, group: &str) -> usize {
    let (cases, _) = stage.ledger().open_cases(&Desk::Group(group.to_owned()), None, 1_000, stage.now()).await.unwrap();
    cases.len()
}

#[tokio::test]
async fn a_rule_that_hides_too_often_falls_back_to_review_and_nothing_is_lost() {
    let few = "hides_per_hour = 4\nshare_percent = 100\nshare_from = 100\n";
    let mut stage = Stage::with(policy(&[(LIMITS, few)]), MONDAY).await;
    // The fifth is over the limit and is still hidden; what comes after it is not.
    assert_eq!(flood(&stage, 0, 9, INSULT).await, 5);
    stage.works().await;
    assert_eq!(stage.hides(FACEBOOK), 5);
    let halts = stage.moderation.office().halts().await.unwrap();
    assert_eq!(halts.len(), 1);
    assert!(matches!(&halts[0].scope, Scope::Rule(Platform::Facebook, ..)), "{halts:?}");
    assert_eq!(halts[0].cause, HaltCause::Breaker);
    assert_eq!(group(&stage, &halts[0].group).await, 4, "nothing is lost");
    let raised = stage.tasks().await.into_iter().filter(|task| task.kind == TaskKind::Halted).count();
    assert_eq!(raised, 1);

    // It stays so until a person says why it may go on.
    stage.hours(5);
    assert_eq!(flood(&stage, 20, 1, INSULT).await, 0);
    assert!(stage.moderation.office().resume(&halts[0].scope, &ANNA).await.unwrap());
    assert!(!stage.moderation.office().resume(&halts[0].scope, &ANNA).await.unwrap(), "it is not halted any more");
    assert_eq!(flood(&stage, 30, 1, INSULT).await, 1);
}

#[tokio::test]
async fn one_author_alone_switches_no_rule_off_however_often_they_write_or_rewrite() {
    let stage = Stage::with(policy(&[]), MONDAY).await;
    for number in 0..40 {
        stage.comments(FACEBOOK, &format!("6{number}"), &format!("{CRITICISM} {number}")).await;
    }
    let id = stage.comments(FACEBOOK, "666", INSULT).await;
    for number in 0..14 {
        stage.sandbox.edit_comment(FACEBOOK, &id, &format!("{INSULT} {number}")).unwrap();
        stage.receives().await;
        stage.comments(FACEBOOK, "666", &format!("{INSULT} ancora {number}")).await;
    }
    assert_eq!(stage.moderation.office().halts().await.unwrap(), []);
    assert_eq!(flood(&stage, 0, 5, INSULT).await, 5, "the insults of others are hidden all the same");
}

#[tokio::test]
async fn ten_authors_are_ten_whether_their_first_words_or_their_second_break_the_rules() {
    // Doubtful first, so that the case is there already when it becomes a violation; or clean first.
    for first in ["Chiamate la signora allo 0371 456789", CRITICISM] {
        let stage = Stage::with(policy(&[]), MONDAY).await;
        for number in 0..12 {
            let id = stage.comments(FACEBOOK, &format!("8{number}"), &format!("{first} {number}")).await;
            stage.sandbox.edit_comment(FACEBOOK, &id, &format!("{INSULT} {number}")).unwrap();
            stage.receives().await;
        }
        let halts = stage.moderation.office().halts().await.unwrap();
        assert_eq!(halts.len(), 1, "{first}: a crowd trips it");
        assert_eq!(flood(&stage, 0, 3, INSULT).await, 0, "{first}: what comes next waits for a person");
    }
}

#[tokio::test]
async fn of_authors_whom_the_platform_does_not_tell_each_contribution_counts_once() {
    let stage = Stage::with(policy(&[]), MONDAY).await;
    let page = stage.account(FACEBOOK);
    let body = |id: &str, verb: &str, text: &str| {
        let value = serde_json::json!({
            "item": "comment", "verb": verb, "comment_id": id, "post_id": format!("{page}_55"),
            "parent_id": format!("{page}_55"), "created_time": 1_793_609_000, "message": text
        });
        let change = serde_json::json!({ "field": "feed", "value": value });
        serde_json::json!({ "object": "page", "entry": [{ "id": page.as_str(), "time": 1, "changes": [change] }] })
    };
    let delivers = async |id: &str, verb: &str, text: &str| {
        // Reading is refused, so that what came is judged.
        let refusal = crate::world::answers(400, serde_json::json!({ "error": { "code": 200, "message": "no" } }));
        stage
            .sandbox
            .add_fault(sandbox::Fault { method: Some("GET".to_owned()), ..crate::world::fault(FACEBOOK, 1, refusal) });
        assert_eq!(stage.delivered(FACEBOOK, &body(id, verb, text)).await.0, 200);
        stage.works().await;
        stage.sandbox.clear_faults();
    };
    for number in 0..14 {
        delivers("1_900", if number == 0 { "add" } else { "edited" }, &format!("{INSULT} {number}")).await;
    }
    assert_eq!(
        stage.moderation.office().halts().await.unwrap(),
        [],
        "one comment is one, however often it is rewritten"
    );
    for number in 0..11 {
        delivers(&format!("1_91{number}"), "add", &format!("{INSULT} {number}")).await;
    }
    assert_eq!(stage.moderation.office().halts().await.unwrap().len(), 1, "ten comments are ten");
}

#[tokio::test]
async fn a_share_of_what_arrives_trips_the_breaker_only_from_ten_on() {
    let share = "hides_per_hour = 1000\nshare_percent = 50\nshare_from = 10\n";
    // Half of it and no more.
    let stage = Stage::with(policy(&[(LIMITS, share)]), MONDAY).await;
    for number in 0..12 {
        stage.comments(FACEBOOK, &format!("6{number}"), &format!("{CRITICISM} {number}")).await;
        assert_eq!(flood(&stage, number, 1, INSULT).await, 1, "number {number}");
    }
    assert_eq!(stage.moderation.office().halts().await.unwrap(), []);
    // All of it.
    let stage = Stage::with(policy(&[(LIMITS, share)]), MONDAY).await;
    assert_eq!(flood(&stage, 0, 13, INSULT).await, 10);
}

#[tokio::test]
async fn a_flood_that_many_rules_find_halts_the_account_as_a_raid() {
    let few = "hides_per_hour = 3\nshare_percent = 100\nshare_from = 100\n";
    let stage = Stage::with(policy(&[(LIMITS, few)]), MONDAY).await;
    let mut outcomes = Vec::new();
    for (number, text) in [INSULT, "Cerco prestanome, scrivetemi", INSULT, "Cerco prestanome, pago", INSULT, INSULT]
        .into_iter()
        .enumerate()
    {
        outcomes.push(flood(&stage, number, 1, text).await);
    }
    assert_eq!(outcomes, [1, 1, 1, 1, 0, 0]);
    let halts = stage.moderation.office().halts().await.unwrap();
    assert_eq!(halts.len(), 1);
    assert_eq!(
        (&halts[0].cause, &halts[0].scope),
        (&HaltCause::Raid, &Scope::Account(FACEBOOK, stage.account(FACEBOOK)))
    );
    assert_eq!(group(&stage, &halts[0].group).await, 2);
}

#[tokio::test]
async fn a_raid_at_once_overshoots_by_no_more_than_what_is_in_hand() {
    let few = "hides_per_hour = 5\nshare_percent = 100\nshare_from = 100\n";
    let stage = Stage::with(policy(&[(LIMITS, few)]), MONDAY).await;
    let page = stage.account(FACEBOOK);
    let mut ids = Vec::new();
    for number in 0..200 {
        let text = format!("{INSULT} {number}");
        ids.push(
            stage.posts(NewComment::new(page.as_str(), &format!("7{number}"), "Persona di prova", &text), FACEBOOK),
        );
    }
    stage.receives().await;
    let mut hidden = 0;
    for id in &ids {
        hidden += usize::from(stage.case(FACEBOOK, id).await.outcome == Outcome::Hide);
    }
    // What is recorded at the same time is 64 at most.
    assert!((6..=6 + 64).contains(&hidden), "{hidden} hidden");
    let halts = stage.moderation.office().halts().await.unwrap();
    assert_eq!(halts.len(), 1, "{halts:?}");
    assert_eq!(group(&stage, &halts[0].group).await, 200 - hidden);
}

#[tokio::test]
async fn the_kill_switch_holds_what_the_system_decided_and_lets_a_persons_decision_through() {
    let mut stage = Stage::with(without_limits(&[]), MONDAY).await;
    let pending = stage.comments(FACEBOOK, "81", INSULT).await;
    let doubtful = stage.comments(FACEBOOK, "82", "Chiamate la nostra ditta Rossi srl allo 02 4567890").await;
    assert!(stage.moderation.office().halt(Scope::All, HaltCause::Switch, &ANNA).await.unwrap());
    assert!(!stage.moderation.office().halt(Scope::All, HaltCause::Switch, &BRUNO).await.unwrap());
    let meanwhile = stage.comments(FACEBOOK, "83", INSULT).await;
    assert_eq!(stage.case(FACEBOOK, &meanwhile).await.outcome, Outcome::Review);
    stage.works().await;
    assert_eq!(stage.calls(FACEBOOK).len(), 0, "nothing is carried out by itself");
    let case = stage.case(FACEBOOK, &doubtful).await;
    stage.moderation.office().confirm(&case.id, &ANNA).await.unwrap();
    stage.works().await;
    assert!(stage.sandbox.is_hidden(FACEBOOK, &doubtful), "a person decided it");
    assert!(!stage.sandbox.is_hidden(FACEBOOK, &pending));

    stage.moderation.office().resume(&Scope::All, &ANNA).await.unwrap();
    stage.passes(SignedDuration::from_mins(6));
    stage.works().await;
    assert!(stage.sandbox.is_hidden(FACEBOOK, &pending), "nothing is lost");
    assert!(!stage.sandbox.is_hidden(FACEBOOK, &meanwhile), "it waits for a person");
}

#[tokio::test]
async fn a_switch_for_one_account_leaves_the_others_alone() {
    let stage = Stage::with(without_limits(&[]), MONDAY).await;
    let scope = Scope::Account(FACEBOOK, stage.account(FACEBOOK));
    stage.moderation.office().halt(scope, HaltCause::Switch, &ANNA).await.unwrap();
    let here = stage.comments(FACEBOOK, "84", INSULT).await;
    let there = stage.comments(Platform::Instagram, "84", INSULT).await;
    stage.works().await;
    assert!(!stage.sandbox.is_hidden(FACEBOOK, &here));
    assert!(stage.sandbox.is_hidden(Platform::Instagram, &there));
}
