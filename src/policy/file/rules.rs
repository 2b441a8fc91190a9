//! The `[[rule]]` sections: how clauses are recognised, with every reference checked.

use super::identity::{name, platforms};
use super::reader::{Placed, Reading, Section, quoted};
use super::register::Register;
use super::terms::Terms;
use crate::detectors::Detector;
use crate::engine::{Pattern, Rule, Scope};
use crate::{Account, AccountId, Category, Clause, Kind, Outcome, Service};

/// What rules may refer to.
pub(super) struct Known<'k> {
    pub(super) accounts: &'k Register<Account>,
    pub(super) clauses: &'k Register<Clause>,
    pub(super) services: &'k Register<Service>,
    pub(super) terms: &'k Terms,
}

pub(super) fn rules(reading: &Reading<'_>, top: &mut Section<'_>, known: &Known<'_>) -> Vec<Rule> {
    let register = Register::read(top.sections("rule"), |section, names| {
        let id = name(section, "id");
        if let Some(id) = &id {
            names.declare(reading, id);
        }
        let clause = section.text("clause");
        let outcome = section.choice(
            "outcome",
            &[Outcome::Hide, Outcome::Review, Outcome::Redirect].map(|outcome| (outcome.as_str(), outcome)),
        );
        let clause = clause.and_then(|number| clause_of(reading, known, &number, outcome.as_ref()));
        let service = section.optional_text("service");
        check_service(reading, section, known, outcome.as_ref(), service.as_ref());
        let recognition = [section.has("terms"), section.has("patterns"), section.has("detectors")];
        if !recognition.contains(&true) {
            reading.note(&section.place("terms"), "nothing", "terms, patterns or detectors to recognise the clause by");
        }
        let words = words_of(reading, section, known);
        let patterns = patterns_of(reading, section);
        let choices = Detector::ALL.map(|detector| (detector.as_str(), detector));
        let detectors: Vec<Detector> =
            section.choices("detectors", &choices).into_iter().map(|detector| detector.value).collect();
        let scope = section.optional_section("scope").map_or_else(Scope::default, |section| {
            let detects_only = recognition == [false, false, true];
            scope_of(reading, section, known, detects_only)
        });
        Some(Rule {
            id: id?.value,
            clause: clause?.number.clone(),
            category: clause?.category,
            outcome: outcome?.value,
            service: service.map(|service| service.value),
            words,
            patterns,
            detectors,
            scope,
        })
    });
    register.items
}

/// The clause with this number; its category and the outcome must agree on whether there is a violation.
fn clause_of<'k>(
    reading: &Reading<'_>,
    known: &Known<'k>,
    number: &Placed<String>,
    outcome: Option<&Placed<Outcome>>,
) -> Option<&'k Clause> {
    if !known.clauses.declares(&number.value) {
        reading.note(&number.place, quoted(&number.value), "the number of a clause of this policy");
    }
    let clause = known.clauses.items.iter().find(|clause| clause.number == number.value)?;
    let is_case = clause.category == Category::PersonalCase;
    match outcome {
        Some(outcome) if outcome.value == Outcome::Redirect && !is_case => {
            let found = format!("{} of category {}", quoted(&number.value), clause.category.as_str());
            reading.note(&number.place, found, "a clause of category personal_case, because the rule redirects");
        }
        Some(outcome) if outcome.value == Outcome::Hide && is_case => {
            let expected = "redirect or review, because a personal case is not a violation";
            reading.note(&outcome.place, quoted(outcome.value.as_str()), expected);
        }
        _ => {}
    }
    Some(clause)
}

fn check_service(
    reading: &Reading<'_>,
    section: &Section<'_>,
    known: &Known<'_>,
    outcome: Option<&Placed<Outcome>>,
    service: Option<&Placed<String>>,
) {
    let redirects = outcome.map(|outcome| outcome.value == Outcome::Redirect);
    match (redirects, service) {
        (Some(true), None) if !section.has("service") => {
            reading.note(&section.place("service"), "nothing", "the id of the service to redirect to");
        }
        (Some(false), Some(service)) => {
            reading.note(&service.place, quoted(&service.value), "no service, because the rule does not redirect");
        }
        _ => {}
    }
    if let Some(service) = service
        && !known.services.declares(&service.value)
    {
        reading.note(&service.place, quoted(&service.value), "the id of a service of this policy");
    }
}

fn words_of(reading: &Reading<'_>, section: &mut Section<'_>, known: &Known<'_>) -> Vec<String> {
    let mut words = Vec::new();
    for list in section.texts("terms") {
        match known.terms.words(&list.value) {
            Some(listed) => words.extend_from_slice(listed),
            None if known.terms.is_complete() => {
                reading.note(&list.place, quoted(&list.value), "the id of terms in a list of this policy");
            }
            None => {}
        }
    }
    words
}

fn patterns_of(reading: &Reading<'_>, section: &mut Section<'_>) -> Vec<Pattern> {
    let mut patterns = Vec::new();
    for text in section.texts("patterns") {
        match Pattern::new(&text.value) {
            Ok(pattern) => patterns.push(pattern),
            Err(expected) => reading.note(&text.place, quoted(&text.value), expected),
        }
    }
    patterns
}

fn scope_of(reading: &Reading<'_>, mut section: Section<'_>, known: &Known<'_>, detects_only: bool) -> Scope {
    let in_platforms = section.choices("platforms", &platforms());
    let in_accounts = section.texts("accounts");
    let kinds = section.choices("kinds", &Kind::ALL.map(|kind| (kind.as_str(), kind)));
    for account in &in_accounts {
        let same_id = |listed: &&Account| listed.id.as_str() == account.value;
        match known.accounts.items.iter().find(same_id) {
            None if known.accounts.declares_any(|name| name.ends_with(&format!(" {}", account.value))) => {}
            None => reading.note(&account.place, quoted(&account.value), "the id of an account of this policy"),
            Some(listed) if in_platforms.iter().any(|platform| platform.value == listed.platform) => {}
            Some(_) if in_platforms.is_empty() => {}
            Some(listed) => {
                let found = format!("{} on {}", quoted(&account.value), listed.platform);
                reading.note(&account.place, found, "an account on one of the platforms of the scope");
            }
        }
    }
    if detects_only
        && let [kind] = kinds.as_slice()
        && kind.value == Kind::Message
    {
        let expected =
            "other kinds too: in private messages personal data is not looked for, so the rule never matches";
        reading.note(&kind.place, quoted(kind.value.as_str()), expected);
    }
    section.finish();
    Scope {
        platforms: in_platforms.into_iter().map(|platform| platform.value).collect(),
        accounts: in_accounts.into_iter().map(|account| AccountId::new(account.value)).collect(),
        kinds: kinds.into_iter().map(|kind| kind.value).collect(),
    }
}
