//! The Runtime API of Lambda, as far as a function needs it, and a function's process that talks to it.

use std::process::Stdio;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::routing::{get, post};
use serde_json::Value;
use tokio::io::AsyncReadExt;
use tokio::net::TcpListener;
use tokio::process::{Child, Command};
use tokio::sync::{Mutex, mpsc};

use crate::world::World;

/// How long a function may take to answer: debug builds on a busy machine are slow.
const PATIENCE: Duration = Duration::from_secs(60);

struct Shared {
    invocations: Mutex<mpsc::Receiver<(Value, i64)>>,
    answers: mpsc::Sender<Result<Value, Value>>,
}

/// A running function.
pub struct Function {
    invocations: mpsc::Sender<(Value, i64)>,
    answers: Mutex<mpsc::Receiver<Result<Value, Value>>>,
    // Killed when the test ends.
    _process: Child,
}

impl Function {
    /// Starts a function in the world.
    pub async fn spawn(function: &str, world: &World) -> Self {
        let (address, invocations, answers) = runtime_api().await;
        let process = command(function, &address, world).stderr(Stdio::inherit()).spawn().unwrap();
        Self { invocations, answers: Mutex::new(answers), _process: process }
    }

    /// Starts a function that logs into a file, from this level on.
    pub async fn spawn_logging(level: &str, log: std::fs::File, function: &str, world: &World) -> Self {
        let (address, invocations, answers) = runtime_api().await;
        let mut command = command(function, &address, world);
        let process = command.env("RUST_LOG", level).stderr(log.try_clone().unwrap()).stdout(log).spawn().unwrap();
        Self { invocations, answers: Mutex::new(answers), _process: process }
    }

    /// Starts a function that is expected to end by itself with an error: the error that it logs. It has told Lambda the
    /// same.
    pub async fn spawn_failing(function: &str, world: &World) -> String {
        Self::spawn_failing_without(&[], function, world).await
    }

    /// Starts as [`Function::spawn_failing`] does, without these variables of its environment.
    pub async fn spawn_failing_without(variables: &[&str], function: &str, world: &World) -> String {
        let (address, _invocations, mut answers) = runtime_api().await;
        let mut command = command(function, &address, world);
        for variable in variables {
            command.env_remove(variable);
        }
        let mut process = command.stderr(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
        let status = tokio::time::timeout(PATIENCE, process.wait()).await.expect("the function ends").unwrap();
        assert!(!status.success());
        let mut said = String::new();
        process.stderr.take().unwrap().read_to_string(&mut said).await.unwrap();
        assert_eq!(said, "", "not everything is said in JSON");
        process.stdout.take().unwrap().read_to_string(&mut said).await.unwrap();
        let lines: Vec<Value> = said.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        let error = lines.iter().find(|line| line["level"] == "ERROR").expect("an error that the alarm sees");
        assert_eq!(error["fields"]["message"], "the function cannot start");
        let logged = error["fields"]["error"].as_str().unwrap().to_owned();
        let told = answers.try_recv().expect("Lambda is told").expect_err("as a failure");
        assert_eq!(
            (told["errorType"].as_str(), told["errorMessage"].as_str()),
            (Some("Function.StartFailed"), Some(&*logged))
        );
        logged
    }

    /// Sends one event that the function is expected to fail on, and returns what it tells Lambda.
    pub async fn invoke_failing(&self, event: &Value) -> Value {
        let mut answers = self.answers.lock().await;
        self.invocations.send((event.clone(), 60)).await.unwrap();
        let answer = tokio::time::timeout(PATIENCE, answers.recv()).await.expect("an answer in time").unwrap();
        answer.expect_err("a failure")
    }

    /// Sends one event and returns the answer.
    pub async fn invoke(&self, event: &Value) -> Value {
        self.invoke_within(60, event).await
    }

    /// The same where the function is told that it has so many seconds.
    pub async fn invoke_within(&self, seconds: i64, event: &Value) -> Value {
        let mut answers = self.answers.lock().await;
        self.invocations.send((event.clone(), seconds)).await.unwrap();
        let answer = tokio::time::timeout(PATIENCE, answers.recv()).await.expect("an answer in time").unwrap();
        answer.unwrap_or_else(|error| panic!("the function failed: {error}"))
    }
}

fn command(function: &str, runtime_api: &str, world: &World) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_bootstrap"));
    command
        .env_clear()
        .envs(world.environment())
        .env("_HANDLER", function)
        .env("AWS_LAMBDA_RUNTIME_API", runtime_api)
        .env("AWS_LAMBDA_FUNCTION_NAME", "galateo-test")
        .env("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "256")
        .env("AWS_LAMBDA_FUNCTION_VERSION", "$LATEST")
        .env("AWS_LAMBDA_LOG_STREAM_NAME", "stream")
        .env("AWS_LAMBDA_LOG_GROUP_NAME", "group")
        .stdout(Stdio::null())
        .kill_on_drop(true);
    command
}

type Answers = mpsc::Receiver<Result<Value, Value>>;

async fn runtime_api() -> (String, mpsc::Sender<(Value, i64)>, Answers) {
    let (invocations, received) = mpsc::channel(1);
    let (answers, results) = mpsc::channel(1);
    let shared = Arc::new(Shared { invocations: Mutex::new(received), answers });
    let router = Router::new()
        .route("/2018-06-01/runtime/invocation/next", get(next))
        .route("/2018-06-01/runtime/invocation/{id}/response", post(response))
        .route("/2018-06-01/runtime/invocation/{id}/error", post(error))
        .route("/2018-06-01/runtime/init/error", post(error))
        .with_state(shared);
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap().to_string();
    tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
    (address, invocations, results)
}

async fn next(State(shared): State<Arc<Shared>>) -> (HeaderMap, String) {
    let event = shared.invocations.lock().await.recv().await;
    // Without further events the function waits, as it does between invocations, until its process is ended.
    let Some((event, seconds)) = event else { std::future::pending().await };
    let deadline = jiff::Timestamp::now().as_millisecond() + seconds * 1_000;
    let mut headers = HeaderMap::new();
    headers.insert("lambda-runtime-aws-request-id", HeaderValue::from_static("8476a536-e9f4-11e8-9739-2dfe598c3fcd"));
    headers.insert("lambda-runtime-deadline-ms", HeaderValue::from_str(&deadline.to_string()).unwrap());
    headers.insert(
        "lambda-runtime-invoked-function-arn",
        HeaderValue::from_static("arn:aws:lambda:eu-south-1:123456789012:function:galateo-test"),
    );
    (headers, event.to_string())
}

async fn response(State(shared): State<Arc<Shared>>, Path(_): Path<String>, body: String) -> StatusCode {
    let answer = serde_json::from_str(&body).unwrap_or(Value::String(body));
    // Fails only when the test has ended.
    let _ = shared.answers.send(Ok(answer)).await;
    StatusCode::ACCEPTED
}

async fn error(State(shared): State<Arc<Shared>>, body: String) -> StatusCode {
    let error = serde_json::from_str(&body).unwrap_or(Value::String(body));
    // Fails only when the test has ended.
    let _ = shared.answers.send(Err(error)).await;
    StatusCode::ACCEPTED
}
