//! What an error of the engine means, and trying again. The SDK's own retries are off: they would hide whether an
//! earlier attempt of the same request may have taken effect, which decides what a failed condition means.

use std::error::Error;
use std::time::Duration;

use aws_credential_types::provider::error::CredentialsError;
use aws_sdk_dynamodb::config::retry::RetryConfig;
use aws_sdk_dynamodb::config::timeout::TimeoutConfig;
use aws_sdk_dynamodb::error::{ProvideErrorMetadata, SdkError};
use aws_sdk_dynamodb::operation::transact_write_items::TransactWriteItemsError;
use aws_sdk_dynamodb::{Client, config};

use crate::LedgerError;

/// How often a request is sent before the ledger is called unavailable. With the time-out below this ends within the
/// time that the platforms wait for the answer to a webhook, or soon after; they then send it again.
const ATTEMPTS: u32 = 6;
/// The longest one attempt may take.
const ATTEMPT_TIMEOUT: Duration = Duration::from_secs(2);
/// The pause before the second attempt is at most this long; it doubles from attempt to attempt.
const FIRST_PAUSE: Duration = Duration::from_millis(40);

const CONDITION_UNMET: &str = "ConditionalCheckFailed";
const CONDITION_UNMET_EXCEPTION: &str = "ConditionalCheckFailedException";

/// What the embedded engine answers, in place of DynamoDB's own errors, when something is wrong with the data file. Its
/// message says what, and is ours.
pub(crate) const FILE_FAULT: &str = "DataFileFault";

/// The same client without retries of its own and with a limit on each attempt.
pub(crate) fn without_retries(client: &Client) -> Client {
    let timeouts =
        TimeoutConfig::builder().connect_timeout(ATTEMPT_TIMEOUT).operation_attempt_timeout(ATTEMPT_TIMEOUT).build();
    let config: config::Builder = client.config().to_builder();
    Client::from_conf(config.retry_config(RetryConfig::disabled()).timeout_config(timeouts).build())
}

/// Why one attempt failed.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Fault {
    /// The condition of the write does not hold.
    Unmet,
    /// Another attempt may succeed. `uncertain` when this one may have taken effect all the same.
    Passing { reason: String, uncertain: bool },
    /// No other attempt can succeed.
    Lasting(LedgerError),
}

/// What became of a request that was sent until it was answered.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Answer<T> {
    /// It took effect.
    Done(T),
    /// Its condition does not hold. `uncertain` when an earlier attempt may have taken effect, so that it may be our
    /// own write that is in the way.
    Unmet { uncertain: bool },
}

/// Sends a request until it is answered, at most [`ATTEMPTS`] times, with growing random pauses between.
pub(crate) async fn repeat<T, F>(operation: &'static str, send: impl Fn() -> F) -> Result<Answer<T>, LedgerError>
where
    F: Future<Output = Result<T, Fault>>,
{
    let mut uncertain_before = false;
    let mut attempts = 1;
    loop {
        match send().await {
            Ok(answer) => return Ok(Answer::Done(answer)),
            Err(Fault::Unmet) => return Ok(Answer::Unmet { uncertain: uncertain_before }),
            Err(Fault::Lasting(error)) => return Err(error),
            Err(Fault::Passing { reason, .. }) if attempts == ATTEMPTS => {
                return Err(LedgerError::Unavailable { operation, attempts, reason });
            }
            Err(Fault::Passing { reason, uncertain }) => {
                tracing::debug!(operation, attempts, reason, uncertain, "the ledger's engine did not do it, retrying");
                uncertain_before |= uncertain;
            }
        }
        tokio::time::sleep(pause(attempts)).await;
        attempts += 1;
    }
}

/// A random time up to a limit that doubles with each attempt, so that writers that collided do not collide again.
fn pause(attempts: u32) -> Duration {
    FIRST_PAUSE.mul_f64(f64::from(1_u32 << (attempts - 1)) * rand::random_range(0.1..=1.0))
}

/// What the error of a request means.
pub(crate) fn fault<E: ProvideErrorMetadata + Error + 'static>(operation: &'static str, error: &SdkError<E>) -> Fault {
    let passing = |reason: &str| Fault::Passing { reason: reason.to_owned(), uncertain: true };
    // The SDK reports a request that was never sent as it does a broken connection.
    if let Some(reason) = unsendable(error) {
        return reason;
    }
    match error {
        SdkError::TimeoutError(_) => passing("a time-out"),
        SdkError::DispatchFailure(failure) if failure.is_timeout() => passing("a time-out"),
        SdkError::DispatchFailure(failure) if failure.is_user() => {
            Fault::Lasting(LedgerError::Configuration(format!("{operation} could not be sent")))
        }
        SdkError::DispatchFailure(_) => passing("a broken connection"),
        SdkError::ResponseError(_) => passing("an unreadable answer"),
        SdkError::ServiceError(_) if error.code() == Some(FILE_FAULT) => {
            Fault::Lasting(LedgerError::File(error.message().unwrap_or("the data file cannot be used").to_owned()))
        }
        SdkError::ServiceError(answer) => {
            service_fault(operation, error.code().unwrap_or("no error code"), answer.raw().status().as_u16())
        }
        _ => Fault::Lasting(LedgerError::Configuration(format!("{operation} could not be built"))),
    }
}

/// What keeps every request from being sent: no credentials, or none that can be had. They were asked for before a
/// connection was opened, so nothing has taken effect. `None` where that is not the cause.
fn unsendable(error: &(dyn Error + 'static)) -> Option<Fault> {
    let mut cause = Some(error);
    while let Some(error) = cause {
        match error.downcast_ref::<CredentialsError>() {
            Some(CredentialsError::ProviderTimedOut(_)) => {
                let reason = "a time-out of whoever hands out the credentials".to_owned();
                return Some(Fault::Passing { reason, uncertain: false });
            }
            Some(found) => return Some(Fault::Lasting(LedgerError::Configuration(no_credentials(found)))),
            None => cause = error.source(),
        }
    }
    None
}

/// Why there are no credentials, with everything that the chain of causes says: it names profiles, files and roles, and
/// never a secret.
fn no_credentials(error: &CredentialsError) -> String {
    let mut text = format!("there are no usable credentials: {error}");
    let mut cause = error.source();
    while let Some(error) = cause {
        text += &format!(": {error}");
        cause = error.source();
    }
    text
}

/// What a refusal of AWS asks of whoever reads it; empty where nothing more can be said.
fn remedy(code: &str) -> &'static str {
    match code {
        "AccessDeniedException" => ": the role or user of these credentials is not permitted to do it",
        "UnrecognizedClientException" | "InvalidClientTokenId" | "MissingAuthenticationTokenException" => {
            ": AWS does not know these credentials"
        }
        "ExpiredTokenException" | "ExpiredToken" => ": the credentials have expired; sign in again",
        "InvalidSignatureException" | "SignatureDoesNotMatch" => {
            ": the secret key is another one, or the clock of this machine is wrong"
        }
        "ResourceNotFoundException" => ": there is no such table or index in this account and region",
        _ => "",
    }
}

/// The message of the engine is left out everywhere: it may repeat parts of keys and values.
fn service_fault(operation: &'static str, code: &str, status: u16) -> Fault {
    match code {
        CONDITION_UNMET_EXCEPTION => Fault::Unmet,
        "ProvisionedThroughputExceededException"
        | "RequestLimitExceeded"
        | "ThrottlingException"
        | "LimitExceededException"
        | "TransactionConflictException" => Fault::Passing { reason: code.to_owned(), uncertain: false },
        "TransactionInProgressException" => Fault::Passing { reason: code.to_owned(), uncertain: true },
        _ if status >= 500 => Fault::Passing { reason: code.to_owned(), uncertain: true },
        _ => {
            let remedy = remedy(code);
            Fault::Lasting(LedgerError::Configuration(format!("{operation} was answered with {code}{remedy}")))
        }
    }
}

/// What the error of a transaction means. A cancelled transaction took no effect at all.
pub(crate) fn transaction_fault(operation: &'static str, error: &SdkError<TransactWriteItemsError>) -> Fault {
    let Some(TransactWriteItemsError::TransactionCanceledException(cancelled)) = error.as_service_error() else {
        return fault(operation, error);
    };
    let codes = || cancelled.cancellation_reasons().iter().filter_map(|reason| reason.code());
    // A collision comes first: what the conditions say meanwhile may not be what they say after it.
    let passing = ["TransactionConflict", "ThrottlingError", "ProvisionedThroughputExceeded"];
    if let Some(code) = codes().find(|code| passing.contains(code)) {
        return Fault::Passing { reason: code.to_owned(), uncertain: false };
    }
    if codes().any(|code| code == CONDITION_UNMET) {
        return Fault::Unmet;
    }
    let code = codes().find(|code| *code != "None").unwrap_or("no reason");
    Fault::Lasting(LedgerError::Configuration(format!("{operation} was cancelled with {code}")))
}

/// The error of a request that is sent once.
pub(crate) fn lasting<E: ProvideErrorMetadata + Error + 'static>(
    operation: &'static str,
    error: &SdkError<E>,
) -> LedgerError {
    match fault(operation, error) {
        Fault::Lasting(error) => error,
        Fault::Passing { reason, .. } => LedgerError::Unavailable { operation, attempts: 1, reason },
        Fault::Unmet => LedgerError::Conflict { operation, attempts: 1 },
    }
}

/// A request that lacks a field which the SDK requires.
pub(crate) fn configuration(error: aws_sdk_dynamodb::error::BuildError) -> LedgerError {
    LedgerError::Configuration(error.to_string())
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use aws_sdk_dynamodb::operation::get_item::GetItemError;
    use aws_smithy_runtime_api::client::result::ConnectorError;

    use super::*;

    fn passing(uncertain: bool) -> Fault {
        Fault::Passing { reason: "x".to_owned(), uncertain }
    }

    #[tokio::test]
    async fn an_unmet_condition_after_a_lost_answer_is_told_apart() {
        let sent = Cell::new(0);
        let send = |first: bool| {
            sent.set(0);
            let sent = &sent;
            repeat::<(), _>("PutItem", move || async move {
                sent.set(sent.get() + 1);
                Err(if sent.get() == 1 { passing(first) } else { Fault::Unmet })
            })
        };
        assert_eq!(send(true).await, Ok(Answer::Unmet { uncertain: true }));
        assert_eq!(send(false).await, Ok(Answer::Unmet { uncertain: false }));
    }

    #[test]
    fn what_cannot_be_sent_for_want_of_credentials_is_no_broken_connection() {
        let sent = |error: CredentialsError| {
            let failed = ConnectorError::other(error.into(), None);
            fault::<GetItemError>("GetItem", &SdkError::dispatch_failure(failed))
        };
        let Fault::Lasting(error) = sent(CredentialsError::provider_error("not authorized to perform sts:AssumeRole"))
        else {
            panic!("tried again")
        };
        assert!(error.to_string().contains("sts:AssumeRole"), "{error}");
        assert!(matches!(sent(CredentialsError::not_loaded("no profile")), Fault::Lasting(_)));
        let late = sent(CredentialsError::provider_timed_out(Duration::from_secs(5)));
        assert!(matches!(late, Fault::Passing { uncertain: false, .. }), "{late:?}");
        let broken = ConnectorError::io("reset by peer".into());
        let broken = fault::<GetItemError>("GetItem", &SdkError::dispatch_failure(broken));
        assert!(matches!(broken, Fault::Passing { uncertain: true, .. }), "{broken:?}");
    }

    #[tokio::test]
    async fn attempts_are_bounded() {
        let sent = Cell::new(0);
        let answer = repeat::<(), _>("PutItem", || {
            sent.set(sent.get() + 1);
            async { Err(passing(false)) }
        })
        .await;
        let reason = "x".to_owned();
        assert_eq!(answer, Err(LedgerError::Unavailable { operation: "PutItem", attempts: ATTEMPTS, reason }));
        assert_eq!(sent.get(), ATTEMPTS);
    }

    #[test]
    fn only_what_passes_is_retried() {
        for code in ["ThrottlingException", "ProvisionedThroughputExceededException", "TransactionConflictException"] {
            assert!(matches!(service_fault("PutItem", code, 400), Fault::Passing { uncertain: false, .. }), "{code}");
        }
        assert!(matches!(service_fault("PutItem", "InternalServerError", 500), Fault::Passing { uncertain: true, .. }));
        for code in ["ResourceNotFoundException", "AccessDeniedException", "ValidationException"] {
            assert!(matches!(service_fault("PutItem", code, 400), Fault::Lasting(_)), "{code}");
        }
    }
}
