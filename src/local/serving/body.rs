//! The bodies of requests: how long one may be, how slow, and how much of them is held at once.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use axum::body::{Body, Bytes};
use http::StatusCode;
use http_body_util::{BodyExt, Limited};
use tokio::time::timeout;

use super::connection::{Connection, Inner};

/// How long the body of a request may take.
const BODY: Duration = Duration::from_secs(30);

/// Why a request has no body that can be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoBody {
    /// It is over the limit.
    TooLarge,
    /// It did not come in time.
    TooSlow,
    /// The connection broke off in the middle.
    Broken,
    /// Too much is on its way from others.
    Crowded,
}

impl NoBody {
    /// What HTTP answers.
    pub fn status(self) -> StatusCode {
        match self {
            NoBody::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            NoBody::TooSlow => StatusCode::REQUEST_TIMEOUT,
            NoBody::Broken => StatusCode::BAD_REQUEST,
            NoBody::Crowded => StatusCode::SERVICE_UNAVAILABLE,
        }
    }

    /// The same in words.
    pub fn why(self) -> &'static str {
        match self {
            NoBody::TooLarge => "the body is over the limit",
            NoBody::TooSlow => "the body did not come in time",
            NoBody::Broken => "the body broke off",
            NoBody::Crowded => "too many bodies are on their way",
        }
    }
}

/// The body of a request with these extensions, of at most `most` bytes and in the time that a body has. What comes from a
/// stranger counts among the [bodies](super::Limits::bodies) until it is whole.
///
/// # Errors
/// When it is longer, slower, or does not come whole.
pub async fn body(extensions: &http::Extensions, body: Body, most: usize) -> Result<Bytes, NoBody> {
    body_within(extensions, body, most, BODY).await
}

pub(super) async fn body_within(
    extensions: &http::Extensions,
    body: Body,
    most: usize,
    time: Duration,
) -> Result<Bytes, NoBody> {
    let on_its_way = OnItsWay::of(extensions);
    let mut body = Limited::new(body, most);
    let collected = async {
        let mut whole = Vec::new();
        while let Some(frame) = body.frame().await {
            let frame = frame.map_err(|error| match error.is::<http_body_util::LengthLimitError>() {
                true => NoBody::TooLarge,
                false => NoBody::Broken,
            })?;
            let Ok(bytes) = frame.into_data() else { continue };
            on_its_way.as_ref().map_or(Ok(()), |body| body.grows(bytes.len()))?;
            whole.extend_from_slice(&bytes);
        }
        Ok(whole.into())
    };
    timeout(time, collected).await.unwrap_or(Err(NoBody::TooSlow))
}

/// The bodies of strangers that are on their way, by the numbers of their connections, with the bytes that have come of
/// each. What is here has been neither verified nor refused, and anybody can send it.
#[derive(Clone)]
pub(super) struct Bodies {
    most: usize,
    held: Arc<Mutex<BTreeMap<u64, (Connection, usize)>>>,
}

impl Bodies {
    pub(super) fn up_to(most: usize) -> Self {
        Self { most, held: Arc::default() }
    }

    fn held(&self) -> MutexGuard<'_, BTreeMap<u64, (Connection, usize)>> {
        self.held.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The body of one request, as long as it is on its way.
struct OnItsWay(Connection);

impl OnItsWay {
    /// The connection of a request, unless it is trusted, or none of ours. Whoever is still sending is not being answered.
    fn of(extensions: &http::Extensions) -> Option<Self> {
        let connection = extensions.get::<Connection>().filter(|connection| !connection.is_trusted())?.clone();
        connection.set_answering(false);
        connection.0.bodies.held().insert(connection.0.number, (connection.clone(), 0));
        Some(Self(connection))
    }

    /// More bytes of it have come.
    ///
    /// # Errors
    /// When there are too many of all strangers together, and this one was there first.
    fn grows(&self, bytes: usize) -> Result<(), NoBody> {
        let Inner { number, bodies, .. } = &*self.0.0;
        let mut held = bodies.held();
        if let Some((_, of_this)) = held.get_mut(number) {
            *of_this += bytes;
        }
        while held.values().map(|(_, bytes)| bytes).sum::<usize>() > bodies.most
            && let Some((oldest, (connection, _))) = held.pop_first()
        {
            connection.send_away();
            if oldest == *number {
                return Err(NoBody::Crowded);
            }
        }
        Ok(())
    }
}

impl Drop for OnItsWay {
    fn drop(&mut self) {
        let Inner { number, bodies, .. } = &*self.0.0;
        bodies.held().remove(number);
        self.0.set_answering(true);
    }
}
