//! The audit log of a real run: sealed, exported, and verified by two programs that share no code.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::Arc;

use galateo::ServeOptions;
use galateo::serve::Server;
use ledger::embedded::Embedded;
use ledger::{HaltCause, Ledger, Scope, Tables};
use moderation::{Clock, Moderation, Ruling, Settings};
use platforms::{Client, Endpoints, Tokens};
use policy::Person;
use serde_json::Value;

fn galateo(arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_galateo"));
    command.args(arguments).stdin(Stdio::null()).env_remove("RUST_LOG").env("NO_COLOR", "1").output().unwrap()
}

/// The independent program.
fn python(export: &Path, more: &[&str]) -> Output {
    let script = format!("{}/../../tests/audit/verify.py", env!("CARGO_MANIFEST_DIR"));
    Command::new("python3").arg(script).arg(export).args(more).output().unwrap()
}

fn out(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

fn err(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

fn code(output: &Output) -> i32 {
    output.status.code().unwrap()
}

/// The demo of 2 November, exported on the 4th.
struct Run {
    folder: tempfile::TempDir,
    data: String,
    export: PathBuf,
}

impl Run {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let data = folder.path().join("ledger.db").display().to_string();
        let arguments = ["serve", "--demo", "--once", "--json", "--port", "0", "--now", "2026-11-02T09:00:00Z"];
        let demo = galateo(&[&arguments[..], &["--data", &data]].concat());
        assert_eq!(code(&demo), 0, "{}", err(&demo));
        let export = folder.path().join("export.jsonl");
        let run = Self { folder, data, export };
        let file = run.export.display().to_string();
        let exported = run.audit("export", &["--from", "2026-11-01", "--by", "il giudice", "--out", &file]);
        assert_eq!(code(&exported), 0, "{}", err(&exported));
        run
    }

    fn audit(&self, command: &str, more: &[&str]) -> Output {
        galateo(&[&["audit", command, "--data", &self.data, "--now", "2026-11-04T10:00:00Z"], more].concat())
    }

    fn verify(&self, more: &[&str]) -> Output {
        galateo(&[&["audit", "verify", &self.export.display().to_string()], more].concat())
    }

    /// Another file beside the export.
    fn beside(&self, name: &str, content: impl AsRef<[u8]>) -> PathBuf {
        let path = self.folder.path().join(name);
        fs::write(&path, content).unwrap();
        path
    }
}

#[test]
fn the_export_of_a_real_run_is_verified_by_both_programs_and_damage_is_found_by_both() {
    let run = Run::new();
    let bytes = fs::read(&run.export).unwrap();
    assert!(!run.folder.path().join("export.jsonl.part").exists());

    let verified = run.verify(&["--json", "--organisation", "milano-monza-brianza-lodi"]);
    let found: Value = serde_json::from_str(&out(&verified)).unwrap();
    assert_eq!((code(&verified), &found["problem_count"]), (0, &0.into()), "{found}");
    assert_eq!(found["seals"], 3, "of the 1st to the 3rd");
    assert!(found["sealed"].as_u64().unwrap() >= 40 && found["entries"].as_u64() > found["sealed"].as_u64(), "{found}");
    let independent = python(&run.export, &["--organisation", "milano-monza-brianza-lodi"]);
    assert_eq!(code(&independent), 0, "{}{}", out(&independent), err(&independent));
    let proved = format!("{} of {} entries are sealed", found["sealed"], found["entries"]);
    assert!(out(&independent).contains(&proved), "{}", out(&independent));

    // Spread over the whole file: both programs find it.
    for sample in 0..12 {
        let position = bytes.len() / 12 * sample + sample;
        let mut changed = bytes.clone();
        changed[position] ^= 1 << (sample % 6);
        let path = run.beside("changed.jsonl", &changed);
        let by_galateo = galateo(&["audit", "verify", &path.display().to_string()]);
        let by_python = python(&path, &[]);
        assert!(code(&by_galateo) > 0 && code(&by_python) > 0, "byte {position}: {}", out(&by_python));
    }
    let lines: Vec<&[u8]> = bytes.split_inclusive(|byte| *byte == b'\n').collect();
    for position in [1, lines.len() / 2, lines.len() - 2] {
        let mut removed = lines.clone();
        let line = removed.remove(position);
        let mut repeated = lines.clone();
        repeated.insert(position, line);
        let mut swapped = lines.clone();
        swapped.swap(position, position - 1);
        for damaged in [removed, repeated, swapped] {
            let path = run.beside("damaged.jsonl", damaged.concat());
            let by_galateo = galateo(&["audit", "verify", &path.display().to_string()]);
            let by_python = python(&path, &[]);
            assert!(code(&by_galateo) > 0 && code(&by_python) > 0, "line {position}: {}", out(&by_python));
        }
    }
}

#[test]
fn verify_says_what_is_wrong_what_is_proved_and_what_is_not() {
    let run = Run::new();
    let text = fs::read_to_string(&run.export).unwrap();

    let plain = run.verify(&[]);
    assert!(out(&plain).contains("not proved: that these are the seals made at the time"), "{}", out(&plain));
    assert!(out(&plain).contains("entries that are not sealed yet"), "{}", out(&plain));

    let other = run.verify(&["--organisation", "riviere-di-liguria"]);
    assert_eq!(code(&other), 1);
    assert!(out(&other).contains("this is the audit log of milano-monza-brianza-lodi, expected riviere-di-liguria"));

    // What somebody has written into the export makes no line of its own.
    let organisation = r#""organisation":"milano-monza-brianza-lodi""#;
    let told = r#""organisation":"x\nproved: the 5000 entries \u001b[32m""#;
    let forging = run.beside("forging.jsonl", text.replacen(organisation, told, 1)).display().to_string();
    let verified = galateo(&["audit", "verify", &forging, "--organisation", "ente"]);
    assert_eq!(code(&verified), 1);
    assert!(out(&verified).contains(r"x\nproved: the 5000 entries \u{1b}[32m, expected ente"), "{}", out(&verified));
    assert!(!out(&verified).lines().any(|line| line.starts_with("proved")), "{}", out(&verified));

    // The seal as it is published, by file and by hash.
    let line = text.lines().rfind(|line| line.starts_with(r#"{"seal":"#)).unwrap();
    let (seal, hash) = line.strip_prefix(r#"{"seal":"#).unwrap().split_once(r#","hash":""#).unwrap();
    let file = run.beside("2026-11-03.json", seal).display().to_string();
    for published in [file.as_str(), hash.strip_suffix("\"}").unwrap()] {
        let verified = run.verify(&["--seal", published]);
        assert_eq!(code(&verified), 0, "{}", out(&verified));
        assert!(out(&verified).contains("proved: up to 2026-11-03"), "{}", out(&verified));
    }
    let forged = run.beside("forged.json", seal.replace(r#""count":"#, r#""count":1"#)).display().to_string();
    let verified = run.verify(&["--seal", &forged]);
    assert_eq!(code(&verified), 1);
    assert!(out(&verified).contains("no seal in the export is the one published for 2026-11-03"), "{}", out(&verified));

    let truncated = run.beside("truncated.jsonl", &text[..text.len() / 2]).display().to_string();
    let verified = galateo(&["audit", "verify", &truncated]);
    assert_eq!(code(&verified), 1);
    assert!(out(&verified).contains("truncated"), "{}", out(&verified));

    let newer =
        run.beside("newer.jsonl", text.replacen(r#""version":2}}"#, r#""version":3}}"#, 1)).display().to_string();
    let verified = galateo(&["audit", "verify", &newer]);
    assert_eq!(code(&verified), 2);
    assert!(err(&verified).contains("version 3 of the format"), "{}", err(&verified));
    assert_eq!(code(&python(Path::new(&newer), &[])), 2);

    let sealed = run.audit("seal", &[]);
    assert_eq!((code(&sealed), out(&sealed).as_str()), (0, "every day that is over is sealed\n"));
}

/// `tests/audit/version-1.jsonl` is an export of the demo by the last program that wrote version 1, before there was a
/// reader.
#[test]
fn an_export_of_the_first_version_is_still_verified_by_both_programs() {
    let export = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/audit/version-1.jsonl");
    let text = fs::read_to_string(&export).unwrap();
    assert!(text.lines().next().unwrap().ends_with(r#""version":1}}"#) && !text.contains("\"reader\""));
    let verified = galateo(&["audit", "verify", &export.display().to_string(), "--json"]);
    let found: Value = serde_json::from_str(&out(&verified)).unwrap();
    assert_eq!((code(&verified), &found["problem_count"]), (0, &0.into()), "{found}");
    assert_eq!(code(&python(&export, &[])), 0);
}

#[test]
fn every_verdict_names_the_reader_beside_the_policy() {
    let run = Run::new();
    let text = fs::read_to_string(&run.export).unwrap();
    let (reader, _) = reader::shipped().unwrap();
    let reader = format!(r#""reader":{{"hash":"{}","id":"{}"}}"#, reader.sha256(), reader::ID);
    let mut verdicts = 0;
    for line in text.lines().filter(|line| line.contains(r#""fact":{"verdict""#)) {
        assert!(line.contains(&reader), "{line}");
        verdicts += 1;
    }
    assert!(verdicts > 50 && text.lines().next().unwrap().contains(&reader), "{verdicts}");
}

#[test]
fn an_export_across_a_rotation_of_the_pseudonym_key_is_verified_by_both_programs() {
    let run = Run::new();
    let verdicts = || fs::read_to_string(&run.export).unwrap().matches(r#""fact":{"verdict""#).count();
    let before = verdicts();
    let again = |keys: &str| {
        // The days before are sealed already.
        let arguments = ["serve", "--demo", "--once", "--json", "--port", "0", "--now", "2026-11-04T09:00:00Z"];
        let mut command = Command::new(env!("CARGO_BIN_EXE_galateo"));
        command.args(arguments).args(["--data", &run.data]).stdin(Stdio::null()).env_remove("RUST_LOG");
        command.env("GALATEO_PSEUDONYM_KEY", keys).output().unwrap()
    };
    let alone = again("the second key of this test");
    assert_eq!(code(&alone), 2, "{}", err(&alone));
    assert!(err(&alone).contains("tenute con un'altra chiave degli pseudonimi"), "{}", err(&alone));
    let rotated = again("the second key of this test,galateo-development-secret@2026-11-02T12:00:00Z");
    assert_eq!(code(&rotated), 0, "{}", err(&rotated));

    let file = run.export.display().to_string();
    let exported = run.audit("export", &["--from", "2026-11-01", "--by", "il giudice", "--out", &file]);
    assert_eq!(code(&exported), 0, "{}", err(&exported));
    assert!(before > 20 && verdicts() >= before, "{before} verdicts, then {}", verdicts());
    let verified = run.verify(&[]);
    assert_eq!(code(&verified), 0, "{}", out(&verified));
    let independent = python(&run.export, &[]);
    assert_eq!(code(&independent), 0, "{}{}", out(&independent), err(&independent));
}

#[tokio::test(flavor = "multi_thread")]
async fn beside_a_running_server_the_log_is_exported_and_begins_with_the_policy_that_it_judges_by() {
    let folder = tempfile::tempdir().unwrap();
    let file = |name: &str| folder.path().join(name);
    let (data, out_file) = (file("ledger.db").display().to_string(), file("export.jsonl").display().to_string());
    for _ in 0..2 {
        let options = ServeOptions { data: Some(file("ledger.db")), ..ServeOptions::in_memory() };
        let server = start(&options).await;
        let exported = galateo(&["audit", "export", "--data", &data, "--out", &out_file, "--json"]);
        assert_eq!(code(&exported), 0, "{}", err(&exported));
        server.stop().await;
        let said: Value = serde_json::from_str(&out(&exported)).unwrap();
        let text = fs::read_to_string(&out_file).unwrap();
        assert_eq!(text.matches(r#""fact":"activation""#).count(), 1, "once, however often it starts");
        assert_eq!(said["entries"], text.lines().filter(|line| line.starts_with(r#"{"entry""#)).count());
        let verified = galateo(&["audit", "verify", &out_file]);
        assert_eq!(code(&verified), 0, "{}", out(&verified));
    }
}

/// A server that was stopped just now may hold the file for a moment longer.
async fn start(options: &ServeOptions) -> Server {
    for _ in 0..100 {
        if let Ok(server) = Server::start(options).await {
            return server;
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    panic!("the server does not start");
}

#[test]
fn what_cannot_be_used_is_exit_code_2_with_the_reason() {
    let folder = tempfile::tempdir().unwrap();
    let missing = folder.path().join("missing").display().to_string();
    for (arguments, reason) in [
        (&["audit", "verify", &missing][..], "missing"),
        (&["audit", "verify", env!("CARGO_BIN_EXE_galateo")], "line 1"),
        (&["audit", "export", "--data", &missing], "no such file"),
        (&["audit", "seal"], "--data"),
        (&["audit", "verify", &missing, "--seal", "xyz"], "xyz: neither the hash of a seal nor a file with one"),
    ] {
        let output = galateo(arguments);
        assert_eq!(code(&output), 2, "{arguments:?}");
        assert!(err(&output).contains(reason), "{arguments:?}: {}", err(&output));
        assert!(!Path::new(&missing).exists(), "{arguments:?} created a file");
    }
}

/// Halts automation with a clock that is months behind, as the machine of somebody in the office could before such a clock
/// was refused.
async fn halts_months_behind(data: &Path) {
    let policy = Arc::new(moderation::built_in("milano-monza-brianza-lodi").unwrap());
    let engine = Embedded::start(Some(data)).await.unwrap();
    let keys = Settings::local(&policy.accounts, &|_| None).unwrap().pseudonym_keys().clone();
    let ledger = Ledger::new(engine.client(), Tables::default(), &policy.reference.id, keys);
    let client = Client::new(Endpoints::production(), Tokens::default()).unwrap();
    let clock = Clock::starting_at("2026-09-01T09:00:00Z".parse().unwrap());
    let ruling = Ruling::new(Person::new("il giudice").unwrap(), "prova").unwrap();
    Moderation::new(policy, ledger, client, clock).office().halt(Scope::All, HaltCause::Switch, &ruling).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_wrong_clock_recorded_before_the_first_seal_is_told_exported_and_verified() {
    let run = Run::new();
    let quiet = run.audit("export", &["--by", "il giudice"]);
    assert!(!err(&quiet).contains("warning"), "{}", err(&quiet));
    halts_months_behind(Path::new(&run.data)).await;

    let sealed = run.audit("seal", &[]);
    assert!(err(&sealed).contains("entries from 2026-09-01 on that are older than the first seal"), "{}", err(&sealed));
    let file = run.export.display().to_string();
    let exported = run.audit("export", &["--by", "il giudice", "--out", &file]);
    assert_eq!(code(&exported), 0, "{}", err(&exported));
    assert!(err(&exported).contains("older than the first seal (2026-11-01)"), "{}", err(&exported));
    assert!(err(&exported).contains("they are in this export"), "{}", err(&exported));
    let verified = run.verify(&[]);
    assert_eq!(code(&verified), 0, "{}", out(&verified));
    assert!(
        out(&verified).contains("entries older than the first seal, which no seal will ever bind"),
        "{}",
        out(&verified)
    );
    let found: Value = serde_json::from_str(&out(&run.verify(&["--json"]))).unwrap();
    assert!(found["older"].as_u64() > Some(0), "{found}");
    let independent = python(&run.export, &[]);
    assert_eq!(code(&independent), 0, "{}{}", out(&independent), err(&independent));
    // Who asks for a part is told what is not in it.
    let part = run.audit("export", &["--from", "2026-11-01", "--by", "il giudice"]);
    assert!(err(&part).contains("they are not in this export"), "{}", err(&part));
}
