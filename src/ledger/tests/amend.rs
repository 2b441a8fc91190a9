//! Amendments: all of a decision or nothing of it, and of two people one.

use futures_util::future::join_all;
use ledger::{
    Amended, Amendment, Cancel, Closure, DecisionKind, Fact, NewAction, SanctionsChange, Status, StrikeChange, Task,
    TaskKind, reason_hash,
};
use policy::{ActionKind, SanctionKind, SanctionState};

use crate::support::{
    Sample, World, at, by_hand, comment, decision, done, on_each_engine, person, sanction, serving, strike, task,
};

const NOW: &str = "2026-02-03T09:00:01Z";
const ELEVEN: &str = "2026-02-03T11:00:00Z";

async fn violation(world: &World) -> ledger::CaseId {
    let sample = Sample::violating(comment("1_2"));
    world.ledger.record(&sample.judged(at(NOW))).await.unwrap();
    sample.case_id(&world.ledger)
}

async fn facts(world: &World) -> Vec<Fact> {
    let entries = world.ledger.entries("2026-02-03".parse().unwrap()).await.unwrap();
    assert!(entries.iter().all(|entry| entry.digest() == entry.hash));
    entries.into_iter().map(|entry| entry.fact).collect()
}

#[tokio::test]
async fn a_case_that_is_overturned_takes_everything_with_it() {
    on_each_engine(async |world| {
        let id = violation(&world).await;
        world.sanction(&id, SanctionKind::Warning, vec![serving(ActionKind::Reply)]).await;
        let hide = world.claim_first(at(NOW)).await.unwrap();
        world.ledger.settle(&hide, &done(), at(NOW)).await.unwrap();
        world.ledger.put_task(&Task { case: Some(id.clone()), ..task("t") }).await.unwrap();

        let case = world.case(&id).await;
        let record = world.author().await;
        assert_eq!((record.standing.strikes.len(), record.standing.sanctions.len(), record.version), (1, 1, 1));
        let mut withdrawn = record.standing.sanctions[0].clone();
        withdrawn.state = SanctionState::Withdrawn;
        withdrawn.closed_at = Some(at(ELEVEN));
        let overturned = Amendment {
            actions: vec![NewAction::new(ActionKind::Unhide)],
            cancel: Cancel::Everything,
            status: Some(Status::Closed { reason: Closure::Overturned, at: at(ELEVEN) }),
            assignee: Some(person("Anna")),
            decision: Some(decision(DecisionKind::Overturn)),
            strike: StrikeChange::Withdraw,
            sanctions: Some(SanctionsChange { version: 1, sanctions: vec![withdrawn.clone()], changed: vec![1] }),
            tasks: vec![Task { kind: TaskKind::Refer, ..task("new") }],
            tasks_done: vec![("t".to_owned(), by_hand(true)), ("unknown".to_owned(), by_hand(true))],
            ..Amendment::of(&case)
        };
        assert_eq!(world.ledger.amend(&overturned, at(ELEVEN)).await, Ok(Amended::Recorded));
        assert_eq!(world.ledger.amend(&overturned, at(ELEVEN)).await, Ok(Amended::Superseded));

        let after = world.case(&id).await;
        assert_eq!(after.status, Status::Closed { reason: Closure::Overturned, at: at(ELEVEN) });
        assert_eq!(
            (after.assignee.as_ref().map(policy::Person::as_str), after.decisions.as_slice()),
            (Some("Anna"), [decision(DecisionKind::Overturn)].as_slice())
        );
        let actions: Vec<_> = after.actions.iter().map(|action| (action.id.as_str(), action.kind)).collect();
        assert_eq!(actions, [("a1", ActionKind::Hide), ("a2", ActionKind::Reply), ("a3", ActionKind::Unhide)]);
        let record = world.author().await;
        assert_eq!((record.standing.strikes, record.standing.sanctions, record.version), (vec![], vec![withdrawn], 2));
        assert_eq!(world.tasks().await.iter().map(|task| task.id.as_str()).collect::<Vec<_>>(), ["new"]);
        assert_eq!(world.claim_first(at(ELEVEN)).await.unwrap().action.kind, ActionKind::Unhide);

        let facts = facts(&world).await;
        assert_eq!(facts.len(), 6, "verdict, sanction, hiding; reply taken back, decision, sanction withdrawn");
        let reason = reason_hash("4567", "Il numero è di un ufficio");
        let decided = Fact::Decision {
            decision: DecisionKind::Overturn,
            by: "Anna".to_owned(),
            reason,
            strike: None,
            strike_withdrawn: true,
        };
        assert!(facts.contains(&decided));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_eight_people_who_decide_at_once_one_decides() {
    on_each_engine(async |world| {
        let id = violation(&world).await;
        let case = world.case(&id).await;
        let amended = join_all((0..8).map(|number| {
            let (case, ledger) = (&case, &world.ledger);
            async move {
                let mut decision = decision(DecisionKind::Confirm);
                decision.by = person(&format!("persona {number}"));
                let confirmed = Amendment { decision: Some(decision), ..Amendment::of(case) };
                ledger.amend(&confirmed, at(ELEVEN)).await.unwrap()
            }
        }))
        .await;
        assert_eq!(amended.iter().filter(|amended| **amended == Amended::Recorded).count(), 1);
        assert_eq!(world.case(&id).await.decisions.len(), 1);
        assert_eq!(facts(&world).await.len(), 2);
    })
    .await;
}

#[tokio::test]
async fn a_standing_that_has_changed_meanwhile_stops_the_whole_amendment() {
    on_each_engine(async |world| {
        let id = violation(&world).await;
        world.sanction(&id, SanctionKind::Warning, Vec::new()).await;
        let case = world.case(&id).await;
        for version in [0, 2] {
            let mut ban = sanction(&id, SanctionKind::Ban);
            ban.state = SanctionState::Proposed;
            let sanctions = vec![ban];
            let outdated = Amendment {
                strike: StrikeChange::Withdraw,
                sanctions: Some(SanctionsChange { version, sanctions, changed: vec![1] }),
                tasks: vec![task("t")],
                ..Amendment::of(&case)
            };
            assert_eq!(world.ledger.amend(&outdated, at(ELEVEN)).await, Ok(Amended::Superseded), "{version}");
        }
        assert_eq!((world.case(&id).await, world.tasks().await), (case, vec![]));
        let record = world.author().await;
        assert_eq!((record.standing.strikes.len(), record.standing.sanctions[0].kind), (1, SanctionKind::Warning));
        assert_eq!(facts(&world).await.len(), 2);
    })
    .await;
}

#[tokio::test]
async fn a_second_confirmation_of_a_proposal_is_a_fact_of_its_own() {
    on_each_engine(async |world| {
        let id = violation(&world).await;
        for (version, confirming) in ["Anna", "Bruno"].map(person).into_iter().enumerate() {
            let version = version as u64;
            let mut proposed = sanction(&id, SanctionKind::Ban);
            proposed.state = SanctionState::Proposed;
            proposed.confirmed_by = vec![confirming];
            world
                .amend(&id, |amendment| {
                    let sanctions = vec![proposed];
                    amendment.sanctions = Some(SanctionsChange { version, sanctions, changed: vec![1] });
                    amendment.decision = Some(decision(DecisionKind::Confirm));
                })
                .await;
        }
        let facts = facts(&world).await;
        let count = |wanted: fn(&Fact) -> bool| facts.iter().filter(|fact| wanted(fact)).count();
        assert_eq!(count(|fact| matches!(fact, Fact::Sanction { .. })), 2);
        assert_eq!(count(|fact| matches!(fact, Fact::Decision { .. })), 2);
        assert_eq!(world.case(&id).await.decisions.len(), 2);
    })
    .await;
}

#[tokio::test]
async fn a_strike_that_was_withdrawn_can_be_counted_again() {
    on_each_engine(async |world| {
        let id = violation(&world).await;
        for (change, expected) in [
            (StrikeChange::Withdraw, 0),
            (StrikeChange::Withdraw, 0),
            (StrikeChange::Add(strike()), 1),
            (StrikeChange::Keep, 1),
        ] {
            world.amend(&id, |amendment| amendment.strike = change).await;
            assert_eq!(world.author().await.standing.strikes.len(), expected);
        }
    })
    .await;
}

#[tokio::test]
async fn an_amendment_that_names_what_is_not_there_is_refused_whole() {
    on_each_engine(async |world| {
        let id = violation(&world).await;
        let case = world.case(&id).await;
        let sanctions = Some(SanctionsChange { version: 0, sanctions: Vec::new(), changed: vec![7] });
        let error = world.ledger.amend(&Amendment { sanctions, ..Amendment::of(&case) }, at(ELEVEN)).await.unwrap_err();
        assert!(error.to_string().ends_with("an amendment names sanction 7 as changed, which is not among them"));
        let tasks = (0..100).map(|number| task(&number.to_string())).collect();
        let error = world.ledger.amend(&Amendment { tasks, ..Amendment::of(&case) }, at(ELEVEN)).await.unwrap_err();
        assert!(error.to_string().ends_with("a transaction names 101 items, at most 100 are possible"));
        assert_eq!(world.case(&id).await, case);
    })
    .await;
}

#[tokio::test]
async fn what_is_done_after_a_decision_is_not_recorded_as_automatic() {
    on_each_engine(async |world| {
        let id = violation(&world).await;
        let hide = world.claim_first(at(NOW)).await.unwrap();
        world.ledger.settle(&hide, &done(), at(NOW)).await.unwrap();
        world
            .amend(&id, |amendment| {
                amendment.decision = Some(decision(DecisionKind::Overturn));
                amendment.actions = vec![NewAction::new(ActionKind::Unhide)];
            })
            .await;
        let unhide = world.claim_first(at(ELEVEN)).await.unwrap();
        world.ledger.settle(&unhide, &done(), at(ELEVEN)).await.unwrap();
        let entries = world.ledger.entries("2026-02-03".parse().unwrap()).await.unwrap();
        let automatic = |kind| {
            let of = |fact: &Fact| matches!(fact, Fact::Effect { asked, .. } if *asked == kind);
            entries.iter().find(|entry| of(&entry.fact)).map(|entry| entry.automatic)
        };
        assert_eq!((automatic(ActionKind::Hide), automatic(ActionKind::Unhide)), (Some(true), Some(false)));
    })
    .await;
}

#[tokio::test]
async fn what_the_ladder_changes_is_recorded_as_automatic_and_what_people_change_is_not() {
    on_each_engine(async |world| {
        let id = violation(&world).await;
        world.sanction(&id, SanctionKind::Warning, Vec::new()).await;
        let mut declined = sanction(&id, SanctionKind::Warning);
        declined.state = SanctionState::Declined;
        world
            .amend(&id, |amendment| {
                amendment.decision = Some(decision(DecisionKind::Overturn));
                amendment.sanctions = Some(SanctionsChange { version: 1, sanctions: vec![declined], changed: vec![1] });
            })
            .await;
        let entries = world.ledger.entries("2026-02-03".parse().unwrap()).await.unwrap();
        let automatic = |state| {
            let of = |fact: &Fact| matches!(fact, Fact::Sanction { state: found, .. } if *found == state);
            entries.iter().find(|entry| of(&entry.fact)).map(|entry| entry.automatic)
        };
        assert_eq!(automatic(SanctionState::Decided), Some(true));
        assert_eq!(automatic(SanctionState::Declined), Some(false));
    })
    .await;
}
