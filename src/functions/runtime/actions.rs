//! Carries out what is pending: woken by the casebook's stream, and by a schedule that finds what the stream missed.

use std::collections::HashSet;
use std::process::ExitCode;
use std::time::SystemTime;

use aws_lambda_events::dynamodb::EventRecord;
use aws_lambda_events::streams::{DynamoDbBatchItemFailure, DynamoDbEventResponse};
use futures_util::{StreamExt, stream};
use lambda_runtime::LambdaEvent;
use ledger::WorkKey;
use moderation::{Hands, Moderation};
use serde_json::{Value, json};

use crate::metrics;
use crate::parameters::Scope;
use crate::run::{deadline, run};
use crate::start::Function;

/// How many records of a batch are acted on at the same time: all of them, at the size that the template sets. What waits
/// for a platform that does not answer keeps no other record waiting.
const RECORDS_AT_ONCE: usize = 64;

/// Nothing more is begun this long before the function's time is up: longer than one action may take.
const MARGIN_SECONDS: u64 = 45;

/// Runs the function that carries actions out; it starts and ends as [`crate::webhook`] does.
pub async fn actions() -> ExitCode {
    run(Function::start(Scope::Calls), |function, event: LambdaEvent<Value>| async move {
        let (moderation, _) = function.current().await?;
        let deadline = deadline(event.context.deadline(), moderation.clock().now().into());
        let result = match event.payload.get("Records") {
            Some(records) => act_on_records(&moderation, records, deadline).await?,
            None => sweep_until(&moderation, deadline).await?,
        };
        metrics::emit(moderation.tally());
        Ok(result)
    })
    .await
}

/// Acts on every item that a batch of the stream names, once each and beside one another. A record that fails, or for which
/// there is no time, is reported by its sequence number, in the order of the stream: what comes from the first on is
/// delivered again; what was done is settled, and a repeated record finds nothing to do.
async fn act_on_records(moderation: &Moderation, records: &Value, deadline: SystemTime) -> anyhow::Result<Value> {
    let records: Vec<EventRecord> = serde_json::from_value(records.clone())?;
    let records: Vec<(WorkKey, Option<String>)> =
        records.into_iter().filter_map(|record| Some((work_key(&record)?, record.change.sequence_number))).collect();
    let mut seen = HashSet::new();
    let keys: Vec<WorkKey> =
        records.iter().map(|(key, _)| key.clone()).filter(|key| seen.insert(key.clone())).collect();
    let acts = keys.into_iter().map(|key| async move {
        let failed = if !is_time_left(moderation, deadline) {
            tracing::warn!("no time is left for a record of the stream; it is delivered again");
            true
        } else if let Err(error) = moderation.act(&key).await {
            tracing::warn!(%error, "a record of the stream could not be acted on; it is delivered again");
            true
        } else {
            false
        };
        failed.then_some(key)
    });
    let failed: HashSet<WorkKey> =
        stream::iter(acts).buffer_unordered(RECORDS_AT_ONCE).filter_map(std::future::ready).collect().await;
    let mut response = DynamoDbEventResponse::default();
    for (_, sequence_number) in records.into_iter().filter(|(key, _)| failed.contains(key)) {
        let mut failure = DynamoDbBatchItemFailure::default();
        failure.item_identifier = sequence_number;
        response.batch_item_failures.push(failure);
    }
    Ok(serde_json::to_value(response)?)
}

fn is_time_left(moderation: &Moderation, deadline: SystemTime) -> bool {
    let left = deadline.duration_since(moderation.clock().now().into()).unwrap_or_default();
    left.as_secs() >= MARGIN_SECONDS
}

/// The item that a record is about, if it is one that can have work pending.
fn work_key(record: &EventRecord) -> Option<WorkKey> {
    let keys = serde_json::to_value(&record.change.keys).ok()?;
    let text = |name: &str| keys.get(name)?.get("S")?.as_str().map(str::to_owned);
    WorkKey::from_keys(&text("pk")?, &text("sk")?)
}

/// Carries out what is due, until nothing is or the time is up.
async fn sweep_until(moderation: &Moderation, deadline: SystemTime) -> anyhow::Result<Value> {
    let mut hands = Hands::new(moderation.clone());
    let mut ended_before = None;
    // What is due and comes to nothing is due again at once: no reason to go on.
    while ended_before != Some(hands.ended()) {
        ended_before = Some(hands.ended());
        if is_time_left(moderation, deadline) {
            hands.take().await?;
        }
        while hands.finish_one().await.is_some() {
            if hands.wants_more() && is_time_left(moderation, deadline) {
                break;
            }
        }
    }
    let swept = hands.swept();
    tracing::info!(due = swept.due, settled = swept.settled, "swept what was pending");
    Ok(json!({ "due": swept.due, "settled": swept.settled }))
}
