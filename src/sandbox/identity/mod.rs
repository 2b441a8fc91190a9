//! An identity provider with four people, so that signing in is the same on a laptop as elsewhere: an independent reading
//! of OpenID Connect Core 1.0 and Discovery 1.0. Whoever asks chooses who they are; there are no passwords.

mod key;
mod pages;

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use axum::Router;
use axum::body::Body;
use axum::extract::{Query, State};
use axum::http::{HeaderMap, Request, StatusCode};
use axum::middleware::from_fn;
use axum::response::{Html, IntoResponse, Json, Redirect, Response};
use axum::routing::{get, post};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::{SignedDuration, Timestamp};
use local::door::{Key, own_only};
use local::serving;
use serde::Deserialize;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use url::Url;

use key::{SigningKey, random};

/// How long a code can be exchanged.
const CODE_LASTS: SignedDuration = SignedDuration::from_mins(1);
/// How long a token is good.
const TOKEN_LASTS: SignedDuration = SignedDuration::from_hours(1);
/// The cookie of a browser that has shown the key.
const COOKIE: &str = "galateo-sandbox";
/// The longest form that is read.
const LONGEST: usize = 16 * 1024;

/// Somebody whom the provider knows.
#[derive(Clone, Copy, Debug)]
pub struct Someone {
    /// By what it knows them always.
    pub subject: &'static str,
    /// Their name.
    pub name: &'static str,
    /// Their groups, which are roles of the console.
    pub groups: &'static [&'static str],
}

/// Whom it knows.
pub const PEOPLE: [Someone; 4] = [
    Someone { subject: "sandbox-lucia", name: "Lucia Neri", groups: &["lettura"] },
    Someone { subject: "sandbox-marco", name: "Marco Bianchi", groups: &["moderazione"] },
    Someone { subject: "sandbox-elena", name: "Elena Rossi", groups: &["responsabile"] },
    Someone { subject: "sandbox-paolo", name: "Paolo Verdi", groups: &["protezione-dati", "amministrazione"] },
];

/// The provider. Clones are the same one.
#[derive(Clone)]
pub struct Identity(Arc<Inner>);

struct Inner {
    issuer: String,
    client: String,
    /// The only address to which it leads back, and below which the one after signing out has to be.
    home: String,
    key: SigningKey,
    /// What a browser has to have shown before anybody chooses who they are.
    door: Key,
    clock: Box<dyn Fn() -> Timestamp + Send + Sync>,
    codes: Mutex<HashMap<String, Granted>>,
}

/// What a code stands for.
struct Granted {
    someone: Someone,
    nonce: Option<String>,
    challenge: String,
    until: Timestamp,
}

#[derive(Clone, Deserialize)]
struct Asked {
    response_type: String,
    client_id: String,
    redirect_uri: String,
    scope: String,
    #[serde(default)]
    state: String,
    nonce: Option<String>,
    code_challenge: Option<String>,
    code_challenge_method: Option<String>,
    /// Who was chosen.
    person: Option<String>,
}

#[derive(Deserialize)]
struct Exit {
    client_id: Option<String>,
    post_logout_redirect_uri: Option<String>,
}

impl Identity {
    /// A provider that stands at this address, for one client, to whose origin it leads back, and for whoever shows a key at
    /// `/sandbox/identity/open?key=KEY`: other users of the machine reach the port as well. `None` where the machine gives no
    /// key to sign with.
    pub fn new(
        issuer: &Url,
        client: &str,
        home: &Url,
        door: Key,
        clock: impl Fn() -> Timestamp + Send + Sync + 'static,
    ) -> Option<Self> {
        Some(Self(Arc::new(Inner {
            issuer: issuer.as_str().trim_end_matches('/').to_owned(),
            client: client.to_owned(),
            home: home.origin().ascii_serialization(),
            key: SigningKey::generate()?,
            door,
            clock: Box::new(clock),
            codes: Mutex::default(),
        })))
    }

    /// Its name.
    pub fn issuer(&self) -> &str {
        &self.0.issuer
    }

    /// Its addresses, below `/sandbox/identity`. What comes from a page of another site is refused.
    pub fn router(&self) -> Router {
        Router::new()
            .route("/sandbox/identity/.well-known/openid-configuration", get(discovery))
            .route("/sandbox/identity/open", get(open))
            .route("/sandbox/identity/keys", get(keys))
            .route("/sandbox/identity/authorize", get(authorize))
            .route("/sandbox/identity/token", post(token))
            .route("/sandbox/identity/logout", get(logout))
            .route_layer(from_fn(own_only))
            .with_state(self.clone())
    }

    fn now(&self) -> Timestamp {
        (self.0.clock)()
    }

    /// What is wrong with a request that nobody is led back for.
    fn refuses(&self, asked: &Asked) -> Option<&'static str> {
        if asked.client_id != self.0.client {
            return Some("unknown client_id");
        }
        let is_home = asked.redirect_uri.strip_prefix(&self.0.home).is_some_and(|rest| rest.starts_with('/'));
        (!is_home).then_some("redirect_uri is not of the client")
    }

    /// The answer of the token endpoint.
    fn exchange(&self, form: &HashMap<String, String>) -> Result<Value, &'static str> {
        let field = |name: &str| form.get(name).map(String::as_str).unwrap_or_default();
        if field("grant_type") != "authorization_code" {
            return Err("unsupported_grant_type");
        }
        // A code is good once, whatever comes of it.
        let granted = self.0.codes.lock().unwrap_or_else(PoisonError::into_inner).remove(field("code"));
        let now = self.now();
        let granted = granted.filter(|granted| granted.until > now).ok_or("invalid_grant")?;
        let shown = URL_SAFE_NO_PAD.encode(Sha256::digest(field("code_verifier")));
        if field("client_id") != self.0.client || shown != granted.challenge {
            return Err("invalid_grant");
        }
        let Granted { someone, nonce, .. } = granted;
        let mut claims = json!({
            "iss": self.0.issuer,
            "aud": self.0.client,
            "sub": someone.subject,
            "name": someone.name,
            "groups": someone.groups,
            "iat": now.as_second(),
            "exp": now.saturating_add(TOKEN_LASTS).unwrap_or(now).as_second(),
        });
        if let Some(nonce) = nonce {
            claims["nonce"] = nonce.into();
        }
        let signed = self.0.key.signed(&claims).ok_or("server_error")?;
        Ok(
            json!({ "token_type": "Bearer", "access_token": random().ok_or("server_error")?, "expires_in": 3600, "id_token": signed }),
        )
    }
}

async fn discovery(State(identity): State<Identity>) -> Json<Value> {
    let issuer = &identity.0.issuer;
    Json(json!({
        "issuer": issuer,
        "authorization_endpoint": format!("{issuer}/authorize"),
        "token_endpoint": format!("{issuer}/token"),
        "jwks_uri": format!("{issuer}/keys"),
        "end_session_endpoint": format!("{issuer}/logout"),
        "response_types_supported": ["code"],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": ["ES256"],
        "token_endpoint_auth_methods_supported": ["none"],
        "code_challenge_methods_supported": ["S256"],
    }))
}

async fn keys(State(identity): State<Identity>) -> Json<Value> {
    Json(json!({ "keys": [identity.0.key.public()] }))
}

/// Lets a browser in that shows the key, and leads it home.
async fn open(State(identity): State<Identity>, Query(shown): Query<HashMap<String, String>>) -> Response {
    let key = shown.get("key").map(String::as_str).unwrap_or_default();
    if !identity.0.door.is(key) {
        return (StatusCode::FORBIDDEN, "expected the key of this start\n").into_response();
    }
    let cookie = format!("{COOKIE}={key}; Path=/sandbox/identity; HttpOnly; SameSite=Lax");
    ([("set-cookie", cookie), ("referrer-policy", "no-referrer".to_owned())], Redirect::to("/console")).into_response()
}

async fn authorize(State(identity): State<Identity>, headers: HeaderMap, Query(asked): Query<Asked>) -> Response {
    let cookies = headers.get("cookie").and_then(|cookies| cookies.to_str().ok()).unwrap_or_default();
    let mut shown = cookies.split(';').filter_map(|cookie| cookie.trim().strip_prefix(COOKIE)?.strip_prefix('='));
    if !shown.any(|key| identity.0.door.is(key)) {
        return (StatusCode::FORBIDDEN, Html(pages::closed())).into_response();
    }
    if let Some(why) = identity.refuses(&asked) {
        return (StatusCode::BAD_REQUEST, format!("{why}\n")).into_response();
    }
    let back = |fields: &[(&str, &str)]| {
        let Ok(mut url) = Url::parse(&asked.redirect_uri) else {
            return (StatusCode::BAD_REQUEST, "redirect_uri is no address\n").into_response();
        };
        url.query_pairs_mut().extend_pairs(fields).append_pair("state", &asked.state);
        Redirect::to(url.as_str()).into_response()
    };
    if asked.response_type != "code" {
        return back(&[("error", "unsupported_response_type")]);
    }
    let is_openid = asked.scope.split(' ').any(|scope| scope == "openid");
    let challenge = match (&asked.code_challenge, asked.code_challenge_method.as_deref()) {
        (Some(challenge), Some("S256")) if is_openid => challenge.clone(),
        _ => return back(&[("error", "invalid_request")]),
    };
    match asked.person.as_deref() {
        None => Html(pages::choose(&asked)).into_response(),
        Some("nobody") => back(&[("error", "access_denied")]),
        Some(chosen) => match PEOPLE.into_iter().find(|someone| someone.subject == chosen) {
            None => back(&[("error", "access_denied")]),
            Some(someone) => {
                let Some(code) = random() else { return back(&[("error", "server_error")]) };
                let until = identity.now().saturating_add(CODE_LASTS).unwrap_or(Timestamp::MAX);
                let granted = Granted { someone, nonce: asked.nonce.clone(), challenge, until };
                identity.0.codes.lock().unwrap_or_else(PoisonError::into_inner).insert(code.clone(), granted);
                back(&[("code", &code)])
            }
        },
    }
}

async fn token(State(identity): State<Identity>, request: Request<Body>) -> Response {
    let (parts, body) = request.into_parts();
    let body = match serving::body(&parts.extensions, body, LONGEST).await {
        Ok(body) => body,
        Err(none) => return none.status().into_response(),
    };
    let form: HashMap<String, String> = url::form_urlencoded::parse(&body).into_owned().collect();
    match identity.exchange(&form) {
        Ok(tokens) => ([("cache-control", "no-store")], Json(tokens)).into_response(),
        Err(error) => (StatusCode::BAD_REQUEST, Json(json!({ "error": error }))).into_response(),
    }
}

async fn logout(State(identity): State<Identity>, Query(exit): Query<Exit>) -> Response {
    let back = exit.post_logout_redirect_uri.unwrap_or_default();
    let is_home = back.strip_prefix(&identity.0.home).is_some_and(|rest| rest.starts_with('/'));
    if is_home && exit.client_id.as_deref() == Some(&identity.0.client) {
        return Redirect::to(&back).into_response();
    }
    "signed out\n".into_response()
}
