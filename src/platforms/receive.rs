//! From the bytes of a request to the events that it carries, whatever the platform.

use bytes::Bytes;
use http::{Method, Request, Response, StatusCode};
use policy::Platform;

use crate::inbound::{Accounts, Delivery, MAX_BODY_BYTES, Malformed, Query, reply};
use crate::{Unverified, WebhookSecrets, adapter};

/// What became of a request.
#[derive(Debug)]
pub enum Reception {
    /// It is answered as it is: a handshake, or a refusal.
    Answered(Response<Bytes>),
    /// It carried this. Acknowledge it with [`Reception::acknowledge`] once everything in it is durable.
    Delivery(Delivery),
}

impl Reception {
    /// The answer to a delivery whose content is durable.
    pub fn acknowledge() -> Response<Bytes> {
        reply(StatusCode::OK, "text/plain; charset=utf-8", "")
    }

    /// The answer to a delivery that could not be made durable: the platform will send it again.
    pub fn unavailable() -> Response<Bytes> {
        reply(StatusCode::SERVICE_UNAVAILABLE, "text/plain; charset=utf-8", "try again later\n")
    }
}

/// Takes a request that came to the webhook of a platform: answers handshakes, refuses what is too large, not
/// authentic or not a webhook at all, and reads the events out of the rest.
pub fn receive(
    platform: Platform,
    request: &Request<Bytes>,
    secrets: &WebhookSecrets,
    accounts: &Accounts,
) -> Reception {
    let adapter = adapter(platform);
    let body = request.body();
    if body.len() > MAX_BODY_BYTES {
        tracing::warn!(%platform, bytes = body.len(), "refused a webhook: the body is over the limit");
        return Reception::Answered(reply(
            StatusCode::PAYLOAD_TOO_LARGE,
            "text/plain; charset=utf-8",
            "the body is over the limit\n",
        ));
    }
    match *request.method() {
        Method::GET => {
            let query: Vec<(String, String)> =
                url::form_urlencoded::parse(request.uri().query().unwrap_or_default().as_bytes())
                    .into_owned()
                    .collect();
            Reception::Answered(adapter.handshake(&Query(&query), secrets, accounts))
        }
        Method::POST => match adapter.verify(request.headers(), body, &secrets.signing) {
            Ok(()) => Reception::from_parsed(platform, adapter.parse(body, accounts)),
            Err(reason) => Reception::Answered(unauthorised(platform, reason)),
        },
        _ => Reception::Answered(reply(
            StatusCode::METHOD_NOT_ALLOWED,
            "text/plain; charset=utf-8",
            "a webhook takes GET and POST\n",
        )),
    }
}

impl Reception {
    fn from_parsed(platform: Platform, parsed: Result<Delivery, Malformed>) -> Self {
        match parsed {
            Ok(delivery) => Reception::Delivery(delivery),
            Err(Malformed { path, reason }) => {
                let status = adapter(platform).on_malformed();
                tracing::error!(%platform, path, reason, status = status.as_u16(), "a signed webhook did not parse");
                Reception::Answered(reply(status, "text/plain; charset=utf-8", NOT_UNDERSTOOD))
            }
        }
    }
}

/// What whoever sends a signed body that is none of the platform's is told, whatever the status: some platforms have to get
/// a 200 to stop repeating it.
pub const NOT_UNDERSTOOD: &str = "the body was not understood\n";

/// The one answer to every request that is not authentic: it does not tell why.
fn unauthorised(platform: Platform, reason: Unverified) -> Response<Bytes> {
    tracing::warn!(%platform, %reason, "refused a webhook: not authentic");
    reply(StatusCode::UNAUTHORIZED, "text/plain; charset=utf-8", "not authentic\n")
}
