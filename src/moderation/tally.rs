//! Counts what happens, by platform: the figures behind the metrics. Holds no text, handle or id.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use policy::Platform;

/// Counters by platform and name. Clones share them.
#[derive(Clone, Debug, Default)]
pub struct Tally(Arc<Mutex<BTreeMap<(Platform, &'static str), u64>>>);

impl Tally {
    /// Counts one.
    pub fn count(&self, platform: Platform, name: &'static str) {
        self.count_many(platform, name, 1);
    }

    /// Counts many of one kind.
    pub fn count_many(&self, platform: Platform, name: &'static str, count: u64) {
        let mut counts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        *counts.entry((platform, name)).or_default() += count;
    }

    /// One counter.
    pub fn get(&self, platform: Platform, name: &'static str) -> u64 {
        let counts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        counts.get(&(platform, name)).copied().unwrap_or_default()
    }

    /// All counters, by platform and name.
    pub fn all(&self) -> BTreeMap<(Platform, &'static str), u64> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// All counters, which start again from zero: for a metric line that covers one invocation.
    pub fn take(&self) -> BTreeMap<(Platform, &'static str), u64> {
        std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}
