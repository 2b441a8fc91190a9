//! The calls that Facebook and Instagram share (docs/platforms.md, sections 3.2 and 3.3).

use http::Method;
use policy::{AccountId, ActionKind};
use serde_json::{Value, json};
use url::form_urlencoded::byte_serialize;

use super::item::is_ours;
use crate::arriving::lenient::same_words;
use crate::{Accounts, Answer, Body, Call, Found, Host, State, Subscription, Target};

/// A call without query and body.
pub(crate) fn call(name: &'static str, host: Host, method: Method, path: String) -> Call {
    Call { name, host, method, path, query: Vec::new(), headers: Vec::new(), body: Body::Empty, shortfall: None }
}

/// `GET` of some fields.
pub(crate) fn get(name: &'static str, host: Host, path: String, fields: &str) -> Call {
    Call { query: vec![("fields", fields.to_owned())], ..call(name, host, Method::GET, path) }
}

/// `POST` of a flag in the query, where both platforms document it.
pub(crate) fn flag(name: &'static str, host: Host, path: String, flag: &'static str, value: bool) -> Call {
    Call { query: vec![(flag, value.to_string())], ..call(name, host, Method::POST, path) }
}

/// `POST` of form fields.
pub(crate) fn form(name: &'static str, host: Host, path: String, fields: Vec<(&'static str, String)>) -> Call {
    Call { body: Body::Form(fields), ..call(name, host, Method::POST, path) }
}

/// `POST` of JSON.
pub(crate) fn json(name: &'static str, host: Host, path: String, body: Value) -> Call {
    Call { body: Body::Json(body), ..call(name, host, Method::POST, path) }
}

/// An id as a segment of a path.
pub(crate) fn segment(id: &str) -> String {
    // A form writes a space as `+`, which in a path is a plus; a plus itself is already `%2B` here.
    byte_serialize(id.as_bytes()).collect::<String>().replace('+', "%20")
}

/// The message that answers a comment or visitor post in private: one for each, within seven days. `recipient` names
/// what is answered.
pub(crate) fn private_reply(name: &'static str, host: Host, node: &AccountId, recipient: Value, text: &str) -> Call {
    let path = format!("/{}/messages", segment(node.as_str()));
    json(name, host, path, json!({"recipient": recipient, "message": {"text": text}}))
}

/// The calls that close our conversation with a person, or open it again.
pub(crate) fn moderate(
    name: &'static str,
    host: Host,
    node: &AccountId,
    target: &Target<'_>,
    action: &str,
) -> Vec<Call> {
    let Some(author) = target.author else { return Vec::new() };
    let path = format!("/{}/moderate_conversations", segment(node.as_str()));
    vec![json(name, host, path, json!({"user_ids": [{"id": author.as_str()}], "actions": [action]}))]
}

/// Reads our own account. Code 100 with subcode 33 says that an object is gone, or that it may not be seen with this
/// token: when the token is good enough to read the account, it is the former (docs/platforms.md, section 5.1).
pub(crate) fn self_check(target: &Target<'_>, host: Host) -> Call {
    get("GET /{account-id}?fields=id", host, format!("/{}", segment(target.account.id.as_str())), "id")
}

/// The call that tells to which webhook fields our app is subscribed at a node: a Page, or an Instagram account with
/// Instagram Login (docs/platforms.md, section 1.2).
pub(crate) fn subscription_call(host: Host, node: &AccountId) -> Call {
    call("GET /{node-id}/subscribed_apps", host, Method::GET, subscribed_apps(node))
}

/// What the answer to [`subscription_call`] tells about the fields that are wanted. Subscribing replaces what was
/// subscribed before, so what there is beyond is asked for again, unless it may be another app's.
pub(crate) fn subscription(host: Host, node: &AccountId, answer: &Answer, wanted: &[&str]) -> Subscription {
    let Some(apps) = answer.body.get("data").and_then(Value::as_array).filter(|_| answer.status.is_success()) else {
        return Subscription::Unknown;
    };
    let subscribed = |app| fields(app).collect::<Vec<_>>();
    if apps.iter().map(subscribed).any(|subscribed| wanted.iter().all(|field| subscribed.contains(field))) {
        return Subscription::Active;
    }
    let mut all = wanted.to_vec();
    if let [app] = apps.as_slice() {
        all.extend(fields(app).filter(|field| !wanted.contains(field)));
    }
    let query = vec![("subscribed_fields", all.join(","))];
    let name = "POST /{node-id}/subscribed_apps";
    Subscription::Missing(vec![Call { query, ..call(name, host, Method::POST, subscribed_apps(node)) }])
}

fn subscribed_apps(node: &AccountId) -> String {
    format!("/{}/subscribed_apps", segment(node.as_str()))
}

fn fields(app: &Value) -> impl Iterator<Item = &str> {
    app.get("subscribed_fields").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str)
}

/// What the answers to a read tell whose flag of this name says that the object is hidden. An object that is gone is
/// answered like one that may not be seen: [`self_check`] tells which.
pub(crate) fn state(answers: &[Answer], flag: &str) -> State {
    let answer = answers.first().filter(|answer| answer.status.is_success());
    match answer.and_then(|answer| answer.body.get(flag)).and_then(Value::as_bool) {
        Some(true) => State::Hidden,
        Some(false) => State::Visible,
        None => State::Unknown,
    }
}

/// Whether an action's message can be found again: what is said in public can be listed, what is sent in private
/// cannot.
pub(crate) fn is_listed(action: ActionKind) -> bool {
    action == ActionKind::Reply
}

/// Whether what was read about this target is our own voice, of whichever of our accounts.
pub(crate) fn is_own(target: &Target<'_>, accounts: &Accounts, id: Option<&str>, handle: Option<&str>) -> bool {
    let ours = std::iter::once(target.account).chain(accounts.of(target.account.platform));
    is_ours(ours, id, handle)
}

/// Whether our account's comment with this text is in the list. Platforms change spaces, so they do not count.
pub(crate) fn find_own(target: &Target<'_>, answer: &Answer, text: &str, text_field: &str) -> Found {
    let Some(comments) = answer.body.get("data").and_then(Value::as_array).filter(|_| answer.status.is_success())
    else {
        return Found::Unknown;
    };
    let mut whole = answer.body.pointer("/paging/next").is_none();
    for comment in comments {
        let author = comment.pointer("/from/id").and_then(Value::as_str);
        let handle = comment.get("username").or_else(|| comment.pointer("/from/username")).and_then(Value::as_str);
        let said = comment.get(text_field).and_then(Value::as_str);
        let same = said.is_none_or(|said| same_words(said, text));
        let own = is_ours(std::iter::once(target.account), author, handle);
        match comment.get("id").and_then(Value::as_str) {
            Some(id) if own && same => return Found::Arrived(id.to_owned()),
            // Something with our words, of which is not said whose they are, may be ours.
            _ => whole &= comment.is_object() && !(same && (own || (author.is_none() && handle.is_none()))),
        }
    }
    if whole { Found::Absent } else { Found::Unknown }
}

#[cfg(test)]
mod tests {
    use policy::{ContributionId, Platform, Surface};

    use super::*;
    use crate::meta::testing::{BIKE_ECONOMY, INSTAGRAM, PAGE, answer, ours, spelled};
    use crate::{Adapter, Presence, adapter};

    fn on<T>(platform: Platform, id: &str, look: impl FnOnce(&dyn Adapter, &Target<'_>) -> T) -> T {
        let account = ours(platform, id);
        let contribution = ContributionId::new("901_903");
        let target = Target {
            account: &account,
            surface: Surface::Comment,
            contribution: &contribution,
            thread: None,
            parent: None,
            author: None,
        };
        look(adapter(platform), &target)
    }

    #[test]
    fn an_id_cannot_leave_its_segment() {
        assert_eq!(segment("901097836652708_903438993085259"), "901097836652708_903438993085259");
        assert_eq!(segment("a/b?c d+e&è"), "a%2Fb%3Fc%20d%2Be%26%C3%A8");
    }

    #[test]
    fn an_object_is_gone_only_if_our_own_account_can_be_read() {
        for (platform, id, host) in [
            (Platform::Facebook, PAGE, Host::Main),
            (Platform::Instagram, INSTAGRAM, Host::Main),
            (Platform::Instagram, BIKE_ECONOMY, Host::InstagramLogin),
        ] {
            on(platform, id, |adapter, target| {
                let call = adapter.presence_call(target).unwrap();
                assert_eq!((spelled(&call), call.host), (format!("GET /{id}?fields=id"), host));
                assert_eq!(adapter.presence(&answer(200, json!({"id": id}))), Presence::Gone);
                for (status, body) in [
                    (200, Value::Null),
                    (400, json!({"error": {"code": 190}})),
                    (400, json!({"error": {"code": 100, "error_subcode": 33}})),
                    (500, json!({"id": id})),
                ] {
                    assert_eq!(adapter.presence(&answer(status, body)), Presence::Unknown, "{status}");
                }
            });
        }
    }

    #[test]
    fn what_is_shown_is_told_by_a_flag_and_nothing_else() {
        for (platform, id, field) in
            [(Platform::Facebook, PAGE, "is_hidden"), (Platform::Instagram, BIKE_ECONOMY, "hidden")]
        {
            on(platform, id, |adapter, target| {
                let calls = adapter.state_calls(&[*target]);
                let expected = format!("GET /901_903?fields=id,{field}");
                assert_eq!(calls.iter().map(spelled).collect::<Vec<_>>(), [expected]);
                let state = |status, body| adapter.state(target, &[answer(status, body)]);
                assert_eq!(state(200, json!({ field: true })), State::Hidden);
                assert_eq!(state(200, json!({ field: false })), State::Visible);
                assert_eq!(state(200, json!({"id": "901_903"})), State::Unknown);
                assert_eq!(state(400, json!({"error": {"code": 100, "error_subcode": 33}})), State::Unknown);
                assert_eq!(adapter.state(target, &[]), State::Unknown);
                for surface in [Surface::Mention, Surface::Review, Surface::Message] {
                    assert!(adapter.state_calls(&[Target { surface, ..*target }]).is_empty(), "{surface:?}");
                }
            });
        }
    }

    /// What the list of subscriptions means for an account; the calls that mend it, spelled out.
    fn subscribed(platform: Platform, id: &str, status: u16, body: Value) -> Result<Vec<String>, Subscription> {
        match adapter(platform).subscription(&ours(platform, id), &answer(status, body)) {
            Subscription::Missing(calls) => Ok(calls.iter().map(spelled).collect()),
            other => Err(other),
        }
    }

    #[test]
    fn a_subscription_that_lacks_a_field_is_made_again_with_all_that_there_was() {
        let wanted = "feed,mention,ratings,messages,message_echoes,message_edits";
        let page = |body| subscribed(Platform::Facebook, PAGE, 200, body);
        let again = |fields: &str| Ok(vec![format!("POST /{PAGE}/subscribed_apps?subscribed_fields={fields}")]);
        assert_eq!(page(json!({"data": []})), again(wanted));
        let less = json!({"data": [{"id": "5", "subscribed_fields": ["leadgen", "feed"]}]});
        assert_eq!(page(less.clone()), again(&format!("{wanted},leadgen")));
        let two = json!({"data": [less["data"][0], {"id": "6", "subscribed_fields": ["messages"]}]});
        assert_eq!(page(two), again(wanted), "what another app has is not asked for");
        let all: Vec<_> = wanted.split(',').chain(["leadgen"]).collect();
        let whole = json!({"data": [{"subscribed_fields": all}]});
        assert_eq!(page(whole.clone()), Err(Subscription::Active));
        assert_eq!(subscribed(Platform::Facebook, PAGE, 500, whole), Err(Subscription::Unknown));
        assert_eq!(page(json!({"success": true})), Err(Subscription::Unknown));
    }

    #[test]
    fn an_instagram_account_is_subscribed_by_its_page_or_by_itself() {
        let none = || json!({"data": []});
        assert_eq!(
            subscribed(Platform::Instagram, INSTAGRAM, 200, none()),
            Ok(vec![format!("POST /{PAGE}/subscribed_apps?subscribed_fields=feed")])
        );
        assert_eq!(
            subscribed(Platform::Instagram, BIKE_ECONOMY, 200, none()),
            Ok(vec![format!("POST /{BIKE_ECONOMY}/subscribed_apps?subscribed_fields=comments,messages")])
        );
        for (id, node, host) in [(INSTAGRAM, PAGE, Host::Main), (BIKE_ECONOMY, BIKE_ECONOMY, Host::InstagramLogin)] {
            let call = adapter(Platform::Instagram).subscription_call(&ours(Platform::Instagram, id)).unwrap();
            assert_eq!((spelled(&call), call.host), (format!("GET /{node}/subscribed_apps"), host));
        }
    }

    #[test]
    fn our_answer_is_found_by_author_and_text() {
        on(Platform::Facebook, PAGE, |adapter, target| {
            let list = json!({"data": [
                {"id": "1", "from": {"id": "7"}, "message": "Avviso dell'ufficio"},
                {"id": "2", "from": {"id": PAGE}, "message": "Un altro avviso"},
                {"id": "3", "message": "Avviso dell'ufficio"},
                {"id": "4", "from": {"id": PAGE}, "message": "Avviso  dell'ufficio\n"},
            ]});
            let found = |text: &str| adapter.find_own(target, &answer(200, list.clone()), text);
            assert_eq!(found("Avviso dell'ufficio"), Found::Arrived("4".to_owned()));
            assert_eq!(found("Avviso"), Found::Absent);
        });
        on(Platform::Instagram, INSTAGRAM, |adapter, target| {
            let list = json!({"data": [
                {"id": "1", "username": "prova", "text": "Avviso"},
                {"id": "2", "username": "cameradicommercio_mi_mb_lo", "text": "Avviso"},
            ]});
            assert_eq!(adapter.find_own(target, &answer(200, list), "Avviso"), Found::Arrived("2".to_owned()));
            let list = json!({"data": [{"id": "3", "from": {"id": INSTAGRAM}, "text": "Avviso"}]});
            assert_eq!(adapter.find_own(target, &answer(200, list), "Avviso"), Found::Arrived("3".to_owned()));
        });
    }

    #[test]
    fn our_answer_is_absent_only_from_a_whole_list() {
        on(Platform::Facebook, PAGE, |adapter, target| {
            let found = |status, body| adapter.find_own(target, &answer(status, body), "Avviso");
            let other = json!({"id": "1", "from": {"id": "7"}, "message": "Avviso"});
            for whole in [json!({"data": []}), json!({"data": [other], "paging": {"cursors": {"after": "x"}}})] {
                assert_eq!(found(200, whole.clone()), Found::Absent, "{whole}");
                assert_eq!(found(500, whole), Found::Unknown);
            }
            for part in [
                Value::Null,
                json!({}),
                json!({"data": {}}),
                json!({"error": {"code": 1}}),
                json!({"data": [other], "paging": {"next": "https://graph.facebook.com/"}}),
                json!({"data": [7]}),
                json!({"data": [{"id": "2", "message": "Avviso"}]}),
                json!({"data": [{"from": {"id": PAGE}, "message": "Avviso"}]}),
            ] {
                assert_eq!(found(200, part.clone()), Found::Unknown, "{part}");
            }
        });
    }
}
