//! What waits for its time, and the climb that waits for everything else.

use jiff::{SignedDuration, Timestamp};
use ledger::{Amendment, NewAction, Settlement, Work};
use policy::{ActionKind, Effect};

use crate::support::{LEASE, Sample, World, at, comment, done, on_each_engine};

const NOW: &str = "2026-02-03T09:00:01Z";
const LATER: &str = "2026-02-10T09:00:00Z";

/// A violation that is hidden, whose author may contribute again after a week, and whose ladder is to be climbed.
async fn violation(world: &World, climb: bool) -> Sample {
    let sample = Sample::violating(comment("1_2"));
    let mut judged = sample.judged(at(NOW));
    judged.actions.insert(0, NewAction { not_before: Some(at(LATER)), ..NewAction::new(ActionKind::Unban) });
    judged.climb = climb;
    world.ledger.record(&judged).await.unwrap();
    sample
}

async fn work(world: &World, now: Timestamp) -> Option<Work> {
    let key = world.due(now).await.into_iter().next()?;
    world.ledger.claim(&key, now, LEASE).await.unwrap()
}

#[tokio::test]
async fn what_waits_for_its_time_holds_nothing_else_back() {
    on_each_engine(async |world| {
        violation(&world, false).await;
        let hide = world.claim_first(at(NOW)).await.unwrap();
        assert_eq!(hide.action.kind, ActionKind::Hide);
        world.ledger.settle(&hide, &done(), at(NOW)).await.unwrap();
        assert_eq!(world.ledger.next_due().await, Ok(Some(at(LATER))));
        assert!(work(&world, at(LATER) - SignedDuration::from_nanos(1)).await.is_none());
        let unban = world.claim_first(at(LATER)).await.unwrap();
        assert_eq!((unban.action.kind, unban.action.id.as_str()), (ActionKind::Unban, "a1"));
        world.ledger.settle(&unban, &done(), at(LATER)).await.unwrap();
        assert_eq!(world.ledger.next_due().await, Ok(None));
    })
    .await;
}

#[tokio::test]
async fn the_ladder_is_climbed_once_nothing_is_to_be_asked_now() {
    on_each_engine(async |world| {
        violation(&world, true).await;
        let Some(Work::Action(hide)) = work(&world, at(NOW)).await else { panic!("first the hiding") };
        assert!(work(&world, at(NOW)).await.is_none(), "while it is being asked");
        let soon = at(NOW) + SignedDuration::from_secs(30);
        let again = Settlement::Again { at: soon, asked: ledger::Asked::Yes, uncertain: false, note: String::new() };
        world.ledger.settle(&hide, &again, at(NOW)).await.unwrap();
        assert_eq!(world.ledger.next_due().await, Ok(Some(soon)), "while it is to be asked again");
        let Some(Work::Action(hide)) = work(&world, soon).await else { panic!("the hiding again") };
        world.ledger.settle(&hide, &done(), soon).await.unwrap();

        let (climb, _, writes) = world.cost(work(&world, soon)).await;
        let Some(Work::Climb(case)) = climb else { panic!("then the climb") };
        assert_eq!(writes, 0.0);
        assert!(matches!(work(&world, soon).await, Some(Work::Climb(_))), "until someone has climbed");
        let climbed = Amendment { climb_due: Some(false), ..Amendment::of(&case) };
        world.ledger.amend(&climbed, soon).await.unwrap();
        assert!(work(&world, soon).await.is_none());
        assert_eq!(world.ledger.next_due().await, Ok(Some(at(LATER))));
    })
    .await;
}

#[tokio::test]
async fn what_is_hastened_is_due_now() {
    on_each_engine(async |world| {
        let id = violation(&world, false).await.case_id(&world.ledger);
        world.amend(&id, |amendment| amendment.hasten = true).await;
        assert_eq!(world.claim_first(at(NOW)).await.unwrap().action.kind, ActionKind::Unban);
    })
    .await;
}

#[tokio::test]
async fn what_nobody_asked_for_yet_is_taken_back_and_what_is_being_asked_is_not() {
    on_each_engine(async |world| {
        let id = violation(&world, false).await.case_id(&world.ledger);
        let hide = world.claim_first(at(NOW)).await.unwrap();
        world.amend(&id, |amendment| amendment.cancel = ledger::Cancel::Everything).await;
        let case = world.case(&id).await;
        assert_eq!(
            (case.actions[0].effect, case.actions[0].note.as_deref()),
            (Some(Effect::AlreadySo), Some("withdrawn"))
        );
        assert_eq!(case.actions[1].effect, None);
        assert!(!case.is_hidden());
        // Its worker comes back, and what it did holds.
        assert_eq!(world.ledger.settle(&hide, &done(), at(NOW)).await, Ok(ledger::Settled::Recorded));
        assert!(world.case(&id).await.is_hidden());
        assert_eq!(world.ledger.next_due().await, Ok(None));
        assert_eq!(world.ledger.entries("2026-02-03".parse().unwrap()).await.unwrap().len(), 3);
    })
    .await;
}

#[tokio::test]
async fn a_hiding_that_was_taken_back_hid_nothing() {
    on_each_engine(async |world| {
        let sample = Sample::violating(comment("1_2"));
        world.ledger.record(&sample.judged(at(NOW))).await.unwrap();
        let id = sample.case_id(&world.ledger);
        world.amend(&id, |amendment| amendment.cancel = ledger::Cancel::Everything).await;
        assert!(!world.case(&id).await.is_hidden());
    })
    .await;
}

#[tokio::test]
async fn an_action_that_is_added_while_another_is_being_asked_does_not_make_that_one_due() {
    on_each_engine(async |world| {
        let id = violation(&world, false).await.case_id(&world.ledger);
        let hide = world.claim_first(at(NOW)).await.unwrap();
        world.amend(&id, |amendment| amendment.actions = vec![NewAction::new(ActionKind::Ban)]).await;
        assert_eq!(world.ledger.next_due().await, Ok(Some(at(NOW) + LEASE)));
        world.ledger.settle(&hide, &done(), at(NOW)).await.unwrap();
        let ban = world.claim_first(at(NOW)).await.unwrap();
        assert_eq!((ban.action.kind, ban.action.id.as_str()), (ActionKind::Ban, "a3"));
    })
    .await;
}

#[tokio::test]
async fn the_leases_of_a_process_that_died_end_at_once_and_waiting_goes_on() {
    on_each_engine(async |world| {
        violation(&world, false).await;
        world.claim_first(at(NOW)).await.unwrap();
        assert_eq!(world.ledger.end_leases(at(NOW)).await, Ok(1));
        let hide = world.claim_first(at(NOW)).await.unwrap();
        assert!(hide.uncertain);
        world.ledger.settle(&hide, &done(), at(NOW)).await.unwrap();
        assert_eq!(world.ledger.end_leases(at(NOW)).await, Ok(0));
        assert_eq!(world.ledger.next_due().await, Ok(Some(at(LATER))));
    })
    .await;
}
