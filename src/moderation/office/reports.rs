//! What users have reported by e-mail.

use ledger::{ReportId, UserReport};
use policy::Person;

use super::{Office, OfficeError};

impl Office<'_> {
    /// A report; `None` where there is none, or its time is over.
    ///
    /// # Errors
    /// When the ledger is unavailable, or its keys are not those of the records.
    pub async fn report(&self, id: &ReportId) -> Result<Option<UserReport>, OfficeError> {
        let now = self.moderation.clock.now();
        self.moderation.ledger.recognise_keys(now).await?;
        Ok(self.moderation.ledger.user_report(id, now).await?)
    }

    /// Erases every report of an address, as [`ledger::Ledger::erase_reporter`] does. Answers how many there were.
    ///
    /// # Errors
    /// When the ledger is unavailable, or its keys are not those of the records.
    pub async fn erase_reporter(&self, address: &str, by: &Person) -> Result<usize, OfficeError> {
        let (policy, now) = (&self.moderation.policy.reference, self.moderation.clock.now());
        // Under a wrong key nobody has reported anything.
        self.moderation.ledger.recognise_keys(now).await?;
        self.moderation.ledger.begins_by(now).await?;
        Ok(self.moderation.ledger.erase_reporter(address.trim(), policy, by, now).await?)
    }

    /// Erases one report, as [`ledger::Ledger::erase_user_report`] does. Whether there was one.
    ///
    /// # Errors
    /// When the ledger is unavailable, or its keys are not those of the records.
    pub async fn erase_report(&self, id: &ReportId, by: &Person) -> Result<bool, OfficeError> {
        let (policy, now) = (&self.moderation.policy.reference, self.moderation.clock.now());
        self.moderation.ledger.recognise_keys(now).await?;
        self.moderation.ledger.begins_by(now).await?;
        Ok(self.moderation.ledger.erase_user_report(id, policy, by, now).await?)
    }
}
