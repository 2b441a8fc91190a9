//! The figures against an independent recomputation: SQL in SQLite, driven by Python's standard library, over the
//! exported audit entries (`tests/statistics/recompute.py`).

use std::fs::File;
use std::io::{BufWriter, Write};
use std::process::Command;

use policy::SanctionKind;
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

#[test]
fn sql_over_the_exported_entries_comes_to_the_same_figures() {
    let policy = policy(0);
    // The month in which summer time ends.
    let period = Period::month(2026, 10).unwrap();
    let entries = entries(&Sample::new(&policy, 11, 150), period);
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
