//! `galateo author`: what is on record about a person, lifting a block, notes.

use disclosure::json;
use ledger::{AuthorRecord, Pseudonym};
use policy::{Platform, PlatformUserId};
use serde_json::json;

use super::{Session, ruled, standing};
use crate::cli::{AuthorName, AuthorOptions, AuthorRulingOptions};
use crate::language::{either, say};
use crate::terminal::failure::Failure;
use crate::terminal::output;

/// What is on record about an author.
pub async fn show(session: &Session, options: &AuthorOptions) -> Result<(), Failure> {
    let author = named(session, &options.author).await?.1;
    let record = session.office().author(&author).await?;
    let waiting = session.office().still_kept_out(&record).await?;
    let mut page = session.page();
    if session.json {
        let mut shown = json::author(Some(&author), &record, page.now());
        if !waiting.is_empty() {
            shown["still_kept_out"] = json!(waiting.iter().map(|task| &task.id).collect::<Vec<_>>());
        }
        return output::json(&shown);
    }
    page.line(say!("Autore {author}", "Author {author}"));
    if record == AuthorRecord::default() {
        page.line(either("Non risulta nulla.", "Nothing is on record."));
        return page.print();
    }
    page.field(either("Peso", "Weight"), record.standing.weight(page.now()).to_string());
    let blocked = match waiting.first() {
        _ if record.standing.is_blocked(page.now()) => either("sì", "yes").to_owned(),
        None => "no".to_owned(),
        Some(task) => say!(
            "non più, ma sulla piattaforma finché qualcuno non lo sblocca: attività {}",
            "no longer, but on the platform until somebody lets them in: task {}",
            task.id
        ),
    };
    page.field(either("Bloccato", "Blocked"), blocked);
    standing::strikes(&mut page, &record);
    standing::sanctions(&mut page, &record);
    let notes = record.notes.iter().map(|note| [page.time(note.at), note.by.to_string(), note.text.clone()]).collect();
    page.section(either("Annotazioni", "Notes"), either(["Quando", "Chi", "Testo"], ["When", "Who", "Text"]), notes);
    page.print()
}

/// Lifts the block or ban in force.
pub async fn unban(session: &Session, options: &AuthorRulingOptions) -> Result<(), Failure> {
    let author = named(session, &options.author).await?.1;
    // The case that carries the sanction tells what is left to do.
    let case = session.office().kept_out_by(&author).await?;
    let done = either("L'autore può di nuovo partecipare", "The author can take part again");
    let ruled = session.office().unban(&author, &ruled::ruling(&options.ruling)?).await?;
    ruled::tell(session, &case, done, ruled).await
}

/// Notes something about an author.
pub async fn note(session: &Session, options: &AuthorRulingOptions) -> Result<(), Failure> {
    let (platform, author) = named(session, &options.author).await?;
    let platform = match platform {
        Some(platform) => platform,
        None => session.office().platform_of(&author).await?.ok_or_else(|| {
            Failure::unusable(either(
                "di questo autore non risulta nulla: indicare la piattaforma e l'id della persona",
                "nothing is on record about this author: name the platform and the person's id",
            ))
        })?,
    };
    session.office().note(platform, &author, &ruled::ruling(&options.ruling)?).await?;
    if session.json {
        return output::json(&json!({ "author": author, "noted": true }));
    }
    output::print(&say!("Annotato. Autore {author}.\n", "Noted. Author {author}.\n"))
}

/// Whom the arguments name. The platform is known only where they name it.
pub async fn named(session: &Session, who: &AuthorName) -> Result<(Option<Platform>, Pseudonym), Failure> {
    match who.name.as_slice() {
        [platform, id] => {
            let platform: Platform =
                platform.parse().map_err(|_: policy::UnknownPlatform| no_such_platform(platform))?;
            if id.trim().is_empty() {
                return Err(Failure::unusable(either(
                    "l'id della persona è vuoto: serve quello che ha sulla piattaforma",
                    "found an empty id, expected the person's id on the platform",
                )));
            }
            let id = PlatformUserId::new(id.as_str());
            Ok((Some(platform), session.office().known_as(platform, &id).await?))
        }
        [pseudonym] => {
            let expected = either(
                "serve la piattaforma con l'id della persona, oppure lo pseudonimo di 32 cifre esadecimali",
                "expected the platform with the person's id, or the pseudonym of 32 hex digits",
            );
            Ok((None, pseudonym.parse().map_err(|_: ledger::NotAnId| Failure::unusable(expected))?))
        }
        _ => Err(Failure::unusable(either("serve un solo autore", "expected a single author"))),
    }
}

fn no_such_platform(found: &str) -> Failure {
    let known: Vec<&str> = Platform::ALL.iter().map(|platform| platform.as_str()).collect();
    let known = known.join(", ");
    Failure::unusable(say!(
        "{found:?} non è una piattaforma; ci sono: {known}",
        "{found:?} is not a platform, expected one of: {known}"
    ))
}
