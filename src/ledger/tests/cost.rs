//! What the paths cost, from the engine's own answers. The front page of this crate states the same figures.
//!
//! Single writes are counted on every engine. Transactions are counted on the embedded one only: DynamoDB Local answers
//! that a transaction of one item of 100 bytes consumes 4 write units, where AWS documents and charges 2, and that an
//! empty query consumes none.

use ledger::{NewAction, ReadOutcome, Settlement, Unread, Work};
use policy::ActionKind;

use crate::support::{LEASE, Sample, at, comment, done, on_each_engine, on_the_embedded_engine};

#[tokio::test]
async fn a_clean_comment_costs_one_write_unit_and_a_late_one_two() {
    on_each_engine(async |world| {
        let on_its_day = Sample::clean(comment("1_2"));
        let (_, reads, writes) = world.cost(world.ledger.record(&on_its_day.judged(at("2026-02-03T09:00:01Z")))).await;
        assert_eq!((reads, writes), (0.0, 1.0));
        let late = Sample::clean(comment("1_3"));
        let (_, reads, writes) = world.cost(world.ledger.record(&late.judged(at("2026-02-04T09:00:01Z")))).await;
        assert_eq!((reads, writes), (0.0, 2.0));
    })
    .await;
}

#[tokio::test]
async fn a_violation_costs_at_most_eight_write_units() {
    on_the_embedded_engine(async |world| {
        let sample = Sample::violating(comment("1234567890321_2345678901234567"));
        let now = at("2026-02-03T09:00:01.123456789Z");
        let (_, reads, writes) = world.cost(world.ledger.record(&sample.judged(now))).await;
        assert_eq!((reads, writes), (0.0, 7.0));
    })
    .await;
}

#[tokio::test]
async fn an_action_costs_eight_write_units_and_one_read_unit() {
    on_the_embedded_engine(async |world| {
        let sample = Sample::violating(comment("1_2"));
        let now = at("2026-02-03T09:00:01Z");
        world.ledger.record(&sample.judged(now)).await.unwrap();
        let key = world.due(now).await.remove(0);
        let (work, reads, writes) = world.cost(world.claim(&key, now)).await;
        assert_eq!((reads, writes), (1.0, 3.0));
        let work = work.unwrap();
        let again = Settlement::Again { at: now, asked: true, uncertain: false, note: String::new() };
        let (_, reads, writes) = world.cost(world.ledger.settle(&work, &again, now)).await;
        assert_eq!((reads, writes), (0.0, 3.0));
        let work = world.claim(&key, now).await.unwrap();
        let done = done();
        let (_, reads, writes) = world.cost(world.ledger.settle(&work, &done, now)).await;
        assert_eq!((reads, writes), (0.0, 5.0));
    })
    .await;
}

#[tokio::test]
async fn looking_for_work_costs_half_a_read_unit_a_shard() {
    on_the_embedded_engine(async |world| {
        let (_, reads, writes) = world.cost(world.due(at("2026-02-03T09:00:00Z"))).await;
        assert_eq!((reads, writes), (4.0, 0.0));
    })
    .await;
}

#[tokio::test]
async fn the_steps_beside_the_main_path_cost_what_the_front_page_says() {
    on_the_embedded_engine(async |world| {
        let now = at("2026-02-03T09:00:01Z");
        let sample = Sample::violating(comment("1_2"));
        let mut judged = sample.judged(now);
        judged.actions.push(NewAction { kind: ActionKind::Reply, text: Some("Commento nascosto".to_owned()) });
        world.ledger.record(&judged).await.unwrap();
        let work = world.claim_first(now).await.unwrap();
        let (_, _, writes) = world.cost(world.ledger.settle(&work, &done(), now)).await;
        assert_eq!(writes, 6.0, "an effect that another action follows");

        let contribution = &sample.contribution;
        let remove = world.ledger.remove(contribution.platform, &contribution.account, &contribution.id, now);
        let (closed, reads, writes) = world.cost(remove).await;
        assert_eq!((closed, reads, writes), (Ok(1), 1.0, 10.0), "a removal with an action to settle");

        let unread = Unread {
            platform: contribution.platform,
            account: contribution.account.clone(),
            surface: contribution.surface,
            id: contribution.id.clone(),
            thread: None,
            at: None,
        };
        let (_, _, writes) = world.cost(world.ledger.defer(&unread, now)).await;
        assert_eq!(writes, 2.0, "deferring");
        let key = world.due(now).await.remove(0);
        let (work, reads, writes) = world.cost(world.ledger.claim(&key, now, LEASE)).await;
        assert_eq!((reads, writes), (1.0, 3.0), "taking a reading up");
        let Ok(Some(Work::Read(work))) = work else { panic!("expected a reading") };
        let (_, _, writes) = world.cost(world.ledger.settle_reading(&work, ReadOutcome::Done, now)).await;
        assert_eq!(writes, 2.0, "ending a reading");
    })
    .await;
}
