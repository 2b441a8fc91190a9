//! Keys of the audit table.

use jiff::Timestamp;
use jiff::civil::Date;

use super::{DAY_SHARDS, Key, Keys, UNDATED_SHARDS, day};
use crate::{CaseId, Reference};

impl Keys {
    /// The home of the verdict on a revision: a pure function of the contribution, so that a redelivery days later
    /// meets the same key.
    pub(crate) fn verdict(&self, case: &CaseId, written_at: Option<Timestamp>) -> Key {
        let Key { pk, sk } = self.about(case.reference(), written_at.map(day));
        Key { pk, sk: format!("{sk}{}", case.revision()) }
    }

    /// The home of what stands on a day, or undated, about a contribution, and how its sort keys begin.
    pub(crate) fn about(&self, reference: &Reference, day: Option<Date>) -> Key {
        let pk = match day {
            Some(day) => self.entries(day, reference.shard(DAY_SHARDS)),
            None => self.partition(&format!("E#undated#{:02}", reference.shard(UNDATED_SHARDS))),
        };
        Key { pk, sk: format!("{reference}#") }
    }

    /// The home of an entry about a case that is not a verdict: the day on which it is recorded.
    pub(crate) fn event(&self, case: &CaseId, recorded_on: Date, what: &str) -> Key {
        let reference = case.reference();
        let pk = self.entries(recorded_on, reference.shard(DAY_SHARDS));
        Key { pk, sk: format!("{reference}#{}#{what}", case.revision()) }
    }

    /// The home of an entry that is about no single contribution.
    pub(crate) fn event_at_large(&self, recorded_on: Date, what: &str) -> Key {
        Key { pk: self.entries(recorded_on, 0), sk: what.to_owned() }
    }

    /// The partition with all seals.
    pub(crate) fn seals(&self) -> String {
        self.partition("seal")
    }

    pub(crate) fn seal(&self, day: Date) -> Key {
        self.key("seal", day.to_string())
    }

    /// The partition with the hashes that the seal of a day binds.
    pub(crate) fn bound(&self, day: Date) -> String {
        self.partition(&format!("bound#{day}"))
    }

    /// A part of them. Which root they have is a part of the key, so that a sealing that was interrupted and one that
    /// found more entries do not mix.
    pub(crate) fn bound_part(&self, day: Date, root: &str, number: usize) -> Key {
        Key { pk: self.bound(day), sk: format!("{root}#{number:04}") }
    }

    /// Which policy is in force.
    pub(crate) fn policy(&self) -> Key {
        self.key("policy", "current")
    }

    /// The partition with the pseudonym keys under which records were kept, by their fingerprints.
    pub(crate) fn pseudonym_keys(&self) -> String {
        self.partition("keys")
    }

    pub(crate) fn pseudonym_key(&self, fingerprint: &str) -> Key {
        Key { pk: self.pseudonym_keys(), sk: fingerprint.to_owned() }
    }

    /// The organisation whose keys these are.
    pub(crate) fn organisation(&self) -> &str {
        &self.organisation
    }

    /// One shard of the entries at home in a day.
    pub(crate) fn entries(&self, day: Date, shard: u32) -> String {
        self.partition(&format!("E#{day}#{shard}"))
    }

    /// Where the index of entries recorded away from home keeps those of a day.
    pub(crate) fn recorded(&self, day: Date) -> String {
        self.partition(&day.to_string())
    }
}
