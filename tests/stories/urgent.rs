//! Who may be in danger comes first, and then the rules hold for the rest of what they wrote: an urgent phrase beside a
//! violation disarms nothing.

use jiff::SignedDuration;
use ledger::{Case, Closure, HaltCause, Scope, Status, TaskKind};
use moderation::{Extent, OfficeError, Ruled};
use policy::SanctionKind::{Block, Warning};
use policy::SanctionState::{Effective, Proposed};
use policy::{Outcome, Platform};

use crate::kills::interrupted;
use crate::ladder::{ANNA, BRUNO};
use crate::stage::Stage;

const FACEBOOK: Platform = Platform::Facebook;
const DANGER: &str = "Con questi uffici voglio morire";
const OBSCENE: &str = "guardate il mio video porno, pompini gratis";

async fn weights(stage: &Stage, id: &str) -> Vec<u32> {
    stage.author(FACEBOOK, id).await.standing.strikes.iter().map(|strike| strike.weight).collect()
}

async fn referrals(stage: &Stage) -> usize {
    stage.tasks().await.into_iter().filter(|task| task.kind == TaskKind::Refer).count()
}

async fn urgent(stage: &Stage) -> Vec<String> {
    let tasks = stage.tasks().await.into_iter().filter(|task| task.kind == TaskKind::Urgent);
    tasks.map(|task| task.id).collect()
}

fn is_confirmed(case: &Case) -> bool {
    matches!(case.status, Status::Closed { reason: Closure::Confirmed, .. })
}

/// Something urgent is written, nothing follows by itself, and a person sees to who wrote it.
async fn seen_to(text: &str) -> (Stage, String, Case) {
    let mut stage = Stage::open().await;
    let id = stage.violates(FACEBOOK, "901", text).await;
    let case = stage.case(FACEBOOK, &id).await;
    assert!(case.urgent && !stage.sandbox.is_hidden(FACEBOOK, &id), "{text}");
    stage.moderation.confirm(&case.id, ANNA).await.unwrap();
    stage.works().await;
    stage.passes(SignedDuration::from_mins(1));
    assert_eq!(weights(&stage, &id).await, [] as [u32; 0], "{text}: that somebody is in danger counts for nothing");
    assert!(!stage.sandbox.is_hidden(FACEBOOK, &id), "{text}");
    assert_eq!((referrals(&stage).await, urgent(&stage).await), (0, vec![]), "{text}");
    (stage, id, case)
}

#[tokio::test]
async fn beside_a_danger_that_was_seen_to_a_violation_waits_for_a_person_and_counts_as_any() {
    let texts = [("siete dei coglioni", vec![1], 0), (OBSCENE, vec![2], 2)];
    for (violation, counts, refers) in texts {
        let (stage, id, case) = seen_to(&format!("{DANGER}, {violation}")).await;
        assert!(stage.case(FACEBOOK, &id).await.is_open(), "{violation}: it still stands there");
        stage.moderation.confirm(&case.id, BRUNO).await.unwrap();
        stage.works().await;
        assert!(stage.sandbox.is_hidden(FACEBOOK, &id), "{violation}");
        assert_eq!((weights(&stage, &id).await, referrals(&stage).await), (counts, refers), "{violation}");
        let steps = stage.sanctions(FACEBOOK, &id).await;
        let expected = if refers > 0 { vec![(Block, Proposed)] } else { vec![(Warning, Effective)] };
        assert_eq!(steps, expected, "{violation}");
    }
}

#[tokio::test]
async fn who_was_exposed_beside_a_danger_is_found_once_that_was_seen_to() {
    let (stage, id, case) = seen_to("mi voglio ammazzare, chiamatemi al 347 1234567").await;
    stage.moderation.confirm_exposure(&case.id, BRUNO).await.unwrap();
    stage.works().await;
    assert!(stage.sandbox.is_hidden(FACEBOOK, &id), "the number does not stay public");
    assert_eq!(weights(&stage, &id).await, [1]);
    assert!(is_confirmed(&stage.case(FACEBOOK, &id).await));
}

#[tokio::test]
async fn a_danger_alone_is_closed_once_it_was_seen_to_and_is_never_a_violation() {
    let (mut stage, id, case) = seen_to(DANGER).await;
    assert!(is_confirmed(&stage.case(FACEBOOK, &id).await));
    for again in
        [stage.moderation.confirm(&case.id, BRUNO).await, stage.moderation.confirm_exposure(&case.id, BRUNO).await]
    {
        assert!(matches!(again, Err(OfficeError::Closed { .. })), "{again:?}");
    }
    // Another danger in it alerts anew.
    stage.sandbox.edit_comment(FACEBOOK, &id, "E se non rispondete mi tolgo la vita").unwrap();
    stage.receives().await;
    stage.works().await;
    assert!(stage.case(FACEBOOK, &id).await.is_open());
    assert_eq!(urgent(&stage).await, [format!("urgent-{}-1", case.id)]);
    stage.passes(SignedDuration::from_mins(1));
    stage.moderation.confirm(&case.id, BRUNO).await.unwrap();
    assert!(is_confirmed(&stage.case(FACEBOOK, &id).await));
    // Nor when it was removed before anybody looked.
    let id = stage.violates(FACEBOOK, "902", DANGER).await;
    stage.sandbox.delete_comment(FACEBOOK, &id).unwrap();
    stage.receives().await;
    stage.works().await;
    let case = stage.case(FACEBOOK, &id).await;
    stage.moderation.confirm(&case.id, ANNA).await.unwrap();
    let again = stage.moderation.confirm(&case.id, BRUNO).await;
    assert!(matches!(again, Err(OfficeError::Closed { .. })), "{again:?}");
    stage.works().await;
    let case = stage.case(FACEBOOK, &id).await;
    assert_eq!((weights(&stage, &id).await, case.protects), (vec![], false));
}

#[tokio::test]
async fn what_is_removed_before_anybody_saw_to_the_danger_can_still_be_found_a_violation() {
    let mut stage = Stage::open().await;
    let id = stage.violates(FACEBOOK, "903", &format!("{DANGER}, {OBSCENE}")).await;
    stage.sandbox.delete_comment(FACEBOOK, &id).unwrap();
    stage.receives().await;
    stage.works().await;
    let calls = stage.calls(FACEBOOK).len();
    let case = stage.case(FACEBOOK, &id).await;
    stage.moderation.confirm(&case.id, ANNA).await.unwrap();
    stage.works().await;
    assert_eq!((weights(&stage, &id).await, referrals(&stage).await), (vec![], 0), "who is in danger comes first");
    stage.moderation.confirm(&case.id, BRUNO).await.unwrap();
    stage.works().await;
    assert_eq!((weights(&stage, &id).await, referrals(&stage).await), (vec![2], 2));
    let case = stage.case(FACEBOOK, &id).await;
    assert!(matches!(case.status, Status::Closed { reason: Closure::Removed, .. }), "{case:?}");
    assert_eq!(stage.calls(FACEBOOK).len(), calls);
    assert_eq!(stage.sanctions(FACEBOOK, &id).await, [(Block, Proposed)], "the next confirmation is that of the block");
}

#[tokio::test]
async fn an_urgent_phrase_in_one_revision_disarms_no_other() {
    for urgent_first in [true, false] {
        let mut stage = Stage::open().await;
        let (first, second) = if urgent_first { (DANGER, OBSCENE) } else { (OBSCENE, DANGER) };
        let id = stage.violates(FACEBOOK, "904", first).await;
        stage.sandbox.edit_comment(FACEBOOK, &id, second).unwrap();
        stage.receives().await;
        stage.works().await;
        stage.passes(SignedDuration::from_mins(1));
        stage.works().await;
        let case = stage.case(FACEBOOK, &id).await;
        assert!(case.urgent && case.outcome == Outcome::Hide, "urgent first: {urgent_first}");
        assert_eq!(stage.sanctions(FACEBOOK, &id).await, [(Warning, Effective)]);
        stage.moderation.confirm(&case.id, ANNA).await.unwrap();
        stage.works().await;
        assert_eq!(referrals(&stage).await, 0, "urgent first: {urgent_first}");
        assert!(stage.case(FACEBOOK, &id).await.is_open(), "urgent first: {urgent_first}");
        stage.passes(SignedDuration::from_mins(1));
        stage.moderation.confirm(&case.id, BRUNO).await.unwrap();
        stage.works().await;
        assert_eq!(referrals(&stage).await, 2, "urgent first: {urgent_first}");
        let steps = stage.sanctions(FACEBOOK, &id).await;
        assert_eq!(steps, [(Warning, Effective), (Block, Proposed)], "urgent first: {urgent_first}");
    }
}

#[tokio::test]
async fn a_danger_that_comes_after_a_confirmation_is_on_the_desk_again() {
    let mut stage = Stage::open().await;
    let id = stage.violates(FACEBOOK, "905", "siete dei coglioni").await;
    let case = stage.case(FACEBOOK, &id).await;
    stage.moderation.confirm(&case.id, ANNA).await.unwrap();
    stage.passes(SignedDuration::from_mins(1));
    stage.sandbox.edit_comment(FACEBOOK, &id, DANGER).unwrap();
    stage.receives().await;
    stage.works().await;
    assert!(stage.case(FACEBOOK, &id).await.is_open());
    stage.passes(SignedDuration::from_mins(1));
    stage.moderation.confirm(&case.id, BRUNO).await.unwrap();
    stage.works().await;
    assert!(is_confirmed(&stage.case(FACEBOOK, &id).await), "the rest was confirmed before");
    assert_eq!(weights(&stage, &id).await, [1]);
}

#[tokio::test]
async fn nobody_has_seen_to_a_danger_by_confirming_a_group() {
    let mut stage = Stage::open().await;
    stage.moderation.halt(Scope::All, HaltCause::Switch, ANNA).await.unwrap();
    let id = stage.violates(FACEBOOK, "906", OBSCENE).await;
    let group = stage.case(FACEBOOK, &id).await.group.expect("a group");
    stage.sandbox.edit_comment(FACEBOOK, &id, DANGER).unwrap();
    stage.receives().await;
    stage.works().await;
    let confirmed = stage.moderation.confirm_group(&group, BRUNO).await.unwrap();
    assert_eq!((confirmed.confirmed.len(), confirmed.left.len()), (0, 1));
    assert!(stage.case(FACEBOOK, &id).await.is_open());
}

#[tokio::test]
async fn a_danger_that_was_written_after_a_confirmation_can_be_seen_to_though_it_is_gone() {
    let mut stage = Stage::open().await;
    let id = stage.violates(FACEBOOK, "951", "siete dei coglioni").await;
    let case = stage.case(FACEBOOK, &id).await;
    stage.moderation.confirm(&case.id, ANNA).await.unwrap();
    stage.sandbox.edit_comment(FACEBOOK, &id, &format!("siete dei coglioni. {DANGER}")).unwrap();
    stage.receives().await;
    stage.works().await;
    assert_eq!(urgent(&stage).await.len(), 1);
    stage.sandbox.delete_comment(FACEBOOK, &id).unwrap();
    stage.receives().await;
    stage.works().await;
    assert_eq!(stage.moderation.confirm(&case.id, BRUNO).await.unwrap(), Ruled::SeenTo);
    assert_eq!(urgent(&stage).await, [] as [String; 0]);
    assert_eq!(weights(&stage, &id).await, [1]);
}

#[tokio::test]
async fn who_overturns_it_has_seen_the_danger() {
    let mut stage = Stage::open().await;
    let id = stage.violates(FACEBOOK, "952", DANGER).await;
    let case = stage.case(FACEBOOK, &id).await;
    assert_eq!(urgent(&stage).await.len(), 1);
    stage.moderation.overturn(&case.id, ANNA, Extent::Case, false).await.unwrap();
    assert_eq!(urgent(&stage).await, [] as [String; 0]);
}

#[tokio::test]
async fn a_danger_that_is_written_while_somebody_confirms_is_seen_to_by_nobody() {
    let mut stage = Stage::open().await;
    let (mut caught, mut not_seen) = (0, 0);
    for number in 0.. {
        let id = stage.violates(FACEBOOK, &format!("96{number}"), "siete dei coglioni").await;
        let case = stage.case(FACEBOOK, &id).await;
        stage.sandbox.edit_comment(FACEBOOK, &id, &format!("siete dei coglioni. {DANGER}")).unwrap();
        let ruled = interrupted(number, stage.moderation.confirm(&case.id, ANNA), stage.receives()).await;
        let case = stage.case(FACEBOOK, &id).await;
        match ruled {
            // It was there before anything was read.
            Ok(Ruled::RestWaits) => continue,
            Err(OfficeError::Busy) => caught += 1,
            Ok(Ruled::Done) => not_seen += 1,
            other => panic!("at {number}: {other:?}"),
        }
        assert!(case.urgent && case.is_open(), "at {number}: {case:?}");
        assert_eq!(urgent(&stage).await.len(), caught + not_seen, "at {number}: the alarm stays");
        if not_seen > 0 {
            break;
        }
    }
    assert!(caught > 0, "whoever had read it without was nowhere asked to read it again");
}
