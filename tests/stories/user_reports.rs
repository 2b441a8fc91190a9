//! Users' reports: someone writes to the address of the policy.

use ledger::{Recorded, TaskKind};
use moderation::{Arrival, Proof, ReportOutcome, ReportTaken};
use policy::Platform;
use serde_json::Value;

use crate::log::{Log, listen};
use crate::stage::{Stage, wording};

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
    assert!(wording(&asked[0]).contains(&taken.id.to_string()), "{}", wording(&asked[0]));
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
    assert!(wording(&asked[0]).contains("non ha un caso"), "{}", wording(&asked[0]));
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
    assert!(asked.len() == 2 && asked.iter().all(|task| wording(task).contains("senza indicare un contenuto")));
}

#[tokio::test]
async fn of_twelve_links_ten_are_taken_and_the_rest_is_said() {
    let stage = Stage::with_the_comment().await;
    let taken = stage.gets(&mail("twelve-links")).await;
    assert_eq!((taken.links, taken.cases), (10, 1));
    let asked = stage.asked().await;
    assert_eq!(asked.len(), 2, "one for the case and one for all the rest");
    assert!(asked.iter().any(|task| wording(task).contains("9 nostri post o contenuti che non hanno un caso")));
    assert!(asked.iter().all(|task| wording(task).contains("altri 2 link")));
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
    assert!(wording(&stage.asked().await[0]).contains("non è verificato"));
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
    let log = Log::default();
    let subscriber = tracing_subscriber::fmt().with_ansi(false).with_writer(log.clone()).finish();
    let _listening = listen(subscriber);
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
    assert_eq!(stage.moderation.erase_reporter("NADIA.ferraris@posta.example", "anna").await.unwrap(), 1);
    assert_eq!(holding(&stage.everything().await), 0);
    assert_eq!(stage.moderation.erase_reporter("nadia.ferraris@posta.example", "anna").await.unwrap(), 0);
    let log = log.text();
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

#[tokio::test]
async fn whoever_erases_reports_is_in_the_audit_log_and_whom_is_not() {
    let stage = Stage::with_the_comment().await;
    stage.gets(&mail("link")).await;
    let one = stage.gets(&mail("html-only")).await;
    assert!(stage.moderation.erase_user_report(&one.id, "anna").await.unwrap());
    assert!(!stage.moderation.erase_user_report(&one.id, "anna").await.unwrap());
    assert!(stage.moderation.erase_reporter("nadia.ferraris@posta.example", " ").await.is_err(), "nobody is named");
    assert_eq!(stage.moderation.erase_reporter("nadia.ferraris@posta.example", "carla").await.unwrap(), 1);
    let erasures = stage.log().await.into_iter().filter_map(|entry| match entry.fact {
        ledger::Fact::ReportErasure { by, reports } => Some((by, reports)),
        _ => None,
    });
    assert_eq!(erasures.collect::<Vec<_>>(), [("anna".to_owned(), 1), ("carla".to_owned(), 1)]);
    assert!(stage.everything().await.iter().all(|item| !item.contains("\"report#")), "nothing tells of them");
}

#[tokio::test]
async fn messages_that_do_not_say_who_writes_are_of_different_senders() {
    let stage = Stage::open().await;
    for number in 0..25 {
        let raw = format!("Message-ID: <{number}@posta.example>\r\n\r\nSenza nome, {number}.");
        assert_eq!(stage.gets(raw.as_bytes()).await.outcome, ReportOutcome::New, "{number}");
        assert_eq!(stage.gets(raw.as_bytes()).await.outcome, ReportOutcome::Repeated, "{number}");
    }
    assert_eq!(stage.asked().await.len(), 25, "nobody uses up what another may send");
    let foreign = "From: agn\u{e8}s@citt\u{e0}.example\r\nMessage-ID: <1@citta.example>\r\n\r\nLeggete.";
    let taken = stage.gets(foreign.as_bytes()).await;
    assert!(taken.receipt.is_none());
    assert_eq!(stage.moderation.erase_reporter("Agn\u{c8}s@citt\u{e0}.example", "anna").await.unwrap(), 1);
}

#[tokio::test]
async fn a_report_whose_time_is_over_does_not_stand_in_the_way_of_its_repetition() {
    let mut stage = Stage::with_the_comment().await;
    let first = stage.gets(&mail("link")).await;
    stage.hours(181 * 24);
    // The table has not forgotten anything yet.
    let again = stage.gets(&mail("link")).await;
    assert_eq!((again.outcome, &again.id), (ReportOutcome::New, &first.id));
    assert_eq!(stage.asked().await.len(), 1);
}

#[tokio::test]
async fn that_too_much_came_is_due_and_passes_like_a_report() {
    let stage = Stage::open().await;
    for number in 0..21 {
        let raw = format!("From: molti@posta.example\r\nMessage-ID: <{number}@posta.example>\r\n\r\nDi nuovo.");
        stage.gets(raw.as_bytes()).await;
    }
    let asked = stage.asked().await;
    let over = asked.iter().find(|task| wording(task).contains("più segnalazioni")).unwrap();
    assert!(over.deadline.is_some() && over.expires_at > over.deadline);
}

#[tokio::test]
async fn who_repeats_a_report_after_a_rotation_is_recognised() {
    let mut stage = Stage::open().await;
    let first = stage.gets(&mail("link")).await;
    assert_eq!(first.cases, 0);
    let at = stage.now();
    stage.rotates(&format!("the second key of the story,{}@{at}", moderation::DEVELOPMENT_SECRET)).await;
    stage.hours(1);
    let again = stage.gets(&mail("link-again")).await;
    assert_eq!((again.outcome, &again.id), (ReportOutcome::Repeated, &first.id));
    assert_eq!(stage.asked().await.len(), 1);
}

#[tokio::test]
async fn of_who_is_erased_a_report_keeps_no_link_and_the_office_is_asked_to_look() {
    let stage = Stage::with_the_comment().await;
    let taken = stage.gets(&mail("link")).await;
    let case = stage.case(Platform::Facebook, COMMENT).await;
    let authors = [case.pseudonym.clone().unwrap()];
    let ruling = moderation::Ruling { by: "anna", reason: "lo ha chiesto per lettera" };
    stage.moderation.erase_author(Some(Platform::Facebook), &authors, ruling, true).await.unwrap();

    let report = stage.ledger().user_report(&taken.id, stage.now()).await.unwrap().unwrap();
    assert!(report.text.contains("trovo offensivo"), "what the sender wrote is the sender's");
    assert!(report.about[0].link.is_none() && report.about[0].case.is_none());
    assert!(!report.text.contains("comment_id") && report.text.contains("[link tolto]"), "{}", report.text);
    let asked = stage.asked().await;
    assert_eq!(asked.len(), 1, "the report is not lost with the case");
    assert!(asked[0].case.is_none() && asked[0].deadline.is_some());
    assert!(wording(&asked[0]).contains(&taken.id.to_string()), "{}", wording(&asked[0]));

    let again = stage.gets(&mail("link-again")).await;
    assert_eq!(again.outcome, ReportOutcome::Repeated, "the same sender is not heard twice because of it");
    let of_another = String::from_utf8(mail("link")).unwrap().replace("nadia.ferraris", "carla.rossi");
    stage.gets(of_another.as_bytes()).await;
    let asked = stage.asked().await;
    assert!(asked.iter().any(|task| wording(task).contains("prima di una decisione")));
    assert!(asked.iter().all(|task| !wording(task).contains("se la decisione regge")), "there was none");
}

#[tokio::test]
async fn who_is_reported_is_not_told_by_whom() {
    let stage = Stage::with_the_comment().await;
    let taken = stage.gets(&mail("link")).await;
    let task = stage.asked().await.remove(0);
    let ruling = moderation::Ruling { by: "anna", reason: "ha ragione Nadia Ferraris" };
    stage.moderation.finish_task(&task.id, ruling, true).await.unwrap();
    let author = stage.case(Platform::Facebook, COMMENT).await.pseudonym.unwrap();
    let export =
        stage.moderation.export_author(Some(Platform::Facebook), &[author], "anna", wording).await.unwrap().unwrap();
    let told = export["cases"][0]["tasks"].as_array().unwrap();
    let told = told.iter().find(|task| task["kind"] == "user_report").unwrap();
    assert_eq!(told["done"]["achieved"], true);
    assert!(!export.to_string().contains(&taken.id.to_string()) && !export.to_string().contains("Ferraris"), "{told}");
}
