//! Who speaks and by which rules: the sections that describe the organisation and its published document.

use jiff::civil::Date;
use jiff::tz::{TimeZone, TimeZoneDatabase};
use url::Url;

use super::fields::{Placed, Reading, Section, quoted};
use super::register::Register;
use crate::detectors::{Contact, Contacts};
use crate::named::organisation::Section as Part;
use crate::{
    Account, AccountId, AccountState, Category, Clause, Gravity, LeadForm, Organisation, Platform, Provisions,
    Referral, SanctionKind, Service,
};

/// The most that a strike may weigh, and that a step of the ladder may ask for.
pub(super) const HEAVIEST: u32 = 100;

/// What `[policy]` says.
pub(super) struct Head {
    /// The lists it names, even when the rest is incomplete.
    pub(super) lists: Vec<Placed<String>>,
    pub(super) identity: Option<Identity>,
}

pub(super) struct Identity {
    pub(super) id: String,
    pub(super) version: String,
    pub(super) date: Date,
    pub(super) time_zone: TimeZone,
    pub(super) url: String,
}

/// Whether a name leads to a file in the folder of the policy, on every system.
fn is_in_folder(name: &str) -> bool {
    let is_plain = |part: &str| !matches!(part, "" | "." | "..") && !part.contains(['\\', ':', '\0']);
    name.split('/').all(is_plain)
}

pub(super) fn head(reading: &Reading<'_>, top: &mut Section<'_>) -> Head {
    let Some(mut section) = top.section("policy") else { return Head { lists: Vec::new(), identity: None } };
    let id = name(&mut section, "id");
    let version = section.text("version");
    let date = section.date("date");
    let time_zone = section
        .parsed("time_zone", "a time zone such as Europe/Rome", |zone| TimeZoneDatabase::bundled().get(zone).ok());
    let url = address(&mut section, "url");
    let mut lists: Vec<Placed<String>> = Vec::new();
    for list in section.texts("lists") {
        if lists.iter().any(|earlier| earlier.value == list.value) {
            reading.note(&list.place, quoted(&list.value), "each list only once");
        } else if !is_in_folder(&list.value) {
            reading.note(
                &list.place,
                quoted(&list.value),
                "a list in the folder of the policy, without .. in its path",
            );
        } else {
            lists.push(list);
        }
    }
    section.finish();
    let identity = || {
        Some(Identity {
            id: id?.value,
            version: version?.value,
            date: date?,
            time_zone: time_zone?.value,
            url: url?.value,
        })
    };
    Head { lists, identity: identity() }
}

/// The organisation, and its contacts in the form in which they are compared.
pub(super) fn organisation(top: &mut Section<'_>) -> Option<(Organisation, Contacts)> {
    let mut section = top.section("organisation")?;
    let name = section.text("name");
    let office = section.text("office");
    let email = section.parsed("email", "an e-mail address", |email| match Contact::parse(email) {
        Some(contact @ Contact::Email(_)) => Some((email.to_owned(), contact)),
        _ => None,
    });
    let website = address(&mut section, "website");
    let contacts =
        section.all_parsed("contacts", "an e-mail address, @ and a domain, a telephone number or an IBAN", |contact| {
            Some((contact.to_owned(), Contact::parse(contact)?))
        });
    section.finish();
    let (email, own_email) = email?.value;
    let (contacts, mut own): (Vec<_>, Vec<_>) = contacts.into_iter().map(|contact| contact.value).unzip();
    own.push(own_email);
    let organisation =
        Organisation { name: name?.value, office: office?.value, email, website: website?.value, contacts };
    Some((organisation, Contacts(own)))
}

pub(super) fn provisions(top: &mut Section<'_>) -> Provisions {
    let Some(mut section) = top.optional_section("provisions") else { return Provisions::default() };
    let mut text = |key| section.optional_text(key).map(|text| text.value);
    let provisions = Provisions {
        purpose: text("purpose"),
        moderation: text("moderation"),
        sanctions: text("sanctions"),
        privacy: text("privacy"),
        reports: text("reports"),
    };
    section.finish();
    provisions
}

pub(super) fn accounts(reading: &Reading<'_>, top: &mut Section<'_>) -> Register<Account> {
    Register::read(top.sections("account"), |section, names| {
        let platform = section.choice("platform", &platforms());
        let id = section.text("id");
        if let (Some(platform), Some(id)) = (&platform, &id) {
            names.declare_as(reading, id, format!("{} {}", platform.value, id.value));
        }
        let handle = section.text("handle");
        let name = section.text("name");
        let url = address(section, "url");
        let state = section.optional_choice(
            "state",
            &[("active", AccountState::Active), ("planned", AccountState::Planned), ("closed", AccountState::Closed)],
        );
        let page = section.optional_text("page");
        if let (Some(platform), Some(page)) = (&platform, &page)
            && platform.value != Platform::Instagram
        {
            reading.note(&page.place, "a page", "none, because only an Instagram account is linked to one");
        }
        Some(Account {
            platform: platform?.value,
            id: AccountId::new(id?.value),
            handle: handle?.value,
            name: name?.value,
            url: url?.value,
            state: state.map_or(AccountState::Active, |state| state.value),
            page: page.map(|page| AccountId::new(page.value)),
        })
    })
}

pub(super) fn clauses(reading: &Reading<'_>, top: &mut Section<'_>) -> Register<Clause> {
    Register::read(top.sections("clause"), |section, names| {
        let part = section.choice("section", &[("netiquette", Part::Netiquette), ("removal", Part::Removal)]);
        let number = section.text("number");
        if let Some(number) = &number {
            names.declare(reading, number);
        }
        if let (Some(number), Some(part)) = (&number, &part) {
            let letter = match part.value {
                Part::Netiquette => 'N',
                Part::Removal => 'R',
            };
            let digits = number.value.strip_prefix(letter).unwrap_or_default();
            if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
                reading.note(
                    &number.place,
                    quoted(&number.value),
                    format_args!("a number such as {letter}1, because of its section"),
                );
            }
        }
        let title = section.text("title");
        let text = section.text("text");
        let category = section.choice("category", &Category::ALL.map(|category| (category.as_str(), category)));
        let gravity = section.choice(
            "gravity",
            &[("light", Gravity::Light), ("ordinary", Gravity::Ordinary), ("grave", Gravity::Grave)],
        );
        let weight = section.number("weight", 0..=HEAVIEST);
        let skips_to = section.optional_choice("skips_to", &SanctionKind::ALL.map(|kind| (kind.as_str(), kind)));
        if let (Some(skips_to), Some(gravity)) = (&skips_to, &gravity)
            && gravity.value < Gravity::Grave
        {
            let expected = "none, because only a grave violation skips steps";
            reading.note(&skips_to.place, quoted(skips_to.value.as_str()), expected);
        }
        let refer_to = referrals(reading, section);
        Some(Clause {
            number: number?.value,
            section: part?.value,
            title: title?.value,
            text: text?.value,
            category: category?.value,
            weight: weight.unwrap_or(gravity.as_ref()?.value.weight()),
            gravity: gravity?.value,
            skips_to: skips_to.map(|skips_to| skips_to.value),
            refer_to,
        })
    })
}

fn referrals(reading: &Reading<'_>, section: &mut Section<'_>) -> Vec<Referral> {
    let choices = [("platform", Referral::Platform), ("authorities", Referral::Authorities)];
    let mut referrals = Vec::new();
    for Placed { value, place } in section.choices("refer_to", &choices) {
        if referrals.contains(&value) {
            reading.note(&place, quoted(value.as_str()), "each only once");
        }
        referrals.push(value);
    }
    referrals
}

pub(super) fn services(reading: &Reading<'_>, top: &mut Section<'_>) -> Register<Service> {
    Register::read(top.sections("service"), |section, names| {
        let id = name(section, "id");
        if let Some(id) = &id {
            names.declare(reading, id);
        }
        let name = section.text("name");
        let url = address(section, "url");
        Some(Service { id: id?.value, name: name?.value, url: url?.value })
    })
}

pub(super) fn lead_forms(reading: &Reading<'_>, top: &mut Section<'_>) -> Register<LeadForm> {
    Register::read(top.sections("lead_form"), |section, names| {
        let id = section.text("id");
        if let Some(id) = &id {
            names.declare(reading, id);
        }
        let name = section.text("name");
        let privacy_notice = address(section, "privacy_notice");
        Some(LeadForm { id: id?.value, name: name?.value, privacy_notice: privacy_notice?.value })
    })
}

/// The keys of all platforms, as choices.
pub(super) fn platforms() -> Vec<(&'static str, Platform)> {
    Platform::ALL.iter().map(|&platform| (platform.as_str(), platform)).collect()
}

/// A name that other sections or records refer to.
pub(super) fn name(section: &mut Section<'_>, key: &'static str) -> Option<Placed<String>> {
    section.parsed(key, "a name of lower-case letters, digits and hyphens", |text| {
        let fits = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
        text.bytes().all(fits).then(|| text.to_owned())
    })
}

/// An address on the web, kept as it is written.
fn address(section: &mut Section<'_>, key: &'static str) -> Option<Placed<String>> {
    section.parsed(key, "an address that starts with https://", |text| {
        let url = Url::parse(text).ok()?;
        let is_public = text.starts_with("https://") && url.domain().is_some_and(|domain| domain.contains('.'));
        is_public.then(|| text.to_owned())
    })
}
