//! What a case and an author's record may hold: nobody fills them so that nobody can decide any more.

use jiff::SignedDuration;
use ledger::{DecisionKind, TaskKind};
use moderation::{Extent, Filled, OfficeError, Ruled, Ruling};
use policy::{ActionKind, Platform, Referral, SanctionState};
use serde_json::json;

use crate::ladder::{ANNA, BRUNO};
use crate::stage::{MONDAY, Stage, without_limits};
use crate::world::{CRITICISM, INSULT, answers, fault};

const FACEBOOK: Platform = Platform::Facebook;

/// A name as long as names may be.
const LONG: Ruling<'_> = Ruling {
    by: "𝕬𝕬𝕬𝕬𝕬𝕬𝕬𝕬𝕬𝕬𝕬𝕬𝕬𝕬𝕬𝕬𝕬𝕬𝕬𝕬𝕬𝕬𝕬𝕬𝕬𝕬𝕬𝕬𝕬𝕬𝕬𝕬𝕬𝕬𝕬𝕬𝕬𝕬𝕬𝕬𝕬𝕬𝕬𝕬𝕬𝕬𝕬𝕬𝕬𝕬𝕬𝕬𝕬𝕬𝕬𝕬𝕬𝕬𝕬𝕬𝕬𝕬𝕬𝕬𝕬𝕬𝕬𝕬𝕬𝕬𝕬𝕬𝕬𝕬𝕬𝕬𝕬𝕬𝕬𝕬",
    reason: "Di passaggio",
};

/// The size of the largest item that is stored, about as the table counts it.
async fn largest(stage: &Stage) -> usize {
    stage.everything().await.iter().map(String::len).max().unwrap()
}

#[tokio::test]
async fn a_case_that_is_passed_on_without_end_can_still_be_confirmed_and_overturned() {
    let mut stage = Stage::open().await;
    let id = stage.comments(FACEBOOK, "1001", INSULT).await;
    stage.works().await;
    let case = stage.case(FACEBOOK, &id).await;
    for number in 1..=19 {
        stage.moderation.escalate(&case.id, Referral::Authorities, LONG).await.unwrap();
        let task = format!("{}-refer-authorities-{number}", case.id);
        stage.moderation.finish_task(&task, LONG, true).await.unwrap();
    }
    stage.moderation.escalate(&case.id, Referral::Platform, LONG).await.unwrap();
    let refused = stage.moderation.escalate(&case.id, Referral::Platform, LONG).await;
    assert!(matches!(refused, Err(OfficeError::Full { most: 20, .. })), "{refused:?}");
    for _ in 0..80 {
        stage.moderation.assign(&case.id, "Bruno", LONG).await.unwrap();
    }
    let refused = stage.moderation.assign(&case.id, "Bruno", LONG).await;
    assert!(matches!(refused, Err(OfficeError::Full { what: Filled::Additions, most: 100 })), "{refused:?}");
    assert!(largest(&stage).await < 300_000);

    stage.moderation.confirm(&case.id, ANNA).await.unwrap();
    stage.works().await;
    assert!(!stage.case(FACEBOOK, &id).await.is_open());
    stage.passes(SignedDuration::from_mins(1));
    assert_eq!(stage.moderation.overturn(&case.id, BRUNO, Extent::Case, true).await.unwrap(), Ruled::Done);
    stage.works().await;
    assert!(!stage.sandbox.is_hidden(FACEBOOK, &id));
    assert_eq!(stage.strikes(FACEBOOK, &id).await, 0);
    let referred = stage.tasks().await.into_iter().filter(|task| task.kind == TaskKind::Refer).count();
    assert_eq!(referred, 0, "what was referred need not be any more");
}

#[tokio::test]
async fn who_rewrites_back_and_forth_fills_no_case_and_it_can_be_decided() {
    let mut stage = Stage::open().await;
    let id = stage.comments(FACEBOOK, "1002", CRITICISM).await;
    for number in 0..60 {
        // Each time the hiding has lost its object before it is asked.
        for text in [INSULT, CRITICISM] {
            stage.sandbox.edit_comment(FACEBOOK, &id, &format!("{text} {number}")).unwrap();
            stage.receives().await;
        }
        stage.works().await;
        stage.passes(SignedDuration::from_secs(5));
        stage.works().await;
    }
    assert_eq!(stage.hides(FACEBOOK), 0);
    let case = stage.case(FACEBOOK, &id).await;
    assert_eq!((case.actions.len(), case.revisions.len()), (40, 20));
    assert!(case.actions_left_out >= 20, "{}", case.actions_left_out);
    let ids: std::collections::BTreeSet<_> = case.actions.iter().map(|action| &action.id).collect();
    assert_eq!(ids.len(), case.actions.len(), "each has a name of its own");
    assert!(largest(&stage).await < 300_000);
    // What stands there in the end is hidden all the same, and people decide.
    stage.sandbox.edit_comment(FACEBOOK, &id, INSULT).unwrap();
    stage.receives().await;
    stage.works().await;
    stage.passes(SignedDuration::from_secs(5));
    stage.works().await;
    assert!(stage.sandbox.is_hidden(FACEBOOK, &id));
    stage.moderation.confirm(&case.id, ANNA).await.unwrap();
    stage.moderation.overturn(&case.id, BRUNO, Extent::Case, true).await.unwrap();
    stage.works().await;
    assert!(!stage.sandbox.is_hidden(FACEBOOK, &id));
}

#[tokio::test]
async fn where_hiding_is_refused_a_rewriter_makes_five_tasks_and_no_more() {
    let mut stage = Stage::open().await;
    let refusal = answers(400, json!({ "error": { "message": "(#100) The comment cannot be hidden", "code": 100 } }));
    let path = Some("is_hidden=true".to_owned());
    stage.sandbox.add_fault(sandbox::Fault { path, ..fault(FACEBOOK, 100_000, refusal) });
    let id = stage.comments(FACEBOOK, "1003", INSULT).await;
    for number in 0..30 {
        stage.works().await;
        stage.passes(SignedDuration::from_mins(20));
        stage.sandbox.edit_comment(FACEBOOK, &id, &format!("{INSULT} {number}")).unwrap();
        stage.receives().await;
    }
    stage.works().await;
    let case = stage.cases(FACEBOOK, &id).await.remove(0);
    let hides = case.actions.iter().filter(|action| action.kind == ActionKind::Hide).count();
    assert_eq!(hides, 5, "{case:?}");
    assert!(case.is_open(), "a person sees to it");
    let failed = stage.tasks().await.into_iter().filter(|task| task.kind == TaskKind::Failed).count();
    assert_eq!(failed, 5);
}

#[tokio::test]
async fn notes_about_an_author_are_refused_before_the_record_is_full_and_the_ladder_goes_on() {
    let mut stage = Stage::open().await;
    let id = stage.violates(FACEBOOK, "1004", INSULT).await;
    let author = stage.case(FACEBOOK, &id).await.pseudonym.unwrap();
    let text = "è".repeat(1_000);
    let mut noted = 0;
    let refused = loop {
        match stage.moderation.note(FACEBOOK, &author, Ruling { reason: &text, ..LONG }).await {
            Ok(()) => noted += 1,
            Err(refused) => break refused,
        }
    };
    assert!(matches!(refused, OfficeError::NotesFull), "{refused}");
    assert!(noted >= 30, "{noted} notes");
    stage.violates(FACEBOOK, "1004", &format!("{INSULT} ancora")).await;
    assert_eq!(stage.sanctions(FACEBOOK, &id).await.len(), 2, "the ladder goes on");
}

#[tokio::test]
async fn who_writes_and_removes_without_end_does_not_fill_the_record_of_their_sanctions() {
    // Where everyone can read it, a warning has nothing left to answer to.
    let policy = without_limits(&[("channel = \"private\"", "channel = \"public\"")]);
    let mut stage = Stage::with(policy, MONDAY).await;
    let mut last = String::new();
    for number in 0..25 {
        last = stage.comments(FACEBOOK, "1005", &format!("{INSULT} {number}")).await;
        // It is hidden, and the warning decided; it is gone before its author is told.
        for _ in 0..2 {
            stage.moderation.sweep(1).await.unwrap();
        }
        stage.sandbox.delete_comment(FACEBOOK, &last).unwrap();
        stage.receives().await;
        stage.works().await;
        stage.passes(SignedDuration::from_mins(1));
    }
    let record = stage.author(FACEBOOK, &last).await;
    let withdrawn = record.standing.sanctions.iter().filter(|one| one.state == SanctionState::Withdrawn).count();
    assert_eq!(withdrawn, 10, "of 25, the last are kept");
    assert_eq!(record.standing.strikes.len(), 25, "every strike counts");
    let id = stage.violates(FACEBOOK, "1005", INSULT).await;
    let sanctions = stage.author(FACEBOOK, &id).await.standing.sanctions;
    assert!(sanctions.iter().any(|sanction| sanction.state == SanctionState::Effective), "{sanctions:?}");
    let case = stage.case(FACEBOOK, &id).await;
    assert!(case.decisions.iter().all(|decision| decision.kind != DecisionKind::Note));
}
