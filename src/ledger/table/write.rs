//! What is written: the forms of a write, and the expressions in which the engine takes them.

use std::collections::HashMap;

use aws_sdk_dynamodb::types::AttributeValue;
use jiff::Timestamp;

use crate::table::item::{Item, number, seconds, text};
use crate::table::keys::{Key, sortable};
use crate::table::retry::Answer;
use crate::table::tables::Table;

/// The attribute in which an item that holds for a time says until when, in the form of keys. Unlike the time to live
/// of the table it is exact.
pub(crate) const HOLDS_UNTIL: &str = "holds_until";

const ABSENT: &str = "attribute_not_exists(pk)";
const PRESENT: &str = "attribute_exists(pk)";
pub(crate) const EXPIRED: &str = "expires < :now";
const ABSENT_OR_OVER: &str = "attribute_not_exists(pk) OR holds_until <= :now";
/// `version` counts the changes of an item, and by it writers notice each other.
const SAME_VERSION: &str = "version = :expected";

/// One write. In a transaction or alone.
#[derive(Clone, Debug)]
pub(crate) enum Write {
    /// Puts an item where there is none with its key.
    New(Table, Key, Item),
    /// Puts an item, in place of whatever stands there.
    Put(Table, Key, Item),
    /// Puts an item where there is none with its key, or one that no longer holds at this time.
    Renew(Table, Key, Item, Timestamp),
    /// Puts an item where there is none with its key; where there is one, leaves it as it is.
    Ensure(Table, Key, Item),
    /// Changes an item that has this version, and gives it the next.
    Change(Table, Key, Change),
    /// Deletes an item that has this version.
    Remove(Table, Key, u64),
    /// Deletes an item, if there is one with its key.
    Forget(Table, Key),
    /// Deletes an item of which the time to live was over before this time.
    Expire(Table, Key, Timestamp),
    /// Deletes an item, and holds only where there is one with its key.
    Take(Table, Key),
    /// Writes nothing, and holds where there is no item with its key.
    Absent(Table, Key),
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

/// What a write asks of the engine.
pub(crate) enum Request {
    Put(Item),
    Update(Expressions),
    Delete,
    /// Nothing but that the condition holds.
    Check,
}

/// Under which condition. Without an expression, under none.
#[derive(Default)]
pub(crate) struct Condition {
    pub(crate) expression: Option<String>,
    pub(crate) values: Option<HashMap<String, AttributeValue>>,
}

impl Condition {
    fn new(expression: &str, value: Option<(&str, AttributeValue)>) -> Self {
        let values = value.map(|(name, value)| HashMap::from([(name.to_owned(), value)]));
        Self { expression: Some(expression.to_owned()), values }
    }
}

impl Write {
    /// Which item it concerns.
    pub(crate) fn target(&self) -> (Table, &Key) {
        match self {
            Write::New(table, key, _)
            | Write::Put(table, key, _)
            | Write::Renew(table, key, ..)
            | Write::Ensure(table, key, _)
            | Write::Change(table, key, _)
            | Write::Remove(table, key, _)
            | Write::Forget(table, key)
            | Write::Expire(table, key, _)
            | Write::Take(table, key)
            | Write::Absent(table, key) => (*table, key),
        }
    }

    /// In the words of the engine.
    pub(crate) fn into_parts(self) -> (Table, Key, Request, Condition) {
        match self {
            Write::New(table, key, item) => {
                let item = whole(&key, item);
                (table, key, Request::Put(item), Condition::new(ABSENT, None))
            }
            Write::Put(table, key, item) => {
                let item = whole(&key, item);
                (table, key, Request::Put(item), Condition::default())
            }
            Write::Renew(table, key, item, now) => {
                let item = whole(&key, item);
                let condition = Condition::new(ABSENT_OR_OVER, Some((":now", text(&sortable(now)))));
                (table, key, Request::Put(item), condition)
            }
            Write::Ensure(table, key, item) => {
                (table, key, Request::Update(Expressions::ensuring(item)), Condition::default())
            }
            Write::Change(table, key, change) => {
                let condition = Condition::new(SAME_VERSION, Some((":expected", number(change.version))));
                (table, key, Request::Update(Expressions::changing(change)), condition)
            }
            Write::Remove(table, key, version) => {
                let condition = Condition::new(SAME_VERSION, Some((":expected", number(version))));
                (table, key, Request::Delete, condition)
            }
            Write::Forget(table, key) => (table, key, Request::Delete, Condition::default()),
            Write::Expire(table, key, now) => {
                let condition = Condition::new(EXPIRED, Some((":now", number(seconds(now)))));
                (table, key, Request::Delete, condition)
            }
            Write::Take(table, key) => (table, key, Request::Delete, Condition::new(PRESENT, None)),
            Write::Absent(table, key) => (table, key, Request::Check, Condition::new(ABSENT, None)),
        }
    }
}

/// The expressions of an update, with every attribute named through a placeholder, because some are reserved words.
#[derive(Default)]
pub(crate) struct Expressions {
    pub(crate) update: String,
    pub(crate) names: HashMap<String, String>,
    pub(crate) values: HashMap<String, AttributeValue>,
}

impl Expressions {
    /// Adds to counters and sets, which begin at nothing, and sets the rest.
    pub(crate) fn adding(additions: Vec<(String, AttributeValue)>, set: Item) -> Self {
        let mut expressions = Self::setting(set, |name, value| format!("{name} = {value}"), None);
        let mut added = Vec::new();
        for (position, (attribute, by)) in additions.into_iter().enumerate() {
            let (name, placeholder) = (format!("#c{position}"), format!(":c{position}"));
            added.push(format!("{name} {placeholder}"));
            expressions.names.insert(name, attribute);
            expressions.values.insert(placeholder, by);
        }
        expressions.update.push_str(" ADD ");
        expressions.update.push_str(&added.join(", "));
        expressions
    }

    fn changing(change: Change) -> Self {
        let mut expressions =
            Self::setting(change.set, |name, value| format!("{name} = {value}"), Some("version = :next".to_owned()));
        expressions.values.insert(":next".to_owned(), number(change.version + 1));
        let mut removed = Vec::new();
        for (position, attribute) in change.unset.into_iter().enumerate() {
            let name = format!("#u{position}");
            removed.push(name.clone());
            expressions.names.insert(name, attribute.to_owned());
        }
        if !removed.is_empty() {
            expressions.update.push_str(" REMOVE ");
            expressions.update.push_str(&removed.join(", "));
        }
        expressions
    }

    fn ensuring(content: Item) -> Self {
        Self::setting(content, |name, value| format!("{name} = if_not_exists({name}, {value})"), None)
    }

    fn setting(content: Item, assign: impl Fn(&str, &str) -> String, first: Option<String>) -> Self {
        let mut expressions = Self::default();
        let mut assignments: Vec<String> = first.into_iter().collect();
        for (position, (attribute, value)) in content.into_iter().enumerate() {
            let (name, placeholder) = (format!("#a{position}"), format!(":a{position}"));
            assignments.push(assign(&name, &placeholder));
            expressions.names.insert(name, attribute);
            expressions.values.insert(placeholder, value);
        }
        expressions.update = format!("SET {}", assignments.join(", "));
        expressions
    }

    /// The names, or nothing where there are none: the engine refuses an empty list.
    pub(crate) fn names(&self) -> Option<HashMap<String, String>> {
        (!self.names.is_empty()).then(|| self.names.clone())
    }

    /// The values of the update and of its condition.
    pub(crate) fn values_with(&self, condition: &Condition) -> HashMap<String, AttributeValue> {
        let mut values = self.values.clone();
        values.extend(condition.values.clone().into_iter().flatten());
        values
    }
}

/// An item with its key.
pub(crate) fn whole(key: &Key, mut content: Item) -> Item {
    content.extend(key.attributes());
    content
}
