//! `galateo case confirm`, `overturn`, `escalate` and `assign`: what people decide about a case.

use moderation::{Extent, Ruled, person};
use policy::Outcome;
use serde_json::{Value, json};

use crate::cli::{AssignOptions, ConfirmOptions, EscalateOptions, OverturnOptions};
use crate::language::{either, say};
use crate::office::{Session, how, ruled};
use crate::terminal::failure::Failure;
use crate::terminal::output;

/// Confirms a case or a group.
pub async fn confirm(session: &Session, options: &ConfirmOptions) -> Result<(), Failure> {
    let Some(id) = &options.id else {
        return confirm_group(session, options.group.as_deref().unwrap_or_default(), options).await;
    };
    let case = session.office().find(id).await?;
    let ruling = &ruled::ruling(&options.ruling)?;
    let ruled = if options.exposed_another {
        session.office().confirm_exposure(&case.id, ruling).await?
    } else {
        session.office().confirm(&case.id, ruling).await?
    };
    let done = match case.outcome {
        _ if options.exposed_another && case.pseudonym.is_none() => either(
            "Confermato: ha esposto un'altra persona; l'autore non è noto, e non conta per nessuno",
            "Confirmed: it exposed another person; the author is not known, and it counts for nobody",
        ),
        _ if options.exposed_another => either(
            "Confermato: ha esposto un'altra persona, e conta come violazione",
            "Confirmed: it exposed another person, and counts as a violation",
        ),
        _ if matches!(ruled, Ruled::SeenTo | Ruled::RestWaits) => either(
            "Registrato: chi può essere in pericolo è stato aiutato",
            "Recorded: whoever may be in danger was helped",
        ),
        Outcome::Review if case.is_open() => either("Confermato: è una violazione", "Confirmed: it is a violation"),
        Outcome::Allow | Outcome::Redirect | Outcome::Review | Outcome::Hide => either("Confermato", "Confirmed"),
    };
    ruled::tell(session, &case.id, done, ruled).await
}

async fn confirm_group(session: &Session, group: &str, options: &ConfirmOptions) -> Result<(), Failure> {
    let confirmed = session.office().confirm_group(group, &ruled::ruling(&options.ruling)?).await?;
    if confirmed.confirmed.is_empty() && confirmed.left.is_empty() {
        return Err(Failure::negative(say!(
            "nessun caso aperto nel gruppo {group}",
            "no open case in the group {group}"
        )));
    }
    let left: Vec<(String, String)> =
        confirmed.left.iter().map(|(id, error)| (id.to_string(), how::refused(error))).collect();
    let waits = session.is_alone() && !confirmed.confirmed.is_empty();
    if session.json {
        let left: Vec<Value> = left.iter().map(|(id, why)| json!({ "id": id, "why": why })).collect();
        let more = confirmed.more;
        output::json(
            &json!({ "confirmed": confirmed.confirmed, "left": left, "more": more, "waits_for_serve": waits }),
        )?;
    } else {
        let mut page = session.page();
        let count = match confirmed.confirmed.len() {
            1 => either("1 caso confermato", "1 case confirmed").to_owned(),
            count => say!("{count} casi confermati", "{count} cases confirmed"),
        };
        page.line(say!("{count} nel gruppo {group}.", "{count} in the group {group}."));
        for (id, why) in &left {
            page.line(say!("Non confermato {id}: {why}", "Not confirmed {id}: {why}"));
        }
        if confirmed.more {
            page.line(either(
                "Il gruppo ha altri casi: ripetere il comando.",
                "The group has more cases: repeat the command.",
            ));
        }
        if waits {
            page.line(ruled::later());
        }
        page.print()?;
    }
    if left.is_empty() {
        Ok(())
    } else {
        Err(Failure::negative(say!("casi non confermati: {}", "cases not confirmed: {}", left.len())))
    }
}

/// Takes back what was done about a case, or declines the sanction that it proposes.
pub async fn overturn(session: &Session, options: &OverturnOptions) -> Result<(), Failure> {
    let case = session.office().find(&options.id).await?;
    let (extent, done) = if options.only_sanction {
        (Extent::Proposal, either("Sanzione respinta; la violazione resta", "Sanction declined; the violation stays"))
    } else {
        (Extent::Case, either("Annullato", "Overturned"))
    };
    let ruled = session.office().overturn(&case.id, &ruled::ruling(&options.ruling)?, extent, options.anyway).await?;
    ruled::tell(session, &case.id, done, ruled).await
}

/// Brings a case before others.
pub async fn escalate(session: &Session, options: &EscalateOptions) -> Result<(), Failure> {
    let case = session.office().find(&options.id).await?;
    let done = either(
        "Segnalazione affidata a una persona: è tra le attività",
        "Reporting it is left to a person: it is among the tasks",
    );
    let ruled = session.office().escalate(&case.id, options.to.into(), &ruled::ruling(&options.ruling)?).await?;
    ruled::tell(session, &case.id, done, ruled).await
}

/// Gives a case to somebody.
pub async fn assign(session: &Session, options: &AssignOptions) -> Result<(), Failure> {
    let case = session.office().find(&options.id).await?;
    let to = &person(&options.to)?;
    let ruled = session.office().assign(&case.id, to, &ruled::ruling(&options.ruling)?).await?;
    ruled::tell(session, &case.id, &say!("Assegnato a {to}", "Assigned to {to}"), ruled).await
}
