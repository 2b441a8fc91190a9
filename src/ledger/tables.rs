//! The two tables and their definition.

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::operation::create_table::builders::CreateTableFluentBuilder;
use aws_sdk_dynamodb::types::{
    AttributeDefinition, BillingMode, GlobalSecondaryIndex, KeySchemaElement, KeyType, Projection, ProjectionType,
    ScalarAttributeType, TableStatus, TimeToLiveSpecification, TimeToLiveStatus,
};

use crate::LedgerError;
use crate::retry::{configuration, lasting};

/// The partition key of both tables.
pub(crate) const PK: &str = "pk";
/// The sort key of both tables.
pub(crate) const SK: &str = "sk";
/// The index of pending work in the casebook, with its hash and range attributes.
pub(crate) const PENDING: &str = "pending";
pub(crate) const PENDING_SHARD: &str = "pending_shard";
pub(crate) const PENDING_DUE: &str = "pending_due";
/// The index of entries recorded away from home in the audit log, with its hash and range attributes.
pub(crate) const RECORDED: &str = "recorded";
pub(crate) const RECORDED_DAY: &str = "recorded_day";
pub(crate) const RECORDED_AT: &str = "recorded_at";
/// The attribute by which the casebook forgets, in seconds since 1970.
pub(crate) const EXPIRES: &str = "expires";

/// The names of the two tables. They differ in retention, backup and who may delete.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tables {
    /// Cases, strikes, tasks, pending work and cursors.
    pub casebook: String,
    /// The append-only audit log.
    pub audit: String,
}

impl Default for Tables {
    fn default() -> Self {
        Self { casebook: "galateo-casebook".to_owned(), audit: "galateo-audit".to_owned() }
    }
}

/// Which of the two tables.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Table {
    Casebook,
    Audit,
}

impl Tables {
    pub(crate) fn name(&self, table: Table) -> &str {
        match table {
            Table::Casebook => &self.casebook,
            Table::Audit => &self.audit,
        }
    }

    /// Creates what is missing, with the definition that the deployed stack has too, and waits until both are ready.
    pub(crate) async fn create(&self, client: &Client) -> Result<(), LedgerError> {
        let pending = index(PENDING, PENDING_SHARD, PENDING_DUE, ProjectionType::KeysOnly)?;
        let recorded = index(RECORDED, RECORDED_DAY, RECORDED_AT, ProjectionType::All)?;
        create(client, &self.casebook, pending, PENDING_SHARD, PENDING_DUE).await?;
        create(client, &self.audit, recorded, RECORDED_DAY, RECORDED_AT).await?;
        wait_until_ready(client, &self.casebook).await?;
        wait_until_ready(client, &self.audit).await?;
        switch_expiry_on(client, &self.casebook).await
    }
}

async fn create(
    client: &Client,
    name: &str,
    index: GlobalSecondaryIndex,
    hash: &str,
    range: &str,
) -> Result<(), LedgerError> {
    let mut request: CreateTableFluentBuilder = client
        .create_table()
        .table_name(name)
        .billing_mode(BillingMode::PayPerRequest)
        .global_secondary_indexes(index)
        .set_key_schema(Some(key_schema(PK, SK)?));
    for attribute in [PK, SK, hash, range] {
        let definition =
            AttributeDefinition::builder().attribute_name(attribute).attribute_type(ScalarAttributeType::S);
        request = request.attribute_definitions(definition.build().map_err(configuration)?);
    }
    match request.send().await {
        Ok(_) => Ok(()),
        Err(error) if error.as_service_error().is_some_and(|error| error.is_resource_in_use_exception()) => Ok(()),
        Err(error) => Err(lasting("CreateTable", &error)),
    }
}

fn index(name: &str, hash: &str, range: &str, projection: ProjectionType) -> Result<GlobalSecondaryIndex, LedgerError> {
    GlobalSecondaryIndex::builder()
        .index_name(name)
        .set_key_schema(Some(key_schema(hash, range)?))
        .projection(Projection::builder().projection_type(projection).build())
        .build()
        .map_err(configuration)
}

fn key_schema(hash: &str, range: &str) -> Result<Vec<KeySchemaElement>, LedgerError> {
    [(hash, KeyType::Hash), (range, KeyType::Range)]
        .into_iter()
        .map(|(name, kind)| KeySchemaElement::builder().attribute_name(name).key_type(kind).build())
        .collect::<Result<_, _>>()
        .map_err(configuration)
}

/// A local engine has its tables within milliseconds; AWS takes some seconds.
async fn wait_until_ready(client: &Client, name: &str) -> Result<(), LedgerError> {
    for _ in 0..120 {
        let answer = client.describe_table().table_name(name).send().await;
        let answer = answer.map_err(|error| lasting("DescribeTable", &error))?;
        if answer.table().and_then(|table| table.table_status()) == Some(&TableStatus::Active) {
            return Ok(());
        }
        tokio::time::sleep(std::time::Duration::from_millis(250)).await;
    }
    Err(LedgerError::Unavailable {
        operation: "CreateTable",
        attempts: 1,
        reason: format!("table {name} not becoming active within 30 seconds"),
    })
}

async fn switch_expiry_on(client: &Client, name: &str) -> Result<(), LedgerError> {
    let answer = client.describe_time_to_live().table_name(name).send().await;
    let answer = answer.map_err(|error| lasting("DescribeTimeToLive", &error))?;
    let status = answer.time_to_live_description().and_then(|description| description.time_to_live_status());
    if matches!(status, Some(TimeToLiveStatus::Enabled | TimeToLiveStatus::Enabling)) {
        return Ok(());
    }
    let specification = TimeToLiveSpecification::builder().enabled(true).attribute_name(EXPIRES).build();
    client
        .update_time_to_live()
        .table_name(name)
        .time_to_live_specification(specification.map_err(configuration)?)
        .send()
        .await
        .map(|_| ())
        .map_err(|error| lasting("UpdateTimeToLive", &error))
}
