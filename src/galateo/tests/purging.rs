//! After an erasure, and after the time that things are kept, no byte of them is left in the files of the data set.

use std::fs;
use std::io::ErrorKind;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use galateo::ServeOptions;
use galateo::serve::Server;
use policy::Platform;

const WORD: &str = "canarinobyte";
const NAME: &str = "Canarina Byte";
const PERSON: &str = "9009009009";

/// In which files below a folder anything of the person stands, and what.
fn found(folder: &Path) -> Vec<String> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(self::found(&path));
            continue;
        }
        let bytes = match fs::read(&path) {
            Ok(bytes) => bytes,
            // A server that stops takes its write-ahead log with it, perhaps between the listing and the reading.
            Err(error) if error.kind() == ErrorKind::NotFound => continue,
            Err(error) => panic!("{}: {error}", path.display()),
        };
        for wanted in [WORD, NAME, PERSON] {
            if bytes.windows(wanted.len()).any(|window| window == wanted.as_bytes()) {
                found.push(format!("{wanted} in {}", path.display()));
            }
        }
    }
    found
}

fn options(folder: &Path) -> ServeOptions {
    let data = Some(folder.join("ledger.db"));
    ServeOptions { data, reports: Some(folder.join("reports")), ..ServeOptions::in_memory() }
}

/// Someone writes on the page, a few times, and it is dealt with.
async fn writes(server: &Server) {
    let accounts = &server.moderation().policy().accounts;
    let page = accounts.iter().find(|account| account.platform == Platform::Facebook).unwrap().id.clone();
    for number in 0..5 {
        let text = format!("sei un coglione di merda {WORD} {number}");
        let comment = sandbox::NewComment::new(page.as_str(), PERSON, NAME, &text);
        server.sandbox().add_comment(Platform::Facebook, comment).unwrap();
        server.sandbox().settled().await;
        server.settle(Duration::from_secs(60)).await.unwrap();
    }
}

/// The office erases the person, by the command.
fn erases(folder: &Path) {
    let erased = Command::new(env!("CARGO_BIN_EXE_galateo"))
        .args(["author", "erase", "facebook", PERSON, "--anyway", "--by", "Anna", "--reason", "richiesta", "--data"])
        .arg(folder.join("ledger.db"))
        .output()
        .unwrap();
    assert!(erased.status.success(), "{}", String::from_utf8_lossy(&erased.stderr));
}

#[tokio::test(flavor = "multi_thread")]
async fn after_an_erasure_while_the_server_runs() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::start(&options(folder.path())).await.unwrap();
    writes(&server).await;
    assert!(!found(folder.path()).is_empty());
    let path = folder.path().to_owned();
    tokio::task::spawn_blocking(move || erases(&path)).await.unwrap();
    assert_eq!(found(folder.path()), Vec::<String>::new(), "while the server runs");
    server.stop().await;
    assert_eq!(found(folder.path()), Vec::<String>::new(), "after it");
}

#[tokio::test(flavor = "multi_thread")]
async fn after_an_erasure_by_the_command_alone() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::start(&options(folder.path())).await.unwrap();
    writes(&server).await;
    server.stop().await;
    // A server that stops moves what is in its log into the file: in between it may be seen in neither.
    let mut looks = 0;
    while found(folder.path()).is_empty() {
        looks += 1;
        assert!(looks < 50, "nothing of it is there");
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    let path = folder.path().to_owned();
    // The server's last clone of the engine may outlive it by an instant: the command waits for it.
    tokio::task::spawn_blocking(move || erases(&path)).await.unwrap();
    assert_eq!(found(folder.path()), Vec::<String>::new());
}

/// Somebody writes on a day of 2026, and the server stops.
async fn written(folder: &Path) {
    let now = Some("2026-11-02T10:00:00Z".parse().unwrap());
    let server = Server::start(&ServeOptions { now, ..options(folder) }).await.unwrap();
    writes(&server).await;
    server.stop().await;
    assert!(!found(folder).is_empty());
}

/// When the time is over for which anything is kept.
const YEARS_LATER: &str = "2031-02-03T10:00:00Z";

/// The server again, by a clock that is years ahead of all records.
fn years_ahead(folder: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_galateo"));
    command.args(["serve", "--port", "0", "--now", YEARS_LATER, "--data"]).arg(folder.join("ledger.db"));
    command
}

/// The server again, when somebody has said by sealing that the years have really passed.
fn years_later(folder: &Path) -> Command {
    let mut seal = Command::new(env!("CARGO_BIN_EXE_galateo"));
    seal.args(["audit", "seal", "--from", "2031-01-20", "--now", YEARS_LATER, "--data"]).arg(folder.join("ledger.db"));
    let sealed = seal.output().unwrap();
    assert!(sealed.status.success(), "{}", String::from_utf8_lossy(&sealed.stderr));
    years_ahead(folder)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_clock_that_is_far_ahead_deletes_nothing_and_says_so() {
    let folder = tempfile::tempdir().unwrap();
    written(folder.path()).await;
    let there = found(folder.path());
    let once = years_ahead(folder.path()).arg("--once").output().unwrap();
    let said = String::from_utf8_lossy(&once.stderr);
    assert!(said.contains("days are to be sealed") && said.contains("the clock is wrong"), "{said}");
    assert_eq!(found(folder.path()), there);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_kept_no_longer_is_gone_when_a_server_has_run_once() {
    let folder = tempfile::tempdir().unwrap();
    written(folder.path()).await;
    let once = years_later(folder.path()).arg("--once").output().unwrap();
    assert!(once.status.success(), "{}", String::from_utf8_lossy(&once.stderr));
    assert_eq!(found(folder.path()), Vec::<String>::new());
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_kept_no_longer_is_gone_while_a_server_runs() {
    let folder = tempfile::tempdir().unwrap();
    written(folder.path()).await;
    let mut serving = years_later(folder.path()).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    let began = Instant::now();
    while !found(folder.path()).is_empty() && began.elapsed() < Duration::from_secs(60) {
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    let left = found(folder.path());
    serving.kill().unwrap();
    serving.wait().unwrap();
    assert_eq!(left, Vec::<String>::new());
}
