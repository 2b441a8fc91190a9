//! Who speaks: the organisation, its official accounts, its contacts and its online services.

use serde::Serialize;

use crate::{AccountId, Platform};

/// The public body whose policy this is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Organisation {
    /// The full name, in Italian.
    pub name: String,
    /// The office that runs the accounts.
    pub office: String,
    /// Where reports about the policy are sent.
    pub email: String,
    /// The organisation's site.
    pub website: String,
    /// Further contacts of the organisation that are never personal data: e-mail addresses, `@` and a domain for all
    /// addresses in it and below it, telephone numbers, IBAN.
    pub contacts: Vec<String>,
}

/// One official profile of the organisation on a platform; what is not listed is not ours.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Account {
    /// Where the profile is.
    pub platform: Platform,
    /// The platform's id of the profile, as its webhooks spell it (LinkedIn: the full organization URN).
    pub id: AccountId,
    /// The handle or vanity name, as published.
    pub handle: String,
    /// The displayed name.
    pub name: String,
    /// The published address.
    pub url: String,
    /// Whether it is in use.
    pub state: AccountState,
    /// Instagram only: the Facebook Page that it is linked to. With it, calls go through Facebook Login (the Graph
    /// host and this Page); without it, through Instagram Login.
    pub page: Option<AccountId>,
}

/// Whether an account is in use.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum AccountState {
    /// In use and published.
    Active,
    /// Reserved: moderated if anything arrives, not published yet.
    Planned,
    /// No longer in use: kept for the record, what arrives is not moderated.
    Closed,
}

/// An online service to which personal cases are redirected.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Service {
    /// The key that rules name.
    pub id: String,
    /// The name shown to citizens.
    pub name: String,
    /// Where it is.
    pub url: String,
}

/// What the published page says besides the clauses, in Italian.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Provisions {
    /// What the channels are for.
    pub purpose: Option<String>,
    /// How and when they are moderated.
    pub moderation: Option<String>,
    /// How repeated violations are treated.
    pub sanctions: Option<String>,
    /// What is done with personal data.
    pub privacy: Option<String>,
    /// Where to report what should not stand there.
    pub reports: Option<String>,
}

/// How serious a violation of a clause is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Gravity {
    /// Asked of everyone, not sanctioned by itself.
    Light,
    /// Counts as a strike.
    Ordinary,
    /// May lead to a ban without a warning (invariant 5).
    Grave,
}

/// Which part of the published document a clause stands in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Section {
    /// The rules of good conduct.
    Netiquette,
    /// What is removed.
    Removal,
}

/// One article of the policy.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Clause {
    /// The number by which it is cited: `N1`… in the netiquette, `R1`… in the removal list.
    pub number: String,
    /// Where it stands.
    pub section: Section,
    /// A short title, in Italian.
    pub title: String,
    /// The text as published, in Italian.
    pub text: String,
    /// What it is about.
    pub category: crate::Category,
    /// How serious a violation is.
    pub gravity: Gravity,
}
