//! What was decided: asked of the platform, and what it really did written down.

use futures_util::{StreamExt, stream};
use jiff::Timestamp;
use ledger::{
    Action, ActionWork, Asked, Case, CaseId, Cause, Closure, DecisionKind, Fate, LedgerError, Settled, Settlement,
    Status, Task, Work, WorkKey,
};
use platforms::{Capability, Class, adapter};
use policy::{ActionKind, Effect, Notice, Outcome, Sanction};

use crate::Moderation;
use crate::actions::ask::{Attempt, ReadBack, target};
use crate::actions::retry::{self, LEASE, SWITCHED_OFF, waiting};
use crate::actions::swept::{Acted, Swept};
use crate::actions::task;
use crate::office::is_confirmed;

/// What stands in the records for a message that was found by reading the thread back.
const READ_BACK: &str = "read_back";

/// What stands in the records when an action lost its object because the contribution is gone.
const REMOVED: &str = "removed";

/// What stands in the records for an action that was taken back before it was so, or was undone.
const WITHDRAWN: &str = "withdrawn";

/// How many actions are carried out at the same time by one sweep.
pub const ACTIONS_AT_ONCE: usize = 16;

impl Moderation {
    /// Carries out everything that is pending and due now, at most `limit` pieces of work, and waits for all of it. Who
    /// must not be kept waiting by a single platform uses [`crate::Hands`].
    ///
    /// # Errors
    /// When what is due cannot be read. A piece of work that cannot be recorded is counted and stays pending.
    pub async fn sweep(&self, limit: usize) -> Result<Swept, LedgerError> {
        let due = self.ledger.due(self.clock.now(), limit).await?;
        let mut swept = Swept { due: due.len(), ..Swept::default() };
        // By value: a borrowed key would tie the future to one lifetime, and it could not be spawned.
        let acts = due.into_iter().map(|key| async move { self.act(&key).await });
        let mut results = stream::iter(acts).buffer_unordered(ACTIONS_AT_ONCE);
        while let Some(result) = results.next().await {
            swept.count(result);
        }
        Ok(swept)
    }

    /// Carries out one piece of pending work, if it is due and nobody else is at it.
    ///
    /// # Errors
    /// When the ledger is not available. The work stays pending: its lease runs out and a sweep finds it.
    pub async fn act(&self, key: &WorkKey) -> Result<Acted, LedgerError> {
        self.note_beginning(self.clock.now()).await?;
        match self.ledger.claim(key, self.clock.now(), LEASE).await? {
            None => Ok(Acted::Nothing),
            Some(Work::Read(work)) => self.read(&work).await,
            Some(Work::Climb(case)) => {
                self.climb(&case.id).await?;
                Ok(Acted::Climbed)
            }
            Some(Work::Decide(case)) => {
                Box::pin(self.decide_held(&case)).await?;
                Ok(Acted::Decided)
            }
            Some(Work::Action(work)) => {
                let settlement = self.attempt(&work).await?;
                let acted = self.settle(&work, &settlement).await?;
                if is_noted(&settlement, REMOVED)
                    && let Some(content) = &work.case.content
                {
                    // The removal was delivered before the case existed: it closes the case now.
                    let case = &work.case;
                    let now = self.clock.now();
                    self.ledger.remove(case.platform, &case.account, &content.contribution, now).await?;
                }
                Ok(acted)
            }
        }
    }

    async fn settle(&self, work: &ActionWork, settlement: &Settlement) -> Result<Acted, LedgerError> {
        let acted = match settlement {
            Settlement::Effect { effect, .. } => Acted::Settled(*effect),
            Settlement::Again { at, .. } => Acted::Postponed(*at),
        };
        match self.ledger.settle(work, settlement, self.clock.now()).await? {
            Settled::Recorded => {
                if let Acted::Settled(effect) = acted {
                    self.tally.count(work.case.platform, effect.as_str());
                }
                Ok(acted)
            }
            // The lease ran out and another worker has the action, or has settled it: what that one writes down holds.
            Settled::Superseded => Ok(Acted::Nothing),
        }
    }

    /// Asks the platform, or finds out that it need not or cannot be asked. A ban that may be so on the platform, and was
    /// taken back meanwhile, is not asked again but undone: whoever takes it back may stand in another case, and asks
    /// before or after.
    async fn attempt(&self, work: &ActionWork) -> Result<Settlement, LedgerError> {
        if work.action.kind != ActionKind::Ban {
            return self.carry_out(work).await;
        }
        if !work.uncertain || !self.is_taken_back(work).await? {
            return Ok(still_in_doubt(self.carry_out(work).await?, work.uncertain));
        }
        if self.is_kept_out_by_another(work).await? {
            return Ok(settled_already(WITHDRAWN));
        }
        let action = Action { kind: ActionKind::Unban, ..work.action.clone() };
        Ok(undone(self.carry_out(&ActionWork { action, ..work.clone() }).await?))
    }

    /// Asks the platform for what the action says, unless it has lost its object.
    async fn carry_out(&self, work: &ActionWork) -> Result<Settlement, LedgerError> {
        let (case, kind) = (&work.case, work.action.kind);
        let now = self.clock.now();
        if let Some(moot) = self.moot(work, now).await? {
            return Ok(moot);
        }
        let Some(content) = &case.standing_content() else {
            // What the platform never does was not given up for want of what is needed to ask: nobody is to do it by hand.
            return Ok(match adapter(case.platform).capability(case.surface, kind) {
                Capability::Impossible(why) => unasked(Effect::Impossible, task::impossible(work, why, now)),
                Capability::Manual(how) => unasked(Effect::Manual, task::manual(work, how, now)),
                _ => unasked(Effect::Failed, task::failed(work, Cause::ContentForgotten, now)),
            });
        };
        if !is_decided(case) && self.is_switched_off(case.platform, &case.account, now).await? {
            let at = now.saturating_add(SWITCHED_OFF).unwrap_or(Timestamp::MAX);
            let note = "automation is switched off".to_owned();
            return Ok(Settlement::Again { at, asked: Asked::Paused, uncertain: work.uncertain, note });
        }
        let Some(account) = self.policy.account(case.platform, &case.account) else {
            return Ok(unasked(Effect::Failed, task::failed(work, Cause::AccountNotOurs, now)));
        };
        let adapter = adapter(case.platform);
        match adapter.capability(case.surface, kind) {
            Capability::Manual(how) => return Ok(unasked(Effect::Manual, task::manual(work, how, now))),
            Capability::Impossible(why) => {
                return Ok(unasked(Effect::Impossible, task::impossible(work, why, now)));
            }
            Capability::Call | Capability::Conditional => {}
        }
        if let Some(until) = self.held_until(case.platform, &case.account, now).await {
            let held = Attempt::without_call(Class::RetryAfter(waiting(now, until)), work.uncertain);
            return Ok(self.conclude(work, held).await);
        }
        let target = target(account, case, content);
        if work.uncertain && kind.speaks() {
            match self.read_back(adapter, &target, work).await {
                ReadBack::Arrived(reference) => {
                    return Ok(Settlement::Effect {
                        effect: Effect::Done,
                        call: work.action.call.clone().or_else(|| Some(READ_BACK.to_owned())),
                        status: None,
                        reference: Some(reference),
                        note: Some(READ_BACK.to_owned()),
                        task: None,
                    });
                }
                // It did not arrive, and was taken back meanwhile: it need not be sent any more.
                ReadBack::Absent if self.is_taken_back(work).await? || is_overturned(work) => {
                    return Ok(settled_already(WITHDRAWN));
                }
                ReadBack::Absent => {}
                ReadBack::Unknowable => return Ok(perhaps_sent(work, now)),
                ReadBack::Later(class) => return Ok(self.conclude(work, Attempt::without_call(class, true)).await),
            }
        }
        let attempt = self.ask(adapter, &target, work).await;
        Ok(self.conclude(work, attempt).await)
    }

    /// Whether an action about a contribution has lost its object: the contribution is gone, or its author has
    /// rewritten it within the rules since the revision that the case is about. Deliveries overtake each other, so
    /// either may have been known before the case was. Or that it waits, until it is known what stands there.
    async fn moot(&self, work: &ActionWork, now: Timestamp) -> Result<Option<Settlement>, LedgerError> {
        let case = &work.case;
        if !work.uncertain && self.is_taken_back(work).await? {
            return Ok(Some(settled_already(WITHDRAWN)));
        }
        if !matches!(work.action.kind, ActionKind::Hide | ActionKind::Unhide | ActionKind::Delete | ActionKind::Reply) {
            return Ok(None);
        }
        let became = self.ledger.fate(&case.id).await?;
        if became.is_some_and(|became| became.fate == Fate::Removed) {
            return Ok(Some(settled_already(REMOVED)));
        }
        if let Some(wait) = self.waits_for_a_look(work, now).await? {
            return Ok(Some(wait));
        }
        let is_rewritten = became.is_some_and(|became| became.follows(&case.newest_violation()));
        // Into a question, a doubt, or what a person has cleared: unless a person has asked for it to be hidden.
        let is_milder = case.outcome == Outcome::Hide && case.newest().outcome < Outcome::Hide && !is_confirmed(case);
        let is_moot = work.action.kind == ActionKind::Hide && (is_rewritten || is_milder);
        Ok(is_moot.then(|| settled_already("rewritten")))
    }

    /// Whether what an action serves was taken back since it was decided: its sanction was withdrawn or ended, or it
    /// would let an author in whom another sanction keeps out, or whom nobody has kept out.
    async fn is_taken_back(&self, work: &ActionWork) -> Result<bool, LedgerError> {
        let ActionWork { case, action, .. } = work;
        let Some(author) = &case.pseudonym else { return Ok(false) };
        if action.sanction.is_none() && action.kind != ActionKind::Unban {
            return Ok(false);
        }
        let sanctions = self.ledger.author(author).await?.standing.sanctions;
        if action.kind == ActionKind::Unban {
            let others = sanctions.iter().filter(|sanction| Some(sanction.number) != action.sanction);
            return Ok(others.into_iter().any(Sanction::keeps_out) || lets_in_nobody(case, action, &sanctions));
        }
        let served = sanctions.iter().find(|sanction| Some(sanction.number) == action.sanction);
        Ok(served.is_some_and(|sanction| !sanction.is_in_force()))
    }

    /// Whether a sanction other than the one that an action serves keeps its author out.
    async fn is_kept_out_by_another(&self, work: &ActionWork) -> Result<bool, LedgerError> {
        let Some(author) = &work.case.pseudonym else { return Ok(false) };
        let sanctions = self.ledger.author(author).await?.standing.sanctions;
        let is_other = |sanction: &&Sanction<CaseId>| Some(sanction.number) != work.action.sanction;
        Ok(sanctions.iter().filter(is_other).any(Sanction::keeps_out))
    }

    /// From what an answer means to what is written down.
    async fn conclude(&self, work: &ActionWork, attempt: Attempt) -> Settlement {
        let (case, kind) = (&work.case, work.action.kind);
        let now = self.clock.now();
        let Attempt { class, call, status, shortfall, uncertain } = attempt;
        let settled = |effect, reference, task| Settlement::Effect {
            effect,
            call: call.map(str::to_owned),
            status,
            reference,
            note: None,
            task,
        };
        match class {
            Class::Done(reference) => match shortfall {
                None => settled(Effect::Done, reference, None),
                Some(what) => settled(Effect::Manual, reference, Some(task::manual(work, what, now))),
            },
            Class::AlreadySo => settled(Effect::AlreadySo, None, None),
            // What explains a protection is said in private or not at all: nobody has to see to it.
            Class::Permanent(_) | Class::NextAlternative(_) if work.action.notice == Some(Notice::Protection) => {
                settled(Effect::Refused, None, None)
            }
            Class::Permanent(why) | Class::NextAlternative(why) => {
                settled(Effect::Refused, None, Some(task::failed(work, Cause::Platform(why), now)))
            }
            class => {
                let attempts = work.action.attempts;
                let later = self.postponement(case.platform, &case.account, &class, attempts, &case.id, now).await;
                let since = work.action.tried_since.unwrap_or(now);
                if let Some(at) = retry::next_attempt(since, later.until, now) {
                    let note = later.reason.to_owned();
                    return Settlement::Again {
                        at,
                        asked: if call.is_some() { Asked::Yes } else { Asked::No },
                        uncertain,
                        note,
                    };
                }
                if uncertain && kind.speaks() {
                    return perhaps_sent(work, now);
                }
                let asked = if call.is_some() { attempts } else { attempts.saturating_sub(1) };
                settled(Effect::Failed, None, Some(task::failed(work, retry::in_vain(asked, since, now), now)))
            }
        }
    }
}

/// Whether the end of a block is to end what never began: its ban was not carried out by anybody, and will not be.
fn lets_in_nobody(case: &Case, end: &Action, sanctions: &[Sanction<CaseId>]) -> bool {
    let Some(number) = end.sanction else { return false };
    let is_over = sanctions.iter().any(|sanction| sanction.number == number && !sanction.is_in_force());
    let mut bans =
        case.actions.iter().filter(|ban| ban.kind == ActionKind::Ban && ban.sanction == Some(number)).peekable();
    bans.peek().is_some() && bans.all(|ban| ban.is_certainly_not_so() || (is_over && !ban.may_be_so()))
}

/// Whether a person decided about a case: what follows from that is carried out while automation is switched off.
fn is_decided(case: &Case) -> bool {
    use DecisionKind::{Confirm, Overturn, Unban};
    case.decisions.iter().any(|decision| matches!(decision.kind, Confirm | Overturn | Unban))
}

/// Whether the case of a message was overturned; an apology follows from that and is wanted.
fn is_overturned(work: &ActionWork) -> bool {
    matches!(work.case.status, Status::Closed { reason: Closure::Overturned | Closure::Unfounded, .. })
        && work.action.notice != Some(Notice::Apology)
}

fn is_noted(settlement: &Settlement, wanted: &str) -> bool {
    matches!(settlement, Settlement::Effect { note: Some(note), .. } if note == wanted)
}

/// What is written down about an action that lost its object before the platform was asked.
fn settled_already(note: &str) -> Settlement {
    Settlement::Effect {
        effect: Effect::AlreadySo,
        call: None,
        status: None,
        reference: None,
        note: Some(note.to_owned()),
        task: None,
    }
}

/// What is written down about a ban, where it may be so by an earlier attempt: that the platform puts us off says nothing
/// about that one.
fn still_in_doubt(settlement: Settlement, was_uncertain: bool) -> Settlement {
    match settlement {
        Settlement::Again { at, asked, uncertain, note } => {
            Settlement::Again { at, asked, uncertain: uncertain || was_uncertain, note }
        }
        settled @ Settlement::Effect { .. } => settled,
    }
}

/// What is written down about a ban that was taken back, from what came of letting its author in: it was withdrawn, or
/// nobody knows whether it is so and a person has the task to let them in.
fn undone(settlement: Settlement) -> Settlement {
    match settlement {
        Settlement::Effect { task: Some(task), call, status, .. } => {
            Settlement::Effect { effect: Effect::Failed, call, status, reference: None, note: None, task: Some(task) }
        }
        Settlement::Effect { task: None, .. } => settled_already(WITHDRAWN),
        again @ Settlement::Again { .. } => still_in_doubt(again, true),
    }
}

/// What is written down about an action that the platform was not asked for.
fn unasked(effect: Effect, task: Task) -> Settlement {
    Settlement::Effect { effect, call: None, status: None, reference: None, note: None, task: Some(task) }
}

/// What is written down about a message of which nobody knows whether it arrived.
fn perhaps_sent(work: &ActionWork, now: Timestamp) -> Settlement {
    Settlement::Effect {
        effect: Effect::Failed,
        call: Some(READ_BACK.to_owned()),
        status: None,
        reference: None,
        note: None,
        task: Some(task::perhaps_sent(work, now)),
    }
}
