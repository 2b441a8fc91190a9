//! Carries out what is pending: woken by the casebook's stream, and by a schedule that finds what the stream missed.

use std::process::ExitCode;

use aws_lambda_events::dynamodb::EventRecord;
use aws_lambda_events::streams::{DynamoDbBatchItemFailure, DynamoDbEventResponse};
use lambda_runtime::LambdaEvent;
use ledger::WorkKey;
use moderation::Moderation;
use serde_json::{Value, json};

use crate::metrics;
use crate::parameters::Scope;
use crate::run::{deadline, run};
use crate::start::Function;

/// How much one sweep takes: as much as is carried out at the same time, so that the clock is looked at after each.
const SWEEP: usize = moderation::ACTIONS_AT_ONCE;

/// A sweep stops this long before the function's time is up: longer than one action may take.
const MARGIN_SECONDS: i64 = 45;

/// Runs the function that carries actions out; it starts and ends as [`crate::webhook`] does.
pub async fn actions() -> ExitCode {
    run(Function::start(Scope::Calls), |function, event: LambdaEvent<Value>| async move {
        let (moderation, _) = function.current().await?;
        let deadline = deadline(event.context.deadline(), moderation.clock().now().into());
        let result = match event.payload.get("Records") {
            Some(records) => act_on_records(&moderation, records).await?,
            None => sweep_until(&moderation, deadline).await?,
        };
        metrics::emit(moderation.tally());
        Ok(result)
    })
    .await
}

/// Acts on every item that a batch of the stream names. A record that fails is reported by its sequence number, and
/// only what comes from there on is delivered again; what was done before is settled, and a repeated record finds
/// nothing to do.
async fn act_on_records(moderation: &Moderation, records: &Value) -> anyhow::Result<Value> {
    let records: Vec<EventRecord> = serde_json::from_value(records.clone())?;
    let mut response = DynamoDbEventResponse::default();
    for record in records {
        let Some(key) = work_key(&record) else { continue };
        if let Err(error) = moderation.act(&key).await {
            tracing::warn!(%error, "a record of the stream could not be acted on; it is delivered again");
            let mut failure = DynamoDbBatchItemFailure::default();
            failure.item_identifier = record.change.sequence_number;
            response.batch_item_failures.push(failure);
        }
    }
    Ok(serde_json::to_value(response)?)
}

/// The item that a record is about, if it is one that can have work pending.
fn work_key(record: &EventRecord) -> Option<WorkKey> {
    let keys = serde_json::to_value(&record.change.keys).ok()?;
    let text = |name: &str| keys.get(name)?.get("S")?.as_str().map(str::to_owned);
    WorkKey::from_keys(&text("pk")?, &text("sk")?)
}

async fn sweep_until(moderation: &Moderation, deadline: std::time::SystemTime) -> anyhow::Result<Value> {
    let (mut due, mut settled) = (0, 0);
    loop {
        let swept = moderation.sweep(SWEEP).await?;
        due += swept.due;
        settled += swept.settled;
        let left = deadline.duration_since(moderation.clock().now().into()).unwrap_or_default();
        if swept.settled + swept.postponed == 0 || i64::try_from(left.as_secs())? < MARGIN_SECONDS {
            break;
        }
    }
    tracing::info!(due, settled, "swept what was pending");
    Ok(json!({ "due": due, "settled": settled }))
}
