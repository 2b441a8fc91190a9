//! What holds an account, so that nothing is asked of it (decisions 0007 and 0023).
//!
//! A limit belongs to an account, or to all accounts of an app, and not to the action that met it: nothing more is asked
//! until it ends. It stands in the ledger, because what one process was told the others would have to be told as well, by
//! a call each. Credentials that are refused hold an account in this process only: whoever has renewed them goes on.
//! So does a platform that does not answer: what is wrong may be the way from here to there.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use jiff::{SignedDuration, Timestamp};
use ledger::{LONGEST_LIMIT, LedgerError, LimitScope, ReachedLimit};
use platforms::{Call, Limit, LimitOf, LimitedCalls};
use policy::{AccountId, Platform};

use crate::Moderation;
use crate::actions::retry::later;
use crate::automation::is_within;

/// For how long a process trusts what it read about limits: so much later, at most, does it learn of one that another
/// process was told of.
const TRUSTED_FOR: SignedDuration = SignedDuration::from_secs(5);

/// How long a limit holds of which the platform does not say when it ends. It doubles when it is met again soon after.
const FIRST_HOLD: SignedDuration = SignedDuration::from_secs(30);
/// The longest such a limit holds: Meta counts by the hour.
const LONGEST_HOLD: SignedDuration = SignedDuration::from_hours(1);
/// How long nothing is asked of an account after a call was not answered in time. It doubles while that goes on.
const FIRST_SILENCE: SignedDuration = SignedDuration::from_secs(15);
/// The longest that such a time is: by then somebody has mended it, or nobody is in a hurry.
const LONGEST_SILENCE: SignedDuration = SignedDuration::from_mins(5);
/// How much later a limit may end, by another answer, and still be the one that is known: answers name seconds from when they
/// were written, and take their time.
const SAME: SignedDuration = SignedDuration::from_secs(5);

/// What a process knows of what holds accounts. Clones share it.
#[derive(Clone, Debug, Default)]
pub(crate) struct Holds(Arc<Mutex<Known>>);

#[derive(Debug, Default)]
struct Known {
    /// Accounts whose credentials were refused, until when they are not tried again.
    refused: HashMap<(Platform, AccountId), Timestamp>,
    /// Accounts whose platform did not answer in time: until when they are left alone, and how often that was in a row.
    silent: HashMap<(Platform, AccountId), (Timestamp, u32)>,
    /// The limits that are reached, or were; each with its number where it was met here, or 0 where it was read.
    limits: HashMap<LimitScope, (ReachedLimit, u64)>,
    /// The number of the latest limit that was met here, or reading of limits that began here. They are numbered together,
    /// because of both it has to be known which came first: clocks do not tell, and readings overlap.
    latest: u64,
    /// The number of the latest reading of which anything is known.
    learned: u64,
    /// When the limits were read.
    read_at: Option<Timestamp>,
}

impl Holds {
    fn with<T>(&self, what: impl FnOnce(&mut Known) -> T) -> T {
        what(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Forgets which credentials were refused, after they were renewed.
    pub(crate) fn credentials_renewed(&self) {
        self.with(|known| known.refused.clear());
    }

    /// Forgets that the credentials of an account were refused, and that its platform did not answer: they may have been
    /// renewed, and it may answer again.
    pub(crate) fn try_again(&self, platform: Platform, account: &AccountId) {
        let key = (platform, account.clone());
        self.with(|known| {
            known.refused.remove(&key);
            known.silent.remove(&key);
        });
    }

    /// Leaves an account alone, because its platform did not answer in time. Until when.
    pub(crate) fn fell_silent(&self, platform: Platform, account: &AccountId, now: Timestamp) -> Timestamp {
        self.with(|known| {
            let (until, times) = known.silent.entry((platform, account.clone())).or_insert((now, 0));
            // Several calls that were under way together are one silence.
            if *until <= now {
                *times = times.saturating_add(1);
                *until = later(now, doubled(FIRST_SILENCE, *times).min(LONGEST_SILENCE));
            }
            *until
        })
    }

    /// Notes that a platform answers again.
    pub(crate) fn answered(&self, platform: Platform, account: &AccountId) {
        self.with(|known| {
            if !known.silent.is_empty() {
                known.silent.remove(&(platform, account.clone()));
            }
        });
    }

    /// Does not try the credentials of an account until then. Whether they were tried until now, so that one alarm is
    /// raised and not one for every pending action.
    pub(crate) fn refuse(&self, platform: Platform, account: &AccountId, until: Timestamp, now: Timestamp) -> bool {
        let before = self.with(|known| known.refused.insert((platform, account.clone()), until));
        before.is_none_or(|before| before <= now)
    }
}

impl Known {
    const fn next(&mut self) -> u64 {
        self.latest += 1;
        self.latest
    }

    /// Takes what the ledger has in place of what was known: what somebody has lifted is forgotten here as well, and only
    /// what was noted since the reading of this number began stays. Whoever began to read before that has nothing to tell
    /// any more.
    fn learn(&mut self, limits: Vec<ReachedLimit>, reading: u64, read_at: Timestamp) {
        if reading <= self.learned {
            return;
        }
        self.learned = reading;
        self.limits.retain(|_, (_, number)| *number > reading);
        for limit in limits {
            self.limits.entry(limit.scope.clone()).or_insert((limit, 0));
        }
        self.read_at = Some(read_at);
    }

    /// Takes a limit that was noted in the ledger just now. One that could not be noted is taken as well, until the ledger
    /// can be read again and does not have it: then the next call finds out whether it still stands. So nothing holds an
    /// account that nobody else can see and lift.
    fn note(&mut self, limit: ReachedLimit) {
        let number = self.next();
        self.limits.insert(limit.scope.clone(), (limit, number));
    }

    /// Forgets everything, and what a reading under way has found with it.
    fn forget(&mut self) {
        let learned = self.next();
        *self = Self { latest: learned, learned, ..Self::default() };
    }

    fn limit(&self, scope: &LimitScope) -> Option<&ReachedLimit> {
        self.limits.get(scope).map(|(limit, _)| limit)
    }

    /// Until when nothing is asked: of everything that concerns the account, and this call if it is about one.
    fn limited_until(&self, platform: Platform, account: &AccountId, call: Option<&Call>) -> Option<Timestamp> {
        let mut until: Option<Timestamp> = None;
        for of in [LimitOf::Account, LimitOf::App] {
            for call in [None, call] {
                until = until.max(self.limit(&scope(platform, account, of, call)).map(|limit| limit.until));
            }
        }
        until
    }
}

/// What a limit is about that is met by an account; without a call, it is about all of them.
fn scope(platform: Platform, account: &AccountId, of: LimitOf, call: Option<&Call>) -> LimitScope {
    let call = call.map(|call| call.name.to_owned());
    match of {
        LimitOf::Account => LimitScope { platform, account: Some(account.clone()), call },
        LimitOf::App => LimitScope { platform: platforms::app(platform), account: None, call },
    }
}

/// How long a limit holds that is met for the n-th time in a row.
fn growing(times: u32) -> SignedDuration {
    doubled(FIRST_HOLD, times).min(LONGEST_HOLD)
}

/// A time that is doubled with each repetition.
fn doubled(first: SignedDuration, times: u32) -> SignedDuration {
    first.saturating_mul(1 << times.saturating_sub(1).min(16))
}

/// Whether a limit that is met now is the same as before, which was waited for too briefly: it is met again within the
/// time that it was waited for.
fn is_met_again(before: &ReachedLimit, now: Timestamp) -> bool {
    now < later(before.until, before.until.duration_since(before.since))
}

impl Moderation {
    /// Until when nothing is asked of an account: because of a limit, because its credentials are refused, or because its
    /// platform does not answer. Where the ledger does not answer, this process goes by what it knows.
    pub(crate) async fn held_until(
        &self,
        platform: Platform,
        account: &AccountId,
        now: Timestamp,
    ) -> Option<Timestamp> {
        self.held_for(platform, account, None, now).await
    }

    /// The same for one call, which limits may be about that let others pass.
    pub(crate) async fn held_for(
        &self,
        platform: Platform,
        account: &AccountId,
        call: Option<&Call>,
        now: Timestamp,
    ) -> Option<Timestamp> {
        let limited = self.limited_for(platform, account, call, now).await;
        let key = (platform, account.clone());
        let (refused, silent) = self
            .holds
            .with(|known| (known.refused.get(&key).copied(), known.silent.get(&key).map(|(until, _)| *until)));
        limited.max(refused).max(silent).filter(|until| *until > now)
    }

    /// Until when nothing is asked of an account because of a limit.
    pub(crate) async fn limited_until(
        &self,
        platform: Platform,
        account: &AccountId,
        now: Timestamp,
    ) -> Option<Timestamp> {
        self.limited_for(platform, account, None, now).await
    }

    /// The limits that hold now.
    ///
    /// # Errors
    /// When the ledger is unavailable or an item cannot be read.
    pub async fn limits(&self) -> Result<Vec<ReachedLimit>, LedgerError> {
        let now = self.clock.now();
        let limits = self.ledger.limits(now).await?;
        Ok(limits.into_iter().filter(|limit| limit.until > now).collect())
    }

    /// Forgets what limits hold the accounts of a platform, because somebody knows that they are over: credit was bought, or
    /// the platform has lifted them. What waits is carried out at once; whatever limit still stands is found out by one call.
    /// Other processes know it within five seconds. How many limits were forgotten, and how many cases go on.
    ///
    /// # Errors
    /// When the ledger is unavailable or an item cannot be read. Repeating goes on with the rest.
    pub async fn forget_limits(&self, platform: Platform) -> Result<(usize, usize), LedgerError> {
        let holds_it = |scope: &LimitScope| match scope.account {
            Some(_) => scope.platform == platform,
            None => scope.platform == platforms::app(platform),
        };
        let limits: Vec<_> = self.limits().await?.into_iter().filter(|limit| holds_it(&limit.scope)).collect();
        for limit in &limits {
            self.ledger.forget_limit(&limit.scope).await?;
        }
        self.holds.with(Known::forget);
        Ok((limits.len(), self.ledger.hasten(platform, self.clock.now()).await?))
    }

    async fn limited_for(
        &self,
        platform: Platform,
        account: &AccountId,
        call: Option<&Call>,
        now: Timestamp,
    ) -> Option<Timestamp> {
        let is_trusted = |known: &Known| known.read_at.is_some_and(|at| is_within(at, now, TRUSTED_FOR));
        if let Some(reading) = self.holds.with(|known| (!is_trusted(known)).then(|| known.next())) {
            match self.ledger.limits(now).await {
                Ok(limits) => self.holds.with(|known| known.learn(limits, reading, now)),
                Err(error) => tracing::warn!(%error, "which limits are reached cannot be read"),
            }
        }
        self.holds.with(|known| known.limited_until(platform, account, call)).filter(|until| *until > now)
    }

    /// A platform says that a limit is reached, in answer to a call: nothing that it is about is asked of whoever it belongs
    /// to until then. Everything that meets the same limit meanwhile finds this out without a write.
    pub(crate) async fn reach(
        &self,
        platform: Platform,
        account: &AccountId,
        limit: &Limit,
        call: Option<&Call>,
        now: Timestamp,
    ) -> Timestamp {
        let scope = scope(platform, account, limit.of, call.filter(|_| limit.calls == LimitedCalls::Alike));
        let before = self.holds.with(|known| known.limit(&scope).cloned());
        let named = limit.wait.map(|wait| SignedDuration::try_from(wait).unwrap_or(SignedDuration::MAX));
        let times = match &before {
            Some(before) if is_met_again(before, now) => before.times.saturating_add(1),
            _ => 1,
        };
        let until = later(now, named.map_or_else(|| growing(times), |wait| wait.min(LONGEST_LIMIT)));
        let is_known =
            |before: &ReachedLimit| before.until > now && (named.is_none() || later(before.until, SAME) >= until);
        if let Some(before) = before.filter(is_known) {
            return before.until;
        }
        // A time that the platform names says nothing about how well we guess.
        let reached = ReachedLimit { scope, since: now, until, times: if named.is_none() { times } else { 0 } };
        let noted = self.ledger.put_limit(&reached, now).await.unwrap_or_else(|error| {
            tracing::warn!(%error, "that a limit is reached could not be noted: other processes will ask again");
            reached
        });
        let until = noted.until;
        self.holds.with(|known| known.note(noted));
        self.tally.count(platform, "limited");
        tracing::warn!(%platform, %account, of = ?limit.of, calls = ?limit.calls, call = call.map(|call| call.name),
            reason = limit.reason, %until,
            "a limit is reached: what it is about is not asked of the account meanwhile, or of any account of the app");
        until
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_limit_without_a_time_holds_longer_each_time_up_to_an_hour() {
        let seconds: Vec<_> = [1, 2, 3, 7, 8, 9, u32::MAX].map(|times| growing(times).as_secs()).into();
        assert_eq!(seconds, [30, 60, 120, 1920, 3600, 3600, 3600]);
    }

    #[test]
    fn a_platform_that_goes_on_not_answering_is_left_alone_for_longer_and_an_answer_ends_that() {
        let (holds, account) = (Holds::default(), AccountId::new("1"));
        let mut now: Timestamp = "2026-11-02T10:00:00Z".parse().unwrap();
        let mut silences = Vec::new();
        for _ in 0..7 {
            let until = holds.fell_silent(Platform::Facebook, &account, now);
            assert_eq!(holds.fell_silent(Platform::Facebook, &account, now), until, "another call of the same time");
            silences.push(until.duration_since(now).as_secs());
            now = until;
        }
        assert_eq!(silences, [15, 30, 60, 120, 240, 300, 300]);
        for ends_it in [Holds::answered, Holds::try_again] {
            ends_it(&holds, Platform::Facebook, &account);
            assert_eq!(holds.fell_silent(Platform::Facebook, &account, now).duration_since(now).as_secs(), 15);
        }
    }

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    fn met() -> ReachedLimit {
        let scope = LimitScope { platform: Platform::Facebook, account: Some(AccountId::new("1")), call: None };
        ReachedLimit { scope, since: at("2026-11-02T10:00:00Z"), until: at("2026-11-02T10:10:00Z"), times: 1 }
    }

    #[test]
    fn a_limit_that_is_noted_while_the_limits_are_read_is_not_forgotten_whenever_it_was_met() {
        let (met, mut known) = (met(), Known::default());
        // It is met, then a reading begins that does not see it yet, then it is noted.
        let reading = known.next();
        known.note(met.clone());
        known.learn(Vec::new(), reading, at("2026-11-02T10:00:01Z"));
        assert_eq!(known.limit(&met.scope), Some(&met));
        // A reading that begins afterwards would have seen it: somebody has lifted it.
        let reading = known.next();
        known.learn(Vec::new(), reading, at("2026-11-02T10:00:02Z"));
        assert_eq!(known.limit(&met.scope), None);
    }

    #[test]
    fn a_reading_that_began_before_another_and_ends_after_it_changes_nothing() {
        let met = met();
        // Whether it was met here between the two or in another process.
        for here in [true, false] {
            let mut known = Known::default();
            let first = known.next();
            if here {
                known.note(met.clone());
            }
            let second = known.next();
            known.learn(vec![met.clone()], second, at("2026-11-02T10:00:01Z"));
            known.learn(Vec::new(), first, at("2026-11-02T10:00:01Z"));
            assert_eq!(known.limit(&met.scope), Some(&met), "met here: {here}");
        }
        // Nor does one that began before somebody lifted it.
        let mut known = Known::default();
        let reading = known.next();
        known.forget();
        known.learn(vec![met.clone()], reading, at("2026-11-02T10:00:01Z"));
        assert_eq!(known.limit(&met.scope), None);
    }

    #[test]
    fn a_limit_that_is_met_soon_after_its_end_is_the_same() {
        let (since, until) = (at("2026-11-02T10:00:00Z"), at("2026-11-02T10:02:00Z"));
        let scope = LimitScope { platform: Platform::Facebook, account: None, call: None };
        let before = ReachedLimit { scope, since, until, times: 3 };
        assert!(is_met_again(&before, at("2026-11-02T10:03:59Z")));
        assert!(!is_met_again(&before, at("2026-11-02T10:04:00Z")));
    }
}
