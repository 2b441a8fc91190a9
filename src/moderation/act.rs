//! What was decided: asked of the platform, and what it really did written down.

use futures_util::{StreamExt, stream};
use jiff::{SignedDuration, Timestamp};
use ledger::{ActionWork, LedgerError, Settled, Settlement, Work, WorkKey};
use platforms::{Adapter, Ask, Call, Capability, Class, Presence, Target, Unanswered, adapter};
use policy::{Account, Effect};

use crate::retry::{self, HOLD, LEASE};
use crate::{Moderation, task};

/// How many actions are carried out at the same time by one sweep.
const CONCURRENCY: usize = 16;

/// What became of one piece of pending work.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Acted {
    /// There was nothing to do: it is settled, not due yet, or someone else is at it.
    Nothing,
    /// It is settled: this is what the platform did.
    Settled(Effect),
    /// What had to be read is read and judged.
    Read,
    /// It will be tried again then.
    Postponed(Timestamp),
}

/// What a sweep did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Swept {
    /// Work that was found due.
    pub due: usize,
    /// Of it, settled or read.
    pub settled: usize,
    /// Of it, postponed.
    pub postponed: usize,
    /// Of it, what failed for lack of the ledger; it stays pending.
    pub failed: usize,
}

/// What an attempt leads to, before it is written down.
struct Attempt {
    class: Class,
    call: Option<&'static str>,
    status: Option<u16>,
    /// Whether it may have taken effect although nobody confirmed it.
    uncertain: bool,
}

impl Moderation {
    /// Carries out everything that is pending and due, at most `limit` pieces of work. In AWS a schedule calls it,
    /// behind the table's stream; locally it is the worker itself.
    ///
    /// # Errors
    /// When what is due cannot be read. A piece of work that cannot be recorded is counted and stays pending.
    pub async fn sweep(&self, limit: usize) -> Result<Swept, LedgerError> {
        let due = self.ledger.due(self.clock.now(), limit).await?;
        let mut swept = Swept { due: due.len(), ..Swept::default() };
        // By value: a borrowed key would tie the future to one lifetime, and it could not be spawned.
        let acts = due.into_iter().map(|key| async move { self.act(&key).await });
        let mut results = stream::iter(acts).buffer_unordered(CONCURRENCY);
        while let Some(result) = results.next().await {
            match result {
                Ok(Acted::Settled(_) | Acted::Read) => swept.settled += 1,
                Ok(Acted::Postponed(_)) => swept.postponed += 1,
                Ok(Acted::Nothing) => {}
                Err(error) => {
                    swept.failed += 1;
                    tracing::warn!(%error, "a pending action could not be claimed or written down; it stays pending");
                }
            }
        }
        Ok(swept)
    }

    /// Carries out one piece of pending work, if it is due and nobody else is at it.
    ///
    /// # Errors
    /// When the ledger is not available. The work stays pending: its lease runs out and a sweep finds it.
    pub async fn act(&self, key: &WorkKey) -> Result<Acted, LedgerError> {
        match self.ledger.claim(key, self.clock.now(), LEASE).await? {
            None => Ok(Acted::Nothing),
            Some(Work::Read(work)) => self.read(&work).await,
            Some(Work::Action(work)) => {
                let settlement = self.attempt(&work).await;
                self.settle(&work, settlement).await
            }
        }
    }

    async fn settle(&self, work: &ActionWork, settlement: Settlement) -> Result<Acted, LedgerError> {
        let acted = match &settlement {
            Settlement::Effect { effect, .. } => Acted::Settled(*effect),
            Settlement::Again { at, .. } => Acted::Postponed(*at),
        };
        match self.ledger.settle(work, &settlement, self.clock.now()).await? {
            Settled::Recorded => {
                if let Acted::Settled(effect) = acted {
                    self.tally.count(work.case.platform, effect.as_str());
                }
                Ok(acted)
            }
            // The case changed meanwhile: its contribution was removed, or the lease ran out and another worker has
            // it. Whoever changed it has written down what holds now.
            Settled::Superseded => Ok(Acted::Nothing),
        }
    }

    /// Asks the platform, or finds out that it need not or cannot be asked.
    async fn attempt(&self, work: &ActionWork) -> Settlement {
        let (case, kind) = (&work.case, work.action.kind);
        let now = self.clock.now();
        let Some(account) = self.policy.account(case.platform, &case.account) else {
            let why = "il profilo non è più tra quelli della policy";
            return done(Effect::Failed, None, None, Some(task::failed(case, kind, why, now)));
        };
        let adapter = adapter(case.platform);
        match adapter.capability(case.surface, kind) {
            Capability::Manual(how) => {
                return done(Effect::Manual, None, None, Some(task::manual(case, kind, how, now)));
            }
            Capability::Impossible(why) => {
                return done(Effect::Impossible, None, None, Some(task::impossible(case, kind, why, now)));
            }
            Capability::Call | Capability::Conditional(_) => {}
        }
        if let Some(until) = self.held_until(case.platform, &case.account, now) {
            return self.again(work, until, work.uncertain, "held");
        }
        let target = target(account, work);
        if work.uncertain && kind.speaks() {
            match self.read_back(adapter, &target, work).await {
                ReadBack::Arrived(reference) => {
                    return Settlement::Effect {
                        effect: Effect::Done,
                        call: None,
                        status: None,
                        reference: Some(reference),
                        note: Some("read_back".to_owned()),
                        task: None,
                    };
                }
                ReadBack::Absent => {}
                ReadBack::Unknowable => {
                    return done(Effect::Failed, None, None, Some(task::perhaps_sent(case, kind, now)));
                }
                ReadBack::Later(class) => {
                    return self.conclude(work, Attempt { class, call: None, status: None, uncertain: true });
                }
            }
        }
        let attempt = self.ask(adapter, &target, work).await;
        self.conclude(work, attempt)
    }

    /// Makes the calls of the action, one alternative after the other.
    async fn ask(&self, adapter: &dyn Adapter, target: &Target<'_>, work: &ActionWork) -> Attempt {
        let kind = work.action.kind;
        let ask = Ask { kind, text: work.action.text.as_deref() };
        let mut attempt = Attempt {
            class: Class::Permanent("la piattaforma non ha detto di chi o di che cosa si tratta"),
            call: None,
            status: None,
            uncertain: false,
        };
        for call in adapter.calls(target, &ask) {
            attempt = self.send(adapter, target, work, &call).await;
            if !matches!(attempt.class, Class::NextAlternative(_)) {
                break;
            }
        }
        if attempt.class == Class::Unsure {
            attempt.class = self.find_out(adapter, target, work).await;
        }
        attempt
    }

    async fn send(&self, adapter: &dyn Adapter, target: &Target<'_>, work: &ActionWork, call: &Call) -> Attempt {
        let platform = work.case.platform;
        match self.client.send(platform, &target.account.id, call).await {
            Ok(answer) => {
                let class = adapter.classify(work.action.kind, &answer);
                tracing::debug!(%platform, call = call.name, status = answer.status.as_u16(), ?class, "asked");
                // A server that fails may have failed after doing what it was asked.
                let uncertain = answer.status.is_server_error();
                Attempt { class, call: Some(call.name), status: Some(answer.status.as_u16()), uncertain }
            }
            Err(unanswered) => {
                tracing::warn!(%platform, call = call.name, %unanswered, "asked in vain");
                let uncertain = unanswered == Unanswered::Lost;
                Attempt { class: from_unanswered(unanswered), call: Some(call.name), status: None, uncertain }
            }
        }
    }

    /// Whether the object of an action is gone, after an answer that left it open.
    async fn find_out(&self, adapter: &dyn Adapter, target: &Target<'_>, work: &ActionWork) -> Class {
        let Some(call) = adapter.presence_call(target) else {
            return Class::Permanent("il contenuto non esiste più, o non abbiamo il permesso");
        };
        match self.client.send(work.case.platform, &target.account.id, &call).await {
            Ok(answer) => match adapter.presence(&answer) {
                Presence::Gone => Class::AlreadySo,
                Presence::Present => Class::Configuration("it exists and we are not permitted to act on it"),
                Presence::Unknown => Class::RetryBackoff("gone, or not permitted: not known yet"),
            },
            Err(unanswered) => from_unanswered(unanswered),
        }
    }

    /// Whether a message of ours arrived although nobody confirmed it (platform page, section 5.5).
    async fn read_back(&self, adapter: &dyn Adapter, target: &Target<'_>, work: &ActionWork) -> ReadBack {
        let (Some(call), Some(text)) = (adapter.read_back_call(target, work.action.kind), work.action.text.as_deref())
        else {
            return ReadBack::Unknowable;
        };
        match self.client.send(work.case.platform, &target.account.id, &call).await {
            Ok(answer) if answer.status.is_success() => match adapter.find_own(target, &answer, text) {
                Some(reference) => ReadBack::Arrived(reference),
                None => ReadBack::Absent,
            },
            Ok(answer) => match adapter.classify(work.action.kind, &answer) {
                Class::Done(_) | Class::AlreadySo | Class::Unsure => ReadBack::Absent,
                class => ReadBack::Later(class),
            },
            Err(unanswered) => ReadBack::Later(from_unanswered(unanswered)),
        }
    }

    /// From what an answer means to what is written down.
    fn conclude(&self, work: &ActionWork, attempt: Attempt) -> Settlement {
        let (case, kind) = (&work.case, work.action.kind);
        let now = self.clock.now();
        let Attempt { class, call, status, uncertain } = attempt;
        let pause = retry::backoff(work.action.attempts, &case.id.to_string());
        match class {
            Class::Done(reference) => Settlement::Effect {
                effect: Effect::Done,
                call: call.map(str::to_owned),
                status,
                reference,
                note: None,
                task: None,
            },
            Class::AlreadySo => done(Effect::AlreadySo, call, status, None),
            Class::Permanent(why) | Class::NextAlternative(why) => {
                done(Effect::Refused, call, status, Some(task::failed(case, kind, why, now)))
            }
            Class::RetryAfter(wait) => {
                let wait = SignedDuration::try_from(wait).unwrap_or(pause).max(pause);
                self.again(work, later(now, wait), uncertain, "the platform named the time")
            }
            Class::RetryBackoff(why) => self.again(work, later(now, pause), uncertain, why),
            Class::Unsure => self.again(work, later(now, pause), uncertain, "gone, or not permitted"),
            Class::Reauthorise(why) | Class::Configuration(why) => {
                let until = later(now, HOLD);
                if self.hold(case.platform, &case.account, until, now) {
                    tracing::error!(platform = %case.platform, account = %case.account, reason = why, until = %until,
                        "a platform refuses our credentials or permissions: nothing is asked of it meanwhile");
                }
                self.again(work, until, uncertain, why)
            }
        }
    }

    fn again(&self, work: &ActionWork, at: Timestamp, uncertain: bool, why: &str) -> Settlement {
        let now = self.clock.now();
        if retry::is_hopeless(work.action.first_asked_at.unwrap_or(now), at) {
            let task = if uncertain && work.action.kind.speaks() {
                task::perhaps_sent(&work.case, work.action.kind, now)
            } else {
                task::failed(&work.case, work.action.kind, "due giorni di tentativi", now)
            };
            return done(Effect::Failed, None, None, Some(task));
        }
        Settlement::Again { at, uncertain, note: why.to_owned() }
    }
}

enum ReadBack {
    /// It arrived; the platform's id of it.
    Arrived(String),
    /// It did not arrive: it may be sent.
    Absent,
    /// The platform does not let us look.
    Unknowable,
    /// Looking did not succeed, for this reason.
    Later(Class),
}

fn done(effect: Effect, call: Option<&str>, status: Option<u16>, task: Option<ledger::Task>) -> Settlement {
    Settlement::Effect { effect, call: call.map(str::to_owned), status, reference: None, note: None, task }
}

fn target<'a>(account: &'a Account, work: &'a ActionWork) -> Target<'a> {
    let case = &work.case;
    Target {
        account,
        surface: case.surface,
        contribution: &case.contribution,
        thread: case.thread.as_ref(),
        parent: case.parent.as_ref(),
        author: case.author.as_ref().map(|author| &author.id),
    }
}

pub(crate) fn from_unanswered(unanswered: Unanswered) -> Class {
    match unanswered {
        Unanswered::NoToken => Class::Reauthorise("no access token is set for this account"),
        Unanswered::NotSent => Class::RetryBackoff("the platform could not be reached"),
        Unanswered::Lost => Class::RetryBackoff("the platform did not answer in time"),
    }
}

pub(crate) fn later(now: Timestamp, wait: SignedDuration) -> Timestamp {
    now.saturating_add(wait).unwrap_or(Timestamp::MAX)
}
