//! `[reader]`: what the learned reader may do. A file without it is judged by its rules alone, as before there was one.

use reader::Thresholds;

use super::fields::{Placed, Reading, Section, quoted};
use super::register::Register;
use crate::engine::Rule;
use crate::keys::{DANGER, Permissions, PersonalCases, READER};
use crate::{Category, Outcome, Service};

/// What the reader may lead to by itself.
const ALONE: &str = "review, because the reader alone calls a person, and never hides, counts, warns or bans";

/// What the policy lets the reader do; `None` where it is off or not spoken of.
pub(super) fn keys(
    reading: &Reading<'_>,
    top: &mut Section<'_>,
    rules: &Register<Rule>,
    services: &Register<Service>,
    thresholds: Option<&Thresholds>,
) -> Option<Permissions> {
    let mut section = top.optional_section("reader")?;
    section.require("on", "true or false");
    let on = section.flag("on").is_some_and(|on| on.value);
    let alone = section.text("alone");
    if let Some(alone) = alone.filter(|alone| alone.value != Outcome::Review.as_str()) {
        reading.note(&alone.place, quoted(&alone.value), ALONE);
    }
    let calls = calls(reading, &mut section, thresholds);
    let hidden = Category::ALL.into_iter().filter(|category| category.is_hidden());
    let choices: Vec<(&str, Category)> = hidden.map(|category| (category.as_str(), category)).collect();
    let objects_to = section.choices("objects_to", &choices).into_iter().map(|category| category.value).collect();
    let choices = Category::ALL.map(|category| (category.as_str(), category));
    let lets_go_of = section.choices("lets_go_of", &choices).into_iter().map(|category| category.value).collect();
    let agrees_with = agrees_with(reading, &mut section, rules);
    let choices =
        [("leave", PersonalCases::Leave), ("suggest", PersonalCases::Suggest), ("answer", PersonalCases::Answer)];
    let personal_cases = section.choice("personal_cases", &choices);
    let service = section.optional_text("service");
    check_answers(reading, &section, personal_cases.as_ref(), service.as_ref(), services, thresholds);
    section.finish();
    if let Some(rule) = rules.items.iter().find(|rule| [READER, DANGER].contains(&rule.id.as_str())) {
        let expected = "no rule with that id, because it is the reader's";
        reading.note(&top.place(READER), format!("a rule {}", quoted(&rule.id)), expected);
    }
    on.then_some(Permissions {
        calls: calls?,
        objects_to,
        lets_go_of,
        agrees_with,
        personal_cases: personal_cases?.value,
        service: service.map(|service| service.value),
    })
}

/// For how many of a thousand lawful lines it may call a person.
fn calls(reading: &Reading<'_>, section: &mut Section<'_>, thresholds: Option<&Thresholds>) -> Option<u32> {
    section.require("calls_per_thousand", "of a thousand lawful texts, for how many it may call a person");
    let calls = section.number("calls_per_thousand", 0..=1_000)?;
    let thresholds = thresholds?;
    if calls != 0 && thresholds.call(calls).is_none() {
        let shares: Vec<String> = thresholds.shares().map(|share| share.to_string()).collect();
        let expected = format_args!("one of the shares that were measured: 0, {}", shares.join(", "));
        reading.note(&section.place("calls_per_thousand"), format!("the number {calls}"), expected);
    }
    Some(calls)
}

/// The doubtful rules that may hide where the reader is nearly certain. Each needs to be one by itself: a rule of words
/// that calls a person, about a violation that a program may hide at all.
fn agrees_with(reading: &Reading<'_>, section: &mut Section<'_>, rules: &Register<Rule>) -> Vec<usize> {
    let mut named = Vec::new();
    for id in section.texts("agrees_with") {
        let expected = match rules.items.iter().position(|rule| rule.id == id.value) {
            Some(at) => {
                named.push(at);
                let rule = &rules.items[at];
                let by_words = !rule.terms.is_empty() || !rule.patterns.is_empty();
                match rule.outcome {
                    _ if !by_words => "a rule with terms or patterns, because only words need a second key",
                    _ if rule.urgent => "a rule that is not urgent, because a person sees to danger",
                    _ if !rule.category.is_hidden() => "a rule about what a program may hide",
                    Outcome::Review => continue,
                    Outcome::Hide | Outcome::Redirect | Outcome::Allow => "a rule that leads to review",
                }
            }
            None if rules.declares(&id.value) => continue,
            None => "the id of a rule of this policy",
        };
        reading.note(&id.place, quoted(&id.value), expected);
    }
    named
}

/// Personal cases are answered on the reader's word only where it is right often enough, and with a service; where it only
/// suggests them, whoever confirms one answers with that, if there is any.
fn check_answers(
    reading: &Reading<'_>,
    section: &Section<'_>,
    cases: Option<&Placed<PersonalCases>>,
    service: Option<&Placed<String>>,
    services: &Register<Service>,
    thresholds: Option<&Thresholds>,
) {
    let answers = cases.is_some_and(|cases| cases.value == PersonalCases::Answer);
    let leaves = cases.is_some_and(|cases| cases.value == PersonalCases::Leave);
    match (answers, service) {
        (true, None) if !section.has("service") => {
            reading.note(&section.place("service"), "nothing", "the id of the service to redirect to");
        }
        (_, Some(service)) if leaves => {
            let expected = "no service, because personal cases are left alone";
            reading.note(&service.place, quoted(&service.value), expected);
        }
        (_, Some(service)) if !services.declares(&service.value) => {
            reading.note(&service.place, quoted(&service.value), "the id of a service of this policy");
        }
        _ => {}
    }
    if let Some(cases) = cases
        && answers
        && thresholds.is_some_and(|thresholds| thresholds.answer().is_none())
    {
        let expected = "suggest, because at no probability is the reader right in 95 of 100";
        reading.note(&cases.place, quoted("answer"), expected);
    }
}
