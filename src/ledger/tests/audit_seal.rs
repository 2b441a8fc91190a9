//! Sealing: once for each day, complete, chained, and whatever happens in between.

use jiff::civil::Date;
use ledger::audit::Seal;
use ledger::{Fact, Judged, LedgerError, Recorded};
use policy::PolicyRef;

use crate::support::{Fault, Sample, World, at, comment, on_each_engine, on_the_embedded_engine, policy};

fn date(text: &str) -> Date {
    text.parse().unwrap()
}

/// Judges a comment at a time.
async fn judge(world: &World, id: &str, received_at: &str) {
    let mut contribution = comment(id);
    contribution.at = Some(at(received_at));
    let sample = Sample::clean(contribution);
    let judged: Judged<'_> = sample.judged(at(received_at));
    assert_eq!(world.ledger.record(&judged).await, Ok(Recorded::New));
}

async fn seal_until(world: &World, now: &str) -> Vec<Seal> {
    world.ledger.seal_until(at(now)).await.unwrap()
}

#[tokio::test]
async fn a_clock_that_is_far_ahead_seals_no_day_that_has_not_come() {
    on_each_engine(async |world| {
        judge(&world, "1_1", "2026-02-03T09:00:00Z").await;
        assert_eq!(seal_until(&world, "2026-02-04T02:10:00Z").await.len(), 1);
        let error = world.ledger.seal_until(at("2026-05-15T09:00:00Z")).await.unwrap_err();
        let LedgerError::Configuration(reason) = error else { panic!("{error}") };
        assert!(
            reason.starts_with("100 days are to be sealed, the first 2026-02-04 and the last 2026-05-14"),
            "{reason}"
        );
        // When the clock is right again, nothing is lost.
        judge(&world, "1_2", "2026-02-04T09:00:00Z").await;
        let sealed = seal_until(&world, "2026-02-05T02:10:00Z").await;
        assert_eq!(sealed.iter().map(|seal| seal.count).collect::<Vec<_>>(), [1]);
        // A person who knows that it is right may have all of them.
        let all = world.ledger.seal_all(None, at("2026-03-20T02:10:00Z")).await.unwrap();
        assert_eq!(all.len(), 43);
    })
    .await;
}

#[tokio::test]
async fn no_day_is_sealed_that_is_far_before_the_first_entry() {
    on_the_embedded_engine(async |world| {
        assert_eq!(world.ledger.activate(&policy(), at("2026-02-01T08:00:00Z")).await, Ok(Recorded::New));
        let now = at("2026-02-02T09:00:00Z");
        // Who mistypes the year would otherwise wait for 740,000 seals.
        let sealed = world.ledger.seal_all(Some(date("0001-01-01")), now).await.unwrap();
        assert_eq!(sealed.iter().map(|seal| seal.day).collect::<Vec<_>>(), [date("2026-02-01")]);
    })
    .await;
}

#[tokio::test]
async fn the_chain_begins_with_the_first_policy_and_has_every_day_since() {
    on_each_engine(async |world| {
        assert_eq!(world.ledger.activate(&policy(), at("2026-02-01T08:00:00Z")).await, Ok(Recorded::New));
        judge(&world, "1_1", "2026-02-01T09:00:00Z").await;
        judge(&world, "1_2", "2026-02-03T09:00:00Z").await;
        judge(&world, "1_3", "2026-02-04T00:10:00Z").await;
        // 00:59 in Italy: the third is over, and not for an hour.
        let seals = seal_until(&world, "2026-02-03T23:59:00Z").await;
        assert_eq!(seals.iter().map(|seal| seal.day).collect::<Vec<_>>(), [date("2026-02-01"), date("2026-02-02")]);
        let seals = [seals, seal_until(&world, "2026-02-04T00:00:00Z").await].concat();
        assert_eq!(seals.iter().map(|seal| seal.count).collect::<Vec<_>>(), [2, 0, 1], "one is the activation");
        assert_eq!(seals[0].previous, None);
        assert!(seals.is_sorted_by(|before, after| after.previous == Some(before.hash())));
        for seal in &seals {
            assert_eq!(world.ledger.seal_of(seal.day).await.unwrap().as_ref(), Some(seal));
        }
        assert_eq!(seal_until(&world, "2026-02-04T22:00:00Z").await, [], "sealed once");
    })
    .await;
}

#[tokio::test]
async fn a_seal_binds_what_was_recorded_away_from_its_home_too() {
    on_each_engine(async |world| {
        let mut undated = comment("1_1");
        undated.at = None;
        for contribution in [undated, comment("1_2")] {
            // Written on the 3rd, or nobody knows when; judged on the 4th.
            world.ledger.record(&Sample::clean(contribution).judged(at("2026-02-04T09:00:00Z"))).await.unwrap();
        }
        let now = at("2026-02-05T09:00:00Z");
        assert_eq!(world.ledger.seal(date("2026-02-03"), now).await.unwrap().unwrap().count, 0);
        assert_eq!(world.ledger.seal(date("2026-02-04"), now).await.unwrap().unwrap().count, 2);
        assert_eq!(world.ledger.seal(date("2026-02-05"), now).await, Ok(None), "it is not over");
        assert_eq!(world.ledger.seal(date("2026-02-01"), now).await, Ok(None), "before the first seal");
    })
    .await;
}

#[tokio::test]
async fn what_comes_after_the_seal_of_its_day_is_bound_once_by_the_next() {
    on_each_engine(async |world| {
        judge(&world, "1_1", "2026-02-03T09:00:00Z").await;
        let seals = seal_until(&world, "2026-02-04T01:00:00Z").await;
        assert_eq!((seals.len(), seals[0].count), (1, 1));
        judge(&world, "1_2", "2026-02-03T23:00:00Z").await;
        judge(&world, "1_3", "2026-02-03T22:59:59Z").await;
        let seals = seal_until(&world, "2026-02-06T01:00:00Z").await;
        let bound: Vec<_> = seals.iter().map(|seal| (seal.count, seal.late)).collect();
        assert_eq!(bound, [(2, 1), (0, 0)], "one of the two is of the 4th in Italy");
    })
    .await;
}

#[tokio::test]
async fn a_sealing_that_is_killed_at_any_request_and_repeated_makes_the_same_seals() {
    on_the_embedded_engine(async |world| {
        for day in 1..=3 {
            judge(&world, &format!("1_{day}"), &format!("2026-02-0{day}T09:00:00Z")).await;
        }
        let (first, now) = (Some(date("2026-02-01")), at("2026-02-04T09:00:00Z"));
        // Each day writes a part of its hashes and its seal: the first four writes, one killed each.
        for done_before in 0..4 {
            let refused = Fault::Refused("AccessDeniedException");
            world.faults.inject("PutItem", [refused]);
            assert!(world.ledger.seal_from(first, now).await.is_err());
            assert!(world.faults.all_happened());
            // One more write goes through before the next kill.
            let seals = world.scan(&world.tables.audit).await;
            let seals = seals.iter().filter(|item| item["pk"].as_s().unwrap().ends_with("#seal")).count();
            assert!(seals <= done_before);
            if done_before % 2 == 1 {
                world.ledger.seal(date(&format!("2026-02-0{}", done_before / 2 + 1)), now).await.unwrap().unwrap();
            }
        }
        let rest = world.ledger.seal_from(first, now).await.unwrap();
        assert_eq!(rest.len(), 1);
        let mut previous = None;
        for day in 1..=3 {
            let seal = world.ledger.seal_of(date(&format!("2026-02-0{day}"))).await.unwrap().unwrap();
            assert_eq!((seal.count, seal.late, seal.previous), (1, 0, previous));
            previous = Some(seal.hash());
        }
    })
    .await;
}

#[tokio::test]
async fn a_lost_answer_and_two_sealers_at_once_leave_one_seal() {
    on_each_engine(async |world| {
        judge(&world, "1_1", "2026-02-03T09:00:00Z").await;
        world.faults.inject("PutItem", [Fault::AnswerLost, Fault::AnswerLost]);
        let day = date("2026-02-03");
        let (a, b) = tokio::join!(
            world.ledger.seal(day, at("2026-02-04T01:00:00Z")),
            world.ledger.seal(day, at("2026-02-04T01:00:01Z"))
        );
        assert!(world.faults.all_happened());
        let stored = world.ledger.seal_of(day).await.unwrap();
        assert!(stored.as_ref().is_some_and(|seal| seal.count == 1));
        assert_eq!((a.unwrap(), b.unwrap()), (stored.clone(), stored));
    })
    .await;
}

#[tokio::test]
async fn a_clock_that_was_set_back_lets_the_records_begin_earlier() {
    on_each_engine(async |world| {
        assert_eq!(world.ledger.begun().await, Ok(None));
        for (time, recorded, begun) in [
            ("2026-02-03T10:00:00Z", Recorded::New, "2026-02-03"),
            // Two functions that start at once may differ by a moment: that is no earlier day.
            ("2026-02-03T09:59:59Z", Recorded::Duplicate, "2026-02-03"),
            ("2026-02-01T10:00:00Z", Recorded::New, "2026-02-01"),
            ("2026-02-04T10:00:00Z", Recorded::Duplicate, "2026-02-01"),
        ] {
            assert_eq!(world.ledger.activate(&policy(), at(time)).await, Ok(recorded), "{time}");
            assert_eq!(world.ledger.begun().await, Ok(Some(date(begun))), "{time}");
        }
    })
    .await;
}

#[tokio::test]
async fn what_is_recorded_for_a_day_before_the_beginning_lets_the_records_begin_there() {
    on_each_engine(async |world| {
        world.ledger.begins_by(at("2026-01-01T10:00:00Z")).await.unwrap();
        assert_eq!(world.ledger.begun().await, Ok(None), "nothing was ever activated");
        world.ledger.activate(&policy(), at("2026-02-03T10:00:00Z")).await.unwrap();
        for (time, begun) in [
            ("2026-02-03T09:00:00Z", "2026-02-03"),
            ("2026-02-04T09:00:00Z", "2026-02-03"),
            ("2026-01-07T09:00:00Z", "2026-01-07"),
            ("2026-01-08T09:00:00Z", "2026-01-07"),
        ] {
            let (_, reads, _) = world.cost(world.ledger.begins_by(at(time))).await;
            assert_eq!(reads, 1.0);
            assert_eq!(world.ledger.begun().await, Ok(Some(date(begun))), "{time}");
        }
        // The policy stays in force, and is no other.
        assert_eq!(world.ledger.activate(&policy(), at("2026-02-05T10:00:00Z")).await, Ok(Recorded::Duplicate));
    })
    .await;
}

#[tokio::test]
async fn a_policy_is_activated_once_and_again_when_its_content_changes() {
    on_each_engine(async |world| {
        let now = at("2026-02-03T09:00:00Z");
        let policy = policy();
        let (a, b) = tokio::join!(world.ledger.activate(&policy, now), world.ledger.activate(&policy, now));
        let new = [a.unwrap(), b.unwrap()].iter().filter(|recorded| **recorded == Recorded::New).count();
        assert_eq!(new, 1);
        let other = PolicyRef { hash: "00".repeat(32), ..policy.clone() };
        assert_eq!(world.ledger.activate(&other, at("2026-02-03T10:00:00Z")).await, Ok(Recorded::New));
        assert_eq!(world.ledger.activate(&other, at("2026-02-03T11:00:00Z")).await, Ok(Recorded::Duplicate));
        let entries = world.ledger.entries(date("2026-02-03")).await.unwrap();
        let policies: Vec<_> = entries.iter().map(|entry| (&entry.fact, entry.policy.clone())).collect();
        assert_eq!(policies, [(&Fact::Activation, policy), (&Fact::Activation, other)]);
        assert!(entries.iter().all(|entry| entry.digest() == entry.hash && entry.case.is_none()));
    })
    .await;
}

#[tokio::test]
async fn a_seal_costs_one_write_unit_and_a_thirty_second_of_one_for_each_entry() {
    on_the_embedded_engine(async |world| {
        for number in 0..100 {
            judge(&world, &format!("1_{number}"), "2026-02-03T09:00:00Z").await;
        }
        let (seals, reads, writes) = world.cost(seal_until(&world, "2026-02-04T09:00:00Z")).await;
        assert_eq!((seals.len(), seals[0].count), (1, 100));
        assert_eq!(writes, 5.0, "3.2 KB of hashes and the seal");
        assert!((40.0..=60.0).contains(&reads), "{reads}");
    })
    .await;
}
