//! Limits: how long until they end, told by the answer's own clock.

use std::time::Duration;

use jiff::fmt::rfc2822;
use jiff::{Timestamp, ToSpan, tz::TimeZone};

use crate::{Answer, Class};

/// How long to wait when the answer does not tell the time: the quota may be renewed meanwhile, and one refused call
/// an hour costs little.
pub(crate) const WITHOUT_DATE: Duration = Duration::from_secs(3600);

/// The time from the answer's `date` header to the next midnight in this time zone; [`WITHOUT_DATE`] when it has none.
pub(crate) fn until_midnight(answer: &Answer, zone: &str) -> Duration {
    date(answer).and_then(|now| from(now, zone)).unwrap_or(WITHOUT_DATE)
}

/// The longest time that is believed of a header: no limit of any platform lasts longer than a day.
const LONGEST: Duration = Duration::from_secs(86_400);

/// The time that the answer's `retry-after` header tells, in seconds or as a date.
pub(crate) fn retry_after(answer: &Answer) -> Option<Duration> {
    let text = answer.headers.get(http::header::RETRY_AFTER)?.to_str().ok()?.trim();
    let wait = match text.parse::<u64>() {
        Ok(seconds) => Duration::from_secs(seconds),
        Err(_) => {
            let until = rfc2822::parse(text).ok()?.timestamp();
            Duration::try_from(until.duration_since(date(answer)?)).ok()?
        }
    };
    Some(wait).filter(|wait| (Duration::from_secs(1)..=LONGEST).contains(wait))
}

/// What it means that a platform is out of order for the moment.
pub(crate) fn unavailable(answer: &Answer, reason: &'static str) -> Class {
    retry_after(answer).map_or(Class::RetryBackoff(reason), Class::RetryAfter)
}

/// The time from the answer's `date` header to the moment in this header, in seconds since 1970. `None` where either does
/// not tell, and where it is no moment within a day from now.
pub(crate) fn until_reset(answer: &Answer, header: &str) -> Option<Duration> {
    let reset = answer.headers.get(header)?.to_str().ok()?.parse::<i64>().ok()?;
    let seconds = u64::try_from(reset.saturating_sub(date(answer)?.as_second())).ok()?;
    Some(Duration::from_secs(seconds.max(1))).filter(|wait| *wait <= LONGEST)
}

/// The time that the answer's `date` header tells.
pub(crate) fn date(answer: &Answer) -> Option<Timestamp> {
    let text = answer.headers.get(http::header::DATE)?.to_str().ok()?;
    rfc2822::parse(text).ok().map(|date| date.timestamp())
}

fn from(now: Timestamp, zone: &str) -> Option<Duration> {
    let local = now.to_zoned(TimeZone::get(zone).ok()?);
    let midnight = local.checked_add(1.day()).ok()?.start_of_day().ok()?;
    Duration::try_from(midnight.timestamp().duration_since(now)).ok()
}

#[cfg(test)]
mod tests {
    use http::{HeaderMap, HeaderValue, StatusCode};
    use serde_json::Value;

    use super::*;

    fn answered(date: Option<&'static str>) -> Answer {
        let mut headers = HeaderMap::new();
        if let Some(date) = date {
            headers.insert(http::header::DATE, HeaderValue::from_static(date));
        }
        Answer { status: StatusCode::FORBIDDEN, headers, body: Value::Null }
    }

    #[test]
    fn the_quota_returns_at_midnight_of_the_platform() {
        let evening = answered(Some("Sat, 21 Nov 2026 23:30:00 GMT"));
        assert_eq!(until_midnight(&evening, "UTC"), Duration::from_secs(30 * 60));
        assert_eq!(until_midnight(&evening, "America/Los_Angeles"), Duration::from_secs(8 * 3600 + 30 * 60));
    }

    #[test]
    fn the_day_on_which_clocks_change_has_its_own_length() {
        // On 1 November 2026 Los Angeles goes back from UTC-7 to UTC-8 at two in the morning: the day has 25 hours.
        let morning = answered(Some("Sun, 01 Nov 2026 07:00:00 GMT"));
        assert_eq!(until_midnight(&morning, "America/Los_Angeles"), Duration::from_secs(25 * 3600));
    }

    #[test]
    fn what_a_header_says_is_waited_for_and_nothing_absurd() {
        let told = |after: &'static str| {
            let mut answer = answered(Some("Sat, 21 Nov 2026 12:00:00 GMT"));
            answer.headers.insert(http::header::RETRY_AFTER, HeaderValue::from_static(after));
            retry_after(&answer).map(|wait| wait.as_secs())
        };
        assert_eq!(told("120"), Some(120));
        assert_eq!(told("Sat, 21 Nov 2026 12:05:00 GMT"), Some(300));
        for absurd in ["0", "-1", "", "presto", "99999999", "Sat, 21 Nov 2026 11:00:00 GMT"] {
            assert_eq!(told(absurd), None, "{absurd}");
        }
        assert_eq!(retry_after(&answered(None)), None);
    }

    #[test]
    fn without_a_date_it_is_asked_again_in_an_hour() {
        assert_eq!(until_midnight(&answered(None), "UTC"), WITHOUT_DATE);
        assert_eq!(until_midnight(&answered(Some("ieri")), "UTC"), WITHOUT_DATE);
    }
}
