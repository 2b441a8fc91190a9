//! The HTTP side: the platforms' APIs, and the sandbox's own pages about them.

use std::time::Duration;

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::{Request as HttpRequest, State as Extract};
use axum::middleware::{Next, from_fn, from_fn_with_state};
use axum::response::{IntoResponse, Json, Response};
use axum::routing::{any, get, post};
use http::{Extensions, HeaderMap, HeaderName, HeaderValue, StatusCode};
use jiff::Timestamp;
use local::door::{bears, own_only};
use local::serving;
use policy::{Platform, Surface};
use serde::Deserialize;
use serde_json::json;

use crate::memory::state::State;
use crate::platforms::instagram::Login;
use crate::platforms::{facebook, instagram, linkedin, x, youtube};
use crate::wire::faults::{FaultEffect, rate_limited};
use crate::wire::request::{Reply, Request};
use crate::{Entry, Fault, NewComment, Person, Sandbox, Snapshot, lock};

/// The largest body that the platforms take here, in bytes; no documented call comes near.
const MAX_BODY_BYTES: usize = 1024 * 1024;

impl Sandbox {
    /// `/sandbox/{platform}/..` for the platforms' APIs, `/sandbox/instagram-login/..` for that of Instagram's accounts
    /// that use Instagram Login, `/sandbox/comments` (POST) for what a person writes, `/sandbox/journal` (GET, DELETE),
    /// `/sandbox/faults` (POST, DELETE) and `/sandbox/state` (GET). What comes from a web page is refused everywhere, and
    /// the last four ask for [`crate::Settings::control_key`].
    pub fn router(&self) -> Router {
        let mut router = Router::new()
            .route("/sandbox/journal", get(show_journal).delete(clear_journal))
            .route("/sandbox/faults", post(add_faults).delete(clear_faults))
            .route("/sandbox/comments", post(write_comment))
            .route("/sandbox/state", get(show_state))
            .route_layer(from_fn_with_state(self.clone(), with_key));
        let mains = Platform::ALL.iter().map(|platform| (platform.as_str(), Host::Main(*platform)));
        for (name, host) in mains.chain([("instagram-login", Host::InstagramLogin)]) {
            let handler = move |Extract(sandbox): Extract<Sandbox>, request: HttpRequest| async move {
                sandbox.receive(host, request).await
            };
            router = router.route(&format!("/sandbox/{name}/{{*path}}"), any(handler));
        }
        router.route_layer(from_fn(own_only)).with_state(self.clone())
    }

    /// One call to a platform: journal, fault, effect, latency, answer.
    async fn receive(&self, host: Host, request: HttpRequest) -> Response {
        let platform = host.platform();
        let (parts, body) = request.into_parts();
        let body = match serving::body(&parts.extensions, body, MAX_BODY_BYTES).await {
            Ok(body) => body,
            Err(none) => return none.status().into_response(),
        };
        let path = parts.uri.path().strip_prefix("/sandbox/").and_then(|path| path.find('/').map(|at| &path[at..]));
        let path = path.unwrap_or(parts.uri.path());
        let full = parts.uri.query().map_or_else(|| path.to_owned(), |query| format!("{path}?{query}"));
        let extensions = parts.extensions;
        let request = Request::new(parts.method, path, parts.uri.query().unwrap_or(""), parts.headers, &body);
        if !self.state().settings.tokens.accept(request.token().as_deref()) {
            // Whoever has no token is told so, and leaves nothing behind: anybody on the machine may be that.
            return respond(self.change(|state| answer(state, host, &request)));
        }
        serving::trust(&extensions);
        let number = lock(&self.0.journal).arrived(platform, request.method.as_str(), &full);
        let fault = lock(&self.0.faults).strike(platform, request.method.as_str(), &full).unwrap_or_default();

        let reply = match &fault.effect {
            FaultEffect::Answer { status, body, headers } => Reply {
                status: StatusCode::from_u16(*status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR),
                headers: headers.clone().into_iter().collect(),
                body: body.clone(),
            },
            FaultEffect::RateLimit { seconds } => {
                let state = self.state();
                rate_limited(platform, &state.caller(platform), *seconds, state.now())
            }
            FaultEffect::None | FaultEffect::Lost => self.change(|state| answer(state, host, &request)),
        };
        tokio::time::sleep(Duration::from_millis(fault.latency_ms)).await;
        if fault.effect == FaultEffect::Lost {
            return broken_off();
        }
        lock(&self.0.journal).answered(number, reply.status.as_u16());
        respond(reply)
    }
}

/// A host that answers calls: each platform has one, Instagram two.
#[derive(Clone, Copy)]
enum Host {
    Main(Platform),
    InstagramLogin,
}

impl Host {
    fn platform(self) -> Platform {
        match self {
            Host::Main(platform) => platform,
            Host::InstagramLogin => Platform::Instagram,
        }
    }
}

fn answer(state: &mut State, host: Host, request: &Request) -> Reply {
    let answered = match host {
        Host::Main(Platform::Facebook) => facebook::answer(state, request),
        Host::Main(Platform::Instagram) => instagram::answer(state, request, Login::Facebook),
        Host::InstagramLogin => instagram::answer(state, request, Login::Instagram),
        Host::Main(Platform::Linkedin) => linkedin::answer(state, request),
        Host::Main(Platform::Youtube) => youtube::answer(state, request),
        Host::Main(Platform::X) => x::answer(state, request),
    };
    answered.unwrap_or_else(|error| error)
}

/// Lets calls to the sandbox itself through that show its key.
async fn with_key(Extract(sandbox): Extract<Sandbox>, request: HttpRequest, next: Next) -> Response {
    let key = sandbox.state().settings.control_key.clone();
    match key {
        Some(key) if !bears(request.headers(), &key) => {
            (StatusCode::UNAUTHORIZED, "expected the header authorization: Bearer KEY, with the key of this start\n")
                .into_response()
        }
        _ => {
            serving::trust(request.extensions());
            next.run(request).await
        }
    }
}

async fn show_journal(Extract(sandbox): Extract<Sandbox>) -> Json<Vec<Entry>> {
    Json(sandbox.journal())
}

async fn clear_journal(Extract(sandbox): Extract<Sandbox>) -> StatusCode {
    sandbox.clear_journal();
    StatusCode::NO_CONTENT
}

/// One fault or a list of them.
async fn add_faults(Extract(sandbox): Extract<Sandbox>, extensions: Extensions, body: Body) -> Response {
    let body = match serving::body(&extensions, body, MAX_BODY_BYTES).await {
        Ok(body) => body,
        Err(none) => return none.status().into_response(),
    };
    let faults = if body.trim_ascii_start().starts_with(b"[") {
        serde_json::from_slice(&body)
    } else {
        serde_json::from_slice(&body).map(|fault: Fault| vec![fault])
    };
    match faults {
        Ok(faults) => {
            faults.into_iter().for_each(|fault| sandbox.add_fault(fault));
            StatusCode::NO_CONTENT.into_response()
        }
        Err(error) => (StatusCode::BAD_REQUEST, format!("this is not a fault: {error}\n")).into_response(),
    }
}

/// What a person writes to one of our accounts, as it is given by a call.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    platform: Platform,
    text: String,
    /// By default the first of the platform.
    account: Option<String>,
    /// By default [`somebody`]; `null` where the platform would withhold it.
    #[serde(default, deserialize_with = "told")]
    author: Option<Option<Person>>,
    #[serde(default = "comment")]
    surface: Surface,
    thread: Option<String>,
    parent: Option<String>,
    #[serde(default)]
    mentions_us: bool,
    written_at: Option<Timestamp>,
}

/// Somebody with an id as the platform gives them.
fn somebody(platform: Platform) -> Person {
    let id = match platform {
        Platform::Facebook | Platform::Instagram | Platform::X => "7700000000000001",
        Platform::Linkedin => "urn:li:person:sandbox001",
        Platform::Youtube => "UCsandbox000000000000001",
    };
    Person { id: id.to_owned(), name: "@prova".to_owned() }
}

/// A field that was told, be it as `null`.
fn told<'de, D: serde::Deserializer<'de>>(author: D) -> Result<Option<Option<Person>>, D::Error> {
    Deserialize::deserialize(author).map(Some)
}

fn comment() -> Surface {
    Surface::Comment
}

/// A person writes something; answers its id. Its webhook is sent, where the platform has one.
async fn write_comment(Extract(sandbox): Extract<Sandbox>, extensions: Extensions, body: Body) -> Response {
    let body = match serving::body(&extensions, body, MAX_BODY_BYTES).await {
        Ok(body) => body,
        Err(none) => return none.status().into_response(),
    };
    let written: Written = match serde_json::from_slice(&body) {
        Ok(written) => written,
        Err(error) => return (StatusCode::BAD_REQUEST, format!("this is not a comment: {error}\n")).into_response(),
    };
    let Written { platform, text, account, author, surface, thread, parent, mentions_us, written_at } = written;
    let account = {
        let state = sandbox.state();
        let account = account.unwrap_or_else(|| state.caller(platform));
        if !state.is_account(platform, &account) {
            let known = state.settings.accounts.iter().filter(|known| known.platform == platform);
            let known: Vec<&str> = known.map(|known| known.id.as_str()).collect();
            let message =
                format!("there is no account {account:?} on {platform}, expected one of: {}\n", known.join(", "));
            return (StatusCode::NOT_FOUND, message).into_response();
        }
        account
    };
    let author = author.unwrap_or_else(|| Some(somebody(platform)));
    if let (Platform::X, Some(person)) = (platform, &author)
        && !person.id.bytes().all(|digit| digit.is_ascii_digit())
    {
        let message = format!("author.id: found {:?}, expected digits, as X gives them\n", person.id);
        return (StatusCode::BAD_REQUEST, message).into_response();
    }
    let new = NewComment { account, author, text, surface, thread, parent, mentions_us, written_at };
    match sandbox.add_comment(platform, new) {
        Ok(id) => (StatusCode::CREATED, Json(json!({ "id": id }))).into_response(),
        Err(refusal) => (StatusCode::CONFLICT, format!("{refusal}\n")).into_response(),
    }
}

async fn clear_faults(Extract(sandbox): Extract<Sandbox>) -> StatusCode {
    sandbox.clear_faults();
    StatusCode::NO_CONTENT
}

async fn show_state(Extract(sandbox): Extract<Sandbox>) -> Json<Snapshot> {
    Json(sandbox.snapshot())
}

fn respond(reply: Reply) -> Response {
    let mut headers = HeaderMap::new();
    for (name, value) in &reply.headers {
        // What a fault asks for may be no header at all; then it is left out.
        if let (Ok(name), Ok(value)) = (HeaderName::try_from(name), HeaderValue::try_from(value)) {
            headers.insert(name, value);
        }
    }
    match reply.body {
        Some(body) => (reply.status, headers, Json(body)).into_response(),
        None => (reply.status, headers).into_response(),
    }
}

/// A body that fails before its first byte: the server closes the connection without having sent anything.
fn broken_off() -> Response {
    let failure = std::io::Error::from(std::io::ErrorKind::ConnectionReset);
    let body = Body::from_stream(futures_util::stream::once(async { Err::<Bytes, _>(failure) }));
    Response::new(body)
}
