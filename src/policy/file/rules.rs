//! The `[[rule]]` sections: how clauses are recognised, with every reference checked.

use super::context::conditions;
use super::fields::{Placed, Reading, Section, quoted};
use super::identity::{name, platforms};
use super::register::Register;
use super::terms::{Lists, Override};
use crate::detectors::Detector;
use crate::engine::{Capitals, Context, Links, Lower, Pattern, Rule, Scope, Tier};
use crate::{Account, AccountId, Category, Clause, Kind, Outcome, Service};

/// The fields by which a rule can recognise its clause.
const RECOGNITION: [&str; 8] =
    ["terms", "patterns", "detectors", "links", "repetition", "capitals", "flood", "attachments"];

/// What rules may refer to.
pub(super) struct Known<'k> {
    pub(super) accounts: &'k Register<Account>,
    pub(super) clauses: &'k Register<Clause>,
    pub(super) services: &'k Register<Service>,
    pub(super) lists: &'k Lists,
    /// Whether the policy has words for what is hidden to protect someone.
    pub(super) explains_protection: bool,
}

pub(super) fn rules(reading: &Reading<'_>, top: &mut Section<'_>, known: &Known<'_>) -> Register<Rule> {
    Register::read(top.sections("rule"), |section, names| {
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
        let recognition: Vec<&str> = RECOGNITION.into_iter().filter(|key| section.has(key)).collect();
        if recognition.is_empty() {
            let expected = format_args!("one of {} to recognise the clause by", RECOGNITION.join(", "));
            reading.note(&section.place("terms"), "nothing", expected);
        }
        let context = context_of(reading, section, known.lists);
        let terms = terms_of(reading, section, known, outcome.as_ref(), &context);
        let patterns = patterns_of(reading, section);
        let choices = Detector::ALL.map(|detector| (detector.as_str(), detector));
        let detectors: Vec<Detector> =
            section.choices("detectors", &choices).into_iter().map(|detector| detector.value).collect();
        let links = links_of(reading, section, known.lists);
        let repetition = section.number("repetition", 2..=100);
        let capitals = section.optional_section("capitals").and_then(capitals_of);
        let flood = section.number("flood", 4..=1_000);
        let attachments = section.flag("attachments").is_some_and(|flag| flag.value);
        let urgent = urgent_of(reading, section, outcome.as_ref());
        let strike = strike_of(reading, section, known, outcome.as_ref(), clause);
        let scope = section.optional_section("scope").map_or_else(Scope::default, |section| {
            let detects_only = recognition == ["detectors"];
            scope_of(reading, section, known, detects_only)
        });
        Some(Rule {
            id: id?.value,
            clause: clause?.number.clone(),
            category: clause?.category,
            outcome: outcome?.value,
            strike,
            urgent,
            service: service.map(|service| service.value),
            terms,
            patterns,
            context,
            detectors,
            links,
            repetition,
            capitals,
            flood,
            attachments,
            scope,
        })
    })
}

/// The `[[lower]]` sections: what makes findings milder.
pub(super) fn lowers(
    reading: &Reading<'_>,
    top: &mut Section<'_>,
    lists: &Lists,
    rules: &Register<Rule>,
) -> Vec<Lower> {
    let by_words = |rule: &Rule| !rule.terms.is_empty() || !rule.patterns.is_empty();
    let everywhere = |rule: &Rule| by_words(rule) && !rule.urgent && rule.outcome != Outcome::Redirect;
    let register = Register::read(top.sections("lower"), |section, names| {
        let id = name(section, "id");
        if let Some(id) = &id {
            names.declare(reading, id);
        }
        let mut named = Vec::new();
        for rule in section.texts("rules") {
            match rules.items.iter().position(|known| known.id == rule.value) {
                Some(at) if by_words(&rules.items[at]) => named.push(at),
                Some(_) => reading.note(&rule.place, quoted(&rule.value), "a rule with terms or patterns"),
                None if rules.declares(&rule.value) => {}
                None => reading.note(&rule.place, quoted(&rule.value), "the id of a rule of this policy"),
            }
        }
        if !section.has("rules") {
            named = (0..rules.items.len()).filter(|&at| everywhere(&rules.items[at])).collect();
        }
        let quoted = section.flag("quoted").is_some_and(|flag| flag.value);
        let asked = section.flag("asked").is_some_and(|flag| flag.value);
        if !quoted && !asked && !section.has("with") {
            reading.note(
                &section.place("with"),
                "nothing",
                "quoted = true, asked = true or conditions, so that it does not hold everywhere",
            );
        }
        let context = context_of(reading, section, lists);
        let to = section.choice("to", &[("review", Outcome::Review), ("allow", Outcome::Allow)]);
        Some(Lower { rules: named, quoted, asked, context, to: to?.value })
    });
    register.items
}

fn context_of(reading: &Reading<'_>, section: &mut Section<'_>, lists: &Lists) -> Context {
    let with = conditions(reading, section, "with");
    let without = conditions(reading, section, "without");
    Context { with: lists.resolved(reading, &with), without: lists.resolved(reading, &without) }
}

/// The sections of terms of a rule. Hiding asks for certainty, which not every tier gives.
fn terms_of(
    reading: &Reading<'_>,
    section: &mut Section<'_>,
    known: &Known<'_>,
    outcome: Option<&Placed<Outcome>>,
    context: &Context,
) -> Vec<usize> {
    let mut sections = Vec::new();
    for id in section.texts("terms") {
        let Some(at) = known.lists.section(reading, &id) else { continue };
        let terms = &known.lists.sections[at];
        let hides = outcome.is_some_and(|outcome| outcome.value == Outcome::Hide);
        let has_context = !context.with.is_empty() || !terms.context.with.is_empty();
        match terms.tier {
            Tier::Mild if hides => {
                reading.note(&id.place, quoted(&id.value), "terms that are not mild, because the rule hides")
            }
            Tier::Ambiguous if hides && !has_context => {
                let expected = "terms that are unambiguous, or a condition \"with\", because the rule hides";
                reading.note(&id.place, quoted(&id.value), expected);
            }
            _ if terms.terms.is_empty() => {
                let expected = "terms of which some are left, because the rule never matches by these";
                reading.note(&id.place, quoted(&id.value), expected);
            }
            _ => {}
        }
        if sections.contains(&at) {
            reading.note(&id.place, quoted(&id.value), "each section only once");
        } else {
            sections.push(at);
        }
    }
    sections
}

fn links_of(reading: &Reading<'_>, section: &mut Section<'_>, lists: &Lists) -> Option<Links> {
    let named = section.texts("links");
    let allowed = section.texts("allowed");
    let any = named.iter().any(|id| id.value == "any");
    if let (Some(first), false) = (allowed.first(), any) {
        reading.note(&first.place, quoted(&first.value), "links = [\"any\"] beside it");
    }
    let names = |ids: &[Placed<String>]| ids.iter().flat_map(|id| lists.domains(reading, id)).collect();
    match (named.is_empty(), any) {
        (true, _) => None,
        (false, true) => Some(Links::AnyBut(names(&allowed))),
        (false, false) => Some(Links::To(names(&named))),
    }
}

fn capitals_of(mut section: Section<'_>) -> Option<Capitals> {
    let percent = section.number("percent", 1..=100);
    let letters = section.number("letters", 1..=10_000);
    for key in ["percent", "letters"] {
        section.require(key, "a whole number");
    }
    section.finish();
    Some(Capitals { percent: percent?, letters: letters? })
}

fn urgent_of(reading: &Reading<'_>, section: &mut Section<'_>, outcome: Option<&Placed<Outcome>>) -> bool {
    let Some(urgent) = section.flag("urgent") else { return false };
    if urgent.value && outcome.is_some_and(|outcome| outcome.value != Outcome::Review) {
        reading.note(&urgent.place, "true", "false, unless the rule leads to review");
    }
    urgent.value
}

/// What is expected instead of hiding what is off topic: courts have said of public bodies' pages that nobody is
/// silenced there for that, so at most a person reads it.
const OFF_TOPIC: &str = "review, because a program never hides what is off topic";

/// No `[[override]]` makes a rule hide what its clause does not let it hide.
pub(super) fn check_overrides(reading: &Reading<'_>, overrides: &[Override], rules: &Register<Rule>) {
    for (section, outcome) in overrides {
        let is_off_topic = |rule: &Rule| rule.category == Category::OffTopic && rule.terms.contains(section);
        if outcome.value == Outcome::Hide && rules.items.iter().any(is_off_topic) {
            reading.note(&outcome.place, quoted(outcome.value.as_str()), OFF_TOPIC);
        }
    }
}

/// Whether what the rule finds counts. Only a rule about personal data can leave that out: its notice speaks of these, and
/// who insults is not protecting anybody.
fn strike_of(
    reading: &Reading<'_>,
    section: &mut Section<'_>,
    known: &Known<'_>,
    outcome: Option<&Placed<Outcome>>,
    clause: Option<&Clause>,
) -> bool {
    let Some(strike) = section.flag("strike") else { return true };
    if outcome.is_some_and(|outcome| outcome.value == Outcome::Redirect) {
        let expected = "nothing, because the rule redirects, which never counts";
        reading.note(&strike.place, strike.value.to_string(), expected);
    } else if let Some(clause) = clause.filter(|clause| !strike.value && clause.category != Category::PersonalData) {
        let found = format!("false for {} of category {}", quoted(&clause.number), clause.category.as_str());
        reading.note(&strike.place, found, "true, unless the clause is of category personal_data");
    } else if !strike.value && !known.explains_protection {
        let expected = "a [[message]] with notice = \"protection\", because who is protected is told why";
        reading.note(&strike.place, "false", expected);
    }
    strike.value
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
        Some(outcome) if outcome.value == Outcome::Hide && clause.category == Category::OffTopic => {
            reading.note(&outcome.place, quoted(outcome.value.as_str()), OFF_TOPIC);
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
