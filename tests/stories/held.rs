//! Decisions that can be taken back for some seconds: what happens meanwhile is nothing that their person has seen.

use jiff::SignedDuration;
use ledger::{Case, Closure, Status};
use moderation::{Extent, Intent};
use policy::{ActionKind, Platform};
use sandbox::Fault;
use serde_json::json;

use crate::ladder::ANNA;
use crate::stage::Stage;
use crate::world::{INSULT, answers, fault};

const FACEBOOK: Platform = Platform::Facebook;
const DOUBTFUL: &str = "Chiamate la nostra ditta Rossi srl allo 02 4567890";
const WAIT: SignedDuration = SignedDuration::from_secs(10);

async fn announces(stage: &Stage, case: &Case, intent: Intent) {
    let (_, until) = stage.moderation.office().announce(&case.id, intent, false, &ANNA, WAIT).await.unwrap();
    assert!(until.is_some(), "it counts only then");
}

/// The time to take it back is over, and everything is carried out.
async fn counts(stage: &mut Stage) {
    stage.passes(SignedDuration::from_secs(11));
    stage.works().await;
}

#[tokio::test]
async fn what_nobody_touches_counts_when_its_time_is_over() {
    let mut stage = Stage::open().await;
    let id = stage.comments(FACEBOOK, "7201", DOUBTFUL).await;
    stage.works().await;
    announces(&stage, &stage.case(FACEBOOK, &id).await, Intent::Confirm).await;
    stage.works().await;
    assert_eq!(stage.hides(FACEBOOK), 0);
    counts(&mut stage).await;
    assert_eq!(stage.hides(FACEBOOK), 1);
    let case = stage.case(FACEBOOK, &id).await;
    assert!(case.held.is_none(), "{case:?}");
    assert!(matches!(case.status, Status::Closed { reason: Closure::Confirmed, .. }), "{case:?}");
}

#[tokio::test]
async fn what_is_rewritten_meanwhile_is_not_confirmed() {
    for text in ["Chiamate la nostra ditta Verdi srl allo 02 7654321", "non ce la faccio più, voglio farla finita"] {
        let mut stage = Stage::open().await;
        let id = stage.comments(FACEBOOK, "7202", DOUBTFUL).await;
        stage.works().await;
        announces(&stage, &stage.case(FACEBOOK, &id).await, Intent::Confirm).await;
        stage.passes(SignedDuration::from_secs(3));
        stage.sandbox.edit_comment(FACEBOOK, &id, text).unwrap();
        stage.receives().await;
        counts(&mut stage).await;
        let case = stage.case(FACEBOOK, &id).await;
        assert!(case.is_open() && case.held.is_none(), "it waits for somebody who reads it: {text}: {case:?}");
        assert_eq!(stage.hides(FACEBOOK), 0, "{text}");
    }
}

#[tokio::test]
async fn what_is_about_to_be_taken_back_is_not_asked_of_the_platform() {
    let mut stage = Stage::open().await;
    let path = Some("is_hidden=true".to_owned());
    stage.sandbox.add_fault(Fault { path, ..fault(FACEBOOK, 1, answers(500, json!({}))) });
    let id = stage.comments(FACEBOOK, "7203", INSULT).await;
    stage.works().await;
    let case = stage.case(FACEBOOK, &id).await;
    assert!(case.actions.iter().any(|action| action.kind == ActionKind::Hide && action.effect.is_none()), "{case:?}");
    announces(&stage, &case, Intent::Overturn(Extent::Case)).await;
    let before = stage.calls(FACEBOOK).len();
    for _ in 0..3 {
        stage.passes(SignedDuration::from_secs(3));
        stage.works().await;
    }
    assert_eq!(stage.calls(FACEBOOK).len(), before, "nothing is asked while it can be taken back");
    counts(&mut stage).await;
    let case = stage.case(FACEBOOK, &id).await;
    assert!(matches!(case.status, Status::Closed { reason: Closure::Overturned, .. }), "{case:?}");
    assert!(!stage.sandbox.is_hidden(FACEBOOK, &id) && stage.strikes(FACEBOOK, &id).await == 0, "{case:?}");
}
