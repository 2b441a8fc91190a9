//! What arrives: judged once, recorded, and only then acknowledged.

use std::collections::HashMap;
use std::time::Duration;

use bytes::Bytes;
use futures_util::{StreamExt, stream};
use http::{Method, Request, Response, StatusCode};
use jiff::Timestamp;
use ledger::{
    AuditEntry, Case, Course, Fact, Halt, Hide, Judged, LedgerError, Once, Pseudonym, Recorded, Reference, TaskKind,
    Unread,
};
use platforms::{Delivery, Event, Reception, WebhookSecrets};
use policy::{Contribution, ContributionId, Outcome, Platform, Subject, Surface};
use tokio::time::timeout;

use crate::Moderation;
use crate::actions::task;
use crate::intake::decide::{Decision, Matter};

/// How many events are recorded at the same time, over all deliveries. A batch of 1,000 then takes about 16 round
/// trips to the table one after the other, well inside the five seconds that Meta waits; more would only open more
/// connections.
pub(crate) const CONCURRENCY: usize = 64;

/// How long recording a delivery may take: less than the time of a webhook function, so that it can still say that the
/// platform has to repeat. What is recorded by then stays so.
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

/// What follows from a contribution.
pub(crate) struct Follow {
    pub(crate) outcome: Outcome,
    /// Whether it has a case, with something to carry out or to look at.
    pub(crate) has_case: bool,
    /// What was known of its other revisions before, where that was looked up.
    pub(crate) course: Option<Course>,
}

impl Follow {
    /// That nothing follows.
    pub(crate) const fn nothing(outcome: Outcome) -> Self {
        Self { outcome, has_case: false, course: None }
    }
}

/// Where the text of a contribution comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Origin {
    /// A delivery or a poll brought it.
    Delivered,
    /// It was read, to see what stands there.
    Seen {
        /// Whether the same was judged before.
        was_judged: bool,
    },
}

pub(crate) enum Taken {
    Judged { case: bool },
    Duplicate,
    Deferred,
    Removed,
    Lead,
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

    pub(crate) async fn take_contribution(
        &self,
        contribution: &Contribution,
        origin: Origin,
    ) -> Result<Taken, LedgerError> {
        let received_at = self.clock.now();
        let Contribution { platform, account, .. } = contribution;
        let case = self.ledger.case_id(contribution, received_at);
        let known = contribution.author.as_ref();
        let author = known.map(|author| self.ledger.pseudonym(*platform, &author.id, received_at));
        let verdict = self.policy.judge(&Subject {
            text: &contribution.text,
            platform: Some(*platform),
            account: Some(account),
            kind: contribution.surface.kind(),
            repeats: self.repeats_of(contribution, author.as_ref(), case.reference(), received_at),
            has_attachment: contribution.has_attachment,
        });
        // Only where something may follow for the author is it worth a read, after a rotation of the pseudonym key.
        let follows = verdict.outcome() > Outcome::Allow || contribution.surface == Surface::Message;
        let author = match known.filter(|_| follows) {
            Some(known) => Some(self.ledger.known_as(*platform, &known.id, received_at).await?),
            None => author,
        };
        let halt = match verdict.outcome() {
            Outcome::Hide => self.halted(*platform, account, verdict.findings(), received_at).await?,
            _ => None,
        };
        let matter = Matter {
            policy: &self.policy,
            contribution,
            verdict: &verdict,
            id: &case,
            author: author.as_ref(),
            for_a_person: halt.is_some(),
            seen_to: 0,
            now: received_at,
        };
        let reference = case.reference().clone();
        let (Follow { outcome, has_case, course }, recorded) =
            self.record_in_course(&matter, halt.as_ref(), origin).await?;
        if contribution.edited && outcome == Outcome::Allow {
            self.notice_rewriting(&matter, course.as_ref(), recorded).await?;
        }
        if let (Origin::Delivered, Some(course)) = (origin, &course) {
            self.look_if_unclear(&matter, course, outcome).await?;
        }
        match recorded {
            Recorded::Duplicate => {
                self.tally.count(*platform, "duplicate");
                return Ok(Taken::Duplicate);
            }
            Recorded::New | Recorded::Raced => {}
        }
        self.tally.count(*platform, outcome.as_str());
        // A revision is no further contribution, whichever way it would move the share.
        if !contribution.edited {
            self.brakes.count(*platform, account, received_at);
        }
        // Nor does one count again as hidden: who wrote it counts once, whichever of the revisions was the first of these.
        if let (Outcome::Hide, Some(ground)) = (outcome, verdict.findings().first()) {
            // The contribution is durable whatever comes of this: counting is for the next ones.
            let hide = Hide {
                platform: *platform,
                account,
                rule: &ground.rule,
                author: author.as_ref(),
                contribution: &reference,
            };
            if let Err(error) = self.brake(hide, received_at).await {
                tracing::warn!(%platform, %error, "what was hidden could not be counted for the circuit breaker");
            }
        }
        Ok(Taken::Judged { case: has_case })
    }

    /// Decides and records. What is said to an author only once may have been said by another delivery at the same
    /// moment: then it is decided again, knowing that. [`Recorded::Raced`] where another revision was recorded meanwhile.
    pub(crate) async fn record(
        &self,
        matter: &Matter<'_>,
        halt: Option<&Halt>,
        course: Option<&Course>,
    ) -> Result<(Follow, Recorded), LedgerError> {
        let mut said: Vec<Once> = Vec::new();
        loop {
            let decision = self.decided(matter, &mut said).await?;
            let (outcome, once) = (decision.outcome, decision.once.clone());
            let has_case = outcome > Outcome::Allow || !decision.actions.is_empty();
            let follow = Follow { outcome, has_case, course: None };
            match self.ledger.record(&self.judged(matter, halt, course, decision)).await? {
                Recorded::Raced if !once.is_empty() => said.extend(once),
                recorded => return Ok((follow, recorded)),
            }
        }
    }

    /// Decides, knowing what was said already: what is found to be is added.
    pub(crate) async fn decided(&self, matter: &Matter<'_>, said: &mut Vec<Once>) -> Result<Decision, LedgerError> {
        loop {
            let decision = matter.decide(|once| !said.contains(once));
            match decision.once.first() {
                Some(once) if self.ledger.was_said(once, matter.now).await? => said.push(once.clone()),
                _ => return Ok(decision),
            }
        }
    }

    /// What is recorded of a decision.
    pub(crate) fn judged<'m>(
        &'m self,
        matter: &Matter<'m>,
        halt: Option<&Halt>,
        course: Option<&'m Course>,
        decision: Decision,
    ) -> Judged<'m> {
        let Matter { contribution, verdict, author, id, now, .. } = *matter;
        Judged {
            contribution,
            case: id,
            author,
            verdict,
            outcome: decision.outcome,
            policy: &self.policy.reference,
            actions: decision.actions,
            climb: author.is_some() && decision.strike.is_some() || decision.protects,
            protects: decision.protects,
            course,
            strike: decision.strike,
            tasks: decision.tasks,
            once: decision.once,
            status: decision.status,
            office: decision.office,
            deadline: decision.deadline,
            halted: halt.map(|halt| halt.group.clone()),
            keep_until: self.policy.keep_until(contribution.platform, contribution.surface, now),
            received_at: now,
        }
    }

    /// Lists a lead for the office. Nothing is kept but the platform's reference to it, and that only for a time.
    async fn take_lead(&self, lead: &platforms::Lead) -> Result<Taken, LedgerError> {
        let now = self.clock.now();
        let id = ContributionId::new(&lead.id);
        let reference = self.ledger.reference(lead.platform, &lead.account, &id, lead.at.unwrap_or(now));
        let keep_until = self.policy.keep_until(lead.platform, Surface::Message, now);
        let form = self.policy.lead_form(&lead.form);
        let task = task::lead(lead, format!("lead-{reference}"), form, keep_until, now);
        self.tally.count(lead.platform, "lead");
        self.ledger.put_task(&task).await?;
        Ok(Taken::Lead)
    }

    /// How often the author wrote the same before, in public; 0 where the platform does not tell who wrote it.
    fn repeats_of(
        &self,
        contribution: &Contribution,
        author: Option<&Pseudonym>,
        reference: &Reference,
        now: Timestamp,
    ) -> u32 {
        let Contribution { surface, text, .. } = contribution;
        match author {
            Some(author) if *surface != Surface::Message => {
                let fingerprint = || self.policy.fingerprint(text);
                self.repeats.count(author.clone(), fingerprint, text, reference.clone(), now)
            }
            _ => 0,
        }
    }

    /// Notes that a text was rewritten within the rules, so that an earlier revision of it is not hidden any more; and
    /// asks the office to look again where one is hidden already. That is not shown again by itself: a text that was
    /// changed once can be changed back.
    async fn notice_rewriting(
        &self,
        matter: &Matter<'_>,
        course: Option<&Course>,
        recorded: Recorded,
    ) -> Result<(), LedgerError> {
        let Matter { contribution, id: case, now, .. } = *matter;
        let Contribution { platform, account, id, original, .. } = contribution;
        let id = original.as_ref().unwrap_or(id);
        // A repeated delivery finishes what the first may have left undone, as of the time of the first.
        let (at, this) = match recorded {
            Recorded::New | Recorded::Raced => (now, case.clone()),
            Recorded::Duplicate => match self.ledger.entry(contribution).await? {
                Some(AuditEntry { at, fact: Fact::Verdict { revision: Some(revision), .. }, .. }) => (at, revision),
                Some(entry) => (entry.at, entry.case.unwrap_or_else(|| case.clone())),
                None => (now, case.clone()),
            },
        };
        let its_case = course.and_then(|course| course.case.as_ref()).map(|case| &case.id);
        self.ledger.rewritten(contribution, its_case, at).await?;
        for case in self.ledger.cases_about(*platform, account, id, at).await? {
            // Also what a person has confirmed: its author did what was asked of them.
            if case.stands() && case.received_at <= at && case.is_hidden() && !self.is_asked_to_show(&case, at).await? {
                self.ledger.put_task(&task::rewritten(&case, &this, at)).await?;
            }
        }
        Ok(())
    }

    /// Whether the office is asked already to look again at what was hidden: once, however often it is rewritten.
    pub(crate) async fn is_asked_to_show(&self, case: &Case, now: Timestamp) -> Result<bool, LedgerError> {
        let tasks = self.ledger.tasks_of(&case.id, now).await?;
        Ok(tasks.iter().any(|task| task.kind == TaskKind::Rewritten && task.done.is_none()))
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
