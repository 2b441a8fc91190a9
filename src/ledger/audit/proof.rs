//! Proofs: that an entry is bound by a seal, shown without the other entries. `docs/audit-format.md`, section 8.

use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};

use futures_util::{StreamExt, TryStreamExt, stream};
use jiff::civil::Date;
use jiff::{Timestamp, ToSpan};
use serde::Serialize;

use crate::audit::day::Stored;
use crate::audit::hash::Hash;
use crate::audit::seal::LOOKBACK_DAYS;
use crate::audit::{Seal, merkle};
use crate::table::item::text_of;
use crate::table::keys::{self, Key};
use crate::table::store::{Query, Span};
use crate::table::tables::Table;
use crate::{Case, Ledger, LedgerError, Reference};

/// How many days are read at once.
const AT_ONCE: usize = 16;

/// The entries about a case, and the seals that bind them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proof {
    /// In the order of time, and where that is equal of hash.
    pub entries: Vec<ProvedEntry>,
    /// Each once, in the order of days.
    pub seals: Vec<Seal>,
}

/// An entry of the audit log, and by which seal it is bound.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ProvedEntry {
    /// Its canonical form without its hash, as it is stored now.
    pub entry: String,
    /// The hash that it was recorded with.
    pub hash: Hash,
    /// Whether a seal binds it.
    #[serde(flatten)]
    pub binding: Binding,
}

/// Whether a seal binds an entry. As JSON one field, `sealed` or `unsealed`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Binding {
    /// One does: where the entry stands in it.
    Sealed(Inclusion),
    /// None does.
    Unsealed(Unsealed),
}

/// Why no seal binds an entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Unsealed {
    /// Its day is not sealed yet.
    Pending,
    /// Its day was sealed without it: it was written after that. One of the next seals will bind it.
    Late,
    /// Every seal that could bind it is made, and none does; or the list of what one of them binds is not the one that
    /// was sealed. Entry or list was changed.
    Missing,
}

impl ProvedEntry {
    /// Whether it is as it was recorded.
    pub fn is_intact(&self) -> bool {
        Hash::of(&self.entry) == self.hash
    }

    /// Where it stands in the seal that binds it; `None` where no seal does.
    pub const fn sealed(&self) -> Option<&Inclusion> {
        match &self.binding {
            Binding::Sealed(inclusion) => Some(inclusion),
            Binding::Unsealed(_) => None,
        }
    }
}

/// That a hash is among those that a seal binds: the audit path of RFC 6962, section 2.1.1.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Inclusion {
    /// The day of the seal.
    pub day: Date,
    /// Which of the hashes that the seal binds it is, counted from 0.
    pub index: u64,
    /// The root of the other half at each fork, from the leaf up.
    pub path: Vec<Hash>,
}

impl Inclusion {
    /// The path to one of the hashes that a seal binds; `None` where it binds fewer.
    pub fn new(day: Date, bound: &[Hash], index: usize) -> Option<Self> {
        (index < bound.len()).then(|| Self { day, index: index as u64, path: merkle::path(bound, index) })
    }

    /// Whether the seal binds the hash at this place.
    pub fn proves(&self, hash: &Hash, seal: &Seal) -> bool {
        self.day == seal.day && merkle::root_of_path(hash, self.index, seal.count, &self.path) == Some(seal.root)
    }
}

/// A seal with the hashes that it binds; without any where what is on record is not what was sealed.
struct Bound {
    seal: Seal,
    hashes: Option<Vec<Hash>>,
}

impl Ledger {
    /// All entries about a case, each with the proof that a seal binds it. Entries stand under the day on which they
    /// were recorded, or a revision was written, so every day since then is asked: one read unit each.
    ///
    /// # Errors
    /// When the ledger is unavailable, or an entry or a seal cannot be read.
    pub async fn proof(&self, case: &Case, now: Timestamp) -> Result<Proof, LedgerError> {
        let mut found = Vec::new();
        for entry in self.stored_about(case, now).await? {
            found.push((entry.at()?, entry.hash()?, entry.day()?, entry.canonical()?));
        }
        found.sort_unstable();
        let mut seals: BTreeMap<Date, Option<Bound>> = BTreeMap::new();
        let mut entries = Vec::with_capacity(found.len());
        for (_, hash, day, entry) in found {
            let binding = self.binding(&mut seals, day, &hash, keys::day(now)).await?;
            entries.push(ProvedEntry { entry, hash, binding });
        }
        let is_named = |seal: &Seal| entries.iter().filter_map(ProvedEntry::sealed).any(|at| at.day == seal.day);
        let seals = seals.into_values().flatten().map(|bound| bound.seal).filter(is_named).collect();
        Ok(Proof { entries, seals })
    }

    /// Of a revision that said the same as the one before, and of those that are no longer kept, the case knows no more
    /// than that its reference begins their keys.
    async fn stored_about(&self, case: &Case, now: Timestamp) -> Result<Vec<Stored>, LedgerError> {
        let revisions = case.all_revisions();
        let written = revisions.iter().filter_map(|revision| revision.at).map(keys::day);
        // Whoever recorded something may have had a clock that was a little behind.
        let arrived = keys::day(case.first_received_at()).yesterday().unwrap_or(Date::MIN);
        let (first, last) = (written.fold(arrived, Date::min), keys::day(now));
        let days = first.series(1.day()).take_while(|day| *day <= last);
        let mut homes: BTreeSet<Key> = BTreeSet::new();
        let references: BTreeSet<&Reference> = revisions.iter().map(|revision| revision.id.reference()).collect();
        for reference in references {
            homes.extend(days.clone().map(|day| self.keys.about(reference, Some(day))));
            homes.extend(revisions.iter().any(|one| one.at.is_none()).then(|| self.keys.about(reference, None)));
        }
        let found = stream::iter(homes).map(|Key { pk, sk }| async move {
            self.store.query(Query { span: Span::Beginning(&sk), ..Query::of(Table::Audit, &pk) }).await
        });
        let found: Vec<_> = found.buffered(AT_ONCE).try_collect().await?;
        let id = case.id.to_string();
        // Other cases of the contribution are told by theirs.
        let about = found.into_iter().flatten().filter(|item| text_of(item, "case") == Some(&id));
        Ok(about.map(Stored::new).collect())
    }

    /// By which seal the entry of a day is bound: that of its day or, where it came late, one of the seven after.
    async fn binding(
        &self,
        seals: &mut BTreeMap<Date, Option<Bound>>,
        day: Date,
        hash: &Hash,
        today: Date,
    ) -> Result<Binding, LedgerError> {
        let last = day.saturating_add(LOOKBACK_DAYS.days());
        let mut unsealed = Unsealed::Pending;
        for day in day.series(1.day()).take_while(|day| *day <= last.min(today)) {
            let bound = match seals.entry(day) {
                Entry::Occupied(known) => known.into_mut(),
                Entry::Vacant(unknown) => unknown.insert(self.bound_by(day).await?),
            };
            let Some(Bound { hashes, .. }) = bound else { continue };
            let Some(hashes) = hashes else {
                unsealed = Unsealed::Missing;
                continue;
            };
            let index = hashes.iter().position(|bound| bound == hash);
            if let Some(inclusion) = index.and_then(|index| Inclusion::new(day, hashes, index)) {
                return Ok(Binding::Sealed(inclusion));
            }
            if day == last {
                unsealed = Unsealed::Missing;
            } else if unsealed == Unsealed::Pending {
                unsealed = Unsealed::Late;
            }
        }
        Ok(Binding::Unsealed(unsealed))
    }

    async fn bound_by(&self, day: Date) -> Result<Option<Bound>, LedgerError> {
        let Some(seal) = self.seal_of(day).await? else { return Ok(None) };
        let hashes = self.bound(day, &seal.root).await?;
        let is_sealed = hashes.len() as u64 == seal.count && merkle::root(&hashes) == seal.root;
        if !is_sealed {
            tracing::error!(%day, "the list of sealed hashes is not the one that was sealed; nothing is proved by it");
        }
        Ok(Some(Bound { seal, hashes: is_sealed.then_some(hashes) }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seal(hashes: &[Hash]) -> Seal {
        let day = "2026-02-03".parse().unwrap();
        Seal::new("ente", day, hashes, 0, "2026-02-04T02:10:00Z".parse().unwrap(), None)
    }

    #[test]
    fn every_hash_of_every_seal_is_proved_at_its_place_and_nowhere_else() {
        let hashes: Vec<Hash> = (0..33_u8).map(|number| Hash::of([number])).collect();
        for count in 1..=hashes.len() {
            let (bound, seal) = (&hashes[..count], seal(&hashes[..count]));
            for index in 0..count {
                let inclusion = Inclusion::new(seal.day, bound, index).unwrap();
                for (other, hash) in hashes.iter().enumerate() {
                    assert_eq!(inclusion.proves(hash, &seal), other == index, "{hash:?} as {index} of {count}");
                }
                for index in 0..count as u64 + 2 {
                    let moved = Inclusion { index, ..inclusion.clone() };
                    assert_eq!(moved.proves(&hashes[inclusion.index as usize], &seal), index == inclusion.index);
                }
            }
            assert_eq!(Inclusion::new(seal.day, bound, count), None);
        }
    }

    #[test]
    fn a_path_that_was_changed_shortened_or_prolonged_proves_nothing() {
        let hashes: Vec<Hash> = (0..21_u8).map(|number| Hash::of([number])).collect();
        let seal = seal(&hashes);
        for (index, hash) in hashes.iter().enumerate() {
            let inclusion = Inclusion::new(seal.day, &hashes, index).unwrap();
            for position in 0..inclusion.path.len() {
                let mut changed = inclusion.clone();
                changed.path[position] = Hash::of("another");
                assert!(!changed.proves(hash, &seal));
                let mut shortened = inclusion.clone();
                shortened.path.remove(position);
                assert!(!shortened.proves(hash, &seal));
                let mut prolonged = inclusion.clone();
                prolonged.path.insert(position, inclusion.path[position]);
                assert!(!prolonged.proves(hash, &seal));
            }
            let other_day = Inclusion { day: seal.day.tomorrow().unwrap(), ..inclusion.clone() };
            assert!(!other_day.proves(hash, &seal));
            let another = Seal { root: Hash::of("another"), ..seal.clone() };
            assert!(!inclusion.proves(hash, &another));
        }
    }
}
