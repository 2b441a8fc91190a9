//! The engine's port: DynamoDB's protocol for whoever has the key of this start, and for nobody else.
//!
//! dynoxide's own server believes every signature and answers the preflight of every web page; nothing can be put in
//! front of it that does not listen on a second port. So requests are read here, and carried out by the engine itself.

use axum::Router;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::response::{IntoResponse, Response};
use axum::routing::any;
use dynoxide::{Database, DynoxideError};
use http::{HeaderValue, Method, StatusCode, header};
use local::door::{Key, foreign, signs};
use local::serving;
use serde::Serialize;
use serde::de::DeserializeOwned;

/// The largest request that DynamoDB takes, in bytes.
const MAX_BODY_BYTES: usize = 16 * 1024 * 1024;

/// What every request names in front of its operation.
const TARGET: &str = "DynamoDB_20120810.";

const CONTENT_TYPE: &str = "application/x-amz-json-1.0";

#[derive(Clone)]
struct Door {
    database: Database,
    key: Key,
}

/// DynamoDB's protocol at `/`.
pub(super) fn router(database: Database, key: Key) -> Router {
    Router::new().route("/", any(enter)).fallback(any(enter)).with_state(Door { database, key })
}

async fn enter(State(door): State<Door>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    if let Some(why) = foreign(&parts.headers) {
        return (StatusCode::FORBIDDEN, format!("refused: {why}\n")).into_response();
    }
    if !signs(&parts.headers, &door.key) {
        return refused(
            "UnrecognizedClientException",
            "this engine is open only to the process that started it and to whoever it gave its access key",
        );
    }
    let target = parts.headers.get("x-amz-target").and_then(|target| target.to_str().ok());
    let operation = target.and_then(|target| target.strip_prefix(TARGET));
    let (Method::POST, "/", Some(operation)) = (parts.method, parts.uri.path(), operation) else {
        return refused("UnknownOperationException", "expected POST / with a header x-amz-target");
    };
    let Some(body) = serving::body(body, MAX_BODY_BYTES).await else {
        return refused("SerializationException", "the body is over the limit, or did not come in time");
    };
    match carry_out(&door.database, operation, &body) {
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

enum Refusal {
    Engine(DynoxideError),
    Unreadable(String),
    Unknown,
}

/// The operations that the ledger uses, and those that help whoever looks at the tables.
fn carry_out(database: &Database, operation: &str, body: &[u8]) -> Result<String, Refusal> {
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
        "TransactWriteItems" => call(body, |request| database.transact_write_items(request)),
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
    let request = serde_json::from_slice(body).map_err(|error| Refusal::Unreadable(error.to_string()))?;
    let answer = operation(request).map_err(Refusal::Engine)?;
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
