//! Random schedules of workers, people and removals on one case and its author, each from a seed: the case, the
//! author's record and the audit log tell the same story in the end.

use jiff::{SignedDuration, Timestamp};
use ledger::{
    Amended, Amendment, Cancel, CaseId, Closure, DecisionKind, Fact, NewAction, SanctionsChange, Status, StrikeChange,
    Work,
};
use policy::{ActionKind, Contribution, Effect, SanctionKind, SanctionState};
use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};

use crate::support::Fault::{AnswerLost, Cancelled, Unreachable};
use crate::support::{LEASE, Sample, World, at, comment, decision, done, on_each_engine, sanction, serving, strike};

const SEEDS: u64 = 6;
const STEPS: usize = 50;

/// What happened, as whoever did it was told.
#[derive(Debug, Default)]
struct Told {
    decisions: usize,
    effects: usize,
    sanctions: usize,
    /// Whether somebody was told of a failure: then something may have been recorded that is not counted here.
    unsure: bool,
}

#[tokio::test]
async fn whoever_is_faster_case_author_and_audit_log_agree() {
    on_each_engine(async |world| {
        for seed in 0..SEEDS {
            schedule(&world, seed).await;
        }
    })
    .await;
}

async fn schedule(world: &World, seed: u64) {
    let mut random = StdRng::seed_from_u64(seed);
    let mut now = at("2026-02-03T08:00:00Z") + SignedDuration::from_hours(24 * i64::try_from(seed).unwrap());
    let mut contribution = comment(&format!("{seed}_1"));
    contribution.at = Some(now);
    // An author for each seed, so that all of them can share the tables.
    contribution.author.as_mut().unwrap().id = policy::PlatformUserId::new(seed.to_string());
    let sample = Sample::violating(contribution);
    world.ledger.record(&sample.judged(now)).await.unwrap();
    let id = sample.case_id(&world.ledger);
    let mut told = Told::default();
    let mut held: Vec<Work> = Vec::new();
    for _ in 0..STEPS {
        now += SignedDuration::from_secs(random.random_range(1..40));
        match random.random_range(0..50) {
            0 => world.faults.inject("TransactWriteItems", [AnswerLost]),
            1 => world.faults.inject("TransactWriteItems", [Cancelled("TransactionConflict")]),
            2 => world.faults.inject("UpdateItem", [AnswerLost]),
            3 => world.faults.inject("TransactWriteItems", [AnswerLost].into_iter().chain([Unreachable; 5])),
            _ => {}
        }
        match random.random_range(0..10) {
            0..4 => held.extend(claim(world, now).await),
            4..7 if !held.is_empty() => {
                let work = held.swap_remove(random.random_range(0..held.len()));
                finish(world, work, now, &mut told).await;
            }
            7 => {
                let Contribution { platform, account, id, .. } = &sample.contribution;
                told.unsure |= world.ledger.remove(*platform, account, id, now).await.is_err();
            }
            _ => decide(world, &id, &mut random, now, &mut told).await,
        }
    }
    world.faults.clear();
    for work in held {
        now += SignedDuration::from_secs(1);
        finish(world, work, now, &mut told).await;
    }
    while let Some(due) = world.ledger.next_due().await.unwrap() {
        now = now.max(due) + SignedDuration::from_secs(1);
        let work = claim(world, now).await.unwrap();
        finish(world, work, now, &mut told).await;
    }
    check(world, &id, seed, &told, now).await;
}

async fn claim(world: &World, now: Timestamp) -> Option<Work> {
    let key = world.due(now).await.into_iter().next()?;
    world.ledger.claim(&key, now, LEASE).await.ok()?
}

/// A worker settles what it took up, or climbs: a step that is decided at once, while the author has none.
async fn finish(world: &World, work: Work, now: Timestamp, told: &mut Told) {
    match work {
        Work::Action(work) => match world.ledger.settle(&work, &done(), now).await {
            Ok(settled) => told.effects += usize::from(settled == ledger::Settled::Recorded),
            Err(_) => told.unsure = true,
        },
        Work::Climb(case) => {
            let record = world.ledger.author(case.pseudonym.as_ref().unwrap()).await.unwrap();
            let is_new = record.standing.sanctions.is_empty() && !record.standing.strikes.is_empty();
            let climbed = Amendment {
                climb_due: Some(false),
                actions: if is_new { vec![serving(ActionKind::Reply)] } else { Vec::new() },
                sanctions: is_new.then(|| SanctionsChange {
                    version: record.version,
                    sanctions: vec![sanction(&case.id, SanctionKind::Warning)],
                    changed: vec![1],
                }),
                ..Amendment::of(&case)
            };
            match world.ledger.amend(&climbed, now).await {
                Ok(Amended::Recorded) => told.sanctions += usize::from(is_new),
                Ok(Amended::Superseded) => {}
                Err(_) => told.unsure = true,
            }
        }
        Work::Read(_) | Work::Decide(_) => panic!("nothing to read or decide"),
    }
}

/// A person overturns the case, with its strike and its sanctions, or takes that back.
async fn decide(world: &World, id: &CaseId, random: &mut StdRng, now: Timestamp, told: &mut Told) {
    let Ok(Some(case)) = world.ledger.case(id, now).await else { return };
    let Ok(record) = world.ledger.author(case.pseudonym.as_ref().unwrap()).await else { return };
    let overturn = random.random_bool(0.5);
    let mut sanctions = record.standing.sanctions;
    let mut changed = Vec::new();
    for sanction in sanctions.iter_mut().filter(|sanction| overturn && sanction.state != SanctionState::Withdrawn) {
        sanction.state = SanctionState::Withdrawn;
        sanction.closed_at = Some(now);
        changed.push(sanction.number);
    }
    let withdrawn = changed.len();
    let amendment = Amendment {
        actions: if overturn { vec![NewAction::new(ActionKind::Unhide)] } else { Vec::new() },
        cancel: if overturn { Cancel::Everything } else { Cancel::Nothing },
        climb_due: Some(!overturn),
        status: overturn.then_some(Status::Closed { reason: Closure::Overturned, at: now }),
        decision: Some(decision(if overturn { DecisionKind::Overturn } else { DecisionKind::Confirm })),
        strike: if overturn { StrikeChange::Withdraw } else { StrikeChange::Add(strike()) },
        sanctions: (withdrawn > 0).then_some(SanctionsChange { version: record.version, sanctions, changed }),
        ..Amendment::of(&case)
    };
    match world.ledger.amend(&amendment, now).await {
        Ok(Amended::Recorded) => {
            told.decisions += 1;
            told.sanctions += withdrawn;
        }
        Ok(Amended::Superseded) => {}
        Err(_) => told.unsure = true,
    }
}

async fn check(world: &World, id: &CaseId, seed: u64, told: &Told, now: Timestamp) {
    let case = world.ledger.case(id, now).await.unwrap().unwrap();
    let record = world.ledger.author(case.pseudonym.as_ref().unwrap()).await.unwrap();
    let day = now.strftime("%F").to_string().parse().unwrap();
    let entries = world.ledger.entries(day).await.unwrap();
    let entries: Vec<_> = entries.into_iter().filter(|entry| entry.case.as_ref() == Some(id)).collect();
    assert!(entries.iter().all(|entry| entry.digest() == entry.hash), "seed {seed}");
    let count = |wanted: fn(&Fact) -> bool| entries.iter().filter(|entry| wanted(&entry.fact)).count();

    assert!(case.unsettled().is_none() && !case.climb_due, "seed {seed}: everything is settled");
    assert_eq!(count(|fact| matches!(fact, Fact::Effect { .. })), case.actions.len(), "seed {seed}: each effect once");
    assert_eq!(count(|fact| matches!(fact, Fact::Decision { .. })), case.decisions.len(), "seed {seed}");
    assert!(case.decisions.iter().all(|decision| decision.reason.is_some()), "seed {seed}: reasons are kept");

    // The strike is as the last decision left it.
    let strikes = record.standing.strikes.len();
    let last = case.decisions.last().map(|decision| decision.kind);
    assert_eq!(strikes, usize::from(last != Some(DecisionKind::Overturn)), "seed {seed}");

    // A sanction has come as far as its last entry says, and is effective only if its message was delivered.
    let states = entries.iter().filter_map(|entry| match &entry.fact {
        Fact::Sanction { state, .. } => Some(*state),
        _ => None,
    });
    let states: Vec<_> = states.collect();
    assert_eq!(record.standing.sanctions.first().map(|sanction| sanction.state), states.last().copied(), "seed {seed}");
    assert_eq!(u64::try_from(states.len()).unwrap(), record.version, "seed {seed}: each change has its entry");
    let delivered = case.actions.iter().any(|action| action.sanction.is_some() && action.effect == Some(Effect::Done));
    let was_effective = states.contains(&SanctionState::Effective);
    assert!(!was_effective || delivered, "seed {seed}: no warning without a message");

    if !told.unsure {
        let automatic = usize::from(was_effective);
        assert_eq!((told.decisions, told.sanctions + automatic), (case.decisions.len(), states.len()), "seed {seed}");
        assert!(told.effects <= case.actions.len(), "seed {seed}");
    }
}
