//! What LinkedIn's answers mean (docs/platforms.md, section 5.2).

use std::time::Duration;

use http::StatusCode;
use policy::{ActionKind, Obstacle};
use serde_json::Value;

use super::Linkedin;
use crate::arriving::bounds;
use crate::asking::quota::{unavailable, until_midnight};
use crate::{Answer, Class, LimitOf, Means, Presence};

/// How long comments are held back after "Comment create throttled".
const THROTTLED: Duration = Duration::from_secs(60);

/// How long nothing is asked of LinkedIn when it no longer serves the version that we ask for: until someone sets
/// another.
const SUNSET: Duration = Duration::from_secs(3600);

impl Means for Linkedin {
    /// What the answer to an action means.
    fn classify(&self, action: ActionKind, answer: &Answer) -> Class {
        match (answer.status.as_u16(), action) {
            (200..=299, ActionKind::Reply) => match created(answer) {
                Some(id) => Class::Done(Some(id)),
                // Asked again, it could be read twice: someone has to look.
                None => Class::Permanent(Obstacle::Unconfirmed),
            },
            (204, _) => Class::Done(None),
            (200..=299, _) => Class::RetryBackoff("the answer does not say that it was done"),
            // Whether a Page may delete a member's comment is documented nowhere: for a deletion this is the answer to
            // that question, not a missing permission.
            (403, ActionKind::Delete) => Class::Permanent(Obstacle::MayNotRemove),
            (404, _) if no_such_resource(answer) => failure(answer),
            (404, ActionKind::Delete) => Class::AlreadySo,
            (404, ActionKind::Reply) => Class::Permanent(Obstacle::NothingToAnswer),
            // Asked again, it could be read twice: someone has to look.
            (409, ActionKind::Reply) => Class::Permanent(Obstacle::Conflict),
            _ => failure(answer),
        }
    }

    /// Whether a comment exists, by the answer to the call that reads it.
    fn presence(&self, answer: &Answer) -> Presence {
        match answer.status {
            status if status.is_success() => Presence::Present,
            StatusCode::NOT_FOUND if !no_such_resource(answer) => Presence::Gone,
            _ => Presence::Unknown,
        }
    }
}

/// What an answer means that is no success, whatever was asked.
pub(super) fn failure(answer: &Answer) -> Class {
    match answer.status.as_u16() {
        401 => Class::Reauthorise("the access token has expired or was revoked"),
        403 => Class::Configuration("the Page role was lost or a scope is missing"),
        409 => Class::RetryBackoff("a conflict with another change"),
        422 => Class::Permanent(Obstacle::ContentNotAccepted),
        426 => Class::Suspended("the LinkedIn API version is no longer served", SUNSET),
        429 if message(answer).contains("comment create throttled") => {
            Class::limited_alike(LimitOf::Account, THROTTLED, "too many comments within a minute")
        }
        429 => {
            // By kind of call: "Resource level throttle .. limit for calls to this resource is reached". The message
            // names whose day is used up: `APPLICATION DAY` or `MEMBER DAY`.
            let of = if message(answer).contains("application") { LimitOf::App } else { LimitOf::Account };
            Class::limited_alike(of, until_midnight(answer, "UTC"), "the calls of the day are used up")
        }
        500..=599 => unavailable(answer, "LinkedIn is not available"),
        _ => Class::Configuration("LinkedIn did not understand the call"),
    }
}

/// Whether it is the call that LinkedIn does not know, rather than the comment.
pub(super) fn no_such_resource(answer: &Answer) -> bool {
    message(answer).contains("no virtual resource")
}

fn created(answer: &Answer) -> Option<String> {
    answer.headers.get("x-restli-id")?.to_str().ok().map(str::to_owned).and_then(bounds::id)
}

fn message(answer: &Answer) -> String {
    answer.body.get("message").and_then(Value::as_str).unwrap_or_default().to_ascii_lowercase()
}

#[cfg(test)]
mod tests {
    use http::{HeaderMap, HeaderValue};
    use serde_json::json;

    use super::*;

    fn answered(status: u16, message: &str) -> Answer {
        let mut headers = HeaderMap::new();
        headers.insert("date", HeaderValue::from_static("Sat, 21 Nov 2026 22:00:00 GMT"));
        let body = json!({ "status": status, "serviceErrorCode": 100, "code": "X", "message": message });
        Answer { status: StatusCode::from_u16(status).unwrap(), headers, body }
    }

    #[test]
    fn each_row_of_the_table_has_its_class() {
        let class = |status, action| Linkedin.classify(action, &answered(status, ""));
        assert_eq!(class(204, ActionKind::Delete), Class::Done(None));
        assert!(matches!(class(401, ActionKind::Reply), Class::Reauthorise(_)));
        assert!(matches!(class(403, ActionKind::Reply), Class::Configuration(_)));
        assert!(matches!(class(403, ActionKind::Delete), Class::Permanent(_)));
        assert_eq!(class(404, ActionKind::Delete), Class::AlreadySo);
        assert!(matches!(class(404, ActionKind::Reply), Class::Permanent(_)));
        assert!(matches!(class(409, ActionKind::Reply), Class::Permanent(_)));
        assert!(matches!(class(409, ActionKind::Delete), Class::RetryBackoff(_)));
        assert!(matches!(class(422, ActionKind::Reply), Class::Permanent(_)));
        assert!(matches!(class(426, ActionKind::Reply), Class::Suspended(_, wait) if wait == SUNSET));
        assert!(matches!(class(400, ActionKind::Reply), Class::Configuration(_)));
        assert!(matches!(class(302, ActionKind::Reply), Class::Configuration(_)));
        for status in [500, 502, 503, 504] {
            assert!(matches!(class(status, ActionKind::Reply), Class::RetryBackoff(_)), "{status}");
        }
    }

    #[test]
    fn what_does_not_say_that_it_was_done_is_not_recorded_as_done() {
        assert!(matches!(Linkedin.classify(ActionKind::Delete, &answered(200, "")), Class::RetryBackoff(_)));
        assert!(matches!(Linkedin.classify(ActionKind::Reply, &answered(201, "")), Class::Permanent(_)));
        let mut created = answered(201, "");
        created.headers.insert("x-restli-id", HeaderValue::from_static("urn:li:comment:1"));
        assert_eq!(Linkedin.classify(ActionKind::Reply, &created), Class::Done(Some("urn:li:comment:1".to_owned())));
    }

    #[test]
    fn a_call_that_is_not_known_does_not_tell_that_the_comment_is_gone() {
        let answer = answered(404, "No virtual resource found");
        for action in [ActionKind::Delete, ActionKind::Reply] {
            assert!(matches!(Linkedin.classify(action, &answer), Class::Configuration(_)), "{action:?}");
        }
        assert_eq!(Linkedin.presence(&answer), Presence::Unknown);
    }

    #[test]
    fn the_daily_quota_is_waited_for_until_midnight_and_the_comment_throttle_for_a_minute() {
        let limit = |message| match Linkedin.classify(ActionKind::Reply, &answered(429, message)) {
            Class::Limited(limit) => {
                assert_eq!(limit.calls, crate::LimitedCalls::Alike, "{message}");
                (limit.of, limit.wait.unwrap().as_secs())
            }
            class => panic!("{class:?}"),
        };
        assert_eq!(limit("Resource level throttle"), (LimitOf::Account, 7200));
        assert_eq!(limit("Resource level throttle MEMBER DAY limit is reached"), (LimitOf::Account, 7200));
        assert_eq!(limit("Resource level throttle APPLICATION DAY limit is reached"), (LimitOf::App, 7200));
        assert_eq!(limit("Comment create throttled"), (LimitOf::Account, 60));
    }

    #[test]
    fn the_id_of_a_new_comment_stands_in_a_header() {
        let mut answer = answered(201, "");
        answer.headers.insert("x-restli-id", HeaderValue::from_static("7094977717598625792"));
        assert_eq!(Linkedin.classify(ActionKind::Reply, &answer), Class::Done(Some("7094977717598625792".to_owned())));
    }

    #[test]
    fn only_a_clear_answer_tells_that_a_comment_is_gone() {
        assert_eq!(Linkedin.presence(&answered(200, "")), Presence::Present);
        assert_eq!(Linkedin.presence(&answered(404, "")), Presence::Gone);
        assert_eq!(Linkedin.presence(&answered(403, "")), Presence::Unknown);
        assert_eq!(Linkedin.presence(&answered(500, "")), Presence::Unknown);
    }
}
