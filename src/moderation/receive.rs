//! What arrives: judged once, recorded, and only then acknowledged.

use bytes::Bytes;
use futures_util::{StreamExt, stream};
use http::{Request, Response, StatusCode};
use ledger::{Judged, LedgerError, Recorded, Unread};
use platforms::{Delivery, Event, Reception, WebhookSecrets};
use policy::{ActionKind, Contribution, Outcome, Platform, Subject};

use crate::decide::decide;
use crate::{Moderation, task};

/// How many events of one delivery are recorded at the same time. A batch of 1,000 then takes about 16 round trips
/// to the table one after the other, well inside the five seconds that Meta waits.
const CONCURRENCY: usize = 64;

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

enum Taken {
    Judged { case: bool },
    Duplicate,
    Deferred,
    Removed,
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
                self.tally.count(platform, answered(response.status()));
                (response, Received::default())
            }
            Reception::Delivery(delivery) => match self.take(platform, delivery).await {
                Ok(received) => (Reception::acknowledge(), received),
                Err(error) => {
                    self.tally.count(platform, "not_durable");
                    tracing::error!(%platform, lost = error.lost, events = error.of, cause = %error.cause,
                        "a delivery is not acknowledged: it could not be recorded");
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
        for ignored in &delivery.ignored {
            self.tally.count(platform, ignored.as_str());
            match ignored {
                platforms::Ignored::Unknown(kind) => {
                    tracing::info!(%platform, kind, "acknowledged an event of a kind that is not known");
                }
                platforms::Ignored::Malformed(what) => {
                    tracing::error!(%platform, what, "acknowledged an event that did not parse");
                }
                _ => {}
            }
        }
        let of = delivery.events.len();
        let mut received = Received { ignored: delivery.ignored.len(), ..Received::default() };
        // Within one batch a removal concerns what was written before it, so what was written goes first.
        let (removals, others): (Vec<_>, Vec<_>) =
            delivery.events.into_iter().partition(|event| matches!(event, Event::Removal(_)));
        let mut failures = (0, None);
        for events in [others, removals] {
            let mut results = stream::iter(events).map(|event| self.take_event(event)).buffer_unordered(CONCURRENCY);
            while let Some(result) = results.next().await {
                match result {
                    Ok(taken) => received.add(&taken),
                    Err(error) => {
                        failures.0 += 1;
                        failures.1.get_or_insert(error);
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
        match event {
            Event::Contribution(contribution) => self.take_contribution(&contribution).await,
            Event::Removal(removal) => {
                let now = self.clock.now();
                self.tally.count(removal.platform, "removed");
                self.ledger.remove(removal.platform, &removal.account, &removal.id, now).await?;
                Ok(Taken::Removed)
            }
            Event::Unread(unread) => {
                let platforms::Unread { platform, account, surface, id, thread, at } = unread;
                let reference = Unread { platform, account, surface, id, thread, at };
                self.tally.count(platform, "deferred");
                self.ledger.defer(&reference, self.clock.now()).await?;
                Ok(Taken::Deferred)
            }
        }
    }

    async fn take_contribution(&self, contribution: &Contribution) -> Result<Taken, LedgerError> {
        let received_at = self.clock.now();
        let verdict = self.policy.judge(&Subject {
            text: &contribution.text,
            platform: Some(contribution.platform),
            account: Some(&contribution.account),
            kind: contribution.surface.kind(),
        });
        let outcome = verdict.outcome();
        if contribution.edited && outcome == Outcome::Allow {
            self.notice_rewriting(contribution).await?;
        }
        let decision = decide(&self.policy, contribution, &verdict, received_at);
        let recorded = self
            .ledger
            .record(&Judged {
                contribution,
                verdict: &verdict,
                policy: &self.policy.reference,
                actions: decision.actions,
                strike: decision.strike,
                tasks: Vec::new(),
                received_at,
            })
            .await?;
        match recorded {
            Recorded::New => {
                self.tally.count(contribution.platform, outcome.as_str());
                Ok(Taken::Judged { case: outcome > Outcome::Allow })
            }
            Recorded::Duplicate => {
                self.tally.count(contribution.platform, "duplicate");
                Ok(Taken::Duplicate)
            }
        }
    }

    /// Asks the office to look again when the author of something hidden has rewritten it within the rules. It is
    /// not shown again by itself: a text that was changed once can be changed back.
    async fn notice_rewriting(&self, contribution: &Contribution) -> Result<(), LedgerError> {
        let Contribution { platform, account, id, revision, .. } = contribution;
        let this = self.ledger.case_id(*platform, account, id, revision);
        for case in self.ledger.cases_of(*platform, account, id).await? {
            let was_hidden = case.actions.iter().any(|action| action.kind == ActionKind::Hide);
            if was_hidden && case.is_open() && case.id != this {
                self.ledger.put_task(&task::rewritten(&case, &this, self.clock.now())).await?;
            }
        }
        Ok(())
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
        }
    }
}

fn answered(status: StatusCode) -> &'static str {
    match status {
        StatusCode::OK => "handshake",
        StatusCode::UNAUTHORIZED => "not_authentic",
        StatusCode::PAYLOAD_TOO_LARGE => "too_large",
        _ => "refused",
    }
}
