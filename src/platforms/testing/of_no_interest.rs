//! What is well formed and of no interest, on every platform: counted as what it is. Malformed is an error in the log,
//! and rings the alarm that says somebody must act.

use policy::Platform;
use serde_json::{Value, json};

use crate::meta::testing::{BIKE_ECONOMY, INSTAGRAM, PAGE, line};
use crate::testing::fixtures;
use crate::{Accounts, Delivery, Event, Ignored, adapter, meta};

const ORGANIZATION: &str = "urn:li:organization:96072893";
const CHANNEL: &str = "UCgalateoMilanoMonzaLodi";
const ME: &str = "1111111111111111111";

/// What a value may be that nobody has documented.
fn values() -> Vec<Value> {
    let lists = [json!([]), json!(["x", 1]), json!({}), json!({"lot": 1, "street": null}), json!({"verb": "granted"})];
    [json!("x"), json!(""), json!(7), json!(1.5), json!(true), Value::Null].into_iter().chain(lists).collect()
}

fn parse(platform: Platform, body: &[u8]) -> Delivery {
    let accounts: Accounts = match platform {
        Platform::Facebook | Platform::Instagram => meta::testing::accounts(),
        _ => fixtures::accounts(),
    };
    adapter(platform).parse(body, &accounts).unwrap_or_else(|malformed| panic!("{malformed}"))
}

/// What one item is counted as.
fn counted(platform: Platform, body: &Value) -> Vec<&'static str> {
    let delivery = parse(platform, body.to_string().as_bytes());
    assert_eq!(delivery.events, [], "{body}");
    delivery.ignored.iter().map(Ignored::as_str).collect()
}

fn entry(object: &str, id: &str, rest: Value) -> Value {
    let mut entry = json!({"id": id, "time": 1_567_181_353});
    entry.as_object_mut().unwrap().extend(rest.as_object().unwrap().clone());
    json!({"object": object, "entry": [entry]})
}

#[test]
fn a_change_without_a_value_is_a_notice() {
    for (platform, object, id) in [(Platform::Facebook, "page", PAGE), (Platform::Instagram, "instagram", BIKE_ECONOMY)]
    {
        for change in [
            json!({"field": "parking"}),
            json!({"field": "hours", "value": null}),
            json!({"field": "connected", "verb": "granted"}),
            json!({"field": "holograms"}),
        ] {
            let body = entry(object, id, json!({"changes": [change]}));
            assert_eq!(counted(platform, &body), ["notice"], "{body}");
        }
        let fields = entry(object, id, json!({"changed_fields": ["hours", "parking"]}));
        assert_eq!(counted(platform, &fields), ["notice"]);
        let fields = entry(object, id, json!({"changed_fields": ["feed", "parking"]}));
        assert_eq!(counted(platform, &fields), ["untold"], "someone has to subscribe the app with values");
    }
    let direct = entry("instagram", INSTAGRAM, json!({"field": "biography"}));
    assert_eq!(counted(Platform::Instagram, &direct), ["notice"]);
}

#[test]
fn a_change_that_should_bring_someones_words_must_bring_them() {
    for field in ["feed", "mention", "ratings", "leadgen", "messages", "comments", "mentions"] {
        let platform = if field.starts_with("comment") { Platform::Instagram } else { Platform::Facebook };
        let body = entry("page", PAGE, json!({"changes": [{"field": field}]}));
        assert_eq!(counted(platform, &body), ["malformed"], "{field}");
    }
}

#[test]
fn a_field_of_the_pages_profile_is_a_notice_whatever_its_value() {
    for value in values() {
        let body = entry("page", PAGE, json!({"changes": [{"field": "parking", "value": value}]}));
        assert_eq!(counted(Platform::Facebook, &body), ["notice"], "{body}");
    }
}

#[test]
fn a_permission_that_was_granted_or_withdrawn_is_a_notice() {
    for change in [
        json!({"field": "connected", "verb": "granted"}),
        json!({"field": "manage_fundraisers", "value": {"verb": "granted", "target_ids": ["1", "2"]}}),
        json!({"field": "pages_messaging", "value": {"verb": "revoked"}}),
    ] {
        for id in ["0", PAGE] {
            let body = entry("permissions", id, json!({"uid": "0", "changes": [change.clone()]}));
            assert_eq!(counted(Platform::Facebook, &body), ["notice"], "{body}");
        }
    }
    let nameless = json!({"object": "permissions", "entry": [{"time": 1, "changes": []}]});
    assert_eq!(counted(Platform::Facebook, &nameless), ["notice"]);
}

#[test]
fn made_up_fields_of_every_object_of_metas_are_unknown_whatever_their_value() {
    for value in values() {
        for (platform, id) in [(Platform::Facebook, PAGE), (Platform::Instagram, INSTAGRAM)] {
            for field in ["holograms", "message_holograms", "messaging_holograms"] {
                let body = entry("page", id, json!({"changes": [{"field": field, "value": value}]}));
                let expected = if value.is_null() { "notice" } else { "unknown" };
                assert_eq!(counted(platform, &body), [expected], "{body}");
            }
            for list in ["messaging", "standby"] {
                let body = entry("page", id, json!({list: [{"sender": "7", "timestamp": "?", "holograms": value}]}));
                assert_eq!(counted(platform, &body), ["unknown"], "{body}");
            }
            assert_eq!(counted(platform, &entry("page", id, json!({"holograms": value}))), ["unknown"]);
        }
        let feed = json!({"item": "hologram", "verb": "add", "message": "x", "hologram": value});
        let body = entry("page", PAGE, json!({"changes": [{"field": "feed", "value": feed}]}));
        assert_eq!(counted(Platform::Facebook, &body), ["unknown"], "{body}");
    }
    for object in ["user", "application", "certificate_transparency", "whatsapp_business_account", "hologram"] {
        let nameless = json!({"object": object, "entry": [{"time": 1, "changes": [{"field": "x", "value": 1}]}]});
        assert_eq!(counted(Platform::Facebook, &nameless), ["unknown"], "{object}");
        let changed = entry(object, "0", json!({"uid": 7, "changed_fields": ["about"]}));
        assert_eq!(counted(Platform::Facebook, &changed), ["not_ours"], "{object}");
    }
}

#[test]
fn an_album_and_what_has_no_post_of_its_own_is_known_by_its_own_id() {
    let publish = |value: Value| {
        let body = entry("page", PAGE, json!({"changes": [{"field": "feed", "value": value}]}));
        parse(Platform::Facebook, body.to_string().as_bytes())
    };
    let lines = |delivery: Delivery| delivery.events.iter().map(line).collect::<Vec<_>>();
    for (item, name) in [
        ("album", "album_id"),
        ("photo", "photo_id"),
        ("video", "video_id"),
        ("event", "event_id"),
        ("share", "share_id"),
    ] {
        let own = json!({"item": item, "verb": "add", name: 77, "published": 1, "from": {"id": PAGE}, "message": "x"});
        assert_eq!(publish(own).ignored, [Ignored::OwnVoice], "{item}");
        let nobodys = json!({"item": item, "verb": "add", name: 77, "created_time": 1_456_833_600});
        assert_eq!(
            lines(publish(nobodys)),
            ["facebook unread visitor_post 77 at 2016-03-01T12:00:00Z"],
            "it may be ours: reading it tells"
        );
        let visitors = json!({"item": item, "verb": "add", name: 77, "from": {"id": "7"}, "message": "Le mie foto"});
        let judged = lines(publish(visitors));
        assert!(judged[0].starts_with("facebook visitor_post 77 by 7"), "{judged:?}");
        let removed = json!({"item": item, "verb": "remove", name: 77, "from": {"id": PAGE}});
        assert_eq!(lines(publish(removed)), ["facebook removal 77"]);
    }
    let both = json!({"item": "photo", "verb": "add", "photo_id": 77, "post_id": "1_2", "from": {"id": "7"}});
    assert!(lines(publish(both))[0].starts_with("facebook visitor_post 1_2 by 7"));
    let anonymous = json!({"item": "album", "verb": "add", "from": {"id": PAGE}});
    assert_eq!(publish(anonymous).ignored, [Ignored::OwnVoice], "ours needs no id");
}

#[test]
fn made_up_actions_and_types_of_linkedin_are_unknown() {
    for value in values() {
        for organization in [json!({}), json!({"organizationalEntity": ORGANIZATION})] {
            let mut notification =
                json!({"notificationId": 1, "action": "HOLOGRAM", "decoratedGeneratedActivity": value});
            notification.as_object_mut().unwrap().extend(organization.as_object().unwrap().clone());
            let body = json!({"type": "ORGANIZATION_SOCIAL_ACTION_NOTIFICATIONS", "notifications": [notification]});
            assert_eq!(counted(Platform::Linkedin, &body), ["unknown"], "{body}");
        }
        let other = json!({"type": "HOLOGRAM_NOTIFICATIONS", "notifications": value, "holograms": value});
        assert_eq!(counted(Platform::Linkedin, &other), ["unknown"], "{other}");
    }
    let like = json!({"notifications": [{"action": "LIKE"}, {"action": "ADMIN_COMMENT"}]});
    assert_eq!(counted(Platform::Linkedin, &like), ["not_text", "own_voice"]);
    let comment = json!({"notifications": [{"action": "COMMENT"}]});
    assert_eq!(counted(Platform::Linkedin, &comment), ["malformed"], "someone's words are lost");
}

#[test]
fn made_up_events_of_x_are_unknown_in_both_envelopes() {
    for value in values() {
        for filter in [json!({}), json!({"keyword": "camera"}), json!({"user_id": ME}), json!("x"), Value::Null] {
            let data = json!({"event_uuid": "1", "event_type": "hologram.new", "filter": filter, "payload": value});
            assert_eq!(counted(Platform::X, &json!({"data": data})), ["unknown"], "{data}");
        }
        for user in [json!({}), json!({"for_user_id": ME})] {
            let mut body = json!({"hologram_events": value});
            body.as_object_mut().unwrap().extend(user.as_object().unwrap().clone());
            assert_eq!(counted(Platform::X, &body), ["unknown"], "{body}");
        }
        for name in ["favorite_events", "block_events"] {
            let delivery = parse(Platform::X, json!({"for_user_id": ME, name: value}).to_string().as_bytes());
            let malformed = delivery.ignored.iter().any(|ignored| matches!(ignored, Ignored::Malformed(_)));
            assert!(!malformed && delivery.events.is_empty(), "{name} {value}");
        }
    }
    let reply = json!({"data": {"event_type": "post.reply.create", "filter": {}, "payload": {}}});
    assert_eq!(counted(Platform::X, &reply), ["malformed"], "someone's words are lost");
    let old = json!({"tweet_create_events": []});
    assert_eq!(counted(Platform::X, &old), ["malformed"]);
}

#[test]
fn made_up_elements_of_a_feed_of_youtube_change_nothing() {
    let entry = format!("<entry><h:hologram a='1'><x/>y</h:hologram><yt:channelId>{CHANNEL}</yt:channelId></entry>");
    let body = format!("<feed><h:hologram>1</h:hologram>{entry}</feed>");
    let Delivery { events, ignored, .. } = parse(Platform::Youtube, body.as_bytes());
    assert_eq!((events, ignored), (Vec::<Event>::new(), vec![Ignored::Notice]));
    let body = "<feed><h:hologram>1</h:hologram></feed>";
    assert_eq!(parse(Platform::Youtube, body.as_bytes()), Delivery::default());
}
