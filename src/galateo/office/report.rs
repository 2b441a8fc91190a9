//! `galateo report`: what users report by e-mail.

use std::io;
use std::path::Path;

use ledger::{ReportId, SenderCheck, UserReport};
use local::files;
use moderation::{Arrival, MAX_MAIL_BYTES, Proof, Receipt, ReportOutcome, is_mail};
use serde_json::json;

use super::Office;
use super::print::json;
use crate::cli::{ReportEraseOptions, ReportOptions, ReportShowOptions};
use crate::failure::Failure;
use crate::language::{self, either, say};
use crate::output;

/// Takes an e-mail, and writes its receipt.
pub async fn take(office: &Office, file: &Path, options: &ReportOptions) -> Result<(), Failure> {
    let raw = read(file)?;
    // Before the report is recorded: its receipt is written once.
    if let Some(folder) = &options.outbox {
        files::folder_for_files(folder).map_err(not_written(folder))?;
    }
    // Under a wrong key it would be another's report about something else.
    office.moderation.ledger().adopt_keys(office.moderation.clock().now()).await?;
    let proof = if options.verified { Proof::Dmarc } else { Proof::Unchecked };
    let taken = office.moderation.take_user_report(&raw, &Arrival { proof, unreturnable: false }).await?;
    let outbox = options.outbox.as_deref();
    let mut shown = None;
    if let Some(receipt) = &taken.receipt {
        shown = Some(match outbox {
            Some(folder) => {
                let path = put(folder, receipt)?;
                office.moderation.receipt_sent(receipt).await?;
                path
            }
            None => String::from_utf8_lossy(&receipt.message).into_owned(),
        });
    }
    if office.json {
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
    let mut page = office.page();
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
pub async fn show(office: &Office, options: &ReportShowOptions) -> Result<(), Failure> {
    let id: ReportId = options.id.parse().map_err(|_| {
        Failure::unusable(say!(
            "{:?} non è una segnalazione: serve il riferimento che ne danno l'attività e la ricevuta",
            "{:?} is no report: expected its id, as its task and its receipt name it",
            options.id
        ))
    })?;
    office.moderation.ledger().recognise_keys(office.moderation.clock().now()).await?;
    let report = office.moderation.ledger().user_report(&id, office.moderation.clock().now()).await?;
    let Some(report) = report else {
        return Err(Failure::unusable(say!(
            "nessuna segnalazione {id}, oppure il suo tempo è scaduto",
            "no report {id}, or its time is over"
        )));
    };
    if office.json {
        let value = serde_json::to_value(&report);
        return json(&value.map_err(|_| {
            Failure::unusable(either(
                "la segnalazione non si può scrivere come JSON",
                "the report cannot be written as JSON",
            ))
        })?);
    }
    print(office, &report)
}

/// Erases a report, or everything that came from an address.
pub async fn erase(office: &Office, options: &ReportEraseOptions) -> Result<(), Failure> {
    // Under a wrong key nobody has reported anything.
    office.moderation.ledger().recognise_keys(office.moderation.clock().now()).await?;
    let reports = match (options.what.parse::<ReportId>(), options.what.trim()) {
        (Ok(id), _) => usize::from(office.moderation.erase_user_report(&id, &options.by).await?),
        (Err(_), address) if address.contains('@') => office.moderation.erase_reporter(address, &options.by).await?,
        _ => {
            return Err(Failure::unusable(either(
                "serve il riferimento di una segnalazione, oppure un indirizzo e-mail",
                "expected the id of a report, or an e-mail address",
            )));
        }
    };
    office.purge().await?;
    if office.json {
        return json(&json!({ "erased": reports }));
    }
    output::print(&say!("Segnalazioni cancellate: {reports}.\n", "Reports erased: {reports}.\n"))
}

fn print(office: &Office, report: &UserReport) -> Result<(), Failure> {
    let mut page = office.page();
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
