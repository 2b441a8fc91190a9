//! What happened on the channels, counted from audit entries.

use std::collections::BTreeMap;

use ledger::{AuditEntry, Fact};
use policy::{Effect, Outcome, Platform};
use serde::Serialize;

/// The activity of a period, by platform.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Activity {
    /// The platforms on which anything happened.
    pub platforms: BTreeMap<Platform, PlatformActivity>,
}

/// The activity on one platform.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct PlatformActivity {
    /// How many contributions had each verdict.
    pub verdicts: BTreeMap<Outcome, u64>,
    /// How many actions had each effect.
    pub effects: BTreeMap<Effect, u64>,
    /// How many contributions with a case were removed from the platform by others.
    pub removals: u64,
}

impl Activity {
    /// Counts entries, in any order. Each entry counts once: give each one once.
    pub fn of(entries: &[AuditEntry]) -> Self {
        let mut activity = Activity::default();
        for entry in entries {
            let Some(platform) = entry.platform else { continue };
            let platform = activity.platforms.entry(platform).or_default();
            match &entry.fact {
                Fact::Verdict { outcome, .. } => *platform.verdicts.entry(*outcome).or_default() += 1,
                Fact::Effect { effect, .. } => *platform.effects.entry(*effect).or_default() += 1,
                Fact::Removal => platform.removals += 1,
                Fact::Decision { .. }
                | Fact::Sanction { .. }
                | Fact::Halt { .. }
                | Fact::Activation
                | Fact::Export { .. }
                | Fact::Erasure { .. } => {}
            }
        }
        activity
    }

    /// How many contributions were judged, on all platforms.
    pub fn judged(&self) -> u64 {
        self.platforms.values().flat_map(|platform| platform.verdicts.values()).sum()
    }
}
