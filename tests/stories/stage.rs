//! A Galateo whose clock and worker a story moves by hand. Webhooks are signed and received, the ledger runs on the
//! embedded engine, and the platforms are the sandbox behind HTTP; only nothing happens by itself.

use std::sync::{Arc, Mutex};

use futures_util::future::join_all;
use http::{Request, StatusCode};
use jiff::{SignedDuration, Timestamp};
use ledger::embedded::Embedded;
use ledger::{AuditEntry, AuthorRecord, Case, CaseId, Fact, Ledger, Tables, Task};
use moderation::{Clock, Moderation, Received, Settings};
use platforms::{Client, Endpoints};
use policy::{
    AccountId, ActionKind, ContributionId, Notice, Platform, Policy, Sanction, SanctionKind, SanctionState, Source,
};
use sandbox::{Entry, NewComment, Sandbox, Webhook};
use secrecy::SecretString;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

use crate::world::hides;

/// A Monday at ten in Milan: the office is open.
pub const MONDAY: &str = "2026-11-02T09:00:00Z";

/// Limits that no story about anything else reaches.
const NO_LIMITS: &str = "hides_per_hour = 100000\nshare_percent = 100\nshare_from = 100000\n";

/// How often a platform repeats a webhook.
const REPETITIONS: u32 = 20;

pub struct Stage {
    pub moderation: Moderation,
    policy: Arc<Policy>,
    ledger: Ledger,
    client: Client,
    pub settings: Settings,
    pub endpoints: Endpoints,
    pub sandbox: Sandbox,
    offset: Arc<Mutex<SignedDuration>>,
    http: JoinHandle<()>,
    engine: Embedded,
}

impl Drop for Stage {
    fn drop(&mut self) {
        self.http.abort();
    }
}

/// The built-in policy with some of its text replaced.
pub fn policy(changes: &[(&str, &str)]) -> Policy {
    let mut text = include_str!("../../policies/milano-monza-brianza-lodi.toml").to_owned();
    for (from, to) in changes {
        assert!(text.contains(from), "the policy has no {from:?}");
        text = text.replacen(from, to, 1);
    }
    let source = Source { name: "story.toml".to_owned(), text };
    Policy::load(&source, &moderation::built_in_lists()).unwrap_or_else(|problems| panic!("{problems:?}"))
}

/// The built-in policy, but that the circuit breaker never trips.
pub fn without_limits(changes: &[(&str, &str)]) -> Policy {
    let limits = "hides_per_hour = 30\nshare_percent = 5\nshare_from = 10\n";
    policy(&[&[(limits, NO_LIMITS)], changes].concat())
}

/// What a task asks for, as the office reads it.
pub fn wording(task: &Task) -> String {
    words::task::asked(task, policy::Language::Italian)
}

impl Stage {
    /// On a Monday morning, without a circuit breaker.
    pub async fn open() -> Self {
        Self::with(without_limits(&[]), MONDAY).await
    }

    pub async fn with(policy: Policy, time: &str) -> Self {
        Self::on(policy, time, |settings| settings).await
    }

    /// With platforms that are set otherwise.
    pub async fn on(policy: Policy, time: &str, set: impl FnOnce(sandbox::Settings) -> sandbox::Settings) -> Self {
        let policy = Arc::new(policy);
        let settings = Settings::local(&policy.accounts, &|_| None).unwrap();
        let engine = Embedded::start(None).await.unwrap();
        let key = settings.pseudonym_keys().clone();
        let ledger = Ledger::new(engine.client(), Tables::default(), &policy.reference.id, key);
        ledger.create_tables().await.unwrap();
        let time: Timestamp = time.parse().unwrap();
        let offset = Arc::new(Mutex::new(time.duration_since(Timestamp::now())));
        let shift = Arc::clone(&offset);
        let sandbox = Sandbox::new(set(sandbox::Settings {
            accounts: policy.accounts.clone(),
            clock: Arc::new(move || Timestamp::now() + *shift.lock().unwrap()),
            ..sandbox::Settings::default()
        }));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let base = format!("http://{}/sandbox", listener.local_addr().unwrap());
        let router = sandbox.router();
        let http = tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        let endpoints = Endpoints::sandbox(&base.parse().unwrap());
        let client = Client::new(endpoints.clone(), settings.tokens().clone()).unwrap();
        let moderation = Moderation::new(Arc::clone(&policy), ledger.clone(), client.clone(), Clock::starting_at(time));
        Self { moderation, policy, ledger, client, settings, endpoints, sandbox, offset, http, engine }
    }

    pub fn now(&self) -> Timestamp {
        self.moderation.clock().now()
    }

    /// The clock shows another time from now on. The process is a new one: it remembers nothing.
    pub fn moves_to(&mut self, time: Timestamp) {
        *self.offset.lock().unwrap() = time.duration_since(Timestamp::now());
        let policy = Arc::clone(&self.policy);
        self.moderation = Moderation::new(policy, self.ledger.clone(), self.client.clone(), Clock::starting_at(time));
    }

    /// The clock moves on, or back, and the process is a new one.
    pub fn passes(&mut self, time: SignedDuration) {
        self.moves_to(self.now() + time);
    }

    /// From now on the ledger does not answer.
    pub fn loses_the_ledger(&mut self) {
        let key = self.settings.pseudonym_keys().clone();
        let nowhere = ledger::client_for("http://127.0.0.1:9");
        self.ledger = Ledger::new(nowhere, Tables::default(), &self.policy.reference.id, key);
        self.moves_to(self.now());
    }

    pub fn hours(&mut self, hours: i64) {
        self.passes(SignedDuration::from_hours(hours));
    }

    /// The pseudonym key is rotated: its setting reads like this from now on. The process is a new one.
    pub async fn rotates(&mut self, pseudonym_key: &str) {
        let set = |path: &str| (path == "pseudonym-key").then(|| SecretString::from(pseudonym_key));
        self.settings = Settings::local(&self.policy.accounts, &set).unwrap();
        self.ledger.rekey(self.settings.pseudonym_keys().clone(), self.now()).await.unwrap();
        self.passes(SignedDuration::ZERO);
    }

    /// The first account of the policy on a platform.
    pub fn account(&self, platform: Platform) -> AccountId {
        let accounts = &self.moderation.policy().accounts;
        accounts.iter().find(|account| account.platform == platform).unwrap().id.clone()
    }

    /// Someone comments on our page, and the webhook is received.
    pub async fn comments(&self, platform: Platform, author: &str, text: &str) -> String {
        let id =
            self.posts(NewComment::new(self.account(platform).as_str(), author, "Persona di prova", text), platform);
        self.receives().await;
        id
    }

    /// Someone writes something whose webhook is not received yet.
    pub fn posts(&self, comment: NewComment, platform: Platform) -> String {
        self.sandbox.add_comment(platform, comment).unwrap()
    }

    /// A violation, everything that follows from it, and an hour.
    pub async fn violates(&mut self, platform: Platform, author: &str, text: &str) -> String {
        let id = self.comments(platform, author, text).await;
        self.works().await;
        self.hours(1);
        id
    }

    /// Receives the webhooks that are on their way, all at once, and again where the answer was that it took too long.
    pub async fn receives(&self) {
        let mut webhooks = self.sandbox.take_webhooks();
        for _ in 0..REPETITIONS {
            let answers = join_all(webhooks.iter().map(|webhook| self.receives_one(webhook))).await;
            let mut answers = answers.into_iter().map(|(status, _)| status);
            webhooks.retain(|_| answers.next() != Some(StatusCode::OK));
        }
        assert!(webhooks.is_empty(), "{} webhooks are not accepted", webhooks.len());
    }

    pub async fn receives_one(&self, webhook: &Webhook) -> (StatusCode, Received) {
        let platform = webhook.platform;
        let mut request = Request::post(format!("/webhooks/{platform}"));
        for (name, value) in &webhook.headers {
            request = request.header(name, value);
        }
        let request = request.body(webhook.body.clone().into()).unwrap();
        let secrets = self.settings.webhook(platform);
        let (answer, received) = self.moderation.webhook(platform, &request, &secrets).await;
        (answer.status(), received)
    }

    /// Receives a body as the platform would send it.
    pub async fn delivered(&self, platform: Platform, body: &serde_json::Value) -> (StatusCode, Received) {
        let body = body.to_string().into_bytes();
        let (name, value) = sandbox::sign(platform, moderation::DEVELOPMENT_SECRET, &body);
        self.receives_one(&Webhook { platform, headers: vec![(name.to_owned(), value)], body }).await
    }

    /// Carries out what is due until nothing is, and receives the webhooks that this causes.
    pub async fn works(&self) {
        while self.moderation.sweep(1_000).await.unwrap().due > 0 {}
        self.receives().await;
    }

    /// The calls that change something on a platform.
    pub fn calls(&self, platform: Platform) -> Vec<Entry> {
        let changes = |call: &Entry| call.platform == platform && call.method != "GET";
        self.sandbox.journal().into_iter().filter(changes).collect()
    }

    /// What came of the last hiding about anything on a platform that has a case.
    pub async fn hiding(&self, platform: Platform) -> Option<policy::Effect> {
        let entries = self.log().await;
        let effects = entries.into_iter().filter(|entry| entry.platform == Some(platform));
        let mut hidings = effects.filter_map(|entry| match entry.fact {
            Fact::Effect { asked: ActionKind::Hide, effect, .. } => Some(effect),
            _ => None,
        });
        hidings.next_back()
    }

    pub fn hides(&self, platform: Platform) -> usize {
        self.calls(platform).iter().filter(|call| hides(call)).count()
    }

    /// The texts of what was said in private, in order.
    pub fn private(&self, platform: Platform) -> Vec<String> {
        self.sandbox.private_messages(platform).into_iter().map(|message| message.text).collect()
    }

    pub async fn cases(&self, platform: Platform, id: &str) -> Vec<Case> {
        let id = ContributionId::new(id);
        self.ledger.cases_of(platform, &self.account(platform), &id, self.now()).await.unwrap()
    }

    /// The only case of a contribution.
    pub async fn case(&self, platform: Platform, id: &str) -> Case {
        let mut cases = self.cases(platform, id).await;
        assert_eq!(cases.len(), 1, "{cases:?}");
        cases.remove(0)
    }

    /// What is on record about the author of a contribution.
    pub async fn author(&self, platform: Platform, id: &str) -> AuthorRecord {
        let author = self.case(platform, id).await.pseudonym.expect("an author");
        self.ledger.author(&author).await.unwrap()
    }

    /// The author's sanctions, as kind and state, in their order.
    pub async fn sanctions(&self, platform: Platform, id: &str) -> Vec<(SanctionKind, SanctionState)> {
        let mut sanctions: Vec<Sanction<CaseId>> = self.author(platform, id).await.standing.sanctions;
        sanctions.sort_by_key(|sanction| sanction.number);
        sanctions.into_iter().map(|sanction| (sanction.kind, sanction.state)).collect()
    }

    pub async fn strikes(&self, platform: Platform, id: &str) -> usize {
        self.author(platform, id).await.standing.strikes.len()
    }

    /// The open tasks, the oldest first.
    pub async fn tasks(&self) -> Vec<Task> {
        self.ledger.tasks(None, 1_000, self.now()).await.unwrap().0
    }

    /// The only open task.
    pub async fn task(&self) -> Task {
        let mut tasks = self.tasks().await;
        assert_eq!(tasks.len(), 1, "{tasks:?}");
        tasks.remove(0)
    }

    /// The audit log of today and yesterday.
    pub async fn log(&self) -> Vec<AuditEntry> {
        let today = ledger::day(self.now());
        let mut entries = self.ledger.entries(today.yesterday().unwrap()).await.unwrap();
        entries.extend(self.ledger.entries(today).await.unwrap());
        entries
    }

    /// Everything that it says about a case.
    pub async fn facts(&self, case: &CaseId) -> Vec<AuditEntry> {
        let mut entries = self.log().await;
        entries.retain(|entry| entry.case.as_ref() == Some(case));
        entries
    }

    /// How often the log says that something was said on an occasion about a case, and reached its author.
    pub async fn said(&self, case: &CaseId, wanted: Notice) -> usize {
        let is_said = |entry: &&AuditEntry| {
            matches!(entry.fact, Fact::Effect { notice: Some(notice), effect, .. }
            if notice == wanted && effect == policy::Effect::Done)
        };
        self.facts(case).await.iter().filter(is_said).count()
    }

    /// Whether nothing waits for anything but the end of a block.
    pub async fn is_settled(&self, platform: Platform, id: &str) -> bool {
        let case = self.case(platform, id).await;
        let waits = |action: &ledger::Action| action.effect.is_none() && action.kind != ActionKind::Unban;
        !case.climb_due && !case.actions.iter().any(waits)
    }

    /// Every item of both tables, as text.
    pub async fn everything(&self) -> Vec<String> {
        let tables = Tables::default();
        let client = self.engine.client();
        let mut items = Vec::new();
        for table in [tables.casebook, tables.audit] {
            let scanned = client.scan().table_name(table).send().await.unwrap();
            items.extend(scanned.items().iter().map(|item| format!("{item:?}")));
        }
        items
    }

    /// The engine itself, for what the ledger offers nobody.
    pub fn dynamodb(&self) -> aws_sdk_dynamodb::Client {
        self.engine.client()
    }

    pub fn ledger(&self) -> &Ledger {
        &self.ledger
    }
}
