//! What the reader suggests to be a citizen's own case: a person says whether it is, and nobody is hidden for asking.

use ledger::{Closure, Status};
use moderation::Extent;
use policy::{ActionKind, Notice, Outcome, Platform};

use crate::ladder::{ANNA, BRUNO};
use crate::stage::{MONDAY, Stage, without_limits};

/// No rule knows these words; the reader takes them for a personal case.
const SUGGESTED: &str = "ho mandato tutto a settembre e ancora non mi è arrivato nulla, come faccio?";

#[tokio::test]
async fn a_suggested_personal_case_is_answered_and_not_hidden_when_it_is_confirmed() {
    for platform in [Platform::Facebook, Platform::Instagram, Platform::Linkedin, Platform::X] {
        for is_one in [true, false] {
            let what = format!("{platform}, a personal case {is_one}");
            let mut stage = Stage::open().await;
            let author = if platform == Platform::Linkedin { "urn:li:person:p7101" } else { "7101" };
            let id = stage.violates(platform, author, SUGGESTED).await;
            let case = stage.case(platform, &id).await;
            assert_eq!((case.outcome, case.is_open()), (Outcome::Review, true), "{what}: {case:?}");
            let office = stage.moderation.office();
            if is_one {
                office.confirm(&case.id, &ANNA).await.unwrap();
            } else {
                office.overturn(&case.id, &BRUNO, Extent::Case, false).await.unwrap();
            }
            stage.works().await;
            let case = stage.case(platform, &id).await;
            let asked: Vec<_> = case.actions.iter().map(|action| (action.kind.speaks(), action.notice)).collect();
            let told = if is_one { vec![(true, Some(Notice::Redirect))] } else { Vec::new() };
            assert_eq!(asked, told, "{what}");
            assert!(!case.actions.iter().any(|action| action.kind == ActionKind::Hide), "{what}");
            let reason = if is_one { Closure::Answered } else { Closure::Unfounded };
            assert!(matches!(case.status, Status::Closed { reason: why, .. } if why == reason), "{what}: {case:?}");
            assert_eq!(stage.strikes(platform, &id).await, 0, "{what}");
        }
    }
}

#[tokio::test]
async fn a_suggested_personal_case_to_which_nothing_can_be_said_is_not_on_record_as_answered() {
    // On LinkedIn nothing can be said but in public, and this policy leaves that to people.
    let policy = without_limits(&[("public_replies = true", "public_replies = false")]);
    let mut stage = Stage::with(policy, MONDAY).await;
    let id = stage.violates(Platform::Linkedin, "urn:li:person:p7101", SUGGESTED).await;
    let case = stage.case(Platform::Linkedin, &id).await;
    stage.moderation.office().confirm(&case.id, &ANNA).await.unwrap();
    stage.works().await;
    let case = stage.case(Platform::Linkedin, &id).await;
    assert!(case.actions.is_empty(), "{case:?}");
    assert!(matches!(case.status, Status::Closed { reason: Closure::Confirmed, .. }), "{case:?}");
}
