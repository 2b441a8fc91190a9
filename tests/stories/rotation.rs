//! The pseudonym key is rotated in the middle of everything, and nobody notices (invariants 1, 5 and 9).

use http::StatusCode;
use jiff::SignedDuration;
use moderation::{DEVELOPMENT_SECRET, Extent, Received, Ruled};
use policy::SanctionKind::{Block, LastWarning, Warning};
use policy::SanctionState::{Effective, Proposed};
use policy::{Outcome, Platform};
use sandbox::NewComment;

use crate::fairness::{facebook, linkedin};
use crate::ladder::ANNA;
use crate::stage::Stage;
use crate::world::{CRITICISM, INSULT};

const FACEBOOK: Platform = Platform::Facebook;
const INSTAGRAM: Platform = Platform::Instagram;

/// A personal case, which is answered once in a thread.
const PERSONAL: &str =
    "Ho inviato la pratica tre settimane fa e non ho ancora ricevuto il numero REA, a chi mi rivolgo?";

/// The second key takes over ten minutes from now; an hour later it is in force.
async fn rotate(stage: &mut Stage) {
    let at = stage.now() + SignedDuration::from_mins(10);
    stage.rotates(&format!("the second key of the story,{DEVELOPMENT_SECRET}@{at}")).await;
    stage.hours(1);
}

#[tokio::test]
async fn who_was_warned_before_a_rotation_climbs_on_after_it() {
    let mut stage = Stage::open().await;
    let first = stage.violates(FACEBOOK, "101", INSULT).await;
    stage.violates(FACEBOOK, "101", INSULT).await;
    rotate(&mut stage).await;
    let third = stage.violates(FACEBOOK, "101", INSULT).await;
    assert_eq!(stage.strikes(FACEBOOK, &third).await, 3);
    let climbed = [(Warning, Effective), (LastWarning, Effective), (Block, Proposed)];
    assert_eq!(stage.sanctions(FACEBOOK, &first).await, climbed);
    // Who comes new is known by another name than under the key before.
    let new = stage.violates(FACEBOOK, "102", INSULT).await;
    assert_eq!(stage.sanctions(FACEBOOK, &new).await, [(Warning, Effective)]);
    let id = policy::PlatformUserId::new("102");
    let under_both = stage.ledger().pseudonyms(FACEBOOK, &id);
    assert_eq!(stage.case(FACEBOOK, &new).await.pseudonym.as_ref(), under_both.first());
    assert_eq!(under_both.len(), 2);
}

#[tokio::test]
async fn what_is_delivered_again_after_a_rotation_is_not_judged_again() {
    let mut stage = Stage::open().await;
    // Facebook tells when something was written, Instagram does not.
    let mut webhooks = Vec::new();
    let mut ids = Vec::new();
    for (platform, author) in [(FACEBOOK, "103"), (INSTAGRAM, "104")] {
        for text in [INSULT, CRITICISM] {
            let account = stage.account(platform);
            ids.push((platform, stage.posts(NewComment::new(account.as_str(), author, "Prova", text), platform)));
            webhooks.extend(stage.sandbox.take_webhooks());
        }
    }
    for webhook in &webhooks {
        let (status, received) = stage.receives_one(webhook).await;
        assert_eq!((status, received.judged), (StatusCode::OK, 1));
    }
    rotate(&mut stage).await;
    for webhook in &webhooks {
        let (status, received) = stage.receives_one(webhook).await;
        assert_eq!((status, received), (StatusCode::OK, Received { duplicates: 1, ..Received::default() }));
    }
    stage.works().await;
    for (platform, id) in ids.into_iter().step_by(2) {
        assert_eq!(stage.strikes(platform, &id).await, 1);
        assert_eq!(stage.hides(platform), 1);
    }
}

#[tokio::test]
async fn an_edit_after_a_rotation_is_compared_with_what_was_written_before_it() {
    let mut stage = Stage::open().await;
    let created = stage.now() - SignedDuration::from_mins(60);
    let delivered = async |stage: &Stage, is_edit: bool, text: &str, sent| {
        let body = facebook(stage, "6_1", is_edit, text, created, Some(sent));
        assert_eq!(stage.delivered(FACEBOOK, &body).await.0, StatusCode::OK);
        stage.works().await;
    };
    delivered(&stage, false, INSULT, created).await;
    assert_eq!(stage.sanctions(FACEBOOK, "6_1").await, [(Warning, Effective)]);
    rotate(&mut stage).await;
    let now = stage.now();
    delivered(&stage, true, INSULT, now).await;
    delivered(&stage, true, &format!("{}!!!", INSULT.to_uppercase()), now).await;
    assert_eq!(stage.case(FACEBOOK, "6_1").await.revisions, [], "it says the same");
    // What is worse was sent before the warning.
    let grave = "Cerco prestanome per aprire una società, scrivetemi";
    delivered(&stage, true, grave, created + SignedDuration::from_mins(1)).await;
    let weights: Vec<u32> = stage.author(FACEBOOK, "6_1").await.standing.strikes.iter().map(|one| one.weight).collect();
    assert_eq!(weights, [2], "one strike of one case");
    assert_eq!(stage.sanctions(FACEBOOK, "6_1").await, [(Warning, Effective)]);
}

#[tokio::test]
async fn removals_and_overturned_decisions_after_a_rotation_find_the_case() {
    let mut stage = Stage::open().await;
    let removed = stage.violates(FACEBOOK, "105", INSULT).await;
    let restored = stage.violates(FACEBOOK, "106", INSULT).await;
    let rewritten = stage.violates(FACEBOOK, "107", INSULT).await;
    rotate(&mut stage).await;
    stage.sandbox.delete_comment(FACEBOOK, &removed).unwrap();
    stage.sandbox.edit_comment(FACEBOOK, &rewritten, CRITICISM).unwrap();
    stage.receives().await;
    assert!(!stage.case(FACEBOOK, &removed).await.is_open());
    assert_eq!(stage.strikes(FACEBOOK, &removed).await, 1);
    let task = stage.task().await;
    assert_eq!(task.case, Some(stage.case(FACEBOOK, &rewritten).await.id), "the office looks again");

    let case = stage.case(FACEBOOK, &restored).await;
    assert_eq!(stage.moderation.overturn(&case.id, ANNA, Extent::Case, false).await.unwrap(), Ruled::Done);
    stage.works().await;
    assert!(!stage.sandbox.is_hidden(FACEBOOK, &restored));
    assert_eq!(stage.strikes(FACEBOOK, &restored).await, 0);
}

#[tokio::test]
async fn a_redirect_that_was_said_before_a_rotation_is_not_said_again() {
    let mut stage = Stage::open().await;
    let page = stage.account(FACEBOOK);
    let mut answers = Vec::new();
    for (thread, text) in [("1", "Salve."), ("1", "Ancora io."), ("2", "E qui?")] {
        let comment = NewComment {
            thread: Some(format!("{page}_{thread}")),
            ..NewComment::new(page.as_str(), "108", "Prova", &format!("{text} {PERSONAL}"))
        };
        let id = stage.posts(comment, FACEBOOK);
        stage.receives().await;
        stage.works().await;
        assert!(!stage.case(FACEBOOK, &id).await.is_open(), "it is answered, now or before");
        answers.push(stage.sandbox.replies(FACEBOOK, &id).len());
        if answers.len() == 1 {
            rotate(&mut stage).await;
        }
    }
    assert_eq!(answers, [1, 0, 1]);
}

#[tokio::test]
async fn what_was_cleared_before_a_rotation_stays_cleared_after_it_where_an_edit_has_a_time_of_its_own() {
    let platform = Platform::Linkedin;
    let mut stage = Stage::open().await;
    let delivered = async |stage: &Stage, is_edit: bool, text: &str| {
        let body = linkedin(stage, "81", is_edit, text, stage.now());
        assert_eq!(stage.delivered(platform, &body).await.0, StatusCode::OK);
        stage.works().await;
    };
    let id = "urn:li:comment:(urn:li:activity:7094637247890620418,81)";
    delivered(&stage, false, INSULT).await;
    let case = stage.case(platform, id).await;
    stage.moderation.overturn(&case.id, ANNA, Extent::Case, true).await.unwrap();
    rotate(&mut stage).await;
    delivered(&stage, true, &format!("{INSULT}. Andate tutti affanculo")).await;
    stage.hours(1);
    delivered(&stage, true, &format!("{INSULT}. Grazie!")).await;
    let cases = stage.cases(platform, id).await;
    assert_eq!(cases.len(), 2);
    assert_ne!(cases[0].id.reference(), cases[1].id.reference(), "they are kept under two keys");
    let second = cases.into_iter().find(|other| other.id != case.id).unwrap();
    assert_eq!(second.newest().outcome, Outcome::Review, "a person has found that to be none: {second:?}");
}
