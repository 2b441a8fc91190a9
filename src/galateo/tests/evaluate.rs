//! `galateo evaluate`, tried on the binary.

use std::process::{Command, Output, Stdio};

use serde_json::{Value, json};

const RIGHT: &str = r#"{"id":"a","text":"Grazie mille","expected":"allow","categories":[],"why":"thanks"}"#;
const INSULT: &str = r#"{"id":"b","text":"sei un coglione","expected":"hide","categories":["language"]}"#;

/// Runs it on these lines, in a file of that name.
fn evaluate(lines: &[&str], options: &[&str]) -> Output {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("labelled.jsonl"), lines.join("\n")).unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_galateo"));
    command.current_dir(folder.path()).args(["evaluate", "labelled.jsonl"]).args(options);
    command.stdin(Stdio::null()).env_remove("RUST_LOG").output().unwrap()
}

fn out(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

fn err(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

fn json(output: &Output) -> Value {
    serde_json::from_slice(&output.stdout).unwrap()
}

#[test]
fn lines_judged_as_labelled_are_counted_and_nothing_is_wrong() {
    let output = evaluate(&[RIGHT, "", INSULT], &["--json", "--gate"]);
    assert_eq!(output.status.code(), Some(0), "{}", err(&output));
    let report = json(&output);
    assert_eq!(report["lines"], 2);
    assert_eq!(report["confusion"]["hide"], json!({ "allow": 0, "redirect": 0, "review": 0, "hide": 1 }));
    assert_eq!(report["measures"]["false_hides"]["count"], 0);
    assert_eq!(report["measures"]["first_category"]["share"], 1.0);
    assert_eq!(report["recall"]["language"]["named"]["count"], 1);
    assert_eq!(report["wrong"], json!([]));
}

#[test]
fn a_hidden_line_that_must_stay_is_listed_and_closes_the_gate() {
    let touched = INSULT.replace(r#""hide""#, r#""allow""#);
    let output = evaluate(&[RIGHT, &touched], &["--gate"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(err(&output).contains("1 line that must stay is hidden"), "{}", err(&output));
    assert!(out(&output).contains("\n1 wrong\n  b (line 2): expected allow language, got hide language, by rule "));
    let output = evaluate(&[RIGHT, &touched], &["--json"]);
    assert_eq!(output.status.code(), Some(0), "only the gate makes it a negative result");
    let wrong = &json(&output)["wrong"][0];
    assert_eq!((&wrong["id"], &wrong["line"], &wrong["got"]), (&json!("b"), &json!(2), &json!("hide")));
    assert!(wrong["rule"].is_string(), "{wrong}");
}

#[test]
fn other_mistakes_do_not_close_the_gate() {
    let missed = RIGHT.replace(r#""allow""#, r#""hide""#);
    let hidden = INSULT.replace(r#""hide""#, r#""review""#);
    let output = evaluate(&[&missed, &hidden], &["--gate", "--json"]);
    assert_eq!(output.status.code(), Some(0), "{}", err(&output));
    assert_eq!(json(&output)["wrong"].as_array().unwrap().len(), 2);
    assert_eq!(json(&output)["measures"]["false_hides"]["count"], 1);
}

#[test]
fn a_direct_message_is_judged_as_one() {
    let text = "rispondetemi pure a mario.rossi@example.org, grazie";
    let line = |post: &str| json!({ "text": text, "post": post, "expected": "allow" }).to_string();
    let report = json(&evaluate(&[&line("DM"), &line("Voucher digitali")], &["--json"]));
    assert_eq!(report["confusion"]["allow"]["allow"], 1, "{report}");
    assert_eq!(report["wrong"][0]["line"], 2, "{report}");
    let message = json!({ "text": text, "kind": "message", "platform": "x", "expected": "allow" }).to_string();
    assert_eq!(json(&evaluate(&[&message], &["--json"]))["wrong"], json!([]));
}

#[test]
fn lines_that_cannot_be_read_are_all_named_and_no_figure_is_printed() {
    let bad = [
        r#"{"id":1,"text":"uno"}"#,
        r#"{"id":2,"text":"due","expected":"delete"}"#,
        r#"{"id":3,"text":"tre","expected":"hide","categories":["politics"]}"#,
        "not json",
    ];
    let output = evaluate(&[RIGHT, bad[0], bad[1], bad[2], bad[3]], &[]);
    assert_eq!((output.status.code(), out(&output).as_str()), (Some(2), ""));
    for (line, reason) in [(2, "missing field `expected`"), (3, "`delete`"), (4, "`politics`"), (5, "expected")] {
        let said = err(&output);
        let place = format!("labelled.jsonl:{line}: ");
        assert!(said.lines().any(|said| said.contains(&place) && said.contains(reason)), "{place}{reason}: {said}");
    }
}

#[test]
fn labels_of_other_sets_are_understood() {
    let lines = [
        json!({ "id": 1, "text": "sei un coglione", "hateful": 1, "func": "slur" }),
        json!({ "id": 2, "text": "Grazie mille", "expect": "clean", "cat": "thanks" }),
        json!({ "id": 3, "text": "sei un coglione", "expected": ["hide", "review"], "seen": "allow" }),
        json!({ "entity": "EMAIL_ADDRESS", "text": "sei un coglione", "valid": false, "func": "slur" }),
        json!({ "entity": "EMAIL_ADDRESS", "text": "mario.rossi@example.org", "valid": true }),
        json!({ "entity": "MAC_ADDRESS", "text": "00:1B:44:11:3A:B7", "valid": true }),
    ];
    let lines = lines.map(|line| line.to_string());
    let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
    let report = json(&evaluate(&lines, &["--json", "--by", "func"]));
    assert_eq!(
        (&report["lines"], &report["left_out"], &report["wrong"]),
        (&json!(5), &json!(1), &json!([])),
        "{report}"
    );
    assert_eq!(report["groups"]["slur"]["right"]["of"], 2, "{report}");
    assert_eq!(report["groups"]["none"]["hidden"]["count"], 2, "{report}");
}

#[test]
fn lines_without_a_label_are_counted_when_the_right_verdict_is_told() {
    let line = json!({ "id": 1, "text": "Domani piove" }).to_string();
    let output = evaluate(&[&line], &["--expected", "allow", "--json", "--gate"]);
    assert_eq!(output.status.code(), Some(0), "{}", err(&output));
    assert_eq!(json(&output)["confusion"]["allow"]["allow"], 1);
    let output = evaluate(&[&line], &[]);
    assert_eq!(output.status.code(), Some(2));
    assert!(err(&output).contains("labelled.jsonl:1: missing field `expected`"), "{}", err(&output));
    assert_eq!(evaluate(&[&line], &["--expected", "delete"]).status.code(), Some(2));
}

#[test]
fn a_gate_over_nothing_is_not_passed() {
    let output = evaluate(&["", ""], &["--gate"]);
    assert_eq!((output.status.code(), out(&output).as_str()), (Some(2), ""));
    assert!(err(&output).contains("labelled.jsonl: found no line"), "{}", err(&output));
}

#[test]
fn broken_unicode_is_judged_all_the_same() {
    let line = r#"{"id":1,"text":"lone \ud83d surrogate","post":"\udc00","expected":"allow"}"#;
    let output = evaluate(&[line], &["--json"]);
    assert_eq!(output.status.code(), Some(0), "{}", err(&output));
    assert_eq!(json(&output)["lines"], 1);
}

#[test]
fn a_reader_that_has_seen_enough_is_no_failure() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("labelled.jsonl");
    std::fs::write(&file, INSULT.replace(r#""hide""#, r#""allow""#) + "\n").unwrap();
    let (reader, writer) = std::io::pipe().unwrap();
    drop(reader);
    let mut command = Command::new(env!("CARGO_BIN_EXE_galateo"));
    command.arg("evaluate").arg(&file).stdin(Stdio::null()).stdout(writer).stderr(Stdio::piped());
    let output = command.spawn().unwrap().wait_with_output().unwrap();
    assert_eq!((output.status.code(), err(&output).as_str()), (Some(0), ""));
}
