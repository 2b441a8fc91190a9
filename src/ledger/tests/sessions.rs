//! Sessions of the console hold until they are over or ended, and the table knows of their secrets nothing but the hash.

use jiff::SignedDuration;
use ledger::{Session, SessionKey};
use policy::Person;

use crate::support::{World, at, on_each_engine};

fn anna() -> Session {
    let now = at("2026-02-03T09:00:00Z");
    let (idle, end) = (now + SignedDuration::from_mins(30), now + SignedDuration::from_hours(12));
    Session::new(Person::signed_in("Anna Bianchi", "a-1").unwrap(), vec!["lettura".to_owned()], now, idle, end)
}

async fn begun(world: &World, secret: &str) -> SessionKey {
    let key = SessionKey::of(secret);
    world.ledger.begin_session(&key, &anna()).await.unwrap();
    key
}

#[tokio::test]
async fn a_session_holds_until_it_is_idle_for_too_long_or_at_its_end() {
    on_each_engine(async |world| {
        let key = begun(&world, "secret").await;
        let (found, reads, _) = world.cost(world.ledger.session(&key, at("2026-02-03T09:29:59Z"))).await;
        assert_eq!((found, reads), (Ok(Some(anna())), 1.0));
        assert_eq!(world.ledger.session(&key, at("2026-02-03T09:30:00Z")).await, Ok(None));
        assert_eq!(world.ledger.session(&SessionKey::of("Secret"), at("2026-02-03T09:00:00Z")).await, Ok(None));
        assert_eq!(world.other_organisation().session(&key, at("2026-02-03T09:00:00Z")).await, Ok(None));
        let now = at("2026-02-03T20:50:00Z");
        let renewed = world.ledger.renew_session(&key, &anna(), now + SignedDuration::from_mins(30), now).await;
        assert_eq!(renewed, Ok(()));
        let session = world.ledger.session(&key, at("2026-02-03T20:59:59Z")).await.unwrap().unwrap();
        assert_eq!((session.seen_at, session.version), (now, 2));
        assert_eq!(world.ledger.session(&key, at("2026-02-03T21:00:00Z")).await, Ok(None), "it is used, and over");
    })
    .await;
}

#[tokio::test]
async fn a_session_that_was_ended_is_not_renewed_into_being() {
    on_each_engine(async |world| {
        let key = begun(&world, "one").await;
        begun(&world, "two").await;
        let now = at("2026-02-03T09:10:00Z");
        assert_eq!(world.ledger.sessions(now).await.unwrap().len(), 2);
        assert_eq!(world.ledger.end_session(&key).await, Ok(true));
        assert_eq!(world.ledger.end_session(&key).await, Ok(false));
        world.ledger.renew_session(&key, &anna(), now + SignedDuration::from_mins(30), now).await.unwrap();
        assert_eq!(world.ledger.session(&key, now).await, Ok(None));
        assert_eq!(world.ledger.end_sessions(now).await, Ok(1));
        assert_eq!(world.ledger.sessions(now).await, Ok(vec![]));
    })
    .await;
}

#[tokio::test]
async fn an_attempt_to_sign_in_is_used_once() {
    on_each_engine(async |world| {
        let (attempt, now) = (SessionKey::of("attempt"), at("2026-02-03T09:00:00Z"));
        let until = now + SignedDuration::from_hours(2);
        assert_eq!(world.ledger.use_sign_in(&attempt, until, now).await, Ok(true));
        assert_eq!(world.ledger.use_sign_in(&attempt, until, now).await, Ok(false));
        assert_eq!(world.ledger.sessions(now).await, Ok(vec![]), "and it is no session");
    })
    .await;
}

#[tokio::test]
async fn the_table_does_not_know_the_secret_of_a_session() {
    on_each_engine(async |world| {
        let key = begun(&world, "what the browser holds").await;
        let stored = format!("{:?}", world.scan(&world.tables.casebook).await);
        assert!(stored.contains(&key.to_string()) && !stored.contains("what the browser holds"), "{stored}");
        assert!("abc".parse::<SessionKey>().is_err() && key.to_string().parse::<SessionKey>() == Ok(key));
        assert!(world.scan(&world.tables.casebook).await.iter().all(|item| item.contains_key("expires")));
    })
    .await;
}
