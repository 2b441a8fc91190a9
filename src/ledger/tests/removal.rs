//! Invariant 9: a contribution deleted on the platform closes its case, and no strike is added or lost.

use ledger::{Closure, Fact, Recorded, Settled, Status};
use policy::{Contribution, Effect};

use crate::support::{Sample, World, at, comment, done, edited, on_each_engine};

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

        let cases =
            world.ledger.cases_of(contribution.platform, &contribution.account, &contribution.id).await.unwrap();
        for case in &cases {
            let at = at("2026-02-03T10:00:00Z");
            assert_eq!(case.status, Status::Closed { reason: Closure::Removed, at });
            assert_eq!(case.actions[0].effect, Some(Effect::AlreadySo));
        }
        assert_eq!(world.ledger.next_due().await, Ok(None));
        assert_eq!(world.ledger.strikes(cases[0].pseudonym.as_ref().unwrap()).await.unwrap().len(), 2);
        let entries = world.ledger.entries("2026-02-03".parse().unwrap()).await.unwrap();
        let removals = entries.iter().filter(|entry| entry.fact == Fact::Removal).count();
        let effects = entries.iter().filter(|entry| matches!(entry.fact, Fact::Effect { .. })).count();
        assert_eq!((entries.len(), removals, effects), (6, 2, 2));
    })
    .await;
}

#[tokio::test]
async fn a_worker_that_was_asking_meanwhile_is_superseded() {
    on_each_engine(async |world| {
        let sample = Sample::violating(comment("1_2"));
        world.ledger.record(&sample.judged(at(NOW))).await.unwrap();
        let work = world.claim_first(at(NOW)).await.unwrap();
        assert_eq!(remove(&world, &sample.contribution).await, 1);
        assert_eq!(world.ledger.settle(&work, &done(), at(NOW)).await, Ok(Settled::Superseded));
        let case = world.ledger.case(&work.case.id).await.unwrap().unwrap();
        assert_eq!(case.actions[0].effect, Some(Effect::AlreadySo));
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
        let case = world.ledger.case(&work.case.id).await.unwrap().unwrap();
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
async fn the_removal_of_a_clean_comment_writes_nothing() {
    on_each_engine(async |world| {
        let sample = Sample::clean(comment("1_2"));
        world.ledger.record(&sample.judged(at(NOW))).await.unwrap();
        let (closed, _, writes) = world.cost(remove(&world, &sample.contribution)).await;
        assert_eq!((closed, writes), (0, 0.0));
    })
    .await;
}
