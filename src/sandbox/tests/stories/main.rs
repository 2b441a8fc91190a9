//! Stories: a person does something on a platform, a call comes over a real connection, and the platform is looked at.

mod door;
mod facebook;
mod faults;
mod identity;
mod instagram;
mod linkedin;
mod webhooks;
mod x;
mod youtube;

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use jiff::Timestamp;
use policy::{Account, AccountId, AccountState, Platform};
use reqwest::{Method, Response};
use sandbox::{NewComment, Sandbox, Settings, UnknownObjects};
use serde_json::Value;

pub const PAGE: &str = "1234567890321";
pub const INSTAGRAM: &str = "17841405726653026";
pub const BIKE_INSTAGRAM: &str = "17841452691600098";
pub const ORGANIZATION: &str = "urn:li:organization:96072893";
pub const CHANNEL: &str = "UCgalateoMilanoMonzaLodi";
pub const X_ACCOUNT: &str = "1111111111111111111";

/// The sandbox behind a real listener.
pub struct Stage {
    pub sandbox: Sandbox,
    pub base: String,
    http: reqwest::Client,
}

/// What came back.
pub struct Answer {
    pub status: u16,
    pub headers: reqwest::header::HeaderMap,
    pub body: Value,
}

impl Stage {
    pub async fn new(settings: Settings) -> Self {
        let sandbox = Sandbox::new(settings);
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let base = format!("http://{}/sandbox", listener.local_addr().expect("an address"));
        let router = sandbox.router();
        tokio::spawn(async move { axum::serve(listener, router).await });
        Self { sandbox, base, http: reqwest::Client::new() }
    }

    /// A stage on which only what was put there exists.
    pub async fn strict() -> Self {
        Self::new(strict()).await
    }

    /// Makes a call as a client with a token would.
    pub async fn call(&self, method: &str, path: &str, body: Option<Value>) -> Answer {
        let answer = self.send(method, path, body).await.expect("an answer");
        let (status, headers) = (answer.status().as_u16(), answer.headers().clone());
        let bytes = answer.bytes().await.expect("a body");
        Answer { status, headers, body: serde_json::from_slice(&bytes).unwrap_or(Value::Null) }
    }

    pub async fn send(&self, method: &str, path: &str, body: Option<Value>) -> reqwest::Result<Response> {
        let method = Method::from_bytes(method.as_bytes()).expect("a method");
        let mut request = self.http.request(method, format!("{}{path}", self.base)).bearer_auth("a-token");
        if path.starts_with("/linkedin/") {
            request = request.header("LinkedIn-Version", "202607").header("X-Restli-Protocol-Version", "2.0.0");
        }
        if let Some(body) = body {
            request = request.json(&body);
        }
        request.send().await
    }

    pub fn writes(&self, platform: Platform, text: &str) -> String {
        self.posts(platform, someone(platform, text))
    }

    pub fn posts(&self, platform: Platform, new: NewComment) -> String {
        self.sandbox.add_comment(platform, new).expect("the platform takes it")
    }
}

/// A comment by Nicolò on the account's default post.
pub fn someone(platform: Platform, text: &str) -> NewComment {
    match platform {
        Platform::Facebook => NewComment::new(PAGE, "8423678347823", "Nicolò", text),
        Platform::Instagram => NewComment::new(INSTAGRAM, "1234536447", "nicolo", text),
        Platform::Linkedin => NewComment::new(ORGANIZATION, "urn:li:person:zLqTygBP8T", "Nicolò", text),
        Platform::Youtube => NewComment::new(CHANNEL, "UCnicolo", "@nicolo", text),
        Platform::X => NewComment::new(X_ACCOUNT, "2222222222222222222", "nicolo", text),
    }
}

pub fn strict() -> Settings {
    Settings { accounts: accounts(), unknown_objects: UnknownObjects::Refuse, ..Settings::default() }
}

pub fn accounts() -> Vec<Account> {
    let account = |platform, id: &str, page: Option<&str>| Account {
        platform,
        id: AccountId::new(id),
        handle: "cameradicommercio".to_owned(),
        name: "Camera di Commercio".to_owned(),
        url: "https://example.org".to_owned(),
        state: AccountState::Active,
        page: page.map(AccountId::new),
    };
    vec![
        account(Platform::Facebook, PAGE, None),
        account(Platform::Instagram, INSTAGRAM, Some(PAGE)),
        account(Platform::Instagram, BIKE_INSTAGRAM, None),
        account(Platform::Linkedin, ORGANIZATION, None),
        account(Platform::Youtube, CHANNEL, None),
        account(Platform::X, X_ACCOUNT, None),
    ]
}

/// A clock that stands until it is moved.
#[derive(Clone)]
pub struct Clock(Arc<AtomicI64>);

impl Clock {
    pub fn at(text: &str) -> Self {
        let start: Timestamp = text.parse().expect("a time");
        Self(Arc::new(AtomicI64::new(start.as_second())))
    }

    pub fn forward_hours(&self, hours: i64) {
        self.0.fetch_add(hours * 3600, Ordering::SeqCst);
    }

    pub fn settings(&self) -> Settings {
        let seconds = Arc::clone(&self.0);
        let clock = move || Timestamp::from_second(seconds.load(Ordering::SeqCst)).expect("a time");
        Settings { clock: Arc::new(clock), ..strict() }
    }
}

#[tokio::test]
async fn no_platform_answers_without_a_token() {
    let stage = Stage::strict().await;
    let calls = [
        ("/facebook/v26.0/1_2", "/error/code", 190),
        ("/instagram/v26.0/17", "/error/code", 190),
        ("/linkedin/rest/networkSizes/urn%3Ali%3Aorganization%3A1", "/status", 401),
        ("/youtube/youtube/v3/channels", "/error/code", 401),
        ("/x/2/users/me", "/status", 401),
    ];
    for (path, pointer, expected) in calls {
        let answer = stage.http.get(format!("{}{path}", stage.base)).send().await.expect("an answer");
        assert_eq!(answer.status(), 401, "{path}");
        let body: Value = answer.json().await.expect("a body");
        assert_eq!(body.pointer(pointer), Some(&Value::from(expected)), "{path}");
    }
}

#[tokio::test]
async fn a_token_that_is_not_listed_is_refused() {
    let tokens = sandbox::Tokens::Only(["another".to_owned()].into());
    let stage = Stage::new(Settings { tokens, ..strict() }).await;
    assert_eq!(stage.call("GET", "/x/2/users/me", None).await.status, 401);
}

#[tokio::test]
async fn the_journal_lists_every_call_in_order_with_the_platforms_own_path() {
    let stage = Stage::strict().await;
    let id = stage.writes(Platform::Facebook, "ciao");
    stage.call("POST", &format!("/facebook/v26.0/{id}?is_hidden=true"), None).await;
    stage.call("PUT", "/x/2/tweets/7/hidden", Some(serde_json::json!({"hidden": true}))).await;
    stage.call("GET", "/linkedin/rest/networkSizes/urn%3Ali%3Aorganization%3A1?edgeType=NONE", None).await;

    let journal = stage.call("GET", "/journal", None).await.body;
    assert_eq!(
        journal,
        serde_json::json!([
            {"platform": "facebook", "method": "POST", "path": format!("/v26.0/{id}?is_hidden=true"), "status": 200},
            {"platform": "x", "method": "PUT", "path": "/2/tweets/7/hidden", "status": 404},
            {"platform": "linkedin", "method": "GET",
             "path": "/rest/networkSizes/urn%3Ali%3Aorganization%3A1?edgeType=NONE", "status": 400},
        ])
    );
    assert_eq!(stage.call("DELETE", "/journal", None).await.status, 204);
    assert!(stage.sandbox.journal().is_empty());
}

#[tokio::test]
async fn the_state_shows_what_became_of_everything() {
    let stage = Stage::strict().await;
    let id = stage.writes(Platform::Facebook, "ciao");
    stage.sandbox.set_followers(Platform::X, X_ACCOUNT, 97);
    stage.call("POST", &format!("/facebook/v26.0/{id}?is_hidden=true"), None).await;
    stage.call("POST", &format!("/facebook/v26.0/{id}/comments?message=Buongiorno"), None).await;
    stage.call("POST", &format!("/facebook/v26.0/{PAGE}/blocked?user=8423678347823"), None).await;

    let state = stage.call("GET", "/state", None).await.body;
    assert_eq!(state["comments"][0]["id"], id);
    assert_eq!(state["comments"][0]["visibility"], "hidden");
    assert_eq!(state["replies"][0]["text"], "Buongiorno");
    assert_eq!(state["replies"][0]["parent"], id);
    assert_eq!(state["blocks"][0]["person"], "8423678347823");
    assert_eq!(state["followers"], serde_json::json!([{"platform": "x", "account": X_ACCOUNT, "count": 97}]));
}

#[tokio::test]
async fn an_object_never_seen_comes_into_being_once_and_stays_deleted() {
    let stage = Stage::new(Settings { accounts: accounts(), ..Settings::default() }).await;
    let path = "/facebook/v26.0/901097836652708_903438993085259";
    assert_eq!(stage.call("POST", &format!("{path}?is_hidden=true"), None).await.status, 200);
    assert!(stage.sandbox.is_hidden(Platform::Facebook, "901097836652708_903438993085259"));
    assert_eq!(stage.call("DELETE", path, None).await.status, 200);
    assert_eq!(stage.call("DELETE", path, None).await.body["error"]["error_subcode"], 33);
}

#[tokio::test]
async fn the_same_settings_lead_to_the_same_ids() {
    let ids = |stage: &Stage| Platform::ALL.iter().map(|platform| stage.writes(*platform, "ciao")).collect::<Vec<_>>();
    let (one, two) = (Stage::strict().await, Stage::strict().await);
    let other = Stage::new(Settings { first_id: 500, ..strict() }).await;
    assert_eq!(ids(&one), ids(&two));
    assert!(ids(&one).iter().all(|id| !ids(&other).contains(id)));
}
