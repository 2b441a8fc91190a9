//! What surrounds the functions: tables, secrets, platforms, and the events they are sent.

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::{Arc, Mutex};

use aws_sdk_dynamodb::types::AttributeValue;
use axum::Router;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::routing::{get, post};
use jiff::Timestamp;
use jiff::civil::Date;
use ledger::audit::Seal;
use ledger::embedded::Embedded;
use ledger::{Fact, Ledger, PseudonymKey, Tables, WorkKey};
use local::door::Key;
use policy::{Platform, Policy, PolicyRef};
use sandbox::{Fault, Identity, NewComment, Sandbox};
use serde_json::{Value, json};
use tokio::net::TcpListener;
use url::Url;

const SECRET: &str = "secret-of-the-lambda-tests";
const PATH: &str = "/galateo/test";

/// A bucket of messages, and SES, on one address: the messages by their keys, and what was sent.
#[derive(Clone, Default)]
struct Post {
    address: String,
    messages: Arc<Mutex<HashMap<String, Vec<u8>>>>,
    sent: Arc<Mutex<Vec<Value>>>,
    /// What SES answers instead of sending, when it is to refuse.
    refuses: Arc<Mutex<Option<StatusCode>>>,
}

type Parameters = Arc<Mutex<HashMap<String, String>>>;

/// An embedded DynamoDB, a Parameter Store and the sandbox platforms, each on an address of its own.
pub struct World {
    engine: Embedded,
    ledger: Ledger,
    policy: Policy,
    sandbox: Sandbox,
    sandbox_url: String,
    parameter_store: String,
    parameters: Parameters,
    reports: tempfile::TempDir,
    seals: tempfile::TempDir,
    post: Post,
}

impl World {
    pub async fn start() -> Self {
        let policy = moderation::built_in("milano-monza-brianza-lodi").unwrap();
        let engine = Embedded::start(None).await.unwrap();
        let tables = Tables { casebook: "casebook".to_owned(), audit: "audit".to_owned() };
        let key = PseudonymKey::new(SECRET.as_bytes()).unwrap();
        let ledger = Ledger::new(engine.client(), tables, &policy.reference.id, key);
        ledger.create_tables().await.unwrap();
        let sandbox =
            Sandbox::new(sandbox::Settings { accounts: policy.accounts.clone(), ..sandbox::Settings::default() });
        let sandbox_url = format!("{}/sandbox", listen(sandbox.router()).await);
        let parameters = Arc::new(Mutex::new(parameters(&policy)));
        let parameter_store =
            listen(Router::new().route("/", post(get_parameters)).with_state(Arc::clone(&parameters))).await;
        let (reports, seals) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let post = Post::open().await;
        Self { engine, ledger, policy, sandbox, sandbox_url, parameter_store, parameters, reports, seals, post }
    }

    /// The secret of every webhook.
    pub fn secret(&self) -> &'static str {
        SECRET
    }

    /// The environment of a deployed function, with the addresses of this world.
    pub fn environment(&self) -> Vec<(&'static str, String)> {
        vec![
            ("AWS_REGION", "eu-south-1".to_owned()),
            ("AWS_ACCESS_KEY_ID", self.engine.access_key().expose().to_owned()),
            ("AWS_SECRET_ACCESS_KEY", "test".to_owned()),
            ("AWS_ENDPOINT_URL_DYNAMODB", self.engine.endpoint().to_owned()),
            ("AWS_ENDPOINT_URL_SSM", self.parameter_store.clone()),
            ("GALATEO_POLICY", self.policy.reference.id.clone()),
            ("GALATEO_CASEBOOK_TABLE", "casebook".to_owned()),
            ("GALATEO_AUDIT_TABLE", "audit".to_owned()),
            ("GALATEO_PARAMETERS", PATH.to_owned()),
            ("GALATEO_SANDBOX_URL", self.sandbox_url.clone()),
            ("AWS_ENDPOINT_URL_S3", self.post.address.clone()),
            ("AWS_ENDPOINT_URL_SESV2", self.post.address.clone()),
            ("GALATEO_MAIL", "s3://posta/messages".to_owned()),
            ("GALATEO_REPORTS", self.reports.path().to_str().unwrap().to_owned()),
            ("GALATEO_SEALS", self.seals.path().to_str().unwrap().to_owned()),
        ]
    }

    /// The sandbox's identity provider, which leads back to this address; the console's settings name it. Answers the key that a
    /// browser has to have shown it.
    pub async fn identity(&self, home: &str) -> String {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let issuer = format!("http://{}/sandbox/identity", listener.local_addr().unwrap());
        let (client, key) = ("galateo-console", Key::random());
        let home = Url::parse(home).unwrap();
        let identity =
            Identity::new(&Url::parse(&issuer).unwrap(), client, &home, key.clone(), Timestamp::now).unwrap();
        self.put_parameter("console/issuer", identity.issuer());
        self.put_parameter("console/client", client);
        tokio::spawn(async move { axum::serve(listener, identity.router()).await.unwrap() });
        key.expose().to_owned()
    }

    /// SES puts a message into its bucket.
    pub fn receive_mail(&self, id: &str, raw: Vec<u8>) {
        self.post.messages.lock().unwrap().insert(format!("posta/messages/{id}"), raw);
    }

    /// SES refuses to send, with this status, or sends again.
    pub fn refuse_mail(&self, status: Option<StatusCode>) {
        *self.post.refuses.lock().unwrap() = status;
    }

    /// What SES was asked to send.
    pub fn sent_mail(&self) -> Vec<Value> {
        self.post.sent.lock().unwrap().clone()
    }

    /// The reports that were written.
    pub fn reports(&self) -> Vec<PathBuf> {
        let folders = std::fs::read_dir(self.reports.path()).unwrap().map(|folder| folder.unwrap().path());
        folders.flat_map(|folder| std::fs::read_dir(folder).unwrap()).map(|file| file.unwrap().path()).collect()
    }

    /// The folder of the seals that were published.
    pub fn seals(&self) -> PathBuf {
        self.seals.path().join("seals").join(&self.policy.reference.id)
    }

    /// Puts another value into a parameter.
    pub fn put_parameter(&self, name: &str, value: &str) {
        self.parameters.lock().unwrap().insert(format!("{PATH}/{name}"), value.to_owned());
    }

    /// Removes a parameter, as if nobody had set it.
    pub fn forget_parameter(&self, name: &str) {
        self.parameters.lock().unwrap().remove(&format!("{PATH}/{name}"));
    }

    /// How many contributions have been judged.
    pub async fn judged(&self) -> usize {
        let client = self.engine.client();
        let items = client.scan().table_name("audit").send().await.unwrap().items.unwrap_or_default();
        let verdicts =
            items.iter().filter(|item| matches!(&item["fact"], AttributeValue::M(f) if f.contains_key("verdict")));
        verdicts.count()
    }

    /// Which policies came into force, by the audit log, in the order of time.
    pub async fn activated(&self) -> Vec<PolicyRef> {
        let mut entries = self.ledger.entries(ledger::day(Timestamp::now())).await.unwrap();
        entries.retain(|entry| entry.fact == Fact::Activation);
        entries.into_iter().map(|entry| entry.policy).collect()
    }

    /// Puts the policy in force, as if it were then.
    pub async fn activate(&self, then: Timestamp) {
        self.ledger.activate(&self.policy.reference, then).await.unwrap();
    }

    /// The seal of a day.
    pub async fn seal(&self, day: Date) -> Seal {
        self.ledger.seal_of(day).await.unwrap().unwrap()
    }

    /// The policy that the functions judge by.
    pub fn policy(&self) -> &PolicyRef {
        &self.policy.reference
    }

    /// Deletes the audit log, as if it could not be reached.
    pub async fn lose_audit_log(&self) {
        self.engine.client().delete_table().table_name("audit").send().await.unwrap();
    }

    /// The work that is pending now.
    pub async fn pending(&self) -> Vec<WorkKey> {
        self.ledger.due(Timestamp::now(), 100).await.unwrap()
    }

    /// What is still to be done about a piece of work: `None` when it is not pending any more.
    pub async fn still_pending(&self, key: &WorkKey) -> Option<WorkKey> {
        self.pending().await.into_iter().find(|pending| pending == key)
    }

    /// Damages the case behind a piece of work, so that acting on it fails.
    pub async fn corrupt(&self, key: &WorkKey) {
        self.engine
            .client()
            .update_item()
            .table_name("casebook")
            .key("pk", AttributeValue::S(key.pk().to_owned()))
            .key("sk", AttributeValue::S(key.sk().to_owned()))
            .update_expression("SET platform = :damage")
            .expression_attribute_values(":damage", AttributeValue::N("0".to_owned()))
            .send()
            .await
            .unwrap();
    }

    /// The body of Facebook's webhook about a comment that breaks the policy.
    pub fn violating_comment(&self, index: usize) -> Vec<u8> {
        let page = self.policy.accounts.iter().find(|account| account.platform == Platform::Facebook).unwrap();
        let page = page.id.as_str();
        json!({"object": "page", "entry": [{"id": page, "time": 1_790_000_000, "changes": [{"field": "feed", "value": {
            "item": "comment", "verb": "add", "comment_id": format!("77_{index}"), "post_id": format!("{page}_77"),
            "parent_id": format!("{page}_77"), "from": {"id": format!("99{index}"), "name": "Prova"},
            "created_time": 1_790_000_000, "message": "sei un coglione di merda"
        }}]}]})
        .to_string()
        .into_bytes()
    }

    /// The body of X's webhook about a reply that breaks the policy, and the id of that.
    pub fn violating_reply(&self) -> (Vec<u8>, String) {
        let account = self.policy.accounts.iter().find(|account| account.platform == Platform::X).unwrap();
        let reply = NewComment {
            mentions_us: true,
            ..NewComment::new(account.id.as_str(), "9901", "prova", "sei un coglione di merda")
        };
        let id = self.sandbox.add_comment(Platform::X, reply).unwrap();
        (self.sandbox.take_webhooks().pop().unwrap().body, id)
    }

    /// From now on a platform takes five minutes to answer.
    pub fn hang(&self, platform: Platform) {
        let latency_ms = 300_000;
        self.sandbox.add_fault(Fault { platform: Some(platform), times: 100_000, latency_ms, ..Fault::default() });
    }

    /// Whether a reply on X is hidden.
    pub fn is_hidden_on_x(&self, id: &str) -> bool {
        self.sandbox.is_hidden(Platform::X, id)
    }

    /// Someone comments on our YouTube channel.
    pub fn comment_on_youtube(&self, text: &str, author: &str) {
        let channel = self.policy.accounts.iter().find(|account| account.platform == Platform::Youtube).unwrap();
        let comment = NewComment::new(channel.id.as_str(), author, "@prova", text);
        self.sandbox.add_comment(Platform::Youtube, comment).unwrap();
    }

    /// The calls that the platforms received.
    pub fn journal(&self) -> Vec<Value> {
        self.sandbox.journal().iter().map(|entry| serde_json::to_value(entry).unwrap()).collect()
    }

    /// How often Facebook was asked to hide.
    pub fn hide_calls(&self) -> usize {
        let is_hide = |line: &&Value| {
            let path = line["path"].as_str().unwrap_or_default();
            line["platform"] == "facebook" && path.contains("is_hidden") && line["status"] == 200
        };
        self.journal().iter().filter(is_hide).count()
    }
}

impl Post {
    async fn open() -> Self {
        let shared = Self::default();
        let router = Router::new()
            .route("/v2/email/outbound-emails", post(send_email))
            .route("/{*key}", get(get_object))
            .with_state(shared.clone());
        Self { address: listen(router).await, ..shared }
    }
}

/// `GetObject` of S3.
async fn get_object(State(post): State<Post>, Path(key): Path<String>, headers: HeaderMap) -> (StatusCode, Vec<u8>) {
    let is_signed = headers.get("authorization").is_some_and(|value| value.to_str().unwrap().contains("/s3/"));
    match post.messages.lock().unwrap().get(&key) {
        Some(message) if is_signed => (StatusCode::OK, message.clone()),
        _ => (StatusCode::NOT_FOUND, Vec::new()),
    }
}

/// `SendEmail` of SES.
async fn send_email(State(post): State<Post>, headers: HeaderMap, body: String) -> (StatusCode, String) {
    let is_signed = headers.get("authorization").is_some_and(|value| value.to_str().unwrap().contains("/ses/"));
    assert!(is_signed);
    if let Some(status) = *post.refuses.lock().unwrap() {
        return (status, String::new());
    }
    post.sent.lock().unwrap().push(serde_json::from_str(&body).unwrap());
    (StatusCode::OK, json!({"MessageId": "1"}).to_string())
}

/// Every webhook body of the platform's events.
pub fn event_files(platform: Platform) -> Vec<(String, Vec<u8>)> {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("events").join(platform.as_str());
    let mut files: Vec<(String, Vec<u8>)> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| platform != Platform::Youtube || path.extension().is_some_and(|e| e == "xml"))
        .map(|path| (path.file_name().unwrap().to_string_lossy().into_owned(), std::fs::read(&path).unwrap()))
        .collect();
    files.sort();
    files
}

fn parameters(policy: &Policy) -> HashMap<String, String> {
    let mut parameters = HashMap::from([(format!("{PATH}/pseudonym-key"), SECRET.to_owned())]);
    for name in moderation::Settings::names_of_secrets(&policy.accounts) {
        parameters.insert(format!("{PATH}/{name}"), SECRET.to_owned());
    }
    parameters
}

/// `GetParameters` of Parameter Store.
async fn get_parameters(State(parameters): State<Parameters>, body: String) -> String {
    let request: Value = serde_json::from_str(&body).unwrap();
    let parameters = parameters.lock().unwrap();
    let (mut found, mut missing) = (Vec::new(), Vec::new());
    for name in request["Names"].as_array().unwrap() {
        match parameters.get(name.as_str().unwrap()) {
            Some(value) => found.push(json!({"Name": name, "Type": "SecureString", "Value": value})),
            None => missing.push(name.clone()),
        }
    }
    json!({"Parameters": found, "InvalidParameters": missing}).to_string()
}

async fn listen(router: Router) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
    format!("http://{address}")
}
