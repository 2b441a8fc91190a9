//! The report as tables, one for each subject.

pub(super) mod activity;
pub(super) mod growth;

use policy::Language;

use super::Report;
use super::table::{self, Head, Table};

/// A text in Italian and in English.
type Two = table::Two<'static>;

const PLATFORM: Head = (("piattaforma", "platform"), ("Piattaforma", "Platform"));
const ACCOUNT: Head = (("account", "account"), ("Account", "Account"));
const NAME: Head = (("nome", "name"), ("Nome", "Name"));
const CLAUSE: Head = (("articolo", "clause"), ("Articolo", "Clause"));
const TITLE: Head = (("titolo", "title"), ("Titolo", "Title"));
const DAY: Head = (("giorno", "day"), ("Giorno", "Day"));
const RECEIVED: Head = (("ricevuti", "received"), ("Ricevuti", "Received"));
const ALLOWED: Head = (("ammessi", "allowed"), ("Ammessi", "Allowed"));
const REDIRECTED: Head = (("indirizzati", "redirected"), ("Indirizzati a un servizio", "Redirected"));
const REVIEWED: Head = (("in_revisione", "reviewed"), ("In revisione", "Reviewed"));
const TO_HIDE: Head = (("da_nascondere", "to_hide"), ("Da nascondere", "To hide"));
const NOTICED: Head = (("segnalati", "noticed"), ("Segnalati in tutto", "Not simply allowed"));

/// All tables of the report.
pub(super) fn all(report: &Report, language: Language) -> Vec<Table> {
    let mut tables = activity::all(report, language);
    tables.extend(growth::all(report, language));
    tables
}
