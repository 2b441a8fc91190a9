//! What YouTube's answers mean (docs/platforms.md, section 5.3).

use http::StatusCode;
use policy::{ActionKind, Obstacle};
use serde_json::Value;

use super::Youtube;
use crate::arriving::bounds;
use crate::asking::quota::{retry_after, unavailable, until_midnight};
use crate::{Answer, Class, LimitOf, Means, Presence};

/// Where the day of the quota begins and ends.
const ZONE: &str = "America/Los_Angeles";

impl Means for Youtube {
    /// What the answer to an action means.
    fn classify(&self, action: ActionKind, answer: &Answer) -> Class {
        if answer.status.is_success() {
            let created = answer.body.get("id").and_then(Value::as_str).map(str::to_owned).and_then(bounds::id);
            return match (action, created) {
                (ActionKind::Reply, None) => {
                    // Asked again, it could be read twice: someone has to look.
                    Class::Permanent(Obstacle::Unconfirmed)
                }
                (ActionKind::Reply, created) => Class::Done(created),
                _ if answer.status == StatusCode::NO_CONTENT => Class::Done(None),
                _ => Class::RetryBackoff("the answer does not say that it was done"),
            };
        }
        // Only what removes, or brings back, is so already when the comment is gone.
        let moderates = matches!(action, ActionKind::Hide | ActionKind::Unhide | ActionKind::Delete);
        match failure(answer) {
            Class::AlreadySo if action == ActionKind::Ban => Class::Permanent(Obstacle::NothingToBlockBy),
            Class::AlreadySo if !moderates => Class::Permanent(Obstacle::NothingToAnswer),
            Class::Unsure if !moderates && reason(answer) == "processingFailure" => {
                Class::RetryBackoff("YouTube could not process the call for the moment")
            }
            Class::Unsure if !moderates => Class::Permanent(Obstacle::ForbiddenOrGone),
            class => class,
        }
    }

    /// Whether a comment exists: asked for by its id, one that is gone gives an empty list. One that is there is never
    /// [`Presence::Present`], because that would end the action for good: what YouTube could not process may pass the
    /// next time, and a right that is missing may be granted. Both are tried again with growing pauses, and end in a
    /// task when they do not pass.
    fn presence(&self, answer: &Answer) -> Presence {
        if answer.status == StatusCode::NOT_FOUND && reason(answer) == "commentNotFound" {
            return Presence::Gone;
        }
        match answer.body.get("items").and_then(Value::as_array) {
            Some(items) if answer.status.is_success() && items.is_empty() => Presence::Gone,
            _ => Presence::Unknown,
        }
    }
}

/// What an answer means that is no success, whatever was asked.
pub(super) fn failure(answer: &Answer) -> Class {
    match (answer.status.as_u16(), reason(answer)) {
        (401, _) | (_, "authError" | "invalid_grant") => Class::Reauthorise("the access token is no longer valid"),
        (_, "quotaExceeded" | "dailyLimitExceeded") => {
            Class::limited(LimitOf::App, Some(until_midnight(answer, ZONE)), "the quota of the day is used up")
        }
        (_, "userRateLimitExceeded") => {
            Class::limited(LimitOf::Account, retry_after(answer), "too many calls of the channel at once")
        }
        (429, _) | (_, "rateLimitExceeded") => {
            Class::limited(LimitOf::App, retry_after(answer), "too many calls at once")
        }
        (_, "commentsDisabled" | "commentNotFound") => Class::AlreadySo,
        // Not permitted, or the comment is gone.
        (403, "forbidden" | "") => Class::Unsure,
        // It may pass, or the author has deleted the comment: see `presence`.
        (_, "processingFailure") => Class::Unsure,
        (_, "operationNotSupported") => Class::Permanent(Obstacle::Unsupported),
        (500..=599, _) => unavailable(answer, "YouTube is not available"),
        (403, _) => Class::Configuration("a permission or a scope is missing"),
        _ => Class::Configuration("YouTube did not understand the call"),
    }
}

/// The reason that the answer gives; the token endpoint has another shape of its own.
fn reason(answer: &Answer) -> &str {
    let pointers = ["/error/errors/0/reason", "/error"];
    pointers.iter().find_map(|pointer| answer.body.pointer(pointer)?.as_str()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use serde_json::json;

    use super::*;
    use crate::testing::fixtures::{answer, answer_with};

    fn refused(status: u16, reason: &str) -> Answer {
        let error = json!({ "code": status, "message": "..", "errors": [{ "domain": "youtube", "reason": reason }] });
        answer_with(status, &[("date", "Sat, 21 Nov 2026 22:00:00 GMT")], json!({ "error": error }))
    }

    #[test]
    fn each_row_of_the_table_has_its_class() {
        let class = |status, reason| Youtube.classify(ActionKind::Hide, &refused(status, reason));
        let ten_hours = Some(Duration::from_secs(10 * 3600));
        for (status, reason, of, wait) in [
            (403, "quotaExceeded", LimitOf::App, ten_hours),
            (403, "dailyLimitExceeded", LimitOf::App, ten_hours),
            (403, "rateLimitExceeded", LimitOf::App, None),
            (403, "userRateLimitExceeded", LimitOf::Account, None),
            (429, "", LimitOf::App, None),
        ] {
            let Class::Limited(limit) = class(status, reason) else { panic!("{status} {reason}") };
            assert_eq!((limit.of, limit.wait), (of, wait), "{status} {reason}");
        }
        assert_eq!(class(403, "commentsDisabled"), Class::AlreadySo);
        assert_eq!(class(403, "forbidden"), Class::Unsure);
        assert_eq!(class(400, "processingFailure"), Class::Unsure);
        assert!(matches!(class(400, "banWithoutReject"), Class::Configuration(_)));
        assert!(matches!(class(400, "operationNotSupported"), Class::Permanent(_)));
        assert_eq!(class(404, "commentNotFound"), Class::AlreadySo);
        assert!(matches!(class(401, "authError"), Class::Reauthorise(_)));
        assert!(matches!(class(403, "insufficientPermissions"), Class::Configuration(_)));
        for (status, reason) in [(500, "backendError"), (503, "backendError"), (502, "")] {
            assert!(matches!(class(status, reason), Class::RetryBackoff(_)), "{status} {reason}");
        }
        let token = answer(400, json!({ "error": "invalid_grant", "error_description": ".." }));
        assert!(matches!(Youtube.classify(ActionKind::Hide, &token), Class::Reauthorise(_)));
        assert!(matches!(Youtube.classify(ActionKind::Hide, &answer(400, Value::Null)), Class::Configuration(_)));
    }

    #[test]
    fn an_author_whose_comment_is_gone_is_not_banned() {
        let class = Youtube.classify(ActionKind::Ban, &refused(404, "commentNotFound"));
        assert!(matches!(class, Class::Permanent(_)), "{class:?}");
    }

    #[test]
    fn only_what_removes_is_done_when_the_comment_is_gone() {
        for (status, reason) in [(403, "commentsDisabled"), (404, "commentNotFound"), (403, "forbidden"), (403, "")] {
            for action in [ActionKind::Reply, ActionKind::Ban] {
                let class = Youtube.classify(action, &refused(status, reason));
                assert!(matches!(class, Class::Permanent(_)), "{status} {reason} {action:?}: {class:?}");
            }
        }
        for action in [ActionKind::Reply, ActionKind::Ban] {
            let class = Youtube.classify(action, &refused(400, "processingFailure"));
            assert!(matches!(class, Class::RetryBackoff(_)), "{action:?}: {class:?}");
        }
    }

    #[test]
    fn a_404_without_a_reason_does_not_tell_that_the_comment_is_gone() {
        for answer in [answer(404, Value::Null), refused(404, "notFound")] {
            assert!(matches!(Youtube.classify(ActionKind::Hide, &answer), Class::Configuration(_)));
        }
    }

    #[test]
    fn what_does_not_say_that_it_was_done_is_not_recorded_as_done() {
        for body in [Value::Null, json!({}), json!([]), json!("x")] {
            for action in [ActionKind::Hide, ActionKind::Unhide, ActionKind::Delete, ActionKind::Ban] {
                assert!(
                    matches!(Youtube.classify(action, &answer(200, body.clone())), Class::RetryBackoff(_)),
                    "{action:?} {body}"
                );
            }
            assert!(
                matches!(Youtube.classify(ActionKind::Reply, &answer(200, body.clone())), Class::Permanent(_)),
                "{body}"
            );
        }
    }

    #[test]
    fn success_has_no_body_but_for_a_reply() {
        assert_eq!(Youtube.classify(ActionKind::Hide, &answer(204, Value::Null)), Class::Done(None));
        let reply = answer(200, json!({ "kind": "youtube#comment", "id": "Ugx.9a" }));
        assert_eq!(Youtube.classify(ActionKind::Reply, &reply), Class::Done(Some("Ugx.9a".to_owned())));
    }

    #[test]
    fn an_empty_list_tells_that_a_comment_is_gone() {
        assert_eq!(Youtube.presence(&answer(200, json!({ "items": [] }))), Presence::Gone);
        assert_eq!(Youtube.presence(&answer(200, json!({ "items": [{ "id": "Ugx" }] }))), Presence::Unknown);
        assert_eq!(Youtube.presence(&refused(404, "commentNotFound")), Presence::Gone);
        assert_eq!(Youtube.presence(&answer(404, json!({}))), Presence::Unknown);
        assert_eq!(Youtube.presence(&answer(403, json!({ "items": [] }))), Presence::Unknown);
        assert_eq!(Youtube.presence(&answer(200, Value::Null)), Presence::Unknown);
    }
}
