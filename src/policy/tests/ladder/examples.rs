//! What the ladder makes of single histories.

use jiff::Timestamp;
use jiff::tz::TimeZone;
use policy::SanctionKind::{Ban, Block, LastWarning, Warning};
use policy::SanctionState::{Decided, Declined, Effective, Ended, Proposed, Withdrawn};
use policy::{Automation, DecidedBy, Ladder, Standing, Strike};

use super::author::{Author, grave, hour, strike};

#[test]
fn an_author_who_goes_on_climbs_one_step_at_a_time() {
    let mut author = Author::default();
    for (case, kind) in [Warning, LastWarning, Block, Ban].into_iter().enumerate() {
        let at = 200 * i64::try_from(case).expect("small");
        author.receive(strike(u32::try_from(case).expect("small"), at));
        author.climb(at);
        let state = if kind < Block { Decided } else { Proposed };
        assert_eq!(author.sanctions().last(), Some(&(kind, state)));
        assert!(!author.standing.is_blocked(hour(at)));
        author.deliver(at + 1);
        assert_eq!(author.standing.reached(hour(at + 1)), Some(kind));
        assert_eq!(author.standing.is_blocked(hour(at + 1)), kind >= Block);
    }
    let block = &author.standing.sanctions[2];
    assert_eq!((block.number, &block.grounds[..], block.ends_at), (3, &[0, 1, 2][..], Some(hour(401 + 7 * 24))));
    assert_eq!((block.case, block.expires_at), (2, author.standing.strikes[2].expires_at));
    assert_eq!(author.standing.sanctions[3].expires_at, Timestamp::MAX);
    author.violates(grave(9, 900), 900);
    assert_eq!(author.standing.sanctions.len(), 4, "nothing comes after a ban");
}

#[test]
fn a_thousand_violations_before_the_first_warning_arrives_lead_to_one_warning() {
    let mut author = Author::default();
    for case in 0..1_000 {
        author.receive(strike(case, i64::from(case) / 100));
        author.climb(10);
    }
    author.deliver(11);
    author.climb(12);
    assert_eq!(author.sanctions(), [(Warning, Effective)]);
    assert_eq!(author.standing.weight(hour(12)), 1_000);
    author.violates(strike(1_000, 12), 12);
    assert_eq!(author.sanctions(), [(Warning, Effective), (LastWarning, Effective)]);
    author.receive(grave(1_001, 0));
    author.climb(13);
    assert_eq!(author.standing.sanctions[2].grounds.first(), Some(&1_001), "its own strike is always among them");
    let grounds = &author.standing.sanctions[1].grounds;
    assert_eq!((grounds.len(), grounds.last()), (200, Some(&1_000)), "the newest, so that the record stays small");
}

#[test]
fn where_a_warning_cannot_be_delivered_the_ladder_waits() {
    let mut author = Author::default();
    for case in 0..10 {
        author.receive(strike(case, i64::from(case) * 24));
        author.climb(i64::from(case) * 24);
    }
    assert_eq!(author.sanctions(), [(Warning, Decided)]);
}

#[test]
fn a_grave_violation_is_answered_at_once_while_a_warning_is_on_its_way() {
    let mut author = Author::default();
    author.receive(strike(1, 1));
    author.climb(1);
    author.receive(grave(2, 2));
    author.receive(grave(3, 3));
    author.climb(3);
    assert_eq!(author.sanctions(), [(Warning, Decided), (Block, Proposed)]);
    assert_eq!((author.standing.sanctions[1].case, author.standing.sanctions[1].grounds.len()), (3, 3));
    assert_eq!(author.standing.in_progress(hour(3)).map(|sanction| sanction.kind), Some(Block));
    assert_eq!(author.ladder.step(Block).map(|step| step.decided_by), Some(DecidedBy::Person));

    author.receive(grave(4, 4));
    author.climb(4);
    assert_eq!(author.sanctions().len(), 2, "one proposal at a time");

    let mut milder = Author::default();
    milder.ladder.steps.retain(|step| step.kind != Block);
    milder.receive(grave(2, 2));
    milder.climb(2);
    assert_eq!(milder.sanctions(), [(Warning, Decided)], "a ladder without that step skips nothing");
}

#[test]
fn what_a_person_declined_is_proposed_again_only_for_what_came_after() {
    let mut author = Author::default();
    author.receive(grave(1, 1));
    author.receive(grave(2, 1));
    author.climb(1);
    author.close(Proposed, Declined, &[Block], 5);
    author.climb(6);
    assert_eq!(author.sanctions(), [(Block, Declined), (Warning, Decided)], "a warning all the same");
    author.deliver(7);
    author.violates(strike(3, 8), 8);
    author.receive(strike(4, 9));
    author.climb(9);
    author.close(Proposed, Declined, &[Block], 12);
    author.receive(strike(5, 11));
    author.climb(13);
    assert_eq!(author.standing.in_progress(hour(13)), None, "written before the person declined");
    author.receive(strike(6, 13));
    author.climb(13);
    assert_eq!(author.sanctions().last(), Some(&(Block, Proposed)));
}

#[test]
fn a_grave_violation_that_nobody_declined_is_proposed_whenever_it_was_written() {
    let mut author = Author::default();
    author.receive(grave(1, 5));
    author.climb(5);
    author.close(Proposed, Declined, &[Block], 6);
    author.receive(grave(2, 1));
    author.climb(7);
    assert_eq!(author.sanctions(), [(Block, Declined), (Block, Proposed)]);
    author.close(Proposed, Withdrawn, &[Block], 8);
    author.climb(9);
    assert_eq!(author.sanctions().last(), Some(&(Block, Proposed)), "what was withdrawn answers nothing");
}

#[test]
fn a_warning_that_was_closed_without_reaching_its_author_is_no_ground_for_a_block() {
    let mut author = Author::default();
    author.ladder.steps.retain(|step| step.kind != LastWarning);
    author.receive(strike(1, 1));
    author.climb(1);
    author.close(Decided, Ended, &[Warning], 2);
    for case in 3..6 {
        author.receive(strike(case, i64::from(case)));
    }
    author.climb(6);
    assert_eq!(author.sanctions(), [(Warning, Ended), (Warning, Decided)]);
}

#[test]
fn whoever_was_blocked_without_a_warning_is_warned_before_a_ban() {
    let mut author = Author::default();
    author.violates(grave(1, 1), 1);
    author.violates(strike(2, 200), 200);
    author.violates(strike(3, 201), 201);
    assert_eq!(author.sanctions(), [(Block, Effective), (LastWarning, Effective), (Ban, Effective)]);
}

#[test]
fn a_step_that_a_grave_violation_skipped_is_taken_before_an_ordinary_one_leads_to_a_ban() {
    let mut author = Author::default();
    author.violates(Strike { skips_to: None, ..grave(1, 1) }, 1);
    assert_eq!(author.sanctions(), [(Warning, Effective)]);
    // A person confirms it.
    author.standing.strikes[0].skips_to = Some(Block);
    author.climb(2);
    author.deliver(2);
    author.close(Effective, Ended, &[Block], 200);
    author.violates(strike(2, 201), 201);
    assert_eq!(author.sanctions(), [(Warning, Effective), (Block, Ended), (LastWarning, Effective)]);
    author.violates(strike(3, 202), 202);
    assert_eq!(author.sanctions()[3..], [(Ban, Effective)], "it was the last one");
}

#[test]
fn a_grave_violation_after_a_block_has_ended_leads_to_a_block_again_and_once() {
    let mut author = Author::default();
    author.violates(grave(1, 1), 1);
    author.receive(grave(2, 150));
    author.close(Effective, Ended, &[Block], 200);
    author.climb(201);
    author.deliver(201);
    assert_eq!(author.sanctions(), [(Block, Ended), (LastWarning, Effective)], "written before it ended");
    author.receive(grave(3, 202));
    author.climb(202);
    assert_eq!(author.sanctions().last(), Some(&(Ban, Proposed)), "where the ladder asks for more, that");
    author.close(Proposed, Declined, &[Ban], 203);
    author.climb(203);
    assert_eq!(author.sanctions().len(), 3, "a person has declined it for this one");

    let mut other = Author::default();
    other.violates(grave(1, 1), 1);
    other.close(Effective, Ended, &[Block], 200);
    other.receive(grave(2, 202));
    other.climb(202);
    assert_eq!(other.sanctions(), [(Block, Ended), (Block, Proposed)]);
    other.close(Proposed, Declined, &[Block], 203);
    other.climb(204);
    assert_eq!(other.sanctions()[2..], [(LastWarning, Decided)]);
}

#[test]
fn a_lifted_ban_is_due_again_only_for_what_comes_after_and_is_forgotten_with_its_strikes() {
    let mut author = Author::default();
    for case in 1..=4 {
        author.violates(strike(case, i64::from(case)), i64::from(case));
    }
    assert_eq!(author.standing.stands_until(&author.standing.sanctions[3]), Timestamp::MAX);
    author.receive(strike(5, 299));
    author.close(Effective, Ended, &[Ban], 300);
    author.climb(301);
    assert_eq!(author.sanctions().len(), 4);
    assert!(!author.standing.is_blocked(hour(301)));
    let last_grounds = author.standing.strikes[3].expires_at;
    assert_eq!(author.standing.stands_until(&author.standing.sanctions[3]), last_grounds);
    author.receive(strike(6, 302));
    author.climb(302);
    assert_eq!(author.sanctions().last(), Some(&(Ban, Proposed)));
}

#[test]
fn a_violation_of_no_weight_leads_to_nothing() {
    let mut author = Author::default();
    author.receive(Strike { weight: 0, skips_to: Some(Block), ..strike(1, 1) });
    author.climb(1);
    assert_eq!(author.sanctions(), []);
    author.receive(strike(2, 1));
    assert_eq!(author.standing.weight(strike(2, 1).expires_at), 0, "nor does one whose time is up count");
}

#[test]
fn a_strike_counts_for_months_of_the_calendar() {
    let rome = TimeZone::get("Europe/Rome").expect("a time zone");
    let at = |text: &str| text.parse::<Timestamp>().expect("a time");
    let mut ladder = Ladder::default();
    assert_eq!(ladder.strike_expiry(at("2028-02-29T11:00:00Z"), &rome), at("2029-02-28T11:00:00Z"));
    ladder.strike_months = 6;
    assert_eq!(ladder.strike_expiry(at("2026-01-15T11:00:00Z"), &rome), at("2026-07-15T10:00:00Z"), "summer time");
    assert_eq!(ladder.strike_expiry(Timestamp::MAX, &rome), Timestamp::MAX);
}

#[test]
fn the_circuit_breaker_trips_above_the_count_and_above_the_share() {
    let breaker = Automation::default();
    for (hides, contributions, trips) in
        [(30, 10_000, false), (31, 10_000, true), (10, 200, false), (10, 199, true), (9, 9, false), (0, 0, false)]
    {
        assert_eq!(breaker.trips(hides, contributions), trips, "{hides} of {contributions}");
    }
}

#[test]
fn a_standing_survives_the_table() {
    let mut author = Author::default();
    author.violates(grave(1, 1), 1);
    author.receive(strike(2, 300));
    author.climb(300);
    let written = serde_json::to_string(&author.standing).expect("it can be written");
    assert_eq!(serde_json::from_str::<Standing<u32>>(&written).expect("it can be read"), author.standing);
    assert!(written.contains(r#""skips_to":"block""#) && !written.contains("null"));
}

#[test]
fn overturning_takes_back_what_rested_on_it_and_nothing_else() {
    let mut author = Author::default();
    for case in 1..=3 {
        author.violates(strike(case, i64::from(case)), i64::from(case));
    }
    author.receive(strike(4, 3));
    let before = author.clone();
    assert_eq!(author.withdraw(4, 9), [0; 0], "no sanction needed it");
    assert_eq!(author.standing.sanctions, before.standing.sanctions);
    assert_eq!(author.withdraw(2, 9), [2, 3], "the last warning, and the block that nothing led to without it");
    assert_eq!(author.sanctions(), [(Warning, Effective), (LastWarning, Withdrawn), (Block, Withdrawn)]);
    assert_eq!(author.standing.sanctions[2].closed_at, Some(hour(9)));
    assert_eq!(author.withdraw(2, 10), [0; 0], "once");
    author.climb(10);
    assert_eq!(author.sanctions().last(), Some(&(LastWarning, Decided)), "what is left is answered anew");
}

#[test]
fn a_sanction_with_grounds_enough_outlives_the_strike_that_made_it_due() {
    let mut author = Author::default();
    author.violates(strike(1, 1), 1);
    author.receive(strike(2, 2));
    author.receive(strike(3, 3));
    author.climb(3);
    author.deliver(3);
    assert_eq!(author.withdraw(3, 9), [0; 0]);
    let last_warning = &author.standing.sanctions[1];
    assert_eq!((&last_warning.grounds[..], last_warning.expires_at), (&[1, 2][..], strike(2, 2).expires_at));

    let mut two = Author::default();
    two.receive(grave(1, 1));
    two.receive(grave(2, 2));
    two.climb(2);
    assert_eq!(two.withdraw(2, 9), [0; 0], "the other grave violation leads to a block by itself");
    assert_eq!(two.withdraw(1, 9), [1]);
}

#[test]
fn a_sanction_falls_with_the_earlier_one_that_it_builds_on() {
    let mut author = Author::default();
    for (step, weight) in author.ladder.steps.iter_mut().zip([2, 3, 4, 5]) {
        step.weight = weight;
    }
    author.violates(strike(1, 1), 1);
    author.violates(strike(2, 10), 10);
    let next_year = 365 * 24 + 5;
    author.violates(Strike { weight: 2, ..strike(3, next_year) }, next_year);
    assert_eq!(author.sanctions(), [(Warning, Effective), (LastWarning, Effective)]);
    assert_eq!(author.standing.sanctions[1].grounds, [2, 3], "the first has expired");
    assert_eq!(author.withdraw(1, next_year), [1, 2]);
}

#[test]
fn of_grounds_that_the_table_has_forgotten_nothing_is_known() {
    let mut author = Author::default();
    for case in 1..=4 {
        author.violates(strike(case, i64::from(case)), i64::from(case));
    }
    author.standing.strikes.clear();
    assert_eq!(author.withdraw(1, 10_000), [1, 2, 3, 4], "in doubt in favour of the author");
}
