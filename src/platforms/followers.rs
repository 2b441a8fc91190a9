//! Counts followers and the like, by the calls of docs/platforms.md, section 4.

use policy::{Account, ActionKind, Gap, Metric, Reading};
use serde_json::Value;

use crate::{Answer, Call, Caller, Class, NoAnswer, Unanswered, adapter};

/// No account of the world has more followers or posts than there are people.
const MOST: u64 = 10_000_000_000;

/// From this count on YouTube tells three significant figures only.
const ROUNDED_FROM: u64 = 1000;

/// A call that counts something about an account.
#[derive(Clone, Debug, PartialEq)]
pub struct CountCall {
    /// The call.
    pub call: Call,
    /// What its answer tells.
    pub fields: &'static [CountField],
    /// Where the answer holds the id of the account that was counted, when the token alone decides which one that is.
    pub counted: Option<&'static str>,
}

/// Where an answer holds a count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CountField {
    /// What is counted.
    pub metric: Metric,
    /// The JSON pointer to the number.
    pub at: &'static str,
    /// Whether the platform writes the number as a text.
    pub is_text: bool,
    /// The JSON pointer to a flag that says that the account hides the number, where there is one.
    pub hidden_at: Option<&'static str>,
    /// Whether large numbers are rounded down to three significant figures.
    pub rounds: bool,
}

impl CountField {
    /// A plain number at this JSON pointer.
    pub(crate) const fn plain(metric: Metric, at: &'static str) -> Self {
        Self { metric, at, is_text: false, hidden_at: None, rounds: false }
    }

    /// What an answer says about it.
    fn read(&self, body: &Value) -> Reading {
        if self.hidden_at.and_then(|at| body.pointer(at)).and_then(Value::as_bool) == Some(true) {
            return Reading::Gap(Gap::Hidden);
        }
        let number = match body.pointer(self.at) {
            Some(Value::Number(number)) if !self.is_text => number.to_string(),
            Some(Value::String(text)) if self.is_text => text.clone(),
            _ => return Reading::Gap(Gap::NotUnderstood),
        };
        match (number.parse::<u64>(), number.parse::<f64>()) {
            (Ok(value), _) if value <= MOST => Reading::Count { value, rounded: self.rounds && value >= ROUNDED_FROM },
            // A number all the same: negative, broken, or too large.
            (_, Ok(_)) => Reading::Gap(Gap::Absurd),
            _ => Reading::Gap(Gap::NotUnderstood),
        }
    }
}

/// Asks the platform for everything that it counts about an account. What it does not tell is a gap, with its reason;
/// each call stands for itself, because a metric that a platform has removed fails the whole call that names it.
pub async fn count(caller: &impl Caller, account: &Account) -> Vec<(Metric, Reading)> {
    let adapter = adapter(account.platform);
    let mut readings = Vec::new();
    for counting in adapter.count_calls(account) {
        let read = match caller.obtain(account, &counting.call).await {
            Ok(answer) if !answer.status.is_success() => {
                // The errors of a read are those of any call that is harmless to repeat.
                Err(gap(&adapter.classify(ActionKind::Hide, &answer)))
            }
            Ok(answer) => counting.belongs_to(account, &answer),
            Err(NoAnswer::Held(_)) => Err(Gap::Limited),
            Err(NoAnswer::Unanswered(Unanswered::NoToken | Unanswered::Unsendable)) => Err(Gap::NoToken),
            Err(NoAnswer::Unanswered(Unanswered::NotSent | Unanswered::Lost)) => Err(Gap::Unreachable),
        };
        for field in counting.fields {
            let reading = read.as_ref().map_or_else(|gap| Reading::Gap(*gap), |body| field.read(body));
            if let Reading::Gap(gap) = reading {
                let (platform, account, call) = (account.platform, &account.id, counting.call.name);
                tracing::warn!(%platform, %account, call, metric = %field.metric, ?gap, "an account was not counted");
            }
            readings.push((field.metric, reading));
        }
    }
    readings
}

impl CountCall {
    fn belongs_to(&self, account: &Account, answer: &Answer) -> Result<Value, Gap> {
        let counted = self.counted.map(|at| answer.body.pointer(at).and_then(Value::as_str));
        let ours = counted.is_none_or(|counted| counted == Some(account.id.as_str()));
        if ours { Ok(answer.body.clone()) } else { Err(Gap::NotPermitted) }
    }
}

/// Why there is no count, by the class of the platform's answer.
fn gap(class: &Class) -> Gap {
    match class {
        Class::Limited(_) | Class::Suspended(..) => Gap::Limited,
        Class::RetryAfter(_) | Class::RetryBackoff(_) => Gap::Unreachable,
        Class::Reauthorise(_) | Class::Configuration(_) => Gap::NotPermitted,
        Class::Done(_) | Class::AlreadySo | Class::Unsure | Class::NextAlternative(_) | Class::Permanent(_) => {
            Gap::Declined
        }
    }
}

#[cfg(test)]
mod tests {
    use policy::{AccountId, Platform};
    use serde_json::json;

    use super::*;
    use crate::fixtures::account;

    /// What the first call about an account of this platform would read out of this answer, by metric.
    fn read(platform: Platform, body: &Value) -> Vec<(Metric, Reading)> {
        let calls = adapter(platform).count_calls(&account(platform, "us"));
        calls[0].fields.iter().map(|field| (field.metric, field.read(body))).collect()
    }

    fn followers(platform: Platform, body: &Value) -> Reading {
        read(platform, body)[0].1
    }

    #[test]
    fn every_platform_is_asked_by_the_documented_call() {
        let asked = |account: &Account| -> Vec<String> {
            let calls = adapter(account.platform).count_calls(account);
            let shown = calls.iter().map(|CountCall { call, .. }| {
                let query: Vec<String> = call.query.iter().map(|(name, value)| format!("{name}={value}")).collect();
                format!("{} {:?} {}?{}", call.method, call.host, call.path, query.join("&"))
            });
            shown.collect()
        };
        let page = account(Platform::Facebook, "1234567890321");
        assert_eq!(
            asked(&page),
            ["GET Main /1234567890321?fields=followers_count", "GET Main /1234567890321?fields=fan_count"]
        );
        let mut instagram = account(Platform::Instagram, "178");
        assert_eq!(
            asked(&instagram),
            ["GET InstagramLogin /178?fields=followers_count", "GET InstagramLogin /178?fields=media_count"]
        );
        instagram.page = Some(AccountId::new("1234567890321"));
        assert_eq!(asked(&instagram)[0], "GET Main /178?fields=followers_count");
        assert_eq!(
            asked(&account(Platform::Linkedin, "urn:li:organization:96072893")),
            ["GET Main /rest/networkSizes/urn%3Ali%3Aorganization%3A96072893?edgeType=COMPANY_FOLLOWED_BY_MEMBER"]
        );
        assert_eq!(asked(&account(Platform::Youtube, "UCx")), ["GET Main /youtube/v3/channels?part=statistics&id=UCx"]);
        assert_eq!(asked(&account(Platform::X, "11")), ["GET Main /2/users/me?user.fields=public_metrics"]);
    }

    #[test]
    fn a_count_is_read_where_each_platform_writes_it() {
        let exact = Reading::exact;
        assert_eq!(followers(Platform::Facebook, &json!({"followers_count": 5141, "id": "1"})), exact(5141));
        assert_eq!(followers(Platform::Instagram, &json!({"followers_count": 3090})), exact(3090));
        assert_eq!(followers(Platform::Linkedin, &json!({"firstDegreeSize": 0})), exact(0));
        let me = json!({"data": {"id": "us", "public_metrics": {"followers_count": 97, "tweet_count": 12}}});
        assert_eq!(read(Platform::X, &me), [(Metric::Followers, exact(97)), (Metric::Posts, exact(12))]);
    }

    fn channel(statistics: Value) -> Value {
        json!({"items": [{"statistics": statistics}]})
    }

    #[test]
    fn youtube_writes_numbers_as_texts_rounds_large_ones_and_may_hide_them() {
        let counts = |subscribers: &str| channel(json!({"subscriberCount": subscribers, "videoCount": "1024"}));
        let rounded = Reading::Count { value: 12_300, rounded: true };
        let exact = Reading::exact;
        assert_eq!(
            read(Platform::Youtube, &counts("12300")),
            [(Metric::Followers, rounded), (Metric::Posts, exact(1024))]
        );
        assert_eq!(followers(Platform::Youtube, &counts("999")), exact(999));
        let hidden = channel(json!({"hiddenSubscriberCount": true, "subscriberCount": "0", "videoCount": "7"}));
        assert_eq!(
            read(Platform::Youtube, &hidden),
            [(Metric::Followers, Reading::Gap(Gap::Hidden)), (Metric::Posts, exact(7))]
        );
    }

    #[test]
    fn what_cannot_be_a_count_is_a_gap() {
        let facebook = |value: Value| followers(Platform::Facebook, &json!({"followers_count": value}));
        for absurd in [json!(-1), json!(10_000_000_001_u64), json!(1.5), json!(1e30)] {
            assert_eq!(facebook(absurd.clone()), Reading::Gap(Gap::Absurd), "{absurd}");
        }
        for unclear in [json!("5141"), json!(null), json!([5141]), json!(true)] {
            assert_eq!(facebook(unclear.clone()), Reading::Gap(Gap::NotUnderstood), "{unclear}");
        }
        assert_eq!(facebook(json!(MOST)), Reading::exact(MOST));
        let youtube = |text: Value| followers(Platform::Youtube, &channel(json!({"subscriberCount": text})));
        assert_eq!(youtube(json!("-3")), Reading::Gap(Gap::Absurd));
        assert_eq!(youtube(json!("tanti")), Reading::Gap(Gap::NotUnderstood));
        assert_eq!(youtube(json!(12_300)), Reading::Gap(Gap::NotUnderstood));
        assert_eq!(followers(Platform::Youtube, &json!({"items": []})), Reading::Gap(Gap::NotUnderstood));
    }

    #[test]
    fn a_token_of_another_account_does_not_count_for_this_one() {
        let [call] = &adapter(Platform::X).count_calls(&account(Platform::X, "us"))[..] else { panic!("one call") };
        let answer = |id: &str| Answer {
            status: http::StatusCode::OK,
            headers: http::HeaderMap::new(),
            body: json!({"data": {"id": id}}),
        };
        assert!(call.belongs_to(&account(Platform::X, "us"), &answer("us")).is_ok());
        assert_eq!(call.belongs_to(&account(Platform::X, "us"), &answer("them")), Err(Gap::NotPermitted));
    }

    #[test]
    fn each_class_of_error_has_its_reason() {
        assert_eq!(gap(&Class::limited(crate::LimitOf::Account, None, "")), Gap::Limited);
        assert_eq!(gap(&Class::RetryAfter(std::time::Duration::from_secs(60))), Gap::Unreachable);
        assert_eq!(gap(&Class::RetryBackoff("")), Gap::Unreachable);
        assert_eq!(gap(&Class::Reauthorise("")), Gap::NotPermitted);
        assert_eq!(gap(&Class::Permanent(policy::Obstacle::Gone)), Gap::Declined);
    }
}
