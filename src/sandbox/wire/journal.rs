//! The calls that the platforms received.

use std::collections::VecDeque;

use policy::Platform;
use serde::Serialize;

/// One call, as the platform saw it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Entry {
    /// Which platform received it.
    pub platform: Platform,
    /// The method.
    pub method: String,
    /// The platform's own path with version and query, percent-encoded as received. An `access_token` in it reads
    /// `-`.
    pub path: String,
    /// The status that was answered; 0 while none has been, and for ever when the answer was lost.
    pub status: u16,
}

/// How many calls are remembered unless [`crate::Sandbox::keep_journal`] says otherwise. A server may run for months.
const KEPT: usize = 20_000;

/// How many bytes of paths are remembered; usual ones have some 200.
const KEPT_BYTES: usize = 8 * 1024 * 1024;

/// The longest path that is remembered whole, in bytes.
const LONGEST_PATH: usize = 4_000;

/// The longest method that is remembered whole, in bytes; HTTP lets callers make up their own.
const LONGEST_METHOD: usize = 16;

/// The last calls, in order of arrival. Holds ids of contributions and people: it is for tests and the demo, not a log.
pub(crate) struct Journal {
    entries: VecDeque<(u64, Entry)>,
    next: u64,
    kept: usize,
    /// The length of all paths in `entries`.
    bytes: usize,
}

impl Default for Journal {
    fn default() -> Self {
        Self { entries: VecDeque::new(), next: 0, kept: KEPT, bytes: 0 }
    }
}

impl Journal {
    /// Notes that a call arrived; the number is for [`Journal::answered`].
    pub(crate) fn arrived(&mut self, platform: Platform, method: &str, path: &str) -> u64 {
        let number = self.next;
        self.next += 1;
        let method = cut(method, LONGEST_METHOD).to_owned();
        let path = cut(&without_token(path), LONGEST_PATH).to_owned();
        self.bytes += path.len();
        self.entries.push_back((number, Entry { platform, method, path, status: 0 }));
        self.forget();
        number
    }

    /// Notes what was answered. The call may have been cleared since.
    pub(crate) fn answered(&mut self, number: u64, status: u16) {
        if let Ok(index) = self.entries.binary_search_by_key(&number, |(number, _)| *number) {
            self.entries[index].1.status = status;
        }
    }

    pub(crate) fn entries(&self) -> Vec<Entry> {
        self.entries.iter().map(|(_, entry)| entry.clone()).collect()
    }

    pub(crate) fn clear(&mut self) {
        self.entries.clear();
        self.bytes = 0;
    }

    /// From now on the last `calls` are kept.
    pub(crate) fn keep(&mut self, calls: usize) {
        self.kept = calls;
        self.forget();
    }

    fn forget(&mut self) {
        while self.entries.len() > self.kept || self.bytes > KEPT_BYTES {
            let Some((_, entry)) = self.entries.pop_front() else { return };
            self.bytes -= entry.path.len();
        }
    }
}

fn cut(text: &str, most: usize) -> &str {
    &text[..text.floor_char_boundary(most)]
}

fn without_token(path: &str) -> String {
    let Some((path, query)) = path.split_once('?') else { return path.to_owned() };
    let masked: Vec<_> =
        query.split('&').map(|pair| if pair.starts_with("access_token=") { "access_token=-" } else { pair }).collect();
    format!("{path}?{}", masked.join("&"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn calls_stand_in_the_order_of_their_arrival_even_when_answered_in_another() {
        let mut journal = Journal::default();
        let first = journal.arrived(Platform::X, "PUT", "/2/tweets/1/hidden");
        let second = journal.arrived(Platform::Facebook, "POST", "/v26.0/1_2?is_hidden=true");
        journal.answered(second, 500);
        journal.answered(first, 200);
        let seen: Vec<_> = journal.entries().into_iter().map(|entry| (entry.platform, entry.status)).collect();
        assert_eq!(seen, [(Platform::X, 200), (Platform::Facebook, 500)]);
    }

    #[test]
    fn only_the_last_calls_are_kept_and_an_answer_to_a_forgotten_one_marks_no_other() {
        let mut journal = Journal::default();
        journal.keep(2);
        let numbers: Vec<_> = ["/1", "/2", "/3"].map(|path| journal.arrived(Platform::X, "GET", path)).into();
        journal.answered(numbers[0], 500);
        journal.answered(numbers[2], 200);
        let seen: Vec<_> = journal.entries().into_iter().map(|entry| (entry.path, entry.status)).collect();
        assert_eq!(seen, [("/2".to_owned(), 0), ("/3".to_owned(), 200)]);
        for _ in 0..=KEPT {
            journal.arrived(Platform::X, "GET", &"/x".repeat(LONGEST_PATH));
        }
        assert_eq!(journal.entries().len(), 2);
        assert_eq!(journal.entries()[0].path.len(), LONGEST_PATH);
        let mut large = Journal::default();
        for _ in 0..KEPT {
            large.arrived(Platform::X, &"X".repeat(380_000), &"/x".repeat(LONGEST_PATH));
        }
        assert!(large.entries().len() <= KEPT_BYTES / LONGEST_PATH, "{}", large.entries().len());
        assert!(large.entries().iter().all(|entry| entry.method.len() <= LONGEST_METHOD));
        let mut usual = Journal::default();
        for _ in 0..=KEPT {
            usual.arrived(Platform::X, "GET", "/x");
        }
        assert_eq!(usual.entries().len(), KEPT);
    }

    #[test]
    fn an_answer_to_a_cleared_call_marks_no_other() {
        let mut journal = Journal::default();
        let cleared = journal.arrived(Platform::X, "GET", "/2/users/me");
        journal.clear();
        journal.arrived(Platform::X, "GET", "/2/users/me");
        journal.answered(cleared, 200);
        assert_eq!(journal.entries()[0].status, 0);
    }

    #[test]
    fn a_token_in_the_query_is_not_kept() {
        let mut journal = Journal::default();
        journal.arrived(Platform::Facebook, "POST", "/v26.0/1_2?is_hidden=true&access_token=EAAB");
        assert_eq!(journal.entries()[0].path, "/v26.0/1_2?is_hidden=true&access_token=-");
    }
}
