//! Every event of Meta's platforms, as they send it, against what is made of it.

use std::collections::HashSet;
use std::time::{Duration, Instant};

use policy::Platform;
use serde_json::{Value, json};

use super::testing::{BIKE_ECONOMY, INSTAGRAM, PAGE, accounts, events, ignored, line};
use crate::{Delivery, Event, Ignored, Unread, adapter};

fn parse(platform: Platform, body: &Value) -> Delivery {
    adapter(platform).parse(&serde_json::to_vec(body).unwrap(), &accounts()).unwrap()
}

/// What is made of one change of a Page.
fn page(field: &str, value: Value) -> Result<Event, Ignored> {
    let changes = json!([{"field": field, "value": value}]);
    only(parse(Platform::Facebook, &json!({"object": "page", "entry": [{"id": PAGE, "time": 1, "changes": changes}]})))
}

/// What is made of one change of an Instagram account.
fn instagram(field: &str, value: Value) -> Result<Event, Ignored> {
    let changes = json!([{"field": field, "value": value}]);
    let entry = json!([{"id": INSTAGRAM, "time": 1, "changes": changes}]);
    only(parse(Platform::Instagram, &json!({"object": "instagram", "entry": entry})))
}

fn only(mut delivery: Delivery) -> Result<Event, Ignored> {
    assert_eq!(delivery.events.len() + delivery.ignored.len(), 1, "{delivery:?}");
    delivery.events.pop().ok_or_else(|| delivery.ignored.remove(0))
}

fn contribution(event: Result<Event, Ignored>) -> policy::Contribution {
    match event {
        Ok(Event::Contribution(contribution)) => contribution,
        other => unreachable!("not a contribution: {other:?}"),
    }
}

/// One line for each event of each file of a folder. A new file changes the snapshot, so it cannot stay unexamined.
fn listing(platform: Platform) -> String {
    let mut lines = Vec::new();
    for (name, body) in events(platform) {
        let Delivery { events, ignored: rest, .. } = adapter(platform).parse(&body, &accounts()).unwrap();
        let results = events.iter().map(line).chain(rest.iter().map(ignored));
        lines.extend(results.map(|result| format!("{}: {result}", name.trim_end_matches(".json"))));
    }
    lines.join("\n")
}

#[test]
fn facebooks_events_are_read_as_documented() {
    insta::assert_snapshot!(listing(Platform::Facebook), @r#"
    batch: facebook comment 122170040702_1030 by 24266381753005180 (Giulia Ferrario) in 1234567890321_122170040702 at 2026-11-18T10:33:10Z "Primo!"
    batch: facebook comment 122170040702_1033 by 24870015509923341 (Silvia Galli) in 1234567890321_122170040702 at 2026-11-18T10:33:13Z "Dove trovo il mo"
    batch: facebook message m_EYIjld_07gZyN02MY6vztOXz10 by 6780462125377510 (no name) in 6780462125377510 at 2026-11-18T10:33:22.704Z "Grazie, risolto"
    batch: ignored malformed entry[0].changes[1].value.message: found map, expected a string
    batch: ignored malformed entry[0].changes[2].value.comment_id: missing
    batch: ignored malformed entry[0].changes[3].field: missing
    batch: ignored malformed entry[1].id: missing
    batch: ignored malformed entry[2]: has none of changes, messaging, standby and field
    comment-add-criticism: facebook comment 122170040702_1003 by 25107733460098214 (Niccolò Brambilla) in 1234567890321_122170040702 at 2026-11-18T10:02:00Z "Diritti annuali "
    comment-add-email: facebook comment 122170040702_1005 by 26011940077351128 (Davide Riva) in 1234567890321_122170040702 at 2026-11-18T10:04:00Z "Per la pratica s"
    comment-add-insult: facebook comment 122170040702_1004 by 24870015509923341 (Silvia Galli) in 1234567890321_122170040702 at 2026-11-18T10:03:00Z "Chi ha scritto i"
    comment-add-personal-case: facebook comment 122170040702_1006 by 23918844060112907 (Marco Colombo) in 1234567890321_122170040702 at 2026-11-18T10:05:00Z "Ho inviato la pr"
    comment-add-reply: facebook comment 122170040702_1002 by 23918844060112907 (Marco Colombo) in 1234567890321_122170040702 below 122170040702_1001 at 2026-11-18T10:01:00Z "È scritto nell'a"
    comment-add: facebook comment 122170040702_1001 by 24266381753005180 (Giulia Ferrario) in 1234567890321_122170040702 at 2026-11-18T10:00:00Z "Perché il bando "
    comment-delete: facebook removal 122170040702_1005
    comment-edit: facebook comment 122170040702_1003 by 25107733460098214 (Niccolò Brambilla) in 1234567890321_122170040702 at 2026-11-18T10:02:00Z edited "Diritti annuali "
    comment-edited: facebook comment 122170040702_1001 by 24266381753005180 (Giulia Ferrario) in 1234567890321_122170040702 at 2026-11-18T10:00:00Z edited "Perché il bando "
    comment-half-emoji: facebook comment 122170040702_1015 by 24266381753005180 (Giulia Ferrario) in 1234567890321_122170040702 at 2026-11-18T10:10:20Z "Bella mattinata "
    comment-hide: ignored visibility
    comment-number-ids: facebook comment 9223372036854775807 by 18446744073709551615 (Utente) in 1234567890321_122170040702 at 2026-11-18T10:10:10Z "Grazie della ris"
    comment-odd-leaves: facebook comment 122170040702_1041 by 24266381753005180 (no name) in 1234567890321_122170040702 at 2026-11-18T10:17:10Z "A che ora chiude"
    comment-own: ignored own_voice
    comment-photo: facebook comment 122170040702_1010 by 24266381753005180 (Giulia Ferrario) in 1234567890321_122170040702 at 2026-11-18T10:06:00Z with attachment ""
    comment-remove: facebook removal 122170040702_1002
    comment-sender-fields: facebook comment 122170040702_1014 by 705955836155788 (Paola Conti) in 1234567890321_122170040702 at 2026-11-18T10:10:00Z "A che ora apre l"
    comment-sticker: facebook comment 122170040702_1012 by 25107733460098214 (Niccolò Brambilla) in 1234567890321_122170040702 at 2026-11-18T10:08:00Z with attachment ""
    comment-unhide: ignored visibility
    comment-video: facebook comment 122170040702_1011 by 23918844060112907 (Marco Colombo) in 1234567890321_122170040702 at 2026-11-18T10:07:00Z with attachment "Guardate la coda"
    comment-without-from: facebook unread comment 122170040702_1013 in 1234567890321_122170040702 at 2026-11-18T10:09:00Z
    feed-rating: facebook review 6767676770 by 24870015509923341 (Silvia Galli) at 2026-11-18T10:17:00Z "Allo sportello s"
    group-feed-comment: facebook comment 122170040999_2001 by 25107733460098214 (Niccolò Brambilla) in 1234567890321_122170040999 at 2026-11-18T10:14:50Z "Nel gruppo se ne"
    leadgen: facebook lead 1636129430026801 of 12345
    like-add: ignored not_text
    mention-below-our-post: facebook unread comment 122170040702_1040 in 1234567890321_122170040702 at 2026-11-18T10:16:40Z
    mention-comment: facebook mention 7363534231324_3754798971271444 by nobody in 8423678347823_7363534231324 at 2026-11-18T10:13:30Z "La Camera di Com"
    mention-post: facebook mention 8423678347823_7363534231324 by nobody at 2026-11-18T10:13:20Z "Domani saremo al"
    mention-without-message: facebook unread mention 7363534231399_3754798971271500 in 8423678347823_7363534231399 at 2026-11-18T10:13:40Z
    message-attachment: facebook message m_EYIjld_07gZyN02MY6vztOXz05 by 6780462125377510 (no name) in 6780462125377510 at 2026-11-18T10:15:05.704Z with attachment ""
    message-delivery: ignored not_text
    message-echo: ignored own_voice
    message-edit: facebook message m_EYIjld_07gZyN02MY6vztOXz01 by 6780462125377510 (no name) in 6780462125377510 at 2026-11-18T10:15:08.704Z edited "Buongiorno, qual"
    message-is-deleted: facebook removal m_EYIjld_07gZyN02MY6vztOXz02
    message-is-unsupported: ignored not_text
    message-of-instagram: instagram message aWdfZAG1faXRlbToxOnFB01 by 5614879045272581 (no name) in 5614879045272581 at 2026-11-18T10:15:12.704Z "Ciao, il corso d"
    message-optin: ignored not_text
    message-policy-enforcement: ignored notice
    message-postback: ignored not_text
    message-reaction: ignored not_text
    message-read: ignored not_text
    message-referral: ignored not_text
    message-reply-to: facebook message m_EYIjld_07gZyN02MY6vztOXz07 by 6780462125377510 (no name) in 6780462125377510 below m_EYIjld_07gZyN02MY6vztOXz03 at 2026-11-18T10:15:09.704Z "Perfetto, grazie"
    message-standby: facebook message m_EYIjld_07gZyN02MY6vztOXz09 by 6780462125377510 (no name) in 6780462125377510 at 2026-11-18T10:15:11.704Z "C'è qualcuno in "
    message-sticker-type: facebook message m_EYIjld_07gZyN02MY6vztOXz20 by 6780462125377510 (no name) in 6780462125377510 at 2026-11-18T10:17:20.704Z with attachment ""
    message-sticker: facebook message m_EYIjld_07gZyN02MY6vztOXz04 by 6780462125377510 (no name) in 6780462125377510 at 2026-11-18T10:15:04.704Z with attachment ""
    message-text-insult: facebook message m_EYIjld_07gZyN02MY6vztOXz02 by 6780462125377510 (no name) in 6780462125377510 at 2026-11-18T10:15:02.704Z "Rispondete, cret"
    message-text: facebook message m_EYIjld_07gZyN02MY6vztOXz01 by 6780462125377510 (no name) in 6780462125377510 at 2026-11-18T10:15:00.704Z "Buongiorno, vorr"
    not-ours: ignored not_ours
    own-photo: ignored own_voice
    own-post-remove: facebook removal 1234567890321_122170060006
    own-share: ignored own_voice
    own-status-edited: ignored own_voice
    own-status: ignored own_voice
    own-video: ignored own_voice
    photo-without-from: facebook unread visitor_post 1234567890321_122170055510 at 2026-11-18T10:16:50Z
    ratings-comment: facebook unread review 904801129604590_904802532937783 in 100002241334695_904801129604590 at 2026-11-18T10:13:50Z
    ratings-review-without-text: ignored not_text
    ratings-review: facebook review 6767676768 by 24870015509923341 (Silvia Galli) at 2026-11-18T10:14:00Z "Personale gentil"
    reaction-add: ignored not_text
    reaction-edit: ignored not_text
    reaction-remove: ignored not_text
    unknown-field: ignored unknown page_upcoming_change
    unknown-item: ignored unknown feed/hologram
    unknown-message-key: ignored unknown messaging/hologram
    unknown-verb: ignored unknown feed/comment/sparkle
    visitor-post-add: facebook visitor_post 1234567890321_122170055501 by 24266381753005180 (Giulia Ferrario) at 2026-11-18T10:11:40Z "Complimenti per "
    visitor-post-edit: facebook visitor_post 1234567890321_122170055501 by 24266381753005180 (Giulia Ferrario) at 2026-11-18T10:11:40Z edited "Complimenti per "
    visitor-post-hide: ignored visibility
    visitor-post-photo: facebook visitor_post 1234567890321_122170055502 by 23918844060112907 (Marco Colombo) at 2026-11-18T10:11:50Z linked with attachment "Promozione imper"
    visitor-post-remove: facebook removal 1234567890321_122170055502
    "#);
}

#[test]
fn instagrams_events_are_read_as_documented() {
    insta::assert_snapshot!(listing(Platform::Instagram), @r#"
    batch: instagram comment 17865799348083001 by 1234536447 (giulia.ferrario.prova) in 17918195224117851 "Prima"
    batch: instagram unread comment 17865799348083002 in 17918195224117851
    batch: instagram comment 17865799348083003 by 1234536449 (nicco_bici_prova) in 17918195224117851 "Ultima"
    batch: ignored malformed entry[0].changes[2].value.id: missing
    batch: ignored malformed entry[0].changes[3].value: missing
    comment-ad-again: instagram comment 17865799348080006 by 1234536449 (nicco_bici_prova) in 17918195224117851 "Quanto costa par"
    comment-ad: instagram comment 17865799348080006 by 1234536449 (nicco_bici_prova) in 17918195224117851 "Quanto costa par"
    comment-comment-id: instagram comment 17865799348080007 by 1234536447 (giulia.ferrario.prova) in 17918195224117851 "Come ci si iscri"
    comment-gif: instagram comment 17865799348080010 by 1234536449 (nicco_bici_prova) in 17918195224117851 with attachment ""
    comment-id-and-text-only: instagram unread comment 17865799348080009
    comment-instagram-login-own: ignored own_voice
    comment-instagram-login-reply: instagram comment 17865799348081002 by 1234536447 (giulia.ferrario.prova) in 17918195224118851 below 17865799348081001 "Sì, dal Castello"
    comment-instagram-login-spam: instagram comment 17865799348081003 by 1234536448 (marco_colombo_prova) in 17918195224118851 "Follower gratis,"
    comment-instagram-login: instagram comment 17865799348081001 by 1234536449 (nicco_bici_prova) in 17918195224118851 "Che giro si fa s"
    comment-insult: instagram comment 17865799348080003 by 1234536449 (nicco_bici_prova) in 17918195224117851 "Che branco di im"
    comment-number-ids: instagram comment 17865799348080008 by 1234536448 (marco_colombo_prova) in 17918195224117851 "Presente"
    comment-own: ignored own_voice
    comment-phone: instagram comment 17865799348080004 by 1234536448 (marco_colombo_prova) in 17918195224117851 "Mi chiami al 333"
    comment-reels: instagram comment 17865799348080005 by 1234536447 (giulia.ferrario.prova) in 17918195224117999 "Montaggio top 👏👏"
    comment-reply: instagram comment 17865799348080002 by 1234536448 (marco_colombo_prova) in 17918195224117851 below 17865799348080001 "Fino a domenica!"
    comment-story: instagram comment 17865799348080020 by 1234536447 (giulia.ferrario.prova) in 17918195224118888 "Bella iniziativa"
    comment: instagram comment 17865799348080001 by 1234536447 (giulia.ferrario.prova) in 17918195224117851 "Bellissima la mo"
    live-comment-instagram-login: instagram live_comment 17865799348082002 by 1234536448 (marco_colombo_prova) in 17918195224118999 "Siete ridicoli, "
    live-comment: instagram live_comment 17865799348082001 by 1234536447 (giulia.ferrario.prova) in 17918195224117851 "Si sente benissi"
    mention-caption: instagram unread mention 17918195224119002 in 17918195224119002
    mention-comment: instagram unread mention 17894227972186120 in 17918195224119001
    message-attachments: instagram message aWdfZAG1faXRlbToxAt00 by 5614879045272581 (no name) in 5614879045272581 at 2026-11-18T10:17:30.704Z with attachment ""
    message-attachments: instagram message aWdfZAG1faXRlbToxAt01 by 5614879045272581 (no name) in 5614879045272581 at 2026-11-18T10:17:31.704Z with attachment ""
    message-attachments: instagram message aWdfZAG1faXRlbToxAt02 by 5614879045272581 (no name) in 5614879045272581 at 2026-11-18T10:17:32.704Z with attachment ""
    message-attachments: instagram message aWdfZAG1faXRlbToxAt03 by 5614879045272581 (no name) in 5614879045272581 at 2026-11-18T10:17:33.704Z with attachment ""
    message-attachments: instagram message aWdfZAG1faXRlbToxAt04 by 5614879045272581 (no name) in 5614879045272581 at 2026-11-18T10:17:34.704Z with attachment ""
    message-echo: ignored own_voice
    message-edit: instagram message aWdfZAG1faXRlbToxOklHTWVzc2FnZUlEOj01 by 5614879045272581 (no name) in 5614879045272581 at 2026-11-18T10:15:07.704Z edited "Ciao! La pedalat"
    message-ig-reel: instagram message aWdfZAG1faXRlbToxOklHTWVzc2FnZUlEOj13 by 5614879045272581 (no name) in 5614879045272581 at 2026-11-18T10:15:20.707Z with attachment ""
    message-image: instagram message aWdfZAG1faXRlbToxOklHTWVzc2FnZUlEOj10 by 5614879045272581 (no name) in 5614879045272581 at 2026-11-18T10:15:20.704Z with attachment ""
    message-in-field: instagram message aWdfZAG1faXRlbToxOklHTWVzc2FnZUlEOj24 by 5614879045272581 (no name) in 5614879045272581 at 2026-11-18T10:15:18.704Z "Grazie, a sabato"
    message-insult: instagram message aWdfZAG1faXRlbToxOklHTWVzc2FnZUlEOj22 by 5614879045272581 (no name) in 5614879045272581 at 2026-11-18T10:15:16.704Z "Ladri! Siete una"
    message-is-deleted: instagram removal aWdfZAG1faXRlbToxOklHTWVzc2FnZUlEOj05
    message-is-self: ignored own_voice
    message-is-unsupported: ignored not_text
    message-object-page: instagram message aWdfZAG1faXRlbToxOklHTWVzc2FnZUlEOj23 by 5614879045272581 (no name) in 5614879045272581 at 2026-11-18T10:15:17.704Z "Ho scritto anche"
    message-postback: ignored not_text
    message-quick-reply: instagram message aWdfZAG1faXRlbToxOklHTWVzc2FnZUlEOj09 by 5614879045272581 (no name) in 5614879045272581 at 2026-11-18T10:15:10.704Z "Orari"
    message-reaction: ignored not_text
    message-read: ignored not_text
    message-referral: ignored not_text
    message-reply-to-message: instagram message aWdfZAG1faXRlbToxOklHTWVzc2FnZUlEOj07 by 5614879045272581 (no name) in 5614879045272581 below aWdfZAG1faXRlbToxOklHTWVzc2FnZUlEOj03 at 2026-11-18T10:15:08.704Z "Perfetto!"
    message-reply-to-story: instagram message aWdfZAG1faXRlbToxOklHTWVzc2FnZUlEOj08 by 5614879045272581 (no name) in 5614879045272581 at 2026-11-18T10:15:09.704Z "Che bel percorso"
    message-share: instagram message aWdfZAG1faXRlbToxOklHTWVzc2FnZUlEOj11 by 5614879045272581 (no name) in 5614879045272581 at 2026-11-18T10:15:20.705Z with attachment ""
    message-standby: instagram message aWdfZAG1faXRlbToxOklHTWVzc2FnZUlEOj21 by 5614879045272581 (no name) in 5614879045272581 at 2026-11-18T10:15:15.704Z "Buonasera, si pu"
    message-story-mention: instagram message aWdfZAG1faXRlbToxOklHTWVzc2FnZUlEOj12 by 5614879045272581 (no name) in 5614879045272581 at 2026-11-18T10:15:20.706Z with attachment ""
    message-text: instagram message aWdfZAG1faXRlbToxOklHTWVzc2FnZUlEOj01 by 5614879045272581 (no name) in 5614879045272581 at 2026-11-18T10:15:00.704Z "Ciao! La pedalat"
    message-unsupported-type: instagram message aWdfZAG1faXRlbToxOklHTWVzc2FnZUlEOj14 by 5614879045272581 (no name) in 5614879045272581 at 2026-11-18T10:15:20.708Z with attachment ""
    not-ours: ignored not_ours
    story-insights: ignored not_text
    unknown-field: ignored unknown holograms
    "#);
}

#[test]
fn half_an_emoji_does_not_hide_the_rest() {
    let body = br#"{"entry":[{"id":"1234567890321","changes":[{"field":"feed","value":{"item":"comment","verb":"add",
        "comment_id":"1_2","from":{"id":"7"},"message":"perch\u00e9 \ud83d no"}}]}]}"#;
    let delivery = adapter(Platform::Facebook).parse(body, &accounts()).unwrap();
    assert_eq!(contribution(only(delivery)).text, "perché \u{fffd} no");
}

/// The JSON pointers of all leaves.
fn leaves(value: &Value, at: &str, found: &mut Vec<String>) {
    match value {
        Value::Object(fields) => fields.iter().for_each(|(name, value)| leaves(value, &format!("{at}/{name}"), found)),
        Value::Array(items) => {
            items.iter().enumerate().for_each(|(number, value)| leaves(value, &format!("{at}/{number}"), found));
        }
        _ => found.push(at.to_owned()),
    }
}

fn without(body: &Value, leaf: &str) -> Value {
    let mut body = body.clone();
    let (parent, name) = leaf.rsplit_once('/').unwrap();
    match body.pointer_mut(parent).unwrap() {
        Value::Object(fields) => drop(fields.remove(name)),
        Value::Array(items) => drop(items.remove(name.parse().unwrap())),
        other => unreachable!("no parent of a leaf: {other}"),
    }
    body
}

#[test]
fn any_leaf_may_be_missing_or_of_another_type() {
    for platform in [Platform::Facebook, Platform::Instagram] {
        for (name, body) in events(platform) {
            // One event has half a surrogate pair, which a JSON value cannot hold.
            let Ok(body) = serde_json::from_slice::<Value>(&body) else { continue };
            let mut found = Vec::new();
            leaves(&body, "", &mut found);
            for leaf in found {
                let mut changed = vec![without(&body, &leaf)];
                for other in
                    [json!(null), json!(-7), json!(1.5), json!("x"), json!(""), json!(true), json!([]), json!({})]
                {
                    let mut body = body.clone();
                    *body.pointer_mut(&leaf).unwrap() = other;
                    changed.push(body);
                }
                for body in changed {
                    let delivery = parse(platform, &body);
                    let empty = delivery.events.is_empty() && delivery.ignored.is_empty();
                    // Only an entry whose list of changes was a leaf, an empty list, has nothing in it.
                    assert!(!empty, "{name}: nothing is left to count after changing {leaf}");
                }
            }
        }
    }
}

#[test]
fn without_a_leaf_our_own_voice_does_not_become_someone_elses() {
    for platform in [Platform::Facebook, Platform::Instagram] {
        for (name, body) in events(platform) {
            if !(name.contains("own") || name.contains("echo") || name.contains("is-self"))
                || name.starts_with("unknown")
            {
                continue;
            }
            let body: Value = serde_json::from_slice(&body).unwrap();
            let mut found = Vec::new();
            leaves(&body, "", &mut found);
            // On Facebook nothing but the id tells who wrote it.
            for leaf in found.into_iter().filter(|leaf| !leaf.ends_with("/from/id")) {
                let delivery = parse(platform, &without(&body, &leaf));
                let judged = delivery.events.iter().any(|event| matches!(event, Event::Contribution(_)));
                assert!(!judged, "{name} without {leaf}");
            }
        }
    }
}

#[test]
fn a_body_that_is_no_envelope_is_malformed_and_answered_with_200() {
    for platform in [Platform::Facebook, Platform::Instagram] {
        let adapter = adapter(platform);
        for (body, error) in [
            ("", ".: not JSON from line 1, column 0 on"),
            ("{\"entry\":[{\"id\":\"Mario", "entry[0]: not JSON from line 1, column 22 on"),
            ("{\"entry\":[]} {}", ".: not JSON from line 1, column 14 on"),
            ("[\"Mario\"]", "[0]: found string, expected a sequence"),
            ("{\"object\":\"page\"}", ".: not of the documented shape"),
            ("{\"entry\":[{\"id\":\"1\"},", "entry: not JSON from line 1, column 21 on"),
            ("{\"entry\":\"Mario\"}", "entry: found string, expected a sequence"),
        ] {
            let malformed = adapter.parse(body.as_bytes(), &accounts()).unwrap_err();
            assert_eq!(malformed.to_string(), error, "{body}");
        }
        assert_eq!(adapter.on_malformed().as_u16(), 200);
    }
}

#[test]
fn what_is_malformed_is_named_without_the_text() {
    let entries = json!({"entry": [{"id": PAGE, "changes": "Mario"}, {"id": {"Mario": 1}}, "Mario"]});
    let malformed = |text: &str| Ignored::Malformed(text.to_owned());
    assert_eq!(
        parse(Platform::Facebook, &entries).ignored,
        [
            malformed("entry[0].changes: found string, expected a sequence"),
            malformed("entry[1].id: missing"),
            malformed("entry[2]: found string, expected struct Entry"),
        ]
    );
    let body = |value: Value| page("feed", value).unwrap_err();
    let number = json!({"item": "comment", "verb": "add", "comment_id": "1_2", "message": 7, "from": {"id": "7"}});
    assert_eq!(
        body(number),
        Ignored::Malformed("entry[0].changes[0].value.message: found integer, expected a string".to_owned())
    );
    let no_id = json!({"item": "comment", "verb": "add", "message": "Mario"});
    assert_eq!(body(no_id), Ignored::Malformed("entry[0].changes[0].value.comment_id: missing".to_owned()));
}

#[test]
fn a_batch_of_a_thousand_is_read_at_once() {
    let change = |number: usize| {
        json!({"field": "feed", "value": {"item": "comment", "verb": "add", "comment_id": format!("1_{number}"),
            "post_id": format!("{PAGE}_1"), "parent_id": format!("{PAGE}_1"), "from": {"id": "7", "name": "Prova"},
            "created_time": 1_794_996_000, "message": "Perché no? ".repeat(90)}})
    };
    let changes: Vec<Value> = (0..1000).map(change).collect();
    let body = serde_json::to_vec(&json!({"object": "page", "entry": [{"id": PAGE, "changes": changes}]})).unwrap();
    assert!(body.len() > 1_000_000 && body.len() < crate::MAX_BODY_BYTES, "{} bytes", body.len());
    let start = Instant::now();
    let delivery = adapter(Platform::Facebook).parse(&body, &accounts()).unwrap();
    let elapsed = start.elapsed();
    assert_eq!((delivery.events.len(), delivery.ignored.len()), (1000, 0));
    // The platform waits five seconds; an unoptimised build takes about 0.15 s.
    assert!(elapsed < Duration::from_secs(2), "{elapsed:?}");
}

#[test]
fn revisions_are_equal_for_equal_content_and_for_nothing_else() {
    let value = |verb: &str, message: &str| {
        json!({"item": "comment", "verb": verb, "comment_id": "1_2", "post_id": "1_1", "parent_id": "1_1",
            "from": {"id": "7"}, "created_time": 1_794_996_000, "message": message})
    };
    let revision = |verb, message| contribution(page("feed", value(verb, message))).revision;
    assert_eq!(revision("add", "uno"), revision("add", "uno"));
    assert_eq!(revision("edit", "due"), revision("edited", "due"));
    let distinct = [revision("add", "uno"), revision("edited", "uno"), revision("edited", "due")];
    assert_eq!(distinct.iter().collect::<HashSet<_>>().len(), 3);
    assert_eq!(contribution(page("mention", value("add", "uno"))).revision, revision("add", "uno"));

    let comment = |text: &str, ad: Value| {
        let media = json!({"id": "9", "ad_id": ad});
        json!({"id": "8", "from": {"id": "7", "username": "prova"}, "text": text, "media": media})
    };
    let revision = |text, ad| contribution(instagram("comments", comment(text, ad))).revision;
    assert_eq!(revision("uno", json!("120")), revision("uno", Value::Null));
    assert_ne!(revision("uno", Value::Null), revision("due", Value::Null));
}

#[test]
fn a_revision_does_not_depend_on_the_delivery() {
    for platform in [Platform::Facebook, Platform::Instagram] {
        for (name, body) in events(platform) {
            let text = String::from_utf8(body).unwrap();
            let again = text.replacen("\"time\":1", "\"time\":2", 1);
            assert_ne!(text, again, "{name}: no time of delivery to change");
            // When an edit was told of is the delivery's own time, and no part of the revision.
            let read = |text: &str| {
                let mut delivery = adapter(platform).parse(text.as_bytes(), &accounts()).unwrap();
                for event in &mut delivery.events {
                    match event {
                        Event::Contribution(contribution) => contribution.told_at = None,
                        Event::Unread(Unread { written: Some(written), .. }) => written.told_at = None,
                        _ => {}
                    }
                }
                delivery
            };
            assert_eq!(read(&text), read(&again), "{name}");
        }
    }
}

#[test]
fn every_edit_of_a_message_is_a_revision() {
    let edit = |number: Value, text: &str| {
        let entry = json!([{"id": PAGE, "messaging": [{"sender": {"id": "7"}, "timestamp": 1_794_996_900_704_i64,
            "message_edit": {"mid": "m_1", "text": text, "num_edit": number}}]}]);
        contribution(only(parse(Platform::Facebook, &json!({"entry": entry})))).revision
    };
    assert_eq!(edit(json!("37"), "uno"), edit(json!(37), "uno"));
    assert_ne!(edit(json!("37"), "uno"), edit(json!("38"), "uno"));
    assert_ne!(edit(Value::Null, "uno"), edit(Value::Null, "due"));
}

#[test]
fn every_verb_of_a_comment_has_its_meaning() {
    let event = |verb: &str| {
        page("feed", json!({"item": "comment", "verb": verb, "comment_id": "1_2", "from": {"id": "7"}, "message": "x"}))
    };
    for verb in ["add", "edit", "edited", "update"] {
        assert_eq!(contribution(event(verb)).edited, verb != "add", "{verb}");
    }
    for verb in ["remove", "delete"] {
        assert!(matches!(event(verb), Ok(Event::Removal(_))), "{verb}");
    }
    for verb in ["hide", "unhide", "block", "unblock", "mute"] {
        assert_eq!(event(verb), Err(Ignored::Visibility), "{verb}");
    }
    assert_eq!(event("follow"), Err(Ignored::NotText));
    assert_eq!(event("sparkle"), Err(Ignored::unknown("feed/comment/sparkle")));
}

#[test]
fn every_item_that_the_page_publishes_is_our_own_voice() {
    let event = |kind: &str, from: Value| {
        page("feed", json!({"item": kind, "verb": "add", "post_id": format!("{PAGE}_1"), "from": from, "message": "x"}))
    };
    // Of docs/platforms.md, section 2.1, without what is no post.
    let posts = "album coupon event experience link mention milestone note photo photo-album picture platform-story post \
                 question reel share status story video";
    for kind in posts.split_whitespace().chain(["timeline cover"]) {
        assert_eq!(event(kind, json!({"id": PAGE})), Err(Ignored::OwnVoice), "{kind}");
        assert_eq!(contribution(event(kind, json!({"id": "7"}))).surface, policy::Surface::VisitorPost, "{kind}");
        let anonymous = event(kind, Value::Null);
        assert!(matches!(anonymous, Ok(Event::Unread(_))), "{kind} without an author: {anonymous:?}");
    }
    for kind in ["connection", "like", "reaction", "relationship-status"] {
        assert_eq!(event(kind, json!({"id": "7"})), Err(Ignored::NotText), "{kind}");
    }
    for kind in ["address", "group", "group_message", "interest", "page", "profile", "tag"] {
        assert_eq!(event(kind, json!({"id": PAGE})), Err(Ignored::Notice), "{kind}");
    }
}

#[test]
fn all_our_accounts_speak_with_our_voice() {
    let comment =
        |from: Value| instagram("comments", json!({"id": "8", "from": from, "text": "x", "media": {"id": "9"}}));
    for from in [
        json!({"id": INSTAGRAM}),
        json!({"id": BIKE_ECONOMY}),
        json!({"id": "7", "username": "BikeEconomy_MiLoMB"}),
        json!({"id": "7", "username": "prova", "self_ig_scoped_id": "7"}),
    ] {
        assert_eq!(comment(from.clone()), Err(Ignored::OwnVoice), "{from}");
    }
    assert!(comment(json!({"id": "7", "username": "bikeeconomy_milomb_finto"})).is_ok());
}

#[test]
fn an_entry_belongs_to_the_account_with_its_id_on_either_webhook() {
    let body = |object: &str, id: &str| {
        json!({"object": object, "entry": [{"id": id, "messaging": [{"sender": {"id": "7"},
            "message": {"mid": "m_1", "text": "ciao"}}]}]})
    };
    for webhook in [Platform::Facebook, Platform::Instagram] {
        for object in ["page", "instagram"] {
            for (id, platform) in [(PAGE, Platform::Facebook), (BIKE_ECONOMY, Platform::Instagram)] {
                let found = contribution(only(parse(webhook, &body(object, id))));
                assert_eq!((found.platform, found.account.as_str()), (platform, id), "{webhook} {object}");
            }
            assert_eq!(only(parse(webhook, &body(object, "9"))), Err(Ignored::NotOurs));
        }
    }
}

#[test]
fn a_lead_is_a_reference_to_itself_and_to_its_form() {
    let value =
        json!({"leadgen_id": 1636129430026801u64, "page_id": PAGE, "form_id": 12345, "created_time": 1794996880});
    let Ok(Event::Lead(lead)) = page("leadgen", value) else { panic!("a lead is an event") };
    assert_eq!((lead.platform, lead.account.as_str()), (Platform::Facebook, PAGE));
    assert_eq!((lead.id.as_str(), lead.form.as_str()), ("1636129430026801", "12345"));
    assert_eq!(lead.at, Some("2026-11-18T10:14:40Z".parse().unwrap()));
    assert!(!format!("{lead:?}").contains("1636129430026801"));
    assert!(matches!(page("leadgen", json!({"anything": 1})), Err(Ignored::Malformed(_))));
}

#[test]
fn what_our_app_and_our_pages_are_told_is_acknowledged() {
    for (field, expected) in [
        ("follow", Ignored::NotText),
        ("live_videos", Ignored::Notice),
        ("conversations", Ignored::Notice),
        ("business_integrity", Ignored::Notice),
        ("holograms", Ignored::unknown("holograms")),
    ] {
        assert_eq!(page(field, json!({"anything": 1})), Err(expected), "{field}");
    }
    for field in ["story_insights", "story_reactions", "follow", "share_to_story", "comment_poll_response"] {
        assert_eq!(instagram(field, json!({"anything": 1})), Err(Ignored::NotText), "{field}");
    }
    let messaging = |key: &str| {
        let entry = json!([{"id": PAGE, "messaging": [{"sender": {"id": "7"}, "timestamp": 1, key: {"x": "y"}}]}]);
        only(parse(Platform::Facebook, &json!({"entry": entry})))
    };
    for key in [
        "account_linking",
        "delivery",
        "game_play",
        "messaging_feedback",
        "optin",
        "postback",
        "reaction",
        "read",
        "referral",
    ] {
        assert_eq!(messaging(key), Err(Ignored::NotText), "{key}");
    }
    for key in
        ["app_roles", "pass_thread_control", "policy_enforcement", "request_thread_control", "take_thread_control"]
    {
        assert_eq!(messaging(key), Err(Ignored::Notice), "{key}");
    }
}

#[test]
fn a_time_that_no_platform_existed_at_is_left_out() {
    for created in [json!(0), json!(-5), json!(1_794_996_000_000_i64), json!("domani"), Value::Null] {
        let value = json!({"item": "comment", "verb": "add", "comment_id": "1_2", "from": {"id": "7"},
            "created_time": created, "message": "x"});
        assert_eq!(contribution(page("feed", value)).at, None, "{created}");
    }
}

#[test]
fn a_comment_below_our_post_is_the_same_by_the_feed_and_by_the_mention() {
    let value = |from: Value| {
        json!({"item": "comment", "verb": "add", "comment_id": "122_1", "post_id": format!("{PAGE}_122"),
            "from": from, "created_time": 1_794_996_000, "message": "Lo dice la Camera di Commercio"})
    };
    for from in [Value::Null, json!({"id": "7", "name": "Prova"}), json!({"id": PAGE})] {
        assert_eq!(page("feed", value(from.clone())), page("mention", value(from.clone())), "{from}");
    }
    assert!(matches!(page("mention", value(Value::Null)), Ok(Event::Unread(_))));
    let elsewhere = json!({"item": "comment", "verb": "add", "comment_id": "99_1", "post_id": format!("{PAGE}9_99"),
        "message": "Lo dice la Camera di Commercio"});
    assert_eq!(contribution(page("mention", elsewhere)).surface, policy::Surface::Mention);
}
