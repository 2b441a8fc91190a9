//! Reads notifications instead of waiting for them: push needs LinkedIn's approval (docs/platforms.md, section 1.3).

use jiff::{SignedDuration, Timestamp};
use policy::Account;
use serde::{Deserialize, Serialize};

use super::urn::encode;
use super::{calls, errors, payload};
use crate::{Accounts, Answer, Call, Caller, Class, Delivery, NoAnswer, PollError, Polled};

/// Notifications a page.
const COUNT: usize = 50;

/// How far the first poll looks back: what is older may no longer be kept (docs/platforms.md, section 7.2), so it is
/// not fetched either.
const FIRST: SignedDuration = SignedDuration::from_hours(48);

/// How far every poll reaches behind the one before, for notifications that appear late.
const OVERLAP: SignedDuration = SignedDuration::from_mins(15);

/// The most calls of one poll: a fifth of the 500 a day that an application without approval has.
const MAX_CALLS: u32 = 100;

/// Where the next poll begins.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cursor {
    /// Until when everything has been read.
    until: Timestamp,
}

/// Reads what was said about a Page since the last poll; without a cursor, in the last 48 hours. What any of
/// `accounts` said there is our own voice.
///
/// # Errors
/// When LinkedIn does not answer, or declines for another reason than its quota. Nothing is lost by that.
pub async fn poll(
    caller: &impl Caller,
    account: &Account,
    accounts: &Accounts,
    cursor: Option<Cursor>,
    now: Timestamp,
) -> Result<Polled<Cursor>, PollError> {
    let mut scan = Scan::new(account, accounts, cursor, now);
    while let Some(call) = scan.next_call() {
        match caller.obtain(account, &call).await {
            Ok(answer) => scan.take(&answer)?,
            Err(NoAnswer::Held(class)) => scan.stopped = Some(class),
            Err(NoAnswer::Unanswered(unanswered)) => return Err(unanswered.into()),
        }
    }
    Ok(scan.finish())
}

/// One poll, apart from its sending.
struct Scan<'a> {
    account: &'a Account,
    accounts: &'a Accounts,
    from: Cursor,
    start: Timestamp,
    end: Timestamp,
    /// How many notifications have been read.
    read: usize,
    complete: bool,
    stopped: Option<Class>,
    delivery: Delivery,
    calls: u32,
}

impl<'a> Scan<'a> {
    fn new(account: &'a Account, accounts: &'a Accounts, cursor: Option<Cursor>, now: Timestamp) -> Self {
        let from = cursor.unwrap_or_else(|| Cursor { until: now - FIRST });
        Self {
            account,
            accounts,
            start: from.until.min(now) - OVERLAP,
            from,
            end: now,
            read: 0,
            complete: false,
            stopped: None,
            delivery: Delivery::default(),
            calls: 0,
        }
    }

    fn next_call(&self) -> Option<Call> {
        (!self.complete && self.stopped.is_none()).then(|| Call {
            name: "GET /rest/organizationalEntityNotifications",
            // `List(..)` and `(start:..,end:..)` must stay unencoded, the URN must not.
            path: format!(
                "/rest/organizationalEntityNotifications?q=criteria\
                 &actions=List(COMMENT,COMMENT_EDIT,COMMENT_DELETE,SHARE_MENTION)&organizationalEntity={}\
                 &timeRange=(start:{},end:{})&count={COUNT}&start={}",
                encode(self.account.id.as_str()),
                self.start.as_millisecond(),
                self.end.as_millisecond(),
                self.read,
            ),
            ..calls::get()
        })
    }

    fn take(&mut self, answer: &Answer) -> Result<(), PollError> {
        self.calls += 1;
        if !answer.status.is_success() {
            return match errors::failure(answer) {
                class @ (Class::Limited(_) | Class::RetryAfter(_) | Class::RetryBackoff(_)) => {
                    self.stopped = Some(class);
                    Ok(())
                }
                class => Err(PollError::Refused(class)),
            };
        }
        let page = payload::page(&answer.body, self.accounts, &mut self.delivery)?;
        self.read += page;
        self.complete = page < COUNT;
        if !self.complete && self.calls == MAX_CALLS {
            self.stopped = Some(Class::RetryBackoff("there is more than one poll reads"));
        }
        Ok(())
    }

    fn finish(self) -> Polled<Cursor> {
        let cursor = if self.complete { Cursor { until: self.end } } else { self.from };
        Polled { delivery: self.delivery, cursor, calls: self.calls, stopped: self.stopped }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use policy::Platform;
    use serde_json::{Value, json};

    use super::*;
    use crate::testing::fixtures::{account, answer, events, summary};

    fn now() -> Timestamp {
        "2026-11-21T12:00:00Z".parse().unwrap()
    }

    fn page(notifications: usize) -> Value {
        let (_, body) = events(Platform::Linkedin).into_iter().find(|(name, _)| name == "comment.json").unwrap();
        let document: Value = serde_json::from_slice(&body).unwrap();
        json!({ "paging": { "start": 0, "count": 50 }, "elements": vec![&document["notifications"][0]; notifications] })
    }

    fn run(cursor: Option<Cursor>, answers: &[Answer]) -> (Result<Polled<Cursor>, PollError>, Vec<String>) {
        let account = account(Platform::Linkedin, "urn:li:organization:96072893");
        let accounts = Accounts::new(std::slice::from_ref(&account));
        let mut scan = Scan::new(&account, &accounts, cursor, now());
        let (mut paths, mut answers) = (Vec::new(), answers.iter());
        while let Some(call) = scan.next_call() {
            paths.push(call.path);
            if let Err(error) = scan.take(answers.next().expect("no more calls than answers")) {
                return (Err(error), paths);
            }
        }
        (Ok(scan.finish()), paths)
    }

    #[test]
    fn the_first_poll_reads_what_linkedin_content_may_be_kept_for() {
        let (polled, paths) = run(None, &[answer(200, page(1))]);
        let polled = polled.unwrap();
        assert_eq!(
            paths,
            ["/rest/organizationalEntityNotifications?q=criteria\
              &actions=List(COMMENT,COMMENT_EDIT,COMMENT_DELETE,SHARE_MENTION)\
              &organizationalEntity=urn%3Ali%3Aorganization%3A96072893\
              &timeRange=(start:1795088700000,end:1795262400000)&count=50&start=0"]
        );
        assert_eq!((polled.calls, polled.delivery.events.len(), polled.stopped), (1, 1, None));
        assert_eq!(polled.cursor, Cursor { until: now() });
    }

    #[test]
    fn the_next_poll_overlaps_by_a_quarter_of_an_hour() {
        let cursor = Cursor { until: "2026-11-21T11:58:00Z".parse().unwrap() };
        let (polled, paths) = run(Some(cursor), &[answer(200, page(0))]);
        assert!(paths[0].contains("timeRange=(start:1795261380000,end:1795262400000)"), "{}", paths[0]);
        assert_eq!(summary(&polled.unwrap().delivery), Vec::<String>::new());
    }

    #[test]
    fn full_pages_are_followed_by_the_next() {
        let (polled, paths) = run(None, &[answer(200, page(50)), answer(200, page(50)), answer(200, page(3))]);
        let polled = polled.unwrap();
        assert_eq!((polled.calls, polled.delivery.events.len()), (3, 103));
        assert!(paths[1].ends_with("&start=50") && paths[2].ends_with("&start=100"), "{paths:?}");
    }

    #[test]
    fn at_the_quota_it_keeps_what_it_has_and_its_place() {
        let cursor = Cursor { until: "2026-11-21T11:58:00Z".parse().unwrap() };
        let (polled, _) = run(Some(cursor.clone()), &[answer(200, page(50)), answer(429, Value::Null)]);
        let polled = polled.unwrap();
        assert_eq!((polled.delivery.events.len(), polled.cursor), (50, cursor));
        let Some(Class::Limited(limit)) = polled.stopped else { panic!("{:?}", polled.stopped) };
        assert_eq!(limit.wait, Some(Duration::from_secs(3600)));
    }

    #[test]
    fn a_refusal_is_an_error() {
        let (polled, _) = run(None, &[answer(401, Value::Null)]);
        assert!(matches!(polled, Err(PollError::Refused(Class::Reauthorise(_)))));
    }

    #[test]
    fn our_other_pages_are_our_own_voice() {
        let ours = account(Platform::Linkedin, "urn:li:organization:96072893");
        let accounts = Accounts::new(&[ours.clone(), account(Platform::Linkedin, "urn:li:organization:96072894")]);
        let mut body = page(1);
        body["elements"][0]["decoratedGeneratedActivity"]["comment"]["owner"] = json!("urn:li:organization:96072894");
        let mut scan = Scan::new(&ours, &accounts, None, now());
        scan.take(&answer(200, body)).unwrap();
        assert_eq!(summary(&scan.finish().delivery), ["(own_voice)"]);
    }

    #[test]
    fn an_answer_without_a_list_is_no_empty_page() {
        for body in [Value::Null, json!({}), json!({ "elements": {} })] {
            let (polled, _) = run(None, &[answer(200, body)]);
            assert_eq!(polled.unwrap_err().to_string(), "the listing was not understood: elements: expected a list");
        }
    }

    #[test]
    fn it_ends_even_if_the_pages_do_not() {
        let (polled, _) = run(None, &vec![answer(200, page(50)); MAX_CALLS as usize]);
        let polled = polled.unwrap();
        assert_eq!((polled.calls, polled.delivery.events.len()), (MAX_CALLS, 5000));
        assert!(matches!(polled.stopped, Some(Class::RetryBackoff(_))));
    }

    #[test]
    fn the_cursor_survives_storage() {
        let cursor = Cursor { until: now() };
        let stored = serde_json::to_string(&cursor).unwrap();
        assert_eq!(serde_json::from_str::<Cursor>(&stored).unwrap(), cursor);
    }

    /// A page, and then a limit that an action has met meanwhile.
    struct Interrupted(std::sync::atomic::AtomicBool);

    impl Caller for Interrupted {
        async fn obtain(&self, _: &Account, _: &Call) -> Result<Answer, NoAnswer> {
            if self.0.swap(true, std::sync::atomic::Ordering::Relaxed) {
                return Err(NoAnswer::Held(Class::RetryAfter(Duration::from_secs(900))));
            }
            let elements = vec![json!({}); COUNT];
            Ok(crate::testing::fixtures::answer(200, json!({ "elements": elements })))
        }
    }

    #[tokio::test]
    async fn between_two_pages_it_keeps_to_what_holds_the_account() {
        let account = crate::testing::fixtures::account(Platform::Linkedin, "urn:li:organization:1");
        let accounts = Accounts::new(std::slice::from_ref(&account));
        let now: Timestamp = "2026-11-21T12:00:00Z".parse().unwrap();
        let from = Cursor { until: now - FIRST };
        let polled = poll(&Interrupted(false.into()), &account, &accounts, Some(from.clone()), now).await.unwrap();
        assert_eq!(polled.stopped, Some(Class::RetryAfter(Duration::from_secs(900))));
        assert_eq!((polled.calls, polled.cursor), (1, from), "it goes on from there");
    }
}
