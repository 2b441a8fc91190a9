//! What the Graph API's answers mean (docs/platforms.md, section 5.1). Throttling comes as 400 or 403 with a code, so
//! the code is asked before the status.

use std::time::Duration;

use policy::{ActionKind, Obstacle};
use serde_json::Value;

use super::OfMeta;
use crate::arriving::bounds;
use crate::asking::quota::{retry_after, unavailable};
use crate::{Answer, Class, LimitOf, Means, Presence};

/// How long nothing is asked of an account that Meta has blocked for reasons of its policy: it lasts for hours.
const BLOCKED: Duration = Duration::from_secs(6 * 3600);

/// The error object of an answer, as far as it decides anything.
struct GraphError<'a> {
    code: Option<i64>,
    subcode: Option<i64>,
    message: &'a str,
    is_transient: bool,
}

impl<P: OfMeta> Means for P {
    /// What the answer to an action means.
    fn classify(&self, action: ActionKind, answer: &Answer) -> Class {
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

    /// What the read of our own account tells. It never tells that the object is there: who fails it may not be
    /// permitted to see it.
    fn presence(&self, answer: &Answer) -> Presence {
        let is_read = answer.status.is_success() && answer.body.get("id").is_some();
        if is_read { Presence::Gone } else { Presence::Unknown }
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
mod tests;
