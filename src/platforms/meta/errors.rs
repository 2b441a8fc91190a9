//! What the Graph API's answers mean (docs/platforms.md, section 5.1). Throttling comes as 400 or 403 with a code, so
//! the code is asked before the status.

use std::time::Duration;

use policy::{ActionKind, Obstacle};
use serde_json::Value;

use crate::quota::{retry_after, unavailable};
use crate::{Answer, Class, LimitOf, bounds};

/// How long nothing is asked of an account that Meta has blocked for reasons of its policy: it lasts for hours.
const BLOCKED: Duration = Duration::from_secs(6 * 3600);

/// The error object of an answer, as far as it decides anything.
struct GraphError<'a> {
    code: Option<i64>,
    subcode: Option<i64>,
    message: &'a str,
    is_transient: bool,
}

/// What the answer to an action means.
pub(crate) fn classify(action: ActionKind, answer: &Answer) -> Class {
    match answer.body.get("error") {
        Some(error) => {
            let read = read(error);
            let class = from_error(action, answer, &read);
            // Meta's support asks for the trace id. It names the request, not a person.
            let fbtrace_id = error.get("fbtrace_id").and_then(Value::as_str).unwrap_or_default();
            let status = answer.status.as_u16();
            tracing::debug!(
                fbtrace_id,
                status,
                code = read.code,
                subcode = read.subcode,
                ?class,
                "Meta answered an error"
            );
            class
        }
        None if answer.status.is_success() => succeeded(action, &answer.body),
        None => from_status(answer),
    }
}

/// Reads what was created or changed out of an answer without an error.
fn succeeded(action: ActionKind, body: &Value) -> Class {
    let id = |name: &str| body.get(name).and_then(Value::as_str).map(str::to_owned);
    match action {
        ActionKind::Reply | ActionKind::PrivateReply => match id("message_id").or_else(|| id("id")) {
            Some(id) => Class::Done(bounds::id(id)),
            // Asked again, it could be read twice: someone has to look.
            None => Class::Permanent(Obstacle::Unconfirmed),
        },
        ActionKind::Ban | ActionKind::Unban if declines(body) => Class::Permanent(Obstacle::UnknownPerson),
        _ if declines(body) => Class::Permanent(Obstacle::NoReasonGiven),
        _ if affirms(body) => Class::Done(None),
        _ => Class::RetryBackoff("the answer does not say that it was done"),
    }
}

/// Whether an answer says yes, in one of the ways that [`declines`] names, or names what it changed.
fn affirms(body: &Value) -> bool {
    let is_yes = |value: &Value| value.as_bool() == Some(true) || value.as_str() == Some("true");
    is_yes(body) || body.as_object().is_some_and(|fields| fields.values().any(is_yes)) || body["id"].is_string()
}

/// Whether an answer says no. `{"success": true}` has the flag as text in one place; a ban answers by id,
/// `{"<id>": true}`.
fn declines(body: &Value) -> bool {
    let is_no = |value: &Value| value.as_bool() == Some(false) || value.as_str() == Some("false");
    is_no(body) || body.as_object().is_some_and(|fields| fields.values().any(is_no))
}

fn from_error(action: ActionKind, answer: &Answer, error: &GraphError<'_>) -> Class {
    let (Some(code), subcode) = (error.code, error.subcode.unwrap_or_default()) else {
        return if error.is_transient { transient() } else { from_status(answer) };
    };
    let bans = matches!(action, ActionKind::Ban | ActionKind::Unban);
    match (code, subcode) {
        (1, _) if error.message.to_ascii_lowercase().contains("thread not found") => {
            Class::Permanent(Obstacle::NoConversation)
        }
        (1 | 2, _) => Class::RetryBackoff("Meta is out of order for the moment"),
        (4 | 341, _) => throttled(answer, LimitOf::App, "the rate limit of the app is reached"),
        (17 | 32 | 613, _) => throttled(answer, LimitOf::Account, "a rate limit of the Graph API is reached"),
        (80_000..=80_014, _) => throttled(answer, LimitOf::Account, "a rate limit of the account is reached"),
        (102, _) => Class::Reauthorise("the session is no longer valid"),
        (190, _) => Class::Reauthorise(token_fault(subcode)),
        (368, _) => Class::Suspended("Meta blocks our writing for reasons of its own policy", BLOCKED),
        (10, 2_018_278 | 2_534_022) => Class::Permanent(Obstacle::WindowClosed),
        (10, 2_018_065 | 2_018_108) | (551, _) | (200, 1_545_041) => Class::Permanent(Obstacle::NotReceiving),
        (3 | 10 | 200..=299, _) => Class::Configuration("a permission is missing"),
        (100, _) if bans => Class::Permanent(Obstacle::UnknownPerson),
        (100, 33) if action == ActionKind::Reply => Class::Permanent(Obstacle::NothingToAnswer),
        (100, 33) if !action.speaks() => Class::Unsure,
        (506, _) => Class::Permanent(Obstacle::SameTextAgain),
        (2500, _) => Class::Configuration("the path of the call is not known to the Graph API"),
        _ if error.is_transient => transient(),
        (100, _) if action == ActionKind::PrivateReply => Class::Permanent(Obstacle::NoPrivateReplyLeft),
        (100, _) => Class::Permanent(Obstacle::NotAccepted),
        _ => from_status(answer),
    }
}

/// What is left to go by when the answer has no code that is documented.
fn from_status(answer: &Answer) -> Class {
    match answer.status.as_u16() {
        401 => Class::Reauthorise("the token is not accepted"),
        // Without a code it may be the call that is not known, rather than the contribution.
        404 => Class::Configuration("the call is not known to the Graph API"),
        408 | 500..=599 => unavailable(answer, "Meta is out of order for the moment"),
        400 | 403 | 429 if is_exhausted(answer) => throttled(answer, LimitOf::App, "the budget of the app is used up"),
        429 => throttled(answer, LimitOf::Account, "a rate limit is reached"),
        403 => Class::Configuration("the call is forbidden"),
        _ => Class::Permanent(Obstacle::Undocumented),
    }
}

fn transient() -> Class {
    Class::RetryBackoff("Meta calls the error transient")
}

fn token_fault(subcode: i64) -> &'static str {
    match subcode {
        458 => "the app is no longer authorised",
        459 => "the person who gave the token has to pass a check at Facebook",
        460 => "the password of the person who gave the token has changed",
        463 => "the token has expired",
        464 => "the person who gave the token is not confirmed",
        _ => "the token is not valid",
    }
}

/// Until the time that the answer's headers name, if they name one.
fn throttled(answer: &Answer, of: LimitOf, reason: &'static str) -> Class {
    let regained = minutes_to_regain(answer).map(|minutes| Duration::from_secs(minutes.saturating_mul(60)));
    Class::limited(of, regained.or_else(|| retry_after(answer)), reason)
}

/// The longest `estimated_time_to_regain_access` in `X-Business-Use-Case-Usage`, in minutes:
/// `{"<id>":[{"type":"pages","estimated_time_to_regain_access":5,..}]}`.
fn minutes_to_regain(answer: &Answer) -> Option<u64> {
    let usage = header(answer, "x-business-use-case-usage")?;
    let cases = usage.as_object()?.values().filter_map(Value::as_array).flatten();
    cases.filter_map(|case| case.get("estimated_time_to_regain_access")?.as_u64()).max().filter(|&minutes| minutes > 0)
}

/// Whether `X-App-Usage`, in per cent, says that a budget is used up.
fn is_exhausted(answer: &Answer) -> bool {
    let used =
        |usage: Value| usage.as_object().is_some_and(|usage| usage.values().any(|used| used.as_f64() >= Some(100.0)));
    header(answer, "x-app-usage").is_some_and(used)
}

fn header(answer: &Answer, name: &str) -> Option<Value> {
    serde_json::from_slice(answer.headers.get(name)?.as_bytes()).ok()
}

fn read(error: &Value) -> GraphError<'_> {
    let number = |name: &str| {
        let value = error.get(name)?;
        value.as_i64().or_else(|| value.as_str()?.parse().ok())
    };
    GraphError {
        code: number("code"),
        subcode: number("error_subcode"),
        message: error.get("message").and_then(Value::as_str).unwrap_or_default(),
        is_transient: error.get("is_transient").and_then(Value::as_bool).unwrap_or_default(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
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
        let class = classify(action, answer);
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
            for action in [ActionKind::Hide, ActionKind::Unhide, ActionKind::Delete, ActionKind::Ban, ActionKind::Unban]
            {
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
        assert_eq!(
            with_usage("{\"call_count\":100,\"total_time\":25,\"total_cputime\":25}"),
            "Limited App without a time"
        );
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
            let class = classify(ActionKind::Reply, &error(400, code, None));
            assert!(!format!("{class:?}").contains("1234567890321"), "{class:?}");
        }
    }
}
