//! Reads JSON in which any leaf may be missing, and names what is wrong without repeating it (invariant 10).

use jiff::Timestamp;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer};
use serde_json::Value;
use sha2::{Digest, Sha256};

use crate::{Delivery, Event, Ignored, Malformed};

impl From<Malformed> for Ignored {
    fn from(malformed: Malformed) -> Self {
        Ignored::Malformed(malformed.to_string())
    }
}

impl Extend<Result<Event, Ignored>> for Delivery {
    fn extend<T: IntoIterator<Item = Result<Event, Ignored>>>(&mut self, items: T) {
        for item in items {
            match item {
                Ok(event) => self.push(event),
                Err(ignored) => self.ignore(ignored),
            }
        }
    }
}

/// The body as JSON. Halves of surrogate pairs, which remain where a text was cut within an emoji, become the
/// replacement character: one such text must not sink the others.
pub(crate) fn document(body: &[u8]) -> Result<Value, Malformed> {
    let value = serde_json::from_slice(body).or_else(|_| serde_json::from_slice(&mended(body)));
    value.map_err(|error| malformed(".", format!("not JSON from line {}, column {} on", error.line(), error.column())))
}

/// The body without halves of surrogate pairs; of the same length, so that places in it stay the same.
pub(crate) fn mended(body: &[u8]) -> Vec<u8> {
    let mut body = body.to_vec();
    let mut at = 0;
    while at < body.len() {
        let step = match (body[at], surrogate(&body[at..])) {
            (b'\\', Some(Half::First)) if surrogate(&body[at + 6..]) == Some(Half::Second) => 12,
            (b'\\', Some(_)) => {
                body[at + 2..at + 6].copy_from_slice(b"fffd");
                6
            }
            // What is escaped is no beginning of an escape.
            (b'\\', None) => 2,
            _ => 1,
        };
        at += step;
    }
    body
}

#[derive(PartialEq)]
enum Half {
    First,
    Second,
}

/// Which half of a pair is escaped here (`\ud83d`), if any.
fn surrogate(escape: &[u8]) -> Option<Half> {
    let digits = escape.get(..6)?.strip_prefix(b"\\u")?;
    match u16::from_str_radix(str::from_utf8(digits).ok()?, 16).ok()? {
        0xd800..=0xdbff => Some(Half::First),
        0xdc00..=0xdfff => Some(Half::Second),
        _ => None,
    }
}

/// One item of a body, which stands at `path`.
pub(crate) fn item<T: DeserializeOwned>(value: &Value, path: &str) -> Result<T, Malformed> {
    serde_path_to_error::deserialize(value).map_err(|error| {
        let inner = error.path().to_string();
        let path = if inner == "." { path.to_owned() } else { below(path, &inner) };
        malformed(&path, reason(&error.into_inner()))
    })
}

/// The items of a list, each with its path; `None` where there is no list.
pub(crate) fn items<'v>(document: &'v Value, name: &'static str) -> Option<impl Iterator<Item = (String, &'v Value)>> {
    let items = document.get(name)?.as_array()?;
    Some(items.iter().enumerate().map(move |(index, item)| (format!("{name}[{index}]"), item)))
}

/// A field that nothing can be done without.
pub(crate) fn required<T>(field: Option<T>, path: &str, name: &str) -> Result<T, Malformed> {
    field.ok_or_else(|| malformed(&below(path, name), "missing".to_owned()))
}

pub(crate) fn below(path: &str, name: &str) -> String {
    if path == "." { name.to_owned() } else { format!("{path}.{name}") }
}

/// What is wrong, and where: both go into a log line, and are no longer than one should be.
pub(crate) fn malformed(path: &str, mut reason: String) -> Malformed {
    const MAX_BYTES: usize = 300;
    reason.truncate(reason.floor_char_boundary(MAX_BYTES));
    Malformed { path: path[..path.floor_char_boundary(MAX_BYTES)].to_owned(), reason }
}

/// What serde complains of, without the value that it quotes: the kind that was found, and what was expected.
pub(crate) fn reason(error: &serde_json::Error) -> String {
    let text = error.to_string();
    let found = text.strip_prefix("invalid type: ").or_else(|| text.strip_prefix("invalid value: "));
    match (found.and_then(|found| found.split([' ', ',']).next()), text.rsplit_once(", expected ")) {
        (Some(kind), Some((_, expected))) => format!("found {kind}, expected {expected}"),
        _ => "not of the documented shape".to_owned(),
    }
}

/// An id, which platforms write as a string or as a number. An empty one counts as absent, and so does what is
/// neither, and a number too large to be read exactly: where the id is needed, its absence is told.
pub(crate) fn id<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    Ok(match Option::<Value>::deserialize(deserializer)? {
        Some(Value::String(text)) => Some(text).filter(|text| !text.is_empty()),
        Some(Value::Number(number)) if !number.is_f64() => Some(number.to_string()),
        _ => None,
    })
}

/// A leaf without which the item can still be dealt with: of another shape than documented, it counts as absent.
pub(crate) fn leaf<'de, D: Deserializer<'de>, T: DeserializeOwned>(deserializer: D) -> Result<Option<T>, D::Error> {
    Ok(Option::<Value>::deserialize(deserializer)?.and_then(|value| T::deserialize(value).ok()))
}

/// A part of a body, which stands at `path`, and whose own parts may stay raw, so that a fault in one does not reach
/// the others.
pub(crate) fn part<'b, T: Deserialize<'b>>(text: &'b str, path: &str) -> Result<T, Malformed> {
    let not_json =
        |error: &serde_json::Error| format!("not JSON from line {}, column {} on", error.line(), error.column());
    let mut json = serde_json::Deserializer::from_str(text);
    let part = serde_path_to_error::deserialize(&mut json).map_err(|error| {
        let inner = error.path().to_string();
        let error = error.inner();
        // Where a fault in the shape stands, its path tells; the line would be that of the part.
        let reason = if error.is_data() { reason(error) } else { not_json(error) };
        let reason = reason.split(" at line ").next().unwrap_or_default().to_owned();
        malformed(&if inner == "." { path.to_owned() } else { below(path, &inner) }, reason)
    })?;
    json.end().map_err(|error| malformed(path, not_json(&error)))?;
    Ok(part)
}

/// A time in milliseconds since 1970, as a number or as a string. `None` when it is no plausible time: a contribution
/// without a time can still be judged.
pub(crate) fn millis<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Timestamp>, D::Error> {
    let value = Option::<Value>::deserialize(deserializer)?;
    let number = value.and_then(|value| value.as_i64().or_else(|| value.as_str()?.parse().ok()));
    Ok(number.and_then(|number| plausible(Timestamp::from_millisecond(number).ok()?)))
}

/// A time as RFC 3339 writes it. `None` when it is no plausible time.
pub(crate) fn rfc3339<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Timestamp>, D::Error> {
    let value = Option::<Value>::deserialize(deserializer)?;
    Ok(value.and_then(|value| plausible(value.as_str()?.parse().ok()?)))
}

/// The time, if it lies between 2004, before which none of the platforms existed, and 2100.
pub(crate) fn plausible(time: Timestamp) -> Option<Timestamp> {
    const FROM: i64 = 1_072_915_200;
    const TO: i64 = 4_102_444_800;
    (FROM..TO).contains(&time.as_second()).then_some(time)
}

/// Whether two texts are the same but for their spaces, which platforms change.
pub(crate) fn same_words(one: &str, other: &str) -> bool {
    one.split_whitespace().eq(other.split_whitespace())
}

/// A fingerprint of a text: it tells revisions apart where the platform does not number them.
pub(crate) fn fingerprint(text: &str) -> String {
    hex::encode(&Sha256::digest(text.as_bytes())[..16])
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[derive(Debug, Deserialize)]
    struct Item {
        #[serde(default, deserialize_with = "id")]
        id: Option<String>,
        #[serde(default, deserialize_with = "millis")]
        at: Option<Timestamp>,
        #[serde(default, deserialize_with = "rfc3339")]
        on: Option<Timestamp>,
        text: Option<String>,
    }

    #[test]
    fn ids_are_strings_or_numbers() {
        for (value, expected) in [
            (json!({"id": "7"}), Some("7")),
            (json!({"id": 18_446_744_073_709_551_615_u64}), Some("18446744073709551615")),
            (json!({"id": -7}), Some("-7")),
            (json!({"id": ""}), None),
            (json!({"id": null}), None),
            (json!({"id": 1e30}), None),
            (json!({"id": {}}), None),
            (json!({"id": ["7"]}), None),
            (json!({}), None),
        ] {
            assert_eq!(item::<Item>(&value, "x").unwrap().id.as_deref(), expected, "{value}");
        }
    }

    #[test]
    fn a_time_that_is_none_is_left_out() {
        let at = |value: Value| item::<Item>(&json!({ "at": value }), "x").unwrap().at;
        assert_eq!(at(json!(1_691_574_506_310_i64)), at(json!("1691574506310")));
        assert_eq!(at(json!(1_691_574_506_310_i64)).unwrap().to_string(), "2023-08-09T09:48:26.31Z");
        for no_time in [json!(0), json!(-1), json!(i64::MAX), json!("ieri"), json!([]), json!(null), json!(1e300)] {
            assert_eq!(at(no_time.clone()), None, "{no_time}");
        }
        let on = |value: &str| item::<Item>(&json!({ "on": value }), "x").unwrap().on;
        assert!(on("2026-11-01T10:00:00Z").is_some());
        for no_time in ["", "2026-11-01", "1999-01-01T00:00:00Z", "2100-01-01T00:00:00Z"] {
            assert_eq!(on(no_time), None, "{no_time}");
        }
    }

    #[test]
    fn a_text_that_was_cut_within_an_emoji_is_read() {
        let text = |json: &str| document(json.as_bytes()).unwrap()["t"].as_str().unwrap().to_owned();
        assert_eq!(text(r#"{"t":"perch\u00e9 \ud83d no"}"#), "perché \u{fffd} no");
        assert_eq!(text(r#"{"t":"\ude00 \ud83d\ude00 \ud83d"}"#), "\u{fffd} 😀 \u{fffd}");
        assert_eq!(text(r#"{"t":"\ud83d \\ud83d"}"#), "\u{fffd} \\ud83d", "an escaped backslash begins nothing");
        assert!(document(br#"{"t":"\ud83"}"#).is_err());
        assert!(document(br#"{"t":"\ud8"#).is_err());
    }

    #[test]
    fn what_is_wrong_is_named_without_the_value() {
        let error = item::<Item>(&json!("Mario, expected Rossi"), "items[3]").unwrap_err();
        assert_eq!(error.to_string(), "items[3]: found string, expected struct Item");
        let error = item::<Item>(&json!({"text": 33_312_345_678_u64}), "items[3]").unwrap_err();
        assert_eq!(error.to_string(), "items[3].text: found integer, expected a string");
        let error = document(b"{\"text\": Mario}").unwrap_err();
        assert_eq!(error.to_string(), ".: not JSON from line 1, column 10 on");
        assert_eq!(item::<Item>(&json!({"text": "ciao"}), "x").unwrap().text.as_deref(), Some("ciao"));
    }
}
