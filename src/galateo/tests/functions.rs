//! What functions need beside them, tried on the binary: the environment file, the secrets, an event's way in.

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};

use serde_json::{Value, json};

/// A server for functions, and what it has written for them.
struct Beside {
    process: Child,
    environment: Vec<(String, String)>,
    _folder: tempfile::TempDir,
}

impl Drop for Beside {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

impl Beside {
    fn start() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("functions.env");
        let mut command = galateo(&["serve", "--no-worker", "--port", "0", "--functions"]);
        let mut process = command.arg(&file).stderr(Stdio::piped()).spawn().unwrap();
        let said = BufReader::new(process.stderr.take().unwrap()).lines().map_while(Result::ok);
        let mut told = String::new();
        let started = said.take(20).any(|line| {
            told += &line;
            line.contains("cargo lambda watch -A 127.0.0.1")
        });
        assert!(started, "the server did not start: {told}");
        let text = std::fs::read_to_string(&file).unwrap();
        let lines = text.lines().filter(|line| !line.starts_with('#'));
        let environment = lines.map(|line| line.split_once('=').map(|(n, v)| (n.to_owned(), v.to_owned())).unwrap());
        let beside = Self { process, environment: environment.collect(), _folder: folder };
        // Standard error is no terminal here: it may be a journal, or the log of a test run.
        assert!(!told.contains(beside.variable("GALATEO_SANDBOX_KEY")), "{told}");
        beside
    }

    fn variable(&self, name: &str) -> &str {
        &self.environment.iter().find(|(known, _)| known == name).unwrap().1
    }

    fn server(&self) -> &str {
        self.variable("GALATEO_SANDBOX_URL").strip_suffix("/sandbox").unwrap()
    }
}

fn galateo(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_galateo"));
    command.args(arguments).stdin(Stdio::null()).env_remove("RUST_LOG").env("NO_COLOR", "1");
    command
}

fn run(arguments: &[&str]) -> Output {
    galateo(arguments).output().unwrap()
}

fn event_file(name: &str) -> String {
    let events: PathBuf = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../events");
    events.join(name).display().to_string()
}

#[tokio::test]
async fn secrets_are_handed_to_who_has_the_key_of_the_environment_file_only() {
    let beside = Beside::start();
    let ask = |key: &str| {
        let signed = format!("AWS4-HMAC-SHA256 Credential={key}/20261130/eu-south-1/ssm/aws4_request, Signature=0");
        let request = reqwest::Client::new().post(beside.variable("AWS_ENDPOINT_URL_SSM"));
        let request = request.header("x-amz-target", "AmazonSSM.GetParameters").header("authorization", signed);
        request.json(&json!({"Names": ["/galateo/local/webhook-secrets/x", "/galateo/local/verify-tokens/x"]})).send()
    };
    let stranger = ask("somebody").await.unwrap();
    assert_eq!(stranger.status(), 403);
    assert!(stranger.text().await.unwrap().contains("start `cargo lambda watch` anew"));
    let page = reqwest::Client::new().post(beside.variable("AWS_ENDPOINT_URL_SSM"));
    let page = page.header("origin", "http://127.0.0.1:8787").body("{}").send().await.unwrap();
    assert_eq!(page.status(), 403);
    let answer: Value = ask(beside.variable("AWS_ACCESS_KEY_ID")).await.unwrap().json().await.unwrap();
    assert_eq!(answer["Parameters"][0]["Value"], "galateo-development-secret");
    assert_eq!(answer["InvalidParameters"], json!(["/galateo/local/verify-tokens/x"]));
}

#[tokio::test]
async fn the_token_that_functions_are_handed_is_the_one_that_the_platforms_of_the_sandbox_take() {
    let beside = Beside::start();
    let client = reqwest::Client::new();
    let key = beside.variable("AWS_ACCESS_KEY_ID");
    let signed = format!("AWS4-HMAC-SHA256 Credential={key}/20261130/eu-south-1/ssm/aws4_request, Signature=0");
    let request = client.post(beside.variable("AWS_ENDPOINT_URL_SSM"));
    let request = request.header("x-amz-target", "AmazonSSM.GetParameters").header("authorization", signed);
    let answer = request.json(&json!({"Names": ["/galateo/local/access-tokens/facebook/1"]})).send().await.unwrap();
    let answer: Value = answer.json().await.unwrap();
    let token = answer["Parameters"][0]["Value"].as_str().unwrap().to_owned();
    let sandbox = beside.variable("GALATEO_SANDBOX_URL");
    let hide =
        |token: &str| client.post(format!("{sandbox}/facebook/v26.0/1_2?is_hidden=true")).bearer_auth(token).send();
    assert_eq!(hide("galateo-development-secret").await.unwrap().status(), 401);
    assert_eq!(hide(&token).await.unwrap().status(), 200);
    let journal = client.get(format!("{sandbox}/journal")).bearer_auth(beside.variable("GALATEO_SANDBOX_KEY"));
    let journal: Value = journal.send().await.unwrap().json().await.unwrap();
    assert_eq!(journal.as_array().map(Vec::len), Some(1), "{journal}");
    assert_eq!((&journal[0]["path"], &journal[0]["status"]), (&"/v26.0/1_2?is_hidden=true".into(), &200.into()));
}

#[test]
fn a_body_is_signed_and_sent_and_the_answer_is_the_exit_code() {
    let beside = Beside::start();
    let body = event_file("facebook/comment-add-insult.json");
    let sent = run(&["send", "facebook", &body, "--to", beside.server(), "--json"]);
    assert_eq!(sent.status.code(), Some(0), "{}", String::from_utf8_lossy(&sent.stderr));
    assert_eq!(serde_json::from_slice::<Value>(&sent.stdout).unwrap()["status"], 200);
    let mut wrong = galateo(&["send", "facebook", &body, "--to", beside.server()]);
    let wrong = wrong.env("GALATEO_SECRETS_FACEBOOK", "another secret than the server's").output().unwrap();
    assert_eq!(wrong.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&wrong.stderr).contains("another secret"), "{wrong:?}");
    let other = run(&["send", "facebook", &event_file("x/reply.json"), "--to", beside.server()]);
    assert_eq!(other.status.code(), Some(1), "{other:?}");
    assert!(String::from_utf8_lossy(&other.stderr).contains("no body of facebook"), "{other:?}");
    for platform in ["instagram", "linkedin", "x"] {
        let of_another = if platform == "x" { "facebook/comment-add-email.json" } else { "x/reply.json" };
        let other = run(&["send", platform, &event_file(of_another), "--to", beside.server()]);
        let told = String::from_utf8_lossy(&other.stderr);
        assert!(other.status.code() == Some(1) && told.contains(&format!("no body of {platform}")), "{other:?}");
    }
    for (platform, file, code) in [
        ("instagram", "facebook/batch.json", 1),
        ("facebook", "instagram/comment.json", 1),
        ("facebook", "instagram/batch.json", 1),
        // Of messages Meta's own pages disagree.
        ("instagram", "instagram/message-object-page.json", 0),
        ("facebook", "facebook/message-of-instagram.json", 0),
    ] {
        let sister = run(&["send", platform, &event_file(file), "--to", beside.server()]);
        let told = String::from_utf8_lossy(&sister.stderr);
        assert_eq!(sister.status.code(), Some(code), "{platform} {file}: {told}");
        assert!(code == 0 || told.contains(&format!("no body of {platform}, but one of ")), "{told}");
    }
    let nobody = run(&["send", "facebook", &body, "--to", "http://127.0.0.1:1"]);
    assert_eq!(nobody.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&nobody.stderr).contains("nothing listens there"), "{nobody:?}");
}

#[test]
fn an_event_is_printed_as_the_http_api_hands_it_over() {
    let file = event_file("youtube/new-video.xml");
    let event: Value = serde_json::from_slice(&run(&["event", "youtube", &file]).stdout).unwrap();
    assert_eq!((&event["version"], &event["rawPath"]), (&"2.0".into(), &"/webhooks/youtube".into()));
    assert_eq!(event["body"], std::fs::read_to_string(file).unwrap());
    assert!(event["headers"]["x-hub-signature"].as_str().unwrap().starts_with("sha1="), "{event}");
}

#[tokio::test]
async fn a_person_writes_something_by_a_call_and_a_wrong_call_is_told_what_is_wrong() {
    let beside = Beside::start();
    let (client, key) = (reqwest::Client::new(), beside.variable("GALATEO_SANDBOX_KEY"));
    let address = |path: &str| format!("{}/sandbox/{path}", beside.server());
    let stranger =
        client.post(address("comments")).body(r#"{"platform": "youtube", "text": "a"}"#).send().await.unwrap();
    assert_eq!(stranger.status(), 401);
    let write = |body: Value| client.post(address("comments")).bearer_auth(key).json(&body).send();
    let written = write(json!({"platform": "youtube", "text": "Quando esce la prossima puntata?"})).await.unwrap();
    assert_eq!(written.status(), 201);
    let id = written.json::<Value>().await.unwrap()["id"].as_str().unwrap().to_owned();
    let state = client.get(address("state")).bearer_auth(key).send().await.unwrap();
    let state: Value = state.json().await.unwrap();
    assert_eq!(state["comments"][0]["id"], id, "{state}");
    for (body, status, reason) in [
        (json!({"platform": "youtube"}), 400, "missing field `text`"),
        (json!({"platform": "youtube", "text": "a", "txt": "b"}), 400, "txt"),
        (json!({"platform": "youtube", "text": "a", "account": "UCnobody"}), 404, "expected one of"),
        (json!({"platform": "linkedin", "text": "a", "surface": "message"}), 409, "no such surface"),
    ] {
        let answer = write(body).await.unwrap();
        assert_eq!(answer.status(), status);
        let said = answer.text().await.unwrap();
        assert!(said.contains(reason), "{said}");
    }
}

#[test]
fn a_policy_that_functions_do_not_know_and_a_file_of_somebody_else_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    let own = folder.path().join(".env");
    std::fs::write(&own, "TOKEN=mine\n").unwrap();
    let refused = run(&["serve", "--port", "0", "--functions", own.to_str().unwrap()]);
    assert_eq!(refused.status.code(), Some(2));
    assert_eq!(std::fs::read_to_string(&own).unwrap(), "TOKEN=mine\n");
    let policies = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../policies");
    let changed = std::fs::read_to_string(policies.join("riviere-di-liguria.toml")).unwrap() + "\n# changed\n";
    let copy = folder.path().join("riviere-di-liguria.toml");
    std::fs::write(&copy, changed).unwrap();
    let lists = folder.path().join("lists");
    std::fs::create_dir(&lists).unwrap();
    for list in std::fs::read_dir(policies.join("lists")).unwrap().map(Result::unwrap) {
        std::fs::copy(list.path(), lists.join(list.file_name())).unwrap();
    }
    let file = folder.path().join("functions.env");
    let (file, copy) = (file.to_str().unwrap(), copy.to_str().unwrap());
    let refused = run(&["serve", "--port", "0", "--functions", file, "--policy", copy]);
    assert_eq!(refused.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&refused.stderr).contains("another version"), "{refused:?}");
}
