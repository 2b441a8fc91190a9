//! `galateo statistics`, tried on the binary with a ledger in a file.

use std::path::Path;
use std::process::{Command, Output, Stdio};

use serde_json::Value;

fn statistics(data: &Path, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_galateo"));
    command.arg("statistics").args(arguments).arg("--data").arg(data);
    command.args(["--now", "2026-11-02T09:00:00Z"]).stdin(Stdio::null()).env_remove("RUST_LOG").output().unwrap()
}

fn out(output: &Output) -> String {
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout.clone()).unwrap()
}

#[test]
fn figures_from_before_are_imported_and_reported() {
    let folder = tempfile::tempdir().unwrap();
    let (data, file) = (folder.path().join("ledger.db"), folder.path().join("before.csv"));
    let lines = "account,date,metric,value,source\n\
                 facebook:1234567890321,2026-09-30,followers,1000,prova\n\
                 facebook:1234567890321,2026-10-31,followers,1250,prova\n";
    std::fs::write(&file, lines).unwrap();
    let path = file.to_str().unwrap();
    // `import` has the options of the ledger for itself.
    let mut command = Command::new(env!("CARGO_BIN_EXE_galateo"));
    command.args(["statistics", "import", path, "--json", "--now", "2026-11-02T09:00:00Z", "--data"]).arg(&data);
    assert_eq!(out(&command.output().unwrap()), "{\"known\":0,\"new\":2}\n");
    assert_eq!(out(&command.output().unwrap()), "{\"known\":2,\"new\":0}\n");

    let report: Value = serde_json::from_str(&out(&statistics(&data, &["--json"]))).unwrap();
    assert_eq!((&report["period"]["from"], &report["period"]["to"]), (&"2026-10-01".into(), &"2026-10-31".into()));
    let change = &report["growth"]["accounts"][0]["metrics"][0]["trend"]["period"]["known"];
    assert_eq!((&change["absolute"], &change["percent"]), (&250.into(), &25.0.into()), "{change}");

    let sentences = out(&statistics(&data, &["--month", "2026-10"]));
    assert_eq!(sentences.lines().count(), 5);
    assert!(sentences.starts_with("Per il periodo ottobre 2026 non ci sono dati"), "{sentences}");

    let tables = folder.path().join("tables");
    out(&statistics(
        &data,
        &["--format", "csv", "--lang", "en", "--separator", "|", "--out", tables.to_str().unwrap()],
    ));
    let counts = std::fs::read_to_string(tables.join("counts.csv")).unwrap();
    assert!(counts.contains("|followers|2026-10-31|1250|"), "{counts}");
    assert!(tables.join("metadata.jsonld").exists());

    let page = folder.path().join("report.html");
    out(&statistics(&data, &["--year", "2026", "--format", "html", "--out", page.to_str().unwrap()]));
    assert!(std::fs::read_to_string(page).unwrap().starts_with("<!DOCTYPE html><html lang=\"it\">"));
}

#[test]
fn what_cannot_be_reported_is_refused_with_its_reason() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("ledger.db");
    for (arguments, reason) in [
        (&["--month", "2026-13"][..], "un tale mese"),
        (&["--month", "10-2026"], "servono anno e mese"),
        (&["--from", "2026-10-02", "--to", "2026-10-01"], "prima di iniziare"),
        (&["--from", "2026-10-02"], "--to"),
        (&["--format", "csv"], "--out CARTELLA"),
        (&["--format", "csv", "--lang", "en"], "--out FOLDER"),
        (&["--format", "csv", "--out", "x", "--separator", ",", "--decimal", ","], "two different ones"),
        (&["--lang", "de"], "serve it o en"),
    ] {
        let output = statistics(&data, arguments);
        let text = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(2), "{arguments:?}: {text}");
        assert!(text.contains(reason), "{arguments:?}: {text}");
    }
    let mut without = Command::new(env!("CARGO_BIN_EXE_galateo"));
    let output = without.arg("statistics").stdin(Stdio::null()).output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&output.stderr).contains("--data FILE o --endpoint URL"));
}
