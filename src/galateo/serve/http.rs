//! The addresses of the local server: webhooks and health. The sandbox adds its own.

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::{Path, State};
use axum::http::{Request, Response, StatusCode};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Json};
use axum::routing::{any, get};
use ledger::LedgerError;
use ledger::embedded::Watch;
use local::door;
use local::serving::{self, NoBody};
use moderation::{DELETION_STATUS, Moderation, Settings};
use platforms::MAX_BODY_BYTES;
use policy::Platform;
use serde_json::{Map, Value, json};
use tokio::sync::Mutex;
use tokio::time::Instant;
use url::Url;

use crate::serve::worker::Worker;

#[derive(Clone)]
struct Shared {
    moderation: Moderation,
    settings: Settings,
    worker: Worker,
    /// The address under which the public reaches us.
    public: Url,
    /// What tells whether the data file is well, where the ledger is in one.
    watch: Option<Watch>,
    probed: Probed,
}

/// When the ledger was last probed, and what came of it.
type Probed = Arc<Mutex<Option<(Instant, Result<(), LedgerError>)>>>;

/// How long the answer of a probe holds. Each writes, and everybody may ask for one.
const PROBE_HOLDS: Duration = Duration::from_secs(1);

/// `/webhooks/{platform}`, `/data-deletion/{platform}` and `/health`. People are led to the address `public`. What a web
/// page sends is refused, and so is what is for a name that is neither of this machine nor of `public`: at `/health`
/// always, and everywhere as long as the public development secret would let everybody sign.
pub fn router(
    moderation: &Moderation,
    settings: &Settings,
    worker: &Worker,
    public: &Url,
    watch: Option<Watch>,
) -> Router {
    let (moderation, settings, worker) = (moderation.clone(), settings.clone(), worker.clone());
    let shared = Shared { moderation, settings, worker, public: public.clone(), watch, probed: Probed::default() };
    Router::new()
        .route("/webhooks/{platform}", any(respond))
        .route(DELETION_STATUS, get(data_deletion_status))
        .route("/data-deletion/{platform}", any(respond))
        .route(HEALTH, get(health))
        .route_layer(from_fn_with_state(shared.clone(), for_us))
        .with_state(shared)
}

const HEALTH: &str = "/health";

async fn for_us(State(shared): State<Shared>, request: Request<Body>, next: Next) -> Response<Body> {
    let (path, headers) = (request.uri().path(), request.headers());
    if let Some(why) = door::from_web_page(headers).filter(|_| path != DELETION_STATUS) {
        return (StatusCode::FORBIDDEN, format!("refused: {why}\n")).into_response();
    }
    let asks_for_name = path == HEALTH || shared.settings.is_development();
    if asks_for_name && !door::is_for(headers, shared.public.host_str()) {
        let why = "it is for another host than this machine and the one of --address";
        return (StatusCode::FORBIDDEN, format!("refused: {why}\n")).into_response();
    }
    next.run(request).await
}

async fn respond(State(shared): State<Shared>, Path(platform): Path<String>, request: Request<Body>) -> Response<Body> {
    let Ok(platform) = platform.parse::<Platform>() else {
        return (StatusCode::NOT_FOUND, "no such platform\n").into_response();
    };
    let request = match whole(request).await {
        Ok(request) => request,
        Err(none) => return (none.status(), format!("{}\n", none.why())).into_response(),
    };
    let secrets = shared.settings.webhook(platform);
    let (response, received) = shared.moderation.respond(platform, &request, &secrets, Some(&shared.public)).await;
    if received.has_work() {
        shared.worker.wake();
    }
    response.map(Body::from)
}

/// The page to which the platform leads whoever asked for a deletion: with a browser, from a page of its own.
async fn data_deletion_status(State(shared): State<Shared>, request: Request<Body>) -> Response<Body> {
    let request = match whole(request).await {
        Ok(request) => request,
        Err(none) => return (none.status(), format!("{}\n", none.why())).into_response(),
    };
    shared.moderation.data_deletion_status(&request).await.map(Body::from)
}

/// A request with its body read.
async fn whole(request: Request<Body>) -> Result<Request<Bytes>, NoBody> {
    let (parts, body) = request.into_parts();
    // One byte over the limit is read, so that the refusal is made where every caller's is.
    let body = serving::body(&parts.extensions, body, MAX_BODY_BYTES + 1).await?;
    Ok(Request::from_parts(parts, body))
}

/// Whether the ledger can be written and its file is whole, and what was counted since the start.
async fn health(State(shared): State<Shared>) -> Response<Body> {
    let mut counts = Map::new();
    for ((platform, name), count) in shared.moderation.tally().all() {
        let platform = counts.entry(platform.as_str()).or_insert_with(|| json!({}));
        platform[name] = count.into();
    }
    let (status, ledger) = match well(&shared).await {
        Ok(()) => (StatusCode::OK, Value::from("ok")),
        Err(error) => (StatusCode::SERVICE_UNAVAILABLE, Value::from(error.to_string())),
    };
    let policy = &shared.moderation.policy().reference;
    (status, Json(json!({ "ledger": ledger, "policy": policy, "counts": counts }))).into_response()
}

async fn well(shared: &Shared) -> Result<(), LedgerError> {
    if let Some(watch) = &shared.watch {
        watch.examine().await?;
    }
    // Who asks while it is probed waits for that, and has the same answer.
    let mut probed = Arc::clone(&shared.probed).lock_owned().await;
    if let Some((at, found)) = &*probed
        && at.elapsed() < PROBE_HOLDS
    {
        return found.clone();
    }
    let moderation = shared.moderation.clone();
    // A task of its own: who hangs up before the answer has caused a write all the same.
    let probing = tokio::spawn(async move {
        let found = probe(&moderation).await;
        *probed = Some((Instant::now(), found.clone()));
        found
    });
    probing.await.unwrap_or_else(|ended| Err(LedgerError::Configuration(format!("the probe ended: {ended}"))))
}

async fn probe(moderation: &Moderation) -> Result<(), LedgerError> {
    moderation.ledger().probe(moderation.clock().now()).await?;
    // The index from which the worker takes its work.
    moderation.ledger().next_due().await.map(drop)
}
