//! What runs, and what is sent to it: `serve`, `send`, `event`, `bench`.

use std::path::PathBuf;

use clap::Args;
use jiff::Timestamp;
use policy::Platform;
use statistics::Language;
use url::Url;

use super::{between, endpoint};

/// The port of `serve` unless another is given.
pub(super) const DEFAULT_PORT: u16 = 8787;

/// `galateo serve`
#[derive(Clone, Debug, Args)]
pub struct ServeOptions {
    /// Sends the events of the `events` folder to itself over HTTP and prints what became of each.
    #[arg(long)]
    pub demo: bool,
    /// Stops when everything that was sent is judged and carried out.
    #[arg(long)]
    pub once: bool,
    /// The port on 127.0.0.1; 0 for any free one.
    #[arg(long, default_value_t = DEFAULT_PORT)]
    pub port: u16,
    /// Keeps the ledger in this file; without it, it is in memory and gone at the end.
    #[arg(long, value_name = "FILE", conflicts_with = "endpoint")]
    pub data: Option<PathBuf>,
    /// Uses the DynamoDB at this address instead of the embedded one.
    #[arg(long, value_name = "URL", value_parser = endpoint)]
    pub endpoint: Option<String>,
    /// The policy file; without it, the built-in one of Milano Monza Brianza Lodi.
    #[arg(long, value_name = "FILE")]
    pub policy: Option<PathBuf>,
    /// Starts the clock at this time, for example 2026-11-02T09:00:00Z.
    #[arg(long, value_name = "TIME")]
    pub now: Option<Timestamp>,
    /// The address under which the public reaches this server, such as `https://galateo.example.it`; without it, that of
    /// --port on this machine. Whoever has their data deleted is led there.
    #[arg(long, value_name = "URL", value_parser = public_address)]
    pub address: Option<Url>,
    /// Writes the reports of each night into this folder, about the month so far and the one before; and the seals of
    /// the audit log.
    #[arg(long, value_name = "FOLDER")]
    pub reports: Option<PathBuf>,
    /// Plays what functions run with `cargo lambda watch` need beside them, and writes their environment into this file;
    /// their tables are on the next port.
    #[arg(long, value_name = "ENVFILE", conflicts_with_all = ["demo", "once", "now", "endpoint"])]
    pub functions: Option<PathBuf>,
    /// Leaves to the functions what is pending, is to be read, and is done at night.
    #[arg(long, requires = "functions")]
    pub no_worker: bool,
    /// The language of the demo, and of what is said beside it: it or en.
    #[arg(long, requires = "demo", default_value = "it")]
    pub lang: Language,
    /// Where the sandbox platforms send their webhooks; without it, to this server, or with --functions to
    /// http://127.0.0.1:9000.
    #[arg(long, value_name = "URL")]
    pub webhooks: Option<Url>,
    /// Prints JSON only.
    #[arg(long)]
    pub json: bool,
}

/// `galateo send`
#[derive(Debug, Args)]
pub struct SendOptions {
    /// Whose body it is: facebook, instagram, linkedin, youtube or x.
    pub platform: Platform,
    /// The body as the platform sends it, for example events/facebook/comment-add-email.json; `-` for standard input.
    pub file: PathBuf,
    /// Where to: http://HOST:PORT, at which the platform's path is added, or a full address.
    #[arg(long, value_name = "URL", default_value = crate::functions::WATCH)]
    pub to: String,
    /// Prints JSON only.
    #[arg(long)]
    pub json: bool,
}

/// `galateo event`
#[derive(Debug, Args)]
pub struct EventOptions {
    /// Whose body it is: facebook, instagram, linkedin, youtube or x.
    pub platform: Platform,
    /// The body as the platform sends it; `-` for standard input.
    pub file: PathBuf,
}

/// `galateo bench`
#[derive(Debug, Args)]
pub struct BenchOptions {
    /// How many contributions each measurement takes, 64 or more.
    #[arg(long, value_name = "N", default_value_t = 2000, conflicts_with = "rate", value_parser = between(64, 10_000_000))]
    pub contributions: usize,
    /// Instead of the other measurements, sends this many contributions a second, 5 % of them violations, and compares
    /// the ledger with what the sandbox was asked.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=10_000))]
    pub rate: Option<u32>,
    /// For how long they are sent.
    #[arg(long, value_name = "N", default_value_t = 60, requires = "rate",
        value_parser = clap::value_parser!(u32).range(1..=86_400))]
    pub seconds: u32,
    /// The data is kept in this new file, and not in memory: what memory grows by then is not the data.
    #[arg(long, value_name = "FILE", requires = "rate")]
    pub data: Option<PathBuf>,
    /// Prints JSON only.
    #[arg(long)]
    pub json: bool,
}

fn public_address(text: &str) -> Result<Url, String> {
    moderation::public_address(text).map_err(|error| error.to_string())
}

impl ServeOptions {
    /// The built-in policy, a ledger in memory, any free port.
    pub fn in_memory() -> Self {
        Self {
            demo: false,
            once: false,
            port: 0,
            data: None,
            endpoint: None,
            policy: None,
            now: None,
            address: None,
            reports: None,
            functions: None,
            no_worker: false,
            webhooks: None,
            lang: Language::Italian,
            json: false,
        }
    }
}
