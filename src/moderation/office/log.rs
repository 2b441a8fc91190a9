//! The audit log as the office reads it, and what is written into it beside decisions.

use jiff::Timestamp;
use jiff::civil::Date;
use ledger::audit::{Expected, Export, ExportError, Proof, Seal, Unusable, Verification, verify};
use ledger::{AuditEntry, Case, LedgerError};
use policy::Person;

use super::{Office, OfficeError};

/// What the log has of a day.
#[derive(Debug)]
pub struct LogDay {
    /// Its entries, in the order of time.
    pub entries: Vec<AuditEntry>,
    /// The seal of the day; `None` as long as there is none.
    pub seal: Option<Seal>,
}

/// Why the log was not given out, or not verified.
#[derive(Debug, thiserror::Error)]
pub enum LogError {
    /// It could not be given out.
    #[error(transparent)]
    Export(#[from] ExportError),
    /// What was given out cannot be verified at all.
    #[error(transparent)]
    Unusable(#[from] Unusable),
}

impl Office<'_> {
    /// Records that somebody who has signed in tried what their role may not do: `what` is a method and an address without
    /// what stood in it. Once an hour for the same try.
    ///
    /// # Errors
    /// When the ledger is unavailable.
    pub async fn refused(&self, by: &Person, what: &str, needs: &str) -> Result<(), OfficeError> {
        let (policy, now) = (&self.moderation.policy.reference, self.moderation.clock.now());
        self.moderation.ledger.begins_by(now).await?;
        self.moderation.ledger.refuse(by, what, needs, policy, now).await?;
        Ok(())
    }

    /// What the log has of a day. It costs a read unit for each 4 KB of that.
    ///
    /// # Errors
    /// When the ledger is unavailable or an entry cannot be read.
    pub async fn log_of(&self, day: Date) -> Result<LogDay, LedgerError> {
        let (ledger, day) = (&self.moderation.ledger, day);
        Ok(LogDay { entries: ledger.entries(day).await?, seal: ledger.seal_of(day).await? })
    }

    /// What the log has of a case, and by which seal each entry is bound.
    ///
    /// # Errors
    /// When the ledger is unavailable or an entry cannot be read.
    pub async fn log_about(&self, case: &Case) -> Result<Proof, LedgerError> {
        self.moderation.ledger.proof(case, self.moderation.clock.now()).await
    }

    /// The log of a period up to today as a file of lines (docs/audit-format.md), after the seals that are due were made.
    /// That it is given out is on record itself. It is in memory as a whole: a month of 3,000 contributions takes some 3 MB.
    ///
    /// # Errors
    /// When the ledger is unavailable, or an entry cannot be read.
    pub async fn log_file(&self, from: Date, to: Date, by: &Person) -> Result<Vec<u8>, ExportError> {
        let (ledger, now) = (&self.moderation.ledger, self.moderation.clock.now());
        ledger.begins_by(now).await?;
        self.seals_due(now).await?;
        let export = Export { from, to, by, policy: &self.moderation.policy.reference };
        let mut lines = Vec::new();
        ledger.export(&export, &mut lines, now).await?;
        Ok(lines)
    }

    /// Verifies the log of a period as a stranger would: it is given out, as [`Office::log_file`] does, and what was given
    /// out is verified. Seals that were published elsewhere are not compared.
    ///
    /// # Errors
    /// As [`Office::log_file`].
    pub async fn log_verified(&self, from: Date, to: Date, by: &Person) -> Result<Verification, LogError> {
        let lines = self.log_file(from, to, by).await?;
        let organisation = Some(self.moderation.policy.reference.id.clone());
        Ok(verify(lines.as_slice(), &Expected { organisation, published: Vec::new() })?)
    }

    /// Makes the seals that are due. Where it is to be decided first with which day they begin, the log is given out
    /// without them.
    async fn seals_due(&self, now: Timestamp) -> Result<(), LedgerError> {
        match self.moderation.ledger.seal_until(now).await {
            Ok(_) | Err(LedgerError::Configuration(_)) => Ok(()),
            Err(error) => Err(error),
        }
    }
}
