//! A limit that one process was told of is known to all, and the longer time holds.

use jiff::SignedDuration;
use ledger::{LimitScope, ReachedLimit};
use policy::{AccountId, Platform};

use crate::support::{at, on_each_engine};

#[tokio::test]
async fn a_limit_is_known_to_all_and_the_longer_time_holds() {
    on_each_engine(async |world| {
        let (now, hour) = (at("2026-02-03T09:00:00Z"), SignedDuration::from_hours(1));
        let account = LimitScope::Account(Platform::Facebook, AccountId::new("1234567890321"));
        let limit = |until| ReachedLimit { scope: account.clone(), since: now, until, times: 1 };
        assert_eq!(world.ledger.limits().await, Ok(vec![]));
        let (first, _, writes) = world.cost(world.ledger.put_limit(&limit(now + hour), now)).await;
        assert_eq!((first, writes), (Ok(limit(now + hour)), 1.0));
        let shorter = world.ledger.put_limit(&limit(now + SignedDuration::from_secs(30)), now).await;
        assert_eq!(shorter, Ok(limit(now + hour)), "the one that ends later stays");
        assert_eq!(world.ledger.put_limit(&limit(now + hour * 2), now).await, Ok(limit(now + hour * 2)));
        let again = ReachedLimit { since: now + hour * 3, times: 2, ..limit(now + hour * 4) };
        assert_eq!(world.ledger.put_limit(&again, now + hour * 3).await, Ok(again.clone()));

        let app = ReachedLimit { scope: LimitScope::App(Platform::Facebook), ..limit(now + hour) };
        world.ledger.put_limit(&app, now).await.unwrap();
        let (known, reads, _) = world.cost(world.ledger.limits()).await;
        assert_eq!((known, reads), (Ok(vec![again, app]), 1.0));
        assert_eq!(world.other_organisation().limits().await, Ok(vec![]));
    })
    .await;
}
