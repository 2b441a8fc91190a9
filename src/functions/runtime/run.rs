//! How a function runs: the start, which may fail, then one event after the other. What fails is said in JSON, as an
//! error, and told to Lambda, which tells whoever waits.

use std::fmt;
use std::panic;
use std::pin::Pin;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use anyhow::{Context, anyhow};
use bytes::Bytes;
use http::{Response, StatusCode};
use lambda_runtime::{Diagnostic, LambdaEvent, service_fn};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::json;
use tokio::time::timeout;

use crate::http::refusal;
use crate::start::start_log;

/// Where Lambda, or whoever plays it, takes answers and failures.
const RUNTIME_API: &str = "AWS_LAMBDA_RUNTIME_API";

/// How long the report of a failed start may take: it goes to the same machine.
const REPORT_TIMEOUT: Duration = Duration::from_secs(5);

/// What Lambda is told of a start that failed, and of an event that did: the kind of failure, beside its message.
const START_FAILED: &str = "Function.StartFailed";
const EVENT_FAILED: &str = "Function.EventFailed";

/// A future whose type is not spelled out: nested as they are here, the compiler would give up on them.
type Boxed<'f, T> = Pin<Box<dyn Future<Output = T> + 'f>>;

/// Starts, and hands each event to `handle` with what was started. Ends only when the start fails or Lambda goes away.
pub async fn run<S, E, A, F>(
    start: impl Future<Output = anyhow::Result<S>> + Send + 'static,
    handle: impl Fn(Arc<S>, LambdaEvent<E>) -> F,
) -> ExitCode
where
    S: Send + 'static,
    E: DeserializeOwned,
    A: Serialize,
    F: Future<Output = anyhow::Result<A>>,
{
    start_log();
    say_panics_in_json();
    // In a task of its own, so that a panic is a failed start like any other.
    let start: Pin<Box<dyn Future<Output = anyhow::Result<S>> + Send>> = Box::pin(start);
    let started = tokio::spawn(start).await.unwrap_or_else(|_| Err(anyhow!("the function panicked while it started")));
    let started = match started {
        Ok(started) => Arc::new(started),
        Err(error) => {
            report(&error).await;
            return ExitCode::FAILURE;
        }
    };
    let each = |event| {
        let handled: Boxed<'_, anyhow::Result<A>> = Box::pin(handle(Arc::clone(&started), event));
        async move { handled.await.map_err(EventFailed) }
    };
    let running: Boxed<'_, Result<(), lambda_runtime::Error>> = Box::pin(lambda_runtime::run(service_fn(each)));
    match running.await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            tracing::error!(%error, "the Lambda service went away");
            ExitCode::FAILURE
        }
    }
}

/// How long an event may be worked on of which no end is told: as long as a function runs at most.
const UNTOLD: Duration = Duration::from_secs(15 * 60);

/// Until when an event may be worked on. cargo-lambda tells of every event the same moment of 1970, so a deadline that had
/// passed before the work began is taken for none.
pub(crate) fn deadline(told: SystemTime, now: SystemTime) -> SystemTime {
    if told > now { told } else { now + UNTOLD }
}

/// How long before the function's time is up a request is answered, whatever it waits for: renewed secrets, changed
/// pseudonym keys, the tables. Who is out of time is killed, and the next instance starts cold amid a disturbance.
const MARGIN: Duration = Duration::from_secs(1);

/// How long a request may be worked on.
pub(crate) fn left(told: SystemTime, now: SystemTime) -> Duration {
    let left = deadline(told, now).duration_since(now).unwrap_or_default();
    left.saturating_sub(MARGIN)
}

/// The answer of a function to a request, or 503 where it takes too long, by which a platform knows that it has to repeat.
/// What is recorded by then stays so, and renewed secrets that are not in use yet are taken into use by the next request.
pub(crate) async fn in_time(
    function: &str,
    left: Duration,
    respond: impl Future<Output = anyhow::Result<Response<Bytes>>>,
) -> anyhow::Result<Response<Bytes>> {
    match timeout(left, respond).await {
        Ok(answered) => answered,
        Err(_) => {
            tracing::error!(function, left_s = left.as_secs(), "a request is answered 503: it took too long");
            Ok(refusal(StatusCode::SERVICE_UNAVAILABLE))
        }
    }
}

/// An event that could not be worked on.
struct EventFailed(anyhow::Error);

impl fmt::Debug for EventFailed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:#}", self.0)
    }
}

impl From<EventFailed> for Diagnostic {
    fn from(EventFailed(error): EventFailed) -> Self {
        Diagnostic { error_type: EVENT_FAILED.to_owned(), error_message: format!("{error:#}") }
    }
}

/// Ends a function that does not know what it is to be.
pub(crate) async fn refuse(error: &anyhow::Error) -> ExitCode {
    start_log();
    report(error).await;
    ExitCode::FAILURE
}

/// Says in the log why the function did not start, and tells Lambda: a caller that is told nothing waits until its own
/// patience ends.
async fn report(error: &anyhow::Error) {
    tracing::error!(error = format!("{error:#}"), "the function cannot start");
    if let Err(error) = tell_lambda(error).await {
        tracing::warn!(error = format!("{error:#}"), "Lambda could not be told that the function cannot start");
    }
}

/// The call `/runtime/init/error` of the Runtime API.
async fn tell_lambda(error: &anyhow::Error) -> anyhow::Result<()> {
    let api = std::env::var(RUNTIME_API).with_context(|| format!("{RUNTIME_API} is not set"))?;
    // Lambda gives a host with a port; cargo-lambda an address with scheme and path.
    let base = if api.contains("://") { api } else { format!("http://{api}") };
    let body = json!({ "errorMessage": format!("{error:#}"), "errorType": START_FAILED, "stackTrace": [] });
    let client = reqwest::Client::builder().no_proxy().timeout(REPORT_TIMEOUT).build()?;
    let told = client
        .post(format!("{}/2018-06-01/runtime/init/error", base.trim_end_matches('/')))
        .header("lambda-runtime-function-error-type", START_FAILED)
        .json(&body)
        .send()
        .await?;
    told.error_for_status()?;
    Ok(())
}

/// A panic is an error in the log that the alarm sees. Only its place is said: the message may hold what somebody wrote.
fn say_panics_in_json() {
    panic::set_hook(Box::new(|panicked| {
        let place = panicked.location().map(ToString::to_string).unwrap_or_default();
        tracing::error!(place, "the function panicked");
    }));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_deadline_that_was_never_ahead_is_none() {
        let now = SystemTime::UNIX_EPOCH + Duration::from_secs(1_800_000_000);
        let told = now + Duration::from_secs(60);
        assert_eq!(deadline(told, now), told);
        assert_eq!(deadline(SystemTime::UNIX_EPOCH + Duration::from_millis(600_000), now), now + UNTOLD);
    }

    #[tokio::test]
    async fn what_takes_too_long_is_answered_503_and_the_platform_repeats() {
        let hangs = std::future::pending::<anyhow::Result<Response<Bytes>>>();
        let answer = in_time("x", Duration::from_millis(5), hangs).await.unwrap();
        assert_eq!(answer.status(), StatusCode::SERVICE_UNAVAILABLE);
        let in_time = in_time("x", Duration::from_secs(5), async { Ok(refusal(StatusCode::OK)) }).await;
        assert_eq!(in_time.unwrap().status(), StatusCode::OK);
    }

    #[test]
    fn a_request_is_answered_a_second_before_the_time_of_the_function_is_up() {
        let now = SystemTime::UNIX_EPOCH + Duration::from_secs(1_800_000_000);
        assert_eq!(left(now + Duration::from_secs(10), now), Duration::from_secs(9));
        assert_eq!(left(now + Duration::from_millis(500), now), Duration::ZERO);
    }
}
