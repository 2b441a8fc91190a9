//! A running Galateo. `galateo serve` has one, and so have the demo, the measurements and the tests.

use std::fs::File;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use ledger::embedded::Embedded;
use ledger::{Ledger, LedgerError, Tables};
use local::door::Key;
use local::serving::{self, Limits};
use moderation::{Clock, Moderation, Pace, Settings};
use platforms::{Client, Endpoints, Tokens};
use policy::{Platform, Policy};
use sandbox::Sandbox;
use secrecy::ExposeSecret;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use url::Url;

use crate::cli::ServeOptions;
use crate::functions::Environment;
use crate::language::{either, say};
use crate::serve::nights::Nights;
use crate::serve::worker::Worker;
use crate::serve::{console, http};
use crate::terminal::failure::Failure;
use crate::{functions, language, policies, records};

/// A running Galateo: webhooks, worker, sandbox platforms and ledger in this process.
pub struct Server {
    address: SocketAddr,
    moderation: Moderation,
    settings: Settings,
    endpoints: Endpoints,
    sandbox: Sandbox,
    control_key: Key,
    /// By which path one opens the console.
    console_path: String,
    dynamodb: aws_sdk_dynamodb::Client,
    worker: Worker,
    http: JoinHandle<()>,
    /// Held so that the engine runs as long as the server.
    engine: Option<Embedded>,
}

/// How long a delivery to ourselves may take, on a machine that does other things as well.
const DELIVERY_TIMEOUT: Duration = Duration::from_secs(30);

/// How long `--once` waits for what is pending. The sandbox answers within milliseconds.
pub(crate) const SETTLE_TIMEOUT: Duration = Duration::from_secs(60);

impl Server {
    /// Starts everything and returns when the webhooks can be reached.
    pub async fn start(options: &ServeOptions) -> Result<Self, Failure> {
        let worker = if options.no_worker { Worker::idle } else { Worker::start };
        Self::start_with(options, policies::load(options.policy.as_deref())?, worker).await
    }

    /// Starts as [`Server::start_under`] does, without a worker: what is pending stays so until someone sweeps.
    pub async fn start_idle(policy: Policy) -> Result<Self, Failure> {
        Self::start_with(&ServeOptions::in_memory(), policy, Worker::idle).await
    }

    /// Starts as [`Server::start_in_memory`] does, under this policy, with its data in a file if one is named.
    pub async fn start_under(policy: Policy, data: Option<PathBuf>) -> Result<Self, Failure> {
        Self::start_with(&ServeOptions { data, ..ServeOptions::in_memory() }, policy, Worker::start).await
    }

    pub(super) async fn start_with(
        options: &ServeOptions,
        policy: Policy,
        worker: fn(Moderation, Option<PathBuf>) -> Worker,
    ) -> Result<Self, Failure> {
        let policy = Arc::new(policy);
        let mut settings = records::local(&policy)?;
        let control_key = control_key()?;
        settings.set_tokens(sandbox_tokens(&policy, &control_key));
        let clock = options.now.map(Clock::starting_at).unwrap_or_default();
        if let (None, Some(fault)) = (options.now, Clock::fault(clock.now())) {
            return Err(Failure::unusable(fault));
        }
        let rehearsed = options.now.filter(|_| options.data.is_some() || options.endpoint.is_some());
        if let Some(now) = rehearsed.filter(|_| !options.demo) {
            records::not_before_the_program(now)?;
        }
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, options.port)).await.map_err(|error| {
            let (port, error) = (options.port, language::of_cause(&error));
            Failure::unusable(say!(
                "la porta {port} di 127.0.0.1 non si può usare: {error}; chiudere ciò che la usa, o scegliere un'altra --port",
                "port {port} of 127.0.0.1 cannot be used: {error}; stop what listens there, or take another --port"
            ))
        })?;
        let address = listener.local_addr().map_err(|e| Failure::unusable(format!("no local address: {e}")))?;
        let (dynamodb, ledger, engine) = open_ledger(options, &policy, &settings, clock).await?;
        if let Some(now) = rehearsed {
            not_before_the_records(now, &ledger).await?;
        }
        // Before anything is judged by it.
        let activated = ledger.activate(&policy.reference, clock.now()).await;
        activated.map_err(|e| {
            Failure::unusable(say!(
                "non si può registrare quale policy è in vigore: {}",
                "which policy is in force cannot be recorded: {}",
                language::of_ledger(&e)
            ))
        })?;
        let base = Url::parse(&format!("http://{address}/"))
            .map_err(|e| Failure::unusable(format!("no address of our own: {e}")))?;
        let webhooks = match (&options.webhooks, &options.functions) {
            (Some(url), _) => url.clone(),
            (None, Some(_)) => Url::parse(functions::WATCH).unwrap_or_else(|_| base.clone()),
            (None, None) => base.clone(),
        };
        let sandbox = Sandbox::new(sandbox_settings(&policy, &settings, clock, &webhooks, control_key.clone()));
        let endpoints = Endpoints::sandbox(&base.join("sandbox").unwrap_or_else(|_| base.clone()));
        let client = Client::new(endpoints.clone(), settings.tokens().clone())
            .map_err(|e| Failure::unusable(format!("the HTTP client could not be set up: {e}")))?;
        let moderation = Moderation::new(policy, ledger, client, clock);
        let worker = worker(moderation.clone(), options.data.clone());
        let watch = engine.as_ref().and_then(Embedded::watch);
        let public = options.address.clone().unwrap_or_else(|| base.clone());
        let (console, console_path) = console::router(&moderation, &worker, &public, &base, &control_key)?;
        let router = http::router(&moderation, &settings, &worker, &public, watch);
        let mut router = router.merge(sandbox.router()).merge(console);
        if let (Some(file), Some(engine)) = (&options.functions, &engine) {
            router = router.merge(functions::router(engine.access_key(), &control_key, functions::files(file)?));
        }
        let http = tokio::spawn(serving::serve(listener, router, Limits::default()));
        Ok(Self {
            address,
            moderation,
            settings,
            endpoints,
            sandbox,
            control_key,
            console_path,
            dynamodb,
            worker,
            http,
            engine,
        })
    }

    /// Starts with the built-in policy, a ledger in memory and any free port: for measurements and tests.
    pub async fn start_in_memory() -> Result<Self, Failure> {
        Self::start(&ServeOptions::in_memory()).await
    }

    /// A client that asks a server on this machine: directly, whatever the environment says of proxies.
    pub fn client() -> reqwest::Client {
        reqwest::Client::builder().no_proxy().build().unwrap_or_default()
    }

    /// Sends a webhook to itself as the platform would, signed, and returns the status of the answer.
    pub async fn deliver(
        &self,
        http: &reqwest::Client,
        platform: Platform,
        body: impl Into<Vec<u8>>,
    ) -> Result<u16, Failure> {
        let body = body.into();
        let secrets = self.settings.webhook(platform);
        let secret = secrets.signing.first().map(ExposeSecret::expose_secret).unwrap_or_default();
        let (name, value) = sandbox::sign(platform, secret, &body);
        let url = self.url(&format!("/webhooks/{platform}"));
        let answer = http.post(url).header(name, value).body(body).timeout(DELIVERY_TIMEOUT).send().await;
        let answer =
            answer.map_err(|error| Failure::unusable(format!("the server does not answer itself: {error}")))?;
        Ok(answer.status().as_u16())
    }

    /// Where it can be reached.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The address of a path on it.
    pub fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    /// The use cases.
    pub fn moderation(&self) -> &Moderation {
        &self.moderation
    }

    /// Where the platforms are: the sandbox's addresses.
    pub fn endpoints(&self) -> &Endpoints {
        &self.endpoints
    }

    /// The sandbox platforms.
    pub fn sandbox(&self) -> &Sandbox {
        &self.sandbox
    }

    /// What calls to the sandbox itself have to show.
    pub fn control_key(&self) -> &str {
        self.control_key.expose()
    }

    /// By which path one opens the console: it may hold the key of this start.
    pub fn console_path(&self) -> &str {
        &self.console_path
    }

    /// The secrets in use.
    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    /// The connection to the tables, below the ledger.
    pub fn dynamodb(&self) -> &aws_sdk_dynamodb::Client {
        &self.dynamodb
    }

    /// Waits until every effect is in.
    pub async fn settle(&self, timeout: Duration) -> Result<(), Failure> {
        tokio::time::timeout(timeout, self.worker.settled())
            .await
            .map_err(|_| {
                Failure::negative(either(
                    "alcune azioni sono ancora in attesa; un prossimo avvio le riprende",
                    "some actions are still pending; a later start goes on with them",
                ))
            })?
            .map_err(|error| Failure::unusable(error.to_string()))
    }

    /// Reads the platforms that do not push, now.
    pub async fn poll(&self) {
        self.moderation.poll(Pace::AtOnce).await;
        self.worker.wake();
    }

    /// Stops accepting and working. What is pending stays in the ledger.
    pub async fn stop(self) {
        self.worker.stop().await;
        self.http.abort();
    }

    /// Why nothing is acknowledged any more, if that is so: what became of the data file.
    pub(super) fn fault(&self) -> Option<LedgerError> {
        self.engine.as_ref()?.watch()?.fault()
    }

    /// Works, and does what is to be done at night, until it is stopped.
    pub(super) async fn watch(&self, nights: Nights) {
        self.worker.watch(nights).await;
    }

    /// Writes the environment of functions that are to use this server, which is theirs until what is answered is dropped.
    pub(super) fn environment(&self, file: &Path) -> Result<Option<File>, Failure> {
        let Some(engine) = &self.engine else { return Ok(None) };
        let environment = Environment {
            server: &self.url(""),
            engine: engine.endpoint(),
            access_key: engine.access_key().expose(),
            control_key: self.control_key(),
            policy: &self.moderation.policy().reference.id,
        };
        environment.write(file).map(Some)
    }
}

/// Refuses to write into records that are kept at a time before they began, for the same reason.
async fn not_before_the_records(now: Timestamp, ledger: &Ledger) -> Result<(), Failure> {
    let begun = ledger.begun().await?.filter(|begun| ledger::day(now) < *begun);
    if let Some(begun) = begun {
        return Err(Failure::unusable(say!(
            "--now {now}: le registrazioni di questo registro cominciano il {begun}, e una data precedente vi resterebbe per \
             sempre; indicarne una da allora in poi, o provare su un altro registro",
            "--now {now}: the records of this ledger begin on {begun}, and an earlier date would stay in them for ever; name \
             one since then, or rehearse on another ledger"
        )));
    }
    Ok(())
}

async fn open_ledger(
    options: &ServeOptions,
    policy: &Policy,
    settings: &Settings,
    clock: Clock,
) -> Result<(aws_sdk_dynamodb::Client, Ledger, Option<Embedded>), Failure> {
    let (client, mut engine) = match &options.endpoint {
        Some(url) => {
            records::listens(url).await?;
            (ledger::client_for(url), None)
        }
        None => {
            let file: Option<&Path> = options.data.as_deref();
            // Beside functions the tables keep their address, which stands in shells and scripts.
            let port = match (&options.functions, options.port) {
                (None, _) | (_, 0) => 0,
                (Some(_), port) => port.checked_add(1).ok_or_else(|| {
                    Failure::unusable(
                        "--port: found 65535, expected less: with --functions the tables are on the next one",
                    )
                })?,
            };
            let engine = Embedded::start_at(file, port).await.map_err(|error| {
                let place = file.map_or("memory".to_owned(), |file| file.display().to_string());
                let error = language::of_ledger(&error);
                Failure::unusable(say!(
                    "il registro in {place} non si può aprire: {error}",
                    "the ledger in {place} cannot be opened: {error}"
                ))
            })?;
            (engine.client(), Some(engine))
        }
    };
    let ledger =
        Ledger::new(client.clone(), Tables::default(), &policy.reference.id, settings.pseudonym_keys().clone());
    ledger.create_tables().await.map_err(|e| {
        Failure::unusable(say!(
            "le tabelle non si possono creare: {}",
            "the tables cannot be created: {}",
            language::of_ledger(&e)
        ))
    })?;
    ledger.adopt_keys(clock.now()).await?;
    if let Some(engine) = &mut engine {
        // Nobody else has this engine open: whoever took up work and did not settle it was killed.
        let ended = ledger.end_leases(clock.now()).await;
        let ended = ended.map_err(|e| {
            Failure::unusable(say!(
                "ciò che è in attesa non si può leggere: {}",
                "what is pending cannot be read: {}",
                language::of_ledger(&e)
            ))
        })?;
        if ended > 0 {
            tracing::info!(actions = ended, "an earlier process ended in the middle; its work is taken up again");
        }
        // From now on the office's commands find the tables, and whoever carries out what they decide.
        engine.share().map_err(|e| Failure::unusable(e.to_string()))?;
    }
    Ok((client, ledger, engine))
}

/// The variable that agrees on the key of the sandbox's own calls, for programs that are started beside the server.
pub(super) const SANDBOX_KEY: &str = "GALATEO_SANDBOX_KEY";

/// The fewest characters of a key that was agreed on: as hex digits, 64 bits.
const SHORTEST_KEY: usize = 16;

/// What calls to the sandbox itself have to show: another at each start, unless one was agreed on.
fn control_key() -> Result<Key, Failure> {
    match std::env::var(SANDBOX_KEY) {
        Ok(key) if key.len() >= SHORTEST_KEY && key.bytes().all(|byte| byte.is_ascii_graphic()) => Ok(Key::agreed(key)),
        Ok(key) => Err(Failure::unusable(format!(
            "{SANDBOX_KEY}: found {} characters, expected at least {SHORTEST_KEY} letters, digits or signs without spaces",
            key.chars().count()
        ))),
        Err(_) => Ok(Key::random()),
    }
}

/// Access tokens that only this start's sandbox takes. Those that an organisation may have set are for the platforms.
fn sandbox_tokens(policy: &Policy, control_key: &Key) -> Tokens {
    let mut tokens = Tokens::default();
    for account in &policy.accounts {
        tokens.set(account.platform, account.id.clone(), control_key.expose().to_owned().into());
    }
    tokens
}

fn sandbox_settings(
    policy: &Policy,
    settings: &Settings,
    clock: Clock,
    base: &Url,
    control_key: Key,
) -> sandbox::Settings {
    let first = |platform: Platform| settings.webhook(platform).signing.first().cloned();
    sandbox::Settings {
        accounts: policy.accounts.clone(),
        secrets: Platform::ALL.iter().filter_map(|p| Some((*p, first(*p)?))).collect(),
        webhook_base: Some(base.clone()),
        subscribed: true,
        clock: Arc::new(move || clock.now()),
        tokens: sandbox::Tokens::Only([control_key.expose().to_owned()].into()),
        control_key: Some(control_key),
        ..sandbox::Settings::default()
    }
}
