//! What people do to the brakes: they halt automation and let it go on.

use ledger::{Halt, HaltCause, LedgerError, ReachedLimit, Recorded, Scope};
use policy::{AccountId, Platform};

use super::{Office, OfficeError, Ruling};
use crate::actions::task;
use crate::automation::group;

impl Office<'_> {
    /// All halts in force.
    ///
    /// # Errors
    /// When the ledger is unavailable.
    pub async fn halts(&self) -> Result<Vec<Halt>, LedgerError> {
        self.moderation.ledger.halts().await
    }

    /// Halts automation by hand: all of it, or that of an account; as a raid, so that the flood is grouped, or as a
    /// switch, which also holds back what was decided and not carried out yet. False when it was halted already.
    ///
    /// # Errors
    /// When the ledger is unavailable.
    pub async fn halt(&self, scope: Scope, cause: HaltCause, ruling: &Ruling) -> Result<bool, OfficeError> {
        let Ruling { by, reason, .. } = ruling.clone();
        let reason = reason.as_str().to_owned();
        let now = self.moderation.clock.now();
        let group = group(&scope, now);
        self.moderation.ledger.begins_by(now).await?;
        let halt = Halt { scope, cause, since: now, by: Some(by), reason, counted: None, group };
        let recorded = self
            .moderation
            .ledger
            .halt(&halt, &task::halted(&halt, now), &self.moderation.policy.reference, now)
            .await?;
        self.moderation.brakes.remember(None);
        Ok(recorded == Recorded::New)
    }

    /// Lets automation go on. False when it was not halted.
    ///
    /// # Errors
    /// When the ledger is unavailable.
    pub async fn resume(&self, scope: &Scope, ruling: &Ruling) -> Result<bool, OfficeError> {
        let Ruling { by, reason, .. } = ruling.clone();
        let (ledger, now) = (&self.moderation.ledger, self.moderation.clock.now());
        ledger.begins_by(now).await?;
        let resumed = ledger.resume(scope, &by, reason.as_str(), &self.moderation.policy.reference, now).await?;
        self.moderation.brakes.remember(None);
        Ok(resumed)
    }

    /// What a halt may be about: everything, an account, or a rule on it. An account has to be one of the policy's: a halt
    /// of another would halt nothing.
    ///
    /// # Errors
    /// When it is not.
    pub fn scope(&self, account: Option<(Platform, &AccountId)>, rule: Option<&str>) -> Result<Scope, OfficeError> {
        let Some((platform, account)) = account else { return Ok(Scope::All) };
        let policy = &self.moderation.policy;
        let account = account.clone();
        if policy.account(platform, &account).is_none() {
            let known = policy.accounts.iter().filter(|known| known.platform == platform);
            let known = known.map(|known| known.id.clone()).collect();
            return Err(OfficeError::NotOurs { platform, account, known });
        }
        Ok(match rule {
            Some(rule) => Scope::Rule(platform, account, rule.to_owned()),
            None => Scope::Account(platform, account),
        })
    }

    /// The limits of platforms that hold now.
    ///
    /// # Errors
    /// When the ledger is unavailable or an item cannot be read.
    pub async fn limits(&self) -> Result<Vec<ReachedLimit>, LedgerError> {
        self.moderation.limits().await
    }

    /// Forgets what limits hold the accounts of a platform, because somebody knows that they are over: credit was bought, or
    /// the platform has lifted them. What waits is carried out at once; whatever limit still stands is found out by one call.
    /// Other processes know it within five seconds. How many limits were forgotten, and how many cases go on.
    ///
    /// # Errors
    /// When the ledger is unavailable or an item cannot be read. Repeating goes on with the rest.
    pub async fn forget_limits(&self, platform: Platform) -> Result<(usize, usize), LedgerError> {
        self.moderation.forget_limits(platform).await
    }
}
