//! The console of the local server, with the identity provider that is set, or that of the sandbox.

use axum::Router;
use axum::body::Body;
use axum::extract::State;
use axum::http::{Method, Request, Response};
use axum::response::{IntoResponse, Redirect};
use axum::routing::{any, get};
use console::{Console, LONGEST_FORM, Settings};
use local::door::Key;
use local::serving;
use moderation::Moderation;
use sandbox::Identity;
use url::Url;

use crate::language;
use crate::records::from_environment;
use crate::serve::worker::Worker;
use crate::terminal::failure::Failure;

/// By what the sandbox's provider knows the console.
const CLIENT: &str = "galateo-console";

#[derive(Clone)]
struct Shared {
    console: Console,
    worker: Worker,
}

/// The addresses of the console, and the path by which one opens it: that of the sandbox's provider asks for the key of this
/// start, which stands in it.
pub fn router(
    moderation: &Moderation,
    worker: &Worker,
    public: &Url,
    base: &Url,
    key: &Key,
) -> Result<(Router, String), Failure> {
    let set = Settings::read(public, &from_environment);
    let set = set.map_err(|error| Failure::unusable(language::of_cause(&error)))?;
    let (settings, identity, path) = match set {
        Some(settings) => (settings, Router::new(), "/console".to_owned()),
        // Nobody is to choose who they are from elsewhere: it is at an address of this machine, whatever the public one.
        None => {
            let (issuer, clock) = (base.join("sandbox/identity").unwrap_or_else(|_| base.clone()), *moderation.clock());
            let identity = Identity::new(&issuer, CLIENT, base, key.clone(), move || clock.now());
            let identity = identity.ok_or_else(|| Failure::unusable("this machine gives no random numbers"))?;
            let settings = Settings::of(identity.issuer(), CLIENT, base);
            let settings = settings.and_then(|settings| settings.with_undo(&from_environment));
            let settings = settings.map_err(|error| Failure::unusable(language::of_cause(&error)))?;
            (settings, identity.router(), format!("/sandbox/identity/open?key={}", key.expose()))
        }
    };
    let console = Console::new(moderation.clone(), settings);
    let console = console.map_err(|e| Failure::unusable(format!("the HTTP client could not be set up: {e}")))?;
    let router = Router::new()
        // Whoever types only the address of the server is led to where people work.
        .route("/", get(async || Redirect::to("/console")))
        .route("/console", any(respond))
        .route("/console/{*path}", any(respond))
        .with_state(Shared { console, worker: worker.clone() });
    Ok((router.merge(identity), path))
}

async fn respond(State(shared): State<Shared>, request: Request<Body>) -> Response<Body> {
    let (parts, body) = request.into_parts();
    let body = match serving::body(&parts.extensions, body, LONGEST_FORM + 1).await {
        Ok(body) => body,
        Err(none) => return (none.status(), format!("{}\n", none.why())).into_response(),
    };
    let is_form = parts.method == Method::POST;
    let answer = shared.console.respond(&Request::from_parts(parts, body)).await;
    // What was decided is carried out at once.
    if is_form && answer.status().is_redirection() {
        shared.worker.wake();
    }
    answer.map(Body::from)
}
