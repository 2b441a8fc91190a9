//! The dossier of a case, tried on the binary, and verified by a program that shares no code with it.

mod contents;
mod forgotten;
mod proofs;
mod replaced;
mod revisions;
mod shown;
mod statement;

use std::fs;
use std::path::PathBuf;
use std::process::{Command, Output, Stdio};
use std::sync::LazyLock;

use serde_json::Value;
use tempfile::TempDir;

/// When the demo ran.
const DEMO: &str = "2026-11-02T09:00:00Z";
/// Two days later: what the demo recorded is sealed.
const LATER: &str = "2026-11-04T10:00:00Z";

/// The data file after the demo, which takes some seconds: made once.
static RECORDS: LazyLock<Vec<u8>> = LazyLock::new(|| {
    let desk = Desk::empty(LATER);
    let demo = ["serve", "--demo", "--once", "--json", "--port", "0", "--now", DEMO];
    let output = galateo(&[&demo, &["--data", desk.data.to_str().unwrap()][..]].concat());
    assert_eq!(output.status.code(), Some(0), "{}", err(&output));
    desk.done(&["audit", "seal", "--from", "2026-11-01"]);
    fs::read(&desk.data).unwrap()
});

/// A data file, and what is run on it.
struct Desk {
    data: PathBuf,
    now: &'static str,
    folder: TempDir,
}

impl Desk {
    fn empty(now: &'static str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        Self { data: folder.path().join("ledger.db"), now, folder }
    }

    /// With everything that the demo sends, sealed.
    fn after_the_demo() -> Self {
        let desk = Self::empty(LATER);
        fs::write(&desk.data, &*RECORDS).unwrap();
        desk
    }

    fn run(&self, arguments: &[&str]) -> Output {
        let now = ["--data", self.data.to_str().unwrap(), "--now", self.now];
        galateo(&[arguments, &now].concat())
    }

    fn done(&self, arguments: &[&str]) -> String {
        let output = self.run(arguments);
        assert_eq!(output.status.code(), Some(0), "{arguments:?}: {}", err(&output));
        out(&output)
    }

    fn json(&self, arguments: &[&str]) -> Value {
        serde_json::from_str(&self.done(&[arguments, &["--json"]].concat())).unwrap()
    }

    /// The id of an open case of something hidden on this platform under this clause.
    fn case(&self, platform: &str, clause: &str) -> String {
        self.first("hide", platform, clause)
    }

    /// The id of one that only waits for a person.
    fn waiting(&self, platform: &str, clause: &str) -> String {
        self.first("review", platform, clause)
    }

    fn first(&self, outcome: &str, platform: &str, clause: &str) -> String {
        let list = self.json(&["case", "list"]);
        let mut cases = list["cases"].as_array().unwrap().iter();
        let is_asked =
            |case: &&Value| case["platform"] == platform && case["clause"] == clause && case["outcome"] == outcome;
        let found = cases.find(is_asked);
        found.unwrap_or_else(|| panic!("no such case: {list}"))["id"].as_str().unwrap().to_owned()
    }

    fn decide(&self, what: &str, id: &str) {
        self.done(&["case", what, id, "--by", "anna", "--reason", "offende chi legge"]);
    }

    fn dossier(&self, id: &str, more: &[&str]) -> Output {
        self.run(&[&["case", "dossier", id, "--by", "avv. Bianchi"], more].concat())
    }

    fn dossier_json(&self, id: &str) -> Value {
        let output = self.dossier(id, &["--format", "json"]);
        assert_eq!(output.status.code(), Some(0), "{}", err(&output));
        serde_json::from_str(&out(&output)).unwrap()
    }

    fn page(&self, id: &str, more: &[&str]) -> String {
        let output = self.dossier(id, more);
        assert_eq!(output.status.code(), Some(0), "{}", err(&output));
        out(&output)
    }

    /// What the independent program says about a dossier.
    fn verify(&self, dossier: &Value, more: &[&str]) -> Output {
        let file = self.folder.path().join("dossier.json");
        fs::write(&file, dossier.to_string()).unwrap();
        let script = format!("{}/../../tests/audit/verify_dossier.py", env!("CARGO_MANIFEST_DIR"));
        Command::new("python3").arg(script).arg(file).args(more).output().unwrap()
    }
}

fn galateo(arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_galateo"));
    command.args(arguments).stdin(Stdio::null()).env_remove("RUST_LOG").env("NO_COLOR", "1").output().unwrap()
}

fn out(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

fn err(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

fn list(value: &Value) -> &Vec<Value> {
    value.as_array().unwrap()
}
