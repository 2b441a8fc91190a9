//! The canonical form of JSON over which entries and seals are hashed: no white space, the keys of every object in the
//! order of their bytes. `docs/audit-format.md`, section 2.

use serde::Serialize;
use serde_json::Value;

/// Writes a value with the keys of its objects in order, whatever map type `serde_json` was built with.
pub(crate) fn canonical(value: &Value, out: &mut String) {
    match value {
        Value::Object(fields) => {
            let mut fields: Vec<_> = fields.iter().collect();
            fields.sort_by_key(|(name, _)| *name);
            out.push('{');
            for (position, (name, value)) in fields.into_iter().enumerate() {
                if position > 0 {
                    out.push(',');
                }
                canonical(&Value::from(name.as_str()), out);
                out.push(':');
                canonical(value, out);
            }
            out.push('}');
        }
        Value::Array(values) => {
            out.push('[');
            for (position, value) in values.iter().enumerate() {
                if position > 0 {
                    out.push(',');
                }
                canonical(value, out);
            }
            out.push(']');
        }
        leaf => out.push_str(&leaf.to_string()),
    }
}

/// The canonical form of something that is written here. Turning it into JSON cannot fail: every key is a text, and
/// every number whole.
pub(crate) fn canonical_of(value: &impl Serialize) -> String {
    let mut text = String::new();
    canonical(&serde_json::to_value(value).unwrap_or_default(), &mut text);
    text
}
