//! What the system may do alone, and the brakes on it: the circuit breaker, the kill switch and the raid mode.
//!
//! A halt never stops the judging: what would have been hidden becomes a review, is listed in a group of its own, and
//! a person can confirm the group at once. Nothing is lost.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use jiff::{SignedDuration, Timestamp};
use ledger::{Halt, HaltCause, Hide, LedgerError, Recorded, Scope};
use policy::{AccountId, Finding, Platform};

use crate::actions::task;
use crate::office::Signed;
use crate::{Moderation, OfficeError, Ruling};

/// For how long a process trusts what it read about halts: so much later, at most, does a switch take effect.
const TRUSTED_FOR: SignedDuration = SignedDuration::from_secs(2);

const MINUTE: SignedDuration = SignedDuration::from_mins(1);
const HOUR: SignedDuration = SignedDuration::from_hours(1);

/// Whether something happened so shortly before now. A clock that jumped back must not make old knowledge last.
pub(crate) fn is_within(at: Timestamp, now: Timestamp, time: SignedDuration) -> bool {
    let age = now.duration_since(at);
    !age.is_negative() && age < time
}

/// What a process remembers about the brakes. Clones share it.
#[derive(Clone, Debug, Default)]
pub(crate) struct Brakes(Arc<Mutex<Remembered>>);

#[derive(Debug, Default)]
struct Remembered {
    /// The halts, and when they were read.
    halts: Option<(Timestamp, Arc<[Halt]>)>,
    /// How many contributions were judged on each account since this process last reported them, by the minute.
    judged: HashMap<(Platform, AccountId), Vec<(Timestamp, u32)>>,
}

impl Brakes {
    /// Counts a contribution that was judged.
    pub(crate) fn count(&self, platform: Platform, account: &AccountId, now: Timestamp) {
        let mut remembered = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let minutes = remembered.judged.entry((platform, account.clone())).or_default();
        match minutes.last_mut() {
            Some((since, count)) if is_within(*since, now, MINUTE) => *count += 1,
            _ => {
                minutes.retain(|(since, _)| is_within(*since, now, HOUR));
                minutes.push((now, 1));
            }
        }
    }

    /// What was judged within the last hour and not reported yet.
    fn take_count(&self, platform: Platform, account: &AccountId, now: Timestamp) -> u32 {
        let mut remembered = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let minutes = remembered.judged.remove(&(platform, account.clone())).unwrap_or_default();
        minutes.into_iter().filter(|(since, _)| is_within(*since, now, HOUR)).map(|(_, count)| count).sum()
    }

    fn trusted(&self, now: Timestamp) -> Option<Arc<[Halt]>> {
        let remembered = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let (read_at, halts) = remembered.halts.as_ref()?;
        is_within(*read_at, now, TRUSTED_FOR).then(|| Arc::clone(halts))
    }

    fn remember(&self, halts: Option<(Timestamp, Arc<[Halt]>)>) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).halts = halts;
    }
}

impl Moderation {
    /// All halts in force.
    ///
    /// # Errors
    /// When the ledger is unavailable.
    pub async fn halts(&self) -> Result<Vec<Halt>, LedgerError> {
        self.ledger.halts().await
    }

    /// Halts automation by hand: all of it, or that of an account; as a raid, so that the flood is grouped, or as a
    /// switch, which also holds back what was decided and not carried out yet. False when it was halted already.
    ///
    /// # Errors
    /// When the ruling says nothing or the ledger is unavailable.
    pub async fn halt(&self, scope: Scope, cause: HaltCause, ruling: Ruling<'_>) -> Result<bool, OfficeError> {
        let Signed { by, reason } = ruling.signed()?;
        let reason = reason.as_str().to_owned();
        let now = self.clock.now();
        let group = group(&scope, now);
        let halt = Halt { scope, cause, since: now, by: Some(by), reason, counted: None, group };
        let recorded = self.ledger.halt(&halt, &task::halted(&halt, now), &self.policy.reference, now).await?;
        self.brakes.remember(None);
        Ok(recorded == Recorded::New)
    }

    /// Lets automation go on. False when it was not halted.
    ///
    /// # Errors
    /// When the ruling says nothing or the ledger is unavailable.
    pub async fn resume(&self, scope: &Scope, ruling: Ruling<'_>) -> Result<bool, OfficeError> {
        let Signed { by, reason } = ruling.signed()?;
        let resumed = self.ledger.resume(scope, &by, reason.as_str(), &self.policy.reference, self.clock.now()).await?;
        self.brakes.remember(None);
        Ok(resumed)
    }

    /// The halt that keeps the system from hiding what these findings ask to hide, if there is one.
    pub(crate) async fn halted(
        &self,
        platform: Platform,
        account: &AccountId,
        findings: &[Finding],
        now: Timestamp,
    ) -> Result<Option<Halt>, LedgerError> {
        let halts = self.known_halts(now).await?;
        let ground = findings.first().map(|finding| finding.rule.as_str());
        let applies = |halt: &&Halt| match &halt.scope {
            Scope::All => true,
            Scope::Account(on, id) => *on == platform && id == account,
            Scope::Rule(on, id, rule) => *on == platform && id == account && ground == Some(rule.as_str()),
        };
        Ok(halts.iter().find(applies).cloned())
    }

    /// Whether someone has switched automation off for an account, so that nothing is carried out by itself.
    pub(crate) async fn is_switched_off(
        &self,
        platform: Platform,
        account: &AccountId,
        now: Timestamp,
    ) -> Result<bool, LedgerError> {
        let halt = self.known_halts(now).await?;
        Ok(halt.iter().any(|halt| {
            halt.cause == HaltCause::Switch
                && match &halt.scope {
                    Scope::All => true,
                    Scope::Account(on, id) => *on == platform && id == account,
                    Scope::Rule(..) => false,
                }
        }))
    }

    async fn known_halts(&self, now: Timestamp) -> Result<Arc<[Halt]>, LedgerError> {
        if let Some(halts) = self.brakes.trusted(now) {
            return Ok(halts);
        }
        let halts: Arc<[Halt]> = self.ledger.halts().await?.into();
        self.brakes.remember(Some((now, Arc::clone(&halts))));
        Ok(halts)
    }

    /// Counts something that the system hid by itself, and halts the rule or the account when it is too much. The
    /// count is of this hour and of all processes; of what was judged, each process reports its part when it hides.
    pub(crate) async fn brake(&self, hide: Hide<'_>, now: Timestamp) -> Result<(), LedgerError> {
        let Hide { platform, account, rule, .. } = hide;
        let judged = self.brakes.take_count(platform, account, now);
        let halts = self.known_halts(now).await?;
        let halted: Vec<&str> = halts.iter().filter_map(|halt| halt.scope.rule_on(platform, account)).collect();
        let hour = self.ledger.count_hide(hide, &halted, judged, now).await?;
        let trips = |hides| self.policy.automation.trips(hides, hour.contributions);
        let scope = if trips(hour.rule_hides) {
            Scope::Rule(platform, account.clone(), rule.to_owned())
        } else if trips(hour.account_hides) {
            Scope::Account(platform, account.clone())
        } else {
            return Ok(());
        };
        let cause = if matches!(scope, Scope::Account(..)) { HaltCause::Raid } else { HaltCause::Breaker };
        // What the audit log keeps; whoever shows it makes the words from the counts.
        let reason = format!(
            "in un'ora nascosti contributi di {} autori dalla regola, di {} autori nell'account, su {} contributi",
            hour.rule_hides, hour.account_hides, hour.contributions
        );
        let group = group(&scope, now);
        let halt = Halt { scope, cause, since: now, by: None, reason, counted: Some(hour), group };
        let task = task::halted(&halt, now);
        if self.ledger.halt(&halt, &task, &self.policy.reference, now).await? == Recorded::New {
            tracing::error!(%platform, %account, rule, authors = hour.rule_hides, contributions = hour.contributions,
                "the circuit breaker halted automation: what would be hidden is reviewed by a person");
            self.tally.count(platform, "halted");
        }
        self.brakes.remember(None);
        Ok(())
    }
}

/// The name under which the cases of a halt are listed together.
fn group(scope: &Scope, now: Timestamp) -> String {
    let since = now.strftime("%Y%m%dT%H%M%SZ");
    match scope {
        Scope::All => format!("tutto-{since}"),
        Scope::Account(platform, account) => format!("{platform}-{account}-{since}"),
        Scope::Rule(platform, account, rule) => format!("{platform}-{account}-{rule}-{since}"),
    }
}
