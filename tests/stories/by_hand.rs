//! What a platform leaves to a person: until somebody says that they did it, nobody is told that it is so, and where they
//! could not, nothing of it is taken back.

use ledger::{Case, Errand, TaskFacts};
use moderation::{Extent, OfficeError};
use policy::SanctionKind::Block;
use policy::SanctionState::{Decided, Effective, Proposed, Withdrawn};
use policy::{ActionKind, Effect, Notice, Platform};
use serde_json::json;

use crate::ladder::{ANNA, BRUNO, is_banned};
use crate::stage::Stage;
use crate::world::{INSULT, answers, fault};

const FACEBOOK: Platform = Platform::Facebook;
const LINKEDIN: Platform = Platform::Linkedin;
const AUTHOR: &str = "urn:li:person:p7001";

/// Calls to Facebook whose path holds this are refused.
fn refuses(stage: &Stage, path: &str) {
    let body = json!({ "error": { "message": "refused", "code": 100 } });
    stage.sandbox.add_fault(sandbox::Fault { path: Some(path.to_owned()), ..fault(FACEBOOK, 100, answers(400, body)) });
}

/// Closes the task that stands in the place of the action of this kind.
async fn closes(stage: &Stage, case: &Case, kind: ActionKind, achieved: bool) {
    let action = case.actions.iter().find(|action| action.kind == kind).expect("an action");
    stage.moderation.finish_task(&format!("{}-{}", case.id, action.id), ANNA, achieved).await.unwrap();
}

/// What was said on this occasion.
fn said(case: &Case, notice: Notice) -> Option<&str> {
    case.actions.iter().find(|action| action.notice == Some(notice))?.text.as_deref()
}

#[tokio::test]
async fn an_apology_says_of_what_was_left_to_a_person_what_is_so() {
    for platform in [LINKEDIN, FACEBOOK] {
        for closed in [None, Some(false), Some(true)] {
            let what = format!("{platform}, task {closed:?}");
            let mut stage = Stage::open().await;
            refuses(&stage, "is_hidden=true");
            let author = if platform == LINKEDIN { AUTHOR } else { "7001" };
            let id = stage.violates(platform, author, INSULT).await;
            let case = stage.case(platform, &id).await;
            if let Some(achieved) = closed {
                if achieved && platform == FACEBOOK {
                    stage.sandbox.hide_by_hand(FACEBOOK, &id, true);
                }
                closes(&stage, &case, ActionKind::Hide, achieved).await;
            }
            let was_hidden = closed == Some(true);
            let mut overturned = stage.moderation.overturn(&case.id, BRUNO, Extent::Case, false).await;
            if was_hidden && platform == LINKEDIN {
                assert!(matches!(overturned, Err(OfficeError::Irreversible { .. })), "{what}: {overturned:?}");
                overturned = stage.moderation.overturn(&case.id, BRUNO, Extent::Case, true).await;
            }
            overturned.unwrap_or_else(|error| panic!("{what}: {error}"));
            stage.works().await;
            let case = stage.case(platform, &id).await;
            let is_shown = case.actions.iter().any(|action| action.kind == ActionKind::Unhide);
            assert_eq!(is_shown, was_hidden, "{what}: {case:?}");
            let words = match (was_hidden, platform) {
                (false, _) => "intervento resta visibile",
                (true, LINKEDIN) => "non può più essere ripubblicato",
                (true, _) => "di nuovo visibile",
            };
            let told = said(&case, Notice::Apology).unwrap_or_else(|| panic!("{what}: {case:?}"));
            assert!(told.contains(words), "{what}: {told}");
            assert!(was_hidden || stage.tasks().await.is_empty(), "{what}: {:?}", stage.tasks().await);
        }
    }
}

#[tokio::test]
async fn a_block_by_hand_is_announced_once_it_is_imposed_and_lifted_only_then() {
    for achieved in [true, false] {
        let mut stage = Stage::open().await;
        stage.violates(LINKEDIN, AUTHOR, INSULT).await;
        stage.violates(LINKEDIN, AUTHOR, INSULT).await;
        let id = stage.violates(LINKEDIN, AUTHOR, INSULT).await;
        assert_eq!(stage.sanctions(LINKEDIN, &id).await[2], (Block, Proposed));
        let case = stage.case(LINKEDIN, &id).await;
        stage.moderation.confirm(&case.id, ANNA).await.unwrap();
        stage.works().await;
        let case = stage.case(LINKEDIN, &id).await;
        assert_eq!(stage.sanctions(LINKEDIN, &id).await[2], (Block, Decided));
        assert_eq!(said(&case, Notice::Block), None, "nobody has imposed it yet");
        closes(&stage, &case, ActionKind::Ban, achieved).await;
        stage.works().await;
        let case = stage.case(LINKEDIN, &id).await;
        let state = if achieved { Effective } else { Withdrawn };
        assert_eq!(stage.sanctions(LINKEDIN, &id).await[2], (Block, state));
        let told = said(&case, Notice::Block);
        assert_eq!(told.is_some_and(|told| told.contains("è sospeso fino al")), achieved, "{told:?}");
        let end = case.actions.iter().find(|action| action.kind == ActionKind::Unban).unwrap().clone();
        assert_eq!(end.effect, (!achieved).then_some(Effect::AlreadySo));
        stage.hours(8 * 24);
        stage.works().await;
        let tasks = stage.tasks().await;
        let lifts =
            tasks.iter().any(|task| task.action.as_ref() == Some(&end.id) && task.case == Some(case.id.clone()));
        assert_eq!(lifts, achieved, "{tasks:?}");
        let case = stage.case(LINKEDIN, &id).await;
        let told = case.actions.iter().filter(|action| action.notice == Some(Notice::Block) && action.was_delivered());
        assert_eq!(told.count(), usize::from(achieved), "once");
    }
}

#[tokio::test]
async fn a_block_that_was_announced_and_is_not_possible_is_corrected_by_a_person_and_not_lifted() {
    let mut stage = Stage::open().await;
    refuses(&stage, "/blocked");
    stage.violates(FACEBOOK, "7002", INSULT).await;
    stage.violates(FACEBOOK, "7002", INSULT).await;
    let id = stage.violates(FACEBOOK, "7002", INSULT).await;
    let case = stage.case(FACEBOOK, &id).await;
    stage.moderation.confirm(&case.id, ANNA).await.unwrap();
    stage.works().await;
    let case = stage.case(FACEBOOK, &id).await;
    assert!(said(&case, Notice::Block).is_some() && !is_banned(&stage, "7002"));
    closes(&stage, &case, ActionKind::Ban, false).await;
    stage.works().await;
    assert_eq!(stage.sanctions(FACEBOOK, &id).await[2], (Block, Withdrawn));
    let corrects = |errand: &Errand| matches!(errand, Errand::Facts(TaskFacts::Announced { sanction: Block, .. }));
    let tasks = stage.tasks().await;
    assert_eq!(tasks.iter().filter(|task| corrects(&task.errand)).count(), 1, "{tasks:?}");
    let before = stage.calls(FACEBOOK).len();
    stage.hours(8 * 24);
    stage.works().await;
    assert_eq!(stage.calls(FACEBOOK).len(), before, "nobody is let in who was not kept out");
    assert_eq!(stage.tasks().await.len(), tasks.len());
}
