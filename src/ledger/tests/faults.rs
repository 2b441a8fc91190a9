//! What happens when the engine throttles, collides, loses answers or is away: the right end state, or an error that
//! says to try later, and never a second effect.

use std::net::TcpListener;

use ledger::{Ledger, LedgerError, Recorded, Settled, Tables, client_for};
use policy::Effect;

use crate::support::Fault::{AnswerLost, Cancelled, Refused, Unreachable};
use crate::support::{Sample, World, at, comment, done, key, on_each_engine};

const NOW: &str = "2026-02-03T09:00:01Z";

async fn strikes(world: &World) -> usize {
    world.author().await.standing.strikes.len()
}

#[tokio::test]
async fn what_passes_is_tried_again() {
    on_each_engine(async |world| {
        let clean = Sample::clean(comment("1_1"));
        world.faults.inject(
            "PutItem",
            [Refused("ThrottlingException"), Refused("ProvisionedThroughputExceededException"), Unreachable],
        );
        assert_eq!(world.ledger.record(&clean.judged(at(NOW))).await, Ok(Recorded::New));

        let violating = Sample::violating(comment("1_2"));
        world.faults.inject(
            "TransactWriteItems",
            [Cancelled("TransactionConflict"), Cancelled("ThrottlingError"), Refused("TransactionInProgressException")],
        );
        assert_eq!(world.ledger.record(&violating.judged(at(NOW))).await, Ok(Recorded::New));
        assert_eq!(strikes(&world).await, 1);
        assert!(world.faults.all_happened());
    })
    .await;
}

#[tokio::test]
async fn a_write_that_took_effect_unheard_counts_as_new_and_once() {
    on_each_engine(async |world| {
        let clean = Sample::clean(comment("1_1"));
        world.faults.inject("PutItem", [AnswerLost, AnswerLost]);
        assert_eq!(world.ledger.record(&clean.judged(at(NOW))).await, Ok(Recorded::New));
        assert_eq!(world.ledger.record(&clean.judged(at("2026-02-03T09:00:02Z"))).await, Ok(Recorded::Duplicate));

        let violating = Sample::violating(comment("1_2"));
        world.faults.inject("TransactWriteItems", [AnswerLost, Unreachable]);
        assert_eq!(world.ledger.record(&violating.judged(at(NOW))).await, Ok(Recorded::New));
        assert_eq!(strikes(&world).await, 1);
        assert!(world.faults.all_happened());
        assert_eq!(world.ledger.entries("2026-02-03".parse().unwrap()).await.unwrap().len(), 2);
    })
    .await;
}

#[tokio::test]
async fn a_lost_answer_does_not_make_another_ones_entry_ours() {
    on_each_engine(async |world| {
        let sample = Sample::clean(comment("1_1"));
        world.ledger.record(&sample.judged(at(NOW))).await.unwrap();
        world.faults.inject("PutItem", [Unreachable]);
        let again = world.ledger.record(&sample.judged(at("2026-02-03T09:00:02Z"))).await;
        assert_eq!(again, Ok(Recorded::Duplicate));
    })
    .await;
}

#[tokio::test]
async fn claims_and_settlements_survive_lost_answers() {
    on_each_engine(async |world| {
        let sample = Sample::violating(comment("1_2"));
        world.ledger.record(&sample.judged(at(NOW))).await.unwrap();
        world.faults.inject("UpdateItem", [AnswerLost]);
        let work = world.claim_first(at(NOW)).await.expect("our own claim is recognised");
        assert_eq!((work.action.attempts, work.uncertain), (1, false));
        world.faults.inject("TransactWriteItems", [AnswerLost, Cancelled("TransactionConflict")]);
        assert_eq!(world.ledger.settle(&work, &done(), at(NOW)).await, Ok(Settled::Recorded));
        assert!(world.faults.all_happened());
        let case = world.case(&work.case.id).await;
        assert_eq!(case.actions[0].effect, Some(Effect::Done));
        assert_eq!(world.ledger.entries("2026-02-03".parse().unwrap()).await.unwrap().len(), 2);
    })
    .await;
}

#[tokio::test]
async fn an_engine_that_stays_away_is_unavailable_and_delivering_again_completes() {
    on_each_engine(async |world| {
        let sample = Sample::violating(comment("1_2"));
        world.faults.inject("TransactWriteItems", [AnswerLost].into_iter().chain([Unreachable; 5]));
        let error = world.ledger.record(&sample.judged(at(NOW))).await.unwrap_err();
        assert!(error.is_retryable());
        assert_eq!(
            error.to_string(),
            "the ledger is unavailable: TransactWriteItems failed 6 times, the last time with a broken connection; \
             try later"
        );
        // It had taken effect after all: the next delivery finds it.
        assert_eq!(world.ledger.record(&sample.judged(at(NOW))).await, Ok(Recorded::Duplicate));
        assert_eq!(strikes(&world).await, 1);
        assert_eq!(world.due(at(NOW)).await.len(), 1);
    })
    .await;
}

#[tokio::test]
async fn reads_are_tried_again_too() {
    on_each_engine(async |world| {
        let sample = Sample::violating(comment("1_2"));
        world.ledger.record(&sample.judged(at(NOW))).await.unwrap();
        world.faults.inject("Query", [Refused("ThrottlingException"), AnswerLost]);
        world.faults.inject("GetItem", [Refused("InternalServerError"), Unreachable]);
        assert_eq!(world.due(at(NOW)).await.len(), 1);
        assert!(world.ledger.entry(&sample.contribution).await.is_err(), "400 with this code is not passing");
        assert!(world.ledger.entry(&sample.contribution).await.unwrap().is_some());
    })
    .await;
}

#[tokio::test]
async fn a_missing_table_is_said_so_at_once() {
    on_each_engine(async |world| {
        let tables = Tables { audit: "not-there".to_owned(), ..world.tables.clone() };
        let ledger = Ledger::new(world.client.clone(), tables, "ente", key());
        let error = ledger.record(&Sample::clean(comment("1_1")).judged(at(NOW))).await.unwrap_err();
        let said = "PutItem was answered with ResourceNotFoundException: there is no such table or index in this account and region";
        assert_eq!(error, LedgerError::Configuration(said.to_owned()));
        assert!(!error.is_retryable());
    })
    .await;
}

#[tokio::test]
async fn an_engine_that_nobody_runs_is_unavailable() {
    let port = TcpListener::bind(("127.0.0.1", 0)).unwrap().local_addr().unwrap().port();
    let client = client_for(&format!("http://127.0.0.1:{port}"));
    let ledger = Ledger::new(client, Tables::default(), "ente", key());
    let error = ledger.record(&Sample::clean(comment("1_1")).judged(at(NOW))).await.unwrap_err();
    assert!(matches!(error, LedgerError::Unavailable { operation: "PutItem", attempts: 6, .. }), "{error}");
}
