//! A provider that signs whatever a test wants.

use std::sync::{Arc, Mutex};

use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::KeySize;
use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair, RSA_PKCS1_SHA256, RsaKeyPair};
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};

pub struct Key {
    pair: Pair,
    pub kid: String,
}

enum Pair {
    Ec(EcdsaKeyPair),
    Rsa(RsaKeyPair),
}

impl Key {
    pub fn new(kid: &str) -> Self {
        let pair = EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING).unwrap();
        Self { pair: Pair::Ec(pair), kid: kid.to_owned() }
    }

    /// With RSA, as the large providers sign.
    pub fn rsa(kid: &str) -> Self {
        Self { pair: Pair::Rsa(RsaKeyPair::generate(KeySize::Rsa2048).unwrap()), kid: kid.to_owned() }
    }

    fn public(&self) -> Value {
        match &self.pair {
            Pair::Ec(pair) => {
                let point = pair.public_key().as_ref();
                let (x, y) = (URL_SAFE_NO_PAD.encode(&point[1..33]), URL_SAFE_NO_PAD.encode(&point[33..]));
                json!({ "kty": "EC", "crv": "P-256", "use": "sig", "alg": "ES256", "kid": self.kid, "x": x, "y": y })
            }
            // As Entra ID publishes them: without `alg`.
            Pair::Rsa(pair) => {
                // PKCS #1 in DER: nine bytes, the modulus of 2048 bits, two bytes, the exponent.
                let der = pair.public_key().as_ref();
                let (n, e) = (URL_SAFE_NO_PAD.encode(&der[9..265]), URL_SAFE_NO_PAD.encode(&der[267..]));
                json!({ "kty": "RSA", "use": "sig", "kid": self.kid, "n": n, "e": e })
            }
        }
    }

    pub fn token(&self, claims: &Value) -> String {
        let random = SystemRandom::new();
        let algorithm = match &self.pair {
            Pair::Ec(_) => "ES256",
            Pair::Rsa(_) => "RS256",
        };
        let text = unsigned(&json!({ "alg": algorithm, "kid": self.kid }), claims);
        let signature = match &self.pair {
            Pair::Ec(pair) => pair.sign(&random, text.as_bytes()).unwrap().as_ref().to_vec(),
            Pair::Rsa(pair) => {
                let mut signature = vec![0; pair.public_modulus_len()];
                pair.sign(&RSA_PKCS1_SHA256, &random, text.as_bytes(), &mut signature).unwrap();
                signature
            }
        };
        format!("{text}.{}", URL_SAFE_NO_PAD.encode(signature))
    }
}

/// Header and claims, without a signature.
pub fn unsigned(header: &Value, claims: &Value) -> String {
    let encode = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
    format!("{}.{}", encode(header), encode(claims))
}

/// What it answers.
#[derive(Default)]
pub struct Answers {
    /// The token; without one, the code is refused.
    pub token: Option<String>,
    /// The keys that it publishes.
    pub keys: Vec<Value>,
    /// What it calls itself, where that is not its address.
    pub name: Option<String>,
}

#[derive(Clone)]
pub struct Provider {
    pub issuer: String,
    pub answers: Arc<Mutex<Answers>>,
}

impl Provider {
    pub async fn start() -> Self {
        let listener = tokio::net::TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let issuer = format!("http://{}", listener.local_addr().unwrap());
        let provider = Self { issuer, answers: Arc::default() };
        let router = Router::new()
            .route("/.well-known/openid-configuration", get(discovery))
            .route("/keys", get(keys))
            .route("/token", post(token))
            .with_state(provider.clone());
        tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        provider
    }

    pub fn publishes(&self, key: &Key) {
        self.answers.lock().unwrap().keys = vec![key.public()];
    }

    pub fn gives(&self, token: String) {
        self.answers.lock().unwrap().token = Some(token);
    }
}

async fn discovery(State(provider): State<Provider>) -> Json<Value> {
    let at = |path: &str| format!("{}{path}", provider.issuer);
    let name = provider.answers.lock().unwrap().name.clone().unwrap_or(provider.issuer.clone());
    Json(json!({ "issuer": name, "authorization_endpoint": at("/authorize"), "token_endpoint": at("/token"),
        "jwks_uri": at("/keys"), "end_session_endpoint": at("/logout") }))
}

async fn keys(State(provider): State<Provider>) -> Json<Value> {
    Json(json!({ "keys": provider.answers.lock().unwrap().keys }))
}

async fn token(State(provider): State<Provider>) -> Response {
    match provider.answers.lock().unwrap().token.clone() {
        Some(token) => Json(json!({ "token_type": "Bearer", "access_token": "x", "id_token": token })).into_response(),
        None => (StatusCode::BAD_REQUEST, Json(json!({ "error": "invalid_grant" }))).into_response(),
    }
}
