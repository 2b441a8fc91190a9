//! Halts and meters: what the system may not do alone, and how it notices.

use futures_util::future::join_all;
use jiff::{SignedDuration, Timestamp};
use ledger::{Fact, Halt, HaltCause, Hide, HourCount, Ledger, Recorded, Scope, Task, TaskKind};
use policy::{AccountId, Platform};

use crate::support::{at, on_each_engine, person, policy, reference};

const NOW: &str = "2026-02-03T09:02:00Z";

fn account() -> AccountId {
    AccountId::new("1234567890321")
}

/// Something by someone of whom the platform does not tell who it is.
struct Hidden<'a> {
    account: &'a AccountId,
    rule: &'a str,
    number: u32,
}

impl Hidden<'_> {
    async fn count(&self, ledger: &Ledger, halted: &[&str], received: u32, now: Timestamp) -> HourCount {
        let hide = Hide {
            platform: Platform::Facebook,
            account: self.account,
            rule: self.rule,
            author: None,
            contribution: &reference(self.number),
        };
        ledger.count_hide(hide, halted, received, now).await.unwrap()
    }
}

fn breaker(scope: Scope) -> Halt {
    Halt {
        scope,
        cause: HaltCause::Breaker,
        since: at(NOW),
        by: None,
        reason: "31 in un'ora".to_owned(),
        counted: Some(HourCount { rule_hides: 31, account_hides: 31, contributions: 40 }),
        group: "halt-1".to_owned(),
    }
}

fn task() -> Task {
    Task { kind: TaskKind::Halted, created_at: at(NOW), ..crate::support::task("halt-1") }
}

#[tokio::test]
async fn what_goes_on_again_begins_from_nothing_and_halted_rules_do_not_count_for_the_account() {
    on_each_engine(async |world| {
        let (ledger, account) = (&world.ledger, account());
        let count = async |rule: &str, number, halted: &[&str]| {
            Hidden { account: &account, rule, number }.count(ledger, halted, 1, at(NOW)).await
        };
        count("telefono", 1, &[]).await;
        assert_eq!(
            count("insulti", 2, &["telefono"]).await,
            HourCount { rule_hides: 1, account_hides: 1, contributions: 2 }
        );
        let scope = Scope::Rule(Platform::Facebook, account.clone(), "telefono".to_owned());
        ledger.halt(&breaker(scope.clone()), &task(), &policy(), at(NOW)).await.unwrap();
        assert_eq!(ledger.resume(&scope, &person("Anna"), "Regola corretta", &policy(), at(NOW)).await, Ok(true));
        assert_eq!(count("telefono", 3, &[]).await, HourCount { rule_hides: 1, account_hides: 1, contributions: 1 });
    })
    .await;
}

#[tokio::test]
async fn something_is_halted_once_and_goes_on_once() {
    on_each_engine(async |world| {
        let rule = Scope::Rule(Platform::Facebook, account(), "telefono".to_owned());
        let all = [Scope::All, Scope::Account(Platform::Facebook, account()), rule.clone()];
        for scope in &all {
            let halt = breaker(scope.clone());
            assert_eq!(world.ledger.halt(&halt, &task(), &policy(), at(NOW)).await, Ok(Recorded::New));
            let again = Halt { cause: HaltCause::Switch, ..halt };
            assert_eq!(world.ledger.halt(&again, &task(), &policy(), at(NOW)).await, Ok(Recorded::Duplicate));
        }
        let mut halts = world.ledger.halts().await.unwrap();
        halts.sort_by(|a, b| a.scope.cmp(&b.scope));
        assert_eq!(halts, all.map(breaker));
        assert_eq!(world.other_organisation().halts().await, Ok(Vec::new()));

        let (by, reason) = (&person("Anna"), "Regola corretta");
        assert_eq!(world.ledger.resume(&rule, by, reason, &policy(), at(NOW)).await, Ok(true));
        assert_eq!(world.ledger.resume(&rule, by, reason, &policy(), at(NOW)).await, Ok(false));
        assert_eq!(world.ledger.halts().await.unwrap().len(), 2);
        let entries = world.ledger.entries("2026-02-03".parse().unwrap()).await.unwrap();
        assert_eq!(entries.len(), 4);
        let resumed = entries.iter().find(|entry| !entry.automatic).unwrap();
        assert_eq!((resumed.platform, resumed.account.clone()), (Some(Platform::Facebook), Some(account())));
        let (rule, by, reason) = (Some("telefono".to_owned()), Some(by.to_string()), reason.to_owned());
        assert_eq!(resumed.fact, Fact::Halt { rule, halted: false, by, reason });
        assert_eq!(resumed.digest(), resumed.hash);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_many_breakers_that_trip_at_once_one_halts() {
    on_each_engine(async |world| {
        let halts = join_all((0..8).map(|_| {
            let ledger = world.ledger.clone();
            async move { ledger.halt(&breaker(Scope::All), &task(), &policy(), at(NOW)).await.unwrap() }
        }))
        .await;
        assert_eq!(halts.iter().filter(|recorded| **recorded == Recorded::New).count(), 1);
        assert_eq!(world.ledger.entries("2026-02-03".parse().unwrap()).await.unwrap().len(), 1);
    })
    .await;
}

#[tokio::test]
async fn a_meter_counts_the_last_hour_of_its_account_by_rule() {
    on_each_engine(async |world| {
        let count = async |rule: &str, received, minutes: i64| {
            let now = at(NOW) + SignedDuration::from_mins(minutes);
            let number = u32::try_from(minutes).unwrap();
            Hidden { account: &account(), rule, number }.count(&world.ledger, &[], received, now).await
        };
        let counted = |rule_hides, account_hides, contributions| HourCount { rule_hides, account_hides, contributions };
        assert_eq!(count("telefono", 10, 0).await, counted(1, 1, 10));
        assert_eq!(count("telefono", 0, 1).await, counted(2, 2, 10));
        assert_eq!(count("insulti", 5, 20).await, counted(1, 3, 15));
        assert_eq!(count("telefono", 1, 55).await, counted(3, 4, 16));
        // The first five minutes have passed out of the hour.
        assert_eq!(count("telefono", 1, 60).await, counted(2, 3, 7));
        // A clock that goes back counts what was before it, and not what is to come.
        assert_eq!(count("insulti", 0, 30).await, counted(2, 4, 15));
        let elsewhere = AccountId::new("2");
        let other = Hidden { account: &elsewhere, rule: "telefono", number: 0 };
        assert_eq!(other.count(&world.ledger, &[], 3, at(NOW)).await, counted(1, 1, 3));
    })
    .await;
}

#[tokio::test]
async fn an_author_counts_once_and_so_does_a_contribution_without_one() {
    on_each_engine(async |world| {
        let (anna, account) = (world.pseudonym(), account());
        let count = async |rule, author, number: u32, minutes: i64| {
            let contribution = reference(number);
            let hide =
                Hide { platform: Platform::Facebook, account: &account, rule, author, contribution: &contribution };
            let now = at(NOW) + SignedDuration::from_mins(minutes);
            let count = world.ledger.count_hide(hide, &[], 0, now).await.unwrap();
            (count.rule_hides, count.account_hides)
        };
        assert_eq!(count("insulti", Some(&anna), 1, 0).await, (1, 1));
        // A revision, another contribution, another piece of the hour, another rule.
        assert_eq!(count("insulti", Some(&anna), 1, 0).await, (1, 1));
        assert_eq!(count("insulti", Some(&anna), 2, 0).await, (1, 1));
        assert_eq!(count("insulti", Some(&anna), 3, 20).await, (1, 1));
        assert_eq!(count("telefono", Some(&anna), 4, 21).await, (1, 1));
        assert_eq!(count("insulti", None, 5, 22).await, (2, 2));
        assert_eq!(count("insulti", None, 5, 40).await, (2, 2));
        assert_eq!(count("insulti", None, 6, 41).await, (3, 3));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_hide_of_many_at_once_is_missed() {
    on_each_engine(async |world| {
        let counts = join_all((0..32).map(|number| {
            let ledger = world.ledger.clone();
            async move { Hidden { account: &account(), rule: "spam", number }.count(&ledger, &[], 1, at(NOW)).await }
        }))
        .await;
        assert_eq!(counts.iter().map(|count| count.rule_hides).max(), Some(32));
        assert_eq!(counts.iter().map(|count| count.contributions).max(), Some(32));
    })
    .await;
}
