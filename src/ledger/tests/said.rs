//! What is said once is said once, however many contributions ask for it at the same time.

use futures_util::future::join_all;
use jiff::{SignedDuration, Timestamp};
use ledger::{Judged, NewAction, Once, Recorded};
use policy::{ActionKind, Notice};

use crate::support::{Sample, World, at, comment, on_each_engine};

const NOW: &str = "2026-02-03T09:00:01Z";

fn redirect(world: &World, thread: &str) -> Once {
    let expires_at = at("2026-02-10T09:00:00Z");
    Once { what: Notice::Redirect, author: world.pseudonym(), scope: format!("CANARINO-{thread}"), expires_at }
}

fn saying<'s>(sample: &'s Sample, once: &Once, now: Timestamp) -> Judged<'s> {
    let mut judged = sample.judged(now);
    judged.actions = vec![NewAction::new(ActionKind::Reply)];
    judged.once = vec![once.clone()];
    judged
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_many_contributions_in_a_thread_one_is_answered() {
    on_each_engine(async |world| {
        let once = redirect(&world, "thread");
        let samples: Vec<_> = (0..8).map(|number| Sample::clean(comment(&format!("1_{number}")))).collect();
        let recorded = join_all(samples.iter().map(|sample| {
            let (ledger, judged) = (world.ledger.clone(), saying(sample, &once, at(NOW)));
            async move { ledger.record(&judged).await.unwrap() }
        }))
        .await;
        let count = |wanted| recorded.iter().filter(|recorded| **recorded == wanted).count();
        assert_eq!((count(Recorded::New), count(Recorded::Raced)), (1, 7));
        assert_eq!(world.ledger.was_said(&once, at(NOW)).await, Ok(true));
        for (sample, before) in samples.iter().zip(&recorded) {
            // Decided again, without saying it.
            let expected = if *before == Recorded::New { Recorded::Duplicate } else { Recorded::New };
            assert_eq!(world.ledger.record(&sample.judged(at(NOW))).await, Ok(expected));
        }
        let (casebook, audit) = (world.scan(&world.tables.casebook).await, world.scan(&world.tables.audit).await);
        assert_eq!(audit.len(), 8);
        assert!(!format!("{casebook:?}").contains("CANARINO"), "the scope is stored as a hash");
    })
    .await;
}

#[tokio::test]
async fn a_delivery_that_is_repeated_is_a_duplicate_and_no_race() {
    on_each_engine(async |world| {
        let once = redirect(&world, "thread");
        let sample = Sample::clean(comment("1_1"));
        for expected in [Recorded::New, Recorded::Duplicate] {
            assert_eq!(world.ledger.record(&saying(&sample, &once, at(NOW))).await, Ok(expected));
        }
    })
    .await;
}

#[tokio::test]
async fn it_is_said_again_elsewhere_to_others_on_another_occasion_and_when_its_time_is_over() {
    on_each_engine(async |world| {
        let once = redirect(&world, "thread");
        let now = at(NOW);
        assert_eq!(world.ledger.was_said(&once, now).await, Ok(false));
        world.ledger.record(&saying(&Sample::clean(comment("1_1")), &once, now)).await.unwrap();
        let someone = world.ledger.pseudonym(policy::Platform::X, &policy::PlatformUserId::new("1"), now);
        let others = [
            redirect(&world, "another"),
            Once { author: someone, ..once.clone() },
            Once { what: Notice::Away, ..once.clone() },
        ];
        for (number, other) in others.iter().enumerate() {
            assert_eq!(world.ledger.was_said(other, now).await, Ok(false));
            let sample = Sample::clean(comment(&format!("2_{number}")));
            assert_eq!(world.ledger.record(&saying(&sample, other, now)).await, Ok(Recorded::New));
        }
        // The table forgets it days later; from its time on it counts as not said.
        let over = once.expires_at;
        assert_eq!(world.ledger.was_said(&once, over).await, Ok(false));
        let later = over + SignedDuration::from_hours(1);
        let again = Once { expires_at: at("2026-02-17T09:00:00Z"), ..once.clone() };
        assert_eq!(
            world.ledger.record(&saying(&Sample::clean(comment("3_1")), &again, later)).await,
            Ok(Recorded::New)
        );
        assert_eq!(world.ledger.was_said(&once, later).await, Ok(true));
    })
    .await;
}
