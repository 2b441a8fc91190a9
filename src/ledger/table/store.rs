//! The requests to the engine, in the few forms that the ledger uses, with retries and cost.

use std::collections::HashSet;
use std::sync::Arc;

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::operation::query::builders::QueryFluentBuilder;
use aws_sdk_dynamodb::types::{
    AttributeValue, ConditionCheck, Delete, Put, ReturnConsumedCapacity, TransactWriteItem, Update,
};
use jiff::Timestamp;

use crate::LedgerError;
use crate::table::consumed::{Consumed, Counter};
use crate::table::item::{Item, number, seconds, text, text_of};
use crate::table::keys::Key;
use crate::table::retry::{Answer, configuration, fault, repeat, transaction_fault, without_retries};
use crate::table::tables::{Index, PK, SK, Table, Tables};
use crate::table::write::{Condition, EXPIRED, Expressions, Request, Write, Written, whole};

/// The most items that a transaction may name.
const MAX_TRANSACTION: usize = 100;

/// What to look for in one partition of a table or of an index.
#[derive(Clone, Debug)]
pub(crate) struct Query<'a> {
    pub(crate) table: Table,
    pub(crate) index: Option<Index>,
    pub(crate) partition: &'a str,
    /// What of it.
    pub(crate) span: Span<'a>,
    /// At most so many, the first in order.
    pub(crate) limit: Option<usize>,
    /// The key of the item after which to go on.
    pub(crate) after: Option<Item>,
}

/// Which part of a partition, by sort key.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Span<'a> {
    /// All of it.
    Whole,
    /// What sorts up to here.
    UpTo(&'a str),
    /// What begins like this.
    Beginning(&'a str),
    /// What sorts from the one to the other, both included.
    Between(&'a str, &'a str),
}

impl<'a> Query<'a> {
    /// A partition of a table, read consistently.
    pub(crate) const fn of(table: Table, partition: &'a str) -> Self {
        Self { table, index: None, partition, span: Span::Whole, limit: None, after: None }
    }

    /// A partition of an index.
    pub(crate) const fn index(index: Index, partition: &'a str) -> Self {
        Self { table: index.table, index: Some(index), partition, span: Span::Whole, limit: None, after: None }
    }
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
            .set_key(Some(key.attributes()))
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
    pub(crate) async fn query(&self, query: Query<'_>) -> Result<Vec<Item>, LedgerError> {
        let limit = query.limit;
        let mut items = Vec::new();
        let mut pages = self.pages(query);
        while let Some(page) = pages.next().await? {
            items.extend(page);
            if limit.is_some_and(|limit| items.len() >= limit) {
                break;
            }
        }
        Ok(items)
    }

    /// The keys of what has expired before this time in a table, of those whose partition begins like this; up to a
    /// megabyte of the table at a time, from where an earlier call has ended. And where this one has, unless that is the
    /// end of the table.
    pub(crate) async fn expired(
        &self,
        table: Table,
        partitions: &str,
        now: Timestamp,
        from: Option<Item>,
    ) -> Result<(Vec<Key>, Option<Item>), LedgerError> {
        let request = self
            .client
            .scan()
            .table_name(self.tables.name(table))
            .projection_expression("pk, sk")
            .filter_expression(format!("begins_with(pk, :begin) AND {EXPIRED}"))
            .expression_attribute_values(":begin", text(partitions))
            .expression_attribute_values(":now", number(seconds(now)))
            .set_exclusive_start_key(from)
            .return_consumed_capacity(ReturnConsumedCapacity::Total);
        let answer = repeat("Scan", || async { request.clone().send().await.map_err(|error| fault("Scan", &error)) });
        let answer = answered("Scan", answer.await?)?;
        self.consumed.read(answer.consumed_capacity());
        let key = |item: Item| Some(Key { pk: text_of(&item, PK)?.to_owned(), sk: text_of(&item, SK)?.to_owned() });
        Ok((answer.items.unwrap_or_default().into_iter().filter_map(key).collect(), answer.last_evaluated_key))
    }

    /// Whether anything stands in a partition of the casebook.
    pub(crate) async fn is_any(&self, partition: &str) -> Result<bool, LedgerError> {
        let first = Query { limit: Some(1), ..Query::of(Table::Casebook, partition) };
        Ok(!self.query(first).await?.is_empty())
    }

    /// The last item of a partition in the order of its keys.
    pub(crate) async fn last(&self, query: Query<'_>) -> Result<Option<Item>, LedgerError> {
        let mut pages = self.pages(Query { limit: Some(1), ..query });
        pages.request = pages.request.map(|request| request.scan_index_forward(false));
        Ok(pages.next().await?.and_then(|page| page.into_iter().next()))
    }

    /// Reads a partition in the order of its keys, up to a megabyte at a time.
    pub(crate) fn pages(&self, query: Query<'_>) -> Pages<'_> {
        let (hash, range) = query.index.map_or((PK, SK), |index| (index.hash, index.range));
        let mut request = self
            .client
            .query()
            .table_name(self.tables.name(query.table))
            .consistent_read(query.index.is_none())
            .set_index_name(query.index.map(|index| index.name.to_owned()))
            .expression_attribute_names("#hash", hash)
            .expression_attribute_values(":hash", text(query.partition))
            .set_limit(query.limit.map(|limit| i32::try_from(limit).unwrap_or(i32::MAX)))
            .set_exclusive_start_key(query.after)
            .return_consumed_capacity(ReturnConsumedCapacity::Total);
        let (part, bounds): (&str, &[(&str, &str)]) = match query.span {
            Span::Whole => ("", &[]),
            Span::UpTo(last) => (" AND #range <= :last", &[(":last", last)]),
            Span::Beginning(prefix) => (" AND begins_with(#range, :prefix)", &[(":prefix", prefix)]),
            Span::Between(first, last) => {
                (" AND #range BETWEEN :first AND :last", &[(":first", first), (":last", last)])
            }
        };
        request = request.key_condition_expression(format!("#hash = :hash{part}"));
        for (name, bound) in bounds {
            request = request.expression_attribute_names("#range", range);
            request = request.expression_attribute_values(*name, text(bound));
        }
        Pages { store: self, request: Some(request) }
    }

    /// Puts an item, whatever stood there.
    pub(crate) async fn put(&self, table: Table, key: &Key, item: Item) -> Result<(), LedgerError> {
        self.put_if(table, whole(key, item), Condition::default()).await.map(|_| ())
    }

    /// Adds to the counters and sets of an item, which need not exist, and sets the rest of it. Where an answer is lost
    /// a counter may be added to twice; what is in a set is there once.
    pub(crate) async fn add(
        &self,
        table: Table,
        key: &Key,
        additions: Vec<(String, AttributeValue)>,
        set: Item,
    ) -> Result<(), LedgerError> {
        self.update_if(table, key, Expressions::adding(additions, set), Condition::default()).await.map(|_| ())
    }

    /// Carries one write out.
    pub(crate) async fn write(&self, write: Write) -> Result<Written, LedgerError> {
        match write.into_parts() {
            (table, _, Request::Put(item), condition) => self.put_if(table, item, condition).await,
            (table, key, Request::Update(update), condition) => self.update_if(table, &key, update, condition).await,
            (table, key, Request::Delete, condition) => self.delete_if(table, &key, condition).await,
            // Alone it is a read.
            (table, key, Request::Check, _) => {
                let found = self.get(table, &key).await?;
                Ok(if found.is_none() { Written::Yes } else { Written::No })
            }
        }
    }

    async fn update_if(
        &self,
        table: Table,
        key: &Key,
        update: Expressions,
        condition: Condition,
    ) -> Result<Written, LedgerError> {
        let request = self
            .client
            .update_item()
            .table_name(self.tables.name(table))
            .set_key(Some(key.attributes()))
            .set_expression_attribute_names(update.names())
            .set_expression_attribute_values(Some(update.values_with(&condition)))
            .update_expression(update.update)
            .set_condition_expression(condition.expression)
            .return_consumed_capacity(ReturnConsumedCapacity::Total);
        let answer = repeat("UpdateItem", || async {
            let answer = request.clone().send().await.map_err(|error| fault("UpdateItem", &error))?;
            self.consumed.write(answer.consumed_capacity());
            Ok(())
        });
        answer.await.map(Written::from)
    }

    async fn delete_if(&self, table: Table, key: &Key, condition: Condition) -> Result<Written, LedgerError> {
        let request = self
            .client
            .delete_item()
            .table_name(self.tables.name(table))
            .set_key(Some(key.attributes()))
            .set_condition_expression(condition.expression)
            .set_expression_attribute_values(condition.values)
            .return_consumed_capacity(ReturnConsumedCapacity::Total);
        let answer = repeat("DeleteItem", || async {
            let answer = request.clone().send().await.map_err(|error| fault("DeleteItem", &error))?;
            self.consumed.write(answer.consumed_capacity());
            Ok(())
        });
        answer.await.map(Written::from)
    }

    async fn put_if(&self, table: Table, item: Item, condition: Condition) -> Result<Written, LedgerError> {
        let request = self
            .client
            .put_item()
            .table_name(self.tables.name(table))
            .set_item(Some(item))
            .set_condition_expression(condition.expression)
            .set_expression_attribute_values(condition.values)
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
        if writes.len() > MAX_TRANSACTION {
            let message = format!("a transaction names {} items, at most {MAX_TRANSACTION} are possible", writes.len());
            return Err(LedgerError::Configuration(message));
        }
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
        let (table, key, request, condition) = write.into_parts();
        let name = self.tables.name(table);
        let item = TransactWriteItem::builder();
        let item = match request {
            Request::Put(item_to_put) => {
                let put = Put::builder()
                    .table_name(name)
                    .set_item(Some(item_to_put))
                    .set_condition_expression(condition.expression)
                    .set_expression_attribute_values(condition.values);
                item.put(put.build().map_err(configuration)?)
            }
            Request::Update(update) => {
                let update = Update::builder()
                    .table_name(name)
                    .set_key(Some(key.attributes()))
                    .set_expression_attribute_names(update.names())
                    .set_expression_attribute_values(Some(update.values_with(&condition)))
                    .update_expression(update.update)
                    .set_condition_expression(condition.expression);
                item.update(update.build().map_err(configuration)?)
            }
            Request::Delete => {
                let delete = Delete::builder()
                    .table_name(name)
                    .set_key(Some(key.attributes()))
                    .set_condition_expression(condition.expression)
                    .set_expression_attribute_values(condition.values);
                item.delete(delete.build().map_err(configuration)?)
            }
            Request::Check => {
                let check = ConditionCheck::builder()
                    .table_name(name)
                    .set_key(Some(key.attributes()))
                    .set_condition_expression(condition.expression)
                    .set_expression_attribute_values(condition.values);
                item.condition_check(check.build().map_err(configuration)?)
            }
        };
        Ok(item.build())
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

/// A read has no condition that could be unmet.
fn answered<T>(operation: &'static str, answer: Answer<T>) -> Result<T, LedgerError> {
    match answer {
        Answer::Done(answer) => Ok(answer),
        Answer::Unmet { .. } => {
            Err(LedgerError::Configuration(format!("{operation} was answered as if it had a condition")))
        }
    }
}
