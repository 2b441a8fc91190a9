//! What X's answers mean (docs/platforms.md, section 5.4).

use std::time::Duration;

use http::StatusCode;
use policy::{ActionKind, Obstacle};
use serde_json::Value;

use super::X;
use crate::arriving::bounds;
use crate::asking::quota::{retry_after, unavailable, until_reset};
use crate::{Answer, Class, LimitOf, Means, Presence};

/// How long a limit lasts of which X does not say when it ends: all are by the quarter of an hour.
const WINDOW: Duration = Duration::from_secs(15 * 60);

/// What remains until someone buys more, or a new month begins: asked again every hour.
const NO_CREDIT: Class = Class::Suspended("the credit at X is used up", Duration::from_secs(3600));

impl Means for X {
    /// What the answer to an action means. A 200 can hold errors beside the result, or instead of it.
    fn classify(&self, action: ActionKind, answer: &Answer) -> Class {
        use ActionKind::{Ban, Delete, Hide, PrivateReply, Reply, Unban, Unhide};
        if answer.status.is_success() && confirmed(action, &answer.body) {
            let created = answer.body.pointer("/data/id").or_else(|| answer.body.pointer("/data/dm_event_id"));
            let created = created.filter(|_| action.speaks()).and_then(Value::as_str).map(str::to_owned);
            return Class::Done(created.and_then(bounds::id));
        }
        match (answer.status.as_u16(), problem(&answer.body), action) {
            (401, ..) => Class::Reauthorise("the access token is no longer valid"),
            (402, ..) | (_, "usage-capped", _) => NO_CREDIT,
            (429, ..) | (_, "rate-limit-exceeded", _) => limited(answer),
            (500..=599, ..) => unavailable(answer, "X is not available"),
            // Blocking altogether is not part of every contract: it is forbidden, or as if it did not exist.
            (403 | 404, _, Ban | Unban) => Class::NextAlternative(Obstacle::NotInContract),
            (_, "resource-not-found", Hide | Unhide | Delete) => Class::AlreadySo,
            (_, "resource-not-found", _) => Class::Permanent(Obstacle::Gone),
            (403, _, Reply) => Class::Permanent(Obstacle::ReplyNotAccepted),
            (403, _, PrivateReply) => Class::Permanent(Obstacle::NotReceiving),
            (_, "not-authorized-for-resource", _) => Class::Permanent(Obstacle::NoAccess),
            (_, "client-forbidden", _) => Class::Configuration("the app at X lacks a permission"),
            (403, _, Hide | Unhide) => Class::Permanent(Obstacle::NotInOurConversation),
            // Asked again, it could be read twice: someone has to look.
            (200..=299, _, Reply | PrivateReply) => Class::Permanent(Obstacle::Unconfirmed),
            (200..=299, "", _) => Class::RetryBackoff("X answered without a result"),
            _ => Class::Configuration("X did not understand the call"),
        }
    }

    /// Whether a post exists, by the answer to the call that reads it.
    fn presence(&self, answer: &Answer) -> Presence {
        match answer.status {
            status if status.is_success() && answer.body.get("data").is_some() => Presence::Present,
            status if status.is_success() || status == StatusCode::NOT_FOUND => match problem(&answer.body) {
                "resource-not-found" => Presence::Gone,
                _ => Presence::Unknown,
            },
            _ => Presence::Unknown,
        }
    }
}

/// Whether the result says that what was asked is so now.
fn confirmed(action: ActionKind, body: &Value) -> bool {
    let says = |pointer: &str, expected: bool| body.pointer(pointer).and_then(Value::as_bool) == Some(expected);
    match action {
        ActionKind::Hide => says("/data/hidden", true),
        ActionKind::Unhide => says("/data/hidden", false),
        ActionKind::Reply => body.pointer("/data/id").is_some(),
        ActionKind::PrivateReply => body.pointer("/data/dm_event_id").is_some(),
        ActionKind::Ban => says("/data/blocking", true) || says("/data/blocked", true),
        ActionKind::Unban => says("/data/blocking", false) || says("/data/blocked", false),
        ActionKind::Delete => false,
    }
}

/// The last part of the problem's type, for example `resource-not-found`.
fn problem(body: &Value) -> &str {
    let kind = body.get("type").or_else(|| body.pointer("/errors/0/type")).and_then(Value::as_str);
    kind.and_then(|kind| kind.rsplit('/').next()).unwrap_or_default()
}

/// Which limit it is, and until when. Beside those of a quarter of an hour there are some for the day, of the account
/// and of the app, which come with the posting of posts. All are by kind of call: who may not post any more today may
/// hide.
fn limited(answer: &Answer) -> Class {
    let is_used_up = |name: &str| answer.headers.get(name).is_some_and(|left| left.as_bytes() == b"0");
    let days = [
        (LimitOf::App, "x-app-limit-24hour-remaining", "x-app-limit-24hour-reset"),
        (LimitOf::Account, "x-user-limit-24hour-remaining", "x-user-limit-24hour-reset"),
    ];
    let day = days.into_iter().find(|(_, left, _)| is_used_up(left));
    let (of, reset) = day.map_or((LimitOf::Account, "x-rate-limit-reset"), |(of, _, reset)| (of, reset));
    let wait = until_reset(answer, reset).or_else(|| retry_after(answer)).unwrap_or(WINDOW);
    Class::limited_alike(of, wait, "a rate limit of X is reached")
}

#[cfg(test)]
mod tests {
    use policy::ActionKind::{Ban, Hide, PrivateReply, Reply, Unban, Unhide};
    use serde_json::json;

    use super::*;
    use crate::testing::fixtures::{answer, answer_with};

    fn refused(status: u16, problem: &str) -> Answer {
        let kind = format!("https://api.x.com/2/problems/{problem}");
        answer(status, json!({ "title": "..", "detail": "..", "type": kind, "status": status }))
    }

    #[test]
    fn each_row_of_the_table_has_its_class() {
        let class = |status, problem, action| X.classify(action, &refused(status, problem));
        assert!(matches!(class(400, "invalid-request", Hide), Class::Configuration(_)));
        assert_eq!(class(404, "resource-not-found", Hide), Class::AlreadySo);
        for action in [Reply, PrivateReply] {
            assert!(matches!(class(404, "resource-not-found", action), Class::Permanent(_)), "{action:?}");
        }
        assert!(matches!(class(404, "", Hide), Class::Configuration(_)), "it may be the call that is not known");
        assert!(matches!(class(403, "not-authorized-for-resource", Hide), Class::Permanent(_)));
        assert!(matches!(class(403, "client-forbidden", Hide), Class::Configuration(_)));
        assert!(matches!(class(403, "about:blank", Hide), Class::Permanent(_)));
        for (status, problem) in [(403, "usage-capped"), (402, "")] {
            let class = class(status, problem, Hide);
            assert!(matches!(class, Class::Suspended(_, wait) if wait == Duration::from_secs(3600)), "{class:?}");
        }
        assert!(matches!(class(401, "", Hide), Class::Reauthorise(_)));
        assert!(matches!(class(403, "about:blank", Reply), Class::Permanent(_)));
        assert!(matches!(class(403, "client-forbidden", Reply), Class::Permanent(_)));
        assert!(matches!(class(403, "", PrivateReply), Class::Permanent(_)));
        for status in [500, 502, 503, 504] {
            assert!(matches!(class(status, "", Hide), Class::RetryBackoff(_)), "{status}");
        }
    }

    #[test]
    fn where_blocking_is_not_part_of_the_contract_the_messages_are_blocked() {
        for (status, problem) in
            [(403, "client-forbidden"), (403, "about:blank"), (404, ""), (404, "resource-not-found")]
        {
            for action in [Ban, Unban] {
                let class = X.classify(action, &refused(status, problem));
                assert!(matches!(class, Class::NextAlternative(_)), "{status} {problem} {action:?}");
            }
        }
    }

    #[test]
    fn a_limit_is_waited_for_until_it_ends() {
        let body = json!({ "errors": [{ "code": 88, "message": "Rate limit exceeded" }] });
        let limited = |headers: &[(&'static str, &str)]| X.classify(Hide, &answer_with(429, headers, body.clone()));
        let date = ("date", "Sat, 21 Nov 2026 12:00:00 GMT");
        let limit =
            |of, seconds| Class::limited_alike(of, Duration::from_secs(seconds), "a rate limit of X is reached");
        let wait = |seconds| limit(LimitOf::Account, seconds);
        assert_eq!(limited(&[date, ("x-rate-limit-reset", "1795262700")]), wait(300));
        assert_eq!(limited(&[date, ("x-rate-limit-reset", "1795262400")]), wait(1));
        assert_eq!(limited(&[date, ("x-rate-limit-reset", "1795262000")]), wait(900), "a time that has passed");
        assert_eq!(limited(&[date, ("x-rate-limit-reset", "presto")]), wait(900));
        assert_eq!(limited(&[date, ("x-rate-limit-reset", "9999999999")]), wait(900));
        assert_eq!(limited(&[("x-rate-limit-reset", "1795262700")]), wait(900));
        assert_eq!(X.classify(Hide, &refused(400, "rate-limit-exceeded")), wait(900));
        let soon = ("x-rate-limit-reset", "1795262700");
        let app = [date, soon, ("x-app-limit-24hour-remaining", "0"), ("x-app-limit-24hour-reset", "1795266000")];
        assert_eq!(limited(&app), limit(LimitOf::App, 3600));
        let user = [date, soon, ("x-user-limit-24hour-remaining", "0"), ("x-user-limit-24hour-reset", "1795266000")];
        assert_eq!(limited(&user), wait(3600));
        let left = [date, soon, ("x-app-limit-24hour-remaining", "7"), ("x-app-limit-24hour-reset", "1795266000")];
        assert_eq!(limited(&left), wait(300));
    }

    #[test]
    fn only_a_result_that_says_so_is_done() {
        let class = |action, body| X.classify(action, &answer(200, body));
        assert_eq!(class(Hide, json!({ "data": { "hidden": true } })), Class::Done(None));
        assert_eq!(class(Unhide, json!({ "data": { "hidden": false } })), Class::Done(None));
        assert_eq!(class(Ban, json!({ "data": { "blocking": true } })), Class::Done(None));
        assert_eq!(class(Ban, json!({ "data": { "blocked": true } })), Class::Done(None));
        assert_eq!(class(Unban, json!({ "data": { "blocking": false } })), Class::Done(None));
        let id = Class::Done(Some("9".to_owned()));
        assert_eq!(X.classify(Reply, &answer(201, json!({ "data": { "id": "9", "text": ".." } }))), id);
        assert_eq!(X.classify(PrivateReply, &answer(201, json!({ "data": { "dm_event_id": "9" } }))), id);
        for action in [Reply, PrivateReply] {
            for body in [Value::Null, json!({}), json!({ "data": {} })] {
                assert!(matches!(class(action, body.clone()), Class::Permanent(_)), "{action:?} {body}");
            }
        }
        for body in [Value::Null, json!({}), json!({ "data": { "hidden": false } })] {
            assert!(matches!(class(Hide, body.clone()), Class::RetryBackoff(_)), "{body}");
        }
    }

    #[test]
    fn a_success_can_hold_errors() {
        let error = |problem: &str| json!([{ "type": format!("https://api.x.com/2/problems/{problem}") }]);
        let gone = json!({ "errors": error("resource-not-found") });
        assert_eq!(X.classify(Hide, &answer(200, gone.clone())), Class::AlreadySo);
        let beside = json!({ "data": { "hidden": false }, "errors": error("not-authorized-for-resource") });
        assert!(matches!(X.classify(Hide, &answer(200, beside)), Class::Permanent(_)));
        let harmless = json!({ "data": { "hidden": true }, "errors": error("resource-not-found") });
        assert_eq!(X.classify(Hide, &answer(200, harmless)), Class::Done(None));

        assert_eq!(X.presence(&answer(200, gone)), Presence::Gone);
        assert_eq!(X.presence(&refused(404, "resource-not-found")), Presence::Gone);
        assert_eq!(X.presence(&answer(404, Value::Null)), Presence::Unknown);
        assert_eq!(X.presence(&answer(200, json!({ "data": { "id": "1" } }))), Presence::Present);
        assert_eq!(
            X.presence(&answer(200, json!({ "errors": error("not-authorized-for-resource") }))),
            Presence::Unknown
        );
        assert_eq!(X.presence(&answer(503, Value::Null)), Presence::Unknown);
    }
}
