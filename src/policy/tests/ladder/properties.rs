//! What holds for every history.

use policy::SanctionKind::{Ban, Block, LastWarning, Warning};
use policy::SanctionState::{Decided, Declined, Effective, Ended, Proposed};
use policy::{Ladder, Sanction, SanctionKind, Step, Strike};
use proptest::prelude::*;

use super::author::{Author, grave, hour, strike};

/// What happens in a made-up history. Each event comes some hours after the one before.
#[derive(Clone, Debug)]
enum Event {
    /// A violation, written this many hours before it arrives.
    Violation {
        delay: i64,
        weight: u32,
        is_grave: bool,
    },
    Delivery,
    Decline,
    End,
}

fn violation() -> impl Strategy<Value = Event> {
    let draw = (0i64..60, 0u32..3, prop::bool::weighted(0.2));
    draw.prop_map(|(delay, weight, is_grave)| Event::Violation { delay, weight, is_grave })
}

/// Histories of at most some 80 days, so that nothing expires within.
fn history(event: impl Strategy<Value = Event>) -> impl Strategy<Value = Vec<(i64, Event)>> {
    prop::collection::vec((1i64..48, event), 0..40)
}

/// Everything that can happen.
fn any_history() -> impl Strategy<Value = Vec<(i64, Event)>> {
    history(prop_oneof![4 => violation(), 2 => Just(Event::Delivery), 1 => Just(Event::Decline), 1 => Just(Event::End)])
}

/// Violations and deliveries alone.
fn plain_history() -> impl Strategy<Value = Vec<(i64, Event)>> {
    history(prop_oneof![3 => violation(), 1 => Just(Event::Delivery)])
}

/// Ladders whose steps ask for more and more.
fn ladders() -> impl Strategy<Value = Ladder> {
    prop::array::uniform4(1u32..3).prop_map(|rises| {
        let mut ladder = Ladder::default();
        let mut weight = 0;
        for (step, rise) in ladder.steps.iter_mut().zip(rises) {
            weight += rise;
            step.weight = weight;
        }
        ladder
    })
}

/// Lives through a history; a violation is the case of its place in it. `skip` leaves one out.
fn live(ladder: &Ladder, history: &[(i64, Event)], skip: Option<u32>) -> (Author, i64) {
    let mut author = Author { ladder: ladder.clone(), ..Author::default() };
    let mut now = 100;
    for (case, (passed, event)) in (0..).zip(history) {
        now += passed;
        match event {
            Event::Violation { .. } if skip == Some(case) => {}
            Event::Violation { delay, weight, is_grave } => {
                let usual = if *is_grave { grave(case, now - delay) } else { strike(case, now - delay) };
                author.receive(Strike { weight: *weight, ..usual });
            }
            Event::Delivery => author.deliver(now),
            Event::Decline => author.close(Proposed, Declined, &[Block, Ban], now),
            Event::End => author.close(Effective, Ended, &[Block, Ban], now),
        }
        author.climb(now);
    }
    (author, now)
}

/// The same with everything delivered at once.
fn live_at_once(ladder: &Ladder, history: &[(i64, Event)], skip: Option<u32>) -> Option<SanctionKind> {
    let deliver = |(passed, event): &(i64, Event)| [(*passed, event.clone()), (0, Event::Delivery)];
    let history: Vec<(i64, Event)> = history.iter().flat_map(deliver).collect();
    // Every violation has moved to twice its place.
    let (author, now) = live(ladder, &history, skip.map(|case| 2 * case));
    author.standing.reached(hour(now))
}

proptest! {
    // `PROPTEST_CASES=30000 cargo test -p policy` makes a fuzz run of it.
    #![proptest_config(ProptestConfig::default())]

    #[test]
    fn one_violation_more_never_ends_lower(ladder in ladders(), history in history(violation()), case in 0u32..40) {
        let without = live_at_once(&ladder, &history, Some(case));
        prop_assert!(live_at_once(&ladder, &history, None) >= without);
    }

    #[test]
    fn no_step_is_skipped_unless_grave_and_none_blocks_without_a_delivered_warning(ladder in ladders(), history in any_history()) {
        let (author, _) = live(&ladder, &history, None);
        let all = &author.standing.sanctions;
        for (at, sanction) in all.iter().enumerate() {
            let cause = author.standing.strikes.iter().find(|strike| strike.case == sanction.case).expect("on record");
            prop_assert!(cause.weight > 0 && sanction.grounds.contains(&cause.case));
            if cause.skips_to == Some(sanction.kind) {
                continue;
            }
            let told = |kind| {
                let told = |one: &Sanction<u32>| one.kind == kind && one.effective_at.is_some_and(|told| told < cause.at);
                all[..at].iter().any(told)
            };
            let below = ladder.steps.iter().rev().find(|step| step.kind < sanction.kind);
            prop_assert!(below.is_none_or(|below| told(below.kind)) || told(Block), "{all:?}");
            prop_assert!(sanction.kind < Block || told(LastWarning), "{all:?}");
            let weight: u32 = author.standing.strikes.iter()
                .filter(|strike| sanction.grounds.contains(&strike.case)).map(|strike| strike.weight).sum();
            prop_assert!(ladder.step(sanction.kind).is_some_and(|step| weight >= step.weight), "{all:?}");
        }
    }

    #[test]
    fn when_all_has_expired_the_author_is_like_new(ladder in ladders(), history in any_history()) {
        let (mut author, now) = live(&ladder, &history, None);
        let later = now + 366 * 24;
        prop_assert_eq!(author.standing.weight(hour(later)), 0);
        let is_banned = author.standing.sanctions.iter().any(|one| one.kind == Ban && matches!(one.state, Decided | Effective));
        let mut fresh = Author { ladder, ..Author::default() };
        for author in [&mut author, &mut fresh] {
            author.receive(grave(1_000, later));
        }
        let due = author.ladder.due(&author.standing, hour(later));
        prop_assert_eq!(due, fresh.ladder.due(&fresh.standing, hour(later)).filter(|_| !is_banned));
    }

    #[test]
    fn order_and_duplicates_of_deliveries_do_not_matter(
        ladder in ladders(),
        batches in prop::collection::vec(
            prop::collection::vec((0i64..60, 0u32..3, prop::bool::weighted(0.2)), 0..8)
                .prop_flat_map(|batch| {
                    let numbered: Vec<_> = batch.into_iter().enumerate().collect();
                    let twice: Vec<_> = numbered.iter().chain(&numbered).copied().collect();
                    (Just(numbered), Just(twice).prop_shuffle())
                }),
            0..8,
        ),
    ) {
        let mut author = Author { ladder, ..Author::default() };
        let mut other = author.clone();
        for (nth, (batch, shuffled)) in (1i64..).zip(&batches) {
            let now = 50 * nth;
            for (author, batch) in [(&mut author, batch), (&mut other, shuffled)] {
                for &(case, (delay, weight, is_grave)) in batch {
                    let case = u32::try_from(nth * 100).expect("small") + u32::try_from(case).expect("small");
                    let usual = if is_grave { grave(case, now - delay) } else { strike(case, now - delay) };
                    author.receive(Strike { weight, ..usual });
                }
                author.climb(now);
                author.deliver(now + 1);
            }
        }
        prop_assert_eq!(author.standing.sanctions, other.standing.sanctions);
    }

    #[test]
    fn a_flood_leads_to_one_warning_in_whatever_order_it_arrives(
        flood in Just((0..40).collect::<Vec<u32>>()).prop_shuffle(),
        again in prop::collection::vec(0u32..40, 0..20),
    ) {
        let mut author = Author::default();
        for case in flood.into_iter().chain(again) {
            author.receive(strike(case, i64::from(case)));
            author.climb(50);
        }
        author.deliver(50);
        author.climb(51);
        prop_assert_eq!(author.sanctions(), [(Warning, Effective)]);
    }

    #[test]
    fn without_strikes_no_sanction_is_left(ladder in ladders(), history in any_history()) {
        let (mut author, now) = live(&ladder, &history, None);
        let mut declined = author.standing_sanctions();
        declined.retain(|sanction| sanction.state == Declined);
        for case in 0..40 {
            author.withdraw(case, now);
        }
        prop_assert_eq!(author.standing_sanctions(), declined);
    }

    #[test]
    fn what_the_newest_violation_caused_is_taken_back_exactly(ladder in ladders(), before in any_history(), newest in violation()) {
        let case = u32::try_from(before.len()).expect("small");
        let history = [before, vec![(1, newest), (1, Event::Delivery)]].concat();
        let (mut author, now) = live(&ladder, &history, None);
        let (never, _) = live(&ladder, &history, Some(case));
        author.withdraw(case, now);
        prop_assert_eq!(author.standing_sanctions(), never.standing.sanctions);
        prop_assert_eq!(author.standing.strikes, never.standing.strikes);
    }

    #[test]
    fn whatever_is_taken_back_leaves_no_more_than_if_it_had_never_been(ladder in ladders(), history in plain_history(), case in 0u32..40) {
        let (lived, now) = live(&ladder, &history, None);
        let (never, _) = live(&ladder, &history, Some(case));
        let mut author = lived.clone();
        let withdrawn = author.withdraw(case, now);
        prop_assert!(author.standing.reached(hour(now)) <= never.standing.reached(hour(now)));
        // Each sanction was withdrawn for a reason, and what was there before is as it was.
        let first = lived.standing.sanctions.iter().find(|sanction| sanction.grounds.contains(&case));
        prop_assert!(withdrawn.iter().all(|number| first.is_some_and(|first| first.number <= *number)));
        // None that stays rests on it, and each has weight enough or a grave violation.
        for sanction in author.standing_sanctions() {
            prop_assert!(!sanction.grounds.contains(&case));
            let grounds = || author.standing.strikes.iter().filter(|strike| sanction.grounds.contains(&strike.case));
            let weight: u32 = grounds().map(|strike| strike.weight).sum();
            let is_grave = grounds().any(|strike| strike.skips_to == Some(sanction.kind));
            prop_assert!(is_grave || ladder.step(sanction.kind).is_some_and(|step: &Step| weight >= step.weight));
        }
    }
}
