//! From the files to a policy: everything that is wrong with them is reported in one run.

mod automation;
mod calendar;
mod context;
mod fields;
mod identity;
mod keys;
mod ladder;
mod message;
mod register;
mod retention;
mod rules;
mod spelling;
mod terms;
mod topic;

use jiff::tz::TimeZone;
use sha2::{Digest, Sha256};
use url::Url;

use self::fields::{Placed, Reading};
use self::message::Speaker;
use self::rules::Known;
use self::terms::Lists;
use crate::engine::{Engine, Rulebook};
use crate::keys::Keys;
use crate::policy::reference;
use crate::{Clause, ListRef, Notice, Organisation, Policy, PolicyRef, Problem, Section, Service, Source};

/// Loads a policy file with the lists that it names. Lists that it does not name are not looked at.
pub(crate) fn load(file: &Source, lists: &[Source]) -> Result<Policy, Vec<Problem>> {
    let reading = Reading::new(file);
    let document = reading.document();
    let mut top = reading.top(&document);

    let head = identity::head(&reading, &mut top);
    let organisation = identity::organisation(&mut top);
    let accounts = identity::accounts(&reading, &mut top);
    let clauses = identity::clauses(&reading, &mut top);
    let services = identity::services(&reading, &mut top);
    let provisions = identity::provisions(&mut top);
    let ladder = ladder::ladder(&reading, &mut top);
    let automation = automation::automation(&mut top);
    let lead_forms = identity::lead_forms(&reading, &mut top);
    let time_zone = head.identity.as_ref().map_or(TimeZone::UTC, |identity| identity.time_zone.clone());
    let calendar = calendar::calendar(&reading, &mut top, time_zone);
    let speaker = Speaker {
        url: head.identity.as_ref().map(|identity| identity.url.as_str()),
        organisation: organisation.as_ref().map(|(organisation, _)| organisation),
        clauses: &clauses.items,
        services: &services.items,
    };
    let messages = message::messages(&reading, &mut top, &speaker);
    let topics = topic::topics(&reading, &mut top);
    let deadlines = topic::deadlines(&mut top);
    let retention = retention::retention(&mut top);
    let mut terms = Lists::default();
    let (used, list_problems) = terms.read_all(&reading, &head.lists, lists);
    let overrides = terms.adapt(&reading, &mut top);
    let known = Known {
        accounts: &accounts,
        clauses: &clauses,
        services: &services,
        lists: &terms,
        explains_protection: messages.templates.iter().any(|template| template.notice == Notice::Protection),
    };
    let rules = rules::rules(&reading, &mut top, &known);
    rules::check_overrides(&reading, &overrides, &rules);
    let lowers = rules::lowers(&reading, &mut top, &terms, &rules);
    let shipped = reader::shipped();
    let thresholds = shipped.as_ref().ok().map(|(_, thresholds)| thresholds);
    let permissions = keys::keys(&reading, &mut top, &rules, &services, thresholds);
    if let (Some(_), Err(broken)) = (&permissions, &shipped) {
        reading.note(&top.place("reader"), format!("a program whose reader cannot be used: {broken}"), "another one");
    }
    top.finish();

    let mut problems = reading.finish();
    problems.extend(list_problems);
    if !problems.is_empty() {
        return Err(problems);
    }
    let (Some(identity), Some((organisation, own))) = (head.identity, organisation) else { return Err(problems) };
    let urgent = rules.items.iter().find(|rule| rule.urgent);
    let danger = urgent.map(|rule| (rule.clause.clone(), rule.category));
    let Lists { sections, glue, abbreviations, names, articles, .. } = terms;
    let rulebook = Rulebook { rules: rules.items, lowers, sections, glue, abbreviations, names, articles };
    let own_domains = own_domains(&organisation, &services.items);
    let engine = Engine::new(rulebook, own, own_domains).map_err(|error| vec![too_large(file, &error)])?;
    let clauses = clauses.items;
    let clause_of = |category| {
        let of = |section: Option<Section>| {
            let fits =
                |clause: &&Clause| clause.category == category && section.is_none_or(|one| clause.section == one);
            clauses.iter().find(fits).map(|clause| clause.number.clone())
        };
        of(Some(Section::Removal)).or_else(|| of(None))
    };
    let keys =
        permissions.zip(shipped.ok()).map(|(permissions, shipped)| Keys::new(shipped, permissions, clause_of, danger));
    let reader = keys.as_ref().map(|keys| reference(keys.reader()));
    Ok(Policy {
        reference: PolicyRef { id: identity.id, version: identity.version, hash: sha256(file), reader },
        date: identity.date,
        time_zone: identity.time_zone,
        url: identity.url,
        organisation,
        accounts: accounts.items,
        clauses,
        services: services.items,
        provisions,
        ladder,
        automation,
        lead_forms: lead_forms.items,
        calendar,
        topics,
        messages,
        deadlines,
        retention,
        lists: used.into_iter().map(|list| ListRef { name: list.name.clone(), hash: sha256(list) }).collect(),
        engine,
        keys,
    })
}

/// The names of the lists that a policy file names, as far as they can be read.
pub(crate) fn list_names(file: &Source) -> Vec<String> {
    let reading = Reading::new(file);
    let document = reading.document();
    let head = identity::head(&reading, &mut reading.top(&document));
    head.lists.into_iter().map(|Placed { value, .. }| value).collect()
}

/// Domains to which links are always fine: those of the site, of the contacts and of the online services.
fn own_domains(organisation: &Organisation, services: &[Service]) -> Vec<String> {
    let addresses = std::iter::once(&organisation.website).chain(services.iter().map(|service| &service.url));
    let hosts = addresses.filter_map(|address| Some(Url::parse(address).ok()?.domain()?.to_owned()));
    let mails = std::iter::once(&organisation.email).chain(&organisation.contacts);
    let mailed = mails.filter_map(|contact| Some(contact.rsplit_once('@')?.1.to_lowercase()));
    hosts.map(|host| host.trim_start_matches("www.").to_owned()).chain(mailed).collect()
}

fn too_large(file: &Source, error: &aho_corasick::BuildError) -> Problem {
    Problem {
        file: file.name.clone(),
        line: 1,
        field: "rule".to_owned(),
        found: "more terms than can be compiled".to_owned(),
        expected: format!("fewer or shorter terms: {error}"),
    }
}

fn sha256(source: &Source) -> String {
    hex::encode(Sha256::digest(source.text.as_bytes()))
}
