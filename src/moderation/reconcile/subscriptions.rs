//! Accounts of which a platform no longer sends what happens there: Meta stops after an hour of failed deliveries, and
//! does not begin again by itself (docs/platforms.md, section 1.2).

use ledger::LedgerError;
use platforms::{Answer, Call, Subscription, adapter};
use policy::{Account, AccountState, Platform};

use super::Reconciled;
use crate::Moderation;
use crate::actions::task;

impl Moderation {
    /// Asks for each account in use whether the platform sends us what happens there, and subscribes again where it
    /// does not. What happened meanwhile is lost with platforms that do not repeat it, so a person is told even then.
    pub(super) async fn check_subscriptions(&self, found: &mut Reconciled) -> Result<(), LedgerError> {
        let accounts = Platform::ALL.iter().flat_map(|platform| self.accounts.of(*platform));
        for account in accounts.filter(|account| account.state == AccountState::Active) {
            let now = self.clock.now();
            if self.held_until(account.platform, &account.id, now).await.is_none() {
                self.check_subscription(account, found).await?;
            }
        }
        Ok(())
    }

    async fn check_subscription(&self, account: &Account, found: &mut Reconciled) -> Result<(), LedgerError> {
        let Account { platform, id, .. } = account;
        let adapter = adapter(*platform);
        let Some(call) = adapter.subscription_call(account) else { return Ok(()) };
        let Some(answer) = self.ask_about(account, &call, found).await else { return Ok(()) };
        let calls = match adapter.subscription(account, &answer) {
            Subscription::Missing(calls) => calls,
            Subscription::Active => {
                found.subscriptions += 1;
                return Ok(());
            }
            Subscription::Unknown => {
                let status = answer.status.as_u16();
                tracing::warn!(%platform, account = %id, status, "a platform does not tell whether it sends us events");
                return Ok(());
            }
        };
        found.subscriptions += 1;
        found.lapsed += 1;
        self.tally.count(*platform, "subscription_lapsed");
        let mended = self.subscribe(account, &calls, found).await;
        found.resubscribed += usize::from(mended);
        tracing::error!(%platform, account = %id, mended, "a platform had stopped sending us what happens on an account");
        let now = self.clock.now();
        let about = format!("subscription-{platform}-{id}");
        self.raise(&about, |task| task::lapsed(task, account, mended, now), now).await?;
        Ok(())
    }

    /// Makes the calls that subscribe again. Whether all of them succeeded.
    async fn subscribe(&self, account: &Account, calls: &[Call], found: &mut Reconciled) -> bool {
        for call in calls {
            let answer = self.ask_about(account, call, found).await;
            if !answer.is_some_and(|answer| answer.status.is_success()) {
                return false;
            }
        }
        !calls.is_empty()
    }

    /// Sends a call about a subscription. An answer that refuses it says nothing about what else the account may do, so
    /// it does not hold the account.
    async fn ask_about(&self, account: &Account, call: &Call, found: &mut Reconciled) -> Option<Answer> {
        let Account { platform, id, .. } = account;
        found.calls += 1;
        match self.call(account, call).await {
            Ok(answer) => Some(answer),
            Err(uncalled) => {
                tracing::warn!(%platform, account = %id, call = call.name, ?uncalled, "asked in vain");
                None
            }
        }
    }
}
