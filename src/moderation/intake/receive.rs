//! What arrives: judged once, recorded, and only then acknowledged.

use std::collections::HashMap;
use std::time::Duration;

use bytes::Bytes;
use futures_util::{StreamExt, stream};
use http::{Method, Request, Response, StatusCode};
use ledger::{LedgerError, Unread};
use platforms::{Delivery, Event, Reception, WebhookSecrets};
use policy::{ContributionId, Platform};
use tokio::time::timeout;

use crate::Moderation;
use crate::intake::take::{Origin, Taken};

/// How many events are recorded at the same time, over all deliveries. A batch of 1,000 then takes about 16 round
/// trips to the table one after the other, well inside the five seconds that Meta waits; more would only open more
/// connections.
pub(crate) const CONCURRENCY: usize = 64;

/// How long recording a delivery may take: less than the time of a webhook function, so that it can still say that the
/// platform has to repeat. What is recorded by then stays so. Where renewed secrets took a part of that time, the function
/// itself says so before this is over.
const BUDGET: Duration = Duration::from_secs(8);

/// What became of a delivery.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Received {
    /// Contributions judged now, for the first time.
    pub judged: usize,
    /// Among them, those with a case.
    pub cases: usize,
    /// Contributions that had been judged before.
    pub duplicates: usize,
    /// Contributions that must be read before they are judged.
    pub deferred: usize,
    /// Removals, of which a case may or may not have existed.
    pub removals: usize,
    /// Leads of advertising forms, listed for the office.
    pub leads: usize,
    /// What was only acknowledged.
    pub ignored: usize,
}

impl Received {
    /// Whether something is now waiting to be carried out.
    pub fn has_work(&self) -> bool {
        self.cases > 0 || self.deferred > 0
    }
}

/// Some of a delivery could not be made durable; the platform must send it again. What was recorded stays so, and
/// is recognised then.
#[derive(Debug, thiserror::Error)]
#[error("{lost} of {of} events could not be recorded: {cause}")]
pub struct NotDurable {
    /// How many events are not recorded.
    pub lost: usize,
    /// How many there were.
    pub of: usize,
    /// The first reason.
    #[source]
    pub cause: LedgerError,
}

impl Moderation {
    /// Answers a request to a platform's webhook. The answer is 200 only after everything that the request carried
    /// is durable (invariant 2); if the ledger is not available it is 503, and the platform repeats the delivery.
    /// Returns what was received beside the answer, for those who want to wake a worker.
    pub async fn webhook(
        &self,
        platform: Platform,
        request: &Request<Bytes>,
        secrets: &WebhookSecrets,
    ) -> (Response<Bytes>, Received) {
        match platforms::receive(platform, request, secrets, &self.accounts) {
            Reception::Answered(response) => {
                self.tally.count(platform, answered(request.method(), response.status()));
                (response, Received::default())
            }
            Reception::Delivery(delivery) => match timeout(BUDGET, self.take(platform, delivery)).await {
                Ok(Ok(received)) => (Reception::acknowledge(), received),
                Ok(Err(error)) => {
                    self.tally.count(platform, "not_durable");
                    tracing::error!(%platform, lost = error.lost, events = error.of, cause = %error.cause,
                        "a delivery is not acknowledged: it could not be recorded");
                    (Reception::unavailable(), Received::default())
                }
                Err(_) => {
                    self.tally.count(platform, "not_durable");
                    tracing::error!(%platform, budget_s = BUDGET.as_secs(),
                        "a delivery is not acknowledged: recording it took too long");
                    (Reception::unavailable(), Received::default())
                }
            },
        }
    }

    /// Takes what a delivery or a poll brought: judges and records every contribution, closes the cases of what was
    /// removed, and remembers what must be read first.
    ///
    /// # Errors
    /// When any event could not be recorded; all others are.
    pub async fn take(&self, platform: Platform, delivery: Delivery) -> Result<Received, NotDurable> {
        let ignored = self.acknowledge(platform, &delivery);
        let of = delivery.events.len();
        let mut received = Received { ignored, ..Received::default() };
        // Within one batch a removal concerns what was written before it, so what was written goes first.
        let (removals, others): (Vec<_>, Vec<_>) =
            delivery.events.into_iter().partition(|event| matches!(event, Event::Removal(_)));
        let mut failures = (0, None);
        for events in [others, removals] {
            let takes = in_order(events).into_iter().map(|revisions| async move {
                let mut results = Vec::with_capacity(revisions.len());
                for event in revisions {
                    results.push(self.take_event(event).await);
                }
                results
            });
            let mut results = stream::iter(takes).buffer_unordered(CONCURRENCY);
            while let Some(results) = results.next().await {
                for result in results {
                    match result {
                        Ok(taken) => received.add(&taken),
                        Err(error) => {
                            failures.0 += 1;
                            failures.1.get_or_insert(error);
                        }
                    }
                }
            }
        }
        match failures {
            (lost, Some(cause)) => Err(NotDurable { lost, of, cause }),
            (_, None) => {
                tracing::debug!(%platform, ?received, "a delivery is recorded");
                Ok(received)
            }
        }
    }

    async fn take_event(&self, event: Event) -> Result<Taken, LedgerError> {
        // The semaphore is never closed, so a permit always comes.
        let _permit = self.recording.acquire().await;
        self.note_beginning(self.clock.now()).await?;
        match event {
            Event::Contribution(contribution) => self.take_contribution(&contribution, Origin::Delivered).await,
            Event::Removal(removal) => {
                let now = self.clock.now();
                self.tally.count(removal.platform, "removed");
                self.ledger.remove(removal.platform, &removal.account, &removal.id, now).await?;
                Ok(Taken::Removed)
            }
            Event::Lead(lead) => self.take_lead(&lead).await,
            Event::Unread(unread) => {
                let platforms::Unread { platform, account, surface, id, thread, at, written } = unread;
                let written = written.into_iter().collect();
                let reference = Unread { platform, account, surface, id, thread, at, written, look: false };
                self.tally.count(platform, "deferred");
                self.ledger.defer(&reference, self.clock.now()).await?;
                Ok(Taken::Deferred)
            }
        }
    }
}

impl Received {
    fn add(&mut self, taken: &Taken) {
        match taken {
            Taken::Judged { case } => {
                self.judged += 1;
                self.cases += usize::from(*case);
            }
            Taken::Duplicate => self.duplicates += 1,
            Taken::Deferred => self.deferred += 1,
            Taken::Removed => self.removals += 1,
            Taken::Lead => self.leads += 1,
        }
    }
}

/// The events of a delivery, those about one contribution together and in their order: where nothing else tells which
/// revision came last, that does.
fn in_order(events: Vec<Event>) -> Vec<Vec<Event>> {
    let mut positions: HashMap<ContributionId, usize> = HashMap::new();
    let mut grouped: Vec<Vec<Event>> = Vec::with_capacity(events.len());
    for event in events {
        let id = match &event {
            Event::Contribution(contribution) => contribution.original.as_ref().unwrap_or(&contribution.id),
            Event::Removal(removal) => &removal.id,
            Event::Unread(unread) => &unread.id,
            Event::Lead(_) => {
                grouped.push(vec![event]);
                continue;
            }
        };
        match positions.get(id) {
            Some(position) => grouped[*position].push(event),
            None => {
                positions.insert(id.clone(), grouped.len());
                grouped.push(vec![event]);
            }
        }
    }
    grouped
}

/// Under what a request counts that carried nothing.
fn answered(method: &Method, status: StatusCode) -> &'static str {
    match (method, status) {
        (&Method::GET, StatusCode::OK) => "handshake",
        (_, StatusCode::UNAUTHORIZED) => "not_authentic",
        (_, StatusCode::PAYLOAD_TOO_LARGE) => "too_large",
        (&Method::POST, _) => "unreadable",
        _ => "refused",
    }
}
