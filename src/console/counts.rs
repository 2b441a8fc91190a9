//! What is expensive to count, and need not be of this second: kept for a while in the memory of the process. Nothing is
//! decided by it.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use jiff::{SignedDuration, Timestamp};
use ledger::Case;
use moderation::Sort;

/// For how long it is shown which cases wait.
pub const WAITING: SignedDuration = SignedDuration::from_secs(15);
/// For how long the sentences about the week are shown.
pub const WEEK: SignedDuration = SignedDuration::from_mins(10);

/// Something that was worked out once, for all who ask within a time.
#[derive(Clone, Debug)]
pub struct Kept<T>(Arc<Mutex<Option<(Timestamp, T)>>>);

impl<T> Default for Kept<T> {
    fn default() -> Self {
        Self(Arc::default())
    }
}

impl<T: Clone> Kept<T> {
    /// What was worked out less than this time ago.
    pub fn get(&self, now: Timestamp, within: SignedDuration) -> Option<T> {
        let kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.as_ref().filter(|(at, _)| now.duration_since(*at).abs() < within).map(|(_, value)| value.clone())
    }

    /// Keeps what was worked out now.
    pub fn keep(&self, now: Timestamp, value: T) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some((now, value));
    }

    /// Forgets it, because something has changed.
    pub fn forget(&self) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }
}

/// How many of the open cases each filter of the queue would show, among the first that wait.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Waiting {
    by: BTreeMap<(&'static str, String), usize>,
    /// Whether more cases wait than were counted.
    pub more: bool,
}

impl Waiting {
    /// Counts these.
    pub fn of(cases: &[Case], more: bool) -> Self {
        let mut by: BTreeMap<(&'static str, String), usize> = BTreeMap::new();
        let mut count = |filter, value: String| *by.entry((filter, value)).or_default() += 1;
        for case in cases {
            for sort in Sort::ALL.into_iter().filter(|sort| sort.has(case)) {
                count("sort", sort.as_str().to_owned());
            }
            count("platform", case.platform.as_str().to_owned());
            count("account", case.account.to_string());
            let mut clauses: Vec<&str> = case.findings.iter().map(|finding| finding.clause.as_str()).collect();
            clauses.sort_unstable();
            clauses.dedup();
            clauses.into_iter().for_each(|clause| count("clause", clause.to_owned()));
        }
        Self { by, more }
    }

    /// How many a filter shows with a value.
    pub fn count(&self, filter: &'static str, value: &str) -> usize {
        self.by.get(&(filter, value.to_owned())).copied().unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_worked_out_is_shown_for_its_time_and_then_no_more() {
        let (kept, now) = (Kept::default(), "2026-12-01T09:00:00Z".parse::<Timestamp>().unwrap());
        assert_eq!(kept.get(now, WAITING), None);
        kept.keep(now, 7);
        assert_eq!(kept.get(now + SignedDuration::from_secs(14), WAITING), Some(7));
        assert_eq!(kept.get(now + SignedDuration::from_secs(15), WAITING), None);
        assert_eq!(kept.get(now - SignedDuration::from_secs(60), WAITING), None, "a clock that was set back");
        kept.forget();
        assert_eq!(kept.get(now, WAITING), None);
    }
}
