//! `galateo serve --demo`: sends the events of the `events` folder to the running server, as the platforms would, and
//! shows what became of each; then last month's report over a made-up year.

mod events;
mod history;
mod rows;
mod table;

use std::io::IsTerminal;
use std::time::Instant;

use serde_json::json;

use crate::demo::events::Waves;
use crate::language::{either, say};
use crate::serve::server::{SETTLE_TIMEOUT, Server};
use crate::terminal::failure::Failure;
use crate::terminal::output;
use crate::terminal::progress::Progress;

/// Sends everything, waits for the effects, and prints the table, or JSON.
pub async fn run(server: &Server, json: bool) -> Result<(), Failure> {
    let started = Instant::now();
    let accounts = &server.moderation().policy().accounts;
    let comments = events::fill_sandbox(server.sandbox(), accounts, server.moderation().clock().now());
    let on_youtube = events::on_youtube(server, &comments).await?;
    let Waves { written, removed } = events::all(accounts);
    let events = [written.as_slice(), removed.as_slice()].concat();
    if !json {
        output::tell(&say!(
            "Invio di {} eventi firmati ai webhook, poi lettura di YouTube…",
            "Sending {} signed events to the webhooks, then reading YouTube…",
            events.len()
        ));
    }
    let mut progress = Progress::visible(!json && std::io::stderr().is_terminal());
    let of = events.len();
    let http = Server::client();
    let mut answers = Vec::new();
    let mut refused = Vec::new();
    for (index, event) in events.iter().enumerate() {
        if index == written.len() {
            server.poll().await;
            progress.show(|| say!("attendo gli effetti: {index}/{of}", "waiting for the effects: {index}/{of}"));
            server.settle(SETTLE_TIMEOUT).await?;
        }
        let sent_at = Instant::now();
        let status = server.deliver(&http, event.platform, event.body).await?;
        answers.push(sent_at.elapsed());
        if status != 200 {
            refused.push(say!("{}/{}: risposta {status}", "{}/{} was answered {status}", event.platform, event.name));
        }
        progress.show(|| say!("eventi inviati: {}/{of}", "events sent: {}/{of}", index + 1));
    }
    server.settle(SETTLE_TIMEOUT).await?;
    progress.clear();
    let mut deliveries = events::understood(&events, accounts);
    deliveries.push(on_youtube);
    let rows = rows::collect(server, &deliveries).await?;
    let figures = rows::Figures::of(&rows, &answers, started.elapsed());
    let moderation = server.moderation();
    let report = history::report(moderation.policy(), ledger::day(moderation.clock().now()))?;
    if json {
        output::json(&json!({ "rows": rows, "totals": figures, "report": report }))?;
    } else {
        let mut text = table::text(&rows, &figures);
        text.text(either(
            "\nCome sarebbe il rapporto del mese scorso, su un anno di dati inventati:\n",
            "\nWhat last month's report would be, over a made-up year:\n",
        ));
        report.summary.iter().for_each(|sentence| text.text(&format!("  {sentence}\n")));
        text.text(&say!("La pagina è in {}\n", "Its page is in {}\n", report.page.display()));
        output::print_styled(&text)?;
    }
    if refused.is_empty() { Ok(()) } else { Err(Failure::negative(refused.join("; "))) }
}
