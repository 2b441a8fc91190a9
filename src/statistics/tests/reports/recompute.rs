//! The figures against an independent recomputation: SQL in SQLite, driven by Python's standard library, over the
//! exported audit entries (`tests/statistics/recompute.py`).

use std::collections::{BTreeMap, HashSet};
use std::fs::File;
use std::io::{BufWriter, Write};
use std::process::Command;

use jiff::SignedDuration;
use jiff::civil::Date;
use ledger::{AuditEntry, CaseId, DecisionKind, EntryStrike, Fact};
use policy::{Outcome, SanctionKind};
use serde_json::Value;
use statistics::sample::Sample;
use statistics::{Activity, By, Period, Quantiles};

use crate::support::{compiled, entries, policy, repository};

/// What SQL makes of the entries; `None` where there is no Python.
fn recomputed(file: &std::path::Path, period: Period) -> Option<Value> {
    let mut command = Command::new("python3");
    command.arg(repository().join("tests/statistics/recompute.py")).arg(file);
    let output = match command.arg(period.from.to_string()).arg(period.to.to_string()).output() {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return None,
        output => output.unwrap(),
    };
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    Some(serde_json::from_slice(&output.stdout).unwrap())
}

fn whole(value: &Value) -> u64 {
    value.as_u64().unwrap_or_default()
}

fn same_by(by: By, sql: &Value) {
    assert_eq!((by.automatic, by.person), (whole(&sql["automatic"]), whole(&sql["person"])), "{sql}");
}

fn near(quantiles: Quantiles, sql: &Value) {
    assert_eq!(quantiles.count, whole(&sql["count"]));
    assert!(quantiles.count > 100, "too few to mean anything: {sql}");
    let found = [quantiles.median_ms, quantiles.percentile_90_ms, quantiles.percentile_99_ms];
    for (found, exact) in found.into_iter().zip(["median", "p90", "p99"]) {
        let (found, exact) = (found.unwrap(), whole(&sql[exact]));
        assert!(found.abs_diff(exact) <= exact / 128 + 1, "{found} ms is not {exact} ms");
    }
}

/// Gives some contributions of a sample later revisions, which belong to their cases: worse ones, some of which bring a
/// strike, clean ones, and such as say the same. Others are to protect someone, and a person finds of some of these that
/// their author exposed another.
fn rewrite(entries: &mut BTreeMap<Date, Vec<AuditEntry>>) {
    let later = |entry: &AuditEntry, seconds: i64, fact: Fact| {
        let at = entry.at + SignedDuration::from_secs(seconds);
        AuditEntry { at, day: ledger::day(at), fact, ..entry.clone() }
    };
    let cases: Vec<AuditEntry> = entries
        .values()
        .flatten()
        .filter(|entry| matches!(entry.fact, Fact::Verdict { outcome, .. } if outcome != Outcome::Allow))
        .cloned()
        .collect();
    let mut added = Vec::new();
    let (mut protected, mut taken_back) = (HashSet::new(), HashSet::new());
    for (number, entry) in cases.iter().enumerate() {
        let Fact::Verdict { strike, author, findings, outcome, .. } = &entry.fact else { continue };
        let case = entry.case.clone().unwrap();
        let (reference, _) =
            case.to_string().split_once('-').map(|(one, two)| (one.to_owned(), two.to_owned())).unwrap();
        let of = |outcome, findings, new: Option<EntryStrike>, raised, unchanged| Fact::Verdict {
            outcome,
            findings,
            findings_left_out: 0,
            author: author.clone(),
            written_at: Some(entry.at + SignedDuration::from_secs(250)),
            strike: new,
            urgent: false,
            halted: false,
            protects: false,
            revision: Some(format!("{reference}-{:012x}", number + 1).parse().unwrap()),
            unchanged,
            strike_raised: raised,
        };
        let expires_at = entry.at + SignedDuration::from_hours(24 * 365);
        let heavier = EntryStrike { clause: "R3".to_owned(), weight: 2, expires_at };
        match number % 7 {
            0 => {
                let (new, raised) = if strike.is_some() { (None, Some(heavier)) } else { (Some(heavier), None) };
                added.push(later(entry, 251, of(Outcome::Hide, findings.clone(), new, raised, false)));
                taken_back.insert(case);
            }
            1 => added.push(later(entry, 251, of(Outcome::Allow, Vec::new(), None, None, false))),
            2 => added.push(later(entry, 251, of(*outcome, findings.clone(), None, None, true))),
            3 if *outcome == Outcome::Hide => {
                if number % 2 == 0 {
                    let fact = Fact::Decision {
                        decision: DecisionKind::Confirm,
                        by: "ufficio".to_owned(),
                        reason: String::new(),
                        strike: Some(EntryStrike { weight: 1, ..heavier }),
                        strike_withdrawn: false,
                    };
                    added.push(AuditEntry { automatic: false, ..later(entry, 400, fact) });
                }
                protected.insert(case);
            }
            _ => {}
        }
    }
    assert!(added.len() > 1_000, "{} are too few to mean anything", added.len());
    for entry in entries.values_mut().flatten() {
        let is_among = |cases: &HashSet<CaseId>| entry.case.as_ref().is_some_and(|case| cases.contains(case));
        let (protects_someone, counts_no_more) = (is_among(&protected), is_among(&taken_back));
        match &mut entry.fact {
            Fact::Verdict { protects, strike, .. } if protects_someone => (*protects, *strike) = (true, None),
            Fact::Decision { decision: DecisionKind::Overturn, strike_withdrawn, .. } if counts_no_more => {
                *strike_withdrawn = true;
            }
            _ => {}
        }
    }
    for entry in added {
        if let Some(day) = entries.get_mut(&entry.day) {
            day.push(entry);
        }
    }
}

#[test]
fn sql_over_the_exported_entries_comes_to_the_same_figures() {
    let policy = policy(0);
    // The month in which summer time ends.
    let period = Period::month(2026, 10).unwrap();
    let mut entries = entries(&Sample::new(&policy, 11, 150), period);
    rewrite(&mut entries);
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("entries.jsonl");
    let mut file = BufWriter::new(File::create(&path).unwrap());
    for entry in entries.values().flatten() {
        serde_json::to_writer(&mut file, entry).unwrap();
        file.write_all(b"\n").unwrap();
    }
    file.flush().unwrap();
    let Some(sql) = recomputed(&path, period) else {
        eprintln!("SKIPPED: the recomputation in SQL, because there is no python3 here");
        return;
    };
    let activity = Activity::compile(period, &[], &compiled(&entries));
    let totals = activity.totals;

    for (found, outcome) in [
        (totals.allowed, "allow"),
        (totals.redirected, "redirect"),
        (totals.reviewed, "review"),
        (totals.to_hide, "hide"),
    ] {
        assert!(found > 0, "the sample has no {outcome}");
        assert_eq!(found, whole(&sql["outcomes"][outcome]), "{outcome}");
    }
    for row in &activity.days {
        assert_eq!(row.received, whole(&sql["days"][row.day.to_string()]), "{}", row.day);
    }
    for row in &activity.hours {
        assert_eq!(row.received, whole(&sql["hours"][row.hour.to_string()]), "hour {}", row.hour);
    }
    for row in &activity.weekdays {
        assert_eq!(row.received, whole(&sql["weekdays"][row.weekday.to_string()]), "weekday {}", row.weekday);
    }
    for row in &activity.accounts {
        assert_eq!(row.outcomes.received, whole(&sql["accounts"][row.account.as_str()]), "{}", row.account);
    }
    assert_eq!(activity.clauses.len(), sql["clauses"].as_object().unwrap().len());
    for row in &activity.clauses {
        let [count, authors] = [0, 1].map(|position| whole(&sql["clauses"][&row.clause][position]));
        match row.noticed {
            Some(noticed) => assert!(noticed == count && authors >= 5, "{}: {count} of {authors} authors", row.clause),
            None => assert!(authors > 0, "{} is hidden for nothing", row.clause),
        }
    }
    assert!(totals.protected > 0, "the sample protects nobody");
    assert_eq!(totals.protected, whole(&sql["protected"]));
    same_by(totals.hidden, &sql["hidden"]);
    same_by(totals.restored, &sql["restored"]);
    let sanctions = |kind: SanctionKind| whole(&sql["sanctions"][kind.as_str()]);
    assert_eq!(totals.warned.all(), sanctions(SanctionKind::Warning) + sanctions(SanctionKind::LastWarning));
    assert_eq!(totals.blocked.all(), sanctions(SanctionKind::Block));
    assert_eq!(totals.confirmed, whole(&sql["decisions"]["confirm"]));
    assert_eq!(totals.overturned, whole(&sql["decisions"]["overturn"]));
    near(activity.times.to_verdict, &sql["to_verdict"]);
    near(activity.times.to_effect, &sql["to_effect"]);
    near(activity.times.to_decision, &sql["to_decision"]);
    for row in activity.rules.iter().filter(|row| row.decided.is_some()) {
        let sql = &sql["rules"][&row.rule];
        assert_eq!((row.decided, row.overturned), (sql[0].as_u64(), sql[1].as_u64()), "{}", row.rule);
    }
    let strikes = activity.strikes;
    let found = [strikes.given, strikes.withdrawn, strikes.expired, strikes.repeat_offenders];
    let expected = ["given", "withdrawn", "expired", "repeat_offenders"].map(|name| whole(&sql["strikes"][name]));
    assert_eq!(found, expected);
    assert!(expected.iter().all(|count| *count > 0), "the sample lacks something: {expected:?}");
}
