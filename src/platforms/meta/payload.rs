//! The envelope that Meta packs everything in: entries by account, in them changes or messages (docs/platforms.md,
//! section 1.2).

use std::collections::BTreeMap;

use jiff::Timestamp;
use policy::Platform;
use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::value::RawValue;

use super::{Item, messaging, seconds};
use crate::arriving::lenient::{self, malformed, part};
use crate::{Accounts, Delivery, Event, Ignored, Malformed};

/// The fields of a change whose value someone wrote, or that refers to it. Without it, something is lost.
const WRITTEN: &[&str] = &[
    "comments",
    "feed",
    "group_feed",
    "leadgen",
    "live_comments",
    "mention",
    "mentions",
    "message_edit",
    "message_edits",
    "messages",
    "ratings",
    "standby",
];

/// The body. Its parts stay raw until each is read by itself, so that a fault in one does not reach the others.
#[derive(Deserialize)]
struct Body<'a> {
    #[serde(borrow)]
    entry: Vec<&'a RawValue>,
    /// Of what kind the entries are: `page`, `instagram`, `permissions`, `user` and others.
    #[serde(default, deserialize_with = "lenient::leaf")]
    object: Option<String>,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Entry<'a> {
    #[serde(deserialize_with = "lenient::id")]
    id: Option<String>,
    /// When Meta sent it for the first time: in seconds, with messages in milliseconds.
    #[serde(deserialize_with = "seconds")]
    time: Option<Timestamp>,
    #[serde(borrow)]
    changes: Option<Vec<&'a RawValue>>,
    #[serde(borrow)]
    messaging: Option<Vec<&'a RawValue>>,
    /// Takes the place of `messaging` while another app owns the conversation.
    #[serde(borrow)]
    standby: Option<Vec<&'a RawValue>>,
    /// With Instagram Login, `field` and `value` of a change may lie directly in the entry.
    field: Option<String>,
    /// In place of `changes` where the app is subscribed without values: what has changed, and not to what.
    #[serde(deserialize_with = "lenient::leaf")]
    changed_fields: Option<Vec<String>>,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Change<'a> {
    field: Option<String>,
    #[serde(borrow)]
    value: Option<&'a RawValue>,
}

/// Who reads the changes of a platform's accounts, given a change and the name of its field.
pub(crate) struct Reader {
    pub(crate) platform: Platform,
    pub(crate) event: fn(&Item<'_>, &str) -> Result<Event, Ignored>,
}

/// Reads the events out of a body that came to either platform's webhook. Each entry belongs to the account with its
/// id, among those of the first reader's platform before those of the next, because Meta's own pages disagree on which
/// webhook Instagram's messages come to. What `object` says is therefore not asked, unless it is a kind in which nobody
/// writes.
pub(crate) fn parse(readers: [&'static Reader; 2], body: &[u8], accounts: &Accounts) -> Result<Delivery, Malformed> {
    // Meta escapes all that is not ASCII, so that this copies nothing; a stray byte must not sink the batch.
    let text = String::from_utf8_lossy(body);
    let body: Body<'_> = part(&text, ".")?;
    let object = body.object.as_deref();
    let mut delivery = Delivery::default();
    for (number, raw) in body.entry.into_iter().enumerate() {
        // A person's grant to our app, or its withdrawal.
        let read = match object {
            Some("permissions") => Err(Ignored::Notice),
            _ => entry(readers, raw, &format!("entry[{number}]"), accounts, &mut delivery),
        };
        match (read, object) {
            (Ok(()), _) => {}
            // Only the entries of Pages and Instagram accounts have to be of their shape.
            (Err(Ignored::Malformed(_)), Some(object)) if !["page", "instagram"].contains(&object) => {
                delivery.ignore(Ignored::unknown(object));
            }
            (Err(ignored), _) => delivery.ignore(ignored),
        }
    }
    Ok(delivery)
}

/// Which of Meta's platforms a body is for, where that is certain: with messages it is not, because Meta's own pages
/// disagree. For whoever sends one by hand: a webhook takes what comes.
pub fn meant_for(body: &[u8]) -> Option<Platform> {
    let text = String::from_utf8_lossy(body);
    let body: Body<'_> = part(&text, ".").ok()?;
    let is_of_messages = |raw: &&RawValue| {
        part::<Entry<'_>>(raw.get(), "entry").is_ok_and(|entry| entry.messaging.is_some() || entry.standby.is_some())
    };
    if body.entry.iter().all(is_of_messages) {
        return None;
    }
    match body.object.as_deref() {
        Some("page") => Some(Platform::Facebook),
        Some("instagram") => Some(Platform::Instagram),
        _ => None,
    }
}

/// Reads what one entry holds; an error when the entry as a whole is only acknowledged.
fn entry<'b>(
    readers: [&'static Reader; 2],
    raw: &'b RawValue,
    path: &str,
    accounts: &Accounts,
    delivery: &mut Delivery,
) -> Result<(), Ignored> {
    let entry: Entry<'b> = part(raw.get(), path)?;
    let id = lenient::required(entry.id, path, "id")?;
    let of = |reader: &'static Reader| Some((reader, accounts.find(reader.platform, &id)?));
    let (reader, account) = readers.into_iter().find_map(of).ok_or(Ignored::NotOurs)?;
    if entry.changes.is_none() && entry.messaging.is_none() && entry.standby.is_none() && entry.field.is_none() {
        return Err(without_items(raw, path, entry.changed_fields));
    }
    let told_at = entry.time;
    let item = |raw, path| Item { account, accounts, raw, path, told_at };
    if entry.field.is_some() {
        delivery.extend([change(reader, item(raw, path.to_owned()))]);
    }
    let numbered = |list: Option<Vec<&'b RawValue>>| list.into_iter().flatten().enumerate();
    delivery.extend(
        numbered(entry.changes).map(|(number, raw)| change(reader, item(raw, format!("{path}.changes[{number}]")))),
    );
    for (name, messages) in [("messaging", entry.messaging), ("standby", entry.standby)] {
        delivery.extend(
            numbered(messages).map(|(number, raw)| messaging::event(&item(raw, format!("{path}.{name}[{number}]")))),
        );
    }
    Ok(())
}

/// Why an entry without any item is only acknowledged.
fn without_items(raw: &RawValue, path: &str, changed_fields: Option<Vec<String>>) -> Ignored {
    if let Some(changed) = changed_fields {
        let is_written = changed.iter().any(|field| WRITTEN.contains(&field.as_str()));
        return if is_written { Ignored::Untold } else { Ignored::Notice };
    }
    let keys: BTreeMap<String, IgnoredAny> = serde_json::from_str(raw.get()).unwrap_or_default();
    match keys.keys().find(|key| !["id", "uid", "time"].contains(&key.as_str())) {
        Some(key) => Ignored::unknown(&format!("entry/{key}")),
        None => malformed(path, "has none of changes, messaging, standby and field".to_owned()).into(),
    }
}

fn change(reader: &Reader, item: Item<'_>) -> Result<Event, Ignored> {
    let Change { field, value } = part(item.raw.get(), &item.path)?;
    let field = item.required(field, "field")?;
    let is_written = WRITTEN.contains(&field.as_str());
    let Some(raw) = value else {
        // That a field of the Page's own profile has changed, or a permission was granted, comes without a value.
        return Err(if is_written { item.malformed("value", "missing") } else { Ignored::Notice });
    };
    let path = format!("{}.value", item.path);
    let value = Item { raw, path, ..item };
    // Where an app takes messages through the same field mechanism, a change holds what `messaging` holds elsewhere.
    if field == "standby" || field.starts_with("message") {
        return messaging::event(&value).map_err(|ignored| match ignored {
            Ignored::Malformed(_) if !is_written => Ignored::unknown(&field),
            ignored => ignored,
        });
    }
    (reader.event)(&value, &field)
}
