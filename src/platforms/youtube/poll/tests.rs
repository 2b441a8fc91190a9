//! The poller against canned answers.

use std::time::Duration;

use policy::Platform;
use serde_json::json;

use super::*;
use crate::testing::fixtures::{account, answer, answer_with, events, summary};

const CHANNEL: &str = "UCgalateoMilanoMonzaLodi";

fn at(time: &str) -> Timestamp {
    time.parse().unwrap()
}

fn file(name: &str) -> Answer {
    let (_, body) = events(Platform::Youtube).into_iter().find(|(file, _)| file == name).unwrap();
    answer(200, serde_json::from_slice(&body).unwrap())
}

/// A comment with this id, written and changed at these times.
fn comment(id: &str, published: &str, updated: &str) -> Value {
    let author = json!({ "value": "UCx" });
    json!({ "id": id, "snippet": {
        "channelId": CHANNEL, "videoId": "v", "textDisplay": format!("testo di {id}"), "authorChannelId": author,
        "publishedAt": published, "updatedAt": updated,
    }})
}

fn thread(top: Value, total: u64) -> Value {
    let id = top["id"].clone();
    json!({ "id": id, "snippet": { "videoId": "v", "topLevelComment": top, "totalReplyCount": total } })
}

fn page(items: &[Value], next: Option<&str>) -> Answer {
    answer(200, json!({ "items": items, "nextPageToken": next }))
}

/// Polls at this time; every answer must be asked for, and each call has one. Returns what was asked for beside the
/// result: the page of threads, or the thread and the page of its replies.
fn run(cursor: Option<Cursor>, now: &str, answers: &[Answer]) -> (Result<Polled<Cursor>, PollError>, Vec<String>) {
    let account = account(Platform::Youtube, CHANNEL);
    let accounts = Accounts::new(std::slice::from_ref(&account));
    let mut scan = Scan::new(&account, &accounts, cursor.unwrap_or_default(), at(now));
    let (mut asked, mut answers) = (Vec::new(), answers.iter());
    while let Some(call) = scan.next_call() {
        let query: Vec<_> = call.query.iter().filter(|(name, _)| matches!(*name, "parentId" | "pageToken")).collect();
        asked.push(query.iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join(" "));
        if let Err(error) = scan.take(answers.next().expect("no more calls than answers"), Duration::ZERO) {
            return (Err(error), asked);
        }
    }
    assert_eq!(answers.next().map(|_| "an answer that nobody asked for"), None);
    (Ok(scan.finish()), asked)
}

fn ids(polled: &Polled<Cursor>) -> Vec<String> {
    summary(&polled.delivery).iter().map(|line| line.split(' ').nth(1).unwrap_or(line).to_owned()).collect()
}

/// The cursor after a poll at noon that saw threads `a` of 11:50, with two replies that the poll read, and `b`.
fn after_noon() -> Cursor {
    Cursor {
        watermark: Some(at("2026-11-21T11:50:00Z")),
        deep_scan: Some(at("2026-11-21T12:00:00Z")),
        replies: vec![("a".to_owned(), 2)],
    }
}

#[test]
fn the_first_poll_reads_the_last_week() {
    let answers = [
        file("comment-threads-first-page.json"),
        file("comment-threads-second-page.json"),
        file("comments-replies.json"),
    ];
    let (polled, asked) = run(None, "2026-11-21T12:00:00Z", &answers);
    let polled = polled.unwrap();
    assert_eq!(asked, ["", "pageToken=QURTSl9pMG", "parentId=UgzFFFFFFFFFFFFFFFFF4AaABAg"]);
    assert_eq!((polled.calls, polled.stopped), (3, None));
    assert_eq!((polled.delivery.events.len(), polled.delivery.ignored.len()), (10, 1));
    let expected = Cursor {
        watermark: Some(at("2026-11-21T09:30:00Z")),
        deep_scan: Some(at("2026-11-21T12:00:00Z")),
        replies: vec![("UgzCCCCCCCCCCCCCCCCC4AaABAg".to_owned(), 2), ("UgzFFFFFFFFFFFFFFFFF4AaABAg".to_owned(), 120)],
    };
    assert_eq!(polled.cursor, expected);
}

#[test]
fn what_is_too_long_holds_up_no_poll_and_fits_into_the_ledger() {
    let long = "x".repeat(450_000);
    let fresh = |id: &str| thread(comment(id, "2026-11-21T11:55:00Z", "2026-11-21T11:55:00Z"), 9);
    let (polled, asked) =
        run(Some(after_noon()), "2026-11-21T12:02:00Z", &[page(&[fresh(&long), fresh("c")], Some(&long))]);
    let polled = polled.unwrap();
    assert_eq!(asked, [""], "nothing is asked with what is too long");
    assert_eq!((polled.delivery.events.len(), polled.stopped.is_some()), (1, true));
    assert_eq!(polled.cursor, after_noon(), "the next poll begins where this one did");

    let many: Vec<_> = (0..2000).map(|number| (format!("{number:0>1000}"), 2)).collect();
    let cursor = Cursor { replies: many, ..after_noon() };
    let (polled, _) = run(Some(cursor), "2026-11-21T12:02:00Z", &[page(&[], None)]);
    let bytes = serde_json::to_vec(&polled.unwrap().cursor).unwrap().len();
    assert!((150_000..300_000).contains(&bytes), "{bytes} bytes");
}

#[test]
fn when_nothing_is_new_one_call_suffices() {
    let old = comment("old", "2026-11-21T11:00:00Z", "2026-11-21T11:00:00Z");
    let known = thread(comment("a", "2026-11-21T11:30:00Z", "2026-11-21T11:30:00Z"), 2);
    let (polled, asked) = run(Some(after_noon()), "2026-11-21T12:02:00Z", &[page(&[known, thread(old, 0)], Some("2"))]);
    let polled = polled.unwrap();
    assert_eq!((asked.as_slice(), polled.calls), (["".to_owned()].as_slice(), 1));
    assert_eq!(polled.delivery, Delivery::default());
    assert_eq!(polled.cursor, after_noon());
}

#[test]
fn pages_are_read_until_what_is_known() {
    let new = |id: &str, time: &str| thread(comment(id, time, time), 0);
    let answers = [
        page(&[new("n3", "2026-11-21T12:30:00Z"), new("n2", "2026-11-21T12:20:00Z")], Some("2")),
        page(&[new("n1", "2026-11-21T12:10:00Z"), new("a", "2026-11-21T11:34:00Z")], Some("3")),
    ];
    let (polled, asked) = run(Some(after_noon()), "2026-11-21T12:32:00Z", &answers);
    let polled = polled.unwrap();
    assert_eq!(asked, ["", "pageToken=2"]);
    assert_eq!(ids(&polled), ["n3", "n2", "n1"]);
    assert_eq!(polled.cursor.watermark, Some(at("2026-11-21T12:30:00Z")));
}

#[test]
fn what_becomes_visible_a_little_late_is_not_missed() {
    let late = thread(comment("late", "2026-11-21T11:40:00Z", "2026-11-21T11:40:00Z"), 0);
    let (polled, _) = run(Some(after_noon()), "2026-11-21T12:02:00Z", &[page(&[late], None)]);
    assert_eq!(ids(&polled.unwrap()), ["late"]);
}

#[test]
fn a_new_reply_on_an_old_thread_is_read() {
    let old = thread(comment("a", "2026-11-20T11:00:00Z", "2026-11-20T11:00:00Z"), 3);
    let replies = [
        page(&[comment("a.3", "2026-11-21T12:01:00Z", "2026-11-21T12:01:00Z")], Some("r2")),
        page(&[comment("a.1", "2026-11-20T12:01:00Z", "2026-11-20T12:01:00Z")], None),
    ];
    let answers = [page(&[old], None), replies[0].clone(), replies[1].clone()];
    let (polled, asked) = run(Some(after_noon()), "2026-11-21T12:02:00Z", &answers);
    let polled = polled.unwrap();
    assert_eq!(asked, ["", "parentId=a", "parentId=a pageToken=r2"]);
    assert_eq!(ids(&polled), ["a.3"], "the other is known");
    assert_eq!(polled.cursor.replies, [("a".to_owned(), 3)]);
    let Some(crate::Event::Contribution(reply)) = polled.delivery.events.first() else { panic!("a reply") };
    assert_eq!(reply.thread.as_ref().unwrap().as_str(), "v", "the reply hangs on the video of its thread");
}

#[test]
fn the_daily_deep_scan_finds_an_edit_of_an_old_comment() {
    let edited = thread(comment("old", "2026-11-16T10:00:00Z", "2026-11-22T08:00:00Z"), 0);
    let between = thread(comment("between", "2026-11-19T10:00:00Z", "2026-11-19T10:00:00Z"), 0);
    let newer = thread(comment("new", "2026-11-22T11:59:00Z", "2026-11-22T11:59:00Z"), 0);
    let answers = [page(&[newer, between], Some("2")), page(&[edited], None)];
    let cursor = Cursor { watermark: Some(at("2026-11-22T11:58:00Z")), ..after_noon() };

    let (polled, asked) = run(Some(cursor.clone()), "2026-11-22T11:59:30Z", &answers[..1]);
    assert_eq!((asked.len(), ids(&polled.unwrap())), (1, vec!["new".to_owned()]), "not a day has passed");

    let (polled, asked) = run(Some(cursor), "2026-11-22T12:00:00Z", &answers);
    let polled = polled.unwrap();
    assert_eq!(asked, ["", "pageToken=2"]);
    assert_eq!(ids(&polled), ["new", "between", "old"]);
    assert!(summary(&polled.delivery)[2].contains("now edited"));
    assert_eq!(polled.cursor.deep_scan, Some(at("2026-11-22T12:00:00Z")));
    assert_eq!(polled.cursor.replies, [], "threads that are no longer met are forgotten");
}

#[test]
fn the_deep_scan_ends_after_a_week() {
    let ancient = thread(comment("ancient", "2026-11-01T10:00:00Z", "2026-11-01T10:00:00Z"), 0);
    let (polled, asked) = run(None, "2026-11-21T12:00:00Z", &[page(&[ancient], Some("2"))]);
    assert_eq!((asked.len(), polled.unwrap().stopped), (1, None));
}

#[test]
fn at_the_quota_it_keeps_what_it_has_and_its_place() {
    let error = json!({ "error": { "code": 403, "errors": [{ "reason": "quotaExceeded" }] } });
    let quota = answer_with(403, &[("date", "Sat, 21 Nov 2026 12:32:00 GMT")], error);
    let new = thread(comment("n", "2026-11-21T12:30:00Z", "2026-11-21T12:30:00Z"), 1);
    let read = thread(comment("a", "2026-11-21T12:20:00Z", "2026-11-21T12:20:00Z"), 2);
    let (polled, _) = run(Some(after_noon()), "2026-11-21T12:32:00Z", &[page(&[new, read], Some("2")), quota]);
    let polled = polled.unwrap();
    assert_eq!(ids(&polled), ["n", "a"]);
    assert_eq!(polled.cursor, after_noon(), "neither the page nor the replies that were not read count as read");
    let until_midnight_in_los_angeles = Duration::from_secs(19 * 3600 + 28 * 60);
    let Some(Class::Limited(limit)) = polled.stopped else { panic!("{:?}", polled.stopped) };
    assert_eq!((limit.of, limit.wait), (crate::LimitOf::App, Some(until_midnight_in_los_angeles)));
    assert_eq!(polled.calls, 2, "the refused call cost a unit too");
}

#[test]
fn a_thread_that_vanishes_meanwhile_does_not_stop_the_poll() {
    let gone = answer(404, json!({ "error": { "errors": [{ "reason": "commentNotFound" }] } }));
    let new = thread(comment("n", "2026-11-21T12:30:00Z", "2026-11-21T12:30:00Z"), 1);
    let (polled, _) = run(Some(after_noon()), "2026-11-21T12:32:00Z", &[page(&[new], None), gone]);
    let polled = polled.unwrap();
    assert_eq!((polled.stopped, polled.cursor.watermark), (None, Some(at("2026-11-21T12:30:00Z"))));
}

#[test]
fn replies_that_cannot_be_read_do_not_hold_up_the_others() {
    let threads = ["n", "o"].map(|id| thread(comment(id, "2026-11-21T12:30:00Z", "2026-11-21T12:30:00Z"), 1));
    let reply = page(&[comment("o.1", "2026-11-21T12:31:00Z", "2026-11-21T12:31:00Z")], None);
    for failed in [answer(400, json!({})), answer(403, json!({})), answer(404, json!({})), answer(200, json!({}))] {
        let (polled, _) =
            run(Some(after_noon()), "2026-11-21T12:32:00Z", &[page(&threads, None), failed, reply.clone()]);
        let polled = polled.unwrap();
        assert_eq!((ids(&polled), polled.stopped), (["n", "o", "o.1"].map(str::to_owned).to_vec(), None));
        assert_eq!(polled.cursor.replies, [("o".to_owned(), 1), ("a".to_owned(), 2)], "asked for again");
    }
    let (polled, _) = run(Some(after_noon()), "2026-11-21T12:32:00Z", &[page(&threads, None), answer(401, json!({}))]);
    assert!(matches!(polled, Err(PollError::Refused(Class::Reauthorise(_)))));
}

#[test]
fn a_poll_that_takes_too_long_stops_with_what_it_has() {
    let account = account(Platform::Youtube, CHANNEL);
    let accounts = Accounts::new(std::slice::from_ref(&account));
    let mut scan = Scan::new(&account, &accounts, after_noon(), at("2026-11-21T12:32:00Z"));
    let new = thread(comment("n", "2026-11-21T12:30:00Z", "2026-11-21T12:30:00Z"), 1);
    scan.take(&page(&[new], None), MAX_TIME - Duration::from_secs(1)).unwrap();
    assert!(scan.next_call().is_some());
    scan.take(&page(&[], Some("2")), MAX_TIME).unwrap();
    assert!(scan.next_call().is_none());
    let polled = scan.finish();
    assert_eq!((ids(&polled), polled.cursor), (vec!["n".to_owned()], after_noon()));
    assert!(matches!(polled.stopped, Some(Class::RetryBackoff(_))));
}

#[test]
fn our_other_channels_are_our_own_voice() {
    let (ours, other) = (account(Platform::Youtube, CHANNEL), account(Platform::Youtube, "UCother"));
    let accounts = Accounts::new(&[ours.clone(), other]);
    let mut scan = Scan::new(&ours, &accounts, after_noon(), at("2026-11-21T12:32:00Z"));
    let mut sibling = comment("n", "2026-11-21T12:30:00Z", "2026-11-21T12:30:00Z");
    sibling["snippet"]["authorChannelId"] = json!({ "value": "UCother" });
    scan.take(&page(&[thread(sibling, 0)], None), Duration::ZERO).unwrap();
    let delivery = scan.finish().delivery;
    assert_eq!((delivery.events.len(), delivery.ignored), (0, vec![crate::Ignored::OwnVoice]));
}

#[test]
fn a_refusal_that_waiting_does_not_mend_is_an_error() {
    let (polled, _) = run(None, "2026-11-21T12:00:00Z", &[answer(401, json!({}))]);
    assert!(matches!(polled, Err(PollError::Refused(Class::Reauthorise(_)))));
    let (polled, _) = run(None, "2026-11-21T12:00:00Z", &[answer(200, json!({}))]);
    assert_eq!(polled.unwrap_err().to_string(), "the listing was not understood: items: expected a list");
}

#[test]
fn it_ends_even_if_the_pages_do_not() {
    let endless = page(&[thread(comment("n", "2026-11-21T12:30:00Z", "2026-11-21T12:30:00Z"), 0)], Some("again"));
    let (polled, _) = run(Some(after_noon()), "2026-11-21T12:32:00Z", &vec![endless; MAX_CALLS as usize]);
    let polled = polled.unwrap();
    assert!(matches!(polled.stopped, Some(Class::RetryBackoff(_))));
    assert_eq!(polled.cursor.watermark, after_noon().watermark);
}

#[test]
fn odd_items_do_not_stop_the_poll() {
    let (polled, _) = run(None, "2026-11-21T12:00:00Z", &[file("comment-threads-odd.json")]);
    let polled = polled.unwrap();
    assert_eq!((polled.delivery.events.len(), polled.delivery.ignored.len()), (2, 3));
}

#[test]
fn a_comment_from_the_future_does_not_move_the_watermark() {
    let future = thread(comment("f", "2026-11-21T12:01:00Z", "2027-01-01T00:00:00Z"), 0);
    let (polled, _) = run(Some(after_noon()), "2026-11-21T12:02:00Z", &[page(&[future], None)]);
    let polled = polled.unwrap();
    assert_eq!((ids(&polled), polled.cursor), (vec!["f".to_owned()], after_noon()));
}

#[test]
fn the_cursor_survives_storage_and_does_not_show_ids() {
    let stored = serde_json::to_string(&after_noon()).unwrap();
    assert_eq!(serde_json::from_str::<Cursor>(&stored).unwrap(), after_noon());
    let cursor = Cursor { replies: vec![("UgzSecret".to_owned(), 1)], ..after_noon() };
    assert!(!format!("{cursor:?}").contains("UgzSecret"));
}
