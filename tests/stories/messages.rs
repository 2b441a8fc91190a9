//! What is said to authors: why, by whom, how to object, and never what they wrote.

use policy::{ActionKind, Effect, Notice, Platform};
use sandbox::{FaultEffect, NewComment};
use serde_json::json;

use crate::stage::Stage;
use crate::world::{INSULT, answers, fault};

/// Who reads a warning finds the clause, what was done, how to object, that a machine wrote it, and the rules.
fn says_why(text: &str, stage: &Stage, clause: &str, reference: &str) {
    let policy = stage.moderation.policy();
    let clause = policy.clause(clause).unwrap();
    for wanted in [clause.number.as_str(), &clause.title, &policy.organisation.email, &policy.url, reference] {
        assert!(text.contains(wanted), "{wanted:?} is not in {text:?}");
    }
    for word in INSULT.split(' ').filter(|word| word.len() > 4) {
        assert!(!text.contains(word), "the offending text is quoted: {text:?}");
    }
}

#[tokio::test]
async fn a_warning_says_why_and_how_to_object_and_never_what_was_written() {
    for platform in Platform::ALL.iter().copied() {
        let stage = Stage::open().await;
        let author = if platform == Platform::Youtube { "UCofsomebody000000000200" } else { "200" };
        let comment = NewComment {
            mentions_us: true,
            ..NewComment::new(stage.account(platform).as_str(), author, "Persona di prova", INSULT)
        };
        let id = stage.posts(comment, platform);
        stage.receives().await;
        stage.moderation.poll(moderation::Pace::AtOnce).await;
        stage.works().await;
        let mut said = stage.private(platform);
        said.extend(stage.sandbox.replies(platform, &id));
        assert_eq!(said.len(), 1, "{platform}");
        let case = stage.case(platform, &id).await;
        says_why(&said[0], &stage, &case.findings[0].clause, &case.id.reference().to_string());
        assert!(said[0].to_lowercase().contains("automatic"), "{platform}: {}", said[0]);
        let is_public = matches!(platform, Platform::Linkedin | Platform::Youtube | Platform::X);
        assert_eq!(stage.private(platform).is_empty(), is_public, "{platform}: in private where it can be");
        if platform == Platform::X {
            assert!(said[0].chars().count() <= 280, "{}", said[0].chars().count());
        }
    }
}

#[tokio::test]
async fn a_warning_says_what_was_really_done() {
    let stage = Stage::open().await;
    // LinkedIn hides nothing: the task for it is open, and the comment still stands.
    let standing = stage.comments(Platform::Linkedin, "urn:li:person:201", INSULT).await;
    let hidden = stage.comments(Platform::Facebook, "201", INSULT).await;
    stage.works().await;
    let of_linkedin = stage.sandbox.replies(Platform::Linkedin, &standing);
    let of_facebook = stage.private(Platform::Facebook);
    assert!(stage.sandbox.is_hidden(Platform::Facebook, &hidden));
    assert!(of_facebook[0].contains("nascosto"), "{}", of_facebook[0]);
    assert!(!of_linkedin[0].contains("nascosto"), "{}", of_linkedin[0]);
}

#[tokio::test]
async fn who_writes_in_english_is_answered_in_english() {
    let stage = Stage::open().await;
    let text = "You are all useless thieves at this office and you are a coglione di merda, this is the worst service";
    let id = stage.comments(Platform::Facebook, "202", text).await;
    stage.works().await;
    let said = stage.private(Platform::Facebook);
    assert_eq!(said.len(), 1, "{:?}", stage.case(Platform::Facebook, &id).await);
    assert!(said[0].starts_with("Automatic message"), "{}", said[0]);
}

#[tokio::test]
async fn two_warnings_on_x_differ_because_it_refuses_duplicates() {
    let mut stage = Stage::open().await;
    let account = stage.account(Platform::X);
    let mut texts = Vec::new();
    for author in ["203", "204"] {
        let comment =
            NewComment { mentions_us: true, ..NewComment::new(account.as_str(), author, "Persona di prova", INSULT) };
        let id = stage.posts(comment, Platform::X);
        stage.receives().await;
        stage.works().await;
        texts.extend(stage.sandbox.replies(Platform::X, &id));
        stage.hours(1);
    }
    assert_eq!(texts.len(), 2);
    assert_ne!(texts[0], texts[1]);
}

#[tokio::test]
async fn a_rate_limit_on_the_warning_delays_it_with_and_without_a_hint() {
    let page_limit = json!({ "error": { "message": "Too many calls", "code": 613 } });
    for (effect, at_least) in [(FaultEffect::RateLimit { seconds: 900 }, 899), (answers(429, page_limit), 1)] {
        let mut stage = Stage::open().await;
        let id = stage.posts(comment(&stage, "205"), Platform::Facebook);
        stage.sandbox.add_fault(to_messages(1, effect));
        stage.receives().await;
        stage.works().await;
        assert_eq!(stage.private(Platform::Facebook).len(), 0);
        assert!(stage.sandbox.is_hidden(Platform::Facebook, &id));
        let wait = stage.ledger().next_due().await.unwrap().unwrap().duration_since(stage.now());
        assert!(wait.as_secs() >= at_least, "{wait}");
        stage.moves_to(stage.now() + wait + jiff::SignedDuration::from_secs(1));
        stage.works().await;
        assert_eq!(stage.private(Platform::Facebook).len(), 1);
        assert_eq!(stage.tasks().await, []);
    }
}

fn comment(stage: &Stage, author: &str) -> NewComment {
    NewComment::new(stage.account(Platform::Facebook).as_str(), author, "Persona di prova", INSULT)
}

/// A fault for messages of our page.
fn to_messages(times: u32, effect: FaultEffect) -> sandbox::Fault {
    sandbox::Fault { path: Some("/messages".to_owned()), ..fault(Platform::Facebook, times, effect) }
}

#[tokio::test]
async fn a_public_warning_outlasts_an_hour_of_server_errors_and_is_said_once() {
    let mut stage = Stage::open().await;
    let broken = fault(Platform::Linkedin, 1_000, answers(503, json!({ "status": 503, "message": "try later" })));
    stage.sandbox.add_fault(sandbox::Fault { method: Some("POST".to_owned()), ..broken });
    let id = stage.comments(Platform::Linkedin, "urn:li:person:206", INSULT).await;
    let end = stage.now() + jiff::SignedDuration::from_hours(1);
    while stage.now() < end {
        stage.works().await;
        let due = stage.ledger().next_due().await.unwrap().expect("it stays pending");
        stage.moves_to(due.max(stage.now()) + jiff::SignedDuration::from_secs(1));
    }
    let tried = stage.calls(Platform::Linkedin).len();
    assert!((3..60).contains(&tried), "{tried} attempts in an hour");
    assert_eq!(stage.sandbox.replies(Platform::Linkedin, &id), [] as [&str; 0]);
    stage.sandbox.clear_faults();
    stage.hours(1);
    stage.works().await;
    assert_eq!(stage.sandbox.replies(Platform::Linkedin, &id).len(), 1);
}

#[tokio::test]
async fn a_public_warning_whose_answer_was_lost_is_read_back_and_counts_as_delivered() {
    let mut stage = Stage::open().await;
    let lost = fault(Platform::Youtube, 1, FaultEffect::Lost);
    stage.sandbox.add_fault(sandbox::Fault {
        path: Some("/comments?".to_owned()),
        method: Some("POST".to_owned()),
        ..lost
    });
    let id = stage.comments(Platform::Youtube, "UCofsomebody000000000207", INSULT).await;
    stage.moderation.poll(moderation::Pace::AtOnce).await;
    stage.works().await;
    stage.hours(1);
    stage.works().await;
    assert_eq!(stage.sandbox.replies(Platform::Youtube, &id).len(), 1);
    let case = stage.case(Platform::Youtube, &id).await;
    assert_eq!(stage.said(&case.id, Notice::Warning).await, 1);
    assert_eq!(stage.tasks().await, []);
}

#[tokio::test]
async fn an_expired_token_in_the_middle_of_a_run_stops_it_and_nothing_is_said_twice_afterwards() {
    let mut stage = Stage::open().await;
    let page = stage.account(Platform::Facebook);
    for author in 0..6 {
        let comment = NewComment::new(page.as_str(), &format!("208{author}"), "Persona di prova", INSULT);
        stage.posts(comment, Platform::Facebook);
    }
    stage.receives().await;
    // Two messages go out, then the token expires.
    let expired = json!({ "error": { "message": "Session has expired", "code": 190, "error_subcode": 463 } });
    stage.sandbox.add_fault(to_messages(2, FaultEffect::None));
    stage.sandbox.add_fault(to_messages(1_000, answers(400, expired)));
    stage.works().await;
    assert_eq!(stage.private(Platform::Facebook).len(), 2);
    let calls = stage.calls(Platform::Facebook).len();
    stage.works().await;
    assert_eq!(stage.calls(Platform::Facebook).len(), calls, "nothing more is asked of the account");
    // The token is renewed: the process goes on with another connection, a quarter of an hour later.
    stage.sandbox.clear_faults();
    stage.passes(jiff::SignedDuration::from_mins(16));
    stage.works().await;
    let mut answered: Vec<_> =
        stage.sandbox.private_messages(Platform::Facebook).into_iter().map(|message| message.comment).collect();
    assert_eq!(answered.len(), 6);
    answered.sort();
    answered.dedup();
    assert_eq!(answered.len(), 6, "each was warned once");
    assert_eq!(stage.tasks().await, []);
}

#[tokio::test]
async fn renewed_credentials_are_tried_without_waiting_for_the_hold() {
    let mut stage = Stage::open().await;
    let expired = json!({ "error": { "message": "Session has expired", "code": 190, "error_subcode": 463 } });
    stage.sandbox.add_fault(fault(Platform::Facebook, 1, answers(400, expired)));
    let first = stage.comments(Platform::Facebook, "2101", INSULT).await;
    stage.works().await;
    stage.sandbox.clear_faults();
    let second = stage.comments(Platform::Facebook, "2102", INSULT).await;
    stage.works().await;
    assert!(!stage.sandbox.is_hidden(Platform::Facebook, &second), "it is held");
    let client = platforms::Client::new(stage.endpoints.clone(), stage.settings.tokens().clone()).unwrap();
    stage.moderation.reconnect(client);
    let third = stage.comments(Platform::Facebook, "2103", INSULT).await;
    stage.works().await;
    assert!(stage.sandbox.is_hidden(Platform::Facebook, &third), "what comes after the renewal does not wait");
    stage.passes(jiff::SignedDuration::from_mins(16));
    stage.works().await;
    for id in [first, second] {
        assert!(stage.sandbox.is_hidden(Platform::Facebook, &id));
    }
    assert_eq!(stage.hides(Platform::Facebook), 4, "one failed, three hid");
}

#[tokio::test]
async fn a_warning_about_what_is_gone_was_not_delivered_and_one_without_permission_is_a_task() {
    let mut stage = Stage::open().await;
    let id = stage.posts(comment(&stage, "209"), Platform::Facebook);
    let refused = json!({ "error": { "message": "not permitted", "code": 10, "error_subcode": 2534022 } });
    stage.sandbox.add_fault(to_messages(1_000, answers(400, refused)));
    stage.receives().await;
    stage.works().await;
    stage.hours(1);
    stage.works().await;
    let case = stage.case(Platform::Facebook, &id).await;
    let warning = case.actions.iter().find(|action| action.kind == ActionKind::PrivateReply).unwrap();
    assert_eq!(warning.effect, Some(Effect::Refused));
    let task = stage.task().await;
    assert_eq!((task.sanction, task.action.as_deref()), (Some(1), Some(warning.id.as_str())));
}
