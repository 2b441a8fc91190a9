//! A process may be killed between any two steps. Each story here is cut off after its first poll, its second, and so
//! on to its end, and another process goes on from what is on record: everything happens, and nothing twice
//! (invariant 1).

use std::future::Future;
use std::pin::{Pin, pin};
use std::task::{Context, Poll};

use jiff::SignedDuration;
use ledger::{CaseId, DecisionKind, Fact};
use moderation::{Extent, OfficeError};
use policy::SanctionKind::Warning;
use policy::SanctionState::{Effective, Withdrawn};
use policy::{ActionKind, Effect, Notice, Platform};
use sandbox::NewComment;

use crate::ladder::ANNA;
use crate::stage::{MONDAY, Stage, without_limits};
use crate::world::INSULT;

const FACEBOOK: Platform = Platform::Facebook;

/// Longer than the lease of an action.
const LEASE_OVER: SignedDuration = SignedDuration::from_secs(120);

/// A future that is dropped, as if its process were killed, when it has been polled so often and is not done.
struct Killed<F> {
    future: Pin<Box<F>>,
    polls: u32,
}

impl<F: Future> Future for Killed<F> {
    type Output = Option<F::Output>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        if self.polls == 0 {
            return Poll::Ready(None);
        }
        self.polls -= 1;
        self.future.as_mut().poll(context).map(Some)
    }
}

/// Runs a future up to its `polls`-th poll; `None` when it was killed.
pub async fn killed<F: Future>(polls: u32, future: F) -> Option<F::Output> {
    let mut killed = pin!(Killed { future: Box::pin(future), polls });
    killed.as_mut().await
}

/// Runs a future up to its `polls`-th poll, then something else, and then the rest of the future.
pub async fn interrupted<F: Future>(polls: u32, future: F, meanwhile: impl Future<Output = ()>) -> F::Output {
    let mut future = Box::pin(future);
    let mut first = Killed { future: Box::pin(future.as_mut()), polls };
    if let Some(ended) = (&mut first).await {
        drop(first);
        meanwhile.await;
        return ended;
    }
    drop(first);
    meanwhile.await;
    future.await
}

/// Warnings in public, where it can be read back whether they arrived.
async fn in_public() -> Stage {
    Stage::with(without_limits(&[("channel = \"private\"", "channel = \"public\"")]), MONDAY).await
}

async fn sweeps(stage: &Stage) {
    while stage.moderation.sweep(100).await.unwrap().due > 0 {}
}

/// That the ledger and the platform agree: one hide, one warning, one strike.
async fn agrees(stage: &Stage, id: &str, at: u32) -> CaseId {
    let case = stage.case(FACEBOOK, id).await;
    assert!(stage.is_settled(FACEBOOK, id).await, "killed at {at}: {case:?}");
    assert!(stage.sandbox.is_hidden(FACEBOOK, id), "killed at {at}");
    assert_eq!(stage.sandbox.replies(FACEBOOK, id).len(), 1, "killed at {at}: one warning");
    let asked: Vec<_> = case.actions.iter().map(|action| action.kind).collect();
    assert_eq!(asked, [ActionKind::Hide, ActionKind::Reply], "killed at {at}");
    for action in &case.actions {
        assert!(matches!(action.effect, Some(Effect::Done | Effect::AlreadySo)), "killed at {at}: {action:?}");
    }
    assert_eq!(stage.strikes(FACEBOOK, id).await, 1, "killed at {at}");
    assert_eq!(stage.sanctions(FACEBOOK, id).await, [(Warning, Effective)], "killed at {at}");
    assert_eq!(stage.tasks().await, [], "killed at {at}");
    case.id
}

/// That the audit log says each of it once: a verdict, two effects, a warning that was decided and one that arrived.
async fn is_logged_once(stage: &Stage, cases: &[CaseId]) {
    let log = stage.log().await;
    for (at, case) in cases.iter().enumerate() {
        let count = |wanted: fn(&Fact) -> bool| {
            log.iter().filter(|entry| entry.case.as_ref() == Some(case) && wanted(&entry.fact)).count()
        };
        assert_eq!(count(|fact| matches!(fact, Fact::Verdict { .. })), 1, "killed at {at}");
        assert_eq!(count(|fact| matches!(fact, Fact::Effect { .. })), 2, "killed at {at}");
        assert_eq!(count(|fact| matches!(fact, Fact::Sanction { .. })), 2, "killed at {at}");
    }
}

#[tokio::test]
async fn killed_anywhere_between_verdict_and_warning_each_happens_once() {
    let mut stage = in_public().await;
    let mut cases = Vec::new();
    for polls in 0.. {
        let id = stage.comments(FACEBOOK, &format!("9{polls}"), INSULT).await;
        let ended = killed(polls, sweeps(&stage)).await.is_some();
        // Another process, when the lease of the first has run out.
        stage.passes(LEASE_OVER);
        stage.works().await;
        cases.push(agrees(&stage, &id, polls).await);
        if ended {
            break;
        }
    }
    is_logged_once(&stage, &cases).await;
    let points = cases.len() - 1;
    println!("killed at {points} points between verdict and warning");
    assert!(points >= 20, "only {points} points");
}

#[tokio::test]
async fn killed_anywhere_while_a_webhook_is_received_it_is_judged_once() {
    let mut stage = in_public().await;
    let mut cases = Vec::new();
    for polls in 0.. {
        let page = stage.account(FACEBOOK);
        let id =
            stage.posts(NewComment::new(page.as_str(), &format!("9{polls}"), "Persona di prova", INSULT), FACEBOOK);
        let webhook = stage.sandbox.take_webhooks().remove(0);
        let answered = killed(polls, stage.receives_one(&webhook)).await;
        stage.passes(LEASE_OVER);
        // What was not acknowledged is delivered again.
        let (status, _) = stage.receives_one(&webhook).await;
        assert_eq!(status, 200);
        stage.works().await;
        cases.push(agrees(&stage, &id, polls).await);
        if answered.is_some() {
            break;
        }
    }
    is_logged_once(&stage, &cases).await;
    let points = cases.len() - 1;
    println!("killed at {points} points of a webhook");
    assert!(points >= 3, "only {points} points");
}

#[tokio::test]
async fn killed_anywhere_in_a_decision_it_is_on_record_whole_or_not_at_all() {
    let mut stage = in_public().await;
    let mut points = 0;
    for polls in 0.. {
        let id = stage.comments(FACEBOOK, &format!("9{polls}"), INSULT).await;
        stage.works().await;
        let case = stage.case(FACEBOOK, &id).await;
        let overturn = async {
            stage.moderation.overturn(&case.id, ANNA, Extent::Case, false).await.unwrap();
            sweeps(&stage).await;
        };
        let ended = killed(polls, overturn).await.is_some();
        stage.passes(LEASE_OVER);
        // Who was interrupted tries again, and is told when it was done.
        let again = stage.moderation.overturn(&case.id, ANNA, Extent::Case, false).await;
        assert!(matches!(again, Ok(_) | Err(OfficeError::Closed { .. })), "killed at {polls}: {again:?}");
        stage.works().await;
        let case = stage.case(FACEBOOK, &id).await;
        assert!(stage.is_settled(FACEBOOK, &id).await, "killed at {polls}: {case:?}");
        assert!(!stage.sandbox.is_hidden(FACEBOOK, &id), "killed at {polls}");
        assert_eq!(stage.strikes(FACEBOOK, &id).await, 0, "killed at {polls}");
        assert_eq!(stage.sanctions(FACEBOOK, &id).await, [(Warning, Withdrawn)], "killed at {polls}");
        let decided = case.decisions.iter().filter(|decision| decision.kind == DecisionKind::Overturn).count();
        assert_eq!(decided, 1, "killed at {polls}");
        // The apology goes out in private, where nobody can look whether it arrived: it is said once, or a person
        // looks. It is never said twice.
        let apology = case.actions.iter().filter(|action| action.notice == Some(Notice::Apology)).collect::<Vec<_>>();
        assert_eq!(apology.len(), 1, "killed at {polls}");
        let answers = |message: &&sandbox::PrivateMessage| message.comment.as_deref() == Some(&id);
        let said = stage.sandbox.private_messages(FACEBOOK).iter().filter(answers).count();
        let is_asked = stage.tasks().await.iter().any(|task| task.case.as_ref() == Some(&case.id));
        match apology[0].effect {
            Some(Effect::Done) => assert_eq!((said, is_asked), (1, false), "killed at {polls}"),
            Some(Effect::Failed) => assert!(said <= 1 && is_asked, "killed at {polls}: {said} said"),
            other => panic!("killed at {polls}: {other:?}"),
        }
        if ended {
            break;
        }
        points += 1;
    }
    println!("killed at {points} points of a decision");
    assert!(points >= 20, "only {points} points");
}

#[tokio::test]
async fn a_clock_that_jumps_back_and_forth_repeats_nothing_and_leaves_nothing_stuck() {
    let mut stage = in_public().await;
    let id = stage.comments(FACEBOOK, "99", INSULT).await;
    let back = SignedDuration::from_hours(-1);
    stage.passes(back);
    sweeps(&stage).await;
    stage.hours(25);
    stage.works().await;
    let case = agrees(&stage, &id, 0).await;
    is_logged_once(&stage, &[case]).await;
    stage.passes(back);
    stage.works().await;
    stage.hours(24);
    stage.works().await;
    assert_eq!(stage.sandbox.replies(FACEBOOK, &id).len(), 1);
    assert_eq!(stage.hides(FACEBOOK), 1);
    // Between receiving and deciding, too.
    let other = stage.comments(FACEBOOK, "98", INSULT).await;
    stage.works().await;
    stage.passes(back);
    let case = stage.case(FACEBOOK, &other).await;
    stage.moderation.overturn(&case.id, ANNA, Extent::Case, false).await.unwrap();
    stage.works().await;
    stage.hours(24);
    stage.works().await;
    assert!(!stage.sandbox.is_hidden(FACEBOOK, &other));
    assert_eq!(stage.strikes(FACEBOOK, &other).await, 0);
    assert_eq!(stage.ledger().next_due().await.unwrap(), None);
}
