//! The command-line contract, tried on the binary.

use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};

use serde_json::Value;

fn galateo(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_galateo"));
    command.args(arguments).stdin(Stdio::null()).env_remove("RUST_LOG").env("NO_COLOR", "1");
    command
}

fn run(arguments: &[&str]) -> Output {
    galateo(arguments).output().unwrap()
}

fn with_input(arguments: &[&str], input: &[u8]) -> Output {
    let mut child = galateo(arguments).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn();
    let child = child.as_mut().unwrap();
    child.stdin.take().unwrap().write_all(input).unwrap();
    let mut output = Output { status: child.wait().unwrap(), stdout: Vec::new(), stderr: Vec::new() };
    std::io::Read::read_to_end(&mut child.stdout.take().unwrap(), &mut output.stdout).unwrap();
    std::io::Read::read_to_end(&mut child.stderr.take().unwrap(), &mut output.stderr).unwrap();
    output
}

fn out(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

fn err(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

fn json_lines(output: &Output) -> Vec<Value> {
    out(output).lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

fn policies() -> String {
    format!("{}/../../policies", env!("CARGO_MANIFEST_DIR"))
}

#[test]
fn every_command_has_help() {
    for command in [
        &["--help"][..],
        &["serve", "--help"],
        &["check", "--help"],
        &["send", "--help"],
        &["event", "--help"],
        &["policy", "--help"],
        &["evaluate", "--help"],
        &["policy", "validate", "--help"],
        &["policy", "render", "--help"],
        &["audit", "--help"],
        &["audit", "verify", "--help"],
        &["audit", "export", "--help"],
        &["audit", "seal", "--help"],
        &["statistics", "--help", "--lang", "en"],
        &["statistics", "import", "--help", "--lang", "en"],
        &["bench", "--help"],
    ] {
        let output = run(command);
        assert_eq!(output.status.code(), Some(0), "{command:?}");
        assert!(out(&output).contains("Usage:"), "{command:?}");
    }
}

#[test]
fn check_judges_one_text_and_names_the_clause() {
    let output = run(&["check", "sei un coglione"]);
    assert_eq!(output.status.code(), Some(0), "{}", err(&output));
    assert!(out(&output).starts_with("hide\n") && out(&output).contains("«"), "{}", out(&output));
}

#[test]
fn check_with_json_prints_the_findings_with_spans_that_cut_the_text() {
    let text = "perché sei un coglione?";
    let output = run(&["check", "--json", text]);
    let report = json_lines(&output).remove(0);
    assert_eq!(report["verdict"], "hide");
    let finding = &report["findings"][0];
    let (start, end) = (finding["start"].as_u64().unwrap() as usize, finding["end"].as_u64().unwrap() as usize);
    assert_eq!(&text[start..end], finding["matched"].as_str().unwrap());
    assert_eq!(report["clauses"][0], finding["clause"]);
    assert!(finding["rule"].is_string() && finding["detector"].is_string(), "{finding}");
}

#[test]
fn what_only_the_reader_finds_is_for_a_person_and_says_how_sure_it_is_and_why() {
    let text = "Prestiti facili in 24 ore senza garanzie, scrivetemi: www.soldi-subito.example";
    let report = json_lines(&run(&["check", "--json", text])).remove(0);
    assert_eq!(report["verdict"], "review");
    let finding = &report["findings"][0];
    let opinion = &finding["opinion"];
    assert_eq!((&finding["detector"], &opinion["stance"]), (&"reader".into(), &"calls".into()), "{finding}");
    assert!(opinion["probability"].as_u64().unwrap() > 900, "{finding}");
    let passage = &opinion["passages"][0];
    let span = passage["start"].as_u64().unwrap() as usize..passage["end"].as_u64().unwrap() as usize;
    assert_eq!(&text[span], finding["matched"].as_str().unwrap());
    let shown = out(&run(&["check", text]));
    assert!(shown.contains("a person decides") && shown.contains("weighed most: «"), "{shown}");
}

#[test]
fn check_judges_one_text_a_line_in_order_and_ignores_other_fields() {
    let input = concat!(
        "{\"id\":\"a\",\"text\":\"Grazie mille\",\"label\":3}\n",
        "\n",
        "{\"id\":2,\"text\":\"sei un coglione\",\"platform\":\"x\",\"kind\":\"mention\"}\n",
    );
    let output = with_input(&["check", "--jsonl", "-"], input.as_bytes());
    assert_eq!(output.status.code(), Some(0), "{}", err(&output));
    let lines = json_lines(&output);
    assert_eq!((&lines[0]["id"], &lines[0]["verdict"]), (&"a".into(), &"allow".into()));
    assert_eq!((&lines[1]["id"], &lines[1]["verdict"]), (&2.into(), &"hide".into()));
    assert_eq!(lines[0]["findings"], Value::Array(Vec::new()));
}

#[test]
fn a_bad_line_is_named_and_the_others_are_judged() {
    let input = "{\"id\":1,\"text\":\"uno\"}\n{\"id\":2}\nnot json\n{\"id\":4,\"text\":\"quattro\"}\n";
    let output = with_input(&["check", "--jsonl", "-"], input.as_bytes());
    assert_eq!(output.status.code(), Some(2));
    assert_eq!(json_lines(&output).len(), 2);
    assert!(err(&output).contains("standard input:2: missing field `text`"), "{}", err(&output));
    assert!(err(&output).contains("standard input:3:"), "{}", err(&output));
}

#[test]
fn whoever_reads_the_output_and_has_seen_enough_is_not_bothered() {
    let folder = tempfile::tempdir().unwrap();
    let lines = folder.path().join("lines.jsonl");
    std::fs::write(&lines, "{\"text\":\"Grazie mille\"}\n".repeat(3000)).unwrap();
    let mut child = galateo(&["check", "--jsonl", lines.to_str().unwrap()]);
    let mut child = child.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut first = String::new();
    BufReader::with_capacity(64, child.stdout.take().unwrap()).read_line(&mut first).unwrap();
    let output = child.wait_with_output().unwrap();
    assert!(first.starts_with("{\"id\":null"), "{first}");
    assert_eq!((output.status.code(), err(&output)), (Some(0), String::new()));
}

#[cfg(unix)]
#[test]
#[expect(clippy::disallowed_methods, reason = "it stands on a thread of its own that may stop")]
fn an_interrupt_ends_a_server_quietly() {
    let mut child = galateo(&["serve", "--port", "0"]);
    let mut child = child.env("RUST_LOG", "error").stderr(Stdio::piped()).spawn().unwrap();
    let mut said = BufReader::new(child.stderr.take().unwrap());
    let mut line = String::new();
    while !line.contains("GALATEO_PSEUDONYM_KEY") {
        line.clear();
        assert!(said.read_line(&mut line).unwrap() > 0, "the server ended");
    }
    std::thread::sleep(std::time::Duration::from_millis(500));
    assert!(Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap().success());
    let status = child.wait().unwrap();
    line.clear();
    std::io::Read::read_to_string(&mut said, &mut line).unwrap();
    assert_eq!((status.code(), line.as_str()), (Some(0), ""));
}

#[cfg(unix)]
#[test]
#[expect(clippy::disallowed_methods, reason = "it stands on a thread of its own that may stop")]
fn a_server_that_met_damage_says_so_at_its_end() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("ledger.db");
    let mut child = galateo(&["serve", "--port", "0", "--data", data.to_str().unwrap()]);
    let mut child = child.env("RUST_LOG", "off").stderr(Stdio::piped()).spawn().unwrap();
    let mut said = BufReader::new(child.stderr.take().unwrap());
    let mut line = String::new();
    while !line.contains("GALATEO_PSEUDONYM_KEY") {
        line.clear();
        assert!(said.read_line(&mut line).unwrap() > 0, "the server ended");
    }
    std::thread::sleep(std::time::Duration::from_millis(500));
    std::fs::remove_file(data.with_extension("db-wal")).unwrap();
    assert!(Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap().success());
    let status = child.wait().unwrap();
    line.clear();
    std::io::Read::read_to_string(&mut said, &mut line).unwrap();
    assert_eq!(status.code(), Some(2), "{line}");
    assert!(line.contains("was deleted or replaced while it was open"), "{line}");
}

#[test]
fn broken_unicode_gets_a_verdict() {
    let mut input = b"{\"id\":1,\"text\":\"lone \\ud83d surrogate\"}\n".to_vec();
    input.extend(b"{\"id\":2,\"text\":\"bad \xff\xfe bytes\"}\n");
    let output = with_input(&["check", "--jsonl", "-"], &input);
    assert_eq!(output.status.code(), Some(0), "{}", err(&output));
    assert_eq!(json_lines(&output).len(), 2);
}

#[test]
fn what_cannot_be_used_is_exit_code_2_with_the_reason_on_standard_error() {
    for (arguments, reason) in [
        (&["check", "--policy", "/nowhere/policy.toml", "x"][..], "/nowhere/policy.toml"),
        (&["check", "--platform", "myspace", "x"], "myspace"),
        (&["check", "--jsonl", "/nowhere/lines.jsonl"], "/nowhere/lines.jsonl"),
        (&["policy", "validate", "/nowhere/policy.toml"], "/nowhere/policy.toml"),
        (&["serve", "--now", "yesterday"], "yesterday"),
        (&["fly"], "fly"),
        (&["send", "x", "/nowhere/body.json"], "/nowhere/body.json"),
        (&["event", "myspace", "/nowhere/body.json"], "myspace"),
        (&["serve", "--no-worker"], "--functions"),
    ] {
        let output = run(arguments);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        assert!(err(&output).contains(reason), "{arguments:?}: {}", err(&output));
        assert_eq!(out(&output), "", "{arguments:?}");
    }
}

#[test]
fn both_policies_are_valid_and_the_summary_has_the_hash_of_the_file() {
    for (name, accounts) in [("milano-monza-brianza-lodi", 7), ("riviere-di-liguria", 4)] {
        let file = format!("{}/{name}.toml", policies());
        let output = run(&["policy", "validate", "--json", &file]);
        assert_eq!(output.status.code(), Some(0), "{}", err(&output));
        let summary = json_lines(&output).remove(0);
        assert_eq!(summary["id"], name);
        assert_eq!(summary["accounts"].as_array().unwrap().len(), accounts);
        for field in ["platform", "id", "handle", "url"] {
            assert!(summary["accounts"][0][field].is_string(), "{field}");
        }
        for field in ["clauses", "rules", "terms"] {
            assert!(summary[field].as_u64().unwrap() > 0, "{field}");
        }
        let hash = Command::new("sha256sum").arg(&file).output().unwrap();
        assert!(out(&hash).starts_with(summary["hash"].as_str().unwrap()));
    }
}

#[test]
fn every_mistake_in_a_policy_is_reported_at_once_with_its_line() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("broken.toml");
    let source = std::fs::read_to_string(format!("{}/milano-monza-brianza-lodi.toml", policies())).unwrap();
    let source = source.replacen("category = \"political\"", "category = \"politics\"", 1).replacen(
        "[organisation]",
        "[organisation]\ncolour = \"red\"",
        1,
    );
    std::fs::write(&file, &source).unwrap();
    let output = run(&["policy", "validate", file.to_str().unwrap()]);
    assert_eq!(output.status.code(), Some(1));
    let line_of = |text: &str| source.lines().position(|line| line.contains(text)).unwrap() + 1;
    let said = err(&output);
    assert!(said.contains(&format!("broken.toml:{}:", line_of("\"politics\""))), "{said}");
    assert!(said.contains(&format!("broken.toml:{}:", line_of("colour"))), "{said}");
    let output = run(&["policy", "validate", "--json", file.to_str().unwrap()]);
    assert!(json_lines(&output).remove(0)["problems"].as_array().unwrap().len() >= 2);
}

fn demo(data: &Path) -> Command {
    // Within the hours of service, whenever the tests run: outside them messages have an answer of their own.
    let morning = "2026-11-18T10:00:00Z";
    let mut command = galateo(&["serve", "--demo", "--once", "--json", "--port", "0", "--now", morning, "--data"]);
    command.arg(data);
    command
}

/// What a demo printed, without the times.
fn outcome(output: &Output) -> Value {
    assert_eq!(output.status.code(), Some(0), "{}", err(output));
    let mut report = json_lines(output).remove(0);
    for timed in ["answer_ms", "effect_ms", "total_seconds"] {
        report["totals"].as_object_mut().unwrap().remove(timed);
    }
    report
}

#[test]
fn the_demo_shows_what_became_of_at_least_forty_events_on_all_platforms() {
    let folder = tempfile::tempdir().unwrap();
    let report = outcome(&demo(&folder.path().join("ledger.db")).output().unwrap());
    assert!(report["totals"]["events"].as_u64().unwrap() >= 40, "{}", report["totals"]);
    let rows = report["rows"].as_array().unwrap();
    for platform in ["Facebook", "Instagram", "LinkedIn", "YouTube", "X"] {
        let hidden = rows.iter().filter(|row| row["platform"] == platform && row["verdict"] == "da nascondere");
        assert!(hidden.count() >= 1, "nothing is hidden on {platform}");
    }
    for verdict in ["ammesso", "da valutare", "da indirizzare", "già giudicato", "non moderato"] {
        assert!(rows.iter().any(|row| row["verdict"] == verdict), "no row is {verdict}");
    }
    assert!(rows.iter().all(|row| row["verdict"] != "in attesa"), "{rows:?}");
    // At the end, last month's report.
    assert_eq!(report["report"]["period"]["from"], "2026-10-01");
    let summary = report["report"]["summary"].as_array().unwrap();
    assert!(summary.len() == 5 && summary[0].as_str().unwrap().contains("ottobre 2026"), "{summary:?}");
    let page = Path::new(report["report"]["page"].as_str().unwrap());
    assert!(std::fs::read_to_string(page).unwrap().starts_with("<!DOCTYPE html>"));
    std::fs::remove_dir_all(page.parent().unwrap()).unwrap();
}

#[test]
fn a_server_writes_the_reports_and_the_seals_of_the_night() {
    let folder = tempfile::tempdir().unwrap();
    let (data, reports) = (folder.path().join("ledger.db"), folder.path().to_str().unwrap());
    for morning in ["2026-11-16T10:00:00Z", "2026-11-18T10:00:00Z"] {
        let data = data.to_str().unwrap();
        let output = run(&["serve", "--once", "--port", "0", "--now", morning, "--data", data, "--reports", reports]);
        assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    }
    let report = std::fs::read_to_string(folder.path().join("2026-11/report.json")).unwrap();
    let report: Value = serde_json::from_str(&report).unwrap();
    assert_eq!(report["period"]["to"], "2026-11-17");
    // Every account was counted.
    let accounts = report["growth"]["accounts"].as_array().unwrap();
    let last = |account: &Value| account["metrics"][0]["points"].as_array().is_some_and(|points| !points.is_empty());
    assert!(!accounts.is_empty() && accounts.iter().all(last), "{accounts:?}");
    assert!(folder.path().join("2026-10/report.html").exists());
    // The records begin on the 16th, and the 18th is not over.
    let seals = folder.path().join("seals/milano-monza-brianza-lodi");
    let seal = |day: &str| serde_json::from_str::<Value>(&std::fs::read_to_string(seals.join(day)).unwrap()).unwrap();
    assert_eq!(seal("2026-11-16.json")["count"], 1, "the activation of the policy");
    assert!(seal("2026-11-17.json")["previous"].is_string());
    assert_eq!(std::fs::read_dir(&seals).unwrap().count(), 2);

    // Where no seal can be written, the night fails, and counts and compiles all the same.
    std::fs::remove_dir_all(folder.path().join("seals")).unwrap();
    std::fs::write(folder.path().join("seals"), "").unwrap();
    let data = data.to_str().unwrap();
    let next = ["--now", "2026-11-19T10:00:00Z", "--data", data, "--reports", reports];
    assert_eq!(run(&[&["serve", "--once", "--port", "0"], &next[..]].concat()).status.code(), Some(2));
    let report = std::fs::read_to_string(folder.path().join("2026-11/report.json")).unwrap();
    assert_eq!(serde_json::from_str::<Value>(&report).unwrap()["period"]["to"], "2026-11-18");
}

#[test]
fn a_folder_for_reports_that_is_none_is_refused_before_anything_is_done() {
    let folder = tempfile::tempdir().unwrap();
    let (data, file) = (folder.path().join("ledger.db"), folder.path().join("reports"));
    std::fs::write(&file, "mine").unwrap();
    for reports in [file.clone(), file.join("below")] {
        let (data, reports) = (data.to_str().unwrap(), reports.to_str().unwrap());
        let output = run(&["serve", "--once", "--port", "0", "--data", data, "--reports", reports]);
        assert_eq!(output.status.code(), Some(2), "{}", err(&output));
        assert!(err(&output).starts_with(&format!("galateo: --reports {reports}: ")), "{}", err(&output));
    }
    assert!(!data.exists() && std::fs::read_to_string(&file).unwrap() == "mine");
}

#[test]
fn no_server_writes_into_records_that_are_kept_before_they_began() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("ledger.db");
    let at = |now: &str| run(&["serve", "--once", "--port", "0", "--now", now, "--data", data.to_str().unwrap()]);
    let output = at("1970-01-01T00:00:10Z");
    assert_eq!(output.status.code(), Some(2), "{}", err(&output));
    assert!(err(&output).contains("1970-01-01") && !data.exists(), "{}", err(&output));
    assert_eq!(at("2026-11-18T10:00:00Z").status.code(), Some(0));
    let output = at("2026-11-17T10:00:00Z");
    assert_eq!(output.status.code(), Some(2), "{}", err(&output));
    assert!(err(&output).contains("2026-11-18"), "when they began: {}", err(&output));
    assert_eq!(at("2026-11-18T09:00:00Z").status.code(), Some(0), "within the day it may be earlier");
}

/// Starts a demo and kills it, as `kill -9` does, as soon as its log shows the `nth` effect.
fn killed_demo(data: &Path, after_effects: usize) {
    let mut child: Child =
        demo(data).env("RUST_LOG", "moderation=debug").stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
    let log = BufReader::new(child.stderr.take().unwrap());
    let effects = log.lines().map_while(Result::ok).filter(|line| line.contains("a platform answered platform="));
    assert_eq!(effects.take(after_effects).count(), after_effects, "the demo ended before it could be killed");
    child.kill().unwrap();
    child.wait().unwrap();
}

#[test]
fn a_demo_that_is_killed_and_started_again_ends_as_one_that_was_not() {
    let folder = tempfile::tempdir().unwrap();
    let undisturbed = outcome(&demo(&folder.path().join("undisturbed.db")).output().unwrap());
    let data = folder.path().join("killed.db");
    killed_demo(&data, 1);
    killed_demo(&data, 2);
    assert_same(&outcome(&demo(&data).output().unwrap()), &undisturbed);
    // A further run changes nothing.
    assert_same(&outcome(&demo(&data).output().unwrap()), &undisturbed);
}

/// Compares row by row, so that a failure shows the rows that differ and not all of them.
fn assert_same(found: &Value, expected: &Value) {
    let rows = |report: &Value| report["rows"].as_array().unwrap().clone();
    for (found, expected) in rows(found).iter_mut().zip(&mut rows(expected)) {
        // A message that was in hand when the process died may have arrived. Where the platform cannot be read back it
        // is never sent again: a person looks.
        let in_doubt = found["asked"].as_str().unwrap().contains("rispondere")
            && found["happened"].as_str().unwrap().contains("non riuscito: compito per l'ufficio");
        if in_doubt {
            (found["happened"], expected["happened"]) = (Value::Null, Value::Null);
        }
        assert_eq!(found, expected);
    }
    assert_eq!(rows(found).len(), rows(expected).len());
    assert_eq!(found["totals"], expected["totals"]);
}

/// Characters that steer a terminal, hide, or turn a line.
fn is_steering(character: char) -> bool {
    character.is_control() && character != '\n'
        || matches!(character, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// Some of each kind, as a stranger would write them.
const HOSTILE: &str = "a\u{1b}[2Jb\u{9b}31mc\u{202e}d\u{2066}e\u{200f}f\u{7}g";

#[track_caller]
fn assert_tame(output: &Output) {
    for text in [out(output), err(output)] {
        assert!(!text.contains(is_steering), "{text:?}");
    }
}

#[test]
fn nothing_that_is_printed_steers_a_terminal() {
    let folder = tempfile::tempdir().unwrap();
    let policy = folder.path().join("policy.toml");
    let published = std::fs::read_to_string(format!("{}/milano-monza-brianza-lodi.toml", policies())).unwrap();
    let escaped: String = HOSTILE.chars().map(|c| format!("\\u{:04x}", u32::from(c))).collect();
    std::fs::write(&policy, published.replace("date = 2026-11-21", &format!("date = \"{escaped}\""))).unwrap();
    let policy = policy.to_str().unwrap();
    for arguments in [
        &["policy", "validate", policy][..],
        &["policy", "validate", policy, "--json"],
        &["policy", "render", policy],
        &["check", "--policy", policy, "ciao"],
    ] {
        let output = run(arguments);
        assert_ne!(output.status.code(), Some(0), "{arguments:?}");
        assert!(err(&output).contains("\\u{202e}"), "{}", err(&output));
        assert_tame(&output);
    }
    for arguments in [
        &["check", HOSTILE][..],
        &["check", "--json", HOSTILE],
        &["check", "--platform", HOSTILE, "ciao"],
        &["check", "--jsonl", HOSTILE],
        &["policy", "validate", HOSTILE],
        &["audit", "verify", HOSTILE],
        &[HOSTILE],
    ] {
        assert_tame(&run(arguments));
    }
    // Colours and lines of a policy that is valid.
    let lists = folder.path().join("lists");
    std::fs::create_dir(&lists).unwrap();
    for list in std::fs::read_dir(format!("{}/lists", policies())).unwrap().map(Result::unwrap) {
        std::fs::copy(list.path(), lists.join(list.file_name())).unwrap();
    }
    // Short: the longest message of the policy has to take it.
    std::fs::write(policy, published.replace("title = \"", "title = \"\\u001b[31m\\nOk")).unwrap();
    let output = run(&["check", "--policy", policy, "siete dei coglioni"]);
    assert!(out(&output).contains("\\nOk"), "{}{}", out(&output), err(&output));
    assert_tame(&output);
    let line = serde_json::json!({ "id": HOSTILE, "text": format!("coglione {HOSTILE}") }).to_string();
    let output = with_input(&["check", "--jsonl", "-"], line.as_bytes());
    assert_tame(&output);
    assert_eq!(json_lines(&output)[0]["id"], HOSTILE);
}

#[test]
fn lists_stay_in_the_folder_of_their_policy() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("secret.toml"), "root:$6$hash:1::::::\n").unwrap();
    let inner = folder.path().join("policies");
    std::fs::create_dir(&inner).unwrap();
    std::os::unix::fs::symlink(folder.path().join("secret.toml"), inner.join("link.toml")).unwrap();
    let absolute = folder.path().join("secret.toml");
    for list in ["../secret.toml", "./../secret.toml", "link.toml", absolute.to_str().unwrap(), "a/../../secret.toml"] {
        let policy = inner.join("policy.toml");
        std::fs::write(&policy, format!("[policy]\nid = \"prova\"\nlists = [{list:?}]\n")).unwrap();
        for json in [&[][..], &["--json"]] {
            let output = run(&[&["policy", "validate", policy.to_str().unwrap()], json].concat());
            assert_ne!(output.status.code(), Some(0), "{list}");
            assert!(err(&output).contains("folder of the policy"), "{list}: {}", err(&output));
            assert!(!(out(&output) + &err(&output)).contains("root:"), "{list}: {}{}", out(&output), err(&output));
        }
    }
}

#[test]
fn a_device_or_a_pipe_is_no_input() {
    let folder = tempfile::tempdir().unwrap();
    let pipe = folder.path().join("pipe");
    assert!(Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    let (data, pipe) = (folder.path().join("ledger.db"), pipe.to_str().unwrap());
    let data = data.to_str().unwrap();
    for input in ["/dev/zero", pipe] {
        for arguments in [
            &["check", "--jsonl", input][..],
            &["check", "--policy", input, "ciao"],
            &["evaluate", input],
            &["policy", "validate", input],
            &["policy", "render", input],
            &["audit", "verify", input],
            &["audit", "verify", "--seal", input, input],
            &["statistics", "import", input, "--lang", "en", "--data", data],
            &["report", input, "--lang", "en", "--data", data],
            &["send", "x", input, "--to", "http://127.0.0.1:1"],
            &["event", "x", input],
            &["serve", "--port", "0", "--functions", input],
            &["serve", "--once", "--port", "0", "--data", input],
        ] {
            let output = run(arguments);
            assert_eq!(output.status.code(), Some(2), "{arguments:?}: {}", err(&output));
            assert!(err(&output).contains("device or a pipe"), "{arguments:?}: {}", err(&output));
        }
    }
}

#[test]
fn what_is_too_long_is_refused_with_its_line_or_size_and_the_rest_is_judged() {
    let long = format!("{{\"id\":1,\"text\":\"ciao\"}}\n{}\n{{\"id\":3,\"text\":\"ciao\"}}\n", "x".repeat(3 << 20));
    let output = with_input(&["check", "--jsonl", "-"], long.as_bytes());
    assert_eq!(output.status.code(), Some(2));
    assert!(err(&output).contains("standard input:2: found a line longer than 1048576 bytes"), "{}", err(&output));
    assert_eq!(json_lines(&output).len(), 2);
    let folder = tempfile::tempdir().unwrap();
    let large = folder.path().join("figures.csv");
    std::fs::File::create(&large).unwrap().set_len((32 << 20) + 1).unwrap();
    let data = folder.path().join("ledger.db");
    let large = large.to_str().unwrap();
    let output = run(&["statistics", "import", large, "--lang", "en", "--data", data.to_str().unwrap()]);
    assert_eq!(output.status.code(), Some(2));
    assert!(err(&output).contains("found more than 33554432 bytes"), "{}", err(&output));
}

#[test]
fn an_email_that_is_too_long_is_refused_and_not_recorded_in_part() {
    let folder = tempfile::tempdir().unwrap();
    let (large, data) = (folder.path().join("report.eml"), folder.path().join("ledger.db"));
    std::fs::File::create(&large).unwrap().set_len((40 << 20) + 1).unwrap();
    let (large, data) = (large.to_str().unwrap(), data.to_str().unwrap());
    let output = run(&["report", large, "--data", data]);
    assert_eq!(output.status.code(), Some(2), "{}", out(&output));
    assert!(err(&output).contains("il file supera i 41943040 byte"), "{}", err(&output));
    let zeros = std::process::Stdio::from(std::fs::File::open("/dev/zero").unwrap());
    let output = galateo(&["report", "-", "--data", data, "--lang", "en"]).stdin(zeros).output().unwrap();
    assert_eq!(output.status.code(), Some(2), "{}", out(&output));
    assert!(err(&output).contains("more than 41943040 bytes"), "{}", err(&output));
}

#[test]
fn what_is_no_email_is_no_report() {
    let folder = tempfile::tempdir().unwrap();
    let (file, data) = (folder.path().join("something"), folder.path().join("ledger.db"));
    let (named, data) = (file.to_str().unwrap(), data.to_str().unwrap());
    let program = std::fs::read(env!("CARGO_BIN_EXE_galateo")).unwrap();
    for content in [
        &program[..1 << 20],
        b"Subject: una pagina\0\n\nQui.\n",
        b"import os\nfor line in lines:\n    print(line)\n",
        b"Buongiorno, segnalo un commento.\n",
        b"",
    ] {
        std::fs::write(&file, content).unwrap();
        for (options, told) in [(&[][..], "non è un'e-mail"), (&["--lang", "en"], "is no e-mail")] {
            let output = run(&[&["report", named, "--data", data], options].concat());
            assert_eq!(output.status.code(), Some(2), "{}", out(&output));
            assert!(err(&output).contains(told), "{}", err(&output));
        }
    }
    let mail = format!("{}/../../events/email/bare.eml", env!("CARGO_MANIFEST_DIR"));
    let output = run(&["report", &mail, "--data", data]);
    assert_eq!(output.status.code(), Some(0), "{}", err(&output));
}

#[cfg(target_os = "linux")]
#[test]
fn help_that_cannot_be_printed_is_a_failure_told_in_its_language() {
    for (arguments, told) in [
        (&["case", "--help"][..], "galateo: uscita standard: il disco è pieno"),
        (&["help", "case", "confirm"], "galateo: uscita standard: il disco è pieno"),
        (&["case", "--help", "--lang", "en"], "galateo: standard output: No space left on device"),
        (&["--help"], "galateo: standard output: No space left on device"),
        (&["check", "-h"], "galateo: standard output: No space left on device"),
        (&["--version"], "galateo: standard output: No space left on device"),
    ] {
        let full = std::fs::File::options().write(true).open("/dev/full").unwrap();
        let output =
            galateo(arguments).stdout(full).stderr(Stdio::piped()).spawn().unwrap().wait_with_output().unwrap();
        assert_eq!(output.status.code(), Some(2), "{arguments:?}: {}", err(&output));
        assert!(err(&output).starts_with(told), "{arguments:?}: {}", err(&output));
    }
}

#[test]
fn a_misspelt_setting_is_named_at_start() {
    let mut serve = galateo(&["serve", "--demo", "--once", "--port", "0"]);
    let named = ["GALATEO_SECRETS_FACEBOO", "GALATEO_ACCESS_TOKENS_FACEBOOK_1"];
    for name in named {
        serve.env(name, "a secret that has no place");
    }
    let output = serve.env("RUST_LOG", "[[[").output().unwrap();
    assert_eq!(output.status.code(), Some(0), "{}", err(&output));
    let told = err(&output);
    for name in named {
        assert!(told.contains(&format!("{name} ")), "{name}: {told}");
    }
    assert!(told.contains("RUST_LOG: "), "{told}");
    assert!(!told.contains("a secret that has no place"), "{told}");
}

#[test]
fn at_no_level_does_the_log_hold_what_people_wrote() {
    let output = galateo(&["serve", "--demo", "--once", "--port", "0"]).env("RUST_LOG", "trace").output().unwrap();
    assert_eq!(output.status.code(), Some(0), "{}", err(&output));
    let log = err(&output);
    assert!(log.contains("there is no trace") && log.contains("DEBUG"), "{log}");
    // From an event of the demo.
    for written in ["coglione", "Silvia Galli"] {
        assert!(!log.contains(written), "{written}");
    }
}
