//! The engine's port: DynamoDB's protocol for whoever has the key of this start, and for nobody else.
//!
//! dynoxide's own server believes every signature and answers the preflight of every web page; nothing can be put in
//! front of it that does not listen on a second port. So requests are read here, and carried out by the engine itself.

use std::sync::{Arc, PoisonError, RwLock};

use axum::Router;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::response::{IntoResponse, Response};
use axum::routing::any;
use dynoxide::actions::transact_write_items::TransactWriteItemsRequest;
use dynoxide::{Database, DynoxideError};
use hmac::{Hmac, KeyInit, Mac};
use http::{HeaderValue, Method, StatusCode, header};
use local::door::{Key, foreign, signs};
use local::serving::{self, NoBody};
use serde::Serialize;
use serde::de::DeserializeOwned;
use sha2::Sha256;

use super::repeated::Repeated;
use super::watch::Watch;
use crate::LedgerError;
use crate::table::retry::FILE_FAULT;

/// The largest request that DynamoDB takes, in bytes.
const MAX_BODY_BYTES: usize = 16 * 1024 * 1024;

/// What every request names in front of its operation.
const TARGET: &str = "DynamoDB_20120810.";

const CONTENT_TYPE: &str = "application/x-amz-json-1.0";

/// The engine, as long as it is there. Its owner takes it away before he gives up the lock of the file: connections may
/// outlive both.
#[derive(Clone)]
pub(super) struct Present(Arc<RwLock<Option<Database>>>);

impl Present {
    pub(super) fn new(database: Database) -> Self {
        Self(Arc::new(RwLock::new(Some(database))))
    }

    /// Waits for the operation that is being carried out, and lets no other begin.
    pub(super) fn take_away(&self) {
        self.0.write().unwrap_or_else(PoisonError::into_inner).take();
    }

    fn with<T>(&self, operation: impl FnOnce(&Database) -> T) -> Option<T> {
        self.0.read().unwrap_or_else(PoisonError::into_inner).as_ref().map(operation)
    }
}

#[derive(Clone)]
struct Door {
    database: Present,
    key: Key,
    repeated: Arc<Repeated>,
    /// Of data in memory there is no file to watch.
    watch: Option<Watch>,
}

/// DynamoDB's protocol at `/`.
pub(super) fn router(database: Present, key: Key, watch: Option<Watch>) -> Router {
    let door = Door { database, key, repeated: Arc::default(), watch };
    Router::new().route("/", any(enter)).fallback(any(enter)).with_state(door)
}

async fn enter(State(door): State<Door>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    if let Some(why) = foreign(&parts.uri, &parts.headers) {
        return (StatusCode::FORBIDDEN, format!("refused: {why}\n")).into_response();
    }
    if let Some(nonce) = parts.headers.get(NONCE).and_then(|nonce| nonce.to_str().ok()) {
        return proof(&door.key, nonce).unwrap_or_default().into_response();
    }
    if !signs(&parts.headers, &door.key) {
        return refused(
            "UnrecognizedClientException",
            "this engine is open only to the process that started it and to whoever it gave its access key",
        );
    }
    serving::trust(&parts.extensions);
    let target = parts.headers.get("x-amz-target").and_then(|target| target.to_str().ok());
    if let (&Method::POST, Some(PURGE), Some(watch)) = (&parts.method, target, &door.watch) {
        return match watch.purge().await {
            Ok(()) => StatusCode::OK.into_response(),
            Err(LedgerError::File(reason)) => refused(FILE_FAULT, &reason),
            Err(LedgerError::Configuration(reason)) => refused(PURGE_FAILED, &reason),
            Err(error) => refused(PURGE_FAILED, &error.to_string()),
        };
    }
    let operation = target.and_then(|target| target.strip_prefix(TARGET));
    let (Method::POST, "/", Some(operation)) = (parts.method, parts.uri.path(), operation) else {
        return refused("UnknownOperationException", "expected POST / with a header x-amz-target");
    };
    let body = match serving::body(&parts.extensions, body, MAX_BODY_BYTES).await {
        Ok(body) => body,
        Err(NoBody::TooSlow) => {
            return (StatusCode::REQUEST_TIMEOUT, format!("{}\n", NoBody::TooSlow.why())).into_response();
        }
        Err(none) => return refused("SerializationException", none.why()),
    };
    let answered = door.database.with(|database| door.answer(database, operation, &body));
    answered.unwrap_or_else(|| (StatusCode::SERVICE_UNAVAILABLE, "this engine has ended\n").into_response())
}

impl Door {
    /// Carries an operation out, unless something is wrong with the data file before or after it.
    fn answer(&self, database: &Database, operation: &str, body: &[u8]) -> Response {
        let file_fault = || self.watch.as_ref().and_then(Watch::fault);
        if let Some(fault) = file_fault() {
            return refused(FILE_FAULT, &fault.to_string());
        }
        let carried_out = carry_out(database, &self.repeated, operation, body);
        // Looked at again: what went into a file that is no longer there is not acknowledged.
        if let Some(fault) = file_fault().or_else(|| self.blamed(&carried_out)) {
            return refused(FILE_FAULT, &fault.to_string());
        }
        match carried_out {
            Ok(answer) => json(StatusCode::OK, answer),
            Err(Refusal::Engine(error)) => {
                let status = StatusCode::from_u16(error.status_code()).unwrap_or(StatusCode::BAD_REQUEST);
                json(status, error.to_json())
            }
            Err(Refusal::Unreadable(reason)) => refused("SerializationException", &reason),
            Err(Refusal::Unknown) => {
                refused("UnknownOperationException", "the embedded engine does not offer this operation")
            }
        }
    }

    /// What is wrong with the data file, where an operation has failed for that. SQLite's words are all that the engine hands
    /// on of it.
    fn blamed<T>(&self, carried_out: &Result<T, Refusal>) -> Option<LedgerError> {
        let Err(Refusal::Engine(error)) = carried_out else { return None };
        self.watch.as_ref().filter(|_| error.status_code() == 500)?.blamed(&error.to_string())
    }
}

/// What the engine is asked for beside DynamoDB's operations: to purge its data file.
pub(super) const PURGE: &str = "Galateo.Purge";

/// What is answered where the file is well, and could not be purged all the same.
const PURGE_FAILED: &str = "PurgeFailed";

/// What an engine has answered that did not purge its file.
pub(super) fn told(body: &str) -> Option<LedgerError> {
    let body: serde_json::Value = serde_json::from_str(body).ok()?;
    let (kind, reason) = (body["__type"].as_str()?, body["message"].as_str()?.to_owned());
    let (_, kind) = kind.split_once('#')?;
    Some(if kind == FILE_FAULT { LedgerError::File(reason) } else { LedgerError::Configuration(reason) })
}

/// What somebody sends who wants to know whether this engine has the key before showing it.
pub(super) const NONCE: &str = "x-galateo-nonce";

/// What only who has the key can answer to a nonce, in hex. It gives nothing away: the key is random.
pub(super) fn proof(key: &Key, nonce: &str) -> Option<String> {
    let mut mac = Hmac::<Sha256>::new_from_slice(key.expose().as_bytes()).ok()?;
    mac.update(nonce.as_bytes());
    Some(hex::encode(mac.finalize().into_bytes()))
}

enum Refusal {
    Engine(DynoxideError),
    Unreadable(String),
    Unknown,
}

/// The operations that the ledger uses, and those that help whoever looks at the tables.
fn carry_out(database: &Database, repeated: &Repeated, operation: &str, body: &[u8]) -> Result<String, Refusal> {
    match operation {
        "BatchGetItem" => call(body, |request| database.batch_get_item(request)),
        "BatchWriteItem" => call(body, |request| database.batch_write_item(request)),
        "CreateTable" => call(body, |request| database.create_table(request)),
        "DeleteItem" => call(body, |request| database.delete_item(request)),
        "DeleteTable" => call(body, |request| database.delete_table(request)),
        "DescribeTable" => call(body, |request| database.describe_table(request)),
        "DescribeTimeToLive" => call(body, |request| database.describe_time_to_live(request)),
        "GetItem" => call(body, |request| database.get_item(request)),
        "ListTables" => call(body, |request| database.list_tables(request)),
        "PutItem" => call(body, |request| database.put_item(request)),
        "Query" => call(body, |request| database.query(request)),
        "Scan" => call(body, |request| database.scan(request)),
        "TransactGetItems" => call(body, |request| database.transact_get_items(request)),
        "TransactWriteItems" => {
            let mut request: TransactWriteItemsRequest = read(body)?;
            let token = request.client_request_token.take();
            repeated.once(token, || written(database.transact_write_items(request)))
        }
        "UpdateItem" => call(body, |request| database.update_item(request)),
        "UpdateTable" => call(body, |request| database.update_table(request)),
        "UpdateTimeToLive" => call(body, |request| database.update_time_to_live(request)),
        _ => Err(Refusal::Unknown),
    }
}

fn call<Q: DeserializeOwned, A: Serialize>(
    body: &[u8],
    operation: impl FnOnce(Q) -> Result<A, DynoxideError>,
) -> Result<String, Refusal> {
    written(operation(read(body)?))
}

fn read<Q: DeserializeOwned>(body: &[u8]) -> Result<Q, Refusal> {
    serde_json::from_slice(body).map_err(|error| Refusal::Unreadable(error.to_string()))
}

fn written<A: Serialize>(answer: Result<A, DynoxideError>) -> Result<String, Refusal> {
    let answer = answer.map_err(Refusal::Engine)?;
    serde_json::to_string(&answer).map_err(|error| Refusal::Unreadable(error.to_string()))
}

fn refused(kind: &str, message: &str) -> Response {
    let body = serde_json::json!({ "__type": format!("com.amazon.coral.service#{kind}"), "message": message });
    json(StatusCode::BAD_REQUEST, body.to_string())
}

fn json(status: StatusCode, body: String) -> Response {
    let mut response = Response::new(Body::from(body));
    *response.status_mut() = status;
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(CONTENT_TYPE));
    response
}
