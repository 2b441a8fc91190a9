//! The receipt of a user's report: an e-mail in the words of the policy.

use ledger::{ReportId, UserReport};
use mail_builder::MessageBuilder;
use mail_builder::headers::raw::Raw;
use policy::{Language, Measure, MessageFacts, Notice, Policy};

use super::MAX_LINKS;

/// The answer to who reported something. `Debug` shows neither the address nor the message.
#[derive(Clone, PartialEq, Eq)]
pub struct Receipt {
    /// The report that it is the receipt of.
    pub report: ReportId,
    /// The message that it answers, by [`ReportId::mail`]: of the same report there may be several.
    pub mail: String,
    /// Where it comes from: the address of the policy.
    pub from: String,
    /// Where it goes.
    pub to: String,
    /// The whole message, as it is sent.
    pub message: Vec<u8>,
}

impl std::fmt::Debug for Receipt {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Receipt").field("report", &self.report).finish_non_exhaustive()
    }
}

/// The receipt of a report, to this address, as the answer to a message; `None` where the policy has no words for it.
/// The same whenever it is written: who gets it twice sees one message.
pub(super) fn receipt(
    policy: &Policy,
    report: &UserReport,
    to: &str,
    mail: &str,
    message_id: Option<&str>,
) -> Option<Receipt> {
    let reference = report.id.to_string();
    let facts = MessageFacts {
        clause: None,
        service: None,
        done: Measure::None,
        reference: &reference,
        until: Some(report.deadline),
    };
    let italian = policy.message(Notice::Receipt, Language::Italian, &facts, usize::MAX)?;
    let english = policy.message(Notice::Receipt, Language::English, &facts, usize::MAX);
    let mut text = italian.clone() + &limits(report, Language::Italian);
    // A policy without English words answers in Italian whatever the language.
    if let Some(english) = english.filter(|english| *english != italian) {
        text.push_str("\n\n-----\n\n");
        text.push_str(&(english + &limits(report, Language::English)));
    }
    let Policy { organisation, .. } = policy;
    let domain = organisation.email.rsplit_once('@').map_or("localhost", |(_, domain)| domain);
    let mut message = MessageBuilder::new()
        .from((organisation.office.as_str(), organisation.email.as_str()))
        .to(to)
        // Nothing of what the sender wrote: who claims another's address could have us send it there.
        .subject(format!("Segnalazione ricevuta, riferimento {reference}"))
        .message_id(format!("ricevuta-{reference}-{mail}@{domain}"))
        .date(report.received_at.as_second())
        .header("Auto-Submitted", Raw::new("auto-replied"))
        .header("X-Auto-Response-Suppress", Raw::new("All"))
        .text_body(text);
    if let Some(id) = message_id {
        message = message.in_reply_to(id).references(id);
    }
    Some(Receipt {
        report: report.id.clone(),
        mail: mail.to_owned(),
        from: organisation.email.clone(),
        to: to.to_owned(),
        message: message.write_to_vec().ok()?,
    })
}

/// What of the report was not taken over, as further lines.
fn limits(report: &UserReport, language: Language) -> String {
    let mut lines = String::new();
    let mut say = |holds: bool, italian: String, english: String| {
        if holds {
            lines.push_str("\n\n");
            lines.push_str(match language {
                Language::Italian => &italian,
                Language::English => &english,
            });
        }
    };
    say(
        report.links_left_out > 0,
        format!("Una segnalazione riguarda al massimo {MAX_LINKS} contenuti: gli altri non sono stati considerati."),
        format!("A report is about at most {MAX_LINKS} comments: the others were not taken into account."),
    );
    say(
        report.text_cut,
        "Il testo era molto lungo: ne abbiamo conservato l'inizio.".to_owned(),
        "The text was very long: we have kept its beginning.".to_owned(),
    );
    lines
}
