//! What can go wrong. Messages name operations, tables and fields, never what is stored in them (invariant 10).

/// Why the ledger did not do what it was asked.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LedgerError {
    /// The engine did not answer, throttled, or kept colliding with other writers. Trying again later is right: the
    /// operation is safe to repeat, whether or not it took effect.
    #[error("the ledger is unavailable: {operation} failed {attempts} times, the last time with {reason}; try later")]
    Unavailable {
        /// The request that failed, for example `PutItem`.
        operation: &'static str,
        /// How many times it was tried.
        attempts: u32,
        /// The engine's error code or the kind of network failure.
        reason: String,
    },
    /// Other writers changed the same item each time. Trying again later is right.
    #[error("the ledger is contended: another writer was faster than {operation} {attempts} times; try later")]
    Conflict {
        /// What was being done, for example `remove`.
        operation: &'static str,
        /// How many times it was tried.
        attempts: u32,
    },
    /// Something stored is not what this version writes: written by a newer version, or changed by hand.
    #[error("a stored {what} cannot be read: {field}")]
    Corrupt {
        /// What sort of item it is, for example `case`.
        what: &'static str,
        /// The path of the field that did not parse, or what is missing.
        field: String,
    },
    /// The data file on this machine is damaged, was deleted, replaced or cut off, or may not be written: repeating does not help
    /// until a person acts. Holds what is wrong, with the file, and what to do.
    #[error("{0}")]
    File(String),
    /// The tables, the credentials, the key or the request are wrong: repeating does not help until a person acts.
    #[error("the ledger is not set up right: {0}")]
    Configuration(String),
}

impl LedgerError {
    /// Whether the same operation may succeed later without anybody changing anything.
    pub const fn is_retryable(&self) -> bool {
        matches!(self, LedgerError::Unavailable { .. } | LedgerError::Conflict { .. })
    }
}
