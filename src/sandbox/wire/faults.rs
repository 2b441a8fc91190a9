//! Failures on demand.

use std::collections::BTreeMap;

use http::StatusCode;
use jiff::Timestamp;
use policy::Platform;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::platforms::{linkedin, meta, x, youtube};
use crate::wire::request::Reply;

/// A failure that waits for the calls it matches. In JSON:
/// `{"platform": "facebook", "method": "POST", "path": "is_hidden=true", "times": 2, "latency_ms": 50,
/// "effect": {"answer": {"status": 500, "body": {}}}}`, where everything may be left out, and the effect can also be
/// `"lost"` or `{"rate_limit": {"seconds": 900}}`.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Fault {
    /// Only calls to this platform.
    #[serde(default)]
    pub platform: Option<Platform>,
    /// Only calls with this method.
    #[serde(default)]
    pub method: Option<String>,
    /// Only calls whose path with query, as the journal shows it, contains this.
    #[serde(default)]
    pub path: Option<String>,
    /// How many calls it strikes.
    #[serde(default = "once")]
    pub times: u32,
    /// How long the answer takes, in milliseconds, after the effect.
    #[serde(default)]
    pub latency_ms: u64,
    /// What happens; by default only the latency.
    #[serde(default)]
    pub effect: FaultEffect,
}

/// What a fault does to a call.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum FaultEffect {
    /// The call is carried out and answered as usual.
    #[default]
    None,
    /// The call is not carried out and gets this answer.
    Answer {
        /// The status.
        status: u16,
        /// The JSON body.
        #[serde(default)]
        body: Option<Value>,
        /// Headers.
        #[serde(default)]
        headers: BTreeMap<String, String>,
    },
    /// The call is carried out, then the connection breaks without an answer.
    Lost,
    /// The call is not carried out; the platform answers in its own way that there were too many (docs/platforms.md,
    /// section 5).
    RateLimit {
        /// After how many seconds calls are welcome again, where the platform tells at all. Meta tells whole minutes.
        seconds: u32,
    },
}

impl Default for Fault {
    /// Strikes the next call, whatever it is, without effect.
    fn default() -> Self {
        Self { platform: None, method: None, path: None, times: 1, latency_ms: 0, effect: FaultEffect::None }
    }
}

/// The faults that wait, the oldest first.
#[derive(Default)]
pub(crate) struct Faults(Vec<Fault>);

impl Faults {
    pub(crate) fn add(&mut self, fault: Fault) {
        self.0.push(fault);
    }

    pub(crate) fn clear(&mut self) {
        self.0.clear();
    }

    /// The first fault that matches a call, counted down; gone when its times are up.
    pub(crate) fn strike(&mut self, platform: Platform, method: &str, path: &str) -> Option<Fault> {
        let index = self.0.iter().position(|fault| {
            fault.times > 0
                && fault.platform.is_none_or(|wanted| wanted == platform)
                && fault.method.as_deref().is_none_or(|wanted| wanted.eq_ignore_ascii_case(method))
                && fault.path.as_deref().is_none_or(|wanted| path.contains(wanted))
        })?;
        self.0[index].times -= 1;
        let fault = self.0[index].clone();
        if fault.times == 0 {
            self.0.remove(index);
        }
        Some(fault)
    }
}

/// A platform's own way to say that there were too many calls (docs/platforms.md, sections 5.1 to 5.4).
pub(crate) fn rate_limited(platform: Platform, account: &str, seconds: u32, now: Timestamp) -> Reply {
    match platform {
        Platform::Facebook | Platform::Instagram => {
            let (code, kind) = if platform == Platform::Facebook { (80001, "pages") } else { (80002, "instagram") };
            let usage = json!({ account: [{"type": kind, "call_count": 100, "total_cputime": 25, "total_time": 25,
                "estimated_time_to_regain_access": seconds.div_ceil(60)}] });
            meta::error(code, None, "There have been too many calls to this account.")
                .header("x-business-use-case-usage", usage.to_string())
                .header("x-app-usage", r#"{"call_count":100,"total_time":25,"total_cputime":25}"#)
        }
        Platform::Linkedin => {
            linkedin::error(StatusCode::TOO_MANY_REQUESTS, "TOO_MANY_REQUESTS", "Resource level throttle limit reached")
        }
        Platform::Youtube => youtube::error(
            StatusCode::FORBIDDEN,
            "youtube.quota",
            "rateLimitExceeded",
            "The request cannot be completed because of too many requests.",
        ),
        Platform::X => x::problem(StatusCode::TOO_MANY_REQUESTS, "rate-limit-exceeded", "Too Many Requests")
            .header("x-rate-limit-limit", "50")
            .header("x-rate-limit-remaining", "0")
            .header("x-rate-limit-reset", (now.as_second() + i64::from(seconds)).to_string()),
    }
}

fn once() -> u32 {
    1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fault_strikes_only_what_it_matches_and_only_so_often() {
        let mut faults = Faults::default();
        faults.add(Fault {
            platform: Some(Platform::Facebook),
            method: Some("post".to_owned()),
            path: Some("is_hidden".to_owned()),
            times: 2,
            ..Fault::default()
        });
        let hide = "/v26.0/1_2?is_hidden=true";
        assert!(faults.strike(Platform::Instagram, "POST", hide).is_none());
        assert!(faults.strike(Platform::Facebook, "GET", hide).is_none());
        assert!(faults.strike(Platform::Facebook, "POST", "/v26.0/1_2/comments").is_none());
        assert!(faults.strike(Platform::Facebook, "POST", hide).is_some());
        assert!(faults.strike(Platform::Facebook, "POST", hide).is_some());
        assert!(faults.strike(Platform::Facebook, "POST", hide).is_none());
    }

    #[test]
    fn the_json_of_a_fault_reads_as_documented_and_refuses_misspellings() {
        let fault: Fault = serde_json::from_value(json!({"path": "/comments", "effect": "lost"})).expect("a fault");
        assert_eq!(fault, Fault { path: Some("/comments".to_owned()), effect: FaultEffect::Lost, ..Fault::default() });
        let fault: Fault =
            serde_json::from_value(json!({"effect": {"rate_limit": {"seconds": 900}}})).expect("a fault");
        assert_eq!(fault.effect, FaultEffect::RateLimit { seconds: 900 });
        assert!(serde_json::from_value::<Fault>(json!({"latency": 5})).is_err());
    }

    #[test]
    fn each_platform_says_in_its_own_way_that_there_were_too_many_calls() {
        let now = Timestamp::from_second(1_700_000_000).expect("a time");
        let code = |platform| {
            let reply = rate_limited(platform, "1", 90, now);
            let headers: BTreeMap<_, _> = reply.headers.into_iter().collect();
            (reply.status.as_u16(), reply.body.unwrap_or_default(), headers)
        };
        let (status, body, headers) = code(Platform::Facebook);
        assert_eq!((status, &body["error"]["code"]), (400, &json!(80001)));
        assert!(headers["x-business-use-case-usage"].contains(r#""estimated_time_to_regain_access":2"#));
        assert_eq!(code(Platform::Instagram).1["error"]["code"], 80002);
        assert_eq!(code(Platform::Linkedin).0, 429);
        assert_eq!(code(Platform::Youtube).1["error"]["errors"][0]["reason"], "rateLimitExceeded");
        assert_eq!(code(Platform::X).2["x-rate-limit-reset"], "1700000090");
    }
}
