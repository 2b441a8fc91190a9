//! The ledger on the embedded engine, and the platforms as the sandbox.

use jiff::civil::{Date, date};
use jiff::{SignedDuration, Timestamp};
use ledger::embedded::Embedded;
use ledger::{Judged, Ledger, Measurement, PseudonymKey, Tables};
use platforms::{Client, Endpoints, Secret, Tokens};
use policy::{Account, AccountId, Contribution, Policy, Source, Verdict};
use sandbox::{Sandbox, Settings};
use statistics::Archive;
use tokio::net::TcpListener;
use url::Url;

/// The day on which the logs of these tests begin, with the policy that comes into force: there is nothing before it.
pub const BEGINS: Date = date(2026, 10, 1);

pub struct World {
    pub policy: Policy,
    pub ledger: Ledger,
    pub sandbox: Sandbox,
    pub client: Client,
    _engine: Embedded,
}

impl World {
    /// With a policy of `policies/`.
    pub async fn with(policy: &str) -> Self {
        let policy = load(policy);
        let engine = Embedded::start(None).await.unwrap();
        let key = PseudonymKey::new(b"a key for the tests only").unwrap();
        let ledger = Ledger::new(engine.client(), Tables::default(), &policy.reference.id, key);
        ledger.create_tables().await.unwrap();
        let begins = BEGINS.to_zoned(policy.time_zone.clone()).unwrap().timestamp();
        ledger.activate(&policy.reference, begins).await.unwrap();
        let sandbox = Sandbox::new(Settings { accounts: policy.accounts.clone(), ..Settings::default() });
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let base = Url::parse(&format!("http://{}/sandbox", listener.local_addr().unwrap())).unwrap();
        let router = sandbox.router();
        tokio::spawn(async move { axum::serve(listener, router).await });
        let client = client(&base, &policy.accounts);
        Self { policy, ledger, sandbox, client, _engine: engine }
    }

    pub fn archive(&self) -> Archive<'_> {
        Archive { policy: &self.policy, ledger: &self.ledger }
    }

    /// Everything that is stored about an account.
    pub async fn measurements(&self, account: &Account) -> Vec<Measurement> {
        self.ledger.measurements(account.platform, &account.id, Date::MAX).await.unwrap()
    }

    /// Records a contribution to which there was nothing to object.
    pub async fn receive(&self, id: &str, at: Timestamp) {
        let account = &self.policy.accounts[0];
        let comment = Contribution::comment(account.platform, account.id.clone(), id, "Grazie, molto utile");
        let contribution = Contribution { at: Some(at), ..comment };
        let (case, verdict) = (self.ledger.case_id(&contribution, at), Verdict::new(Vec::new()));
        let (received_at, keep_until) = (at + SignedDuration::from_secs(1), at + SignedDuration::from_hours(48));
        let policy = &self.policy.reference;
        let judged = Judged::without_consequences(&contribution, &case, &verdict, policy, received_at, keep_until);
        self.ledger.record(&judged).await.unwrap();
    }

    /// What the ledger consumes while something is done: read and write units.
    pub async fn cost<T>(&self, doing: impl Future<Output = T>) -> (T, f64, f64) {
        let before = self.ledger.consumed();
        let done = doing.await;
        let after = self.ledger.consumed();
        (done, after.read_units - before.read_units, after.write_units - before.write_units)
    }
}

/// A client of the sandbox with a token for each of these accounts.
fn client(base: &Url, accounts: &[Account]) -> Client {
    let mut tokens = Tokens::default();
    for account in accounts {
        tokens.set(account.platform, AccountId::new(account.id.as_str()), Secret::from("a-token"));
    }
    Client::new(Endpoints::sandbox(base), tokens).unwrap()
}

/// A policy of the repository.
fn load(name: &str) -> Policy {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../policies");
    let read = |name: &str| Source { name: name.to_owned(), text: std::fs::read_to_string(folder.join(name)).unwrap() };
    let file = read(&format!("{name}.toml"));
    let lists: Vec<Source> = Policy::list_names(&file).iter().map(|name| read(name)).collect();
    Policy::load(&file, &lists).unwrap()
}

pub fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}
