//! A contribution counts once, over all its revisions (invariant 1): an edit is not a second violation.

use http::StatusCode;
use jiff::SignedDuration;
use ledger::{Case, CaseId, Fact, TaskKind};
use moderation::{Extent, Pace};
use policy::SanctionKind::{Block, LastWarning, Warning};
use policy::SanctionState::{Effective, Proposed, Withdrawn};
use policy::{Effect, Outcome, Platform};
use serde_json::{Value, json};

use crate::kills::killed;
use crate::ladder::ANNA;
use crate::stage::Stage;
use crate::world::{CRITICISM, INSULT, answers, fault};

const FACEBOOK: Platform = Platform::Facebook;

/// The same with other punctuation, capitals and spaces.
const SAME_WORDS: &str = "Sei un COGLIONE...   di merda!!!";
/// Another violation of the same weight.
const ANOTHER: &str = "siete dei ladri di merda, vergognatevi stronzi";
/// A violation of a clause that weighs two, and may skip steps once a person has confirmed it.
const GRAVE: &str = "Cerco prestanome per aprire una società, scrivetemi";

/// Facebook's webhook about a comment.
fn facebook(stage: &Stage, id: &str, verb: &str, text: &str) -> Value {
    facebook_at(stage, id, verb, text, 1_790_000_000)
}

fn facebook_at(stage: &Stage, id: &str, verb: &str, text: &str, created: i64) -> Value {
    let page = stage.account(FACEBOOK);
    let page = page.as_str();
    let value = json!({
        "item": "comment", "verb": verb, "comment_id": id, "post_id": format!("{page}_55"),
        "parent_id": format!("{page}_55"), "from": { "id": "4242", "name": "Persona di prova" },
        "created_time": created, "message": text
    });
    let sent = stage.now().as_second() + 1;
    json!({ "object": "page", "entry": [{ "id": page, "time": sent, "changes": [{ "field": "feed", "value": value }] }] })
}

async fn delivered(stage: &Stage, body: &Value) {
    assert_eq!(stage.delivered(FACEBOOK, body).await.0, StatusCode::OK);
}

/// The weights of the author's strikes.
async fn weights(stage: &Stage, platform: Platform, id: &str) -> Vec<u32> {
    let author = stage.cases(platform, id).await.remove(0).pseudonym.expect("an author");
    let standing = stage.ledger().author(&author).await.unwrap().standing;
    standing.strikes.iter().map(|strike| strike.weight).collect()
}

async fn verdicts(stage: &Stage, case: &CaseId) -> usize {
    stage.facts(case).await.iter().filter(|entry| matches!(entry.fact, Fact::Verdict { .. })).count()
}

fn texts(case: &Case) -> Vec<String> {
    case.all_revisions().into_iter().filter_map(|revision| Some(revision.content?.text)).collect()
}

#[tokio::test]
async fn the_same_text_as_an_edit_leads_to_nothing_however_it_is_spelled_and_however_often() {
    let stage = Stage::open().await;
    delivered(&stage, &facebook(&stage, "1_1", "add", INSULT)).await;
    stage.works().await;
    let calls = stage.calls(FACEBOOK).len();
    for _ in 0..2 {
        for text in [INSULT, SAME_WORDS, INSULT] {
            delivered(&stage, &facebook(&stage, "1_1", "edited", text)).await;
            stage.works().await;
        }
    }
    // A redelivery that differs only in its time is no new revision, and counts for nobody.
    for verb in ["add", "edited"] {
        delivered(&stage, &facebook_at(&stage, "1_1", verb, INSULT, 1_790_000_500)).await;
    }
    stage.works().await;
    let case = stage.case(FACEBOOK, "1_1").await;
    assert_eq!(weights(&stage, FACEBOOK, "1_1").await, [1]);
    assert_eq!(stage.sanctions(FACEBOOK, "1_1").await, [(Warning, Effective)]);
    assert_eq!(stage.calls(FACEBOOK).len(), calls, "nothing is asked for it");
    assert_eq!(stage.private(FACEBOOK).len(), 1);
    assert_eq!(case.revisions, [], "nothing new was said");
    assert_eq!(verdicts(&stage, &case.id).await, 2, "the first, and the one with other punctuation");
    let unchanged = |entry: &ledger::AuditEntry| matches!(entry.fact, Fact::Verdict { unchanged: true, .. });
    assert_eq!(stage.facts(&case.id).await.iter().filter(|entry| unchanged(entry)).count(), 1);
}

#[tokio::test]
async fn another_violation_before_the_warning_belongs_to_the_case_and_counts_once() {
    let stage = Stage::open().await;
    delivered(&stage, &facebook(&stage, "1_2", "add", INSULT)).await;
    for _ in 0..2 {
        delivered(&stage, &facebook(&stage, "1_2", "edited", ANOTHER)).await;
    }
    stage.works().await;
    let case = stage.case(FACEBOOK, "1_2").await;
    assert_eq!(weights(&stage, FACEBOOK, "1_2").await, [1]);
    assert_eq!(texts(&case), [INSULT, ANOTHER]);
    assert_eq!(case.content.as_ref().unwrap().text, INSULT, "of two that weigh the same, the first");
    assert_eq!(stage.hides(FACEBOOK), 1);
    assert_eq!(stage.private(FACEBOOK).len(), 1);
    assert_eq!(verdicts(&stage, &case.id).await, 2);
}

#[tokio::test]
async fn a_worse_revision_raises_the_strike_in_every_order_and_overturning_takes_exactly_that_back() {
    for (number, order) in [[INSULT, GRAVE], [GRAVE, INSULT]].into_iter().enumerate() {
        for first_verb in ["add", "edited"] {
            let stage = Stage::open().await;
            let id = format!("1_3{number}");
            let second_verb = if first_verb == "add" { "edited" } else { "add" };
            delivered(&stage, &facebook(&stage, &id, first_verb, order[0])).await;
            delivered(&stage, &facebook(&stage, &id, second_verb, order[1])).await;
            delivered(&stage, &facebook(&stage, &id, first_verb, order[0])).await;
            stage.works().await;
            let case = stage.case(FACEBOOK, &id).await;
            let what = format!("{first_verb} {number}");
            assert_eq!(weights(&stage, FACEBOOK, &id).await, [2], "{what}: one strike, for the gravest");
            assert_eq!(case.findings[0].clause, "R3", "{what}: the case is about the gravest");
            assert_eq!(case.content.as_ref().unwrap().text, GRAVE, "{what}");
            assert_eq!(case.all_revisions().len(), 2, "{what}");
            assert_eq!(stage.hides(FACEBOOK), 1, "{what}");
            assert_eq!(stage.sanctions(FACEBOOK, &id).await, [(Warning, Effective)], "{what}");
            stage.moderation.overturn(&case.id, ANNA, Extent::Case, true).await.unwrap();
            stage.works().await;
            assert_eq!(weights(&stage, FACEBOOK, &id).await, [] as [u32; 0], "{what}");
            assert_eq!(stage.sanctions(FACEBOOK, &id).await, [(Warning, Withdrawn)], "{what}");
            assert!(!stage.sandbox.is_hidden(FACEBOOK, &id));
        }
    }
}

#[tokio::test]
async fn a_new_violation_after_the_warning_about_it_arrived_counts_anew_and_the_old_one_does_not() {
    let mut stage = Stage::open().await;
    let id = stage.violates(FACEBOOK, "301", INSULT).await;
    // The same insult with harmless words around it says nothing new.
    let around = format!("{INSULT} e buona giornata a tutti");
    stage.sandbox.edit_comment(FACEBOOK, &id, &around).unwrap();
    stage.receives().await;
    stage.works().await;
    assert_eq!(weights(&stage, FACEBOOK, &id).await, [1]);
    assert_eq!(texts(&stage.case(FACEBOOK, &id).await), [INSULT, &around]);
    stage.hours(1);
    let more = format!("{INSULT} e pure stronzo");
    stage.sandbox.edit_comment(FACEBOOK, &id, &more).unwrap();
    stage.receives().await;
    stage.works().await;
    assert_eq!(weights(&stage, FACEBOOK, &id).await, [1, 1], "a new violation, written in spite of the warning");
    assert_eq!(stage.cases(FACEBOOK, &id).await.len(), 2);
    let author = stage.cases(FACEBOOK, &id).await.remove(0).pseudonym.unwrap();
    let sanctions = stage.ledger().author(&author).await.unwrap().standing.sanctions;
    assert_eq!(sanctions.iter().map(|sanction| sanction.kind).collect::<Vec<_>>(), [Warning, LastWarning]);
}

#[tokio::test]
async fn what_a_person_hid_for_one_violation_stays_hidden_when_the_next_one_is_taken_back() {
    let mut stage = Stage::open().await;
    let denied = answers(400, json!({ "error": { "message": "(#100) The comment cannot be hidden", "code": 100 } }));
    stage.sandbox.add_fault(sandbox::Fault { method: Some("POST".to_owned()), ..fault(FACEBOOK, 1, denied) });
    let id = stage.comments(FACEBOOK, "306", INSULT).await;
    stage.works().await;
    let first = stage.case(FACEBOOK, &id).await;
    assert!(first.actions[0].failed(), "{:?}", first.actions[0]);
    stage.sandbox.hide_by_hand(FACEBOOK, &id, true);
    let task = stage.tasks().await.into_iter().find(|task| task.kind == TaskKind::Failed).expect("a task to hide it");
    stage.moderation.finish_task(&task.id, ANNA, true).await.unwrap();
    assert!(stage.case(FACEBOOK, &id).await.is_hidden());
    stage.works().await;
    stage.hours(1);
    stage.sandbox.edit_comment(FACEBOOK, &id, ANOTHER).unwrap();
    stage.receives().await;
    stage.works().await;
    let cases = stage.cases(FACEBOOK, &id).await;
    let second = cases.iter().find(|case| case.id != first.id).expect("another case, after the warning");
    stage.moderation.overturn(&second.id, ANNA, Extent::Case, true).await.unwrap();
    stage.works().await;
    assert!(stage.sandbox.is_hidden(FACEBOOK, &id), "nobody took the first one back");
}

#[tokio::test]
async fn bad_then_clean_then_the_same_bad_text_is_hidden_in_the_end() {
    let mut stage = Stage::open().await;
    delivered(&stage, &facebook(&stage, "1_5", "add", INSULT)).await;
    delivered(&stage, &facebook(&stage, "1_5", "edited", CRITICISM)).await;
    delivered(&stage, &facebook(&stage, "1_5", "edited", INSULT)).await;
    stage.works().await;
    // What stands there is read first.
    stage.passes(SignedDuration::from_mins(1));
    stage.works().await;
    let case = stage.case(FACEBOOK, "1_5").await;
    assert_eq!(case.actions[0].effect, Some(Effect::Done), "what stands there in the end is a violation");
    assert_eq!(stage.hides(FACEBOOK), 1);
    assert_eq!(weights(&stage, FACEBOOK, "1_5").await, [1]);
    assert_eq!(texts(&case), [INSULT, CRITICISM, INSULT]);
}

#[tokio::test]
async fn what_the_clean_rewriting_kept_from_being_hidden_is_hidden_when_it_comes_back() {
    let mut stage = Stage::open().await;
    delivered(&stage, &facebook(&stage, "1_6", "add", INSULT)).await;
    delivered(&stage, &facebook(&stage, "1_6", "edited", CRITICISM)).await;
    stage.works().await;
    assert_eq!(stage.hides(FACEBOOK), 0);
    delivered(&stage, &facebook(&stage, "1_6", "edited", ANOTHER)).await;
    stage.works().await;
    // What stands there is read first.
    stage.passes(SignedDuration::from_mins(1));
    stage.works().await;
    assert_eq!(stage.hides(FACEBOOK), 1);
    assert_eq!(weights(&stage, FACEBOOK, "1_6").await, [1, 1], "its author had been warned about it");
}

#[tokio::test]
async fn on_linkedin_and_youtube_an_edit_is_no_second_violation_and_nothing_is_said_twice() {
    for (platform, author) in [(Platform::Linkedin, "urn:li:person:302"), (Platform::Youtube, "UC302")] {
        let mut stage = Stage::open().await;
        let id = stage.comments(platform, author, INSULT).await;
        stage.moderation.poll(Pace::AtOnce).await;
        stage.works().await;
        let said = stage.sandbox.replies(platform, &id).len();
        assert_eq!(said, 1, "{platform}");
        for text in [SAME_WORDS, INSULT] {
            stage.passes(SignedDuration::from_mins(5));
            stage.sandbox.edit_comment(platform, &id, text).unwrap();
            stage.receives().await;
            stage.moderation.poll(Pace::AtOnce).await;
            stage.works().await;
        }
        assert_eq!(weights(&stage, platform, &id).await, [1], "{platform}");
        assert_eq!(stage.sandbox.replies(platform, &id).len(), said, "{platform}");
        assert_eq!(stage.sanctions(platform, &id).await, [(Warning, Effective)], "{platform}");
    }
}

#[tokio::test]
async fn twenty_revisions_at_once_open_one_case_and_count_once() {
    let stage = Stage::open().await;
    let bodies: Vec<Value> = (0..20)
        .map(|number| {
            facebook(&stage, "1_7", if number == 0 { "add" } else { "edited" }, &format!("{INSULT} {number}"))
        })
        .collect();
    let mut waiting: Vec<&Value> = bodies.iter().collect();
    // What was not acknowledged, because others were recorded meanwhile, is delivered again.
    for _ in 0..20 {
        let answers = futures_util::future::join_all(waiting.iter().map(|body| stage.delivered(FACEBOOK, body))).await;
        let mut answers = answers.into_iter().map(|(status, _)| status == StatusCode::OK);
        waiting.retain(|_| answers.next() != Some(true));
    }
    assert!(waiting.is_empty(), "{} revisions are not accepted", waiting.len());
    stage.works().await;
    let case = stage.case(FACEBOOK, "1_7").await;
    assert_eq!(weights(&stage, FACEBOOK, "1_7").await, [1]);
    assert_eq!(case.all_revisions().len(), 20);
    assert_eq!(stage.hides(FACEBOOK), 1);
    assert_eq!(verdicts(&stage, &case.id).await, 20);
}

#[tokio::test]
async fn who_rewrites_without_end_fills_no_record() {
    let stage = Stage::open().await;
    delivered(&stage, &facebook(&stage, "1_8", "add", INSULT)).await;
    for number in 0..30 {
        delivered(&stage, &facebook(&stage, "1_8", "edited", &format!("{INSULT} {number}"))).await;
    }
    stage.works().await;
    let case = stage.case(FACEBOOK, "1_8").await;
    assert_eq!((case.revisions.len(), case.revisions_left_out), (20, 10));
    assert_eq!(weights(&stage, FACEBOOK, "1_8").await, [1]);
    assert_eq!(case.content.as_ref().unwrap().text, INSULT);
}

#[tokio::test]
async fn killed_anywhere_while_an_edit_is_received_it_is_recorded_once() {
    let mut stage = Stage::open().await;
    let mut points = 0;
    for polls in 0.. {
        let id = format!("1_9{polls}");
        delivered(&stage, &facebook(&stage, &id, "add", INSULT)).await;
        let edit = facebook(&stage, &id, "edited", GRAVE);
        let ended = killed(polls, stage.delivered(FACEBOOK, &edit)).await.is_some();
        stage.passes(SignedDuration::from_secs(120));
        delivered(&stage, &edit).await;
        stage.works().await;
        let case = stage.case(FACEBOOK, &id).await;
        assert_eq!(case.all_revisions().len(), 2, "killed at {polls}");
        assert_eq!(verdicts(&stage, &case.id).await, 2, "killed at {polls}");
        let author = case.pseudonym.clone().unwrap();
        let strikes = stage.ledger().author(&author).await.unwrap().standing.strikes;
        let own: Vec<u32> = strikes.iter().filter(|one| one.case == case.id).map(|one| one.weight).collect();
        assert_eq!(own, [2], "killed at {polls}");
        if ended {
            break;
        }
        points += 1;
    }
    println!("killed at {points} points of an edit");
    assert!(points >= 3, "only {points} points");
}

#[tokio::test]
async fn a_doubtful_text_that_becomes_a_violation_is_hidden_and_counts() {
    let stage = Stage::open().await;
    let doubtful = "Chiamate la signora allo 0371 456789";
    delivered(&stage, &facebook(&stage, "1_10", "add", doubtful)).await;
    stage.works().await;
    assert_eq!(stage.case(FACEBOOK, "1_10").await.outcome, Outcome::Review);
    delivered(&stage, &facebook(&stage, "1_10", "edited", INSULT)).await;
    stage.works().await;
    let case = stage.case(FACEBOOK, "1_10").await;
    assert_eq!(case.outcome, Outcome::Hide);
    assert_eq!(stage.hides(FACEBOOK), 1);
    assert_eq!(weights(&stage, FACEBOOK, "1_10").await, [1]);
}

#[tokio::test]
async fn a_case_that_was_confirmed_is_looked_at_again_when_it_gets_worse() {
    let mut stage = Stage::open().await;
    let id = stage.comments(FACEBOOK, "303", INSULT).await;
    let case = stage.case(FACEBOOK, &id).await;
    stage.moderation.confirm(&case.id, ANNA).await.unwrap();
    assert!(!stage.case(FACEBOOK, &id).await.is_open());
    stage.passes(SignedDuration::from_mins(1));
    stage.sandbox.edit_comment(FACEBOOK, &id, GRAVE).unwrap();
    stage.receives().await;
    stage.works().await;
    let case = stage.case(FACEBOOK, &id).await;
    assert!(case.is_open(), "nobody has confirmed this");
    assert_eq!(stage.sanctions(FACEBOOK, &id).await, [(Warning, Effective)]);
    stage.passes(SignedDuration::from_mins(1));
    stage.moderation.confirm(&case.id, ANNA).await.unwrap();
    stage.works().await;
    assert_eq!(stage.sanctions(FACEBOOK, &id).await, [(Warning, Effective), (Block, Proposed)]);
}

#[tokio::test]
async fn what_a_person_has_cleared_is_not_hidden_again_for_the_same_words() {
    let mut stage = Stage::open().await;
    let id = stage.violates(FACEBOOK, "304", INSULT).await;
    let case = stage.case(FACEBOOK, &id).await;
    stage.moderation.overturn(&case.id, ANNA, Extent::Case, false).await.unwrap();
    stage.works().await;
    assert!(!stage.sandbox.is_hidden(FACEBOOK, &id));
    let hides = stage.hides(FACEBOOK);
    // The same in other spelling is no new revision; with harmless words around it a person looks at it again.
    for text in [SAME_WORDS.to_owned(), format!("{INSULT}, si scherza")] {
        stage.hours(1);
        stage.sandbox.edit_comment(FACEBOOK, &id, &text).unwrap();
        stage.receives().await;
        stage.works().await;
    }
    assert_eq!((stage.hides(FACEBOOK), weights(&stage, FACEBOOK, &id).await), (hides, vec![]));
    let mut cases = stage.cases(FACEBOOK, &id).await;
    cases.retain(|case| case.is_open());
    assert_eq!(cases.iter().map(|case| case.outcome).collect::<Vec<_>>(), [Outcome::Review]);
    // What is new and violates is hidden, and counts.
    stage.hours(1);
    stage.sandbox.edit_comment(FACEBOOK, &id, ANOTHER).unwrap();
    stage.receives().await;
    stage.works().await;
    // What stands there is read first.
    stage.passes(SignedDuration::from_mins(1));
    stage.works().await;
    assert!(stage.sandbox.is_hidden(FACEBOOK, &id));
    assert_eq!(weights(&stage, FACEBOOK, &id).await, [1]);
}

#[tokio::test]
async fn what_stood_in_a_revision_before_the_last_warning_does_not_count_again_when_it_comes_back() {
    let mut stage = Stage::open().await;
    let id = stage.violates(FACEBOOK, "305", INSULT).await;
    for (text, expected) in [(ANOTHER, vec![1, 1]), (INSULT, vec![1, 1]), ("andate tutti affanculo", vec![1, 1, 1])] {
        stage.sandbox.edit_comment(FACEBOOK, &id, text).unwrap();
        stage.receives().await;
        stage.works().await;
        assert_eq!(weights(&stage, FACEBOOK, &id).await, expected, "{text}");
        // Facebook takes one private message about a comment: the second warning is given by a person.
        for task in stage.tasks().await.into_iter().filter(|task| task.kind != TaskKind::Confirm) {
            stage.moderation.finish_task(&task.id, ANNA, true).await.unwrap();
        }
        stage.works().await;
        stage.hours(1);
    }
}
