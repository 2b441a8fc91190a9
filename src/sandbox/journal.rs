//! Every call that the platforms received.

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

/// The calls in order of arrival. Holds ids of contributions and people: it is for tests and the demo, not a log.
#[derive(Default)]
pub(crate) struct Journal {
    entries: Vec<(u64, Entry)>,
    next: u64,
}

impl Journal {
    /// Notes that a call arrived; the number is for [`Journal::answered`].
    pub(crate) fn arrived(&mut self, platform: Platform, method: &str, path: &str) -> u64 {
        let number = self.next;
        self.next += 1;
        let entry = Entry { platform, method: method.to_owned(), path: without_token(path), status: 0 };
        self.entries.push((number, entry));
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
    }
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
