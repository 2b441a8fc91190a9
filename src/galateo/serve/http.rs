//! The addresses of the local server: webhooks and health. The sandbox adds its own.

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::{Path, State};
use axum::http::{Request, Response, StatusCode};
use axum::response::{IntoResponse, Json};
use axum::routing::{any, get};
use ledger::LedgerError;
use ledger::embedded::Watch;
use local::serving;
use moderation::{Moderation, Settings};
use platforms::MAX_BODY_BYTES;
use policy::Platform;
use serde_json::{Map, Value, json};
use url::Url;

use crate::serve::Worker;

#[derive(Clone)]
struct Shared {
    moderation: Moderation,
    settings: Settings,
    worker: Worker,
    /// The address under which the public reaches us.
    public: Url,
    /// What tells whether the data file is well, where the ledger is in one.
    watch: Option<Watch>,
}

/// `/webhooks/{platform}`, `/data-deletion/{platform}` and `/health`. People are led to the address `public`.
pub fn router(
    moderation: &Moderation,
    settings: &Settings,
    worker: &Worker,
    public: &Url,
    watch: Option<Watch>,
) -> Router {
    let (moderation, settings, worker) = (moderation.clone(), settings.clone(), worker.clone());
    let shared = Shared { moderation, settings, worker, public: public.clone(), watch };
    Router::new()
        .route("/webhooks/{platform}", any(webhook))
        .route("/data-deletion/status", get(data_deletion_status))
        .route("/data-deletion/{platform}", any(data_deletion))
        .route("/health", get(health))
        .with_state(shared)
}

async fn webhook(State(shared): State<Shared>, Path(platform): Path<String>, request: Request<Body>) -> Response<Body> {
    let Ok(platform) = platform.parse::<Platform>() else {
        return (StatusCode::NOT_FOUND, "no such platform\n").into_response();
    };
    let Some(request) = whole(request).await else { return too_large() };
    let (response, received) = shared.moderation.webhook(platform, &request, &shared.settings.webhook(platform)).await;
    if received.has_work() {
        shared.worker.wake();
    }
    response.map(Body::from)
}

/// The platforms that pass on a person's wish to have their data deleted are those of Meta.
async fn data_deletion(
    State(shared): State<Shared>,
    Path(platform): Path<String>,
    request: Request<Body>,
) -> Response<Body> {
    let platform = match platform.parse() {
        Ok(platform @ (Platform::Facebook | Platform::Instagram)) => platform,
        Ok(_) | Err(_) => return (StatusCode::NOT_FOUND, "no such platform\n").into_response(),
    };
    let Some(request) = whole(request).await else { return too_large() };
    let secrets = shared.settings.webhook(platform);
    shared.moderation.data_deletion(platform, &request, &secrets, &shared.public).await.map(Body::from)
}

async fn data_deletion_status(State(shared): State<Shared>, request: Request<Body>) -> Response<Body> {
    let Some(request) = whole(request).await else { return too_large() };
    shared.moderation.data_deletion_status(&request).await.map(Body::from)
}

/// A request with its body read; `None` where that is over the limit or does not come in time.
async fn whole(request: Request<Body>) -> Option<Request<Bytes>> {
    let (parts, body) = request.into_parts();
    // One byte over the limit is read, so that the refusal is made where every caller's is.
    Some(Request::from_parts(parts, serving::body(body, MAX_BODY_BYTES + 1).await?))
}

fn too_large() -> Response<Body> {
    (StatusCode::PAYLOAD_TOO_LARGE, "the body is over the limit, or did not come in time\n").into_response()
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
    let moderation = &shared.moderation;
    moderation.ledger().probe(moderation.clock().now()).await?;
    // The index from which the worker takes its work.
    moderation.ledger().next_due().await.map(drop)
}
