//! Each row of the table of errors, as it comes.

use serde_json::json;

use super::*;
use crate::facebook::Facebook;
use crate::meta::testing::answer;

const IDEMPOTENT: [ActionKind; 5] =
    [ActionKind::Hide, ActionKind::Unhide, ActionKind::Delete, ActionKind::Ban, ActionKind::Unban];

fn error(status: u16, code: i64, subcode: Option<i64>) -> Answer {
    let message = "(#1) something went wrong with 1234567890321";
    answer(
        status,
        json!({"error": {"message": message, "type": "OAuthException", "code": code,
        "error_subcode": subcode, "fbtrace_id": "Ax"}}),
    )
}

/// The class by name, without its text.
fn class(action: ActionKind, answer: &Answer) -> String {
    let class = Facebook.classify(action, answer);
    match class {
        Class::Limited(limit) => {
            let wait = limit.wait.map_or("without a time".to_owned(), |wait| format!("{} s", wait.as_secs()));
            format!("Limited {:?} {wait}", limit.of)
        }
        Class::Suspended(_, wait) => format!("Suspended {} s", wait.as_secs()),
        Class::Done(Some(id)) => format!("Done {id}"),
        class => format!("{class:?}").split('(').next().unwrap_or_default().to_owned(),
    }
}

fn hide(answer: &Answer) -> String {
    class(ActionKind::Hide, answer)
}

#[test]
fn every_code_of_the_table_has_its_class() {
    for (code, subcode, expected) in [
        (1, None, "RetryBackoff"),
        (2, None, "RetryBackoff"),
        (4, None, "Limited App without a time"),
        (17, None, "Limited Account without a time"),
        (341, None, "Limited App without a time"),
        (32, None, "Limited Account without a time"),
        (80_001, None, "Limited Account without a time"),
        (80_002, None, "Limited Account without a time"),
        (80_006, None, "Limited Account without a time"),
        (613, None, "Limited Account without a time"),
        (613, Some(1996), "Limited Account without a time"),
        (368, None, "Suspended 21600 s"),
        (190, None, "Reauthorise"),
        (190, Some(458), "Reauthorise"),
        (190, Some(459), "Reauthorise"),
        (190, Some(460), "Reauthorise"),
        (190, Some(463), "Reauthorise"),
        (190, Some(464), "Reauthorise"),
        (190, Some(467), "Reauthorise"),
        (102, None, "Reauthorise"),
        (3, None, "Configuration"),
        (10, None, "Configuration"),
        (200, None, "Configuration"),
        (299, None, "Configuration"),
        (200, Some(1_545_041), "Permanent"),
        (551, Some(1_545_041), "Permanent"),
        (551, None, "Permanent"),
        (10, Some(2_018_278), "Permanent"),
        (10, Some(2_534_022), "Permanent"),
        (10, Some(2_018_065), "Permanent"),
        (10, Some(2_018_108), "Permanent"),
        (100, Some(33), "Unsure"),
        (100, None, "Permanent"),
        (506, None, "Permanent"),
        (2500, None, "Configuration"),
    ] {
        // Throttling comes as 400 or 403: the status must not matter.
        for status in [400, 403] {
            assert_eq!(hide(&error(status, code, subcode)), expected, "{code}/{subcode:?} with {status}");
        }
    }
}

#[test]
fn what_does_not_say_that_it_was_done_is_not_recorded_as_done() {
    let odd = json!({"success": "no", "data": {"hidden": "true"}});
    for body in [Value::Null, json!({}), json!([]), json!("x"), json!([true]), odd] {
        for action in [ActionKind::Hide, ActionKind::Unhide, ActionKind::Delete, ActionKind::Ban, ActionKind::Unban] {
            assert_eq!(class(action, &answer(200, body.clone())), "RetryBackoff", "{action:?} {body}");
        }
    }
    for body in [json!(true), json!({"success": true}), json!({"success": "true"})] {
        assert_eq!(hide(&answer(200, body.clone())), "Done", "{body}");
    }
}

#[test]
fn an_object_that_is_not_found_leaves_it_open_whether_it_is_gone() {
    let not_found = error(400, 100, Some(33));
    for action in [ActionKind::Hide, ActionKind::Unhide, ActionKind::Delete] {
        assert_eq!(class(action, &not_found), "Unsure", "{action:?}");
    }
    for action in [ActionKind::Reply, ActionKind::PrivateReply, ActionKind::Ban, ActionKind::Unban] {
        assert_eq!(class(action, &not_found), "Permanent", "{action:?}");
    }
}

#[test]
fn a_ban_of_someone_whom_meta_does_not_know_is_refused_for_good() {
    for action in [ActionKind::Ban, ActionKind::Unban] {
        assert_eq!(class(action, &error(400, 100, None)), "Permanent");
        assert_eq!(class(action, &answer(200, json!({"24266381753005180": false}))), "Permanent");
    }
    assert_eq!(class(ActionKind::Ban, &answer(200, json!({"24266381753005180": true}))), "Done");
}

#[test]
fn a_block_without_a_conversation_is_refused_for_good_although_code_1_is_transient() {
    let body = |message: &str| answer(500, json!({"error": {"message": message, "code": 1}}));
    let block = |message: &str| class(ActionKind::Ban, &body(message));
    assert_eq!(block("Instagram Direct thread not found between business and consumer"), "Permanent");
    assert_eq!(block("Failed to block"), "RetryBackoff");
}

#[test]
fn the_longest_time_to_regain_access_is_waited_for() {
    let usage = r#"{"1":[{"type":"pages","call_count":97,"estimated_time_to_regain_access":5}],
        "2":[{"type":"messenger","estimated_time_to_regain_access":19},{"type":"pages"}]}"#;
    for code in [80_001, 80_002, 80_006, 4, 17, 32, 341, 613] {
        let of = if [4, 341].contains(&code) { "App" } else { "Account" };
        let mut throttled = error(400, code, None);
        throttled.headers.insert("x-business-use-case-usage", usage.replace('\n', "").parse().unwrap());
        assert_eq!(hide(&throttled), format!("Limited {of} 1140 s"), "{code}");
    }
    for usage in ["{\"1\":[{\"estimated_time_to_regain_access\":0}]}", "{}", "[]", "x"] {
        let mut throttled = error(400, 80_001, None);
        throttled.headers.insert("x-business-use-case-usage", usage.parse().unwrap());
        assert_eq!(hide(&throttled), "Limited Account without a time", "{usage}");
    }
    let mut huge = error(400, 80_001, None);
    let usage = format!("{{\"1\":[{{\"estimated_time_to_regain_access\":{}}}]}}", u64::MAX);
    huge.headers.insert("x-business-use-case-usage", usage.parse().unwrap());
    assert_eq!(hide(&huge), format!("Limited Account {} s", u64::MAX));
}

#[test]
fn an_exhausted_app_is_throttled_even_without_a_code() {
    let with_usage = |usage: &str| {
        let mut forbidden = answer(403, Value::Null);
        forbidden.headers.insert("x-app-usage", usage.parse().unwrap());
        hide(&forbidden)
    };
    assert_eq!(with_usage("{\"call_count\":100,\"total_time\":25,\"total_cputime\":25}"), "Limited App without a time");
    assert_eq!(with_usage("{\"call_count\":99,\"total_time\":25,\"total_cputime\":25}"), "Configuration");
}

#[test]
fn without_a_documented_code_the_status_decides() {
    for (status, expected) in [
        (500, "RetryBackoff"),
        (502, "RetryBackoff"),
        (503, "RetryBackoff"),
        (408, "RetryBackoff"),
        (429, "Limited Account without a time"),
        (401, "Reauthorise"),
        (403, "Configuration"),
        (404, "Configuration"),
        (400, "Permanent"),
        (302, "Permanent"),
    ] {
        assert_eq!(hide(&answer(status, Value::Null)), expected, "{status} without JSON");
        assert_eq!(hide(&answer(status, json!({"error": {}}))), expected, "{status} without a code");
    }
    assert_eq!(hide(&error(503, 987_654, None)), "RetryBackoff");
    assert_eq!(hide(&error(400, 987_654, None)), "Permanent");
    assert_eq!(class(ActionKind::Reply, &answer(404, Value::Null)), "Configuration");
}

#[test]
fn what_meta_calls_transient_is_tried_again() {
    let transient = json!({"error": {"code": 987_654, "is_transient": true}});
    assert_eq!(hide(&answer(400, transient)), "RetryBackoff");
    assert_eq!(hide(&answer(400, json!({"error": {"is_transient": true}}))), "RetryBackoff");
    let expired = json!({"error": {"code": "190", "error_subcode": "463", "is_transient": true}});
    assert_eq!(hide(&answer(400, expired)), "Reauthorise");
}

#[test]
fn success_is_a_flag_or_a_text() {
    for action in IDEMPOTENT {
        for body in [json!({"success": true}), json!({"success": "true"}), json!(true), json!({"id": "1_2"})] {
            assert_eq!(class(action, &answer(200, body.clone())), "Done", "{action:?} {body}");
        }
        for body in [json!({"success": false}), json!({"success": "false"}), json!(false)] {
            assert_eq!(class(action, &answer(200, body.clone())), "Permanent", "{action:?} {body}");
        }
        assert_eq!(class(action, &answer(200, Value::Null)), "RetryBackoff");
        assert_eq!(class(action, &error(200, 190, None)), "Reauthorise");
    }
}

#[test]
fn a_message_that_may_have_been_sent_is_never_asked_for_again() {
    let reply = |body| class(ActionKind::Reply, &answer(200, body));
    let private = |body| class(ActionKind::PrivateReply, &answer(200, body));
    assert_eq!(reply(json!({"id": "901_904"})), "Done 901_904");
    assert_eq!(private(json!({"recipient_id": "7", "message_id": "m_1"})), "Done m_1");
    for body in [Value::Null, json!({}), json!({"success": true})] {
        assert_eq!((reply(body.clone()).as_str(), private(body).as_str()), ("Permanent", "Permanent"));
    }
}

#[test]
fn no_class_repeats_the_message_of_the_error() {
    for code in [1, 10, 100, 190, 200, 368, 506, 551, 2500, 987_654] {
        let class = Facebook.classify(ActionKind::Reply, &error(400, code, None));
        assert!(!format!("{class:?}").contains("1234567890321"), "{class:?}");
    }
}
