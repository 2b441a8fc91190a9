//! How long something is tried, and what is said about it: as it was.

use jiff::SignedDuration;
use policy::{Effect, Platform};
use sandbox::FaultEffect;
use serde_json::json;

use crate::stage::{Stage, wording};
use crate::world::{INSULT, answers, fault};

const FACEBOOK: Platform = Platform::Facebook;

/// Carries out what is due, every hour for so long.
async fn hours(stage: &mut Stage, hours: i64) {
    for _ in 0..hours {
        stage.works().await;
        stage.hours(1);
    }
    stage.works().await;
}

#[tokio::test]
async fn a_time_beyond_the_two_days_is_cut_to_them_and_the_task_says_what_was_tried() {
    let mut stage = Stage::open().await;
    let three_days = FaultEffect::RateLimit { seconds: 3 * 24 * 3600 };
    stage.sandbox.add_fault(fault(FACEBOOK, 1_000, three_days));
    let id = stage.comments(FACEBOOK, "901", INSULT).await;
    hours(&mut stage, 47).await;
    let case = stage.case(FACEBOOK, &id).await;
    assert_eq!(case.actions[0].effect, None, "it is not given up before its time");
    assert_eq!(stage.tasks().await, []);
    hours(&mut stage, 2).await;
    let case = stage.case(FACEBOOK, &id).await;
    assert_eq!(case.actions[0].effect, Some(Effect::Failed));
    let asked = stage.hides(FACEBOOK);
    assert_eq!((asked, case.actions[0].attempts), (2, 2), "what is on record is what was asked");
    let instruction = wording(&stage.task().await);
    assert!(instruction.contains("2 tentativi in 48 ore"), "{instruction}");
}

#[tokio::test]
async fn what_could_be_asked_in_time_is_asked_however_late_the_platform_wants_it() {
    let mut stage = Stage::open().await;
    stage.sandbox.add_fault(fault(FACEBOOK, 1, FaultEffect::RateLimit { seconds: 3 * 24 * 3600 }));
    let id = stage.comments(FACEBOOK, "902", INSULT).await;
    hours(&mut stage, 49).await;
    assert!(stage.sandbox.is_hidden(FACEBOOK, &id));
    assert_eq!(stage.tasks().await, []);
}

#[tokio::test]
async fn what_was_never_asked_is_said_to_be_so() {
    let mut stage = Stage::open().await;
    let id = stage.comments(FACEBOOK, "903", INSULT).await;
    // Another comment of the same account meets the limit, again and again.
    let limit = answers(400, json!({ "error": { "message": "(#368)", "code": 368 } }));
    stage.sandbox.add_fault(fault(FACEBOOK, 1_000, limit));
    stage.works().await;
    let other = stage.comments(FACEBOOK, "904", INSULT).await;
    hours(&mut stage, 51).await;
    let (first, second) = (stage.case(FACEBOOK, &id).await, stage.case(FACEBOOK, &other).await);
    let asked: u32 = [&first, &second].iter().map(|case| case.actions[0].attempts).sum();
    assert_eq!(stage.hides(FACEBOOK), asked as usize, "what is on record is what was asked");
    for task in stage.tasks().await {
        assert!(!wording(&task).contains("due giorni"), "{}", wording(&task));
        let case = if task.case.as_ref() == Some(&first.id) { &first } else { &second };
        let said = match case.actions[0].attempts {
            0 => "in 48 ore la piattaforma non ha mai accettato richieste".to_owned(),
            1 => "un tentativo in 48 ore".to_owned(),
            attempts => format!("{attempts} tentativi in 48 ore"),
        };
        assert!(wording(&task).contains(&said), "{said}: {}", wording(&task));
    }
    assert_eq!(stage.tasks().await.len(), 2);
}

#[tokio::test]
async fn a_reading_that_is_given_up_says_how_often_it_was_tried() {
    let later = answers(500, json!({ "error": { "message": "later", "code": 2 } }));
    let limit = answers(400, json!({ "error": { "message": "limit", "code": 80_002 } }));
    for error in [later, limit] {
        let mut stage = Stage::open().await;
        let account = stage.account(Platform::Instagram);
        stage.sandbox.add_fault(fault(Platform::Instagram, 1_000, error));
        let mention = json!({ "object": "instagram", "entry": [{ "id": account.as_str(), "time": 1_790_000_000,
            "changes": [{ "field": "mentions", "value": { "media_id": "17900000000000009" } }] }] });
        assert_eq!(stage.delivered(Platform::Instagram, &mention).await.0, 200);
        for _ in 0..60 {
            stage.works().await;
            stage.passes(SignedDuration::from_mins(61));
        }
        let reads = stage.sandbox.journal().into_iter().filter(|call| call.platform == Platform::Instagram).count();
        let instruction = wording(&stage.task().await);
        assert!(reads > 1 && instruction.contains(&format!("{reads} tentativi in 48 ore")), "{reads}: {instruction}");
    }
}

/// The same with every time in it some minutes later.
fn later(body: &serde_json::Value) -> serde_json::Value {
    use serde_json::Value;
    let minutes = SignedDuration::from_mins(7);
    match body {
        Value::Object(fields) => {
            let moved = fields.iter().map(|(name, value)| {
                let is_time = name.contains("time") || name.ends_with("At") || name.ends_with("_at") || name == "date";
                let value = match value {
                    Value::Number(number) if is_time => {
                        let number = number.as_i64().unwrap();
                        json!(number + if number > 100_000_000_000 { minutes.as_millis() as i64 } else { 420 })
                    }
                    Value::String(text) if is_time => match (text.parse::<jiff::Timestamp>(), text.parse::<i64>()) {
                        (Ok(at), _) => json!((at + minutes).to_string()),
                        (_, Ok(number)) if number > 100_000_000_000 => json!((number + 420_000).to_string()),
                        (_, Ok(number)) => json!((number + 420).to_string()),
                        _ => value.clone(),
                    },
                    other => later(other),
                };
                (name.clone(), value)
            });
            Value::Object(moved.collect())
        }
        Value::Array(items) => Value::Array(items.iter().map(later).collect()),
        other => other.clone(),
    }
}

#[tokio::test]
async fn a_redelivery_that_differs_only_in_its_time_is_no_new_revision_on_any_platform() {
    for (platform, author, mentions_us) in [
        (FACEBOOK, "905", false),
        (Platform::Instagram, "905", false),
        (Platform::Linkedin, "urn:li:person:905", false),
        (Platform::X, "905", true),
    ] {
        let stage = Stage::open().await;
        let comment = sandbox::NewComment {
            mentions_us,
            ..sandbox::NewComment::new(stage.account(platform).as_str(), author, "Persona di prova", INSULT)
        };
        let id = stage.posts(comment, platform);
        let mut deliveries = stage.sandbox.take_webhooks();
        if platform != Platform::Instagram {
            stage.sandbox.edit_comment(platform, &id, &format!("{INSULT} e basta")).unwrap();
            deliveries.extend(stage.sandbox.take_webhooks());
        }
        for webhook in &deliveries {
            stage.receives_one(webhook).await;
        }
        stage.works().await;
        let record = async || {
            let verdicts = stage.log().await;
            let verdicts = verdicts.iter().filter(|entry| matches!(entry.fact, ledger::Fact::Verdict { .. })).count();
            (verdicts, stage.calls(platform).len(), stage.tasks().await.len())
        };
        let before = record().await;
        for webhook in deliveries.iter().rev() {
            let body: serde_json::Value = serde_json::from_slice(&webhook.body).unwrap();
            let moved = later(&body);
            if platform != Platform::Instagram {
                assert_ne!(moved, body, "{platform}: it sends a time");
            }
            assert_eq!(stage.delivered(platform, &moved).await.0, 200, "{platform}");
            stage.works().await;
            if webhook.body == deliveries.last().unwrap().body {
                assert_eq!(record().await, before, "{platform}: the text that stands there came again");
            }
        }
        let (verdicts, calls, tasks) = record().await;
        assert!(verdicts <= before.0 + 1, "{platform}");
        assert_eq!((calls, tasks), (before.1, before.2), "{platform}: nothing is asked for it");
    }
}

#[tokio::test]
async fn a_message_and_a_polled_comment_with_another_time_are_no_new_revisions() {
    let stage = Stage::open().await;
    for (platform, object) in [(FACEBOOK, "page"), (Platform::Instagram, "instagram")] {
        let account = stage.account(platform);
        let body = |timestamp: i64| {
            json!({ "object": object, "entry": [{ "id": account.as_str(), "time": timestamp, "messaging": [{
                "sender": { "id": "906" }, "recipient": { "id": account.as_str() }, "timestamp": timestamp,
                "message": { "mid": "m_906", "text": INSULT } }] }] })
        };
        for minutes in 0..3 {
            assert_eq!(stage.delivered(platform, &body(1_790_000_000_000 + minutes * 60_000)).await.0, 200);
        }
        assert_eq!(stage.cases(platform, "m_906").await.len(), 1, "{platform}");
        assert_eq!(stage.strikes(platform, "m_906").await, 1, "{platform}");
    }
    let id = stage.comments(Platform::Youtube, "UC906", INSULT).await;
    stage.moderation.poll(moderation::Pace::AtOnce).await;
    stage.works().await;
    let calls = stage.calls(Platform::Youtube).len();
    // The same text, and another `updatedAt`.
    stage.sandbox.edit_comment(Platform::Youtube, &id, INSULT).unwrap();
    stage.moderation.poll(moderation::Pace::AtOnce).await;
    stage.works().await;
    assert_eq!(stage.case(Platform::Youtube, &id).await.revisions, []);
    assert_eq!((stage.strikes(Platform::Youtube, &id).await, stage.calls(Platform::Youtube).len()), (1, calls));
}
