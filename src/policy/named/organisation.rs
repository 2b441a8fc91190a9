//! Who speaks and by which articles: the organisation, its official accounts, its online services, its clauses.

use serde::{Deserialize, Serialize};

use crate::{AccountId, Platform, SanctionKind};

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
    /// The address of its page, which a redirect cites.
    pub url: String,
}

/// What the published page says beside the clauses, in Italian.
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

impl Gravity {
    /// How much a violation counts where the clause does not say: light 0, ordinary 1, grave 2.
    pub const fn weight(self) -> u32 {
        match self {
            Gravity::Light => 0,
            Gravity::Ordinary => 1,
            Gravity::Grave => 2,
        }
    }
}

/// To whom the office refers a violation, beside what it does itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Referral {
    /// Those who run the platform.
    Platform,
    /// The authorities, where the law asks for it: a person decides whether it does.
    Authorities,
}

impl Referral {
    /// Everyone to whom something can be referred.
    pub const ALL: [Referral; 2] = [Referral::Platform, Referral::Authorities];

    /// The key used in files and tables.
    pub const fn as_str(self) -> &'static str {
        match self {
            Referral::Platform => "platform",
            Referral::Authorities => "authorities",
        }
    }
}

/// Which part of the published document a clause stands in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Section {
    /// The rules of good conduct.
    Netiquette,
    /// The violations for which a contribution is removed.
    Removal,
}

/// One article of the policy.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Clause {
    /// The number by which it is cited: `N1`… in the netiquette, `R1`… in the removal list.
    pub number: String,
    /// In which part of the policy it stands.
    pub section: Section,
    /// A short title, in Italian.
    pub title: String,
    /// The text as published, in Italian.
    pub text: String,
    /// What it is about.
    pub category: crate::Category,
    /// How serious a violation is.
    pub gravity: Gravity,
    /// How much a violation counts against its author: the weight of its strike. With 0 nothing follows from it.
    pub weight: u32,
    /// The sanction that one violation may lead to at once, past the steps below it. Only of a grave clause.
    pub skips_to: Option<SanctionKind>,
    /// Before whom the office brings a violation.
    pub refer_to: Vec<Referral>,
}
