//! The audit log given out as a file.

use std::collections::{HashMap, HashSet};
use std::io::{self, Write};

use jiff::civil::Date;
use jiff::{Timestamp, ToSpan};
use policy::{Person, PolicyRef};

use crate::audit::hash::Hash;
use crate::audit::lines::{ExportWriter, Exported, Header};
use crate::audit::seal::LOOKBACK_DAYS;
use crate::audit::spool::{Place, Spool};
use crate::audit::{Seal, merkle};
use crate::{AuditEntry, Fact, Ledger, LedgerError};

/// What is exported, and on whose request.
#[derive(Clone, Copy, Debug)]
pub struct Export<'e> {
    /// From which day.
    pub from: Date,
    /// To which day, that one included.
    pub to: Date,
    /// Who asked for it, as the audit log will record.
    pub by: &'e Person,
    /// The policy in force.
    pub policy: &'e PolicyRef,
}

/// Why an export was not finished. What was written of it until then has no footer, by which verification knows.
#[derive(Debug, thiserror::Error)]
pub enum ExportError {
    /// The log cannot be read.
    #[error(transparent)]
    Ledger(#[from] LedgerError),
    /// The file, or the temporary one that entries are sorted in, cannot be written.
    #[error("the export cannot be written: {0}")]
    Output(#[from] io::Error),
}

impl Ledger {
    /// Writes the entries and seals of a period as lines. That it does so is itself an entry, written before anything
    /// else. Of each day some 200 bytes an entry are in memory, and at most 32 MB of text; the rest is in a temporary
    /// file.
    ///
    /// # Errors
    /// When the ledger is unavailable, an entry cannot be read, or the lines cannot be written.
    pub async fn export(&self, export: &Export<'_>, out: impl Write, now: Timestamp) -> Result<Exported, ExportError> {
        let fact = Fact::Export { from: export.from, to: export.to, by: export.by.to_string() };
        let entry = AuditEntry::at_large(export.policy, (None, None), fact, false, now);
        // If it stands there already, it is the same: its hash is in its key.
        self.store.write(self.write_at_large(&entry, &format!("export#{}", entry.hash))?).await?;

        let header = Header::new(self.keys.organisation(), (export.from, export.to), export.policy, now);
        let mut writer = ExportWriter::begin(out, &header)?;
        for day in export.from.series(1.day()).take_while(|day| *day <= export.to) {
            match self.seal_of(day).await? {
                Some(seal) => self.export_sealed(&seal, &mut writer).await?,
                None => {
                    let mut spool = self.spool(day, day).await?;
                    let mut places = spool.in_order();
                    if !places.is_empty() {
                        // Before the first seal: what came late enough for it is bound, and exported with that.
                        let later = self.bound_after(day).await?;
                        places.retain(|place| !later.contains(&place.hash));
                    }
                    write_unsealed(day, &mut spool, &places, &mut writer)?;
                }
            }
        }
        Ok(writer.finish()?)
    }

    async fn export_sealed<W: Write>(&self, seal: &Seal, writer: &mut ExportWriter<W>) -> Result<(), ExportError> {
        let day = seal.day;
        let first = if seal.late > 0 { day.saturating_sub(LOOKBACK_DAYS.days()) } else { day };
        let mut spool = self.spool(first, day).await?;
        let places = spool.in_order();
        let mut bound = self.bound(day, &seal.root).await?;
        if merkle::root(&bound) != seal.root {
            tracing::error!(%day, "the list of sealed hashes is not the one that was sealed; exporting without it");
            bound = places.iter().filter(|place| place.day == day).map(|place| place.hash).collect();
        }
        let by_hash: HashMap<Hash, &Place> = places.iter().map(|place| (place.hash, place)).collect();
        let mut text = Vec::new();
        for hash in &bound {
            match by_hash.get(hash) {
                Some(place) => {
                    spool.read(place, &mut text)?;
                    writer.entry(Some(&text), hash)?;
                }
                None => writer.entry(None, hash)?,
            }
        }
        writer.seal(seal)?;

        let bound: HashSet<Hash> = bound.into_iter().collect();
        let mut strays: Vec<Place> =
            places.iter().filter(|place| place.day == day && !bound.contains(&place.hash)).copied().collect();
        if strays.is_empty() {
            return Ok(());
        }
        // What came late is bound by a later seal, and exported with that. What is left, no seal binds.
        let later = self.bound_after(day).await?;
        strays.retain(|place| !later.contains(&place.hash));
        if !strays.is_empty() {
            write_unsealed(day, &mut spool, &strays, writer)?;
        }
        Ok(())
    }

    /// The hashes bound by the seals that could have found an entry of this day late.
    async fn bound_after(&self, day: Date) -> Result<HashSet<Hash>, LedgerError> {
        let mut bound = HashSet::new();
        for later in day.series(1.day()).skip(1).take(LOOKBACK_DAYS as usize) {
            if let Some(seal) = self.seal_of(later).await? {
                bound.extend(self.bound(later, &seal.root).await?);
            }
        }
        Ok(bound)
    }

    /// The entries of some days.
    async fn spool(&self, first: Date, last: Date) -> Result<Spool, ExportError> {
        let mut spool = Spool::new();
        for day in first.series(1.day()).take_while(|day| *day <= last) {
            self.each_entry(day, |entry| {
                let (at, hash) = (entry.at()?, entry.hash()?);
                spool.push(day, at, hash, &entry.canonical()?)?;
                Ok::<_, ExportError>(())
            })
            .await?;
        }
        Ok(spool)
    }
}

fn write_unsealed<W: Write>(
    day: Date,
    spool: &mut Spool,
    places: &[Place],
    writer: &mut ExportWriter<W>,
) -> io::Result<()> {
    let mut text = Vec::new();
    for place in places {
        spool.read(place, &mut text)?;
        writer.entry(Some(&text), &place.hash)?;
    }
    writer.unsealed(day)
}
