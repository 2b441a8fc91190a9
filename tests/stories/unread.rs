//! A comment that came with its text and without its author: where it cannot be read, what came is judged.

use jiff::SignedDuration;
use ledger::Status;
use policy::SanctionKind::Warning;
use policy::SanctionState::Effective;
use policy::{Effect, Platform};
use sandbox::{FaultEffect, NewComment};
use serde_json::{Value, json};

use crate::stage::Stage;
use crate::world::{CRITICISM, INSULT, answers};

const FACEBOOK: Platform = Platform::Facebook;

/// A webhook about a comment, without `from`.
fn webhook(stage: &Stage, id: &str, verb: &str, text: &str) -> Value {
    let page = stage.account(FACEBOOK);
    let value = json!({
        "item": "comment", "verb": verb, "comment_id": id, "post_id": format!("{page}_55"),
        "parent_id": format!("{page}_55"), "created_time": 1_793_609_000, "message": text
    });
    let change = json!({ "field": "feed", "value": value });
    json!({ "object": "page", "entry": [{ "id": page.as_str(), "time": 1_793_609_001, "changes": [change] }] })
}

/// Reading is refused in this way.
fn refused(effect: FaultEffect) -> sandbox::Fault {
    sandbox::Fault {
        platform: Some(FACEBOOK),
        method: Some("GET".to_owned()),
        path: Some("fields=".to_owned()),
        times: 1,
        latency_ms: 0,
        effect,
    }
}

fn error(code: i64, subcode: Option<i64>) -> FaultEffect {
    answers(400, json!({ "error": { "message": "refused", "code": code, "error_subcode": subcode } }))
}

/// A comment that stands on the page, of which no webhook is received yet.
fn written(stage: &Stage, text: &str) -> String {
    let id = stage.posts(NewComment::new(stage.account(FACEBOOK).as_str(), "7100", "Persona di prova", text), FACEBOOK);
    stage.sandbox.take_webhooks();
    id
}

#[tokio::test]
async fn where_reading_is_refused_what_came_is_judged_by_an_author_unknown() {
    for refusal in [error(100, Some(33)), error(10, None), error(200, None), error(100, None), answers(200, json!({}))]
    {
        let stage = Stage::open().await;
        let id = written(&stage, INSULT);
        stage.sandbox.add_fault(refused(refusal.clone()));
        stage.delivered(FACEBOOK, &webhook(&stage, &id, "add", INSULT)).await;
        stage.works().await;
        let case = stage.case(FACEBOOK, &id).await;
        assert_eq!((case.pseudonym, case.actions[0].effect), (None, Some(Effect::Done)), "{refusal:?}");
        assert!(stage.sandbox.is_hidden(FACEBOOK, &id), "{refusal:?}");
        // Delivered again it is the same revision.
        stage.sandbox.add_fault(refused(refusal));
        stage.delivered(FACEBOOK, &webhook(&stage, &id, "add", INSULT)).await;
        stage.works().await;
        assert_eq!(stage.cases(FACEBOOK, &id).await.len(), 1);
    }
}

#[tokio::test]
async fn criticism_that_cannot_be_read_stays_and_leaves_no_task() {
    let stage = Stage::open().await;
    let id = written(&stage, CRITICISM);
    stage.sandbox.add_fault(refused(error(100, Some(33))));
    stage.delivered(FACEBOOK, &webhook(&stage, &id, "add", CRITICISM)).await;
    stage.works().await;
    assert!(!stage.sandbox.is_hidden(FACEBOOK, &id));
    assert_eq!((stage.cases(FACEBOOK, &id).await.len(), stage.tasks().await.len()), (0, 0));
    assert_eq!(stage.moderation.tally().get(FACEBOOK, "judged_unread"), 1);
}

#[tokio::test]
async fn of_what_is_really_gone_the_effect_of_the_hide_says_so() {
    let stage = Stage::open().await;
    let id = written(&stage, INSULT);
    stage.sandbox.delete_comment(FACEBOOK, &id).unwrap();
    stage.sandbox.take_webhooks();
    stage.delivered(FACEBOOK, &webhook(&stage, &id, "add", INSULT)).await;
    stage.works().await;
    let case = stage.case(FACEBOOK, &id).await;
    assert_eq!(case.actions[0].effect, Some(Effect::AlreadySo));
}

#[tokio::test]
async fn what_can_be_read_is_judged_with_its_author() {
    let stage = Stage::open().await;
    let id = written(&stage, INSULT);
    stage.delivered(FACEBOOK, &webhook(&stage, &id, "add", INSULT)).await;
    stage.works().await;
    assert!(stage.case(FACEBOOK, &id).await.pseudonym.is_some());
    assert_eq!(stage.moderation.tally().get(FACEBOOK, "judged_unread"), 0);
}

#[tokio::test]
async fn a_passing_refusal_is_waited_for_and_both_revisions_that_came_are_judged_in_the_end() {
    let mut stage = Stage::open().await;
    let id = written(&stage, INSULT);
    let mut down = refused(answers(503, json!({})));
    down.times = 1000;
    stage.sandbox.add_fault(down);
    stage.delivered(FACEBOOK, &webhook(&stage, &id, "edited", &format!("{INSULT} davvero"))).await;
    stage.delivered(FACEBOOK, &webhook(&stage, &id, "add", INSULT)).await;
    stage.moderation.sweep(100).await.unwrap();
    assert_eq!(stage.cases(FACEBOOK, &id).await, [], "it may pass");
    stage.passes(SignedDuration::from_hours(49));
    stage.works().await;
    let cases = stage.cases(FACEBOOK, &id).await;
    assert!(!cases.is_empty() && cases.iter().all(|case| case.pseudonym.is_none()), "{cases:?}");
    assert!(cases.iter().all(|case| matches!(case.status, Status::Open)), "{cases:?}");
    assert!(stage.sandbox.is_hidden(FACEBOOK, &id));
    assert_eq!(stage.tasks().await.len(), 0);
}

#[tokio::test]
async fn an_edit_that_is_read_late_counts_from_when_it_was_told_of() {
    for is_dated in [true, false] {
        let mut stage = Stage::open().await;
        let id = written(&stage, "Buongiorno");
        stage.sandbox.edit_comment(FACEBOOK, &id, "andate tutti affanculo").unwrap();
        stage.sandbox.take_webhooks();
        stage.sandbox.add_fault(sandbox::Fault { times: 1000, ..refused(answers(503, json!({}))) });
        let mut body = webhook(&stage, &id, "edited", "andate tutti affanculo");
        if !is_dated {
            body["entry"][0].as_object_mut().unwrap().remove("time");
        }
        stage.delivered(FACEBOOK, &body).await;
        stage.moderation.sweep(100).await.unwrap();
        stage.passes(SignedDuration::from_secs(1));
        // Meanwhile its author is warned about something else.
        let warned = stage.comments(FACEBOOK, "7100", INSULT).await;
        stage.works().await;
        assert_eq!(stage.sanctions(FACEBOOK, &warned).await, [(Warning, Effective)]);
        assert_eq!(stage.cases(FACEBOOK, &id).await, [], "it is not read yet");
        stage.sandbox.clear_faults();
        stage.hours(1);
        stage.works().await;
        assert_eq!(stage.strikes(FACEBOOK, &id).await, 2, "dated {is_dated}");
        let steps = stage.sanctions(FACEBOOK, &warned).await;
        assert_eq!(steps, [(Warning, Effective)], "dated {is_dated}: it was written before the warning");
    }
}
