//! `galateo report`: what users report by e-mail.

use std::io;
use std::path::Path;

use ledger::{ReportId, SenderCheck, UserReport};
use local::files;
use moderation::{Arrival, MAX_MAIL_BYTES, Proof, Receipt, ReportOutcome, is_mail, person};
use serde_json::json;

use super::Session;
use super::print::json;
use crate::cli::{ReportEraseOptions, ReportOptions, ReportShowOptions};
use crate::language::{self, either, say};
use crate::terminal::failure::Failure;
use crate::terminal::output;

/// Takes an e-mail, and writes its receipt.
pub async fn take(session: &Session, file: &Path, options: &ReportOptions) -> Result<(), Failure> {
    let raw = read(file)?;
    // Before the report is recorded: its receipt is written once.
    if let Some(folder) = &options.outbox {
        files::folder_for_files(folder).map_err(not_written(folder))?;
    }
    // Under a wrong key it would be another's report about something else.
    session.moderation.ledger().adopt_keys(session.moderation.clock().now()).await?;
    let proof = if options.verified { Proof::Dmarc } else { Proof::Unchecked };
    let taken = session.moderation.take_user_report(&raw, &Arrival { proof, unreturnable: false }).await?;
    let outbox = options.outbox.as_deref();
    let mut shown = None;
    if let Some(receipt) = &taken.receipt {
        shown = Some(match outbox {
            Some(folder) => {
                let path = put(folder, receipt)?;
                session.moderation.receipt_sent(receipt).await?;
                path
            }
            None => String::from_utf8_lossy(&receipt.message).into_owned(),
        });
    }
    if session.json {
        return json(&json!({
            "report": taken.id, "outcome": taken.outcome.as_str(), "links": taken.links, "cases": taken.cases,
            "receipt": shown
        }));
    }
    let what = match taken.outcome {
        ReportOutcome::New => either("Segnalazione registrata", "Report recorded"),
        ReportOutcome::Repeated => either("Segnalazione già registrata", "Report recorded already"),
        ReportOutcome::OverLimit => either(
            "Non registrata: troppe segnalazioni dello stesso mittente in un giorno",
            "Not recorded: too many reports of the same sender in a day",
        ),
        ReportOutcome::Automatic => either(
            "Non registrata: messaggio automatico che non riguarda alcun contenuto",
            "Not recorded: an automatic message that is about no content",
        ),
    };
    let mut page = session.page();
    page.line(say!(
        "{what}: {}. Contenuti: {}, con un caso: {}.",
        "{what}: {}. Contents: {}, with a case: {}.",
        taken.id,
        taken.links,
        taken.cases
    ));
    match (shown, outbox) {
        (Some(path), Some(_)) => page.line(say!("Ricevuta: {path}", "Receipt: {path}")),
        (Some(message), None) => page.line(format!("\n{message}")),
        (None, _) => page.line(either("Nessuna ricevuta.", "No receipt.")),
    }
    page.print()
}

/// Everything about a report.
pub async fn show(session: &Session, options: &ReportShowOptions) -> Result<(), Failure> {
    let id: ReportId = options.id.parse().map_err(|_| {
        Failure::unusable(say!(
            "{:?} non è una segnalazione: serve il riferimento che ne danno l'attività e la ricevuta",
            "{:?} is no report: expected its id, as its task and its receipt name it",
            options.id
        ))
    })?;
    let Some(report) = session.office().report(&id).await? else {
        return Err(Failure::unusable(say!(
            "nessuna segnalazione {id}, oppure il suo tempo è scaduto",
            "no report {id}, or its time is over"
        )));
    };
    if session.json {
        let value = serde_json::to_value(&report);
        return json(&value.map_err(|_| {
            Failure::unusable(either(
                "la segnalazione non si può scrivere come JSON",
                "the report cannot be written as JSON",
            ))
        })?);
    }
    print(session, &report)
}

/// Erases a report, or everything that came from an address.
pub async fn erase(session: &Session, options: &ReportEraseOptions) -> Result<(), Failure> {
    let office = session.office();
    let reports = match (options.what.parse::<ReportId>(), options.what.trim()) {
        (Ok(id), _) => usize::from(office.erase_report(&id, &person(&options.by)?).await?),
        (Err(_), address) if address.contains('@') => office.erase_reporter(address, &person(&options.by)?).await?,
        _ => {
            return Err(Failure::unusable(either(
                "serve il riferimento di una segnalazione, oppure un indirizzo e-mail",
                "expected the id of a report, or an e-mail address",
            )));
        }
    };
    session.purge().await?;
    if session.json {
        return json(&json!({ "erased": reports }));
    }
    output::print(&say!("Segnalazioni cancellate: {reports}.\n", "Reports erased: {reports}.\n"))
}

fn print(session: &Session, report: &UserReport) -> Result<(), Failure> {
    let mut page = session.page();
    page.line(say!("Segnalazione {}", "Report {}", report.id));
    page.field(either("Ricevuta", "Received"), page.time(report.received_at));
    page.field(either("Da leggere entro", "To be read until"), page.deadline(Some(report.deadline)));
    let check = match report.sender_check {
        SenderCheck::Passed => either("verificato", "verified"),
        SenderCheck::Failed => either("NON VERIFICATO", "NOT VERIFIED"),
        SenderCheck::Unchecked => either("da un file, non controllato", "from a file, not checked"),
    };
    page.field(
        either("Mittente", "Sender"),
        format!("{} ({check})", report.sender.as_deref().unwrap_or(either("sconosciuto", "unknown"))),
    );
    page.field(either("Oggetto", "Subject"), report.subject.as_deref().unwrap_or_default());
    page.field(either("Risposte inviate", "Answers sent"), report.answered.len().to_string());
    page.field(either("Conservata fino al", "Kept until"), page.time(report.expires_at));
    let about = report.about.iter().map(|about| {
        let case = about.case.as_ref().map(ToString::to_string).unwrap_or_default();
        let erased = either(
            "tolto: l'autore del contenuto è stato cancellato",
            "taken away: the author of the content was erased",
        );
        let link = about.link.as_deref().unwrap_or(erased);
        [case, about.platform.name().to_owned(), link.to_owned()]
    });
    page.section(
        either("Contenuti", "Contents"),
        either(["Caso", "Piattaforma", "Link"], ["Case", "Platform", "Link"]),
        about.collect(),
    );
    if report.links_left_out > 0 {
        page.line(say!(
            "Altri {} link non sono stati considerati.",
            "{} more links were not looked at.",
            report.links_left_out
        ));
    }
    let attachments = report.attachments.iter().map(|kept| [kept.media_type.clone(), kept.bytes.to_string()]);
    page.section(
        either("Allegati, non conservati", "Attachments, not kept"),
        either(["Tipo", "Byte"], ["Type", "Bytes"]),
        attachments.collect(),
    );
    if report.attachments_left_out > 0 {
        page.line(say!("Altri {} allegati.", "{} more attachments.", report.attachments_left_out));
    }
    page.heading(either("Testo", "Text"));
    for line in report.text.lines() {
        page.line(line);
    }
    if report.text_cut {
        page.line(either(
            "[il testo continuava: ne è conservato l'inizio]",
            "[the text went on: its beginning is kept]",
        ));
    }
    page.print()
}

/// The e-mail. What is too long for one, or is none, is refused: what is recorded of a report is what was in it.
fn read(file: &Path) -> Result<Vec<u8>, Failure> {
    let raw = match file.to_str() {
        Some("-") => files::read_from(io::stdin().lock(), MAX_MAIL_BYTES as u64),
        _ => files::read(file, MAX_MAIL_BYTES as u64),
    };
    let raw = raw.map_err(|error| {
        let error = language::of_cause(&error);
        Failure::unusable(say!("{} non si può leggere: {error}", "{} cannot be read: {error}", file.display()))
    })?;
    if is_mail(&raw) {
        return Ok(raw);
    }
    Err(Failure::unusable(say!(
        "{} non è un'e-mail: serve il messaggio intero, con le sue intestazioni, come il programma di posta lo salva (.eml)",
        "{} is no e-mail: expected the whole message with its header fields, as a mail program saves it (.eml)",
        file.display()
    )))
}

/// Writes a receipt; answers where.
fn put(folder: &Path, receipt: &Receipt) -> Result<String, Failure> {
    let path = folder.join(format!("{}-{}.eml", receipt.report, receipt.mail));
    files::write(&path, &receipt.message).map_err(not_written(&path))?;
    Ok(path.display().to_string())
}

fn not_written(path: &Path) -> impl Fn(io::Error) -> Failure {
    move |error| {
        let error = language::of_cause(&error);
        Failure::unusable(say!("{} non si può scrivere: {error}", "{} cannot be written: {error}", path.display()))
    }
}
