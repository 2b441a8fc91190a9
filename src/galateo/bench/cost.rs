//! What a contribution costs in read and write units, by the engine's own consumed-capacity answers.

use std::fmt;

use policy::Platform;
use serde::Serialize;

use crate::bench::raised;
use crate::bench::texts::{self, Comment};
use crate::serve::server::{SETTLE_TIMEOUT, Server};
use crate::terminal::failure::Failure;

/// How many contributions each figure is averaged over.
const SAMPLE: usize = 20;

/// Units for each contribution.
#[derive(Debug, Serialize)]
pub struct Cost {
    clean: Units,
    repeated: Units,
    /// Until the webhook is answered.
    violation: Units,
    /// From there until the effect is recorded.
    effect: Units,
}

#[derive(Clone, Copy, Debug, Serialize)]
struct Units {
    read: f64,
    write: f64,
}

/// Measures each path by itself, with nothing else running.
pub async fn measure() -> Result<Cost, Failure> {
    let clean: Vec<Comment> = (0..SAMPLE).map(Comment::clean).collect();
    let violating: Vec<Comment> = (SAMPLE..2 * SAMPLE).map(Comment::violating).collect();
    let server = Server::start_idle(raised::policy()?).await?;
    let clean_units = units(&server, &clean).await?;
    let repeated = units(&server, &clean).await?;
    let violation = units(&server, &violating).await?;
    let before = server.moderation().ledger().consumed();
    while server.moderation().sweep(SAMPLE).await.map_err(|e| Failure::unusable(e.to_string()))?.settled > 0 {}
    server.settle(SETTLE_TIMEOUT).await?;
    let effect = since(&server, before);
    server.stop().await;
    Ok(Cost { clean: clean_units, repeated, violation, effect })
}

impl Cost {
    /// The write units of a clean contribution, judged for the first time.
    pub fn clean_write_units(&self) -> f64 {
        self.clean.write
    }
}

async fn units(server: &Server, comments: &[Comment]) -> Result<Units, Failure> {
    let accounts = &server.moderation().policy().accounts;
    let body = texts::facebook_body(accounts, comments)?;
    let before = server.moderation().ledger().consumed();
    match server.deliver(&Server::client(), Platform::Facebook, body).await? {
        200 => Ok(since(server, before)),
        status => Err(Failure::negative(format!("a webhook of the measurement was answered {status}"))),
    }
}

fn since(server: &Server, before: ledger::Consumed) -> Units {
    let now = server.moderation().ledger().consumed();
    let each = |total: f64| total / SAMPLE as f64;
    Units { read: each(now.read_units - before.read_units), write: each(now.write_units - before.write_units) }
}

impl fmt::Display for Cost {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "read and write units for each contribution, by the engine's own count")?;
        for (name, Units { read, write }) in [
            ("clean, judged for the first time", self.clean),
            ("clean, delivered again", self.repeated),
            ("violation, until the webhook is answered", self.violation),
            ("violation, from there to the effect", self.effect),
        ] {
            writeln!(f, "  {name:<43} {read:>5.1} read {write:>5.1} write")?;
        }
        Ok(())
    }
}
