//! Every string of every event under `events/`, blown up.

use policy::{Contribution, Platform};
use serde_json::Value;

use super::{MAX_ADDRESS_BYTES, MAX_ID_BYTES, MAX_NAME_BYTES, MAX_TEXT_BYTES};
use crate::testing::fixtures;
use crate::{Delivery, Event, adapter, meta};

/// More than an item of the ledger holds, in bytes.
const LONG: usize = 450_000;

/// Longer than any field but a text may be, in bytes: more would take a debug build minutes.
const OVER: usize = 5000;

#[test]
fn whatever_string_is_blown_up_what_goes_on_is_of_bounded_length() {
    for platform in [Platform::Facebook, Platform::Instagram, Platform::Linkedin, Platform::X] {
        let accounts = match platform {
            Platform::Facebook | Platform::Instagram => meta::testing::accounts(),
            Platform::Linkedin | Platform::Youtube | Platform::X => fixtures::accounts(),
        };
        let parse = |document: &Value| {
            let body = serde_json::to_vec(document).unwrap();
            adapter(platform).parse(&body, &accounts).unwrap()
        };
        let files = fixtures::events(platform).into_iter();
        for (name, body) in files.filter(|(name, _)| !name.starts_with("batch")) {
            // One event has half a surrogate pair, which a JSON value cannot hold.
            let Ok(document) = serde_json::from_slice(&body) else { continue };
            each_blown_up(&name, &document, parse);
        }
    }
}

/// Reads a document with each of its strings in turn blown up, beginning as it was, and asserts that nothing of that
/// length goes on, and that what was in it is among the events or counted.
pub(crate) fn each_blown_up(name: &str, document: &Value, read: impl Fn(&Value) -> Delivery) {
    let before = read(document);
    for (pointer, text) in strings(document) {
        // The ids of X hold digits only, and so do most of the others.
        let filling = if text.ends_with(|last: char| last.is_ascii_digit()) { "0" } else { "è😀" };
        let mut long = document.clone();
        *long.pointer_mut(&pointer).unwrap() = format!("{text}{}", filling.repeat(OVER / filling.len())).into();
        let delivery = read(&long);
        let place = format!("{name}{pointer}");
        delivery.events.iter().for_each(|event| assert_bounded(event, &place));
        for ignored in &delivery.ignored {
            assert!(format!("{ignored:?}").len() < 1000, "{place}: what is ignored is told at length");
        }
        // An event that is no longer one is counted.
        let something = before.events.is_empty() || !delivery.events.is_empty() || delivery.counts().next().is_some();
        assert!(something, "{place}: something is lost");
    }
}

fn assert_bounded(event: &Event, place: &str) {
    let holds = |what: &str, value: &str, most: usize| assert!(value.len() <= most, "{place}: {what} is too long");
    match event {
        Event::Contribution(contribution) => assert_contribution(contribution, &holds),
        Event::Removal(removal) => holds("id", removal.id.as_str(), MAX_ID_BYTES),
        Event::Unread(unread) => {
            holds("id", unread.id.as_str(), MAX_ID_BYTES);
            unread.thread.iter().for_each(|id| holds("thread", id.as_str(), MAX_ID_BYTES));
            unread.written.iter().for_each(|written| assert_contribution(written, &holds));
        }
        Event::Lead(lead) => {
            holds("lead", &lead.id, MAX_ID_BYTES);
            holds("form", &lead.form, MAX_ID_BYTES);
        }
    }
}

fn assert_contribution(it: &Contribution, holds: &impl Fn(&str, &str, usize)) {
    holds("id", it.id.as_str(), MAX_ID_BYTES);
    holds("revision", &it.revision, MAX_ID_BYTES);
    holds("text", &it.text, MAX_TEXT_BYTES);
    it.original.iter().for_each(|id| holds("original", id.as_str(), MAX_ID_BYTES));
    it.thread.iter().for_each(|id| holds("thread", id.as_str(), MAX_ID_BYTES));
    it.parent.iter().for_each(|id| holds("parent", id.as_str(), MAX_ID_BYTES));
    it.permalink.iter().for_each(|address| holds("permalink", address, MAX_ADDRESS_BYTES));
    if let Some(author) = &it.author {
        holds("author", author.id.as_str(), MAX_ID_BYTES);
        author.name.iter().for_each(|name| holds("name", name, MAX_NAME_BYTES));
    }
}

/// The strings in a document, each with the pointer to it.
fn strings(document: &Value) -> Vec<(String, String)> {
    let (mut found, mut left) = (Vec::new(), vec![(String::new(), document)]);
    while let Some((pointer, value)) = left.pop() {
        match value {
            Value::String(text) => found.push((pointer, text.clone())),
            Value::Object(fields) => left.extend(
                fields
                    .iter()
                    .map(|(key, value)| (format!("{pointer}/{}", key.replace('~', "~0").replace('/', "~1")), value)),
            ),
            Value::Array(items) => {
                left.extend(items.iter().enumerate().map(|(number, value)| (format!("{pointer}/{number}"), value)));
            }
            _ => {}
        }
    }
    found
}

#[test]
fn what_is_too_long_is_cut_left_out_or_ignored_as_it_can_be() {
    let accounts = meta::testing::accounts();
    let long = "9".repeat(LONG);
    let read = |field: &str, value: &str| {
        let mut comment = serde_json::json!({"item": "comment", "verb": "add", "comment_id": "1_2", "post_id": "1_1",
            "parent_id": "1_3", "from": {"id": "7", "name": "Mario Rossi"}, "message": "Che bello"});
        *comment.pointer_mut(field).unwrap() = value.into();
        let entry = serde_json::json!([{"id": meta::testing::PAGE, "changes": [{"field": "feed", "value": comment}]}]);
        let body = serde_json::json!({ "entry": entry }).to_string();
        adapter(Platform::Facebook).parse(body.as_bytes(), &accounts).unwrap()
    };
    let one = |delivery: Delivery| match <[Event; 1]>::try_from(delivery.events) {
        Ok([Event::Contribution(contribution)]) => contribution,
        other => panic!("{other:?}"),
    };
    let told = |delivery: &Delivery| delivery.counts().collect::<Vec<_>>();

    let plain = one(read("/comment_id", "1_2"));
    let named = read("/from/name", &format!("Mario {}", "è".repeat(LONG)));
    assert_eq!(told(&named), [("too_long", 1)]);
    let named = one(named).author.unwrap();
    assert_eq!((named.id.as_str(), named.name.unwrap().len()), ("7", MAX_NAME_BYTES));
    assert_eq!(one(read("/from/id", &long)).author, None);
    assert_eq!(one(read("/parent_id", &long)), Contribution { parent: None, ..plain.clone() });
    assert_eq!(one(read("/post_id", &long)), Contribution { thread: None, ..plain.clone() });
    let text = one(read("/message", &format!("Che {}", "😀".repeat(LONG))));
    assert!(text.text.starts_with("Che 😀") && text.text.len() <= MAX_TEXT_BYTES && text.revision != plain.revision);

    let gone = read("/comment_id", &long);
    assert_eq!((gone.events.len(), told(&gone)), (0, vec![("too_long", 1)]));
    assert_eq!(format!("{:?}", gone.ignored), "[TooLong(\"id: found 450000 bytes, expected at most 1024\")]");
}
