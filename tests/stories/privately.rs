//! Private messages, personal cases and leads: answered once, kept for a time, never hidden.

use futures_util::future::join_all;
use ledger::TaskKind;
use policy::{ActionKind, Notice, Outcome, Platform, Surface};
use sandbox::NewComment;
use serde_json::json;

use crate::stage::{Stage, wording};
use crate::world::INSULT;

const FACEBOOK: Platform = Platform::Facebook;

const PERSONAL: &str =
    "Ho inviato la pratica di iscrizione tre settimane fa e non ho ancora ricevuto il numero REA, a chi mi rivolgo?";

fn message(stage: &Stage, author: &str, text: &str) -> NewComment {
    let page = stage.account(FACEBOOK);
    NewComment { surface: Surface::Message, ..NewComment::new(page.as_str(), author, "Persona di prova", text) }
}

#[tokio::test]
async fn an_insult_in_private_is_a_case_and_a_strike_and_nothing_is_hidden() {
    let stage = Stage::open().await;
    let id = stage.posts(message(&stage, "600", INSULT), FACEBOOK);
    stage.receives().await;
    stage.works().await;
    let case = stage.case(FACEBOOK, &id).await;
    assert_eq!(case.outcome, Outcome::Hide, "the verdict is what the rule says");
    assert!(case.actions.iter().all(|action| action.kind != ActionKind::Hide), "{case:?}");
    assert_eq!(stage.hides(FACEBOOK), 0);
    assert_eq!(stage.strikes(FACEBOOK, &id).await, 1);
    assert_eq!(stage.said(&case.id, Notice::Warning).await, 1);
}

#[tokio::test]
async fn a_personal_case_is_sent_to_the_right_service_once_for_each_author_and_thread() {
    let stage = Stage::open().await;
    let page = stage.account(FACEBOOK);
    let on = |thread: &str, author: &str, text: &str| NewComment {
        thread: Some(format!("{page}_{thread}")),
        ..NewComment::new(page.as_str(), author, "Persona di prova", &format!("{text} {PERSONAL}"))
    };
    let mut answers = Vec::new();
    for comment in
        [on("1", "601", "Salve."), on("1", "601", "Ancora io."), on("2", "601", "E qui?"), on("1", "602", "Anch'io.")]
    {
        let id = stage.posts(comment, FACEBOOK);
        stage.receives().await;
        stage.works().await;
        assert!(!stage.sandbox.is_hidden(FACEBOOK, &id));
        assert!(!stage.case(FACEBOOK, &id).await.is_open(), "it is answered, now or before");
        let said = stage.sandbox.replies(FACEBOOK, &id);
        assert!(said.iter().all(|text| text.contains("https://")), "{said:?}");
        answers.push(said.len());
    }
    assert_eq!(answers, [1, 0, 1, 1]);
    assert_eq!(stage.tasks().await, []);
}

#[tokio::test]
async fn two_personal_cases_at_the_same_moment_get_one_answer() {
    for round in 0..5 {
        let stage = Stage::open().await;
        let author = format!("61{round}");
        let page = stage.account(FACEBOOK);
        let ids: Vec<String> = (0..6)
            .map(|number| {
                let text = format!("{PERSONAL} {number}");
                stage.posts(NewComment::new(page.as_str(), &author, "Persona di prova", &text), FACEBOOK)
            })
            .collect();
        let webhooks = stage.sandbox.take_webhooks();
        join_all(webhooks.iter().map(|webhook| stage.receives_one(webhook))).await;
        stage.works().await;
        let said: usize = ids.iter().map(|id| stage.sandbox.replies(FACEBOOK, id).len()).sum();
        assert_eq!(said, 1, "round {round}");
        for id in &ids {
            assert!(!stage.case(FACEBOOK, id).await.is_open());
        }
    }
}

#[tokio::test]
async fn a_lead_is_listed_with_its_notice_and_its_number_is_nowhere_else() {
    let stage = Stage::open().await;
    let page = stage.account(FACEBOOK);
    let canary = 1_636_129_430_026_801_u64;
    let body = json!({ "object": "page", "entry": [{ "id": page, "time": 1, "changes": [{ "field": "leadgen", "value": {
        "leadgen_id": canary, "page_id": page.as_str().parse::<u64>().unwrap(), "form_id": 12345,
        "created_time": stage.now().as_second() } }] }] });
    for _ in 0..2 {
        let (status, received) = stage.delivered(FACEBOOK, &body).await;
        assert_eq!((status.as_u16(), received.leads), (200, 1));
    }
    let task = stage.task().await;
    assert_eq!(task.kind, TaskKind::Lead);
    assert!(wording(&task).contains(&canary.to_string()), "by which the office finds it");
    assert!(wording(&task).contains("https://www.milomb.camcom.it/privacy"), "{}", wording(&task));
    assert!(!task.id.contains(&canary.to_string()));
    assert!(!format!("{task:?}").contains(&canary.to_string()));
    let everything = stage.everything().await;
    let holding: Vec<_> = everything.iter().filter(|item| item.contains(&canary.to_string())).collect();
    assert_eq!(holding.len(), 1, "the task only");
    assert_eq!(stage.calls(FACEBOOK), []);
}

#[tokio::test]
async fn what_was_written_in_private_is_forgotten_after_its_time() {
    let mut stage = Stage::open().await;
    let id = stage.posts(message(&stage, "603", INSULT), FACEBOOK);
    stage.receives().await;
    stage.works().await;
    assert!(stage.case(FACEBOOK, &id).await.content.is_some());
    stage.hours(30 * 24 - 1);
    assert!(stage.case(FACEBOOK, &id).await.content.is_some(), "thirty days");
    stage.hours(2);
    let case = stage.case(FACEBOOK, &id).await;
    assert!(case.content.is_none(), "nobody reads it any more, deleted or not");
    assert_eq!(stage.strikes(FACEBOOK, &id).await, 1, "the strike still counts");
}

#[tokio::test]
async fn on_linkedin_a_text_is_forgotten_after_forty_eight_hours() {
    let mut stage = Stage::open().await;
    let id = stage.comments(Platform::Linkedin, "urn:li:person:604", INSULT).await;
    stage.works().await;
    stage.hours(47);
    assert!(stage.case(Platform::Linkedin, &id).await.content.is_some());
    stage.hours(2);
    assert!(stage.case(Platform::Linkedin, &id).await.content.is_none());
}
