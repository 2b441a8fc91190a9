//! `galateo author`: what is on record about a person, lifting a block, notes.

use jiff::Timestamp;
use ledger::{AuthorRecord, Pseudonym};
use moderation::OfficeError;
use policy::{Platform, PlatformUserId};
use serde_json::{Value, json};

use super::case::report;
use super::print::{Page, json};
use super::{Office, words};
use crate::cli::{AuthorName, AuthorOptions, AuthorRulingOptions};
use crate::failure::Failure;
use crate::language::{either, say};
use crate::output;
use crate::words::names;

/// What is on record about an author.
pub async fn show(office: &Office, options: &AuthorOptions) -> Result<(), Failure> {
    let author = named(office, &options.author).await?.1;
    let record = office.moderation.author(&author).await?;
    let mut page = office.page();
    if office.json {
        return json(&record_json(page.now(), Some(&author), &record));
    }
    page.line(say!("Autore {author}", "Author {author}"));
    if record == AuthorRecord::default() {
        page.line(either("Non risulta nulla.", "Nothing is on record."));
        return page.print();
    }
    page.field(either("Peso", "Weight"), record.standing.weight(page.now()).to_string());
    page.field(
        either("Bloccato", "Blocked"),
        if record.standing.is_blocked(page.now()) { either("sì", "yes") } else { "no" },
    );
    strikes(&mut page, &record);
    sanctions(&mut page, &record);
    let notes = record.notes.iter().map(|note| [page.time(note.at), note.by.to_string(), note.text.clone()]).collect();
    page.section(either("Annotazioni", "Notes"), either(["Quando", "Chi", "Testo"], ["When", "Who", "Text"]), notes);
    page.print()
}

/// Lifts the block or ban in force.
pub async fn unban(office: &Office, options: &AuthorRulingOptions) -> Result<(), Failure> {
    let author = named(office, &options.author).await?.1;
    // The case that carries the sanction tells what is left to do.
    let sanctions = office.moderation.author(&author).await?.standing.sanctions;
    let Some(sanction) = sanctions.into_iter().find(|sanction| sanction.keeps_out()) else {
        return Err(OfficeError::NotBlocked.into());
    };
    let done = either("L'autore può di nuovo partecipare", "The author can take part again");
    let ruled = office.moderation.unban(&author, (&options.ruling).into()).await?;
    report(office, &sanction.case, done, ruled).await
}

/// Notes something about an author.
pub async fn note(office: &Office, options: &AuthorRulingOptions) -> Result<(), Failure> {
    let (platform, author) = named(office, &options.author).await?;
    let platform = match platform {
        Some(platform) => platform,
        None => platform_of(office, &author).await?.ok_or_else(|| {
            Failure::unusable(either(
                "di questo autore non risulta nulla: indicare la piattaforma e l'id della persona",
                "nothing is on record about this author: name the platform and the person's id",
            ))
        })?,
    };
    office.moderation.note(platform, &author, (&options.ruling).into()).await?;
    if office.json {
        return json(&json!({ "author": author, "noted": true }));
    }
    output::print(&say!("Annotato. Autore {author}.\n", "Noted. Author {author}.\n"))
}

/// Whom the arguments name. The platform is known only where they name it.
pub async fn named(office: &Office, who: &AuthorName) -> Result<(Option<Platform>, Pseudonym), Failure> {
    match who.name.as_slice() {
        [platform, id] => {
            let platform: Platform =
                platform.parse().map_err(|_: policy::UnknownPlatform| no_such_platform(platform))?;
            let id = PlatformUserId::new(id.as_str());
            let (ledger, now) = (office.moderation.ledger(), office.moderation.clock().now());
            // Under a wrong key nobody is on record.
            ledger.recognise_keys(now).await?;
            Ok((Some(platform), ledger.known_as(platform, &id, now).await?))
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

/// The platform on which an author is known, as the first case tells; `None` when nothing does.
pub async fn platform_of(office: &Office, author: &Pseudonym) -> Result<Option<Platform>, Failure> {
    let ledger = office.moderation.ledger();
    let now = office.moderation.clock().now();
    let first = ledger.cases_by_author(author).await?.into_iter().next();
    let Some(first) = first else { return Ok(None) };
    Ok(ledger.case(&first, now).await?.map(|case| case.platform))
}

/// The strikes, the newest last.
pub fn strikes(page: &mut Page<'_>, record: &AuthorRecord) {
    let mut strikes: Vec<_> = record.standing.strikes.iter().collect();
    strikes.sort_by_key(|strike| strike.at);
    let rows = strikes.iter().map(|strike| {
        let over = if strike.expires_at <= page.now() { either(" (scaduta)", " (over)") } else { "" };
        [
            strike.case.to_string(),
            page.time(strike.at),
            page.clause(&strike.clause),
            strike.weight.to_string(),
            page.time(strike.expires_at) + over,
        ]
    });
    let rows = rows.collect();
    page.section(
        either("Violazioni contate", "Strikes"),
        either(
            ["Caso", "Quando", "Articolo", "Peso", "Conta fino"],
            ["Case", "When", "Clause", "Weight", "Counts until"],
        ),
        rows,
    );
}

/// The sanctions in their order.
pub fn sanctions(page: &mut Page<'_>, record: &AuthorRecord) {
    let mut sanctions: Vec<_> = record.standing.sanctions.iter().collect();
    sanctions.sort_by_key(|sanction| sanction.number);
    let rows = sanctions.iter().map(|sanction| {
        [
            sanction.case.to_string(),
            words::sanction(sanction.kind).to_owned(),
            words::state(sanction.state).to_owned(),
            page.time(sanction.proposed_at),
            page.maybe(sanction.effective_at),
            page.maybe(sanction.closed_at.or(sanction.ends_at)),
            names(&sanction.confirmed_by),
        ]
    });
    let rows = rows.collect();
    let head = either(
        ["Caso", "Sanzione", "Stato", "Dovuta dal", "In vigore dal", "Fino", "Confermata da"],
        ["Case", "Sanction", "State", "Due since", "In force since", "Until", "Confirmed by"],
    );
    page.section(either("Sanzioni", "Sanctions"), head, rows);
}

/// What is on record, without what only serves the audit log.
pub fn record_json(now: Timestamp, author: Option<&Pseudonym>, record: &AuthorRecord) -> Value {
    let standing = &record.standing;
    let notes = record.notes.iter().map(|note| json!({ "at": note.at, "by": note.by, "text": note.text }));
    json!({
        "pseudonym": author,
        "weight": standing.weight(now),
        "blocked": standing.is_blocked(now),
        "strikes": standing.strikes,
        "sanctions": standing.sanctions,
        "notes": notes.collect::<Vec<_>>(),
    })
}
