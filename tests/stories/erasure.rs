//! An author is erased: everything personal goes, what was decided stays decided, and the log stays as it was. A request
//! is durable: wherever it is interrupted, it ends complete, and is on record once.

use std::time::Duration;

use futures_util::future::join;
use jiff::SignedDuration;
use ledger::{AuditEntry, Closure, ErasureGround, ErasureRequest, Fact, Pseudonym, Status, Task};
use moderation::{DEVELOPMENT_SECRET, Erasures, OfficeError, Pace};
use policy::SanctionKind::Warning;
use policy::{ActionKind, Effect, Platform, PlatformUserId};
use sandbox::{BlockKind, NewComment};
use serde_json::json;

use crate::kills::killed;
use crate::ladder::{ANNA, BRUNO};
use crate::stage::Stage;
use crate::world::{CRITICISM, INSULT, answers, fault};

const FACEBOOK: Platform = Platform::Facebook;

/// For so long what was received before a request may still be recorded.
pub const MINUTE: SignedDuration = SignedDuration::from_secs(61);

/// A wish that a platform passed on.
fn wish(authors: &[Pseudonym]) -> ErasureRequest<'_> {
    ErasureRequest { authors, platform: Some(FACEBOOK), ground: ErasureGround::Platform, by: None, reason: None }
}

fn pseudonyms(stage: &Stage, person: &str) -> Vec<Pseudonym> {
    stage.ledger().pseudonyms(FACEBOOK, &PlatformUserId::new(person))
}

/// The erasures on record.
async fn erasures(stage: &Stage) -> Vec<AuditEntry> {
    let mut log = stage.log().await;
    log.retain(|entry| matches!(entry.fact, Fact::Erasure { .. }));
    log
}

/// How many cases the only erasure on record counts.
async fn counted(stage: &Stage) -> u32 {
    let erasures = erasures(stage).await;
    assert_eq!(erasures.len(), 1, "{erasures:?}");
    let Fact::Erasure { cases, .. } = erasures[0].fact else { panic!("{erasures:?}") };
    cases
}

/// Whether nothing is left of a contribution and its author but that there was a case.
async fn is_erased(stage: &Stage, person: &str, id: &str) -> bool {
    let case = stage.case(FACEBOOK, id).await;
    let [author] = &pseudonyms(stage, person)[..] else { panic!("one key is in use") };
    let record = stage.ledger().author(author).await.unwrap();
    let speechless = case.actions.iter().all(|action| action.text.is_none() && action.reference.is_none());
    let unexplained = case.decisions.iter().all(|decision| decision.reason.is_none());
    case.content.is_none()
        && case.pseudonym.is_none()
        && !case.is_open()
        && speechless
        && unexplained
        && record == ledger::AuthorRecord::default()
        && stage.ledger().cases_by_author(author).await.unwrap().is_empty()
        && stage.ledger().tasks_about(case.id.reference(), stage.now()).await.unwrap().is_empty()
}

#[tokio::test]
async fn an_erasure_leaves_the_case_as_a_count_and_what_was_hidden_stays_hidden() {
    let mut stage = Stage::open().await;
    let first = stage.violates(FACEBOOK, "700", INSULT).await;
    let second = stage.violates(FACEBOOK, "700", INSULT).await;
    let other = stage.violates(FACEBOOK, "701", INSULT).await;
    let case = stage.case(FACEBOOK, &first).await;
    stage.moderation.office().confirm(&case.id, &ANNA).await.unwrap();
    let authors = pseudonyms(&stage, "700");
    stage.moderation.office().note(FACEBOOK, &authors[0], &ANNA).await.unwrap();
    let log = stage.log().await;
    let calls = stage.calls(FACEBOOK).len();

    let erasing = stage.moderation.office().erase(Some(FACEBOOK), &authors, &BRUNO, true).await.unwrap();
    assert_eq!((erasing.waiting, erasing.erasure.cases), (0, 2));
    assert!(erasing.erasure.done_at.is_none(), "what was received just before may still be on its way");
    for id in [&first, &second] {
        assert!(is_erased(&stage, "700", id).await);
        assert!(stage.sandbox.is_hidden(FACEBOOK, id));
    }
    let (first, second) = (stage.case(FACEBOOK, &first).await, stage.case(FACEBOOK, &second).await);
    assert!(matches!(first.status, Status::Closed { reason: Closure::Confirmed, .. }));
    assert!(matches!(second.status, Status::Closed { reason: Closure::Erased, .. }));
    assert_eq!(first.actions[0].effect, Some(Effect::Done), "what was done stays on record");
    assert_eq!(first.decisions.len(), 1);
    stage.works().await;
    assert_eq!(stage.calls(FACEBOOK).len(), calls, "nothing is asked of the platform");

    stage.passes(MINUTE);
    assert_eq!(stage.moderation.carry_erasures_on().await.unwrap().done, 1);
    let erasure = stage.ledger().erasure(&erasing.erasure.code, stage.now()).await.unwrap().unwrap();
    assert!(erasure.done_at.is_some() && erasure.reason.is_none());

    // Of others nothing changes, and the log only grows.
    assert!(stage.case(FACEBOOK, &other).await.content.is_some());
    assert_eq!(stage.strikes(FACEBOOK, &other).await, 1);
    let (now, author) = (stage.log().await, authors[0].clone());
    assert!(log.iter().all(|entry| now.contains(entry)));
    assert_eq!(counted(&stage).await, 2);
    let by = Some("Bruno".to_owned());
    let fact = Fact::Erasure { author, others: Vec::new(), ground: ErasureGround::Request, by, cases: 2 };
    assert_eq!(erasures(&stage).await[0].fact, fact);

    // Again: the same code, and nothing more on record.
    let again = stage.moderation.office().erase(Some(FACEBOOK), &authors, &BRUNO, false).await.unwrap();
    assert_eq!(again.erasure, erasure);
    assert_eq!(stage.log().await.len(), now.len());
}

#[tokio::test]
async fn what_still_applies_is_told_first_and_a_ban_is_not_lifted_by_forgetting_it() {
    let mut stage = Stage::open().await;
    let id = stage.violates(FACEBOOK, "702", INSULT).await;
    let authors = pseudonyms(&stage, "702");
    let erase = stage.moderation.office().erase(Some(FACEBOOK), &authors, &ANNA, false).await;
    assert!(matches!(erase, Err(OfficeError::InForce { open: 1, sanctions: 0, still_kept_out: 0 })), "{erase:?}");
    assert!(erasures(&stage).await.is_empty());
    assert!(stage.case(FACEBOOK, &id).await.content.is_some());

    for _ in 0..10 {
        if stage.sanctions(FACEBOOK, &id).await.iter().any(|(kind, _)| *kind > Warning) {
            break;
        }
        stage.violates(FACEBOOK, "702", INSULT).await;
    }
    let page = stage.account(FACEBOOK);
    let blocked = stage.sandbox.is_blocked(FACEBOOK, page.as_str(), "702", BlockKind::Everything);
    stage.moderation.office().erase(Some(FACEBOOK), &authors, &ANNA, true).await.unwrap();
    stage.works().await;
    assert_eq!(stage.sandbox.is_blocked(FACEBOOK, page.as_str(), "702", BlockKind::Everything), blocked);
}

#[tokio::test]
async fn a_pending_action_is_carried_out_first_and_the_erasure_comes_back_by_itself() {
    let mut stage = Stage::open().await;
    let before = stage.violates(FACEBOOK, "703", INSULT).await;
    stage.sandbox.add_fault(fault(FACEBOOK, 100, answers(500, json!({}))));
    let id = stage.comments(FACEBOOK, "703", INSULT).await;
    while stage.moderation.sweep(100).await.unwrap().settled > 0 {}
    let authors = pseudonyms(&stage, "703");
    let erasing = stage.moderation.office().erase(Some(FACEBOOK), &authors, &ANNA, true).await.unwrap();
    assert_eq!((erasing.waiting, erasing.erasure.cases, erasing.erasure.done_at), (1, 1, None));
    let waiting = stage.case(FACEBOOK, &id).await;
    assert!(waiting.content.is_some(), "the platform could not be asked without");
    assert!(stage.case(FACEBOOK, &before).await.content.is_none(), "what need not wait does not");
    assert!(erasures(&stage).await.is_empty());

    stage.sandbox.clear_faults();
    stage.hours(3);
    stage.works().await;
    assert!(stage.sandbox.is_hidden(FACEBOOK, &id));
    let found = stage.moderation.reconcile(Pace::Regular).await.unwrap();
    assert_eq!(found.erased, 1);
    assert!(is_erased(&stage, "703", &id).await);
    assert_eq!(counted(&stage).await, 2);
    assert_eq!(stage.moderation.carry_erasures_on().await.unwrap(), Erasures::default());
}

#[tokio::test]
async fn killed_at_any_step_and_repeated_it_ends_complete_and_is_on_record_once() {
    let mut stage = Stage::open().await;
    let mut points = 0;
    for polls in 0.. {
        let person = format!("8{polls}");
        let ids = [stage.comments(FACEBOOK, &person, INSULT).await, stage.comments(FACEBOOK, &person, INSULT).await];
        stage.works().await;
        let authors = pseudonyms(&stage, &person);
        let case = stage.case(FACEBOOK, &ids[0]).await;
        stage.moderation.office().confirm(&case.id, &ANNA).await.unwrap();
        stage.moderation.office().note(FACEBOOK, &authors[0], &ANNA).await.unwrap();
        stage.ledger().request_erasure(&wish(&authors), stage.now()).await.unwrap();
        stage.passes(MINUTE);
        let ended = killed(polls, stage.moderation.carry_erasures_on()).await.is_some();
        // Another process: whatever was asked for is carried on, and who was interrupted asks again.
        stage.passes(MINUTE);
        stage.moderation.carry_erasures_on().await.unwrap();
        let again = stage.moderation.office().erase(Some(FACEBOOK), &authors, &BRUNO, true).await.unwrap();
        assert_eq!(again.waiting, 0, "killed at {polls}");
        for id in &ids {
            assert!(is_erased(&stage, &person, id).await, "killed at {polls}: {:?}", stage.case(FACEBOOK, id).await);
        }
        let mut of_this = erasures(&stage).await;
        of_this.retain(|entry| matches!(&entry.fact, Fact::Erasure { author, .. } if *author == authors[0]));
        assert_eq!(of_this.len(), 1, "killed at {polls}");
        assert!(matches!(of_this[0].fact, Fact::Erasure { cases: 2, .. }), "killed at {polls}: {:?}", of_this[0]);
        if ended {
            break;
        }
        points += 1;
    }
    println!("killed at {points} points of an erasure");
    assert!(points >= 15, "only {points} points");
}

#[tokio::test]
async fn two_who_erase_at_once_count_each_case_once() {
    let mut stage = Stage::open().await;
    for _ in 0..60 {
        stage.posts(NewComment::new(stage.account(FACEBOOK).as_str(), "704", "Persona di prova", INSULT), FACEBOOK);
    }
    stage.receives().await;
    stage.works().await;
    let authors = pseudonyms(&stage, "704");
    let office = stage.moderation.office();
    let erase = || office.erase(Some(FACEBOOK), &authors, &ANNA, true);
    let (one, other) = join(erase(), erase()).await;
    let (one, other) = (one.unwrap(), other.unwrap());
    assert_eq!(one.erasure.code, other.erasure.code);
    stage.passes(MINUTE);
    stage.moderation.carry_erasures_on().await.unwrap();
    assert_eq!(counted(&stage).await, 60);
    assert!(stage.ledger().cases_by_author(&authors[0]).await.unwrap().is_empty());
}

#[tokio::test]
async fn what_arrives_while_an_author_is_erased_stays() {
    let mut stage = Stage::open().await;
    let before = stage.comments(FACEBOOK, "705", INSULT).await;
    stage.works().await;
    let authors = pseudonyms(&stage, "705");
    stage.ledger().request_erasure(&wish(&authors), stage.now()).await.unwrap();
    tokio::time::sleep(Duration::from_millis(5)).await;
    let page = stage.account(FACEBOOK);
    let after = stage.posts(NewComment::new(page.as_str(), "705", "Persona di prova", INSULT), FACEBOOK);
    let webhook = stage.sandbox.take_webhooks().remove(0);
    let (erased, (status, _)) = join(stage.moderation.carry_erasures_on(), stage.receives_one(&webhook)).await;
    assert_eq!((erased.unwrap().waiting, status.as_u16()), (1, 200));
    assert!(stage.case(FACEBOOK, &before).await.content.is_none());
    let new = stage.case(FACEBOOK, &after).await;
    assert!(new.content.is_some() && new.is_open());
    assert_eq!(stage.strikes(FACEBOOK, &after).await, 1, "of the new one alone");
    stage.works().await;
    let kinds: Vec<_> = stage.case(FACEBOOK, &after).await.actions.iter().map(|action| action.kind).collect();
    assert_eq!(kinds[0], ActionKind::Hide, "and it is dealt with like any other");
    stage.passes(MINUTE);
    assert_eq!(stage.moderation.carry_erasures_on().await.unwrap().done, 1);
    assert_eq!(stage.ledger().cases_by_author(&authors[0]).await.unwrap(), [new.id]);
}

#[tokio::test]
async fn one_that_cannot_be_carried_on_holds_up_no_other_and_one_that_takes_too_long_is_a_task() {
    let mut stage = Stage::open().await;
    let id = stage.violates(FACEBOOK, "706", INSULT).await;
    stage.sandbox.add_fault(fault(FACEBOOK, 100, answers(500, json!({}))));
    let waits = stage.comments(FACEBOOK, "707", INSULT).await;
    while stage.moderation.sweep(100).await.unwrap().settled > 0 {}
    for person in ["707", "706"] {
        stage.ledger().request_erasure(&wish(&pseudonyms(&stage, person)), stage.now()).await.unwrap();
    }
    stage.passes(MINUTE);
    let carried = stage.moderation.carry_erasures_on().await.unwrap();
    assert_eq!(carried, Erasures { done: 1, waiting: 1, failed: 0 });
    assert!(is_erased(&stage, "706", &id).await);
    assert!(stage.case(FACEBOOK, &waits).await.content.is_some());

    let tasks = async |stage: &Stage| stage.ledger().tasks(None, 100, stage.now()).await.unwrap().0;
    let late = |tasks: &[Task]| tasks.iter().filter(|task| task.id.starts_with("erasure-")).count();
    stage.hours(13 * 24);
    stage.moderation.carry_erasures_on().await.unwrap();
    assert_eq!(late(&tasks(&stage).await), 0);
    stage.hours(25);
    for _ in 0..2 {
        stage.moderation.carry_erasures_on().await.unwrap();
        assert_eq!(late(&tasks(&stage).await), 1);
    }
}

#[tokio::test]
async fn who_is_on_record_under_two_keys_is_exported_and_erased_under_both() {
    let mut stage = Stage::open().await;
    let hidden = stage.violates(FACEBOOK, "708", INSULT).await;
    let at = stage.now() + SignedDuration::from_mins(10);
    stage.rotates(&format!("the second key of the story,{DEVELOPMENT_SECRET}@{at}")).await;
    stage.hours(1);
    stage.sandbox.edit_comment(FACEBOOK, &hidden, CRITICISM).unwrap();
    stage.receives().await;
    assert_eq!(stage.task().await.case, Some(stage.case(FACEBOOK, &hidden).await.id));
    let authors = pseudonyms(&stage, "708");
    // What is on record under the newer one alone is no way to be overlooked.
    stage.moderation.office().note(FACEBOOK, &authors[0], &ANNA).await.unwrap();

    let export = stage.exported(FACEBOOK, &authors).await.unwrap();
    let export = serde_json::to_value(&export).unwrap();
    assert_eq!(export["authors"].as_array().unwrap().len(), 2);
    assert_eq!(export["cases"].as_array().unwrap().len(), 1);
    let tasks = export["cases"][0]["tasks"].as_array().unwrap();
    assert!(tasks.iter().any(|task| task["kind"] == "rewritten"), "{tasks:?}");

    stage.moderation.office().erase(Some(FACEBOOK), &authors, &BRUNO, true).await.unwrap();
    stage.passes(MINUTE);
    assert_eq!(stage.moderation.carry_erasures_on().await.unwrap().done, 1);
    let case = stage.case(FACEBOOK, &hidden).await;
    assert!(case.pseudonym.is_none());
    assert_eq!(stage.ledger().tasks_about(case.id.reference(), stage.now()).await.unwrap(), []);
    for author in &authors {
        assert_eq!(stage.ledger().author(author).await.unwrap(), ledger::AuthorRecord::default());
    }
    let on_record = erasures(&stage).await;
    let Fact::Erasure { author, others, .. } = &on_record[0].fact else { panic!("{on_record:?}") };
    assert_eq!((author, &others[..]), (&authors[0], &authors[1..]));
}
