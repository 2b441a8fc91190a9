//! The requests to the engine, in the few forms that the ledger uses, with retries and cost.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::operation::query::builders::QueryFluentBuilder;
use aws_sdk_dynamodb::types::{
    AttributeValue, Delete, Put, ReturnConsumedCapacity, TransactWriteItem, Update as TransactUpdate,
};

use crate::LedgerError;
use crate::consumed::{Consumed, Counter};
use crate::item::Item;
use crate::keys::Key;
use crate::retry::{Answer, configuration, fault, repeat, transaction_fault, without_retries};
use crate::tables::{PK, SK, Table, Tables};

const ABSENT: &str = "attribute_not_exists(pk)";
/// `version` counts the changes of an item, and by it writers notice each other.
const SAME_VERSION: &str = "version = :expected";

/// One write. In a transaction or alone.
#[derive(Clone, Debug)]
pub(crate) enum Write {
    /// Puts an item where there is none with its key.
    New(Table, Key, Item),
    /// Puts an item where there is none with its key; where there is one, leaves it as it is.
    Ensure(Table, Key, Item),
    /// Changes an item that has this version, and gives it the next.
    Change(Table, Key, Change),
    /// Deletes an item that has this version.
    Remove(Table, Key, u64),
}

/// Which attributes of an item are changed.
#[derive(Clone, Debug, Default)]
pub(crate) struct Change {
    /// The version that the item must have.
    pub(crate) version: u64,
    /// The new values.
    pub(crate) set: Item,
    /// The attributes to take away.
    pub(crate) unset: Vec<&'static str>,
}

/// What became of a write.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Written {
    /// It took effect.
    Yes,
    /// Its condition does not hold, and it did not take effect.
    No,
    /// Its condition does not hold now, and an earlier attempt may have taken effect: read back to know.
    Unclear,
}

impl From<Answer<()>> for Written {
    fn from(answer: Answer<()>) -> Self {
        match answer {
            Answer::Done(()) => Written::Yes,
            Answer::Unmet { uncertain: false } => Written::No,
            Answer::Unmet { uncertain: true } => Written::Unclear,
        }
    }
}

/// What to look for in one partition of a table or of an index.
#[derive(Clone, Debug)]
pub(crate) struct Query<'a> {
    pub(crate) table: Table,
    /// The index and the names of its hash and range attributes; `None` for the table itself, read consistently.
    pub(crate) index: Option<(&'static str, &'static str, &'static str)>,
    pub(crate) partition: &'a str,
    /// Only what sorts up to here.
    pub(crate) up_to: Option<&'a str>,
    /// At most so many, the first in order.
    pub(crate) limit: Option<usize>,
}

/// The engine, with the two tables in it.
#[derive(Clone, Debug)]
pub(crate) struct Store {
    client: Client,
    tables: Arc<Tables>,
    consumed: Arc<Counter>,
}

impl Store {
    pub(crate) fn new(client: &Client, tables: Tables) -> Self {
        Self { client: without_retries(client), tables: Arc::new(tables), consumed: Arc::default() }
    }

    pub(crate) async fn create_tables(&self) -> Result<(), LedgerError> {
        self.tables.create(&self.client).await
    }

    pub(crate) fn consumed(&self) -> Consumed {
        self.consumed.total()
    }

    /// Reads an item, consistently.
    pub(crate) async fn get(&self, table: Table, key: &Key) -> Result<Option<Item>, LedgerError> {
        let request = self
            .client
            .get_item()
            .table_name(self.tables.name(table))
            .set_key(Some(key_attributes(key)))
            .consistent_read(true)
            .return_consumed_capacity(ReturnConsumedCapacity::Total);
        let answer =
            repeat("GetItem", || async { request.clone().send().await.map_err(|error| fault("GetItem", &error)) })
                .await?;
        let answer = answered("GetItem", answer)?;
        self.consumed.read(answer.consumed_capacity());
        Ok(answer.item)
    }

    /// Reads a partition, in the order of its keys.
    pub(crate) async fn query(&self, query: &Query<'_>) -> Result<Vec<Item>, LedgerError> {
        let mut items = Vec::new();
        let mut pages = self.pages(query);
        while let Some(page) = pages.next().await? {
            items.extend(page);
            if query.limit.is_some_and(|limit| items.len() >= limit) {
                break;
            }
        }
        Ok(items)
    }

    /// Reads a partition in the order of its keys, up to a megabyte at a time.
    pub(crate) fn pages(&self, query: &Query<'_>) -> Pages<'_> {
        let (index, hash, range) = match query.index {
            Some((index, hash, range)) => (Some(index.to_owned()), hash, range),
            None => (None, PK, SK),
        };
        let mut request = self
            .client
            .query()
            .table_name(self.tables.name(query.table))
            .consistent_read(index.is_none())
            .set_index_name(index)
            .expression_attribute_names("#hash", hash)
            .expression_attribute_values(":hash", text(query.partition))
            .set_limit(query.limit.map(|limit| i32::try_from(limit).unwrap_or(i32::MAX)))
            .return_consumed_capacity(ReturnConsumedCapacity::Total);
        request = match query.up_to {
            None => request.key_condition_expression("#hash = :hash"),
            Some(up_to) => request
                .key_condition_expression("#hash = :hash AND #range <= :upto")
                .expression_attribute_names("#range", range)
                .expression_attribute_values(":upto", text(up_to)),
        };
        Pages { store: self, request: Some(request) }
    }

    /// The last item of a partition in the order of its keys, read consistently.
    pub(crate) async fn last(&self, table: Table, partition: &str) -> Result<Option<Item>, LedgerError> {
        let query = Query { table, index: None, partition, up_to: None, limit: Some(1) };
        let mut pages = self.pages(&query);
        pages.request = pages.request.map(|request| request.scan_index_forward(false));
        Ok(pages.next().await?.and_then(|page| page.into_iter().next()))
    }

    /// Puts an item, whatever stood there.
    pub(crate) async fn put(&self, table: Table, key: &Key, item: Item) -> Result<(), LedgerError> {
        self.put_if(table, key, item, None).await.map(|_| ())
    }

    /// Carries one write out.
    pub(crate) async fn write(&self, write: Write) -> Result<Written, LedgerError> {
        match write {
            Write::New(table, key, item) => self.put_if(table, &key, item, Some(ABSENT)).await,
            Write::Ensure(table, key, item) => self.put_if(table, &key, item, Some(ABSENT)).await.map(|_| Written::Yes),
            Write::Change(table, key, change) => {
                let update = Expressions::changing(change);
                let request = self
                    .client
                    .update_item()
                    .table_name(self.tables.name(table))
                    .set_key(Some(key_attributes(&key)))
                    .update_expression(update.update)
                    .condition_expression(SAME_VERSION)
                    .set_expression_attribute_names(update.names)
                    .set_expression_attribute_values(Some(update.values))
                    .return_consumed_capacity(ReturnConsumedCapacity::Total);
                let answer = repeat("UpdateItem", || async {
                    let answer = request.clone().send().await.map_err(|error| fault("UpdateItem", &error))?;
                    self.consumed.write(answer.consumed_capacity());
                    Ok(())
                });
                answer.await.map(Written::from)
            }
            Write::Remove(table, key, version) => {
                let request = self
                    .client
                    .delete_item()
                    .table_name(self.tables.name(table))
                    .set_key(Some(key_attributes(&key)))
                    .condition_expression(SAME_VERSION)
                    .expression_attribute_values(":expected", number(version))
                    .return_consumed_capacity(ReturnConsumedCapacity::Total);
                let answer = repeat("DeleteItem", || async {
                    let answer = request.clone().send().await.map_err(|error| fault("DeleteItem", &error))?;
                    self.consumed.write(answer.consumed_capacity());
                    Ok(())
                });
                answer.await.map(Written::from)
            }
        }
    }

    async fn put_if(
        &self,
        table: Table,
        key: &Key,
        item: Item,
        condition: Option<&str>,
    ) -> Result<Written, LedgerError> {
        let request = self
            .client
            .put_item()
            .table_name(self.tables.name(table))
            .set_item(Some(whole(key, item)))
            .set_condition_expression(condition.map(str::to_owned))
            .return_consumed_capacity(ReturnConsumedCapacity::Total);
        let answer = repeat("PutItem", || async {
            let answer = request.clone().send().await.map_err(|error| fault("PutItem", &error))?;
            self.consumed.write(answer.consumed_capacity());
            Ok(())
        });
        answer.await.map(Written::from)
    }

    /// Carries all writes out, or none: never [`Written::Unclear`], because every attempt carries the same token, by
    /// which the engine recognises what it did already. The token is drawn anew for each call: two deliveries of one
    /// event are two requests, which the conditions keep apart, and not one request that succeeds twice.
    pub(crate) async fn write_all(&self, writes: Vec<Write>) -> Result<Written, LedgerError> {
        let mut named = HashSet::new();
        let mut items = Vec::with_capacity(writes.len());
        for write in writes {
            let (table, key) = write.target();
            if !named.insert((table, key.clone())) {
                return Err(LedgerError::Configuration("a transaction names one item twice".to_owned()));
            }
            items.push(self.transact_item(write)?);
        }
        let request = self
            .client
            .transact_write_items()
            .set_transact_items(Some(items))
            .client_request_token(hex::encode(rand::random::<[u8; 16]>()))
            .return_consumed_capacity(ReturnConsumedCapacity::Total);
        let answer = repeat("TransactWriteItems", || async {
            let answer = request.clone().send().await;
            let answer = answer.map_err(|error| transaction_fault("TransactWriteItems", &error))?;
            self.consumed.transaction(answer.consumed_capacity());
            Ok(())
        });
        Ok(match answer.await? {
            Answer::Done(()) => Written::Yes,
            Answer::Unmet { .. } => Written::No,
        })
    }

    fn transact_item(&self, write: Write) -> Result<TransactWriteItem, LedgerError> {
        let item = TransactWriteItem::builder();
        let item = match write {
            Write::New(table, key, content) => {
                let put = Put::builder().table_name(self.tables.name(table)).set_item(Some(whole(&key, content)));
                item.put(put.condition_expression(ABSENT).build().map_err(configuration)?)
            }
            Write::Ensure(table, key, content) => {
                item.update(self.transact_update(table, &key, Expressions::ensuring(content), None)?)
            }
            Write::Change(table, key, change) => {
                item.update(self.transact_update(table, &key, Expressions::changing(change), Some(SAME_VERSION))?)
            }
            Write::Remove(table, key, version) => {
                let delete = Delete::builder()
                    .table_name(self.tables.name(table))
                    .set_key(Some(key_attributes(&key)))
                    .condition_expression(SAME_VERSION)
                    .expression_attribute_values(":expected", number(version));
                item.delete(delete.build().map_err(configuration)?)
            }
        };
        Ok(item.build())
    }

    fn transact_update(
        &self,
        table: Table,
        key: &Key,
        update: Expressions,
        condition: Option<&str>,
    ) -> Result<TransactUpdate, LedgerError> {
        TransactUpdate::builder()
            .table_name(self.tables.name(table))
            .set_key(Some(key_attributes(key)))
            .update_expression(update.update)
            .set_condition_expression(condition.map(str::to_owned))
            .set_expression_attribute_names(update.names)
            .set_expression_attribute_values(Some(update.values))
            .build()
            .map_err(configuration)
    }
}

/// A partition that is read page by page.
pub(crate) struct Pages<'s> {
    store: &'s Store,
    /// The request for the next page; `None` after the last.
    request: Option<QueryFluentBuilder>,
}

impl Pages<'_> {
    /// The next page, which may be empty; `None` after the last.
    pub(crate) async fn next(&mut self) -> Result<Option<Vec<Item>>, LedgerError> {
        let Some(request) = self.request.take() else { return Ok(None) };
        let answer = repeat("Query", || async { request.clone().send().await.map_err(|error| fault("Query", &error)) });
        let answer = answered("Query", answer.await?)?;
        self.store.consumed.read(answer.consumed_capacity());
        if let Some(last) = answer.last_evaluated_key {
            self.request = Some(request.set_exclusive_start_key(Some(last)));
        }
        Ok(Some(answer.items.unwrap_or_default()))
    }
}

impl Write {
    fn target(&self) -> (Table, &Key) {
        match self {
            Write::New(table, key, _)
            | Write::Ensure(table, key, _)
            | Write::Change(table, key, _)
            | Write::Remove(table, key, _) => (*table, key),
        }
    }
}

/// The expressions of an update, with every attribute named through a placeholder, because some are reserved words.
struct Expressions {
    update: String,
    names: Option<HashMap<String, String>>,
    values: HashMap<String, AttributeValue>,
}

impl Expressions {
    fn changing(change: Change) -> Self {
        let mut expressions =
            Self::setting(change.set, |name, value| format!("{name} = {value}"), Some("version = :next".to_owned()));
        expressions.values.insert(":expected".to_owned(), number(change.version));
        expressions.values.insert(":next".to_owned(), number(change.version + 1));
        if !change.unset.is_empty() {
            expressions.update.push_str(" REMOVE ");
            expressions.update.push_str(&change.unset.join(", "));
        }
        expressions
    }

    fn ensuring(content: Item) -> Self {
        Self::setting(content, |name, value| format!("{name} = if_not_exists({name}, {value})"), None)
    }

    fn setting(content: Item, assign: impl Fn(&str, &str) -> String, first: Option<String>) -> Self {
        let mut names = HashMap::new();
        let mut values = HashMap::new();
        let mut assignments: Vec<String> = first.into_iter().collect();
        for (position, (attribute, value)) in content.into_iter().enumerate() {
            let (name, placeholder) = (format!("#a{position}"), format!(":a{position}"));
            assignments.push(assign(&name, &placeholder));
            names.insert(name, attribute);
            values.insert(placeholder, value);
        }
        let names = (!names.is_empty()).then_some(names);
        Self { update: format!("SET {}", assignments.join(", ")), names, values }
    }
}

fn whole(key: &Key, mut content: Item) -> Item {
    content.extend(key_attributes(key));
    content
}

fn key_attributes(key: &Key) -> Item {
    HashMap::from([(PK.to_owned(), text(&key.pk)), (SK.to_owned(), text(&key.sk))])
}

/// A text attribute.
pub(crate) fn text(value: &str) -> AttributeValue {
    AttributeValue::S(value.to_owned())
}

/// A number attribute.
pub(crate) fn number(value: u64) -> AttributeValue {
    AttributeValue::N(value.to_string())
}

/// A read has no condition that could be unmet.
fn answered<T>(operation: &'static str, answer: Answer<T>) -> Result<T, LedgerError> {
    match answer {
        Answer::Done(answer) => Ok(answer),
        Answer::Unmet { .. } => {
            Err(LedgerError::Configuration(format!("{operation} was answered as if it had a condition")))
        }
    }
}
