//! What a platform leaves to a person: until somebody says that they did it, nobody is told that it is so, and where they
//! could not, nothing of it is taken back.

use jiff::SignedDuration;
use ledger::{Case, Errand, Task, TaskFacts};
use moderation::{Extent, OfficeError};
use policy::SanctionKind::{Ban, Block, LastWarning};
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
    stage.moderation.office().finish_task(&format!("{}-{}", case.id, action.id), &ANNA, achieved).await.unwrap();
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
            let mut overturned = stage.moderation.office().overturn(&case.id, &BRUNO, Extent::Case, false).await;
            if was_hidden && platform == LINKEDIN {
                assert!(matches!(overturned, Err(OfficeError::Irreversible { .. })), "{what}: {overturned:?}");
                overturned = stage.moderation.office().overturn(&case.id, &BRUNO, Extent::Case, true).await;
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
        stage.moderation.office().confirm(&case.id, &ANNA).await.unwrap();
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
    stage.moderation.office().confirm(&case.id, &ANNA).await.unwrap();
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

/// The open tasks to keep somebody out, or to let them in.
async fn about_access(stage: &Stage) -> Vec<Task> {
    let concerns = |errand: &Errand| match errand {
        Errand::Facts(TaskFacts::ByHand { asked, .. } | TaskFacts::Failed { asked, .. }) => {
            matches!(asked, ActionKind::Ban | ActionKind::Unban)
        }
        _ => false,
    };
    stage.tasks().await.into_iter().filter(|task| concerns(&task.errand)).collect()
}

/// An author has been warned for the last time.
async fn warned(stage: &mut Stage, platform: Platform, author: &str) {
    stage.violates(platform, author, INSULT).await;
    stage.violates(platform, author, INSULT).await;
}

/// The next violation of an author who was warned, whose block Anna has confirmed.
async fn blocked(stage: &mut Stage, platform: Platform, author: &str) -> Case {
    let id = stage.violates(platform, author, INSULT).await;
    let case = stage.case(platform, &id).await;
    stage.moderation.office().confirm(&case.id, &ANNA).await.unwrap();
    stage.works().await;
    stage.moderation.ledger().case(&case.id, stage.now()).await.unwrap().unwrap()
}

/// The state of the block that a case carries.
async fn state_of_block(stage: &Stage, case: &Case) -> policy::SanctionState {
    let record = stage.moderation.ledger().author(case.pseudonym.as_ref().unwrap()).await.unwrap();
    record.standing.sanctions.iter().find(|sanction| sanction.kind == Block).expect("a block").state
}

#[tokio::test]
async fn that_a_message_could_not_be_sent_takes_no_block_back() {
    for achieved in [true, false] {
        for ban_fails in [false, true] {
            let what = format!("message sent by hand {achieved}, ban asked in vain {ban_fails}");
            let mut stage = Stage::open().await;
            warned(&mut stage, FACEBOOK, "7003").await;
            refuses(&stage, "/messages");
            if ban_fails {
                let path = Some("/blocked".to_owned());
                stage.sandbox.add_fault(sandbox::Fault { path, ..fault(FACEBOOK, 1, answers(500, json!({}))) });
            }
            let case = blocked(&mut stage, FACEBOOK, "7003").await;
            closes(&stage, &case, ActionKind::PrivateReply, achieved).await;
            stage.hours(1);
            stage.works().await;
            assert_eq!(state_of_block(&stage, &case).await, Effective, "{what}");
            assert!(is_banned(&stage, "7003"), "{what}");
            stage.moderation.office().unban(case.pseudonym.as_ref().unwrap(), &BRUNO).await.unwrap();
            stage.works().await;
            assert!(!is_banned(&stage, "7003"), "{what}: the office can let them in");
        }
    }
}

#[tokio::test]
async fn who_is_let_in_again_is_not_blocked_by_a_task_that_was_left_open() {
    for platform in [LINKEDIN, FACEBOOK] {
        let mut stage = Stage::open().await;
        refuses(&stage, "/blocked");
        let author = if platform == LINKEDIN { AUTHOR } else { "7004" };
        warned(&mut stage, platform, author).await;
        let case = blocked(&mut stage, platform, author).await;
        let task = about_access(&stage).await.pop().expect("a task to block");
        stage.moderation.office().unban(case.pseudonym.as_ref().unwrap(), &BRUNO).await.unwrap();
        stage.works().await;
        assert_eq!(
            about_access(&stage).await,
            [],
            "{platform}: nobody is to be blocked, nor let in who was never kept out"
        );
        let late = stage.moderation.office().finish_task(&task.id, &ANNA, true).await;
        assert!(matches!(late, Err(OfficeError::TaskDone { .. })), "{platform}: {late:?}");
    }
}

#[tokio::test]
async fn a_block_that_nobody_placed_is_not_lifted_and_cannot_be_placed_after_its_end() {
    let mut stage = Stage::open().await;
    warned(&mut stage, LINKEDIN, AUTHOR).await;
    let case = blocked(&mut stage, LINKEDIN, AUTHOR).await;
    let task = about_access(&stage).await.pop().expect("a task to block");
    stage.hours(8 * 24);
    stage.works().await;
    assert_eq!(about_access(&stage).await, [], "neither to block nor to let in");
    let late = stage.moderation.office().finish_task(&task.id, &ANNA, true).await;
    assert!(matches!(late, Err(OfficeError::NoTask(_))), "{late:?}");
    assert!(!state_of_block(&stage, &case).await.eq(&Effective));
}

#[tokio::test]
async fn a_block_that_nobody_placed_is_no_barrier_and_leaves_nothing_to_lift_when_it_is_overturned() {
    let mut stage = Stage::open().await;
    warned(&mut stage, LINKEDIN, AUTHOR).await;
    let case = blocked(&mut stage, LINKEDIN, AUTHOR).await;
    stage.moderation.office().overturn(&case.id, &BRUNO, Extent::Case, false).await.unwrap();
    stage.works().await;
    assert_eq!(about_access(&stage).await, []);
}

/// A ban in doubt whose sanction is taken back: by the case that carries it or by that of an earlier strike, after so many
/// attempts, with these answers to them, the first of them in doubt.
#[tokio::test]
async fn a_ban_in_doubt_that_is_taken_back_is_undone_and_not_asked_again() {
    let fails = || answers(500, json!({}));
    let limit = || answers(400, json!({ "error": { "message": "limit", "code": 80_002 } }));
    let table = [
        ("lost", vec![sandbox::FaultEffect::Lost]),
        ("fails twice", vec![fails(), fails()]),
        ("fails seven times", (0..7).map(|_| fails()).collect()),
        ("lost, and limited afterwards", vec![sandbox::FaultEffect::Lost, limit()]),
    ];
    for (answered, faults) in table {
        for (kind, carries) in [(Block, true), (Block, false), (Ban, true), (Ban, false)] {
            let what = format!("{kind:?}, overturned in the case that carries it {carries}, {answered}");
            let mut stage = Stage::open().await;
            warned(&mut stage, FACEBOOK, "7005").await;
            if kind == Ban {
                blocked(&mut stage, FACEBOOK, "7005").await;
                stage.hours(8 * 24);
                stage.works().await;
            }
            let earlier = stage.violates(FACEBOOK, "7005", INSULT).await;
            let carrier = stage.case(FACEBOOK, &earlier).await;
            for effect in &faults {
                let (method, path) = (Some("POST".to_owned()), Some("/blocked".to_owned()));
                stage.sandbox.add_fault(sandbox::Fault { method, path, ..fault(FACEBOOK, 1, effect.clone()) });
            }
            let office = stage.moderation.office();
            office.confirm(&carrier.id, &ANNA).await.unwrap();
            if kind == Ban {
                office.confirm(&carrier.id, &BRUNO).await.unwrap();
            }
            stage.works().await;
            for _ in 1..faults.len().min(6) {
                stage.hours(1);
                stage.works().await;
            }
            let first = stage.ledger().author(carrier.pseudonym.as_ref().unwrap()).await.unwrap();
            let overturned = if carries {
                carrier.id.clone()
            } else {
                first.standing.sanctions.iter().find(|sanction| sanction.kind == LastWarning).unwrap().case.clone()
            };
            stage.moderation.office().overturn(&overturned, &BRUNO, Extent::Case, true).await.unwrap();
            let before = stage.calls(FACEBOOK).len();
            for seconds in [0, 10, 100, 3_600, 86_400] {
                stage.passes(SignedDuration::from_secs(seconds));
                stage.works().await;
            }
            let bans = |call: &sandbox::Entry| call.method == "POST" && call.path.contains("/blocked");
            assert!(!stage.calls(FACEBOOK)[before..].iter().any(bans), "{what}: asked again");
            assert!(!is_banned(&stage, "7005"), "{what}");
            let record = stage.ledger().author(carrier.pseudonym.as_ref().unwrap()).await.unwrap();
            let sanction = record.standing.sanctions.iter().rfind(|sanction| sanction.kind == kind).unwrap();
            assert_eq!(sanction.state, Withdrawn, "{what}");
            let case = stage.ledger().case(&carrier.id, stage.now()).await.unwrap().unwrap();
            let ban = case.actions.iter().find(|action| action.kind == ActionKind::Ban).unwrap();
            assert_eq!((ban.effect, ban.note.as_deref()), (Some(Effect::AlreadySo), Some("withdrawn")), "{what}");
            assert_eq!(about_access(&stage).await, [], "{what}");
        }
    }
}

/// How somebody comes to be let in again.
#[derive(Clone, Copy, Debug, PartialEq)]
enum LetIn {
    ByTheOffice,
    Overturned,
    AfterTheTerm,
}

/// Somebody who was blocked, by hand where the platform has no call, and is to be let in again, which the platform does
/// not do: the case of the block, and the task to let them in.
async fn to_be_let_in(stage: &mut Stage, platform: Platform, author: &str, how: LetIn) -> (Case, Task) {
    warned(stage, platform, author).await;
    let case = blocked(stage, platform, author).await;
    if platform == LINKEDIN {
        closes(stage, &case, ActionKind::Ban, true).await;
    } else {
        let body = json!({ "error": { "message": "refused", "code": 100 } });
        let (method, path) = (Some("DELETE".to_owned()), Some("/blocked".to_owned()));
        stage.sandbox.add_fault(sandbox::Fault { method, path, ..fault(platform, 100, answers(400, body)) });
    }
    stage.works().await;
    match how {
        LetIn::ByTheOffice => {
            stage.moderation.office().unban(case.pseudonym.as_ref().unwrap(), &BRUNO).await.unwrap();
        }
        LetIn::Overturned => {
            stage.moderation.office().overturn(&case.id, &BRUNO, Extent::Case, true).await.unwrap();
        }
        LetIn::AfterTheTerm => stage.hours(8 * 24),
    }
    stage.works().await;
    let tasks = about_access(stage).await;
    assert_eq!(tasks.len(), 1, "{platform}, {how:?}: {tasks:?}");
    (case, tasks[0].clone())
}

#[tokio::test]
async fn nobody_who_is_still_kept_out_is_given_up() {
    for platform in [LINKEDIN, FACEBOOK] {
        for how in [LetIn::ByTheOffice, LetIn::Overturned, LetIn::AfterTheTerm] {
            let what = format!("{platform}, {how:?}");
            let mut stage = Stage::open().await;
            let author = if platform == LINKEDIN { AUTHOR } else { "7006" };
            let (case, task) = to_be_let_in(&mut stage, platform, author, how).await;
            let office = stage.moderation.office();
            let given_up = office.finish_task(&task.id, &ANNA, false).await;
            assert!(matches!(given_up, Err(OfficeError::StillKeptOut)), "{what}: {given_up:?}");
            let record = office.author(case.pseudonym.as_ref().unwrap()).await.unwrap();
            let waiting = office.still_kept_out(&record).await.unwrap();
            assert_eq!(waiting.iter().map(|task| &task.id).collect::<Vec<_>>(), [&task.id], "{what}");
            assert_eq!(about_access(&stage).await.len(), 1, "{what}: it stays open");
            let pseudonyms = [case.pseudonym.clone().unwrap()];
            let erased = office.erase(Some(platform), &pseudonyms, &BRUNO, false).await;
            let is_refused = matches!(erased, Err(OfficeError::InForce { still_kept_out: 1, .. }));
            assert!(is_refused, "{what}: nobody would know any more whom to let in: {erased:?}");
            office.finish_task(&task.id, &ANNA, true).await.unwrap();
            assert_eq!(office.still_kept_out(&record).await.unwrap(), [], "{what}");
            assert_eq!(about_access(&stage).await, [], "{what}");
        }
    }
}

#[tokio::test]
async fn who_is_blocked_anew_is_not_to_be_let_in_because_of_an_earlier_block() {
    let mut stage = Stage::open().await;
    let (_, task) = to_be_let_in(&mut stage, LINKEDIN, AUTHOR, LetIn::AfterTheTerm).await;
    let id = stage.violates(LINKEDIN, AUTHOR, INSULT).await;
    let case = stage.case(LINKEDIN, &id).await;
    stage.moderation.office().confirm(&case.id, &ANNA).await.unwrap();
    stage.moderation.office().confirm(&case.id, &BRUNO).await.unwrap();
    stage.works().await;
    let open = about_access(&stage).await;
    assert!(open.len() == 1 && open[0].id != task.id, "only to keep them out: {open:?}");
    let late = stage.moderation.office().finish_task(&task.id, &ANNA, true).await;
    assert!(matches!(late, Err(OfficeError::TaskDone { .. })), "{late:?}");
}

#[tokio::test]
async fn what_everybody_reads_of_a_block_is_corrected_when_it_is_lifted() {
    for platform in [LINKEDIN, FACEBOOK] {
        for how in [LetIn::ByTheOffice, LetIn::AfterTheTerm] {
            let mut stage = Stage::open().await;
            let author = if platform == LINKEDIN { AUTHOR } else { "7007" };
            to_be_let_in(&mut stage, platform, author, how).await;
            let corrects = |task: &Task| matches!(&task.errand, Errand::Facts(TaskFacts::Announced { .. }));
            let corrections = stage.tasks().await.iter().filter(|task| corrects(task)).count();
            // On Facebook the author was told in private; and what says until when is right after its day.
            let wanted = usize::from(platform == LINKEDIN && how == LetIn::ByTheOffice);
            assert_eq!(corrections, wanted, "{platform}, {how:?}");
        }
    }
}
