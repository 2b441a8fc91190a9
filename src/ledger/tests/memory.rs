//! What the embedded engine keeps in memory beside the data. In a process of its own, whose memory nothing else uses.

#![cfg(target_os = "linux")]

use std::fs;

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::types::{AttributeValue, Put, TransactWriteItem};
use ledger::embedded::Embedded;
use ledger::{Ledger, PseudonymKey, Tables};

/// Of how many writes each transaction consists, of a kilobyte each. The engine's own memory of a transaction grows with
/// them, and with the name of the table.
const WRITES: usize = 10;
const LONGEST_TABLE_NAME: usize = 255;

/// More than the engine's door remembers of what was answered.
const TRANSACTIONS: usize = 1_050;

/// By how much memory may seem to grow that does not grow, in kilobytes.
const NOISE: usize = 1_500;

/// The resident memory of this process, in kilobytes.
fn resident() -> usize {
    let status = fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap();
    line.split_whitespace().next().unwrap().parse().unwrap()
}

/// Writes the same items again and again, each time as a transaction with a token of its own, which the SDK gives it.
async fn write(client: &Client, table: &str) {
    for number in 0..TRANSACTIONS {
        let value = format!("{number:01000}");
        let put = |at: usize| {
            let key = AttributeValue::S(format!("item {at}"));
            let put = Put::builder().table_name(table).item("pk", key.clone()).item("sk", key);
            TransactWriteItem::builder()
                .put(put.item("value", AttributeValue::S(value.clone())).build().unwrap())
                .build()
        };
        let written = client.transact_write_items().set_transact_items(Some((0..WRITES).map(put).collect()));
        written.send().await.unwrap();
    }
}

#[tokio::test]
async fn transactions_that_leave_no_more_data_leave_no_more_memory_either() {
    let engine = Embedded::start(None).await.unwrap();
    let (client, casebook) = (engine.client(), "c".repeat(LONGEST_TABLE_NAME));
    let tables = Tables { casebook: casebook.clone(), ..Tables::default() };
    let key = PseudonymKey::new(b"a key for the tests").unwrap();
    Ledger::new(client.clone(), tables, "ente", key).create_tables().await.unwrap();
    write(&client, &casebook).await;
    let before = resident();
    write(&client, &casebook).await;
    let grown = resident().saturating_sub(before);
    assert!(grown < NOISE, "{TRANSACTIONS} transactions left {grown} kB");
}
