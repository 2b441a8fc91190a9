//! Tasks that people do: once, on record, and in the place of what the platform could not do.

use futures_util::future::join_all;
use ledger::{CaseId, DecisionKind, Done, Fact, Finished, Task, reason_hash};
use policy::{ActionKind, Effect, SanctionKind, SanctionState};

use crate::support::{Sample, World, at, by_hand, comment, effect, on_each_engine, person, sanction, serving, task};

const NOW: &str = "2026-02-03T09:00:01Z";

/// A warning that the platform cannot deliver, and the task to deliver it by hand.
async fn warning_by_hand(world: &World) -> Task {
    let sample = Sample::violating(comment("1_2"));
    let mut judged = sample.judged(at(NOW));
    judged.actions.clear();
    world.ledger.record(&judged).await.unwrap();
    let id = sample.case_id(&world.ledger);
    world.sanction(&id, SanctionKind::Warning, vec![serving(ActionKind::PrivateReply)]).await;
    let work = world.claim_first(at("2026-02-03T10:00:00Z")).await.unwrap();
    world.ledger.settle(&work, &effect(Effect::Manual), at("2026-02-03T10:00:00Z")).await.unwrap();
    let task = Task { case: Some(id), action: Some("a1".to_owned()), sanction: Some(1), ..task("t") };
    world.ledger.put_task(&task).await.unwrap();
    task
}

#[tokio::test]
async fn a_warning_that_a_person_delivered_counts() {
    on_each_engine(async |world| {
        let id = warning_by_hand(&world).await.case.unwrap();
        assert_eq!(world.ledger.finish_task("t", &by_hand(true)).await, Ok(Finished::Recorded));
        let warning = world.author().await.standing.sanctions.remove(0);
        assert_eq!((warning.state, warning.effective_at), (SanctionState::Effective, Some(by_hand(true).at)));
        let case = world.case(&id).await;
        assert!(case.climb_due);
        assert_eq!(case.actions[0].effect, Some(Effect::Manual), "what the platform did stays what it was");
        assert_eq!(case.actions[0].carried_out_at(), Some(by_hand(true).at), "and beside it, what a person did");
        let entries = world.ledger.entries("2026-02-03".parse().unwrap()).await.unwrap();
        let decided = Fact::Decision {
            decision: DecisionKind::TaskDone,
            by: "Anna".to_owned(),
            reason: reason_hash("0123", "Fatto dalla pagina"),
            strike: None,
            strike_withdrawn: false,
        };
        assert!(entries.iter().any(|entry| entry.fact == decided && entry.case == Some(id.clone())));
        let by_people = entries.iter().filter(|entry| !entry.automatic).count();
        assert_eq!(by_people, 2, "that the task is done, and that the warning counts");
    })
    .await;
}

#[tokio::test]
async fn a_warning_that_a_person_could_not_deliver_does_not_count() {
    on_each_engine(async |world| {
        let id = warning_by_hand(&world).await.case.unwrap();
        assert_eq!(world.ledger.finish_task("t", &by_hand(false)).await, Ok(Finished::Recorded));
        assert_eq!(world.author().await.standing.sanctions, [sanction(&id, SanctionKind::Warning)]);
        let case = world.case(&id).await;
        assert!(!case.climb_due);
        assert_eq!(case.actions[0].carried_out_at(), None);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_eight_people_who_do_a_task_one_did_it_and_the_others_are_told() {
    on_each_engine(async |world| {
        warning_by_hand(&world).await;
        let finished = join_all((0..8).map(|number| {
            let ledger = world.ledger.clone();
            async move {
                let done = Done { by: person(&format!("persona {number}")), ..by_hand(true) };
                (done.clone(), ledger.finish_task("t", &done).await.unwrap())
            }
        }))
        .await;
        let winners: Vec<_> = finished.iter().filter(|(_, finished)| *finished == Finished::Recorded).collect();
        assert_eq!(winners.len(), 1);
        let told = finished.iter().filter(|(_, finished)| *finished == Finished::AlreadyDone(winners[0].0.clone()));
        assert_eq!(told.count(), 7);
        assert_eq!(world.ledger.task("t", at(NOW)).await.unwrap().unwrap().done, Some(winners[0].0.clone()));
    })
    .await;
}

#[tokio::test]
async fn a_task_of_no_case_is_done_without_an_entry() {
    on_each_engine(async |world| {
        world.ledger.put_task(&task("t")).await.unwrap();
        assert_eq!(world.ledger.finish_task("t", &by_hand(true)).await, Ok(Finished::Recorded));
        assert_eq!(world.ledger.finish_task("t", &by_hand(true)).await, Ok(Finished::AlreadyDone(by_hand(true))));
        assert_eq!(world.scan(&world.tables.audit).await.len(), 0);
        assert_eq!(world.ledger.finish_task("unknown", &by_hand(true)).await, Ok(Finished::Unknown));
    })
    .await;
}

#[tokio::test]
async fn a_task_whose_time_is_over_is_gone_before_the_table_forgets_it() {
    on_each_engine(async |world| {
        let expires_at = at("2026-02-03T10:30:00Z");
        world.ledger.put_task(&Task { expires_at: Some(expires_at), ..task("t") }).await.unwrap();
        assert!(world.ledger.task("t", at(NOW)).await.unwrap().is_some());
        assert_eq!(world.ledger.task("t", expires_at).await, Ok(None));
        let (listed, _) = world.ledger.tasks(None, 10, expires_at).await.unwrap();
        assert_eq!(listed, []);
        assert_eq!(world.ledger.finish_task("t", &by_hand(true)).await, Ok(Finished::Unknown));
        let items = world.scan(&world.tables.casebook).await;
        assert_eq!(items[0]["expires"].as_n().unwrap(), &(expires_at.as_second() + 1).to_string());
    })
    .await;
}

#[tokio::test]
async fn the_tasks_of_a_case_are_found_by_its_id_done_or_not_and_no_others() {
    on_each_engine(async |world| {
        let (sample, other) = (Sample::violating(comment("1_2")), Sample::violating(comment("1_3")));
        for sample in [&sample, &other] {
            world.ledger.record(&sample.judged(at(NOW))).await.unwrap();
        }
        let (id, other) = (sample.case_id(&world.ledger), other.case_id(&world.ledger));
        let revision = format!("{}-0123456789ab", id.reference());
        let of = |id: &CaseId, name: String| Task { case: Some(id.clone()), ..task(&name) };
        let over = Task { expires_at: Some(at(NOW)), ..of(&id, format!("{id}-a9")) };
        for task in [
            of(&id, format!("{id}-a1")),
            of(&id, format!("urgent-{id}")),
            of(&id, format!("{id}-rewritten-{revision}")),
            of(&other, format!("{other}-a1")),
            of(&other, format!("{other}-rewritten-{id}")),
            over,
        ] {
            world.ledger.put_task(&task).await.unwrap();
        }
        let done = format!("{id}-a1");
        assert_eq!(world.ledger.finish_task(&done, &by_hand(true)).await, Ok(Finished::Recorded));
        let tasks = world.ledger.tasks_of(&id, by_hand(true).at).await.unwrap();
        let mut found: Vec<&str> = tasks.iter().map(|task| task.id.as_str()).collect();
        found.sort_unstable();
        let mut expected = [done.clone(), format!("{id}-rewritten-{revision}"), format!("urgent-{id}")];
        expected.sort_unstable();
        assert_eq!(found, expected);
        assert_eq!(tasks.iter().filter(|task| task.done.is_some()).map(|task| &task.id).collect::<Vec<_>>(), [&done]);
    })
    .await;
}
