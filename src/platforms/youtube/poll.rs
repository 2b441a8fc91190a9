//! Reads comments, because YouTube pushes none (docs/platforms.md, section 1.4).
//!
//! Threads come newest first, so a poll reads pages until it meets what the one before has seen, and the replies of
//! threads whose number of replies has changed. An edit does not move a thread, and a reply does not either: once a
//! day a deep scan therefore reads everything in the threads of the last week. What it finds again, the ledger knows.

use std::collections::{HashMap, VecDeque};
use std::fmt;
use std::time::{Duration, Instant};

use jiff::{SignedDuration, Timestamp};
use policy::Account;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::payload::{self, Listed};
use super::{calls, errors};
use crate::arriving::bounds;
use crate::arriving::lenient::{self, malformed};
use crate::{Accounts, Answer, Call, Caller, Class, Delivery, NoAnswer, PollError, Polled};

/// How far every poll reaches behind the newest it has seen: a comment may be visible some time after its date.
const OVERLAP: SignedDuration = SignedDuration::from_mins(15);

/// How often everything recent is read again.
const DEEP_EVERY: SignedDuration = SignedDuration::from_hours(24);

/// How far back that goes; the first poll goes as far.
const DEEP_REACH: SignedDuration = SignedDuration::from_hours(7 * 24);

/// The most calls of one poll: 0.6 % of the day's units, and 6,000 comments.
const MAX_CALLS: u32 = 60;

/// The longest that one poll goes on making calls. The last of them may still take [`crate::asking::client::TIMEOUT`].
const MAX_TIME: Duration = Duration::from_secs(60);

/// How many threads with replies are remembered, about 40 bytes each where the cursor is stored. Of one that is
/// forgotten, the replies are listed once more when it is met again.
const MAX_THREADS: usize = 2000;

/// How much of them is stored, in bytes, whatever the length of their ids: an item of the ledger holds 400 KB.
const MAX_THREADS_BYTES: usize = 200 * 1024;

/// The longest token of a next page that is asked with, in bytes: what servers take as an address.
const MAX_TOKEN_BYTES: usize = 4096;

/// Where the next poll begins. Holds ids of comments: it is kept no longer than until the next poll.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cursor {
    /// The newest `updatedAt` that has been seen.
    watermark: Option<Timestamp>,
    /// When everything recent was last read.
    deep_scan: Option<Timestamp>,
    /// The threads with replies, and how many there were.
    replies: Vec<(String, u64)>,
}

impl fmt::Debug for Cursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Cursor")
            .field("watermark", &self.watermark)
            .field("deep_scan", &self.deep_scan)
            .field("threads", &self.replies.len())
            .finish()
    }
}

/// Reads what was written on a channel since the last poll; without a cursor, in the last week. What any of
/// `accounts` wrote there is our own voice.
///
/// # Errors
/// When YouTube does not answer, or declines for another reason than its quota. Nothing is lost by that.
pub async fn poll(
    caller: &impl Caller,
    account: &Account,
    accounts: &Accounts,
    cursor: Option<Cursor>,
    now: Timestamp,
) -> Result<Polled<Cursor>, PollError> {
    let began = Instant::now();
    let mut scan = Scan::new(account, accounts, cursor.unwrap_or_default(), now);
    while let Some(call) = scan.next_call() {
        match caller.obtain(account, &call).await {
            Ok(answer) => scan.take(&answer, began.elapsed())?,
            Err(NoAnswer::Held(class)) => scan.stopped = Some(class),
            Err(NoAnswer::Unanswered(unanswered)) => return Err(unanswered.into()),
        }
    }
    Ok(scan.finish())
}

/// A page that is still to be read.
enum Page {
    Threads { token: Option<String> },
    Replies { thread: String, on: Option<String>, total: u64, token: Option<String> },
}

/// One poll, apart from its sending.
struct Scan<'a> {
    account: &'a Account,
    accounts: &'a Accounts,
    now: Timestamp,
    from: Cursor,
    /// How many replies each thread had at the last poll.
    known: HashMap<String, u64>,
    /// Comments that changed since are new.
    since: Timestamp,
    deep: bool,
    /// Threads are read until one is met that began before this.
    reach: Timestamp,
    pages: VecDeque<Page>,
    /// The newest `updatedAt` that was met.
    newest: Option<Timestamp>,
    /// The threads with replies whose replies have been read, the newest first.
    replies: Vec<(String, u64)>,
    stopped: Option<Class>,
    delivery: Delivery,
    calls: u32,
}

impl<'a> Scan<'a> {
    fn new(account: &'a Account, accounts: &'a Accounts, from: Cursor, now: Timestamp) -> Self {
        let week_ago = now - DEEP_REACH;
        let deep = from.deep_scan.is_none_or(|last| now.duration_since(last) >= DEEP_EVERY);
        let since = from.watermark.map_or(week_ago, |watermark| watermark - OVERLAP);
        Self {
            account,
            accounts,
            now,
            known: from.replies.iter().cloned().collect(),
            since,
            deep,
            reach: if deep { since.min(week_ago) } else { since },
            pages: VecDeque::from([Page::Threads { token: None }]),
            newest: from.watermark,
            replies: Vec::new(),
            stopped: None,
            delivery: Delivery::default(),
            calls: 0,
            from,
        }
    }

    fn next_call(&self) -> Option<Call> {
        let page = self.pages.front().filter(|_| self.stopped.is_none())?;
        Some(match page {
            Page::Threads { token } => calls::threads(self.account.id.as_str(), token.as_deref()),
            Page::Replies { thread, token, .. } => calls::replies(thread, token.as_deref()),
        })
    }

    /// Takes the answer to [`Scan::next_call`]; the poll has been going on for `elapsed`.
    fn take(&mut self, answer: &Answer, elapsed: Duration) -> Result<(), PollError> {
        self.calls += 1;
        self.page(answer)?;
        if (self.calls >= MAX_CALLS || elapsed >= MAX_TIME) && !self.pages.is_empty() && self.stopped.is_none() {
            self.stopped = Some(Class::RetryBackoff("there is more than one poll reads"));
        }
        Ok(())
    }

    fn page(&mut self, answer: &Answer) -> Result<(), PollError> {
        if !answer.status.is_success() {
            return self.refused(errors::failure(answer));
        }
        let items: Vec<_> = match (lenient::items(&answer.body, "items"), self.pages.front()) {
            (Some(items), _) => items.collect(),
            (None, Some(Page::Replies { .. })) => {
                self.skip("the answer holds no list");
                return Ok(());
            }
            (None, _) => return Err(malformed("items", "expected a list".to_owned()).into()),
        };
        let next = answer.body.get("nextPageToken").and_then(Value::as_str).map(str::to_owned);
        let is_askable = |token: &String| token.len() <= MAX_TOKEN_BYTES;
        if next.as_ref().is_some_and(|token| !is_askable(token)) {
            // What was read up to here is dealt with; the next poll begins where this one did.
            self.stopped = Some(Class::RetryBackoff("the token of the next page is too long"));
        }
        let next = next.filter(is_askable);
        match self.pages.pop_front() {
            Some(Page::Threads { .. }) => self.threads(&items, next),
            Some(Page::Replies { thread, on, total, .. }) => {
                for (path, item) in &items {
                    let reply = payload::comment(item, path, self.account, self.accounts, on.as_deref());
                    self.comment(reply);
                }
                match next {
                    Some(token) => self.pages.push_front(Page::Replies { thread, on, total, token: Some(token) }),
                    None => self.replies.push((thread, total)),
                }
            }
            None => {}
        }
        Ok(())
    }

    fn refused(&mut self, class: Class) -> Result<(), PollError> {
        match (class, self.pages.front()) {
            (class @ (Class::Limited(_) | Class::RetryAfter(_) | Class::RetryBackoff(_)), _) => {
                self.stopped = Some(class)
            }
            (class @ (Class::Reauthorise(_) | Class::Suspended(..)), _) => return Err(PollError::Refused(class)),
            // Deleted, for example, or closed between its listing and that of its replies.
            (_, Some(Page::Replies { .. })) => self.skip("YouTube declined the listing"),
            (class, _) => return Err(PollError::Refused(class)),
        }
        Ok(())
    }

    /// Leaves out the replies of one thread, so that they do not hold up all the others. Their number is not
    /// remembered, so that the next poll asks for them again.
    fn skip(&mut self, why: &'static str) {
        self.pages.pop_front();
        tracing::warn!(account = %self.account.id, why, "the replies of one thread could not be read");
    }

    fn threads(&mut self, items: &[(String, &Value)], next: Option<String>) {
        let mut oldest = None;
        for (path, item) in items {
            match payload::thread(item, path, self.account, self.accounts) {
                Ok(thread) => {
                    oldest = thread.top.published.or(oldest);
                    self.thread(thread);
                }
                Err(error) => self.delivery.ignore(error.into()),
            }
        }
        // A page of which nothing has a date tells nothing about the next.
        if let Some(token) = next.filter(|_| oldest.is_none_or(|oldest| oldest >= self.reach)) {
            self.pages.push_back(Page::Threads { token: Some(token) });
        }
    }

    fn thread(&mut self, thread: payload::ListedThread) {
        let sampled = thread.replies.len() as u64;
        self.comment(thread.top);
        for reply in thread.replies {
            self.comment(reply);
        }
        // By an id that is too long no replies can be asked for.
        let (Some(id), total @ 1..) = (thread.id.and_then(bounds::id), thread.total_replies) else {
            return;
        };
        let changed = self.known.get(&id).copied().unwrap_or(0) != total;
        if sampled < total && (changed || self.deep) {
            self.pages.push_back(Page::Replies { thread: id, on: thread.on, total, token: None });
        } else {
            self.replies.push((id, total));
        }
    }

    fn comment(&mut self, comment: Listed) {
        self.newest = self.newest.max(comment.updated.filter(|updated| *updated <= self.now));
        if self.deep || comment.updated.is_none_or(|updated| updated >= self.since) {
            self.delivery.extend([comment.event]);
        }
    }

    fn finish(mut self) -> Polled<Cursor> {
        let complete = self.pages.is_empty() && self.stopped.is_none();
        // After a complete deep scan, only what it met is worth remembering.
        if !(complete && self.deep) {
            let read: HashMap<_, _> = self.replies.iter().cloned().collect();
            self.replies.extend(self.from.replies.into_iter().filter(|(id, _)| !read.contains_key(id)));
        }
        let mut bytes = 0;
        let fits = |(id, _): &&(String, u64)| {
            bytes += id.len();
            bytes <= MAX_THREADS_BYTES
        };
        let fitting = self.replies.iter().take(MAX_THREADS).take_while(fits).count();
        self.replies.truncate(fitting);
        let cursor = Cursor {
            watermark: if complete { self.newest } else { self.from.watermark },
            deep_scan: if complete && self.deep { Some(self.now) } else { self.from.deep_scan },
            replies: self.replies,
        };
        Polled { delivery: self.delivery, cursor, calls: self.calls, stopped: self.stopped }
    }
}

#[cfg(test)]
mod tests;
