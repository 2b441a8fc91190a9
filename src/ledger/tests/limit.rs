//! A limit that one process was told of is known to all, and the longer time holds.

use jiff::SignedDuration;
use ledger::{LimitScope, ReachedLimit};
use policy::{AccountId, Platform};

use crate::support::{at, on_each_engine};

#[tokio::test]
async fn a_limit_is_known_to_all_and_the_longer_time_holds() {
    on_each_engine(async |world| {
        let (now, hour) = (at("2026-02-03T09:00:00Z"), SignedDuration::from_hours(1));
        let facebook = LimitScope { platform: Platform::Facebook, account: None, call: None };
        let account = LimitScope { account: Some(AccountId::new("1234567890321")), ..facebook.clone() };
        let limit = |until| ReachedLimit { scope: account.clone(), since: now, until, times: 1 };
        assert_eq!(world.ledger.limits(now).await, Ok(vec![]));
        let (first, _, writes) = world.cost(world.ledger.put_limit(&limit(now + hour), now)).await;
        assert_eq!((first, writes), (Ok(limit(now + hour)), 1.0));
        let shorter = world.ledger.put_limit(&limit(now + SignedDuration::from_secs(30)), now).await;
        assert_eq!(shorter, Ok(limit(now + hour)), "the one that ends later stays");
        assert_eq!(world.ledger.put_limit(&limit(now + hour * 2), now).await, Ok(limit(now + hour * 2)));
        let again = ReachedLimit { since: now + hour * 3, times: 2, ..limit(now + hour * 4) };
        assert_eq!(world.ledger.put_limit(&again, now + hour * 3).await, Ok(again.clone()));

        let app = ReachedLimit { scope: facebook, ..limit(now + hour) };
        world.ledger.put_limit(&app, now).await.unwrap();
        let call = LimitScope { call: Some("POST /2/tweets".to_owned()), ..account.clone() };
        let call = ReachedLimit { scope: call, ..limit(now + hour) };
        world.ledger.put_limit(&call, now).await.unwrap();
        let (known, reads, _) = world.cost(world.ledger.limits(now)).await;
        assert_eq!((known, reads), (Ok(vec![again.clone(), call.clone(), app.clone()]), 1.0));
        assert_eq!(world.other_organisation().limits(now).await, Ok(vec![]));
        world.ledger.forget_limit(&call.scope).await.unwrap();
        assert_eq!(world.ledger.limits(now).await, Ok(vec![again, app]));
    })
    .await;
}

#[tokio::test]
async fn a_longer_limit_stays_whenever_it_is_written() {
    on_each_engine(async |world| {
        let (now, hour) = (at("2026-02-03T09:00:00Z"), SignedDuration::from_hours(1));
        let scope = LimitScope { platform: Platform::X, account: None, call: None };
        let limit = |until| ReachedLimit { scope: scope.clone(), since: now, until, times: 0 };
        let longest = limit(now + hour * 12);
        let others = [1, 5, 11].map(|hours| limit(now + hour * hours));
        let writes = others.iter().chain([&longest]).map(|limit| world.ledger.put_limit(limit, now));
        futures_util::future::join_all(writes).await;
        assert_eq!(world.ledger.limits(now).await, Ok(vec![longest.clone()]));
        let (known, _, writes) = world.cost(world.ledger.put_limit(&limit(now + hour * 13), now)).await;
        assert_eq!((known, writes), (Ok(limit(now + hour * 13)), 1.0), "a longer one in place of it, by one write");
    })
    .await;
}

#[tokio::test]
async fn a_limit_from_a_clock_in_the_future_holds_nobody() {
    on_each_engine(async |world| {
        let (now, hour) = (at("2026-02-03T09:00:00Z"), SignedDuration::from_hours(1));
        let scope = LimitScope { platform: Platform::X, account: None, call: None };
        let limit = |since| ReachedLimit { scope: scope.clone(), since, until: since + hour, times: 1 };
        let future = now + hour * 1000;
        world.ledger.put_limit(&limit(future), future).await.unwrap();
        assert_eq!(world.ledger.limits(now).await, Ok(vec![]));
        assert_eq!(world.ledger.put_limit(&limit(now), now).await, Ok(limit(now)), "and is no reason not to note one");
        assert_eq!(world.ledger.limits(now).await, Ok(vec![limit(now)]));
    })
    .await;
}
