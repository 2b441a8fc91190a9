//! `galateo serve --demo`: sends the events of the `events` folder to the running server, as the platforms would, and
//! shows what became of each; then last month's report over a made-up year.

mod events;
mod history;
mod rows;
mod table;

use std::io::{IsTerminal, Write};
use std::time::Instant;

use serde_json::json;

use crate::demo::events::Waves;
use crate::failure::Failure;
use crate::output;
use crate::serve::{SETTLE_TIMEOUT, Server};

/// Sends everything, waits for the effects, and prints the table, or JSON.
pub async fn run(server: &Server, json: bool) -> Result<(), Failure> {
    let started = Instant::now();
    let accounts = &server.moderation().policy().accounts;
    let comments = events::fill_sandbox(server.sandbox(), accounts, server.moderation().clock().now());
    let on_youtube = events::on_youtube(server, &comments).await?;
    let Waves { written, removed } = events::all(accounts);
    let events = [written.as_slice(), removed.as_slice()].concat();
    let mut progress = Progress::new(events.len(), json);
    let http = reqwest::Client::new();
    let mut answers = Vec::new();
    let mut refused = Vec::new();
    for (index, event) in events.iter().enumerate() {
        if index == written.len() {
            server.poll().await;
            progress.show("attendo gli effetti", index);
            server.settle(SETTLE_TIMEOUT).await?;
        }
        let sent_at = Instant::now();
        let status = server.deliver(&http, event.platform, event.body).await?;
        answers.push(sent_at.elapsed());
        if status != 200 {
            refused.push(format!("{}/{} was answered {status}", event.platform, event.name));
        }
        progress.show("eventi inviati", index + 1);
    }
    server.settle(SETTLE_TIMEOUT).await?;
    progress.end();
    let mut deliveries = events::understood(&events, accounts);
    deliveries.push(on_youtube);
    let rows = rows::collect(server, &deliveries).await?;
    let figures = rows::Figures::of(&rows, &answers, started.elapsed());
    let moderation = server.moderation();
    let report = history::report(moderation.policy(), ledger::day(moderation.clock().now()))?;
    if json {
        output::json(&json!({ "rows": rows, "totals": figures, "report": report }))?;
    } else {
        table::print(&rows, &figures)?;
        output::print(&format!(
            "\nCome sarebbe il rapporto del mese scorso, su un anno di dati inventati:\n  {}\nLa pagina è in {}\n",
            report.summary.join("\n  "),
            report.page.display()
        ))?;
    }
    if refused.is_empty() { Ok(()) } else { Err(Failure::negative(refused.join("; "))) }
}

/// What the person at the terminal sees meanwhile. Elsewhere nothing is shown but the result.
struct Progress {
    of: usize,
    visible: bool,
}

impl Progress {
    fn new(of: usize, json: bool) -> Self {
        if !json {
            output::say(format_args!("Invio di {of} eventi firmati ai webhook, poi lettura di YouTube…"));
        }
        Self { of, visible: !json && std::io::stderr().is_terminal() }
    }

    fn show(&mut self, what: &str, done: usize) {
        if self.visible {
            eprint!("\r\x1b[K{what}: {done}/{}", self.of);
            // A progress line that cannot be shown is no reason to stop.
            let _ = std::io::stderr().flush();
        }
    }

    fn end(&mut self) {
        if self.visible {
            eprint!("\r\x1b[K");
        }
    }
}
