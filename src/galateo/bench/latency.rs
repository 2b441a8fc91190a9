//! How long it takes from the webhook's arrival to the platform's effect.

use std::fmt;
use std::time::Duration;

use policy::Platform;
use serde::Serialize;

use crate::bench::raised;
use crate::bench::texts::{self, Comment};
use crate::serve::server::Server;
use crate::terminal::failure::Failure;

/// How many violations are sent at most, one after the other.
const MOST_VIOLATIONS: usize = 200;

/// From webhook to effect, in milliseconds.
#[derive(Debug, Serialize)]
pub struct Latency {
    violations: usize,
    median_ms: f64,
    p99_ms: f64,
    /// The baseline: one request that reads the ledger once, for the state of a deletion that nobody asked for.
    bare_request_ms: f64,
    times_slower: f64,
}

/// Sends violating comments and reads from the ledger when they arrived and when the platform had hidden them.
/// With few contributions to measure it takes as few violations.
pub async fn measure(contributions: usize) -> Result<Latency, Failure> {
    let count = contributions.min(MOST_VIOLATIONS);
    let server = Server::start_under(raised::policy()?, None).await?;
    let http = Server::client();
    let accounts = &server.moderation().policy().accounts;
    for number in 0..count {
        let body = texts::facebook_body(accounts, &[Comment::violating(number)])?;
        server.deliver(&http, Platform::Facebook, body).await?;
        server.settle(Duration::from_secs(60)).await?;
    }
    let unusable = |error: ledger::LedgerError| Failure::unusable(error.to_string());
    let today = server.moderation().clock().now();
    let day = ledger::day(today);
    let mut delays = Vec::new();
    for entry in server.moderation().ledger().entries(day).await.map_err(unusable)? {
        let Some(id) = &entry.case else { continue };
        let Some(case) = server.moderation().ledger().case(id, today).await.map_err(unusable)? else { continue };
        let done = case.actions.first().and_then(|action| action.effect_at);
        delays.extend(done.map(|at| at.duration_since(case.received_at).as_secs_f64() * 1000.0));
    }
    delays.sort_by(f64::total_cmp);
    let bare = bare_request(&server, &http).await?;
    server.stop().await;
    let at = |share: usize| delays.get(delays.len() * share / 100).copied();
    let (Some(median), Some(p99)) = (at(50), at(99)) else {
        return Err(Failure::negative("no effect was recorded"));
    };
    Ok(Latency {
        violations: count,
        median_ms: median,
        p99_ms: p99,
        bare_request_ms: bare,
        times_slower: median / bare.max(f64::EPSILON),
    })
}

/// The median time of a request that reads the ledger once, in milliseconds.
pub async fn bare_request(server: &Server, http: &reqwest::Client) -> Result<f64, Failure> {
    let url = server.url("/data-deletion/status?code=0");
    let mut times = Vec::new();
    for _ in 0..50 {
        let started = std::time::Instant::now();
        let answer = http.get(&url).send().await;
        answer.map_err(|error| Failure::unusable(format!("the server does not answer itself: {error}")))?;
        times.push(started.elapsed().as_secs_f64() * 1000.0);
    }
    times.sort_by(f64::total_cmp);
    Ok(times[times.len() / 2])
}

impl fmt::Display for Latency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "from webhook to effect, {} violations one after the other", self.violations)?;
        writeln!(f, "  median                                      {:>8.1} ms", self.median_ms)?;
        writeln!(f, "  99 of 100                                   {:>8.1} ms", self.p99_ms)?;
        writeln!(f, "  baseline: one request that reads once       {:>8.1} ms", self.bare_request_ms)?;
        writeln!(f, "  slower than the baseline                    {:>8.1} times", self.times_slower)
    }
}
