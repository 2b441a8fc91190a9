//! What is counted, day by day and over a period.

use std::collections::BTreeMap;

use jiff::civil::{Date, date};
use jiff::{SignedDuration, Timestamp, ToSpan};
use ledger::{AuditEntry, DecisionKind, EntryFinding, EntryStrike, Fact};
use policy::{
    AccountId, ActionKind, Category, Effect, Outcome, Platform, PolicyRef, SanctionKind, SanctionState, Surface,
};
use serde_json::json;
use statistics::sample::Sample;
use statistics::{Activity, DayActivity, Period};

use crate::support::{POLICY, compiled, entries, policy};

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

/// An entry about the case with this number.
fn entry(at: Timestamp, case: u32, automatic: bool, fact: Fact) -> AuditEntry {
    AuditEntry {
        at,
        day: ledger::day(at),
        case: Some(format!("{:024x}-{case:012x}", u64::from(case) << 40).parse().unwrap()),
        platform: Some(Platform::Facebook),
        account: Some(AccountId::new("1")),
        surface: Some(Surface::Comment),
        policy: PolicyRef { id: "ente".into(), version: "1".into(), hash: "ab".into(), reader: None },
        automatic,
        fact,
        hash: String::new(),
    }
}

/// A verdict two seconds after the contribution was written.
fn verdict(written: Timestamp, case: u32, author: u32, outcome: Outcome, strike: Option<Timestamp>) -> AuditEntry {
    let finding = EntryFinding {
        clause: "R4".into(),
        category: Category::Offensive,
        rule: "insulti".into(),
        detector: "term".into(),
        start: 0,
        end: 4,
        opinion: None,
    };
    let fact = Fact::Verdict {
        outcome,
        findings: if outcome == Outcome::Allow { vec![] } else { vec![finding] },
        findings_left_out: 0,
        author: serde_json::from_value(json!(format!("{:08x}{:024x}", author, author))).unwrap(),
        written_at: Some(written),
        strike: strike.map(|expires_at| EntryStrike { clause: "R4".into(), weight: 1, expires_at }),
        urgent: false,
        halted: false,
        protects: false,
        revision: None,
        unchanged: false,
        strike_raised: None,
    };
    entry(written + SignedDuration::from_secs(2), case, true, fact)
}

fn decision(at: Timestamp, case: u32, decision: DecisionKind, strike_withdrawn: bool) -> AuditEntry {
    let fact = Fact::Decision { decision, by: "ufficio".into(), reason: String::new(), strike: None, strike_withdrawn };
    entry(at, case, false, fact)
}

fn effect(at: Timestamp, case: u32, asked: ActionKind, effect: Effect) -> AuditEntry {
    let fact =
        Fact::Effect { action: "a1".into(), asked, notice: None, asked_at: None, attempts: 1, effect, status: None };
    entry(at, case, true, fact)
}

fn activity(period: Period, entries: &[AuditEntry]) -> Activity {
    let days: BTreeMap<Date, DayActivity> =
        Activity::needs(period).days().map(|day| (day, DayActivity::of(day, entries, &POLICY))).collect();
    Activity::compile(period, &[], &days)
}

fn march() -> Period {
    Period::month(2026, 3).unwrap()
}

#[test]
fn the_order_of_entries_makes_no_difference_to_a_byte() {
    let policy = policy(0);
    let mut entries = Sample::new(&policy, 3, 300).entries(date(2026, 3, 4));
    let day = DayActivity::of(date(2026, 3, 4), &entries, &POLICY).to_json();
    entries.reverse();
    assert_eq!(DayActivity::of(date(2026, 3, 4), &entries, &POLICY).to_json(), day);
    entries.rotate_left(97);
    assert_eq!(DayActivity::of(date(2026, 3, 4), &entries, &POLICY).to_json(), day);
}

#[test]
fn a_stored_day_reads_back_and_another_shape_is_refused() {
    let policy = policy(0);
    let day = date(2026, 3, 4);
    let compiled = DayActivity::of(day, &Sample::new(&policy, 3, 300).entries(day), &POLICY);
    assert_eq!(DayActivity::from_json(&compiled.to_json()).unwrap(), compiled);
    assert!(DayActivity::from_json(r#"{"day":"2026-03-04"}"#).is_err());
}

#[test]
fn an_entry_counts_on_the_day_on_which_it_was_recorded() {
    let late = verdict(at("2026-03-31T21:59:59Z"), 1, 1, Outcome::Allow, None);
    assert_eq!(late.day, date(2026, 4, 1));
    assert_eq!(activity(march(), std::slice::from_ref(&late)).totals.received, 0);
    assert_eq!(activity(Period::month(2026, 4).unwrap(), &[late]).totals.received, 1);
}

#[test]
fn hours_of_service_are_those_in_italy_also_when_the_clock_changes() {
    // Monday after summer time began: 9:00 there is 7:00 in UTC; before, it was 8:00.
    let inside = verdict(at("2026-03-30T07:00:00Z"), 1, 1, Outcome::Allow, None);
    let outside = verdict(at("2026-03-27T07:00:00Z"), 2, 1, Outcome::Allow, None);
    let totals = activity(march(), &[inside, outside]).totals;
    assert_eq!((totals.inside_hours, totals.outside_hours), (1, 1));
}

#[test]
fn hours_of_service_are_the_same_for_what_was_written_the_day_before() {
    // Judged on Tuesday: written on Monday at 10:00 and at 13:30, on Tuesday at 10:00 and at 13:30, in Italy.
    let written = ["2026-03-09T09:00:00Z", "2026-03-09T12:30:00Z", "2026-03-10T09:00:00Z", "2026-03-10T12:30:00Z"];
    let judged = written.into_iter().zip(1..).map(|(written, case)| AuditEntry {
        day: date(2026, 3, 10),
        ..verdict(at(written), case, 1, Outcome::Allow, None)
    });
    let totals = activity(march(), &judged.collect::<Vec<_>>()).totals;
    assert_eq!((totals.inside_hours, totals.outside_hours), (2, 2));
}

#[test]
fn days_of_23_and_of_25_hours_count_every_contribution_once() {
    let hourly = |from: &str, hours: u32| -> Vec<AuditEntry> {
        (0..hours).map(|n| verdict(at(from) + i64::from(n).hours(), n, n, Outcome::Allow, None)).collect()
    };
    let short = activity(march(), &hourly("2026-03-28T23:00:00Z", 23));
    assert_eq!(short.days.iter().find(|row| row.day == date(2026, 3, 29)).unwrap().received, 23);
    assert_eq!((short.hours[1].received, short.hours[2].received, short.hours[3].received), (1, 0, 1));
    let october = Period::month(2026, 10).unwrap();
    let long = activity(october, &hourly("2026-10-24T22:00:00Z", 25));
    assert_eq!(long.days.iter().find(|row| row.day == date(2026, 10, 25)).unwrap().received, 25);
    assert_eq!((long.hours[1].received, long.hours[2].received, long.hours[3].received), (1, 2, 1));
}

#[test]
fn a_leap_day_is_a_day() {
    let leap = verdict(at("2028-02-29T12:00:00Z"), 1, 1, Outcome::Allow, None);
    let february = activity(Period::month(2028, 2).unwrap(), &[leap]);
    assert_eq!((february.days.len(), february.totals.received, february.missing.len()), (29, 1, 28));
}

#[test]
fn an_effect_and_a_decision_of_another_day_are_measured_from_when_it_was_written() {
    let written = at("2026-02-27T10:00:00Z");
    let entries = [
        verdict(written, 1, 1, Outcome::Hide, None),
        effect(written + 30.minutes(), 1, ActionKind::Hide, Effect::Failed),
        effect(written + 72.hours(), 1, ActionKind::Hide, Effect::Done),
        decision(written + 100.hours(), 1, DecisionKind::Confirm, false),
    ];
    let times = activity(march(), &entries).times;
    let near = |found: Option<u64>, hours: u64| found.unwrap().abs_diff(hours * 3_600_000) <= hours * 3_600_000 / 128;
    assert_eq!((times.to_effect.count, times.to_decision.count, times.unknown), (1, 1, 0));
    assert!(near(times.to_effect.median_ms, 72) && near(times.to_decision.percentile_99_ms, 100), "{times:?}");
    // In the month before, nothing had happened about it yet but the verdict.
    let before = activity(Period::month(2026, 2).unwrap(), &entries[..2]).times;
    assert_eq!((before.to_verdict.count, before.to_effect.count), (1, 0));
}

#[test]
fn what_happened_about_an_unknown_case_is_told_as_unknown() {
    let times = activity(march(), &[decision(at("2026-03-05T10:00:00Z"), 9, DecisionKind::Confirm, false)]).times;
    assert_eq!((times.to_decision.count, times.unknown), (0, 1));
}

#[test]
fn decisions_are_held_against_their_deadlines() {
    let written = at("2026-03-10T10:00:00Z");
    let review = |case| verdict(written, case, case, Outcome::Review, None);
    let entries = [
        // Eight working hours after Tuesday at 11 are over on Wednesday at 12.
        review(1),
        decision(written + 20.hours(), 1, DecisionKind::Confirm, false),
        review(2),
        decision(written + 30.hours(), 2, DecisionKind::Overturn, true),
        review(3),
        review(4),
        entry(written + 1.hour(), 4, true, Fact::Removal),
        // Its deadline is in April.
        verdict(at("2026-03-31T10:00:00Z"), 5, 5, Outcome::Review, None),
    ];
    let deadlines = activity(march(), &entries).times.deadlines;
    assert_eq!((deadlines.met, deadlines.missed, deadlines.overdue), (1, 1, 1));
}

#[test]
fn a_rule_is_as_precise_as_the_last_decisions_say() {
    let written = at("2026-03-10T10:00:00Z");
    let mut entries = Vec::new();
    for case in 1..=8 {
        entries.push(verdict(written, case, case, Outcome::Hide, None));
        let kind = if case <= 2 { DecisionKind::Overturn } else { DecisionKind::Confirm };
        entries.push(decision(written + 1.hour(), case, kind, case <= 2));
    }
    // One of the two is confirmed after all.
    entries.push(decision(written + 2.hours(), 1, DecisionKind::Confirm, false));
    let rules = activity(march(), &entries).rules;
    assert_eq!((rules[0].rule.as_str(), rules[0].decided, rules[0].overturned), ("insulti", Some(8), Some(1)));
    assert_eq!(rules[0].precision, Some(0.875));
}

#[test]
fn a_declined_sanction_does_not_speak_against_the_rule_nor_take_the_strike_back() {
    let written = at("2026-03-10T10:00:00Z");
    let mut entries = Vec::new();
    for case in 1..=5 {
        entries.push(verdict(written, case, case, Outcome::Hide, Some(at("2027-03-10T10:00:00Z"))));
        entries.push(decision(written + 1.hour(), case, DecisionKind::Confirm, false));
    }
    entries.push(decision(written + 2.hours(), 1, DecisionKind::Overturn, false));
    let activity = activity(march(), &entries);
    assert_eq!((activity.totals.confirmed, activity.totals.overturned), (5, 0));
    assert_eq!((activity.rules[0].decided, activity.rules[0].overturned), (Some(5), Some(0)));
    assert_eq!((activity.strikes.given, activity.strikes.withdrawn), (5, 0));
    // Where the finding is overturned, it is otherwise.
    entries.push(decision(written + 3.hours(), 2, DecisionKind::Overturn, true));
    let activity = self::activity(march(), &entries);
    assert_eq!((activity.totals.overturned, activity.rules[0].overturned, activity.strikes.withdrawn), (1, Some(1), 1));
}

#[test]
fn strikes_expire_and_those_taken_back_count_no_more() {
    let expires = Some(at("2026-03-20T10:00:00Z"));
    let entries = [
        verdict(at("2025-03-20T10:00:00Z"), 1, 1, Outcome::Hide, expires),
        verdict(at("2025-03-20T11:00:00Z"), 2, 2, Outcome::Hide, expires),
        decision(at("2025-03-21T11:00:00Z"), 2, DecisionKind::Overturn, true),
        verdict(at("2026-03-02T10:00:00Z"), 3, 3, Outcome::Hide, Some(at("2027-03-02T10:00:00Z"))),
        verdict(at("2026-03-03T10:00:00Z"), 4, 3, Outcome::Hide, Some(at("2027-03-03T10:00:00Z"))),
        verdict(at("2026-03-02T10:00:00Z"), 5, 4, Outcome::Hide, Some(at("2027-03-02T10:00:00Z"))),
        verdict(at("2026-03-03T10:00:00Z"), 6, 4, Outcome::Hide, Some(at("2027-03-03T10:00:00Z"))),
        decision(at("2026-03-04T10:00:00Z"), 6, DecisionKind::Overturn, true),
    ];
    let strikes = activity(march(), &entries).strikes;
    assert_eq!((strikes.given, strikes.withdrawn, strikes.expired, strikes.repeat_offenders), (4, 1, 1, 1));
    assert!(!strikes.at_least);
}

/// A verdict on a later revision of a contribution, which belongs to the case with this number.
fn revision(written: Timestamp, case: u32, outcome: Outcome, strike: Option<Timestamp>) -> AuditEntry {
    let mut entry = verdict(written, case, 1, outcome, strike);
    if let Fact::Verdict { revision, .. } = &mut entry.fact {
        *revision = Some(format!("{:024x}-{:012x}", u64::from(case) << 40, case + 1_000).parse().unwrap());
    }
    entry
}

#[test]
fn what_protects_counts_as_that_and_as_a_strike_only_when_a_person_says_so() {
    let expires = Some(at("2027-03-05T09:00:00Z"));
    let mut entries: Vec<AuditEntry> =
        (1..=3).map(|case| verdict(at("2026-03-05T09:00:00Z"), case, case, Outcome::Hide, None)).collect();
    for entry in &mut entries {
        if let Fact::Verdict { protects, .. } = &mut entry.fact {
            *protects = true;
        }
    }
    entries.push(verdict(at("2026-03-05T09:00:00Z"), 4, 4, Outcome::Hide, expires));
    let before = activity(march(), &entries);
    assert_eq!((before.totals.to_hide, before.totals.protected, before.strikes.given), (4, 3, 1));
    // A person confirms one as it is, and finds of another that its author exposed somebody.
    entries.push(decision(at("2026-03-06T09:00:00Z"), 1, DecisionKind::Confirm, false));
    let mut exposure = decision(at("2026-03-06T09:00:00Z"), 2, DecisionKind::Confirm, false);
    if let Fact::Decision { strike, .. } = &mut exposure.fact {
        *strike = expires.map(|expires_at| EntryStrike { clause: "R5".into(), weight: 1, expires_at });
    }
    entries.push(exposure);
    let after = activity(march(), &entries);
    assert_eq!((after.totals.protected, after.totals.confirmed, after.strikes.given), (3, 2, 2));
    // In the summary of the period as in its days.
    assert_eq!(after.totals.to_hide, 4, "each counts once");
}

#[test]
fn revisions_are_judged_each_and_are_one_case_with_one_strike() {
    let expires = at("2027-03-05T09:00:00Z");
    let written = at("2026-03-05T09:00:00Z");
    let later = |minutes: i64| written + SignedDuration::from_mins(minutes);
    // One that gets worse, one that becomes a violation, one that is rewritten within the rules.
    let entries = [
        verdict(written, 1, 1, Outcome::Hide, Some(expires)),
        revision(later(5), 1, Outcome::Hide, None),
        verdict(written, 2, 2, Outcome::Review, None),
        revision(later(5), 2, Outcome::Hide, Some(expires)),
        verdict(written, 3, 3, Outcome::Hide, Some(expires)),
        revision(later(5), 3, Outcome::Allow, None),
        effect(later(6), 2, ActionKind::Hide, Effect::Done),
        decision(later(60), 1, DecisionKind::Overturn, true),
        decision(later(60), 2, DecisionKind::Confirm, false),
    ];
    let activity = activity(march(), &entries);
    let totals = activity.totals;
    assert_eq!((totals.received, totals.to_hide, totals.reviewed, totals.allowed), (6, 4, 1, 1));
    assert_eq!((activity.strikes.given, activity.strikes.withdrawn), (3, 1), "one for each contribution");
    assert_eq!((totals.confirmed, totals.overturned), (1, 1));
    assert_eq!((activity.times.to_effect.count, activity.times.to_decision.count), (1, 2), "of each case once");
    // Quantiles are at most 0.8 % off.
    let to_effect = activity.times.to_effect.median_ms.unwrap();
    assert!((356_000..=364_000).contains(&to_effect), "six minutes from the first revision, not {to_effect} ms");
    assert_eq!(activity.times.unknown, 0);
}

#[test]
fn another_full_stop_is_no_contribution_more() {
    let written = at("2026-03-05T09:00:00Z");
    let mut first = verdict(written, 1, 1, Outcome::Hide, None);
    let mut again = revision(written + SignedDuration::from_mins(5), 1, Outcome::Hide, None);
    for entry in [&mut first, &mut again] {
        if let Fact::Verdict { protects, .. } = &mut entry.fact {
            *protects = true;
        }
    }
    if let Fact::Verdict { unchanged, .. } = &mut again.fact {
        *unchanged = true;
    }
    let totals = activity(march(), &[first, again]).totals;
    assert_eq!((totals.received, totals.to_hide, totals.protected), (1, 1, 1));
}

#[test]
fn sanctions_count_when_they_reach_their_author() {
    let sanction = |case, automatic, sanction, state| {
        let author = serde_json::from_value(json!("0".repeat(32))).unwrap();
        entry(at("2026-03-10T10:00:00Z"), case, automatic, Fact::Sanction { author, number: 1, sanction, state })
    };
    let entries = [
        sanction(1, true, SanctionKind::Warning, SanctionState::Decided),
        sanction(1, true, SanctionKind::Warning, SanctionState::Effective),
        sanction(2, true, SanctionKind::LastWarning, SanctionState::Effective),
        sanction(3, false, SanctionKind::Block, SanctionState::Effective),
        sanction(4, false, SanctionKind::Ban, SanctionState::Declined),
    ];
    let totals = activity(march(), &entries).totals;
    assert_eq!((totals.warned.automatic, totals.blocked.person, totals.banned.all()), (2, 1, 0));
}

#[test]
fn few_authors_are_not_shown_by_clause_account_or_hour_but_in_the_totals() {
    let written = at("2026-03-10T10:00:00Z");
    // A hundred comments, four people.
    let entries: Vec<_> = (0..100).map(|case| verdict(written, case, case % 4, Outcome::Hide, None)).collect();
    let few = activity(march(), &entries);
    assert_eq!(few.totals.to_hide, 100);
    assert_eq!((few.clauses[0].noticed, few.accounts[0].outcomes.noticed, few.hours[11].noticed), (None, None, None));
    assert_eq!((few.accounts[0].outcomes.received, few.accounts[0].outcomes.allowed), (100, None));
    // A fifth one.
    let entries: Vec<_> = (0..100).map(|case| verdict(written, case, case % 5, Outcome::Hide, None)).collect();
    let enough = activity(march(), &entries);
    assert_eq!((enough.clauses[0].noticed, enough.hours[11].noticed), (Some(100), Some(100)));
}

#[test]
fn what_a_platform_refused_is_told_by_action() {
    let written = at("2026-03-10T10:00:00Z");
    let mut entries = Vec::new();
    for case in 0..10 {
        entries.push(verdict(written, case, case, Outcome::Hide, None));
        let answer = if case < 3 { Effect::Refused } else { Effect::Done };
        entries.push(effect(written + 1.minute(), case, ActionKind::Hide, answer));
    }
    // So few bans would point at people.
    entries.push(effect(written + 1.minute(), 1, ActionKind::Ban, Effect::Impossible));
    let answers = activity(march(), &entries).answers;
    assert_eq!((answers[0].action, answers[0].done, answers[0].refused), (ActionKind::Hide, Some(7), Some(3)));
    assert_eq!((answers[1].action, answers[1].impossible), (ActionKind::Ban, None));
}

#[test]
fn an_empty_month_and_an_account_without_data_are_in_the_figures() {
    let before = verdict(at("2026-01-01T12:00:00Z"), 1, 1, Outcome::Allow, None);
    let days = [before.day, date(2026, 3, 1)].map(|day| (day, DayActivity::of(day, [&before], &POLICY)));
    let days = BTreeMap::from(days);
    let silent = (Platform::X, AccountId::new("silent"));
    let activity = Activity::compile(march(), std::slice::from_ref(&silent), &days);
    assert_eq!((activity.totals.received, activity.missing.len(), activity.accounts.len()), (0, 30, 1));
    assert_eq!(activity.accounts[0].outcomes.noticed, Some(0));
}

#[test]
fn days_before_the_first_entry_are_missing_and_not_quiet() {
    let first = verdict(at("2026-03-11T12:00:00Z"), 1, 1, Outcome::Allow, None);
    assert_eq!(activity(march(), &[first]).missing.len(), 10);
    assert_eq!(activity(march(), &[]).missing.len(), 31);
}

#[test]
fn a_raid_on_a_hundred_accounts_fits_into_a_stored_day_and_says_what_it_lacks() {
    let policy = policy(100);
    let sample = Sample::new(&policy, 5, 40_000);
    let day = date(2026, 3, 4);
    let raid = DayActivity::of(day, &sample.entries(day), &POLICY);
    let bytes = raid.to_json().len();
    assert!(bytes < 350_000, "{bytes} bytes");
    let period = Period { from: day, to: day };
    let activity = Activity::compile(period, &[], &BTreeMap::from([(day, raid)]));
    assert!(activity.strikes.at_least && activity.times.unknown > 0);
    assert!(activity.totals.received > 40_000);
}

#[test]
fn a_day_of_a_thousand_contributions_takes_little_room() {
    let policy = policy(0);
    let day = date(2026, 3, 4);
    let bytes = DayActivity::of(day, &Sample::new(&policy, 5, 1_000).entries(day), &POLICY).to_json().len();
    assert!(bytes < 40_000, "{bytes} bytes");
}

#[test]
fn the_same_facts_give_the_same_figures_from_stored_days() {
    let policy = policy(0);
    let entries = entries(&Sample::new(&policy, 5, 60), march());
    let days = compiled(&entries);
    let stored = days.iter().map(|(day, compiled)| (*day, DayActivity::from_json(&compiled.to_json()).unwrap()));
    assert_eq!(Activity::compile(march(), &[], &days), Activity::compile(march(), &[], &stored.collect()));
}
