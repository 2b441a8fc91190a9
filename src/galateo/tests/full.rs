//! A server whose disk takes nothing more: what it has acknowledged is there, and it says what is wrong.

#![cfg(unix)]

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use galateo::ServeOptions;
use galateo::serve::Server;
use policy::Platform;
use serde_json::{Value, json};

/// More than the empty tables take, and less than is written here, in blocks of 512 bytes.
const BLOCKS: usize = 2_000;

/// A server in a process of its own, which is killed in the end.
struct Limited(Child);

impl Drop for Limited {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// A server that may not make a file larger than so, and its address.
fn limited(data: &Path) -> (Limited, String) {
    let limit = format!("trap '' XFSZ; ulimit -f {BLOCKS}; exec \"$0\" \"$@\"");
    let mut command = Command::new("sh");
    command.args(["-c", &limit, env!("CARGO_BIN_EXE_galateo"), "serve", "--port", "0", "--data"]);
    let mut process = command.arg(data).stdin(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
    let mut said = BufReader::new(process.stderr.take().unwrap()).lines().map_while(Result::ok);
    let address =
        said.find_map(|line| Some(line.split_once("http://")?.1.split_once("/sandbox")?.0.to_owned())).unwrap();
    // Nobody reads what else it says, and it must not wait for that.
    std::thread::spawn(move || said.for_each(drop));
    (Limited(process), address)
}

/// What is delivered about a comment, which is the same when it is delivered again.
fn comment(page: &str, number: usize, now: i64) -> Vec<u8> {
    let change = json!({ "field": "feed", "value": {
        "item": "comment", "verb": "add", "comment_id": format!("900_{number}"), "post_id": format!("{page}_900"),
        "parent_id": format!("{page}_900"), "from": { "id": format!("8000{number}"), "name": "Prova" },
        "created_time": now, "message": format!("Servizio lento, costi assurdi ({number})"),
    }});
    json!({ "object": "page", "entry": [{ "id": page, "time": now, "changes": [change] }] }).to_string().into_bytes()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_acknowledged_before_the_disk_was_full_is_there_and_the_rest_when_it_is_sent_again() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("ledger.db");
    let (process, address) = limited(&data);
    let accounts = moderation::built_in("milano-monza-brianza-lodi").unwrap().accounts;
    let page = accounts.iter().find(|account| account.platform == Platform::Facebook).unwrap().id.clone();
    let (http, now) = (reqwest::Client::new(), jiff::Timestamp::now().as_second());
    let delivered = async |number| {
        let body = comment(page.as_str(), number, now);
        let (name, value) = sandbox::sign(Platform::Facebook, moderation::DEVELOPMENT_SECRET, &body);
        let request = http.post(format!("http://{address}/webhooks/facebook")).header(name, value).body(body);
        request.send().await.unwrap().status().as_u16()
    };
    let mut acknowledged = 0;
    let refused = loop {
        match delivered(acknowledged).await {
            200 => acknowledged += 1,
            other => break other,
        }
        assert!(acknowledged < 5_000, "the disk is not full");
    };
    assert!(refused == 503 && acknowledged > 0, "{refused} after {acknowledged}");
    let asks = async || http.get(format!("http://{address}/health")).send().await.unwrap();
    let mut health = asks().await;
    // Where a verdict has no place any more, a few of its own small items may still have one.
    for _ in 0..60 {
        if health.status() == 503 {
            break;
        }
        tokio::time::sleep(Duration::from_millis(1_100)).await;
        health = asks().await;
    }
    assert_eq!(health.status(), 503);
    let health: Value = health.json().await.unwrap();
    assert!(health["ledger"].as_str().unwrap().contains("files may grow no larger"), "{health}");
    drop(process);

    let server = Server::start(&ServeOptions { data: Some(data.clone()), ..ServeOptions::in_memory() }).await.unwrap();
    let recorded = async || {
        let today = ledger::day(jiff::Timestamp::now());
        let entries = server.moderation().ledger().entries(today).await.unwrap();
        entries.iter().filter(|entry| matches!(entry.fact, ledger::Fact::Verdict { .. })).count()
    };
    let found = recorded().await;
    assert!(found == acknowledged || found == acknowledged + 1, "{found} of {acknowledged}");
    for number in 0..=acknowledged {
        let status = server.deliver(&http, Platform::Facebook, comment(page.as_str(), number, now)).await.unwrap();
        assert_eq!(status, 200);
    }
    assert_eq!(recorded().await, acknowledged + 1, "some were not there, or are twice");
    server.stop().await;
}
