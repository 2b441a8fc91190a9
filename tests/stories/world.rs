//! A running Galateo with its sandbox, and words for what happens in stories.

use std::time::Duration;

use galateo::ServeOptions;
use galateo::serve::Server;
use jiff::{SignedDuration, Timestamp};
use ledger::{AuditEntry, Case, Fact, Task};
use policy::{AccountId, ContributionId, Effect, Outcome, Platform};
use sandbox::{Entry, NewComment, Sandbox};

/// A text that the policy removes.
pub const INSULT: &str = "sei un coglione di merda";
/// A text that the policy does not touch.
pub const CRITICISM: &str = "Servizio lento e costi assurdi: la Camera di commercio così non serve a nessuno.";

/// How long a story waits for what has to happen: debug builds on a busy machine are slow.
const PATIENCE: Duration = Duration::from_secs(60);

pub struct World {
    pub server: Server,
    pub http: reqwest::Client,
}

impl World {
    pub async fn start() -> Self {
        Self::start_with(&ServeOptions::in_memory()).await
    }

    pub async fn start_with(options: &ServeOptions) -> Self {
        let server = Server::start(options).await.unwrap_or_else(|failure| panic!("{failure}"));
        Self { server, http: reqwest::Client::new() }
    }

    pub fn sandbox(&self) -> &Sandbox {
        self.server.sandbox()
    }

    /// The first account of the policy on a platform.
    pub fn account(&self, platform: Platform) -> AccountId {
        let accounts = &self.server.moderation().policy().accounts;
        accounts.iter().find(|account| account.platform == platform).unwrap().id.clone()
    }

    /// Someone comments on our page; returns the platform's id of the comment once the webhook is answered.
    pub async fn comments(&self, platform: Platform, author: &str, text: &str) -> String {
        let comment = NewComment::new(self.account(platform).as_str(), author, "Persona di prova", text);
        let id = self.sandbox().add_comment(platform, comment).unwrap();
        self.sandbox().settled().await;
        id
    }

    /// Sends a body as the platform would; returns the status of the answer.
    pub async fn delivers(&self, platform: Platform, body: impl Into<Vec<u8>>) -> u16 {
        self.server.deliver(&self.http, platform, body).await.unwrap_or_else(|failure| panic!("{failure}"))
    }

    /// Facebook's webhook about a comment of our page.
    pub fn facebook_comment(&self, id: &str, verb: &str, text: &str) -> Vec<u8> {
        let page = self.account(Platform::Facebook);
        let page = page.as_str();
        let value = serde_json::json!({
            "item": "comment", "verb": verb, "comment_id": id, "post_id": format!("{page}_55"),
            "parent_id": format!("{page}_55"), "from": { "id": "4242", "name": "Persona di prova" },
            "created_time": 1_790_000_000, "message": text
        });
        let change = serde_json::json!({ "field": "feed", "value": value });
        let entry = serde_json::json!({ "id": page, "time": 1_790_000_001, "changes": [change] });
        serde_json::json!({ "object": "page", "entry": [entry] }).to_string().into_bytes()
    }

    /// Waits until nothing is pending, and the webhooks that our actions caused have arrived.
    pub async fn settles(&self) {
        self.server.settle(PATIENCE).await.unwrap_or_else(|failure| panic!("{failure}"));
        self.sandbox().settled().await;
    }

    /// Waits until the platform has been called so often.
    pub async fn is_called(&self, platform: Platform, times: usize) {
        eventually("the platform is called", async || self.calls(platform).len() >= times).await;
    }

    /// Waits until what is pending waits for a later time, and returns how long.
    pub async fn is_postponed(&self) -> SignedDuration {
        let ledger = self.server.moderation().ledger();
        let wait = async || {
            let due = ledger.next_due().await.unwrap().expect("pending");
            due.duration_since(Timestamp::now())
        };
        // Above the lease of 90 seconds that is held while a call is under way.
        eventually("it is postponed", async || wait().await.as_secs() > 120).await;
        wait().await
    }

    /// The calls that change something on a platform.
    pub fn calls(&self, platform: Platform) -> Vec<Entry> {
        self.sandbox().journal().into_iter().filter(|call| call.platform == platform && call.method != "GET").collect()
    }

    /// The calls that hide something on a platform.
    pub fn hides(&self, platform: Platform) -> Vec<Entry> {
        self.calls(platform).into_iter().filter(hides).collect()
    }

    /// The cases of a contribution, one for each revision that was not simply allowed.
    pub async fn cases(&self, platform: Platform, id: &str) -> Vec<Case> {
        let ledger = self.server.moderation().ledger();
        ledger.cases_of(platform, &self.account(platform), &ContributionId::new(id), Timestamp::now()).await.unwrap()
    }

    /// The only case of a contribution.
    pub async fn case(&self, platform: Platform, id: &str) -> Case {
        let mut cases = self.cases(platform, id).await;
        assert_eq!(cases.len(), 1, "{cases:?}");
        cases.remove(0)
    }

    /// What the platform did about the first action of the only case: the one that follows from the verdict.
    pub async fn effect(&self, platform: Platform, id: &str) -> Option<Effect> {
        self.case(platform, id).await.actions.first().expect("an action").effect
    }

    /// How many strikes the author of the only case has.
    pub async fn strikes(&self, platform: Platform, id: &str) -> usize {
        let author = self.case(platform, id).await.pseudonym.expect("an author");
        self.server.moderation().ledger().author(&author).await.unwrap().standing.strikes.len()
    }

    pub async fn tasks(&self) -> Vec<Task> {
        self.server.moderation().ledger().tasks(None, 1_000, Timestamp::now()).await.unwrap().0
    }

    /// How many open tasks stand for the first action of a case.
    pub async fn tasks_of_the_first_action(&self) -> usize {
        self.tasks().await.into_iter().filter(|task| task.action.as_deref() == Some("a1")).count()
    }

    /// Everything recorded today and yesterday: a story may run over midnight.
    pub async fn entries(&self) -> Vec<AuditEntry> {
        let today = ledger::day(Timestamp::now());
        let ledger = self.server.moderation().ledger();
        let mut entries = ledger.entries(today.yesterday().unwrap()).await.unwrap();
        entries.extend(ledger.entries(today).await.unwrap());
        // That the policy came into force is recorded when the server starts.
        entries.retain(|entry| entry.fact != Fact::Activation);
        entries
    }

    /// How many contributions have this verdict in the audit log.
    pub async fn verdicts(&self, wanted: Outcome) -> usize {
        let is_wanted = |entry: &AuditEntry| matches!(entry.fact, Fact::Verdict { outcome, .. } if outcome == wanted);
        self.entries().await.iter().filter(|entry| is_wanted(entry)).count()
    }
}

/// Waits until something holds that happens by itself.
pub async fn eventually(what: &str, mut holds: impl AsyncFnMut() -> bool) {
    let waiting = async {
        while !holds().await {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    };
    tokio::time::timeout(PATIENCE, waiting).await.unwrap_or_else(|_| panic!("{what}: not in time"));
}

/// Whether a call hides something.
pub fn hides(call: &Entry) -> bool {
    ["is_hidden=true", "hide=true", "moderationStatus=heldForReview", "/hidden"]
        .iter()
        .any(|way| call.path.contains(way))
}

/// A sandbox fault for calls that change something on a platform.
pub fn fault(platform: Platform, times: u32, effect: sandbox::FaultEffect) -> sandbox::Fault {
    sandbox::Fault { platform: Some(platform), method: None, path: None, times, latency_ms: 0, effect }
}

/// An answer of the platform, as a fault.
pub fn answers(status: u16, body: serde_json::Value) -> sandbox::FaultEffect {
    sandbox::FaultEffect::Answer { status, body: Some(body), headers: Default::default() }
}
