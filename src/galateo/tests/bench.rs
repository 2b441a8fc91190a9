//! `galateo bench`, tried on the binary with a load that any machine carries.

use std::io::{BufReader, Read};
use std::process::{Command, Output, Stdio};

use serde_json::Value;

fn bench(arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_galateo"));
    command.arg("bench").args(arguments).stdin(Stdio::null()).env_remove("RUST_LOG").output().unwrap()
}

#[test]
fn a_small_load_is_carried_without_loss_and_the_ledger_tells_what_the_platform_was_asked() {
    let output = bench(&["--rate", "60", "--seconds", "1", "--json"]);
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    let run: Value = serde_json::from_slice(&output.stdout).unwrap();
    let arrival = &run["arrival"];
    assert_eq!((&arrival["contributions"], &arrival["accepted"]), (&60.into(), &60.into()), "{run}");
    assert_eq!((&arrival["lost"], &arrival["judged_again"]), (&0.into(), &0.into()), "{run}");
    let effects = &run["effects"];
    assert_eq!((&effects["violations"], &effects["hidden"]), (&3.into(), &3.into()), "{run}");
    // Of one author's three violations at once the first warning answers one; what follows depends on its delivery.
    let warnings = effects["warnings"].as_u64().unwrap();
    assert!((1..=2).contains(&warnings), "{run}");
    let journal = &effects["journal"];
    assert_eq!((&journal["done"], &journal["without_call"]), (&(3 + warnings).into(), &0.into()), "{run}");
    assert_eq!(journal["without_effect"], 0, "{run}");
    let figures = ["p50", "p99", "p99_9"].map(|name| effects["hide_ms"][name].as_f64().unwrap());
    assert!(figures[0] > 0.0 && figures.is_sorted(), "{run}");
    assert_eq!(run["units"]["clean_write"], 1.0, "{run}");
    assert!(run["units"]["violation_write"].as_f64().unwrap() > 10.0, "{run}");
    assert_eq!(run["automation"]["share_percent"], 100, "{run}");
    let memory = run["memory_mb"].as_array().unwrap();
    assert!(memory.iter().all(|megabytes| megabytes.as_f64().unwrap() > 1.0), "{run}");
    assert_eq!(memory.len(), if cfg!(target_os = "linux") { 2 } else { 0 }, "{run}");
}

#[test]
fn a_load_keeps_its_data_in_a_new_file_and_in_no_other() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("ledger.db").display().to_string();
    let load = ["--rate", "20", "--seconds", "1", "--data", &file];
    let output = bench(&load);
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    let before = std::fs::read(&file).unwrap();
    assert!(!before.is_empty());
    let again = bench(&load);
    assert_eq!(again.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&again.stderr).contains("expected a name that is not taken"), "{again:?}");
    assert!(std::fs::read(&file).unwrap() == before);
}

/// The program `script` gives it a terminal.
#[cfg(target_os = "linux")]
#[test]
fn on_a_terminal_each_measurement_shows_that_it_goes_on() {
    let command = format!("{} bench --contributions 2000", env!("CARGO_BIN_EXE_galateo"));
    let mut shown = match Command::new("script")
        .args(["--quiet", "--return", "--flush", "--command", &command, "/dev/null"])
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .spawn()
    {
        Ok(shown) => shown,
        Err(error) => return eprintln!("SKIPPED: no terminal without the program script: {error}"),
    };
    let mut said = BufReader::new(shown.stdout.take().unwrap());
    let (mut text, mut bytes) = (String::new(), [0; 64]);
    while !text.contains("judging: 1 s") {
        let read = said.read(&mut bytes).unwrap();
        text += &String::from_utf8_lossy(&bytes[..read]);
        if read == 0 || text.contains("throughput: ") {
            break;
        }
    }
    shown.kill().unwrap();
    shown.wait().unwrap();
    assert!(text.contains("judging: 1 s"), "of judging nothing was shown: {text}");
}

#[test]
fn every_measurement_runs_on_a_small_number() {
    let output = bench(&["--contributions", "64", "--json"]);
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    let report: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!((&report["contributions"], &report["latency"]["violations"]), (&64.into(), &64.into()), "{report}");
    assert!(report["throughput"]["single_to_engine"].as_f64().unwrap() > 0.0, "{report}");
    assert_eq!(report["cost"]["clean"]["write"], 1.0, "{report}");
}

#[test]
fn a_duration_without_a_rate_is_declined() {
    assert_eq!(bench(&["--seconds", "1"]).status.code(), Some(2));
}
