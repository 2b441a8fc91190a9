//! Users' reports: someone writes to the address of the policy.

use std::sync::Arc;

use ledger::{Recorded, TaskKind};
use moderation::{Arrival, Proof, ReportOutcome, ReportTaken};
use policy::Platform;
use serde_json::Value;

use crate::stage::Stage;

/// The comment that `link.eml` is about.
const COMMENT: &str = "122170040702_1004";

fn mail(name: &str) -> Vec<u8> {
    std::fs::read(format!("{}/events/email/{name}.eml", env!("CARGO_MANIFEST_DIR"))).unwrap()
}

fn proven() -> Arrival {
    Arrival { proof: Proof::Dmarc, unreturnable: false }
}

fn forged() -> Arrival {
    Arrival { proof: Proof::Nothing, unreturnable: false }
}

impl Stage {
    async fn gets(&self, raw: &[u8]) -> ReportTaken {
        self.moderation.take_user_report(raw, &proven()).await.unwrap()
    }

    /// Takes a message, and sends its receipt.
    async fn answers(&self, raw: &[u8]) -> ReportTaken {
        let taken = self.gets(raw).await;
        if let Some(receipt) = &taken.receipt {
            self.moderation.receipt_sent(receipt).await.unwrap();
        }
        taken
    }

    /// The comment that is reported is judged, hidden, and its case open.
    async fn with_the_comment() -> Self {
        let stage = Self::open().await;
        let body =
            std::fs::read_to_string(format!("{}/events/facebook/comment-add-insult.json", env!("CARGO_MANIFEST_DIR")));
        let body: Value = serde_json::from_str(&body.unwrap()).unwrap();
        assert_eq!(stage.delivered(Platform::Facebook, &body).await.1.cases, 1);
        stage
    }

    /// What the office is asked because of reports, as kind and text.
    async fn asked(&self) -> Vec<ledger::Task> {
        let mut tasks = self.tasks().await;
        tasks.retain(|task| task.kind == TaskKind::UserReport);
        tasks
    }
}

#[tokio::test]
async fn a_report_with_a_link_is_a_task_of_the_case_and_is_answered() {
    let stage = Stage::with_the_comment().await;
    let before = stage.case(Platform::Facebook, COMMENT).await;
    let taken = stage.gets(&mail("link")).await;
    assert_eq!((taken.outcome, taken.links, taken.cases), (ReportOutcome::New, 1, 1));
    let asked = stage.asked().await;
    assert_eq!(asked.len(), 1);
    assert_eq!(asked[0].case.as_ref(), Some(&before.id));
    assert!(asked[0].instruction.contains(&taken.id.to_string()), "{}", asked[0].instruction);
    assert!(asked[0].deadline.is_some_and(|deadline| deadline > stage.now()));
    let receipt = taken.receipt.unwrap();
    assert_eq!(receipt.to, "nadia.ferraris@posta.example");
    assert_eq!(stage.case(Platform::Facebook, COMMENT).await, before, "a report does nothing by itself");
    let report = stage.ledger().user_report(&taken.id, stage.now()).await.unwrap().unwrap();
    assert!(report.text.contains("trovo offensivo"));
}

#[tokio::test]
async fn a_link_to_what_has_no_case_is_a_task_of_its_own() {
    let stage = Stage::open().await;
    let taken = stage.gets(&mail("html-only")).await;
    assert_eq!((taken.outcome, taken.links, taken.cases), (ReportOutcome::New, 1, 0));
    let asked = stage.asked().await;
    assert_eq!((asked.len(), asked[0].case.as_ref()), (1, None));
    assert!(asked[0].instruction.contains("non ha un caso"), "{}", asked[0].instruction);
    assert!(taken.receipt.is_some());
    assert!(stage.log().await.iter().all(|entry| entry.case.is_none()), "nothing was judged because of a report");
}

#[tokio::test]
async fn a_report_without_a_link_is_a_task_with_what_was_written() {
    let stage = Stage::open().await;
    for name in ["no-link", "bare"] {
        let taken = stage.gets(&mail(name)).await;
        assert_eq!((taken.outcome, taken.links), (ReportOutcome::New, 0), "{name}");
        assert_eq!(taken.receipt.is_some(), name == "no-link", "one of them says who wrote it");
        assert!(!stage.ledger().user_report(&taken.id, stage.now()).await.unwrap().unwrap().text.is_empty());
    }
    let asked = stage.asked().await;
    assert!(asked.len() == 2 && asked.iter().all(|task| task.instruction.contains("senza indicare un contenuto")));
}

#[tokio::test]
async fn of_twelve_links_ten_are_taken_and_the_rest_is_said() {
    let stage = Stage::with_the_comment().await;
    let taken = stage.gets(&mail("twelve-links")).await;
    assert_eq!((taken.links, taken.cases), (10, 1));
    let asked = stage.asked().await;
    assert_eq!(asked.len(), 2, "one for the case and one for all the rest");
    assert!(asked.iter().any(|task| task.instruction.contains("9 contenuti che non hanno un caso")));
    assert!(asked.iter().all(|task| task.instruction.contains("altri 2 link")));
    let receipt = String::from_utf8(taken.receipt.unwrap().message).unwrap();
    assert!(receipt.contains("al massimo 10"), "{receipt}");
}

#[tokio::test]
async fn thirty_megabytes_of_attachments_leave_the_text_and_are_not_kept() {
    let stage = Stage::with_the_comment().await;
    let mut raw = String::from_utf8(mail("nested")).unwrap();
    let last = raw.rfind("--outer--").unwrap();
    raw.truncate(last);
    let line = format!("{}\r\n", "QUJD".repeat(19));
    raw.push_str("--outer\r\nContent-Type: video/mp4\r\nContent-Transfer-Encoding: base64\r\n\r\n");
    raw.push_str(&line.repeat(30 * 1024 * 1024 / line.len()));
    raw.push_str("--outer--\r\n");
    let taken = stage.gets(raw.as_bytes()).await;
    assert_eq!((taken.outcome, taken.cases), (ReportOutcome::New, 1));
    assert!(taken.receipt.is_some());
    let report = stage.ledger().user_report(&taken.id, stage.now()).await.unwrap().unwrap();
    assert_eq!(report.text.lines().next().map(|line| line.starts_with("Allego due schermate")), Some(true));
    assert!(report.attachments.iter().any(|kept| kept.media_type == "video/mp4" && kept.bytes > 20 << 20));
    let largest = stage.everything().await.iter().map(String::len).max().unwrap();
    assert!(largest < 20_000, "an item of {largest} characters");
}

#[tokio::test]
async fn who_only_claims_an_address_is_heard_and_not_answered() {
    let stage = Stage::with_the_comment().await;
    let taken = stage.moderation.take_user_report(&mail("link"), &forged()).await.unwrap();
    assert_eq!((taken.outcome, taken.cases), (ReportOutcome::New, 1));
    assert!(taken.receipt.is_none());
    assert!(stage.asked().await[0].instruction.contains("non è verificato"));
    let of_the_same_domain = Arrival { proof: Proof::Envelope("altro@POSTA.example".to_owned()), unreturnable: false };
    let really = stage.moderation.take_user_report(&mail("link"), &of_the_same_domain).await.unwrap();
    assert_eq!(really.outcome, ReportOutcome::New, "the owner of the address is another sender");
    assert!(really.receipt.is_some());
    let elsewhere = Arrival { proof: Proof::Envelope("a@spammer.example".to_owned()), unreturnable: false };
    assert!(stage.moderation.take_user_report(&mail("no-link"), &elsewhere).await.unwrap().receipt.is_none());
}

#[tokio::test]
async fn the_same_message_and_another_about_the_same_comment_are_one_report() {
    let stage = Stage::with_the_comment().await;
    let first = stage.answers(&mail("link")).await;
    let again = stage.answers(&mail("link")).await;
    assert_eq!((again.outcome, &again.id), (ReportOutcome::Repeated, &first.id));
    assert!(again.receipt.is_none(), "it was answered");
    let other = stage.answers(&mail("link-again")).await;
    assert_eq!((other.outcome, &other.id), (ReportOutcome::Repeated, &first.id));
    let receipt = String::from_utf8(other.receipt.unwrap().message).unwrap();
    assert!(receipt.contains(&first.id.to_string()) && receipt.contains("20261103080000.4712"), "{receipt}");
    assert_eq!(stage.asked().await.len(), 1);

    let text = String::from_utf8(mail("link-again")).unwrap();
    let mut receipts = 2;
    for number in 0..5 {
        let taken = stage.answers(text.replace("4712", &format!("50{number}")).as_bytes()).await;
        receipts += usize::from(taken.receipt.is_some());
    }
    assert_eq!(receipts, 3, "of one report");
    assert_eq!(stage.asked().await.len(), 1);
}

#[tokio::test]
async fn a_task_that_was_done_is_not_raised_again_by_the_same_sender() {
    let stage = Stage::with_the_comment().await;
    stage.answers(&mail("link")).await;
    let task = stage.asked().await.remove(0);
    let ruling = moderation::Ruling { by: "anna", reason: "letto, il caso resta com'è" };
    stage.moderation.finish_task(&task.id, ruling, true).await.unwrap();
    stage.answers(&mail("link-again")).await;
    assert!(stage.asked().await.is_empty());
    let decided = stage.facts(task.case.as_ref().unwrap()).await;
    assert!(decided.iter().any(|entry| matches!(entry.fact, ledger::Fact::Decision { .. })), "it is in the audit log");
}

#[tokio::test]
async fn what_machines_send_is_never_answered() {
    let stage = Stage::with_the_comment().await;
    for name in ["auto-reply", "bounce"] {
        let taken = stage.gets(&mail(name)).await;
        assert_eq!(taken.outcome, ReportOutcome::Automatic, "{name}");
        assert!(taken.receipt.is_none(), "{name}");
    }
    assert!(stage.asked().await.is_empty());
    let returned = Arrival { unreturnable: true, ..proven() };
    let taken = stage.moderation.take_user_report(&mail("link"), &returned).await.unwrap();
    assert_eq!((taken.outcome, taken.cases), (ReportOutcome::New, 1), "what names a comment is seen by a person");
    assert!(taken.receipt.is_none());

    let receipt = stage.gets(&mail("twelve-links")).await.receipt.unwrap();
    let of_ours = stage.gets(&receipt.message).await;
    assert!(of_ours.outcome == ReportOutcome::Automatic && of_ours.receipt.is_none());
}

#[tokio::test]
async fn whoever_is_killed_before_the_receipt_was_sent_sends_it_when_it_is_repeated() {
    let stage = Stage::with_the_comment().await;
    let killed = stage.gets(&mail("link")).await;
    let repeated = stage.gets(&mail("link")).await;
    assert_eq!(repeated.outcome, ReportOutcome::Repeated);
    assert_eq!(repeated.receipt, killed.receipt, "the same receipt, by its own Message-ID too");
    stage.moderation.receipt_sent(&repeated.receipt.unwrap()).await.unwrap();
    assert!(stage.gets(&mail("link")).await.receipt.is_none());
    assert_eq!(stage.asked().await.len(), 1);
}

#[tokio::test]
async fn two_messages_at_the_same_moment_are_one_report() {
    let stage = Stage::with_the_comment().await;
    let (one, other) = (mail("link"), mail("link-again"));
    let (one, other) = tokio::join!(stage.gets(&one), stage.gets(&other));
    assert_eq!(one.id, other.id);
    assert_eq!(stage.asked().await.len(), 1);
}

#[tokio::test]
async fn one_sender_cannot_fill_the_desk() {
    let stage = Stage::open().await;
    let mut over = 0;
    for number in 0..30 {
        let raw = format!("From: molti@posta.example\r\nMessage-ID: <{number}@posta.example>\r\n\r\nDi nuovo.");
        let taken = stage.gets(raw.as_bytes()).await;
        over += usize::from(taken.outcome == ReportOutcome::OverLimit);
        assert_eq!(taken.receipt.is_none(), taken.outcome == ReportOutcome::OverLimit);
    }
    assert_eq!((over, stage.asked().await.len()), (10, 21), "twenty reports, and that there were more");
    let other = stage.gets(&mail("html-only")).await;
    assert_eq!(other.outcome, ReportOutcome::New, "others are not concerned");
}

#[tokio::test]
async fn what_was_written_stands_in_one_item_and_goes_with_it() {
    let log = tempfile::NamedTempFile::new().unwrap();
    let subscriber = tracing_subscriber::fmt().with_ansi(false).with_writer(Arc::new(log.reopen().unwrap())).finish();
    let _guard = tracing::subscriber::set_default(subscriber);
    let mut stage = Stage::with_the_comment().await;
    let taken = stage.answers(&mail("link")).await;
    let canaries = ["nadia", "ferraris", "trovo offensivo", "Un commento sotto", "__cft__"];
    let holding = |items: &[String]| {
        let lower = |text: &str| text.to_lowercase();
        items.iter().filter(|item| canaries.iter().any(|canary| lower(item).contains(&lower(canary)))).count()
    };
    let items = stage.everything().await;
    assert_eq!(holding(&items), 1);
    assert!(items.iter().filter(|item| holding(&[(*item).clone()]) == 1).all(|item| item.contains("\"expires\"")));
    assert_eq!(holding(&[format!("{taken:?}"), format!("{:?}", stage.asked().await)]), 0);

    stage.hours(181 * 24);
    assert_eq!(stage.ledger().user_report(&taken.id, stage.now()).await.unwrap(), None, "its time is over");
    assert_eq!(stage.ledger().erase_reporter("NADIA.ferraris@posta.example").await.unwrap(), 1);
    assert_eq!(holding(&stage.everything().await), 0);
    assert_eq!(stage.ledger().erase_reporter("nadia.ferraris@posta.example").await.unwrap(), 0);
    let log = std::fs::read_to_string(log.path()).unwrap();
    assert!(log.contains(&taken.id.to_string()), "it is logged: {log}");
    assert_eq!(holding(&[log]), 0);
}

#[tokio::test]
async fn a_report_is_kept_once() {
    let stage = Stage::open().await;
    let taken = stage.gets(&mail("no-link")).await;
    let report = stage.ledger().user_report(&taken.id, stage.now()).await.unwrap().unwrap();
    assert_eq!(stage.ledger().put_user_report(&report, &[]).await.unwrap(), Recorded::Duplicate);
}
