//! The leaves of Meta's payloads, of which any may be missing, and most come in more than one spelling.

use jiff::Timestamp;
use serde::{Deserialize, Deserializer};
use serde_json::Value;

use crate::arriving::lenient;

/// A person or an account, in the spellings of all of Meta's fields.
#[derive(Deserialize, Default)]
#[serde(default)]
pub(crate) struct Party {
    /// Opaque; its scope is not documented for comments.
    #[serde(deserialize_with = "lenient::id")]
    pub(crate) id: Option<String>,
    /// Facebook: the displayed name.
    #[serde(deserialize_with = "lenient::leaf")]
    pub(crate) name: Option<String>,
    /// Instagram: the handle.
    #[serde(deserialize_with = "lenient::leaf")]
    pub(crate) username: Option<String>,
    /// Instagram: present only when the account itself comments.
    #[serde(deserialize_with = "lenient::id")]
    pub(crate) self_ig_scoped_id: Option<String>,
}

/// A time in seconds since 1970, as webhooks write it, or in ISO 8601, as answers to reads do. `None` when it is no
/// plausible time.
pub(crate) fn seconds<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Timestamp>, D::Error> {
    let time = Option::<Value>::deserialize(deserializer)?.and_then(|value| {
        let number = value.as_i64().or_else(|| value.as_str()?.parse().ok());
        match number {
            Some(seconds) => Timestamp::from_second(seconds).ok(),
            None => value.as_str()?.parse().ok(),
        }
    });
    Ok(time.and_then(lenient::plausible))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Deserialize)]
    struct Leaves {
        #[serde(default, deserialize_with = "seconds")]
        at: Option<Timestamp>,
    }

    fn leaves(json: &str) -> Leaves {
        serde_json::from_str(json).unwrap()
    }

    #[test]
    fn a_time_is_seconds_or_iso_8601() {
        for spelling in ["1707211876", "\"1707211876\"", "\"2024-02-06T09:31:16+0000\"", "\"2024-02-06T09:31:16Z\""] {
            let at = leaves(&format!("{{\"at\":{spelling}}}")).at;
            assert_eq!(at.map(Timestamp::as_second), Some(1_707_211_876), "{spelling}");
        }
        for spelling in ["0", "-1", "1707211876000", "9e99", "\"ieri\"", "[]", "null", "true"] {
            assert_eq!(leaves(&format!("{{\"at\":{spelling}}}")).at, None, "{spelling}");
        }
    }
}
