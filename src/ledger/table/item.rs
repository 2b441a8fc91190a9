//! From and to the attributes of an item.

use std::collections::HashMap;

use aws_sdk_dynamodb::types::AttributeValue;
use jiff::Timestamp;
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::LedgerError;

/// The attributes of an item.
pub(crate) type Item = HashMap<String, AttributeValue>;

/// The attributes of a value. `what` names it in the error.
pub(crate) fn to_item(what: &'static str, value: &impl Serialize) -> Result<Item, LedgerError> {
    serde_dynamo::to_item(value).map_err(|_| LedgerError::Corrupt { what, field: "cannot be written".to_owned() })
}

/// One attribute.
pub(crate) fn to_attribute(what: &'static str, value: &impl Serialize) -> Result<AttributeValue, LedgerError> {
    serde_dynamo::to_attribute_value(value)
        .map_err(|_| LedgerError::Corrupt { what, field: "cannot be written".to_owned() })
}

/// The value in an item; attributes that it does not know, such as the keys, are passed over. `what` names it in the
/// error, which tells the field and never the content.
pub(crate) fn from_item<T: DeserializeOwned>(what: &'static str, item: Item) -> Result<T, LedgerError> {
    let attributes: serde_dynamo::AttributeValue = AttributeValue::M(item).into();
    let deserializer = serde_dynamo::Deserializer::from_attribute_value(attributes);
    serde_path_to_error::deserialize(deserializer).map_err(|error| {
        let path = error.path().to_string();
        // Of the reasons only this one is repeated: it holds the name of a field, where others hold the value.
        let reason = error.inner().to_string();
        let field = if reason.starts_with("missing field") { format!("{path} {reason}") } else { path };
        LedgerError::Corrupt { what, field }
    })
}

/// A text attribute.
pub(crate) fn text(value: &str) -> AttributeValue {
    AttributeValue::S(value.to_owned())
}

/// A number attribute.
pub(crate) fn number(value: u64) -> AttributeValue {
    AttributeValue::N(value.to_string())
}

/// The time to live of what must not be read after this time: in whole seconds, not before it.
pub(crate) fn expiry(at: Timestamp) -> AttributeValue {
    number(seconds(at).saturating_add(1))
}

/// A time in whole seconds since 1970.
pub(crate) fn seconds(at: Timestamp) -> u64 {
    at.as_second().try_into().unwrap_or_default()
}

/// A number attribute of an item.
pub(crate) fn number_of(item: &Item, name: &str) -> Option<u64> {
    item.get(name).and_then(|value| value.as_n().ok()).and_then(|value| value.parse().ok())
}

/// A text attribute of an item.
pub(crate) fn text_of<'i>(item: &'i Item, name: &str) -> Option<&'i str> {
    item.get(name).and_then(|value| value.as_s().ok()).map(String::as_str)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, serde::Deserialize)]
    struct Sample {
        #[expect(dead_code, reason = "only read by the deserializer")]
        platform: policy::Platform,
    }

    #[test]
    fn an_error_names_the_field_and_not_its_value() {
        let wrong = Item::from([("platform".to_owned(), text("Mario Rossi"))]);
        let error = from_item::<Sample>("case", wrong).unwrap_err();
        assert_eq!(error.to_string(), "a stored case cannot be read: platform");
        let error = from_item::<Sample>("case", Item::new()).unwrap_err();
        assert_eq!(error.to_string(), "a stored case cannot be read: . missing field `platform`");
    }
}
