//! Too much in one field, and too much in one delivery: what can be recorded is, and the rest is counted once.

use galateo::serve::Server;
use policy::Platform;
use serde_json::{Value, json};
use tracing::subscriber::DefaultGuard;

use crate::log::{Log, listen};
use crate::world::{INSULT, World};

/// More than an item of the ledger holds, in bytes.
const LONG: usize = 450_000;

/// What a platform sends about one comment or message. A number in it tells those of one story apart.
type Sent = fn(&World, u32) -> Value;

/// An item of a delivery, and the delivery around items.
struct Envelope {
    platform: Platform,
    item: Sent,
    around: fn(&World, Vec<Value>) -> Value,
}

fn account(world: &World, platform: Platform) -> String {
    world.account(platform).as_str().to_owned()
}

fn meta(world: &World, platform: Platform, list: &str, items: Vec<Value>) -> Value {
    let mut entry = json!({ "id": account(world, platform), "time": 1_790_000_001 });
    entry[list] = items.into();
    json!({ "object": "page", "entry": [entry] })
}

/// One of each kind of item in which somebody's words, or ids, arrive.
const ENVELOPES: &[Envelope] = &[
    Envelope {
        platform: Platform::Facebook,
        item: |world, number| {
            let page = account(world, Platform::Facebook);
            json!({ "field": "feed", "value": { "item": "comment", "verb": "add", "comment_id": format!("3_{number}"),
                "post_id": format!("{page}_3"), "parent_id": format!("3_9{number}"), "created_time": 1_790_000_000,
                "from": { "id": format!("{number}1"), "name": "Prova" }, "message": INSULT,
                "post": { "permalink_url": "https://www.facebook.com/1/posts/3" } } })
        },
        around: |world, items| meta(world, Platform::Facebook, "changes", items),
    },
    // Without its author, so that the reference waits with its text.
    Envelope {
        platform: Platform::Facebook,
        item: |world, number| {
            let page = account(world, Platform::Facebook);
            json!({ "field": "feed", "value": { "item": "comment", "verb": "add", "comment_id": format!("4_{number}"),
                "post_id": format!("{page}_4"), "parent_id": format!("4_9{number}"), "message": INSULT } })
        },
        around: |world, items| meta(world, Platform::Facebook, "changes", items),
    },
    Envelope {
        platform: Platform::Facebook,
        item: |_, number| json!({ "field": "leadgen", "value": { "leadgen_id": format!("5{number}"), "form_id": "77" } }),
        around: |world, items| meta(world, Platform::Facebook, "changes", items),
    },
    Envelope {
        platform: Platform::Facebook,
        item: |_, number| {
            json!({ "sender": { "id": format!("6{number}") }, "timestamp": 1_790_000_000_000_i64,
                "message_edit": { "mid": format!("m_{number}"), "text": INSULT, "num_edit": "2" } })
        },
        around: |world, items| meta(world, Platform::Facebook, "messaging", items),
    },
    Envelope {
        platform: Platform::Instagram,
        item: |_, number| {
            json!({ "field": "comments", "value": { "id": format!("17{number}"), "text": INSULT,
                "from": { "id": format!("8{number}"), "username": "prova" }, "media": { "id": "179" },
                "parent_id": format!("16{number}") } })
        },
        around: |world, items| meta(world, Platform::Instagram, "changes", items),
    },
    Envelope {
        platform: Platform::Instagram,
        item: |_, number| {
            json!({ "sender": { "id": format!("7{number}") }, "timestamp": 1_790_000_000_000_i64,
                "message": { "mid": format!("a_{number}"), "text": INSULT, "reply_to": { "mid": "a_0" } } })
        },
        around: |world, items| meta(world, Platform::Instagram, "messaging", items),
    },
    Envelope {
        platform: Platform::Linkedin,
        item: |world, number| {
            let urn = format!("urn:li:comment:(urn:li:activity:72,{number})");
            json!({ "organizationalEntity": account(world, Platform::Linkedin), "action": "COMMENT",
                "generatedActivity": urn, "lastModifiedAt": 1_790_000_000_000_i64,
                "decoratedGeneratedActivity": { "comment": { "owner": format!("urn:li:person:{number}"),
                    "object": "urn:li:comment:(urn:li:activity:72,1)", "text": INSULT } } })
        },
        around: |_, items| json!({ "type": "ORGANIZATION_SOCIAL_ACTION_NOTIFICATIONS", "notifications": items }),
    },
    Envelope {
        platform: Platform::Linkedin,
        item: |world, number| {
            json!({ "organizationalEntity": account(world, Platform::Linkedin), "action": "SHARE_MENTION",
                "generatedActivity": format!("urn:li:share:{number}"), "lastModifiedAt": 1_790_000_000_000_i64,
                "decoratedGeneratedActivity": { "share": { "owner": "urn:li:person:b", "text": INSULT } } })
        },
        around: |_, items| json!({ "type": "ORGANIZATION_SOCIAL_ACTION_NOTIFICATIONS", "notifications": items }),
    },
    Envelope {
        platform: Platform::X,
        item: |world, number| {
            json!({ "id_str": format!("90{number}"), "text": INSULT, "created_at": "Mon Nov 16 14:01:46 +0000 2026",
                "user": { "id_str": format!("91{number}"), "screen_name": "prova" },
                "in_reply_to_status_id_str": "900", "in_reply_to_user_id_str": account(world, Platform::X) })
        },
        around: |world, items| json!({ "for_user_id": account(world, Platform::X), "tweet_create_events": items }),
    },
    Envelope {
        platform: Platform::X,
        item: |_, number| {
            json!({ "type": "message_create", "id": format!("92{number}"), "created_timestamp": "1790000000000",
                "message_create": { "sender_id": format!("93{number}"), "message_data": { "text": INSULT } } })
        },
        around: |world, items| json!({ "for_user_id": account(world, Platform::X), "direct_message_events": items }),
    },
];

/// The strings in a document, each with the pointer to it.
fn strings(document: &Value) -> Vec<(String, String)> {
    let (mut found, mut left) = (Vec::new(), vec![(String::new(), document)]);
    while let Some((pointer, value)) = left.pop() {
        match value {
            Value::String(text) => found.push((pointer, text.clone())),
            Value::Object(fields) => {
                left.extend(fields.iter().map(|(key, value)| (format!("{pointer}/{key}"), value)));
            }
            _ => {}
        }
    }
    found
}

/// A string that begins as it did, and is too long.
fn blown_up(text: &str) -> Value {
    let is_number = text.ends_with(|last: char| last.is_ascii_digit());
    let filling = if is_number { "0" } else { " parola è" };
    format!("{text}{}", filling.repeat(LONG / filling.len())).into()
}

/// How much of a platform is recorded: verdicts, what waits to be read, and leads.
fn recorded(world: &World, platform: Platform) -> u64 {
    let tally = world.server.moderation().tally();
    ["allow", "redirect", "review", "hide", "deferred", "lead"].iter().map(|kind| tally.get(platform, kind)).sum()
}

#[tokio::test]
async fn a_field_of_any_length_holds_up_no_delivery() {
    // Without a worker, whose readings would count as well.
    let policy = moderation::built_in("milano-monza-brianza-lodi").unwrap();
    let world = World { server: Server::start_idle(policy).await.unwrap(), http: reqwest::Client::new() };
    let mut number = 10;
    for envelope in ENVELOPES {
        let platform = envelope.platform;
        for (pointer, text) in strings(&(envelope.item)(&world, 0)) {
            for in_batch in [false, true] {
                number += 10;
                let place = format!("{platform}{pointer}, {text:?}, in a batch: {in_batch}");
                let mut long = (envelope.item)(&world, number);
                let field = long.pointer_mut(&pointer).unwrap();
                *field = blown_up(field.as_str().unwrap());
                let others = if in_batch {
                    vec![(envelope.item)(&world, number + 1), (envelope.item)(&world, number + 2)]
                } else {
                    Vec::new()
                };
                let (before, expected) = (recorded(&world, platform), others.len() as u64);
                let items = others.into_iter().chain([long]).collect();
                assert_eq!(
                    world.delivers(platform, (envelope.around)(&world, items).to_string()).await,
                    200,
                    "{place}"
                );
                let recorded = recorded(&world, platform) - before;
                assert!((expected..=expected + 1).contains(&recorded), "{place}: {recorded} of {expected} recorded");
                if ["/text", "/message", "/name", "/screen_name", "/username"].iter().any(|end| pointer.ends_with(end))
                {
                    assert_eq!(recorded, expected + 1, "{place}: a text or a name is cut, and what is left is judged");
                }
            }
        }
    }
    assert_eq!(world.server.moderation().tally().get(Platform::Facebook, "not_durable"), 0);
}

/// A log of JSON lines, and what writes them as long as it is held.
fn logged() -> (Log, DefaultGuard) {
    let log = Log::default();
    let subscriber = tracing_subscriber::fmt().json().with_writer(log.clone()).with_max_level(tracing::Level::INFO);
    (log, listen(subscriber.finish()))
}

/// The lines about a platform since the last time.
fn taken(log: &Log, platform: Platform) -> Vec<Value> {
    let lines = log.take();
    let lines = lines.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
    lines.filter(|line| line["fields"]["platform"] == platform.as_str()).collect()
}

#[tokio::test]
async fn a_body_full_of_odd_items_is_told_of_in_one_line_for_each_kind() {
    const ITEMS: usize = 5000;
    // The story and its server have one thread.
    let (log, _listening) = logged();
    let world = World::start().await;
    let full = |item: &Value| vec![item.clone(); ITEMS];
    let odd = json!({});
    let page = account(&world, Platform::Facebook);
    let x = account(&world, Platform::X);
    let written = json!({ "id": page, "changed_fields": ["feed"] });
    let received = json!({ "event_type": "dm.received", "filter": { "user_id": x },
        "payload": { "direct_message_events": full(&odd) } });
    let feed = format!("<feed>{}</feed>", "<entry/>".repeat(ITEMS));
    for (platform, body, kind, level) in [
        (Platform::Facebook, json!({ "object": "page", "entry": full(&odd) }).to_string(), "malformed", "ERROR"),
        (Platform::Facebook, meta(&world, Platform::Facebook, "changes", full(&odd)).to_string(), "malformed", "ERROR"),
        (Platform::Facebook, json!({ "object": "page", "entry": full(&written) }).to_string(), "untold", "WARN"),
        (Platform::Facebook, json!({ "object": "dream", "entry": full(&odd) }).to_string(), "unknown", "INFO"),
        (
            Platform::Instagram,
            meta(&world, Platform::Instagram, "messaging", full(&odd)).to_string(),
            "malformed",
            "ERROR",
        ),
        (Platform::Linkedin, json!({ "notifications": full(&odd) }).to_string(), "malformed", "ERROR"),
        (Platform::Youtube, feed, "malformed", "ERROR"),
        (Platform::X, json!({ "for_user_id": x, "tweet_create_events": full(&odd) }).to_string(), "malformed", "ERROR"),
        (Platform::X, json!({ "data": received }).to_string(), "malformed", "ERROR"),
    ] {
        let tally = world.server.moderation().tally();
        let before = tally.get(platform, kind);
        taken(&log, platform);
        let place = format!("{platform}, {}", &body[..body.len().min(60)]);
        assert_eq!(world.delivers(platform, body).await, 200, "{place}");
        assert_eq!(tally.get(platform, kind) - before, ITEMS as u64, "{place}");
        let lines = taken(&log, platform);
        let [line] = lines.as_slice() else { panic!("{place}: {} lines", lines.len()) };
        assert_eq!((&line["level"], &line["fields"]["count"]), (&json!(level), &json!(ITEMS)), "{place}");
        assert!(line.to_string().len() < 2000, "{place}: a line of {} bytes", line.to_string().len());
    }
}

#[tokio::test]
async fn nobody_without_the_secret_rings_the_alarm_of_what_does_not_parse() {
    let (log, _listening) = logged();
    let world = World::start().await;
    for (platform, asks, answer, header, prefix) in [
        (Platform::X, "crc_token", "/response_token", "x-twitter-webhooks-signature", ""),
        (Platform::Linkedin, "challengeCode", "/challengeResponse", "x-li-signature", "hmacsha256="),
    ] {
        let url = world.server.url(&format!("/webhooks/{platform}"));
        for body in ["1", "null", "true"] {
            let challenge: Value =
                world.http.get(format!("{url}?{asks}={body}")).send().await.unwrap().json().await.unwrap();
            let signature = format!("{prefix}{}", challenge.pointer(answer).unwrap().as_str().unwrap());
            let answer = world.http.post(&url).header(header, signature).body(body).send().await.unwrap();
            assert_eq!(answer.status(), 401, "{platform}: {body}");
        }
        let lines = taken(&log, platform);
        assert!(lines.iter().all(|line| line["level"] != "ERROR"), "{lines:?}");
    }
}
