//! Pending work: found when due, taken up by one worker at a time, settled once, never lost.

use std::collections::BTreeSet;

use futures_util::future::join_all;
use jiff::SignedDuration;
use ledger::{Fact, Finished, NewAction, Settled, Settlement, Task, WorkKey};
use policy::{ActionKind, Effect};

use crate::support::{LEASE, Sample, World, at, by_hand, comment, done, on_each_engine, task};

const NOW: &str = "2026-02-03T09:00:01Z";

async fn violation(world: &World, id: &str) -> Sample {
    let sample = Sample::violating(comment(id));
    world.ledger.record(&sample.judged(at(NOW))).await.unwrap();
    sample
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_worker_of_many_takes_an_action_up() {
    on_each_engine(async |world| {
        violation(&world, "1_2").await;
        let key = world.due(at(NOW)).await.remove(0);
        let claims = join_all((0..8).map(|_| world.claim(&key, at(NOW)))).await;
        let taken: Vec<_> = claims.into_iter().flatten().collect();
        assert_eq!(taken.len(), 1);
        assert!(!taken[0].uncertain);
        assert_eq!((taken[0].action.kind, taken[0].action.attempts), (ActionKind::Hide, 1));
        assert_eq!(taken[0].action.asked_at, Some(at(NOW)));
        assert_eq!(world.due(at(NOW)).await, []);
    })
    .await;
}

#[tokio::test]
async fn that_it_is_asked_is_on_record_before_the_platform_is_called() {
    on_each_engine(async |world| {
        violation(&world, "1_2").await;
        let work = world.claim_first(at(NOW)).await.unwrap();
        let stored = world.case(&work.case.id).await;
        assert_eq!(stored, work.case);
        assert!(stored.actions[0].outcome_unknown);
    })
    .await;
}

#[tokio::test]
async fn an_action_whose_worker_vanished_comes_back_as_uncertain() {
    on_each_engine(async |world| {
        violation(&world, "1_2").await;
        let lost = world.claim_first(at(NOW)).await.unwrap();
        let shortly_before = at(NOW) + LEASE - SignedDuration::from_nanos(1);
        assert!(world.claim_first(shortly_before).await.is_none());
        let after = at(NOW) + LEASE;
        let work = world.claim_first(after).await.unwrap();
        assert!(work.uncertain);
        assert_eq!(work.action.attempts, 2);
        // Whoever took it first and comes back late changes nothing.
        assert_eq!(world.ledger.settle(&lost, &done(), after).await, Ok(Settled::Superseded));
        let stored = world.case(&work.case.id).await;
        assert_eq!(stored, work.case);
        assert_eq!(world.ledger.settle(&work, &done(), after).await, Ok(Settled::Recorded));
    })
    .await;
}

#[tokio::test]
async fn an_effect_is_in_the_case_and_in_the_audit_log() {
    on_each_engine(async |world| {
        violation(&world, "1_2").await;
        let work = world.claim_first(at(NOW)).await.unwrap();
        let task = Task { case: Some(work.case.id.clone()), ..task(&format!("{}-a1", work.case.id)) };
        let settlement = Settlement::Effect {
            effect: Effect::Manual,
            call: Some("POST /{comment-id}".to_owned()),
            status: Some(403),
            reference: Some("r".to_owned()),
            note: Some("n".to_owned()),
            task: Some(task.clone()),
        };
        let later = at("2026-02-04T00:30:00Z");
        assert_eq!(world.ledger.settle(&work, &settlement, later).await, Ok(Settled::Recorded));
        assert_eq!(world.ledger.settle(&work, &settlement, later).await, Ok(Settled::Superseded));

        let case = world.case(&work.case.id).await;
        let action = &case.actions[0];
        assert_eq!((action.effect, action.effect_at, action.status), (Some(Effect::Manual), Some(later), Some(403)));
        assert_eq!((action.reference.as_deref(), action.note.as_deref()), (Some("r"), Some("n")));
        assert!(!action.outcome_unknown);
        assert_eq!(world.tasks().await, [task]);
        assert_eq!(world.ledger.next_due().await, Ok(None));

        let entries = world.ledger.entries("2026-02-04".parse().unwrap()).await.unwrap();
        assert_eq!(entries.len(), 1);
        let Fact::Effect { action, asked, effect, status, attempts, asked_at, .. } = &entries[0].fact else {
            panic!("not an effect")
        };
        assert_eq!((action.as_str(), *asked, *effect), ("a1", ActionKind::Hide, Effect::Manual));
        assert_eq!((*status, *attempts, *asked_at), (Some(403), 1, Some(at(NOW))));
    })
    .await;
}

#[tokio::test]
async fn a_task_that_exists_already_does_not_stand_in_the_way_of_an_effect() {
    on_each_engine(async |world| {
        violation(&world, "1_2").await;
        let work = world.claim_first(at(NOW)).await.unwrap();
        world.ledger.put_task(&task("t")).await.unwrap();
        let by_hand = by_hand(true);
        assert_eq!(world.ledger.finish_task("t", &by_hand).await, Ok(Finished::Recorded));
        let Settlement::Effect { effect, call, status, reference, note, .. } = done() else { unreachable!() };
        let settlement = Settlement::Effect { effect, call, status, reference, note, task: Some(task("t")) };
        assert_eq!(world.ledger.settle(&work, &settlement, at(NOW)).await, Ok(Settled::Recorded));
        // It was done, and stays done.
        assert_eq!(world.tasks().await, []);
        assert_eq!(world.ledger.task("t", at(NOW)).await.unwrap().unwrap().done, Some(by_hand));
    })
    .await;
}

#[tokio::test]
async fn an_action_to_be_asked_again_waits_and_is_uncertain_only_if_it_was_said_so() {
    on_each_engine(async |world| {
        violation(&world, "1_2").await;
        let mut now = at(NOW);
        for uncertain in [true, false] {
            let work = world.claim_first(now).await.unwrap();
            let wait = now + SignedDuration::from_secs(600);
            let again =
                Settlement::Again { at: wait, asked: ledger::Asked::Yes, uncertain, note: "rate limit".to_owned() };
            assert_eq!(world.ledger.settle(&work, &again, now).await, Ok(Settled::Recorded));
            assert_eq!(world.due(now + LEASE).await, []);
            assert_eq!(world.ledger.next_due().await, Ok(Some(wait)));
            let work = world.claim_first(wait).await.unwrap();
            assert_eq!(work.uncertain, uncertain);
            assert_eq!(work.action.note.as_deref(), Some("rate limit"));
            now = wait + LEASE;
        }
    })
    .await;
}

#[tokio::test]
async fn actions_of_a_case_are_carried_out_one_after_the_other() {
    on_each_engine(async |world| {
        let sample = Sample::violating(comment("1_2"));
        let mut judged = sample.judged(at(NOW));
        let text = Some("Commento nascosto".to_owned());
        judged.actions.push(NewAction { text, ..NewAction::new(ActionKind::Reply) });
        world.ledger.record(&judged).await.unwrap();
        let first = world.claim_first(at(NOW)).await.unwrap();
        assert_eq!(first.action.kind, ActionKind::Hide);
        world.ledger.settle(&first, &done(), at(NOW)).await.unwrap();
        let second = world.claim_first(at(NOW)).await.unwrap();
        assert_eq!((second.action.id.as_str(), second.action.kind), ("a2", ActionKind::Reply));
        assert!(!second.uncertain);
        assert_eq!(second.action.text.as_deref(), Some("Commento nascosto"));
        world.ledger.settle(&second, &done(), at(NOW)).await.unwrap();
        assert_eq!(world.ledger.next_due().await, Ok(None));
        let entries = world.ledger.entries("2026-02-03".parse().unwrap()).await.unwrap();
        assert_eq!(entries.len(), 3);
    })
    .await;
}

#[tokio::test]
async fn what_is_due_longest_comes_first_over_all_shards() {
    on_each_engine(async |world| {
        let mut expected = Vec::new();
        for minute in [7, 3, 9, 1, 5, 0, 8, 2, 6, 4] {
            let sample = Sample::violating(comment(&format!("1_{minute}")));
            let received_at = at(&format!("2026-02-03T09:0{minute}:00Z"));
            world.ledger.record(&sample.judged(received_at)).await.unwrap();
            let id = sample.case_id(&world.ledger);
            expected.push((received_at, id.to_string()));
        }
        expected.sort();
        let due = world.ledger.due(at("2026-02-03T09:07:00Z"), 100).await.unwrap();
        let found: Vec<String> = due.iter().map(case_of).collect();
        let expected: Vec<String> = expected.into_iter().map(|(_, id)| id).collect();
        assert_eq!(found, expected[..8]);
        let few = world.ledger.due(at("2026-02-03T09:07:00Z"), 3).await.unwrap();
        assert_eq!(few, due[..3]);
        assert_eq!(world.ledger.next_due().await, Ok(Some(at("2026-02-03T09:00:00Z"))));
        assert_eq!(world.ledger.due(at(NOW), 0).await, Ok(Vec::new()));

        let items = world.scan(&world.tables.casebook).await;
        let shards: BTreeSet<_> = items.iter().filter_map(|item| item.get("pending_shard")?.as_s().ok()).collect();
        assert!(shards.len() > 2, "{shards:?}");
    })
    .await;
}

fn case_of(key: &WorkKey) -> String {
    let reference = key.pk().rsplit('#').next().unwrap();
    format!("{reference}-{}", key.sk().trim_start_matches("R#"))
}

#[tokio::test]
async fn a_key_from_the_stream_leads_to_its_work_and_to_no_other_organisations() {
    on_each_engine(async |world| {
        violation(&world, "1_2").await;
        let due = world.due(at(NOW)).await.remove(0);
        let key = WorkKey::from_keys(due.pk(), due.sk()).unwrap();
        assert_eq!(key.organisation(), "milano-monza-brianza-lodi");
        let other = world.other_organisation();
        assert!(other.claim(&key, at(NOW), LEASE).await.unwrap().is_none());
        assert_eq!(other.due(at(NOW), 10).await, Ok(Vec::new()));
        assert!(world.claim(&key, at(NOW)).await.is_some());
        assert_eq!(WorkKey::from_keys("milano-monza-brianza-lodi#T", "t"), None);
    })
    .await;
}
