//! When the office is closed: what is evident goes on, what needs a person waits, and what is urgent does not.

use jiff::Timestamp;
use ledger::TaskKind;
use policy::{Outcome, Platform, Surface};
use sandbox::NewComment;

use crate::stage::{Stage, without_limits};
use crate::world::INSULT;

const FACEBOOK: Platform = Platform::Facebook;
const DOUBTFUL: &str = "Chiamate la nostra ditta Rossi srl allo 02 4567890";
const IN_DANGER: &str = "Ho perso tutto per colpa vostra, stanotte la faccio finita";

async fn writes(stage: &Stage, author: &str, text: &str) -> String {
    let page = stage.account(FACEBOOK);
    let message =
        NewComment { surface: Surface::Message, ..NewComment::new(page.as_str(), author, "Persona di prova", text) };
    let id = stage.posts(message, FACEBOOK);
    stage.receives().await;
    stage.works().await;
    id
}

fn at(time: &str) -> Timestamp {
    time.parse().unwrap()
}

#[tokio::test]
async fn who_writes_at_night_is_told_once_that_nobody_is_there() {
    // A Monday, ten at night in Milan.
    let mut stage = Stage::with(without_limits(&[]), "2026-11-02T21:00:00Z").await;
    writes(&stage, "400", "Buonasera, quando aprite domani?").await;
    let said = stage.private(FACEBOOK);
    assert_eq!(said.len(), 1);
    assert!(said[0].contains("fino al 3 novembre 2026, ore 09:00"), "{}", said[0]);
    stage.hours(2);
    writes(&stage, "400", "C'è qualcuno?").await;
    assert_eq!(stage.private(FACEBOOK).len(), 1, "once in a night");
    writes(&stage, "401", "Buonasera anche da me").await;
    assert_eq!(stage.private(FACEBOOK).len(), 2, "others are told as well");
    stage.moves_to(at("2026-11-03T09:00:00Z"));
    writes(&stage, "400", "Buongiorno, chiedo gli orari").await;
    assert_eq!(stage.private(FACEBOOK).len(), 2, "the office is open");
    stage.moves_to(at("2026-11-03T21:00:00Z"));
    writes(&stage, "400", "Di nuovo buonasera").await;
    assert_eq!(stage.private(FACEBOOK).len(), 3, "the next night is another");
}

#[tokio::test]
async fn a_comment_at_night_gets_no_away_reply_and_a_violation_is_hidden_all_the_same() {
    let stage = Stage::with(without_limits(&[]), "2026-11-02T21:00:00Z").await;
    stage.comments(FACEBOOK, "402", "Buonasera, quando aprite domani?").await;
    let violation = stage.comments(FACEBOOK, "403", INSULT).await;
    stage.works().await;
    assert!(stage.sandbox.is_hidden(FACEBOOK, &violation));
    assert_eq!(stage.private(FACEBOOK).len(), 1, "the warning only");
}

#[tokio::test]
async fn a_deadline_counts_working_hours_only() {
    for (arrives, deadline) in [
        // Friday, six in the evening: the seven hours of Monday, and one of Tuesday.
        ("2026-11-06T17:00:00Z", "2026-11-10T09:00:00Z"),
        // Easter Monday, the day after the clocks went forward.
        ("2027-03-29T08:00:00Z", "2027-03-31T08:00:00Z"),
        // The fourth of October, a holiday again, is a Monday in 2027.
        ("2027-10-04T08:00:00Z", "2027-10-06T08:00:00Z"),
        // Milan's patron saint, and the Immacolata the day after.
        ("2026-12-07T09:00:00Z", "2026-12-10T09:00:00Z"),
    ] {
        let stage = Stage::with(without_limits(&[]), arrives).await;
        let id = stage.comments(FACEBOOK, "404", DOUBTFUL).await;
        let case = stage.case(FACEBOOK, &id).await;
        assert_eq!(case.outcome, Outcome::Review, "{arrives}");
        assert_eq!(case.deadline, Some(at(deadline)), "{arrives}");
    }
}

#[tokio::test]
async fn what_is_urgent_raises_an_alert_at_three_in_the_morning() {
    let stage = Stage::with(without_limits(&[]), "2026-11-08T02:00:00Z").await;
    let id = stage.comments(FACEBOOK, "405", IN_DANGER).await;
    stage.works().await;
    let case = stage.case(FACEBOOK, &id).await;
    assert!(case.urgent);
    assert!(!stage.sandbox.is_hidden(FACEBOOK, &id));
    let task = stage.task().await;
    assert_eq!(task.kind, TaskKind::Urgent);
    assert!(task.id.starts_with("urgent-"), "by which the stream's filter finds it");
    let wait = task.deadline.unwrap().duration_since(stage.now());
    assert!((0..=3_600).contains(&wait.as_secs()), "an hour by the clock, not of work: {wait}");
}

#[tokio::test]
async fn a_topic_goes_to_its_office_with_its_deadline() {
    let stage = Stage::open().await;
    let id = stage.comments(FACEBOOK, "406", &format!("{DOUBTFUL}, parliamo del bando voucher")).await;
    let case = stage.case(FACEBOOK, &id).await;
    assert_eq!(case.office.as_deref(), Some("Bandi e contributi alle imprese"));
    // Sixteen hours of work from Monday at ten: six, seven, and three of Wednesday.
    assert_eq!(case.deadline.map(|at| at.duration_since(stage.now()).as_hours()), Some(49));
}
