//! A console with a ledger in memory, and browsers.

use std::sync::Arc;

use bytes::Bytes;
use console::{Console, Settings};
use http::{Request, Response};
use jiff::{SignedDuration, Timestamp};
use ledger::embedded::Embedded;
use ledger::{Ledger, PseudonymKey, Session, SessionKey, Tables};
use moderation::{Clock, Moderation};
use platforms::{Client, Endpoints, Tokens};
use policy::{Person, Platform};
use serde_json::{Value, json};
use url::Url;

use crate::provider::{Key, Provider};

pub const HOME: &str = "http://127.0.0.1:8787";
pub const CLIENT: &str = "galateo";

pub struct World {
    pub console: Console,
    pub moderation: Moderation,
    /// The same, a minute later.
    pub later: Moderation,
    pub provider: Provider,
    pub key: Key,
    _engine: Embedded,
}

impl World {
    /// Where decisions count at once.
    pub async fn new() -> Self {
        Self::with_undo(0).await
    }

    /// Where decisions can be taken back for so many seconds.
    pub async fn with_undo(undo: i64) -> Self {
        let engine = Embedded::start(None).await.unwrap();
        let policy = moderation::built_in("milano-monza-brianza-lodi").unwrap();
        let key = PseudonymKey::new(b"a key for the tests only").unwrap();
        let ledger = Ledger::new(engine.client(), Tables::default(), &policy.reference.id, key);
        ledger.create_tables().await.unwrap();
        let client = Client::new(Endpoints::production(), Tokens::default()).unwrap();
        let policy = Arc::new(policy);
        let moderation = Moderation::new(policy.clone(), ledger.clone(), client.clone(), Clock::default());
        let later = Clock::starting_at(moderation.clock().now() + SignedDuration::from_mins(1));
        let later = Moderation::new(policy, ledger, client, later);
        let (provider, key) = (Provider::start().await, Key::new("one"));
        provider.publishes(&key);
        let mut settings = Settings::of(&provider.issuer, CLIENT, &Url::parse(HOME).unwrap()).unwrap();
        settings.undo = SignedDuration::from_secs(undo);
        let console = Console::new(moderation.clone(), settings).unwrap();
        Self { console, moderation, later, provider, key, _engine: engine }
    }

    pub fn now(&self) -> Timestamp {
        self.moderation.clock().now()
    }

    /// What a good token says.
    pub fn claims(&self, nonce: &str) -> Value {
        let now = self.now().as_second();
        json!({ "iss": self.provider.issuer, "aud": CLIENT, "sub": "anna-1", "name": "Anna Bianchi",
            "groups": ["moderazione"], "iat": now, "exp": now + 3600, "nonce": nonce })
    }

    /// A browser in which somebody with these roles is signed in.
    pub async fn signed_in(&self, name: &str, roles: &[&str]) -> Browser<'_> {
        let secret = format!("secret-of-{name}");
        let now = self.now();
        let (idle, end) = (now + SignedDuration::from_mins(30), now + SignedDuration::from_hours(12));
        let person = Person::signed_in(name, &name.to_lowercase()).unwrap();
        let roles = roles.iter().map(|role| (*role).to_owned()).collect();
        let session = Session::new(person, roles, now, idle, end);
        self.moderation.ledger().begin_session(&SessionKey::of(&secret), &session).await.unwrap();
        Browser { world: self, cookies: format!("galateo-local={secret}") }
    }

    pub fn stranger(&self) -> Browser<'_> {
        Browser { world: self, cookies: String::new() }
    }

    /// Somebody writes what breaks the rules.
    pub async fn written(&self, event: &str) {
        let secret = "a-secret-of-the-tests";
        let (name, value) = sandbox::sign(Platform::Facebook, secret, event.as_bytes());
        let request = Request::post("/webhooks/facebook").header(name, value);
        let request = request.body(Bytes::from(event.to_owned())).unwrap();
        let secrets = platforms::WebhookSecrets { signing: vec![secret.into()], verify_tokens: Vec::new() };
        let (answer, _) = self.moderation.webhook(Platform::Facebook, &request, &secrets).await;
        assert_eq!(answer.status(), 200);
    }
}

pub struct Browser<'w> {
    pub world: &'w World,
    pub cookies: String,
}

impl Browser<'_> {
    pub async fn send(&self, request: http::request::Builder, body: &str) -> Response<Bytes> {
        let request = request.header("host", "127.0.0.1:8787").header("cookie", &self.cookies);
        let request = request.body(Bytes::from(body.to_owned())).unwrap();
        self.world.console.respond(&request).await
    }

    pub async fn get(&self, path: &str) -> Response<Bytes> {
        self.send(Request::get(path), "").await
    }

    /// Sends a form as a page of the console would.
    pub async fn post(&self, path: &str, fields: &[(&str, &str)]) -> Response<Bytes> {
        let token = self.token().await;
        let mut form = url::form_urlencoded::Serializer::new(String::new());
        form.append_pair("form_token", &token).extend_pairs(fields);
        let request = Request::post(path).header("origin", HOME);
        self.send(request.header("content-type", "application/x-www-form-urlencoded"), &form.finish()).await
    }

    /// What stands in the forms of its pages.
    pub async fn token(&self) -> String {
        let page = text(&self.get("/console").await);
        let (_, rest) = page.split_once("name=\"form_token\" value=\"").unwrap_or(("", "\""));
        rest.split('"').next().unwrap().to_owned()
    }
}

pub fn text(answer: &Response<Bytes>) -> String {
    String::from_utf8(answer.body().to_vec()).unwrap()
}

pub fn header<'a>(answer: &'a Response<Bytes>, name: &str) -> &'a str {
    answer.headers().get(name).map_or("", |value| value.to_str().unwrap())
}
