//! What the tests of the platforms share: the accounts, the files under `events/`, and a compact way to write down
//! what became of them.

use std::path::Path;
use std::{fs, iter};

use bytes::Bytes;
use http::{HeaderMap, HeaderValue, Request, StatusCode};
use policy::{Account, AccountId, AccountState, Platform};
use serde_json::Value;

use crate::{Accounts, Answer, Delivery, Event, Ignored, Reception, Secret, WebhookSecrets};

/// The accounts that the files under `events/` use.
pub(crate) fn accounts() -> Accounts {
    Accounts::new(&[
        account(Platform::Linkedin, "urn:li:organization:96072893"),
        account(Platform::Linkedin, "urn:li:organization:96072894"),
        account(Platform::Youtube, "UCgalateoMilanoMonzaLodi"),
        account(Platform::X, "1111111111111111111"),
    ])
}

pub(crate) fn account(platform: Platform, id: &str) -> Account {
    Account {
        platform,
        id: AccountId::new(id),
        handle: "cameracommerciomilomb".to_owned(),
        name: "Camera di Commercio".to_owned(),
        url: "https://example.org/".to_owned(),
        state: AccountState::Active,
        page: None,
    }
}

/// The files of one platform, by name.
pub(crate) fn events(platform: Platform) -> Vec<(String, Vec<u8>)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../events").join(platform.as_str());
    let mut files: Vec<_> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap())
        .map(|entry| (entry.file_name().into_string().unwrap(), fs::read(entry.path()).unwrap()))
        .collect();
    files.sort();
    files
}

/// Asserts what every file under `events/` leads to: a line with its name, then one for each event. A file that is
/// not expected fails as well as one that is missing.
pub(crate) fn assert_events(platform: Platform, expected: &str, read: impl Fn(&str, &[u8]) -> Delivery) {
    let mut found = String::new();
    for (name, body) in events(platform) {
        found.push_str(&format!("{name}\n"));
        for line in summary(&read(&name, &body)) {
            found.push_str(&format!("  {line}\n"));
        }
    }
    assert!(found == expected, "expected:\n{expected}\nfound:\n{found}");
}

/// A delivery, one line for each event.
pub(crate) fn summary(delivery: &Delivery) -> Vec<String> {
    let events = delivery.events.iter().map(|event| match event {
        Event::Contribution(it) => {
            let mut line = format!("{} {}", it.surface.as_str(), it.id.as_str());
            let mut add = |word: &str, value: Option<&str>| {
                if let Some(value) = value {
                    line.push_str(&format!(" {word} {value}"));
                }
            };
            add("by", it.author.as_ref().map(|author| author.id.as_str()));
            add("called", it.author.as_ref().and_then(|author| author.name.as_deref()));
            add("on", it.thread.as_ref().map(|thread| thread.as_str()));
            add("under", it.parent.as_ref().map(|parent| parent.as_str()));
            add("at", it.at.map(|at| at.to_string()).as_deref());
            add("and", it.has_attachment.then_some("more"));
            add("now", it.edited.then_some("edited"));
            format!("{line}: {}", it.text)
        }
        Event::Removal(it) => format!("removed {}", it.id.as_str()),
        Event::Lead(it) => format!("lead {} of {}", it.id, it.form),
        Event::Unread(it) => format!("unread {} {}", it.surface.as_str(), it.id.as_str()),
    });
    let ignored = delivery.ignored.iter().map(|ignored| match ignored {
        Ignored::Malformed(what) | Ignored::Unknown(what) => format!("({} {what})", ignored.as_str()),
        ignored => format!("({})", ignored.as_str()),
    });
    events.chain(ignored).collect()
}

/// The document without each of its leaves in turn, and without each of its branches.
pub(crate) fn without_each(document: &Value) -> Vec<Value> {
    let mut pointers = Vec::new();
    collect(document, String::new(), &mut pointers);
    pointers
        .iter()
        .map(|pointer| {
            let mut copy = document.clone();
            let (parent, key) = pointer.rsplit_once('/').unwrap();
            match copy.pointer_mut(parent).unwrap() {
                Value::Object(fields) => drop(fields.remove(&key.replace("~1", "/").replace("~0", "~"))),
                Value::Array(items) => drop(items.remove(key.parse().unwrap())),
                _ => unreachable!("only objects and lists have children"),
            }
            copy
        })
        .collect()
}

fn collect(value: &Value, pointer: String, pointers: &mut Vec<String>) {
    let children: Vec<(String, &Value)> = match value {
        Value::Object(fields) => {
            fields.iter().map(|(key, child)| (key.replace('~', "~0").replace('/', "~1"), child)).collect()
        }
        Value::Array(items) => items.iter().enumerate().map(|(index, child)| (index.to_string(), child)).collect(),
        _ => Vec::new(),
    };
    for (key, child) in children {
        let pointer = format!("{pointer}/{key}");
        pointers.push(pointer.clone());
        collect(child, pointer, pointers);
    }
}

/// Sends a handshake through the front door; returns the status and the body.
pub(crate) fn handshake(platform: Platform, query: &[(&str, &str)], signing: &[&str]) -> (StatusCode, String) {
    let query = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(query).finish();
    let uri = format!("/webhooks/{platform}?{query}");
    let request = Request::get(uri).body(Bytes::new()).unwrap();
    let secrets = WebhookSecrets { signing: secrets(signing), verify_tokens: Vec::new() };
    match crate::receive(platform, &request, &secrets, &accounts()) {
        Reception::Answered(response) => (response.status(), String::from_utf8(response.body().to_vec()).unwrap()),
        Reception::Delivery(_) => panic!("a handshake carries nothing"),
    }
}

pub(crate) fn secrets(texts: &[&str]) -> Vec<Secret> {
    texts.iter().map(|text| Secret::from(*text)).collect()
}

/// What a platform answered.
pub(crate) fn answer(status: u16, body: Value) -> Answer {
    Answer { status: StatusCode::from_u16(status).unwrap(), headers: HeaderMap::new(), body }
}

/// The same, with headers.
pub(crate) fn answer_with(status: u16, headers: &[(&'static str, &str)], body: Value) -> Answer {
    let headers = headers
        .iter()
        .map(|(name, value)| (name.parse().unwrap(), HeaderValue::from_str(value).unwrap()))
        .collect::<HeaderMap>();
    Answer { headers, ..answer(status, body) }
}

/// A list of a thousand copies of an item.
pub(crate) fn thousand(item: &Value) -> Value {
    Value::Array(iter::repeat_n(item.clone(), 1000).collect())
}
