//! What the requests cost, in the engine's own count.

use std::sync::atomic::{AtomicU64, Ordering};

use aws_sdk_dynamodb::types::ConsumedCapacity;

/// The capacity that the requests of a ledger consumed so far, summed from the engine's answers (indexes included).
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Consumed {
    /// Read units: an eventually consistent read of up to 4 KB costs one half.
    pub read_units: f64,
    /// Write units: a write of up to 1 KB costs one, in a transaction two.
    pub write_units: f64,
}

/// Counts in half units, the smallest that there are, so that a sum never rounds.
#[derive(Debug, Default)]
pub(crate) struct Counter {
    half_reads: AtomicU64,
    half_writes: AtomicU64,
}

impl Counter {
    pub(crate) fn read(&self, consumed: Option<&ConsumedCapacity>) {
        add(&self.half_reads, consumed.and_then(ConsumedCapacity::capacity_units));
    }

    pub(crate) fn write(&self, consumed: Option<&ConsumedCapacity>) {
        add(&self.half_writes, consumed.and_then(ConsumedCapacity::capacity_units));
    }

    /// A transaction answers per table. Repeated with its token after it took effect, it answers with read units.
    pub(crate) fn transaction(&self, consumed: &[ConsumedCapacity]) {
        for table in consumed {
            let reads = table.read_capacity_units();
            add(&self.half_reads, reads);
            add(&self.half_writes, table.capacity_units().map(|all| all - reads.unwrap_or_default()));
        }
    }

    pub(crate) fn total(&self) -> Consumed {
        let units = |counter: &AtomicU64| counter.load(Ordering::Relaxed) as f64 / 2.0;
        Consumed { read_units: units(&self.half_reads), write_units: units(&self.half_writes) }
    }
}

fn add(counter: &AtomicU64, units: Option<f64>) {
    counter.fetch_add((units.unwrap_or_default() * 2.0).round() as u64, Ordering::Relaxed);
}
