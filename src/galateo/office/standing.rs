//! What is counted against an author, as tables of a page.

use ::words::record::names;
use ledger::{AuthorRecord, Case};

use super::print::Page;
use super::words;
use crate::language::{either, say};

/// What is counted against the author of a case.
pub fn of_case(page: &mut Page<'_>, case: &Case, record: &AuthorRecord) {
    let Some(author) = &case.pseudonym else { return };
    page.heading(either("Autore", "Author"));
    page.field(either("Pseudonimo", "Pseudonym"), author.as_str());
    let weight = record.standing.weight(page.now());
    let blocked = if record.standing.is_blocked(page.now()) { either(", bloccato", ", blocked") } else { "" };
    page.field(
        either("Violazioni", "Violations"),
        say!(
            "{} in corso di validità, peso {weight}{blocked}",
            "{} that still count, weight {weight}{blocked}",
            valid(page, record)
        ),
    );
    strikes(page, record);
    sanctions(page, record);
}

fn valid(page: &Page<'_>, record: &AuthorRecord) -> usize {
    record.standing.strikes.iter().filter(|strike| strike.expires_at > page.now()).count()
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
