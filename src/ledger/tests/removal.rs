//! Invariant 9: a contribution deleted on the platform closes its case, and no strike is added or lost.

use ledger::{Became, Closure, Fact, Fate, NewAction, Recorded, Settled, Status, Work};
use policy::{ActionKind, Contribution, Effect};

use crate::support::{LEASE, Sample, World, at, comment, done, edited, on_each_engine};

const NOW: &str = "2026-02-03T09:00:01Z";

async fn remove(world: &World, contribution: &Contribution) -> usize {
    let Contribution { platform, account, id, .. } = contribution;
    world.ledger.remove(*platform, account, id, at("2026-02-03T10:00:00Z")).await.unwrap()
}

#[tokio::test]
async fn a_removed_comment_closes_its_cases_and_keeps_its_strikes() {
    on_each_engine(async |world| {
        let original = Sample::violating(comment("1_2"));
        let edit = Sample::violating(edited(&original.contribution, "chiamate il 333 7654321"));
        for sample in [&original, &edit] {
            world.ledger.record(&sample.judged(at(NOW))).await.unwrap();
        }
        let contribution = &original.contribution;
        assert_eq!(remove(&world, contribution).await, 2);
        assert_eq!(remove(&world, contribution).await, 0);

        for sample in [&original, &edit] {
            let case = world.case_of(sample).await;
            let at = at("2026-02-03T10:00:00Z");
            assert_eq!(case.status, Status::Closed { reason: Closure::Removed, at });
            assert_eq!(case.actions[0].effect, Some(Effect::AlreadySo));
        }
        assert_eq!(world.ledger.next_due().await, Ok(None));
        assert_eq!(world.author().await.standing.strikes.len(), 2);
        let entries = world.ledger.entries("2026-02-03".parse().unwrap()).await.unwrap();
        let removals = entries.iter().filter(|entry| entry.fact == Fact::Removal).count();
        let effects = entries.iter().filter(|entry| matches!(entry.fact, Fact::Effect { .. })).count();
        assert_eq!((entries.len(), removals, effects), (6, 2, 2));
    })
    .await;
}

#[tokio::test]
async fn what_a_worker_was_asking_meanwhile_is_recorded_as_it_happened() {
    on_each_engine(async |world| {
        let sample = Sample::violating(comment("1_2"));
        world.ledger.record(&sample.judged(at(NOW))).await.unwrap();
        let work = world.claim_first(at(NOW)).await.unwrap();
        assert_eq!(remove(&world, &sample.contribution).await, 1);
        assert_eq!(world.ledger.settle(&work, &done(), at(NOW)).await, Ok(Settled::Recorded));
        let case = world.case(&work.case.id).await;
        assert!(!case.is_open());
        assert_eq!(case.actions[0].effect, Some(Effect::Done));
        assert_eq!(world.ledger.next_due().await, Ok(None));
    })
    .await;
}

#[tokio::test]
async fn what_concerns_the_author_outlives_the_contribution() {
    on_each_engine(async |world| {
        let sample = Sample::violating(comment("1_2"));
        let mut judged = sample.judged(at(NOW));
        judged.actions.push(NewAction::new(ActionKind::Ban));
        world.ledger.record(&judged).await.unwrap();
        assert_eq!(remove(&world, &sample.contribution).await, 1);
        let Some(Work::Action(work)) = world
            .ledger
            .claim(&world.due(at("2026-02-03T10:00:00Z")).await[0], at("2026-02-03T10:00:00Z"), LEASE)
            .await
            .unwrap()
        else {
            panic!("the ban is pending");
        };
        assert_eq!(work.action.kind, ActionKind::Ban);
        assert_eq!(work.case.actions[0].effect, Some(Effect::AlreadySo));
    })
    .await;
}

#[tokio::test]
async fn effects_from_before_the_removal_stay() {
    on_each_engine(async |world| {
        let sample = Sample::violating(comment("1_2"));
        world.ledger.record(&sample.judged(at(NOW))).await.unwrap();
        let work = world.claim_first(at(NOW)).await.unwrap();
        world.ledger.settle(&work, &done(), at(NOW)).await.unwrap();
        assert_eq!(remove(&world, &sample.contribution).await, 1);
        let case = world.case(&work.case.id).await;
        assert_eq!(case.actions[0].effect, Some(Effect::Done));
    })
    .await;
}

#[tokio::test]
async fn a_removal_that_overtakes_its_comment_does_no_harm() {
    on_each_engine(async |world| {
        let sample = Sample::violating(comment("1_2"));
        assert_eq!(remove(&world, &sample.contribution).await, 0);
        assert_eq!(world.ledger.record(&sample.judged(at(NOW))).await, Ok(Recorded::New));
        assert_eq!(remove(&world, &sample.contribution).await, 1);
        // Delivered once more after all that, it is neither judged nor opened again.
        assert_eq!(world.ledger.record(&sample.judged(at(NOW))).await, Ok(Recorded::Duplicate));
        assert_eq!(world.ledger.next_due().await, Ok(None));
    })
    .await;
}

#[tokio::test]
async fn a_removal_without_a_case_costs_one_write_for_what_it_may_have_overtaken() {
    on_each_engine(async |world| {
        let sample = Sample::clean(comment("1_2"));
        world.ledger.record(&sample.judged(at(NOW))).await.unwrap();
        let (closed, _, writes) = world.cost(remove(&world, &sample.contribution)).await;
        assert_eq!((closed, writes), (0, 1.0));
    })
    .await;
}

#[tokio::test]
async fn a_fate_is_known_to_cases_that_are_opened_after_it() {
    on_each_engine(async |world| {
        let sample = Sample::violating(comment("1_2"));
        let case = sample.case_id(&world.ledger);
        let (early, late) = (at("2026-02-03T08:00:00Z"), at("2026-02-03T08:30:00Z"));
        assert_eq!(world.ledger.fate(&case).await, Ok(None));
        let undated = Contribution { at: None, ..sample.contribution.clone() };
        world.ledger.rewritten(&undated, None, late).await.unwrap();
        // A repeated delivery of an earlier rewriting does not hide the later one.
        world.ledger.rewritten(&undated, None, early).await.unwrap();
        let became = Became { fate: Fate::Rewritten, at: late, written_at: None };
        assert_eq!(world.ledger.fate(&case).await, Ok(Some(became)));
        assert_eq!(remove(&world, &sample.contribution).await, 0);
        let became = world.ledger.fate(&case).await.unwrap();
        assert_eq!(became.map(|became| became.fate), Some(Fate::Removed));
    })
    .await;
}
