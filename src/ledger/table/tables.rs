//! The two tables and their definition.

use std::time::Duration;

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::operation::create_table::builders::CreateTableFluentBuilder;
use aws_sdk_dynamodb::types::{
    AttributeDefinition, BillingMode, GlobalSecondaryIndex, KeySchemaElement, KeyType, Projection, ProjectionType,
    ScalarAttributeType, TableStatus, TimeToLiveSpecification, TimeToLiveStatus,
};

use crate::LedgerError;
use crate::table::retry::{configuration, lasting};

/// The partition key of both tables.
pub(crate) const PK: &str = "pk";
/// The sort key of both tables.
pub(crate) const SK: &str = "sk";
/// The keys of the index of pending work.
pub(crate) const PENDING_SHARD: &str = "pending_shard";
pub(crate) const PENDING_DUE: &str = "pending_due";
/// The keys of the index of what waits for a person.
pub(crate) const DESK: &str = "desk";
pub(crate) const DESK_AT: &str = "desk_at";
/// The keys of the index of entries recorded away from home.
pub(crate) const RECORDED_DAY: &str = "recorded_day";
pub(crate) const RECORDED_AT: &str = "recorded_at";

/// A sparse index: it lists the items that have both of its keys.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Index {
    pub(crate) table: Table,
    pub(crate) name: &'static str,
    pub(crate) hash: &'static str,
    pub(crate) range: &'static str,
    /// Whether it holds the whole items, and not only their keys.
    whole: bool,
}

/// Pending work in the casebook.
pub(crate) const PENDING: Index =
    Index { table: Table::Casebook, name: "pending", hash: PENDING_SHARD, range: PENDING_DUE, whole: false };
/// What waits for a person, in the casebook.
pub(crate) const ON_DESK: Index =
    Index { table: Table::Casebook, name: "desk", hash: DESK, range: DESK_AT, whole: false };
/// Entries recorded away from home, in the audit log.
pub(crate) const RECORDED: Index =
    Index { table: Table::Audit, name: "recorded", hash: RECORDED_DAY, range: RECORDED_AT, whole: true };

/// The attribute by which the casebook forgets, in seconds since 1970.
pub(crate) const EXPIRES: &str = "expires";

/// The names of the two tables. They differ in retention, backup and who may delete.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tables {
    /// Cases, authors, tasks, halts, pending work and cursors.
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

    /// Creates both where neither is there, with the definition that the deployed stack has too, and waits until they are
    /// ready. One without the other is what is left of a ledger, and never completed: a new, empty audit log would verify,
    /// and a new casebook would judge everything again.
    pub(crate) async fn create(&self, client: &Client) -> Result<(), LedgerError> {
        self.whole_or_new(client).await?;
        create(client, &self.casebook, &[PENDING, ON_DESK]).await?;
        create(client, &self.audit, &[RECORDED]).await?;
        wait_until_ready(client, &self.casebook).await?;
        wait_until_ready(client, &self.audit).await?;
        switch_expiry_on(client, &self.casebook).await
    }

    async fn whole_or_new(&self, client: &Client) -> Result<(), LedgerError> {
        let mut looks = 0;
        let (missing, present) = loop {
            let (missing, present) = match (exists(client, &self.casebook).await?, exists(client, &self.audit).await?) {
                (true, false) => (&self.audit, &self.casebook),
                (false, true) => (&self.casebook, &self.audit),
                (true, true) | (false, false) => return Ok(()),
            };
            if looks == LOOKS {
                break (missing, present);
            }
            looks += 1;
            tokio::time::sleep(PAUSE).await;
        };
        Err(LedgerError::Configuration(format!(
            "the table {missing} is missing beside {present}: records are lost, and no empty table takes their place. \
             Restore both from a backup of the same moment; only where a first start was interrupted and nothing was \
             recorded yet, remove {present} too (its data file, on one machine) and start again"
        )))
    }
}

/// How often it is looked whether somebody else is just creating the second table.
const LOOKS: u32 = 8;

/// The pause between two looks.
const PAUSE: Duration = Duration::from_millis(250);

async fn exists(client: &Client, name: &str) -> Result<bool, LedgerError> {
    match client.describe_table().table_name(name).send().await {
        Ok(_) => Ok(true),
        Err(error) if error.as_service_error().is_some_and(|error| error.is_resource_not_found_exception()) => {
            Ok(false)
        }
        Err(error) => Err(lasting("DescribeTable", &error)),
    }
}

async fn create(client: &Client, name: &str, indexes: &[Index]) -> Result<(), LedgerError> {
    let mut request: CreateTableFluentBuilder = client
        .create_table()
        .table_name(name)
        .billing_mode(BillingMode::PayPerRequest)
        .set_key_schema(Some(key_schema(PK, SK)?));
    for index in indexes {
        request = request.global_secondary_indexes(definition(*index)?);
    }
    for attribute in [PK, SK].into_iter().chain(indexes.iter().flat_map(|index| [index.hash, index.range])) {
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

fn definition(index: Index) -> Result<GlobalSecondaryIndex, LedgerError> {
    let projection = if index.whole { ProjectionType::All } else { ProjectionType::KeysOnly };
    GlobalSecondaryIndex::builder()
        .index_name(index.name)
        .set_key_schema(Some(key_schema(index.hash, index.range)?))
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
        tokio::time::sleep(PAUSE).await;
    }
    Err(LedgerError::Unavailable {
        operation: "CreateTable",
        attempts: 1,
        reason: format!("the table {name} not becoming active within 30 seconds"),
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
