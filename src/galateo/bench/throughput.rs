//! How many clean contributions a second go through everything: HTTP, signature, parsing, verdict, audit entry. The
//! baselines are the embedded engine writing the very same items, called directly and through the SDK.

use std::collections::HashMap;
use std::fmt;
use std::time::{Duration, Instant};

use aws_sdk_dynamodb::types::AttributeValue;
use dynoxide::actions::put_item::PutItemRequest;
use futures_util::{StreamExt, stream};
use ledger::embedded::Embedded;
use ledger::{Ledger, PseudonymKey, Tables};
use policy::Platform;
use serde::Serialize;
use serde_json::{Map, Value, json};

use crate::bench::rate;
use crate::bench::texts::{self, Comment};
use crate::serve::server::Server;
use crate::terminal::failure::Failure;

/// A row of the audit log.
pub type Item = HashMap<String, AttributeValue>;

/// How many requests are under way at once.
const CONCURRENCY: usize = 64;

/// The condition of the ledger's own writes.
const IF_NEW: &str = "attribute_not_exists(pk)";

/// How many comments a batch holds.
const BATCH: usize = 100;

/// Clean contributions a second, end to end in one process, and the baselines.
#[derive(Debug, Serialize)]
pub struct Throughput {
    /// One webhook for each comment.
    single_per_second: f64,
    /// One webhook for a hundred comments.
    batched_per_second: f64,
    /// The baseline: the embedded engine, called directly, doing the same conditional writes.
    engine_per_second: f64,
    /// The same through the SDK and loopback HTTP, as the ledger reaches it.
    engine_through_sdk_per_second: f64,
    single_to_engine: f64,
    batched_to_engine: f64,
    single_to_engine_through_sdk: f64,
    batched_to_engine_through_sdk: f64,
}

/// Measures.
pub async fn measure(count: usize) -> Result<Throughput, Failure> {
    let (singles, items) = end_to_end(count, 1).await?;
    let (batches, _) = end_to_end(count, BATCH).await?;
    let engine = directly(&items).await?;
    let through_sdk = through_sdk(&items).await?;
    let per_second = |took| rate(count, took);
    Ok(Throughput {
        single_per_second: per_second(singles),
        batched_per_second: per_second(batches),
        engine_per_second: per_second(engine),
        engine_through_sdk_per_second: per_second(through_sdk),
        single_to_engine: engine.as_secs_f64() / singles.as_secs_f64(),
        batched_to_engine: engine.as_secs_f64() / batches.as_secs_f64(),
        single_to_engine_through_sdk: through_sdk.as_secs_f64() / singles.as_secs_f64(),
        batched_to_engine_through_sdk: through_sdk.as_secs_f64() / batches.as_secs_f64(),
    })
}

/// Sends `count` clean comments in webhooks of `batch` to a server; returns how long that took, and the
/// verdicts in its audit log afterwards.
async fn end_to_end(count: usize, batch: usize) -> Result<(Duration, Vec<Item>), Failure> {
    let server = Server::start_in_memory().await?;
    let comments: Vec<Comment> = (0..count).map(Comment::clean).collect();
    let accounts = &server.moderation().policy().accounts;
    let bodies: Vec<Vec<u8>> =
        comments.chunks(batch).map(|chunk| texts::facebook_body(accounts, chunk)).collect::<Result<_, _>>()?;
    let http = Server::client();
    let started = Instant::now();
    let mut answers =
        stream::iter(bodies).map(|body| server.deliver(&http, Platform::Facebook, body)).buffer_unordered(CONCURRENCY);
    while let Some(status) = answers.next().await {
        match status? {
            200 => {}
            status => return Err(Failure::negative(format!("a webhook of the measurement was answered {status}"))),
        }
    }
    drop(answers);
    let took = started.elapsed();
    let items = verdict_items(&server).await?;
    server.stop().await;
    if items.len() == count {
        Ok((took, items))
    } else {
        Err(Failure::negative(format!("{} of {count} comments have a verdict in the audit log", items.len())))
    }
}

/// The verdicts in the audit log of a server, as the table holds them. What else is recorded, such as that a policy came
/// into force, is about no contribution.
pub async fn verdict_items(server: &Server) -> Result<Vec<Item>, Failure> {
    let items = server.dynamodb().scan().table_name(&Tables::default().audit).into_paginator().items().send();
    let items = items.collect::<Result<Vec<Item>, _>>().await;
    let mut items = items.map_err(|error| Failure::unusable(format!("the audit log cannot be read back: {error}")))?;
    items.retain(|item| matches!(item.get("fact"), Some(AttributeValue::M(fact)) if fact.contains_key("verdict")));
    Ok(items)
}

/// Writes the items into a new engine, through the SDK.
pub async fn through_sdk(items: &[Item]) -> Result<Duration, Failure> {
    let engine = empty_engine().await?;
    let client = engine.client();
    let started = Instant::now();
    let mut writes = stream::iter(items)
        .map(|item| {
            let put = client.put_item().table_name(&Tables::default().audit).set_item(Some(item.clone()));
            put.condition_expression(IF_NEW).send()
        })
        .buffer_unordered(CONCURRENCY);
    while let Some(written) = writes.next().await {
        written.map_err(|error| Failure::unusable(format!("a write of the baseline failed: {error}")))?;
    }
    Ok(started.elapsed())
}

/// Writes the items into a new engine by calling it directly.
async fn directly(items: &[Item]) -> Result<Duration, Failure> {
    let engine = empty_engine().await?;
    let database = engine.database();
    let requests: Vec<PutItemRequest> = items
        .iter()
        .map(|item| {
            let item: Map<String, Value> = item.iter().map(|(name, value)| (name.clone(), wire_form(value))).collect();
            serde_json::from_value(json!({
                "TableName": Tables::default().audit, "Item": item, "ConditionExpression": IF_NEW
            }))
        })
        .collect::<Result<_, _>>()
        .map_err(|error| Failure::unusable(format!("an item of the baseline cannot be written: {error}")))?;
    let started = Instant::now();
    for request in requests {
        database
            .put_item(request)
            .map_err(|error| Failure::unusable(format!("a write of the baseline failed: {error}")))?;
    }
    Ok(started.elapsed())
}

/// An engine with the tables and nothing in them.
async fn empty_engine() -> Result<Embedded, Failure> {
    let unusable = |error: ledger::LedgerError| Failure::unusable(format!("the baseline's engine: {error}"));
    let engine = Embedded::start(None).await.map_err(unusable)?;
    let key = PseudonymKey::new(b"the key of the baseline").map_err(unusable)?;
    let ledger = Ledger::new(engine.client(), Tables::default(), "baseline", key);
    ledger.create_tables().await.map_err(unusable)?;
    Ok(engine)
}

/// A value as DynamoDB's protocol spells it.
fn wire_form(value: &AttributeValue) -> Value {
    match value {
        AttributeValue::S(text) => json!({ "S": text }),
        AttributeValue::N(number) => json!({ "N": number }),
        AttributeValue::Bool(flag) => json!({ "BOOL": flag }),
        AttributeValue::L(values) => json!({ "L": values.iter().map(wire_form).collect::<Vec<_>>() }),
        AttributeValue::M(fields) => {
            let fields: Map<String, Value> =
                fields.iter().map(|(name, value)| (name.clone(), wire_form(value))).collect();
            json!({ "M": fields })
        }
        // The audit log holds no other types.
        _ => json!({ "NULL": true }),
    }
}

impl fmt::Display for Throughput {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "clean contributions, webhook to audit entry, in one process")?;
        writeln!(f, "  one a webhook                               {:>8.0} /s", self.single_per_second)?;
        writeln!(f, "  {BATCH} a webhook                             {:>8.0} /s", self.batched_per_second)?;
        writeln!(f, "  baseline: the engine, called directly       {:>8.0} /s", self.engine_per_second)?;
        writeln!(f, "  baseline: the engine, through the SDK       {:>8.0} /s", self.engine_through_sdk_per_second)?;
        writeln!(
            f,
            "  ratio to the engine called directly         {:>8.2} one a webhook, {:.2} in batches",
            self.single_to_engine, self.batched_to_engine
        )?;
        writeln!(
            f,
            "  ratio to the engine through the SDK         {:>8.2} one a webhook, {:.2} in batches",
            self.single_to_engine_through_sdk, self.batched_to_engine_through_sdk
        )
    }
}
