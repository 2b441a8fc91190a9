//! Contributions that have to be read first wait until they are, and tell nobody else's tale.

use std::slice;

use jiff::SignedDuration;
use ledger::{ReadOutcome, ReadWork, Recorded, Task, TaskKind, Unread, Work};
use policy::{AccountId, ContributionId, Platform, Surface};

use crate::support::{LEASE, World, at, on_each_engine, task};

const NOW: &str = "2026-02-03T09:00:01Z";

fn mention() -> Unread {
    Unread {
        platform: Platform::Instagram,
        account: AccountId::new("17841405726653026"),
        surface: Surface::Mention,
        id: ContributionId::new("17900000000000001"),
        thread: None,
        at: None,
        written: Vec::new(),
        look: false,
    }
}

async fn claim(world: &World, now: jiff::Timestamp) -> Option<ReadWork> {
    let key = world.due(now).await.into_iter().next()?;
    match world.ledger.claim(&key, now, LEASE).await.unwrap()? {
        Work::Read(work) => Some(work),
        other => panic!("expected a reading, found {other:?}"),
    }
}

#[tokio::test]
async fn a_reference_waits_until_it_was_read() {
    on_each_engine(async |world| {
        assert_eq!(world.ledger.defer(&mention(), at(NOW)).await, Ok(Recorded::New));
        let work = claim(&world, at(NOW)).await.unwrap();
        assert_eq!((&work.unread, work.attempts, work.deferred_at), (&mention(), 1, at(NOW)));
        assert!(claim(&world, at(NOW)).await.is_none());
        world.ledger.settle_reading(&work, ReadOutcome::Done, at(NOW)).await.unwrap();
        assert_eq!(world.ledger.next_due().await, Ok(None));
        assert_eq!(world.scan(&world.tables.casebook).await.len(), 0);
    })
    .await;
}

#[tokio::test]
async fn a_reference_that_comes_again_while_it_is_read_is_read_again_at_once() {
    on_each_engine(async |world| {
        world.ledger.defer(&mention(), at(NOW)).await.unwrap();
        let work = claim(&world, at(NOW)).await.unwrap();
        assert_eq!(world.ledger.defer(&mention(), at(NOW)).await, Ok(Recorded::Duplicate));
        assert_eq!(world.ledger.settle_reading(&work, ReadOutcome::Done, at(NOW)).await, Ok(false));
        assert_eq!(world.ledger.next_due().await, Ok(Some(at(NOW))), "it is read again at once");
        let again = claim(&world, at(NOW)).await.unwrap();
        assert_eq!(again.attempts, 2);
        assert_eq!(world.ledger.settle_reading(&again, ReadOutcome::Done, at(NOW)).await, Ok(true));
        assert_eq!(world.ledger.next_due().await, Ok(None));
    })
    .await;
}

#[tokio::test]
async fn whoever_took_a_reading_up_when_the_lease_of_another_was_over_goes_on() {
    on_each_engine(async |world| {
        world.ledger.defer(&mention(), at(NOW)).await.unwrap();
        let slow = claim(&world, at(NOW)).await.unwrap();
        let later = at(NOW) + LEASE;
        let next = claim(&world, later).await.unwrap();
        assert_eq!(world.ledger.settle_reading(&slow, ReadOutcome::Done, later).await, Ok(false));
        assert_eq!(world.ledger.next_due().await, Ok(Some(later + LEASE)));
        assert_eq!(world.ledger.settle_reading(&next, ReadOutcome::Done, later).await, Ok(true));
    })
    .await;
}

#[tokio::test]
async fn how_long_something_is_read_in_vain_counts_no_time_in_which_nothing_may_be_asked() {
    on_each_engine(async |world| {
        let since = async || {
            let Unread { platform, account, id, .. } = mention();
            world.ledger.awaited(platform, &account, &id).await.unwrap().expect("it waits").in_vain_since
        };
        world.ledger.defer(&mention(), at(NOW)).await.unwrap();
        assert_eq!(since().await, None, "nobody has read it yet");
        let mut now = at(NOW);
        // Whether it was asked for, whether nothing may be asked, and since when it is read in vain after that.
        let (first, second) = (Some(now), Some(now + SignedDuration::from_mins(4)));
        for (asked, held, expected) in
            [(true, false, first), (true, false, first), (true, true, None), (false, true, None), (true, false, second)]
        {
            let work = claim(&world, now).await.unwrap();
            assert!(since().await.is_some(), "whoever reads it may fail to record that it was in vain");
            let again = ReadOutcome::Again { at: now + SignedDuration::from_mins(1), asked, held };
            world.ledger.settle_reading(&work, again, now).await.unwrap();
            assert_eq!(since().await, expected, "{asked} {held}");
            now += SignedDuration::from_mins(1);
        }
    })
    .await;
}

#[tokio::test]
async fn who_was_rewritten_while_it_was_read_is_known_for_an_hour_though_the_reading_ended() {
    on_each_engine(async |world| {
        let look = Unread { look: true, ..mention() };
        let Unread { platform, account, id, .. } = &look;
        let taken_up = async |now| {
            world.ledger.defer(&look, now).await.unwrap();
            let work = claim(&world, now).await.unwrap();
            let awaited = world.ledger.awaited(*platform, account, id).await.unwrap().expect("it waits");
            (work, awaited.in_vain_since)
        };
        let ended =
            async |work: &ReadWork, now| world.ledger.settle_reading(work, ReadOutcome::Done, now).await.unwrap();
        let minutes = |minutes| at(NOW) + SignedDuration::from_mins(minutes);
        // It is read in peace, though somebody makes everything due meanwhile; then it comes again while it is read.
        let (work, since) = taken_up(minutes(0)).await;
        assert_eq!((world.ledger.hasten(*platform, minutes(0)).await, since), (Ok(1), Some(minutes(0))));
        assert!(!ended(&work, minutes(0)).await, "it is due again");
        assert!(ended(&claim(&world, minutes(0)).await.unwrap(), minutes(0)).await);
        for minute in [1, 60] {
            let (work, since) = taken_up(minutes(minute)).await;
            assert_eq!(since, Some(minutes(1)), "{minute}");
            world.ledger.defer(&look, minutes(minute)).await.unwrap();
            assert!(!ended(&work, minutes(minute)).await);
            assert!(ended(&claim(&world, minutes(minute)).await.unwrap(), minutes(minute)).await);
        }
        let (work, since) = taken_up(minutes(119)).await;
        assert!(ended(&work, minutes(119)).await && since == Some(minutes(1)));
        let (work, since) = taken_up(minutes(120)).await;
        assert!(ended(&work, minutes(120)).await && since == Some(minutes(120)), "that was an hour without it");
    })
    .await;
}

#[tokio::test]
async fn a_reading_that_fails_is_tried_later_and_given_up_with_a_task() {
    on_each_engine(async |world| {
        world.ledger.defer(&mention(), at(NOW)).await.unwrap();
        let work = claim(&world, at(NOW)).await.unwrap();
        let later = at(NOW) + SignedDuration::from_secs(300);
        let again = ReadOutcome::Again { at: later, asked: true, held: false };
        world.ledger.settle_reading(&work, again, at(NOW)).await.unwrap();
        assert_eq!(world.ledger.next_due().await, Ok(Some(later)));
        let work = claim(&world, later).await.unwrap();
        let task = Task { kind: TaskKind::Unread, created_at: later, ..task(work.reference.as_str()) };
        let given_up = ReadOutcome::GivenUp { task: task.clone() };
        world.ledger.settle_reading(&work, given_up, later).await.unwrap();
        assert_eq!(world.ledger.next_due().await, Ok(None));
        assert_eq!(world.tasks().await, slice::from_ref(&task));
        assert_eq!(world.ledger.put_task(&task).await, Ok(Recorded::Duplicate));
    })
    .await;
}

#[tokio::test]
async fn cursors_are_kept_by_account_and_organisation() {
    on_each_engine(async |world| {
        let (one, two) = (AccountId::new("UCgalateoMilanoMonzaLodi"), AccountId::new("UCaltro"));
        assert_eq!(world.ledger.cursor(Platform::Youtube, &one).await, Ok(None));
        for cursor in ["2026-02-03T09:00:00Z", "2026-02-03T09:10:00Z"] {
            world.ledger.set_cursor(Platform::Youtube, &one, cursor).await.unwrap();
        }
        let stored = world.ledger.cursor(Platform::Youtube, &one).await.unwrap();
        assert_eq!(stored.as_deref(), Some("2026-02-03T09:10:00Z"));
        assert_eq!(world.ledger.cursor(Platform::Youtube, &two).await, Ok(None));
        assert_eq!(world.ledger.cursor(Platform::X, &one).await, Ok(None));
        assert_eq!(world.other_organisation().cursor(Platform::Youtube, &one).await, Ok(None));
    })
    .await;
}
