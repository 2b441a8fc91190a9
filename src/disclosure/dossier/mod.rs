//! Everything on record about a case in one document, with proof: as a page, or as JSON (`docs/dossier.md`).

mod compile;
mod contents;
mod page;

use jiff::tz::TimeZone;
use policy::Policy;

use crate::Given;

pub use contents::Dossier;

impl<'d> Dossier<'d> {
    /// The dossier of what is given out about a case. As JSON it is what it serialises to.
    pub fn of(given: &'d Given, policy: &'d Policy) -> Self {
        compile::compile(given, policy)
    }

    /// The dossier as a page, on the clock of the organisation.
    pub fn page(&self, time_zone: &TimeZone) -> String {
        page::page(self, time_zone)
    }
}
